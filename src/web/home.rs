//! The home page: search, the newest releases, themes and members.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    card::Card,
    frame::{Frame, Section},
    json_ld, members, themes,
};
use crate::{
    labels::Value,
    model::Lang,
    search::{Query, Results},
    store::MemberStatus,
};
use askama::Template;
use axum::response::Response;

/// Releases on the home page.
const NEWEST: usize = 10;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    frame: &'a Frame,
    total: String,
    newest: Vec<Card>,
    areas: Vec<themes::Area>,
    members: Vec<members::Line>,
}

/// `/{lang}/`.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    address::none(door, visit)?;
    let query =
        Query { limit: NEWEST, facets: vec!["theme"], highlight: false, prefer: vec![visit.lang], ..Query::default() };
    let results = door.engine.search(&query)?;
    let frame = framed(door, visit.lang);
    html(&frame, &page(door, &frame, &results, &door.reader.members()?))
}

fn framed(door: &Door, lang: Lang) -> Frame {
    let mut frame = Frame::new(door, lang, Section::Home, "/");
    frame.description = frame.l.with("home-description", &[("site", Value::from(frame.site.as_str()))]);
    frame.search_box = false;
    frame.data = vec![json_ld::site(&frame)];
    frame
}

fn page<'a>(door: &Door, frame: &'a Frame, results: &Results, statuses: &[MemberStatus]) -> HomePage<'a> {
    HomePage {
        frame,
        total: frame.l.count("releases", results.total),
        newest: results.hits.iter().map(|hit| Card::of(door, frame, &hit.release)).collect(),
        areas: themes::areas(door, frame, &themes::counts(results)),
        members: members::lines(door, frame, statuses),
    }
}

/// The page as text, for tests that bring their own answer.
#[cfg(test)]
pub(super) fn rendered(door: &Door, lang: Lang, results: &Results) -> String {
    let frame = framed(door, lang);
    page(door, &frame, results, &[]).render().unwrap()
}
