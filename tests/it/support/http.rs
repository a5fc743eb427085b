//! A client that sends exactly what a test says, over one connection, and shows exactly what comes back.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// What came back.
pub struct Answer {
    /// Status code; 0 when the server closed without a word.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// Body, chunks joined.
    pub body: String,
    /// Everything as it came.
    pub whole: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let whole = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = whole.split_once("\r\n\r\n").unwrap_or((&whole, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let mut answer = Answer { status, head: head.to_owned(), body: body.to_owned(), whole: String::new() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = joined(bytes);
        }
        Answer { whole, ..answer }
    }

    /// The first header called `name`.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.whole))
    }
}

/// Enough of it to see what went wrong.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let begin: String = self.body.chars().take(3_000).collect();
        write!(f, "{}\n\n{begin}", self.head)
    }
}

fn joined(bytes: &[u8]) -> String {
    let begin = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let (mut rest, mut body) = (&bytes[begin..], Vec::new());
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
        if size == 0 {
            break;
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

/// Sends bytes as they are and gives what comes back until the server closes or falls silent.
pub async fn raw(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close before everything was sent.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let mut part = [0; 8192];
    while let Ok(Ok(n)) = timeout(Duration::from_secs(10), stream.read(&mut part)).await {
        if n == 0 {
            break;
        }
        answer.extend_from_slice(&part[..n]);
    }
    Answer::read(&answer)
}

pub async fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    raw(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n").as_bytes())
        .await
}
