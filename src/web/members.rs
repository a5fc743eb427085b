//! The member pages: who they are, how completely and how recently we have read them, and what is new.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    card::Card,
    frame::{Frame, Section},
    json_ld,
};
use crate::{
    labels::Value,
    model::Member,
    search::{Filter, Query},
    store::MemberStatus,
};
use askama::Template;
use axum::response::Response;
use jiff::Timestamp;

/// Releases on a member's page.
const SHOWN: usize = 20;

/// A member in a list.
#[derive(Debug)]
pub(super) struct Line {
    /// Link to its page.
    pub href: String,
    /// Current name.
    pub name: String,
    /// Its home page.
    pub home: String,
    /// Releases, in words.
    pub releases: String,
    /// When it was last read, in words.
    pub last_read: String,
    /// Whether its site cannot be reached at present.
    pub failing: bool,
}

/// Every configured member with how it stands.
pub(super) fn lines(door: &Door, frame: &Frame, statuses: &[MemberStatus]) -> Vec<Line> {
    let line = |member: &Member| {
        let status = statuses.iter().find(|status| status.id == member.id);
        Line {
            href: frame.link(&format!("/members/{}", member.id)),
            name: member.name().to_owned(),
            home: member.home.clone(),
            releases: frame.l.count("releases", status.map_or(0, |status| status.releases)),
            last_read: last_read(frame, member, status),
            failing: status.is_some_and(|status| status.failing.is_some()),
        }
    };
    door.config.members.iter().map(line).collect()
}

fn moment(frame: &Frame, member: &Member, at: Timestamp) -> String {
    frame.l.moment(at, &member.timezone)
}

fn last_read(frame: &Frame, member: &Member, status: Option<&MemberStatus>) -> String {
    match status.and_then(|status| status.last_read) {
        Some(at) => frame.l.with("last-read", &[("moment", Value::from(moment(frame, member, at)))]),
        None => frame.l.text("never-read").into_owned(),
    }
}

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage<'a> {
    frame: &'a Frame,
    members: Vec<Line>,
}

/// `/{lang}/members`.
pub(super) fn list(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    address::none(door, visit)?;
    let mut frame = Frame::of(door, visit, Section::Members);
    frame.title = frame.l.text("members-heading").into_owned();
    frame.description = frame.l.text("members-description").into_owned();
    let data = json_ld::page(&frame, "CollectionPage");
    frame.data.push(data);
    let members = lines(door, &frame, &door.reader.members()?);
    html(&frame, &MembersPage { frame: &frame, members })
}

#[derive(Template)]
#[template(path = "member.html")]
struct MemberPage<'a> {
    frame: &'a Frame,
    name: String,
    former: Vec<String>,
    home: String,
    total: String,
    complete: String,
    last_read: String,
    undated: String,
    failing: Option<String>,
    releases: Vec<Card>,
    all: String,
    feeds: Vec<(&'static str, String)>,
}

/// `/{lang}/members/{id}`.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let member = door.member(&visit.id).ok_or(Failure::NotFound)?;
    address::none(door, visit)?;
    let statuses = door.reader.members()?;
    let status = statuses.iter().find(|status| status.id == member.id);
    let query = Query { member: Filter { any: vec![member.id.clone()], not: Vec::new() }, ..Query::default() };
    let results =
        door.engine.search(&Query { limit: SHOWN, highlight: false, prefer: vec![visit.lang], ..query.clone() })?;
    let mut frame = Frame::of(door, visit, Section::Members);
    frame.title = member.name().to_owned();
    frame.description = frame.l.with("member-description", &[("member", Value::from(member.name()))]);
    frame.data = vec![json_ld::member(member)];
    let title = frame.l.with("feed-of-member", &[("member", Value::from(member.name()))]);
    frame.announce(&query, &title);
    let page = MemberPage {
        frame: &frame,
        name: member.name().to_owned(),
        former: former(&frame, member),
        home: member.home.clone(),
        total: frame.l.count("releases", results.total),
        complete: complete(&frame, member, status),
        last_read: last_read(&frame, member, status),
        undated: frame.l.count("undated", status.map_or(0, |status| status.undated)),
        failing: status.and_then(|status| failing(&frame, member, status)),
        releases: results.hits.iter().map(|hit| Card::of(door, &frame, &hit.release)).collect(),
        all: frame.search(&query),
        feeds: frame.feed_links(&query),
    };
    html(&frame, &page)
}

/// Names that are no longer in use, newest first, with the day of the change where it is known.
fn former(frame: &Frame, member: &Member) -> Vec<String> {
    let names = member.names.iter().rev().skip(1);
    names
        .map(|name| match name.until {
            Some(until) => {
                let day = frame.l.day(until);
                frame.l.with("former-name-until", &[("name", name.name.as_str().into()), ("day", day.into())])
            }
            None => name.name.clone(),
        })
        .collect()
}

fn complete(frame: &Frame, member: &Member, status: Option<&MemberStatus>) -> String {
    match status.and_then(|status| status.complete_since) {
        Some(at) => frame.l.with("complete-since", &[("moment", Value::from(moment(frame, member, at)))]),
        None => frame.l.text("not-yet-complete").into_owned(),
    }
}

/// Says since when the site cannot be reached. The reason is for staff (log, health), since it may name inner
/// addresses.
fn failing(frame: &Frame, member: &Member, status: &MemberStatus) -> Option<String> {
    status.failing.as_ref()?;
    Some(match status.failing_since {
        Some(at) => frame.l.with("failing-since", &[("moment", Value::from(moment(frame, member, at)))]),
        None => frame.l.text("failing").into_owned(),
    })
}
