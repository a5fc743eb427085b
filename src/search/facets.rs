//! # Which facet values are shown, and in which order?

use super::query::{FACETS, Query};
use super::results::{Facet, FacetValue};
use crate::index::Snapshot;

/// Values of one facet that are listed; the selected ones always are.
const MOST: usize = 200;

/// The facets that were asked for, from the counts of each value.
pub fn list(query: &Query, snapshot: &Snapshot, counts: &[u64]) -> Vec<Facet> {
    query.facets.iter().map(|name| one(name, query, snapshot, counts)).collect()
}

fn one(name: &'static str, query: &Query, snapshot: &Snapshot, counts: &[u64]) -> Facet {
    let facet = FACETS.iter().position(|other| *other == name).unwrap_or(usize::MAX);
    let selected = selected(name, query);
    let mut values = Vec::new();
    for (value, count) in snapshot.values.all().iter().zip(counts) {
        let is_selected = selected.contains(&value.name);
        if value.facet == facet && (*count > 0 || is_selected) {
            let (name, label) = (value.name.clone(), value.label.clone());
            values.push(FacetValue { value: name, label, count: *count, selected: is_selected });
        }
    }
    for missing in selected {
        if values.iter().all(|value| value.value != missing) {
            values.push(FacetValue { value: missing, label: None, count: 0, selected: true });
        }
    }
    if matches!(name, "year" | "month") {
        values.sort_by(|a, b| a.value.cmp(&b.value));
        return Facet { name, values };
    }
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    let mut place = 0;
    values.retain(|value| {
        place += 1;
        place <= MOST || value.selected
    });
    Facet { name, values }
}

/// The values the query filters by; a year or month is selected when it is the whole range of dates.
fn selected(name: &str, query: &Query) -> Vec<String> {
    fn texts<T: ToString>(values: &[T]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }
    match name {
        "theme" => texts(&query.theme.any),
        "member" => texts(&query.member.any),
        "country" => query.country.any.clone(),
        "lang" => texts(&query.lang.any),
        "kind" => texts(&query.kind.any),
        "issuer" => query.issuer.any.clone(),
        _ => match (query.from, query.to) {
            (Some(from), Some(to)) if name == "year" && from.first_of_year() == from && from.last_of_year() == to => {
                vec![format!("{:04}", from.year())]
            }
            (Some(from), Some(to))
                if name == "month" && from.first_of_month() == from && from.last_of_month() == to =>
            {
                vec![format!("{:04}-{:02}", from.year(), from.month())]
            }
            _ => Vec::new(),
        },
    }
}
