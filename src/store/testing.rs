//! A store in a folder of its own, with a clock that the test moves.

use super::{Capture, Reading, Recorded, Store};
use crate::{
    model::{Clock, Draft, Host, Lang, LanguagePrefix, Member, MemberId, Name},
    reconcile::testing::draft,
};
use bytes::Bytes;
use jiff::{Timestamp, tz::TimeZone};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tempfile::TempDir;

/// The time of a test; starts at 2026-01-01T00:00:00Z.
#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub fn member() -> MemberId {
    MemberId::new("example").unwrap()
}

pub fn store() -> (TempDir, Store) {
    let (dir, store, _) = moving_store();
    (dir, store)
}

pub fn moving_store() -> (TempDir, Store, Time) {
    let dir = TempDir::new().unwrap();
    let time = Time(Arc::new(AtomicI64::new(1_767_225_600)));
    let told = time.clone();
    let clock = Clock::new(move || Timestamp::from_second(told.0.load(Ordering::SeqCst)).unwrap());
    let store = Store::open(dir.path(), clock).unwrap();
    (dir, store, time)
}

pub const TEXT: &str = "Paris, le 1er décembre 2021. Deux associations s'unissent pour 2 600 enfants privés d'école.";

/// A member with one site.
pub fn association() -> Member {
    Member {
        id: member(),
        names: vec![Name { name: "Association Exemple".to_owned(), since: None, until: None }],
        home: "https://example.org/".to_owned(),
        hosts: vec![Host { name: "example.org".to_owned(), port: None, since: None, until: None }],
        languages: vec![LanguagePrefix { prefix: "/".to_owned(), lang: Lang::FR, machine_translated: false }],
        cms: None,
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        listings: Vec::new(),
        parameters: Vec::new(),
        exclude: Vec::new(),
        timezone: TimeZone::UTC,
        rules: Vec::new(),
        categories: Vec::new(),
        protected_names: Vec::new(),
    }
}

/// Records readings of pages of one member, as a crawl does.
pub struct Site<'a> {
    pub store: &'a Store,
    pub member: Member,
    pub reader: u32,
    pub found_by: Option<String>,
}

impl<'a> Site<'a> {
    pub fn new(store: &'a Store) -> Self {
        Self { store, member: association(), reader: 1, found_by: None }
    }

    pub fn read(&self, url: &str, title: &str, text: &str) -> Recorded {
        self.read_with(url, &[], title, text)
    }

    pub fn read_with(&self, url: &str, aliases: &[String], title: &str, text: &str) -> Recorded {
        self.record(url, aliases, &draft(title, text))
    }

    pub fn read_as(&self, url: &str, edit: impl Fn(&mut Draft)) -> Recorded {
        let mut draft = draft("Titre", TEXT);
        edit(&mut draft);
        self.record(url, &[], &draft)
    }

    fn record(&self, url: &str, aliases: &[String], draft: &Draft) -> Recorded {
        let capture = Capture {
            member: self.member.id.clone(),
            requested: url.to_owned(),
            url: url.to_owned(),
            status: 200,
            headers: Vec::new(),
            body: Bytes::from_static(b"the same"),
            at: self.store.clock().now(),
        };
        let reading = Reading {
            member: &self.member,
            url,
            aliases,
            capture: self.store.put_capture(&capture).unwrap(),
            reader: self.reader,
            draft,
            found_by: self.found_by.as_deref(),
            token: "",
            etag: None,
            last_modified: None,
        };
        self.store.record(&reading).unwrap()
    }
}
