//! The server from outside: what it refuses, what every answer carries, and what those who run it can ask.

use communique::{
    config::Config,
    index::Index,
    model::{Clock, Vocabulary},
    search::Engine,
    server,
    store::Store,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

/// A newsroom without members or releases, on ports of its own.
struct Newsroom {
    public: SocketAddr,
    admin: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
    _dir: tempfile::TempDir,
}

async fn newsroom() -> Newsroom {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::frozen("2026-11-24T10:00:00Z".parse().unwrap());
    let store = Store::open(&dir.path().join("data"), clock.clone()).unwrap();
    let index = Index::open(&dir.path().join("index")).unwrap();
    let engine = Engine::new(index, Arc::new(Vocabulary::default()), Arc::default(), Arc::new(|_, _| None)).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let (public, admin) = (server::bind(any).await.unwrap(), server::bind(any).await.unwrap());
    let mut config = Config::default();
    config.settings.fetch.contact = "mailto:staff@example.org".to_owned();
    let (stop, stopped) = oneshot::channel();
    let addresses = (public.local_addr().unwrap(), admin.local_addr().unwrap());
    let options =
        server::ServeOptions { public, admin, engine, reader: store.reader(), config: Arc::new(config), clock };
    let running = tokio::spawn(server::run(options, async {
        let _ = stopped.await;
    }));
    Newsroom { public: addresses.0, admin: addresses.1, stop, running, _dir: dir }
}

/// Sends bytes as they are and gives what comes back until the server closes or falls silent.
async fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close before everything was sent.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let mut part = [0; 8192];
    while let Ok(Ok(n)) = timeout(Duration::from_millis(1500), stream.read(&mut part)).await {
        if n == 0 {
            break;
        }
        answer.extend_from_slice(&part[..n]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

async fn get(address: SocketAddr, path: &str) -> String {
    raw(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, v)| v)
}

#[tokio::test]
async fn what_could_be_read_as_two_requests_is_refused() {
    let newsroom = newsroom().await;
    for (what, request) in [
        (
            "two lengths",
            "GET /robots.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        ),
        (
            "space before the colon",
            "GET /robots.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        ),
        ("a folded header", "GET /robots.txt HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n"),
        ("two hosts", "GET /robots.txt HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("no host", "GET /robots.txt HTTP/1.1\r\n\r\n"),
        ("a null byte", "GET /robots\0.txt HTTP/1.1\r\nHost: a\r\n\r\n"),
        (
            "two different lengths",
            "GET /robots.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ),
    ] {
        let answer = raw(newsroom.public, request.as_bytes()).await;
        assert_eq!(status(&answer), "400", "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what} gave more than one answer: {answer}");
    }
}

#[tokio::test]
async fn too_much_is_refused_at_once() {
    let newsroom = newsroom().await;
    let long = get(newsroom.public, &format!("/fr/search?q={}", "a".repeat(1 << 20))).await;
    assert!(["414", "431"].contains(&status(&long)), "{long}");
    let headers: String = (0..1000).map(|n| format!("X-{n}: 1\r\n")).collect();
    let many = raw(newsroom.public, format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n").as_bytes()).await;
    assert_eq!(status(&many), "431", "{many}");
    let body = raw(newsroom.public, b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n").await;
    assert_eq!(status(&body), "413", "{body}");
}

#[tokio::test]
async fn only_reading_is_possible() {
    let newsroom = newsroom().await;
    for method in ["POST", "PUT", "DELETE", "TRACE", "BREW", "PATCH"] {
        for path in ["/fr/", "/no/such/place", "/robots.txt"] {
            let request = format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let answer = raw(newsroom.public, request.as_bytes()).await;
            assert_eq!(status(&answer), "405", "{method} {path}: {answer}");
            assert!(header(&answer, "allow").is_some_and(|allow| allow.contains("GET")), "{method} {path}: {answer}");
        }
    }
}

#[tokio::test]
async fn no_path_leads_outside_and_no_redirect_leads_away() {
    let newsroom = newsroom().await;
    for path in [
        "/static/../Cargo.toml",
        "/static/%2e%2e%2fCargo.toml",
        "/static/..%5cCargo.toml",
        "/static/site.css%00",
        "/fr/r/%252e%252e",
        "/fr/r/%ff",
        "/fr/r/..%2f..%2fetc%2fpasswd",
        "/fr/themes/%3Cscript%3E",
        "//evil.example/",
        "/\\evil.example/",
        "/fr//evil.example/",
        "/r/x%0d%0aSet-Cookie:a=b",
    ] {
        let answer = get(newsroom.public, path).await;
        assert_eq!(status(&answer), "404", "{path}: {answer}");
        assert_eq!(header(&answer, "set-cookie"), None);
    }
    let slash = get(newsroom.public, "/fr/search/?q=a%0d%0ab").await;
    assert_eq!((status(&slash), header(&slash, "location")), ("301", Some("/fr/search?q=a%0d%0ab")));
}

#[tokio::test]
async fn every_answer_carries_the_same_protection() {
    let newsroom = newsroom().await;
    for path in ["/", "/robots.txt", "/fr/", "/nowhere", "/fr/search?nonsense=1"] {
        let answer = get(newsroom.public, path).await;
        let policy = header(&answer, "content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {answer}");
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"), "{path}");
        assert!(header(&answer, "referrer-policy").is_some() && header(&answer, "cache-control").is_some(), "{path}");
    }
}

#[tokio::test]
async fn links_never_follow_the_host_of_a_request() {
    let newsroom = newsroom().await;
    let request =
        "GET /robots.txt HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n";
    let answer = raw(newsroom.public, request.as_bytes()).await;
    assert!(answer.contains(&format!("Sitemap: http://{}/sitemap.xml", newsroom.public)), "{answer}");
    let home = raw(newsroom.public, request.replace("/robots.txt", "/").as_bytes()).await;
    assert_eq!((status(&home), header(&home, "location")), ("302", Some("/fr/")));
    assert!(header(&home, "vary").is_some_and(|vary| vary.contains("Accept-Language")), "{home}");
}

#[tokio::test]
async fn a_reader_who_has_the_page_is_told_so() {
    let newsroom = newsroom().await;
    let first = get(newsroom.public, "/opensearch.fr.xml").await;
    let tag = header(&first, "etag").unwrap().to_owned();
    let ask = |tag: &str| {
        format!(
            "GET /opensearch.fr.xml HTTP/1.1\r\nHost: a\r\nIf-None-Match: {tag}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        )
    };
    let second = raw(newsroom.public, ask(&tag).as_bytes()).await;
    assert_eq!((status(&second), header(&second, "etag")), ("304", Some(tag.as_str())));
    assert!(second.ends_with("\r\n\r\n"), "a 304 has no body: {second}");
    let other = raw(newsroom.public, ask("\"other\"").as_bytes()).await;
    assert_eq!((status(&other), header(&other, "content-encoding")), ("200", Some("gzip")));
}

#[tokio::test]
async fn those_who_run_it_see_that_nothing_is_there_yet_and_readers_do_not() {
    let newsroom = newsroom().await;
    assert_eq!(status(&get(newsroom.admin, "/health/live").await), "200");
    let ready = get(newsroom.admin, "/health/ready").await;
    assert_eq!(status(&ready), "503", "{ready}");
    let metrics = get(newsroom.admin, "/metrics").await;
    assert!(metrics.contains("communique_index_generation 0"), "{metrics}");
    assert_eq!(status(&get(newsroom.public, "/health/ready").await), "404");
    assert_eq!(status(&get(newsroom.public, "/metrics").await), "404");
    let answered = get(newsroom.admin, "/metrics").await;
    assert!(answered.contains("communique_http_requests_total{route=\"other\",status=\"404\"} 2"), "{answered}");
    newsroom.stop.send(()).unwrap();
    timeout(Duration::from_secs(5), newsroom.running).await.expect("it stops").unwrap().unwrap();
}

#[tokio::test]
async fn security_txt_names_the_contact_and_a_day_ahead() {
    let newsroom = newsroom().await;
    let answer = get(newsroom.public, "/.well-known/security.txt").await;
    assert!(answer.contains("Contact: mailto:staff@example.org\n"), "{answer}");
    assert!(answer.contains("Expires: 2027-11-01T00:00:00Z\n"), "{answer}");
}
