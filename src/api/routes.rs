//! Operations on releases, and the description of the API itself.

use super::answer::Answer;
use super::http::{self, tagged};
use super::item::Item;
use super::parameters::{SearchParameters, no_parameters, pairs, reader_language};
use super::problem::{Failure, Problem};
use super::{Door, openapi};
use crate::model::ReleaseId;
use crate::search::{Query, Sort};
use crate::store::Lookup;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// Releases in an answer about related ones.
const RELATED: usize = 10;

fn query_of(door: &Door, uri: &Uri) -> Result<Query, Failure> {
    let pairs = pairs(uri)?;
    Ok(door.engine.query(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))?)
}

fn release_id(id: &str) -> Result<ReleaseId, Failure> {
    ReleaseId::new(id).map_err(|error| Failure::NotFound(error.to_string()))
}

/// Search releases
///
/// All words must match; ten parameters narrow the answer, and `facets` counts what is left. Follow `links.next` (or the
/// `Link` header) to walk through all of it.
#[utoipa::path(get, path = "/api/v1/releases", operation_id = "searchReleases", tag = "releases", params(SearchParameters),
    responses((status = 200, description = "A page of results", body = Answer,
               example = json!({"query": {"q": "école", "sort": "relevance", "limit": 20}, "total": 1, "total_exact": true, "partial_total": 0, "items": [{"id": "7f3k9q", "kind": "release", "title": "Une rentrée pour tous", "lang": "fr", "published": "2026-03-02", "published_precision": "day", "updated": "2026-03-02T11:00:00Z", "first_seen": "2026-03-02T11:00:00Z", "url": "https://member.example/rentree", "members": [{"id": "member", "name": "Member"}], "publications": [], "authors": [], "themes": [], "countries": [{"id": "sn", "label": "Sénégal"}], "summary": "Cent écoles ouvrent.", "links": {"self": "/api/v1/releases/7f3k9q", "html": "/r/7f3k9q"}}], "facets": {}, "links": {"self": "/api/v1/releases?q=%C3%A9cole"}})),
              (status = 304, description = "Nothing changed"),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json"),
              (status = 503, description = "The index is being rebuilt", body = Problem, content_type = "application/problem+json")))]
pub async fn releases(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    let query = query_of(&door, &uri)?;
    let labels = door.labels(reader_language(&headers));
    // The generation is read before the search: a tag may be older than its answer, never newer.
    let generation = door.engine.generation().to_string();
    let parts =
        [generation.as_str(), &query.canonical(), labels.lang().as_str(), env!("CARGO_PKG_VERSION")].map(str::to_owned);
    let tag = http::tag(&parts.each_ref().map(String::as_str), query.order() == Sort::Relevance);
    if http::has_it(&headers, &tag) {
        return Ok(http::not_modified(&tag));
    }
    let results = door.engine.search(&query)?;
    let is_empty = results.total + results.partial_total == 0;
    let ways_out = if is_empty { door.engine.ways_out(&query)? } else { Vec::new() };
    let answer = Answer::new(&results, &ways_out, &door, labels);
    let mut response = http::with_tag(http::json(&answer, "application/json"), &tag);
    if let Some(next) = answer.links.get("next")
        && let Ok(link) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// One release with its text
///
/// The permanent id stays with a release for good: one that was joined into another answers 308, a withdrawn one 410.
#[utoipa::path(get, path = "/api/v1/releases/{id}", operation_id = "getRelease", tag = "releases",
    params(("id" = String, Path, description = "Release id")),
    responses((status = 200, description = "The release", body = Item,
               example = json!({"id": "7f3k9q", "kind": "release", "title": "Une rentrée pour tous", "lang": "fr", "published": "2026-03-02", "published_precision": "day", "updated": "2026-03-02T11:00:00Z", "first_seen": "2026-03-02T11:00:00Z", "url": "https://member.example/rentree", "members": [{"id": "member", "name": "Member"}], "publications": [], "authors": [], "themes": [], "countries": [{"id": "sn", "label": "Sénégal"}], "summary": "Cent écoles ouvrent.", "links": {"self": "/api/v1/releases/7f3k9q", "html": "/r/7f3k9q"}})),
              (status = 304, description = "Nothing changed"),
              (status = 308, description = "Joined into another release"),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json"),
              (status = 404, description = "No such release", body = Problem, content_type = "application/problem+json"),
              (status = 410, description = "Withdrawn", body = Problem, content_type = "application/problem+json")))]
pub async fn release(
    State(door): State<Door>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(&uri)?;
    let id = release_id(&id)?;
    let release = found(&door, &id, "")?;
    let labels = door.labels(reader_language(&headers));
    let text = door.reader.text(&id)?.unwrap_or_default();
    let item = Item::new(&release, &door, labels).with_text(text);
    tagged(&item, &headers)
}

/// Releases about the same
///
/// Told by the words of the title, by themes and by countries.
#[utoipa::path(get, path = "/api/v1/releases/{id}/related", operation_id = "relatedReleases", tag = "releases",
    params(("id" = String, Path, description = "Release id")),
    responses((status = 200, description = "Up to ten releases, nearest first", body = Related,
               example = json!({"items": [{"id": "7f3k9q", "kind": "release", "title": "Une rentrée pour tous", "lang": "fr", "published": "2026-03-02", "published_precision": "day", "updated": "2026-03-02T11:00:00Z", "first_seen": "2026-03-02T11:00:00Z", "url": "https://member.example/rentree", "members": [{"id": "member", "name": "Member"}], "publications": [], "authors": [], "themes": [], "countries": [{"id": "sn", "label": "Sénégal"}], "summary": "Cent écoles ouvrent.", "links": {"self": "/api/v1/releases/7f3k9q", "html": "/r/7f3k9q"}}]})),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json"),
              (status = 404, description = "No such release", body = Problem, content_type = "application/problem+json"),
              (status = 410, description = "Withdrawn", body = Problem, content_type = "application/problem+json")))]
pub async fn related(
    State(door): State<Door>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(&uri)?;
    let id = release_id(&id)?;
    found(&door, &id, "/related")?;
    let labels = door.labels(reader_language(&headers));
    let near = door.engine.related(&id, RELATED)?;
    let items = near.iter().map(|release| Item::new(release, &door, labels)).collect();
    tagged(&Related { items }, &headers)
}

fn found(door: &Door, id: &ReleaseId, rest: &'static str) -> Result<crate::model::Release, Failure> {
    match door.reader.release(id)? {
        Lookup::Found(release) => Ok(*release),
        Lookup::Moved(to) => Err(Failure::Moved(to, rest)),
        Lookup::Gone(since) => Err(Failure::Gone(since)),
        Lookup::Unknown => Err(Failure::NotFound(format!("there is no release {id}"))),
    }
}

/// Related releases.
#[derive(Debug, Serialize, ToSchema)]
pub struct Related {
    /// Nearest first.
    items: Vec<Item>,
}

/// The description of this API.
pub async fn openapi(State(door): State<Door>, headers: HeaderMap) -> Result<Response, Failure> {
    tagged(&openapi::document(&door.base_url), &headers)
}

/// What no operation answers.
pub async fn nothing(uri: Uri) -> Failure {
    Failure::NotFound(format!("there is no operation at {}", uri.path()))
}
