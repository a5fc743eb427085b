//! A copy of the whole record in one file, and the way back.

use super::{Store, StoreError, examine::examine_file, hold, pool, tombstone};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// What a restore brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Releases that readers see.
    pub releases: u64,
    /// The newest tick.
    pub tick: u64,
    /// Tombstones of the replaced store that the backup did not know: what they stand for has to be purged again.
    pub tombstones: u64,
}

impl Store {
    /// Writes one consistent state of the record to `to`, as it is now; others read and write meanwhile. A file that is
    /// there is left alone unless `replace`; it is exchanged when the copy is complete. Gives its bytes.
    pub fn backup(&self, to: &Path, replace: bool) -> Result<u64, StoreError> {
        refuse_existing(to, replace)?;
        let part = beside(to, ".part");
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| StoreError::Io { path, error }
        };
        // What an earlier, killed backup left. Opening it tells at once whether we may write here.
        File::create(&part).map_err(io(&part))?;
        let copied = self.pool.copy_into(&part).and_then(|()| {
            File::open(&part).and_then(|file| file.sync_all()).map_err(io(&part))?;
            fs::rename(&part, to).map_err(io(to))
        });
        if let Err(error) = copied {
            let _ = fs::remove_file(&part);
            return Err(error);
        }
        Ok(fs::metadata(to).map_err(io(to))?.len())
    }
}

/// Puts the backup `from` in the place of the record in `dir`. Refused: a backup of a later version, one that is not
/// sound, a record that is there unless `replace`, and a running holder. What was purged since the backup stays known
/// by its tombstones. The index is derived from another record then: fill a new one.
pub fn restore(from: &Path, dir: &Path, replace: bool) -> Result<Restored, StoreError> {
    let found = examine_file(from)?;
    if let Some(fault) = found.faults.first() {
        let detail = format!("{}: {}", fault.place, fault.message);
        return Err(StoreError::Unsound { path: from.to_owned(), detail });
    }
    fs::create_dir_all(dir).map_err(|error| StoreError::Io { path: dir.to_owned(), error })?;
    let held = hold::take(dir, "restore")?;
    let (to, fresh) = (dir.join(pool::FILE), dir.join("communique.db.new"));
    refuse_existing(&to, replace)?;
    let io = |path: &PathBuf| {
        let path = path.clone();
        move |error| StoreError::Io { path, error }
    };
    fs::copy(from, &fresh).map_err(io(&fresh))?;
    let mut tombstones = 0;
    if to.exists() {
        tombstones = tombstone::carry_over(&to, &fresh)?;
        // The old log must not be read with the new file. A record that is too broken to be closed is no loss here.
        let _ = pool::close(&to);
    }
    for ending in ["-wal", "-shm"] {
        for path in [beside(&to, ending), beside(&fresh, ending)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(&path)(error)),
                _ => {}
            }
        }
    }
    File::open(&fresh).and_then(|file| file.sync_all()).map_err(io(&fresh))?;
    fs::rename(&fresh, &to).map_err(io(&to))?;
    File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::Io { path: dir.to_owned(), error })?;
    drop(held);
    Ok(Restored { releases: found.releases, tick: found.tick, tombstones })
}

fn refuse_existing(path: &Path, replace: bool) -> Result<(), StoreError> {
    match path.exists() && !replace {
        true => Err(StoreError::Exists { path: path.to_owned() }),
        false => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{Site, TEXT, moving_store};
    use crate::{model::Clock, store::testing::member};
    use jiff::Timestamp;

    fn open(dir: &Path) -> Store {
        Store::open(dir, Clock::frozen(Timestamp::UNIX_EPOCH)).unwrap()
    }

    #[test]
    fn a_backup_is_what_was_there_and_nothing_is_overwritten_unasked() {
        let (dir, store, _time) = moving_store();
        let site = Site::new(&store);
        site.read("https://example.org/a", "Titre", TEXT);
        let file = dir.path().join("backup.db");
        store.backup(&file, false).unwrap();
        assert!(matches!(store.backup(&file, false), Err(StoreError::Exists { .. })));
        site.read("https://example.org/b", "Autre", TEXT);
        let other = tempfile::TempDir::new().unwrap();
        restore(&file, other.path(), false).unwrap();
        let pages = open(other.path()).known(&member()).unwrap();
        assert_eq!(pages.iter().map(|page| page.url.as_str()).collect::<Vec<_>>(), ["https://example.org/a"]);
        assert!(matches!(restore(&file, other.path(), false), Err(StoreError::Exists { .. })));
        store.backup(&file, true).unwrap();
        restore(&file, other.path(), true).unwrap();
        assert_eq!(open(other.path()).known(&member()).unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_sound_backup_is_refused() {
        let (dir, store, _time) = moving_store();
        Site::new(&store).read("https://example.org/a", "Titre", TEXT);
        let file = dir.path().join("backup.db");
        store.backup(&file, false).unwrap();
        let target = tempfile::TempDir::new().unwrap();
        let refused = |file: &Path| restore(file, target.path(), false).unwrap_err().to_string();
        assert!(refused(&dir.path().join("nothing.db")).contains("nothing.db"));
        let empty = dir.path().join("empty.db");
        fs::write(&empty, "").unwrap();
        assert!(refused(&empty).contains("is not a store of this program"));
        let later = rusqlite::Connection::open(&file).unwrap();
        later.execute("INSERT INTO schema_migration VALUES (99, 0)", []).unwrap();
        drop(later);
        assert!(refused(&file).contains("has schema 99"));
        let held = store.hold("crawl").unwrap();
        fs::remove_file(&file).unwrap();
        store.backup(&file, false).unwrap();
        assert!(matches!(restore(&file, dir.path(), true), Err(StoreError::Held { .. })));
        drop(held);
        assert!(!target.path().join("communique.db").exists());
    }
}
