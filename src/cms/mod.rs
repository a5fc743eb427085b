//! # CMS: how a kind of site is discovered
//!
//! Floor 3, but a planner does no I/O: it is handed each document that was fetched and says which pages exist and what
//! to fetch next. The crawl does the rest, so a stopped crawl goes on where its frontier stands.
//!
//! A new kind of site is one file with a [`Planner`] and one line in [`PLANNERS`]. Write one only where
//! [`plain`] can't be complete.

pub mod address;
pub mod plain;
pub mod wordpress;

use crate::discover::listing::Links;
use crate::discover::rest::Names;
use crate::model::{Candidate, Cms, Member, Warning};
use serde::{Deserialize, Serialize};

/// What a document is fetched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The home page, where every first round starts.
    Home,
    /// Names of terms and authors in the site's API.
    Names,
    /// A list of posts in the site's API.
    Inventory,
    /// A feed.
    Feed,
    /// A sitemap or sitemap index.
    Sitemap,
    /// A page that lists others.
    Listing,
    /// A page that may be a release.
    Page,
}

impl Purpose {
    /// Every purpose in the order in which a round works: what knows most comes first, so that a page is read with
    /// all evidence at hand.
    pub const ORDER: [Purpose; 7] = [
        Purpose::Home,
        Purpose::Names,
        Purpose::Inventory,
        Purpose::Feed,
        Purpose::Sitemap,
        Purpose::Listing,
        Purpose::Page,
    ];

    /// The name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Home => "home",
            Purpose::Names => "names",
            Purpose::Inventory => "inventory",
            Purpose::Feed => "feed",
            Purpose::Sitemap => "sitemap",
            Purpose::Listing => "listing",
            Purpose::Page => "page",
        }
    }

    /// The purpose called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ORDER.into_iter().find(|purpose| purpose.as_str() == name)
    }

    /// Place in [`Purpose::ORDER`].
    pub fn rank(self) -> i64 {
        Self::ORDER.iter().position(|known| *known == self).unwrap_or_default() as i64
    }
}

/// Something to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Absolute address.
    pub url: String,
    /// What for.
    pub purpose: Purpose,
}

impl Task {
    /// A task.
    pub fn new(url: impl Into<String>, purpose: Purpose) -> Self {
        Self { url: url.into(), purpose }
    }
}

/// A document that was fetched, and how to ask what is known already.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// What it was fetched for.
    pub purpose: Purpose,
    /// Address that was asked for.
    pub requested: &'a str,
    /// Address that answered.
    pub url: &'a str,
    /// Status.
    pub status: u16,
    /// Header fields, names in lower case.
    pub headers: &'a [(String, String)],
    /// Decoded body.
    pub body: &'a [u8],
    /// Whether a page is already known.
    pub known: &'a dyn Fn(&str) -> bool,
    /// Whether the day of a page is already known.
    pub dated: &'a dyn Fn(&str) -> bool,
}

impl Document<'_> {
    /// First value of a header field, name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// `Content-Type`.
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }

    /// Whether it is the body that was asked for.
    pub fn is_ok(&self) -> bool {
        self.status == 200
    }
}

/// What a document led to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What to fetch next, besides the pages of `candidates`.
    pub tasks: Vec<Task>,
    /// Pages that exist.
    pub candidates: Vec<Candidate>,
    /// Whether `candidates` is everything that this document ever lists (a sitemap): what it listed before and lists
    /// no more has to be looked at.
    pub complete: bool,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// What is remembered of a site between documents and rounds; JSON in the store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Name of the planner, once detected.
    pub planner: String,
    /// What the detection saw.
    pub evidence: String,
    /// Root of the REST API.
    pub rest: Option<String>,
    /// Newest modification seen in the API, `YYYY-MM-DDTHH:MM:SS` in GMT.
    pub newest: String,
    /// Categories and tags.
    pub terms: Names,
    /// Authors.
    pub authors: Names,
    /// Feeds that answered as feeds.
    pub feeds: Vec<String>,
    /// Sitemaps that listed pages.
    pub sitemaps: Vec<String>,
    /// First pages of listings with dated cards.
    pub listings: Vec<String>,
    /// Further pages of listings, kept for the case that pages turn out to lack a day.
    pub further: Vec<String>,
    /// Archives that the home page links to, kept for the same case.
    pub archives: Vec<String>,
    /// Whether pages of this site lack a day unless feeds or listings give it.
    pub lacks_days: bool,
    /// Whether the sitemap calls pages changed that are as before, so that its word on that counts no more.
    pub lastmod_lies: bool,
}

impl Memory {
    /// Whether an API or a sitemap tells which pages there are, so that archives need not be walked.
    pub fn has_inventory(&self) -> bool {
        self.rest.is_some() || !self.sitemaps.is_empty()
    }
}

/// Sources that may know the days which pages lack, the most telling first. Each is asked only when those before it
/// left pages without a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaySource {
    /// Home pages and other listings, with all their pages.
    Listings,
    /// Further pages of feeds.
    Feeds,
    /// Archives by term.
    Archives,
}

impl DaySource {
    /// Every source, in the order in which they are asked.
    pub const ORDER: [DaySource; 3] = [DaySource::Listings, DaySource::Feeds, DaySource::Archives];
}

/// Adds `value` once, while there is room.
pub(crate) fn remember(list: &mut Vec<String>, value: &str, most: usize) {
    if list.len() < most && !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}

/// How one kind of site is discovered.
pub trait Planner: Sync {
    /// Name in member files and reports.
    fn name(&self) -> &'static str;

    /// Which value of a member file's `cms` stands for it.
    fn cms(&self) -> Cms;

    /// What on the home page shows that the site is of this kind; `None` when it isn't.
    fn recognise(&self, home: &Links, headers: &[(String, String)]) -> Option<String>;

    /// What to fetch once the home page has been read in a first round.
    fn open(&self, member: &Member, memory: &mut Memory, home: &Links) -> Vec<Task>;

    /// What to fetch in a later round: the cheapest documents that show every change.
    fn revisit(&self, member: &Member, memory: &Memory) -> Vec<Task>;

    /// What to fetch of `source` when pages lack their day.
    fn seek_days(&self, member: &Member, memory: &Memory, source: DaySource) -> Vec<Task>;

    /// Reads a document.
    fn read(&self, member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan;
}

/// Every planner, the most particular first; the last one takes every site.
pub const PLANNERS: &[&dyn Planner] = &[&wordpress::WordPress, &plain::Plain];

/// The first tasks of a round.
pub fn start(member: &Member, memory: &Memory) -> Vec<Task> {
    match planner_named(&memory.planner) {
        Some(planner) => planner.revisit(member, memory),
        None => vec![Task::new(member.home.clone(), Purpose::Home)],
    }
}

/// Reads a document with the site's planner; the home page of a first round decides which one that is.
/// `sitemaps` are those that robots.txt names.
pub fn read(member: &Member, memory: &mut Memory, document: &Document<'_>, sitemaps: &[String]) -> Plan {
    if document.purpose == Purpose::Home && memory.planner.is_empty() {
        return open(member, memory, document, sitemaps);
    }
    match planner_named(&memory.planner) {
        Some(planner) => planner.read(member, memory, document),
        None => plain::Plain.read(member, memory, document),
    }
}

/// Pages of the site lack a day: what to fetch of `source`, and from now on listings and feeds are followed as long as
/// they give days.
pub fn seek_days(member: &Member, memory: &mut Memory, source: DaySource) -> Vec<Task> {
    memory.lacks_days = true;
    let planner = planner_named(&memory.planner).unwrap_or(&plain::Plain);
    planner.seek_days(member, memory, source)
}

fn planner_named(name: &str) -> Option<&'static dyn Planner> {
    PLANNERS.iter().find(|planner| planner.name() == name).copied()
}

fn open(member: &Member, memory: &mut Memory, document: &Document<'_>, sitemaps: &[String]) -> Plan {
    let links = plain::links(member, document);
    let (planner, evidence) = detect(member, &links, document.headers);
    memory.planner = planner.name().to_owned();
    memory.evidence = evidence;
    let opening = planner.open(member, memory, &links);
    let mut plan = planner.read(member, memory, document);
    let named = sitemaps.iter().chain(&member.sitemaps).map(|url| Task::new(url.clone(), Purpose::Sitemap));
    plan.tasks.extend(named);
    plan.tasks.extend(opening);
    plan
}

/// Whether a task is still worth its request, given what was learned since it was planned: once an API or a sitemap
/// tells which pages there are, archives and further pages of a feed are not, unless pages lack their day.
pub fn is_wanted(member: &Member, memory: &Memory, task: &Task) -> bool {
    if !memory.has_inventory() || memory.lacks_days {
        return true;
    }
    match task.purpose {
        Purpose::Listing => {
            let Ok(url) = url::Url::parse(&task.url) else { return false };
            let is_language_home = member
                .languages
                .iter()
                .any(|entry| entry.prefix.trim_end_matches('/') == url.path().trim_end_matches('/'));
            (is_language_home && url.query().is_none()) || member.listings.contains(&task.url)
        }
        Purpose::Feed => !task.url.contains("paged="),
        _ => true,
    }
}

fn detect(member: &Member, links: &Links, headers: &[(String, String)]) -> (&'static dyn Planner, String) {
    if let Some(cms) = member.cms
        && let Some(planner) = PLANNERS.iter().find(|planner| planner.cms() == cms)
    {
        return (*planner, "named in the member file".to_owned());
    }
    PLANNERS
        .iter()
        .find_map(|planner| Some((*planner, planner.recognise(links, headers)?)))
        .unwrap_or((&plain::Plain, String::new()))
}
