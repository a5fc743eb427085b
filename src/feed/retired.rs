//! Where did this feed go? A theme that was replaced leads on for good (301); a feed of a member or theme that left the
//! newsroom ends with a last entry that says so (410), in the form that was asked for; what never was is not found.

use super::answer::{CACHE, pairs};
use super::build::{address, empty, with_query};
use super::entry::{Channel, Entry, Source};
use super::failure::Failure;
use super::{Door, Format, xml};
use crate::labels::{Labels, Value};
use crate::model::{Kind, Lang, MemberId, ThemeId};
use crate::publish::{self, Subject};
use crate::search::{BadParameter, Query};
use crate::store::{StoreError, Tick};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;

/// The answer to an address whose ids are well written and not known.
pub fn answer(
    door: &Door,
    format: &Format,
    lang: Lang,
    uri: &Uri,
    refused: Vec<BadParameter>,
) -> Result<Response, Failure> {
    let path = uri.path().trim_start_matches('/');
    let pairs = pairs(format, uri);
    let given = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let Ok(query) = Query::from_pairs(given) else { return Err(Failure::NoSuchFeed(refused)) };
    if let Some(query) = replaced(door, &query) {
        let limited = pairs.iter().any(|(name, _)| name == "limit");
        return Err(Failure::Moved(with_query(format!("{}{path}", door.base_url), &address(&query, limited))));
    }
    match ended(door, &query)? {
        Some(subject) => last(door, format, lang, path, &query, &subject),
        None => Err(Failure::NoSuchFeed(refused)),
    }
}

/// The same query with new themes in the place of old ones, when that makes all of it known.
fn replaced(door: &Door, query: &Query) -> Option<Query> {
    let vocabulary = &door.config.vocabulary;
    let mut query = query.clone();
    for id in query.theme.any.iter_mut().chain(&mut query.theme.not) {
        if vocabulary.get(id).is_none() {
            *id = vocabulary.replacement(id)?.id.clone();
        }
    }
    let members_are_known = query.member.any.iter().chain(&query.member.not).all(|id| is_member(door, id));
    members_are_known.then(|| query.settled())
}

fn is_member(door: &Door, id: &MemberId) -> bool {
    door.config.members.iter().any(|member| member.id == *id)
}

/// What the feed was about that is no longer here, when everything else in it is or was.
fn ended(door: &Door, query: &Query) -> Result<Option<Subject>, StoreError> {
    let mut last = None;
    let is_theme = |id: &ThemeId| door.config.vocabulary.get(id).or(door.config.vocabulary.replacement(id)).is_some();
    for id in query.theme.any.iter().chain(&query.theme.not).filter(|id| !is_theme(id)) {
        let Some(subject) = publish::former_theme(&door.reader, id)? else { return Ok(None) };
        last = Some(subject);
    }
    for id in query.member.any.iter().chain(&query.member.not) {
        if !is_member(door, id) {
            let Some(subject) = publish::former_member(&door.reader, id)? else { return Ok(None) };
            last = Some(subject);
        }
    }
    Ok(last)
}

/// The feed as it ends: one entry, always the same.
fn last(
    door: &Door,
    format: &Format,
    lang: Lang,
    path: &str,
    query: &Query,
    subject: &Subject,
) -> Result<Response, Failure> {
    let l = Labels::get(lang);
    let tick = Tick { seq: 0, at: subject.gone.unwrap_or_default() };
    let own = with_query(path.to_owned(), &address(query, false));
    let feed = empty(door, lang, query, &own, tick)?;
    let entry = entry(door, l, subject, &feed, tick);
    let body = (format.write)(&Channel { entries: vec![entry], ..feed })?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type)), (header::CACHE_CONTROL, CACHE)];
    Ok((StatusCode::GONE, headers, body).into_response())
}

fn entry(door: &Door, l: &'static Labels, subject: &Subject, feed: &Channel, tick: Tick) -> Entry {
    let page = format!("{}{}/feeds", door.base_url, l.lang());
    let combined = format!("{}feed.atom", door.base_url);
    let name = [("name", Value::from(subject.name(l.lang())))];
    let says = xml::line(&l.with("feed-ended-says", &name));
    let html = format!(
        "<p>{}</p><p><a href=\"{}\">{}</a></p><p><a href=\"{}\">{}</a></p>",
        xml::escaped(&says),
        xml::escaped(&combined),
        xml::escaped(&l.text("combined-feed")),
        xml::escaped(&page),
        xml::escaped(&l.text("feed-ended-others")),
    );
    Entry {
        id: format!("{}#ended", feed.id),
        title: xml::title(&l.with("feed-ended", &name)),
        lang: l.lang(),
        link: page.clone(),
        page,
        versions: Vec::new(),
        published: tick.at,
        updated: tick.at,
        zone: TimeZone::UTC,
        day: String::new(),
        authors: vec![(feed.publisher.clone(), feed.home.clone())],
        source: Source { id: feed.id.clone(), title: feed.publisher.clone(), feed: combined, home: feed.home.clone() },
        summary: says,
        html,
        kind: (Kind::News, l.kind(Kind::News).into_owned()),
        themes: Vec::new(),
        countries: Vec::new(),
        image: None,
        attachments: Vec::new(),
    }
}
