//! # What does the head of the page say?
//!
//! One pass over the tree: `html lang`, `title`, `meta`, `link`, JSON-LD, body classes. Values stay as written; who
//! needs one asks by name.

use super::{
    dom::{Tree, What},
    structured::{self, Thing},
    tag::Tag,
    text::cut,
};
use crate::{
    model::{Lang, Warning},
    normalise::{text, url::canonical},
};
use std::borrow::Cow;
use url::Url;

/// A `link` element of the page.
pub struct Link {
    /// `rel` in lower case.
    pub rel: String,
    /// `href` as written.
    pub href: String,
    /// `hreflang` as written.
    pub hreflang: String,
}

/// What the page says about itself outside its text.
pub struct Meta {
    /// Base of relative addresses.
    pub base: Option<Url>,
    /// `lang` of the `html` element.
    pub lang: String,
    /// `title` element as one line.
    pub title: String,
    /// `meta` elements: name, property, itemprop or http-equiv in lower case, and content.
    named: Vec<(String, String)>,
    /// `link` elements.
    pub links: Vec<Link>,
    /// `class` of `body` and `html`, lower case, blanks around each.
    pub body_class: String,
    /// Objects of JSON-LD.
    pub things: Vec<Thing>,
}

impl Meta {
    /// Reads the page at `url`.
    pub fn read(tree: &Tree<'_>, url: &str, warnings: &mut Vec<Warning>) -> Self {
        let lang = tree.attr(0, "lang").or_else(|| tree.attr(0, "xml:lang")).unwrap_or_default();
        let mut meta = Meta {
            base: Url::parse(url).ok(),
            lang: lang.trim().to_owned(),
            title: String::new(),
            named: Vec::new(),
            links: Vec::new(),
            body_class: String::new(),
            things: Vec::new(),
        };
        let mut scripts = Vec::new();
        for (at, node) in tree.nodes().iter().enumerate() {
            let What::Element(element) = &node.what else { continue };
            match element.tag {
                Tag::Title if meta.title.is_empty() && tree.tag(tree.parent(at)) != Tag::Svg => {
                    meta.title = text::line(cut(&tree.raw_text(at), 1_000));
                }
                Tag::Meta => meta.add_meta(tree, at),
                Tag::Link => meta.add_link(tree, at),
                Tag::Base => meta.set_base(tree.attr(at, "href")),
                Tag::Html | Tag::Body => {
                    let class = tree.attr(at, "class").unwrap_or_default().to_lowercase();
                    let words: Vec<&str> = class.split_whitespace().collect();
                    meta.body_class.push_str(&format!(" {} ", words.join(" ")));
                }
                Tag::Script if is_json_ld(tree, at) => scripts.push(tree.raw_text(at)),
                _ => {}
            }
        }
        meta.things = structured::read(scripts.iter().map(String::as_str), warnings);
        meta
    }

    fn add_meta(&mut self, tree: &Tree<'_>, at: usize) {
        let Some(content) = tree.attr(at, "content") else { return };
        for key in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = tree.attr(at, key) {
                self.named.push((name.trim().to_lowercase(), content.trim().to_owned()));
            }
        }
    }

    fn add_link(&mut self, tree: &Tree<'_>, at: usize) {
        let (Some(rel), Some(href)) = (tree.attr(at, "rel"), tree.attr(at, "href")) else { return };
        let hreflang = tree.attr(at, "hreflang").unwrap_or_default().into_owned();
        self.links.push(Link { rel: rel.trim().to_lowercase(), href: href.trim().to_owned(), hreflang });
    }

    fn set_base(&mut self, href: Option<Cow<'_, str>>) {
        if let (Some(base), Some(href)) = (&self.base, href)
            && let Ok(joined) = base.join(href.trim())
            && matches!(joined.scheme(), "http" | "https")
        {
            self.base = Some(joined);
        }
    }

    /// Host of the page in lower case, without `www.`; empty when it has none.
    pub fn host(&self) -> &str {
        let host = self.base.as_ref().and_then(Url::host_str).unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host)
    }

    /// First non-empty content of the `meta` called `name` (lower case); empty when there is none.
    pub fn first(&self, name: &str) -> &str {
        let found = self.named.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map_or("", |(_, value)| value)
    }

    /// Every non-empty content of the `meta` elements called `name`.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n str> {
        self.named
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Whether `body` or `html` has the class `name`.
    pub fn has_class(&self, name: &str) -> bool {
        self.body_class.contains(&format!(" {name} "))
    }

    /// An absolute http(s) address; `None` for every other scheme.
    pub fn absolute(&self, href: &str) -> Option<String> {
        let href: String = href.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let joined = match &self.base {
            Some(base) => base.join(&href).ok()?,
            None => Url::parse(&href).ok()?,
        };
        matches!(joined.scheme(), "http" | "https").then(|| joined.to_string())
    }

    /// The canonical address that the page declares; empty when it declares none or one that is no address.
    pub fn canonical(&self) -> String {
        let declared = self.links.iter().find(|link| link.rel.split_whitespace().any(|rel| rel == "canonical"));
        let raw = declared.map_or_else(|| self.first("og:url"), |link| link.href.as_str());
        if raw.is_empty() {
            return String::new();
        }
        canonical(raw, self.base.as_ref(), &[]).unwrap_or_default()
    }

    /// `hreflang` alternatives, `x-default` left out.
    pub fn translations(&self) -> Vec<(Lang, String)> {
        let mut found = Vec::new();
        for link in self.links.iter().filter(|link| link.rel.split_whitespace().any(|rel| rel == "alternate")) {
            if let (Ok(lang), Some(url)) = (link.hreflang.parse::<Lang>(), self.absolute(&link.href))
                && !found.iter().any(|(known, _)| *known == lang)
            {
                found.push((lang, url));
            }
        }
        found
    }
}

fn is_json_ld(tree: &Tree<'_>, at: usize) -> bool {
    tree.attr(at, "type").is_some_and(|of| of.trim().to_ascii_lowercase().starts_with("application/ld+json"))
}
