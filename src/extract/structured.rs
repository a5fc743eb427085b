//! # What does the page say about itself in JSON-LD?
//!
//! Every object of every script becomes a flat [`Thing`]; which of them is *this* page is decided by type and address.
//! Broken scripts are mended where the damage is known (raw control characters, comment marks), else left out.

use super::dom::Tree;
use crate::{model::Warning, normalise::text};
use serde_json::{Map, Value};
use url::Url;

/// Objects nested deeper are not looked at; serde_json itself refuses 128 levels.
const MAX_DEPTH: usize = 64;
/// Objects read from one page.
const MAX_THINGS: usize = 2_000;

/// An object of structured data, only the fields that reading needs.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Thing {
    /// `@type` values without their namespace.
    pub types: Vec<String>,
    /// `@id`, for references.
    pub id: String,
    /// `url` or `mainEntityOfPage`.
    pub url: String,
    /// `headline`.
    pub headline: String,
    /// `name`.
    pub name: String,
    /// `datePublished`, or `dateCreated` / `uploadDate` where only these are given.
    pub published: String,
    /// `dateModified`.
    pub modified: String,
    /// Names of authors.
    pub authors: Vec<String>,
    /// Ids of authors that are described elsewhere.
    pub author_ids: Vec<String>,
    /// Address of the image.
    pub image: String,
    /// `inLanguage`.
    pub lang: String,
    /// `description`.
    pub description: String,
    /// `articleSection` and `keywords`.
    pub sections: Vec<String>,
    /// Name of the publisher.
    pub publisher: String,
}

impl Thing {
    /// Whether one of its types is in `names`.
    pub fn is(&self, names: &[&str]) -> bool {
        self.types.iter().any(|of| names.contains(&of.as_str()))
    }

    /// Whether it describes a text with a date of its own.
    pub fn is_article(&self) -> bool {
        self.types.iter().any(|of| of.ends_with("Article") || of.ends_with("Posting"))
            || self.is(&["Report", "Review", "Recipe", "PressRelease", "OpinionNewsArticle"])
    }

    /// Whether it describes the page as a page.
    pub fn is_page(&self) -> bool {
        self.types.iter().any(|of| of.ends_with("Page"))
    }
}

/// Reads scripts of type `application/ld+json`.
pub fn read<'a>(scripts: impl Iterator<Item = &'a str>, warnings: &mut Vec<Warning>) -> Vec<Thing> {
    let mut things = Vec::new();
    for script in scripts {
        match parse(script) {
            Ok(value) => collect(value, &mut things),
            Err(problem) => warnings.push(Warning::new("json-ld-unreadable", problem)),
        }
    }
    name_authors(&mut things);
    things
}

fn parse(script: &str) -> Result<Value, String> {
    let mut script = script.trim();
    for mark in ["<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"] {
        script = script.strip_prefix(mark).unwrap_or(script).trim_start();
    }
    for mark in ["-->", "//]]>", "]]>", "/*]]>*/", ";"] {
        script = script.strip_suffix(mark).unwrap_or(script).trim_end();
    }
    if script.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(script).or_else(|first| {
        let mended: String = script.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        // A brace too many ends the first object early: what it says until there still stands.
        let start = serde_json::Deserializer::from_str(&mended).into_iter::<Value>().next();
        start.and_then(Result::ok).ok_or_else(|| first.to_string())
    })
}

/// Every object below `value`, in document order.
fn collect(value: Value, things: &mut Vec<Thing>) {
    let mut waiting = vec![(value, 0)];
    while let Some((value, depth)) = waiting.pop() {
        if depth > MAX_DEPTH || things.len() >= MAX_THINGS {
            continue;
        }
        match value {
            Value::Array(values) => waiting.extend(values.into_iter().rev().map(|value| (value, depth + 1))),
            Value::Object(object) => {
                if object.contains_key("@type") {
                    things.push(thing(&object));
                }
                let inner =
                    object.into_iter().map(|(_, value)| value).filter(|value| value.is_object() || value.is_array());
                waiting.extend(inner.collect::<Vec<_>>().into_iter().rev().map(|value| (value, depth + 1)));
            }
            _ => {}
        }
    }
}

fn thing(object: &Map<String, Value>) -> Thing {
    let first = |key: &str| {
        object.get(key).map(|value| strings(value, "name")).and_then(|all| all.into_iter().next()).unwrap_or_default()
    };
    let address = |key: &str| {
        let value = object.get(key);
        ["@id", "url", "contentUrl"]
            .iter()
            .find_map(|field| value.map(|v| strings(v, field)).and_then(|all| all.into_iter().next()))
            .unwrap_or_default()
    };
    let own = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let types = object.get("@type").map(|value| strings(value, "@type")).unwrap_or_default();
    let author = object.get("author").or_else(|| object.get("creator"));
    let or = |a: String, b: String| if a.is_empty() { b } else { a };
    Thing {
        types: types.iter().map(|of| of.rsplit(['/', ':', '#']).next().unwrap_or_default().to_owned()).collect(),
        id: own("@id"),
        url: or(address("mainEntityOfPage"), own("url")),
        headline: decoded(&own("headline")),
        name: decoded(&own("name")),
        published: [first("datePublished"), first("dateCreated"), first("uploadDate")]
            .into_iter()
            .find(|date| !date.is_empty())
            .unwrap_or_default(),
        modified: first("dateModified"),
        authors: author
            .map(|value| strings(value, "name"))
            .unwrap_or_default()
            .iter()
            .map(|name| decoded(name))
            .collect(),
        author_ids: author.map(|value| strings(value, "@id")).unwrap_or_default(),
        image: or(address("image"), own("thumbnailUrl")),
        lang: first("inLanguage"),
        description: decoded(&own("description")),
        sections: object.get("articleSection").map(|value| strings(value, "name")).unwrap_or_default(),
        publisher: decoded(&first("publisher")),
    }
}

/// The texts of a value that is a string, an object with `field`, or a list of them.
fn strings(value: &Value, field: &str) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) if field != "@id" || text.starts_with("http") || text.starts_with('#') => {
            Some(text.trim().to_owned())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => match object.get(field).or_else(|| object.get("@value")) {
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            Some(Value::Array(all)) => all.iter().find_map(Value::as_str).map(str::to_owned),
            _ => None,
        },
        _ => None,
    };
    let found: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    };
    found.into_iter().filter(|text| !text.is_empty()).collect()
}

/// Texts inside JSON-LD often carry HTML entities.
fn decoded(raw: &str) -> String {
    if !raw.contains('&') {
        return text::line(raw);
    }
    text::line(&Tree::parse(raw, &mut Vec::new()).raw_text(0))
}

fn name_authors(things: &mut [Thing]) {
    let names: std::collections::HashMap<String, String> = things
        .iter()
        .filter(|thing| !thing.id.is_empty() && !thing.name.is_empty())
        .map(|thing| (thing.id.clone(), thing.name.clone()))
        .collect();
    for thing in things {
        let found: Vec<String> = thing.author_ids.iter().filter_map(|id| names.get(id).cloned()).collect();
        if thing.authors.is_empty() {
            thing.authors = found;
        }
    }
}

/// The object that describes the page at `addresses` as an article, else as a page. Articles of other addresses
/// (cards) are never taken; among several that give no address, none is.
pub fn main_thing<'t>(things: &'t [Thing], addresses: &[&str]) -> Option<&'t Thing> {
    let key = |address: &str| {
        Url::parse(address).map_or_else(|_| address.to_owned(), |url| url.path().trim_end_matches('/').to_owned())
    };
    let own: Vec<String> = addresses.iter().filter(|address| !address.is_empty()).map(|address| key(address)).collect();
    let is_own =
        |thing: &Thing| !thing.url.is_empty() && own.contains(&key(thing.url.split('#').next().unwrap_or_default()));
    let dated = |thing: &&Thing| !thing.published.is_empty() || !thing.headline.is_empty();
    let articles: Vec<&Thing> = things.iter().filter(|thing| thing.is_article()).collect();
    if let Some(article) = articles.iter().find(|thing| is_own(thing)) {
        return Some(article);
    }
    let nameless: Vec<&&Thing> = articles.iter().filter(|thing| dated(thing)).collect();
    if let [only] = nameless.as_slice() {
        return Some(only);
    }
    things
        .iter()
        .find(|thing| thing.is_page() && (is_own(thing) || thing.url.is_empty()))
        .filter(dated)
        .or_else(|| things.iter().find(|thing| thing.is_page() && !thing.published.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(json: &str) -> Vec<Thing> {
        read([json].into_iter(), &mut Vec::new())
    }

    #[test]
    fn a_graph_is_opened_and_authors_are_found_by_id() {
        let all = things(
            r##"{"@graph":[{"@type":"Article","headline":"A &amp; B","datePublished":"2021-12-01","author":{"@id":"#/p/1"}},
            {"@type":["Person","Organization"],"@id":"#/p/1","name":"Amina"}]}"##,
        );
        assert_eq!(all[0].headline, "A & B");
        assert_eq!(all[0].authors, ["Amina"]);
        assert_eq!(main_thing(&all, &[]).map(|thing| thing.published.as_str()), Some("2021-12-01"));
    }

    #[test]
    fn cards_of_other_pages_are_not_this_page() {
        let all = things(
            r#"[{"@type":"NewsArticle","url":"https://a.example/x","datePublished":"2020-01-01"},
               {"@type":"NewsArticle","url":"https://a.example/y/","datePublished":"2021-01-01"}]"#,
        );
        assert_eq!(main_thing(&all, &["https://a.example/y"]).map(|t| t.published.as_str()), Some("2021-01-01"));
        assert_eq!(main_thing(&all, &["https://a.example/z"]), None);
    }

    #[test]
    fn deep_and_broken_scripts_are_remarks() {
        let mut warnings = Vec::new();
        let deep = "[".repeat(100_000);
        assert!(read([deep.as_str(), "{broken"].into_iter(), &mut warnings).is_empty());
        assert_eq!(warnings.len(), 2);
        assert_eq!(things("<!-- {\"@type\":\"Article\",\"headline\":\"two\nlines\"} -->")[0].headline, "two lines");
    }
}
