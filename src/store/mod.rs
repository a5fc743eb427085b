//! # Store: the record of everything, one SQLite database
//!
//! Floor 3. The only room that writes SQL. One writer thread, a small pool of readers; the verbs take and give model
//! values. What readers see is written by `publish` alone, through the verbs marked so.

mod read;

pub use read::{Correction, Lookup, MemberStatus, Reader, Tick};

/// What can go wrong with the record.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("the store failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
}
