//! The reader of pages: every fixture, and short pages of the bench where there is one, changed in some places.

use super::{Dice, Target, Until, long as for_long, run};
use communique::{
    extract::{self, Context, Page},
    model::Draft,
};
use std::{fs, path::Path};

const URL: &str = "https://asso.example/actus/page/";

fn target() -> Target {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sites");
    let mut paths: Vec<_> = fs::read_dir(sites)
        .unwrap()
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "html"))
        .collect();
    paths.sort();
    let inputs: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(inputs.len() >= 100, "only {} pages were found", inputs.len());
    Target { name: "page", inputs, snippets: SNIPPETS, run: read }
}

fn read(bytes: &[u8], dice: &mut Dice) {
    let content_type = [None, Some("text/html; charset=iso-8859-1"), Some("text/html; charset=utf-16")][dice.roll(3)];
    let page = Page { url: URL, content_type, robots_tag: None, body: bytes };
    let now = "2026-03-01T12:00:00Z".parse().ok();
    let context = Context { now, ..Context::default() };
    let draft = extract::page(&page, &context);
    check(&draft);
    assert_eq!(draft, extract::page(&page, &context), "the same bytes give the same draft");
    let again = extract::fragment(&draft.html, URL);
    assert_eq!(again, extract::fragment(&again, URL), "what is clean stays as it is");
}

/// What holds for every page, however broken it was.
fn check(draft: &Draft) {
    assert!(draft.title.chars().count() <= 500);
    assert!(!draft.text.contains("\n\n") && !draft.text.starts_with('\n') && !draft.text.ends_with('\n'));
    let published = draft.published.as_ref().map(|date| date.value.date().year());
    assert!(published.is_none_or(|year| (1995..=2026).contains(&year)), "{published:?}");
    for address in [&draft.canonical].into_iter().chain(draft.attachments.iter().map(|file| &file.url)) {
        assert!(address.is_empty() || address.starts_with("http"), "{address}");
    }
    for tag in draft.html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!["script", "style", "iframe", "svg", "math", "form", "object"].contains(&name.as_str()), "{tag}");
        let names = tag.split('"').step_by(2).collect::<String>();
        assert!(!tag.contains("\"javascript") && !names.contains(" on"), "{tag}");
    }
    assert_eq!(draft.html.matches('<').count(), draft.html.matches('>').count(), "{}", draft.html);
    let is_bad = |c: char| c.is_control() && !matches!(c, '\t' | '\n');
    for text in [&draft.title, &draft.text, &draft.html, &draft.summary, &draft.about, &draft.contacts] {
        assert!(!text.contains(is_bad), "{text:?}");
    }
}

#[test]
fn short() {
    run(&target(), 0, &Until::Rounds(400), 2);
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
    b"=",
    b"\0",
    b"<!--",
    b"-->",
    b"<p>",
    b"</p>",
    b"</div></div>",
    b"<div><div><div>",
    b"<table><tr><td>",
    b"</table>",
    b"<a href=\"javascript:x\">",
    b"<a href=/x.pdf>",
    b"</a>",
    b"<script>",
    b"</script>",
    b"<script type=\"application/ld+json\">{\"@type\":\"Article\",\"datePublished\":\"",
    b"<svg><title>",
    b"<textarea>",
    b"<title>",
    b"<h1>",
    b"<br>",
    b"<sup>1</sup>",
    b"<time datetime=\"9999-12-31\">",
    b"class=\"related\"",
    b"style=\"display:none\"",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x8f\xbd",
    b"\xff\xfe",
    b"\xe9",
    b"&#0;&#x1F;&#xD800;&#x10FFFF;",
    b"&nbsp;",
    b"Paris, le 1er d\xc3\xa9cembre 2021 \xe2\x80\x93 ",
    b"30 f\xc3\xa9vrier 2021",
    b"About us",
    b"Contact presse",
    b"sous embargo jusqu'au ",
];
