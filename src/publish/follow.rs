//! How does the index follow the store? From the change list, or from scratch.

use super::PublishError;
use crate::{
    index::{Index, IndexDoc},
    store::{Indexed, Store},
};
use std::sync::{Mutex, PoisonError};

/// Releases read and indexed at a time.
const PAGE: usize = 500;

/// An index has one writer at a time.
static CATCHING_UP: Mutex<()> = Mutex::new(());

/// More changes than this, and more than half of all releases: filling a new index is quicker.
const MANY: usize = 5_000;

/// Brings the index to the newest tick: what changed since its last commit, or everything when it is missing, damaged,
/// or ahead of the store (an older store was restored). Gives the tick's number. Run it after every settle, at start, and
/// once a second by the holder, which follows short commands so.
pub fn catch_up(store: &Store, index: &Index) -> Result<u64, PublishError> {
    // Rounds of several members end at the same time, and an index has one writer.
    let _one_at_a_time = CATCHING_UP.lock().unwrap_or_else(PoisonError::into_inner);
    let reader = store.reader();
    let newest = reader.tick()?.seq;
    let committed = index.committed();
    if index.needs_rebuild().is_some() || committed > newest {
        return rebuild(store, index, &mut |_, _| ());
    }
    if committed == newest {
        return Ok(newest);
    }
    let changed = reader.changed_since(committed)?;
    let is_purged = reader.purged_at()? > committed;
    if changed.len() > MANY && changed.len() as u64 * 2 > reader.count()? {
        return rebuild(store, index, &mut |_, _| ());
    }
    let mut writer = index.writer()?;
    // What changes while this runs is written now and once more with the next tick: the same in the end.
    for id in changed {
        match reader.indexed(&id)? {
            Some(found) => writer.put(&document(found))?,
            None => writer.remove(&id)?,
        }
    }
    if is_purged {
        // Out of every answer first, then out of the files; killed in between, the next call does both again.
        writer.commit(committed)?;
        writer.expunge()?;
    }
    writer.commit(newest)?;
    Ok(newest)
}

/// Fills a new index from the store; the old one answers until the new one is complete. `progress` is told how many
/// releases are done, of how many. Gives the number of the tick it holds.
pub fn rebuild(store: &Store, index: &Index, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, PublishError> {
    let reader = store.reader();
    let newest = reader.tick()?.seq;
    let total = reader.count()?;
    let mut writer = index.rebuild()?;
    let (mut done, mut rank) = (0, i64::MIN);
    loop {
        let page = reader.indexed_after(rank, PAGE)?;
        let Some(last) = page.last() else { break };
        rank = last.release.rank;
        done += page.len() as u64;
        for found in page {
            writer.put(&document(found))?;
        }
        progress(done, total);
    }
    writer.commit(newest)?;
    Ok(newest)
}

fn document(found: Indexed) -> IndexDoc {
    IndexDoc { release: found.release, texts: found.texts }
}
