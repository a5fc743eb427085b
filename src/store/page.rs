//! Publications: which pages there are, what was read from them, and whether they still stand.

use super::{Absent, CaptureId, Store, StoreError, absence::present, record, rows};
use crate::{
    model::{Draft, Member, MemberId},
    normalise::url::same_page,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The publication.
    pub publication: PublicationId,
    /// What the reading brought.
    pub outcome: Outcome,
    /// Aliases that were refused: each is a publication of its own with another text. When such an address was asked
    /// for and redirected here, its own page is gone: tell [`Store::absent`].
    pub refused: Vec<String>,
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

impl Standing {
    fn from_column(text: &str) -> Result<Self, StoreError> {
        match text {
            "live" => Ok(Standing::Live),
            "missing" => Ok(Standing::Missing),
            "withdrawn" => Ok(Standing::Withdrawn),
            "moved" => Ok(Standing::Moved),
            other => Err(rows::damaged("publication", format!("standing `{other}`"))),
        }
    }
}

impl Store {
    /// The page at `url`: its canonical address, a variant (scheme, `www.`, slash) or an alias.
    pub fn page(&self, url: &str) -> Result<Option<Page>, StoreError> {
        self.pool.read(|c| match find(c, url)? {
            Some(id) => load(c, id).map(Some),
            None => Ok(None),
        })
    }

    /// Every page known of a member, in order of birth; without drafts, so it is cheap.
    pub fn known(&self, member: &MemberId) -> Result<Vec<Known>, StoreError> {
        let query = format!("SELECT {KNOWN} FROM publication WHERE member = ?1 ORDER BY id");
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(&query)?;
            statement.query_and_then([member.as_str()], known_row)?.collect()
        })
    }

    /// Records a reading. A page never seen gets its birth number and the id that its release will carry. A reading
    /// without content never overwrites a good one. When the page stands at a new address now (`url` new, an alias
    /// known, the text the same), the publication moves with it and announces nothing.
    pub fn record(&self, reading: &Reading<'_>) -> Result<Recorded, StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| record::record(t, reading, now))
    }

    /// Notes that the page was asked for and is unchanged (304, equal body, equal token).
    pub fn visited(&self, publication: PublicationId, token: &str) -> Result<(), StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| {
            t.prepare_cached("UPDATE publication SET visited = ?2, token = ?3 WHERE id = ?1")?.execute((
                publication.0,
                now,
                token,
            ))?;
            present(t, publication)
        })
    }

    /// Makes `alias` another address of the page at `url`, for a redirect or link that says so. When `alias` is a
    /// publication of its own with the same text, that one moved: the two are one release from now on, with the older
    /// id. `false` when `url` is no publication, or `alias` another one with another text.
    pub fn add_alias(&self, url: &str, alias: &str) -> Result<bool, StoreError> {
        self.pool.write(|t| {
            let Some(id) = find(t, url)? else { return Ok(false) };
            let draft = newest_draft(t, id)?;
            record::alias(t, id, &draft, alias)
        })
    }
}

const KNOWN: &str = "id, member, url, token, etag, last_modified, reader, standing, item, first_seen, visited";

fn known_row(row: &Row<'_>) -> Result<Known, StoreError> {
    Ok(Known {
        publication: PublicationId(row.get(0)?),
        member: rows::id("publication", row.get(1)?)?,
        url: row.get(2)?,
        token: row.get(3)?,
        etag: row.get(4)?,
        last_modified: row.get(5)?,
        reader: row.get(6)?,
        standing: Standing::from_column(row.get_ref(7)?.as_str().map_err(|e| rows::damaged("publication", e))?)?,
        item: row.get(8)?,
        first_seen: rows::time(row.get(9)?)?,
        visited: rows::time(row.get(10)?)?,
    })
}

/// The publication whose own address is `url` or a variant of it.
pub(super) fn find_own(connection: &Connection, url: &str) -> Result<Option<PublicationId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id FROM publication WHERE key = ?1")?;
    Ok(statement.query_row([same_page(url)], |row| row.get(0)).optional()?.map(PublicationId))
}

/// The publication that `url` leads to: as its own address, a variant, or an alias.
pub(super) fn find(connection: &Connection, url: &str) -> Result<Option<PublicationId>, StoreError> {
    if let Some(id) = find_own(connection, url)? {
        return Ok(Some(id));
    }
    let mut statement = connection.prepare_cached("SELECT publication FROM alias WHERE key = ?1")?;
    Ok(statement.query_row([same_page(url)], |row| row.get(0)).optional()?.map(PublicationId))
}

/// Keys of all addresses of a publication, its own first.
pub(super) fn keys(connection: &Connection, id: PublicationId) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, 0 AS place FROM publication WHERE id = ?1 UNION ALL
         SELECT key, 1 FROM alias WHERE publication = ?1 ORDER BY place, key",
    )?;
    Ok(statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// A publication with its newest reading.
pub(super) fn load(connection: &Connection, id: PublicationId) -> Result<Page, StoreError> {
    let known = connection
        .prepare_cached(&format!("SELECT {KNOWN} FROM publication WHERE id = ?1"))?
        .query_and_then([id.0], known_row)?
        .next()
        .ok_or_else(|| rows::damaged("publication", format!("{} is missing", id.0)))??;
    let mut statement = connection.prepare_cached("SELECT url FROM alias WHERE publication = ?1 ORDER BY url")?;
    let aliases = statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT r.capture, r.draft FROM publication p JOIN reading r ON r.id = p.reading WHERE p.id = ?1",
    )?;
    let (capture, draft): (i64, Vec<u8>) = statement.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Page { known, aliases, capture: CaptureId(capture), draft: rows::unpacked("reading", &draft)? })
}

/// The newest reading of a publication.
pub(super) fn newest_draft(connection: &Connection, id: PublicationId) -> Result<Draft, StoreError> {
    let draft: Vec<u8> = connection
        .prepare_cached("SELECT r.draft FROM publication p JOIN reading r ON r.id = p.reading WHERE p.id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    rows::unpacked("reading", &draft)
}

#[cfg(test)]
mod tests;
