//! Rows of releases, ticks and changes: what readers see, written by `publish` alone.

use super::{PublicationId, ReadingId, Settling, StoreError, meta, rows};
use crate::model::{Release, ReleaseId, ReleaseText};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

/// A release as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseRow {
    /// The publication whose birth id it carries; `None` for an imported release.
    pub anchor: Option<PublicationId>,
    /// Whether it has something to show.
    pub shown: bool,
    /// Whether the staff hides it.
    pub hidden: bool,
    /// The release it was joined into.
    pub merged_into: Option<ReleaseId>,
    /// When it last appeared or disappeared.
    pub since: Timestamp,
    /// Whether its themes and countries were imported with it, so that no rule of ours changes them.
    pub own_labels: bool,
    /// What readers see, its rank included.
    pub release: Release,
}

impl ReleaseRow {
    /// Whether readers see it.
    pub fn is_visible(&self) -> bool {
        self.shown && !self.hidden && self.merged_into.is_none()
    }
}

/// What happened to a release, as readers, feeds and the index are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Seen for the first time.
    New,
    /// Seen again: its page came back, or the staff took its word back.
    Back,
    /// Changed in substance: announced.
    Edited,
    /// Looks different, says the same.
    Dressed,
    /// Withdrawn by its member.
    Withdrawn,
    /// No item any more in our judgement.
    Dropped,
    /// Joined into another one that readers know.
    Merged,
    /// Joined into another one while the back-catalogue is read: nothing to announce.
    Joined,
    /// Hidden by the staff.
    Hidden,
    /// Taken out for good by the staff.
    Purged,
}

impl What {
    fn as_str(self) -> &'static str {
        match self {
            What::New => "new",
            What::Back => "back",
            What::Edited => "edited",
            What::Dressed => "dressed",
            What::Withdrawn => "withdrawn",
            What::Dropped => "dropped",
            What::Merged => "merged",
            What::Joined => "joined",
            What::Hidden => "hidden",
            What::Purged => "purged",
        }
    }
}

/// Undated releases of a first crawl stand below everything dated: from here upwards, in microseconds (year 1843).
const BOTTOM: i64 = -4_000_000_000_000_000;
/// No date that we accept is earlier (the year 1890).
const LOWEST_DATE: i64 = -2_500_000_000_000_000;
/// Releases of one instant get the following microseconds.
const INSTANT: i64 = 1_000_000;

impl Settling<'_> {
    /// The stored release `id`.
    pub fn row(&self, id: &ReleaseId) -> Result<Option<ReleaseRow>, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT anchor, shown, hidden, merged_into, since, release, own_labels FROM release WHERE id = ?1",
        )?;
        let mut found = statement.query([id.as_str()])?;
        let Some(row) = found.next()? else { return Ok(None) };
        let into: Option<String> = row.get(3)?;
        Ok(Some(ReleaseRow {
            anchor: row.get::<_, Option<i64>>(0)?.map(PublicationId),
            shown: row.get(1)?,
            hidden: row.get(2)?,
            merged_into: into.map(|into| rows::id("release", into)).transpose()?,
            since: rows::time(row.get(4)?)?,
            own_labels: row.get(6)?,
            release: rows::from_json("release", &row.get::<_, String>(5)?)?,
        }))
    }

    /// Writes a release whole, but for the text of an imported one.
    pub fn put_row(&mut self, row: &ReleaseRow) -> Result<(), StoreError> {
        let release = &row.release;
        // A release that was joined keeps its row for the redirect, but its rank may pass to the one it joined.
        let rank = row.merged_into.is_none().then_some(release.rank);
        self.t
            .prepare_cached(
                "INSERT INTO release(id, anchor, shown, hidden, merged_into, since, rank, first_seen, updated, undated,
                 title, release, own_labels) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                 ON CONFLICT(id) DO UPDATE SET anchor = ?2, shown = ?3, hidden = ?4, merged_into = ?5, since = ?6,
                 rank = ?7, first_seen = ?8, updated = ?9, undated = ?10, title = ?11, release = ?12, own_labels = ?13",
            )?
            .execute((
                release.id.as_str(),
                row.anchor.map(|anchor| anchor.0),
                row.shown,
                row.hidden,
                row.merged_into.as_ref().map(ReleaseId::as_str),
                row.since.as_microsecond(),
                rank,
                release.first_seen.as_microsecond(),
                release.updated.as_microsecond(),
                release.published.is_none(),
                &release.title,
                rows::json("release", release)?,
                row.own_labels,
            ))?;
        let id = release.id.as_str();
        self.t.prepare_cached("DELETE FROM release_member WHERE release = ?1")?.execute([id])?;
        let mut member = self.t.prepare_cached(
            "INSERT INTO release_member(release, member) VALUES (?1, ?2) ON CONFLICT(release, member) DO NOTHING",
        )?;
        for of in release.members.iter().filter(|_| row.merged_into.is_none()) {
            member.execute((id, of.id.as_str()))?;
        }
        Ok(())
    }

    /// Writes the text of an imported release: it shows this one, others show that of their lead.
    pub fn put_own_text(&mut self, id: &ReleaseId, text: &ReleaseText) -> Result<(), StoreError> {
        self.t
            .prepare_cached("UPDATE release SET own_text = ?2 WHERE id = ?1")?
            .execute((id.as_str(), rows::packed("release", text)?))?;
        Ok(())
    }

    /// Everything that redirects to `from` redirects to `into` from now on.
    pub fn redirect(&mut self, from: &ReleaseId, into: &ReleaseId) -> Result<(), StoreError> {
        self.t
            .prepare_cached("UPDATE release SET merged_into = ?2 WHERE merged_into = ?1")?
            .execute((from.as_str(), into.as_str()))?;
        Ok(())
    }

    /// Whether no release has this rank.
    pub fn is_free_rank(&self, rank: i64) -> Result<bool, StoreError> {
        let mut statement = self.t.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM release WHERE rank = ?1)")?;
        Ok(statement.query_row([rank], |row| row.get(0))?)
    }

    /// The rank nearest to `at` (microseconds) that no release has, at or after it.
    pub fn free_rank(&self, at: i64) -> Result<i64, StoreError> {
        let mut wanted = at;
        loop {
            let end = wanted.saturating_add(INSTANT);
            let highest: Option<i64> = self
                .t
                .prepare_cached("SELECT max(rank) FROM release WHERE rank >= ?1 AND rank < ?2")?
                .query_row((wanted, end), |row| row.get(0))?;
            match highest {
                None => return Ok(wanted),
                Some(highest) if highest + 1 < end => return Ok(highest + 1),
                Some(_) => wanted = end,
            }
        }
    }

    /// A rank below everything dated, above the undated ones before it.
    pub fn bottom_rank(&self) -> Result<i64, StoreError> {
        let highest: Option<i64> = self
            .t
            .prepare_cached("SELECT max(rank) FROM release WHERE rank < ?1")?
            .query_row([LOWEST_DATE], |row| row.get(0))?;
        Ok(highest.map_or(BOTTOM, |highest| highest + 1))
    }

    /// Tells readers, feeds and the index what happened; the first call writes the tick. `title` is the title before.
    pub fn tell(&mut self, id: &ReleaseId, what: What, title: &str, detail: &str) -> Result<(), StoreError> {
        self.write_tick()?;
        self.t
            .prepare_cached("INSERT INTO change(tick, release, what, title, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((self.next.seq as i64, id.as_str(), what.as_str(), title, detail))?;
        Ok(())
    }

    /// Writes the tick of this settle, once: also where no release changed, but all look different.
    pub fn write_tick(&mut self) -> Result<(), StoreError> {
        if !self.ticked {
            self.t.prepare_cached("INSERT INTO tick(seq, at, cause) VALUES (?1, ?2, ?3)")?.execute((
                self.next.seq as i64,
                self.next.at.as_microsecond(),
                self.cause,
            ))?;
            self.ticked = true;
        }
        Ok(())
    }

    /// Adds a version of a release: what it said from now on.
    pub fn add_version(&mut self, id: &ReleaseId, hash: &[u8], reading: Option<ReadingId>) -> Result<(), StoreError> {
        self.t
            .prepare_cached(
                "INSERT INTO version(release, n, hash, reading, at)
                 SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4 FROM version WHERE release = ?1",
            )?
            .execute((id.as_str(), hash, reading.map(|reading| reading.0), self.now.as_microsecond()))?;
        Ok(())
    }

    /// Ids of all releases that are not joined into another, in the order in which they were written first.
    pub fn releases(&self) -> Result<Vec<ReleaseId>, StoreError> {
        let mut statement = self.t.prepare_cached("SELECT id FROM release WHERE merged_into IS NULL ORDER BY rowid")?;
        let ids = statement.query_and_then([], |row| rows::id("release", row.get(0)?))?;
        ids.collect()
    }

    /// The text of an imported release.
    pub fn own_text(&self, id: &ReleaseId) -> Result<Option<ReleaseText>, StoreError> {
        let text: Option<Option<Vec<u8>>> = self
            .t
            .prepare_cached("SELECT own_text FROM release WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?;
        text.flatten().map(|text| rows::unpacked("release", &text)).transpose()
    }

    /// Whether the id belongs to a release, or to a publication that was born with it.
    pub fn is_taken(&self, id: &ReleaseId) -> Result<bool, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM publication WHERE birth_release = ?1)
             OR EXISTS (SELECT 1 FROM release WHERE id = ?1)",
        )?;
        Ok(statement.query_row([id.as_str()], |row| row.get(0))?)
    }

    /// A fact about the store by name: `presentation`, `authority`, `labelling`.
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        meta::get(self.t, name)
    }

    /// Writes a fact about the store.
    pub fn put_fact(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        meta::put(self.t, name, value)
    }
}
