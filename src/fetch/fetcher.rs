//! The way of one request: guard, robots, pace, client, and again for each redirect.

use super::client::{self, Answer};
use super::error::{Cause, FetchError};
use super::guard::Guard;
use super::lane::{self, Lane};
use super::permission::{RobotsFile, Slot};
use super::resolve::{self, Lookup};
use super::robots;
use super::{Expect, Request, Response, Scope, coding};
use crate::{
    config::FetchSettings,
    model::{Clock, Warning},
};
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// The name that robots.txt files know us by.
pub const PRODUCT: &str = "Communique";

/// Redirects followed for one request.
pub(super) const MAX_REDIRECTS: usize = 5;

/// Waits before asking again after a broken connection.
const RETRIES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// A fetcher that can't be made from its settings.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The contact can't stand in a header.
    #[error("`{0}` can't stand in the user agent: use a mailto: or https: address")]
    Contact(String),
    /// The TLS library refuses its own defaults.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The system gives us no event loop.
    #[error("cannot start an event loop: {0}")]
    Runtime(#[from] std::io::Error),
}

/// One look at one address, from a program that has no event loop of its own (`communique read URL`). The outer error
/// is ours, the inner one the site's.
pub fn look(
    settings: &FetchSettings,
    clock: Clock,
    request: Request,
) -> Result<Result<Response, FetchError>, FetcherError> {
    let fetcher = Fetcher::new(settings, clock)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(fetcher.get(request)))
}

/// The only door to the network. Cheap to clone; all clones share queues, pace and robots.txt.
#[derive(Clone)]
pub struct Fetcher(Arc<Shared>);

/// What all clones share.
pub(super) struct Shared {
    pub(super) settings: FetchSettings,
    pub(super) clock: Clock,
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Lookup,
    pub(super) agent: HeaderValue,
    pub(super) tls: rustls::ClientConfig,
    pub(super) retries: [Duration; 2],
    pub(super) lanes: Mutex<HashMap<String, Arc<Lane>>>,
    pub(super) sites: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Slot>>>>,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fetcher({:?})", self.0.agent)
    }
}

/// What is the same for all hops of one request.
pub(super) struct Trip<'a> {
    pub(super) scope: Option<&'a Scope>,
    pub(super) body: usize,
    /// Time spent on the network so far; waiting for our turn does not count.
    pub(super) spent: Duration,
}

impl Fetcher {
    /// A fetcher with these settings; `clock` dates answers, pauses and budgets.
    pub fn new(settings: &FetchSettings, clock: Clock) -> Result<Self, FetcherError> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::assemble(settings, clock, resolve::system(), roots, RETRIES)
    }

    /// As [`Fetcher::new`], with parts that tests replace.
    pub(super) fn assemble(
        settings: &FetchSettings,
        clock: Clock,
        lookup: Lookup,
        roots: rustls::RootCertStore,
        retries: [Duration; 2],
    ) -> Result<Self, FetcherError> {
        let contact = settings.contact.trim();
        let agent = match contact {
            "" => format!("{PRODUCT}/{}", env!("CARGO_PKG_VERSION")),
            _ => format!("{PRODUCT}/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        };
        let agent = HeaderValue::from_str(&agent).map_err(|_| FetcherError::Contact(contact.to_owned()))?;
        Ok(Self(Arc::new(Shared {
            settings: settings.clone(),
            clock,
            guard: Arc::new(Guard::new(&settings.open_networks, !contact.is_empty())),
            lookup,
            agent,
            tls: client::tls(roots)?,
            retries,
            lanes: Mutex::default(),
            sites: Mutex::default(),
        })))
    }

    /// Fetches one address: after guard, robots.txt and pace, following redirects through all of them again.
    ///
    /// Any complete answer is `Ok`, whatever its status, but for 429 and 503, which pause the host and are errors.
    /// The future may wait long for its turn: one request at a time goes to a host, with the delay between two.
    pub async fn get(&self, request: Request) -> Result<Response, FetchError> {
        let shared = &*self.0;
        let body = shared.body_limit(request.expect);
        let mut trip = Trip { scope: request.scope.as_deref(), body, spent: Duration::ZERO };
        let first = shared.guard.parse(&request.url).map_err(|refusal| at(&request.url, refusal.into()))?;
        let mut headers = headers(request.expect);
        request.validators.put_into(&mut headers);
        let conditional = !request.validators.is_empty();
        let mut trail: Vec<(u16, String)> = Vec::new();
        let mut url = first.clone();
        loop {
            shared.admit(&url, trip.scope).map_err(|cause| at(&url, cause))?;
            if !shared.permission(&url, &mut trip).await?.rules.allows(&url) {
                return Err(at(&url, Cause::Disallowed));
            }
            let answer = shared.ask(&url, headers.clone(), &mut trip).await?;
            let Some(location) = answer.location() else {
                let whole = request.expect == Expect::Page && (200..300).contains(&answer.status);
                if answer.cut && whole {
                    return Err(at(&url, Cause::TooLarge(trip.body)));
                }
                return shared.response(&first, url, trail, answer, conditional);
            };
            let next = shared.next_hop(&url, location).map_err(|cause| at(&url, cause))?;
            let seen = next == first || trail.iter().any(|(_, known)| known == next.as_str());
            trail.push((answer.status, next.to_string()));
            if seen || trail.len() > MAX_REDIRECTS {
                let words = if seen { "comes back to an address it came from" } else { "more than five in a row" };
                return Err(at(&first, Cause::Redirect(words.to_owned())));
            }
            // validators belong to the address asked for, not to where it leads
            headers.remove(http::header::IF_NONE_MATCH);
            headers.remove(http::header::IF_MODIFIED_SINCE);
            url = next;
        }
    }

    /// robots.txt of the site of `url`: its sitemaps, its delay, its text. Asked for when no copy is at hand.
    pub async fn robots(&self, url: &str, scope: Option<&Scope>) -> Result<RobotsFile, FetchError> {
        let parsed = self.0.guard.parse(url).map_err(|refusal| at(url, refusal.into()))?;
        self.0.admit(&parsed, scope).map_err(|cause| at(&parsed, cause))?;
        let mut trip = Trip { scope, body: robots::MAX_BYTES, spent: Duration::ZERO };
        Ok(self.0.permission(&parsed, &mut trip).await?.file.clone())
    }

    /// Leaves the host of `url` alone until then: a pause that it asked for before this process began.
    pub async fn leave_alone(&self, url: &str, until: Timestamp) {
        let Ok(url) = self.0.guard.parse(url) else { return };
        let lane = self.0.lane(&url);
        lane.turn().await.pace.stay_paused(Instant::now(), self.0.clock.now(), until);
    }

    /// The host of `url` as requests to it are queued and counted: without `www.`, http and https alike.
    pub fn host(&self, url: &str) -> Option<String> {
        self.0.guard.parse(url).ok().map(|url| lane::name(&url))
    }

    /// Requests sent so far to the host of `url`, robots.txt, redirects and retries included.
    pub fn requests(&self, url: &str) -> u64 {
        let Ok(url) = self.0.guard.parse(url) else { return 0 };
        let lanes = self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.get(&lane::name(&url)).map_or(0, |lane| lane.requests())
    }
}

impl Shared {
    fn body_limit(&self, expect: Expect) -> usize {
        let limit = match expect {
            Expect::Page => self.settings.page_bytes,
            Expect::Document => self.settings.feed_bytes,
        };
        usize::try_from(limit).unwrap_or(usize::MAX)
    }

    /// Whether an address may be asked at all, as far as can be told before its name is resolved.
    fn admit(&self, url: &Url, scope: Option<&Scope>) -> Result<(), Cause> {
        self.guard.judge_literal(url, port_named(url, scope))?;
        match scope {
            Some(scope) if !scope.contains(url) => Err(Cause::OffSite { host: lane::name(url) }),
            _ => Ok(()),
        }
    }

    /// Where a redirect leads.
    pub(super) fn next_hop(&self, url: &Url, location: &str) -> Result<Url, Cause> {
        if location.is_empty() {
            return Err(Cause::Redirect("leads to no address".to_owned()));
        }
        Ok(self.guard.join(url, location)?)
    }

    fn response(
        &self,
        requested: &Url,
        url: Url,
        redirects: Vec<(u16, String)>,
        answer: Answer,
        conditional: bool,
    ) -> Result<Response, FetchError> {
        let may_be_304 = conditional && redirects.is_empty();
        if answer.status == 304 && !may_be_304 || answer.status < 200 {
            return Err(at(&url, Cause::Status(answer.status)));
        }
        let mut warnings = answer.warnings;
        if answer.cut {
            warnings.push(Warning::new("body-cut", format!("after {} bytes", answer.body.len())));
        }
        Ok(Response {
            requested: requested.to_string(),
            url: url.to_string(),
            redirects,
            status: answer.status,
            headers: answer.headers,
            body: Bytes::from(answer.body),
            cut: answer.cut,
            at: self.clock.now(),
            warnings,
        })
    }
}

/// Whether the port is 80, 443 or one that the member file names.
pub(super) fn port_named(url: &Url, scope: Option<&Scope>) -> bool {
    matches!(url.port_or_known_default(), Some(80 | 443)) || scope.is_some_and(|scope| scope.contains(url))
}

/// What every request says about what we can read.
pub(super) fn headers(expect: Expect) -> HeaderMap {
    let accept = match expect {
        Expect::Page => "text/html,application/xhtml+xml,*/*;q=0.8",
        Expect::Document => "*/*",
    };
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
    headers
}

/// Names the address of a failure.
pub(super) fn at(url: impl ToString, cause: Cause) -> FetchError {
    FetchError { url: url.to_string(), cause }
}
