//! The sitemap: an index, one part for the standing pages, one for the releases, newest first.

use super::{
    Door,
    answer::{self, Failure, Visit},
    card::escape,
};
use crate::{
    labels::LANGS,
    search::{Query, Sort},
};
use axum::response::Response;
use std::fmt::Write;

const OPEN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACES: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
const LINKS: &str = "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"";

/// Releases asked for at a time.
const BATCH: usize = 100;

/// Most releases in the sitemap: the format allows 50,000 addresses, and each release has one in each language.
const MOST: usize = 25_000;

/// `/sitemap.xml`.
pub(super) fn index(door: &Door, _: &Visit) -> Result<Response, Failure> {
    let mut text = format!("{OPEN}<sitemapindex {SPACES}>\n");
    for part in ["pages", "releases"] {
        let _ = writeln!(text, "<sitemap><loc>{}</loc></sitemap>", escape(&door.url(&format!("sitemap/{part}.xml"))));
    }
    text.push_str("</sitemapindex>\n");
    Ok(answer::document("application/xml; charset=utf-8", text))
}

/// `/sitemap/{name}`.
pub(super) fn part(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let mut text = format!("{OPEN}<urlset {SPACES} {LINKS}>\n");
    match visit.id.as_str() {
        "pages.xml" => pages(door, &mut text),
        "releases.xml" => releases(door, &mut text)?,
        _ => return Err(Failure::NotFound),
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

fn releases(door: &Door, text: &mut String) -> Result<(), Failure> {
    let mut query = Query { limit: BATCH, sort: Some(Sort::Added), highlight: false, ..Query::default() };
    let mut written = 0;
    while written < MOST {
        let results = door.engine.search(&query)?;
        for hit in &results.hits {
            entry(door, text, &format!("/r/{}", hit.release.id), Some(hit.release.updated));
        }
        written += results.hits.len();
        match results.next {
            Some(cursor) => query.cursor = Some(cursor),
            None => break,
        }
    }
    Ok(())
}

/// One address in every language, each naming the others.
fn entry(door: &Door, text: &mut String, path: &str, changed: Option<jiff::Timestamp>) {
    let twin = |lang| escape(&door.url(&format!("{lang}{path}")));
    let twins: String = LANGS
        .into_iter()
        .map(|lang| format!("<xhtml:link rel=\"alternate\" hreflang=\"{lang}\" href=\"{}\"/>", twin(lang)))
        .collect();
    let changed = changed.map(|at| format!("<lastmod>{at}</lastmod>")).unwrap_or_default();
    for lang in LANGS {
        let _ = writeln!(text, "<url><loc>{}</loc>{changed}{twins}</url>", twin(lang));
    }
}
