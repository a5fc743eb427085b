//! What is written is read back by another reader, and says the same in every format.

use super::entry::{Channel, Entry, Source};
use super::{FORMATS, atom, csv, json_feed, rss, xml};
use crate::model::{Attachment, Image, Kind, Lang};
use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::Value;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn channel(entries: Vec<Entry>) -> Channel {
    Channel {
        id: "tag:news.example.org,2026-01-01:feed/fr/q=paix&theme=peace".to_owned(),
        title: "Alliance & amis – Communiqués pour « paix »".to_owned(),
        description: "Les communiqués de presse des associations.".to_owned(),
        lang: Lang::FR,
        own: "https://news.example.org/fr/search.atom?q=paix&theme=peace".to_owned(),
        page: "https://news.example.org/fr/search?q=paix&theme=peace".to_owned(),
        next: Some("https://news.example.org/fr/search.atom?q=paix&theme=peace&cursor=k1.0.0a".to_owned()),
        updated: at("2026-11-24T12:00:00Z"),
        publisher: "Alliance & amis".to_owned(),
        home: "https://news.example.org/".to_owned(),
        logo: "https://news.example.org/logo.png".to_owned(),
        rights: "Les textes appartiennent à leurs auteurs.".to_owned(),
        kinds: "tag:news.example.org,2026-01-01:kind".to_owned(),
        entries,
    }
}

fn entry(id: &str, title: &str) -> Entry {
    Entry {
        id: format!("tag:news.example.org,2026-01-01:release/{id}"),
        title: xml::title(title),
        lang: Lang::FR,
        link: format!("https://ecoliers.example/{id}?a=1&b=2"),
        page: format!("https://news.example.org/r/{id}"),
        versions: Vec::new(),
        published: at("2026-03-02T11:00:00Z"),
        updated: at("2026-03-04T09:10:00Z"),
        zone: TimeZone::get("Europe/Paris").unwrap(),
        day: "2026-03-02".to_owned(),
        authors: vec![("Les Écoliers & Cie".to_owned(), "https://ecoliers.example/".to_owned())],
        source: Source {
            id: "tag:news.example.org,2026-01-01:member/ecoliers".to_owned(),
            title: "Les Écoliers & Cie".to_owned(),
            feed: "https://ecoliers.example/?feed=rss2&lang=fr".to_owned(),
            home: "https://ecoliers.example/".to_owned(),
        },
        summary: "Un résumé & sa suite.".to_owned(),
        html: "<p>Un <strong>texte</strong> &amp; sa <a href=\"https://ecoliers.example/x\">suite</a>.</p>".to_owned(),
        kind: (Kind::Release, "communiqué".to_owned()),
        themes: vec![("https://news.example.org/themes/peace".to_owned(), "Paix & dialogue".to_owned())],
        countries: vec!["Sénégal".to_owned()],
        image: None,
        attachments: Vec::new(),
    }
}

fn file(name: &str, bytes: Option<u64>) -> Attachment {
    let url = format!("https://ecoliers.example/{name}?v=1&w=2");
    Attachment { url, title: "Dossier & annexes".to_owned(), media_type: "application/pdf".to_owned(), bytes }
}

/// An entry with everything in it.
fn full(id: &str) -> Entry {
    Entry {
        versions: vec![
            ("https://savoirs.example/fr/x".to_owned(), Lang::FR, "La même".to_owned()),
            ("https://savoirs.example/en/x".to_owned(), Lang::EN, "The same".to_owned()),
            ("https://savoirs.example/en/y".to_owned(), Lang::EN, "The same again".to_owned()),
        ],
        image: Some(Image {
            url: "https://ecoliers.example/i.jpg?a=1&b=2".to_owned(),
            alt: "Des \"élèves\" & des enseignants".to_owned(),
            credit: String::new(),
            size: Some((800, 600)),
        }),
        attachments: vec![file("a.pdf", Some(1234)), file("b.pdf", None)],
        ..entry(id, "Rentrée")
    }
}

/// Every kind of feed that has to stay whole.
fn channels() -> Vec<(&'static str, Channel)> {
    let hostile = [
        "<script>alert(1)</script>",
        "&lt;b&gt;R&amp;D&lt;/b&gt; &eacute;",
        "fin de section ]]> et suite",
        "contrôle \u{0}\u{7}\u{1b}[31m \u{fffe}\u{fdd0} \u{85}",
        "مرحبا بالعالم: بيان صحفي",
        "\u{202e}inversé\u{202c}",
        "🎉 Fête 👩‍👩‍👧‍👦 🇸🇳",
        "\"guillemets\" 'simples' « français »",
        "=HYPERLINK(\"https://evil.example\")",
        "  trop \t d’espaces\n et de lignes ",
    ];
    let many = hostile.iter().enumerate().map(|(n, title)| entry(&format!("h{n}"), title)).collect();
    let bare = Entry { html: String::new(), summary: String::new(), ..entry("bare", "Sans texte") };
    let section = Entry { html: "<p>avant ]]&gt; ]]> après</p>".to_owned(), ..entry("cdata", "Section") };
    let arabic = Entry { lang: "ar".parse().unwrap(), ..entry("ar", "بيان") };
    vec![
        ("empty", Channel { next: None, ..channel(Vec::new()) }),
        ("one", channel(vec![entry("one", "Une rentrée")])),
        ("several", channel(vec![full("a"), entry("b", "Deux"), arabic])),
        ("hostile titles", channel(many)),
        ("little or odd text", channel(vec![bare, section])),
    ]
}

/// Reads a document to its end: well-formed, all references known, nothing that XML forbids.
fn check_xml(document: &str) {
    assert!(document.starts_with("<?xml version=\"1.0\""), "{document}");
    assert!(!document.contains("<!DOCTYPE") && !document.contains("<?xml-stylesheet"), "{document}");
    let allowed = |c: char| c == '\n' || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(document.chars().all(allowed), "{document}");
    let mut reader = quick_xml::Reader::from_str(document);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {document}")) {
            Event::Eof => return,
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{error}: {document}"));
                    let value = std::str::from_utf8(&attribute.value).unwrap().to_owned();
                    assert!(!value.contains('<'), "{value}");
                    quick_xml::escape::unescape(&value).unwrap_or_else(|error| panic!("{error}: {value}"));
                }
            }
            Event::GeneralRef(name) => {
                let name = std::str::from_utf8(&name).unwrap().to_owned();
                let known = matches!(name.as_str(), "amp" | "lt" | "gt" | "quot" | "apos") || name.starts_with('#');
                assert!(known, "&{name}; is not of XML");
            }
            _ => {}
        }
    }
}

/// What a reader lists: id, title, link, seconds of publication.
type Listed = Vec<(String, String, String, i64)>;

fn listed_by_feed_rs(document: &str) -> Listed {
    let feed = feed_rs::parser::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error}: {document}"));
    let mut listed = Vec::new();
    for entry in feed.entries {
        let title = entry.title.map(|title| title.content).unwrap_or_default();
        let link = entry.links.first().map(|link| link.href.clone()).unwrap_or_default();
        listed.push((entry.id, title, link, entry.published.map_or(0, |at| at.timestamp())));
    }
    listed
}

fn listed_by_us(channel: &Channel) -> Listed {
    let of = |e: &Entry| (e.id.clone(), e.title.clone(), e.link.clone(), e.published.as_second());
    channel.entries.iter().map(of).collect()
}

fn elements<'a>(document: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    document.split(open.as_str()).skip(1).map(|part| part.split(close.as_str()).next().unwrap()).collect()
}

#[test]
fn every_format_is_read_back_with_the_same_entries() {
    for (name, channel) in channels() {
        for write in [atom::write, rss::write, json_feed::write] {
            let document = write(&channel).unwrap();
            assert_eq!(listed_by_feed_rs(&document), listed_by_us(&channel), "{name}: {document}");
            assert_eq!(write(&channel).unwrap(), document, "{name}: the same feed has the same bytes");
        }
    }
}

#[test]
fn atom_and_rss_are_xml_to_the_end() {
    for (_, channel) in channels() {
        check_xml(&atom::write(&channel).unwrap());
        check_xml(&rss::write(&channel).unwrap());
    }
}

#[test]
fn an_entry_of_atom_has_its_language_its_source_last_and_one_alternate_a_language() {
    for (name, channel) in channels() {
        let document = atom::write(&channel).unwrap();
        let entries = elements(&document, "entry");
        assert_eq!(entries.len(), channel.entries.len(), "{name}");
        for (text, entry) in entries.iter().zip(&channel.entries) {
            assert!(text.starts_with(&format!(" xml:lang=\"{}\">", entry.lang)), "{text}");
            assert!(text.ends_with("</source>"), "{text}");
            assert!(elements(text, "content").len() + elements(text, "summary").len() > 0, "{text}");
            for lang in ["fr", "en", "ar"] {
                let alternate = format!("rel=\"alternate\" hreflang=\"{lang}\"");
                assert!(text.matches(&alternate).count() <= 1, "{text}");
            }
        }
    }
    let document = atom::write(&channel(vec![full("a")])).unwrap();
    for part in [
        "<link href=\"https://savoirs.example/en/x\" rel=\"alternate\" hreflang=\"en\"",
        "<link href=\"https://savoirs.example/fr/x\" rel=\"related\" hreflang=\"fr\"",
        "<category term=\"https://news.example.org/themes/peace\" label=\"Paix &amp; dialogue\"/>",
        "<category term=\"release\" scheme=\"tag:news.example.org,2026-01-01:kind\" label=\"communiqué\"/>",
        "url=\"https://ecoliers.example/i.jpg?a=1&amp;b=2\"",
        "length=\"1234\"",
        "<rights>© Les Écoliers &amp; Cie</rights>",
    ] {
        assert!(document.contains(part), "{part} is not in {document}");
    }
}

#[test]
fn an_item_of_rss_has_a_description_before_its_content_and_one_enclosure() {
    for (name, channel) in channels() {
        let document = rss::write(&channel).unwrap();
        for item in elements(&document, "item") {
            let description = item.find("<description>").unwrap_or_else(|| panic!("{name}: {item}"));
            assert!(item.find("<content:encoded>").is_none_or(|content| description < content), "{name}: {item}");
            assert!(item.matches("<enclosure ").count() <= 1, "{name}: {item}");
            assert!(item.contains("<guid isPermaLink=\"false\">tag:") && item.contains("<source url=\"http"), "{item}");
        }
    }
    let document =
        rss::write(&channel(vec![full("a"), Entry { attachments: vec![file("c", None)], ..full("b") }])).unwrap();
    assert!(document.contains("length=\"1234\" type=\"application/pdf\""), "{document}");
    assert!(document.contains("length=\"0\" type=\"application/pdf\""), "unknown sizes are 0: {document}");
    assert!(document.contains("+0100</pubDate>"), "dates are those of the member's zone: {document}");
}

#[test]
fn json_feed_keeps_its_rules() {
    for (name, channel) in channels() {
        let feed: Value = serde_json::from_str(&json_feed::write(&channel).unwrap()).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(feed["next_url"].as_str(), channel.next.as_deref(), "{name}");
        for item in feed["items"].as_array().unwrap() {
            assert!(item["content_html"].is_string() != item["content_text"].is_string(), "{item}");
            assert!(item.as_object().unwrap().values().all(|value| !value.is_null()), "{item}");
            assert!(item["authors"][0]["name"].is_string(), "{item}");
        }
    }
    let feed: Value = serde_json::from_str(&json_feed::write(&channel(vec![full("a")])).unwrap()).unwrap();
    let files = feed["items"][0]["attachments"].as_array().unwrap();
    assert_eq!(files.len(), 1, "a file of unknown size is no attachment");
    assert_eq!(files[0]["size_in_bytes"], 1234);
    assert_eq!(feed["items"][0]["language"], "fr");
    assert_eq!(feed["items"][0]["_communique"]["versions"][1]["language"], "en");
}

#[test]
fn a_table_is_inert_and_has_a_line_for_each_entry() {
    for (name, channel) in channels() {
        let table = csv::write(&channel).unwrap();
        assert!(table.starts_with('\u{feff}'), "{name}");
        assert_eq!(table.matches("\r\n").count(), channel.entries.len() + 1, "{name}: {table}");
        for cell in table.split("\r\n").skip(1).flat_map(|line| line.split("\",\"")) {
            let begin = cell.trim_start_matches('"').trim_start();
            assert!(!begin.starts_with(['=', '+', '-', '@']), "{name}: {cell}");
        }
    }
}

#[test]
fn each_format_has_an_ending_and_a_charset() {
    for format in FORMATS {
        assert!(format.media_type.contains("; charset=utf-8"), "{}", format.ending);
        assert_eq!(FORMATS.iter().filter(|other| other.ending == format.ending).count(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_words_break_a_feed(title in "\\PC{0,60}|[<>&;\\]\\[!a-z#0-9\"' \u{0}\u{b}\u{fffe}]{0,40}", html in "[<>&;\\]\\[!a-z\"'/= ]{0,80}") {
        let hostile = Entry {
            summary: xml::title(&title),
            html: xml::clean(&html).into_owned(),
            authors: vec![(xml::title(&title), String::new())],
            themes: vec![("https://news.example.org/themes/x".to_owned(), xml::line(&title))],
            ..entry("x", "Titre")
        };
        let channel = channel(vec![hostile]);
        for write in [atom::write, rss::write] {
            let document = write(&channel).unwrap();
            check_xml(&document);
            prop_assert_eq!(listed_by_feed_rs(&document), listed_by_us(&channel));
        }
        let told = xml::title(&title);
        prop_assert_eq!(xml::title(&told), told.clone(), "a title cleaned twice");
    }
}
