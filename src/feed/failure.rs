//! Why is there no feed, and what does the reader get instead? Problems in the form of RFC 9457.

use super::WriteError;
use super::answer::CACHE;
use super::build::BuildError;
use crate::search::{BadParameter, SearchError};
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why there is no feed; each variant says what the reader gets.
#[derive(Debug)]
pub enum Failure {
    /// 400, naming the parameters.
    BadParameters(Vec<BadParameter>),
    /// 404, naming the themes or members that do not exist.
    NoSuchFeed(Vec<BadParameter>),
    /// 301: the feed has another address for good.
    Moved(String),
    /// 405.
    WrongMethod,
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

/// What the reader gets.
pub fn failed(failure: Failure) -> Response {
    let (status, detail, errors) = match failure {
        Failure::BadParameters(refused) => (StatusCode::BAD_REQUEST, refusal(&refused), named(&refused)),
        Failure::NoSuchFeed(refused) => (StatusCode::NOT_FOUND, refusal(&refused), named(&refused)),
        Failure::Moved(to) => return moved(&to),
        Failure::WrongMethod => {
            (StatusCode::METHOD_NOT_ALLOWED, "feeds are read with GET or HEAD".to_owned(), Vec::new())
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
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn moved(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => {
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to), (header::CACHE_CONTROL, CACHE)]).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn refusal(refused: &[BadParameter]) -> String {
    let names: Vec<&str> = refused.iter().map(|bad| bad.parameter.as_str()).collect();
    format!("refused parameters: {}", names.join(", "))
}

fn named(refused: &[BadParameter]) -> Vec<serde_json::Value> {
    refused.iter().map(|bad| json!({"parameter": bad.parameter, "message": bad.message})).collect()
}
