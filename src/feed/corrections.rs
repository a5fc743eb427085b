//! `/corrections.atom`: changes of substance and withdrawals (RFC 6721 for the latter).

use super::atom::{element, fixed};
use super::failure::Failure;
use super::{Desk, Door, WriteError, answer, xml};
use crate::labels::Labels;
use crate::model::Lang;
use crate::store::{Correction, Tick};
use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Entry, Feed, Link, Person, Text, WriteConfig};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use std::collections::HashSet;
use std::sync::Arc;

/// Newest corrections that are told.
const MOST: usize = 100;
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";

/// The feed.
pub async fn show(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap) -> Response {
    answer::document(&desk, "corrections", "application/atom+xml; charset=utf-8", &uri, &headers, write).await
}

fn write(door: &Door, tick: Tick) -> Result<answer::Document, Failure> {
    let mut corrections = door.reader.corrections(MOST)?;
    // One release, one event a moment: what else happened to it in the same tick is the same news.
    let mut told = HashSet::new();
    corrections.retain(|correction| told.insert((correction.id.clone(), correction.at)));
    let authority = door.reader.authority()?;
    let l = Labels::get(Lang::FR);
    let site = xml::title(&door.config.settings.server.title);
    let tombstones = deleted(&authority, &corrections);
    let namespaces = tombstones.keys().map(|prefix| (prefix.clone(), TOMBSTONES.to_owned()));
    let feed = Feed {
        title: Text::plain(format!("{site} – {}", l.text("footer-corrections"))),
        id: format!("tag:{authority}:corrections"),
        updated: fixed(tick.at),
        subtitle: Some(Text::plain(l.text("corrections-says"))),
        authors: vec![Person { name: site, uri: Some(door.base_url.to_string()), ..Person::default() }],
        links: vec![
            link(&format!("{}corrections.atom", door.base_url), "self", "application/atom+xml"),
            link(&format!("{}fr/feeds", door.base_url), "alternate", "text/html"),
        ],
        entries: corrections.iter().map(|correction| entry(door, l, &authority, correction)).collect(),
        namespaces: namespaces.collect(),
        extensions: tombstones,
        lang: Some(l.lang().to_string()),
        ..Feed::default()
    };
    let plain = WriteConfig { write_document_declaration: true, indent_size: None };
    let bytes = feed.write_with_config(Vec::new(), plain).map_err(|error| WriteError(error.to_string()))?;
    let body = String::from_utf8(bytes).map_err(|error| WriteError(error.to_string()))?;
    Ok(answer::Document { body, next: None })
}

/// What happened, for people: also withdrawals, since few readers know tombstones.
fn entry(door: &Door, l: &'static Labels, authority: &str, correction: &Correction) -> Entry {
    let at = correction.at.as_second();
    let said = match correction.what.as_str() {
        "withdrawn" => l.text("correction-withdrawn"),
        "merged" => l.text("correction-merged"),
        _ => l.text("correction-edited"),
    };
    let detail = if correction.what == "edited" { xml::title(&correction.detail) } else { String::new() };
    Entry {
        title: Text::plain(xml::title(&correction.title)),
        // A correction is an event of its own: the release keeps its id, and may be corrected again.
        id: format!("tag:{authority}:correction/{}/{at}", correction.id),
        updated: fixed(correction.at),
        published: Some(fixed(correction.at)),
        links: vec![link(&format!("{}r/{}", door.base_url, correction.id), "alternate", "text/html")],
        summary: Some(Text::plain(format!("{said} {detail}").trim_end())),
        ..Entry::default()
    }
}

/// The ids that are no entries of ours any more (RFC 6721).
fn deleted(authority: &str, corrections: &[Correction]) -> ExtensionMap {
    let gone = corrections.iter().filter(|correction| correction.what != "edited");
    let tombstones: Vec<Extension> = gone
        .map(|correction| {
            let ended = format!("tag:{authority}:release/{}", correction.id);
            element("at:deleted-entry", "", &[("ref", &ended), ("when", &fixed(correction.at).to_rfc3339())])
        })
        .collect();
    let mut map = ExtensionMap::new();
    if !tombstones.is_empty() {
        map.entry("at".to_owned()).or_default().insert("deleted-entry".to_owned(), tombstones);
    }
    map
}

fn link(href: &str, rel: &str, mime: &str) -> Link {
    Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: Some(mime.to_owned()), ..Link::default() }
}
