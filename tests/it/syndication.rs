//! Stories of the feeds: what a journalist's reader gets, keeps, pages through and is never told twice.

use crate::support::{Answer, House, Newsroom, raw};
use communique::publish;
use serde_json::{Value, json};
use std::collections::HashSet;

fn imported(house: House, releases: &[Value]) -> House {
    import(&house, releases);
    house
}

fn import(house: &House, releases: &[Value]) {
    let lines = releases.iter().enumerate().map(|(n, one)| (n + 1, serde_json::from_value(one.clone()).unwrap()));
    let done = publish::Importer::new(&house.store, &house.config).import(lines.collect()).unwrap();
    assert!(done.refused.is_empty(), "{:?}", done.refused);
    publish::catch_up(&house.store, &house.index).unwrap();
}

fn release(n: usize) -> Value {
    json!({
        "id": format!("r{n:03}"), "lang": "fr", "title": format!("Rentrée numéro {n}"),
        "text": format!("Texte {n} sur la scolarisation des filles au Sénégal.\nUne deuxième phrase."),
        "published": format!("2025-{:02}-{:02}", 1 + n % 12, 1 + n % 28),
        "url": format!("https://ecoliers.example/{n}?a=1&b=2"),
        "members": [{"id": "ecoliers", "name": "Les Écoliers du Monde"}],
    })
}

async fn newsroom(count: usize) -> Newsroom {
    imported(House::new(), &(0..count).map(release).collect::<Vec<_>>()).served().await
}

/// Id, title, link, published and updated of each entry, by feed-rs.
fn entries(feed: &Answer) -> Vec<(String, String, String, i64, i64)> {
    assert_eq!(feed.status, 200, "{feed:?}");
    let read = feed_rs::parser::parse(feed.body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {feed:?}"));
    let mut found = Vec::new();
    for entry in read.entries {
        let published = entry.published.unwrap().timestamp();
        let updated = entry.updated.map_or(published, |at| at.timestamp());
        found.push((entry.id, entry.title.unwrap().content, entry.links[0].href.clone(), published, updated));
    }
    found
}

fn ids(feed: &Answer) -> Vec<String> {
    entries(feed).into_iter().map(|(id, ..)| id).collect()
}

#[tokio::test]
async fn three_forms_say_the_same_twice_and_after_the_index_is_made_anew() {
    let newsroom = newsroom(5).await;
    let told =
        |entry: &(String, String, String, i64, i64)| (entry.0.clone(), entry.1.clone(), entry.2.clone(), entry.3);
    let paths = ["atom", "rss", "json"].map(|form| format!("/fr/search.{form}?theme=girls-education"));
    let mut before = Vec::new();
    for path in &paths {
        let feed = newsroom.get(path).await;
        let own = feed.body.replace("&amp;", "&").replace("\\/", "/");
        assert!(own.contains(&format!("{}{path}", newsroom.public)), "{path} is not its own self: {feed:?}");
        before.push((feed.body.clone(), feed.header("etag").unwrap().to_owned(), entries(&feed)));
    }
    assert_eq!(before[0].2.len(), 5);
    for (_, _, other) in &before[1..] {
        assert_eq!(other.iter().map(told).collect::<Vec<_>>(), before[0].2.iter().map(told).collect::<Vec<_>>());
    }
    publish::rebuild(&newsroom.house.store, &newsroom.house.index, &mut |_, _| ()).unwrap();
    for (path, (body, tag, _)) in paths.iter().zip(before) {
        let feed = newsroom.get(path).await;
        assert_eq!((feed.body.as_str(), feed.header("etag")), (body.as_str(), Some(tag.as_str())), "{path}");
    }
}

#[tokio::test]
async fn an_edit_moves_the_clock_and_nothing_else() {
    let newsroom = newsroom(3).await;
    let before = newsroom.get("/feed.atom").await;
    let modified = before.header("last-modified").unwrap().to_owned();
    let mut edited = release(0);
    edited["text"] = json!("Texte corrigé sur la scolarisation des filles au Mali.\nUne deuxième phrase.");
    import(&newsroom.house, &[edited]);
    let after = newsroom.get("/feed.atom").await;
    let (before, now) = (entries(&before), entries(&after));
    assert_eq!(ids(&after), before.iter().map(|entry| entry.0.clone()).collect::<Vec<_>>(), "the order stays");
    for (old, new) in before.iter().zip(&now) {
        assert_eq!(old.3, new.3, "published stays");
        assert_eq!(new.4 > old.4, new.0.ends_with("/r000"), "only the edited one is updated: {new:?}");
    }
    let asked = newsroom.get_with("/feed.atom", &[("If-Modified-Since", &modified)]).await;
    assert_eq!(asked.status, 200, "Last-Modified moved on");
    let corrections = newsroom.get("/corrections.atom").await;
    assert!(
        corrections.body.contains("correction/r000/") && corrections.body.contains("Modifié après publication"),
        "{corrections:?}"
    );
    import(&newsroom.house, &[release(1)]);
    assert_eq!(newsroom.get("/feed.atom").await.body, after.body, "the same again is no news");
}

#[tokio::test]
async fn what_a_reader_has_is_not_sent_again() {
    let newsroom = newsroom(2).await;
    for path in ["/feed.atom", "/feed.rss", "/feed.json", "/fr/search.csv", "/opml", "/corrections.atom"] {
        let feed = newsroom.get(path).await;
        assert_eq!(feed.status, 200, "{feed:?}");
        let (tag, modified) = (feed.header("etag").unwrap(), feed.header("last-modified").unwrap());
        assert!(tag.starts_with('"'), "a strong validator: {tag}");
        assert_eq!(feed.header("cache-control"), Some("public, max-age=300, stale-while-revalidate=86400"));
        assert_eq!(feed.header("x-content-type-options"), Some("nosniff"));
        let spellings = [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()];
        for spelling in spellings {
            let answer = newsroom.get_with(path, &[("If-None-Match", &spelling)]).await;
            assert_eq!(
                (answer.status, answer.body.as_str(), answer.header("etag")),
                (304, "", Some(tag)),
                "{spelling}"
            );
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(answer.header("cache-control"), feed.header("cache-control"));
        }
        assert_eq!(newsroom.get_with(path, &[("If-Modified-Since", modified)]).await.status, 304);
        for headers in [
            &[("If-None-Match", "\"x\""), ("If-Modified-Since", modified)][..],
            &[("If-Modified-Since", "Thu, 01 Jan 2004 00:00:00 GMT")],
            &[("If-Modified-Since", "yesterday")],
        ] {
            assert_eq!(newsroom.get_with(path, headers).await.status, 200, "{headers:?}");
        }
        let head = raw(
            newsroom.public,
            format!("HEAD {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", newsroom.public).as_bytes(),
        )
        .await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        for name in ["etag", "last-modified", "content-type", "cache-control", "content-length"] {
            assert_eq!(head.header(name), feed.header(name), "{name} of HEAD {path}");
        }
    }
}

#[tokio::test]
async fn a_feed_that_lies_ready_is_the_same_in_every_header() {
    let newsroom = newsroom(2).await;
    for (path, header) in [
        ("/feed.atom", ("Accept-Encoding", "gzip")),
        ("/fr/search.rss?utm_source=x&q=rentr%C3%A9e", ("Accept-Encoding", "identity")),
        ("/corrections.atom", ("If-None-Match", "*")),
        ("/opml", ("Accept", "*/*")),
    ] {
        let without_date = |answer: &Answer| {
            let lines = answer.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
            let mut lines: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
            lines.sort();
            lines
        };
        // The first is written, the second found by its query, the third by its address.
        let written = newsroom.get_with(path, &[header]).await;
        assert!(matches!(written.status, 200 | 304), "{written:?}");
        for _ in 0..2 {
            let ready = newsroom.get_with(path, &[header]).await;
            assert_eq!(without_date(&ready), without_date(&written), "{path}");
            assert_eq!(ready.body, written.body, "{path}");
        }
        import(&newsroom.house, &[release(50 + path.len())]);
        let after = newsroom.get(path).await;
        assert_ne!(after.header("etag"), written.header("etag"), "{path}: nothing of the state before is left");
    }
}

#[tokio::test]
async fn any_search_has_a_page_that_says_how_to_follow_it() {
    let newsroom = newsroom(3).await;
    let page = newsroom.get("/fr/feeds?q=rentr%C3%A9e&member=ecoliers&sort=-date&limit=5").await;
    assert_eq!(page.status, 200, "{page:?}");
    for form in ["atom", "rss", "json"] {
        let path = format!("/fr/search.{form}?q=rentr%C3%A9e&member=ecoliers");
        let value = format!("value=\"http://{}{}\"", newsroom.public, path.replace('&', "&#38;"));
        assert!(page.body.contains(&value), "{value} is not in {page:?}");
        assert_eq!(ids(&newsroom.get(&path).await).len(), 3);
    }
    assert!(page.body.contains("noindex") && page.body.contains("data-copy=\"Copier\""), "{page:?}");
    assert!(!page.body.contains("<button type=\"button\""), "no button that does nothing without a script");
    assert!(!newsroom.get("/fr/feeds").await.body.contains("noindex"));
    assert!(newsroom.get("/fr/search?q=rentr%C3%A9e").await.body.contains("/fr/feeds?q=rentr%C3%A9e"));
    assert_eq!(newsroom.get("/en/feeds?limite=3").await.status, 400);
}

#[tokio::test]
async fn mistakes_are_problems_that_every_site_may_read() {
    let newsroom = newsroom(1).await;
    for (path, status, said) in [
        ("/feed.atom?limite=3", 400, "limit"),
        ("/fr/search.rss?sort=up", 400, "sort"),
        ("/fr/search.json?limit=1000", 400, "limit"),
        ("/fr/search.atom?theme=unknown-theme", 404, "theme"),
        ("/fr/search.atom?member=nobody", 404, "member"),
        ("/fr/search.atom?member=nobody&sort=up", 400, "sort"),
        ("/opml?x=1", 400, "x"),
        ("/feed.rss?q=%00", 400, "q"),
    ] {
        let answer = newsroom.get(path).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(answer.json()["errors"].to_string().contains(said), "{path}: {answer:?}");
    }
    for (method, status) in [("OPTIONS", 204), ("POST", 405), ("DELETE", 405)] {
        let request = format!("{method} /feed.atom HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", newsroom.public);
        let answer = raw(newsroom.public, request.as_bytes()).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"), "{method}");
    }
    let tracked = newsroom.get("/feed.atom?utm_source=newsletter").await;
    assert_eq!(tracked.body, newsroom.get("/feed.atom").await.body, "what newsletters add changes nothing");
    assert_eq!(newsroom.get("/logo.png").await.header("content-type"), Some("image/png"));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat_while_releases_arrive() {
    let newsroom = newsroom(125).await;
    for (path, pages) in [("/fr/search.json?kind=release", 3), ("/en/search.json?limit=40&q=rentr%C3%A9e", 4)] {
        let (mut next, mut seen, mut count) = (Some(path.to_owned()), Vec::new(), 0);
        while let Some(path) = next {
            let page = newsroom.get(&path).await;
            seen.extend(ids(&page));
            count += 1;
            let link = page.json()["next_url"].as_str().map(str::to_owned);
            assert_eq!(page.header("link").is_some(), link.is_some());
            next = link.map(|link| link.split_once(&newsroom.public.to_string()).unwrap().1.to_owned());
            if count == 1 {
                let mut new = release(900 + pages);
                new["published"] = json!("2026-11-01");
                import(&newsroom.house, &[new]);
            }
        }
        let distinct: HashSet<&String> = seen.iter().collect();
        assert_eq!((distinct.len(), count), (seen.len(), pages), "{path}");
        assert!((125..=126).contains(&seen.len()), "{path}: {}", seen.len());
    }
    let table = newsroom.get("/fr/search.csv").await;
    assert_eq!(table.body.lines().count(), 128, "a table has all rows");
}

#[tokio::test]
async fn the_list_of_feeds_leads_to_feeds() {
    let newsroom = newsroom(2).await;
    let opml = newsroom.get("/opml").await;
    assert_eq!(opml.header("content-type"), Some("text/x-opml; charset=utf-8"));
    let document = attributes(&opml.body);
    let feeds: Vec<&String> = document.iter().filter(|(name, _)| name == "xmlUrl").map(|(_, value)| value).collect();
    for part in ["/feed.atom", "member=savoirs", "theme=girls-education", "country=sn", "lang=fr", "kind=tribune"] {
        assert!(feeds.iter().any(|feed| feed.contains(part)), "{part} is not in {feeds:?}");
    }
    for feed in feeds {
        let path = feed.split_once(&newsroom.public.to_string()).unwrap().1;
        let answer = newsroom.get(path).await;
        assert_eq!(answer.status, 200, "{feed}");
        attributes(&answer.body);
    }
}

#[tokio::test]
async fn hostile_texts_make_clean_feeds() {
    let hostile = [
        (
            "<script>alert(1)</script> &amp;amp; ]]>",
            "<p>]]> <a href=\"javascript:x()\">a</a> <a href=\"/b\">b</a></p><script>x</script>",
        ),
        (
            "\u{0}\u{8}\u{1b}\u{fffe} fin",
            "<iframe src=\"//x\"></iframe><p onclick=\"x()\">c<img src=\"data:text/html,x\"></p>",
        ),
        ("مرحبا \u{202e}بالعالم", "<p>نص</p>"),
        ("🎒 👩‍👩‍👧", "<style>p{}</style><p>🎒</p><form><input></form>"),
    ];
    let lines = hostile.iter().enumerate().map(|(n, (title, html))| {
        json!({"id": format!("h{n}"), "lang": "fr", "title": title, "text": title, "html": html, "summary": title,
            "url": format!("https://ecoliers.example/h{n}/<x>?\"'&"),
            "image": {"url": "https://ecoliers.example/i.jpg?a=1&b=<2>", "alt": title, "credit": "", "size": null},
            "attachments": [{"url": "https://ecoliers.example/d.pdf?a=1&b=2", "title": title, "media_type": title, "bytes": null}]})
    });
    let newsroom = imported(House::new(), &lines.collect::<Vec<_>>()).served().await;
    let mut listed = Vec::new();
    for path in ["/feed.atom", "/feed.rss", "/feed.json"] {
        let feed = newsroom.get(path).await;
        if !path.ends_with("json") {
            attributes(&feed.body);
        }
        let plain = feed.body.replace("&lt;", "<").replace("&quot;", "\"").replace("\\\"", "\"");
        for forbidden in ["<script", "<iframe", "<style", "<form", "onclick", "javascript:", "href=\"/", "data:"] {
            assert!(!plain.contains(forbidden), "{path} holds {forbidden}: {feed:?}");
        }
        listed.push(entries(&feed).into_iter().map(|(id, title, link, ..)| (id, title, link)).collect::<Vec<_>>());
    }
    assert_eq!(listed[0].len(), 4);
    assert!(listed.iter().all(|list| *list == listed[0]), "{listed:#?}");
}

#[tokio::test]
async fn a_reader_who_prefers_a_language_gets_title_and_text_in_it_once() {
    let article = |lang: &str, title: &str, body: &str, twin: (&str, &str)| {
        format!(
            "<!DOCTYPE html><html lang=\"{lang}\"><head><title>{title}</title>\
             <meta property=\"og:type\" content=\"article\">\
             <meta property=\"article:published_time\" content=\"2026-03-02T09:00:00+01:00\">\
             <link rel=\"alternate\" hreflang=\"{}\" href=\"https://savoirs.example/{}\"></head>\
             <body><main><article><h1>{title}</h1>{body}</article></main></body></html>",
            twin.0, twin.1
        )
    };
    let french = "<p>Communiqué de presse. Les écoles rouvrent dans toute la région après trois mois de grève et de colère des familles.</p>\
        <p>Les enseignantes et les enseignants demandent aux États de tenir leurs promesses sur les salaires et les classes.</p>";
    let english = "<p>Press release. Schools are opening again in the whole region after three months of strike and anger of families.</p>\
        <p>Teachers ask the governments to keep the promises that they had made on salaries and on the size of classes.</p>";
    let newsroom = House::new()
        .page("savoirs", "rouvrir/", &article("fr", "Les écoles rouvrent", french, ("en", "en/open/")))
        .page("savoirs", "en/open/", &article("en", "Schools open again", english, ("fr", "rouvrir/")))
        .published()
        .served()
        .await;
    let (fr, en) = (newsroom.get("/feed.atom?prefer=fr%2Cen").await, newsroom.get("/feed.atom?prefer=en%2Cfr").await);
    assert_eq!(ids(&fr), ids(&en), "one release, one entry");
    assert_eq!(ids(&fr).len(), 1, "{fr:?}");
    assert_eq!(entries(&en)[0].1, "Schools open again");
    assert!(en.body.contains("<entry xml:lang=\"en\">") && en.body.contains("strike and anger"), "{en:?}");
    assert!(!en.body.contains("grève et de colère"), "{en:?}");
    assert!(fr.body.contains("<entry xml:lang=\"fr\">") && fr.body.contains("grève et de colère"), "{fr:?}");
}

/// Names and values of all attributes of a document that must be XML to its end.
fn attributes(document: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {document}")) {
            Event::Eof => return found,
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{error}: {document}"));
                    let value = std::str::from_utf8(&attribute.value).unwrap().to_owned();
                    let name = std::str::from_utf8(attribute.key.as_ref()).unwrap().to_owned();
                    found.push((name, quick_xml::escape::unescape(&value).unwrap().into_owned()));
                }
            }
            _ => {}
        }
    }
}
