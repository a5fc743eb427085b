//! The connections: one writer behind a lock, a few readers that are handed round.

use super::{StoreError, schema};
use crate::model::Clock;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Name of the database within the data folder.
pub(super) const FILE: &str = "communique.db";
/// How long a verb waits for another process that writes.
const BUSY: Duration = Duration::from_secs(30);
/// Readers that are kept open while idle.
const IDLE_READERS: usize = 4;
/// Pages that the writer keeps in memory, KiB: likenesses are looked up all over the file.
const WRITER_CACHE: i64 = 16 << 10;
/// Size to which the log is cut after a large transaction, bytes.
const LOG_BYTES: i64 = 64 << 20;
/// Prepared statements kept for each connection.
const STATEMENTS: usize = 128;

/// All connections to one database.
pub(super) struct Pool {
    /// Folder of the database.
    pub dir: PathBuf,
    /// Tells every time that is written.
    pub clock: Clock,
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({})", self.path.display())
    }
}

impl Pool {
    pub fn open(dir: &Path, clock: Clock) -> Result<Self, StoreError> {
        fs::create_dir_all(dir).map_err(|error| StoreError::Io { path: dir.to_owned(), error })?;
        let path = dir.join(FILE);
        let writer = ready(&path, &clock).map_err(|error| match error {
            StoreError::Sqlite(error) => StoreError::Open { path: path.clone(), error },
            other => other,
        })?;
        Ok(Self { dir: dir.to_owned(), clock, path, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Time now in microseconds.
    pub fn now(&self) -> i64 {
        self.clock.now().as_microsecond()
    }

    /// Runs `work` in one writer transaction, which is rolled back when it fails.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    /// Copies one consistent state into `to`, a new or empty file. Others read and write meanwhile.
    pub fn copy_into(&self, to: &Path) -> Result<(), StoreError> {
        let to = to.to_str().ok_or_else(|| StoreError::Io {
            path: to.to_owned(),
            error: std::io::Error::new(std::io::ErrorKind::InvalidInput, "the name is not UTF-8"),
        })?;
        connect(&self.path)?.execute("VACUUM INTO ?1", [to])?;
        Ok(())
    }

    /// Runs `work` on the writing connection, outside of a transaction.
    pub fn alone<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        Ok(work(&lock(&self.writer))?)
    }

    /// Runs `work` on one consistent state of the database.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut reader = match lock(&self.readers).pop() {
            Some(reader) => reader,
            None => {
                let reader = connect(&self.path)?;
                reader.pragma_update(None, "query_only", "ON")?;
                reader
            }
        };
        let state = reader.transaction()?;
        let done = work(&state);
        drop(state);
        let mut idle = lock(&self.readers);
        if idle.len() < IDLE_READERS {
            idle.push(reader);
        }
        done
    }
}

/// The writing connection, the schema up to date.
fn ready(path: &Path, clock: &Clock) -> Result<Connection, StoreError> {
    let mut writer = connect(path)?;
    schema::migrate(&mut writer, path, clock.now())?;
    // A killed process loses nothing under NORMAL; a power cut may lose the last commits, never the file.
    writer.pragma_update(None, "synchronous", "NORMAL")?;
    writer.pragma_update(None, "foreign_keys", "ON")?;
    writer.pragma_update(None, "cache_size", -WRITER_CACHE)?;
    writer.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    Ok(writer)
}

/// Moves what stands in the log of a database that nobody uses into its file.
pub(super) fn close(path: &Path) -> Result<(), StoreError> {
    Ok(connect(path)?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// A connection that only reads, to a database that is there; it is taken as it is, without migration.
pub(super) fn connect_existing(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// A thread that panicked inside a verb left no transaction behind: its guard rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use crate::store::{
        Capture, StoreError,
        testing::{Site, TEXT, moving_store},
    };
    use bytes::Bytes;

    /// Bytes that do not shrink.
    fn noise(length: usize) -> Bytes {
        let mut state = 1_u32;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    #[test]
    fn a_full_disk_is_a_clean_error_and_reading_goes_on() {
        let (_dir, store, _time) = moving_store();
        let site = Site::new(&store);
        site.read("https://example.org/a", "Titre", TEXT);
        let limit = |pages: i64| {
            store.pool.write::<_, StoreError>(|t| Ok(t.pragma_update(None, "max_page_count", pages)?)).unwrap();
        };
        let large = Capture {
            member: site.member.id.clone(),
            requested: "https://example.org/large".to_owned(),
            url: "https://example.org/large".to_owned(),
            status: 200,
            headers: Vec::new(),
            body: noise(4 << 20),
            at: store.clock().now(),
        };
        limit(200);
        assert!(store.put_capture(&large).unwrap_err().to_string().contains("full"));
        assert!(store.page("https://example.org/a").unwrap().is_some());
        assert!(store.newest_capture("https://example.org/large").unwrap().is_none());
        limit(100_000);
        let id = store.put_capture(&large).unwrap();
        assert_eq!(store.capture(id).unwrap().unwrap(), large);
    }
}
