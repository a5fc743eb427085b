//! # What does this feed say?
//!
//! RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, and all that goes by these names, in four steps:
//!
//! 1. bytes become text: `unpack`, then `normalise::charset`;
//! 2. text becomes items: `xml` finds them (`region`, `fields`; below these `markup`, `tag`, `reference`, `namespace`)
//!    and `entry` gathers what they say (`value`, `person`, `link`); `json` does both for JSON Feed, `lenient` mends it;
//! 3. items become Atom 1.0 without a fault (`raw`), which feed-rs reads (`assembly`);
//! 4. `complete` adds what feed-rs has no place for, and `html` cleans.
//!
//! Every repair has a name. A feed is refused with a reason, and never read as empty when it has items.
//! To read a further element, add a line to `entry::Gathered::gather`; a further vocabulary, to `namespace`.

mod assembly;
mod complete;
mod entry;
mod fields;
mod html;
mod json;
mod lenient;
mod link;
mod markup;
mod namespace;
mod person;
mod raw;
mod reference;
mod region;
mod repairs;
mod tag;
mod unpack;
mod value;
mod xml;

use crate::{
    model::{Attachment, Candidate, DateValue, Image, Lang, SourceKind, Warning},
    normalise::charset,
};
use assembly::Assembly;
use repairs::Repairs;
use url::Url;

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
    /// Entries in the order of the feed, the newest 10 000 at most.
    pub entries: Vec<Entry>,
    /// What had to be mended.
    pub repairs: Vec<Warning>,
}

/// One entry of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Id as given.
    pub id: String,
    /// Title as plain text, at most 500 characters.
    pub title: String,
    /// Absolute address as the feed writes it; empty when there is none.
    pub link: String,
    /// The address before a feed service (FeedBurner) put its own in front; empty when none did.
    pub original: String,
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

/// Reads RSS 0.9x–2.0, RDF, Atom 0.3–1.0 and JSON Feed. `content_type` is the HTTP header as received, `url` where the
/// bytes came from, the base of relative links. At most 64 MiB are read.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &str) -> Result<Feed, FeedError> {
    let mut repairs = Repairs::default();
    let bytes = unpack::plain(bytes, &mut repairs);
    let decoded = charset::decode(&bytes, content_type);
    drop(bytes);
    let base = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut entries = Assembly::new(repairs);
    let text = decoded.text.as_str();
    let head = match text.trim_start().as_bytes().first() {
        None => return Err(FeedError::NotAFeed("it is empty".to_owned())),
        Some(b'{' | b'[') => json::read(text, base, &mut entries)?,
        Some(_) => match (xml::read(text, base.clone(), &mut entries), json_within(text)) {
            (Err(problem), Some(json)) => {
                entries.repairs.note("json-text-before", "something stands before the feed");
                json::read(json, base, &mut entries).map_err(|_| problem)?
            }
            (read, _) => read?,
        },
    };
    let (mut feed, repairs) = entries.finished(head)?;
    feed.repairs = repairs.into_warnings(decoded.warnings);
    Ok(feed)
}

/// A JSON feed with something in front of it: a message of the server, a guard against scripts, a callback.
fn json_within(text: &str) -> Option<&str> {
    let start = text.find('{').filter(|_| !text.trim_start().starts_with('<') || text.contains("\"items\""))?;
    Some(&text[start..])
}

/// A crawl takes this many entries of one feed: the newest.
pub const MOST_CANDIDATES: usize = 2000;

/// The newest 2 000 entries that have an address, as candidates.
pub fn candidates(feed: &Feed, found_on: &str) -> Vec<Candidate> {
    let with_address = feed.entries.iter().filter(|entry| !entry.link.is_empty()).cloned().collect();
    let language: Option<Lang> = feed.language.parse().ok();
    assembly::newest(with_address, MOST_CANDIDATES)
        .into_iter()
        .map(|entry| candidate(entry, language, found_on))
        .collect()
}

fn candidate(entry: Entry, language: Option<Lang>, found_on: &str) -> Candidate {
    let url = if entry.original.is_empty() { entry.link.clone() } else { entry.original };
    let others = [entry.link, entry.id].into_iter();
    let aliases =
        others.filter(|other| *other != url && other.starts_with("http") && Url::parse(other).is_ok()).collect();
    let (images, files): (Vec<_>, Vec<_>) =
        entry.enclosures.into_iter().partition(|file| file.media_type.starts_with("image"));
    let image = images.into_iter().next();
    Candidate {
        aliases,
        title: entry.title,
        published: entry.published,
        modified: entry.updated,
        lang: entry.lang.or(language),
        categories: entry.tags,
        authors: entry.authors,
        summary: html::line(&entry.summary),
        html: entry.content,
        image: image.map(|file| Image { url: file.url, alt: file.title, ..Image::default() }),
        attachments: files,
        // The day of publication stays when the text changes; where nothing tells of a change, the crawl compares.
        token: entry.updated.map(|date| date.to_string()).unwrap_or_default(),
        ..Candidate::new(url, SourceKind::Feed, found_on)
    }
}
