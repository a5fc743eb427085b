//! # Fetch: the only door to the network
//!
//! Floor 3. A request passes, in this order: [`guard`] (is the address allowed?), [`robots`] (does the site allow it?),
//! `pace` (is it our turn?), `client` (one connection a host, limits on time and size). Redirects pass the whole way
//! again. `fetcher` tells that story; the rules themselves are pure and stand in the other files.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use communique::{config::FetchSettings, fetch::{Fetcher, Request}, model::Clock};
//! let settings = FetchSettings { contact: "mailto:press@example.org".into(), ..Default::default() };
//! let fetcher = Fetcher::new(&settings, Clock::new(jiff::Timestamp::now))?;
//! let response = fetcher.get(Request::page("https://example.org/news/")).await?;
//! println!("{} {} bytes", response.status, response.body.len());
//! # Ok(()) }
//! ```

mod client;
mod coding;
mod error;
mod fetcher;
pub mod guard;
mod lane;
mod pace;
mod permission;
mod resolve;
pub mod robots;
mod site;
mod validators;

#[cfg(test)]
mod hostile;

pub use error::{Cause, FetchError, Limit};
pub use fetcher::{Fetcher, FetcherError, PRODUCT, look};
pub use permission::RobotsFile;
pub use validators::Validators;

use crate::model::{Member, Warning};
use bytes::Bytes;
use jiff::Timestamp;
use std::sync::Arc;
use url::Url;

/// What is expected, which decides the size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A page: whole or not at all.
    Page,
    /// A feed, sitemap or API answer: cut at the limit, since its first entries are of use.
    Document,
}

/// One question to a site.
#[derive(Debug, Clone)]
pub struct Request {
    /// Absolute address.
    pub url: String,
    /// What is expected there.
    pub expect: Expect,
    /// What the last visit told us; empty for an unconditional request.
    pub validators: Validators,
    /// Hosts to stay on, redirects included; `None` for a single look anywhere.
    pub scope: Option<Arc<Scope>>,
}

impl Request {
    /// An unconditional request for a page, wherever it is.
    pub fn page(url: impl Into<String>) -> Self {
        Self { url: url.into(), expect: Expect::Page, validators: Validators::default(), scope: None }
    }

    /// An unconditional request for a feed, sitemap or API answer, wherever it is.
    pub fn document(url: impl Into<String>) -> Self {
        Self { expect: Expect::Document, ..Self::page(url) }
    }

    /// The same, to be answered 304 when nothing changed since.
    pub fn if_changed(self, validators: Validators) -> Self {
        Self { validators, ..self }
    }

    /// The same, staying on these hosts.
    pub fn within(self, scope: &Arc<Scope>) -> Self {
        Self { scope: Some(scope.clone()), ..self }
    }
}

/// The hosts of one member, with their ports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    hosts: Vec<(String, Option<u16>)>,
}

impl Scope {
    /// The hosts that a member's file names.
    pub fn of(member: &Member) -> Self {
        Self { hosts: member.hosts.iter().map(|host| (host.name.clone(), host.port)).collect() }
    }

    /// Whether an address is on one of the hosts, with or without `www.`; a host without a port means 80 and 443.
    pub fn contains(&self, url: &Url) -> bool {
        let host = lane::bare_host(url);
        let port = match url.port_or_known_default() {
            Some(80 | 443) | None => None,
            other => other,
        };
        let usual = |port: &Option<u16>| port.filter(|port| !matches!(port, 80 | 443));
        self.hosts.iter().any(|(name, named)| name.eq_ignore_ascii_case(host) && usual(named) == port)
    }
}

/// One answer, body decoded from its content coding and complete unless `cut`.
#[derive(Debug, Clone)]
pub struct Response {
    /// The address asked for.
    pub requested: String,
    /// The address that answered, after redirects.
    pub url: String,
    /// Status of each redirect on the way and where it pointed.
    pub redirects: Vec<(u16, String)>,
    /// Final status.
    pub status: u16,
    /// Header fields in the order received, names in lower case, values as text (Latin-1 where not UTF-8).
    pub headers: Vec<(String, String)>,
    /// Decoded body; empty for 304.
    pub body: Bytes,
    /// The body was longer than allowed, and this is its beginning: a feed or sitemap, whose first entries are of use,
    /// or the body of an error. A page that is too long is an error instead.
    pub cut: bool,
    /// When the answer was complete.
    pub at: Timestamp,
    /// What was odd about it.
    pub warnings: Vec<Warning>,
}

impl Response {
    /// First value of a header field, name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What to send at the next visit to be answered 304.
    pub fn validators(&self) -> Validators {
        let own = |name| self.header(name).map(str::to_owned);
        Validators { etag: own("etag"), last_modified: own("last-modified") }
    }
}
