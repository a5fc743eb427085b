//! What went wrong, as problem+json (RFC 9457).

use super::http;
use crate::model::ReleaseId;
use crate::search::{BadParameter, SearchError};
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem with a request or with us.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says which problem it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The name of the status.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened, for people.
    pub detail: String,
    /// The parameters that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Refused>,
}

/// One parameter that was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Refused {
    /// Its name.
    pub parameter: String,
    /// What is wrong and what would have been right.
    pub message: String,
}

/// Why there is no answer; each variant says what the program gets.
#[derive(Debug)]
pub enum Failure {
    /// 400, naming every parameter that was refused.
    BadParameters(Vec<BadParameter>),
    /// 404.
    NotFound(String),
    /// 410, with the time since when.
    Gone(Timestamp),
    /// 308 to the release that this one was joined into; the rest of the path after its id.
    Moved(ReleaseId, &'static str),
    /// 429, with the seconds until the next minute begins.
    TooMany(u64),
    /// 503 for some seconds.
    Rebuilding,
    /// 500; the reason goes to the log.
    Broken(String),
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

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Failure::BadParameters(refused) => {
                let names: Vec<&str> = refused.iter().map(|bad| bad.parameter.as_str()).collect();
                let detail = format!("refused parameters: {}", names.join(", "));
                let errors = refused.into_iter().map(|bad| Refused { parameter: bad.parameter, message: bad.message });
                answer(StatusCode::BAD_REQUEST, detail, errors.collect())
            }
            Failure::NotFound(detail) => answer(StatusCode::NOT_FOUND, detail, Vec::new()),
            Failure::Gone(since) => answer(StatusCode::GONE, format!("withdrawn since {since}"), Vec::new()),
            Failure::Moved(id, rest) => {
                let detail = format!("joined into release {id}");
                let mut response = answer(StatusCode::PERMANENT_REDIRECT, detail, Vec::new());
                if let Ok(to) = HeaderValue::from_str(&format!("/api/v1/releases/{id}{rest}")) {
                    response.headers_mut().insert(header::LOCATION, to);
                }
                response
            }
            Failure::TooMany(seconds) => {
                let detail = format!("too many requests from your address: come back in {seconds} seconds");
                answer(StatusCode::TOO_MANY_REQUESTS, detail, Vec::new())
            }
            Failure::Rebuilding => {
                let detail = "the index is being rebuilt, try again in a moment".to_owned();
                let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, detail, Vec::new());
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                response
            }
            Failure::Broken(reason) => {
                tracing::error!("cannot answer: {reason}");
                answer(StatusCode::INTERNAL_SERVER_ERROR, "this is our fault; it was logged".to_owned(), Vec::new())
            }
        }
    }
}

fn answer(status: StatusCode, detail: String, errors: Vec<Refused>) -> Response {
    let title = status.canonical_reason().unwrap_or_default().to_owned();
    let problem = Problem { kind: "about:blank", title, status: status.as_u16(), detail, errors };
    let mut response = http::json(&problem, "application/problem+json");
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Everything but GET, HEAD and OPTIONS.
pub async fn method() -> Response {
    let detail = "only GET, HEAD and OPTIONS are answered here".to_owned();
    let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, detail, Vec::new());
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    response
}
