//! The feeds page: what feeds are, which there are, and how to subscribe; with the parameters of a search, also the
//! addresses under which that search is followed.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    assets,
    frame::{Frame, Section, with_query},
    json_ld, search,
};
use crate::{
    labels::Value,
    model::{Kind, Theme},
    search::{DEFAULT_LIMIT, Filter, Query},
};
use askama::Template;
use axum::response::Response;

/// A member or theme with the forms of its feed.
#[derive(Debug)]
struct Line {
    name: String,
    id: String,
    forms: Vec<(&'static str, String)>,
}

/// A search that can be followed.
#[derive(Debug)]
struct Followed {
    heading: String,
    count: String,
    /// Link to the search itself.
    page: String,
    /// Name and full address of each form, as it is pasted into a reader.
    forms: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "feeds.html")]
struct FeedsPage<'a> {
    frame: &'a Frame,
    script: String,
    search: Option<Followed>,
    combined: Vec<(&'static str, String)>,
    releases_only: Vec<(&'static str, String)>,
    corrections: String,
    opml: String,
    members: Vec<Line>,
    themes: Vec<Line>,
}

/// What of a search is followed: its meaning, not the page that is being looked at.
pub(super) fn followed(query: &Query) -> Query {
    Query {
        sort: None,
        limit: DEFAULT_LIMIT,
        offset: 0,
        cursor: None,
        facets: Vec::new(),
        highlight: true,
        ..query.clone()
    }
}

/// `/{lang}/feeds`, with the parameters of a search or without.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let asked = followed(&address::query(door, visit)?);
    let mut frame = Frame::new(door, visit.lang, Section::Feeds, with_query("/feeds", &asked));
    let is_general = with_query("", &asked).is_empty();
    let search = if is_general { None } else { Some(of_search(door, &frame, &asked)?) };
    frame.title = match &search {
        Some(search) => frame.l.with("feeds-of-search", &[("search", Value::from(search.heading.as_str()))]),
        None => frame.l.text("feeds-heading").into_owned(),
    };
    // One page for each combination of filters is of no use to engines.
    frame.indexed = is_general;
    if let Some(search) = &search {
        frame.announce(&asked, &search.heading);
    }
    frame.description = frame.l.text("feeds-description").into_owned();
    let data = json_ld::page(&frame, "WebPage");
    frame.data.push(data);
    let combined = [("Atom", "atom"), ("RSS", "rss"), ("JSON Feed", "json")];
    let of_theme = |theme: &Theme| {
        let query = Query { theme: Filter { any: vec![theme.id.clone()], not: vec![] }, ..Query::default() };
        line(&frame, theme.label(frame.lang()).to_owned(), format!("theme-{}", theme.id), &query)
    };
    let members = door.config.members.iter().map(|member| {
        let query = Query { member: Filter { any: vec![member.id.clone()], not: vec![] }, ..Query::default() };
        line(&frame, member.name().to_owned(), format!("member-{}", member.id), &query)
    });
    let only = Query { kind: Filter { any: vec![Kind::Release], not: vec![] }, ..Query::default() };
    let page = FeedsPage {
        script: door.root(&assets::COPY.path()),
        search,
        combined: combined.map(|(name, suffix)| (name, door.url(&format!("feed.{suffix}")))).to_vec(),
        releases_only: combined
            .map(|(name, suffix)| (name, frame.root(&with_query(&format!("feed.{suffix}"), &only))))
            .to_vec(),
        corrections: frame.root("corrections.atom"),
        opml: frame.root("opml"),
        members: members.collect(),
        themes: door.config.vocabulary.themes().iter().map(of_theme).collect(),
        frame: &frame,
    };
    html(&frame, &page)
}

fn of_search(door: &Door, frame: &Frame, asked: &Query) -> Result<Followed, Failure> {
    let results = door.engine.search(&Query { limit: 0, highlight: false, ..asked.clone() })?;
    let feeds = frame.feed_links(asked).into_iter().filter(|(name, _)| *name != "CSV");
    // The link leaves the host out; what is pasted into a reader must have it.
    let path = door.root("");
    let whole = |link: String| door.url(link.strip_prefix(&path).unwrap_or(&link));
    Ok(Followed {
        heading: search::heading(door, frame, asked, &results),
        count: frame.l.count("releases", results.total),
        page: frame.search(asked),
        forms: feeds.map(|(name, link)| (name, whole(link))).collect(),
    })
}

fn line(frame: &Frame, name: String, id: String, query: &Query) -> Line {
    Line { name, id, forms: frame.feed_links(query) }
}
