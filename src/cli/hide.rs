//! `communique hide ID` and `unhide ID`: the staff's word on what readers see.

use super::house::{bring_up, configuration, of_store, store};
use super::{Failure, Global};
use crate::{
    config::Config,
    model::ReleaseId,
    publish::{self, PublishError},
    store::Word,
};
use clap::Args;
use serde_json::json;

/// Take a release out of every door, until it is unhidden
#[derive(Debug, Args)]
pub struct Hide {
    /// Id of the release
    #[arg(value_name = "ID", required_unless_present = "list")]
    id: Option<String>,
    /// Why, for the record
    #[arg(long, default_value = "", hide_default_value = true)]
    why: String,
    /// Who says so
    #[arg(long, env = "USER", default_value = "staff", value_name = "NAME")]
    by: String,
    /// List what was hidden, by whom and why, the newest first
    #[arg(long, conflicts_with_all = ["id", "why"])]
    list: bool,
}

/// Bring a hidden release back
#[derive(Debug, Args)]
pub struct Unhide {
    /// Id of the release
    #[arg(value_name = "ID")]
    id: String,
}

/// Runs `hide`.
pub fn run(command: &Hide, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let Some(id) = &command.id else { return list(&config, global) };
    let store = store(&config)?;
    let done = publish::hide(&store, &read(id)?, &command.by, &command.why).map_err(failed)?;
    bring_up(&config, &store)?;
    say(global, "hidden", done, "is hidden already", id)
}

/// Runs `unhide`.
pub fn undo(command: &Unhide, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let store = store(&config)?;
    let done = publish::unhide(&store, &read(&command.id)?).map_err(failed)?;
    bring_up(&config, &store)?;
    say(global, "shown", done, "is not hidden", &command.id)
}

fn read(id: &str) -> Result<ReleaseId, Failure> {
    ReleaseId::new(id).map_err(Failure::wrong_use)
}

/// Another process at work is no mistake, and an id without a release is.
pub fn failed(error: PublishError) -> Failure {
    match error {
        PublishError::Store(error) => of_store(error),
        PublishError::NoId(_) => Failure::wrong_use(error),
        error => Failure::new(error),
    }
}

fn say(global: &Global, word: &str, done: Option<ReleaseId>, otherwise: &str, id: &str) -> Result<(), Failure> {
    match done {
        Some(id) if global.json => println!("{}", json!({ word: id })),
        Some(id) if !global.quiet => println!("{word}: {id}"),
        Some(_) => {}
        None => return Err(Failure::new(format!("`{id}` {otherwise}"))),
    }
    Ok(())
}

fn list(config: &Config, global: &Global) -> Result<(), Failure> {
    for word in store(config)?.words().map_err(of_store)?.into_iter().filter(|word| word.word == "hide") {
        let Word { about, by, why, at, undone, .. } = word;
        if global.json {
            println!("{}", json!({ "id": about, "by": by, "why": why, "at": at, "undone": undone }));
        } else {
            let state = undone.map_or_else(|| "hidden".to_owned(), |at| format!("shown again {at}"));
            println!("{about}\t{at}\t{by}\t{state}\t{why}");
        }
    }
    Ok(())
}
