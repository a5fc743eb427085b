//! `communique purge URL|ID --reason …`: out for good, everywhere.

use super::hide::failed;
use super::house::{bring_up, configuration, of_store, store};
use super::{Failure, Global};
use crate::{config::Config, publish};
use clap::Args;
use serde_json::json;

/// Take a page or a release out for good: text, versions, captures, index; it does not come back
///
/// With an id, the release goes with all its pages; with an address, that page alone. Stored responses that speak of it
/// go too (feeds, listings, cards on other pages), the database file is written anew, and a running server obeys within
/// a second. What stays is a line for the record: when, by whom, why, and keyed hashes of the addresses, by which the
/// page is known when it is named again. Cannot be undone; `hide` can. Backups are yours to purge.
#[derive(Debug, Args)]
pub struct Purge {
    /// Address of a page, or id of a release
    #[arg(value_name = "URL|ID", required_unless_present = "list")]
    asked: Option<String>,
    /// Why, for the record; without a word of the content, for this stays
    #[arg(long, required_unless_present = "list")]
    reason: Option<String>,
    /// Who says so
    #[arg(long, env = "USER", default_value = "staff", value_name = "NAME")]
    by: String,
    /// List what was purged, by whom and why, the newest first
    #[arg(long, conflicts_with_all = ["asked", "reason"])]
    list: bool,
}

/// Runs the command.
pub fn run(command: &Purge, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let (Some(asked), Some(reason)) = (&command.asked, &command.reason) else { return list(&config, global) };
    if reason.trim().is_empty() {
        return Err(Failure::wrong_use("--reason is empty: say why, for the record"));
    }
    let store = store(&config)?;
    let purged = publish::purge(&store, &config, asked, &command.by, reason).map_err(failed)?;
    bring_up(&config, &store)?;
    if global.json {
        let publish::Purged { releases, publications, captures, addresses } = purged;
        let said = json!({
            "releases": releases, "publications": publications, "captures": captures, "addresses": addresses
        });
        println!("{said}");
    } else if !global.quiet {
        println!(
            "purged: {} releases, {} pages, {} captures; {} addresses will not be read again",
            purged.releases.len(),
            purged.publications,
            purged.captures,
            purged.addresses
        );
    }
    Ok(())
}

fn list(config: &Config, global: &Global) -> Result<(), Failure> {
    for word in store(config)?.words().map_err(of_store)?.into_iter().filter(|word| word.word == "purge") {
        match global.json {
            true => println!("{}", json!({ "about": word.about, "by": word.by, "why": word.why, "at": word.at })),
            false => println!("{}\t{}\t{}\t{}", word.about, word.at, word.by, word.why),
        }
    }
    Ok(())
}
