//! Filters as a visitor handles them: groups of check boxes with counts, and chips that take one filter away.
//!
//! A filter with check boxes is one line in [`GROUPS`] and one arm in [`chips`].

use super::{Door, frame::Frame};
use crate::{
    labels::Labels,
    search::{Facet, Filter, Query, Results},
};
use std::fmt::Display;

/// Filters with check boxes, in the order of the form.
pub(super) const GROUPS: [&str; 6] = ["theme", "member", "country", "issuer", "kind", "lang"];

/// How many values of a group are in sight; selected ones always are.
const IN_SIGHT: usize = 8;

/// One check box.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Value as it stands in the address.
    pub value: String,
    /// Name for the reader.
    pub label: String,
    /// Releases with this value, written.
    pub count: String,
    /// Whether the search filters by it.
    pub selected: bool,
}

/// The check boxes of one filter.
#[derive(Debug)]
pub(super) struct Group {
    /// Name of the parameter.
    pub name: &'static str,
    /// Legend.
    pub legend: String,
    /// Choices in sight.
    pub choices: Vec<Choice>,
    /// How many rarer ones are folded away, in words.
    pub more_label: String,
    /// Rarer ones, folded away.
    pub more: Vec<Choice>,
}

/// A filter in force, and the search without it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// What it filters, for example "Thème : éducation des filles".
    pub label: String,
    /// What it asks for alone, for example "éducation des filles".
    pub value: String,
    /// The same without it.
    pub without: Query,
}

/// The legend of a filter.
pub(super) fn legend(l: &'static Labels, facet: &str) -> String {
    let text = match facet {
        "theme" => l.text("filter-theme"),
        "member" => l.text("filter-member"),
        "country" => l.text("filter-country"),
        "kind" => l.text("filter-kind"),
        "issuer" => l.text("filter-issuer"),
        _ => l.text("filter-lang"),
    };
    text.into_owned()
}

/// The groups that have something to choose from.
pub(super) fn groups(door: &Door, frame: &Frame, results: &Results) -> Vec<Group> {
    let mut groups = Vec::new();
    for name in GROUPS {
        let Some(facet) = results.facets.iter().find(|facet| facet.name == name) else { continue };
        let mut choices = choices(door, frame, facet, &chosen(&results.query, name));
        if choices.is_empty() {
            continue;
        }
        let selected = choices.iter().filter(|choice| choice.selected).count();
        let more = choices.split_off(choices.len().min(IN_SIGHT.max(selected)));
        let more_label = frame.l.count("more-choices", more.len() as u64);
        groups.push(Group { name, more_label, legend: legend(frame.l, name), choices, more });
    }
    groups
}

/// Chosen values first, also those that nothing has, then by frequency, as counted.
fn choices(door: &Door, frame: &Frame, facet: &Facet, chosen: &[String]) -> Vec<Choice> {
    let choice = |value: &str, label: Option<&String>, count: u64| Choice {
        label: label.cloned().unwrap_or_else(|| door.name_of(frame.l, facet.name, value)),
        value: value.to_owned(),
        count: frame.l.number(count),
        selected: chosen.iter().any(|chosen| chosen == value),
    };
    let counted = |value: &String| facet.values.iter().any(|known| known.value == *value && known.count > 0);
    let without = chosen.iter().filter(|value| !counted(value)).map(|value| choice(value, None, 0));
    let with = facet.values.iter().filter(|value| value.count > 0);
    let mut choices: Vec<Choice> =
        without.chain(with.map(|value| choice(&value.value, value.label.as_ref(), value.count))).collect();
    choices.sort_by_key(|choice| !choice.selected);
    choices
}

/// Values that the search asks for, as they stand in the address.
fn chosen(query: &Query, facet: &str) -> Vec<String> {
    fn written<T: Display>(filter: &Filter<T>) -> Vec<String> {
        filter.any.iter().map(ToString::to_string).collect()
    }
    match facet {
        "theme" => written(&query.theme),
        "member" => written(&query.member),
        "country" => written(&query.country),
        "issuer" => written(&query.issuer),
        "kind" => written(&query.kind),
        _ => written(&query.lang),
    }
}

/// Parameters that the form has no field for and must carry along: exclusions, preferences.
pub(super) fn hidden(query: &Query) -> Vec<(&'static str, String)> {
    let mut hidden = Vec::new();
    excluded(&mut hidden, "theme", &query.theme);
    excluded(&mut hidden, "member", &query.member);
    excluded(&mut hidden, "country", &query.country);
    excluded(&mut hidden, "lang", &query.lang);
    excluded(&mut hidden, "kind", &query.kind);
    excluded(&mut hidden, "issuer", &query.issuer);
    if !query.also {
        hidden.push(("also", "0".to_owned()));
    }
    if !query.prefer.is_empty() {
        let langs: Vec<String> = query.prefer.iter().map(ToString::to_string).collect();
        hidden.push(("prefer", langs.join(",")));
    }
    if query.limit != Query::default().limit {
        hidden.push(("limit", query.limit.to_string()));
    }
    hidden
}

fn excluded<T: Display>(into: &mut Vec<(&'static str, String)>, name: &'static str, filter: &Filter<T>) {
    into.extend(filter.not.iter().map(|value| (name, format!("-{value}"))));
}

/// Every filter in force, each with the search without it.
pub(super) fn chips(door: &Door, l: &'static Labels, query: &Query, results: &Results) -> Vec<Chip> {
    let name = |facet: &'static str, value: &str| {
        let counted = results.facets.iter().find(|known| known.name == facet);
        let label = counted.and_then(|facet| facet.values.iter().find(|known| known.value == value)?.label.clone());
        label.unwrap_or_else(|| door.name_of(l, facet, value))
    };
    let mut chips = Vec::new();
    of_filter(&mut chips, &name, l, query, "theme", |query| &mut query.theme);
    of_filter(&mut chips, &name, l, query, "member", |query| &mut query.member);
    of_filter(&mut chips, &name, l, query, "country", |query| &mut query.country);
    of_filter(&mut chips, &name, l, query, "kind", |query| &mut query.kind);
    of_filter(&mut chips, &name, l, query, "lang", |query| &mut query.lang);
    of_filter(&mut chips, &name, l, query, "issuer", |query| &mut query.issuer);
    if let Some(from) = query.from {
        let label = l.with("chip-from", &[("day", l.day(from).into())]);
        chips.push(Chip { value: label.clone(), label, without: Query { from: None, ..first_page(query) } });
    }
    if let Some(to) = query.to {
        let label = l.with("chip-to", &[("day", l.day(to).into())]);
        chips.push(Chip { value: label.clone(), label, without: Query { to: None, ..first_page(query) } });
    }
    if !query.also {
        let label = l.text("chip-words-alone").into_owned();
        chips.push(Chip { value: label.clone(), label, without: Query { also: true, ..first_page(query) } });
    }
    chips
}

fn of_filter<T: Display + Clone + PartialEq>(
    chips: &mut Vec<Chip>,
    name: &dyn Fn(&'static str, &str) -> String,
    l: &'static Labels,
    query: &Query,
    facet: &'static str,
    filter: fn(&mut Query) -> &mut Filter<T>,
) {
    let held = filter(&mut query.clone()).clone();
    let legend = legend(l, facet);
    for value in &held.any {
        let name = name(facet, &value.to_string());
        let label = l.with("chip", &[("filter", legend.as_str().into()), ("value", name.as_str().into())]);
        let mut without = first_page(query);
        filter(&mut without).any.retain(|other| other != value);
        chips.push(Chip { label, value: name, without });
    }
    for value in &held.not {
        let name = name(facet, &value.to_string());
        let label = l.with("chip-not", &[("filter", legend.as_str().into()), ("value", name.as_str().into())]);
        let mut without = first_page(query);
        filter(&mut without).not.retain(|other| other != value);
        chips.push(Chip { value: label.clone(), label, without });
    }
}

/// The same search from its first result.
pub(super) fn first_page(query: &Query) -> Query {
    Query { offset: 0, cursor: None, ..query.clone() }
}
