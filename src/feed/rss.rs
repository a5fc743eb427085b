//! RSS 2.0 with Dublin Core, content:encoded, Media RSS and the links of Atom.

use super::atom::{fixed, fixed_in, rights};
use super::entry::{Channel, Entry};
use super::{WriteError, logo::SIDE as LOGO_SIDE, xml};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Enclosure, Guid, Image, Item, Source};
use std::collections::BTreeMap;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const MEDIA: &str = "http://search.yahoo.com/mrss/";
/// Minutes after which a reader may ask again.
const TTL: &str = "10";

/// Writes the document.
pub fn write(channel: &Channel) -> Result<String, WriteError> {
    let mut links = vec![atom_link(&channel.own, "self", "application/rss+xml")];
    links.extend(channel.next.iter().map(|next| atom_link(next, "next", "application/rss+xml")));
    let document = rss::Channel {
        title: channel.title.clone(),
        link: channel.page.clone(),
        description: channel.description.clone(),
        language: Some(channel.lang.to_string()),
        copyright: Some(channel.rights.clone()),
        last_build_date: Some(fixed(channel.updated).to_rfc2822()),
        generator: Some(format!("Communiqué {}", env!("CARGO_PKG_VERSION"))),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(TTL.to_owned()),
        image: Some(Image {
            url: channel.logo.clone(),
            title: channel.title.clone(),
            link: channel.page.clone(),
            width: Some(LOGO_SIDE.to_string()),
            height: Some(LOGO_SIDE.to_string()),
            ..Image::default()
        }),
        atom_ext: Some(AtomExtension { links }),
        items: channel.entries.iter().map(|entry| item(entry, &channel.kinds)).collect(),
        namespaces: BTreeMap::from([("atom".to_owned(), ATOM.to_owned()), ("media".to_owned(), MEDIA.to_owned())]),
        ..rss::Channel::default()
    };
    let bytes = document.write_to(Vec::new()).map_err(|error| WriteError(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| WriteError(error.to_string()))
}

fn item(entry: &Entry, kinds: &str) -> Item {
    let dublin_core = DublinCoreExtension {
        creators: entry.authors.iter().map(|(name, _)| name.clone()).collect(),
        languages: vec![entry.lang.to_string()],
        rights: vec![rights(entry)],
        ..DublinCoreExtension::default()
    };
    let summary = if entry.summary.is_empty() { &entry.title } else { &entry.summary };
    Item {
        title: Some(entry.title.clone()),
        link: Some(entry.link.clone()),
        // A description is HTML to most readers, so plain text is escaped once for it.
        description: Some(xml::escaped(summary)),
        categories: categories(entry, kinds),
        enclosure: entry.attachments.first().map(|file| Enclosure {
            url: file.url.clone(),
            length: file.bytes.unwrap_or(0).to_string(),
            mime_type: file.media_type.clone(),
        }),
        guid: Some(Guid { value: entry.id.clone(), permalink: false }),
        pub_date: Some(fixed_in(entry.published, entry).to_rfc2822()),
        source: Some(Source { url: entry.source.feed.clone(), title: Some(entry.source.title.clone()) }),
        content: Some(entry.html.replace("]]>", "]]&gt;")).filter(|html| !html.is_empty()),
        extensions: extensions(entry),
        dublin_core_ext: Some(dublin_core),
        ..Item::default()
    }
}

fn categories(entry: &Entry, kinds: &str) -> Vec<Category> {
    let kind = Category { name: entry.kind.1.clone(), domain: Some(kinds.to_owned()) };
    let themes = entry.themes.iter().map(|(iri, label)| Category { name: label.clone(), domain: Some(iri.clone()) });
    std::iter::once(kind).chain(themes).collect()
}

fn extensions(entry: &Entry) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    let Some(image) = entry.image.as_ref().filter(|image| !image.url.is_empty()) else { return map };
    let mut attrs = BTreeMap::from([("url".to_owned(), image.url.clone()), ("medium".to_owned(), "image".to_owned())]);
    if let Some((width, height)) = image.size {
        attrs.insert("width".to_owned(), width.to_string());
        attrs.insert("height".to_owned(), height.to_string());
    }
    let mut children = BTreeMap::new();
    if !image.alt.is_empty() {
        let said = Extension {
            name: "media:description".to_owned(),
            value: Some(image.alt.clone()),
            attrs: BTreeMap::from([("type".to_owned(), "plain".to_owned())]),
            children: BTreeMap::new(),
        };
        children.insert("description".to_owned(), vec![said]);
    }
    let content = Extension { name: "media:content".to_owned(), value: None, attrs, children };
    map.entry("media".to_owned()).or_default().insert("content".to_owned(), vec![content]);
    map
}

fn atom_link(href: &str, rel: &str, mime: &str) -> Link {
    Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: Some(mime.to_owned()), ..Link::default() }
}
