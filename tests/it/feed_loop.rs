//! A newsroom on a member's own host does not read itself.

use crate::support::House;
use communique::publish;
use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

const ARTICLE: &str = "<!DOCTYPE html><html lang=\"fr\"><head><title>Une rentrée</title>\
<meta property=\"og:type\" content=\"article\"><meta property=\"article:published_time\" content=\"2026-03-02T09:00:00+01:00\">\
</head><body><main><article><h1>Une rentrée</h1><p>Communiqué de presse. Les écoles rouvrent dans toute la région après \
trois mois de grève.</p><p>Les enseignantes demandent aux États de tenir leurs promesses.</p></article></main></body></html>";

/// A member's site whose feed lists a page of its own, and pages and feeds of the newsroom that stands below it.
fn site() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = format!("http://{}/", listener.local_addr().unwrap());
    let (asked, base) = (Arc::new(Mutex::new(Vec::new())), home.clone());
    let log = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let Ok(length @ 1..) = stream.read(&mut head) else { continue };
            let path = String::from_utf8_lossy(&head[..length]).split(' ').nth(1).unwrap().to_owned();
            let (status, body) = match path.as_str() {
                "/" => (
                    "200 OK",
                    format!(
                        "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">\
                         <link rel=\"alternate\" type=\"application/atom+xml\" href=\"{base}newsroom/feed.atom\"></head>\
                         <body><a href=\"/newsroom/fr/r/abc\">Une rentrée</a></body></html>"
                    ),
                ),
                "/feed.xml" => (
                    "200 OK",
                    format!(
                        "<rss version=\"2.0\"><channel><title>F</title><item><title>Une rentrée</title>\
                         <link>{base}actu/rentree</link></item><item><title>Une rentrée</title>\
                         <link>{base}newsroom/fr/r/abc</link></item></channel></rss>"
                    ),
                ),
                "/actu/rentree" | "/newsroom/fr/r/abc" => ("200 OK", ARTICLE.to_owned()),
                _ => ("404 Not Found", String::new()),
            };
            log.lock().unwrap().push(path);
            let length = body.len();
            let _ = stream.write_all(
                format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
                    .as_bytes(),
            );
        }
    });
    (home, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_pages_are_not_taken_for_news() {
    let (home, asked) = site();
    let dir = TempDir::new().unwrap();
    let config = dir.path().join("config");
    fs::create_dir_all(config.join("members")).unwrap();
    let settings = format!(
        "[server]\nbase_url = \"{home}newsroom/\"\n[fetch]\ncontact = \"mailto:t@example.org\"\ndelay_ms = 0\n\
         open_networks = [\"127.0.0.1/32\"]\n"
    );
    fs::write(config.join("communique.toml"), settings).unwrap();
    let member = format!("id = \"one\"\nname = \"One\"\nhome = \"{home}\"\nlang = \"fr\"\n");
    fs::write(config.join("members/one.toml"), member).unwrap();
    let house = House::over(dir);
    house.rounds().await;
    publish::settle(&house.store, &house.config).unwrap();
    let all = house.store.reader().indexed_after(i64::MIN, 10).unwrap();
    let urls: Vec<&str> = all.iter().flat_map(|one| &one.release.publications).map(|page| page.url.as_str()).collect();
    assert_eq!(urls, [format!("{home}actu/rentree")]);
    let asked = asked.lock().unwrap();
    assert!(asked.iter().all(|path| !path.starts_with("/newsroom/")), "{asked:?}");
}
