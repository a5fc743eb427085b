//! `communique demo`: the whole newsroom over two bundled member sites on loopback.

use super::house::configuration;
use super::serve::{self, Serve};
use super::{Failure, Global};
use crate::demo::{self, Ports};
use clap::Args;
use std::path::PathBuf;

/// Start the two bundled member sites on loopback, crawl them, and serve the newsroom; no network needed.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    #[command(flatten)]
    serve: Serve,
}

/// Runs the command: `serve` with the bundled configuration and two more listeners.
pub fn run(command: &Demo, global: &Global) -> Result<(), Failure> {
    let data = global.data.clone().unwrap_or_else(|| PathBuf::from("demo-data"));
    let index = global.index.clone().unwrap_or_else(|| PathBuf::from("demo-index"));
    let folder = data.join("config");
    let ports = Ports::default();
    demo::write_config(&folder, ports).map_err(Failure::new)?;
    let global = Global { config: folder, data: Some(data), index: Some(index), ..global.clone() };
    let config = configuration(&global)?;
    super::runtime()?.block_on(async {
        let sites = demo::listen(ports).await.map_err(Failure::new)?;
        if !global.quiet {
            eprintln!(
                "two member sites listen on ports {} and {} of 127.0.0.1",
                ports.action_education, ports.solidarite_laique
            );
            eprintln!("the newsroom opens at the first address below; Ctrl-C ends it");
        }
        let served = serve::newsroom(config, &command.serve, &global).await;
        sites.stop().await;
        served
    })
}
