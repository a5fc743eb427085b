//! The API as programs meet it.

use crate::support::{House, raw};
use communique::api;

fn page(title: &str, day: &str, words: &str) -> String {
    format!(
        "<html lang=\"fr\"><head><meta property=\"og:type\" content=\"article\"><meta property=\"article:published_time\" \
         content=\"{day}T09:00:00+01:00\"></head><body><main><article><h1>{title}</h1><p>{words}</p></article></main></body></html>"
    )
}

fn house() -> House {
    House::new()
        .page(
            "ecoliers",
            "/communique-niger/",
            &page(
                "Communiqué : la scolarisation des filles au Niger",
                "2024-03-01",
                "Au Niger, douze classes ouvrent ce lundi dans la région de Zinder, et quatre cents élèves y apprendront à lire avec des maîtresses formées sur place, près de chez elles.",
            ),
        )
        .page(
            "ecoliers",
            "/paix/",
            &page("Une journée pour la paix", "2024-09-21", "Des élèves de Bamako écrivent à ceux de Kiev : trois cents lettres ont été échangées depuis janvier, que les deux écoles exposent dans leurs couloirs et liront en public."),
        )
        .page(
            "savoirs",
            "/rentree/",
            &page("Une rentrée sans cahiers", "2023-09-04", "À Port-au-Prince, les cartables restent vides : faute de cargos, les fournitures attendent dans un entrepôt, et les directeurs demandent que l’on ouvre un couloir pour les livres."),
        )
        .published()
}

/// The description is part of the surface: a change here is a change that programs see.
#[test]
fn the_description_is_known() {
    insta::assert_json_snapshot!(api::document("https://news.example.org/"));
}

#[tokio::test]
async fn a_search_answers_counts_and_pages_that_add_up() {
    let newsroom = house().served().await;
    let all = newsroom.get("/api/v1/releases?facets=*").await.json();
    assert_eq!((&all["total"], &all["total_exact"], &all["query"]["sort"]), (&3.into(), &true.into(), &"-date".into()));
    assert_eq!(all["items"][0]["title"], "Une journée pour la paix");
    assert_eq!(all["items"][0]["countries"].as_array().unwrap().len(), 2, "{:#}", all["items"][0]);
    let mut path = "/api/v1/releases?limit=1".to_owned();
    let mut titles = Vec::new();
    loop {
        let answer = newsroom.get(&path).await;
        let body = answer.json();
        titles.extend(body["items"].as_array().unwrap().iter().map(|item| item["title"].to_string()));
        let Some(next) = body["links"]["next"].as_str() else { break };
        assert!(answer.header("link").is_some_and(|link| link.contains(next) && link.contains("rel=\"next\"")));
        path = next.to_owned();
    }
    let whole: Vec<String> = all["items"].as_array().unwrap().iter().map(|item| item["title"].to_string()).collect();
    assert_eq!(titles, whole);
}

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_twice() {
    let newsroom = house().served().await;
    for path in
        ["/api/v1/releases", "/api/v1/releases?q=niger", "/api/v1/themes", "/api/v1/members", "/api/v1/openapi.json"]
    {
        let first = newsroom.get(path).await;
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned();
        let again = newsroom.get_with(path, &[("If-None-Match", &tag)]).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(newsroom.get_with(path, &[("If-None-Match", "\"other\"")]).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn mistakes_are_problems_that_name_their_parameter() {
    let newsroom = house().served().await;
    for (path, status, names) in [
        ("/api/v1/releases?limit=1000", 400, "limit"),
        ("/api/v1/releases?theme=nothing", 400, "theme"),
        ("/api/v1/releases?frm=2024-01-01", 400, "frm"),
        ("/api/v1/releases?q=%FF", 400, "q"),
        ("/api/v1/releases?q=a%00b", 400, "q"),
        ("/api/v1/releases?cursor=forged", 400, "cursor"),
        ("/api/v1/suggest", 400, "q"),
        ("/api/v1/themes?x=1", 400, "x"),
        ("/api/v1/releases/unknown", 404, "unknown"),
        ("/api/v1/nowhere", 404, "nowhere"),
    ] {
        let answer = newsroom.get(path).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{path}");
        assert!(problem.to_string().contains(names), "{path}: {problem}");
    }
    let refused =
        raw(newsroom.public, b"DELETE /api/v1/releases HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
}

#[tokio::test]
async fn one_release_has_its_text_and_its_neighbours() {
    let newsroom = house().served().await;
    let id = newsroom.house.id_of("https://ecoliers.example/communique-niger/");
    let item = newsroom.get(&format!("/api/v1/releases/{id}")).await.json();
    assert_eq!((&item["kind"], &item["published_precision"]), (&"release".into(), &"minute".into()));
    assert!(item["text"].as_str().unwrap().contains("douze classes"));
    assert!(item["html"].as_str().unwrap().starts_with("<p>"));
    assert_eq!(item["themes"][0]["id"], "girls-education");
    assert_eq!(item["themes"][0]["evidence"][0], "scolarisation des filles");
    let related = newsroom.get(&format!("/api/v1/releases/{id}/related")).await;
    assert_eq!(related.status, 200, "{related:?}");
    let english = newsroom.get_with("/api/v1/themes", &[("Accept-Language", "en")]).await.json();
    assert_eq!(english["items"][0]["label"], "Right to education");
    assert_eq!(english["items"][0]["count"], 1);
}
