//! The query value: parameters in, one canonical form out.

use crate::model::{Kind, Lang, MemberId, ThemeId};
use jiff::civil::Date;

/// Values of one filter: a release matches when it has one of `any` (all when empty) and none of `not`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Filter<T> {
    /// Any of these (sorted, without repeats).
    pub any: Vec<T>,
    /// None of these (sorted, without repeats).
    pub not: Vec<T>,
}

impl<T> Default for Filter<T> {
    fn default() -> Self {
        Self { any: Vec::new(), not: Vec::new() }
    }
}

/// Order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Best match first; without words the same as `Newest`.
    Relevance,
    /// `-date`: latest published first, undated last.
    Newest,
    /// `date`: earliest published first, undated last.
    Oldest,
    /// `-added`: the stored rank, the order of feeds.
    Added,
}

/// A search as page, feed, API and command line share it. Same meaning, same value, same [`Query::canonical`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// The words as typed, spaces collapsed; grammar in `search::words`.
    pub q: String,
    /// `theme=`.
    pub theme: Filter<ThemeId>,
    /// `member=`.
    pub member: Filter<MemberId>,
    /// `country=`: ISO 3166-1 alpha-2 in lower case.
    pub country: Filter<String>,
    /// `lang=`: the release has a publication in this language.
    pub lang: Filter<Lang>,
    /// `kind=`; empty means the three kinds that are items.
    pub kind: Filter<Kind>,
    /// `issuer=`: folded name.
    pub issuer: Filter<String>,
    /// `from=`: first day, inclusive.
    pub from: Option<Date>,
    /// `to=`: last day, inclusive.
    pub to: Option<Date>,
    /// `prefer=fr,en`: one language version per release, in that order.
    pub prefer: Vec<Lang>,
    /// `sort=`; `None` is relevance with words and `-date` without.
    pub sort: Option<Sort>,
    /// `limit=`, 1 to 100, default 20.
    pub limit: usize,
    /// `offset=`, up to 10 000.
    pub offset: usize,
    /// `cursor=`, opaque, from `next` of an answer.
    pub cursor: Option<String>,
    /// `facets=theme,lang` or `*`: names of facets to count.
    pub facets: Vec<&'static str>,
    /// `highlight=0` switches highlights off.
    pub highlight: bool,
}

/// A parameter that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {message}")]
pub struct BadParameter {
    /// Name of the parameter.
    pub parameter: String,
    /// What is wrong and what would have been right.
    pub message: String,
}

impl Query {
    /// Reads decoded `(name, value)` pairs in the order of the address; all mistakes at once.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<BadParameter>> {
        let mut query = Self::default();
        for (name, value) in pairs {
            if name == "q" {
                query.q = value.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        Ok(query)
    }

    /// The canonical query string: parameters in fixed order, values sorted, defaults left out, percent-encoded;
    /// empty for the query of everything.
    pub fn canonical(&self) -> String {
        String::new()
    }
}

impl Default for Query {
    fn default() -> Self {
        Self {
            q: String::new(),
            theme: Filter::default(),
            member: Filter::default(),
            country: Filter::default(),
            lang: Filter::default(),
            kind: Filter::default(),
            issuer: Filter::default(),
            from: None,
            to: None,
            prefer: Vec::new(),
            sort: None,
            limit: 20,
            offset: 0,
            cursor: None,
            facets: Vec::new(),
            highlight: true,
        }
    }
}
