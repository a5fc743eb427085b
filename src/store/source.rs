//! Where pages are named: robots.txt, feeds, sitemaps, REST inventories, listings.

use super::{Store, StoreError};
use crate::model::MemberId;
use jiff::Timestamp;

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

impl Store {
    /// What is remembered of one source.
    pub fn source(&self, member: &MemberId, url: &str) -> Result<Option<Source>, StoreError> {
        let _ = (member, url);
        unimplemented!()
    }

    /// All sources of a member, in the order they were first put.
    pub fn sources(&self, member: &MemberId) -> Result<Vec<Source>, StoreError> {
        let _ = member;
        unimplemented!()
    }

    /// Writes a source whole. Put validators only after the tasks and candidates of the document are stored: a
    /// document answered 304 is not read again.
    pub fn put_source(&self, source: &Source) -> Result<(), StoreError> {
        let _ = source;
        unimplemented!()
    }

    /// Ends the first crawl of each source of `member` that has answered well at least once and for which nothing is
    /// left in the frontier (tasks carry their source); gives their addresses. Call it at the end of a round, after
    /// `publish::settle`.
    pub fn close_first_crawls(&self, member: &MemberId) -> Result<Vec<String>, StoreError> {
        let _ = member;
        unimplemented!()
    }
}
