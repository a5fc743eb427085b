//! `communique backup FILE` and `restore FILE`: the record in one file, and back.

use super::house::{House, configuration, of_store, store};
use super::{Failure, Global};
use crate::publish;
use crate::store;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Copy the whole record into one file, also while a server runs
///
/// The file is one SQLite database, as of one moment: releases, pages, versions, captures. The index is not in it, for
/// `restore` fills a new one.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where to
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the file where there is one
    #[arg(long)]
    replace: bool,
}

/// Put a backup in the place of the record, and fill a new index
///
/// Refused while a server runs, for a backup of a later version, and for one that is not sound. What was purged since
/// the backup was made is purged from it.
#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the record where there is one: what it holds and the backup does not is lost
    #[arg(long)]
    replace: bool,
}

/// Runs `backup`.
pub fn run(command: &Backup, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let bytes = store(&config)?.backup(&command.file, command.replace).map_err(advise)?;
    let file = command.file.display().to_string();
    match global.json {
        true => println!("{}", json!({ "file": file, "bytes": bytes })),
        false if !global.quiet => println!("backed up to {file}: {bytes} bytes"),
        false => {}
    }
    Ok(())
}

/// Runs `restore`.
pub fn undo(command: &Restore, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let data = config.settings.server.data.clone();
    let restored = store::restore(&command.file, &data, command.replace).map_err(advise)?;
    let house = House::open(config, Some("restore"))?;
    let purged = match restored.tombstones {
        0 => 0,
        _ => publish::purge_again(&house.store, &house.config).map_err(Failure::new)?,
    };
    publish::rebuild(&house.store, &house.index, &mut |_, _| ()).map_err(Failure::new)?;
    let (releases, tick) = (house.store.reader().count().map_err(of_store)?, restored.tick);
    match global.json {
        true => println!("{}", json!({ "releases": releases, "tick": tick, "purged_again": purged })),
        false if !global.quiet => {
            let again = if purged > 0 { format!(", {purged} purged again") } else { String::new() };
            println!("restored from {}: {releases} releases as of tick {tick}{again}", command.file.display());
        }
        false => {}
    }
    Ok(())
}

fn advise(error: store::StoreError) -> Failure {
    match error {
        store::StoreError::Exists { .. } => Failure::new(format!("{error}: --replace writes over it")),
        error => of_store(error),
    }
}
