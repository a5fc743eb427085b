//! The main job, from members' sites to page, API and feeds: the bundled sites through the real pipeline.

use crate::{
    relevance,
    support::{House, Newsroom},
};
use communique::{
    demo::{self, Listeners, Ports},
    model::ReleaseId,
    publish,
};
use serde_json::Value;
use std::{collections::HashSet, fs, net::TcpListener, path::Path};
use tempfile::TempDir;

const FOUNDING: &str = "/api/v1/releases?q=alliance+cr%C3%A9ent";

async fn demo_house() -> (Listeners, House) {
    let sites = demo::listen(Ports { action_education: 0, solidarite_laique: 0 }).await.unwrap();
    let dir = TempDir::new().unwrap();
    demo::write_config(&dir.path().join("config"), sites.ports).unwrap();
    (sites, House::over(dir))
}

async fn ids(newsroom: &Newsroom) -> Vec<String> {
    let answer = newsroom.get("/api/v1/releases?sort=-added&limit=100").await.json();
    answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn counts(answer: &Value, facet: &str) -> Vec<(String, u64)> {
    let values = answer["facets"][facet]["values"].as_array().unwrap();
    values.iter().map(|v| (v["value"].as_str().unwrap().to_owned(), v["count"].as_u64().unwrap())).collect()
}

/// One crawl for the whole story: it is the longest thing that the tests do.
#[tokio::test(flavor = "multi_thread")]
async fn two_sites_become_one_newsroom() {
    let (sites, house) = demo_house().await;
    let first = house.rounds().await;
    assert!(first.iter().all(|report| report.unreachable.is_none() && report.failed.is_empty()), "{first:#?}");
    let newsroom = house.served().await;
    the_newsroom_is_full(&newsroom).await;
    the_founding_release_stands_once(&newsroom).await;
    relevance::holds(&newsroom).await;
    an_unchanged_round_changes_nothing(&newsroom).await;
    a_deleted_index_comes_back_with_the_same_feeds(&newsroom).await;
    sites.stop().await;
}

async fn the_newsroom_is_full(newsroom: &Newsroom) {
    let all = newsroom.get("/api/v1/releases?limit=0&facets=*").await.json();
    assert!(all["total"].as_u64().unwrap() >= 60, "only {} releases", all["total"]);
    let themes: HashSet<String> = counts(&all, "theme").into_iter().map(|(theme, _)| theme).collect();
    for top in newsroom.house.config.vocabulary.top() {
        assert!(themes.contains(top.id.as_str()), "no release about {}", top.id);
    }
    assert!(counts(&all, "year").len() >= 6, "{:?}", counts(&all, "year"));
    let langs: HashSet<String> = counts(&all, "lang").into_iter().map(|(lang, _)| lang).collect();
    assert!(langs.contains("fr") && langs.contains("en"), "{langs:?}");
}

async fn an_unchanged_round_changes_nothing(newsroom: &Newsroom) {
    let before = (ids(newsroom).await, feeds(newsroom).await);
    for report in newsroom.house.rounds().await {
        assert_eq!((report.new, report.changed, report.gone), (0, 0, 0), "{report}");
        assert!(report.requests <= 10, "an unchanged round asked {} times: {report}", report.requests);
    }
    assert_eq!((ids(newsroom).await, feeds(newsroom).await), before);
}

async fn the_founding_release_stands_once(newsroom: &Newsroom) {
    let answer = newsroom.get(FOUNDING).await.json();
    let item = &answer["items"][0];
    let members: Vec<&str> = item["members"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(members, ["solidarite-laique", "action-education"], "{answer:#}");
    assert_eq!(item["published"], "2021-12-01");
    let publications = item["publications"].as_array().unwrap();
    assert!(publications.iter().any(|p| p["lang"] == "en" && p["machine_translated"] == true), "{publications:#?}");
    assert!(publications.iter().all(|p| !p["url"].as_str().unwrap().contains("capture-decran")), "{publications:#?}");

    let id = ReleaseId::new(item["id"].as_str().unwrap()).unwrap();
    for url in publications.iter().map(|p| p["url"].as_str().unwrap()) {
        assert_eq!(newsroom.house.id_of(url), id, "{url} is another release");
    }
    let page = newsroom.get(&format!("/fr/r/{id}")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Solidarité Laïque") && page.body.contains("Action Education"));

    let parameters = FOUNDING.split_once('?').unwrap().1;
    for ending in ["atom", "rss", "json"] {
        let feed = newsroom.get(&format!("/fr/search.{ending}?{parameters}")).await;
        assert_eq!(feed.status, 200, "{feed:?}");
        assert_eq!(feed.body.matches(&format!("release/{id}")).count(), 1, "{feed:?}");
        assert!(feed.body.contains("Solidarité Laïque") && feed.body.contains("Action Education"), "{feed:?}");
    }
}

async fn a_deleted_index_comes_back_with_the_same_feeds(newsroom: &Newsroom) {
    let before: Vec<String> = feeds(newsroom).await;
    let rebuilt = publish::rebuild(&newsroom.house.store, &newsroom.house.index, &mut |_, _| ()).unwrap();
    assert_eq!(rebuilt, newsroom.house.store.reader().tick().unwrap().seq);
    assert_eq!(feeds(newsroom).await, before);
}

async fn feeds(newsroom: &Newsroom) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in ["/feed.atom", "/feed.rss", "/feed.json", "/en/search.atom?theme=peace", "/fr/search.csv?lang=fr"] {
        bodies.push(newsroom.get(path).await.body);
    }
    bodies
}

/// The shipped configuration names real sites, so a copy of it points at loopback ports on which nobody listens.
#[tokio::test(flavor = "multi_thread")]
async fn sites_out_of_reach_are_named_and_stop_nothing() {
    let dir = TempDir::new().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let config = dir.path().join("config");
    fs::create_dir_all(config.join("members")).unwrap();
    fs::copy(shipped.join("themes.ttl"), config.join("themes.ttl")).unwrap();
    fs::write(config.join("communique.toml"), "[fetch]\ndelay_ms = 0\nopen_networks = [\"127.0.0.0/8\"]\n").unwrap();
    for entry in fs::read_dir(shipped.join("members")).unwrap() {
        let path = entry.unwrap().path();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = format!("id = \"{id}\"\nname = \"{id}\"\nhome = \"http://{closed}/\"\nlang = \"fr\"\n");
        fs::write(config.join("members").join(path.file_name().unwrap()), text).unwrap();
    }
    let house = House::over(dir);
    let members = house.config.members.len();
    assert!(members >= 2);
    for report in house.rounds().await {
        assert!(report.unreachable.as_ref().is_some_and(|why| why.contains("127.0.0.1")), "{report:#?}");
    }
    let newsroom = house.served().await;
    assert_eq!(newsroom.get("/fr/").await.status, 200);
    let told = newsroom.admin("/health/ready").await.json();
    assert_eq!(
        told["members"].as_array().unwrap().iter().filter(|m| m["failing"].is_string()).count(),
        members,
        "{told:#}"
    );
}
