//! The server from outside: what it refuses, what every answer carries, and what those who run it can ask.

use crate::support::{House, Newsroom, raw};
use std::time::Duration;
use tokio::time::timeout;

async fn newsroom() -> Newsroom {
    House::new().served().await
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
        assert_eq!(answer.status, 400, "{what}: {answer:?}");
        assert_eq!(answer.whole.matches("HTTP/1.1 ").count(), 1, "{what} gave more than one answer: {answer:?}");
    }
}

#[tokio::test]
async fn too_much_is_refused_at_once() {
    let newsroom = newsroom().await;
    let long = newsroom.get(&format!("/fr/search?q={}", "a".repeat(1 << 20))).await;
    assert!([414, 431].contains(&long.status), "{long:?}");
    let headers: String = (0..1000).map(|n| format!("X-{n}: 1\r\n")).collect();
    let many = raw(newsroom.public, format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n").as_bytes()).await;
    assert_eq!(many.status, 431, "{many:?}");
    let body = raw(newsroom.public, b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n").await;
    assert_eq!(body.status, 413, "{body:?}");
}

#[tokio::test]
async fn only_reading_is_possible() {
    let newsroom = newsroom().await;
    for method in ["POST", "PUT", "DELETE", "TRACE", "BREW", "PATCH"] {
        for path in ["/fr/", "/no/such/place", "/robots.txt"] {
            let request = format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let answer = raw(newsroom.public, request.as_bytes()).await;
            assert_eq!(answer.status, 405, "{method} {path}: {answer:?}");
            assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")), "{method} {path}: {answer:?}");
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
        let answer = newsroom.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
        assert_eq!(answer.header("set-cookie"), None);
    }
    let slash = newsroom.get("/fr/search/?q=a%0d%0ab").await;
    assert_eq!((slash.status, slash.header("location")), (301, Some("/fr/search?q=a%0d%0ab")));
}

#[tokio::test]
async fn every_answer_carries_the_same_protection() {
    let newsroom = newsroom().await;
    for path in ["/", "/robots.txt", "/fr/", "/nowhere", "/fr/search?nonsense=1"] {
        let answer = newsroom.get(path).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {answer:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("referrer-policy").is_some() && answer.header("cache-control").is_some(), "{path}");
    }
}

#[tokio::test]
async fn links_never_follow_the_host_of_a_request() {
    let newsroom = newsroom().await;
    let request =
        "GET /robots.txt HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n";
    let answer = raw(newsroom.public, request.as_bytes()).await;
    assert!(answer.body.contains(&format!("Sitemap: http://{}/sitemap.xml", newsroom.public)), "{answer:?}");
    let home = raw(newsroom.public, request.replace("/robots.txt", "/").as_bytes()).await;
    assert_eq!((home.status, home.header("location")), (302, Some("/fr/")));
    assert!(home.header("vary").is_some_and(|vary| vary.contains("Accept-Language")), "{home:?}");
}

#[tokio::test]
async fn a_reader_who_has_the_page_is_told_so() {
    let newsroom = newsroom().await;
    let first = newsroom.get("/opensearch.fr.xml").await;
    let tag = first.header("etag").unwrap().to_owned();
    let ask = |tag: &str| {
        format!(
            "GET /opensearch.fr.xml HTTP/1.1\r\nHost: a\r\nIf-None-Match: {tag}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        )
    };
    let second = raw(newsroom.public, ask(&tag).as_bytes()).await;
    assert_eq!((second.status, second.header("etag")), (304, Some(tag.as_str())));
    assert!(second.body.is_empty(), "a 304 has no body: {second:?}");
    let other = raw(newsroom.public, ask("\"other\"").as_bytes()).await;
    assert_eq!((other.status, other.header("content-encoding")), (200, Some("gzip")));
}

#[tokio::test]
async fn those_who_run_it_see_that_nothing_is_there_yet_and_readers_do_not() {
    let newsroom = newsroom().await;
    assert_eq!(newsroom.admin("/health/live").await.status, 200);
    let ready = newsroom.admin("/health/ready").await;
    assert_eq!(ready.status, 503, "{ready:?}");
    let metrics = newsroom.admin("/metrics").await;
    assert!(metrics.body.contains("communique_index_generation 0"), "{metrics:?}");
    assert_eq!(newsroom.get("/health/ready").await.status, 404);
    assert_eq!(newsroom.get("/metrics").await.status, 404);
    let answered = newsroom.admin("/metrics").await;
    assert!(answered.body.contains("communique_http_requests_total{route=\"other\",status=\"404\"} 2"), "{answered:?}");
    newsroom.stop.send(()).unwrap();
    timeout(Duration::from_secs(5), newsroom.running).await.expect("it stops").unwrap().unwrap();
}

#[tokio::test]
async fn security_txt_names_the_contact_and_a_day_ahead() {
    let newsroom = newsroom().await;
    let answer = newsroom.get("/.well-known/security.txt").await;
    assert!(answer.body.contains("Contact: mailto:staff@example.org\n"), "{answer:?}");
    assert!(answer.body.contains("Expires: 2027-11-01T00:00:00Z\n"), "{answer:?}");
}
