//! Time, size and form of an answer.

use super::*;

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
        assert!(cause.is_transient() && started.elapsed() < Duration::from_secs(30), "{name}");
    }
}

#[tokio::test]
async fn endless_bodies_end_at_the_limit() {
    let chunk = [b"1000\r\n".to_vec(), vec![b'a'; 4096], b"\r\n".to_vec()].concat();
    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, &vec![0; 64 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    let length = bomb.len();
    let endless = |status: &str| {
        let head = format!("HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n");
        vec![Say(head.into_bytes()), Flood(chunk.clone())]
    };
    let packed = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
    let (whole, missing) = (endless("200 OK"), endless("404 Not Found"));
    let origin = Origin::start(move |path, _| match path {
        "/robots.txt" => none(),
        "/endless" => whole.clone(),
        "/missing" => missing.clone(),
        _ => vec![Say(packed.clone().into_bytes()), Say(bomb.clone())],
    })
    .await;
    let fetcher = fetcher();
    for path in ["/endless", "/bomb"] {
        let page = fetcher.get(Request::page(origin.url(path))).await.unwrap_err();
        assert_eq!(page.cause, Cause::TooLarge(1 << 20), "{path}");
        let document = fetcher.get(Request::document(origin.url(path))).await.unwrap();
        assert_eq!((document.cut, document.body.len()), (true, 2 << 20), "{path}");
        assert_eq!(document.warnings[0].code, "body-cut");
    }
    assert_eq!(fetcher.get(Request::page(origin.url("/missing"))).await.unwrap().status, 404);
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
    // the shortest pause is a second
    assert!(started.elapsed() < Duration::from_millis(900), "no pause before the second try: {:?}", started.elapsed());
}

#[tokio::test]
async fn cookies_are_not_kept_and_refresh_is_not_followed() {
    let cookies = format!("Set-Cookie: a={}\r\n", "b".repeat(900)).repeat(50);
    let answer = format!("HTTP/1.1 200 OK\r\n{cookies}Refresh: 0; url=/elsewhere\r\nContent-Length: 4\r\n\r\npage");
    let origin = Origin::start(move |path, _| if path == "/robots.txt" { none() } else { send(&answer) }).await;
    let fetcher = fetcher();
    for _ in 0..2 {
        assert_eq!(fetcher.get(Request::page(origin.url("/page"))).await.unwrap().status, 200);
    }
    assert_eq!(origin.paths(), ["/robots.txt", "/page", "/page"]);
    assert_eq!(origin.field(2, "cookie"), None);
}
