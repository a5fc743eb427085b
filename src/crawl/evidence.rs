//! Which pages are due, given what a document says of them?

use super::CrawlError;
use crate::cms::{Purpose, Task};
use crate::model::{Candidate, Member, SourceKind};
use crate::normalise::url as address;
use crate::store::{NewTask, Store};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// What is known of a member's pages while a round runs: enough to decide what to fetch without asking the store for
/// every link.
#[derive(Debug, Default)]
pub struct Seen {
    /// Last visit of each known page, by [`address::same_page`].
    visited: HashMap<String, Timestamp>,
    /// Pages kept out, by the same key.
    rejected: HashSet<String>,
    /// Pages that are in the frontier.
    waiting: HashSet<String>,
    /// Pages of which a day is known.
    dated: HashSet<String>,
    /// Sources asked in this round: links to them are everywhere, and once is enough.
    asked: HashSet<String>,
    /// Whether the sitemap's word on changes counts.
    pub lastmod_lies: bool,
    /// Pages read in this round about which more was said afterwards: read again at its end.
    pub stale: HashSet<String>,
}

impl Seen {
    /// What the store knows of `member`.
    pub fn load(store: &Store, member: &Member) -> Result<Self, CrawlError> {
        let known = store.known(&member.id)?;
        let rejected = store.rejected(&member.id)?;
        Ok(Self {
            visited: known.iter().map(|page| (address::same_page(&page.url), page.visited)).collect(),
            rejected: rejected.iter().map(|page| address::same_page(&page.url)).collect(),
            dated: store.dated(&member.id)?.into_iter().collect(),
            ..Self::default()
        })
    }

    /// Whether the page at `url` was ever met.
    pub fn knows(&self, url: &str) -> bool {
        let key = address::same_page(url);
        self.visited.contains_key(&key) || self.rejected.contains(&key) || self.waiting.contains(&key)
    }

    /// Whether the day of the page at `url` is known, from the page or from a source.
    pub fn is_dated(&self, url: &str) -> bool {
        self.dated.contains(&address::same_page(url))
    }

    /// Notes that the day of a page is known.
    pub fn dated(&mut self, url: &str) {
        self.dated.insert(address::same_page(url));
    }

    /// Whether a source is to be asked: not twice in a round, under whatever variant of its address.
    pub fn ask_once(&mut self, url: &str) -> bool {
        self.asked.insert(address::same_page(url))
    }

    /// Notes that a page was read now, under all its addresses.
    pub fn read<'a>(&mut self, urls: impl IntoIterator<Item = &'a str>, at: Timestamp) {
        for url in urls {
            let key = address::same_page(url);
            self.waiting.remove(&key);
            self.rejected.remove(&key);
            self.visited.insert(key, at);
        }
    }

    /// Notes that a page is kept out.
    pub fn rejected(&mut self, url: &str) {
        let key = address::same_page(url);
        self.waiting.remove(&key);
        self.rejected.insert(key);
    }
}

/// A task in the store's words.
pub fn stored(task: &Task, source: &str) -> NewTask {
    NewTask {
        url: task.url.clone(),
        purpose: task.purpose.as_str().to_owned(),
        payload: String::new(),
        priority: -task.purpose.rank(),
        source: source.to_owned(),
    }
}

/// Keeps what a document said and gives the page tasks that follow: pages never met, and pages whose mark of version
/// differs from what a source of the same kind said before.
pub fn weigh(
    store: &Store,
    member: &Member,
    seen: &mut Seen,
    found_on: &str,
    source: &str,
    began: Timestamp,
    candidates: Vec<Candidate>,
) -> Result<Vec<NewTask>, CrawlError> {
    let mut tasks = Vec::new();
    let mut told = Vec::new();
    for mut candidate in candidates {
        let Ok(url) = address::canonical(&candidate.url, None, &member.parameters) else { continue };
        if candidate.token.is_empty() && candidate.source == SourceKind::Feed {
            candidate.token = mark(&candidate);
        }
        if seen.lastmod_lies && candidate.source == SourceKind::Sitemap {
            candidate.token.clear();
        }
        let key = address::same_page(&url);
        if candidate.states_day() {
            seen.dated.insert(key.clone());
        }
        let page_task = stored(&Task::new(url.clone(), Purpose::Page), source);
        match seen.visited.get(&key) {
            // Told again after it was read in this very round: the evidence counts, the page need not be fetched.
            Some(visited) if *visited >= began => {
                if says_something(&candidate) {
                    seen.stale.insert(url.clone());
                }
            }
            Some(visited) if is_news(store, member, &url, &candidate, *visited)? => {
                let payload = if candidate.source == SourceKind::Sitemap { CALLED_CHANGED } else { "" };
                tasks.push(NewTask { payload: payload.to_owned(), ..page_task });
            }
            Some(_) => {}
            None if seen.rejected.contains(&key) => {}
            None => {
                if !seen.waiting.contains(&key) && !is_alias(store, &url)? {
                    seen.waiting.insert(key);
                    tasks.push(page_task);
                }
            }
        }
        told.push((url, candidate));
    }
    store.put_candidates(&member.id, found_on, &told)?;
    Ok(tasks)
}

/// Payload of a page task that comes of nothing but a sitemap's word that the page changed.
pub const CALLED_CHANGED: &str = "called-changed";

/// Whether a source of the same kind knew another version of the page. Some sitemaps give the day of a change only while
/// it is fresh: then one that comes after our last visit is news.
fn is_news(
    store: &Store,
    member: &Member,
    url: &str,
    candidate: &Candidate,
    visited: Timestamp,
) -> Result<bool, CrawlError> {
    if candidate.token.is_empty() {
        return Ok(false);
    }
    let before = store.candidates(url)?;
    let same_kind: Vec<&Candidate> = before.iter().filter(|known| known.source == candidate.source).collect();
    let mut marks = same_kind.iter().filter(|known| !known.token.is_empty()).peekable();
    if marks.peek().is_some() {
        return Ok(!marks.any(|known| known.token == candidate.token));
    }
    let changed = candidate.modified.map(|date| date.timestamp(&member.timezone));
    Ok(!same_kind.is_empty() && changed.is_some_and(|changed| changed > visited))
}

fn is_alias(store: &Store, url: &str) -> Result<bool, CrawlError> {
    Ok(store.page(url)?.is_some())
}

/// Whether the evidence could change how the page is read; a bare link could not.
fn says_something(candidate: &Candidate) -> bool {
    candidate.published.is_some() || candidate.modified.is_some() || !candidate.html.is_empty() || candidate.protected
}

/// A mark of version for sources without one: what the entry says.
fn mark(candidate: &Candidate) -> String {
    let mut hash = Sha256::new();
    hash.update(candidate.title.as_bytes());
    hash.update([0]);
    hash.update(candidate.html.as_bytes());
    hash.update([0]);
    hash.update(candidate.summary.as_bytes());
    hash.update([0]);
    hash.update(candidate.modified.map(|date| date.to_string()).unwrap_or_default());
    hex(&hash.finalize()[..12])
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
