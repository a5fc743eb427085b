//! # Server: joins the three doors behind one listener, and keeps the second one for those who run it
//!
//! The public listener serves pages, feeds and API; the admin listener health, metrics and the staff's pages, and never
//! the other way round. What holds for every answer stands here: limits on connections and requests, compression, security headers,
//! a page instead of a crash, a count and a log line. What an answer says is the business of its door.
//!
//! Never: believes `Host` or `X-Forwarded-*` (links come from `base_url`), or waits for a client without end.

mod admin;
mod connection;
mod metrics;
mod public;
mod slow;
mod staff;

use crate::{config::Config, model::Clock, search::Engine, store::Store};
use connection::LIMITS;
use metrics::Metrics;
use std::{future::Future, io, net::SocketAddr, sync::Arc};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal,
    sync::watch,
};

/// Everything that a running newsroom answers from.
pub struct ServeOptions {
    /// Listener for readers, bound already ([`bind`]).
    pub public: TcpListener,
    /// Listener for health, metrics and the staff, bound already.
    pub admin: TcpListener,
    /// Answers searches.
    pub engine: Engine,
    /// The record: what the doors read, and what the staff's pages change.
    pub store: Store,
    /// Members, themes, settings.
    pub config: Arc<Config>,
    /// Tells the time.
    pub clock: Clock,
}

/// A listener that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Someone else listens there.
    #[error(
        "cannot listen on {0}: the port is taken by another program; stop that one or choose another port (0 picks a free one)"
    )]
    Taken(SocketAddr),
    /// The system does not let us.
    #[error("cannot listen on {0}: not permitted; ports below 1024 need a privilege, choose a higher one")]
    Forbidden(SocketAddr),
    /// Anything else, for example an address that is not of this machine.
    #[error("cannot listen on {address}: {cause}")]
    Other {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
}

/// Connections that may wait to be accepted: enough for a burst, since one that finds no place waits a second.
const BACKLOG: u32 = 4096;

/// Opens a listener on `address`; port 0 picks a free one.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    listen(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => BindError::Taken(address),
        io::ErrorKind::PermissionDenied => BindError::Forbidden(address),
        _ => BindError::Other { address, cause },
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A new process may take over the port at once, although connections of the old one are still closing. (Elsewhere
    // than on Unix the option would let two programs share a port.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// What the newsroom calls itself: the configured address with a final slash, else the one it listens on.
pub fn base_url(config: &Config, listening: SocketAddr) -> String {
    match &config.settings.server.base_url {
        Some(url) if url.ends_with('/') => url.clone(),
        Some(url) => format!("{url}/"),
        None if listening.ip().is_unspecified() => format!("http://localhost:{}/", listening.port()),
        None => format!("http://{listening}/"),
    }
}

/// Ends when the program is asked to stop: SIGTERM, or Ctrl-C.
pub async fn stop_signal() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

/// Serves until `stop` is done, then lets running answers end (a few seconds at most) and returns.
pub async fn run(options: ServeOptions, stop: impl Future<Output = ()>) -> io::Result<()> {
    let base_url: Arc<str> = base_url(&options.config, options.public.local_addr()?).into();
    let metrics = Metrics::new();
    let public = public::router(&options, &base_url, metrics.clone());
    let admin = admin::router(&options, metrics).merge(staff::router(&options, &base_url));
    let (stopping, stopped) = watch::channel(false);
    let public = connection::serve(options.public, public, stopped.clone(), LIMITS);
    let admin = connection::serve(options.admin, admin, stopped, LIMITS);
    let stop = async {
        stop.await;
        tracing::info!("stopping: running answers are finished, new ones no longer begun");
        // Fails only when both listeners have ended already.
        let _ = stopping.send(true);
    };
    tokio::join!(public, admin, stop);
    Ok(())
}

#[cfg(test)]
mod tests;
