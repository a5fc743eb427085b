//! What does this WordPress REST answer say? (`/wp/v2/posts`, `/pages`, `/categories`, `/tags`, `/users`, as of
//! WordPress 4.7 to 6.8; Polylang's and WPML's additions where present.)

use crate::model::{Candidate, DateValue, Lang, SourceKind};
use crate::normalise::{date, html::dom::Tree, text};
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Names of terms and authors by id, fetched once and remembered.
pub type Names = BTreeMap<u64, String>;

/// Why bytes are not an answer of this API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRest {
    /// Something else, for example the home page.
    #[error("not a list of the WordPress API: {0}")]
    Shape(String),
    /// The API's own error.
    #[error("the WordPress API refuses: {0}")]
    Refused(String),
}

#[derive(Deserialize)]
struct Rendered {
    #[serde(default)]
    rendered: String,
    #[serde(default)]
    protected: bool,
}

#[derive(Deserialize)]
struct Post {
    id: u64,
    link: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    date_gmt: Option<String>,
    #[serde(default)]
    modified_gmt: Option<String>,
    #[serde(default)]
    guid: Option<Rendered>,
    #[serde(default)]
    title: Option<Rendered>,
    #[serde(default)]
    content: Option<Rendered>,
    #[serde(default)]
    excerpt: Option<Rendered>,
    #[serde(default, rename = "type")]
    post_type: String,
    #[serde(default)]
    author: u64,
    #[serde(default)]
    categories: Vec<u64>,
    #[serde(default)]
    tags: Vec<u64>,
    #[serde(default)]
    lang: Value,
}

/// Names that the posts refer to.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Categories and tags, one number space.
    pub terms: &'a Names,
    /// Authors.
    pub authors: &'a Names,
}

/// Posts or pages as candidates, in the order of the answer. One broken item is skipped, not the list.
pub fn posts(bytes: &[u8], found_on: &str, names: Terms<'_>) -> Result<Vec<Candidate>, NotRest> {
    let read = |value: &Value| Post::deserialize(value).ok().map(|post| candidate(post, found_on, names));
    Ok(items(bytes)?.iter().filter_map(read).collect())
}

/// Id and name of each term or author.
pub fn names(bytes: &[u8]) -> Result<Names, NotRest> {
    let read = |value: &Value| Some((value.get("id")?.as_u64()?, plain(value.get("name")?.as_str()?)));
    Ok(items(bytes)?.iter().filter_map(read).collect())
}

fn items(bytes: &[u8]) -> Result<Vec<Value>, NotRest> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Array(items)) => Ok(items),
        Ok(Value::Object(error)) => {
            let said = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Err(NotRest::Refused(format!("{} {}", said("code"), said("message")).trim().to_owned()))
        }
        Ok(_) => Err(NotRest::Shape("neither list nor error".to_owned())),
        Err(error) => Err(NotRest::Shape(error.to_string())),
    }
}

fn candidate(post: Post, found_on: &str, names: Terms<'_>) -> Candidate {
    let named = |ids: &[u64], of: &Names| ids.iter().filter_map(|id| of.get(id).cloned()).collect::<Vec<_>>();
    let rendered = |field: &Option<Rendered>| field.as_ref().map(|f| f.rendered.clone()).unwrap_or_default();
    let modified = post.modified_gmt.as_deref().and_then(|gmt| date::parse(&format!("{gmt}Z"), None));
    let mut terms = named(&post.categories, names.terms);
    terms.extend(named(&post.tags, names.terms));
    Candidate {
        aliases: aliases(&post),
        title: plain(&rendered(&post.title)),
        published: published(&post),
        modified,
        lang: post.lang.as_str().and_then(|lang| lang.parse::<Lang>().ok()),
        categories: terms,
        authors: named(&[post.author], names.authors),
        summary: plain(&rendered(&post.excerpt)),
        html: rendered(&post.content),
        protected: post.content.as_ref().is_some_and(|content| content.protected),
        standing: post.post_type == "page",
        token: post.modified_gmt.unwrap_or_default(),
        ..Candidate::new(post.link, SourceKind::Rest, found_on)
    }
}

/// `date` is the site's local day, `date_gmt` the instant: together they give the offset, so that a post of half past
/// midnight keeps the day that its readers saw.
fn published(post: &Post) -> Option<DateValue> {
    let local = date::parse(&post.date, None);
    let gmt = post.date_gmt.as_deref().and_then(|gmt| date::parse(&format!("{gmt}Z"), None));
    let (Some(local), Some(gmt)) = (local, gmt) else { return local.or(gmt) };
    let apart = local.civil().duration_since(gmt.civil()).as_secs();
    match i32::try_from(apart).ok().and_then(|seconds| Offset::from_seconds(seconds).ok()) {
        Some(offset) if apart.abs() <= 14 * 3600 => DateValue::minute(local.civil(), Some(offset)),
        _ => Some(gmt),
    }
}

/// The `guid` of a post is usually its `?p=N` address; so is the short link that WordPress answers.
fn aliases(post: &Post) -> Vec<String> {
    let mut aliases = Vec::new();
    if let Some(guid) = post.guid.as_ref().map(|guid| plain(&guid.rendered)).filter(|guid| guid.starts_with("http")) {
        aliases.push(guid);
    }
    if let Ok(mut short) = url::Url::parse(&post.link)
        && post.post_type != "page"
    {
        short.set_path("/");
        short.set_fragment(None);
        short.set_query(Some(&format!("p={}", post.id)));
        aliases.push(short.into());
    }
    aliases.retain(|alias| *alias != post.link);
    aliases.dedup();
    aliases
}

/// Text of a rendered field: tags dropped, references resolved, spaces collapsed.
fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return text::line(html);
    }
    text::line(&Tree::parse(html, &mut Vec::new()).raw_text(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS: &str = r#"[{"id": 7, "date": "2024-03-01T00:30:00", "date_gmt": "2024-02-29T23:30:00",
        "modified_gmt": "2024-03-02T08:00:00", "link": "https://h.example/a/", "type": "post",
        "guid": {"rendered": "https://h.example/?p=7"}, "title": {"rendered": "L&#8217;\u00e9cole <em>pour</em> tous"},
        "content": {"rendered": "<p>x</p>", "protected": false}, "author": 2, "categories": [3], "tags": [9]},
        {"id": "broken"},
        {"id": 8, "link": "https://h.example/b/", "content": {"rendered": "", "protected": true}}]"#;

    #[test]
    fn posts_become_candidates_and_a_broken_one_is_skipped() {
        let terms = Names::from([(3, "Communiqués".to_owned())]);
        let authors = Names::from([(2, "Équipe".to_owned())]);
        let found = posts(POSTS.as_bytes(), "https://h.example/wp-json", Terms { terms: &terms, authors: &authors });
        let found = found.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].title, "L’école pour tous");
        assert_eq!(found[0].published.unwrap().to_string(), "2024-03-01T00:30:00+01:00");
        assert_eq!(found[0].aliases, ["https://h.example/?p=7"]);
        assert_eq!(
            (found[0].categories.as_slice(), found[0].authors.as_slice()),
            (&["Communiqués".to_owned()][..], &["Équipe".to_owned()][..])
        );
        assert!(found[1].protected);
    }

    #[test]
    fn errors_and_home_pages_are_not_lists() {
        let none = Names::new();
        let terms = Terms { terms: &none, authors: &none };
        let refused = posts(br#"{"code":"rest_forbidden","message":"Non"}"#, "", terms).unwrap_err();
        assert_eq!(refused.to_string(), "the WordPress API refuses: rest_forbidden Non");
        assert!(matches!(posts(b"<!doctype html>", "", terms), Err(NotRest::Shape(_))));
    }
}
