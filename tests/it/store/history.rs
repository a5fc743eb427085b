//! Laws of merging over a generated history: whatever members do to their sites, readers are never told twice, nothing
//! moves, and every address and id they ever saw still answers. Which law is held where says `feeds_published`.

use super::house::{House, Page, text};
use communique::{
    model::{MemberId, Release, ReleaseId},
    store::{Absence, Absent, Lookup, RoundEnd, Tick},
};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What happens on a site, and when we look.
#[derive(Debug, Clone)]
enum Event {
    /// A page appears, or is read again as it is.
    Read(usize),
    /// Words of a page change.
    Edit(usize),
    /// Only punctuation of a page changes.
    Dress(usize),
    /// The date of a page is touched and now later, its words are not.
    Touch(usize),
    /// The site says that a page was touched, and nothing of it changed.
    Stamp(usize),
    /// A page stands at another address, host or scheme, to which the old one leads.
    Move(usize),
    /// The site was rebuilt: the page stands at another address, and the old one is gone without a word.
    Rebuild(usize),
    /// A round finds a page gone.
    Miss(usize),
    /// The other member prints the text of a page.
    Copy(usize),
    /// The other member prints a text of its own under the title of a page.
    Namesake(usize),
    /// A round that reaches nothing.
    Fail,
    /// A round whose sources list nothing.
    Emptied,
    /// What was found becomes visible.
    Settle,
    /// The program is killed and started again.
    Restart,
}

const PAGES: usize = 5;

fn event() -> impl Strategy<Value = Event> {
    let page = 0..PAGES;
    prop_oneof![
        4 => page.clone().prop_map(Event::Read),
        2 => page.clone().prop_map(Event::Edit),
        1 => page.clone().prop_map(Event::Dress),
        1 => page.clone().prop_map(Event::Touch),
        1 => page.clone().prop_map(Event::Stamp),
        1 => page.clone().prop_map(Event::Move),
        1 => page.clone().prop_map(Event::Rebuild),
        3 => page.clone().prop_map(Event::Miss),
        1 => page.clone().prop_map(Event::Copy),
        1 => page.prop_map(Event::Namesake),
        1 => Just(Event::Fail),
        1 => Just(Event::Emptied),
        4 => Just(Event::Settle),
        1 => Just(Event::Restart),
    ]
}

/// The sites as they are now, and what readers have seen so far.
struct World {
    house: House,
    pages: Vec<Page>,
    read: BTreeSet<usize>,
    /// Pages that were withdrawn and not read since.
    withdrawn: BTreeSet<usize>,
    /// Pages of which there are copies: they may stand in a release with them, or in one of their own again.
    copied: BTreeSet<usize>,
    /// The release in which readers first saw a page.
    first: BTreeMap<usize, ReleaseId>,
    last: Tick,
    ranks: BTreeMap<ReleaseId, i64>,
    updated: BTreeMap<ReleaseId, Timestamp>,
    announced: BTreeMap<ReleaseId, usize>,
    edits: usize,
}

impl World {
    fn new() -> Self {
        let subjects = ["Sahel", "Mékong", "Andes", "Atlas", "Caraïbes"];
        let page = |(n, subject): (usize, &&str)| {
            let page = Page::new("monde", &format!("/{n}"), subject, &text(subject));
            if n % 2 == 0 { page.on(&format!("202{n}-03-08")) } else { page }
        };
        Self {
            house: House::new(),
            pages: subjects.iter().enumerate().map(page).collect(),
            read: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            copied: BTreeSet::new(),
            first: BTreeMap::new(),
            last: Tick { seq: 0, at: Timestamp::UNIX_EPOCH },
            ranks: BTreeMap::new(),
            updated: BTreeMap::new(),
            announced: BTreeMap::new(),
            edits: 0,
        }
    }

    fn live(mut self, event: &Event, number: usize) -> Self {
        self.house.wait(7);
        match *event {
            Event::Read(at) => self.look(at),
            Event::Edit(at) => {
                self.pages[at].draft.text.push_str(&format!(" Nouvelle phrase numéro {number}."));
                self.edits += 1;
                self.look(at);
            }
            Event::Dress(at) => {
                self.pages[at].draft.title.push('!');
                self.look(at);
            }
            Event::Touch(at) => {
                if self.pages[at].draft.published.is_some() {
                    let later = format!("2025-{:02}-{:02}", number / 28 + 1, number % 28 + 1);
                    self.pages[at] = self.pages[at].clone().on(&later);
                }
                self.look(at);
            }
            Event::Stamp(at) => self.stamp(at),
            Event::Move(at) => {
                let page = &mut self.pages[at];
                page.aliases = vec![page.url.clone()];
                let home = ["https://monde.example", "http://monde.example", "https://www.monde.example"][number % 3];
                page.url = format!("{home}/{number}/{at}");
                self.look(at);
            }
            Event::Rebuild(at) => self.rebuild(at, number),
            Event::Miss(at) => self.miss(at),
            Event::Copy(at) => {
                let original = &self.pages[at].draft;
                let copy = Page::new("savoirs", &format!("/copie/{at}"), &original.title, &original.text);
                self.house.read(&copy);
                self.copied.insert(at);
            }
            Event::Namesake(at) => {
                let (title, own) = (&self.pages[at].draft.title, text(&format!("Danube-{at}")));
                self.house.read(&Page::new("savoirs", &format!("/homonyme/{at}"), title, &own));
            }
            Event::Fail => self.quiet(&RoundEnd::Failed("no route to host".to_owned())),
            Event::Emptied => self.quiet(&RoundEnd::Complete),
            Event::Settle => self.settle(),
            Event::Restart => self.house = self.house.reopened(),
        }
        self
    }

    fn look(&mut self, at: usize) {
        self.house.read(&self.pages[at]);
        self.read.insert(at);
        self.withdrawn.remove(&at);
    }

    fn miss(&mut self, at: usize) {
        if self.round_without(&self.pages[at].url) == Absent::Withdrawn {
            self.withdrawn.insert(at);
        }
    }

    fn round_without(&self, url: &str) -> Absent {
        let member = MemberId::new("monde").unwrap();
        self.house.store.begin_round(&member).unwrap();
        let absent = self.house.store.absent(url, Absence::Gone).unwrap();
        self.house.store.end_round(&member, &RoundEnd::Complete).unwrap();
        absent
    }

    /// The modified date is another one: readers see the same bytes.
    fn stamp(&mut self, at: usize) {
        self.look(at);
        self.settle();
        let mut touched = self.pages[at].clone().on("2025-12-24");
        touched.draft.modified = touched.draft.published.take();
        touched.draft.published = self.pages[at].draft.published.clone();
        self.house.read(&touched);
        assert_eq!(self.house.settle().tick, None, "a touched date was told");
    }

    /// A new address for the same text, and two rounds that do not find the old one.
    fn rebuild(&mut self, at: usize, number: usize) {
        let old = self.pages[at].url.clone();
        self.pages[at].aliases.clear();
        self.pages[at].url = format!("https://monde.example/neuf/{number}/{at}");
        self.look(at);
        self.settle();
        for _ in 0..2 {
            self.round_without(&old);
            self.settle();
        }
    }

    /// A round that brings nothing tells nothing and takes nothing away.
    fn quiet(&mut self, end: &RoundEnd) {
        self.settle();
        let before = self.house.releases();
        let member = MemberId::new("monde").unwrap();
        self.house.store.begin_round(&member).unwrap();
        self.house.store.end_round(&member, end).unwrap();
        assert_eq!(self.house.settle().tick, None, "{end:?} was told");
        assert_eq!(self.house.releases(), before);
    }

    /// Settles, and holds what readers see now against what they saw before.
    fn settle(&mut self) {
        let settled = self.house.settle();
        let now = self.house.store.reader().tick().unwrap();
        match settled.tick {
            Some(tick) => {
                assert_eq!(tick, now);
                assert_eq!(tick.seq, self.last.seq + 1, "one tick a settle");
                assert!(tick.at > self.last.at, "ticks rise");
                assert_eq!(tick.at.subsec_nanosecond(), 0);
            }
            None => assert_eq!(now, self.last, "nothing visible changed, no tick"),
        }
        let visible = self.house.releases();
        self.every_page_stands_once(&visible);
        self.pages_keep_their_ids(&visible);
        for release in &visible {
            self.nothing_moves(release, settled.tick);
        }
        for id in self.ranks.keys() {
            self.still_answers(id, &visible);
        }
        self.last = now;
        assert_eq!(self.house.settle().tick, None, "a second settle finds nothing to do");
    }

    fn every_page_stands_once(&self, visible: &[Release]) {
        let mut seen = BTreeSet::new();
        for publication in visible.iter().flat_map(|release| &release.publications) {
            assert!(seen.insert(publication.url.clone()), "{} stands in two releases", publication.url);
        }
        let ranks: BTreeSet<i64> = visible.iter().map(|release| release.rank).collect();
        assert_eq!(ranks.len(), visible.len(), "ranks are unique");
    }

    /// What was withdrawn stays gone; every other page stays in the release in which it was first seen; all who issued a
    /// release are its members, and a title alone joins nothing.
    fn pages_keep_their_ids(&mut self, visible: &[Release]) {
        for at in self.read.clone() {
            let url = self.pages[at].url.clone();
            let shown = visible.iter().find(|release| release.publications.iter().any(|page| page.url == url));
            if self.withdrawn.contains(&at) {
                assert!(shown.is_none(), "{url} was withdrawn and is here");
            } else if let Some(shown) = shown.filter(|_| !self.copied.contains(&at)) {
                let first = self.first.entry(at).or_insert(shown.id.clone());
                assert_eq!(*first, shown.id, "{url} has another id");
            }
        }
        for release in visible {
            let issued: BTreeSet<&str> = release.publications.iter().map(|page| page.member.as_str()).collect();
            let named: BTreeSet<&str> = release.members.iter().map(|member| member.id.as_str()).collect();
            assert_eq!(issued, named, "{release:?}");
            let namesakes = release.publications.iter().filter(|page| page.url.contains("/homonyme/")).count();
            assert!(namesakes == 0 || release.publications.len() == 1, "joined on the title alone: {release:?}");
        }
    }

    fn nothing_moves(&mut self, release: &Release, tick: Option<Tick>) {
        let rank = *self.ranks.entry(release.id.clone()).or_insert(release.rank);
        assert_eq!(rank, release.rank, "{} moved", release.id);
        let before = self.updated.insert(release.id.clone(), release.updated);
        if let Some(before) = before.filter(|before| *before != release.updated) {
            assert_eq!(Some(release.updated), tick.map(|tick| tick.at), "updated is the tick of the edit");
            assert!(release.updated > before);
            *self.announced.entry(release.id.clone()).or_default() += 1;
        }
    }

    /// An id that readers saw is a release, redirects to one they can ask for, or is gone.
    fn still_answers(&self, id: &ReleaseId, visible: &[Release]) {
        match self.house.store.reader().release(id).unwrap() {
            Lookup::Found(release) => assert!(visible.iter().any(|seen| seen.id == release.id)),
            Lookup::Moved(into) => {
                let target = self.house.store.reader().release(&into).unwrap();
                assert!(matches!(target, Lookup::Found(_) | Lookup::Gone(_)), "{id} → {into} → {target:?}");
            }
            Lookup::Gone(since) => assert!(since <= self.house.store.reader().tick().unwrap().at),
            Lookup::Unknown => panic!("{id} was seen and is unknown now"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn readers_are_told_once_and_nothing_moves(events in proptest::collection::vec(event(), 4..48)) {
        let mut world = World::new();
        for (number, event) in events.iter().enumerate() {
            world = world.live(event, number);
        }
        world.settle();
        let told: usize = world.announced.values().sum();
        prop_assert!(told <= world.edits, "{told} updates for {} edits", world.edits);
        let corrections = world.house.store.reader().corrections(1_000).unwrap();
        let edited = corrections.iter().filter(|correction| correction.what == "edited").count();
        prop_assert!(edited <= world.edits, "{edited} corrections for {} edits", world.edits);
    }
}
