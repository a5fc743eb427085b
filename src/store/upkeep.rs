//! What of the record is no longer needed?

use super::{Store, StoreError, meta};
use jiff::SignedDuration;
use rusqlite::Transaction;

/// What was cleared away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Responses that newer ones replaced.
    pub captures: u64,
    /// Bodies that no response has any more.
    pub bodies: u64,
}

/// Responses looked at in one call: a round never waits long for it.
const LOOKED_AT: i64 = 2_000;
/// Name of the fact that tells where the last call ended, in a store that one call does not get through.
const PRUNED_TO: &str = "pruned_to";

impl Store {
    /// Clears away responses that were last seen longer ago than `keep`, were replaced by a newer one of the same address,
    /// and are not what a page's newest reading, or the one that readers see, was read from. What was read from them
    /// stays, earlier versions included. Looks at 2,000 responses and goes on there the next time: run it after each
    /// round.
    pub fn prune(&self, keep: SignedDuration) -> Result<Pruned, StoreError> {
        self.prune_some(keep, LOOKED_AT)
    }

    fn prune_some(&self, keep: SignedDuration, most: i64) -> Result<Pruned, StoreError> {
        let before = self.pool.now().saturating_sub(i64::try_from(keep.as_micros()).unwrap_or(i64::MAX));
        self.pool.write(|t| {
            let from: i64 = meta::get(t, PRUNED_TO)?.and_then(|id| id.parse().ok()).unwrap_or(0);
            let (found, last): (i64, Option<i64>) = t
                .prepare_cached(
                    "SELECT count(*), max(id) FROM (SELECT id FROM capture WHERE id > ?1 ORDER BY id LIMIT ?2) AS next",
                )?
                .query_row((from, most), |row| Ok((row.get(0)?, row.get(1)?)))?;
            let pruned = match last {
                Some(last) => clear(t, from, last, before)?,
                None => Pruned::default(),
            };
            // At the end the next call begins anew.
            let next = last.filter(|_| found == most).unwrap_or(0);
            if next != from {
                meta::put(t, PRUNED_TO, &next.to_string())?;
            }
            Ok(pruned)
        })
    }
}

/// Clears away what may go of the responses after `from`, up to `to`.
fn clear(t: &Transaction<'_>, from: i64, to: i64, before: i64) -> Result<Pruned, StoreError> {
    let mut statement = t.prepare_cached(
        "DELETE FROM capture WHERE id > ?1 AND id <= ?2 AND seen < ?3
         AND EXISTS (SELECT 1 FROM capture n WHERE n.requested = capture.requested AND n.id > capture.id)
         AND NOT EXISTS (SELECT 1 FROM reading r JOIN publication p ON p.id = r.publication
                         LEFT JOIN membership m ON m.publication = r.publication
                         WHERE r.capture = capture.id AND (p.reading = r.id OR m.reading = r.id))
         RETURNING body",
    )?;
    let bodies: Vec<Vec<u8>> = statement.query_map((from, to, before), |row| row.get(0))?.collect::<Result<_, _>>()?;
    let captures = bodies.len() as u64;
    Ok(Pruned { captures, bodies: drop_bodies(t, bodies)? })
}

/// Drops those of `bodies` that no response has any more; gives their number.
pub(super) fn drop_bodies(t: &Transaction<'_>, bodies: Vec<Vec<u8>>) -> Result<u64, StoreError> {
    let mut statement = t.prepare_cached(
        "DELETE FROM body WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.body = body.sha256)",
    )?;
    let mut dropped = 0;
    for body in bodies {
        dropped += statement.execute([body])? as u64;
    }
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{
        Capture, CaptureId,
        testing::{Site, TEXT, moving_store},
    };
    use bytes::Bytes;

    fn answer(store: &Store, site: &Site<'_>, url: &str, body: &'static str) -> CaptureId {
        let capture = Capture {
            member: site.member.id.clone(),
            requested: url.to_owned(),
            url: url.to_owned(),
            status: 200,
            headers: Vec::new(),
            body: Bytes::from_static(body.as_bytes()),
            at: store.clock().now(),
        };
        store.put_capture(&capture).unwrap()
    }

    #[test]
    fn only_what_was_replaced_and_is_not_read_any_more_is_cleared_away() {
        let (_dir, store, time) = moving_store();
        let site = Site::new(&store);
        site.read("https://example.org/a", "Titre", TEXT);
        let read_from = store.newest_capture("https://example.org/a").unwrap().unwrap().0;
        let old = answer(&store, &site, "https://example.org/feed", "one");
        time.forward(86_400);
        let new = answer(&store, &site, "https://example.org/feed", "two");
        let unread = answer(&store, &site, "https://example.org/a", "the same words in another template");
        assert_eq!(store.prune(SignedDuration::from_hours(48)).unwrap(), Pruned::default());
        assert_eq!(store.prune(SignedDuration::from_hours(12)).unwrap(), Pruned { captures: 1, bodies: 1 });
        assert_eq!(store.capture(old).unwrap(), None);
        for kept in [new, read_from, unread] {
            assert!(store.capture(kept).unwrap().is_some(), "{kept:?}");
        }
    }

    #[test]
    fn a_call_looks_at_a_part_and_the_next_one_goes_on() {
        let (_dir, store, time) = moving_store();
        let site = Site::new(&store);
        for body in ["1", "2", "3", "4", "5"] {
            answer(&store, &site, "https://example.org/feed", body);
        }
        time.forward(86_400);
        let cleared: Vec<u64> =
            (0..4).map(|_| store.prune_some(SignedDuration::from_hours(1), 2).unwrap().captures).collect();
        assert_eq!(cleared, [2, 2, 0, 0]);
        assert_eq!(store.captures().unwrap().len(), 1, "the newest stays");
    }
}
