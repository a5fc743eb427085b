//! What all answers share: CORS for reads, validators, cache rules.

use super::problem::Failure;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Answers may be kept for a minute and shown for five more while they are asked again.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60, stale-while-revalidate=300");

const CORS: [(HeaderName, HeaderValue); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Link, ETag, Retry-After, RateLimit, RateLimit-Policy"),
    ),
];

/// CORS on everything, errors and 304 included; preflights are answered here.
pub async fn common(request: Request, next: Next) -> Response {
    let mut response = match request.method() {
        &Method::OPTIONS => preflight(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in CORS {
        headers.insert(name, value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(CACHE);
    response
}

fn preflight() -> Response {
    let headers = [
        (header::ALLOW, "GET, HEAD, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// An entity tag over `parts`. Weak where the same state may answer with other bytes (scores after a rebuild).
pub fn tag(parts: &[&str], weak: bool) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: String = hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("{}\"{digest}\"", if weak { "W/" } else { "" })
}

/// Whether the client has the answer already (RFC 9110, section 13.1.2: weak comparison).
pub fn has_it(headers: &HeaderMap, tag: &str) -> bool {
    let bare = tag.trim_start_matches("W/");
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == bare)
}

/// 304 with the headers that a 200 would have had.
pub fn not_modified(tag: &str) -> Response {
    with_tag(StatusCode::NOT_MODIFIED.into_response(), tag)
}

/// Adds the entity tag; labels depend on the reader's language.
pub fn with_tag(mut response: Response, tag: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// A value as JSON of the given media type.
pub fn json<T: Serialize>(value: &T, media_type: &'static str) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(header::CONTENT_TYPE, media_type)], body).into_response(),
        Err(error) => {
            tracing::error!("cannot write an answer: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// JSON with a tag over its bytes.
pub fn tagged<T: Serialize>(value: &T, headers: &HeaderMap) -> Result<Response, Failure> {
    let body = serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))?;
    let tag = tag(&[&body], false);
    if has_it(headers, &tag) {
        return Ok(not_modified(&tag));
    }
    let response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    Ok(with_tag(response, &tag))
}
