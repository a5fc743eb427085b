//! Which pages does a site itself name? Its home page, API, sitemaps, feeds and listings, asked as in a first round and
//! read by the same planners; no page is fetched, and nothing is stored.

use super::Progress;
use crate::cms::{self, Document, Memory, Purpose, Task};
use crate::fetch::{Expect, FetchError, Fetcher, Request, Response, Scope, Validators};
use crate::model::{Candidate, Member};
use crate::normalise::url as address;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Documents asked in one survey: a site with endless archives must not keep us for a day.
const MOST_DOCUMENTS: usize = 500;

/// One document that was asked for.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// What for.
    pub purpose: Purpose,
    /// Its address.
    pub url: String,
    /// Status of the answer, or why there was none.
    pub answer: Result<u16, String>,
    /// How many entries the site says there are (`X-WP-Total`).
    pub total: Option<u64>,
    /// Keys of the pages that it names, in its order.
    pub names: Vec<String>,
    /// What was odd about it.
    pub remarks: Vec<String>,
}

/// A page that documents name.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its canonical address.
    pub url: String,
    /// What each document says of it.
    pub said: Vec<Candidate>,
}

/// What a site names.
#[derive(Debug, Default)]
pub struct Survey {
    /// What the planner found: system with evidence, API, feeds, sitemaps, listings.
    pub memory: Memory,
    /// Every document asked, in order.
    pub documents: Vec<Surveyed>,
    /// Every page named, by [`address::same_page`].
    pub pages: BTreeMap<String, Named>,
    /// The home page, where it answered.
    pub home: Option<Response>,
    /// Why the site could not be reached, where no document answered.
    pub unreachable: Option<String>,
    /// There were more documents than one survey asks for.
    pub cut: bool,
}

/// Surveys the site of `member`. `tell` is told after each document; `stop` ends it early.
pub async fn survey(
    fetcher: &Fetcher,
    member: &Member,
    tell: &(dyn Fn(&Progress<'_>) + Send + Sync),
    stop: &AtomicBool,
) -> Survey {
    let mut walk = Walk::new(member);
    walk.add([Task::new(member.home.clone(), Purpose::Home)]);
    while let Some(task) = walk.next() {
        if stop.load(Ordering::Relaxed) || walk.found.documents.len() >= MOST_DOCUMENTS {
            walk.found.cut = true;
            break;
        }
        match fetcher.get(walk.request(&task)).await {
            Ok(response) => {
                let sitemaps = match task.purpose {
                    Purpose::Home => fetcher.robots(&response.url, Some(&walk.scope)).await.map(|file| file.sitemaps),
                    _ => Ok(Vec::new()),
                };
                tokio::task::block_in_place(|| walk.read(&task, response, &sitemaps.unwrap_or_default()));
            }
            Err(error) => walk.failed(&task, &error),
        }
        let (done, left) = (walk.found.documents.len() as u64, walk.left());
        tell(&Progress::Fetched { member: &member.id, url: &task.url, done, left });
    }
    walk.end()
}

struct Walk<'a> {
    member: &'a Member,
    scope: Arc<Scope>,
    found: Survey,
    /// Tasks by rank and order.
    waiting: BTreeMap<(i64, usize), Task>,
    added: usize,
    asked: HashSet<String>,
    /// Hosts out of reach, with the reason.
    closed: HashMap<String, String>,
}

impl<'a> Walk<'a> {
    fn new(member: &'a Member) -> Self {
        Self {
            member,
            scope: Arc::new(Scope::of(member)),
            found: Survey::default(),
            waiting: BTreeMap::new(),
            added: 0,
            asked: HashSet::new(),
            closed: HashMap::new(),
        }
    }

    fn add(&mut self, tasks: impl IntoIterator<Item = Task>) {
        for task in tasks.into_iter().filter(|task| task.purpose != Purpose::Page) {
            self.added += 1;
            self.waiting.insert((task.purpose.rank(), self.added), task);
        }
    }

    /// The next document that is worth its request and was not asked for yet.
    fn next(&mut self) -> Option<Task> {
        loop {
            let (_, task) = self.waiting.pop_first()?;
            let is_wanted = cms::is_wanted(self.member, &self.found.memory, &task);
            if !is_wanted || !self.asked.insert(address::same_page(&task.url)) {
                continue;
            }
            match self.closed.get(&host_of(&task.url)).cloned() {
                Some(why) => self.note(&task, Err(why)),
                None => return Some(task),
            }
        }
    }

    fn left(&self) -> u64 {
        self.waiting.values().filter(|task| cms::is_wanted(self.member, &self.found.memory, task)).count() as u64
    }

    fn request(&self, task: &Task) -> Request {
        let expect = match task.purpose {
            Purpose::Home | Purpose::Listing | Purpose::Page => Expect::Page,
            _ => Expect::Document,
        };
        let scope = Some(self.scope.clone());
        Request { url: task.url.clone(), expect, validators: Validators::default(), scope }
    }

    fn note(&mut self, task: &Task, answer: Result<u16, String>) {
        let (purpose, url) = (task.purpose, task.url.clone());
        let surveyed = Surveyed { purpose, url, answer, total: None, names: Vec::new(), remarks: Vec::new() };
        self.found.documents.push(surveyed);
    }

    fn failed(&mut self, task: &Task, error: &FetchError) {
        if error.cause.concerns_host() {
            self.closed.insert(host_of(&task.url), error.cause.to_string());
        }
        self.note(task, Err(error.cause.to_string()));
    }

    fn read(&mut self, task: &Task, response: Response, sitemaps: &[String]) {
        self.note(task, Ok(response.status));
        if response.status != 200 {
            return;
        }
        let pages = &self.found.pages;
        let knows = |url: &str| pages.contains_key(&address::same_page(url));
        let document = Document {
            purpose: task.purpose,
            requested: &task.url,
            url: &response.url,
            status: response.status,
            headers: &response.headers,
            body: &response.body,
            known: &knows,
            dated: &knows,
        };
        let plan = cms::read(self.member, &mut self.found.memory, &document, sitemaps);
        let total = response.header("x-wp-total").and_then(|total| total.trim().parse().ok());
        let names = self.take(plan.candidates);
        if let Some(surveyed) = self.found.documents.last_mut() {
            surveyed.total = total;
            surveyed.names = names;
            surveyed.remarks = plan.warnings.iter().map(ToString::to_string).collect();
        }
        self.add(plan.tasks);
        if task.purpose == Purpose::Home {
            self.found.home = Some(response);
        }
    }

    /// Keeps what a document says; gives the keys of the pages it names, each once.
    fn take(&mut self, candidates: Vec<Candidate>) -> Vec<String> {
        let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
        for candidate in candidates {
            let Ok(url) = address::canonical(&candidate.url, None, &self.member.parameters) else { continue };
            let key = address::same_page(&url);
            if seen.insert(key.clone()) {
                names.push(key.clone());
            }
            let named = self.found.pages.entry(key).or_insert_with(|| Named { url, said: Vec::new() });
            named.said.push(candidate);
        }
        names
    }

    fn end(mut self) -> Survey {
        let documents = &self.found.documents;
        if !documents.iter().any(|document| document.answer.is_ok()) {
            self.found.unreachable = documents.iter().find_map(|document| document.answer.clone().err());
        }
        self.found
    }
}

fn host_of(url: &str) -> String {
    let url = url::Url::parse(url).ok();
    url.and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))).unwrap_or_default()
}
