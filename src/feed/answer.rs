//! From a request to a feed: parameters, validators, cache rules, errors.

use super::build::{BuildError, channel, public, query_for};
use super::{Door, Format, WriteError};
use crate::model::Lang;
use crate::search::{BadParameter, Query, SearchError};
use crate::store::{StoreError, Tick};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::time::{Duration, UNIX_EPOCH};

/// A feed may be kept for five minutes and shown for a day while it is asked again.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400");
/// How often, and how long between, we look whether the index has followed the store.
const PATIENCE: (u32, Duration) = (40, Duration::from_millis(25));

/// Why there is no feed; each variant says what the reader gets.
#[derive(Debug)]
pub enum Failure {
    /// 400, naming the parameters.
    BadParameters(Vec<BadParameter>),
    /// 503 for some seconds.
    Rebuilding,
    /// 500; the reason goes to the log.
    Broken(String),
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Search(SearchError::Rebuilding) => Failure::Rebuilding,
            other => Failure::Broken(other.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Broken(error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Failure::Broken(error.to_string())
    }
}

/// A search as a feed or table.
pub async fn search(format: Format, lang: Lang, State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Response {
    blocking(move || {
        let (query, limited) = match query(&door, &uri) {
            Ok((query, limited)) => (query_for(&format, query), limited),
            Err(refused) => return Err(Failure::BadParameters(refused)),
        };
        let asked =
            if limited { query.clone() } else { Query { limit: crate::search::DEFAULT_LIMIT, ..query.clone() } };
        let parameters = with_limit(public(&asked), limited, &query);
        let path = uri.path().trim_start_matches('/');
        let own = if parameters.is_empty() { path.to_owned() } else { format!("{path}?{parameters}") };
        answered(&door, &own, format.media_type, &headers, |door, tick| {
            let channel = channel(door, &format, lang, &query, limited, &own, tick)?;
            Ok((format.write)(&channel)?)
        })
    })
    .await
}

/// The canonical form leaves the default page size out; in a feed it means something else than none.
fn with_limit(parameters: String, limited: bool, query: &Query) -> String {
    if !limited || parameters.contains("limit=") {
        return parameters;
    }
    let limit = format!("limit={}", query.limit);
    if parameters.is_empty() { limit } else { format!("{parameters}&{limit}") }
}

/// The query of an address, and whether the reader set `limit=`.
fn query(door: &Door, uri: &Uri) -> Result<(Query, bool), Vec<BadParameter>> {
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.contains(|c: char| c.is_control() || c == '\u{fffd}'))
    {
        let message = "is not percent-encoded UTF-8 without control characters".to_owned();
        return Err(vec![BadParameter { parameter: name.clone(), message }]);
    }
    let limited = pairs.iter().any(|(name, _)| name == "limit");
    let query = door.engine.query(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
    Ok((query, limited))
}

/// A document that is no search: it takes no parameters.
pub async fn document(
    door: &Door,
    name: &'static str,
    media_type: &'static str,
    uri: &Uri,
    headers: &HeaderMap,
    write: fn(&Door, Tick) -> Result<String, Failure>,
) -> Response {
    let (door, headers) = (door.clone(), headers.clone());
    let refused: Vec<BadParameter> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .map(|(name, _)| BadParameter { parameter: name.into_owned(), message: "is not understood here".to_owned() })
        .collect();
    blocking(move || {
        if !refused.is_empty() {
            return Err(Failure::BadParameters(refused));
        }
        answered(&door, name, media_type, &headers, write)
    })
    .await
}

async fn blocking(work: impl FnOnce() -> Result<Response, Failure> + Send + 'static) -> Response {
    let mut response = match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) => failed(failure),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("ETag, Last-Modified, Link, Retry-After"),
    );
    response
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

fn answered(
    door: &Door,
    own: &str,
    media_type: &'static str,
    headers: &HeaderMap,
    write: impl FnOnce(&Door, Tick) -> Result<String, Failure>,
) -> Result<Response, Failure> {
    let tick = settled_tick(door)?;
    let seq = tick.seq.to_string();
    let tag = tag(&[own, media_type, &seq, env!("CARGO_PKG_VERSION"), &door.base_url]);
    if has_it(headers, &tag, tick.at) {
        return Ok(validated(StatusCode::NOT_MODIFIED.into_response(), &tag, tick.at));
    }
    let body = write(door, tick)?;
    let response = ([(header::CONTENT_TYPE, media_type)], body).into_response();
    Ok(validated(response, &tag, tick.at))
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

fn failed(failure: Failure) -> Response {
    let (status, detail, errors) = match failure {
        Failure::BadParameters(refused) => {
            let names: Vec<&str> = refused.iter().map(|bad| bad.parameter.as_str()).collect();
            let detail = format!("refused parameters: {}", names.join(", "));
            let errors = refused.iter().map(|bad| json!({"parameter": bad.parameter, "message": bad.message}));
            (StatusCode::BAD_REQUEST, detail, errors.collect())
        }
        Failure::Rebuilding => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the index is being rebuilt, try again in a moment".to_owned(),
            Vec::new(),
        ),
        Failure::Broken(reason) => {
            tracing::error!("cannot publish a feed: {reason}");
            (StatusCode::INTERNAL_SERVER_ERROR, "this is our fault; it was logged".to_owned(), Vec::new())
        }
    };
    let title = status.canonical_reason().unwrap_or_default();
    let mut problem = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    if let (false, Some(map)) = (errors.is_empty(), problem.as_object_mut()) {
        map.insert("errors".to_owned(), json!(errors));
    }
    let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, headers, problem.to_string()).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
