//! The admin listener: is the newsroom alive, is it ready, how do its members stand?

use super::{ServeOptions, metrics::Metrics, public};
use crate::{
    config::Config,
    search::{Engine, Query, SearchError},
    store::{MemberStatus, Reader, StoreError},
};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Clone)]
struct Admin {
    engine: Engine,
    reader: Reader,
    config: Arc<Config>,
    metrics: Metrics,
}

/// Health and metrics.
pub(super) fn router(options: &ServeOptions, metrics: Metrics) -> Router {
    let admin = Admin {
        engine: options.engine.clone(),
        reader: options.store.reader(),
        config: options.config.clone(),
        metrics,
    };
    Router::new()
        .route("/health/live", get(async || "alive\n"))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics_text))
        .layer(middleware::map_response(public::not_stored))
        .with_state(admin)
}

/// Can readers be served? 503 while the index is rebuilt, before anything was published, and when a part is broken. A
/// member that cannot be read is named, but is no reason to take the newsroom from its readers.
async fn ready(State(admin): State<Admin>) -> Response {
    let asked = tokio::task::spawn_blocking(move || state(&admin)).await;
    let (ready, body) = asked.unwrap_or_else(|_| (false, json!({ "status": "broken" })));
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = (status, format!("{body:#}\n")).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn state(admin: &Admin) -> (bool, Value) {
    let probe = Query { limit: 1, highlight: false, ..Query::default() };
    let tick = admin.reader.tick();
    let members = admin.reader.members();
    let status = match (admin.engine.search(&probe), &tick, &members) {
        (_, Err(error), _) | (_, _, Err(error)) => broken(error),
        (Err(SearchError::Rebuilding), ..) => "rebuilding",
        (Err(error), ..) => broken(&error),
        (Ok(_), Ok(tick), _) if tick.seq == 0 => "empty",
        (Ok(_), ..) => "ready",
    };
    let members = members.unwrap_or_default();
    let body = json!({
        "status": status,
        "generation": admin.engine.generation(),
        "published": tick.map_or(0, |tick| tick.seq),
        "members": admin.config.members.iter().map(|member| {
            let status = members.iter().find(|status| status.id == member.id);
            standing(member.id.as_str(), member.name(), status)
        }).collect::<Vec<_>>(),
    });
    (status == "ready", body)
}

fn broken(error: &dyn std::error::Error) -> &'static str {
    tracing::error!("not ready: {error}");
    "broken"
}

fn standing(id: &str, name: &str, status: Option<&MemberStatus>) -> Value {
    let at = |time: Option<jiff::Timestamp>| time.map(|at| at.to_string());
    json!({
        "id": id,
        "name": name,
        "complete_since": at(status.and_then(|status| status.complete_since)),
        "last_read": at(status.and_then(|status| status.last_read)),
        "failing": status.and_then(|status| status.failing.as_deref()),
        "failing_since": at(status.and_then(|status| status.failing_since)),
        "releases": status.map_or(0, |status| status.releases),
        "undated": status.map_or(0, |status| status.undated),
    })
}

async fn metrics_text(State(admin): State<Admin>) -> Response {
    let written = tokio::task::spawn_blocking(move || {
        let members = admin.reader.members()?;
        Ok::<_, StoreError>(admin.metrics.write(admin.engine.generation(), &members))
    });
    match written.await {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
            .into_response(),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
