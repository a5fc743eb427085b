//! Feeds as people publish them: every fixture reads as its expectation says, and every repair has a fixture.
//!
//! A fixture is a pair in `tests/fixtures/feeds/`: `name.xml` (or `.rss`, `.jsonfeed`) as received, and `name.json`
//! with what is read from it, or `{"error": …}`. It came from [`URL`] unless `"url"` or `"content_type"` say otherwise.

use communique::discover::feed::{self, Entry, Feed, FeedError};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

pub const URL: &str = "https://asso.example/actus/feed.xml";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds")
}

/// Every fixture: the feed and its expectation.
pub fn fixtures() -> Vec<(PathBuf, PathBuf)> {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext != "json"))
        .map(|feed| (feed.clone(), feed.with_extension("json")))
        .collect();
    found.sort();
    found
}

fn filled(fields: Vec<(&str, Value)>) -> Value {
    let is_empty = |value: &Value| matches!(value, Value::Null) || value == "" || value == &json!([]);
    let kept = fields.into_iter().filter(|(_, value)| !is_empty(value));
    Value::Object(kept.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn entry(entry: &Entry) -> Value {
    filled(vec![
        ("id", json!(entry.id)),
        ("title", json!(entry.title)),
        ("link", json!(entry.link)),
        ("original", json!(entry.original)),
        ("published", json!(entry.published)),
        ("updated", json!(entry.updated)),
        ("authors", json!(entry.authors)),
        ("summary", json!(entry.summary)),
        ("content", json!(entry.content)),
        ("enclosures", json!(entry.enclosures.iter().map(|file| json!(file)).collect::<Vec<_>>())),
        ("tags", json!(entry.tags)),
        ("lang", json!(entry.lang)),
    ])
}

fn answer(read: Result<Feed, FeedError>) -> Value {
    match read {
        Err(problem) => json!({ "error": problem.to_string() }),
        Ok(feed) => filled(vec![
            ("title", json!(feed.title)),
            ("link", json!(feed.link)),
            ("language", json!(feed.language)),
            ("next", json!(feed.next)),
            ("repairs", json!(feed.repairs.iter().map(ToString::to_string).collect::<Vec<_>>())),
            ("entries", json!(feed.entries.iter().map(entry).collect::<Vec<_>>())),
        ]),
    }
}

#[test]
fn every_fixture_reads_as_expected() {
    let mut wrong = Vec::new();
    let fixtures = fixtures();
    assert!(fixtures.len() >= 40, "only {} fixtures were found", fixtures.len());
    for (path, expected) in fixtures {
        let mut expected: Value =
            fs::read_to_string(&expected).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let content_type = expected["content_type"].as_str().map(str::to_owned);
        let url = expected["url"].as_str().unwrap_or(URL).to_owned();
        if let Value::Object(fields) = &mut expected {
            fields.retain(|name, _| !matches!(name.as_str(), "content_type" | "url" | "about"));
        }
        let got = answer(feed::read(&fs::read(&path).unwrap(), content_type.as_deref(), &url));
        if got != expected {
            wrong.push(format!("{}:\n{got:#}", path.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

/// The names of repairs in the sources of a folder: every text that starts like one.
fn codes(dir: &Path, found: &mut BTreeSet<String>) {
    const STARTS: [&str; 10] =
        ["html-", "xml-", "feed-", "atom-", "rss-", "json-", "link-", "item-", "charset-", "content-"];
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for part in text.split("#[cfg(test)]").next().unwrap_or_default().split('"').skip(1).step_by(2) {
            let is_code = part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            if is_code && STARTS.iter().any(|start| part.len() > start.len() && part.starts_with(start)) {
                found.insert(part.to_owned());
            }
        }
    }
}

#[test]
fn every_repair_has_a_fixture() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut known = BTreeSet::new();
    codes(&src.join("discover/feed"), &mut known);
    codes(&src.join("normalise/charset"), &mut known);
    assert!(known.len() > 30, "the sources name only {known:?}");
    // these need an input too large for a file, or a fault of feed-rs that is not known; see the tests below
    for large in ["feed-cut", "feed-entries-cut", "content-cut", "item-lost"] {
        assert!(known.remove(large), "{large} is no repair any more");
    }
    let expected: String =
        fixtures().iter().map(|(_, expected)| fs::read_to_string(expected).unwrap_or_default()).collect();
    let missing: Vec<_> = known.iter().filter(|code| !expected.contains(&format!("\"{code}"))).collect();
    assert!(missing.is_empty(), "repairs without a fixture: {missing:?}");
}
