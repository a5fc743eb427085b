//! # Store: the record of everything, one SQLite database
//!
//! Floor 3. The only room that writes SQL. One writer connection behind a lock, a small pool of readers; the verbs take
//! and give model values and block briefly on the disk. A verb is one transaction: after a `kill -9` it has happened or
//! it has not.
//!
//! One file a noun: [`capture`](Capture) what came over the wire, [`source`](Source) feeds and sitemaps with their
//! health, [`frontier`](Task) what is still to be fetched, evidence what sources said of a page, [`page`](Reading)
//! publications and their readings, [`member`](MemberState) rounds, [`read`](Reader) what the doors read. What readers
//! see is written by `publish` alone, inside [`Store::settle`].
//!
//! To add a table: one more migration at the end of `schema.rs`; a migration that was released is never edited.

mod absence;
mod backup;
mod capture;
mod evidence;
mod examine;
mod explain;
mod follow;
mod frontier;
mod hold;
mod holding;
mod member;
mod meta;
mod mint;
mod page;
mod pool;
mod purge;
mod read;
mod record;
mod rejected;
mod release;
mod rows;
mod schema;
mod settle;
mod source;
#[cfg(test)]
pub(crate) mod testing;
mod tombstone;
mod upkeep;
mod word;

pub use absence::{Absence, Absent};
pub use backup::{Restored, restore};
pub use capture::{Capture, CaptureId};
pub use examine::{Examined, Fault, examine};
pub use explain::{Happening, Missing};
pub use follow::Indexed;
pub use frontier::{Counts, NewTask, Task, TaskId};
pub use hold::Hold;
pub use holding::{Belonging, Holding, Waiting};
pub use member::{MemberState, RoundEnd};
pub use meta::AUTHORITY;
pub use page::{Known, Outcome, Page, PublicationId, Reading, Recorded, Standing};
pub use purge::{Mentions, Taken, Traces};
pub use read::{Correction, Lookup, MemberStatus, Reader, Tick, paragraphs};
pub use rejected::Rejected;
pub use release::{ReleaseRow, What};
pub use settle::{Pending, Piece, ReadingId, Settling};
pub use source::Source;
pub use upkeep::Pruned;
pub use word::Word;

use crate::model::Clock;
use pool::Pool;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What can go wrong with the record.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("the store failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The database cannot be opened or written at all: no database, no permission, no space.
    #[error("cannot use {} as the store: {error}", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// The folder or a file in it cannot be used.
    #[error("cannot use {}: {error}", path.display())]
    Io {
        /// Folder or file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The database was written by a later version of this program.
    #[error("{} has schema {found}, this program knows {known}: use the newer program", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Our newest schema.
        known: i64,
    },
    /// The database belongs to another program.
    #[error("{} is not a store of this program", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// Another process holds the store.
    #[error("the store in {} is held by process {pid} ({purpose}): stop it first", path.display())]
    Held {
        /// Folder of the store.
        path: PathBuf,
        /// Process id of the holder.
        pid: String,
        /// What it does: `serve`, `crawl`, `reindex`, `demo`.
        purpose: String,
    },
    /// The system gives no random numbers, so no id can be made.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// Something is there already that was not to be replaced.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A backup that must not take the place of a record.
    #[error("{} is not sound, so it is not restored: {detail}", path.display())]
    Unsound {
        /// The backup.
        path: PathBuf,
        /// The first thing that is wrong.
        detail: String,
    },
    /// Two records with purges of their own: their tombstones do not fit together.
    #[error("both {} and the backup know purges that the other does not: restore into an empty folder", path.display())]
    OtherGraves {
        /// The record that was to be replaced.
        path: PathBuf,
    },
    /// It belongs to a page that was taken out for good.
    #[error("it was purged")]
    Purged,
    /// Another process reads an old state of the database and does not end.
    #[error("the log of the store cannot be emptied: another process reads an old state; run the command again")]
    LogInUse,
    /// A stored value cannot be read back.
    #[error("damaged record in {table}: {detail}")]
    Damaged {
        /// Table, and row where known.
        table: &'static str,
        /// What is wrong with it.
        detail: String,
    },
}

/// The record, open for writing. Cheap to clone; every clone shares one writer.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Arc<Pool>,
}

impl Store {
    /// Opens the database in `dir`, made when missing, and brings its schema up to date, each step in one transaction.
    /// A database of a later version is refused untouched. `clock` gives every time that is written.
    pub fn open(dir: &Path, clock: Clock) -> Result<Store, StoreError> {
        Ok(Store { pool: Arc::new(Pool::open(dir, clock)?) })
    }

    /// Takes the lock of the process that crawls and writes the index (`serve`, `crawl`, `reindex`, `demo`), and drops
    /// the leases that a killed predecessor left. A second process gets [`StoreError::Held`], which names the first.
    /// Short commands write without it. Released when the value is dropped, or the process ends in any way.
    pub fn hold(&self, purpose: &str) -> Result<Hold, StoreError> {
        let hold = hold::take(&self.pool.dir, purpose)?;
        self.drop_leases()?;
        Ok(hold)
    }

    /// What the doors read from.
    pub fn reader(&self) -> Reader {
        Reader::new(self.pool.clone())
    }

    /// The clock given at [`Store::open`].
    pub fn clock(&self) -> &Clock {
        &self.pool.clock
    }
}
