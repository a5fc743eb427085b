//! Pages: from a response to a reading in the store.

use super::ahead;
use super::document::capture;
use super::evidence::{CALLED_CHANGED, weigh};
use super::round::{Round, source_of};
use super::standing;
use super::{CrawlError, READER_VERSION};
use crate::cms::address::is_ours;
use crate::cms::{self, Document, Purpose};
use crate::extract;
use crate::fetch::Response;
use crate::model::{Candidate, Draft, PageState};
use crate::normalise::url as address;
use crate::store::{Absence, Absent, Capture, CaptureId, NewTask, Outcome, Reading, Standing, Task};
use std::collections::HashSet;
use url::Url;

/// So many pages called changed that are as before make a sitemap a liar, if there are ten for each that did change.
const RUMOURS: u32 = 20;

impl Round<'_> {
    /// Handles the answer to a page task and gives what is to be fetched next.
    pub(super) fn page(&mut self, task: &Task, response: &Response) -> Result<Vec<NewTask>, CrawlError> {
        let unchanged = self.report.unchanged;
        let more = self.answered(task, response)?;
        if task.task.payload == CALLED_CHANGED {
            self.weigh_lastmod(self.report.unchanged > unchanged);
        }
        Ok(more)
    }

    /// Notes whether a page that the sitemap called changed was. One that is wrong nearly always is not asked again, and
    /// the schedule of looks counts.
    fn weigh_lastmod(&mut self, is_as_before: bool) {
        let (changed, same) = &mut self.called_changed;
        *(if is_as_before { same } else { changed }) += 1;
        if self.called_changed.1 >= RUMOURS && self.called_changed.0 * 10 < self.called_changed.1 {
            self.notes.site.lastmod_lies = true;
            self.seen.lastmod_lies = true;
        }
    }

    fn answered(&mut self, task: &Task, response: &Response) -> Result<Vec<NewTask>, CrawlError> {
        let store = self.crawler.store.clone();
        let url = task.task.url.as_str();
        match response.status {
            304 => {
                if let Some(page) = store.page(url)? {
                    store.visited(page.known.publication, &page.known.token)?;
                }
                self.seen.read([url], response.at);
                self.report.unchanged += 1;
                return Ok(Vec::new());
            }
            200 => {}
            404 | 410 => return self.gone(task, response),
            status => {
                self.keep_out(url, &format!("status {status}"), Absence::Forbidden)?;
                return Ok(Vec::new());
            }
        }
        if let Some(why) = self.leads_away(response) {
            self.keep_out(url, why, Absence::SoftGone)?;
            return Ok(Vec::new());
        }
        if let Some(kind) = not_a_page(response) {
            self.keep_out(url, &format!("no page but {kind}"), Absence::Forbidden)?;
            return Ok(Vec::new());
        }
        let capture = capture(self, response);
        if self.is_purged(&capture)? {
            self.report.reject("purged");
            return Ok(Vec::new());
        }
        let id = store.put_capture(&capture)?;
        let mut more = self.read(id, &capture, &source_of(task))?;
        more.extend(self.links(task, response)?);
        more.extend(self.seek_days(&source_of(task)));
        Ok(more)
    }

    /// Whether a page was taken out for good, under any of the addresses that it gives: then not a byte of it is kept.
    fn is_purged(&self, capture: &Capture) -> Result<bool, CrawlError> {
        let store = &self.crawler.store;
        if !store.has_graves()? {
            return Ok(false);
        }
        let keep = &self.member.parameters;
        let url = address::canonical(&capture.url, None, keep).unwrap_or_else(|_| capture.url.clone());
        let candidates = store.candidates(&url)?;
        let draft = self.draft(capture, &candidates);
        let parent = match &draft.state {
            PageState::Attachment { parent } => address::canonical(parent, None, keep).ok(),
            _ => None,
        };
        let standing = self.standing_address(&draft, &url);
        let aliases = candidates.iter().flat_map(|candidate| candidate.aliases.iter());
        for known in [&capture.requested, &url, &standing].into_iter().chain(&parent).chain(aliases) {
            if store.is_buried(known)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads a capture with all evidence at hand and records the result.
    fn read(&mut self, id: CaptureId, capture: &Capture, source: &str) -> Result<Vec<NewTask>, CrawlError> {
        let keep = &self.member.parameters;
        let Ok(url) = address::canonical(&capture.url, None, keep) else { return Ok(Vec::new()) };
        let requested = address::canonical(&capture.requested, None, keep).unwrap_or_else(|_| url.clone());
        let candidates = ahead::said(&self.crawler.store, self.member, &capture.url, &capture.requested)?;
        let draft = self.draft(capture, &candidates);
        self.blocks.extend(extract::blocks(&draft));
        if let PageState::Attachment { parent } = &draft.state
            && let Ok(parent) = address::canonical(parent, None, keep)
            && address::same_page(&parent) != address::same_page(&url)
        {
            return self.attachment(&url, &parent, source, capture);
        }
        let standing = self.standing_address(&draft, &url);
        let mut aliases: Vec<String> = vec![requested, url];
        aliases.extend(candidates.iter().flat_map(|candidate| candidate.aliases.iter().cloned()));
        aliases.retain(|alias| *alias != standing);
        aliases.sort();
        aliases.dedup();
        self.record(id, capture, &draft, &standing, &aliases, &candidates, source)?;
        Ok(Vec::new())
    }

    fn draft(&self, capture: &Capture, candidates: &[Candidate]) -> Draft {
        let (known, now) = (&self.notes.standing, self.crawler.store.clock().now());
        let ahead = self.ahead.as_ref().and_then(|ahead| ahead.draft(&capture.body, candidates, known.len()));
        ahead.unwrap_or_else(|| {
            let standing: HashSet<u64> = known.iter().copied().collect();
            ahead::draft(self.member, &capture.url, &capture.headers, &capture.body, candidates, &standing, now)
        })
    }

    /// The address a page stands under: its canonical link, as long as that is on the member's hosts and names a page
    /// of its own (many sites put the home page there), else the one that answered.
    fn standing_address(&self, draft: &Draft, url: &str) -> String {
        let keep = &self.member.parameters;
        let Ok(canonical) = address::canonical(&draft.canonical, None, keep) else { return url.to_owned() };
        let is_fine = Url::parse(&canonical).is_ok_and(|to| {
            let is_home = to.path().trim_matches('/').is_empty() && to.query().is_none();
            is_ours(self.member, &to) && !is_home
        });
        if is_fine { canonical } else { url.to_owned() }
    }

    #[expect(clippy::too_many_arguments, reason = "one place that gathers what a reading is made of")]
    fn record(
        &mut self,
        id: CaptureId,
        capture: &Capture,
        draft: &Draft,
        url: &str,
        aliases: &[String],
        candidates: &[Candidate],
        source: &str,
    ) -> Result<(), CrawlError> {
        let store = &self.crawler.store;
        let header =
            |name: &str| capture.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let token = candidates.iter().map(|candidate| candidate.token.as_str()).find(|token| !token.is_empty());
        let recorded = store.record(&Reading {
            member: self.member,
            url,
            aliases,
            capture: id,
            reader: READER_VERSION,
            draft,
            found_by: Some(source),
            token: token.unwrap_or_default(),
            etag: header("etag"),
            last_modified: header("last-modified"),
        })?;
        self.seen.read(aliases.iter().map(String::as_str).chain([url]), store.clock().now());
        self.note_day(draft, url);
        match recorded.outcome {
            Outcome::New => self.report.new += u64::from(draft.kind.kind.is_item()),
            Outcome::Changed => self.report.changed += 1,
            Outcome::Template | Outcome::Unchanged => self.report.unchanged += 1,
            Outcome::Absent(absent) => {
                let why = absence_words(&draft.state);
                self.report.reject(why);
                if absent == Absent::Unknown {
                    store.reject(&self.member.id, url, why)?;
                    self.seen.rejected(url);
                }
            }
        }
        if !draft.kind.kind.is_item() && !matches!(recorded.outcome, Outcome::Absent(_)) {
            self.report.reject(draft.kind.kind.as_str());
        }
        Ok(())
    }

    /// An attachment page is another address of its parent. The parent is asked first; when it is gone, its text is
    /// kept under its own address as the attachment shows it.
    fn attachment(
        &mut self,
        url: &str,
        parent: &str,
        source: &str,
        capture: &Capture,
    ) -> Result<Vec<NewTask>, CrawlError> {
        let store = &self.crawler.store;
        self.report.reject("attachment page of another page");
        self.seen.read([url], store.clock().now());
        if store.add_alias(parent, url)? {
            return Ok(Vec::new());
        }
        let mut task = super::evidence::stored(&cms::Task::new(parent, Purpose::Page), source);
        task.payload = capture.requested.clone();
        task.priority += 1;
        Ok(vec![task])
    }

    /// 404 or 410.
    fn gone(&mut self, task: &Task, response: &Response) -> Result<Vec<NewTask>, CrawlError> {
        let url = task.task.url.as_str();
        let attachment = task.task.payload.as_str();
        if !attachment.is_empty()
            && attachment != CALLED_CHANGED
            && let Some((id, capture)) = self.crawler.store.newest_capture(attachment)?
        {
            let candidates = self.crawler.store.candidates(url)?;
            let mut draft = self.draft(&capture, &candidates);
            draft.state = PageState::Live;
            let aliases = vec![attachment.to_owned()];
            self.record(id, &capture, &draft, url, &aliases, &candidates, &source_of(task))?;
            return Ok(Vec::new());
        }
        self.report.gone += 1;
        self.keep_out(url, &format!("gone (status {})", response.status), Absence::Gone)?;
        Ok(Vec::new())
    }

    /// Notes that a page cannot be had: for a known one as absence, for an unknown one as kept out.
    pub(super) fn keep_out(&mut self, url: &str, why: &str, absence: Absence) -> Result<(), CrawlError> {
        let store = &self.crawler.store;
        let keep = &self.member.parameters;
        let url = address::canonical(url, None, keep).unwrap_or_else(|_| url.to_owned());
        self.report.reject(why);
        if store.absent(&url, absence)? == Absent::Unknown {
            store.reject(&self.member.id, &url, why)?;
        }
        self.seen.rejected(&url);
        Ok(())
    }

    /// Why the end of a redirect is not the page that was asked for.
    fn leads_away(&self, response: &Response) -> Option<&'static str> {
        let asked = Url::parse(&response.requested).ok()?;
        let ended = Url::parse(&response.url).ok()?;
        if response.redirects.is_empty() {
            return None;
        }
        if !is_ours(self.member, &ended) {
            return Some("leads to another site");
        }
        let is_home = |url: &Url| {
            let path = url.path().trim_end_matches('/');
            url.query().is_none()
                && self.member.languages.iter().any(|entry| entry.prefix.trim_end_matches('/') == path)
        };
        (is_home(&ended) && !is_home(&asked)).then_some("leads to the home page")
    }

    /// The links of a page: gaps of the inventory, further pages of a walk, other languages.
    fn links(&mut self, task: &Task, response: &Response) -> Result<Vec<NewTask>, CrawlError> {
        let seen = &self.seen;
        let (knows, is_dated) = (|url: &str| seen.knows(url), |url: &str| seen.is_dated(url));
        let document = Document {
            purpose: Purpose::Page,
            requested: &task.task.url,
            url: &response.url,
            status: response.status,
            headers: &response.headers,
            body: &response.body,
            known: &knows,
            dated: &is_dated,
        };
        let plan = cms::read(self.member, &mut self.notes.site, &document, &[]);
        let source = source_of(task);
        let (store, member) = (&self.crawler.store, self.member);
        let mut more = weigh(store, member, &mut self.seen, &response.url, &source, self.began, plan.candidates)?;
        more.extend(plan.tasks.iter().map(|task| super::evidence::stored(task, &source)));
        Ok(more)
    }

    /// At the end of a round: pages about which more was said after they were read, and pages that show a block which
    /// turned out to stand everywhere, are read again from their captures. No request is sent.
    pub(super) fn read_again(&mut self) -> Result<(), CrawlError> {
        let store = self.crawler.store.clone();
        let found = standing::find(&store, self.member, &self.blocks)?;
        self.notes.standing.extend(found.blocks);
        self.notes.standing.sort_unstable();
        self.notes.standing.dedup();
        let mut stale: Vec<String> = self.seen.stale.drain().collect();
        stale.extend(found.pages);
        stale.sort();
        stale.dedup();
        for url in stale {
            let Some(page) = store.page(&url)? else { continue };
            // a page that is missing must not come back because its old capture can still be read
            if page.known.standing != Standing::Live {
                continue;
            }
            let Some(capture) = store.capture(page.capture)? else { continue };
            let mut report = self.report.clone();
            self.read(page.capture, &capture, &self.member.home)?;
            let is_item = store.page(&url)?.is_some_and(|now| now.known.item);
            if is_item && !page.known.item && page.known.first_seen >= self.began {
                report.accept(page.draft.kind.kind.as_str());
            }
            self.report = report;
        }
        Ok(())
    }
}

pub(super) fn absence_words(state: &PageState) -> &'static str {
    match state {
        PageState::Password => "behind a password",
        PageState::NoIndex => "asks not to be indexed",
        PageState::SoftGone => "says that nothing is there",
        PageState::Empty => "no text",
        PageState::Attachment { .. } => "attachment page of another page",
        PageState::Live => "live",
    }
}

/// Names the type of a body that is no page of text, by its first bytes, then by its declared type.
fn not_a_page(response: &Response) -> Option<String> {
    let body = &response.body;
    let start = body.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or_default();
    let looks_like_markup = body[start..].starts_with(b"<") || body[start..].starts_with(b"\xef\xbb\xbf<");
    if looks_like_markup && !body[start..].starts_with(b"<?xml") {
        return None;
    }
    let declared = response
        .header("content-type")
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match declared.as_str() {
        "" | "text/html" | "application/xhtml+xml" | "text/plain" => {
            let head = &body[..body.len().min(1024)];
            head.contains(&0)
                .then(|| "binary data".to_owned())
                .filter(|_| !head.starts_with(&[0xff, 0xfe]) && !head.starts_with(&[0xfe, 0xff]))
        }
        other => Some(other.to_owned()),
    }
}
