//! How the reading of a member goes: rounds, health, completeness.

use super::{Store, StoreError};
use crate::model::MemberId;
use jiff::Timestamp;

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
        let _ = member;
        unimplemented!()
    }

    /// Begins a round and gives its number. A round that was killed is taken up again under its number.
    pub fn begin_round(&self, member: &MemberId) -> Result<u64, StoreError> {
        let _ = member;
        unimplemented!()
    }

    /// Ends the round: sets last read, failing and complete since.
    pub fn end_round(&self, member: &MemberId, end: &RoundEnd) -> Result<(), StoreError> {
        let _ = (member, end);
        unimplemented!()
    }

    /// Writes the crawler's own memory of a member.
    pub fn put_member_memory(&self, member: &MemberId, memory: &str) -> Result<(), StoreError> {
        let _ = (member, memory);
        unimplemented!()
    }
}
