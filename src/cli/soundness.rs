//! Are the store and the index sound, where there are any? For `check`.

use super::Failure;
use crate::config::ServerSettings;
use crate::index::Index;
use crate::store::{self, Examined, Fault, StoreError};
use serde::Serialize;
use std::{path::Path, time::Duration};

/// A holder that is at work has the index at the store's tick within a second; we look again for so long.
const LOOKS: u32 = 4;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What was found of both.
#[derive(Debug, Default, Serialize)]
pub struct Soundness {
    /// The record; `None` where there is none, or where it cannot be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<Examined>,
    /// The index; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexState>,
    /// What is wrong, with its place.
    #[serde(skip)]
    pub faults: Vec<Fault>,
}

/// How the index stands to the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexState {
    /// The tick that it holds.
    pub tick: u64,
    /// Releases in it.
    pub releases: u64,
    /// Why the next start brings it up or fills it anew; empty when it is as the store is.
    pub note: String,
}

/// Looks at both; nothing is changed. The error is that the store cannot be used at all.
pub fn look(server: &ServerSettings) -> Result<Soundness, Failure> {
    let mut found = Soundness::default();
    let Some(examined) = store::examine(&server.data).map_err(refused)? else { return Ok(found) };
    found.faults.extend(examined.faults.iter().cloned());
    if server.index.is_dir() {
        match settled_index(server, &examined) {
            Ok(state) => found.index = Some(state),
            Err(message) => found.faults.push(Fault { place: server.index.display().to_string(), message }),
        }
    }
    found.store = Some(examined);
    Ok(found)
}

fn refused(error: StoreError) -> Failure {
    Failure::new(error)
}

/// The index once a holder, where there is one, has brought it up.
fn settled_index(server: &ServerSettings, examined: &Examined) -> Result<IndexState, String> {
    let mut looks = 1;
    loop {
        let found = index(&server.index, examined.tick, examined.releases);
        let is_as_it_should = found.as_ref().is_ok_and(|state| state.note.is_empty());
        if is_as_it_should || looks == LOOKS {
            return found;
        }
        looks += 1;
        std::thread::sleep(BETWEEN_LOOKS);
    }
}

fn index(folder: &Path, tick: u64, releases: u64) -> Result<IndexState, String> {
    let index = Index::open(folder).map_err(|error| error.to_string())?;
    let Some(snapshot) = index.snapshot() else {
        let why = index.needs_rebuild().unwrap_or_else(|| "it is closed".to_owned());
        return match index.is_damaged() {
            true => Err(format!("{why}; `communique reindex` fills a new one")),
            false => Ok(IndexState { tick: 0, releases: 0, note: format!("{why}; the next start fills a new one") }),
        };
    };
    let state = IndexState { tick: snapshot.generation, releases: snapshot.total, note: String::new() };
    if state.tick != tick {
        let note = format!("it is at tick {}, the store at {tick}; the next start brings it up", state.tick);
        return Ok(IndexState { note, ..state });
    }
    if state.releases != releases {
        return Err(format!(
            "it holds {} releases at tick {tick}, the store {releases}; `communique reindex` fills a new one",
            state.releases
        ));
    }
    Ok(state)
}
