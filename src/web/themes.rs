//! The theme pages: the whole vocabulary as a tree with counts, and one page a theme.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    card::Card,
    frame::{Frame, Section},
    json_ld,
};
use crate::{
    labels::Value,
    model::{Theme, ThemeId},
    search::{Filter, Query, Results},
};
use askama::Template;
use axum::response::Response;
use std::collections::{HashMap, HashSet};

/// Releases on a theme's page.
const SHOWN: usize = 20;

/// A named group of top themes, for example the priority areas.
#[derive(Debug)]
pub(super) struct Area {
    /// Name of the group; empty for themes outside any group.
    pub label: String,
    /// Its themes.
    pub themes: Vec<Entry>,
}

/// A theme in a list.
#[derive(Debug)]
pub(super) struct Entry {
    /// Link to its page.
    pub href: String,
    /// Label.
    pub label: String,
    /// Scope note.
    pub note: String,
    /// Releases, written.
    pub count: String,
    /// Narrower themes, one level down.
    pub narrower: Vec<Entry>,
}

/// Releases by theme, from the facet of an answer.
pub(super) fn counts(results: &Results) -> HashMap<String, u64> {
    let facet = results.facets.iter().find(|facet| facet.name == "theme");
    facet.into_iter().flat_map(|facet| &facet.values).map(|value| (value.value.clone(), value.count)).collect()
}

/// Top themes in their groups, each with its narrower ones; top themes of no group come last.
pub(super) fn areas(door: &Door, frame: &Frame, counts: &HashMap<String, u64>) -> Vec<Area> {
    let vocabulary = &door.config.vocabulary;
    let top: Vec<&Theme> = vocabulary.top().collect();
    let mut grouped: HashSet<&ThemeId> = HashSet::new();
    let mut areas = Vec::new();
    for (labels, ids) in vocabulary.collections() {
        let members: Vec<&Theme> = ids.iter().filter_map(|id| vocabulary.get(id)).collect();
        grouped.extend(members.iter().map(|theme| &theme.id));
        let label = labels.iter().find(|(lang, _)| *lang == frame.lang()).or_else(|| labels.first());
        let label = label.map(|(_, label)| label.clone()).unwrap_or_default();
        areas
            .push(Area { label, themes: members.into_iter().map(|theme| entry(door, frame, theme, counts)).collect() });
    }
    let rest: Vec<Entry> = top
        .into_iter()
        .filter(|theme| !grouped.contains(&theme.id))
        .map(|theme| entry(door, frame, theme, counts))
        .collect();
    if !rest.is_empty() {
        areas.push(Area { label: String::new(), themes: rest });
    }
    areas
}

fn entry(door: &Door, frame: &Frame, theme: &Theme, counts: &HashMap<String, u64>) -> Entry {
    let narrower = theme.narrower.iter().filter_map(|id| door.config.vocabulary.get(id));
    Entry { narrower: narrower.map(|theme| leaf(frame, theme, counts)).collect(), ..leaf(frame, theme, counts) }
}

fn leaf(frame: &Frame, theme: &Theme, counts: &HashMap<String, u64>) -> Entry {
    Entry {
        href: frame.link(&format!("/themes/{}", theme.id)),
        label: theme.label(frame.lang()).to_owned(),
        note: theme.note(frame.lang()).to_owned(),
        count: frame.l.number(counts.get(theme.id.as_str()).copied().unwrap_or(0)),
        narrower: Vec::new(),
    }
}

#[derive(Template)]
#[template(path = "themes.html")]
struct ThemesPage<'a> {
    frame: &'a Frame,
    areas: Vec<Area>,
    turtle: String,
}

/// `/{lang}/themes`.
pub(super) fn list(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    address::none(door, visit)?;
    let query = Query { limit: 0, facets: vec!["theme"], highlight: false, ..Query::default() };
    let results = door.engine.search(&query)?;
    let mut frame = Frame::of(door, visit, Section::Themes);
    frame.title = frame.l.text("themes-heading").into_owned();
    frame.description = frame.l.text("themes-description").into_owned();
    let data = json_ld::page(&frame, "CollectionPage");
    frame.data.push(data);
    let areas = areas(door, &frame, &counts(&results));
    html(&frame, &ThemesPage { frame: &frame, areas, turtle: frame.root("themes.ttl") })
}

/// A year of a theme as a bar.
#[derive(Debug)]
struct Bar {
    label: String,
    count: String,
    /// 0 to 100.
    width: u64,
}

#[derive(Template)]
#[template(path = "theme.html")]
struct ThemePage<'a> {
    frame: &'a Frame,
    label: String,
    note: String,
    other_names: Vec<String>,
    total: String,
    empty: bool,
    broader: Vec<Entry>,
    narrower: Vec<Entry>,
    related: Vec<Entry>,
    mappings: &'a [String],
    bars: Vec<Bar>,
    releases: Vec<Card>,
    all: String,
    feeds: Vec<(&'static str, String)>,
    iri: String,
}

/// `/{lang}/themes/{id}`.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let id = ThemeId::new(visit.id.as_str()).map_err(|_| Failure::NotFound)?;
    if let Some(new) = door.config.vocabulary.replacement(&id) {
        return Err(Failure::Elsewhere(door.root(&format!("{}/themes/{}", visit.lang, new.id)), true));
    }
    let theme = door.config.vocabulary.get(&id).ok_or(Failure::NotFound)?;
    address::none(door, visit)?;
    let everything = Query { limit: 0, facets: vec!["theme"], highlight: false, ..Query::default() };
    let counts = counts(&door.engine.search(&everything)?);
    let query = Query { theme: Filter { any: vec![id], not: Vec::new() }, highlight: false, ..Query::default() };
    let results =
        door.engine.search(&Query { limit: SHOWN, facets: vec!["year"], prefer: vec![visit.lang], ..query.clone() })?;
    let mut frame = Frame::of(door, visit, Section::Themes);
    frame.title = theme.label(frame.lang()).to_owned();
    frame.description = describe(&frame, theme);
    frame.data = vec![json_ld::theme(door, &frame, theme)];
    let title = frame.l.with("feed-of-theme", &[("theme", Value::from(frame.title.as_str()))]);
    let query = Query { highlight: true, ..query };
    frame.announce(&query, &title);
    html(&frame, &theme_page(door, &frame, theme, &results, &query, &counts))
}

fn describe(frame: &Frame, theme: &Theme) -> String {
    match theme.note(frame.lang()) {
        "" => frame.l.with("theme-description", &[("theme", Value::from(theme.label(frame.lang())))]),
        note => note.to_owned(),
    }
}

fn theme_page<'a>(
    door: &Door,
    frame: &'a Frame,
    theme: &'a Theme,
    results: &Results,
    query: &Query,
    counts: &HashMap<String, u64>,
) -> ThemePage<'a> {
    let named = |ids: &[ThemeId]| {
        let themes = ids.iter().filter_map(|id| door.config.vocabulary.get(id));
        themes.map(|theme| leaf(frame, theme, counts)).collect::<Vec<_>>()
    };
    ThemePage {
        frame,
        label: theme.label(frame.lang()).to_owned(),
        note: theme.note(frame.lang()).to_owned(),
        other_names: other_names(frame, theme),
        total: frame.l.count("releases", results.total),
        empty: results.total == 0,
        broader: named(&theme.broader),
        narrower: named(&theme.narrower),
        related: named(&theme.related),
        mappings: &theme.mappings,
        bars: bars(frame, results),
        releases: results.hits.iter().map(|hit| Card::of(door, frame, &hit.release)).collect(),
        all: frame.search(query),
        feeds: frame.feed_links(query),
        iri: door.theme_iri(theme),
    }
}

fn other_names(frame: &Frame, theme: &Theme) -> Vec<String> {
    let alternative = crate::model::LabelKind::Alternative;
    let names = theme.labels.iter().filter(|label| label.lang == frame.lang() && label.kind == alternative);
    names.map(|label| label.text.clone()).collect()
}

/// Every year from the last to the first with releases, also the empty ones between.
fn bars(frame: &Frame, results: &Results) -> Vec<Bar> {
    let Some(facet) = results.facets.iter().find(|facet| facet.name == "year") else { return Vec::new() };
    let by_year: HashMap<i16, u64> =
        facet.values.iter().filter_map(|value| Some((value.value.parse().ok()?, value.count))).collect();
    let (Some(first), Some(last)) = (by_year.keys().min(), by_year.keys().max()) else { return Vec::new() };
    let most = by_year.values().max().copied().unwrap_or(1).max(1);
    let bar = |year: i16| {
        let count = by_year.get(&year).copied().unwrap_or(0);
        Bar { label: year.to_string(), count: frame.l.number(count), width: (count * 100).div_ceil(most) }
    };
    (*first..=*last).rev().map(bar).collect()
}
