//! From a request to a feed: parameters, validators, cache rules, errors.

use super::build::{address, channel, query_for, with_query};
use super::failure::{Failure, failed};
use super::shelf::Ready;
use super::{Desk, Door, Format, retired};
use crate::model::Lang;
use crate::search::{BadParameter, Query, Sort};
use crate::store::Tick;
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

/// A feed may be kept for five minutes and shown for a day while it is asked again.
pub(super) const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400");
/// How often, and how long between, we look whether the index has followed the store.
const PATIENCE: (u32, Duration) = (40, Duration::from_millis(25));

/// How often a feed is written anew because the newsroom changed meanwhile.
const ATTEMPTS: u32 = 5;

/// A document as it was written.
pub struct Document {
    /// The text.
    pub body: String,
    /// Address of the next page, where there is one.
    pub next: Option<String>,
}

/// A search as a feed or table.
pub async fn search(
    format: Format,
    lang: Lang,
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let (query, limited) = match query(&desk.door, &format, &uri) {
        Ok(query) => query,
        Err(Failure::NoSuchFeed(refused)) => {
            return blocking(move || retired::answer(&desk.door, &format, lang, &uri, refused)).await;
        }
        Err(other) => return failed(other),
    };
    let query = query_for(&format, query);
    let own = with_query(uri.path().trim_start_matches('/').to_owned(), &address(&query, limited));
    if let Some(answer) = known(&desk, &own, &uri, format.media_type, &headers) {
        return answer;
    }
    blocking(move || {
        answered(&desk, &own, format.media_type, &headers, |door, tick| {
            let channel = channel(door, &format, lang, &query, limited, &own, tick)?;
            Ok(Document { body: (format.write)(&channel)?, next: channel.next })
        })
    })
    .await
}

/// The query of an address, and whether the reader set `limit=`. What is well written but names a theme or member that
/// does not exist is no feed of ours; anything else is a mistake of the reader.
fn query(door: &Door, format: &Format, uri: &Uri) -> Result<(Query, bool), Failure> {
    let pairs = pairs(format, uri);
    let limited = pairs.iter().any(|(name, _)| name == "limit");
    let given = || pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let query = door.engine.query(given()).map_err(|refused| match Query::from_pairs(given()) {
        Ok(_) => Failure::NoSuchFeed(refused),
        Err(_) => Failure::BadParameters(refused),
    })?;
    Ok((query, limited))
}

/// What the address says, without what is not meant for us.
pub(super) fn pairs(format: &Format, uri: &Uri) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .filter(|(name, _)| !is_tracking(name))
        .collect();
    if !format.is_table {
        // The order of feeds is theirs, whatever the page beside them is sorted by; their cursors say so.
        pairs.retain(|(name, value)| name != "sort" || Sort::ALL.iter().all(|sort| sort.as_str() != value));
        if pairs.iter().all(|(name, _)| name != "sort") {
            pairs.push(("sort".to_owned(), Sort::Added.to_string()));
        }
    }
    pairs
}

/// What links of newsletters and networks add to an address; a redirect would cost readers of feeds a request each time.
fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_")
}

/// A document that is no search: it takes no parameters.
pub async fn document(
    desk: &Arc<Desk>,
    name: &'static str,
    media_type: &'static str,
    uri: &Uri,
    headers: &HeaderMap,
    write: fn(&Door, Tick) -> Result<Document, Failure>,
) -> Response {
    let refused: Vec<BadParameter> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .map(|(name, _)| BadParameter { parameter: name.into_owned(), message: "is not understood here".to_owned() })
        .collect();
    if !refused.is_empty() {
        return failed(Failure::BadParameters(refused));
    }
    if let Some(answer) = known(desk, name, uri, media_type, headers) {
        return answer;
    }
    let (desk, headers) = (desk.clone(), headers.clone());
    blocking(move || answered(&desk, name, media_type, &headers, write)).await
}

async fn blocking(work: impl FnOnce() -> Result<Response, Failure> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) => failed(failure),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Any page of the web may read what is here, errors and 304 included. Asking with `If-None-Match` is not simple to a
/// browser, so it asks before whether it may (`OPTIONS`).
pub async fn for_every_site(request: Request, next: Next) -> Response {
    open_to_every_site(match request.method() {
        &Method::OPTIONS => allowed(),
        _ => next.run(request).await,
    })
}

fn open_to_every_site(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("ETag, Last-Modified, Link, Retry-After"),
    );
    response
}

fn allowed() -> Response {
    let headers = [
        (header::ALLOW, "GET, HEAD, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The answer to a method that changes things.
pub async fn wrong_method() -> Response {
    failed(Failure::WrongMethod)
}

/// The tick whose state the index shows. The index follows the store within moments; an answer from between would
/// carry the validators of one and the entries of the other.
fn settled_tick(door: &Door) -> Result<Tick, Failure> {
    let mut tick = door.reader.tick()?;
    for _ in 0..PATIENCE.0 {
        if door.engine.generation() == tick.seq {
            return Ok(tick);
        }
        std::thread::sleep(PATIENCE.1);
        tick = door.reader.tick()?;
    }
    Err(Failure::Rebuilding)
}

/// The answer where the feed lies ready for the state that the index shows: neither the store nor the index is asked,
/// and no other thread.
fn known(desk: &Desk, own: &str, uri: &Uri, media_type: &'static str, headers: &HeaderMap) -> Option<Response> {
    let Desk { door, shelf } = desk;
    let tick = shelf.tick().filter(|tick| tick.seq == door.engine.generation())?;
    let tag = tag_at(tick, own, media_type, door);
    shelf.remember(tick, asked(uri), &tag, media_type);
    if has_it(headers, &tag, tick.at) {
        return Some(validated(StatusCode::NOT_MODIFIED.into_response(), &tag, tick.at));
    }
    Some(validated(sent(&*shelf.get(&tag)?, media_type, headers), &tag, tick.at))
}

/// The address of a request as it was asked.
fn asked(uri: &Uri) -> &str {
    uri.path_and_query().map_or("", PathAndQuery::as_str)
}

/// The answer to a request for a feed that lies ready, before any router has looked at it.
pub(super) fn at_once(desk: &Desk, request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let (tick, known, ready) = desk.shelf.at(desk.door.engine.generation(), asked(request.uri()))?;
    let response = match has_it(request.headers(), &known.tag, tick.at) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => sent(&*ready?, known.media_type, request.headers()),
    };
    Some(open_to_every_site(validated(response, &known.tag, tick.at)))
}

fn answered(
    desk: &Desk,
    own: &str,
    media_type: &'static str,
    headers: &HeaderMap,
    write: impl Fn(&Door, Tick) -> Result<Document, Failure>,
) -> Result<Response, Failure> {
    let Desk { door, shelf } = desk;
    for _ in 0..ATTEMPTS {
        let tick = settled_tick(door)?;
        let tag = tag_at(tick, own, media_type, door);
        if has_it(headers, &tag, tick.at) {
            return Ok(validated(StatusCode::NOT_MODIFIED.into_response(), &tag, tick.at));
        }
        if let Some(ready) = shelf.get(&tag) {
            return Ok(validated(sent(&ready, media_type, headers), &tag, tick.at));
        }
        let document = write(door, tick)?;
        // What was written while the newsroom changed may show some of both states.
        if door.reader.tick()?.seq == tick.seq {
            shelf.turn_to(tick);
            let ready = shelf.put(tick, &tag, document).map_err(|error| Failure::Broken(error.to_string()))?;
            return Ok(validated(sent(&ready, media_type, headers), &tag, tick.at));
        }
    }
    Err(Failure::Rebuilding)
}

/// The tag of a document in the state at `tick`.
fn tag_at(tick: Tick, own: &str, media_type: &str, door: &Door) -> String {
    tag(&[own, media_type, &tick.seq.to_string(), env!("CARGO_PKG_VERSION"), &door.base_url])
}

fn sent(ready: &Ready, media_type: &'static str, headers: &HeaderMap) -> Response {
    let mut response = match takes_gzip(headers) {
        true => ([(header::CONTENT_ENCODING, "gzip")], ready.gzip.clone()).into_response(),
        false => ready.plain.clone().into_response(),
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(next) = &ready.next
        && let Ok(link) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// Whether `Accept-Encoding` names gzip with a weight above zero (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|weight| weight > 0.0)
    })
}

/// A strong tag: the generation says which entries, the rest how they are written. A new presentation (labels, themes,
/// members) writes a tick of its own, so it need not stand here.
fn tag(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: String = hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digest}\"")
}

/// RFC 9110, section 13.2.2: `If-None-Match` wins, `If-Modified-Since` counts only without it.
fn has_it(headers: &HeaderMap, tag: &str, at: Timestamp) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == tag);
    }
    let since =
        headers.get(header::IF_MODIFIED_SINCE).and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok());
    since.is_some_and(|since| since >= http_time(at))
}

fn http_time(at: Timestamp) -> std::time::SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default())
}

fn validated(mut response: Response, tag: &str, at: Timestamp) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(http_time(at))) {
        headers.insert(header::LAST_MODIFIED, date);
    }
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_every_spelling_and_wins_over_the_date() {
        let at: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let (same, older, newer) =
            ("Tue, 24 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2026 11:59:59 GMT", "Wed, 25 Nov 2026 12:00:00 GMT");
        for (none_match, since, known) in [
            (Some("\"a\""), None, true),
            (Some("W/\"a\""), None, true),
            (Some("\"b\", W/\"a\""), None, true),
            (Some(" * "), None, true),
            (Some("a"), None, false),
            (Some("\"b\""), Some(same), false),
            (Some(""), Some(same), false),
            (None, Some(same), true),
            (None, Some(newer), true),
            (None, Some(older), false),
            (None, Some("yesterday"), false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(value) = none_match {
                headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            }
            if let Some(value) = since {
                headers.insert(header::IF_MODIFIED_SINCE, HeaderValue::from_static(value));
            }
            assert_eq!(has_it(&headers, "\"a\"", at), known, "{none_match:?} {since:?}");
        }
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (accepted, taken) in [
            ("gzip", true),
            ("br, GZip;q=0.5", true),
            ("deflate, gzip ; q=1.0", true),
            ("gzip;q=0", false),
            ("gzip;q=0.000", false),
            ("identity", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            assert_eq!(takes_gzip(&headers), taken, "{accepted}");
        }
    }

    #[test]
    fn each_part_of_a_tag_counts() {
        assert_ne!(tag(&["ab", "c"]), tag(&["a", "bc"]));
        assert_eq!(tag(&["a"]), tag(&["a"]));
    }
}
