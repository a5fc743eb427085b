//! What is still to be fetched. Survives `kill -9`: a task is there until it is finished.

use super::{Store, StoreError};
use crate::model::MemberId;
use jiff::{SignedDuration, Timestamp};

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

impl Store {
    /// Adds tasks. One that is there already (same member, address and purpose) stays as it is, but takes the higher
    /// priority. Gives the number added.
    pub fn add_tasks(&self, member: &MemberId, tasks: &[NewTask]) -> Result<usize, StoreError> {
        let _ = (member, tasks);
        unimplemented!()
    }

    /// Takes up to `limit` due tasks, highest priority first, then oldest, and leases them for `lease`. A lease that
    /// runs out makes the task due again.
    pub fn take_tasks(&self, member: &MemberId, limit: usize, lease: SignedDuration) -> Result<Vec<Task>, StoreError> {
        let _ = (member, limit, lease);
        unimplemented!()
    }

    /// Ends a task, whatever came of it, and adds what follows from it in the same transaction. Gives the number added.
    pub fn finish_task(&self, id: TaskId, more: &[NewTask]) -> Result<usize, StoreError> {
        let _ = (id, more);
        unimplemented!()
    }

    /// Puts a task back until `at`, counting a failure.
    pub fn retry_task(&self, id: TaskId, at: Timestamp, error: &str) -> Result<(), StoreError> {
        let _ = (id, at, error);
        unimplemented!()
    }

    /// Puts a task back as it was: it was taken, but never tried (the program stops, the day's budget is spent).
    pub fn release_task(&self, id: TaskId, due: Option<Timestamp>) -> Result<(), StoreError> {
        let _ = (id, due);
        unimplemented!()
    }

    /// How the frontier of a member stands.
    pub fn tasks(&self, member: &MemberId) -> Result<Counts, StoreError> {
        let _ = member;
        unimplemented!()
    }
}
