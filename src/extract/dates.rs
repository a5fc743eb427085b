//! # When did it go out?
//!
//! Every date the page gives is collected with role and source; [`leading`] then says which one leads, and why.

use super::{dom::Tree, meta::Meta, structured::Thing, tag::Tag, text};
use crate::{
    model::{Candidate, DateEvidence, DateRole, DateSource, Lang, SourceKind},
    normalise::date,
};

/// What is looked at.
pub struct Places<'p, 'a> {
    /// The page.
    pub tree: &'p Tree<'a>,
    /// Its head.
    pub meta: &'p Meta,
    /// What JSON-LD says of this page.
    pub thing: Option<&'p Thing>,
    /// What the sources say of this page.
    pub candidates: &'p [Candidate],
    /// Its language.
    pub lang: Option<Lang>,
}

const PUBLISHED_META: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "date",
    "pubdate",
    "publishdate",
    "article.published",
    "citation_publication_date",
];
const MODIFIED_META: &[&str] =
    &["article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"];

/// Every date with its evidence.
pub fn collect(places: &Places<'_, '_>) -> Vec<DateEvidence> {
    let mut found = Vec::new();
    let mut add = |raw: &str, role, source| {
        if let Some(value) = date::parse(raw, places.lang) {
            found.push(DateEvidence { value, role, source, raw: raw.chars().take(120).collect() });
        }
    };
    if let Some(thing) = places.thing {
        add(&thing.published, DateRole::Published, DateSource::StructuredData);
        add(&thing.modified, DateRole::Modified, DateSource::StructuredData);
    }
    for (names, role) in [(PUBLISHED_META, DateRole::Published), (MODIFIED_META, DateRole::Modified)] {
        for name in names {
            for content in places.meta.all(name) {
                add(content, role, DateSource::Meta);
            }
        }
    }
    let tree = places.tree;
    for at in (0..tree.len()).filter(|&at| tree.tag(at) == Tag::Time) {
        let inside = text::of(tree, at, &[]);
        let raw = tree.attr(at, "datetime").filter(|raw| !raw.is_empty()).unwrap_or(inside.into());
        let class = tree.attr(at, "class").unwrap_or_default();
        let role = if class.contains("updated") && !class.contains("published") {
            DateRole::Modified
        } else {
            DateRole::Published
        };
        add(&raw, role, DateSource::TimeElement);
    }
    for candidate in places.candidates {
        let source = match candidate.source {
            SourceKind::Rest => DateSource::Rest,
            SourceKind::Feed => DateSource::Feed,
            SourceKind::Listing | SourceKind::Link | SourceKind::Given => DateSource::Listing,
            SourceKind::Sitemap => DateSource::Sitemap,
        };
        for (value, role) in [(candidate.published, DateRole::Published), (candidate.modified, DateRole::Modified)] {
            if let Some(value) = value {
                found.push(DateEvidence { value, role, source, raw: value.to_string() });
            }
        }
    }
    found
}

/// The date that leads: the site's own record before what a page shows, a page's own data before its layout.
pub fn leading(found: &[DateEvidence], role: DateRole) -> Option<&DateEvidence> {
    const ORDER: [DateSource; 9] = [
        DateSource::Rest,
        DateSource::StructuredData,
        DateSource::Meta,
        DateSource::Feed,
        DateSource::TimeElement,
        DateSource::Visible,
        DateSource::Dateline,
        DateSource::Listing,
        DateSource::Sitemap,
    ];
    ORDER.iter().find_map(|source| found.iter().find(|date| date.source == *source && date.role == role))
}
