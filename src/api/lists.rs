//! Lists: themes, members, countries, completions.

use super::Door;
use super::http::tagged;
use super::parameters::{no_parameters, pairs, reader_language};
use super::problem::{Failure, Problem};
use crate::labels::Labels;
use crate::model::Theme;
use crate::search::{BadParameter, Query};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Most completions in an answer.
const COMPLETIONS: usize = 10;

/// Parameters of completions.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters")]
pub struct SuggestParameters {
    /// What was typed so far.
    #[param(required = true, max_length = 200)]
    q: String,
}

/// Completions of what was typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completions {
    /// Best first.
    items: Vec<Completion>,
}

/// One completion.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completion {
    /// `title`, `theme`, `member` or `country`.
    kind: String,
    /// What to show.
    label: String,
    /// Id of the release, theme, member or country.
    id: String,
}

/// Complete what was typed
///
/// Themes, members (by all names they had), countries, then titles.
#[utoipa::path(get, path = "/api/v1/suggest", operation_id = "suggest", tag = "search", params(SuggestParameters),
    responses((status = 200, description = "Up to ten completions", body = Completions,
               example = json!({"items": [{"kind": "country", "label": "Sénégal", "id": "sn"}]})),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json"),
              (status = 503, description = "The index is being rebuilt", body = Problem, content_type = "application/problem+json")))]
pub async fn suggest(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    let mut prefix = None;
    let mut refused = Vec::new();
    for (name, value) in pairs(&uri)? {
        match name.as_str() {
            "q" if value.chars().count() <= 200 => prefix = Some(value),
            "q" => refused.push(BadParameter { parameter: name, message: "has more than 200 characters".to_owned() }),
            _ => refused
                .push(BadParameter { parameter: name, message: "is no parameter of this operation: use q".to_owned() }),
        }
    }
    if prefix.is_none() && refused.is_empty() {
        refused
            .push(BadParameter { parameter: "q".to_owned(), message: "is missing: what was typed so far".to_owned() });
    }
    if !refused.is_empty() {
        return Err(Failure::BadParameters(refused));
    }
    let found = door.engine.suggest(&prefix.unwrap_or_default(), reader_language(&headers), COMPLETIONS)?;
    let items = found.into_iter().map(|s| Completion { kind: s.kind.to_owned(), label: s.label, id: s.id });
    tagged(&Completions { items: items.collect() }, &headers)
}

/// A theme of the vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeAnswer {
    /// Theme id.
    id: String,
    /// Published IRI.
    iri: String,
    /// Label in the language of `Accept-Language`.
    label: String,
    /// What belongs there.
    note: String,
    /// Ids of broader themes.
    broader: Vec<String>,
    /// Ids of narrower themes.
    narrower: Vec<String>,
    /// Releases with it, narrower themes included.
    count: u64,
}

/// A list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Themes {
    /// In the order of the vocabulary.
    items: Vec<ThemeAnswer>,
}

fn counts(door: &Door, facet: &'static str) -> Result<std::collections::HashMap<String, u64>, Failure> {
    let query = Query { limit: 0, facets: vec![facet], ..Query::default() };
    let results = door.engine.search(&query)?;
    Ok(results.facets.into_iter().flat_map(|facet| facet.values).map(|value| (value.value, value.count)).collect())
}

/// The theme vocabulary
///
/// As SKOS at `/themes.ttl`; here with the number of releases of each theme.
#[utoipa::path(get, path = "/api/v1/themes", operation_id = "listThemes", tag = "lists",
    responses((status = 200, description = "Every theme with the number of its releases", body = Themes,
               example = json!({"items": [{"id": "peace", "iri": "https://news.example.org/themes/peace", "label": "Paix", "note": "", "broader": [], "narrower": ["peace-education"], "count": 12}]})),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json")))]
pub async fn themes(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    no_parameters(&uri)?;
    let labels = door.labels(reader_language(&headers));
    let counts = counts(&door, "theme")?;
    let ids = |ids: &[crate::model::ThemeId]| ids.iter().map(ToString::to_string).collect();
    let answer = |theme: &Theme| ThemeAnswer {
        id: theme.id.to_string(),
        iri: if theme.iri.contains(':') { theme.iri.clone() } else { door.address(&format!("themes/{}", theme.id)) },
        label: theme.label(labels.lang()).to_owned(),
        note: theme.note(labels.lang()).to_owned(),
        broader: ids(&theme.broader),
        narrower: ids(&theme.narrower),
        count: counts.get(theme.id.as_str()).copied().unwrap_or_default(),
    };
    tagged(&Themes { items: door.config.vocabulary.themes().iter().map(answer).collect() }, &headers)
}

/// A member and how its site is read.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberAnswer {
    /// Member id.
    id: String,
    /// Current name.
    name: String,
    /// Earlier names.
    former_names: Vec<String>,
    /// Home page.
    home: String,
    /// Visible releases.
    releases: u64,
    /// How many of them have no date.
    undated: u64,
    /// Since when every known page has been read; null while the first crawl runs.
    complete_since: Option<String>,
    /// Last round that reached the site.
    last_read: Option<String>,
    /// Since when the site cannot be reached; null when all is well.
    failing_since: Option<String>,
}

/// The members.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// In order of id.
    items: Vec<MemberAnswer>,
}

/// The members and how their sites are read
///
/// `complete_since` says since when nothing is missing, `failing_since` that a site cannot be reached.
#[utoipa::path(get, path = "/api/v1/members", operation_id = "listMembers", tag = "lists",
    responses((status = 200, description = "Every member", body = Members,
               example = json!({"items": [{"id": "member", "name": "Member", "former_names": [], "home": "https://member.example/", "releases": 120, "undated": 3, "complete_since": "2026-03-01T04:00:00Z", "last_read": "2026-03-02T10:30:00Z", "failing_since": null}]})),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json")))]
pub async fn members(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    no_parameters(&uri)?;
    let states = door.reader.members()?;
    let answer = |member: &crate::model::Member| {
        let state = states.iter().find(|state| state.id == member.id);
        let time = |pick: fn(&crate::store::MemberStatus) -> Option<jiff::Timestamp>| {
            state.and_then(pick).map(|at| at.to_string())
        };
        let former = member.names.iter().rev().skip(1).map(|name| name.name.clone());
        MemberAnswer {
            id: member.id.to_string(),
            name: member.name().to_owned(),
            former_names: former.collect(),
            home: member.home.clone(),
            releases: state.map_or(0, |state| state.releases),
            undated: state.map_or(0, |state| state.undated),
            complete_since: time(|state| state.complete_since),
            last_read: time(|state| state.last_read),
            failing_since: time(|state| state.failing_since),
        }
    };
    tagged(&Members { items: door.config.members.iter().map(answer).collect() }, &headers)
}

/// A country that releases speak of.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountryAnswer {
    /// ISO 3166-1 alpha-2 in lower case.
    id: String,
    /// Name in the language of `Accept-Language`.
    label: String,
    /// Releases that speak of it.
    count: u64,
}

/// The countries.
#[derive(Debug, Serialize, ToSchema)]
pub struct Countries {
    /// Most frequent first.
    items: Vec<CountryAnswer>,
}

/// The countries that releases speak of
///
/// Told by names, demonyms and main cities.
#[utoipa::path(get, path = "/api/v1/countries", operation_id = "listCountries", tag = "lists",
    responses((status = 200, description = "Countries with the number of their releases", body = Countries,
               example = json!({"items": [{"id": "sn", "label": "Sénégal", "count": 42}]})),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
              (status = 429, description = "Too many requests, where a limit is set", body = Problem, content_type = "application/problem+json")))]
pub async fn countries(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    no_parameters(&uri)?;
    let labels: &'static Labels = door.labels(reader_language(&headers));
    let mut counted: Vec<(String, u64)> = counts(&door, "country")?.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let items = counted.into_iter().map(|(id, count)| CountryAnswer {
        label: labels.country(&id).unwrap_or(&id).to_owned(),
        id,
        count,
    });
    tagged(&Countries { items: items.collect() }, &headers)
}
