//! # Command line: one file a command
//!
//! A command is one file and one line of the enum below.

use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// The newsroom of an alliance.
#[derive(Debug, Parser)]
#[command(name = "communique", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Folder of the configuration
    #[arg(long, global = true, env = "COMMUNIQUE_CONFIG", default_value = "config", value_name = "DIR")]
    pub config: PathBuf,
    /// Folder of the database (default: as configured, else data)
    #[arg(long, global = true, env = "COMMUNIQUE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder of the index (default: as configured, else index)
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
enum Command {}

/// Runs the command line: 0 done, 1 failed, 2 wrong use, 75 try again later.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let _ = &cli.global;
    match cli.command {
        None => ExitCode::SUCCESS,
        Some(command) => match command {},
    }
}
