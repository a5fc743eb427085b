//! Pages that were taken out for good. Their addresses are kept as keyed hashes: enough to know them when they are
//! named again, and nothing that tells what they were.

use super::{Store, StoreError, meta, pool, rows};
use crate::{model::ReleaseId, normalise::url::same_page};
use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Name of the fact that holds the key, hexadecimal; minted at the first burial.
const KEY: &str = "tombstone_key";

/// The tombstones of a store that has some.
pub(super) struct Graves {
    key: String,
}

impl Graves {
    /// `None` where nothing was ever buried.
    pub fn of(connection: &Connection) -> Result<Option<Self>, StoreError> {
        let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstone)")?;
        if !statement.query_row([], |row| row.get::<_, bool>(0))? {
            return Ok(None);
        }
        Ok(meta::get(connection, KEY)?.map(|key| Self { key }))
    }

    /// The tombstones, with a key for the first one.
    pub fn ready(t: &Transaction<'_>) -> Result<Self, StoreError> {
        if let Some(key) = meta::get(t, KEY)? {
            return Ok(Self { key });
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| StoreError::Random(error.to_string()))?;
        let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        meta::put(t, KEY, &key)?;
        Ok(Self { key })
    }

    /// Whether the page at `url`, or a variant of that address, was buried.
    pub fn hold_page(&self, connection: &Connection, url: &str) -> Result<bool, StoreError> {
        self.hold(connection, &page(url))
    }

    /// Whether the release of this id was.
    pub fn hold_release(&self, connection: &Connection, id: &ReleaseId) -> Result<bool, StoreError> {
        self.hold(connection, &release(id))
    }

    fn hold(&self, connection: &Connection, what: &str) -> Result<bool, StoreError> {
        let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstone WHERE hash = ?1)")?;
        Ok(statement.query_row([self.hash(what)], |row| row.get(0))?)
    }

    /// Buries the page at `url` under every variant of that address.
    pub fn bury_page(&self, t: &Transaction<'_>, url: &str, why: &str, at: i64) -> Result<(), StoreError> {
        self.bury(t, &page(url), why, at)
    }

    /// Buries the release of this id.
    pub fn bury_release(&self, t: &Transaction<'_>, id: &ReleaseId, why: &str, at: i64) -> Result<(), StoreError> {
        self.bury(t, &release(id), why, at)
    }

    fn bury(&self, t: &Transaction<'_>, what: &str, why: &str, at: i64) -> Result<(), StoreError> {
        let mut statement = t.prepare_cached(
            "INSERT INTO tombstone(hash, reason, at) VALUES (?1, ?2, ?3) ON CONFLICT(hash) DO NOTHING",
        )?;
        statement.execute((self.hash(what), why, at))?;
        Ok(())
    }

    fn hash(&self, what: &str) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(self.key.as_bytes());
        hash.update(what.as_bytes());
        hash.finalize().to_vec()
    }
}

fn page(url: &str) -> String {
    format!("page {}", same_page(url))
}

fn release(id: &ReleaseId) -> String {
    format!("release {id}")
}

impl Store {
    /// Whether anything was ever taken out for good: where not, nothing has to be looked up.
    pub fn has_graves(&self) -> Result<bool, StoreError> {
        self.pool.read(|c| Ok(Graves::of(c)?.is_some()))
    }

    /// Whether the page at `url`, or a variant of that address, was taken out for good.
    pub fn is_buried(&self, url: &str) -> Result<bool, StoreError> {
        self.pool.read(|c| match Graves::of(c)? {
            Some(graves) => graves.hold_page(c, url),
            None => Ok(false),
        })
    }

    /// Addresses of pages and ids of releases that are here although they were taken out for good: an older state was
    /// restored.
    pub fn risen(&self) -> Result<Vec<String>, StoreError> {
        self.pool.read(|c| {
            let Some(graves) = Graves::of(c)? else { return Ok(Vec::new()) };
            let mut risen = Vec::new();
            let mut pages = c.prepare(
                "SELECT p.url, p.url FROM publication p UNION ALL
                 SELECT a.url, p.url FROM alias a JOIN publication p ON p.id = a.publication",
            )?;
            let mut found = pages.query([])?;
            while let Some(row) = found.next()? {
                if graves.hold_page(c, &row.get::<_, String>(0)?)? {
                    risen.push(row.get(1)?);
                }
            }
            let mut releases = c.prepare("SELECT id FROM release WHERE shown AND anchor IS NULL")?;
            let mut found = releases.query([])?;
            while let Some(row) = found.next()? {
                let id: ReleaseId = rows::id("release", row.get(0)?)?;
                if graves.hold_release(c, &id)? {
                    risen.push(id.to_string());
                }
            }
            risen.sort();
            risen.dedup();
            Ok(risen)
        })
    }

    /// Buries a further address of a page that was taken out: a source says that `known` and `url` are one page.
    pub fn bury_also(&self, known: &str, url: &str) -> Result<(), StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| {
            let graves = Graves::ready(t)?;
            let reason = t
                .prepare_cached("SELECT reason FROM tombstone WHERE hash = ?1")?
                .query_map([graves.hash(&page(known))], |row| row.get::<_, String>(0))?
                .next()
                .transpose()?;
            match reason {
                Some(reason) => graves.bury_page(t, url, &reason, now),
                None => Ok(()),
            }
        })
    }
}

/// Refuses what belongs to a page that was taken out for good.
pub(super) fn refuse<'a>(connection: &Connection, urls: impl IntoIterator<Item = &'a str>) -> Result<(), StoreError> {
    let Some(graves) = Graves::of(connection)? else { return Ok(()) };
    for url in urls {
        if graves.hold_page(connection, url)? {
            return Err(StoreError::Purged);
        }
    }
    Ok(())
}

/// Whether a release of this id was taken out for good.
pub(super) fn is_release_buried(connection: &Connection, id: &ReleaseId) -> Result<bool, StoreError> {
    match Graves::of(connection)? {
        Some(graves) => graves.hold_release(connection, id),
        None => Ok(false),
    }
}

/// Gives `to` (a copy of an older state, nobody uses it) the tombstones of the record at `from`; the number of those that
/// it did not have. A record that cannot be read any more gives none.
pub(super) fn carry_over(from: &Path, to: &Path) -> Result<u64, StoreError> {
    let Ok((key, graves)) = read_all(from) else { return Ok(0) };
    let Some(key) = key.filter(|_| !graves.is_empty()) else { return Ok(0) };
    let target = Connection::open(to)?;
    match meta::get(&target, KEY)? {
        Some(known) if known != key && Graves::of(&target)?.is_some() => {
            return Err(StoreError::OtherGraves { path: from.to_owned() });
        }
        _ => meta::put(&target, KEY, &key)?,
    }
    let mut new = 0;
    for (hash, reason, at) in graves {
        let added = target.execute(
            "INSERT INTO tombstone(hash, reason, at) VALUES (?1, ?2, ?3) ON CONFLICT(hash) DO NOTHING",
            (hash, reason, at),
        )?;
        new += count(added);
    }
    Ok(new)
}

type Grave = (Vec<u8>, String, i64);

fn read_all(path: &Path) -> Result<(Option<String>, Vec<Grave>), StoreError> {
    let connection = pool::connect_existing(path)?;
    let mut statement = connection.prepare("SELECT hash, reason, at FROM tombstone")?;
    let graves = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok((meta::get(&connection, KEY)?, graves.collect::<Result<_, _>>()?))
}

/// A number of rows, for reports.
pub(super) fn count(rows: usize) -> u64 {
    rows::natural(rows::int(rows))
}
