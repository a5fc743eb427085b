//! The answer to a query.

use super::{Also, Query, Remark};
use crate::model::Release;
use std::sync::Arc;

/// One release of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The release; with `prefer`, title, url and lang are those of the preferred publication.
    pub release: Arc<Release>,
    /// Matches most words, not all.
    pub partial: bool,
    /// Title with `<mark>`, escaped; `None` when nothing is marked.
    pub title_mark: Option<String>,
    /// Up to three passages of the text with `<mark>`, escaped.
    pub text_marks: Vec<String>,
    /// Score and its terms, for `--explain`; 0 and empty in date order.
    pub score: f32,
    /// One line a term, only when asked for.
    pub explain: Vec<String>,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// Value as it stands in the parameter.
    pub value: String,
    /// The name as written in the releases, where the value is a folded one (`issuer`).
    pub label: Option<String>,
    /// Full matches with this value, the facet's own filter left out.
    pub count: u64,
    /// Whether the query filters by it.
    pub selected: bool,
}

/// Counts of one filter (`theme`, `member`, `country`, `lang`, `kind`, `issuer`, `year`, `month`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Name of the facet.
    pub name: &'static str,
    /// Values, most frequent first (months and years in order of time).
    pub values: Vec<FacetValue>,
}

/// The answer to a [`Query`].
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// The query that was answered.
    pub query: Query,
    /// Full matches.
    pub total: u64,
    /// Partial matches that follow; counted only when there are fewer than ten full ones.
    pub partial_total: u64,
    /// This page of the answer.
    pub hits: Vec<Hit>,
    /// Facets that were asked for.
    pub facets: Vec<Facet>,
    /// Cursor of the next page, `None` at the end.
    pub next: Option<String>,
    /// A likelier spelling of the words, offered when few releases match.
    pub did_you_mean: Option<String>,
    /// Words that were looked up by other names too.
    pub also: Vec<Also>,
    /// What of the words was not understood, for people.
    pub remarks: Vec<Remark>,
    /// Generation of the index that answered.
    pub generation: u64,
}

/// One completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// `title`, `theme`, `member` or `country`.
    pub kind: &'static str,
    /// What to show.
    pub label: String,
    /// Release, theme, member or country id.
    pub id: String,
}
