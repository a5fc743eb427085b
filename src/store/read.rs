//! What the doors read: releases as stored, never regrouped.

use super::StoreError;
use crate::model::{MemberId, Release, ReleaseId, ReleaseText};
use jiff::Timestamp;

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
pub struct Reader {}

impl Reader {
    /// What `id` stands for today.
    pub fn release(&self, id: &ReleaseId) -> Result<Lookup, StoreError> {
        let _ = id;
        Ok(Lookup::Unknown)
    }

    /// The text of a visible release.
    pub fn text(&self, id: &ReleaseId) -> Result<Option<ReleaseText>, StoreError> {
        let _ = id;
        Ok(None)
    }

    /// The newest tick.
    pub fn tick(&self) -> Result<Tick, StoreError> {
        Ok(Tick { seq: 0, at: Timestamp::UNIX_EPOCH })
    }

    /// How each known member stands.
    pub fn members(&self) -> Result<Vec<MemberStatus>, StoreError> {
        Ok(Vec::new())
    }

    /// The newest `limit` corrections, newest first.
    pub fn corrections(&self, limit: usize) -> Result<Vec<Correction>, StoreError> {
        let _ = limit;
        Ok(Vec::new())
    }

    /// The authority of our `tag:` ids (`host,date`), minted once.
    pub fn authority(&self) -> Result<String, StoreError> {
        Ok(String::new())
    }
}
