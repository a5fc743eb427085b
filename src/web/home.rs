//! The home page: search, the newest releases, themes and members.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    card::Card,
    frame::{Frame, Section},
    json_ld, members, themes,
};
use crate::{labels::Value, search::Query};
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
    let query = Query { limit: NEWEST, facets: vec!["theme", "member"], highlight: false, ..Query::default() };
    let results = door.engine.search(&query)?;
    let mut frame = Frame::of(door, visit, Section::Home);
    frame.description = frame.l.with("home-description", &[("site", Value::from(frame.site.as_str()))]);
    frame.search_box = false;
    let site = json_ld::site(&frame);
    frame.data.push(site);
    let page = HomePage {
        total: frame.l.count("releases", results.total),
        newest: results.hits.iter().map(|hit| Card::of(door, &frame, &hit.release)).collect(),
        areas: themes::areas(door, &frame, &themes::counts(&results)),
        members: members::lines(door, &frame, &door.reader.members()?),
        frame: &frame,
    };
    html(&frame, &page)
}
