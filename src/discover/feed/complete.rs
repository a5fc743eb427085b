//! # What does feed-rs leave open?
//!
//! Dates with their precision and zone, plain titles, the right link among several, HTML that is safe to show with
//! addresses that lead somewhere.

use super::{Entry, html, raw::Facts, repairs::Repairs};
use crate::{
    model::{Attachment, DateValue, Lang},
    normalise::{date, text},
};
use feed_rs::model::{self as read, Link, Text};
use url::Url;

/// Titles are cut at this many characters.
const LONGEST_TITLE: usize = 500;

/// An entry from what feed-rs read and what was kept beside it.
///
/// `language` is the feed's own: it decides how an ambiguous date is read.
pub(super) fn entry(from: read::Entry, facts: Facts, language: Option<Lang>, repairs: &mut Repairs) -> Entry {
    let own: Option<Lang> = facts.lang.parse().ok();
    let lang = own.or(language);
    let published = first_date(&facts.published, lang, repairs);
    let updated = first_date(&facts.updated, lang, repairs).filter(|updated| !same_instant(Some(*updated), published));
    let link = |rel: &str| {
        let found = from.links.iter().find(|link| link.rel.as_deref() == Some(rel));
        found.map(|link| link.href.clone()).unwrap_or_default()
    };
    let summary = from.summary.map(|text| shown(&text.content, is_html(&text), facts.base.as_ref(), repairs));
    let content = from.content.and_then(|content| {
        let html = content.content_type.as_str() == "text/html";
        content.body.map(|body| shown(&body, html, facts.base.as_ref(), repairs))
    });
    Entry {
        id: from.id,
        title: title(from.title, repairs),
        link: link("alternate"),
        original: link("original"),
        published,
        updated,
        authors: from.authors.into_iter().filter_map(|person| person.name).map(|name| html::line(&name)).collect(),
        summary: summary.unwrap_or_default(),
        content: content.unwrap_or_default(),
        enclosures: enclosures(&from.links),
        tags: from.categories.iter().map(|category| html::line(&category.term)).collect(),
        lang: own,
    }
}

/// The head of a feed.
#[derive(Default)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) link: String,
    pub(super) next: Option<String>,
    pub(super) authors: Vec<String>,
}

/// The head from what feed-rs read.
pub(super) fn head(from: Option<read::Feed>, repairs: &mut Repairs) -> Head {
    let Some(from) = from else { return Head::default() };
    let link =
        |rel: &str| from.links.iter().find(|link| link.rel.as_deref() == Some(rel)).map(|link| link.href.clone());
    Head {
        link: link("alternate").unwrap_or_default(),
        next: link("next"),
        authors: from.authors.iter().filter_map(|person| person.name.clone()).collect(),
        title: title(from.title, repairs),
    }
}

fn is_html(text: &Text) -> bool {
    text.content_type.as_str() == "text/html"
}

fn shown(text: &str, html: bool, base: Option<&Url>, repairs: &mut Repairs) -> String {
    let shown = match html.then(|| html::escaped_twice(text)) {
        None => html::from_plain(text),
        Some(None) => html::clean(text, base),
        Some(Some(once)) => {
            repairs.note("html-escaped-twice", "");
            html::clean(&once, base)
        }
    };
    match shown.trim() {
        trimmed if trimmed.len() == shown.len() => shown,
        trimmed => trimmed.to_owned(),
    }
}

fn title(from: Option<Text>, repairs: &mut Repairs) -> String {
    let Some(from) = from else { return String::new() };
    let line = if is_html(&from) { html::line(&from.content) } else { text::line(&from.content) };
    match line.char_indices().nth(LONGEST_TITLE) {
        None => line,
        Some((end, _)) => {
            repairs.note("title-cut", &format!("{LONGEST_TITLE} characters kept"));
            line[..end].trim_end().to_owned()
        }
    }
}

/// Whether two dates name the same moment, in whatever zone; many programs write one date twice.
fn same_instant(one: Option<DateValue>, other: Option<DateValue>) -> bool {
    let instant = |date: DateValue| date.timestamp(&jiff::tz::TimeZone::UTC);
    one.map(instant) == other.map(instant)
}

/// The first of several dates that can be read.
fn first_date(written: &[String], lang: Option<Lang>, repairs: &mut Repairs) -> Option<DateValue> {
    let read = written.iter().find_map(|date| date::parse(date, lang));
    if read.is_none()
        && let Some(first) = written.first()
    {
        repairs.note("date-unreadable", first);
    }
    read
}

fn enclosures(links: &[Link]) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    for link in links.iter().filter(|link| link.rel.as_deref() == Some("enclosure")) {
        if !found.iter().any(|known| known.url == link.href) {
            found.push(Attachment {
                url: link.href.clone(),
                title: link.title.as_deref().map(text::line).unwrap_or_default(),
                media_type: link.media_type.clone().unwrap_or_default(),
                bytes: link.length.filter(|bytes| *bytes > 0),
            });
        }
    }
    found
}
