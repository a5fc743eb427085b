//! The operations.

use super::answer::Answer;
use super::item::Item;
use super::problem::{Failure, Problem};
use super::{Door, http, openapi};
use crate::labels::Labels;
use crate::model::{Lang, ReleaseId, Theme};
use crate::search::{BadParameter, Query, Sort};
use crate::store::Lookup;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Releases in an answer about related ones.
const RELATED: usize = 10;
/// Most completions in an answer.
const COMPLETIONS: usize = 10;

/// French or English, as the reader prefers; French where nothing is said.
fn reader_language(headers: &HeaderMap) -> Lang {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (0.0, Lang::FR);
    for part in accepted.split(',') {
        let (range, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        if let Ok(lang) = range.parse::<Lang>()
            && (lang == Lang::FR || lang == Lang::EN)
            && weight > best.0
        {
            best = (weight, lang);
        }
    }
    best.1
}

/// Decoded pairs of a query string; broken escapes are named, not guessed.
fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, Failure> {
    let raw = uri.query().unwrap_or_default();
    let mut refused = Vec::new();
    let mut pairs = Vec::new();
    for part in raw.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (decoded(name), decoded(value)) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            (name, _) => refused.push(BadParameter {
                parameter: name.unwrap_or_else(|| name_of(part)),
                message: "is not percent-encoded UTF-8 without control characters".to_owned(),
            }),
        }
    }
    if refused.is_empty() { Ok(pairs) } else { Err(Failure::BadParameters(refused)) }
}

fn name_of(part: &str) -> String {
    part.split('=').next().unwrap_or_default().chars().filter(char::is_ascii_graphic).take(40).collect()
}

/// One percent-decoded name or value of a form-encoded query.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok().filter(|_| hex[0] != b'+')?
            }
            other => other,
        });
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')))
}

fn query_of(door: &Door, uri: &Uri) -> Result<Query, Failure> {
    let pairs = pairs(uri)?;
    Ok(door.engine.query(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))?)
}

/// Operations without parameters refuse all of them.
fn no_parameters(uri: &Uri) -> Result<(), Failure> {
    let refuse = |(name, _)| BadParameter { parameter: name, message: "is no parameter of this operation".to_owned() };
    let refused: Vec<BadParameter> = pairs(uri)?.into_iter().map(refuse).collect();
    if refused.is_empty() { Ok(()) } else { Err(Failure::BadParameters(refused)) }
}

fn release_id(id: &str) -> Result<ReleaseId, Failure> {
    ReleaseId::new(id).map_err(|error| Failure::NotFound(error.to_string()))
}

/// Parameters of a search, as every door takes them.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; `search` reads them")]
pub struct SearchParameters {
    /// Words: all must match. `"phrases"`, `-not`, `OR`, `prefix*` and `field:value` are understood.
    #[param(example = "éducation des filles", max_length = 4000)]
    q: Option<String>,
    /// Theme id; repeat for "or", `-id` for "not". Narrower themes count.
    #[param(max_items = 100)]
    theme: Option<Vec<String>>,
    /// Member id; repeat for "or", `-id` for "not".
    #[param(max_items = 100)]
    member: Option<Vec<String>>,
    /// ISO 3166-1 alpha-2 code in lower case.
    #[param(max_items = 100)]
    country: Option<Vec<String>>,
    /// Language of a publication.
    #[param(max_items = 100)]
    lang: Option<Vec<String>>,
    /// Kind of page; default release, news and tribune.
    #[param(max_items = 100)]
    kind: Option<Vec<String>>,
    /// Name of an issuer.
    #[param(max_items = 100)]
    issuer: Option<Vec<String>>,
    /// First day, inclusive: `YYYY-MM-DD`.
    #[param(format = Date, value_type = Option<String>)]
    from: Option<String>,
    /// Last day, inclusive: `YYYY-MM-DD`.
    #[param(format = Date, value_type = Option<String>)]
    to: Option<String>,
    /// Languages in order of preference, separated by commas: one version per release.
    #[param(example = "fr,en")]
    prefer: Option<String>,
    /// `relevance`, `-date`, `date` or `-added`.
    sort: Option<String>,
    /// Releases a page.
    #[param(minimum = 0, maximum = 100)]
    limit: Option<u32>,
    /// Releases to pass over.
    #[param(minimum = 0, maximum = 10000)]
    offset: Option<u32>,
    /// From the `next` link of an answer.
    cursor: Option<String>,
    /// Facets to count, separated by commas, or `*`.
    #[param(example = "theme,lang")]
    facets: Option<String>,
    /// `0` leaves highlights out.
    highlight: Option<u8>,
}

/// Search releases
#[utoipa::path(get, path = "/api/v1/releases", operation_id = "searchReleases", tag = "releases", params(SearchParameters),
    responses((status = 200, description = "A page of results", body = Answer),
              (status = 304, description = "Nothing changed"),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
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
    let answer = Answer::new(&results, &door, labels);
    let mut response = http::with_tag(http::json(&answer, "application/json"), &tag);
    if let Some(next) = answer.links.get("next")
        && let Ok(link) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// One release with its text
#[utoipa::path(get, path = "/api/v1/releases/{id}", operation_id = "getRelease", tag = "releases",
    params(("id" = String, Path, description = "Release id")),
    responses((status = 200, description = "The release", body = Item),
              (status = 304, description = "Nothing changed"),
              (status = 308, description = "Joined into another release"),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
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
#[utoipa::path(get, path = "/api/v1/releases/{id}/related", operation_id = "relatedReleases", tag = "releases",
    params(("id" = String, Path, description = "Release id")),
    responses((status = 200, description = "Up to ten releases, nearest first", body = Related),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
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
#[utoipa::path(get, path = "/api/v1/suggest", operation_id = "suggest", tag = "search", params(SuggestParameters),
    responses((status = 200, description = "Up to ten completions", body = Completions),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json"),
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
#[utoipa::path(get, path = "/api/v1/themes", operation_id = "listThemes", tag = "lists",
    responses((status = 200, description = "Every theme with the number of its releases", body = Themes),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json")))]
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
#[utoipa::path(get, path = "/api/v1/members", operation_id = "listMembers", tag = "lists",
    responses((status = 200, description = "Every member", body = Members),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json")))]
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
#[utoipa::path(get, path = "/api/v1/countries", operation_id = "listCountries", tag = "lists",
    responses((status = 200, description = "Countries with the number of their releases", body = Countries),
              (status = 400, description = "A parameter was refused", body = Problem, content_type = "application/problem+json")))]
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

/// The description of this API.
pub async fn openapi(State(door): State<Door>, headers: HeaderMap) -> Result<Response, Failure> {
    tagged(&openapi::document(&door.base_url), &headers)
}

/// What no operation answers.
pub async fn nothing(uri: Uri) -> Failure {
    Failure::NotFound(format!("there is no operation at {}", uri.path()))
}

/// JSON with a tag over its bytes.
fn tagged<T: Serialize>(value: &T, headers: &HeaderMap) -> Result<Response, Failure> {
    let body = serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))?;
    let tag = http::tag(&[&body], false);
    if http::has_it(headers, &tag) {
        return Ok(http::not_modified(&tag));
    }
    let response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    Ok(http::with_tag(response, &tag))
}
