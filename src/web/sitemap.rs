//! The sitemap: an index, one part for the standing pages, and parts of releases in the order of their rank.
//!
//! A rank never moves, so new releases go to the last part, and an engine need not read the others again.

use super::{
    Door,
    answer::{self, Failure, Visit},
    card::escape,
};
use crate::labels::LANGS;
use axum::response::Response;
use jiff::Timestamp;
use std::fmt::Write;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SITEMAP: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
const XHTML: &str = "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"";

/// Releases in one part; each has an address in every language, and the format allows 50,000 addresses.
const PART: usize = 10_000;

/// `/sitemap.xml`.
pub(super) fn index(door: &Door, _: &Visit) -> Result<Response, Failure> {
    let parts = door.reader.visible_count()?.div_ceil(PART);
    let mut text = format!("{DECLARATION}<sitemapindex {SITEMAP}>\n");
    let names = std::iter::once("pages".to_owned()).chain((1..=parts).map(|part| format!("releases-{part}")));
    for name in names {
        let address = escape(&door.url(&format!("sitemap/{name}.xml")));
        text.push_str(&format!("<sitemap><loc>{address}</loc></sitemap>\n"));
    }
    text.push_str("</sitemapindex>\n");
    Ok(answer::document("application/xml; charset=utf-8", text))
}

/// `/sitemap/{name}`.
pub(super) fn part(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let mut text = format!("{DECLARATION}<urlset {SITEMAP} {XHTML}>\n");
    match visit.id.as_str() {
        "pages.xml" => pages(door, &mut text),
        name => releases(door, &mut text, name)?,
    }
    text.push_str("</urlset>\n");
    Ok(answer::document("application/xml; charset=utf-8", text))
}

fn pages(door: &Door, text: &mut String) {
    for path in ["/", "/search", "/themes", "/members", "/feeds"] {
        entry(door, text, path, None);
    }
    for theme in door.config.vocabulary.themes() {
        entry(door, text, &format!("/themes/{}", theme.id), None);
    }
    for member in &door.config.members {
        entry(door, text, &format!("/members/{}", member.id), None);
    }
}

fn releases(door: &Door, text: &mut String, name: &str) -> Result<(), Failure> {
    let number = name.strip_prefix("releases-").and_then(|rest| rest.strip_suffix(".xml"));
    let before = number.and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
    let skip = before.and_then(|before| before.checked_mul(PART)).ok_or(Failure::NotFound)?;
    let releases = door.reader.visible(skip, PART)?;
    if releases.is_empty() {
        return Err(Failure::NotFound);
    }
    for (id, updated) in releases {
        entry(door, text, &format!("/r/{id}"), Some(updated));
    }
    Ok(())
}

/// One address in every language, each naming the others.
fn entry(door: &Door, text: &mut String, path: &str, changed: Option<Timestamp>) {
    let twin = |lang| escape(&door.url(&format!("{lang}{path}")));
    let mut twins = String::new();
    for lang in LANGS {
        // Writing into a string does not fail.
        let _ = write!(twins, "<xhtml:link rel=\"alternate\" hreflang=\"{lang}\" href=\"{}\"/>", twin(lang));
    }
    let changed = changed.map(|at| format!("<lastmod>{at}</lastmod>")).unwrap_or_default();
    for lang in LANGS {
        let _ = writeln!(text, "<url><loc>{}</loc>{changed}{twins}</url>", twin(lang));
    }
}
