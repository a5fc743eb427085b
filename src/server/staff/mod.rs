//! The staff's pages on the admin listener: what should be looked at, and the staff's word as forms.
//!
//! They are served on a loopback address only, to a browser that names a loopback host (so that no foreign name can be
//! bound to this machine), and a form is taken only from a page of this listener. To add a list: a line in [`LISTS`] and
//! a function in `lists`.

mod desk;
mod guard;
mod lists;

use super::ServeOptions;
use crate::{
    config::Config,
    labels::Labels,
    model::Lang,
    store::{Store, StoreError},
    web,
};
use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use std::sync::Arc;
use tower_http::limit::RequestBodyLimitLayer;

/// Largest form.
const FORM: usize = 16 << 10;

const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The lists: name in the address, key of the heading, what makes it.
const LISTS: [(&str, &str, lists::Maker); 6] = [
    ("untagged", "staff-untagged", lists::untagged),
    ("weak", "staff-weak", lists::weak),
    ("conflicts", "staff-conflicts", lists::conflicts),
    ("undated", "staff-undated", lists::undated),
    ("missing", "staff-missing", lists::missing),
    ("words", "staff-words", lists::words),
];

/// What the pages are made from.
#[derive(Clone)]
pub(super) struct Staff {
    store: Store,
    config: Arc<Config>,
    base_url: Arc<str>,
}

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Refused(String),
    #[error("cannot write the page: {0}")]
    Page(#[from] askama::Error),
    #[error("there is nothing at this address")]
    NotFound,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Store(_) | Self::Page(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(_) => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
        };
        if status.is_server_error() {
            tracing::error!("a page for the staff failed: {self}");
        }
        (status, format!("{self}\n")).into_response()
    }
}

/// A link in the navigation.
struct Link {
    href: String,
    label: String,
    current: bool,
}

/// A field of a table.
#[derive(Debug, Default)]
struct Cell {
    text: String,
    href: String,
}

/// A list of things to look at.
#[derive(Debug, Default)]
struct Table {
    heading: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// What is said about rows that are not shown.
    more: String,
}

#[derive(Template)]
#[template(path = "staff.html")]
struct Page {
    l: &'static Labels,
    title: String,
    title_lang: Option<Lang>,
    lead: String,
    navigation: Vec<Link>,
    tables: Vec<Table>,
    desk: Option<desk::Desk>,
}

/// The pages, or a word on why there are none.
pub(super) fn router(options: &ServeOptions, base_url: &Arc<str>) -> Router {
    let listens_to_itself = options.admin.local_addr().is_ok_and(|address| address.ip().is_loopback());
    if !listens_to_itself {
        let why = "the pages for the staff are served only where the admin address is a loopback one\n";
        return Router::new().route("/staff/{*rest}", get(async move || (StatusCode::FORBIDDEN, why)));
    }
    let staff = Staff { store: options.store.clone(), config: options.config.clone(), base_url: base_url.clone() };
    Router::new()
        .route("/staff", get(async || Redirect::permanent("/staff/")))
        .route("/staff/", get(overview))
        .route(
            "/staff/style.css",
            get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], web::STYLE_SHEET)),
        )
        .route("/staff/{list}", get(list))
        .route("/staff/release/{id}", get(release).post(decide))
        .layer(RequestBodyLimitLayer::new(FORM))
        .layer(middleware::from_fn(guard::only_this_machine))
        .layer(middleware::map_response(protected))
        .with_state(staff)
}

async fn protected(mut response: Response) -> Response {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Without its origin a form could not be told from a foreign one.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Runs what reads the store off the event loop.
async fn made(work: impl FnOnce() -> Result<Response, Failure> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) => failure.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn html(page: &Page) -> Result<Response, Failure> {
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.render()?).into_response())
}

fn navigation(l: &'static Labels, current: &str) -> Vec<Link> {
    let lists = LISTS.iter().map(|(name, key, _)| Link {
        href: format!("/staff/{name}"),
        label: l.text(key).into_owned(),
        current: *name == current,
    });
    lists.collect()
}

async fn overview(State(staff): State<Staff>, headers: HeaderMap) -> Response {
    made(move || {
        let l = Labels::get(web::language_of(&headers));
        let tables = vec![lists::members(&staff, l)?, lists::failing(&staff, l)?, lists::counts(&staff, l)?];
        html(&Page {
            l,
            title: l.text("staff-overview").into_owned(),
            title_lang: None,
            lead: l.text("staff-lead").into_owned(),
            navigation: navigation(l, ""),
            tables,
            desk: None,
        })
    })
    .await
}

async fn list(State(staff): State<Staff>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    made(move || {
        let l = Labels::get(web::language_of(&headers));
        let (_, key, make) = LISTS.iter().find(|(known, ..)| *known == name).ok_or(Failure::NotFound)?;
        let title = l.text(key).into_owned();
        let tables = make(&staff, l)?;
        let lead = String::new();
        html(&Page { l, title, title_lang: None, lead, navigation: navigation(l, &name), tables, desk: None })
    })
    .await
}

async fn release(State(staff): State<Staff>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    made(move || {
        let l = Labels::get(web::language_of(&headers));
        let (title, lang, desk) = desk::show(&staff, l, &id)?;
        html(&Page {
            l,
            title,
            title_lang: (lang != l.lang()).then_some(lang),
            lead: String::new(),
            navigation: navigation(l, ""),
            tables: Vec::new(),
            desk: Some(desk),
        })
    })
    .await
}

async fn decide(State(staff): State<Staff>, Path(id): Path<String>, headers: HeaderMap, form: Bytes) -> Response {
    if !guard::is_own_form(&headers) {
        return (StatusCode::FORBIDDEN, "this form does not come from a page of this listener\n").into_response();
    }
    made(move || {
        let id = desk::decide(&staff, &id, &form)?;
        Ok(Redirect::to(&format!("/staff/release/{id}")).into_response())
    })
    .await
}
