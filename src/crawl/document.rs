//! Sources: home pages, API answers, feeds, sitemaps and listings.

use super::CrawlError;
use super::evidence::{hex, stored, weigh};
use super::round::{Round, child_task, root_tasks, source_of};
use crate::cms::{self, Document, Purpose};
use crate::fetch::Response;
use crate::model::{Candidate, Member};
use crate::normalise::url as address;
use crate::store::{Capture, NewTask, Source, Store, Task};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

impl Round<'_> {
    /// Reads a source document and gives what is to be fetched next. Validators are kept only after its candidates
    /// are, so that a killed process reads it again.
    pub(super) fn document(
        &mut self,
        task: &Task,
        purpose: Purpose,
        response: &Response,
        sitemaps: &[String],
    ) -> Result<Vec<NewTask>, CrawlError> {
        let store = &self.crawler.store;
        let url = &task.task.url;
        let known = store.source(&self.member.id, url)?;
        let hash = hex(&Sha256::digest(&response.body));
        let same = known.as_ref().is_some_and(|source| source.body_hash.as_deref() == Some(&hash));
        if response.status == 304 || (response.status == 200 && same) {
            self.report.unchanged += 1;
            if let Some(source) = known {
                store.put_source(&answered(source, response, None))?;
            }
            return Ok(Vec::new());
        }
        if response.status != 200 {
            // Tried on suspicion (`/sitemap.xml`) or past the last page: only a source that once answered can fail.
            if known.is_some() && !url.contains("paged=") {
                self.source_failed(url, &format!("status {}", response.status))?;
            }
            return Ok(Vec::new());
        }
        // A document that names a page which was taken out for good carries its words: it is read, and not kept.
        if !self.names_purged(task, purpose, response)? {
            store.put_capture(&capture(self, response))?;
        }
        let more = self.learn(task, purpose, response, sitemaps)?;
        let source = known.unwrap_or_else(|| Source::new(self.member.id.clone(), url.clone(), purpose.as_str()));
        let before = listed(&source);
        let source = store.source(&self.member.id, url)?.map_or(source, |fresh| fresh);
        let mut source = answered(source, response, Some(hash));
        let (more, memory) = match more.1 {
            Some(now) => (with_vanished(self, more.0, &before, &now), now.join("\n")),
            None => (more.0, source.memory.clone()),
        };
        source.memory = memory;
        store.put_source(&source)?;
        self.open_root(task, purpose)?;
        self.save_notes()?;
        Ok(more)
    }

    fn names_purged(&self, task: &Task, purpose: Purpose, response: &Response) -> Result<bool, CrawlError> {
        let store = &self.crawler.store;
        if !store.has_graves()? {
            return Ok(false);
        }
        let document = Document {
            purpose,
            requested: &task.task.url,
            url: &response.url,
            status: response.status,
            headers: &response.headers,
            body: &response.body,
            known: &|_| true,
            dated: &|_| true,
        };
        let plan = cms::read(self.member, &mut self.notes.site.clone(), &document, &[]);
        for candidate in &plan.candidates {
            if buried(store, self.member, candidate)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hands the document to the planner. Gives the tasks that follow and, for a document that lists all of its pages,
    /// their addresses.
    fn learn(
        &mut self,
        task: &Task,
        purpose: Purpose,
        response: &Response,
        sitemaps: &[String],
    ) -> Result<(Vec<NewTask>, Option<Vec<String>>), CrawlError> {
        let seen = &self.seen;
        let (knows, is_dated) = (|url: &str| seen.knows(url), |url: &str| seen.is_dated(url));
        let document = Document {
            purpose,
            requested: &task.task.url,
            url: &response.url,
            status: response.status,
            headers: &response.headers,
            body: &response.body,
            known: &knows,
            dated: &is_dated,
        };
        let was_open = self.notes.site.planner.is_empty();
        let mut plan = cms::read(self.member, &mut self.notes.site, &document, sitemaps);
        for warning in &plan.warnings {
            tracing::debug!(member.id = %self.member.id, url = %response.url, "{warning}");
        }
        let source = source_of(task);
        let (store, member) = (&self.crawler.store, self.member);
        if store.has_graves()? {
            leave_out_buried(store, member, &mut plan.candidates)?;
        }
        let all: Option<Vec<String>> = plan.complete.then(|| {
            let canonical = |url: &str| address::canonical(url, None, &self.member.parameters).ok();
            plan.candidates.iter().filter_map(|candidate| canonical(&candidate.url)).collect()
        });
        let mut more = weigh(store, member, &mut self.seen, &task.task.url, &source, self.began, plan.candidates)?;
        more.extend(match was_open {
            true => root_tasks(&plan.tasks),
            false => plan.tasks.iter().filter_map(|next| child_task(task, next, &source)).collect(),
        });
        Ok((more, all))
    }

    /// The row that holds the first-crawl phase of a whole source, where the document is only a part of it.
    fn open_root(&self, task: &Task, purpose: Purpose) -> Result<(), CrawlError> {
        let (store, key) = (&self.crawler.store, source_of(task));
        if key != task.task.url {
            let known = store.source(&self.member.id, &key)?;
            let mut source = known.unwrap_or_else(|| Source::new(self.member.id.clone(), key, purpose.as_str()));
            source.last_ok = Some(store.clock().now());
            store.put_source(&source)?;
        }
        Ok(())
    }

    /// Notes that a source fails; what it listed stays.
    pub(super) fn source_failed(&self, url: &str, why: &str) -> Result<(), CrawlError> {
        let store = &self.crawler.store;
        if let Some(mut source) = store.source(&self.member.id, url)? {
            source.failing_since.get_or_insert(store.clock().now());
            source.error = Some(why.to_owned());
            store.put_source(&source)?;
        }
        Ok(())
    }
}

/// The address of a candidate by which it was taken out for good.
fn buried(store: &Store, member: &Member, candidate: &Candidate) -> Result<Option<String>, CrawlError> {
    for url in candidate.aliases.iter().chain([&candidate.url]) {
        let url = address::canonical(url, None, &member.parameters).unwrap_or_else(|_| url.clone());
        if store.is_buried(&url)? {
            return Ok(Some(url));
        }
    }
    Ok(None)
}

/// Drops candidates that were taken out for good. One that is known by another address now, under the permanent link
/// that its system gives it, stays out under that address too.
fn leave_out_buried(store: &Store, member: &Member, candidates: &mut Vec<Candidate>) -> Result<(), CrawlError> {
    let mut kept = Vec::new();
    for candidate in candidates.drain(..) {
        match buried(store, member, &candidate)? {
            Some(known) => {
                let url = address::canonical(&candidate.url, None, &member.parameters);
                store.bury_also(&known, &url.unwrap_or(candidate.url))?;
            }
            None => kept.push(candidate),
        }
    }
    *candidates = kept;
    Ok(())
}

fn answered(mut source: Source, response: &Response, hash: Option<String>) -> Source {
    source.last_ok = Some(response.at);
    source.failing_since = None;
    source.error = None;
    if let Some(hash) = hash {
        source.body_hash = Some(hash);
        source.etag = response.header("etag").map(str::to_owned);
        source.last_modified = response.header("last-modified").map(str::to_owned);
    }
    source
}

fn listed(source: &Source) -> HashSet<String> {
    source.memory.lines().map(str::to_owned).collect()
}

/// Pages that a complete document listed before and lists no more are looked at one by one; none is withdrawn on the
/// word of a sitemap.
fn with_vanished(round: &Round<'_>, mut tasks: Vec<NewTask>, before: &HashSet<String>, now: &[String]) -> Vec<NewTask> {
    let now: HashSet<&str> = now.iter().map(String::as_str).collect();
    let gone = before.iter().filter(|url| !now.contains(url.as_str()) && round.seen.knows(url));
    tasks.extend(gone.map(|url| stored(&cms::Task::new(url.clone(), Purpose::Page), &round.member.home)));
    tasks
}

/// A response in the store's words.
pub(super) fn capture(round: &Round<'_>, response: &Response) -> Capture {
    Capture {
        member: round.member.id.clone(),
        requested: response.requested.clone(),
        url: response.url.clone(),
        status: response.status,
        headers: response.headers.clone(),
        body: response.body.clone(),
        at: response.at,
    }
}
