//! `/corrections.atom`: changes of substance and withdrawals (RFC 6721 for the latter).

use super::atom::fixed;
use super::{Door, WriteError, answer, xml};
use crate::labels::Labels;
use crate::model::Lang;
use crate::store::{Correction, Tick};
use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Entry, Feed, Link, Person, Text, WriteConfig};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use std::collections::BTreeMap;

/// Newest corrections that are told.
const MOST: usize = 100;
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";

/// The feed.
pub async fn show(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Response {
    answer::document(&door, "corrections", "application/atom+xml; charset=utf-8", &uri, &headers, write).await
}

fn write(door: &Door, tick: Tick) -> Result<String, answer::Failure> {
    let corrections = door.reader.corrections(MOST)?;
    let authority = door.reader.authority()?;
    let l = Labels::get(Lang::FR);
    let site = door.config.settings.server.title.clone();
    let (gone, edited): (Vec<&Correction>, Vec<&Correction>) = corrections.iter().partition(|c| c.what == "withdrawn");
    let feed = Feed {
        title: Text::plain(format!("{} – {}", xml::clean(&site), l.text("footer-corrections"))),
        id: format!("tag:{authority}:corrections"),
        updated: fixed(tick.at),
        authors: vec![Person {
            name: xml::clean(&site).into_owned(),
            email: None,
            uri: Some(door.base_url.to_string()),
            ..Person::default()
        }],
        links: vec![
            link(&format!("{}corrections.atom", door.base_url), "self", "application/atom+xml"),
            link(&format!("{}fr/", door.base_url), "alternate", "text/html"),
        ],
        entries: edited.iter().map(|correction| entry(door, &authority, correction)).collect(),
        namespaces: BTreeMap::from([("at".to_owned(), TOMBSTONES.to_owned())]),
        extensions: deleted(&authority, &gone),
        lang: Some("fr".to_owned()),
        ..Feed::default()
    };
    let plain = WriteConfig { write_document_declaration: true, indent_size: None };
    let bytes = feed.write_with_config(Vec::new(), plain).map_err(|error| WriteError(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| WriteError(error.to_string()).into())
}

fn entry(door: &Door, authority: &str, correction: &Correction) -> Entry {
    let at = correction.at.as_second();
    let said = if correction.detail.is_empty() { &correction.what } else { &correction.detail };
    Entry {
        title: Text::plain(xml::clean(&correction.title).into_owned()),
        // A correction is an event of its own: the release keeps its id, and may be corrected again.
        id: format!("tag:{authority}:correction/{}/{at}", correction.id),
        updated: fixed(correction.at),
        published: Some(fixed(correction.at)),
        links: vec![link(&format!("{}r/{}", door.base_url, correction.id), "alternate", "text/html")],
        summary: Some(Text::plain(xml::clean(said).into_owned())),
        ..Entry::default()
    }
}

fn deleted(authority: &str, gone: &[&Correction]) -> ExtensionMap {
    let entries: Vec<Extension> = gone
        .iter()
        .map(|correction| Extension {
            name: "at:deleted-entry".to_owned(),
            value: None,
            attrs: BTreeMap::from([
                ("ref".to_owned(), format!("tag:{authority}:release/{}", correction.id)),
                ("when".to_owned(), fixed(correction.at).to_rfc3339()),
            ]),
            children: BTreeMap::new(),
        })
        .collect();
    let mut map = ExtensionMap::new();
    if !entries.is_empty() {
        map.entry("at".to_owned()).or_default().insert("deleted-entry".to_owned(), entries);
    }
    map
}

fn link(href: &str, rel: &str, mime: &str) -> Link {
    Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: Some(mime.to_owned()), ..Link::default() }
}
