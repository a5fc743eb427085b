//! Redirects, the member's hosts, robots.txt.

use super::*;

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
        ("inward", status("302 Found", "Location: http://127.8.8.8/robots.txt\r\n"), "RobotsUnreachable(Redirect"),
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
        let times = match name {
            "ring" => 6,
            "reset" => 3,
            _ => 1,
        };
        assert_eq!(origin.paths().iter().filter(|path| *path == "/robots.txt").count(), times, "{name}");
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
