//! The configuration, the store and the index, opened together for one command.

use super::{Failure, Global, system_clock};
use crate::config::{self, Config};
use crate::index::Index;
use crate::model::Clock;
use crate::publish;
use crate::store::{Hold, Store, StoreError};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// What a command works on.
#[derive(Clone)]
pub struct House {
    /// The folder of the configuration, read.
    pub config: Arc<Config>,
    /// The record.
    pub store: Store,
    /// The derived index.
    pub index: Index,
    /// The lock of the one process that crawls and writes the index; `None` for short commands.
    _hold: Option<Arc<Hold>>,
}

/// Reads the configuration; all mistakes are said at once.
pub fn configuration(global: &Global) -> Result<Config, Failure> {
    let mut config = config::read(&global.config).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        Failure::wrong_use(format!("the configuration has mistakes:\n  {}", lines.join("\n  ")))
    })?;
    place(&mut config, global);
    Ok(config)
}

/// Flags and environment beat the file on where store and index are.
pub fn place(config: &mut Config, global: &Global) {
    let server = &mut config.settings.server;
    server.data = global.data.clone().unwrap_or_else(|| server.data.clone());
    server.index = global.index.clone().unwrap_or_else(|| server.index.clone());
}

impl House {
    /// Opens everything. `purpose` takes the lock of the process that crawls and writes the index.
    pub fn open(config: Config, purpose: Option<&str>) -> Result<Self, Failure> {
        Self::open_at(config, purpose, system_clock())
    }

    fn open_at(config: Config, purpose: Option<&str>, clock: Clock) -> Result<Self, Failure> {
        let server = &config.settings.server;
        let (data, folder): (PathBuf, PathBuf) = (server.data.clone(), server.index.clone());
        let store = Store::open(&data, clock).map_err(of_store)?;
        let hold = purpose.map(|purpose| store.hold(purpose)).transpose().map_err(of_store)?.map(Arc::new);
        let index = Index::open(&folder).map_err(Failure::new)?;
        Ok(Self { config: Arc::new(config), store, index, _hold: hold })
    }
}

/// What a short command holds the store for while it brings the index up.
const INDEXING: &str = "index";
/// How long a short command waits for another one that does the same.
const PATIENCE: Duration = Duration::from_secs(60);

/// Opens the store for a short command, which writes without the lock.
pub fn store(config: &Config) -> Result<Store, Failure> {
    Store::open(&config.settings.server.data, system_clock()).map_err(of_store)
}

/// Brings the index up after a short command. Where another process holds the store for long, it follows within a second,
/// and there is nothing to do.
pub fn bring_up(config: &Config, store: &Store) -> Result<(), Failure> {
    let started = Instant::now();
    let hold = loop {
        match store.hold(INDEXING) {
            Ok(hold) => break hold,
            Err(StoreError::Held { purpose, .. }) if purpose == INDEXING && started.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(StoreError::Held { .. }) => return Ok(()),
            Err(error) => return Err(of_store(error)),
        }
    };
    let index = Index::open(&config.settings.server.index).map_err(Failure::new)?;
    publish::catch_up(store, &index).map_err(Failure::new)?;
    drop(hold);
    Ok(())
}

/// Another process at work is no mistake: try again later.
pub fn of_store(error: StoreError) -> Failure {
    match error {
        StoreError::Held { .. } => Failure::try_later(error),
        _ => Failure::new(error),
    }
}
