use super::*;
use crate::{
    model::PageState,
    store::{
        Absence, Absent, RoundEnd, Source,
        testing::{Site, TEXT, moving_store},
    },
};

#[test]
fn a_reading_that_says_the_same_writes_nothing_but_the_visit() {
    let (_dir, store, time) = moving_store();
    let site = Site::new(&store);
    let new = site.read("https://example.org/a/", "Titre", TEXT);
    assert_eq!(new.outcome, Outcome::New);
    time.forward(60);
    let same = site.read("https://example.org/a", "Titre", TEXT);
    assert_eq!((same.publication, same.outcome), (new.publication, Outcome::Unchanged));
    let page = store.page("https://example.org/a").unwrap().unwrap();
    assert_eq!(page.known.url, "https://example.org/a/");
    assert!(page.known.visited > page.known.first_seen);
    let dressed = site.read("https://example.org/a/", "Titre !", TEXT);
    assert_eq!(dressed.outcome, Outcome::Template);
    let changed = site.read("https://example.org/a/", "Titre", &TEXT.replace("2 600", "2 700"));
    assert_eq!(changed.outcome, Outcome::Changed);
}

#[test]
fn a_page_is_withdrawn_when_two_rounds_miss_it() {
    let (_dir, store, _time) = moving_store();
    let site = Site::new(&store);
    let url = "https://example.org/a/";
    let member = &site.member.id;
    store.begin_round(member).unwrap();
    site.read(url, "Titre", TEXT);
    assert_eq!(store.absent("https://example.org/other", Absence::Gone).unwrap(), Absent::Unknown);
    assert_eq!(store.absent(url, Absence::Forbidden).unwrap(), Absent::Noted(0));
    assert_eq!(store.absent(url, Absence::Gone).unwrap(), Absent::Noted(1));
    assert_eq!(store.absent(url, Absence::Gone).unwrap(), Absent::Noted(1), "one round counts once");
    store.end_round(member, &RoundEnd::Complete).unwrap();
    store.begin_round(member).unwrap();
    let empty = site.read_as(url, |draft| {
        draft.state = PageState::SoftGone;
        draft.text.clear();
    });
    assert_eq!(empty.outcome, Outcome::Absent(Absent::Withdrawn));
    let page = store.page(url).unwrap().unwrap();
    assert_eq!((page.known.standing, page.draft.text.as_str()), (Standing::Withdrawn, TEXT));
    assert_eq!(site.read(url, "Titre", TEXT).outcome, Outcome::Unchanged);
    assert_eq!(store.page(url).unwrap().unwrap().known.standing, Standing::Live, "it came back");
}

#[test]
fn a_site_that_answers_404_for_everything_is_broken_and_not_cleared() {
    let (_dir, store, _time) = moving_store();
    let site = Site::new(&store);
    let member = &site.member.id;
    let urls: Vec<String> = (0..30).map(|n| format!("https://example.org/{n}")).collect();
    urls.iter().for_each(|url| drop(site.read(url, url, &format!("{TEXT} {url}"))));
    let round = |missing: &[String]| {
        store.begin_round(member).unwrap();
        let seen: Vec<Absent> = missing.iter().map(|url| store.absent(url, Absence::Gone).unwrap()).collect();
        store.end_round(member, &RoundEnd::Complete).unwrap();
        seen.iter().filter(|seen| **seen == Absent::Withdrawn).count()
    };
    round(&urls);
    assert_eq!(round(&urls), 0, "every page waits for more rounds");
    assert_eq!(round(&urls), 0);
    urls[5..].iter().for_each(|url| drop(site.read(url, url, &format!("{TEXT} {url}"))));
    assert_eq!(round(&urls[..5]), 5, "a few are believed");
}

#[test]
fn a_page_that_moves_keeps_its_birth_number() {
    let (_dir, store, _time) = moving_store();
    let site = Site::new(&store);
    let old = "https://old.example.org/a".to_owned();
    let first = site.read(&old, "Titre", TEXT);
    let moved = site.read_with("https://example.org/new/a", std::slice::from_ref(&old), "Titre", TEXT);
    assert_eq!((moved.publication, moved.outcome), (first.publication, Outcome::Unchanged));
    let page = store.page(&old).unwrap().unwrap();
    assert_eq!((page.known.url.as_str(), &page.aliases), ("https://example.org/new/a", &vec![old]));
    assert!(store.add_alias("https://example.org/new/a", "https://example.org/?p=7").unwrap());
    assert_eq!(store.page("https://example.org/?p=7").unwrap().unwrap().known.publication, first.publication);
}

#[test]
fn two_texts_under_one_id_stay_two() {
    let (_dir, store, _time) = moving_store();
    let site = Site::new(&store);
    let shared = "https://example.org/a".to_owned();
    let first = site.read(&shared, "Titre", TEXT);
    let other = "Un tout autre texte, qui parle de la rentrée au Cambodge et de ses enseignantes.";
    let second = site.read_with("https://example.org/b", std::slice::from_ref(&shared), "Autre", other);
    assert_eq!(second.outcome, Outcome::New);
    assert_ne!(first.publication, second.publication);
    assert_eq!(second.refused, [shared]);
}

#[test]
fn a_copy_that_turns_out_to_be_the_new_address_is_joined() {
    let (_dir, store, _time) = moving_store();
    let site = Site::new(&store);
    site.read("https://old.example.org/a", "Titre", TEXT);
    let new = site.read("https://example.org/a", "Titre", TEXT);
    let redirected = ["https://old.example.org/a".to_owned()];
    assert_eq!(site.read_with("https://example.org/a", &redirected, "Titre", TEXT).publication, new.publication);
    let known = store.known(&site.member.id).unwrap();
    assert_eq!([known[0].standing, known[1].standing], [Standing::Moved, Standing::Live]);
}

#[test]
fn a_better_reader_announces_nothing() {
    let (_dir, store, _time) = moving_store();
    let mut site = Site::new(&store);
    site.read("https://example.org/a", "Titre", TEXT);
    site.reader = 2;
    assert_eq!(site.read("https://example.org/a", "Titre", &format!("{TEXT} Et plus.")).outcome, Outcome::Template);
}

#[test]
fn a_page_remembers_whether_it_came_with_the_back_catalogue() {
    let (_dir, store, _time) = moving_store();
    let mut site = Site::new(&store);
    let feed = Source::new(site.member.id.clone(), "https://example.org/feed", "feed");
    store.put_source(&feed).unwrap();
    site.found_by = Some(feed.url.clone());
    site.read("https://example.org/a", "Titre", TEXT);
    store.put_source(&Source { first_crawl: false, ..feed }).unwrap();
    site.read("https://example.org/b", "Titre", "Autre texte");
    let backfill = store.pool.read(|c| {
        let mut statement = c.prepare("SELECT backfill FROM publication ORDER BY id")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<bool>, _>>()?)
    });
    assert_eq!(backfill.unwrap(), [true, false]);
}
