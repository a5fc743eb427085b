//! The reader of feeds: every fixture, and the feeds of the bench where there is one, changed in some places.

use super::{Dice, Target, Until, bench, long as for_long, run};
use crate::feeds::{URL, fixtures};
use communique::discover::feed::{self, Feed};
use std::fs;

/// Saved feeds that are longer than this would be read for most of the time.
const LONGEST: usize = 200_000;

fn target() -> Target {
    let mut inputs: Vec<Vec<u8>> = fixtures().iter().map(|(path, _)| fs::read(path).unwrap()).collect();
    for part in
        bench().iter().flat_map(|bench| ["edge-dev", "real-dev"].map(|part| bench.join("data/feeds").join(part)))
    {
        let mut paths: Vec<_> = fs::read_dir(&part).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ext| ext == "xml" || ext == "json")) {
            inputs.push(fs::read(path).unwrap());
        }
    }
    inputs.retain(|input| input.len() <= LONGEST);
    assert!(inputs.len() >= 40, "only {} feeds were found", inputs.len());
    Target { name: "feed", inputs, snippets: SNIPPETS, run: read }
}

fn read(bytes: &[u8], dice: &mut Dice) {
    let content_type = [None, Some("text/xml; charset=iso-8859-1"), Some("application/json")][dice.roll(3)];
    if let Ok(feed) = feed::read(bytes, content_type, URL) {
        check(&feed);
    }
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

#[test]
fn short() {
    run(&target(), 0, &Until::Rounds(3000), 2);
}

#[test]
#[ignore = "takes the time that COMMUNIQUE_FUZZ_SECONDS says"]
fn long() {
    for_long(&target());
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
