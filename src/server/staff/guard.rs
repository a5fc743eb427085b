//! Who may read and who may change? A browser on this machine, and only from our own pages.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::net::{IpAddr, SocketAddr};

/// Refuses requests that name a host which is not this machine: a foreign name that was bound to a loopback address
/// (DNS rebinding) would let its pages read ours.
pub(super) async fn only_this_machine(request: Request, next: Next) -> Response {
    match host(request.headers()) {
        Some(host) if is_loopback(host) => next.run(request).await,
        _ => (StatusCode::FORBIDDEN, "ask for the staff's pages by a loopback address\n").into_response(),
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// `localhost`, `*.localhost`, 127.0.0.0/8 or `[::1]`, each with or without a port.
fn is_loopback(host: &str) -> bool {
    if let Ok(address) = host.parse::<SocketAddr>() {
        return address.ip().is_loopback();
    }
    if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return address.is_loopback();
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether a form was sent by a page of this listener: the browser says so in `Sec-Fetch-Site`, else its `Origin` has
/// to be ours. A request that says neither is no browser's, and is refused too.
pub(super) fn is_own_form(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let origin = text(header::ORIGIN);
    let is_ours =
        |origin: &str| host(headers).is_some_and(|host| origin.eq_ignore_ascii_case(&format!("http://{host}")));
    match (text(HeaderName::from_static("sec-fetch-site")), origin) {
        (Some(site), Some(origin)) => site == "same-origin" && is_ours(origin),
        (Some(site), None) => site == "same-origin",
        (None, Some(origin)) => is_ours(origin),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_hosts_are_this_machine() {
        for (host, ours) in [
            ("127.0.0.1:8081", true),
            ("127.9.9.9", true),
            ("localhost:8081", true),
            ("news.localhost", true),
            ("[::1]:8081", true),
            ("[::1]", true),
            ("10.0.0.1:8081", false),
            ("localhost.example.org", false),
            ("127.0.0.1.example.org:8081", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), ours, "{host}");
        }
    }

    #[test]
    fn only_forms_of_our_own_pages_are_taken() {
        for (origin, site, ours) in [
            (Some("http://127.0.0.1:8081"), Some("same-origin"), true),
            (Some("http://127.0.0.1:8081"), None, true),
            (None, Some("same-origin"), true),
            (Some("http://127.0.0.1:8080"), None, false),
            (Some("https://evil.example"), Some("cross-site"), false),
            (Some("http://127.0.0.1:8081"), Some("same-site"), false),
            (Some("null"), None, false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "127.0.0.1:8081".parse().unwrap());
            origin.map(|origin| headers.insert(header::ORIGIN, origin.parse().unwrap()));
            site.map(|site| headers.insert("sec-fetch-site", site.parse().unwrap()));
            assert_eq!(is_own_form(&headers), ours, "{origin:?} {site:?}");
        }
    }
}
