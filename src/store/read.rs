//! What the doors read: releases as stored, never regrouped.

use super::{StoreError, member, meta, pool::Pool, rows};
use crate::model::{Draft, Lang, MemberId, Release, ReleaseId, ReleaseText};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::{collections::BTreeMap, sync::Arc};

/// One batch that became visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// Number of the batch; the generation of index and feeds. 0 before the first.
    pub seq: u64,
    /// When it became visible, whole seconds, always rising.
    pub at: Timestamp,
}

/// What an id stands for today.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// A release that readers see.
    Found(Box<Release>),
    /// Joined into another release: redirect for ever.
    Moved(ReleaseId),
    /// Withdrawn by its member, hidden or purged: gone since.
    Gone(Timestamp),
    /// Never heard of.
    Unknown,
}

/// What the page of a member says about our reading of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberStatus {
    /// The member.
    pub id: MemberId,
    /// Since when every known page has been read; `None` while the first crawl runs.
    pub complete_since: Option<Timestamp>,
    /// Start of the last round that reached the site.
    pub last_read: Option<Timestamp>,
    /// Why the last round failed, when it did.
    pub failing: Option<String>,
    /// Since when it fails.
    pub failing_since: Option<Timestamp>,
    /// Visible releases with a publication of this member.
    pub releases: u64,
    /// How many of them have no date.
    pub undated: u64,
}

/// A change of substance or an ending, for `/corrections.atom`.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The release.
    pub id: ReleaseId,
    /// Its title before.
    pub title: String,
    /// When it was announced.
    pub at: Timestamp,
    /// `edited`, `withdrawn`, `merged`.
    pub what: String,
    /// What changed, in words ("title: A → B"); may be empty.
    pub detail: String,
}

/// Reads the record. Cheap to clone; calls block for a moment on the disk.
#[derive(Debug, Clone)]
pub struct Reader {
    pub(super) pool: Arc<Pool>,
}

impl Reader {
    pub(super) fn new(pool: Arc<Pool>) -> Self {
        Self { pool }
    }

    /// What `id` stands for today.
    pub fn release(&self, id: &ReleaseId) -> Result<Lookup, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT shown AND NOT hidden, merged_into, since, release FROM release WHERE id = ?1",
            )?;
            let mut found = statement.query([id.as_str()])?;
            let Some(row) = found.next()? else { return Ok(Lookup::Unknown) };
            if let Some(into) = row.get(1)? {
                return Ok(Lookup::Moved(rows::id("release", into)?));
            }
            if !row.get::<_, bool>(0)? {
                return Ok(Lookup::Gone(rows::time(row.get(2)?)?));
            }
            Ok(Lookup::Found(Box::new(rows::from_json("release", &row.get::<_, String>(3)?)?)))
        })
    }

    /// The text of a visible release.
    pub fn text(&self, id: &ReleaseId) -> Result<Option<ReleaseText>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT r.own_text, (SELECT g.draft FROM membership m JOIN reading g ON g.id = m.reading
                 WHERE m.release = r.id ORDER BY m.place LIMIT 1)
                 FROM release r WHERE r.id = ?1 AND r.shown AND NOT r.hidden AND r.merged_into IS NULL",
            )?;
            let mut found = statement.query([id.as_str()])?;
            let Some(row) = found.next()? else { return Ok(None) };
            own_or_read(row.get(0)?, row.get(1)?)
        })
    }

    /// The text of a visible release as it can be read in `lang`: of the publication that [`Release::in_lang`] names,
    /// else of the lead.
    pub fn text_in(&self, id: &ReleaseId, lang: Lang) -> Result<Option<ReleaseText>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT own_text, release FROM release WHERE id = ?1 AND shown AND NOT hidden AND merged_into IS NULL",
            )?;
            let mut found = statement.query([id.as_str()])?;
            let Some(row) = found.next()? else { return Ok(None) };
            let (own, release): (Option<Vec<u8>>, String) = (row.get(0)?, row.get(1)?);
            let release: Release = rows::from_json("release", &release)?;
            let mut drafts = c.prepare_cached(
                "SELECT g.draft FROM membership m JOIN reading g ON g.id = m.reading
                 WHERE m.release = ?1 ORDER BY m.place LIMIT 1 OFFSET ?2",
            )?;
            let place = rows::int(release.in_lang(lang).unwrap_or(0));
            let draft = drafts.query_row((id.as_str(), place), |row| row.get(0)).optional()?;
            own_or_read(own, draft)
        })
    }

    /// How many releases readers see.
    pub fn visible_count(&self) -> Result<usize, StoreError> {
        self.pool.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT count(*) FROM release WHERE shown AND NOT hidden AND merged_into IS NULL")?;
            let count = statement.query_row([], |row| row.get::<_, i64>(0))?;
            Ok(usize::try_from(count).unwrap_or_default())
        })
    }

    /// Visible releases with their last change, oldest rank first: `limit` of them after the first `skip`.
    pub fn visible(&self, skip: usize, limit: usize) -> Result<Vec<(ReleaseId, Timestamp)>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT id, updated FROM release WHERE shown AND NOT hidden AND merged_into IS NULL
                 ORDER BY rank LIMIT ?1 OFFSET ?2",
            )?;
            let found = statement.query_and_then([rows::int(limit), rows::int(skip)], |row| {
                Ok::<_, StoreError>((rows::id("release", row.get(0)?)?, rows::time(row.get(1)?)?))
            })?;
            found.collect()
        })
    }

    /// Up to `limit` visible releases as lists show them, in order of rank, from the one after `rank`.
    pub fn visible_after(&self, rank: i64, limit: usize) -> Result<Vec<Release>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT release FROM release
                 WHERE rank > ?1 AND shown AND NOT hidden AND merged_into IS NULL ORDER BY rank LIMIT ?2",
            )?;
            let found = statement.query_and_then((rank, rows::int(limit)), |row| {
                rows::from_json("release", &row.get::<_, String>(0)?)
            })?;
            found.collect()
        })
    }

    /// The newest tick.
    pub fn tick(&self) -> Result<Tick, StoreError> {
        self.pool.read(newest_tick)
    }

    /// How each known member stands.
    pub fn members(&self) -> Result<Vec<MemberStatus>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT m.member, count(*), coalesce(sum(r.undated), 0) FROM release_member m
                 JOIN release r ON r.id = m.release WHERE r.shown AND NOT r.hidden AND r.merged_into IS NULL
                 GROUP BY m.member",
            )?;
            let counted = statement
                .query_map([], |row| Ok((row.get(0)?, (rows::natural(row.get(1)?), rows::natural(row.get(2)?)))))?;
            let mut counts = counted.collect::<Result<BTreeMap<String, (u64, u64)>, _>>()?;
            let mut visited = c.prepare_cached("SELECT id FROM member ORDER BY id")?;
            for id in visited.query_map([], |row| row.get::<_, String>(0))? {
                counts.entry(id?).or_default();
            }
            counts.into_iter().map(|(id, counts)| status(c, id, counts)).collect()
        })
    }

    /// The newest `limit` corrections, newest first.
    pub fn corrections(&self, limit: usize) -> Result<Vec<Correction>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT c.release, c.title, t.at, c.what, c.detail FROM change c JOIN tick t ON t.seq = c.tick
                 WHERE c.what IN ('edited', 'withdrawn', 'merged') ORDER BY c.id DESC LIMIT ?1",
            )?;
            let found = statement.query_and_then([rows::int(limit)], |row| {
                Ok::<_, StoreError>(Correction {
                    id: rows::id("change", row.get(0)?)?,
                    title: row.get(1)?,
                    at: rows::time(row.get(2)?)?,
                    what: row.get(3)?,
                    detail: row.get(4)?,
                })
            })?;
            found.collect()
        })
    }

    /// A fact about the store itself, by name.
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.pool.read(|c| meta::get(c, name))
    }

    /// The authority of our `tag:` ids (`host,date`), minted once when a base address is first configured; until then
    /// one that belongs to nobody.
    pub fn authority(&self) -> Result<String, StoreError> {
        self.pool.read(|c| Ok(meta::get(c, meta::AUTHORITY)?.unwrap_or_else(|| meta::NO_AUTHORITY.to_owned())))
    }
}

/// The newest tick; sequence 0 before the first.
pub(super) fn newest_tick(connection: &Connection) -> Result<Tick, StoreError> {
    let mut statement = connection.prepare_cached("SELECT seq, at FROM tick ORDER BY seq DESC LIMIT 1")?;
    let mut found = statement.query([])?;
    match found.next()? {
        Some(row) => Ok(Tick { seq: rows::natural(row.get(0)?), at: rows::time(row.get(1)?)? }),
        None => Ok(Tick { seq: 0, at: Timestamp::UNIX_EPOCH }),
    }
}

/// The text of a release: its own when it was imported, else that of its lead publication as settled.
fn own_or_read(own: Option<Vec<u8>>, draft: Option<Vec<u8>>) -> Result<Option<ReleaseText>, StoreError> {
    if let Some(own) = own {
        let mut text: ReleaseText = rows::unpacked("release", &own)?;
        if text.html.is_empty() {
            text.html = paragraphs(&text.text);
        }
        return Ok(Some(text));
    }
    let Some(draft) = draft else { return Ok(None) };
    let draft: Draft = rows::unpacked("reading", &draft)?;
    Ok(Some(ReleaseText { text: draft.text, html: draft.html, contacts: draft.contacts }))
}

/// A plain text as HTML: what readers see of an imported release that came without.
pub fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        html.push_str("<p>");
        for c in line.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                c => html.push(c),
            }
        }
        html.push_str("</p>");
    }
    html
}

fn status(connection: &Connection, id: String, (releases, undated): (u64, u64)) -> Result<MemberStatus, StoreError> {
    let state = member::load(connection, &id)?;
    Ok(MemberStatus {
        id: rows::id("member", id)?,
        complete_since: state.complete_since,
        last_read: state.last_read,
        failing: state.error,
        failing_since: state.failing_since,
        releases,
        undated,
    })
}
