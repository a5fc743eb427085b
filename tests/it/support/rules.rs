//! The rules that every feed we publish keeps, whatever its members publish. They are our own, and fewer than those of
//! the validator of the W3C, which `tests/real/run feeds-valid` asks where it is at hand.

use quick_xml::{Reader, events::Event};
use serde_json::Value;

/// An element with its attributes, text and children, in the order of the document.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn text_of(&self, name: &str) -> &str {
        self.children.iter().find(|child| child.name == name).map_or("", |child| child.text.as_str())
    }

    fn links<'a>(&'a self, rel: &'a str) -> impl Iterator<Item = &'a str> {
        self.all("link").filter(move |link| link.attribute("rel") == rel).map(|link| link.attribute("href"))
    }
}

/// What a feed lists: the ids of its entries in their order; panics with the first rule that `document` breaks.
pub fn listed(form: &str, document: &str) -> Vec<String> {
    assert!(!document.starts_with('\u{feff}'), "a byte order mark");
    match form {
        "atom" => atom(&tree(document)),
        "rss" => rss(&tree(document)),
        "json" => json(document),
        other => panic!("no rules for {other}"),
    }
}

/// Reads XML to its end.
fn tree(document: &str) -> Element {
    assert!(document.starts_with("<?xml version=\"1.0\""), "{:.200}", document);
    assert!(!document.contains("<!DOCTYPE") && !document.contains("<?xml-stylesheet"), "{:.200}", document);
    let is_fine = |c: char| matches!(c, '\n' | '\t') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(document.chars().all(is_fine), "a character that XML does not know");
    let mut reader = Reader::from_str(document);
    let mut open = vec![Element::default()];
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error} at {at}: {document}"));
        let top = open.last_mut().unwrap();
        match event {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => top.children.push(element(&tag)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => top.text.push_str(std::str::from_utf8(&text).unwrap()),
            Event::CData(text) => top.text.push_str(std::str::from_utf8(&text).unwrap()),
            Event::GeneralRef(name) => {
                let name = std::str::from_utf8(&name).unwrap();
                top.text.push_str(&quick_xml::escape::unescape(&format!("&{name};")).unwrap());
            }
            Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
            _ => {}
        }
    }
}

fn element(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let utf8 = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().to_owned();
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = utf8(&attribute.value);
        assert!(!value.contains('<'), "{value}");
        (utf8(attribute.key.as_ref()), quick_xml::escape::unescape(&value).unwrap().into_owned())
    });
    Element { name: utf8(tag.name().as_ref()), attributes: attributes.collect(), ..Element::default() }
}

fn atom(feed: &Element) -> Vec<String> {
    assert_eq!(feed.name, "feed");
    assert!(feed.text_of("id").starts_with("tag:") && !feed.text_of("title").is_empty());
    for rel in ["self", "alternate"] {
        let links: Vec<&str> = feed.links(rel).collect();
        assert!(links.len() == 1 && is_address(links[0]), "{rel}: {links:?}");
    }
    let changed = moment(feed.text_of("updated"));
    feed.all("entry")
        .map(|entry| {
            let id = entry.text_of("id");
            plain(entry.text_of("title"), id);
            let (published, updated) = (moment(entry.text_of("published")), moment(entry.text_of("updated")));
            assert!(published <= updated && updated <= changed, "{id}: {published} {updated} {changed}");
            assert!(entry.all("author").all(|author| !author.text_of("name").trim().is_empty()), "{id}");
            assert!(entry.all("author").count() > 0, "{id} has no author");
            let languages: Vec<&str> = entry
                .all("link")
                .filter(|link| link.attribute("rel") == "alternate")
                .map(|link| link.attribute("hreflang"))
                .collect();
            assert!(!languages.is_empty() && no_repeats(&languages), "{id}: alternates in {languages:?}");
            assert!(entry.all("link").all(|link| is_address(link.attribute("href"))), "{id}: {entry:?}");
            assert!(entry.all("category").all(|category| !category.attribute("term").is_empty()), "{id}");
            assert!(!entry.attribute("xml:lang").is_empty(), "{id} has no language");
            assert_eq!(entry.children.last().map(|last| last.name.as_str()), Some("source"), "{id}");
            let content = entry.text_of("content");
            assert!(!content.is_empty() || !entry.text_of("summary").is_empty(), "{id} says nothing");
            html(content, id);
            id.to_owned()
        })
        .collect()
}

fn rss(document: &Element) -> Vec<String> {
    assert_eq!((document.name.as_str(), document.attribute("version")), ("rss", "2.0"));
    let channel = document.all("channel").next().unwrap();
    for needed in ["title", "description", "language", "lastBuildDate", "ttl"] {
        assert!(!channel.text_of(needed).is_empty(), "the channel has no {needed}");
    }
    assert!(is_address(channel.text_of("link")));
    assert_eq!(channel.all("atom:link").filter(|link| link.attribute("rel") == "self").count(), 1);
    channel
        .all("item")
        .map(|item| {
            let guid = item.all("guid").next().unwrap();
            let id = guid.text.as_str();
            assert_eq!(guid.attribute("isPermaLink"), "false");
            plain(item.text_of("title"), id);
            assert!(is_address(item.text_of("link")), "{id}: {}", item.text_of("link"));
            httpdate_like(item.text_of("pubDate"));
            let order: Vec<&str> = item.children.iter().map(|child| child.name.as_str()).collect();
            let description = order.iter().position(|name| *name == "description").unwrap();
            let content = order.iter().position(|name| *name == "content:encoded");
            assert!(content.is_none_or(|content| description < content), "{id}: {order:?}");
            assert!(item.all("enclosure").count() <= 1, "{id}");
            for file in item.all("enclosure") {
                let is_whole = is_address(file.attribute("url")) && file.attribute("type").contains('/');
                assert!(is_whole && file.attribute("length").parse::<u64>().is_ok(), "{id}: {file:?}");
            }
            let source = item.all("source").next().unwrap();
            assert!(is_address(source.attribute("url")), "{id}: {source:?}");
            html(item.text_of("content:encoded"), id);
            id.to_owned()
        })
        .collect()
}

fn json(document: &str) -> Vec<String> {
    let feed: Value = serde_json::from_str(document).unwrap_or_else(|error| panic!("{error}: {document}"));
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert!(is_address(feed["feed_url"].as_str().unwrap()) && is_address(feed["home_page_url"].as_str().unwrap()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let id = text(&item["id"]);
            assert!(is_address(&text(&item["url"])), "{item}");
            plain(&text(&item["title"]), &id);
            assert!(moment(&text(&item["date_published"])) <= moment(&text(&item["date_modified"])), "{item}");
            assert!(item["content_html"].is_string() != item["content_text"].is_string(), "{item}");
            assert!(item.as_object().unwrap().values().all(|value| !value.is_null()), "{item}");
            for file in item["attachments"].as_array().into_iter().flatten() {
                assert!(is_address(&text(&file["url"])) && text(&file["mime_type"]).contains('/'), "{item}");
            }
            html(&text(&item["content_html"]), &id);
            id
        })
        .collect()
}

fn no_repeats(list: &[&str]) -> bool {
    list.iter().enumerate().all(|(at, one)| !list[..at].contains(one))
}

fn moment(text: &str) -> jiff::Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `Mon, 02 Mar 2026 12:00:00 +0100`.
fn httpdate_like(text: &str) {
    jiff::fmt::rfc2822::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// An absolute address of the web in ASCII, with nothing that must be escaped.
fn is_address(text: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    (text.starts_with("http://") || text.starts_with("https://")) && text.bytes().all(is_fine)
}

/// A title on one line that says the same as text and as HTML.
fn plain(title: &str, id: &str) {
    assert!(id.starts_with("tag:") && !id.contains(char::is_whitespace), "{id}");
    assert!(!title.trim().is_empty() && !title.contains(['\n', '\t', '\r']), "{id}: {title:?}");
    let after = |mark: char| title.split(mark).skip(1).filter_map(|rest| rest.chars().next());
    assert!(after('<').all(|c| !c.is_alphabetic() && !"/!?".contains(c)), "{id}: {title}");
}

/// HTML of an entry: elements of the allow-list, every tag closed in order, addresses absolute.
fn html(text: &str, id: &str) {
    const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];
    const NEVER: [&str; 16] = [
        "script", "style", "iframe", "object", "embed", "form", "input", "base", "meta", "link", "svg", "math",
        "template", "noscript", "html", "body",
    ];
    let mut open: Vec<&str> = Vec::new();
    for tag in text.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or_else(|| panic!("{id}: a tag without end: {tag}"));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}: <{tag}>");
        assert!(!NEVER.contains(&name), "{id}: <{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{id}: </{name}> in {text}");
        } else if !VOID.contains(&name) {
            open.push(name);
        }
        let mut rest = &tag[name.len().min(tag.len())..];
        while let Some((attribute, more)) = rest.split_once("=\"") {
            let (value, more) = more.split_once('"').unwrap_or_else(|| panic!("{id}: <{tag}>"));
            let attribute = attribute.trim();
            assert!(!attribute.starts_with("on") && attribute != "style", "{id}: <{tag}>");
            if matches!(attribute, "href" | "src") {
                let value = value.replace("&amp;", "&").replace("&quot;", "\"");
                let is_local = attribute == "href" && (value.starts_with("mailto:") || value.starts_with("tel:"));
                assert!(is_local || is_address(&value), "{id}: <{tag}>");
            }
            rest = more;
        }
    }
    assert!(open.is_empty(), "{id}: {open:?} stay open in {text}");
}
