//! # How much may one client ask?
//!
//! Off unless `[server] rate_limit` is set: so many requests to the API a minute from one address (of IPv6 the first 64
//! bits, which is one household). Answers say what is left in `RateLimit` and `RateLimit-Policy`
//! (draft-ietf-httpapi-ratelimit-headers); beyond it a problem with status 429 says when to come back.
//!
//! A reverse proxy on this machine speaks for its clients: from a loopback peer the last address of `X-Forwarded-For`
//! counts, which is the one that the proxy has seen.

use super::problem::Failure;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Length of the window.
const WINDOW: Duration = Duration::from_secs(60);

/// Clients that are remembered before those whose window is over are forgotten.
const CLIENTS: usize = 10_000;

/// Counts requests by client.
#[derive(Clone)]
pub struct Limiter {
    quota: u32,
    clients: Arc<Mutex<HashMap<IpAddr, Used>>>,
}

#[derive(Clone, Copy)]
struct Used {
    since: Instant,
    requests: u32,
}

/// What a client has left.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    allowed: bool,
    requests: u32,
    /// Until the window is over, rounded up.
    seconds: u64,
}

impl Limiter {
    /// Allows `quota` requests a minute.
    pub fn new(quota: u32) -> Self {
        Self { quota, clients: Arc::default() }
    }

    fn take(&self, client: IpAddr, now: Instant) -> Left {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= CLIENTS && !clients.contains_key(&client) {
            clients.retain(|_, used| now.duration_since(used.since) < WINDOW);
            // so many within a minute: starting over is kinder than growing without end
            if clients.len() >= CLIENTS {
                clients.clear();
            }
        }
        let used = clients.entry(client).or_insert(Used { since: now, requests: 0 });
        if now.duration_since(used.since) >= WINDOW {
            *used = Used { since: now, requests: 0 };
        }
        let allowed = used.requests < self.quota;
        used.requests = used.requests.saturating_add(1);
        let rest = WINDOW.saturating_sub(now.duration_since(used.since));
        Left { allowed, requests: self.quota.saturating_sub(used.requests), seconds: rest.as_secs_f64().ceil() as u64 }
    }
}

/// Counts a request, and answers it where the client has some left.
pub async fn limit(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let Some(peer) = peer.filter(|_| request.uri().path().starts_with("/api/v1/")) else {
        return next.run(request).await;
    };
    let left = limiter.take(client(peer, request.headers()), Instant::now());
    let mut response = match left.allowed {
        true => next.run(request).await,
        false => Failure::TooMany(left.seconds).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("ratelimit-policy", format!("\"default\";q={};w={}", limiter.quota, WINDOW.as_secs())),
        ("ratelimit", format!("\"default\";r={};t={}", left.requests, left.seconds)),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if !left.allowed {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(left.seconds));
    }
    response
}

/// Whose request it is.
fn client(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let told = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    match told.filter(|_| peer.is_loopback()).unwrap_or(peer) {
        IpAddr::V6(address) if address.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        other => other.to_canonical(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_so_many_a_minute() {
        let limiter = Limiter::new(2);
        let (now, one, other) = (Instant::now(), "192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        assert_eq!(limiter.take(one, now), Left { allowed: true, requests: 1, seconds: 60 });
        let later = now + Duration::from_millis(1_500);
        assert_eq!(limiter.take(one, later), Left { allowed: true, requests: 0, seconds: 59 });
        assert_eq!(limiter.take(one, later), Left { allowed: false, requests: 0, seconds: 59 });
        assert!(limiter.take(other, later).allowed);
        assert!(limiter.take(one, now + WINDOW).allowed);
    }

    #[test]
    fn only_a_proxy_on_this_machine_speaks_for_others() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("10.0.0.1, 192.0.2.9"));
        for (peer, counted) in [
            ("127.0.0.1", "192.0.2.9"),
            ("::1", "192.0.2.9"),
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(client(peer.parse().unwrap(), &headers), counted.parse::<IpAddr>().unwrap(), "{peer}");
        }
    }
}
