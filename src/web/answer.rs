//! From a handler's result to a response: pages, their validators, and the pages that say what went wrong.
//!
//! A handler is a plain function from a [`Visit`] to a response or a [`Failure`]; it runs on a thread that may block,
//! since it asks index and store.

use super::{Door, frame::Frame, language};
use crate::{
    labels::{Labels, Value},
    model::Lang,
    search::{BadParameter, PARAMETERS, SearchError},
    store::StoreError,
};
use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

/// One request for a page, as far as pages care.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// Language of the page.
    pub lang: Lang,
    /// Path below the language, for example `/search`.
    pub path: String,
    /// The query string as sent, still encoded.
    pub query: String,
    /// The last segment of paths that name a thing; empty elsewhere.
    pub id: String,
    /// Headers of the request.
    pub headers: HeaderMap,
}

/// Why a page is not shown; each variant says what the visitor gets.
#[derive(Debug)]
pub(super) enum Failure {
    /// 404.
    NotFound,
    /// 410, with the day since when.
    Gone(Timestamp),
    /// 400, naming every parameter that was refused.
    BadParameters(Vec<BadParameter>),
    /// 503 for some seconds.
    Rebuilding,
    /// 500; the reason goes to the log.
    Broken(String),
    /// A redirect to an address of ours, for good (301) or for this reader (302).
    Elsewhere(String, bool),
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Rebuilding => Failure::Rebuilding,
            other => Failure::Broken(other.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Broken(error.to_string())
    }
}

impl From<Vec<BadParameter>> for Failure {
    fn from(refused: Vec<BadParameter>) -> Self {
        Failure::BadParameters(refused)
    }
}

type Handler = fn(&Door, &Visit) -> Result<Response, Failure>;

/// A page in one language at a fixed path.
pub(super) fn page(lang: Lang, handler: Handler) -> MethodRouter<Door> {
    get(move |State(door): State<Door>, uri: Uri, headers: HeaderMap| {
        run(door, visit(Some(lang), &uri, String::new(), headers), handler)
    })
}

/// A page in one language about the thing that the last path segment names.
pub(super) fn page_of(lang: Lang, handler: Handler) -> MethodRouter<Door> {
    get(move |State(door): State<Door>, id: Result<Path<String>, PathRejection>, uri: Uri, headers: HeaderMap| {
        run(door, visit(Some(lang), &uri, name(id), headers), handler)
    })
}

/// Something at a fixed path outside the languages; the visit has the reader's language.
pub(super) fn plain(handler: Handler) -> MethodRouter<Door> {
    get(move |State(door): State<Door>, uri: Uri, headers: HeaderMap| {
        run(door, visit(None, &uri, String::new(), headers), handler)
    })
}

/// Something outside the languages about the thing that the last path segment names.
pub(super) fn plain_of(handler: Handler) -> MethodRouter<Door> {
    get(move |State(door): State<Door>, id: Result<Path<String>, PathRejection>, uri: Uri, headers: HeaderMap| {
        run(door, visit(None, &uri, name(id), headers), handler)
    })
}

/// A path segment that is no UTF-8 names nothing.
fn name(id: Result<Path<String>, PathRejection>) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

fn visit(lang: Option<Lang>, uri: &Uri, id: String, headers: HeaderMap) -> Visit {
    let path = match lang {
        Some(lang) => uri.path().strip_prefix(&format!("/{lang}")).unwrap_or(uri.path()),
        None => uri.path(),
    };
    Visit {
        lang: lang.unwrap_or_else(|| language::of(&headers)),
        path: path.to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        id,
        headers,
    }
}

async fn run(door: Door, visit: Visit, handler: Handler) -> Response {
    let work = tokio::task::spawn_blocking(move || match handler(&door, &visit) {
        Ok(response) => response,
        Err(failure) => failed(&door, &visit, failure),
    });
    match work.await {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Writes `template` as a page that a cache may keep if it asks again each time.
pub(super) fn html(frame: &Frame, template: &impl Template) -> Result<Response, Failure> {
    let text = template.render().map_err(|error| Failure::Broken(format!("cannot write the page: {error}")))?;
    let mut response = document("text/html; charset=utf-8", text);
    content_language(&mut response, frame.l.lang());
    Ok(response)
}

/// A document of ours with a validator made from its bytes.
pub(super) fn document(media_type: &'static str, text: String) -> Response {
    let digest = Sha256::digest(text.as_bytes());
    let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    // Weak, because the compressed and the plain form share it (RFC 9110, section 8.8.1).
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{tag}\"")) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// A redirect to an address of ours, which must be in ASCII; `for_good` is 301, else 302.
pub(super) fn redirect(to: &str, for_good: bool) -> Response {
    let status = if for_good { StatusCode::MOVED_PERMANENTLY } else { StatusCode::FOUND };
    match HeaderValue::from_str(to) {
        Ok(location) => (status, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Answers 304 where the reader already has what would be sent (RFC 9110, section 13.1.2: weak comparison).
pub(super) async fn not_modified(request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let (Some(known), Some(tag)) = (known, response.headers().get(header::ETAG)) else { return response };
    if response.status() != StatusCode::OK || !names(&known, tag) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|one| bare(one) == bare(tag))
}

/// What an error page says.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: &'a Frame,
    heading: String,
    says: String,
    refused: Vec<Refusal>,
}

/// A refused parameter in words of the page's language.
struct Refusal {
    parameter: String,
    says: String,
}

/// What would have been right, as a label: programs get the exact message from the API.
fn refusal(l: &'static Labels, refused: &BadParameter) -> Refusal {
    let says = match refused.parameter.as_str() {
        "q" => l.text("refused-words"),
        "theme" | "member" | "country" | "lang" | "kind" | "issuer" => l.text("refused-value"),
        "from" | "to" => l.text("refused-day"),
        "sort" => l.text("refused-sort"),
        "limit" | "offset" => l.text("refused-number"),
        "cursor" => l.text("refused-cursor"),
        known if PARAMETERS.contains(&known) => l.text("refused-other"),
        _ => l.text("refused-unknown"),
    };
    Refusal { parameter: refused.parameter.clone(), says: says.into_owned() }
}

fn failed(door: &Door, visit: &Visit, failure: Failure) -> Response {
    let l = Labels::get(visit.lang);
    let (status, heading, says, refused) = match failure {
        Failure::Elsewhere(to, for_good) => return redirect(&to, for_good),
        Failure::NotFound => (StatusCode::NOT_FOUND, "not-found", l.text("not-found-says").into_owned(), vec![]),
        Failure::Gone(since) => {
            let day = l.day(TimeZone::UTC.to_datetime(since).date());
            (StatusCode::GONE, "gone", l.with("gone-says", &[("day", Value::from(day))]), vec![])
        }
        Failure::BadParameters(refused) => {
            (StatusCode::BAD_REQUEST, "bad-request", l.text("bad-request-says").into_owned(), refused)
        }
        Failure::Rebuilding => {
            (StatusCode::SERVICE_UNAVAILABLE, "rebuilding", l.text("rebuilding-says").into_owned(), vec![])
        }
        Failure::Broken(reason) => {
            tracing::error!(path = %visit.path, "a page failed: {reason}");
            (StatusCode::INTERNAL_SERVER_ERROR, "broken", l.text("broken-says").into_owned(), vec![])
        }
    };
    error_page(door, visit.lang, status, heading, says, &refused)
}

fn error_page(
    door: &Door,
    lang: Lang,
    status: StatusCode,
    heading: &'static str,
    says: String,
    refused: &[BadParameter],
) -> Response {
    let l = Labels::get(lang);
    let heading = heading_of(l, heading);
    let frame = Frame::of_error(door, lang, &heading, &says);
    let refused = refused.iter().map(|one| refusal(l, one)).collect();
    let page = ErrorPage { frame: &frame, heading, says, refused };
    let Ok(text) = page.render() else { return status.into_response() };
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    content_language(&mut response, lang);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn heading_of(l: &'static Labels, which: &str) -> String {
    let text = match which {
        "not-found" => l.text("not-found"),
        "gone" => l.text("gone"),
        "bad-request" => l.text("bad-request"),
        "rebuilding" => l.text("rebuilding"),
        _ => l.text("broken"),
    };
    text.into_owned()
}

fn content_language(response: &mut Response, lang: Lang) {
    if let Ok(value) = HeaderValue::from_str(lang.as_str()) {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, value);
    }
}

/// The page for an address that leads nowhere. A page's address with a slash too many is redirected.
pub fn not_found(door: &Door, uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path();
    let lang = crate::labels::LANGS.into_iter().find(|lang| path.starts_with(&format!("/{lang}/")));
    if let Some(bare) = path.strip_suffix('/')
        && lang.is_some()
        && !path.contains("//")
        && bare.len() > "/fr".len()
    {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return redirect(&format!("{bare}{query}"), true);
    }
    let lang = lang.unwrap_or_else(|| language::of(headers));
    let says = Labels::get(lang).text("not-found-says").into_owned();
    error_page(door, lang, StatusCode::NOT_FOUND, "not-found", says, &[])
}

/// The page for a fault of ours, of which the reason is in the log.
pub fn internal_error(door: &Door, headers: &HeaderMap) -> Response {
    let lang = language::of(headers);
    let says = Labels::get(lang).text("broken-says").into_owned();
    error_page(door, lang, StatusCode::INTERNAL_SERVER_ERROR, "broken", says, &[])
}
