//! How the reading of a member goes: rounds, health, completeness.

use super::{Store, StoreError, rows};
use crate::model::MemberId;
use jiff::Timestamp;
use rusqlite::Connection;

/// What is remembered of a member between rounds. `Default` is a member never visited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberState {
    /// Number of the newest round; 0 before the first.
    pub round: u64,
    /// When the newest round began.
    pub began: Option<Timestamp>,
    /// When it ended; `None` while it runs, or when it was killed.
    pub ended: Option<Timestamp>,
    /// Begin of the last round that reached the site.
    pub last_read: Option<Timestamp>,
    /// Since when every known page has been read; `None` while a first crawl runs.
    pub complete_since: Option<Timestamp>,
    /// Since when rounds fail.
    pub failing_since: Option<Timestamp>,
    /// Why the last round failed.
    pub error: Option<String>,
    /// What the crawler wants to remember (detected system, rhythm, next visit), JSON text; may be empty.
    pub memory: String,
}

/// How a round ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundEnd {
    /// The site answered, and nothing is left to fetch.
    Complete,
    /// The site answered, but tasks are left (stopped, budget spent, pages that fail).
    Partial,
    /// The site could not be reached.
    Failed(String),
}

impl Store {
    /// What is remembered of a member.
    pub fn member(&self, member: &MemberId) -> Result<MemberState, StoreError> {
        self.pool.read(|c| load(c, member.as_str()))
    }

    /// Begins a round and gives its number. A round that was killed is taken up again under its number.
    pub fn begin_round(&self, member: &MemberId) -> Result<u64, StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| {
            Ok(t.prepare_cached(
                "INSERT INTO member(id, round, began, memory) VALUES (?1, 1, ?2, '')
                 ON CONFLICT(id) DO UPDATE SET round = CASE WHEN member.ended IS NULL AND member.round > 0
                 THEN member.round ELSE member.round + 1 END, began = ?2, ended = NULL RETURNING round",
            )?
            .query_row((member.as_str(), now), |row| row.get(0).map(rows::natural))?)
        })
    }

    /// Ends the round: sets last read, failing and complete since.
    pub fn end_round(&self, member: &MemberId, end: &RoundEnd) -> Result<(), StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| {
            let mut state = load(t, member.as_str())?;
            let (ended, failed) = (Some(rows::time(now)?), matches!(end, RoundEnd::Failed(_)));
            state.ended = ended;
            state.failing_since = if failed { state.failing_since.or(ended) } else { None };
            state.error = match end {
                RoundEnd::Failed(why) => Some(why.clone()),
                _ => None,
            };
            if !failed {
                state.last_read = state.began;
            }
            if *end == RoundEnd::Complete {
                state.complete_since = state.complete_since.or(ended);
            }
            t.prepare_cached(
                "UPDATE member SET ended = ?2, failing_since = ?3, error = ?4, last_read = ?5, complete_since = ?6
                 WHERE id = ?1",
            )?
            .execute((
                member.as_str(),
                now,
                rows::micros(state.failing_since),
                state.error,
                rows::micros(state.last_read),
                rows::micros(state.complete_since),
            ))?;
            Ok(())
        })
    }

    /// Writes the crawler's own memory of a member.
    pub fn put_member_memory(&self, member: &MemberId, memory: &str) -> Result<(), StoreError> {
        self.pool.write(|t| {
            t.prepare_cached(
                "INSERT INTO member(id, round, memory) VALUES (?1, 0, ?2)
                 ON CONFLICT(id) DO UPDATE SET memory = ?2 WHERE member.memory <> ?2",
            )?
            .execute((member.as_str(), memory))?;
            Ok(())
        })
    }
}

/// The state of a member; one never visited is the default.
pub(super) fn load(connection: &Connection, member: &str) -> Result<MemberState, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT round, began, ended, last_read, complete_since, failing_since, error, memory FROM member WHERE id = ?1",
    )?;
    let mut found = statement.query([member])?;
    let Some(row) = found.next()? else { return Ok(MemberState::default()) };
    Ok(MemberState {
        round: rows::natural(row.get(0)?),
        began: rows::maybe_time(row.get(1)?)?,
        ended: rows::maybe_time(row.get(2)?)?,
        last_read: rows::maybe_time(row.get(3)?)?,
        complete_since: rows::maybe_time(row.get(4)?)?,
        failing_since: rows::maybe_time(row.get(5)?)?,
        error: row.get(6)?,
        memory: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{member, moving_store};

    #[test]
    fn a_failing_site_keeps_what_it_had() {
        let (_dir, store, time) = moving_store();
        assert_eq!(store.begin_round(&member()).unwrap(), 1);
        assert_eq!(store.begin_round(&member()).unwrap(), 1, "killed, and taken up again");
        store.end_round(&member(), &RoundEnd::Complete).unwrap();
        let good = store.member(&member()).unwrap();
        time.forward(60);
        assert_eq!(store.begin_round(&member()).unwrap(), 2);
        store.end_round(&member(), &RoundEnd::Failed("connection refused".to_owned())).unwrap();
        let since = store.member(&member()).unwrap().failing_since;
        time.forward(60);
        store.begin_round(&member()).unwrap();
        store.end_round(&member(), &RoundEnd::Failed("timed out".to_owned())).unwrap();
        let bad = store.member(&member()).unwrap();
        assert_eq!((bad.last_read, bad.complete_since), (good.last_read, good.complete_since));
        assert_eq!((bad.failing_since, bad.error.as_deref()), (since, Some("timed out")));
        time.forward(60);
        store.begin_round(&member()).unwrap();
        store.end_round(&member(), &RoundEnd::Partial).unwrap();
        let mended = store.member(&member()).unwrap();
        assert_eq!((mended.failing_since, mended.error, mended.round), (None, None, 4));
        assert_eq!(mended.complete_since, good.complete_since);
    }
}
