//! What does a site offer? From its home page alone: system, languages, sources, traps, sample releases, and a member
//! file that works as it is.
//!
//! `about` reads the home page, `sample` reads pages, `traps` says what may go wrong, `draft` writes the member file.
//! The sources are those of a [`survey`](super::survey()): what a first round will find.

mod about;
mod draft;
mod sample;
mod traps;

pub use sample::Sample;

use super::audit::{Claim, claims};
use super::survey::{Survey, survey};
use super::{Named, Progress};
use crate::fetch::{Cause, FetchError, Fetcher, Request, Response, RobotsFile, Scope};
use crate::model::{Clock, Host, Member};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use url::Url;

/// Something about a site that a crawl, or the person who adds it, has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trap {
    /// A stable name, for example `soft-404`.
    pub name: &'static str,
    /// What was seen, in words.
    pub detail: String,
}

/// A language of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spoken {
    /// Path prefix with both slashes.
    pub prefix: String,
    /// The language below it.
    pub lang: crate::model::Lang,
    /// Whether pages below it are machine translations.
    pub machine_translated: bool,
    /// What shows it.
    pub evidence: String,
}

/// What a site offers.
#[derive(Debug, Serialize)]
pub struct Probe {
    /// Home page, as it answers.
    pub home: String,
    /// The site's name.
    pub name: String,
    /// The planner that will crawl it: `wordpress`, `plain`.
    pub system: String,
    /// What shows that.
    pub evidence: String,
    /// `generator` of the home page; empty without one.
    pub generator: String,
    /// Languages with their prefixes, that of the whole site last.
    pub languages: Vec<Spoken>,
    /// Root of the REST API, where it answers.
    pub rest: Option<String>,
    /// Feeds that answered.
    pub feeds: Vec<String>,
    /// Sitemaps that answered.
    pub sitemaps: Vec<String>,
    /// What each source says and lists.
    pub sources: Vec<Claim>,
    /// Pages that the sources name together.
    pub named: u64,
    /// What may go wrong.
    pub traps: Vec<Trap>,
    /// What was odd about the samples, by remark: on how many, and an example.
    pub remarks: Vec<(String, usize, String)>,
    /// Pages, fully read.
    pub samples: Vec<Sample>,
    /// Requests sent.
    pub requests: u64,
    /// Id of the member, and name of its file.
    pub id: String,
    /// The drafted member file.
    pub member_file: String,
    #[serde(skip)]
    member: Member,
}

/// A probe under way: what its parts need.
struct Ground<'a> {
    fetcher: &'a Fetcher,
    clock: &'a Clock,
    member: Member,
    survey: Survey,
    robots: Result<RobotsFile, FetchError>,
}

impl Ground<'_> {
    async fn page(&self, url: &str) -> Result<Response, FetchError> {
        let scope = Arc::new(Scope::of(&self.member));
        self.fetcher.get(Request::page(url).within(&scope)).await
    }

    /// Pages that sources name, each once.
    fn pages(&self) -> impl Iterator<Item = &Named> {
        self.survey.pages.values()
    }
}

/// Probes the site whose home page is `url`. The error says why the home page cannot be had.
pub async fn probe(
    fetcher: &Fetcher,
    clock: &Clock,
    url: &Url,
    tell: &(dyn Fn(&Progress<'_>) + Send + Sync),
    stop: &AtomicBool,
) -> Result<Probe, FetchError> {
    let mut member = about::stranger(url);
    let response = home(fetcher, &mut member).await?;
    let about = tokio::task::block_in_place(|| about::read(&mut member, &response));
    let mut found = survey(fetcher, &member, tell, stop).await;
    let more = about::further_languages(&mut member, &found, fetcher).await;
    if more.is_some_and(|new| new) {
        found = survey(fetcher, &member, tell, stop).await;
    }
    let robots = fetcher.robots(&member.home, Some(&Scope::of(&member))).await;
    let mut ground = Ground { fetcher, clock, member, survey: found, robots };
    let samples = sample::some(&ground, stop).await;
    about::mark_machine_translations(&mut ground.member, &samples);
    let further_feeds = about::unannounced_feeds(&ground).await;
    ground.member.feeds = further_feeds;
    let traps = traps::seen(&ground, &about, &samples, &response).await;
    let sources = claims(&ground.survey.documents, &HashMap::new());
    let Ground { member, survey, .. } = ground;
    let languages = about::spoken(&member, &about);
    let requests = member.hosts.iter().map(|host| fetcher.requests(&about::address(host))).sum();
    let mut probe = Probe {
        home: member.home.clone(),
        name: member.name().to_owned(),
        system: survey.memory.planner.clone(),
        evidence: survey.memory.evidence.clone(),
        generator: about.generator.clone(),
        languages,
        rest: survey.memory.rest.clone(),
        feeds: survey.memory.feeds.iter().chain(&member.feeds).cloned().collect(),
        sitemaps: survey.memory.sitemaps.clone(),
        sources,
        named: survey.pages.len() as u64,
        traps,
        remarks: traps::remarks(&samples),
        samples,
        requests,
        id: member.id.to_string(),
        member_file: String::new(),
        member,
    };
    probe.member_file = draft::member_file(&probe.member, &probe, &about, clock.now());
    Ok(probe)
}

/// The home page, also where it stands on another host now: that one is the member's then, and the old one too.
async fn home(fetcher: &Fetcher, member: &mut Member) -> Result<Response, FetchError> {
    for _ in 0..3 {
        let scope = Arc::new(Scope::of(member));
        match fetcher.get(Request::page(member.home.clone()).within(&scope)).await {
            Ok(response) => {
                member.home = response.url.clone();
                return Ok(response);
            }
            Err(error) if matches!(error.cause, Cause::OffSite { .. }) => {
                let Ok(moved) = Url::parse(&error.url) else { return Err(error) };
                let stranger = about::stranger(&moved);
                let old: Vec<Host> = std::mem::replace(member, stranger).hosts;
                member.hosts.extend(old);
            }
            Err(error) => return Err(error),
        }
    }
    let scope = Arc::new(Scope::of(member));
    fetcher.get(Request::page(member.home.clone()).within(&scope)).await
}
