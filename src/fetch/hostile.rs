//! A small hostile origin on loopback, and what a fetch makes of each of its answers.

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
    let names: HashMap<String, IpAddr> =
        names.iter().map(|(name, ip)| ((*name).to_owned(), ip.parse().unwrap())).collect();
    let lookup: resolve::Lookup = Arc::new(move |name| {
        let found = names.get(&name).copied();
        Box::pin(
            async move { found.map(|ip| vec![ip]).ok_or_else(|| std::io::Error::other("Name or service not known")) },
        )
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

#[tokio::test]
async fn a_page_comes_with_all_that_was_said_about_it() {
    let origin = Origin::start(|path, _| match path {
        "/robots.txt" => none(),
        _ => send(b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nX-Bad: a\x01b\r\nContent-Type: text/html\xff;;\r\nContent-Length: 5\r\n\r\nhello"),
    })
    .await;
    let fetcher = fetcher();
    let response = fetcher.get(Request::page(origin.url("/page#part"))).await.unwrap();
    assert_eq!((response.status, &response.body[..], response.cut), (200, &b"hello"[..], false));
    assert_eq!((response.requested.clone(), response.url.clone()), (origin.url("/page"), origin.url("/page")));
    assert_eq!(response.header("x-name"), Some("café"));
    assert_eq!(response.header("x-bad"), None);
    assert_eq!(response.at, clock().now());
    assert_eq!(origin.paths(), ["/robots.txt", "/page"]);
    assert_eq!(
        origin.field(1, "user-agent").unwrap(),
        concat!("communique/", env!("CARGO_PKG_VERSION"), " (+mailto:test@example.org)")
    );
    assert_eq!(origin.field(1, "accept-encoding").unwrap(), "gzip, deflate, br");
    assert_eq!(origin.field(1, "cookie"), None);
    assert_eq!(fetcher.requests(&origin.url("/")), 2);
    assert_eq!(origin.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn silence_and_trickles_end_by_the_limits() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let second = Duration::from_millis(50);
    let cases: Vec<(&str, Vec<Step>, Limit)> = vec![
        ("silence", vec![Wait(Duration::from_secs(5))], Limit::FirstByte),
        ("dripping head", vec![Say(b"HTTP/1.1 200 OK\r\nX: ".to_vec()), Drip(b"a", second)], Limit::FirstByte),
        ("endless interim answers", vec![Drip(b"HTTP/1.1 103 Early Hints\r\n\r\n", second)], Limit::FirstByte),
        (
            "stall in the middle",
            vec![Say(head.to_vec()), Say(vec![b'a'; 500]), Wait(Duration::from_secs(5))],
            Limit::Idle,
        ),
        ("dripping body", vec![Say(head.to_vec()), Drip(b"a", second)], Limit::Total),
    ];
    for (name, steps, limit) in cases {
        let started = Instant::now();
        let cause = fetch(steps).await.expect_err(name);
        assert_eq!(cause, Cause::Timeout(limit), "{name}");
        assert!(cause.is_transient() && started.elapsed() < Duration::from_millis(1500), "{name}");
    }
}

#[tokio::test]
async fn endless_bodies_are_cut_at_the_limit() {
    let chunk = [b"1000\r\n".to_vec(), vec![b'a'; 4096], b"\r\n".to_vec()].concat();
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let response = fetch(vec![Say(head), Flood(chunk)]).await.unwrap();
    assert!(response.cut && response.body.len() == 1 << 20);
    assert_eq!(response.warnings[0].code, "body-cut");
    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &vec![0; 64 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
    let response = fetch(vec![Say(head.into_bytes()), Say(bomb)]).await.unwrap();
    assert!(response.cut && response.body.len() == 1 << 20);
}

#[tokio::test]
async fn heads_without_measure_are_refused() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(10 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: b\r\n".repeat(200_000));
    let over = format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 0\r\n\r\n", "a".repeat(66_000));
    for (name, steps) in [
        ("one long field", send(long)),
        ("many fields", send(many)),
        ("just over the limit", send(over)),
        (
            "endless",
            vec![Say(b"HTTP/1.1 200 OK\r\n".to_vec()), Flood(b"X-A: bbbbbbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(100))],
        ),
    ] {
        assert_eq!(fetch(steps).await.expect_err(name), Cause::HeadTooLarge, "{name}");
    }
}

#[tokio::test]
async fn broken_framing_is_an_error_and_never_half_a_page() {
    let get = |text: &str| [send(text), vec![Close]].concat();
    let cases = [
        ("half a body", get("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), "Truncated"),
        ("half a chunk", get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf"), "Truncated"),
        ("no last chunk", get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"), "Truncated"),
        ("two lengths", get("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello"), "Framing"),
        ("a list of lengths", get("HTTP/1.1 200 OK\r\nContent-Length: 10, 20\r\n\r\nhello"), "Framing"),
        ("a negative length", get("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello"), "Framing"),
        (
            "a chunk of 2^64-1",
            get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx"),
            "Truncated",
        ),
        (
            "a chunk of 2^68",
            get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx"),
            "Framing",
        ),
        ("a chunk of nonsense", get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello"), "Framing"),
        ("no status line", get("<html><p>hello</p></html>"), "Framing"),
        ("status 1", get("HTTP/1.1 1 X\r\nContent-Length: 0\r\n\r\n"), "Framing"),
        ("text as gzip", get("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"), "Coding"),
        (
            "three layers",
            get("HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip\r\nContent-Length: 5\r\n\r\nhello"),
            "Coding",
        ),
        (
            "unknown coding",
            get("HTTP/1.1 200 OK\r\nContent-Encoding: x-mine\r\nContent-Length: 5\r\n\r\nhello"),
            "Coding",
        ),
        ("304 unasked", get("HTTP/1.1 304 Not Modified\r\n\r\n"), "Status"),
        ("protocol switch", get("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), "Status"),
    ];
    for (name, steps, expected) in cases {
        let cause = fetch(steps).await.expect_err(name);
        assert!(format!("{cause:?}").starts_with(expected), "{name}: {cause:?}");
    }
}

#[tokio::test]
async fn odd_but_readable_answers_are_read() {
    for (name, text, expected) in [
        ("equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200),
        ("status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 5\r\n\r\nhello", 999),
        ("charset as coding", "HTTP/1.1 200 OK\r\nContent-Encoding: utf-8\r\nContent-Length: 5\r\n\r\nhello", 200),
        ("longer than stated", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more of it", 200),
        (
            "length and chunks",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            200,
        ),
        ("folded field", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello", 200),
        ("old protocol", "HTTP/1.0 200 OK\r\n\r\nhello", 200),
    ] {
        let response =
            fetch([send(text), vec![Close]].concat()).await.unwrap_or_else(|cause| panic!("{name}: {cause}"));
        assert_eq!((response.status, &response.body[..]), (expected, &b"hello"[..]), "{name}");
    }
}

#[tokio::test]
async fn a_second_answer_behind_the_first_is_given_to_nobody() {
    for head in
        ["Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "Content-Length: 2\r\n\r\nok"]
    {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
        let origin = Origin::start(move |path, _| match path {
            "/robots.txt" => none(),
            "/split" => send(&answer),
            _ => ok("honest"),
        })
        .await;
        let fetcher = fetcher();
        assert_eq!(&fetcher.get(Request::page(origin.url("/split"))).await.unwrap().body[..], b"ok");
        assert_eq!(&fetcher.get(Request::page(origin.url("/next"))).await.unwrap().body[..], b"honest");
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_three_times_and_no_more() {
    for (name, steps) in [
        ("before the head", vec![Reset]),
        ("closed before the head", vec![Close]),
        (
            "within the body",
            vec![
                Say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec()),
                Wait(Duration::from_millis(20)),
                Reset,
            ],
        ),
    ] {
        let broken = steps.clone();
        let origin = Origin::start(move |path, _| match path {
            "/robots.txt" => status("404 Not Found", "Connection: close\r\n"),
            _ => broken.clone(),
        })
        .await;
        let error = fetcher().get(Request::page(origin.url("/page"))).await.expect_err(name);
        assert!(error.cause.is_transient(), "{name}: {error}");
        assert_eq!(origin.paths().len(), 4, "{name}");
        let origin = Origin::start(move |path, before| match (path, before) {
            ("/robots.txt", _) => status("404 Not Found", "Connection: close\r\n"),
            (_, 0 | 1) => steps.clone(),
            _ => ok("at last"),
        })
        .await;
        assert_eq!(fetcher().get(Request::page(origin.url("/page"))).await.unwrap().status, 200, "{name}");
    }
}

#[tokio::test]
async fn an_idle_connection_that_was_closed_costs_nothing() {
    let origin = Origin::start(|path, before| match (path, before) {
        ("/robots.txt", _) => none(),
        ("/second", 0) => vec![Close],
        _ => ok("page"),
    })
    .await;
    let mut slow = settings();
    slow.delay = Duration::ZERO;
    let fetcher = with(&slow, &[]);
    fetcher.get(Request::page(origin.url("/first"))).await.unwrap();
    let started = Instant::now();
    assert_eq!(fetcher.get(Request::page(origin.url("/second"))).await.unwrap().status, 200);
    assert!(started.elapsed() < Duration::from_millis(10), "no pause before the second try: {:?}", started.elapsed());
}

#[tokio::test]
async fn redirects_are_followed_recorded_and_bounded() {
    let origin = Origin::start(|path, _| match path {
        "/robots.txt" => none(),
        "/moved" => status("301 Moved", "Location: /caf\u{e9} au lait?x=1\r\n"),
        "/self" => status("302 Found", "Location: /self\r\n"),
        "/a" => status("302 Found", "Location: /b\r\n"),
        "/b" => status("302 Found", "Location: /a\r\n"),
        "/empty" => status("302 Found", "Location: \r\n"),
        "/absent" => status("302 Found", ""),
        "/crlf" => status("302 Found", "Location: /x%0d%0aX-Injected:%20yes\r\n"),
        "/file" => status("302 Found", "Location: file:///etc/passwd\r\n"),
        "/inner" => status("302 Found", "Location: http://127.8.8.8/secret\r\n"),
        "/inner6" => status("302 Found", "Location: http://[::ffff:127.0.0.1]/secret\r\n"),
        "/login" => status("302 Found", "Location: http://user:pass@127.0.0.1/\r\n"),
        "/choices" => status("300 Multiple Choices", "Location: /ok\r\n"),
        path if path.starts_with("/grow") => status("302 Found", &format!("Location: {path}x\r\n")),
        _ => ok("page"),
    })
    .await;
    let fetcher = fetcher();
    let get = async |path: &str| fetcher.get(Request::page(origin.url(path))).await.map_err(|error| error.cause);
    let response = get("/moved").await.unwrap();
    assert_eq!(response.url, origin.url("/caf%C3%A9%20au%20lait?x=1"));
    assert_eq!(response.redirects, [(301, response.url.clone())]);
    for path in ["/self", "/a", "/empty", "/absent", "/grow"] {
        let cause = get(path).await.expect_err(path);
        assert!(matches!(cause, Cause::Redirect(_)), "{path}: {cause:?}");
    }
    assert_eq!(origin.paths().iter().filter(|path| path.starts_with("/grow")).count(), 6);
    for path in ["/file", "/inner", "/inner6", "/login"] {
        let cause = get(path).await.expect_err(path);
        assert!(matches!(cause, Cause::Refused(_)), "{path}: {cause:?}");
    }
    assert_eq!(get("/crlf").await.unwrap().url, origin.url("/x%0d%0aX-Injected:%20yes"));
    assert!(!origin.asked.lock().unwrap().iter().any(|head| head.contains("\nX-Injected")));
    assert_eq!(get("/choices").await.unwrap().status, 300);
}

#[tokio::test]
async fn a_member_s_request_stays_on_the_member_s_hosts() {
    let parked = Origin::start(|_, _| ok("for sale")).await;
    let elsewhere = parked.url("/");
    let origin = Origin::start(move |path, _| match path {
        "/robots.txt" => none(),
        "/gone" => status("301 Moved", &format!("Location: {elsewhere}\r\n")),
        _ => ok("page"),
    })
    .await;
    let scope = Arc::new(Scope { hosts: vec![("127.0.0.1".into(), Some(origin.port))] });
    let fetcher = fetcher();
    assert!(fetcher.get(Request::page(origin.url("/page")).within(&scope)).await.is_ok());
    let error = fetcher.get(Request::page(origin.url("/gone")).within(&scope)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::OffSite { .. }), "{error}");
    assert!(parked.paths().is_empty());
}

#[test]
fn a_scope_is_hosts_with_their_ports() {
    let scope = Scope { hosts: vec![("site.example".into(), None), ("old.example".into(), Some(8080))] };
    for (address, inside) in [
        ("https://site.example/a", true),
        ("http://www.Site.example:80/", true),
        ("http://site.example.:443/", true),
        ("http://site.example:8080/", false),
        ("http://old.example:8080/", true),
        ("http://old.example/", false),
        ("http://sub.site.example/", false),
        ("http://evilsite.example/", false),
    ] {
        assert_eq!(scope.contains(&Url::parse(address).unwrap()), inside, "{address}");
    }
}

#[tokio::test]
async fn robots_txt_decides_before_the_page_is_asked() {
    let cases: Vec<(&str, Vec<Step>, &str)> = vec![
        ("allows", ok("User-agent: *\nDisallow: /other"), "ok"),
        ("disallows", ok("User-agent: communique\rDisallow: /page\r"), "Disallowed"),
        ("404", none(), "ok"),
        ("403", status("403 Forbidden", ""), "ok"),
        ("410", status("410 Gone", ""), "ok"),
        ("500", status("500 Oops", ""), "RobotsUnreachable"),
        ("503", status("503 Busy", ""), "Paused"),
        ("429", status("429 Slow", "Retry-After: 60\r\n"), "Paused"),
        ("304", status("304 Not Modified", ""), "RobotsUnreachable"),
        ("silence", vec![Wait(Duration::from_secs(5))], "RobotsUnreachable"),
        ("reset", vec![Reset], "RobotsUnreachable"),
        (
            "half",
            [send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *"), vec![Close]].concat(),
            "RobotsUnreachable",
        ),
        ("ring", status("302 Found", "Location: /robots.txt\r\n"), "ok"),
        ("no address", status("302 Found", ""), "ok"),
        ("inward", status("302 Found", "Location: http://127.8.8.8/robots.txt\r\n"), "Refused"),
        ("a page", ok("<!doctype html><p>Disallow: /page</p>"), "ok"),
        ("elsewhere", status("301 Moved", "Location: /real-robots\r\n"), "Disallowed"),
    ];
    for (name, robots, expected) in cases {
        let origin = Origin::start(move |path, _| match path {
            "/robots.txt" => robots.clone(),
            "/real-robots" => ok("User-agent: *\nDisallow: /page"),
            _ => ok("page"),
        })
        .await;
        let fetcher = fetcher();
        for _ in 0..2 {
            let verdict = match fetcher.get(Request::page(origin.url("/page"))).await {
                Ok(_) => "ok".to_owned(),
                Err(error) => format!("{:?}", error.cause),
            };
            assert!(verdict.starts_with(expected), "{name}: {verdict}");
        }
        let pages = origin.paths().iter().filter(|path| *path == "/page").count();
        assert_eq!(pages, if expected == "ok" { 2 } else { 0 }, "{name}");
        let ring = if name == "ring" {
            6
        } else if name == "reset" {
            3
        } else if name == "inward" {
            2
        } else {
            1
        };
        assert_eq!(origin.paths().iter().filter(|path| *path == "/robots.txt").count(), ring, "{name}");
    }
}

#[tokio::test]
async fn robots_txt_names_sitemaps_and_is_read_once() {
    let origin = Origin::start(|path, _| match path {
        "/robots.txt" => ok("Sitemap: https://site.example/a.xml\nUser-agent: *\nCrawl-delay: 2\nSitemap: /b.xml"),
        _ => ok("page"),
    })
    .await;
    let fetcher = fetcher();
    let file = fetcher.robots(&origin.url("/deep/page"), None).await.unwrap();
    assert_eq!((file.status, file.crawl_delay), (200, Some(2.0)));
    assert_eq!(file.sitemaps, ["https://site.example/a.xml", "/b.xml"]);
    fetcher.get(Request::page(origin.url("/page"))).await.unwrap();
    assert_eq!(origin.paths(), ["/robots.txt", "/page"]);
}

#[tokio::test]
async fn a_host_that_says_slow_down_is_left_alone_as_a_whole() {
    let origin = Origin::start(|path, _| match path {
        "/robots.txt" => none(),
        "/busy" => status("429 Too Many Requests", "Retry-After: 3600\r\n"),
        _ => ok("page"),
    })
    .await;
    let fetcher = fetcher();
    let error = fetcher.get(Request::page(origin.url("/busy"))).await.unwrap_err();
    let hour = "2026-03-02T11:00:00Z".parse().unwrap();
    assert_eq!(
        error.cause,
        Cause::Paused { host: format!("127.0.0.1:{}", origin.port), until: hour, status: Some(429) }
    );
    let error = fetcher.get(Request::page(origin.url("/page"))).await.unwrap_err();
    assert_eq!(error.cause.retry_at(), Some(hour));
    assert_eq!(origin.paths(), ["/robots.txt", "/busy"]);
}

#[tokio::test]
async fn one_request_at_a_time_with_the_delay_between_two() {
    let origin = Origin::start(|path, _| match path {
        "/robots.txt" => none(),
        _ => [vec![Wait(Duration::from_millis(20))], ok("page")].concat(),
    })
    .await;
    let mut polite = settings();
    polite.delay = Duration::from_millis(50);
    let fetcher = with(&polite, &[]);
    let started = Instant::now();
    let pages: Vec<String> = (0..4).map(|number| origin.url(&format!("/{number}"))).collect();
    let all = pages.iter().map(|url| fetcher.get(Request::page(url.clone())));
    for response in futures_util::future::join_all(all).await {
        assert_eq!(response.unwrap().status, 200);
    }
    assert!(started.elapsed() >= Duration::from_millis(4 * 70), "{:?}", started.elapsed());
    assert_eq!(origin.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn validators_are_sent_back_and_304_is_taken_only_then() {
    let origin = Origin::start(|path, before| match (path, before) {
        ("/robots.txt", _) => none(),
        ("/feed", 0) => send("HTTP/1.1 200 OK\r\nETag: W/\"v1\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nContent-Length: 4\r\n\r\nfeed"),
        ("/moved", _) => status("301 Moved", "Location: /feed\r\n"),
        _ => send("HTTP/1.1 304 Not Modified\r\n\r\n"),
    })
    .await;
    let fetcher = fetcher();
    let first = fetcher.get(Request::document(origin.url("/feed"))).await.unwrap();
    let again = fetcher.get(Request::document(origin.url("/feed")).if_changed(first.validators())).await.unwrap();
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(origin.field(2, "if-none-match").unwrap(), "\"v1\"");
    assert_eq!(origin.field(2, "if-modified-since").unwrap(), "wed, 21 oct 2015 07:28:00 gmt");
    let moved = fetcher.get(Request::document(origin.url("/moved")).if_changed(first.validators())).await;
    assert_eq!(moved.unwrap_err().cause, Cause::Status(304), "a 304 elsewhere says nothing about this address");
    assert_eq!(origin.field(4, "if-none-match"), None);
}

#[tokio::test]
async fn names_are_judged_by_what_they_stand_for() {
    let origin = Origin::start(|path, _| if path == "/robots.txt" { none() } else { ok("page") }).await;
    let port = origin.port;
    let fetcher = with(
        &settings(),
        &[("home.example", "127.0.0.1"), ("inner.example", "127.8.8.8"), ("flip.example", "1.1.1.1")],
    );
    let get = async |host: &str| {
        let outcome = fetcher.get(Request::page(format!("http://{host}:{port}/page"))).await;
        outcome.map(|response| response.status).map_err(|error| error.cause)
    };
    assert_eq!(get("home.example").await, Ok(200));
    assert_eq!(get("site.localhost").await, Ok(200));
    assert_eq!(get("LOCALHOST.").await, Ok(200));
    assert!(matches!(get("inner.example").await, Err(Cause::Refused(guard::Refusal::Address { .. }))));
    assert_eq!(get("flip.example").await, Err(Cause::Refused(guard::Refusal::Port(port))));
    assert!(
        matches!(get("nowhere.example").await, Err(Cause::RobotsUnreachable(cause)) if matches!(*cause, Cause::NoSuchName(_)))
    );
}

/// A TLS server that shows one of the certificates of `testdata` and answers every request with a page.
fn tls_origin(certificate: &'static [u8]) -> u16 {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let key = PrivateKeyDer::try_from(&include_bytes!("testdata/site.key.der")[..]).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(tls, stream.unwrap());
            let mut head = [0; 4096];
            if std::io::Read::read(&mut stream, &mut head).is_ok() {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret";
                let _ = std::io::Write::write_all(&mut stream, answer);
            }
        }
    });
    port
}

#[tokio::test]
async fn tls_is_trusted_or_not_used() {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from(&include_bytes!("testdata/root.der")[..])).unwrap();
    let trusting =
        Fetcher::assemble(&settings(), clock(), resolve::system(), roots, [Duration::from_millis(1); 2]).unwrap();
    let get = async |fetcher: &Fetcher, port: u16| {
        let outcome = fetcher.get(Request::page(format!("https://localhost:{port}/"))).await;
        match outcome.map(|response| response.status).map_err(|error| error.cause) {
            Err(Cause::RobotsUnreachable(cause)) => Err(*cause),
            other => other,
        }
    };
    let good = tls_origin(include_bytes!("testdata/good.der"));
    // the server calls its robots.txt "secret", which is no rule
    assert_eq!(get(&trusting, good).await, Ok(200));
    let expired = tls_origin(include_bytes!("testdata/expired.der"));
    let other = tls_origin(include_bytes!("testdata/other-name.der"));
    for (name, fetcher, port, word) in [
        ("of an unknown signer", &fetcher(), good, "UnknownIssuer"),
        ("expired", &trusting, expired, "expired"),
        ("of another name", &trusting, other, "not valid for name"),
    ] {
        let refused = get(fetcher, port).await;
        assert!(matches!(&refused, Err(Cause::Tls(words)) if words.contains(word)), "{name}: {refused:?}");
    }
    let plain = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = plain.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            let _ = std::io::Write::write_all(&mut stream.unwrap(), b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let refused = get(&trusting, port).await;
    assert!(matches!(refused, Err(Cause::Tls(_))), "{refused:?}");
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    assert_eq!(get(&trusting, silent.local_addr().unwrap().port()).await, Err(Cause::Timeout(Limit::Connect)));
}

#[test]
fn one_look_needs_no_event_loop() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/page", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage";
            let _ = std::io::Write::write_all(&mut stream, answer);
        }
    });
    let response = look(&settings(), clock(), Request::page(url)).unwrap().unwrap();
    assert_eq!(&response.body[..], b"page");
}
