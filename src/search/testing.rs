//! A small newsroom in memory for the tests of this room.

use super::{Engine, Query, Results};
use crate::index::{Index, IndexDoc};
use crate::model::{
    Kind, Label, LabelKind, Lang, MemberId, MemberRef, Place, PublicationRef, Release, ReleaseId, Tag, TagBy, Theme,
    ThemeId, Vocabulary,
};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// A release to be indexed.
pub fn doc(id: &str, title: &str, text: &str) -> IndexDoc {
    let release = Release {
        id: ReleaseId::new(id).unwrap(),
        kind: Kind::Release,
        title: title.to_owned(),
        lang: Lang::FR,
        published: None,
        updated: Timestamp::UNIX_EPOCH,
        first_seen: Timestamp::UNIX_EPOCH,
        rank: id.bytes().fold(0, |rank, byte| rank * 31 + i64::from(byte)),
        url: String::new(),
        members: Vec::new(),
        publications: Vec::new(),
        authors: Vec::new(),
        issuers: Vec::new(),
        themes: Vec::new(),
        countries: Vec::new(),
        summary: String::new(),
        image: None,
        attachments: Vec::new(),
    };
    IndexDoc { release, texts: vec![(Lang::FR, title.to_owned(), text.to_owned())] }
}

/// What a test says of a release.
pub trait Describe {
    /// Published on this day.
    fn on(self, day: &str) -> Self;
    /// Tagged with this theme.
    fn about(self, theme: &str) -> Self;
    /// Published by this member.
    fn by(self, member: &str) -> Self;
    /// Speaks of this country.
    fn in_country(self, country: &str) -> Self;
    /// Is of this kind.
    fn of(self, kind: Kind) -> Self;
    /// Was added in this place.
    fn ranked(self, rank: i64) -> Self;
    /// Is in this language.
    fn spoken(self, lang: &str) -> Self;
    /// Also published in another language.
    fn also(self, lang: &str, title: &str, text: &str) -> Self;
}

impl Describe for IndexDoc {
    fn on(mut self, day: &str) -> Self {
        self.release.published = Some(day.parse().unwrap());
        self
    }

    fn about(mut self, theme: &str) -> Self {
        let id = ThemeId::new(theme).unwrap();
        self.release.themes.push(Tag { id, by: TagBy::Label, score: 1.0, evidence: Vec::new() });
        self
    }

    fn by(mut self, member: &str) -> Self {
        let id = MemberId::new(member).unwrap();
        self.release.members.push(MemberRef { id, name: member.to_owned() });
        self
    }

    fn in_country(mut self, country: &str) -> Self {
        self.release.countries.push(Place { id: country.to_owned(), evidence: Vec::new() });
        self
    }

    fn of(mut self, kind: Kind) -> Self {
        self.release.kind = kind;
        self
    }

    fn ranked(mut self, rank: i64) -> Self {
        self.release.rank = rank;
        self
    }

    fn spoken(mut self, lang: &str) -> Self {
        self.release.lang = lang.parse().unwrap();
        self
    }

    fn also(mut self, lang: &str, title: &str, text: &str) -> Self {
        let lang: Lang = lang.parse().unwrap();
        self.release.publications.push(PublicationRef {
            url: format!("https://example.org/{lang}"),
            member: MemberId::new("example").unwrap(),
            lang,
            title: title.to_owned(),
            published: None,
            machine_translated: false,
        });
        self.texts.push((lang, title.to_owned(), text.to_owned()));
        self
    }
}

/// A theme with its broader ones.
pub fn theme(id: &str, label: &str, broader: &[&str]) -> Theme {
    let lang = Lang::FR;
    Theme {
        id: ThemeId::new(id).unwrap(),
        iri: id.to_owned(),
        labels: vec![Label { text: label.to_owned(), lang, kind: LabelKind::Preferred }],
        notes: Vec::new(),
        examples: Vec::new(),
        broader: broader.iter().map(|id| ThemeId::new(*id).unwrap()).collect(),
        narrower: Vec::new(),
        related: Vec::new(),
        mappings: Vec::new(),
    }
}

/// A theme with labels: the first of each language is the preferred one.
pub fn labelled(id: &str, labels: &[(&str, &str)]) -> Theme {
    let mut made = theme(id, "", &[]);
    made.labels.clear();
    for (lang, text) in labels {
        let lang: Lang = lang.parse().unwrap();
        let is_first = made.labels.iter().all(|label| label.lang != lang);
        let kind = if is_first { LabelKind::Preferred } else { LabelKind::Alternative };
        made.labels.push(Label { text: (*text).to_owned(), lang, kind });
    }
    made
}

/// An index in a folder of its own, and the engine over it.
pub struct House {
    /// The engine.
    pub engine: Engine,
    /// The index.
    pub index: Index,
    texts: Arc<Mutex<HashMap<ReleaseId, String>>>,
    _folder: TempDir,
}

impl House {
    /// A newsroom without themes.
    pub fn with(docs: Vec<IndexDoc>) -> Self {
        Self::with_themes(docs, Vec::new())
    }

    /// A newsroom with themes.
    pub fn with_themes(docs: Vec<IndexDoc>, themes: Vec<Theme>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        let texts: Arc<Mutex<HashMap<ReleaseId, String>>> = Arc::default();
        let given = texts.clone();
        let of = move |id: &ReleaseId, _: Lang| given.lock().unwrap().get(id).cloned();
        let vocabulary = Arc::new(Vocabulary::new(themes, Vec::new(), Vec::new()));
        let engine = Engine::new(index.clone(), vocabulary, Arc::default(), Arc::new(of)).unwrap();
        let house = House { engine, index, texts, _folder: folder };
        let mut writer = house.index.rebuild().unwrap();
        for doc in docs {
            house.remember(&doc);
            writer.put(&doc).unwrap();
        }
        writer.commit(1).unwrap();
        drop(writer);
        house
    }

    /// Adds or replaces releases.
    pub fn put(&self, seq: u64, docs: Vec<IndexDoc>) {
        let mut writer = self.index.writer().unwrap();
        for doc in docs {
            self.remember(&doc);
            writer.put(&doc).unwrap();
        }
        writer.commit(seq).unwrap();
    }

    fn remember(&self, doc: &IndexDoc) {
        self.texts.lock().unwrap().insert(doc.release.id.clone(), doc.texts[0].2.clone());
    }

    /// The answer to a query string.
    pub fn ask(&self, address: &str) -> Results {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(address.as_bytes()).into_owned().collect();
        let query = Query::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))).unwrap();
        self.engine.search(&query).unwrap()
    }

    /// The ids of an answer, in order, joined by spaces; partial matches follow a bar.
    pub fn ids(&self, address: &str) -> String {
        let answer = self.ask(address);
        let mut out = String::new();
        for (at, hit) in answer.hits.iter().enumerate() {
            let first_partial = hit.partial && (at == 0 || !answer.hits[at - 1].partial);
            out.push_str(if first_partial { " | " } else { " " });
            out.push_str(hit.release.id.as_str());
        }
        out.trim_start().to_owned()
    }

    /// As [`House::ids`], in the order of the alphabet: which ones, not in which order.
    pub fn set(&self, address: &str) -> String {
        let answer = self.ask(address);
        let mut ids: Vec<&str> =
            answer.hits.iter().filter(|hit| !hit.partial).map(|hit| hit.release.id.as_str()).collect();
        ids.sort_unstable();
        ids.join(" ")
    }

    /// The counts of one facet.
    pub fn facet(&self, name: &str, address: &str) -> String {
        let answer = self.ask(&format!("{address}&facets={name}"));
        let shown = |value: &super::FacetValue| {
            format!("{}={}{}", value.value, value.count, if value.selected { "*" } else { "" })
        };
        answer.facets[0].values.iter().map(shown).collect::<Vec<_>>().join(" ")
    }
}
