//! Which language does this reader want? `Accept-Language` (RFC 9110, section 12.5.4) against the two that we have.

use super::{Door, answer::redirect};
use crate::{labels::LANGS, model::Lang};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// The language of ours that the reader likes best. Without a wish it is the first of [`LANGS`]; readers of another
/// language get English.
pub fn of(headers: &HeaderMap) -> Lang {
    let Some(wishes) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return LANGS[0];
    };
    let wishes: Vec<(&str, f32)> =
        wishes.split(',').map(wish).filter(|(range, q)| !range.is_empty() && *q > 0.0).collect();
    let mut best: Option<(Lang, f32)> = None;
    for (range, q) in &wishes {
        let Some(lang) = range.parse::<Lang>().ok().filter(|lang| LANGS.contains(lang)) else { continue };
        if best.is_none_or(|(_, most)| *q > most) {
            best = Some((lang, *q));
        }
    }
    match best {
        Some((lang, _)) => lang,
        None if wishes.iter().all(|(range, _)| *range == "*") => LANGS[0],
        None => Lang::EN,
    }
}

/// One element of the list: language range and weight, 1 where none is given.
fn wish(element: &str) -> (&str, f32) {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse().ok());
    (range, weight.unwrap_or(0.0))
}

/// `/`: to the home page in the reader's language.
pub(super) async fn home(State(door): State<Door>, headers: HeaderMap) -> Response {
    by_language(redirect(&door.root(&format!("{}/", of(&headers))), false))
}

/// `/feeds`: to the feeds page in the reader's language.
pub(super) async fn feeds(State(door): State<Door>, headers: HeaderMap) -> Response {
    by_language(redirect(&door.root(&format!("{}/feeds", of(&headers))), false))
}

/// `/fr`: the home page has a final slash.
pub(super) async fn to_home(lang: Lang, State(door): State<Door>) -> Response {
    redirect(&door.root(&format!("{lang}/")), true)
}

/// Marks a response as chosen by `Accept-Language` and `Accept`, for caches.
pub(super) fn by_language(response: Response) -> Response {
    let mut response = response.into_response();
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Language, Accept"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_gets_the_language_liked_best() {
        for (wish, expected) in [
            ("fr", Lang::FR),
            ("en-GB,en;q=0.9,fr;q=0.8", Lang::EN),
            ("fr-SN, en;q=0.5", Lang::FR),
            ("en;q=0.3,fr;q=0.7", Lang::FR),
            ("de,es;q=0.8", Lang::EN),
            ("de, fr;q=0.1", Lang::FR),
            ("fr;q=0, de", Lang::EN),
            ("*", Lang::FR),
            ("", Lang::FR),
            ("en;q=banana, fr;q=0.2", Lang::FR),
            (";;;,,,", Lang::FR),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(wish));
            assert_eq!(of(&headers), expected, "{wish}");
        }
        assert_eq!(of(&HeaderMap::new()), Lang::FR);
    }
}
