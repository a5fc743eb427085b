//! # What was asked: one value, one canonical form
//!
//! Page, feed, API and command line read the same parameters ([`super::parameters`]) into this value; the same
//! meaning is the same value and the same [`Query::canonical`], so it has one address and one validator.

use super::{cursor, words};
use crate::model::{Kind, Lang, MemberId, ThemeId};
use jiff::civil::Date;
use std::fmt;
use url::form_urlencoded::Serializer;

/// Names of the facets, in the order of answers.
pub const FACETS: [&str; 8] = ["theme", "member", "country", "lang", "kind", "issuer", "year", "month"];

/// How many releases a page has when nobody says.
pub const DEFAULT_LIMIT: usize = 20;

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

impl<T> Filter<T> {
    /// Whether the filter lets everything through.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.not.is_empty()
    }
}

impl<T: Ord> Filter<T> {
    fn settle(&mut self) {
        for values in [&mut self.any, &mut self.not] {
            values.sort_unstable();
            values.dedup();
        }
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

impl Sort {
    /// Every order, in that of the form.
    pub const ALL: [Sort; 4] = [Sort::Relevance, Sort::Newest, Sort::Oldest, Sort::Added];

    /// The value of `sort=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Relevance => "relevance",
            Sort::Newest => "-date",
            Sort::Oldest => "date",
            Sort::Added => "-added",
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A search as page, feed, API and command line share it. Same meaning, same value, same [`Query::canonical`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// The words as typed, spaces collapsed; grammar in [`super::words`].
    pub q: String,
    /// `theme=`: the theme or one narrower.
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
    /// `also=0` switches off the other names of what the words name.
    pub also: bool,
    /// `prefer=fr,en`: one language version per release, in that order.
    pub prefer: Vec<Lang>,
    /// `sort=`; `None` is relevance with words and `-date` without.
    pub sort: Option<Sort>,
    /// `limit=`, 0 (totals and facets alone) to 100, default 20.
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
            also: true,
            prefer: Vec::new(),
            sort: None,
            limit: DEFAULT_LIMIT,
            offset: 0,
            cursor: None,
            facets: Vec::new(),
            highlight: true,
        }
    }
}

impl Query {
    /// The order in which the answer comes.
    pub fn order(&self) -> Sort {
        let ranked = words::parse(&self.q).ranks();
        match self.sort {
            None | Some(Sort::Relevance) if ranked => Sort::Relevance,
            None | Some(Sort::Relevance) => Sort::Newest,
            Some(other) => other,
        }
    }

    /// Whether the query names no words and no filter: the whole newsroom, in some order.
    pub fn is_everything(&self) -> bool {
        let Self { q, theme, member, country, lang, kind, issuer, from, to, .. } = self;
        words::parse(q).clauses.is_empty()
            && theme.is_empty()
            && member.is_empty()
            && country.is_empty()
            && lang.is_empty()
            && kind.is_empty()
            && issuer.is_empty()
            && from.is_none()
            && to.is_none()
    }

    /// The same meaning in its one form: values sorted and without repeats, defaults left out.
    pub fn settled(mut self) -> Self {
        self.theme.settle();
        self.member.settle();
        self.country.settle();
        self.lang.settle();
        self.kind.settle();
        self.issuer.settle();
        if self.kind.any == Kind::ITEMS {
            self.kind.any.clear();
        }
        let mut seen = Vec::new();
        self.prefer.retain(|lang| {
            !seen.contains(lang) && {
                seen.push(*lang);
                true
            }
        });
        self.facets = FACETS.into_iter().filter(|name| self.facets.contains(name)).collect();
        self.also |= words::parse(&self.q).clauses.is_empty();
        let order = self.order();
        self.sort = None;
        if self.order() != order {
            self.sort = Some(order);
        }
        self
    }

    /// The canonical query string: parameters in fixed order, values sorted, defaults left out, percent-encoded;
    /// empty for the query of everything. Read back, it means the same and has the same canonical form.
    pub fn canonical(&self) -> String {
        let settled = self.clone().settled();
        let mut out = Serializer::new(String::new());
        settled.write_meaning(&mut out);
        settled.write_page(&mut out);
        // A comma means nothing to an address, so people write it as it is.
        out.finish().replace("%2C", ",")
    }

    /// What the query asks for, whatever the page: two pages of one search have the same identity. Cursors are bound
    /// to it.
    pub fn identity(&self) -> String {
        let mut out = Serializer::new(String::new());
        self.clone().settled().write_meaning(&mut out);
        out.finish()
    }

    fn write_meaning(&self, out: &mut Serializer<'_, String>) {
        let words = words::parse(&self.q).to_string();
        if !words.is_empty() {
            out.append_pair("q", &words);
        }
        write_filter(out, "theme", &self.theme);
        write_filter(out, "member", &self.member);
        write_filter(out, "country", &self.country);
        write_filter(out, "lang", &self.lang);
        write_filter(out, "kind", &self.kind);
        write_filter(out, "issuer", &self.issuer);
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                out.append_pair(name, &day.to_string());
            }
        }
        if !self.also && !words.is_empty() {
            out.append_pair("also", "0");
        }
        if !self.prefer.is_empty() {
            out.append_pair("prefer", &joined(self.prefer.iter().map(Lang::as_str)));
        }
        if let Some(sort) = self.sort {
            out.append_pair("sort", sort.as_str());
        }
    }

    fn write_page(&self, out: &mut Serializer<'_, String>) {
        if self.limit != DEFAULT_LIMIT {
            out.append_pair("limit", &self.limit.to_string());
        }
        if self.offset != 0 {
            out.append_pair("offset", &self.offset.to_string());
        }
        if let Some(cursor) = &self.cursor {
            out.append_pair("cursor", cursor);
        }
        if self.facets.len() == FACETS.len() {
            out.append_pair("facets", "*");
        } else if !self.facets.is_empty() {
            out.append_pair("facets", &joined(self.facets.iter().copied()));
        }
        if !self.highlight {
            out.append_pair("highlight", "0");
        }
    }

    /// Where the page starts, when the cursor is one of ours and belongs to this search.
    pub(super) fn position(&self) -> Option<cursor::Position> {
        cursor::decode(self.cursor.as_deref()?, self)
    }
}

fn write_filter<T: fmt::Display>(out: &mut Serializer<'_, String>, name: &str, filter: &Filter<T>) {
    for value in &filter.any {
        out.append_pair(name, &value.to_string());
    }
    for value in &filter.not {
        out.append_pair(name, &format!("-{value}"));
    }
}

fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.collect::<Vec<_>>().join(",")
}
