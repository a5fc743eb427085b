//! # Publish: what readers see changes here and nowhere else
//!
//! Floor 4. Takes the publications that changed since the last settle, groups them into releases, tags them, gives each
//! release its rank once, ticks the clock once a batch, commits the store, then the index. The index is derived: whatever
//! happens between the two commits, `catch_up` mends.

use crate::{
    config::Config,
    index::Index,
    store::{Store, StoreError, Tick},
};

/// Why nothing could be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The record failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed; the store is ahead of it, and the next `catch_up` mends it.
    #[error("cannot write the index: {0}")]
    Index(String),
}

/// What a settle brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// The tick that was written; `None` when nothing visible changed.
    pub tick: Option<Tick>,
    /// Releases that readers see for the first time.
    pub new: u64,
    /// Releases whose substance changed.
    pub changed: u64,
    /// Releases that look different but say the same.
    pub dressed: u64,
    /// Releases joined into another one.
    pub merged: u64,
    /// Releases withdrawn.
    pub withdrawn: u64,
}

/// Makes visible what changed in the store since the last settle: one writer transaction, one tick at most. Run it
/// after a member's round, and every `commit_every` during a first crawl; then bring the index up with `catch_up`.
pub fn settle(store: &Store, config: &Config) -> Result<Settled, PublishError> {
    let _ = (store, config);
    unimplemented!()
}

/// Brings the index to the newest tick, from the change list or, where it is too far behind or damaged, from scratch.
/// Gives the generation that it holds then.
pub fn catch_up(store: &Store, index: &Index) -> Result<u64, PublishError> {
    let _ = (store, index);
    unimplemented!()
}
