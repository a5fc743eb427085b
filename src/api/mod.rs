//! # API: search results as JSON
//!
//! The door for programs: `/api/v1/…`, described by OpenAPI 3.1 from this code and explained at `/api`. Parameters are
//! those of every other door, and strict; errors are problem+json (RFC 9457) and name the parameter.
//!
//! An operation is one handler in `routes` or `lists`, one line in [`router`] and one in `openapi`; what answers hold stands in
//! `item` and `answer`.

mod answer;
mod http;
mod item;
mod lists;
mod openapi;
mod page;
mod parameters;
mod problem;
mod rate;
mod routes;

pub use item::Item;
pub use openapi::document;

use crate::config::Config;
use crate::labels::Labels;
use crate::model::Lang;
use crate::search::Engine;
use crate::store::Reader;
use axum::{Router, middleware, routing::get};
use std::sync::Arc;

/// What answers are made from.
#[derive(Clone)]
pub struct Door {
    /// Answers searches.
    pub engine: Engine,
    /// Reads single releases and how members stand.
    pub reader: Reader,
    /// Members and themes.
    pub config: Arc<Config>,
    /// Public address with a final slash.
    pub base_url: Arc<str>,
}

impl Door {
    /// An absolute address of ours; `path` without a leading slash.
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn labels(&self, lang: Lang) -> &'static Labels {
        Labels::get(lang)
    }
}

/// All operations. Everything else below `/api` is a problem with status 404.
pub fn router(door: Door) -> Router {
    let quota = door.config.settings.server.rate_limit;
    let router = Router::new()
        .route("/api", get(page::show))
        .route("/api/style.css", get(page::style))
        .route("/api/v1/releases", get(routes::releases))
        .route("/api/v1/releases/{id}", get(routes::release))
        .route("/api/v1/releases/{id}/related", get(routes::related))
        .route("/api/v1/suggest", get(lists::suggest))
        .route("/api/v1/themes", get(lists::themes))
        .route("/api/v1/members", get(lists::members))
        .route("/api/v1/countries", get(lists::countries))
        .route("/api/v1/openapi.json", get(routes::openapi))
        .route("/api/{*rest}", get(routes::nothing))
        .method_not_allowed_fallback(problem::method)
        .with_state(door);
    let router = match quota {
        Some(quota) => router.layer(middleware::from_fn_with_state(rate::Limiter::new(quota), rate::limit)),
        None => router,
    };
    router.layer(middleware::from_fn(http::common))
}
