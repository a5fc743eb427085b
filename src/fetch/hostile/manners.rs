//! Pace, pauses, validators.

use super::*;

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
    let next_process = super::fetcher();
    next_process.leave_alone(&origin.url("/"), hour).await;
    let error = next_process.get(Request::page(origin.url("/page"))).await.unwrap_err();
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
