//! The way of one request: guard, robots, pace, client, and again for each redirect.

use super::client::{self, Answer, Failure, Limits};
use super::error::{Cause, FetchError};
use super::guard::{Guard, Refusal};
use super::lane::{self, Lane, Turn};
use super::pace::{NotNow, Pace};
use super::permission::{Known, Meaning, RobotsFile, Slot, meaning};
use super::resolve::{self, GuardedResolver, Lookup};
use super::robots::{self, Robots};
use super::{Expect, Request, Response, Scope, coding};
use crate::{
    config::FetchSettings,
    model::{Clock, Warning},
};
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use url::Url;

/// The name that robots.txt files know us by.
pub const PRODUCT: &str = "Communique";

/// Redirects followed for one request.
const MAX_REDIRECTS: usize = 5;

/// Waits before asking again after a broken connection.
const RETRIES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// Hosts and sites remembered before those not in use are forgotten.
const MAX_REMEMBERED: usize = 4_096;

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

struct Shared {
    settings: FetchSettings,
    clock: Clock,
    guard: Arc<Guard>,
    lookup: Lookup,
    agent: HeaderValue,
    tls: rustls::ClientConfig,
    retries: [Duration; 2],
    lanes: Mutex<HashMap<String, Arc<Lane>>>,
    sites: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Slot>>>>,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fetcher({:?})", self.0.agent)
    }
}

/// What is the same for all hops of one request.
struct Trip<'a> {
    scope: Option<&'a Scope>,
    body: usize,
    /// Time spent on the network so far; waiting for our turn does not count.
    spent: Duration,
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

    fn next_hop(&self, url: &Url, location: &str) -> Result<Url, Cause> {
        if location.is_empty() {
            return Err(Cause::Redirect("leads to no address".to_owned()));
        }
        Ok(self.guard.join(url, location)?)
    }

    /// What the site's robots.txt says, from the copy at hand or asked for now. Others wait meanwhile.
    async fn permission(&self, url: &Url, trip: &mut Trip<'_>) -> Result<Arc<Known>, FetchError> {
        let slot = remembered(&self.sites, url.origin().ascii_serialization(), Default::default);
        let mut slot = slot.lock().await;
        if let Some(answer) = slot.answer(Instant::now()) {
            return answer.map_err(|cause| at(url, cause));
        }
        match self.read_robots(url, trip.scope).await {
            Ok(known) => {
                let known = Arc::new(known);
                slot.read(known.clone(), Instant::now());
                self.lane(url).turn().await.pace.obey_crawl_delay(known.rules.crawl_delay);
                Ok(known)
            }
            // the host is paused, or the name leads to a refused address: not a matter of robots.txt
            Err(cause @ (Cause::Paused { .. } | Cause::Budget { .. } | Cause::Refused(_))) => Err(at(url, cause)),
            Err(cause) => slot.failed(cause, Instant::now()).map_err(|cause| at(url, cause)),
        }
    }

    /// Asks for robots.txt; five redirects are followed, also to other hosts (RFC 9309, 2.3.1.2).
    async fn read_robots(&self, site: &Url, scope: Option<&Scope>) -> Result<Known, Cause> {
        let mut trip = Trip { scope, body: robots::MAX_BYTES, spent: Duration::ZERO };
        let mut url = site.join("/robots.txt").map_err(|_| Refusal::Syntax)?;
        let asked = url.to_string();
        let mut hops = 0;
        let answer = loop {
            self.guard.judge_literal(&url, port_named(&url, scope))?;
            let answer = self.ask(&url, headers(Expect::Document), &mut trip).await.map_err(|error| error.cause)?;
            let Some(location) = answer.location() else { break Some(answer) };
            hops += 1;
            if hops > MAX_REDIRECTS || location.is_empty() {
                break None;
            }
            url = self.guard.join(&url, location)?;
        };
        let (status, body) = match answer {
            None => (404, Vec::new()),
            Some(answer) => match meaning(answer.status) {
                Meaning::Rules => (answer.status, answer.body),
                Meaning::AllAllowed => (answer.status, Vec::new()),
                Meaning::Unreachable => return Err(Cause::Status(answer.status)),
            },
        };
        let rules = Robots::parse(&body, PRODUCT);
        let (sitemaps, crawl_delay) = (rules.sitemaps.clone(), rules.crawl_delay);
        let file =
            RobotsFile { url: asked, status, at: self.clock.now(), body: Bytes::from(body), sitemaps, crawl_delay };
        Ok(Known { file, rules })
    }

    /// Sends one request when it is its turn, and again when the connection breaks.
    async fn ask(&self, url: &Url, headers: HeaderMap, trip: &mut Trip<'_>) -> Result<Answer, FetchError> {
        let lane = self.lane(url);
        let mut turn = lane.turn().await;
        let mut retries = self.retries.iter();
        loop {
            self.wait(&lane, &mut turn).await.map_err(|cause| at(url, cause))?;
            let warm = std::mem::take(&mut turn.warm);
            match self.send(url, headers.clone(), &mut turn, trip).await {
                Ok(answer) => return self.settle(url, &lane, &mut turn, answer),
                // an idle connection that the site closed just as we used it: not worth a word
                Err(failure) if failure.before_answer && warm => turn.client = None,
                Err(failure) => {
                    turn.client = None;
                    match retries.next() {
                        Some(pause) if failure.retry => sleep(*pause).await,
                        _ => return Err(self.give_up(url, &mut turn, failure)),
                    }
                }
            }
        }
    }

    /// Waits until the host may be asked.
    async fn wait(&self, lane: &Lane, turn: &mut Turn) -> Result<(), Cause> {
        let host = || lane.host.clone();
        match turn.pace.may_ask(Instant::now(), self.clock.now()) {
            Err(NotNow::Paused(until)) => Err(Cause::Paused { host: host(), until, status: None }),
            Err(NotNow::Budget(until)) => Err(Cause::Budget { host: host(), until }),
            Ok(ready) => {
                sleep_until(ready).await;
                turn.pace.asked(Instant::now());
                lane.count();
                Ok(())
            }
        }
    }

    async fn send(
        &self,
        url: &Url,
        headers: HeaderMap,
        turn: &mut Turn,
        trip: &mut Trip<'_>,
    ) -> Result<Answer, Failure> {
        let named = port_named(url, trip.scope);
        let client = match &turn.client {
            Some((known, client)) if *known == named => client.clone(),
            _ => {
                let client = self.client(url, named)?;
                turn.client.insert((named, client)).1.clone()
            }
        };
        let limits = Limits {
            first_byte: self.settings.first_byte,
            idle: self.settings.idle,
            total: self.settings.total.saturating_sub(trip.spent),
            body: trip.body,
        };
        let started = Instant::now();
        let result = client::exchange(&client, url.clone(), headers, limits).await;
        trip.spent += started.elapsed();
        result
    }

    fn client(&self, url: &Url, port_named: bool) -> Result<reqwest::Client, Failure> {
        let resolver = GuardedResolver {
            lookup: self.lookup.clone(),
            guard: self.guard.clone(),
            port: url.port_or_known_default().unwrap_or(0),
            port_named,
            patience: self.settings.connect,
        };
        client::build(&self.settings, &self.agent, self.tls.clone(), resolver)
            .map_err(|error| Cause::Connection(error.to_string()).into())
    }

    /// Notes what an answer means for the pace of the host.
    fn settle(&self, url: &Url, lane: &Lane, turn: &mut Turn, answer: Answer) -> Result<Answer, FetchError> {
        let now = Instant::now();
        turn.pace.answered(now, answer.head_time);
        turn.warm = answer.reusable;
        if !answer.reusable {
            turn.client = None;
        }
        if matches!(answer.status, 429 | 503) {
            let until = turn.pace.pause(now, self.clock.now(), answer.header("retry-after"));
            return Err(at(url, Cause::Paused { host: lane.host.clone(), until, status: Some(answer.status) }));
        }
        turn.pace.went_well();
        Ok(answer)
    }

    fn give_up(&self, url: &Url, turn: &mut Turn, failure: Failure) -> FetchError {
        let now = Instant::now();
        match failure.cause.is_transient() {
            true => turn.pace.failed(now, self.clock.now()),
            false => turn.pace.answered(now, Duration::ZERO),
        }
        at(url, failure.cause)
    }

    fn lane(&self, url: &Url) -> Arc<Lane> {
        let pace = || Pace::new(self.settings.delay, self.settings.daily_budget);
        remembered(&self.lanes, lane::name(url), || Arc::new(Lane::new(lane::name(url), pace())))
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

/// The entry of a name, made when there is none. When there are very many, those nobody holds are forgotten.
fn remembered<T>(map: &Mutex<HashMap<String, Arc<T>>>, name: String, make: impl FnOnce() -> Arc<T>) -> Arc<T> {
    let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= MAX_REMEMBERED && !map.contains_key(&name) {
        map.retain(|_, entry| Arc::strong_count(entry) > 1);
    }
    map.entry(name).or_insert_with(make).clone()
}

fn port_named(url: &Url, scope: Option<&Scope>) -> bool {
    matches!(url.port_or_known_default(), Some(80 | 443)) || scope.is_some_and(|scope| scope.contains(url))
}

fn headers(expect: Expect) -> HeaderMap {
    let accept = match expect {
        Expect::Page => "text/html,application/xhtml+xml,*/*;q=0.8",
        Expect::Document => "*/*",
    };
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
    headers
}

fn at(url: impl ToString, cause: Cause) -> FetchError {
    FetchError { url: url.to_string(), cause }
}
