//! What `publish` does inside one writer transaction: publications that wait, their likenesses, their membership.
//!
//! Nobody else changes what readers see. The rows of releases, ticks and changes are in `release.rs`.

use super::{
    PublicationId, Standing, Store, StoreError, Tick,
    page::{Known, keys, load},
    read::newest_tick,
    rows,
};
use crate::{
    model::{Draft, ReleaseId},
    reconcile::KeyKind,
};
use jiff::Timestamp;
use rusqlite::Transaction;

/// Number of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReadingId(pub i64);

/// A publication as a settle sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The page.
    pub known: Known,
    /// Every other address known for it.
    pub aliases: Vec<String>,
    /// The id it was born with.
    pub birth: ReleaseId,
    /// Where it moved to.
    pub moved_to: Option<PublicationId>,
    /// Whether its source was in its first crawl when it was born.
    pub backfill: bool,
    /// What changed since the last settle.
    pub pending: Pending,
    /// What changed, in words.
    pub detail: String,
    /// The newest reading.
    pub reading: ReadingId,
    /// What that reading says.
    pub draft: Draft,
    /// Its substance, hashed.
    pub substance: Vec<u8>,
    /// The release it belongs to so far.
    pub release: Option<ReleaseId>,
    /// The reading that readers see so far.
    pub shown: Option<ReadingId>,
}

impl Piece {
    /// Whether readers may see it: an item that is there, or whose absence is not confirmed.
    pub fn is_live(&self) -> bool {
        self.known.item && matches!(self.known.standing, Standing::Live | Standing::Missing)
    }
}

/// How much a publication has changed since the last settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pending {
    /// Not at all.
    Nothing,
    /// In dress or standing.
    Dress,
    /// In words, figures, names or dates, or it is new.
    Substance,
}

/// Publications taken from one bucket of likenesses: boilerplate makes large ones that prove nothing.
const BUCKET: i64 = 64;

/// One settle, inside its transaction. What it changes becomes visible together, as one tick.
pub struct Settling<'a> {
    pub(super) t: &'a Transaction<'a>,
    pub(super) now: Timestamp,
    pub(super) cause: &'a str,
    pub(super) next: Tick,
    pub(super) ticked: bool,
}

impl Store {
    /// Runs `work` in one writer transaction. The tick is written with the first change that `work` makes, and given
    /// back; nothing visible changed, no tick. `cause` says what made it, for people: `crawl`, `import`, `hide`.
    pub fn settle<T, E: From<StoreError>>(
        &self,
        cause: &str,
        work: impl FnOnce(&mut Settling<'_>) -> Result<T, E>,
    ) -> Result<(T, Option<Tick>), E> {
        let now = self.clock().now();
        self.pool.write(|t| {
            let next = following(newest_tick(t)?, now)?;
            let mut settling = Settling { t, now, cause, next, ticked: false };
            let done = work(&mut settling)?;
            Ok((done, settling.ticked.then_some(settling.next)))
        })
    }
}

/// The tick after `last`: one second later at least, whatever the clock of the machine says.
fn following(last: Tick, now: Timestamp) -> Result<Tick, StoreError> {
    let second = if last.seq == 0 { now.as_second() } else { now.as_second().max(last.at.as_second() + 1) };
    let at = Timestamp::from_second(second).map_err(|error| rows::damaged("tick", error))?;
    Ok(Tick { seq: last.seq + 1, at })
}

impl Settling<'_> {
    /// The time of the transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The tick that the first change will write.
    pub fn tick(&self) -> Tick {
        self.next
    }

    /// Publications that changed since the last settle, in order of birth.
    pub fn pending(&self) -> Result<Vec<PublicationId>, StoreError> {
        let mut statement = self.t.prepare_cached("SELECT id FROM publication WHERE pending > 0 ORDER BY id")?;
        let ids = statement.query_map([], |row| row.get(0).map(PublicationId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// A publication with its newest reading.
    pub fn piece(&self, id: PublicationId) -> Result<Piece, StoreError> {
        let page = load(self.t, id)?;
        let mut statement = self.t.prepare_cached(
            "SELECT p.birth_release, p.moved_to, p.backfill, p.pending, p.pending_detail, p.reading, r.substance, m.release, m.reading
             FROM publication p JOIN reading r ON r.id = p.reading LEFT JOIN membership m ON m.publication = p.id
             WHERE p.id = ?1",
        )?;
        let mut found = statement.query([id.0])?;
        let row = found.next()?.ok_or_else(|| rows::damaged("publication", format!("{} has no reading", id.0)))?;
        let release: Option<String> = row.get(7)?;
        Ok(Piece {
            known: page.known,
            aliases: page.aliases,
            birth: rows::id("publication", row.get(0)?)?,
            moved_to: row.get::<_, Option<i64>>(1)?.map(PublicationId),
            backfill: row.get(2)?,
            pending: match row.get(3)? {
                0 => Pending::Nothing,
                1 => Pending::Dress,
                _ => Pending::Substance,
            },
            detail: row.get(4)?,
            reading: ReadingId(row.get(5)?),
            draft: page.draft,
            substance: row.get(6)?,
            release: release.map(|release| rows::id("membership", release)).transpose()?,
            shown: row.get::<_, Option<i64>>(8)?.map(ReadingId),
        })
    }

    /// What a reading said.
    pub fn draft(&self, id: ReadingId) -> Result<Draft, StoreError> {
        let mut statement = self.t.prepare_cached("SELECT draft FROM reading WHERE id = ?1")?;
        let draft: Vec<u8> = statement.query_row([id.0], |row| row.get(0))?;
        rows::unpacked("reading", &draft)
    }

    /// The publication has been looked at.
    pub fn settled(&mut self, id: PublicationId) -> Result<(), StoreError> {
        self.t
            .prepare_cached("UPDATE publication SET pending = 0, pending_detail = '' WHERE id = ?1 AND pending > 0")?
            .execute([id.0])?;
        Ok(())
    }

    /// Replaces the keys under which copies and translations of a publication are found.
    pub fn put_keys(&mut self, id: PublicationId, keys: &[(KeyKind, i64)]) -> Result<(), StoreError> {
        self.t.prepare_cached("DELETE FROM fingerprint WHERE publication = ?1")?.execute([id.0])?;
        let mut insert =
            self.t.prepare_cached("INSERT INTO fingerprint(kind, value, publication) VALUES (?1, ?2, ?3)")?;
        for (kind, value) in keys {
            insert.execute((*kind as i64, value, id.0))?;
        }
        Ok(())
    }

    /// Other publications that have the key, in order of birth, the first 64.
    pub fn with_key(&self, kind: KeyKind, value: i64, but: PublicationId) -> Result<Vec<PublicationId>, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT publication FROM fingerprint WHERE kind = ?1 AND value = ?2 AND publication <> ?3
             ORDER BY publication LIMIT ?4",
        )?;
        let ids = statement.query_map((kind as i64, value, but.0, BUCKET), |row| row.get(0).map(PublicationId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Publications that moved to `id`, and the one to which it moved.
    pub fn moved_with(&self, id: PublicationId) -> Result<Vec<PublicationId>, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT id FROM publication WHERE moved_to = ?1
             UNION SELECT moved_to FROM publication WHERE id = ?1 AND moved_to IS NOT NULL ORDER BY 1",
        )?;
        let ids = statement.query_map([id.0], |row| row.get(0).map(PublicationId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Publications of a release, the lead first.
    pub fn members_of(&self, release: &ReleaseId) -> Result<Vec<PublicationId>, StoreError> {
        let mut statement =
            self.t.prepare_cached("SELECT publication FROM membership WHERE release = ?1 ORDER BY place")?;
        let ids = statement.query_map([release.as_str()], |row| row.get(0).map(PublicationId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Says that `pieces` (the lead first, each with the reason) are one release, as read now.
    pub fn join(&mut self, release: &ReleaseId, pieces: &[(&Piece, &str)]) -> Result<(), StoreError> {
        let mut put = self.t.prepare_cached(
            "INSERT INTO membership(publication, release, reading, place, why) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(publication) DO UPDATE SET release = ?2, reading = ?3, place = ?4, why = ?5",
        )?;
        let mut log = self.t.prepare_cached(
            "INSERT INTO group_log(at, publication, from_release, to_release, why) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (place, (piece, why)) in pieces.iter().enumerate() {
            let id = piece.known.publication.0;
            put.execute((id, release.as_str(), piece.reading.0, rows::int(place), why))?;
            let before = piece.release.as_ref().unwrap_or(&piece.birth);
            if before != release {
                log.execute((self.now.as_microsecond(), id, before.as_str(), release.as_str(), why))?;
            }
        }
        Ok(())
    }

    /// Publication dates (microseconds) of the pages that stand near this one in a listing or sitemap, those before it
    /// and those after it, nearest first; both empty when no document tells an order.
    pub fn neighbours(&self, piece: &Piece) -> Result<(Vec<i64>, Vec<i64>), StoreError> {
        let mut places =
            self.t.prepare_cached("SELECT found_on, position FROM evidence WHERE key = ?1 ORDER BY found_on")?;
        for key in keys(self.t, piece.known.publication)? {
            let found = places.query_map([key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
            for place in found.collect::<Result<Vec<_>, _>>()? {
                let (before, after) = self.dates_near(&place.0, place.1)?;
                if !before.is_empty() || !after.is_empty() {
                    return Ok((before, after));
                }
            }
        }
        Ok((Vec::new(), Vec::new()))
    }

    fn dates_near(&self, found_on: &str, position: i64) -> Result<(Vec<i64>, Vec<i64>), StoreError> {
        let side = |order: &str| {
            self.t.prepare_cached(&format!(
                "SELECT coalesce(p.published, e.published) FROM evidence e LEFT JOIN publication p ON p.key = e.key
                 WHERE e.found_on = ?1 AND e.position {order} LIMIT 10",
            ))
        };
        let dates = |mut statement: rusqlite::CachedStatement<'_>| -> Result<Vec<i64>, StoreError> {
            let found = statement.query_map((found_on, position), |row| row.get::<_, Option<i64>>(0))?;
            Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        };
        Ok((dates(side("< ?2 ORDER BY e.position DESC")?)?, dates(side("> ?2 ORDER BY e.position")?)?))
    }
}
