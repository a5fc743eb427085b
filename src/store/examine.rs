//! Is the record sound? A look at all of it that changes nothing, beside a holder too.

use super::{StoreError, pool, rows, schema};
use crate::model::{Candidate, Draft, Release, ReleaseText};
use rusqlite::{Connection, Row};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Something that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, or the row and the address that it is about.
    pub place: String,
    /// What is wrong there.
    pub message: String,
}

/// What a look at the record found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Examined {
    /// Version of its schema.
    pub schema: i64,
    /// The version that this program writes; a lower one is brought up at the next start.
    pub schema_known: i64,
    /// The newest tick.
    pub tick: u64,
    /// Releases that readers see.
    pub releases: u64,
    /// Pages that were read.
    pub publications: u64,
    /// Responses that are kept.
    pub captures: u64,
    /// What is wrong; empty when all is sound. The first hundred.
    pub faults: Vec<Fault>,
}

/// Faults that are listed; more say nothing new.
const FAULTS: usize = 100;

/// Looks at every page of the database in `dir`, at every stored body against its checksum, and at every value that has
/// to be read back. `None` when there is no database. A database of something else or of a later version is an error, as
/// in [`Store::open`](super::Store::open). Nothing is written.
pub fn examine(dir: &Path) -> Result<Option<Examined>, StoreError> {
    let path = dir.join(pool::FILE);
    match path.exists() {
        true => examine_file(&path).map(Some),
        false => Ok(None),
    }
}

/// The same for one file, which has to be there.
pub(super) fn examine_file(path: &Path) -> Result<Examined, StoreError> {
    let path = path.to_owned();
    let open = |error| StoreError::Open { path: path.clone(), error };
    let connection = pool::connect_existing(&path).map_err(open)?;
    let (found, known) = match schema::version(&connection, &path) {
        Ok(found) => (found, schema::known()),
        Err(StoreError::Sqlite(error)) => return Err(open(error)),
        Err(error) => return Err(error),
    };
    if found == 0 && !is_fresh(&path) {
        return Err(StoreError::Foreign { path });
    }
    if found > known {
        return Err(StoreError::Newer { path, found, known });
    }
    let mut look = Look { connection: &connection, faults: Vec::new() };
    let done = look.all(&path, found);
    match done {
        // Pages so broken that the look ends there.
        Err(StoreError::Sqlite(error)) => look.fault(path.display(), error),
        other => other?,
    }
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).map(rows::natural).unwrap_or_default();
    Ok(Examined {
        schema: found,
        schema_known: known,
        tick: count("SELECT coalesce(max(seq), 0) FROM tick"),
        releases: count("SELECT count(*) FROM release WHERE shown AND NOT hidden AND merged_into IS NULL"),
        publications: count("SELECT count(*) FROM publication"),
        captures: count("SELECT count(*) FROM capture"),
        faults: look.faults,
    })
}

/// Whether the file is a record that a first start left before its first migration.
fn is_fresh(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == pool::FILE)
}

struct Look<'a> {
    connection: &'a Connection,
    faults: Vec<Fault>,
}

impl Look<'_> {
    fn fault(&mut self, place: impl ToString, message: impl ToString) {
        if self.faults.len() < FAULTS {
            self.faults.push(Fault { place: place.to_string(), message: message.to_string() });
        }
    }

    fn all(&mut self, path: &Path, schema: i64) -> Result<(), StoreError> {
        self.pages(path)?;
        // What stands on broken pages is told already; values of an older schema may have had other forms.
        if self.faults.is_empty() && schema > 0 {
            self.bodies()?;
            if schema == schema::known() {
                self.values()?;
            }
        }
        Ok(())
    }

    /// The pages of the file, and rows that name rows which are not there.
    fn pages(&mut self, path: &Path) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare(&format!("PRAGMA integrity_check({FAULTS})"))?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let said: String = row.get(0)?;
            if said != "ok" {
                self.fault(path.display(), said);
            }
        }
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let (table, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let place = format!("{table} {}", id.map_or("?".to_owned(), |id| id.to_string()));
            self.fault(place, format!("names a row of {parent} that is not there"));
        }
        Ok(())
    }

    /// Every body, against its length and checksum.
    fn bodies(&mut self) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare("SELECT sha256, length, deflated FROM body")?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let hash: Vec<u8> = row.get(0)?;
            if let Err(why) = body(&hash, row.get(1)?, row) {
                let whose: String = self
                    .connection
                    .query_row(
                        "SELECT requested FROM capture WHERE body = ?1 ORDER BY id DESC LIMIT 1",
                        [&hash],
                        |row| row.get(0),
                    )
                    .unwrap_or_else(|_| "no response".to_owned());
                self.fault(format!("body of {whose}"), why);
            }
        }
        self.each("SELECT id, requested FROM capture WHERE body NOT IN (SELECT sha256 FROM body)", |look, row| {
            let (id, requested): (i64, String) = (row.get(0)?, row.get(1)?);
            look.fault(format!("capture {id} of {requested}"), "its body is not there");
            Ok(())
        })
    }

    /// Every value that is read back as more than text or number.
    fn values(&mut self) -> Result<(), StoreError> {
        self.each(
            "SELECT r.id, p.url, r.draft FROM reading r JOIN publication p ON p.id = r.publication",
            |look, row| {
                let (id, url, draft): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                if let Err(error) = rows::unpacked::<Draft>("reading", &draft) {
                    look.fault(format!("reading {id} of {url}"), error);
                }
                Ok(())
            },
        )?;
        self.each(
            "SELECT url FROM publication WHERE reading IS NULL OR reading NOT IN (SELECT id FROM reading)",
            |look, row| {
                look.fault(row.get::<_, String>(0)?, "has no reading");
                Ok(())
            },
        )?;
        self.each("SELECT key, found_on, candidate FROM evidence", |look, row| {
            let (key, on, said): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if let Err(error) = rows::from_json::<Candidate>("evidence", &said) {
                look.fault(format!("what {on} says of {key}"), error);
            }
            Ok(())
        })?;
        self.each("SELECT id, release, own_text FROM release", |look, row| {
            let (id, release, own): (String, String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let text = own.map(|own| rows::unpacked::<ReleaseText>("release", &own)).transpose();
            if let Err(error) = rows::from_json::<Release>("release", &release).and(text) {
                look.fault(format!("release {id}"), error);
            }
            Ok(())
        })
    }

    fn each(
        &mut self,
        sql: &str,
        mut see: impl FnMut(&mut Self, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let connection = self.connection;
        let mut statement = connection.prepare(sql)?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            see(self, row)?;
        }
        Ok(())
    }
}

/// What is wrong with a stored body.
fn body(hash: &[u8], length: i64, row: &Row<'_>) -> Result<(), String> {
    let deflated = row.get_ref(2).map_err(|error| error.to_string())?;
    let deflated = deflated.as_blob().map_err(|error| error.to_string())?;
    let body = rows::inflate(deflated, rows::natural(length) as usize).map_err(|error| error.to_string())?;
    match Sha256::digest(&body).as_slice() == hash {
        true => Ok(()),
        false => Err("the checksum does not fit".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{Site, TEXT, moving_store};
    use std::fs;

    fn faults(dir: &Path) -> Vec<Fault> {
        examine(dir).unwrap().unwrap().faults
    }

    #[test]
    fn a_sound_store_is_described_and_left_alone() {
        let (dir, store, _time) = moving_store();
        assert_eq!(examine(&dir.path().join("other")).unwrap(), None);
        Site::new(&store).read("https://example.org/a", "Titre", TEXT);
        let found = examine(dir.path()).unwrap().unwrap();
        assert_eq!((found.publications, found.captures, found.schema), (1, 1, found.schema_known));
        assert!(found.faults.is_empty(), "{:?}", found.faults);
    }

    #[test]
    fn damage_is_named_with_its_place() {
        let (dir, store, _time) = moving_store();
        let site = Site::new(&store);
        site.read("https://example.org/a", "Titre", TEXT);
        let change = |sql: &str, value: Vec<u8>| {
            store.pool.write::<_, StoreError>(|t| Ok(t.execute(sql, [value])?)).unwrap();
        };
        change("UPDATE body SET deflated = ?1", rows::deflate(b"changed").unwrap());
        let found = faults(dir.path());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "body of https://example.org/a");
        assert_eq!(found[0].message, "the checksum does not fit");
        change("UPDATE reading SET draft = ?1", b"nothing".to_vec());
        assert!(faults(dir.path()).iter().any(|fault| fault.place == "reading 1 of https://example.org/a"));
    }

    #[test]
    fn torn_pages_are_found() {
        let (dir, store, _time) = moving_store();
        let site = Site::new(&store);
        for n in 0..40 {
            site.read(&format!("https://example.org/{n}"), "Titre", TEXT);
        }
        drop(store);
        let file = dir.path().join(pool::FILE);
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 4096].fill(0x55);
        fs::write(&file, bytes).unwrap();
        assert!(!faults(dir.path()).is_empty());
    }
}
