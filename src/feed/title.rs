//! What is a feed called? The filter, in the reader's language.

use super::Door;
use crate::labels::{Labels, Value};
use crate::model::{MemberId, ThemeId};
use crate::search::{Filter, Query};
use std::fmt::Display;

/// For example `Alliance : Communiqués sur « école » – Thèmes : Paix – Associations : sans Exemple`.
pub fn title(door: &Door, query: &Query, l: &'static Labels) -> String {
    let site = &door.config.settings.server.title;
    let mut parts = Vec::new();
    if !query.q.is_empty() {
        parts.push(l.with("search-heading-words", &[("words", Value::from(query.q.as_str()))]));
    }
    let theme = |id: &ThemeId| door.config.vocabulary.get(id).map(|theme| theme.label(l.lang()).to_owned());
    let member = |id: &MemberId| door.config.members.iter().find(|m| m.id == *id).map(|m| m.name().to_owned());
    parts.extend(named(l, "filter-theme", &query.theme, theme));
    parts.extend(named(l, "filter-member", &query.member, member));
    parts.extend(named(l, "filter-country", &query.country, |code| l.country(code).map(str::to_owned)));
    parts.extend(named(l, "filter-kind", &query.kind, |kind| Some(l.kind(*kind).into_owned())));
    parts.extend(named(l, "filter-lang", &query.lang, |lang| Some(l.language(*lang))));
    parts.extend(named(l, "filter-issuer", &query.issuer, |_| None));
    for (key, day) in [("filter-from", query.from), ("filter-to", query.to)] {
        parts.extend(day.map(|day| chip(l, key, &l.day(day), "chip")));
    }
    if !query.prefer.is_empty() {
        let names: Vec<String> = query.prefer.iter().map(|lang| l.language(*lang)).collect();
        parts.push(names.join(" > "));
    }
    match parts.is_empty() {
        true => l.with("feed-of-all", &[("site", Value::from(site.as_str()))]),
        false => format!("{site} – {}", parts.join(" – ")),
    }
}

fn named<T: Display>(
    l: &'static Labels,
    key: &'static str,
    filter: &Filter<T>,
    name: impl Fn(&T) -> Option<String>,
) -> Vec<String> {
    let call = |value: &T| name(value).unwrap_or_else(|| value.to_string());
    let mut parts = Vec::new();
    if !filter.any.is_empty() {
        let any: Vec<String> = filter.any.iter().map(call).collect();
        parts.push(chip(l, key, &any.join(", "), "chip"));
    }
    if !filter.not.is_empty() {
        let not: Vec<String> = filter.not.iter().map(call).collect();
        parts.push(chip(l, key, &not.join(", "), "chip-not"));
    }
    parts
}

fn chip(l: &'static Labels, key: &'static str, value: &str, form: &'static str) -> String {
    let filter = l.text(key);
    l.with(form, &[("filter", Value::from(filter.as_ref())), ("value", Value::from(value))])
}
