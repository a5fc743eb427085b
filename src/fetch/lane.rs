//! One lane a host: requests queue here and go out one at a time, on one connection.
//!
//! A lane is shared by http and https and by the name with and without `www.`, which are one machine nearly always;
//! other ports are hosts of their own.

use super::pace::Pace;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

/// The queue before one host.
pub struct Lane {
    /// What messages call the host.
    pub host: String,
    turn: Mutex<Turn>,
    requests: AtomicU64,
}

/// What whoever has the turn may use.
pub struct Turn {
    /// How often the host may be asked.
    pub pace: Pace,
    /// The client with its idle connection, and whether it may connect to public addresses on its port.
    pub client: Option<(bool, reqwest::Client)>,
    /// The last answer left the connection open.
    pub warm: bool,
}

impl Lane {
    /// A lane to a host that was never asked.
    pub fn new(host: String, pace: Pace) -> Self {
        Self { host, turn: Mutex::new(Turn { pace, client: None, warm: false }), requests: AtomicU64::new(0) }
    }

    /// Waits for the turn; first come, first served.
    pub async fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().await
    }

    /// Requests sent so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Counts a request.
    pub fn count(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }
}

/// The lane of an address: its host without `www.`, and its port where that is neither 80 nor 443.
pub fn name(url: &Url) -> String {
    let host = bare_host(url);
    match url.port_or_known_default() {
        Some(80 | 443) | None => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    }
}

/// The host of an address without `www.` and without the final dot.
pub fn bare_host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_one_site_share_a_lane() {
        for (address, lane) in [
            ("https://www.Site.example/a", "site.example"),
            ("http://site.example.:80/b", "site.example"),
            ("http://site.example:443/", "site.example"),
            ("http://site.example:8080/", "site.example:8080"),
            ("http://[::1]:8080/", "[::1]:8080"),
            ("http://blog.site.example/", "blog.site.example"),
        ] {
            assert_eq!(name(&Url::parse(address).unwrap()), lane);
        }
    }
}
