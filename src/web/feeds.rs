//! The feeds page: what feeds are, which there are, and how to subscribe.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    frame::{Frame, Section, with_query},
    json_ld,
};
use crate::{
    model::{Kind, Theme},
    search::{Filter, Query},
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

#[derive(Template)]
#[template(path = "feeds.html")]
struct FeedsPage<'a> {
    frame: &'a Frame,
    combined: Vec<(&'static str, String)>,
    releases_only: Vec<(&'static str, String)>,
    corrections: String,
    opml: String,
    members: Vec<Line>,
    themes: Vec<Line>,
}

/// `/{lang}/feeds`.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    address::none(door, visit)?;
    let mut frame = Frame::of(door, visit, Section::Feeds);
    frame.title = frame.l.text("feeds-heading").into_owned();
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

fn line(frame: &Frame, name: String, id: String, query: &Query) -> Line {
    Line { name, id, forms: frame.feed_links(query) }
}
