//! One connection: how long may a client take, and how does it end?
//!
//! HTTP/1.1, and HTTP/2 for those who begin with it. Every wait has an end: 10 seconds for the first byte and for each
//! request head (idle time between requests included), 30 seconds for a client that does not take what it asked for.

use super::slow::Unhurried;
use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, pin::pin, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

/// Longest wait for the head of a request.
pub(super) const HEAD: Duration = Duration::from_secs(10);
/// Longest wait for a client to take what is ready for it.
pub(super) const WRITE: Duration = Duration::from_secs(30);
/// Longest wait for running answers when the server stops.
const DRAIN: Duration = Duration::from_secs(4);
/// Pause when no further connection can be opened (file descriptors used up).
const OUT_OF_FILES: Duration = Duration::from_millis(250);

/// Accepts connections until `stopped` turns true, then waits for running answers.
pub(super) async fn serve(listener: TcpListener, router: Router, stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut stopping = pin!(until(stopped.clone()));
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone(), stopped.clone()));
                }
                Err(error) => refused(&error).await,
            },
            Some(_) = connections.join_next() => {}
            () = &mut stopping => break,
        }
    }
    drop(listener);
    let drained = timeout(DRAIN, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(connections = connections.len(), "stopped while answers were still being taken");
    }
}

/// A client that went away before it was accepted is its own business; a lack of descriptors passes when others end.
async fn refused(error: &io::Error) {
    let gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !gone.contains(&error.kind()) {
        tracing::warn!("cannot accept a connection: {error}");
        sleep(OUT_OF_FILES).await;
    }
}

async fn connection(stream: TcpStream, router: Router, stopped: watch::Receiver<bool>) {
    // Small answers go out at once. Where the option is not available the connection works all the same.
    let _ = stream.set_nodelay(true);
    let Some(second_version) = begins_with_http2(&stream, stopped.clone()).await else { return };
    let service = TowerToHyperService::new(router);
    let io = TokioIo::new(Unhurried::new(stream, WRITE));
    if second_version {
        let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(64)
            .max_header_list_size(32 << 10)
            .max_pending_accept_reset_streams(20)
            .max_local_error_reset_streams(100)
            .max_send_buf_size(256 << 10)
            .keep_alive_interval(HEAD)
            .keep_alive_timeout(HEAD);
        let mut connection = pin!(builder.serve_connection(io, service));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = until(stopped) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    } else {
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD).half_close(true).max_buf_size(128 << 10);
        let mut connection = pin!(builder.serve_connection(io, service));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = until(stopped) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Whether the client speaks HTTP/2 from the start (its preface begins with `PRI`, which is no method); `None` when it
/// says nothing in time, or the server stops first.
async fn begins_with_http2(stream: &TcpStream, stopped: watch::Receiver<bool>) -> Option<bool> {
    let mut first = [0; 3];
    let read = tokio::select! {
        read = timeout(HEAD, stream.peek(&mut first)) => read.ok()?.ok()?,
        () = until(stopped) => return None,
    };
    (read > 0).then_some(&first[..read] == b"PRI")
}
