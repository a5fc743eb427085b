//! Stories over store, reconcile, publish and index: what is read becomes releases that keep their ids.

mod history;
mod house;
mod killed;
mod order;

use communique::{
    config,
    index::Index,
    model::{Clock, Lang, Name, PageState, Release, ReleaseId},
    publish::{self, Explained, Imported, Importer, Line, Settled},
    reconcile::Relation,
    store::{Absence, Absent, Indexed, Lookup, Outcome, RoundEnd, Source, Store},
};
use house::{House, Page, START, clock, text};
use jiff::Timestamp;
use proptest::prelude::*;
use std::fs;
use tempfile::TempDir;

fn founding() -> [Page; 2] {
    let mut translation = Page::from_file("monde", "/en/alliance/capture-2021-12-06/", "d1-en-mt").in_english();
    translation.draft.machine_translated = Some("translatepress".to_owned());
    translation.draft.state = PageState::Attachment { parent: "https://monde.example/en/alliance/".to_owned() };
    [translation.on("2021-12-06"), Page::from_file("savoirs", "/pro/actualite/alliance", "d1-fr").on("2021-12-01")]
}

#[test]
fn the_founding_release_is_one_with_both_members_as_its_sources() {
    let house = House::new();
    let [translation, original] = founding();
    house.read(&translation);
    house.read(&original);
    let settled = house.settle();
    assert_eq!((settled.new, settled.merged), (1, 0));
    let release = house.release_of(&translation.url);
    assert_eq!(release.lang, Lang::FR, "the original leads");
    assert_eq!(
        release.members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(),
        ["Savoirs Partagés", "Les Écoliers du Monde"]
    );
    assert_eq!(release.publications.len(), 2);
    let text = house.store.reader().text(&release.id).unwrap().unwrap();
    assert_eq!(text.text, original.draft.text);
}

#[test]
fn the_same_store_gives_the_same_releases_after_a_restart() {
    let house = House::new();
    for page in founding() {
        house.read(&page);
    }
    house.read(&Page::new("monde", "/a", "Une rentrée", &text("rentrée")).on("2025-09-01"));
    house.settle();
    let before = serde_json::to_string(&house.releases()).unwrap();
    let tick = house.store.reader().tick().unwrap();
    let house = house.reopened();
    assert_eq!(serde_json::to_string(&house.releases()).unwrap(), before);
    house.wait(3600);
    for page in founding() {
        assert_eq!(house.read(&page), Outcome::Unchanged);
    }
    assert_eq!(house.settle(), Settled::default(), "nothing changed, no tick");
    assert_eq!(house.store.reader().tick().unwrap(), tick);
    assert_eq!(serde_json::to_string(&house.releases()).unwrap(), before);
}

#[test]
fn a_copy_found_later_joins_the_older_release_and_its_id_redirects() {
    let house = House::new();
    let [translation, original] = founding();
    house.read(&original);
    house.settle();
    let first = house.release_of(&original.url);
    // The translation is first read when its text is still short, and stands alone.
    let mut early = translation.clone();
    early.draft.text =
        "The Alliance is coming soon, with more words about what it will be and when it will begin.".to_owned();
    house.wait(60);
    house.read(&early);
    house.settle();
    let alone = house.release_of(&translation.url);
    assert_ne!(alone.id, first.id);
    house.wait(60);
    assert_eq!(house.read(&translation), Outcome::Changed);
    let settled = house.settle();
    assert_eq!((settled.merged, settled.new), (1, 0));
    let joined = house.release_of(&translation.url);
    assert_eq!(
        (&joined.id, joined.rank, joined.updated),
        (&first.id, first.rank, first.updated),
        "no news for readers"
    );
    let reader = house.store.reader();
    assert_eq!(reader.release(&alone.id).unwrap(), Lookup::Moved(first.id.clone()));
    assert_eq!(reader.corrections(10).unwrap()[0].what, "merged");
    // The copy is rewritten: it is a release of its own again, under its own old id.
    house.wait(60);
    house.read(&early);
    house.settle();
    let apart = house.release_of(&translation.url);
    assert_eq!((apart.id, apart.rank), (alone.id, alone.rank));
    assert_eq!(house.release_of(&original.url).publications.len(), 1);
}

#[test]
fn a_back_catalogue_does_not_flood_and_a_late_find_surfaces_once() {
    let house = House::new();
    let id = house.config.members[0].id.clone();
    let mut feed = Source::new(id.clone(), "https://monde.example/feed", "feed");
    feed.last_ok = Some(house.store.clock().now());
    house.store.put_source(&feed).unwrap();
    let page = |name: &str, day: &str| Page::new("monde", &format!("/{name}"), name, &text(name)).on(day);
    house.read(&page("ancienne", "2019-03-01").found_by(&feed));
    house.settle();
    house.wait(30);
    house.read(&page("moyenne", "2022-03-01").found_by(&feed));
    house.read(&page("future", "2031-01-01").found_by(&feed));
    let mut undated = Page::new("monde", "/undated", "sans date", &text("inconnue")).found_by(&feed);
    undated.draft.published = None;
    house.read(&undated);
    house.settle();
    assert_eq!(house.titles(), ["future", "moyenne", "ancienne", "sans date"]);
    assert_eq!(house.releases()[0].rank, (START + 30) * 1_000_000, "a date in the future counts as first seen");
    assert_eq!(house.store.close_first_crawls(&id).unwrap(), [feed.url.clone()]);
    house.wait(3600);
    house.read(&page("retrouvée", "2015-01-01").found_by(&feed));
    house.settle();
    let order = ["retrouvée", "future", "moyenne", "ancienne", "sans date"];
    assert_eq!(house.titles(), order);
    house.wait(3600);
    let mut edited = page("moyenne", "2022-03-01");
    edited.draft.text.push_str(" Et une phrase nouvelle.");
    assert_eq!(house.read(&edited), Outcome::Changed);
    let tick = house.settle().tick.unwrap();
    assert_eq!(house.titles(), order, "an edit never moves");
    let release = house.release_of(&edited.url);
    assert_eq!(release.updated, tick.at);
    let correction = &house.store.reader().corrections(1).unwrap()[0];
    assert_eq!((correction.what.as_str(), &correction.id), ("edited", &release.id));
    assert!(correction.detail.contains("Et une phrase nouvelle."), "{}", correction.detail);
}

#[test]
fn a_page_that_goes_is_withdrawn_after_two_rounds_and_keeps_its_id_when_it_returns() {
    let house = House::new();
    let page = Page::new("monde", "/a", "Une rentrée", &text("rentrée")).on("2025-09-01");
    house.read(&page);
    house.settle();
    let release = house.release_of(&page.url);
    let id = &house.config.members[0].id;
    let round = |expected| {
        house.wait(3600);
        house.store.begin_round(id).unwrap();
        assert_eq!(house.store.absent(&page.url, Absence::Gone).unwrap(), expected);
        house.store.end_round(id, &RoundEnd::Complete).unwrap();
        house.settle()
    };
    assert_eq!(round(Absent::Noted(1)), Settled::default());
    let tick = round(Absent::Withdrawn).tick.unwrap();
    let reader = house.store.reader();
    assert_eq!(reader.release(&release.id).unwrap(), Lookup::Gone(tick.at));
    assert_eq!(reader.text(&release.id).unwrap(), None);
    assert_eq!(reader.corrections(9).unwrap()[0].what, "withdrawn");
    house.wait(3600);
    house.read(&page);
    assert_eq!(house.settle().new, 1);
    assert_eq!(house.release_of(&page.url), release, "the same in everything");
}

#[test]
fn a_domain_that_moves_announces_nothing() {
    let house = House::new();
    let old = Page::new("monde", "/vieux/rentree", "Une rentrée", &text("rentrée")).on("2025-09-01");
    house.read(&old);
    house.settle();
    let before = house.release_of(&old.url);
    house.wait(3600);
    let mut new = Page::new("monde", "/nouveau/rentree", "Une rentrée", &text("rentrée")).on("2025-09-01");
    new.aliases = vec![old.url.clone()];
    assert_eq!(house.read(&new), Outcome::Unchanged);
    let settled = house.settle();
    assert_eq!((settled.new, settled.changed, settled.dressed), (0, 0, 1));
    let after = house.release_of(&new.url);
    assert_eq!((after.id, after.rank, after.updated), (before.id, before.rank, before.updated));
    assert!(house.store.reader().corrections(9).unwrap().is_empty());
}

#[test]
fn what_the_staff_hides_is_gone_until_it_is_taken_back() {
    let house = House::new();
    let page = Page::new("monde", "/a", "Une rentrée", &text("rentrée")).on("2025-09-01");
    house.read(&page);
    house.settle();
    let release = house.release_of(&page.url);
    let hidden = publish::hide(&house.store, &release.id, "Awa", "asked by the member").unwrap();
    assert_eq!(hidden.as_ref(), Some(&release.id));
    assert_eq!(publish::hide(&house.store, &release.id, "Awa", "again").unwrap(), None);
    assert!(matches!(house.store.reader().release(&release.id).unwrap(), Lookup::Gone(_)));
    let mut edited = page.clone();
    edited.draft.text.push_str(" Et plus.");
    house.read(&edited);
    assert_eq!(house.settle().tick, None, "a change behind the curtain is none");
    assert!(publish::unhide(&house.store, &release.id).unwrap().is_some());
    assert_eq!(house.release_of(&page.url).id, release.id);
    let words = house.store.words().unwrap();
    assert_eq!((words.len(), words[0].by.as_str()), (1, "Awa"));
    assert!(words[0].undone.is_some());
    let nobody = ReleaseId::new("nobody").unwrap();
    assert_eq!(publish::hide(&house.store, &nobody, "Awa", "").unwrap_err().to_string(), "no release `nobody`");
}

#[test]
fn the_index_follows_the_store_and_comes_back_from_nothing() {
    let house = House::new();
    let page = |name: &str| Page::new("monde", &format!("/{name}"), name, &text(name)).on("2025-09-01");
    house.read(&page("une"));
    house.read(&page("deux"));
    house.settle();
    let index = house.index();
    let docs = |index: &Index| index.snapshot().map_or(0, |snapshot| snapshot.searcher.num_docs());
    assert!(index.needs_rebuild().is_some());
    assert_eq!(publish::catch_up(&house.store, &index).unwrap(), 1);
    assert_eq!((docs(&index), index.committed()), (2, 1));
    house.wait(60);
    house.read(&page("trois"));
    house.settle();
    let hidden = house.release_of("https://monde.example/une").id;
    publish::hide(&house.store, &hidden, "Awa", "").unwrap();
    assert_eq!(publish::catch_up(&house.store, &index).unwrap(), 3);
    assert_eq!((docs(&index), index.committed()), (2, 3));
    drop(index);
    fs::remove_dir_all(house.dir.path().join("index")).unwrap();
    let index = house.index();
    assert_eq!(publish::catch_up(&house.store, &index).unwrap(), 3);
    assert_eq!((docs(&index), index.committed()), (2, 3));
}

#[test]
fn a_new_look_is_a_tick_and_a_new_name_is_written_into_every_release() {
    let mut house = House::new();
    let page = Page::new("monde", "/a", "Une rentrée", &text("rentrée")).on("2025-09-01");
    house.read(&page);
    house.settle();
    for nobodys in ["http://127.0.0.1:8080/", "http://[::1]/", "http://localhost:8080/"] {
        house.config.settings.server.base_url = Some(nobodys.to_owned());
        publish::present(&house.store, &house.config, "1").unwrap();
        assert_eq!(house.store.reader().authority().unwrap(), "newsroom.invalid,2021", "{nobodys}");
    }
    house.config.settings.server.base_url = Some("https://news.example.org:8443/".to_owned());
    let first = publish::present(&house.store, &house.config, "1").unwrap();
    assert!(first.tick.is_some());
    assert_eq!(house.store.reader().authority().unwrap(), "news.example.org,2026-01-01");
    assert_eq!(publish::present(&house.store, &house.config, "1").unwrap().tick, None);
    assert!(publish::present(&house.store, &house.config, "2").unwrap().tick.is_some());
    house.config.members[0].names.push(Name { name: "Monde Écolier".to_owned(), since: None, until: None });
    house.config.settings.server.base_url = Some("https://other.example.org/".to_owned());
    let renamed = publish::present(&house.store, &house.config, "2").unwrap();
    assert_eq!(renamed.dressed, 1);
    assert_eq!(house.release_of(&page.url).members[0].name, "Monde Écolier");
    assert_eq!(house.store.reader().authority().unwrap(), "news.example.org,2026-01-01", "minted once");
}

#[test]
fn new_themes_label_everything_anew_and_imported_labels_stay() {
    let mut house = House::new();
    let page = Page::new("monde", "/a", "La rentrée des filles", &text("rentrée")).on("2025-09-01");
    house.read(&page);
    house.settle();
    let own = r#"{"id":"own","title":"La rentrée des filles","text":"","lang":"fr","themes":[{"id":"given"}]}"#;
    let bare = r#"{"id":"bare","title":"La rentrée des filles","text":"","lang":"fr"}"#;
    import(&house, &[own.to_owned(), bare.to_owned()]);
    let themes = |house: &House| {
        let ids = |release: &Release| release.themes.iter().map(|tag| tag.id.to_string()).collect::<Vec<_>>().join(" ");
        let mut all: Vec<String> = house.releases().iter().map(ids).collect();
        all.sort();
        all
    };
    assert_eq!(themes(&house), ["", "", "given"]);
    let before = house.releases();
    let turtle = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<> a skos:ConceptScheme .
<back-to-school> a skos:Concept ; skos:inScheme <> ; skos:topConceptOf <> ; skos:prefLabel \"rentrée\"@fr .";
    house.config.vocabulary = config::read_themes(turtle).unwrap();
    house.config.vocabulary_source = turtle.to_owned();
    house.wait(60);
    assert_eq!(publish::present(&house.store, &house.config, "1").unwrap().dressed, 2);
    assert_eq!(themes(&house), ["back-to-school", "back-to-school", "given"]);
    let clocks = |all: &[Release]| all.iter().map(|r| (r.id.clone(), r.rank, r.updated)).collect::<Vec<_>>();
    assert_eq!(clocks(&house.releases()), clocks(&before), "labels move nothing");
    assert_eq!(publish::present(&house.store, &house.config, "1").unwrap().tick, None);
}

#[test]
fn a_second_process_is_told_who_holds_the_store() {
    let house = House::new();
    let hold = house.store.hold("serve").unwrap();
    let second = Store::open(&house.dir.path().join("data"), clock(&house.time)).unwrap();
    let refused = second.hold("crawl").unwrap_err().to_string();
    assert!(refused.contains(&format!("process {} (serve)", std::process::id())), "{refused}");
    drop(hold);
    second.hold("crawl").unwrap();
}

#[test]
fn a_store_that_is_not_ours_to_write_is_refused_untouched() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("communique.db");
    fs::write(&file, "not a database, but a long enough text to look at, line after line".repeat(20)).unwrap();
    let refused = Store::open(dir.path(), Clock::frozen(Timestamp::UNIX_EPOCH)).unwrap_err();
    assert_eq!(refused.to_string(), format!("cannot use {} as the store: file is not a database", file.display()));
    assert!(fs::read(&file).unwrap().starts_with(b"not a database"), "untouched");
    let blocked = dir.path().join("file");
    fs::write(&blocked, "").unwrap();
    let refused = Store::open(&blocked.join("data"), Clock::frozen(Timestamp::UNIX_EPOCH)).unwrap_err().to_string();
    assert!(refused.starts_with("cannot use "), "{refused}");
}

/// The export of a store: what a file would hold.
fn exported(house: &House) -> Vec<String> {
    let reader = house.store.reader();
    let line = |found: Indexed| {
        let text = reader.text(&found.release.id).unwrap().unwrap();
        serde_json::to_string(&Line::new(found.release, text, &house.config)).unwrap()
    };
    reader.indexed_after(i64::MIN, 10_000).unwrap().into_iter().map(line).collect()
}

fn import(house: &House, lines: &[String]) -> Imported {
    let parsed = lines.iter().map(|line| serde_json::from_str::<Line>(line).unwrap());
    Importer::new(&house.store, &house.config).import((1..).zip(parsed).collect()).unwrap()
}

#[test]
fn what_is_exported_is_imported_to_the_byte() {
    let house = House::new();
    for mut page in founding() {
        page.draft.html =
            "<p>Un <b>texte</b>\u{a0}&amp; <a href=\"https://monde.example/a?b=1&amp;c=2\">un lien</a></p>".to_owned();
        page.draft.authors = vec!["Awa Sawadogo".to_owned()];
        house.read(&page);
    }
    house.settle();
    let least = r#"{"id":"cran.12","title":"Least","text":"One line\nand <another>","lang":"en"}"#.to_owned();
    assert_eq!(import(&house, std::slice::from_ref(&least)).settled.new, 1);
    let lines = exported(&house);
    assert_eq!(lines.len(), 2);
    let other = House::new();
    other.wait(86_400);
    let done = import(&other, &lines);
    assert_eq!((done.settled.new, done.refused.len()), (2, 0));
    assert_eq!(exported(&other), lines);
    let again = import(&other, &lines);
    assert_eq!((again.unchanged, again.settled.tick), (2, None), "the same lines change nothing");
    let text = other.store.reader().text(&ReleaseId::new("cran.12").unwrap()).unwrap().unwrap();
    assert_eq!(text.html, "<p>One line</p><p>and &lt;another&gt;</p>");
}

#[test]
fn an_import_keeps_ids_and_never_overwrites_what_was_read() {
    let house = House::new();
    let page = Page::new("monde", "/a", "Une rentrée", &text("rentrée")).on("2025-09-01");
    house.read(&page);
    house.settle();
    let id = house.release_of(&page.url).id;
    let line = |id: &str, text: &str| format!(r#"{{"id":"{id}","title":"T","text":"{text}","lang":"fr"}}"#);
    let done = import(&house, &[line(id.as_str(), "x"), line("own", "first"), line("own", "second")]);
    assert_eq!((done.settled.new, done.settled.changed), (1, 1));
    assert_eq!(done.refused[0].0, 1);
    assert!(done.refused[0].1.contains("was read from a member's site"), "{done:?}");
    assert_eq!(house.release_of(&page.url).title, "Une rentrée");
    let own = ReleaseId::new("own").unwrap();
    assert_eq!(house.store.reader().text(&own).unwrap().unwrap().text, "second");
    let hostile = r#"{"id":"h","title":"a\u0000\u202eb","text":"","lang":"fr","html":"<p onclick=\"x\">a<script>b</script></p>"}"#;
    import(&house, &[hostile.to_owned()]);
    let Lookup::Found(found) = house.store.reader().release(&ReleaseId::new("h").unwrap()).unwrap() else { panic!() };
    assert_eq!(found.title, "ab");
    assert_eq!(house.store.reader().text(&found.id).unwrap().unwrap().html, "<p>a</p>");
    let bad = line("bad", "").replace("\"lang\"", "\"url\":\"javascript:x\",\"lang\"");
    assert_eq!(import(&house, &[bad]).refused.len(), 1);
}

#[test]
fn a_decision_is_replayed_from_what_is_stored() {
    let house = House::new();
    let [translation, original] = founding();
    house.read(&translation);
    house.read(&original);
    for (page, day) in [("d8-2020", "2020-12-18"), ("d8-2021", "2021-12-17")] {
        house.read(&Page::from_file("savoirs", &format!("/{page}"), page).on(day));
    }
    house.settle();
    house.store.reject(&house.config.members[0].id, "https://monde.example/merci", "noindex").unwrap();
    let explain = |asked: &str| publish::explain(&house.store, &house.config, asked).unwrap();
    let Explained::Release(story) = explain(&translation.url) else { panic!() };
    let joined: Vec<_> = story.pages.iter().map(|page| page.joined_by.clone().unwrap()).collect();
    assert_eq!(joined, ["none", "retold"]);
    assert_eq!(story.history[0].what, "new");
    assert!(matches!(explain(story.row.release.id.as_str()), Explained::Release(_)));
    let Explained::Release(series) = explain("https://savoirs.example/d8-2021") else { panic!() };
    assert_eq!(series.pages[0].like, [("https://savoirs.example/d8-2020".to_owned(), Relation::Series)]);
    assert!(matches!(explain("https://monde.example/merci"), Explained::Rejected(_)));
    assert_eq!(explain("https://monde.example/never"), Explained::Unknown);
    assert_eq!(house.store.reader().tick().unwrap().seq, 1, "asking changes nothing");
}

/// Pages of which some are one release: their places, grouped.
fn history() -> (Vec<Page>, Vec<Vec<usize>>) {
    let [translation, original] = founding();
    let own = Page::from_file("monde", "/alliance/", "d1-fr").on("2021-12-06");
    let pages = vec![
        translation,
        original,
        own,
        Page::from_file("monde", "/tribune/", "d2-a").on("2020-03-27"),
        Page::from_file("savoirs", "/informe/tribune", "d2-b").on("2020-03-30"),
        Page::from_file("monde", "/seisme/", "d6-fr").on("2021-08-27"),
        Page::from_file("monde", "/en/earthquake/", "d6-en").in_english().on("2021-08-27"),
        Page::from_file("savoirs", "/informe/haiti", "d9-other").on("2021-08-17"),
        Page::from_file("savoirs", "/appel/", "d8-2020").on("2020-12-18"),
        Page::from_file("savoirs", "/appel-2/", "d8-2021").on("2021-12-17"),
    ];
    (pages, vec![vec![0, 1, 2], vec![3, 4], vec![5, 6], vec![7], vec![8], vec![9]])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn groups_do_not_depend_on_the_order_of_finding_or_settling(
        order in Just((0..10usize).collect::<Vec<_>>()).prop_shuffle(),
        settles in proptest::collection::vec(any::<bool>(), 10),
    ) {
        let house = House::new();
        let (pages, groups) = history();
        for (&at, &settle) in order.iter().zip(&settles) {
            house.read(&pages[at]);
            house.wait(1);
            if settle {
                house.settle();
            }
        }
        house.settle();
        prop_assert_eq!(house.releases().len(), groups.len());
        for group in groups {
            let release = house.release_of(&pages[group[0]].url);
            let mut found: Vec<&str> = release.publications.iter().map(|publication| publication.url.as_str()).collect();
            let mut expected: Vec<&str> = group.iter().map(|&at| pages[at].url.as_str()).collect();
            found.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
