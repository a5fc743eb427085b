//! The answer to a search.

use super::{Door, Item};
use crate::labels::Labels;
use crate::model::ThemeId;
use crate::search::{Also, Facet, Filter, Query, Results, WayOut};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Display;
use utoipa::ToSchema;

/// A page of search results.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Answer {
    /// The query as understood: only what differs from the default, and order and size of the page.
    #[schema(value_type = Object)]
    pub query: Map<String, Value>,
    /// Releases that match.
    pub total: u64,
    /// Always true: totals are counted, never estimated.
    pub total_exact: bool,
    /// Releases that match most of the words and follow the full matches.
    pub partial_total: u64,
    /// This page.
    pub items: Vec<Item>,
    /// Counts of each facet that was asked for, its own filter left out.
    pub facets: BTreeMap<String, FacetAnswer>,
    /// A likelier spelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
    /// Nothing found: filters to leave out, each with what that would find.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways_out: Vec<WayOutAnswer>,
    /// Words of the search that were looked up by other names too: labels in the other language, former names. Full
    /// matches include what they find; `also=0` switches them off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_searched: Vec<AlsoSearched>,
    /// What of the words was not understood.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// Where to go on; the same search in other formats.
    pub links: BTreeMap<String, String>,
}

/// A filter to leave out of a search that finds nothing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WayOutAnswer {
    /// The parameter; null: all filters.
    pub parameter: Option<String>,
    /// The value that is left out; null: all of them.
    pub value: Option<String>,
    /// Releases that match without it.
    pub total: u64,
    /// The search without it.
    pub link: String,
}

/// Words that were looked up by other names too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlsoSearched {
    /// The words, as typed.
    #[schema(example = "éducation filles")]
    pub words: String,
    /// The other names.
    pub names: Vec<String>,
    /// What has these names, as it can be written in `q`: `theme:…`, `country:…`, `member:…`.
    pub concepts: Vec<String>,
}

/// Counts of one facet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacetAnswer {
    /// Its values.
    pub values: Vec<FacetValueAnswer>,
}

/// One value of a facet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacetValueAnswer {
    /// The value for the parameter.
    pub value: String,
    /// Its name for people.
    pub label: String,
    /// Releases with it.
    pub count: u64,
    /// Whether the query filters by it.
    pub selected: bool,
}

impl Answer {
    /// The answer in the words of the API.
    pub fn new(results: &Results, ways_out: &[WayOut], door: &Door, labels: &'static Labels) -> Self {
        let query = &results.query;
        Self {
            query: echo(query),
            total: results.total,
            total_exact: true,
            partial_total: results.partial_total,
            items: results.hits.iter().map(|hit| Item::of_hit(hit, door, labels)).collect(),
            facets: results.facets.iter().map(|f| (f.name.to_owned(), facet(f, door, labels))).collect(),
            did_you_mean: results.did_you_mean.clone(),
            ways_out: ways_out.iter().map(way_out).collect(),
            also_searched: results.also.iter().map(also_searched).collect(),
            remarks: results.remarks.iter().map(ToString::to_string).collect(),
            links: links(results, labels),
        }
    }
}

fn way_out(way: &WayOut) -> WayOutAnswer {
    let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    WayOutAnswer {
        parameter: named(way.parameter),
        value: named(&way.value),
        total: way.total,
        link: api_link(&way.query),
    }
}

fn api_link(query: &Query) -> String {
    with("/api/v1/releases".to_owned(), &query.canonical())
}

fn with(path: String, parameters: &str) -> String {
    if parameters.is_empty() { path } else { format!("{path}?{parameters}") }
}

fn also_searched(also: &Also) -> AlsoSearched {
    AlsoSearched { words: also.words.clone(), names: also.names.clone(), concepts: also.concepts.clone() }
}

/// The parameters as understood.
fn echo(query: &Query) -> Map<String, Value> {
    fn list<T: Display>(filter: &Filter<T>) -> Vec<String> {
        let any = filter.any.iter().map(ToString::to_string);
        any.chain(filter.not.iter().map(|value| format!("-{value}"))).collect()
    }
    let filters = [
        ("theme", list(&query.theme)),
        ("member", list(&query.member)),
        ("country", list(&query.country)),
        ("lang", list(&query.lang)),
        ("kind", list(&query.kind)),
        ("issuer", list(&query.issuer)),
    ];
    let mut echo = Map::new();
    if !query.q.is_empty() {
        echo.insert("q".to_owned(), json!(query.q));
    }
    for (name, values) in filters {
        if !values.is_empty() {
            echo.insert(name.to_owned(), json!(values));
        }
    }
    for (name, day) in [("from", query.from), ("to", query.to)] {
        if let Some(day) = day {
            echo.insert(name.to_owned(), json!(day.to_string()));
        }
    }
    if !query.also {
        echo.insert("also".to_owned(), json!(0));
    }
    if !query.prefer.is_empty() {
        echo.insert("prefer".to_owned(), json!(query.prefer));
    }
    echo.insert("sort".to_owned(), json!(query.order().as_str()));
    echo.insert("limit".to_owned(), json!(query.limit));
    if query.offset > 0 {
        echo.insert("offset".to_owned(), json!(query.offset));
    }
    echo
}

fn facet(facet: &Facet, door: &Door, labels: &'static Labels) -> FacetAnswer {
    let value = |value: &crate::search::FacetValue| FacetValueAnswer {
        label: value.label.clone().unwrap_or_else(|| facet_label(facet.name, &value.value, door, labels)),
        value: value.value.clone(),
        count: value.count,
        selected: value.selected,
    };
    FacetAnswer { values: facet.values.iter().map(value).collect() }
}

fn facet_label(name: &str, value: &str, door: &Door, labels: &'static Labels) -> String {
    let known = match name {
        "theme" => ThemeId::new(value)
            .ok()
            .and_then(|id| door.config.vocabulary.get(&id))
            .map(|t| t.label(labels.lang()).to_owned()),
        "member" => door.config.members.iter().find(|m| m.id.as_str() == value).map(|m| m.name().to_owned()),
        "country" => labels.country(value).map(str::to_owned),
        "lang" => value.parse().ok().map(|lang| labels.language(lang)),
        "kind" => value.parse().ok().map(|kind| labels.kind(kind).into_owned()),
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

/// Relative addresses: of this answer, its neighbours, and the same search elsewhere.
fn links(results: &Results, labels: &Labels) -> BTreeMap<String, String> {
    let query = &results.query;
    let mut links = BTreeMap::new();
    links.insert("self".to_owned(), api_link(query));
    if let Some(cursor) = &results.next {
        links.insert("next".to_owned(), api_link(&Query { cursor: Some(cursor.clone()), offset: 0, ..query.clone() }));
    }
    let meaning = query.identity();
    let lang = labels.lang();
    links.insert("html".to_owned(), with(format!("/{lang}/search"), &meaning));
    for (name, ending) in [("atom", "atom"), ("rss", "rss"), ("json_feed", "json"), ("csv", "csv")] {
        links.insert(name.to_owned(), with(format!("/{lang}/search.{ending}"), &meaning));
    }
    links
}
