//! A small hostile origin on loopback, and what a fetch makes of each of its answers: [`answers`] that break the
//! rules of time, size and form, [`ways`] that lead astray, [`manners`] towards a host, and [`trust`] in names and TLS.

mod answers;
mod manners;
mod trust;
mod ways;

use super::*;
use crate::{config::FetchSettings, model::Clock};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, atomic::AtomicUsize, atomic::Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the origin does after it has read a request.
#[derive(Clone)]
enum Step {
    Say(Vec<u8>),
    /// The same bytes again and again until the other side has enough.
    Flood(Vec<u8>),
    /// The same bytes once every few milliseconds.
    Drip(&'static [u8], Duration),
    Wait(Duration),
    /// Close with a reset.
    Reset,
    /// Close after what was sent.
    Close,
}
use Step::*;

/// An origin that answers by path; robots.txt is 404 unless it is told otherwise.
struct Origin {
    port: u16,
    /// Heads of all requests.
    asked: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

type Script = dyn Fn(&str, usize) -> Vec<Step> + Send + Sync;

impl Origin {
    /// `script` gets the path and how often it was asked before.
    async fn start(script: impl Fn(&str, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (script, log, opened): (Arc<Script>, _, _) = (Arc::new(script), asked.clone(), connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(converse(stream, script.clone(), log.clone()));
            }
        });
        Self { port, asked, connections }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn paths(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|head| head.split(' ').nth(1).unwrap().to_owned()).collect()
    }

    fn field(&self, number: usize, name: &str) -> Option<String> {
        let head = self.asked.lock().unwrap()[number].to_lowercase();
        head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }
}

async fn converse(mut stream: TcpStream, script: Arc<Script>, asked: Arc<Mutex<Vec<String>>>) {
    let mut buffer = Vec::new();
    loop {
        while !buffer.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read_buf(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        let head = String::from_utf8_lossy(&buffer).into_owned();
        buffer.clear();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let before = {
            let mut asked = asked.lock().unwrap();
            let before = asked.iter().filter(|known| known.split(' ').nth(1) == Some(&path)).count();
            asked.push(head);
            before
        };
        for step in script(&path, before) {
            let sent = match step {
                Say(bytes) => stream.write_all(&bytes).await,
                Wait(time) => {
                    tokio::time::sleep(time).await;
                    Ok(())
                }
                Flood(bytes) => loop {
                    if let Err(error) = stream.write_all(&bytes).await {
                        break Err(error);
                    }
                },
                Drip(bytes, every) => loop {
                    if let Err(error) = stream.write_all(bytes).await {
                        break Err(error);
                    }
                    tokio::time::sleep(every).await;
                },
                Reset => {
                    stream.set_zero_linger().unwrap();
                    return;
                }
                Close => return,
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

fn send(text: impl AsRef<[u8]>) -> Vec<Step> {
    vec![Say(text.as_ref().to_vec())]
}

fn ok(body: &str) -> Vec<Step> {
    send(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

fn none() -> Vec<Step> {
    send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
}

fn status(line: &str, fields: &str) -> Vec<Step> {
    send(format!("HTTP/1.1 {line}\r\n{fields}Content-Length: 0\r\n\r\n"))
}

fn settings() -> FetchSettings {
    FetchSettings {
        contact: "mailto:test@example.org".into(),
        delay: Duration::ZERO,
        open_networks: vec!["127.0.0.1/32".parse().unwrap()],
        page_bytes: 1 << 20,
        feed_bytes: 2 << 20,
        connect: Duration::from_millis(200),
        first_byte: Duration::from_millis(300),
        idle: Duration::from_millis(200),
        total: Duration::from_millis(700),
        ..FetchSettings::default()
    }
}

fn clock() -> Clock {
    Clock::frozen("2026-03-02T10:00:00Z".parse().unwrap())
}

fn with(settings: &FetchSettings, names: &[(&str, &str)]) -> Fetcher {
    let parsed = |list: &str| list.split(' ').map(|ip| ip.parse().unwrap()).collect::<Vec<IpAddr>>();
    let names: HashMap<String, Vec<IpAddr>> =
        names.iter().map(|(name, list)| ((*name).to_owned(), parsed(list))).collect();
    let lookup: resolve::Lookup = Arc::new(move |name| {
        let found = names.get(&name).cloned();
        Box::pin(async move { found.ok_or_else(|| std::io::Error::other("Name or service not known")) })
    });
    let retries = [Duration::from_millis(10), Duration::from_millis(20)];
    Fetcher::assemble(settings, clock(), lookup, rustls::RootCertStore::empty(), retries).unwrap()
}

fn fetcher() -> Fetcher {
    with(&settings(), &[])
}

/// One page of an origin that has no robots.txt.
async fn fetch(steps: Vec<Step>) -> Result<Response, Cause> {
    let origin = Origin::start(move |path, _| if path == "/robots.txt" { none() } else { steps.clone() }).await;
    fetcher().get(Request::page(origin.url("/page"))).await.map_err(|error| error.cause)
}
