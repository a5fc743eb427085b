//! A stream that gives up on a client which does not take what is written to it.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// Fails with `TimedOut` when what was written has not gone out after a while. A client that takes a byte now and then
/// gains nothing: the clock starts when a write first has to wait, and stops only when everything has been taken.
pub(super) struct Unhurried<S> {
    stream: S,
    patience: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Unhurried<S> {
    /// Wraps `stream`; `patience` is for each batch of writes up to the next flush.
    pub fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, waiting: None }
    }

    fn check<T>(&mut self, written: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() && self.waiting.is_none() {
            return written;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(patience)));
        if written.is_ready() && waiting.deadline() > Instant::now() {
            return written;
        }
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unhurried<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unhurried<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.check(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.check(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.waiting = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const PATIENCE: Duration = Duration::from_millis(120);

    #[tokio::test]
    async fn a_client_that_takes_a_byte_now_and_then_is_given_up() {
        let (server, mut client) = duplex(64);
        let mut server = Unhurried::new(server, PATIENCE);
        let reading = tokio::spawn(async move {
            while client.read_u8().await.is_ok() {
                sleep(PATIENCE / 10).await;
            }
        });
        let failed = server.write_all(&[b'x'; 4096]).await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
        drop(server);
        reading.abort();
    }

    #[tokio::test]
    async fn a_client_that_takes_everything_in_time_may_come_again_later() {
        let (server, mut client) = duplex(64);
        let mut server = Unhurried::new(server, PATIENCE);
        for _ in 0..3 {
            let reading = async {
                sleep(PATIENCE / 4).await;
                client.read_exact(&mut [0; 100]).await
            };
            let writing = async {
                server.write_all(&[b'x'; 100]).await?;
                server.flush().await
            };
            let (read, written) = tokio::join!(reading, writing);
            read.unwrap();
            written.unwrap();
            sleep(PATIENCE * 2).await;
        }
    }
}
