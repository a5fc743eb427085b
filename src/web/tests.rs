//! Pages rendered from values made by hand: their structure holds, and hostile words stay words.

use super::*;
use crate::{
    index::Index,
    labels::Labels,
    model::*,
    search::{Facet, FacetValue, Hit, Query, Remark, Results},
    store::Store,
};
use askama::Template;
use frame::{Frame, Section};
use jiff::{Timestamp, tz::TimeZone};
use scraper::{ElementRef, Html, Selector};
use std::collections::HashSet;

/// Words that would do harm if they were taken for markup anywhere.
const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)> & </textarea> 🙂 \u{202e}";

/// A door over an empty store and index, with two members and four themes.
pub(super) fn door() -> (tempfile::TempDir, Door) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::frozen("2026-11-24T10:00:00Z".parse().unwrap());
    let config = Config {
        members: vec![member("action", "Action"), member("solidarite", HOSTILE)],
        vocabulary: vocabulary(),
        vocabulary_source: "<a> <b> <c> .\n".to_owned(),
        ..Config::default()
    };
    let store = Store::open(&dir.path().join("data"), clock.clone()).unwrap();
    let index = Index::open(&dir.path().join("index")).unwrap();
    let vocabulary = Arc::new(config.vocabulary.clone());
    let engine = Engine::new(index, vocabulary, Arc::new(config.members.clone()), Arc::new(|_, _| None)).unwrap();
    let base_url = "http://127.0.0.1:8080/".into();
    (dir, Door { engine, reader: store.reader(), config: Arc::new(config), base_url, clock })
}

fn member(id: &str, name: &str) -> Member {
    Member {
        id: MemberId::new(id).unwrap(),
        names: vec![Name { name: name.to_owned(), since: None, until: None }],
        home: format!("https://{id}.example/"),
        hosts: vec![],
        languages: vec![],
        cms: None,
        feeds: vec![],
        sitemaps: vec![],
        listings: vec![],
        parameters: vec![],
        exclude: vec![],
        timezone: TimeZone::get("Europe/Paris").unwrap(),
        rules: vec![],
        categories: vec![],
        protected_names: vec![],
    }
}

fn theme(id: &str, narrower: &[&str], broader: &[&str]) -> Theme {
    let ids = |ids: &[&str]| ids.iter().map(|id| ThemeId::new(*id).unwrap()).collect::<Vec<_>>();
    let label = |text: &str, lang, kind| Label { text: text.to_owned(), lang, kind };
    Theme {
        id: ThemeId::new(id).unwrap(),
        iri: id.to_owned(),
        labels: vec![
            label(&format!("Thème {id} {HOSTILE}"), Lang::FR, LabelKind::Preferred),
            label(&format!("Theme {id}"), Lang::EN, LabelKind::Preferred),
            label("autre nom", Lang::FR, LabelKind::Alternative),
            label("secret", Lang::FR, LabelKind::Hidden),
        ],
        notes: vec![(Lang::FR, HOSTILE.to_owned())],
        examples: Vec::new(),
        broader: ids(broader),
        narrower: ids(narrower),
        related: vec![],
        mappings: vec!["http://vocabularies.unesco.org/thesaurus/concept3606".to_owned()],
    }
}

fn vocabulary() -> Vocabulary {
    let themes = vec![theme("rights", &["girls"], &[]), theme("girls", &[], &["rights"]), theme("peace", &[], &[])];
    let top = [ThemeId::new("rights").unwrap(), ThemeId::new("peace").unwrap()].to_vec();
    let priority = (vec![(Lang::FR, "Axes".to_owned()), (Lang::EN, "Areas".to_owned())], vec![top[0].clone()]);
    Vocabulary::new(themes, top, vec![priority])
}

/// A release in which everything that can be hostile is.
pub(super) fn release(id: &str) -> Release {
    let at: Timestamp = "2026-03-02T09:10:00Z".parse().unwrap();
    let member = MemberId::new("solidarite").unwrap();
    let publication = |url: &str, lang, machine_translated| PublicationRef {
        url: url.to_owned(),
        member: member.clone(),
        lang,
        title: HOSTILE.to_owned(),
        published: "2026-03-02".parse().ok(),
        machine_translated,
    };
    Release {
        id: ReleaseId::new(id).unwrap(),
        kind: Kind::Tribune,
        title: HOSTILE.to_owned(),
        lang: Lang::EN,
        published: "2026-03".parse().ok(),
        updated: at,
        first_seen: "2026-03-01T00:00:00Z".parse().unwrap(),
        rank: 1,
        url: "https://solidarite.example/a?b=\"c\"&d".to_owned(),
        members: vec![MemberRef { id: member.clone(), name: HOSTILE.to_owned() }],
        publications: vec![
            publication("https://solidarite.example/a?b=\"c\"&d", Lang::EN, true),
            publication("javascript:alert(1)", Lang::FR, false),
        ],
        authors: vec![HOSTILE.to_owned()],
        issuers: vec![
            Issuer { name: HOSTILE.to_owned(), member: Some(member), signatory: false, evidence: String::new() },
            Issuer { name: "B".to_owned(), member: None, signatory: true, evidence: HOSTILE.to_owned() },
        ],
        themes: ["rights", "girls", "unknown"]
            .iter()
            .zip([TagBy::Label, TagBy::Category, TagBy::Staff])
            .map(|(id, by)| Tag { id: ThemeId::new(*id).unwrap(), by, score: 0.9, evidence: vec![HOSTILE.to_owned()] })
            .collect(),
        countries: vec![Place { id: "sn".to_owned(), evidence: vec!["Dakar".to_owned()] }],
        summary: HOSTILE.to_owned(),
        image: Some(Image { url: "https://x.example/i.jpg".to_owned(), alt: HOSTILE.to_owned(), ..Image::default() }),
        attachments: vec![
            Attachment {
                url: "https://x.example/a.pdf".to_owned(),
                title: HOSTILE.to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: Some(1_240_000),
            },
            Attachment {
                url: "javascript:alert(1)".to_owned(),
                title: "x".to_owned(),
                media_type: "x".to_owned(),
                bytes: None,
            },
        ],
    }
}

fn answer(query: &Query) -> Results {
    let facet = |name, values: &[(&str, u64)]| Facet {
        name,
        values: values
            .iter()
            .map(|(value, count)| FacetValue {
                value: (*value).to_owned(),
                label: None,
                count: *count,
                selected: false,
            })
            .collect(),
    };
    let hit = |id, partial| Hit {
        release: release(id).into(),
        partial,
        title_mark: partial.then(|| "a <mark>b</mark> <script>".to_owned()),
        text_marks: vec!["&lt;b&gt; <mark>x</mark> <img src=x>".to_owned(), "y".to_owned()],
        score: 1.0,
        explain: vec![],
    };
    let many: Vec<(String, u64)> =
        ["sn", "fr", "tg", "bj", "ci", "in", "kh", "la", "vn", "ht"].iter().map(|c| ((*c).to_owned(), 3)).collect();
    let many: Vec<(&str, u64)> = many.iter().map(|(code, n)| (code.as_str(), *n)).collect();
    Results {
        query: query.clone(),
        total: 2_345,
        partial_total: 1,
        hits: vec![hit("a1", false), hit("a2", true)],
        facets: vec![
            facet("theme", &[("rights", 12), ("girls", 1)]),
            facet("member", &[("solidarite", 4)]),
            facet("country", &many),
            facet("kind", &[("release", 2), ("tribune", 1)]),
            facet("lang", &[("fr", 2), ("en", 1)]),
            facet("year", &[("2021", 1), ("2026", 200)]),
        ],
        next: None,
        did_you_mean: Some(HOSTILE.to_owned()),
        also: Vec::new(),
        remarks: vec![Remark::OpenQuote, Remark::NotAField(HOSTILE.to_owned())],
        generation: 7,
    }
}

fn select<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(css).unwrap()).collect()
}

/// What every page must hold: structure that assistive technology relies on, and nothing that can run.
fn assert_sound(html: &str) {
    let page = Html::parse_document(html);
    let mut ids = HashSet::new();
    for element in select(&page, "[id]") {
        let id = element.attr("id").unwrap();
        assert!(ids.insert(id.to_owned()), "two elements are called {id}");
    }
    for (attribute, css) in [
        ("for", "label[for]"),
        ("form", "[form]"),
        ("aria-labelledby", "[aria-labelledby]"),
        ("aria-describedby", "[aria-describedby]"),
    ] {
        for element in select(&page, css) {
            let id = element.attr(attribute).unwrap();
            assert!(ids.contains(id), "{attribute}={id} leads nowhere");
        }
    }
    for field in select(&page, "input:not([type=hidden]), select, textarea") {
        let by_id = field.attr("id").is_some_and(|id| !select(&page, &format!("label[for='{id}']")).is_empty());
        let around = field.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "label");
        assert!(by_id || around, "a field has no label: {}", field.html());
    }
    let levels: Vec<u8> =
        select(&page, "h1, h2, h3, h4, h5, h6").iter().map(|h| h.value().name().as_bytes()[1] - b'0').collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "one h1: {levels:?}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "headings jump: {levels:?}");
    assert_eq!(select(&page, "main").len(), 1);
    assert_eq!(
        select(&page, "body > a").first().and_then(|a| a.attr("href")),
        Some("#main"),
        "the skip link comes first"
    );
    for element in select(&page, "*") {
        let name = element.value().name();
        assert!(!matches!(name, "iframe" | "object" | "img" | "style" | "textarea"), "a page has no <{name}>");
        let own = element.attr("src").is_some_and(|src| src.starts_with("/static/suggest-"));
        assert!(
            name != "script" || own || element.attr("type") == Some("application/ld+json"),
            "a script within the page"
        );
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "style", "{attribute} on <{name}>");
            let address = matches!(attribute, "href" | "src" | "action");
            assert!(!address || !value.trim_start().to_lowercase().starts_with("javascript:"), "{value}");
            assert!(attribute != "tabindex" || value == "0", "tabindex {value}");
        }
    }
    for block in select(&page, "script:not([src])") {
        let data = block.text().collect::<String>();
        assert!(serde_json::from_str::<serde_json::Value>(&data).is_ok(), "JSON-LD: {data}");
    }
    for link in select(&page, "a") {
        let named = !link.text().collect::<String>().trim().is_empty() || link.attr("aria-label").is_some();
        assert!(named, "a link without words: {}", link.html());
    }
}

fn search_page(lang: Lang, query: &Query) -> String {
    let (_dir, door) = door();
    let mut frame = Frame::new(&door, lang, Section::Search, frame::with_query("/search", query));
    let results = answer(query);
    search::describe(&door, &mut frame, query, &results);
    search::page(&door, &frame, query, &results, Vec::new()).render().unwrap()
}

#[test]
fn a_search_page_is_sound_whatever_the_words_are() {
    for lang in crate::labels::LANGS {
        let pairs = [
            ("q", HOSTILE),
            ("theme", "rights"),
            ("theme", "-girls"),
            ("issuer", "a\"b"),
            ("prefer", "fr,en"),
            ("from", "2021-01-01"),
            ("offset", "40"),
        ];
        let query = Query::from_pairs(pairs).unwrap();
        assert_sound(&search_page(lang, &query));
        assert_sound(&search_page(lang, &Query::default()));
    }
}

#[test]
fn the_form_carries_what_it_has_no_field_for() {
    let query = Query::from_pairs([
        ("q", "x"),
        ("theme", "-girls"),
        ("issuer", "unicef"),
        ("prefer", "en,fr"),
        ("limit", "50"),
    ])
    .unwrap();
    let html = search_page(Lang::EN, &query);
    let page = Html::parse_document(&html);
    let hidden: Vec<_> = select(&page, "input[type=hidden]")
        .iter()
        .map(|field| (field.attr("name").unwrap(), field.attr("value").unwrap()))
        .collect();
    assert_eq!(hidden, [("theme", "-girls"), ("prefer", "en,fr"), ("limit", "50")]);
}

#[test]
fn a_chosen_value_stays_in_the_form_even_when_nothing_has_it() {
    let query = Query::from_pairs([("theme", "peace"), ("theme", "girls"), ("issuer", "unicef")]).unwrap();
    let mut results = answer(&query);
    results.facets.push(Facet { name: "issuer", values: vec![] });
    let (_dir, door) = door();
    let mut frame = Frame::new(&door, Lang::EN, Section::Search, "/search");
    search::describe(&door, &mut frame, &query, &results);
    let html = search::page(&door, &frame, &query, &results, Vec::new()).render().unwrap();
    let page = Html::parse_document(&html);
    let boxes = select(&page, "input[type=checkbox][checked]");
    let chosen: Vec<_> =
        boxes.iter().map(|field| (field.attr("name").unwrap(), field.attr("value").unwrap())).collect();
    assert_eq!(chosen, [("theme", "peace"), ("theme", "girls"), ("issuer", "unicef")]);
}

#[test]
fn a_chip_leads_to_the_search_without_it() {
    let query =
        Query::from_pairs([("q", "x"), ("theme", "girls"), ("country", "-fr"), ("to", "2021-12-31"), ("offset", "20")])
            .unwrap();
    let html = search_page(Lang::EN, &query);
    let page = Html::parse_document(&html);
    let chips: Vec<_> = select(&page, ".chips a").iter().map(|a| a.attr("href").unwrap().to_owned()).collect();
    assert_eq!(
        chips,
        [
            "/en/search?q=x&country=-fr&to=2021-12-31",
            "/en/search?q=x&theme=girls&to=2021-12-31",
            "/en/search?q=x&theme=girls&country=-fr",
            "/en/search",
        ]
    );
}

#[test]
fn the_home_page_is_sound() {
    let (_dir, door) = door();
    for lang in crate::labels::LANGS {
        assert_sound(&home::rendered(&door, lang, &answer(&Query::default())));
    }
}

#[test]
fn a_release_page_is_sound_whatever_the_release_says() {
    let (_dir, door) = door();
    for lang in crate::labels::LANGS {
        let release = release("a1");
        let text = ReleaseText {
            text: HOSTILE.to_owned(),
            html: format!(
                "<h4 id=main>{HOSTILE}</h4><p style=x>a<img src='https://x.example/i' alt='{HOSTILE}'></p><table><tr><td>1</td></tr></table>"
            ),
            contacts: format!("{HOSTILE}\n\nTel. 1"),
        };
        let html = release::rendered(&door, lang, &release, &text, std::slice::from_ref(&release));
        assert_sound(&html);
        let page = Html::parse_document(&html);
        let sources: Vec<_> =
            select(&page, ".sources a[rel=external]").iter().map(|a| a.attr("href").unwrap().to_owned()).collect();
        assert_eq!(sources, ["https://solidarite.example/a?b=\"c\"&d"], "only addresses of the web become links");
        assert!(html.contains(&*Labels::get(lang).text("machine-translated-note")));
        let shown: String = select(&page, "h1")[0].text().collect();
        assert_eq!(shown, HOSTILE);
    }
}
