//! `/feed`: the combined feed in the form that the reader likes best. Only this address without an ending is negotiated;
//! what has an ending is what it says, whatever `Accept` says.

use super::{Desk, FORMATS};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Media types of the page that explains feeds to people, and of feeds as other servers call them.
const ALSO: [(&str, &str); 4] = [
    ("text/html", "feeds"),
    ("application/xhtml+xml", "feeds"),
    ("application/xml", "feed.atom"),
    ("text/xml", "feed.rss"),
];

/// Sends the reader on. `application/json` alone is a program that wants JSON Feed.
pub async fn show(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let to = format!("{}{}", desk.door.base_url, liked(&headers));
    let Ok(to) = HeaderValue::from_str(&to) else { return StatusCode::NOT_FOUND.into_response() };
    let how = [
        (header::LOCATION, to),
        (header::VARY, HeaderValue::from_static("Accept")),
        (header::CACHE_CONTROL, super::answer::CACHE),
    ];
    (StatusCode::FOUND, how).into_response()
}

/// The path that fits `Accept` best (RFC 9110, section 12.5.1), Atom where several do or nothing is said.
fn liked(headers: &HeaderMap) -> String {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<(String, f32)> = values.flat_map(|value| value.split(',')).map(range).collect();
    let feeds = FORMATS.iter().filter(|format| !format.is_table).map(|format| {
        let media_type = format.media_type.split(';').next().unwrap_or_default();
        (media_type, format!("feed.{}", format.ending))
    });
    let others = ALSO.iter().map(|(media_type, path)| (*media_type, (*path).to_owned()));
    let json = std::iter::once(("application/json", "feed.json".to_owned()));
    let mut best = ("feed.atom".to_owned(), 0.0);
    for (media_type, path) in feeds.chain(others).chain(json) {
        let weight = weight(&accepted, media_type);
        if weight > best.1 {
            best = (path, weight);
        }
    }
    best.0
}

/// A media range and its weight, 1 where none is given.
fn range(element: &str) -> (String, f32) {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse().ok());
    (range, weight.unwrap_or(0.0))
}

/// The weight of the range that names `media_type` most exactly.
fn weight(accepted: &[(String, f32)], media_type: &str) -> f32 {
    let family = format!("{}/*", media_type.split('/').next().unwrap_or_default());
    let of = |name: &str| accepted.iter().find(|(range, _)| range == name).map(|(_, weight)| *weight);
    of(media_type).or_else(|| of(&family)).or_else(|| of("*/*")).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_liked_best_is_found() {
        for (accept, path) in [
            ("", "feed.atom"),
            ("*/*", "feed.atom"),
            ("application/rss+xml", "feed.rss"),
            ("application/rss+xml, application/atom+xml;q=0.9", "feed.rss"),
            ("application/feed+json, application/json;q=0.8", "feed.json"),
            ("application/json", "feed.json"),
            ("application/*;q=0.3, text/xml", "feed.rss"),
            ("application/atom+xml, application/rss+xml, application/xml;q=0.8, */*;q=0.1", "feed.atom"),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "feeds"),
            ("application/atom+xml;q=0, */*;q=0.5", "feed.rss"),
            ("image/png", "feed.atom"),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(liked(&headers), path, "{accept}");
        }
    }
}
