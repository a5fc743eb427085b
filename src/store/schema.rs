//! The tables, one migration after another. A migration that was released is never edited: add the next one.
//!
//! Common dialect of SQLite and PostgreSQL: ids and times are made by us, times are microseconds since 1970, truth
//! values are 0 and 1, JSON is text.

use super::StoreError;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// Every migration; its number is its place, from 1.
const MIGRATIONS: &[&str] = &[FIRST, UPKEEP];

/// The record as section 5 of the design wants it.
const FIRST: &str = "
-- Facts about the store itself: authority of tag ids, presentation fingerprint.
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- What came over the wire. A body is kept once, deflated, however often it was received.
CREATE TABLE body(sha256 BLOB PRIMARY KEY, length INTEGER NOT NULL, deflated BLOB NOT NULL);
CREATE TABLE capture(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, requested TEXT NOT NULL, url TEXT NOT NULL,
    status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL REFERENCES body(sha256),
    at INTEGER NOT NULL, seen INTEGER NOT NULL);
CREATE INDEX capture_requested ON capture(requested, id);
CREATE INDEX capture_url ON capture(url, id);

-- Who we read, and from where.
CREATE TABLE member(
    id TEXT PRIMARY KEY, round INTEGER NOT NULL, began INTEGER, ended INTEGER, last_read INTEGER,
    complete_since INTEGER, failing_since INTEGER, error TEXT, memory TEXT NOT NULL);
CREATE TABLE source(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
    first_crawl INTEGER NOT NULL, etag TEXT, last_modified TEXT, body_hash TEXT, last_ok INTEGER,
    failing_since INTEGER, error TEXT, memory TEXT NOT NULL, UNIQUE(member, url));
CREATE TABLE frontier(
    id INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL, url TEXT NOT NULL, purpose TEXT NOT NULL,
    payload TEXT NOT NULL, priority INTEGER NOT NULL, source TEXT NOT NULL, due INTEGER NOT NULL,
    lease INTEGER NOT NULL, failures INTEGER NOT NULL, error TEXT, UNIQUE(member, url, purpose));
CREATE INDEX frontier_next ON frontier(member, priority DESC, id);
CREATE INDEX frontier_source ON frontier(member, source);

-- What sources said of a page; position is the place in the document.
CREATE TABLE evidence(
    key TEXT NOT NULL, found_on TEXT NOT NULL, member TEXT NOT NULL, position INTEGER NOT NULL,
    published INTEGER, candidate TEXT NOT NULL, PRIMARY KEY(key, found_on));
CREATE INDEX evidence_place ON evidence(found_on, position);

-- Addresses that are no page of ours, and why.
CREATE TABLE rejected(
    member TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(member, key));

-- Pages and what was read from them. The id is the birth number; pending is what the next settle has to look at.
CREATE TABLE publication(
    id INTEGER PRIMARY KEY AUTOINCREMENT, birth_release TEXT NOT NULL UNIQUE, member TEXT NOT NULL, url TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE, standing TEXT NOT NULL, moved_to INTEGER, absences INTEGER NOT NULL,
    absent_round INTEGER NOT NULL, absent_why TEXT, absent_since INTEGER, item INTEGER NOT NULL, token TEXT NOT NULL,
    etag TEXT, last_modified TEXT, reader INTEGER NOT NULL, backfill INTEGER NOT NULL, found_by TEXT,
    first_seen INTEGER NOT NULL, visited INTEGER NOT NULL, reading INTEGER, published INTEGER,
    pending INTEGER NOT NULL, pending_detail TEXT NOT NULL);
CREATE INDEX publication_member ON publication(member, id);
CREATE INDEX publication_absent ON publication(member, absent_round);
CREATE INDEX publication_pending ON publication(pending) WHERE pending > 0;
CREATE TABLE alias(key TEXT PRIMARY KEY, url TEXT NOT NULL, publication INTEGER NOT NULL REFERENCES publication(id));
CREATE INDEX alias_publication ON alias(publication);
CREATE TABLE reading(
    id INTEGER PRIMARY KEY AUTOINCREMENT, publication INTEGER NOT NULL REFERENCES publication(id),
    capture INTEGER NOT NULL, reader INTEGER NOT NULL, at INTEGER NOT NULL, substance BLOB NOT NULL,
    dress BLOB NOT NULL, draft BLOB NOT NULL);
CREATE INDEX reading_publication ON reading(publication, id);
CREATE TABLE fingerprint(kind INTEGER NOT NULL, value INTEGER NOT NULL, publication INTEGER NOT NULL,
    PRIMARY KEY(kind, value, publication));
CREATE INDEX fingerprint_publication ON fingerprint(publication);

-- What readers see: written by publish alone.
CREATE TABLE release(
    id TEXT PRIMARY KEY, anchor INTEGER, shown INTEGER NOT NULL, hidden INTEGER NOT NULL, merged_into TEXT,
    since INTEGER NOT NULL, rank INTEGER UNIQUE, first_seen INTEGER NOT NULL, updated INTEGER NOT NULL,
    undated INTEGER NOT NULL, title TEXT NOT NULL, release TEXT NOT NULL, own_labels INTEGER NOT NULL, own_text BLOB);
CREATE INDEX release_anchor ON release(anchor);
CREATE TABLE release_member(release TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY(release, member));
CREATE INDEX release_member_member ON release_member(member);
CREATE TABLE membership(
    publication INTEGER PRIMARY KEY, release TEXT NOT NULL, reading INTEGER NOT NULL, place INTEGER NOT NULL,
    why TEXT NOT NULL);
CREATE INDEX membership_release ON membership(release, place);
CREATE TABLE version(release TEXT NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, reading INTEGER,
    at INTEGER NOT NULL, PRIMARY KEY(release, n));
CREATE INDEX version_reading ON version(reading);
CREATE TABLE tick(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, cause TEXT NOT NULL);
CREATE TABLE change(
    id INTEGER PRIMARY KEY AUTOINCREMENT, tick INTEGER NOT NULL REFERENCES tick(seq), release TEXT NOT NULL,
    what TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX change_tick ON change(tick);
CREATE INDEX change_what ON change(what, id);

-- How releases came to be grouped, and the staff's word on it.
CREATE TABLE group_log(
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, publication INTEGER NOT NULL,
    from_release TEXT NOT NULL, to_release TEXT NOT NULL, why TEXT NOT NULL);
CREATE INDEX group_log_publication ON group_log(publication);
CREATE TABLE word(
    id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, by TEXT NOT NULL,
    why TEXT NOT NULL, at INTEGER NOT NULL, undone INTEGER);
CREATE INDEX word_a ON word(a);
CREATE TABLE tombstone(hash BLOB PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL);
";

/// What clearing away and purging look up.
const UPKEEP: &str = "
CREATE INDEX reading_capture ON reading(capture);
CREATE INDEX capture_body ON capture(body);
";

/// The newest schema that this program knows.
pub(super) const fn known() -> i64 {
    MIGRATIONS.len() as i64
}

/// Brings the schema up to date, each step in one transaction. Refuses a later one before anything is written.
pub(super) fn migrate(connection: &mut Connection, path: &Path, now: Timestamp) -> Result<(), StoreError> {
    let known = known();
    let found = version(connection, path)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    for (number, sql) in (1..).zip(MIGRATIONS).skip_while(|(number, _)| *number <= found) {
        let step = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        step.execute_batch(
            "CREATE TABLE IF NOT EXISTS schema_migration(version INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
        )?;
        // Another process may have been quicker while this one waited for the lock.
        if step.query_row("SELECT count(*) FROM schema_migration WHERE version = ?1", [number], |row| {
            row.get::<_, i64>(0)
        })? == 0
        {
            step.execute_batch(sql)?;
            step.execute("INSERT INTO schema_migration(version, at) VALUES (?1, ?2)", (number, now.as_microsecond()))?;
        }
        step.commit()?;
    }
    Ok(())
}

/// The newest migration that the file has seen; 0 for an empty file. A database of something else is refused.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table'", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(0);
    }
    let ours: Option<i64> = connection
        .query_row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'", [], |row| {
            row.get(0)
        })
        .optional()?;
    if ours.is_none() {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    Ok(connection.query_row("SELECT coalesce(max(version), 0) FROM schema_migration", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use crate::{
        model::Clock,
        store::{Store, StoreError, testing::store},
    };
    use jiff::Timestamp;
    use std::fs;

    fn open(dir: &std::path::Path) -> Result<Store, StoreError> {
        Store::open(dir, Clock::frozen(Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn a_store_of_a_later_version_is_refused_untouched() {
        let (dir, first) = store();
        first
            .pool
            .write::<_, StoreError>(|t| Ok(t.execute("INSERT INTO schema_migration VALUES (99, 0)", [])?))
            .unwrap();
        drop(first);
        let file = dir.path().join("communique.db");
        let before = fs::read(&file).unwrap();
        let refused = open(dir.path()).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 99, .. }), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), before);
    }

    #[test]
    fn a_store_of_the_first_version_is_brought_up_with_all_it_holds() {
        let dir = tempfile::TempDir::new().unwrap();
        let old = rusqlite::Connection::open(dir.path().join("communique.db")).unwrap();
        old.execute_batch(super::FIRST).unwrap();
        old.execute_batch(
            "CREATE TABLE schema_migration(version INTEGER PRIMARY KEY, at INTEGER NOT NULL);
             INSERT INTO schema_migration VALUES (1, 0); INSERT INTO meta VALUES ('authority', 'example.org,2024');",
        )
        .unwrap();
        drop(old);
        let store = open(dir.path()).unwrap();
        assert_eq!(store.reader().authority().unwrap(), "example.org,2024");
        let seen = store.pool.read(|c| super::version(c, dir.path())).unwrap();
        assert_eq!(seen, super::known());
    }

    #[test]
    fn a_database_of_something_else_is_refused() {
        let dir = tempfile::TempDir::new().unwrap();
        let other = rusqlite::Connection::open(dir.path().join("communique.db")).unwrap();
        other.execute_batch("CREATE TABLE things(id INTEGER)").unwrap();
        assert!(matches!(open(dir.path()), Err(StoreError::Foreign { .. })));
    }

    #[test]
    fn two_processes_that_start_together_migrate_once() {
        let dir = tempfile::TempDir::new().unwrap();
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..4).map(|_| scope.spawn(|| open(dir.path()))).collect();
            opened.into_iter().for_each(|opened| drop(opened.join().unwrap().unwrap()));
        });
    }
}
