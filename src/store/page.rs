//! Publications: which pages there are, what was read from them, and whether they still stand.

use super::{CaptureId, Store, StoreError};
use crate::model::{Draft, Member, MemberId};
use jiff::Timestamp;

/// Birth number of a publication: given once, rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicationId(pub i64);

/// What was read from one page. Addresses are canonical (`normalise::url::canonical`).
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Whose page it is.
    pub member: &'a Member,
    /// The address under which the page stands: the answering one, or its canonical link within the member's hosts.
    pub url: &'a str,
    /// Every other address that led to it or that sources give for it.
    pub aliases: &'a [String],
    /// The capture that was read.
    pub capture: CaptureId,
    /// Version of the reader, so that a better reader can read again without announcing a change.
    pub reader: u32,
    /// The result.
    pub draft: &'a Draft,
    /// Address of the [`Source`](super::Source) that brought the page: whether that one is in its first crawl decides
    /// the rank of a new release.
    pub found_by: Option<&'a str>,
    /// The source's mark of this version of the page; given back by [`Store::known`].
    pub token: &'a str,
    /// `ETag` of the page's answer.
    pub etag: Option<&'a str>,
    /// `Last-Modified` of the page's answer.
    pub last_modified: Option<&'a str>,
}

/// What a reading brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A page never read before.
    New,
    /// Words, figures, names or dates changed.
    Changed,
    /// Only dress changed: cards, punctuation, the organisation's name throughout, our own reading.
    Template,
    /// Nothing that readers see; only the time of the visit was written.
    Unchanged,
    /// The page has no content any more (soft 404, password, noindex, empty): counted as [`Store::absent`] counts.
    Absent(Absent),
}

/// A publication and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The publication.
    pub publication: PublicationId,
    /// What the reading brought.
    pub outcome: Outcome,
}

/// Why a page cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// 404 or 410.
    Gone,
    /// 200, but nothing there: "no results", a redirect to the home page.
    SoftGone,
    /// Behind a password now.
    Password,
    /// Asks not to be indexed.
    NoIndex,
    /// No text left.
    Empty,
    /// 401, 403, or robots.txt: noted, never a reason to withdraw, for it is about us and not about the page.
    Forbidden,
}

/// What an absence led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// No such publication.
    Unknown,
    /// Noted; so many rounds have seen it missing. Readers still see it.
    Noted(u32),
    /// Seen missing in two rounds: withdrawn with the next settle.
    Withdrawn,
}

/// How a publication stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There at the last visit.
    Live,
    /// Missing, unconfirmed.
    Missing,
    /// Missing, confirmed.
    Withdrawn,
    /// Now at another address, which is a publication of its own.
    Moved,
}

/// A known page, as the planner needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Birth number.
    pub publication: PublicationId,
    /// Whose page.
    pub member: MemberId,
    /// Canonical address.
    pub url: String,
    /// The token given at the last reading or visit.
    pub token: String,
    /// `ETag` of the last answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// Version of the reader that read it last.
    pub reader: u32,
    /// How it stands.
    pub standing: Standing,
    /// Whether it was an item (release, news, tribune) at the last reading.
    pub item: bool,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last visited.
    pub visited: Timestamp,
}

/// A known page with its newest reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The page.
    pub known: Known,
    /// Every other address known for it.
    pub aliases: Vec<String>,
    /// The capture of the newest reading.
    pub capture: CaptureId,
    /// The newest reading.
    pub draft: Draft,
}

impl Store {
    /// The page at `url`: its canonical address, a variant (scheme, `www.`, slash) or an alias.
    pub fn page(&self, url: &str) -> Result<Option<Page>, StoreError> {
        let _ = url;
        unimplemented!()
    }

    /// Every page known of a member, in order of birth; without drafts, so it is cheap.
    pub fn known(&self, member: &MemberId) -> Result<Vec<Known>, StoreError> {
        let _ = member;
        unimplemented!()
    }

    /// Records a reading. A page never seen gets its birth number and the id that its release will carry. A reading
    /// without content never overwrites a good one. When the page stands at a new address now (`url` new, an alias
    /// known), the publication moves with it and announces nothing.
    pub fn record(&self, reading: &Reading<'_>) -> Result<Recorded, StoreError> {
        let _ = reading;
        unimplemented!()
    }

    /// Notes that the page was asked for and is unchanged (304, equal body, equal token).
    pub fn visited(&self, publication: PublicationId, token: &str) -> Result<(), StoreError> {
        let _ = (publication, token);
        unimplemented!()
    }

    /// Notes that a page cannot be had. Counted once a round (see [`Store::begin_round`]).
    pub fn absent(&self, url: &str, why: Absence) -> Result<Absent, StoreError> {
        let _ = (url, why);
        unimplemented!()
    }

    /// Makes `alias` another address of the page at `url`. When `alias` is a publication of its own, that one moved:
    /// the two are one release from now on, with the older id. `false` when `url` is no publication.
    pub fn add_alias(&self, url: &str, alias: &str) -> Result<bool, StoreError> {
        let _ = (url, alias);
        unimplemented!()
    }
}
