//! Atom 1.0 (RFC 4287) with next links of RFC 5005 and pictures of Media RSS.

use super::entry::{Channel, Entry, Source};
use super::{WriteError, xml};
use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Category, Content, Feed, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use jiff::Timestamp;
use std::collections::BTreeMap;

const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// Writes the document.
pub fn write(channel: &Channel) -> Result<String, WriteError> {
    let mut links = vec![
        link(&channel.own, "self", Some("application/atom+xml"), None, None),
        link(&channel.page, "alternate", Some("text/html"), Some(channel.lang.to_string()), None),
    ];
    links.extend(channel.next.iter().map(|next| link(next, "next", Some("application/atom+xml"), None, None)));
    let feed = Feed {
        title: Text::plain(channel.title.clone()),
        id: channel.id.clone(),
        updated: fixed(channel.updated),
        authors: vec![person(&channel.publisher, &channel.home)],
        generator: Some(Generator {
            value: "Communiqué".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Generator::default()
        }),
        links,
        icon: Some(channel.logo.clone()),
        rights: Some(Text::plain(channel.rights.clone())),
        subtitle: Some(Text::plain(channel.description.clone())),
        entries: channel.entries.iter().map(|one| entry(one, &channel.kinds)).collect(),
        namespaces: BTreeMap::from([("media".to_owned(), MEDIA.to_owned())]),
        lang: Some(channel.lang.to_string()),
        ..Feed::default()
    };
    let plain = WriteConfig { write_document_declaration: true, indent_size: None };
    let bytes = feed.write_with_config(Vec::new(), plain).map_err(|error| WriteError(error.to_string()))?;
    let document = String::from_utf8(bytes).map_err(|error| WriteError(error.to_string()))?;
    Ok(with_languages(&document, channel))
}

/// Gives each entry its language, which the crate cannot. All text is escaped, so the tag stands for nothing else.
fn with_languages(document: &str, channel: &Channel) -> String {
    let mut parts = document.split("<entry>");
    let mut out = String::with_capacity(document.len() + channel.entries.len() * 16);
    out.push_str(parts.next().unwrap_or_default());
    for (part, entry) in parts.zip(&channel.entries) {
        out.push_str(&format!("<entry xml:lang=\"{}\">{part}", entry.lang));
    }
    out
}

fn entry(entry: &Entry, kinds: &str) -> atom_syndication::Entry {
    let lang = entry.lang.to_string();
    let mut links = vec![
        link(&entry.link, "alternate", Some("text/html"), Some(lang.clone()), Some(&entry.title)),
        link(&entry.page, "related", Some("text/html"), None, None),
    ];
    for (url, lang, title) in &entry.versions {
        // RFC 4287 allows one alternate for each pair of type and language.
        let rel = if *lang == entry.lang { "related" } else { "alternate" };
        let taken =
            links.iter().any(|l| l.rel == rel && rel == "alternate" && l.hreflang.as_deref() == Some(lang.as_str()));
        let rel = if taken { "related" } else { rel };
        links.push(link(url, rel, Some("text/html"), Some(lang.to_string()), Some(title)));
    }
    for file in &entry.attachments {
        let mut enclosure = link(&file.url, "enclosure", Some(&file.media_type), None, Some(&file.title));
        enclosure.length = Some(file.bytes.unwrap_or(0).to_string());
        links.push(enclosure);
    }
    let content = (!entry.html.is_empty()).then(|| Content {
        value: Some(entry.html.clone()),
        content_type: Some("html".to_owned()),
        ..Content::default()
    });
    // An entry must say something: its title where there is nothing else.
    let summary = match (entry.summary.is_empty(), entry.html.is_empty()) {
        (false, _) => Some(entry.summary.clone()),
        (true, true) => Some(entry.title.clone()),
        (true, false) => None,
    };
    atom_syndication::Entry {
        title: Text::plain(entry.title.clone()),
        id: entry.id.clone(),
        updated: fixed_in(entry.updated, entry),
        authors: entry.authors.iter().map(|(name, home)| person(name, home)).collect(),
        categories: categories(entry, kinds),
        links,
        published: Some(fixed_in(entry.published, entry)),
        rights: Some(Text::plain(rights(entry))),
        summary: summary.map(Text::plain),
        content,
        extensions: extensions(entry),
        ..atom_syndication::Entry::default()
    }
}

/// Whose text it is.
pub(super) fn rights(entry: &Entry) -> String {
    let names: Vec<&str> = entry.authors.iter().map(|(name, _)| name.as_str()).collect();
    format!("© {}", names.join(", "))
}

fn categories(entry: &Entry, kinds: &str) -> Vec<Category> {
    let (kind, name) = &entry.kind;
    let of_kind = Category { term: kind.to_string(), scheme: Some(kinds.to_owned()), label: Some(name.clone()) };
    let themes = entry.themes.iter().map(|(iri, label)| Category {
        term: iri.clone(),
        scheme: None,
        label: Some(label.clone()),
    });
    std::iter::once(of_kind).chain(themes).collect()
}

/// The picture, and last of all the source: the crate writes extensions in the order of their keys, behind everything
/// else.
fn extensions(entry: &Entry) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    if let Some(image) = entry.image.as_ref().filter(|image| !image.url.is_empty()) {
        let mut attrs =
            BTreeMap::from([("url".to_owned(), xml::escaped(&image.url)), ("medium".to_owned(), "image".to_owned())]);
        if let Some((width, height)) = image.size {
            attrs.insert("width".to_owned(), width.to_string());
            attrs.insert("height".to_owned(), height.to_string());
        }
        let mut children = BTreeMap::new();
        if !image.alt.is_empty() {
            let said = element("media:description", &image.alt, &[("type", "plain")]);
            children.insert("description".to_owned(), vec![said]);
        }
        let content = Extension { name: "media:content".to_owned(), value: None, attrs, children };
        map.entry("a".to_owned()).or_default().insert("content".to_owned(), vec![content]);
    }
    map.entry("z".to_owned()).or_default().insert("source".to_owned(), vec![source(&entry.source, entry)]);
    map
}

fn source(source: &Source, entry: &Entry) -> Extension {
    let links = vec![
        element("link", "", &[("rel", "self"), ("href", &source.feed)]),
        element("link", "", &[("rel", "alternate"), ("href", &source.home), ("type", "text/html")]),
    ];
    let children = BTreeMap::from([
        ("a-title".to_owned(), vec![element("title", &source.title, &[])]),
        ("b-id".to_owned(), vec![element("id", &source.id, &[])]),
        ("c-updated".to_owned(), vec![element("updated", &fixed_in(entry.updated, entry).to_rfc3339(), &[])]),
        ("d-link".to_owned(), links),
    ]);
    Extension { name: "source".to_owned(), value: None, attrs: BTreeMap::new(), children }
}

/// The crate escapes the text of an extension, but not its attributes.
pub(super) fn element(name: &str, value: &str, attrs: &[(&str, &str)]) -> Extension {
    Extension {
        name: name.to_owned(),
        value: (!value.is_empty()).then(|| value.to_owned()),
        attrs: attrs.iter().map(|(name, value)| ((*name).to_owned(), xml::escaped(value))).collect(),
        children: BTreeMap::new(),
    }
}

fn person(name: &str, home: &str) -> Person {
    Person {
        name: name.to_owned(),
        email: None,
        uri: Some(home.to_owned()).filter(|home| !home.is_empty()),
        ..Person::default()
    }
}

fn link(href: &str, rel: &str, mime: Option<&str>, lang: Option<String>, title: Option<&str>) -> Link {
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        hreflang: lang,
        mime_type: mime.map(str::to_owned).filter(|mime| !mime.is_empty()),
        title: title.map(str::to_owned).filter(|title| !title.is_empty()),
        length: None,
    }
}

/// An instant in UTC, whole seconds.
pub(super) fn fixed(at: Timestamp) -> FixedDateTime {
    chrono::DateTime::from_timestamp(at.as_second(), 0).unwrap_or_default().fixed_offset()
}

/// An instant in the zone of the member.
pub(super) fn fixed_in(at: Timestamp, entry: &Entry) -> FixedDateTime {
    let seconds = entry.zone.to_offset(at).seconds();
    match chrono::FixedOffset::east_opt(seconds) {
        Some(offset) => fixed(at).with_timezone(&offset),
        None => fixed(at),
    }
}
