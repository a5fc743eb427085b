//! # Demo: where do the two bundled member sites come from?
//!
//! Two web sites of our own writing, carried in the binary and answered on loopback, so that a newcomer sees the
//! whole way from a member's site to the newsroom without any network. Nothing here knows the crawler: the sites
//! answer like the systems they imitate, with their faults, and [`write_config`] writes a configuration that the
//! crawler reads like any other.
//!
//! - `action-education.localhost` imitates WordPress with Divi and a translation layer (`wordpress`).
//! - `solidarite-laique.localhost` imitates a hand-made site without API, feed or sitemap (`plain`).
//!
//! To add a page, add a file below `sites/<host>/` (see `sites/README.md`); no code changes.

mod bundle;
mod content;
mod listen;
mod markup;
mod plain;
mod reply;
mod template;
#[cfg(test)]
mod tests;
mod wordpress;

pub use listen::{Listeners, listen};

use axum::Router;
use std::{io, net::SocketAddr, path::Path, path::PathBuf, sync::Arc};

/// Ports of the two sites on 127.0.0.1. They are part of every address, so a new port is a new domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// `action-education.localhost`.
    pub action_education: u16,
    /// `solidarite-laique.localhost`.
    pub solidarite_laique: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { action_education: 8471, solidarite_laique: 8472 }
    }
}

/// One bundled site, ready to be served.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its host name, below `.localhost`.
    pub host: &'static str,
    /// Its port, as it stands in the addresses of its pages.
    pub port: u16,
    /// Answers every request to it.
    pub router: Router,
}

/// Why the bundled sites cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Another program listens there.
    #[error("port {} is taken, and the site {host} needs it: stop the program that listens on {address}", address.port())]
    Taken {
        /// Site that wanted the port.
        host: &'static str,
        /// Address that is taken.
        address: SocketAddr,
    },
    /// The address cannot be used for another reason.
    #[error("the site {host} cannot listen on {address}: {source}")]
    Listen {
        /// Site that wanted the address.
        host: &'static str,
        /// Address that was tried.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A bundled file is missing.
    #[error("bundled file {0} is missing")]
    Missing(String),
    /// A bundled file is not what it should be.
    #[error("{path}:{line}: {problem}")]
    Content {
        /// File below `src/demo/`.
        path: &'static str,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The configuration could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The two sites, reading all of their pages: a mistake in one of them is an error, with file and line.
pub fn sites(ports: Ports) -> Result<[Site; 2], DemoError> {
    let homes = content::Homes::new(ports);
    let first = Arc::new(wordpress::Wordpress::read(&homes)?);
    let second = Arc::new(plain::Plain::read(&homes)?);
    Ok([
        Site {
            host: content::ACTION_EDUCATION,
            port: ports.action_education,
            router: reply::router(move |request| first.answer(request)),
        },
        Site {
            host: content::SOLIDARITE_LAIQUE,
            port: ports.solidarite_laique,
            router: reply::router(move |request| second.answer(request)),
        },
    ])
}

/// Writes the demo's configuration folder (`communique.toml`, `members/*.toml`, the shipped `themes.ttl`) with these ports, making `folder`
/// where needed and replacing what stands there.
pub fn write_config(folder: &Path, ports: Ports) -> Result<(), DemoError> {
    let default = Ports::default();
    for (path, text) in bundle::texts("config/")? {
        let target = folder.join(path.trim_start_matches("config/"));
        let text = text
            .replace(&format!(":{}", default.action_education), &format!(":{}", ports.action_education))
            .replace(&format!(":{}", default.solidarite_laique), &format!(":{}", ports.solidarite_laique));
        let written = match target.parent() {
            Some(parent) => std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&target, text)),
            None => std::fs::write(&target, text),
        };
        written.map_err(|source| DemoError::Write { path: target, source })?;
    }
    Ok(())
}
