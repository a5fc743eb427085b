//! One round of one member: from its first tasks to an empty frontier.

use super::ahead::{Ahead, ReadAhead};
use super::days::Days;
use super::evidence::{CALLED_CHANGED, Seen, stored};
use super::{CrawlError, Crawler, Progress, Report};
use crate::cms::{self, Memory, Purpose};
use crate::fetch::{Cause, Expect, FetchError, Request, Response, Scope, Validators};
use crate::model::Member;
use crate::store::{NewTask, RoundEnd, Standing, StoreError, Task};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::task::{JoinError, JoinHandle};
use url::Url;

/// A task that is not finished in this time was lost with its process.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Waits between tries of a page that fails; after the last one it is kept out.
const RETRIES: [SignedDuration; 4] = [
    SignedDuration::from_mins(10),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(24),
];
/// The frontier is counted, for progress, once in so many tasks.
const COUNT_EVERY: u64 = 20;
/// A page without a source that tells of its edits is looked at again after a tenth of its age, within these bounds.
const LOOK_AGAIN: (SignedDuration, SignedDuration) =
    (SignedDuration::from_hours(24), SignedDuration::from_hours(60 * 24));
/// Pages looked at again for that reason in one round.
const MOST_LOOKS: usize = 50;
/// Sitemaps asked in one round; a site that has more goes on without end.
const MOST_SITEMAPS: usize = 500;
/// Sitemaps within sitemaps: an index of indexes of files is as deep as any site in good faith goes.
const SITEMAP_DEPTH: u32 = 3;

/// What is remembered of a member between rounds; JSON in the store.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// The planner's memory.
    pub site: Memory,
    /// Current time between two rounds, seconds; 0 before the first.
    pub interval_s: u64,
    /// When the next round is due.
    pub next: Option<Timestamp>,
    /// Fingerprints of blocks that stand on many pages.
    pub standing: Vec<u64>,
    /// Hosts that asked to be left alone: an address there, and until when.
    pub paused: Vec<(String, Timestamp)>,
}

impl Notes {
    /// Reads the stored text; unreadable text is forgotten, which costs one full discovery.
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The text to store.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A round under way.
pub(super) struct Round<'a> {
    pub crawler: &'a Crawler,
    pub member: &'a Member,
    pub notes: Notes,
    pub seen: Seen,
    pub report: Report,
    pub began: Timestamp,
    pub days: Days,
    /// Pages that the sitemap called changed, and were; and that were as before.
    pub called_changed: (u32, u32),
    /// Fingerprints of the text blocks met in this round.
    pub blocks: HashSet<u64>,
    /// Hosts that are out of reach in this round.
    closed: HashSet<String>,
    /// Hosts asked in this round: an address there, and how many requests it had seen before.
    asked: HashMap<String, (String, u64)>,
    /// Sitemaps asked in this round.
    sitemaps: usize,
    scope: Arc<Scope>,
    /// The member, for what runs beside the round.
    shared: Arc<Member>,
    /// The page at hand, as it was read on its way.
    pub ahead: Option<ReadAhead>,
    /// Why nothing could be reached, while nothing was.
    first_error: Option<String>,
    answered: u64,
    done: u64,
    /// Tasks that follow, as counted last.
    left: u64,
    is_first: bool,
    last_publish: Timestamp,
}

/// A task with its request under way.
struct Sent {
    task: Task,
    purpose: Purpose,
    answer: JoinHandle<Answer>,
}

/// What came back, and for a page what was read from it.
type Answer = Result<(Response, Option<ReadAhead>), FetchError>;

impl Sent {
    async fn answer(&mut self) -> Answer {
        let given_up = |error: JoinError| {
            let cause = Cause::Connection(format!("the request was given up: {error}"));
            FetchError { url: self.task.task.url.clone(), cause }
        };
        (&mut self.answer).await.unwrap_or_else(|error| Err(given_up(error)))
    }
}

/// Runs one round of `member` and makes it visible. What fails at the site is in the report; an error is ours.
pub async fn member(crawler: &Crawler, member: &Member) -> Result<Report, CrawlError> {
    let mut round = Round::begin(crawler, member)?;
    round.respect_pauses().await;
    let mut sent = None;
    loop {
        let next = match sent.take() {
            Some(sent) if crawler.is_stopping() => return round.give_back(sent),
            Some(sent) => Some(sent),
            None => round.send_next(|_| true)?,
        };
        let Some(mut current) = next else { break };
        let answer = current.answer().await;
        // While one page is read, the site answers with the next one. Everything else tells what to ask next.
        if current.purpose == Purpose::Page {
            sent = round.send_next(|purpose| purpose == Purpose::Page)?;
        }
        round.take(current.task, current.purpose, answer).await?;
        round.publish_in_between()?;
    }
    round.end()
}

impl<'a> Round<'a> {
    fn begin(crawler: &'a Crawler, member: &'a Member) -> Result<Self, CrawlError> {
        let store = &crawler.store;
        let state = store.member(&member.id)?;
        let waiting = store.tasks(&member.id)?;
        let is_resumed = state.round > 0 && state.ended.is_none() && waiting.due + waiting.leased > 0;
        store.begin_round(&member.id)?;
        let began = if is_resumed { state.began.unwrap_or(store.clock().now()) } else { store.clock().now() };
        let mut round = Self {
            crawler,
            member,
            notes: Notes::parse(&state.memory),
            seen: Seen::load(store, member)?,
            report: Report::new(member.id.clone()),
            began,
            days: Days::default(),
            called_changed: (0, 0),
            blocks: HashSet::new(),
            closed: HashSet::new(),
            asked: HashMap::new(),
            sitemaps: 0,
            scope: Arc::new(Scope::of(member)),
            shared: Arc::new(member.clone()),
            ahead: None,
            first_error: None,
            answered: 0,
            done: 0,
            left: 0,
            is_first: state.complete_since.is_none(),
            last_publish: began,
        };
        round.seen.lastmod_lies = round.notes.site.lastmod_lies;
        if !is_resumed {
            round.plan()?;
        }
        Ok(round)
    }

    /// The first tasks: the planner's documents, pages whose absence wants a second look, pages not seen for long.
    fn plan(&mut self) -> Result<(), CrawlError> {
        let store = &self.crawler.store;
        let start = cms::start(self.member, &self.notes.site);
        let mut tasks: Vec<NewTask> = start.iter().map(|task| stored(task, &root_key(task))).collect();
        let mut looks = 0;
        let mut known = store.known(&self.member.id)?;
        known.sort_by_key(|page| page.visited);
        for page in known {
            let is_watched = !page.token.is_empty() && !self.notes.site.lastmod_lies;
            let is_old = !is_watched && page.item && page.visited + self.patience(&page) < self.began;
            let again = page.standing == Standing::Missing || (is_old && looks < MOST_LOOKS);
            if again {
                looks += usize::from(is_old);
                tasks.push(stored(&cms::Task::new(page.url, Purpose::Page), &self.member.home));
            }
        }
        store.add_tasks(&self.member.id, &tasks)?;
        Ok(())
    }

    /// A site that asked for an hour's rest gets it, whether or not the program was started again since.
    async fn respect_pauses(&mut self) {
        let now = self.crawler.store.clock().now();
        self.notes.paused.retain(|(_, until)| *until > now);
        for (url, until) in &self.notes.paused {
            self.crawler.fetcher.leave_alone(url, *until).await;
        }
    }

    fn patience(&self, page: &crate::store::Known) -> SignedDuration {
        let age = page.visited.duration_since(page.first_seen) / 10;
        age.clamp(LOOK_AGAIN.0, LOOK_AGAIN.1)
    }

    /// Sends the request of the next task that is worth one, if its purpose is among those that may be sent now.
    fn send_next(&mut self, may_be: impl Fn(Purpose) -> bool) -> Result<Option<Sent>, CrawlError> {
        let store = &self.crawler.store;
        while !self.crawler.is_stopping() {
            let Some(task) = store.take_tasks(&self.member.id, 1, LEASE)?.pop() else { return Ok(None) };
            let Some(purpose) = Purpose::named(&task.task.purpose) else {
                store.finish_task(task.id, &[])?;
                continue;
            };
            if !may_be(purpose) {
                store.release_task(task.id, None)?;
                return Ok(None);
            }
            if !self.is_worth_asking(&task, purpose) {
                store.finish_task(task.id, &[])?;
                continue;
            }
            if self.closed.contains(&host_of(&task.task.url)) {
                store.release_task(task.id, Some(store.clock().now() + RETRIES[0]))?;
                continue;
            }
            let request = self.request(&task, purpose)?;
            let host = self.crawler.fetcher.host(&request.url).unwrap_or_default();
            let before = self.crawler.fetcher.requests(&request.url);
            self.asked.entry(host).or_insert_with(|| (request.url.clone(), before));
            let fetcher = self.crawler.fetcher.clone();
            let ahead = (purpose == Purpose::Page).then(|| self.reader());
            let answer = tokio::spawn(async move {
                let response = fetcher.get(request).await?;
                let read = ahead.and_then(|ahead| tokio::task::block_in_place(|| ahead.read(&response)));
                Ok((response, read))
            });
            return Ok(Some(Sent { task, purpose, answer }));
        }
        Ok(None)
    }

    /// Ends a round that is to stop: what was sent ahead waits for the next one.
    fn give_back(self, sent: Sent) -> Result<Report, CrawlError> {
        sent.answer.abort();
        self.crawler.store.release_task(sent.task.id, None)?;
        self.end()
    }

    /// Whether a task is still worth its request, given what was learned since it was planned.
    fn is_worth_asking(&mut self, task: &Task, purpose: Purpose) -> bool {
        let url = &task.task.url;
        if self.is_our_own(url) {
            tracing::debug!(member.id = %self.member.id, url = %url, "a page of this newsroom is no news");
            return false;
        }
        let is_rumour = task.task.payload == CALLED_CHANGED && self.notes.site.lastmod_lies;
        !is_rumour
            && cms::is_wanted(self.member, &self.notes.site, &cms::Task::new(url.clone(), purpose))
            && (purpose == Purpose::Page || self.seen.ask_once(url))
            && (purpose != Purpose::Sitemap || self.has_room_for_sitemap(url))
    }

    /// What reads a page where it arrives.
    fn reader(&self) -> Ahead {
        let standing = self.notes.standing.iter().copied().collect();
        Ahead { store: self.crawler.store.clone(), member: self.shared.clone(), standing }
    }

    /// Takes what came back for a task.
    async fn take(&mut self, task: Task, purpose: Purpose, answer: Answer) -> Result<(), CrawlError> {
        match answer {
            Ok((response, read)) => {
                self.ahead = read;
                self.answered += 1;
                let sitemaps = match purpose {
                    Purpose::Home => self.sitemaps(&response.url).await,
                    _ => Vec::new(),
                };
                tokio::task::block_in_place(|| self.handle(&task, purpose, &response, &sitemaps))?;
                self.ahead = None;
            }
            Err(error) => self.failed(&task, purpose, &error)?,
        }
        self.tell(&task.task.url)
    }

    /// Whether an address is one of this newsroom, which may stand below a member's site and must not read itself.
    fn is_our_own(&self, url: &str) -> bool {
        let base = self.crawler.config.settings.server.base_url.as_deref().unwrap_or_default();
        !base.is_empty() && !self.member.home.starts_with(base) && url.starts_with(base)
    }

    /// Counts a sitemap that is about to be asked; the first one too many is reported.
    fn has_room_for_sitemap(&mut self, url: &str) -> bool {
        self.sitemaps += 1;
        if self.sitemaps == MOST_SITEMAPS + 1 {
            self.report.fail(url, format!("the site has more than {MOST_SITEMAPS} sitemaps; the rest is left out"));
        }
        self.sitemaps <= MOST_SITEMAPS
    }

    /// Sitemaps that robots.txt names; it was read a moment ago, so this asks nothing.
    async fn sitemaps(&self, url: &str) -> Vec<String> {
        let robots = self.crawler.fetcher.robots(url, Some(&self.scope)).await;
        robots.map(|file| file.sitemaps).unwrap_or_default()
    }

    fn request(&self, task: &Task, purpose: Purpose) -> Result<Request, StoreError> {
        let store = &self.crawler.store;
        let url = task.task.url.clone();
        let validators = match purpose {
            Purpose::Page => store.page(&url)?.map(|page| (page.known.etag, page.known.last_modified)),
            _ => store.source(&self.member.id, &url)?.map(|source| (source.etag, source.last_modified)),
        };
        let expect = match purpose {
            Purpose::Home | Purpose::Listing | Purpose::Page => Expect::Page,
            _ => Expect::Document,
        };
        let (etag, last_modified) = validators.unwrap_or_default();
        let validators = Validators { etag, last_modified };
        Ok(Request { url, expect, validators, scope: Some(self.scope.clone()) })
    }

    fn handle(
        &mut self,
        task: &Task,
        purpose: Purpose,
        response: &Response,
        sitemaps: &[String],
    ) -> Result<(), CrawlError> {
        let more = match purpose {
            Purpose::Page => match self.page(task, response) {
                // Taken out for good while it was under way.
                Err(CrawlError::Store(StoreError::Purged)) => Vec::new(),
                other => other?,
            },
            _ => self.document(task, purpose, response, sitemaps)?,
        };
        self.crawler.store.finish_task(task.id, &more)?;
        Ok(())
    }

    /// A fetch that brought nothing: tried again later where that may help, else noted with its reason.
    fn failed(&mut self, task: &Task, purpose: Purpose, error: &FetchError) -> Result<(), CrawlError> {
        let store = &self.crawler.store;
        self.report.fail(&error.url, &error.cause);
        self.first_error.get_or_insert_with(|| error.to_string());
        tracing::warn!(member.id = %self.member.id, url = %error.url, "cannot fetch {error}");
        if error.cause.concerns_host() {
            self.closed.insert(host_of(&task.task.url));
        }
        if let Cause::Paused { until, status: Some(_), .. } = error.cause {
            self.notes.paused.push((error.url.clone(), until));
        }
        let retry = match error.cause.retry_at() {
            Some(at) => Some(at),
            None if error.cause.is_transient() => {
                RETRIES.get(task.failures as usize).map(|wait| store.clock().now() + *wait)
            }
            None => None,
        };
        match (retry, purpose) {
            // Sources are asked afresh in each round; only pages wait for their turn.
            (Some(at), Purpose::Page) => store.retry_task(task.id, at, &error.cause.to_string())?,
            (_, Purpose::Page) => {
                self.keep_out(&task.task.url, &error.cause.to_string(), crate::store::Absence::Forbidden)?;
                store.finish_task(task.id, &[])?;
            }
            _ => {
                self.source_failed(&task.task.url, &error.cause.to_string())?;
                store.finish_task(task.id, &[])?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, url: &str) -> Result<(), CrawlError> {
        self.left = match self.done % COUNT_EVERY {
            0 => self.crawler.store.tasks(&self.member.id)?.due,
            _ => self.left.saturating_sub(1),
        };
        self.done += 1;
        let progress = Progress::Fetched { member: &self.member.id, url, done: self.done, left: self.left };
        (self.crawler.progress)(&progress);
        Ok(())
    }

    /// A first crawl of ten years shows its pages as they come.
    fn publish_in_between(&mut self) -> Result<(), CrawlError> {
        let now = self.crawler.store.clock().now();
        let every = SignedDuration::try_from(self.crawler.config.settings.crawl.commit_every).unwrap_or(LEASE);
        if self.is_first && now.duration_since(self.last_publish) >= every {
            self.save_notes()?;
            self.publish()?;
            self.last_publish = self.crawler.store.clock().now();
        }
        Ok(())
    }

    fn publish(&mut self) -> Result<(), CrawlError> {
        let settled = tokio::task::block_in_place(|| self.crawler.publish())?;
        (self.crawler.progress)(&Progress::Published { member: &self.member.id, settled: &settled });
        Ok(())
    }

    pub fn save_notes(&self) -> Result<(), CrawlError> {
        Ok(self.crawler.store.put_member_memory(&self.member.id, &self.notes.text())?)
    }

    fn end(mut self) -> Result<Report, CrawlError> {
        let store = &self.crawler.store;
        let counts = store.tasks(&self.member.id)?;
        let fetcher = &self.crawler.fetcher;
        self.report.requests = self.asked.values().map(|(url, before)| fetcher.requests(url) - before).sum();
        self.report.left = counts.due + counts.leased + counts.later;
        let end = match (self.answered, counts.due + counts.leased) {
            (0, _) if self.first_error.is_some() => {
                self.report.unreachable = self.first_error.clone();
                RoundEnd::Failed(self.first_error.clone().unwrap_or_default())
            }
            (_, 0) => RoundEnd::Complete,
            _ => RoundEnd::Partial,
        };
        if end == RoundEnd::Complete {
            tokio::task::block_in_place(|| self.read_again())?;
        }
        self.save_notes()?;
        self.publish()?;
        if end == RoundEnd::Complete {
            self.crawler.store.close_first_crawls(&self.member.id)?;
        }
        if !self.crawler.is_stopping() {
            self.crawler.store.end_round(&self.member.id, &end)?;
        }
        (self.crawler.progress)(&Progress::Ended(&self.report));
        Ok(self.report)
    }
}

/// The address under which the first-crawl phase of a source is kept: the document a round starts with, without the
/// parameters that change from round to round.
fn root_key(task: &cms::Task) -> String {
    let Ok(mut url) = Url::parse(&task.url) else { return task.url.clone() };
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !matches!(&**name, "modified_after" | "after" | "page" | "paged" | "per_page" | "_fields"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    match kept.is_empty() {
        true => url.set_query(None),
        false => {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    url.into()
}

/// The source that a task's children belong to.
pub(super) fn source_of(task: &Task) -> String {
    match task.task.source.is_empty() {
        true => task.task.url.clone(),
        false => task.task.source.clone(),
    }
}

/// A task that a document led to; `None` for sitemaps that stand too deep in others. A sitemap's depth is its payload.
pub(super) fn child_task(parent: &Task, task: &cms::Task, source: &str) -> Option<NewTask> {
    let mut child = stored(task, source);
    if task.purpose == Purpose::Sitemap {
        let depth = parent.task.payload.parse::<u32>().unwrap_or_default() + 1;
        child.payload = depth.to_string();
        return (depth < SITEMAP_DEPTH).then_some(child);
    }
    Some(child)
}

pub(super) fn root_tasks(tasks: &[cms::Task]) -> Vec<NewTask> {
    tasks.iter().map(|task| stored(task, &root_key(task))).collect()
}

fn host_of(url: &str) -> String {
    Url::parse(url)
        .ok()
        .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)))
        .unwrap_or_default()
}
