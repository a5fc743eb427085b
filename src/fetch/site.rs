//! What is done at one site: robots.txt is read and kept, requests wait for their turn, go out, and are tried again.

use super::client::{self, Answer, Failure, Limits};
use super::error::{Cause, FetchError};
use super::fetcher::{MAX_REDIRECTS, Shared, Trip, at, headers, port_named};
use super::guard::Refusal;
use super::lane::{self, Lane, Turn};
use super::pace::{NotNow, Pace};
use super::permission::{Known, Meaning, RobotsFile, meaning};
use super::resolve::GuardedResolver;
use super::robots::{self, Robots};
use super::{Expect, PRODUCT, Scope};
use bytes::Bytes;
use http::header::HeaderMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use url::Url;

/// Hosts and sites remembered before those not in use are forgotten.
const MAX_REMEMBERED: usize = 4_096;

impl Shared {
    /// What the site's robots.txt says, from the copy at hand or asked for now. Others wait meanwhile.
    pub(super) async fn permission(&self, url: &Url, trip: &mut Trip<'_>) -> Result<Arc<Known>, FetchError> {
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
            let answer = self.ask_robots(&url, &mut trip).await.map_err(|cause| match cause {
                Cause::Refused(refusal) if hops > 0 => Cause::Redirect(format!("leads inward: {refusal}")),
                other => other,
            })?;
            let Some(location) = answer.location() else { break Some(answer) };
            hops += 1;
            if hops > MAX_REDIRECTS || location.is_empty() {
                break None;
            }
            url = self.next_hop(&url, location).map_err(|cause| Cause::Redirect(cause.to_string()))?;
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

    async fn ask_robots(&self, url: &Url, trip: &mut Trip<'_>) -> Result<Answer, Cause> {
        self.guard.judge_literal(url, port_named(url, trip.scope))?;
        self.ask(url, headers(Expect::Document), trip).await.map_err(|error| error.cause)
    }

    /// Sends one request when it is its turn, and again when the connection breaks.
    pub(super) async fn ask(&self, url: &Url, headers: HeaderMap, trip: &mut Trip<'_>) -> Result<Answer, FetchError> {
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
        let took = started.elapsed();
        trip.spent += took;
        let duration_ms = took.as_millis();
        match &result {
            Ok(answer) => {
                let (status, bytes) = (answer.status, answer.body.len());
                tracing::trace!(http.url = %url, http.status = status, bytes, duration_ms, "asked {url}: {status}");
            }
            Err(failure) => tracing::trace!(http.url = %url, duration_ms, "asked {url}: {}", failure.cause),
        }
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

    pub(super) fn lane(&self, url: &Url) -> Arc<Lane> {
        let pace = || Pace::new(self.settings.delay, self.settings.daily_budget);
        remembered(&self.lanes, lane::name(url), || Arc::new(Lane::new(lane::name(url), pace())))
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
