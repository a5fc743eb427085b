//! Feeds as attackers and broken disks make them: limits hold, and no change of a byte makes the reader fall over.

use crate::feeds::{URL, fixtures};
use communique::discover::feed::{self, Feed, FeedError};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

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

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap()
    }
}

const SNIPPETS: &[&[u8]] = &[
    b"<",
    b">",
    b"&",
    b"\"",
    b"'",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"</item>",
    b"<item>",
    b"</title>",
    b"<title>",
    b"<link>",
    b"</channel>",
    b"<entry>",
    b"</entry>",
    b"&#x110000;",
    b"&#55357;",
    b"&nbsp;",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\xe2\x80",
    b"\0",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<!DOCTYPE x [<!ENTITY a \"b\">]>",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b" xml:base='http://['",
    b" xmlns:dc='x'",
    b"type='xhtml'",
    b"javascript:",
    b"http://",
    b"<script>",
    b"</script>",
    b"<svg>",
    b"\\u",
    b"\\",
    b"1e999",
    b"<media:group>",
    b"isPermaLink='false'",
];

/// Changes some places of a feed; `other` lends pieces.
fn mutated(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(out.len() + 1);
        let reach = 1 << dice.roll(10);
        let end = (at + dice.roll(reach)).min(out.len());
        match dice.roll(8) {
            0 if at < out.len() => out[at] = dice.roll(256) as u8,
            1 => drop(out.drain(at..end)),
            2 => {
                let piece = out[at..end].to_vec();
                let to = dice.roll(out.len() + 1);
                out.splice(to..to, piece);
            }
            3 => out.truncate(end),
            4 => {
                let from = dice.roll(other.len() + 1);
                let to = (from + dice.roll(400)).min(other.len());
                out.splice(at..end, other[from..to].iter().copied());
            }
            5 if at < out.len() => out[at] ^= 1 << dice.roll(8),
            _ => {
                let snippet = SNIPPETS[dice.roll(SNIPPETS.len())];
                out.splice(at..at, snippet.iter().copied());
            }
        }
    }
    out
}

/// What holds for every feed that was read, however broken it was.
fn check(feed: &Feed) {
    for entry in &feed.entries {
        assert!(entry.title.chars().count() <= 500);
        assert!(entry.link.is_empty() || entry.link.starts_with("http"), "{}", entry.link);
        for html in [&entry.content, &entry.summary] {
            for tag in html.to_ascii_lowercase().split('<').skip(1) {
                let tag = tag.split('>').next().unwrap_or_default();
                let bad = ["script", "style", "iframe", "svg"].iter().any(|name| tag.starts_with(name));
                let names = tag.split('"').step_by(2).collect::<String>();
                assert!(!bad && !tag.contains("\"javascript") && !names.contains(" on"), "{html}");
            }
            assert_eq!(html.matches('<').count(), html.matches('>').count(), "{html}");
        }
        let whole = [&entry.id, &entry.title, &entry.content, &entry.summary].map(String::as_str).concat();
        assert!(
            !whole.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{80}'..='\u{9f}')),
            "{whole:?}"
        );
    }
    assert!(feed::candidates(feed, URL).len() <= 2000);
}

/// Reads `rounds` changed feeds, on `threads` threads; the seed of one that fails is in the message.
fn survive(seeds: &[Vec<u8>], rounds: usize, threads: usize) {
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for round in (thread..rounds).step_by(threads) {
                    let mut dice = Dice(round as u64);
                    let (one, other) = (dice.roll(seeds.len()), dice.roll(seeds.len()));
                    let bytes = mutated(&seeds[one], &seeds[other], &mut dice);
                    let content_type =
                        [None, Some("text/xml; charset=iso-8859-1"), Some("application/json")][dice.roll(3)];
                    let start = Instant::now();
                    let read = std::panic::catch_unwind(|| {
                        if let Ok(feed) = feed::read(&bytes, content_type, URL) {
                            check(&feed);
                        }
                    });
                    assert!(read.is_ok(), "round {round} fell over");
                    assert!(start.elapsed() < HANG, "round {round} took {:?}", start.elapsed());
                }
            });
        }
    });
}

#[test]
fn changed_bytes_never_make_the_reader_fall() {
    let seeds: Vec<Vec<u8>> = fixtures().iter().map(|(path, _)| fs::read(path).unwrap()).collect();
    survive(&seeds, 3000, 2);
}

/// The long form, over real feeds: `COMMUNIQUE_BENCH=… COMMUNIQUE_ROUNDS=1000000 cargo test --release --test it
/// feeds_hostile::a_million -- --ignored`.
#[test]
#[ignore = "takes minutes and needs COMMUNIQUE_BENCH"]
fn a_million_changed_feeds_never_make_the_reader_fall() {
    let bench =
        std::env::var("COMMUNIQUE_BENCH").expect("COMMUNIQUE_BENCH names the folder that holds bench/ and data/");
    let rounds = std::env::var("COMMUNIQUE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1_000_000);
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for part in ["edge-dev", "real-dev"] {
        for entry in fs::read_dir(Path::new(&bench).join("data/feeds").join(part)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            if path.extension().is_some_and(|ext| ext == "xml" || ext == "json") && bytes.len() < 400_000 {
                seeds.push(bytes);
            }
        }
    }
    assert!(seeds.len() > 100, "only {} feeds were found", seeds.len());
    survive(&seeds, rounds, 2);
}
