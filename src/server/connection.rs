//! One connection: how long may a client take, and how does it end?
//!
//! HTTP/1.1, and HTTP/2 for those who begin with it. Every wait has an end: 10 seconds for the first byte and for each
//! request head (idle time between requests included), 30 seconds for a client that does not take what it asked for.

use super::slow::Unhurried;
use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, net::SocketAddr, pin::pin, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// For its first byte, and for the head of each request.
    pub head: Duration,
    /// To take what is ready for it.
    pub write: Duration,
    /// To take running answers when the server stops.
    pub drain: Duration,
}

/// What holds in service.
pub(super) const LIMITS: Limits =
    Limits { head: Duration::from_secs(10), write: Duration::from_secs(30), drain: Duration::from_secs(4) };

/// Pause when no further connection can be opened (file descriptors used up).
const OUT_OF_FILES: Duration = Duration::from_millis(250);

/// Accepts connections until `stopped` turns true, then waits for running answers.
pub(super) async fn serve(listener: TcpListener, router: Router, stopped: watch::Receiver<bool>, limits: Limits) {
    let mut connections = JoinSet::new();
    let mut said = false;
    let mut stopping = pin!(until(stopped.clone()));
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    said = false;
                    connections.spawn(connection(stream, peer, router.clone(), stopped.clone(), limits));
                }
                Err(error) => refused(&error, &mut said).await,
            },
            Some(_) = connections.join_next() => {}
            () = &mut stopping => break,
        }
    }
    drop(listener);
    let drained = timeout(limits.drain, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(connections = connections.len(), "stopped while answers were still being taken");
    }
}

/// A client that went away before it was accepted is its own business; a lack of descriptors passes when others end,
/// and is said once until then.
async fn refused(error: &io::Error, said: &mut bool) {
    let gone = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !gone.contains(&error.kind()) {
        if !*said {
            tracing::warn!("cannot accept connections at present: {error}");
            *said = true;
        }
        sleep(OUT_OF_FILES).await;
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stopped: watch::Receiver<bool>,
    limits: Limits,
) {
    // Small answers go out at once. Where the option is not available the connection works all the same.
    let _ = stream.set_nodelay(true);
    let Some(second_version) = begins_with_http2(&stream, stopped.clone(), limits.head).await else { return };
    let service = TowerToHyperService::new(router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }));
    let io = TokioIo::new(Unhurried::new(stream, limits.write));
    if second_version {
        let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(64)
            .max_header_list_size(32 << 10)
            .max_pending_accept_reset_streams(20)
            .max_local_error_reset_streams(100)
            .max_send_buf_size(256 << 10)
            .keep_alive_interval(limits.head)
            .keep_alive_timeout(limits.head);
        let mut connection = pin!(builder.serve_connection(io, service));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = until(stopped) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    } else {
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(limits.head).half_close(true).max_buf_size(128 << 10);
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

/// What a client that speaks HTTP/2 begins with (RFC 9113, section 3.4); `PRI` is no method of HTTP/1.1.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Whether the client speaks HTTP/2 from the start; `None` when it does not say in time, or the server stops first.
/// The whole preface is waited for here, since nothing later would end that wait.
async fn begins_with_http2(stream: &TcpStream, stopped: watch::Receiver<bool>, wait: Duration) -> Option<bool> {
    let beginning = async {
        let mut first = [0; PREFACE.len()];
        loop {
            let read = stream.peek(&mut first).await.ok().filter(|read| *read > 0)?;
            if first[..read] != PREFACE[..read] || read == PREFACE.len() {
                return Some(read == PREFACE.len() && first == *PREFACE);
            }
            // Peeking returns at once while there is something; the rest is on its way or never comes.
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        said = timeout(wait, beginning) => said.ok().flatten(),
        () = until(stopped) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::time::Instant;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        task::JoinHandle,
    };

    const SHORT: Limits = Limits {
        head: Duration::from_millis(300),
        write: Duration::from_millis(300),
        drain: Duration::from_millis(1500),
    };

    async fn started() -> (SocketAddr, watch::Sender<bool>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let slowly = get(async || {
            sleep(Duration::from_millis(400)).await;
            "done"
        });
        let router = Router::new().route("/slowly", slowly).route("/much", get(async || vec![b'x'; 64 << 20]));
        let (stop, stopped) = watch::channel(false);
        (address, stop, tokio::spawn(serve(listener, router, stopped, SHORT)))
    }

    async fn rest(stream: &mut TcpStream) -> String {
        let mut text = Vec::new();
        let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut text)).await.expect("the server closes");
        String::from_utf8_lossy(&text).into_owned()
    }

    #[tokio::test]
    async fn silence_and_trickles_are_cut_off() {
        let (address, _stop, _server) = started().await;
        for begun in ["", "G", "GET /slowly HTTP/1.1\r\nHo", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
            let since = Instant::now();
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            rest(&mut stream).await;
            assert!(since.elapsed() < Duration::from_secs(30), "{begun:?} was kept for {:?}", since.elapsed());
        }
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_loses_its_connection() {
        let (address, stop, server) = started().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /much HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        sleep(SHORT.write * 3).await;
        let since = Instant::now();
        stop.send(true).unwrap();
        server.await.unwrap();
        assert!(since.elapsed() < SHORT.drain, "the connection was still there");
    }

    #[tokio::test]
    async fn a_running_answer_is_finished_when_the_server_stops() {
        let (address, stop, server) = started().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /slowly HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut idle = TcpStream::connect(address).await.unwrap();
        sleep(Duration::from_millis(100)).await;
        stop.send(true).unwrap();
        assert!(rest(&mut stream).await.ends_with("done"));
        assert_eq!(rest(&mut idle).await, "");
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "nothing listens any more");
    }

    #[tokio::test]
    async fn a_client_that_closed_its_side_still_gets_its_answer() {
        let (address, _stop, _server) = started().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /slowly HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
        assert!(rest(&mut stream).await.ends_with("done"));
    }
}
