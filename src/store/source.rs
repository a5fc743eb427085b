//! Where pages are named: robots.txt, feeds, sitemaps, REST inventories, listings.

use super::{Store, StoreError, rows};
use crate::model::MemberId;
use jiff::Timestamp;
use rusqlite::{Connection, Row};

/// One document of a member that names pages (or robots.txt), with what we remember of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Whose site it is on.
    pub member: MemberId,
    /// Its address; with the member the key.
    pub url: String,
    /// What it is, in the crawler's words: `robots`, `feed`, `sitemap`, `rest`, `listing`.
    pub kind: String,
    /// Whether its back-catalogue is still being read: pages it brings are ranked by their date, not by first seen.
    /// True for a new source; [`Store::close_first_crawls`] ends it.
    pub first_crawl: bool,
    /// `ETag` of the last good answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last good answer.
    pub last_modified: Option<String>,
    /// SHA-256 of the last good body, hexadecimal.
    pub body_hash: Option<String>,
    /// When it last answered well.
    pub last_ok: Option<Timestamp>,
    /// Since when it fails, when it does.
    pub failing_since: Option<Timestamp>,
    /// Why it fails.
    pub error: Option<String>,
    /// What the planner wants to remember, JSON text; empty for nothing.
    pub memory: String,
}

impl Source {
    /// A source never asked before, in its first crawl.
    pub fn new(member: MemberId, url: impl Into<String>, kind: impl Into<String>) -> Self {
        Self {
            member,
            url: url.into(),
            kind: kind.into(),
            first_crawl: true,
            etag: None,
            last_modified: None,
            body_hash: None,
            last_ok: None,
            failing_since: None,
            error: None,
            memory: String::new(),
        }
    }
}

const COLUMNS: &str =
    "member, url, kind, first_crawl, etag, last_modified, body_hash, last_ok, failing_since, error, memory";

impl Store {
    /// What is remembered of one source.
    pub fn source(&self, member: &MemberId, url: &str) -> Result<Option<Source>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM source WHERE member = ?1 AND url = ?2");
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(&query)?;
            let mut found = statement.query((member.as_str(), url))?;
            found.next()?.map(from_row).transpose()
        })
    }

    /// All sources of a member, in the order they were first put.
    pub fn sources(&self, member: &MemberId) -> Result<Vec<Source>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM source WHERE member = ?1 ORDER BY id");
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(&query)?;
            statement.query_and_then([member.as_str()], from_row)?.collect()
        })
    }

    /// Writes a source whole. Put validators only after the tasks and candidates of the document are stored: a
    /// document answered 304 is not read again.
    pub fn put_source(&self, source: &Source) -> Result<(), StoreError> {
        let query = format!(
            "INSERT INTO source({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT(member, url) DO UPDATE SET kind = ?3, first_crawl = ?4, etag = ?5, last_modified = ?6,
             body_hash = ?7, last_ok = ?8, failing_since = ?9, error = ?10, memory = ?11"
        );
        self.pool.write(|t| {
            t.prepare_cached(&query)?.execute((
                source.member.as_str(),
                &source.url,
                &source.kind,
                source.first_crawl,
                &source.etag,
                &source.last_modified,
                &source.body_hash,
                rows::micros(source.last_ok),
                rows::micros(source.failing_since),
                &source.error,
                &source.memory,
            ))?;
            Ok(())
        })
    }

    /// Ends the first crawl of each source of `member` that has answered well at least once and for which nothing is
    /// left in the frontier (tasks carry their source); gives their addresses. Call it at the end of a round, after
    /// `publish::settle`.
    pub fn close_first_crawls(&self, member: &MemberId) -> Result<Vec<String>, StoreError> {
        self.pool.write(|t| {
            let mut statement = t.prepare_cached(
                "UPDATE source SET first_crawl = 0 WHERE member = ?1 AND first_crawl = 1 AND last_ok IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM frontier f WHERE f.member = source.member AND f.source = source.url)
                 RETURNING url",
            )?;
            let closed = statement.query_map([member.as_str()], |row| row.get(0))?;
            let mut closed = closed.collect::<Result<Vec<String>, _>>()?;
            closed.sort();
            Ok(closed)
        })
    }
}

/// Whether the source at `url` is in its first crawl; one that was never put is not.
pub(super) fn in_first_crawl(connection: &Connection, member: &MemberId, url: &str) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT first_crawl FROM source WHERE member = ?1 AND url = ?2")?;
    let mut found = statement.query((member.as_str(), url))?;
    Ok(match found.next()? {
        Some(row) => row.get(0)?,
        None => false,
    })
}

fn from_row(row: &Row<'_>) -> Result<Source, StoreError> {
    Ok(Source {
        member: rows::id("source", row.get(0)?)?,
        url: row.get(1)?,
        kind: row.get(2)?,
        first_crawl: row.get(3)?,
        etag: row.get(4)?,
        last_modified: row.get(5)?,
        body_hash: row.get(6)?,
        last_ok: rows::maybe_time(row.get(7)?)?,
        failing_since: rows::maybe_time(row.get(8)?)?,
        error: row.get(9)?,
        memory: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{
        NewTask,
        testing::{member, store},
    };
    use jiff::SignedDuration;

    #[test]
    fn a_source_is_given_back_as_put() {
        let (_dir, store) = store();
        let mut feed = Source::new(member(), "https://example.org/feed", "feed");
        store.put_source(&feed).unwrap();
        feed.etag = Some("\"a\"".to_owned());
        feed.last_ok = Some(Timestamp::UNIX_EPOCH);
        feed.memory = "{}".to_owned();
        store.put_source(&feed).unwrap();
        assert_eq!(store.source(&member(), &feed.url).unwrap(), Some(feed.clone()));
        assert_eq!(store.sources(&member()).unwrap(), [feed]);
    }

    #[test]
    fn a_first_crawl_ends_when_its_own_frontier_is_empty() {
        let (_dir, store) = store();
        let mut feed = Source::new(member(), "https://example.org/feed", "feed");
        let silent = Source::new(member(), "https://example.org/silent", "feed");
        feed.last_ok = Some(Timestamp::UNIX_EPOCH);
        store.put_source(&feed).unwrap();
        store.put_source(&silent).unwrap();
        store.add_tasks(&member(), &[NewTask::new("https://example.org/a", "page").from_source(&feed.url)]).unwrap();
        assert!(store.close_first_crawls(&member()).unwrap().is_empty());
        let task = store.take_tasks(&member(), 1, SignedDuration::from_secs(60)).unwrap().remove(0);
        store.finish_task(task.id, &[]).unwrap();
        assert_eq!(store.close_first_crawls(&member()).unwrap(), [feed.url.clone()]);
        assert!(!store.source(&member(), &feed.url).unwrap().unwrap().first_crawl);
        assert!(store.source(&member(), &silent.url).unwrap().unwrap().first_crawl, "never answered");
    }
}
