//! Feeds as attackers make them: limits hold. What no one makes on purpose tries `fuzz::feed`.

use crate::feeds::URL;
use communique::discover::feed::{self, Feed, FeedError};
use std::time::{Duration, Instant};

/// A reader that takes this long hangs. How quick it is, the bench says.
const HANG: Duration = Duration::from_secs(120);

/// Reads a feed, which must come to an end.
fn settled(bytes: &[u8]) -> Result<Feed, FeedError> {
    let start = Instant::now();
    let read = feed::read(bytes, None, URL);
    assert!(start.elapsed() < HANG, "took {:?}", start.elapsed());
    read
}

fn rss(inside: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>F</title>{inside}</channel></rss>")
}

#[test]
fn entity_bombs_are_not_expanded() {
    let mut laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">".to_owned();
    for n in 1..10 {
        let before = if n == 1 { "lol".to_owned() } else { format!("lol{}", n - 1) };
        laughs.push_str(&format!("<!ENTITY lol{n} \"{}\">", format!("&{before};").repeat(10)));
    }
    laughs.push_str("]>");
    laughs.push_str(&rss("<item><title>a&lol9;b</title><link>/a</link></item>"));
    let feed = settled(laughs.as_bytes()).unwrap();
    assert_eq!(feed.entries[0].title, "ab");

    let long = format!(
        "<!DOCTYPE r [<!ENTITY a \"{}\">]>{}",
        "x".repeat(100_000),
        rss(&format!("<item><title>t</title><description>{}</description></item>", "&a;".repeat(20_000)))
    );
    let feed = settled(long.as_bytes()).unwrap();
    assert!(feed.entries[0].summary.is_empty());
}

#[test]
fn deep_nesting_ends_in_an_error_or_a_repair() {
    let deep = "<a>".repeat(200_000);
    let outside = settled(rss(&deep).as_bytes());
    assert_eq!(outside, Err(FeedError::NotAFeed("elements are nested deeper than 256".to_owned())));
    let inside = format!("<item><title>t</title><description>{deep}x</description></item>");
    let feed = settled(rss(&inside).as_bytes()).unwrap();
    assert_eq!((feed.entries[0].title.as_str(), feed.entries[0].summary.as_str()), ("t", "x"));
    assert!(feed.repairs.iter().any(|repair| repair.code == "feed-too-deep"));
    let json = format!("{{\"items\":{}", "[".repeat(200_000));
    assert!(settled(json.as_bytes()).is_err());
    for bomb in [
        "<description><![CDATA[",
        "<description>&lt;b&gt;",
        "<!--",
        "<![CDATA[",
        "<a b=\"",
        "<item>",
        "&",
        "&#55357;",
        "<x xmlns:p='u'/>",
        "<a/><b>",
    ] {
        let many = rss(&bomb.repeat(100_000));
        let _ = settled(many.as_bytes());
    }
}

#[test]
fn large_feeds_are_bounded() {
    let items: String = (0..25_000)
        .map(|n| format!("<item><title>{n}</title><link>/{n}</link><pubDate>{}</pubDate></item>", 1_600_000_000 + n))
        .collect();
    let feed = settled(rss(&items).as_bytes()).unwrap();
    assert_eq!((feed.entries.len(), feed.entries[0].title.as_str()), (10_000, "15000"));
    assert!(feed.repairs.iter().any(|repair| repair.code == "feed-entries-cut"));
    let candidates = feed::candidates(&feed, URL);
    assert_eq!((candidates.len(), candidates[0].title.as_str()), (2000, "23000"));

    let wide = format!(
        "<item><title>{}</title><description>{}</description></item>",
        "t".repeat(10_000_000),
        "d ".repeat(3 << 20)
    );
    let feed = settled(rss(&wide).as_bytes()).unwrap();
    assert_eq!(feed.entries[0].title.chars().count(), 500);
    assert!(feed.entries[0].summary.len() <= 4 << 20);
    let codes: Vec<_> = feed.repairs.iter().map(|repair| repair.code.as_ref()).collect();
    assert!(codes.contains(&"content-cut") && codes.contains(&"title-cut"), "{codes:?}");
}

#[test]
fn a_feed_of_more_than_64_mib_is_cut() {
    let mut bytes = rss("<item><title>a</title><link>/a</link></item>").into_bytes();
    bytes.truncate(bytes.len() - "</channel></rss>".len());
    bytes.resize(70 << 20, b' ');
    let feed = settled(&bytes).unwrap();
    assert_eq!(feed.entries.len(), 1);
    assert!(feed.repairs.iter().any(|repair| repair.code == "feed-cut"));
}
