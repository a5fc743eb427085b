//! What is still to be fetched. Survives `kill -9`: a task is there until it is finished.

use super::{Store, StoreError, rows, tombstone::Graves};
use crate::model::MemberId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Row, Transaction};

/// Number of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub i64);

/// Something to fetch, as the planner says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Address to fetch.
    pub url: String,
    /// Why, in the planner's words; with member and address the key.
    pub purpose: String,
    /// What the planner needs when the answer comes, JSON text; may be empty.
    pub payload: String,
    /// Higher goes first.
    pub priority: i64,
    /// Address of the [`Source`](super::Source) that named it; empty when no source did.
    pub source: String,
}

impl NewTask {
    /// A task of priority 0 without payload that no source named.
    pub fn new(url: impl Into<String>, purpose: impl Into<String>) -> Self {
        Self { url: url.into(), purpose: purpose.into(), payload: String::new(), priority: 0, source: String::new() }
    }

    /// The same task as named by the source at `url`.
    pub fn from_source(mut self, url: impl Into<String>) -> Self {
        self.source = url.into();
        self
    }
}

/// A task taken from the frontier, leased until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// Whose frontier it is in.
    pub member: MemberId,
    /// What to do.
    pub task: NewTask,
    /// How often it failed.
    pub failures: u32,
}

/// How a frontier stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that may be taken now.
    pub due: u64,
    /// Tasks taken and not yet finished.
    pub leased: u64,
    /// Tasks that wait for their time.
    pub later: u64,
    /// The earliest time at which one of those may be taken.
    pub next: Option<Timestamp>,
}

/// Longest pause before a task is tried again: 40 days, in microseconds.
const LONGEST_WAIT: i64 = 40 * 24 * 3_600 * 1_000_000;

impl Store {
    /// Adds tasks. One that is there already (same member, address and purpose) stays as it is, but takes the higher
    /// priority. Gives the number added.
    pub fn add_tasks(&self, member: &MemberId, tasks: &[NewTask]) -> Result<usize, StoreError> {
        self.pool.write(|t| add(t, member.as_str(), tasks))
    }

    /// Takes up to `limit` due tasks, highest priority first, then oldest, and leases them for `lease`. A lease that
    /// runs out makes the task due again.
    pub fn take_tasks(&self, member: &MemberId, limit: usize, lease: SignedDuration) -> Result<Vec<Task>, StoreError> {
        let now = self.pool.now();
        let until = now.saturating_add(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX));
        self.pool.write(|t| {
            let mut statement = t.prepare_cached(
                "SELECT id, member, url, purpose, payload, priority, source, failures FROM frontier
                 WHERE member = ?1 AND due <= ?2 AND lease <= ?2 ORDER BY priority DESC, id LIMIT ?3",
            )?;
            let taken: Vec<Task> = statement
                .query_and_then((member.as_str(), now, rows::int(limit)), from_row)?
                .collect::<Result<_, _>>()?;
            let mut leased = t.prepare_cached("UPDATE frontier SET lease = ?2 WHERE id = ?1")?;
            for task in &taken {
                leased.execute((task.id.0, until))?;
            }
            Ok(taken)
        })
    }

    /// Ends a task, whatever came of it, and adds what follows from it in the same transaction. Gives the number added.
    pub fn finish_task(&self, id: TaskId, more: &[NewTask]) -> Result<usize, StoreError> {
        self.pool.write(|t| {
            let mut statement = t.prepare_cached("DELETE FROM frontier WHERE id = ?1 RETURNING member")?;
            let member = statement.query_map([id.0], |row| row.get::<_, String>(0))?.next().transpose()?;
            match member {
                Some(member) => add(t, &member, more),
                None => Ok(0),
            }
        })
    }

    /// Puts a task back until `at`, counting a failure.
    pub fn retry_task(&self, id: TaskId, at: Timestamp, error: &str) -> Result<(), StoreError> {
        self.pool.write(|t| {
            t.prepare_cached(
                "UPDATE frontier SET due = ?2, lease = 0, failures = failures + 1, error = ?3 WHERE id = ?1",
            )?
            .execute((id.0, at.as_microsecond(), error))?;
            Ok(())
        })
    }

    /// Puts a task back as it was: it was taken, but never tried (the program stops, the day's budget is spent).
    pub fn release_task(&self, id: TaskId, due: Option<Timestamp>) -> Result<(), StoreError> {
        self.pool.write(|t| {
            t.prepare_cached("UPDATE frontier SET due = coalesce(?2, due), lease = 0 WHERE id = ?1")?
                .execute((id.0, rows::micros(due)))?;
            Ok(())
        })
    }

    /// How the frontier of a member stands.
    pub fn tasks(&self, member: &MemberId) -> Result<Counts, StoreError> {
        let now = self.pool.now();
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT coalesce(sum(lease > ?2), 0), coalesce(sum(lease <= ?2 AND due <= ?2), 0),
                 coalesce(sum(lease <= ?2 AND due > ?2), 0), min(CASE WHEN lease <= ?2 AND due > ?2 THEN due END)
                 FROM frontier WHERE member = ?1",
            )?;
            let (leased, due, later, next) = statement.query_row((member.as_str(), now), |row| {
                let count = |column| row.get(column).map(rows::natural);
                Ok((count(0)?, count(1)?, count(2)?, row.get(3)?))
            })?;
            Ok(Counts { due, leased, later, next: rows::maybe_time(next)? })
        })
    }

    /// Makes every leased task due: only the holder leases, so at its start no lease can be alive. A task that would
    /// wait longer than any pause we make was put back while the clock of the machine was wrong: it is due too.
    pub(super) fn drop_leases(&self) -> Result<(), StoreError> {
        let latest = self.pool.now().saturating_add(LONGEST_WAIT);
        self.pool.write(|t| {
            t.execute("UPDATE frontier SET lease = 0 WHERE lease > 0", [])?;
            t.execute("UPDATE frontier SET due = 0 WHERE due > ?1", [latest])?;
            Ok(())
        })
    }
}

fn add(t: &Transaction<'_>, member: &str, tasks: &[NewTask]) -> Result<usize, StoreError> {
    let mut insert = t.prepare_cached(
        "INSERT INTO frontier(member, url, purpose, payload, priority, source, due, lease, failures)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0) ON CONFLICT(member, url, purpose) DO NOTHING",
    )?;
    let mut raise = t.prepare_cached(
        "UPDATE frontier SET priority = ?4 WHERE member = ?1 AND url = ?2 AND purpose = ?3 AND priority < ?4",
    )?;
    let mut added = 0;
    let graves = Graves::of(t)?;
    for task in tasks {
        // What was taken out for good is not asked for again.
        if let Some(graves) = &graves
            && graves.hold_page(t, &task.url)?
        {
            continue;
        }
        match insert.execute((member, &task.url, &task.purpose, &task.payload, task.priority, &task.source))? {
            0 => {
                raise.execute((member, &task.url, &task.purpose, task.priority))?;
            }
            _ => added += 1,
        }
    }
    Ok(added)
}

fn from_row(row: &Row<'_>) -> Result<Task, StoreError> {
    Ok(Task {
        id: TaskId(row.get(0)?),
        member: rows::id("frontier", row.get(1)?)?,
        task: NewTask {
            url: row.get(2)?,
            purpose: row.get(3)?,
            payload: row.get(4)?,
            priority: row.get(5)?,
            source: row.get(6)?,
        },
        failures: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{member, moving_store};

    const MINUTE: SignedDuration = SignedDuration::from_secs(60);

    fn urls(tasks: &[Task]) -> Vec<&str> {
        tasks.iter().map(|task| task.task.url.as_str()).collect()
    }

    #[test]
    fn the_most_urgent_task_comes_first_and_only_once() {
        let (_dir, store, _time) = moving_store();
        let low = NewTask::new("low", "page");
        let high = NewTask { priority: 5, ..NewTask::new("high", "page") };
        assert_eq!(store.add_tasks(&member(), &[low.clone(), high.clone(), low.clone()]).unwrap(), 2);
        let raised = NewTask { priority: 9, ..low };
        assert_eq!(store.add_tasks(&member(), &[raised]).unwrap(), 0);
        let taken = store.take_tasks(&member(), 1, MINUTE).unwrap();
        assert_eq!(urls(&taken), ["low"]);
        assert_eq!(urls(&store.take_tasks(&member(), 9, MINUTE).unwrap()), ["high"]);
        assert!(store.take_tasks(&member(), 9, MINUTE).unwrap().is_empty());
        assert_eq!(store.tasks(&member()).unwrap(), Counts { leased: 2, ..Counts::default() });
    }

    #[test]
    fn what_was_in_flight_comes_back() {
        let (_dir, store, time) = moving_store();
        store.add_tasks(&member(), &[NewTask::new("a", "page")]).unwrap();
        store.take_tasks(&member(), 1, MINUTE).unwrap();
        time.forward(61);
        assert_eq!(urls(&store.take_tasks(&member(), 1, MINUTE).unwrap()), ["a"], "the lease ran out");
        let hold = store.hold("crawl").unwrap();
        let again = store.take_tasks(&member(), 1, MINUTE).unwrap();
        assert_eq!(urls(&again), ["a"], "a new holder drops leases");
        store.retry_task(again[0].id, store.clock().now() + MINUTE, "503").unwrap();
        assert!(store.take_tasks(&member(), 1, MINUTE).unwrap().is_empty());
        assert_eq!(store.tasks(&member()).unwrap().later, 1);
        time.forward(61);
        let late = store.take_tasks(&member(), 1, MINUTE).unwrap();
        assert_eq!(late[0].failures, 1);
        assert_eq!(store.finish_task(late[0].id, &[NewTask::new("b", "page")]).unwrap(), 1);
        assert_eq!(store.finish_task(late[0].id, &[NewTask::new("c", "page")]).unwrap(), 0, "ended already");
        assert_eq!(store.tasks(&member()).unwrap().due, 1);
        drop(hold);
    }

    #[test]
    fn a_clock_that_was_wrong_makes_no_task_wait_for_years() {
        let (_dir, store, time) = moving_store();
        store.add_tasks(&member(), &[NewTask::new("a", "page")]).unwrap();
        let task = store.take_tasks(&member(), 1, MINUTE).unwrap().remove(0);
        let ten_years = SignedDuration::from_hours(24 * 3_652);
        store.retry_task(task.id, store.clock().now() + ten_years, "503").unwrap();
        assert!(store.take_tasks(&member(), 1, MINUTE).unwrap().is_empty());
        store.hold("crawl").unwrap();
        assert_eq!(store.take_tasks(&member(), 1, MINUTE).unwrap().len(), 1);
        // A day back: what is new is due at once all the same.
        time.forward(-86_400);
        store.add_tasks(&member(), &[NewTask::new("b", "page")]).unwrap();
        assert_eq!(store.take_tasks(&member(), 1, MINUTE).unwrap().len(), 1);
    }
}
