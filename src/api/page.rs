//! `/api`: how to ask, with examples that work.

use super::Door;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "api.html")]
struct Documentation<'a> {
    title: &'a str,
    base: &'a str,
}

/// The documentation page.
pub async fn show(State(door): State<Door>) -> Response {
    let page = Documentation { title: &door.config.settings.server.title, base: door.base_url.trim_end_matches('/') };
    match page.render() {
        Ok(html) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => super::problem::Failure::Broken(error.to_string()).into_response(),
    }
}

/// Its style sheet.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("templates/style.css")).into_response()
}
