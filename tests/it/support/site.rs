//! A member site of a test's own making on loopback: addresses with what they answer, which may change between rounds,
//! and the list of what was asked.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// One answer.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Reply {
    /// A page of HTML in UTF-8.
    pub fn page(html: impl Into<String>) -> Self {
        Self::new(200, "Content-Type: text/html; charset=utf-8\r\n", html.into())
    }

    /// Any answer; `headers` end in line breaks.
    pub fn new(status: u16, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: headers.to_owned(), body: body.into() }
    }

    /// A lasting redirect.
    pub fn moved(to: &str) -> Self {
        Self::new(301, &format!("Location: {to}\r\n"), "")
    }
}

type Pages = Arc<Mutex<HashMap<String, Reply>>>;

/// A site that is being served until the test ends.
pub struct Site {
    /// Its home page, with the final slash.
    pub home: String,
    pages: Pages,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// A site that answers 404 to everything.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = format!("http://{}/", listener.local_addr().unwrap());
        let site = Self { home, pages: Arc::default(), asked: Arc::default() };
        let (pages, asked) = (site.pages.clone(), site.asked.clone());
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &pages, &asked)));
        site
    }

    /// From now on `path` (with its query) answers so.
    pub fn put(&self, path: &str, reply: Reply) {
        self.pages.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// From now on `path` is unknown.
    pub fn drop(&self, path: &str) {
        self.pages.lock().unwrap().remove(path);
    }

    /// What was asked since the last call.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn answer(mut stream: TcpStream, pages: &Pages, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(length @ 1..) => head.extend_from_slice(&part[..length]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let reply = pages.lock().unwrap().get(&path).cloned();
    let reply = reply.unwrap_or_else(|| Reply::new(404, "Content-Type: text/html\r\n", "<h1>404</h1>"));
    asked.lock().unwrap().push(path);
    let (status, headers, length) = (reply.status, reply.headers, reply.body.len());
    let head = format!("HTTP/1.1 {status} Said\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n");
    let _ = stream.write_all(&[head.into_bytes(), reply.body].concat());
}
