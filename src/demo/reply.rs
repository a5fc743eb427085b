//! A request and an answer, as plain values: the sites are functions from one to the other.

use axum::{
    Router,
    body::Body,
    extract,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
    routing::get,
};
use std::sync::Arc;

/// What a site needs to know of a request.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Host without port, lower case.
    pub host: String,
    /// Path, percent-encoded as sent.
    pub path: String,
    /// Query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// `If-None-Match` as sent.
    pub if_none_match: String,
}

impl Request {
    /// The value of the first parameter called `name`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// 200 with a body of this content type.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    /// 200 with a page.
    pub fn html(body: String) -> Self {
        Self::ok("text/html; charset=UTF-8", body)
    }

    /// 301 to an absolute address.
    pub fn moved(to: String) -> Self {
        Self { status: 301, headers: vec![("location", to)], body: Vec::new() }
    }

    /// The same answer under another status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same answer with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Serves `answer` for GET and HEAD on every path; other methods get 405.
pub(super) fn router(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Router {
    let answer = Arc::new(answer);
    Router::new().fallback(get(move |request: extract::Request| {
        let reply = answer(&read(&request));
        async move { response(reply) }
    }))
}

fn read(request: &extract::Request) -> Request {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = header(header::HOST);
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let query = request.uri().query().unwrap_or_default();
    Request {
        host: host.to_ascii_lowercase(),
        path: request.uri().path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        if_none_match: header(header::IF_NONE_MATCH).to_owned(),
    }
}

fn response(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
