//! What does this sitemap say? Sitemap protocol 0.9 with its index, the news and the hreflang extension, and plain
//! lists of addresses; gzip by its magic bytes, whatever the name.

use crate::model::{Candidate, Lang, SourceKind, Warning};
use crate::normalise::{date, text, url as address};
use flate2::read::GzDecoder;
use quick_xml::{Reader, XmlVersion, events::Event};
use std::{borrow::Cow, collections::HashSet, io::Read};
use url::Url;

/// More addresses than this in one file are left out (limit of the protocol).
const MOST_ADDRESSES: usize = 50_000;
/// A packed sitemap may unpack to this many bytes.
const MOST_BYTES: u64 = 64 << 20;

/// A sitemap as read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sitemap {
    /// Pages, in the order of the file, each address once.
    pub candidates: Vec<Candidate>,
    /// Further sitemaps, of an index.
    pub children: Vec<String>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Why bytes are not a sitemap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a sitemap: {0}")]
pub struct NotASitemap(String);

/// Reads a sitemap that came from `url`.
pub fn read(bytes: &[u8], url: &str) -> Result<Sitemap, NotASitemap> {
    let base = Url::parse(url).map_err(|_| NotASitemap(format!("`{url}` is not an address")))?;
    let mut sitemap = Sitemap::default();
    let plain = unpacked(bytes, &mut sitemap.warnings)?;
    let start = plain.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(plain.len());
    let body = plain[start..].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&plain[start..]);
    match body.first() {
        Some(b'<') => read_xml(body, &base, url, &mut sitemap)?,
        Some(_) if body.starts_with(b"http") => read_list(body, &base, url, &mut sitemap),
        Some(_) => return Err(NotASitemap("neither XML nor a list of addresses".to_owned())),
        None => return Err(NotASitemap("it is empty".to_owned())),
    }
    distrust_lying_dates(&mut sitemap);
    Ok(sitemap)
}

fn unpacked<'a>(bytes: &'a [u8], warnings: &mut Vec<Warning>) -> Result<Cow<'a, [u8]>, NotASitemap> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut plain = Vec::new();
    let outcome = GzDecoder::new(bytes).take(MOST_BYTES + 1).read_to_end(&mut plain);
    if plain.len() as u64 > MOST_BYTES {
        plain.truncate(MOST_BYTES as usize);
        warnings.push(Warning::new("sitemap-cut", format!("unpacks to more than {MOST_BYTES} bytes")));
    } else if let Err(error) = outcome {
        if plain.is_empty() {
            return Err(NotASitemap(format!("broken gzip: {error}")));
        }
        warnings.push(Warning::new("sitemap-cut", format!("broken gzip: {error}")));
    }
    Ok(Cow::Owned(plain))
}

/// One `url` or `sitemap` element while it is open.
#[derive(Default)]
struct Item {
    loc: String,
    lastmod: String,
    news_date: String,
    title: String,
    language: String,
    alternates: Vec<(String, String)>,
}

fn read_xml(body: &[u8], base: &Url, found_on: &str, into: &mut Sitemap) -> Result<(), NotASitemap> {
    let mut reader = Reader::from_reader(body);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut buffer = Vec::new();
    let mut seen = HashSet::new();
    let mut root_known = false;
    let mut item: Option<Item> = None;
    let mut field = String::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).to_ascii_lowercase();
                match name.as_str() {
                    "urlset" | "sitemapindex" => root_known = true,
                    "url" | "sitemap" => item = Some(Item::default()),
                    "link" => {
                        if let Some(item) = &mut item {
                            item.alternates.extend(alternate(&tag));
                        }
                    }
                    _ => field = name,
                }
            }
            Ok(Event::Text(words)) => {
                let words = words.xml_content(XmlVersion::Implicit1_0).unwrap_or_default();
                append(&mut item, &field, &words);
            }
            Ok(Event::GeneralRef(reference)) => append(&mut item, &field, &resolved(&reference)),
            Ok(Event::CData(words)) => append(&mut item, &field, &String::from_utf8_lossy(&words)),
            Ok(Event::End(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).to_ascii_lowercase();
                field.clear();
                if let ("url" | "sitemap", Some(done)) =
                    (name.as_str(), item.take_if(|_| name == "url" || name == "sitemap"))
                {
                    keep(done, name == "sitemap", base, found_on, &mut seen, into);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                into.warnings.push(Warning::new("sitemap-broken", error.to_string()));
                break;
            }
        }
        if into.candidates.len() >= MOST_ADDRESSES {
            into.warnings.push(Warning::new("sitemap-cut", format!("more than {MOST_ADDRESSES} addresses")));
            break;
        }
    }
    match root_known {
        true => Ok(()),
        false => Err(NotASitemap("no urlset and no sitemapindex".to_owned())),
    }
}

/// `&amp;` and the like; the references that XML itself defines, and numbers.
fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name: &[u8] = reference;
    match name {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        _ => "",
    }
    .to_owned()
}

fn append(item: &mut Option<Item>, field: &str, words: &str) {
    let Some(item) = item else { return };
    match field {
        "loc" => item.loc.push_str(words),
        "lastmod" => item.lastmod.push_str(words),
        "publication_date" => item.news_date.push_str(words),
        "title" => item.title.push_str(words),
        "language" => item.language.push_str(words),
        _ => {}
    }
}

fn alternate(tag: &quick_xml::events::BytesStart<'_>) -> Option<(String, String)> {
    let (mut lang, mut href) = (None, None);
    for attribute in tag.attributes().with_checks(false).flatten() {
        let value = || attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned());
        match attribute.key.local_name().as_ref() {
            b"hreflang" => lang = value(),
            b"href" => href = value(),
            _ => {}
        }
    }
    lang.zip(href)
}

fn keep(item: Item, is_child: bool, base: &Url, found_on: &str, seen: &mut HashSet<String>, into: &mut Sitemap) {
    let Ok(url) = base.join(item.loc.trim()) else { return };
    if !matches!(url.scheme(), "http" | "https") || !seen.insert(url.to_string()) {
        return;
    }
    if is_child {
        into.children.push(url.into());
        return;
    }
    let lastmod = item.lastmod.trim();
    let translations = item.alternates.iter().filter_map(|(lang, href)| {
        let target = address::canonical(href, Some(base), &[]).ok()?;
        Some((lang.parse::<Lang>().ok()?, target))
    });
    into.candidates.push(Candidate {
        title: text::line(&item.title),
        published: date::parse(item.news_date.trim(), None),
        modified: date::parse(lastmod, None),
        lang: item.language.parse().ok(),
        translations: translations.collect(),
        token: lastmod.to_owned(),
        ..Candidate::new(url, SourceKind::Sitemap, found_on)
    });
}

fn read_list(body: &[u8], base: &Url, found_on: &str, into: &mut Sitemap) {
    let mut seen = HashSet::new();
    for line in String::from_utf8_lossy(body).lines().take(MOST_ADDRESSES) {
        let item = Item { loc: line.trim().to_owned(), ..Item::default() };
        if !item.loc.is_empty() {
            keep(item, false, base, found_on, &mut seen, into);
        }
    }
}

/// Many generators write the hour of the request as `lastmod` of every page. Where more than ten pages all carry one
/// and the same instant, it says nothing about any of them.
fn distrust_lying_dates(sitemap: &mut Sitemap) {
    let Some(first) = sitemap.candidates.first().map(|candidate| candidate.token.clone()) else { return };
    if first.is_empty() || sitemap.candidates.len() <= 10 || sitemap.candidates.iter().any(|c| c.token != first) {
        return;
    }
    sitemap.warnings.push(Warning::new("sitemap-lastmod-untrusted", first));
    for candidate in &mut sitemap.candidates {
        candidate.token.clear();
        candidate.modified = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locs(sitemap: &Sitemap) -> Vec<&str> {
        sitemap.candidates.iter().map(|c| c.url.as_str()).collect()
    }

    #[test]
    fn pages_and_children_are_resolved_and_told_apart() {
        let index = br#"<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            <sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>https://h.example/a.xml</loc></sitemap></sitemapindex>"#;
        assert_eq!(read(index, "https://h.example/s.xml").unwrap().children, ["https://h.example/a.xml"]);
        let pages = "\u{feff}<urlset><url><loc> https://h.example/a?x=1&amp;y=2 </loc><lastmod>2024-03-01</lastmod></url>\
            <url><loc><![CDATA[https://h.example/b]]></loc></url><url><loc>javascript:alert(1)</loc></url></urlset>";
        let sitemap = read(pages.as_bytes(), "https://h.example/s.xml").unwrap();
        assert_eq!(locs(&sitemap), ["https://h.example/a?x=1&y=2", "https://h.example/b"]);
        assert_eq!(sitemap.candidates[0].token, "2024-03-01");
    }

    #[test]
    fn one_lastmod_for_all_is_not_believed() {
        let many: String =
            (0..20).map(|n| format!("<url><loc>/p{n}</loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>")).collect();
        let sitemap = read(format!("<urlset>{many}</urlset>").as_bytes(), "https://h.example/").unwrap();
        assert_eq!(sitemap.candidates.len(), 20);
        assert!(sitemap.candidates.iter().all(|c| c.token.is_empty() && c.modified.is_none()));
        assert_eq!(sitemap.warnings[0].code, "sitemap-lastmod-untrusted");
    }

    #[test]
    fn a_cut_file_keeps_what_came_before() {
        let cut = b"<urlset><url><loc>https://h.example/a</loc></url><url><loc>https://h.exa";
        assert_eq!(locs(&read(cut, "https://h.example/").unwrap()), ["https://h.example/a"]);
        assert!(read(b"<html><body>no</body></html>", "https://h.example/").is_err());
        assert!(read(b"", "https://h.example/").is_err());
    }
}
