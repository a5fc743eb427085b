//! # Command line: one file a command
//!
//! A command is one file here, one line in [`Command`] and one line in [`run`].

mod audit;
mod backup;
mod bars;
mod check;
mod classify;
mod crawl;
mod demo;
mod explain;
mod export;
mod failure;
mod hide;
mod house;
mod import;
mod interrupt;
mod logging;
mod look;
mod openapi;
mod probe;
mod purge;
mod read;
mod read_feed;
mod reindex;
mod search;
mod serve;
mod soundness;
mod theme;

pub use failure::Failure;

use crate::model::Clock;
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// The newsroom of an alliance: reads the press releases of member associations from their own sites and gives them
/// back as a search site, a JSON API and merged feeds.
#[derive(Debug, Parser)]
#[command(name = "communique", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  communique demo                        the whole newsroom over two bundled sites, no network needed
  communique probe https://example.org/  what a site offers, and a member file for it
  communique check                       is the configuration right, are store and index sound?
  communique serve                       crawl on schedule, index, serve (also without a command)
  communique audit                       is anything missing?
  communique search 'éducation des filles' --lang fr
  communique read page.html --url https://example.org/page

Exit codes: 0 done, 1 failed, 2 wrong use, 75 try again later.";

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Folder of the configuration
    #[arg(long, global = true, env = "COMMUNIQUE_CONFIG", default_value = "config", value_name = "DIR")]
    pub config: PathBuf,
    /// Folder of the database [default: as configured, else data]
    #[arg(long, global = true, env = "COMMUNIQUE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder of the index [default: as configured, else index]
    #[arg(long, global = true, env = "COMMUNIQUE_INDEX", value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// Print JSON lines
    #[arg(long, global = true)]
    pub json: bool,
    /// Say only what failed
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more (-v: what happens, -vv: every request)
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Crawl(crawl::Crawl),
    Probe(probe::Probe),
    Search(search::Search),
    Read(read::Read),
    ReadFeed(read_feed::ReadFeed),
    Classify(classify::Classify),
    Import(import::Import),
    Export(export::Export),
    Hide(hide::Hide),
    Unhide(hide::Unhide),
    Theme(theme::Theme),
    Purge(purge::Purge),
    Explain(explain::Explain),
    Audit(audit::Audit),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Reindex(reindex::Reindex),
    Openapi(openapi::Openapi),
    Check(check::Check),
}

/// Runs the command line: 0 done, 1 failed, 2 wrong use, 75 try again later.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(&cli.global);
    match run(&cli.global, cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(global: &Global, command: Option<Command>) -> Result<(), Failure> {
    match command {
        None => serve::run(&serve::Serve::default(), global),
        Some(Command::Serve(command)) => serve::run(&command, global),
        Some(Command::Demo(command)) => demo::run(&command, global),
        Some(Command::Probe(command)) => probe::run(&command, global),
        Some(Command::Crawl(command)) => crawl::run(&command, global),
        Some(Command::Search(command)) => search::run(&command, global),
        Some(Command::Reindex(command)) => reindex::run(&command, global),
        Some(Command::Backup(command)) => backup::run(&command, global),
        Some(Command::Restore(command)) => backup::undo(&command, global),
        Some(Command::Read(command)) => read::run(&command, global),
        Some(Command::ReadFeed(command)) => read_feed::run(&command, global),
        Some(Command::Check(command)) => check::run(&command, global),
        Some(Command::Classify(command)) => classify::run(&command, global),
        Some(Command::Import(command)) => import::run(&command, global),
        Some(Command::Export(command)) => export::run(&command, global),
        Some(Command::Hide(command)) => hide::run(&command, global),
        Some(Command::Unhide(command)) => hide::undo(&command, global),
        Some(Command::Theme(command)) => theme::run(&command, global),
        Some(Command::Purge(command)) => purge::run(&command, global),
        Some(Command::Audit(command)) => audit::run(&command, global),
        Some(Command::Explain(command)) => explain::run(&command, global),
        Some(Command::Openapi(command)) => openapi::run(&command, global),
    }
}

/// The event loop of commands that talk to the network.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::new)
}

/// The clock of the machine. Everything below is handed the time.
pub fn system_clock() -> Clock {
    Clock::new(jiff::Timestamp::now)
}
