//! `communique reindex`: fills a new index from the store, beside the old one.

use super::house::{House, configuration};
use super::{Failure, Global};
use crate::publish;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};

/// Build the index anew from the store; the old one answers until the new one is complete
#[derive(Debug, Args)]
pub struct Reindex {}

/// Runs the command.
pub fn run(_command: &Reindex, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let house = House::open(config, Some("reindex"))?;
    let seen = stderr().is_terminal() && !global.quiet && !global.json;
    let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("index {bar:28} {pos}/{len}") {
        bar.set_style(style);
    }
    let mut count = 0;
    let generation = publish::rebuild(&house.store, &house.index, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
        count = done;
    })
    .map_err(Failure::new)?;
    bar.finish_and_clear();
    match global.json {
        true => println!("{}", serde_json::json!({"releases": count, "generation": generation})),
        false => println!("{count} releases indexed, generation {generation}"),
    }
    Ok(())
}
