//! Pages that cannot be had any more: how often must we see that before we believe it?

use super::{PublicationId, Store, StoreError, page::find};
use rusqlite::Transaction;

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

impl Absence {
    fn as_str(self) -> &'static str {
        match self {
            Absence::Gone => "gone",
            Absence::SoftGone => "soft-gone",
            Absence::Password => "password",
            Absence::NoIndex => "noindex",
            Absence::Empty => "empty",
            Absence::Forbidden => "forbidden",
        }
    }
}

impl Store {
    /// Notes that a page cannot be had. Counted once a round (see [`Store::begin_round`]).
    pub fn absent(&self, url: &str, why: Absence) -> Result<Absent, StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| match find(t, url)? {
            Some(id) => note_absence(t, id, why, now),
            None => Ok(Absent::Unknown),
        })
    }
}

/// The page is there: forgets what was noted of its absence; one that was withdrawn is up for the next settle.
pub(super) fn present(t: &Transaction<'_>, id: PublicationId) -> Result<(), StoreError> {
    t.prepare_cached(
        "UPDATE publication SET pending = CASE WHEN standing = 'missing' THEN pending ELSE max(pending, 1) END,
         standing = 'live', moved_to = NULL, absences = 0, absent_why = NULL, absent_since = NULL
         WHERE id = ?1 AND standing <> 'live'",
    )?
    .execute([id.0])?;
    Ok(())
}

/// How many rounds must have seen a page missing before it counts as withdrawn.
const CONFIRMATIONS: u32 = 2;
/// As many when a good part of the site is missing at once: then the site is broken rather than cleared.
const CONFIRMATIONS_OF_MANY: u32 = 5;
/// So many pages missing in this round or the one before, and more than one in five, are a good part.
const MANY: i64 = 10;

/// How many confirmations a page needs when as many pages are missing as now.
fn confirmations(t: &Transaction<'_>, id: PublicationId, round: i64) -> Result<u32, StoreError> {
    let missing: i64 = t
        .prepare_cached(
            "SELECT count(*) FROM publication WHERE absent_round >= ?2 - 1 AND absences > 0
             AND member = (SELECT member FROM publication WHERE id = ?1)",
        )?
        .query_row((id.0, round), |row| row.get(0))?;
    if missing < MANY {
        return Ok(CONFIRMATIONS);
    }
    let all: i64 = t
        .prepare_cached(
            "SELECT count(*) FROM publication WHERE member = (SELECT member FROM publication WHERE id = ?1)",
        )?
        .query_row([id.0], |row| row.get(0))?;
    Ok(if missing * 5 > all { CONFIRMATIONS_OF_MANY } else { CONFIRMATIONS })
}

/// Notes that the page cannot be had; the second round that says so withdraws it.
pub(super) fn note_absence(
    t: &Transaction<'_>,
    id: PublicationId,
    why: Absence,
    now: i64,
) -> Result<Absent, StoreError> {
    let (standing, absences, counted_in, round): (String, u32, i64, i64) = t
        .prepare_cached(
            "SELECT p.standing, p.absences, p.absent_round, coalesce(m.round, 0)
             FROM publication p LEFT JOIN member m ON m.id = p.member WHERE p.id = ?1",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    if standing == "withdrawn" {
        return Ok(Absent::Withdrawn);
    }
    let counts = why != Absence::Forbidden && counted_in != round && standing != "moved";
    let absences = absences + u32::from(counts);
    let withdrawn = absences >= CONFIRMATIONS && absences >= confirmations(t, id, round)?;
    let standing = match (withdrawn, absences) {
        (true, _) => "withdrawn",
        (false, 0) => standing.as_str(),
        (false, _) if standing == "moved" => "moved",
        (false, _) => "missing",
    };
    t.prepare_cached(
        "UPDATE publication SET standing = ?2, absences = ?3, absent_round = CASE WHEN ?4 THEN ?5 ELSE absent_round END,
         absent_why = ?6, absent_since = coalesce(absent_since, ?7), visited = ?7,
         pending = CASE WHEN ?8 THEN max(pending, 1) ELSE pending END WHERE id = ?1",
    )?
    .execute((id.0, standing, absences, counts, round, why.as_str(), now, withdrawn))?;
    Ok(if withdrawn { Absent::Withdrawn } else { Absent::Noted(absences) })
}
