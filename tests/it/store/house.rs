//! A store in a folder of its own, two members, and pages as they were read.

use bytes::Bytes;
use communique::{
    config::Config,
    index::Index,
    model::{
        Clock, DateEvidence, DateRole, DateSource, DateValue, Draft, Host, Kind, KindGuess, Lang, LanguagePrefix,
        Member, MemberId, Name, PageState, Release,
    },
    publish::{self, Settled},
    store::{Capture, Outcome, Reading, Source, Store},
};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;

/// 2026-01-01T00:00:00Z.
pub const START: i64 = 1_767_225_600;

/// A store in a folder of its own, two members, and a clock that the test moves.
pub struct House {
    pub dir: TempDir,
    pub time: Arc<AtomicI64>,
    pub store: Store,
    pub config: Config,
}

impl House {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let time = Arc::new(AtomicI64::new(START));
        let store = Store::open(&dir.path().join("data"), clock(&time)).unwrap();
        let members = vec![member("monde", "Les Écoliers du Monde"), member("savoirs", "Savoirs Partagés")];
        Self { dir, time, store, config: Config { members, ..Config::default() } }
    }

    /// The same folder opened by a new process.
    pub fn reopened(mut self) -> Self {
        self.store = Store::open(&self.dir.path().join("data"), clock(&self.time)).unwrap();
        self
    }

    pub fn wait(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn settle(&self) -> Settled {
        publish::settle(&self.store, &self.config).unwrap()
    }

    pub fn index(&self) -> Index {
        Index::open(&self.dir.path().join("index")).unwrap()
    }

    pub fn read(&self, page: &Page) -> Outcome {
        let member = self.config.members.iter().find(|member| member.id.as_str() == page.member).unwrap();
        let capture = Capture {
            member: member.id.clone(),
            requested: page.url.clone(),
            url: page.url.clone(),
            status: 200,
            headers: Vec::new(),
            body: Bytes::from(page.draft.text.clone()),
            at: self.store.clock().now(),
        };
        let reading = Reading {
            member,
            url: &page.url,
            aliases: &page.aliases,
            capture: self.store.put_capture(&capture).unwrap(),
            reader: 1,
            draft: &page.draft,
            found_by: page.found_by.as_deref(),
            token: "",
            etag: None,
            last_modified: None,
        };
        self.store.record(&reading).unwrap().outcome
    }

    /// The release that the page at `url` belongs to, found as its readers would.
    pub fn release_of(&self, url: &str) -> Release {
        let all = self.releases();
        let has = |release: &&Release| release.publications.iter().any(|publication| publication.url == url);
        all.iter().find(has).unwrap_or_else(|| panic!("no release shows {url}")).clone()
    }

    /// Visible releases, the highest rank first: the order of feeds.
    pub fn releases(&self) -> Vec<Release> {
        let mut all: Vec<Release> = self
            .store
            .reader()
            .indexed_after(i64::MIN, 10_000)
            .unwrap()
            .into_iter()
            .map(|found| found.release)
            .collect();
        all.reverse();
        all
    }

    pub fn titles(&self) -> Vec<String> {
        self.releases().into_iter().map(|release| release.title).collect()
    }
}

pub fn clock(time: &Arc<AtomicI64>) -> Clock {
    let time = time.clone();
    Clock::new(move || Timestamp::from_second(time.load(Ordering::SeqCst)).unwrap())
}

pub fn member(id: &str, name: &str) -> Member {
    Member {
        id: MemberId::new(id).unwrap(),
        names: vec![Name { name: name.to_owned(), since: None, until: None }],
        home: format!("https://{id}.example/"),
        hosts: vec![Host { name: format!("{id}.example"), port: None, since: None, until: None }],
        languages: vec![LanguagePrefix { prefix: "/".to_owned(), lang: Lang::FR, machine_translated: false }],
        cms: None,
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        listings: Vec::new(),
        parameters: Vec::new(),
        exclude: Vec::new(),
        timezone: TimeZone::get("Europe/Paris").unwrap(),
        rules: Vec::new(),
        categories: Vec::new(),
        protected_names: Vec::new(),
    }
}

/// A page of a member's site as it was read.
#[derive(Clone)]
pub struct Page {
    pub member: &'static str,
    pub url: String,
    pub aliases: Vec<String>,
    pub found_by: Option<String>,
    pub draft: Draft,
}

impl Page {
    pub fn new(member: &'static str, path: &str, title: &str, text: &str) -> Self {
        let url = format!("https://{member}.example{path}");
        let draft = Draft {
            url: url.clone(),
            canonical: String::new(),
            title: title.to_owned(),
            lang: Some(Lang::FR),
            machine_translated: None,
            kind: KindGuess { kind: Kind::Release, reason: String::new() },
            state: PageState::Live,
            published: None,
            modified: None,
            dates: Vec::new(),
            authors: Vec::new(),
            image: None,
            html: format!("<p>{text}</p>"),
            text: text.to_owned(),
            summary: String::new(),
            place: String::new(),
            contacts: String::new(),
            embargo: None,
            about: String::new(),
            attachments: Vec::new(),
            translations: Vec::new(),
            categories: Vec::new(),
            warnings: Vec::new(),
        };
        Self { member, url, aliases: Vec::new(), found_by: None, draft }
    }

    /// A text of `tests/fixtures/reconcile/`: its first line is the title.
    pub fn from_file(member: &'static str, path: &str, file: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reconcile").join(file);
        let text = fs::read_to_string(file.with_extension("txt")).unwrap();
        let (title, text) = text.split_once('\n').unwrap();
        Self::new(member, path, title, text.trim())
    }

    pub fn on(mut self, day: &str) -> Self {
        self.draft.published = Some(DateEvidence {
            value: day.parse::<DateValue>().unwrap(),
            role: DateRole::Published,
            source: DateSource::Meta,
            raw: String::new(),
        });
        self
    }

    pub fn in_english(mut self) -> Self {
        self.draft.lang = Some(Lang::EN);
        self
    }

    pub fn found_by(mut self, source: &Source) -> Self {
        self.found_by = Some(source.url.clone());
        self
    }
}

/// A text unlike any other, long enough to be known again.
pub fn text(subject: &str) -> String {
    let words = ["annonce", "soutient", "dénonce", "rappelle", "finance", "accueille", "visite", "prépare"];
    let sentence = |word: &&str| format!("Pour {subject}, l'association {word} {subject} avec {subject}-{word}.");
    words.iter().map(sentence).collect::<Vec<_>>().join(" ")
}
