//! What does the reader ask? Language, query string, and the description of the parameters.

use super::problem::Failure;
use crate::model::Lang;
use crate::search::BadParameter;
use axum::http::{HeaderMap, Uri, header};
use utoipa::IntoParams;

/// French or English, as the reader prefers; French where nothing is said.
pub fn reader_language(headers: &HeaderMap) -> Lang {
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
pub fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, Failure> {
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

/// Operations without parameters refuse all of them.
pub fn no_parameters(uri: &Uri) -> Result<(), Failure> {
    let refuse = |(name, _)| BadParameter { parameter: name, message: "is no parameter of this operation".to_owned() };
    let refused: Vec<BadParameter> = pairs(uri)?.into_iter().map(refuse).collect();
    if refused.is_empty() { Ok(()) } else { Err(Failure::BadParameters(refused)) }
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
    /// `0` looks the words up as they are: no labels in the other language, no former names.
    #[param(minimum = 0, maximum = 1)]
    also: Option<u8>,
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
