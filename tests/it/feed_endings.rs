//! Feeds that ended, and the address without an ending: readers are told where the news went.

use crate::support::{Answer, House, Newsroom};
use communique::{config, model::MemberId, publish};

/// A newsroom that has lost a member and a theme since its last start; another theme has a new name.
async fn after_a_change() -> Newsroom {
    let mut house = House::new();
    let before = "@prefix : <> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<> a skos:ConceptScheme .
:peace a skos:Concept ; skos:prefLabel \"Paix\"@fr, \"Peace\"@en .
:school a skos:Concept ; skos:prefLabel \"École\"@fr, \"School\"@en .
:health a skos:Concept ; skos:prefLabel \"Santé & soins\"@fr, \"Health\"@en .
";
    let after = before
        .replace(
            ":school a skos:Concept ;",
            ":school a skos:Concept ; <http://purl.org/dc/terms/isReplacedBy> :learning ;",
        )
        .replace(":health a", ":learning a")
        .replace("Santé & soins", "Apprendre")
        .replace("Health", "Learning");
    for (source, members) in [(before, 2), (&after, 1)] {
        house.config.vocabulary = config::read_themes(source).unwrap();
        house.config.vocabulary_source = source.to_owned();
        house.config.members.truncate(members);
        publish::present(&house.store, &house.config, "1").unwrap();
    }
    publish::catch_up(&house.store, &house.index).unwrap();
    house.served().await
}

#[tokio::test]
async fn a_feed_that_ended_says_so_in_every_form_and_in_the_same_bytes() {
    let newsroom = after_a_change().await;
    for query in ["member=savoirs", "theme=health", "q=paix&member=savoirs&theme=health", "member=-savoirs"] {
        let mut listed = Vec::new();
        for (form, media_type) in
            [("atom", "application/atom+xml"), ("rss", "application/rss+xml"), ("json", "application/feed+json")]
        {
            let path = format!("/fr/search.{form}?{query}");
            let gone = newsroom.get(&path).await;
            assert_eq!(gone.status, 410, "{gone:?}");
            assert_eq!(gone.header("content-type"), Some(format!("{media_type}; charset=utf-8").as_str()));
            assert_eq!(gone.header("access-control-allow-origin"), Some("*"));
            assert_eq!(gone.body, newsroom.get(&path).await.body);
            let read = feed_rs::parser::parse(gone.body.as_bytes()).unwrap();
            let entry = &read.entries[0];
            assert_eq!(read.entries.len(), 1);
            assert!(entry.title.as_ref().unwrap().content.starts_with("Fin du flux : "), "{entry:?}");
            assert!(entry.links[0].href.ends_with("/fr/feeds"), "{entry:?}");
            assert!(gone.body.contains("/feed.atom"), "{gone:?}");
            listed.push((entry.id.clone(), entry.published));
        }
        assert!(listed.iter().all(|one| *one == listed[0]), "{listed:?}");
    }
    let english = newsroom.get("/en/search.atom?member=savoirs").await;
    assert!(english.body.contains("End of the feed: Savoirs Partagés"), "{english:?}");
    assert_eq!(newsroom.get("/fr/search.atom?member=nobody&theme=health").await.status, 404, "nobody never was");
    assert_eq!(newsroom.get("/fr/search.atom?member=ecoliers").await.status, 200);
}

fn went_to(answer: &Answer, newsroom: &Newsroom) -> (u16, String) {
    let location = answer.header("location").unwrap_or_default();
    (answer.status, location.split_once(&newsroom.public.to_string()).map_or(location, |(_, path)| path).to_owned())
}

#[tokio::test]
async fn a_theme_that_was_replaced_leads_on_for_good() {
    let newsroom = after_a_change().await;
    for (asked, path) in [
        ("/fr/search.atom?theme=school", "/fr/search.atom?theme=learning"),
        ("/en/search.json?limit=20&theme=-school&q=eau", "/en/search.json?q=eau&theme=-learning&limit=20"),
        ("/feed.rss?theme=school&theme=learning&prefer=fr,en", "/feed.rss?theme=learning&prefer=fr,en"),
        ("/fr/themes/school", "/fr/themes/learning"),
        ("/themes/school", "/themes/learning"),
    ] {
        let answer = newsroom.get(asked).await;
        assert_eq!(went_to(&answer, &newsroom), (301, path.to_owned()), "{answer:?}");
        let there = newsroom.get(path).await;
        assert!(matches!(there.status, 200 | 302 | 303), "{there:?}");
    }
    assert_eq!(newsroom.get("/fr/search.atom?theme=school&member=savoirs").await.status, 410);
}

#[tokio::test]
async fn only_the_address_without_an_ending_is_negotiated() {
    let newsroom = after_a_change().await;
    for (accept, path) in [
        ("*/*", "/feed.atom"),
        ("application/rss+xml", "/feed.rss"),
        ("application/feed+json", "/feed.json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "/feeds"),
    ] {
        let answer = newsroom.get_with("/feed", &[("Accept", accept)]).await;
        assert_eq!(went_to(&answer, &newsroom), (302, path.to_owned()));
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("Accept")), "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let rss = newsroom.get_with("/feed.rss", &[("Accept", accept)]).await;
        assert_eq!((rss.status, rss.header("content-type")), (200, Some("application/rss+xml; charset=utf-8")));
    }
    let page = newsroom.get_with("/feeds", &[("Accept-Language", "en")]).await;
    assert_eq!(went_to(&page, &newsroom), (302, "/en/feeds".to_owned()));
}

#[test]
fn a_member_that_comes_back_has_its_feed_again() {
    let mut house = House::new();
    let id = MemberId::new("savoirs").unwrap();
    let all = house.config.members.clone();
    let mut told = Vec::new();
    for count in [2, 1, 1, 2] {
        house.config.members = all[..count].to_vec();
        publish::present(&house.store, &house.config, "1").unwrap();
        told.push(publish::former_member(&house.store.reader(), &id).unwrap().and_then(|subject| subject.gone));
    }
    assert_eq!(told.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true, false]);
    assert_eq!(told[1], told[2]);
}
