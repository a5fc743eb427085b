//! What every page has around its own part: title, language twins, feeds, navigation, machine-readable head.

use super::{Door, answer::Visit, assets, facets::legend};
use crate::{
    labels::{LANGS, Labels},
    model::Lang,
    search::Query,
};
use std::collections::BTreeMap;

/// The entry of the navigation that the page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The home page, error pages.
    Home,
    /// Search and single releases.
    Search,
    /// Themes.
    Themes,
    /// Members.
    Members,
    /// Feeds.
    Feeds,
}

/// A feed that the page announces, with its address as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FeedLink {
    /// Media type.
    pub media_type: &'static str,
    /// Title for the reader.
    pub title: String,
    /// Absolute address.
    pub url: String,
}

/// Everything around the page's own part.
#[derive(Debug)]
pub(super) struct Frame {
    /// Words in the page's language.
    pub l: &'static Labels,
    /// Name of the newsroom.
    pub site: String,
    /// Title of the page without the newsroom's name; empty on the home page.
    pub title: String,
    /// Description for machines, one sentence or two.
    pub description: String,
    /// Path below the language with its query, for example `/search?q=école`, encoded.
    pub here: String,
    /// Entry of the navigation.
    pub section: Section,
    /// Whether engines may index the page.
    pub indexed: bool,
    /// Whether the page exists in the other languages under the same path.
    pub twins: bool,
    /// Whether the header has the search box (pages that have one of their own do without).
    pub search_box: bool,
    /// Feeds of this page; the combined ones are announced besides.
    pub feeds: Vec<FeedLink>,
    /// JSON-LD blocks, safe to stand in a script element.
    pub data: Vec<String>,
    base_url: String,
    base_path: String,
}

impl Door {
    /// The published address of `path`, which has no leading slash.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// The address of `path` (without leading slash) for links of ours: host left out, so that a page works under
    /// every name that leads to it.
    pub(super) fn root(&self, path: &str) -> String {
        format!("{}{path}", base_path(&self.base_url))
    }
}

/// The path of the published address, with both slashes.
fn base_path(base_url: &str) -> String {
    let after_scheme = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    after_scheme.find('/').map_or_else(|| "/".to_owned(), |at| after_scheme[at..].to_owned())
}

impl Frame {
    /// The frame of a page at `here` (path below the language with its query).
    pub fn new(door: &Door, lang: Lang, section: Section, here: impl Into<String>) -> Self {
        Frame {
            l: Labels::get(lang),
            site: door.config.settings.server.title.clone(),
            title: String::new(),
            description: String::new(),
            here: here.into(),
            section,
            indexed: true,
            twins: true,
            search_box: true,
            feeds: Vec::new(),
            data: Vec::new(),
            base_url: door.base_url.to_string(),
            base_path: base_path(&door.base_url),
        }
    }

    /// The frame of the page that a visit asked for, without its query.
    pub fn of(door: &Door, visit: &Visit, section: Section) -> Self {
        Self::new(door, visit.lang, section, visit.path.clone())
    }

    /// The frame of an error page, which has no address of its own.
    pub fn of_error(door: &Door, lang: Lang, title: &str, description: &str) -> Self {
        let mut frame = Self::new(door, lang, Section::Home, "/");
        frame.title = title.to_owned();
        frame.description = description.to_owned();
        frame.indexed = false;
        frame.twins = false;
        frame
    }

    /// The page's language.
    pub fn lang(&self) -> Lang {
        self.l.lang()
    }

    /// Title as it stands in the window.
    pub fn full_title(&self) -> String {
        match self.title.is_empty() {
            true => self.site.clone(),
            false => format!("{} – {}", self.title, self.site),
        }
    }

    /// Link to a page of the same language; `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{}{path}", self.base_path, self.lang())
    }

    /// Link to the search page that answers `query`.
    pub fn search(&self, query: &Query) -> String {
        self.link(&with_query("/search", query))
    }

    /// Link outside the languages; `path` begins without a slash.
    pub fn root(&self, path: &str) -> String {
        format!("{}{path}", self.base_path)
    }

    /// Link to the OpenSearch description in this language.
    pub fn opensearch(&self) -> String {
        self.root(&format!("opensearch.{}.xml", self.lang()))
    }

    /// Link to the style sheet of this build.
    pub fn style(&self) -> String {
        self.root(&assets::STYLE.path())
    }

    /// Link to the icon of this build.
    pub fn icon(&self) -> String {
        self.root(&assets::ICON.path())
    }

    /// Link to the script of this build.
    pub fn script(&self) -> String {
        self.root(&assets::SUGGEST.path())
    }

    /// Names of the kinds of completions, as JSON.
    pub fn completion_names(&self) -> String {
        let names = ["theme", "member", "country"].map(|kind| (kind, legend(self.l, kind)));
        serde_json::json!(BTreeMap::from(names)).to_string()
    }

    /// Published address of this page.
    pub fn canonical(&self) -> String {
        self.twin(&self.lang())
    }

    /// Published address of this page in `lang`.
    pub fn twin(&self, lang: &Lang) -> String {
        format!("{}{lang}{}", self.base_url, self.here)
    }

    /// Published address of the page at `path` (with leading slash) in the same language.
    pub fn published(&self, path: &str) -> String {
        format!("{}{}{path}", self.base_url, self.lang())
    }

    /// The languages of the newsroom.
    pub fn langs(&self) -> [Lang; 2] {
        LANGS
    }

    /// For the language switch: code, name in that language, link to the same page.
    pub fn other_languages(&self) -> Vec<(Lang, String, String)> {
        LANGS
            .into_iter()
            .filter(|lang| *lang != self.lang())
            .map(|lang| {
                let to = if self.twins { &self.here } else { "/" };
                (lang, Labels::get(lang).text("language-name").into_owned(), format!("{}{lang}{to}", self.base_path))
            })
            .collect()
    }

    /// Navigation: section, label, link.
    pub fn navigation(&self) -> Vec<(Section, String, String)> {
        vec![
            (Section::Search, self.l.text("nav-search").into_owned(), self.link("/search")),
            (Section::Themes, self.l.text("nav-themes").into_owned(), self.link("/themes")),
            (Section::Members, self.l.text("nav-members").into_owned(), self.link("/members")),
            (Section::Feeds, self.l.text("nav-feeds").into_owned(), self.link("/feeds")),
        ]
    }

    /// Every feed to announce: the page's own, then the combined ones.
    pub fn announced_feeds(&self) -> Vec<FeedLink> {
        let title = self.l.with("feed-of-all", &[("site", self.site.as_str().into())]);
        let combined = FEED_TYPES[..3].iter().map(|(suffix, media_type, name)| FeedLink {
            media_type,
            title: format!("{title} ({name})"),
            url: format!("{}feed.{suffix}", self.base_url),
        });
        self.feeds.iter().cloned().chain(combined).collect()
    }

    /// Announces the feeds of `query` under `title`.
    pub fn announce(&mut self, query: &Query, title: &str) {
        for (suffix, media_type, name) in &FEED_TYPES[..3] {
            self.feeds.push(FeedLink {
                media_type,
                title: format!("{title} ({name})"),
                url: format!("{}{}", self.base_url, feed_path(self.lang(), suffix, query)),
            });
        }
    }

    /// Links to the feeds and the table of `query`: name, link.
    pub fn feed_links(&self, query: &Query) -> Vec<(&'static str, String)> {
        let link =
            |(suffix, _, name): &(&str, _, &'static str)| (*name, self.root(&feed_path(self.lang(), suffix, query)));
        FEED_TYPES.iter().map(link).collect()
    }
}

/// Suffix, media type and name of the forms in which a search can be taken away.
const FEED_TYPES: [(&str, &str, &str); 4] = [
    ("atom", "application/atom+xml", "Atom"),
    ("rss", "application/rss+xml", "RSS"),
    ("json", "application/feed+json", "JSON Feed"),
    ("csv", "text/csv", "CSV"),
];

/// Path (without leading slash) of the feed of `query`. Paging is none of a feed's business, and its order is its own;
/// a table keeps the order that was asked for.
fn feed_path(lang: Lang, suffix: &str, query: &Query) -> String {
    let sort = if suffix == "csv" { query.sort } else { None };
    let whole = Query { offset: 0, cursor: None, limit: Query::default().limit, sort, ..query.clone() };
    with_query(&format!("{lang}/search.{suffix}"), &whole)
}

/// `path` with the canonical query string, if there is one.
pub(super) fn with_query(path: &str, query: &Query) -> String {
    match query.canonical() {
        canonical if canonical.is_empty() => path.to_owned(),
        canonical => format!("{path}?{canonical}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_path_of_the_published_address() {
        assert_eq!(base_path("http://127.0.0.1:8080/"), "/");
        assert_eq!(base_path("https://example.org/news/"), "/news/");
        assert_eq!(base_path("https://example.org"), "/");
    }
}
