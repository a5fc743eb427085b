//! What a source of a site (REST, feed, sitemap, listing) says about one page before the page itself is read.

use super::{Attachment, DateValue, Image, Lang, Precision};
use serde::{Deserialize, Serialize};

/// Which kind of source named the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// The site's API.
    Rest,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// An XML sitemap.
    Sitemap,
    /// A page that lists others.
    Listing,
    /// A link found on a page of the site.
    Link,
    /// Given by a person or an import.
    Given,
}

/// A page that exists, as one source describes it. Fields the source does not give are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Absolute address as the source writes it, resolved.
    pub url: String,
    /// Which kind of source.
    pub source: SourceKind,
    /// Address of the document that named it.
    pub found_on: String,
    /// Other addresses the source gives for the same page (`guid` permalinks, `?p=N`).
    pub aliases: Vec<String>,
    /// Title as plain text.
    pub title: String,
    /// Publication date.
    pub published: Option<DateValue>,
    /// Modification date, or `lastmod`.
    pub modified: Option<DateValue>,
    /// Language, when the source states it.
    pub lang: Option<Lang>,
    /// The same page in other languages.
    pub translations: Vec<(Lang, String)>,
    /// Categories and tags by name.
    pub categories: Vec<String>,
    /// Authors by name.
    pub authors: Vec<String>,
    /// Short description as plain text.
    pub summary: String,
    /// Full text as HTML, as the source gives it (not sanitised).
    pub html: String,
    /// Lead image.
    pub image: Option<Image>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Whether the source says that the content is behind a password.
    pub protected: bool,
    /// Whether the source knows this to be a page and not a post (`type: page`).
    pub standing: bool,
    /// The source's own mark of this version (modification date, hash of the card); a page is read again when it
    /// differs from the one stored.
    pub token: String,
}

impl Candidate {
    /// A candidate of which only the address is known.
    pub fn new(url: impl Into<String>, source: SourceKind, found_on: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            source,
            found_on: found_on.into(),
            aliases: Vec::new(),
            title: String::new(),
            published: None,
            modified: None,
            lang: None,
            translations: Vec::new(),
            categories: Vec::new(),
            authors: Vec::new(),
            summary: String::new(),
            html: String::new(),
            image: None,
            attachments: Vec::new(),
            protected: false,
            standing: false,
            token: String::new(),
        }
    }

    /// Whether the source says on which day the page went out.
    pub fn states_day(&self) -> bool {
        self.published.is_some_and(|date| date.precision() >= Precision::Day)
    }
}
