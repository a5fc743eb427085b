//! A feed before it has a format.

use crate::model::{Attachment, Image, Kind, Lang};
use jiff::{Timestamp, tz::TimeZone};

/// A feed with its entries, in the order of the stored rank. All addresses are absolute, all text is clean for XML 1.0.
#[derive(Debug, Clone)]
pub struct Channel {
    /// `tag:` id of the feed.
    pub id: String,
    /// Names the filter in the reader's language.
    pub title: String,
    /// One sentence.
    pub description: String,
    /// Language of the labels.
    pub lang: Lang,
    /// Its own address.
    pub own: String,
    /// The page that shows the same.
    pub page: String,
    /// The next page of entries, older ones.
    pub next: Option<String>,
    /// When something visible last changed.
    pub updated: Timestamp,
    /// Name of the newsroom.
    pub publisher: String,
    /// Address of the newsroom.
    pub home: String,
    /// Address of its logo, a square picture.
    pub logo: String,
    /// Whose texts these are.
    pub rights: String,
    /// Name of the list of kinds, a `tag:`.
    pub kinds: String,
    /// Entries.
    pub entries: Vec<Entry>,
}

/// One release in a feed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `tag:` id, the same in every format for ever.
    pub id: String,
    /// Plain title that means the same to readers who take it for HTML.
    pub title: String,
    /// Language of title and text.
    pub lang: Lang,
    /// The member's page.
    pub link: String,
    /// Our page.
    pub page: String,
    /// The other publications: address, language, title.
    pub versions: Vec<(String, Lang, String)>,
    /// When it went out; first seen where no date is known.
    pub published: Timestamp,
    /// Last change of substance.
    pub updated: Timestamp,
    /// Zone in which the dates are written.
    pub zone: TimeZone,
    /// The day as the member dates it, for people; empty when unknown.
    pub day: String,
    /// Names and home pages (empty when unknown) of the members and of the other issuers; the newsroom itself for its
    /// own.
    pub authors: Vec<(String, String)>,
    /// Where the release comes from.
    pub source: Source,
    /// Plain summary.
    pub summary: String,
    /// Sanitised HTML with absolute links, press contacts last.
    pub html: String,
    /// Kind and its name in the language of the feed.
    pub kind: (Kind, String),
    /// Themes: address and label.
    pub themes: Vec<(String, String)>,
    /// Countries by name.
    pub countries: Vec<String>,
    /// Lead image.
    pub image: Option<Image>,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// The feed that a release comes from: the member's own where it has one, else ours of that member.
#[derive(Debug, Clone)]
pub struct Source {
    /// `tag:` id of the member.
    pub id: String,
    /// Name of the member.
    pub title: String,
    /// Address of the feed.
    pub feed: String,
    /// Home page of the member.
    pub home: String,
}
