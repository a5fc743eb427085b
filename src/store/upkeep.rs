//! Is the record sound, and what of it is no longer needed?

use super::{Capture, Store, StoreError, rows};
use jiff::SignedDuration;

/// What was cleared away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Responses that newer ones replaced.
    pub captures: u64,
    /// Bodies that no response has any more.
    pub bodies: u64,
}

/// Faults that are listed; more say nothing new.
const FAULTS: i64 = 100;

impl Store {
    /// Clears away responses that were last seen longer ago than `keep`, were replaced by a newer one of the same address,
    /// and from which no reading comes. Everything that readers see, and its versions, stays.
    pub fn prune(&self, keep: SignedDuration) -> Result<Pruned, StoreError> {
        let before = self.pool.now().saturating_sub(i64::try_from(keep.as_micros()).unwrap_or(i64::MAX));
        self.pool.write(|t| {
            let captures = t.execute(
                "DELETE FROM capture WHERE seen < ?1
                 AND EXISTS (SELECT 1 FROM capture n WHERE n.requested = capture.requested AND n.id > capture.id)
                 AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.capture = capture.id)",
                [before],
            )?;
            let bodies = match captures {
                0 => 0,
                _ => t.execute(
                    "DELETE FROM body WHERE NOT EXISTS (SELECT 1 FROM capture c WHERE c.body = body.sha256)",
                    [],
                )?,
            };
            Ok(Pruned { captures: captures as u64, bodies: bodies as u64 })
        })
    }

    /// Looks at every page of the database and every stored body; gives what is wrong, nothing when all is sound.
    pub fn faults(&self) -> Result<Vec<String>, StoreError> {
        let mut faults: Vec<String> = self.pool.read(|c| {
            let mut statement = c.prepare(&format!("PRAGMA integrity_check({FAULTS})"))?;
            let found = statement.query_map([], |row| row.get(0))?;
            Ok(found.collect::<Result<Vec<String>, _>>()?.into_iter().filter(|said| said != "ok").collect())
        })?;
        for id in self.captures()? {
            // A body is checked against its SHA-256 as it is read.
            match self.capture(id) {
                Ok(Some(Capture { .. }) | None) => {}
                Err(error) => faults.push(error.to_string()),
            }
            if faults.len() >= FAULTS as usize {
                break;
            }
        }
        faults.extend(self.unreadable()?);
        Ok(faults)
    }

    /// Releases whose stored value or text cannot be read back.
    fn unreadable(&self) -> Result<Vec<String>, StoreError> {
        let ids: Vec<String> = self.pool.read(|c| {
            let mut statement = c.prepare("SELECT id FROM release ORDER BY id")?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })?;
        let reader = self.reader();
        let mut faults = Vec::new();
        for id in ids {
            let id = rows::id("release", id)?;
            if let Err(error) = reader.release(&id).and_then(|_| reader.text(&id)) {
                faults.push(format!("release {id}: {error}"));
            }
        }
        Ok(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{Site, TEXT, moving_store};
    use bytes::Bytes;

    #[test]
    fn only_what_was_replaced_and_never_read_is_cleared_away() {
        let (_dir, store, time) = moving_store();
        let site = Site::new(&store);
        site.read("https://example.org/a", "Titre", TEXT);
        let feed = |body: &'static str| {
            let capture = Capture {
                member: site.member.id.clone(),
                requested: "https://example.org/feed".to_owned(),
                url: "https://example.org/feed".to_owned(),
                status: 200,
                headers: Vec::new(),
                body: Bytes::from_static(body.as_bytes()),
                at: store.clock().now(),
            };
            store.put_capture(&capture).unwrap()
        };
        let old = feed("one");
        time.forward(86_400);
        let new = feed("two");
        assert_eq!(store.prune(SignedDuration::from_hours(48)).unwrap(), Pruned::default());
        assert_eq!(store.prune(SignedDuration::from_hours(12)).unwrap(), Pruned { captures: 1, bodies: 1 });
        assert_eq!(store.capture(old).unwrap(), None);
        assert!(store.capture(new).unwrap().is_some());
        assert!(store.newest_capture("https://example.org/a").unwrap().is_some(), "a reading comes from it");
        assert!(store.faults().unwrap().is_empty());
    }

    #[test]
    fn damage_is_found() {
        let (_dir, store, _time) = moving_store();
        Site::new(&store).read("https://example.org/a", "Titre", TEXT);
        let other = rows::deflate(b"changed").unwrap();
        store.pool.write::<_, StoreError>(|t| Ok(t.execute("UPDATE body SET deflated = ?1", [other])?)).unwrap();
        let faults = store.faults().unwrap();
        assert!(faults.len() == 1 && faults[0].contains("the checksum does not fit"), "{faults:?}");
    }
}
