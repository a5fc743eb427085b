//! # What does a JSON feed say?
//!
//! JSON Feed 1.0 and 1.1 (<https://www.jsonfeed.org/version/1.1/>), read with the patience that XML feeds get: numbers
//! for texts, one for a list, values of the wrong kind passed over. Items are handed on one by one, so that a large
//! document is never held as a tree. To read a further key, add it to [`raw_of`] or [`Document::visit_map`].

use super::{
    FeedError,
    assembly::Assembly,
    lenient, link,
    raw::{Facts, Prose, Raw, RawLink},
    value::looks_like_html,
};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use url::Url;

/// Reads all items into `into`, and returns the head.
pub(super) fn read(text: &str, base: Option<Url>, into: &mut Assembly) -> Result<Raw<'static>, FeedError> {
    let (head, whole) = match parsed(text, base.as_ref(), into) {
        Ok(head) => (head, true),
        Err(problem) => {
            into.restart();
            into.repairs.note("json-broken", &problem.to_string());
            let head = parsed(&lenient::mended(text), base.as_ref(), into)
                .map_err(|_| FeedError::NotAFeed(format!("it is no JSON: {problem}")))?;
            (head, false)
        }
    };
    if !whole && into.seen() == 0 && text.contains("\"items\"") {
        return Err(FeedError::Unreadable("the document ends before its first item".to_owned()));
    }
    head.ok_or_else(|| FeedError::NotAFeed("it is JSON without a list of items".to_owned()))
}

/// The head, when there is a list of items. What stands after the document is passed over.
fn parsed(text: &str, base: Option<&Url>, into: &mut Assembly) -> Result<Option<Raw<'static>>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_any(Document { base, into })
}

/// A value of any kind, as far as an item needs it.
#[derive(Debug, Clone, PartialEq)]
enum Loose {
    Nothing,
    Text(String),
    Many(Vec<Loose>),
    Object(Vec<(String, Loose)>),
}

/// Values of a list, keys of an object, levels of both that are kept.
const MOST: usize = 100;
const LEVELS: u8 = 4;

impl Loose {
    fn get(&self, key: &str) -> &Loose {
        match self {
            Loose::Object(fields) => fields.iter().find(|(known, _)| known == key).map_or(&Loose::Nothing, |(_, v)| v),
            _ => &Loose::Nothing,
        }
    }

    fn text(&self) -> &str {
        match self {
            Loose::Text(text) => text.trim(),
            Loose::Many(many) => many.first().map(Loose::text).unwrap_or_default(),
            _ => "",
        }
    }

    /// The elements of a list; a value alone is a list of one.
    fn each(&self) -> &[Loose] {
        match self {
            Loose::Many(many) => many,
            Loose::Nothing => &[],
            one => std::slice::from_ref(one),
        }
    }
}

struct LooseSeed(u8);

impl<'de> DeserializeSeed<'de> for LooseSeed {
    type Value = Loose;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LooseSeed {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Loose, E> {
        Ok(Loose::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose, A::Error> {
        let mut kept = Vec::new();
        while self.0 > 0 && kept.len() < MOST {
            match list.next_element_seed(LooseSeed(self.0 - 1))? {
                Some(value) => kept.push(value),
                None => return Ok(Loose::Many(kept)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Many(kept))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        let mut kept = Vec::new();
        while self.0 > 0 && kept.len() < MOST {
            match map.next_key::<String>()? {
                Some(key) => kept.push((key, map.next_value_seed(LooseSeed(self.0 - 1))?)),
                None => return Ok(Loose::Object(kept)),
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Object(kept))
    }
}

/// The whole document; its items go to `into` as they come.
struct Document<'x> {
    base: Option<&'x Url>,
    into: &'x mut Assembly,
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Option<Raw<'static>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON feed")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut head = Raw::default();
        let (mut has_items, mut has_version) = (false, false);
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                has_items |= map.next_value_seed(Items { base: self.base, into: self.into })?;
                continue;
            }
            let value = map.next_value_seed(LooseSeed(LEVELS))?;
            match key.as_str() {
                "version" => has_version = true,
                "title" => head.title = prose_of(&value),
                "home_page_url" => add_link(&mut head, "alternate", &value, self.base, self.into),
                "next_url" => add_link(&mut head, "next", &value, self.base, self.into),
                "language" => {
                    head.facts.lang = value.text().to_owned();
                    self.into.language = head.facts.lang.parse().ok();
                }
                "author" | "authors" => add_authors(&mut head, &value),
                _ => {}
            }
        }
        if !has_version {
            self.into.repairs.note("json-version-missing", "");
        }
        Ok(has_items.then_some(head))
    }
}

/// The list of items; whether it is one.
struct Items<'x> {
    base: Option<&'x Url>,
    into: &'x mut Assembly,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let item = LooseSeed(LEVELS).visit_map(map)?;
        let raw = raw_of(&item, self.base, self.into);
        self.into.add(raw);
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while let Some(item) = list.next_element_seed(LooseSeed(LEVELS))? {
            let raw = raw_of(&item, self.base, self.into);
            self.into.add(raw);
            if self.into.is_full() {
                while list.next_element::<IgnoredAny>()?.is_some() {}
            }
        }
        Ok(true)
    }
}

fn raw_of(item: &Loose, base: Option<&Url>, into: &mut Assembly) -> Raw<'static> {
    let text = |key: &str| item.get(key).text().to_owned();
    let mut raw = Raw { id: text("id").into(), title: prose_of(item.get("title")), ..Raw::default() };
    add_link(&mut raw, "alternate", item.get("url"), base, into);
    for (code, key) in [("link-from-guid", "id"), ("link-external", "external_url")] {
        if raw.links.is_empty() && item.get(key).text().starts_with("http") {
            add_link(&mut raw, "alternate", item.get(key), base, into);
            into.repairs.note(code, item.get(key).text());
        }
    }
    for file in item.get("attachments").each() {
        if let Some(href) = link::noted(file.get("url").text(), base, &mut into.repairs) {
            raw.links.push(RawLink {
                href,
                rel: "enclosure",
                media_type: file.get("mime_type").text().to_owned(),
                title: file.get("title").text().to_owned(),
                length: whole(file.get("size_in_bytes").text()),
            });
        }
    }
    add_authors(&mut raw, item.get("author"));
    add_authors(&mut raw, item.get("authors"));
    raw.tags = item.get("tags").each().iter().map(|tag| tag.text().to_owned()).filter(|tag| !tag.is_empty()).collect();
    raw.summary = prose_of(item.get("summary"));
    raw.content.or_take(Prose::html(text("content_html")));
    raw.content.or_take(Prose::plain(text("content_text")));
    raw.facts = Facts {
        published: non_empty(text("date_published")),
        updated: non_empty(text("date_modified")),
        lang: text("language"),
        base: base.cloned(),
    };
    raw
}

fn non_empty(text: String) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text] }
}

/// Titles and summaries are plain by the specification, and yet often HTML.
fn prose_of(value: &Loose) -> Prose<'static> {
    let text = value.text().to_owned();
    Prose { html: looks_like_html(&text), text: text.into() }
}

fn add_link(to: &mut Raw<'_>, rel: &'static str, value: &Loose, base: Option<&Url>, into: &mut Assembly) {
    if let Some(href) = link::noted(value.text(), base, &mut into.repairs) {
        to.links.push(RawLink { href, rel, ..RawLink::default() });
    }
}

fn add_authors(to: &mut Raw<'_>, value: &Loose) {
    for author in value.each() {
        let name = [author.get("name").text(), author.text()].into_iter().find(|name| !name.is_empty());
        let name = name.unwrap_or_default();
        if !name.is_empty() && !to.authors.iter().any(|known| known == name) {
            to.authors.push(name.to_owned());
        }
    }
}

/// A size in bytes without its fraction: `1024.0` is `1024`.
fn whole(number: &str) -> String {
    number.split('.').next().unwrap_or_default().to_owned()
}
