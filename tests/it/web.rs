//! Stories of the pages: what a visitor reads, follows and is told, from pages of member sites to pages of ours.

use crate::support::{Answer, House, Newsroom};
use communique::{publish, store::RoundEnd};
use scraper::{Html, Selector};

/// A page of a member's site, as sites write them.
fn article(lang: &str, title: &str, day: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><title>{title}</title>\
         <meta property=\"og:type\" content=\"article\"><meta property=\"article:published_time\" content=\"{day}T09:00:00+01:00\">\
         </head><body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    )
}

const JOINT: &str = "<p><strong>Communiqué de presse.</strong> Paris, le 1er décembre 2021. Deux associations fondent une alliance pour \
    l’éducation des filles et de tous les enfants privés d’école, au Sénégal et dans vingt autres pays.</p>\
    <p>Elles mettent en commun leurs équipes, leurs programmes et leur plaidoyer auprès des États, afin que chaque enfant \
    puisse apprendre dans une école sûre, gratuite et ouverte à tous. L’alliance rassemblera d’autres associations.</p>\
    <p>« Personne n’y arrivera seul », disent les deux présidentes, qui signeront la charte à Paris.</p>\
    <h3>Contact presse</h3><p>Awa Diop, presse@ecoliers.example</p>";

const HOSTILE: &str = "<p>Communiqué de presse. L’atelier « &lt;script&gt;alert(1)&lt;/script&gt; » réunit cent jeunes de \
    Dakar autour de la paix &amp; du dialogue, du 3 au 9 mars, avec des enseignantes et des artistes venues de tout le pays.</p>\
    <p>Inscription sur place. Les textes écrits par les jeunes seront lus le dernier soir devant leurs familles et leurs amis.</p>";

async fn newsroom() -> Newsroom {
    House::new()
        .page("ecoliers", "alliance/", &article("fr", "Deux associations créent une alliance", "2021-12-01", JOINT))
        .page(
            "savoirs",
            "actualites/alliance/",
            &article("fr", "Deux associations créent une alliance", "2021-12-06", JOINT),
        )
        .page(
            "ecoliers",
            "atelier/",
            &article("fr", "Un atelier de &lt;paix&gt; &amp; de dialogue", "2026-03-02", HOSTILE),
        )
        .published()
        .served()
        .await
}

fn texts(answer: &Answer, css: &str) -> Vec<String> {
    let page = Html::parse_document(&answer.body);
    page.select(&Selector::parse(css).unwrap())
        .map(|element| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn attributes(answer: &Answer, css: &str, name: &str) -> Vec<String> {
    let page = Html::parse_document(&answer.body);
    page.select(&Selector::parse(css).unwrap()).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_joint_release_has_one_page_that_names_both_sources() {
    let newsroom = newsroom().await;
    let id = newsroom.house.id_of("https://ecoliers.example/alliance/");
    assert_eq!(id, newsroom.house.id_of("https://savoirs.example/actualites/alliance/"));
    let page = newsroom.get(&format!("/fr/r/{id}")).await;
    assert_eq!((page.status, page.header("content-language")), (200, Some("fr")), "{page:?}");
    assert_eq!(texts(&page, "h1"), ["Deux associations créent une alliance"]);
    let sources = attributes(&page, ".sources a[rel=external]", "href");
    assert_eq!(sources, ["https://ecoliers.example/alliance/", "https://savoirs.example/actualites/alliance/"]);
    assert_eq!(texts(&page, ".sources time"), ["1er décembre 2021", "6 décembre 2021"]);
    assert_eq!(texts(&page, ".evidence a")[..1], ["Éducation des filles"]);
    assert!(page.body.contains("Personne n’y arrivera seul"), "{page:?}");
    let english = newsroom.get(&format!("/en/r/{id}")).await;
    assert_eq!(attributes(&english, "h1", "lang"), ["fr"], "the title says that it is French");
    assert_eq!(texts(&english, ".byline time"), ["1 December 2021"]);
}

#[tokio::test]
async fn words_of_a_member_stay_words() {
    let newsroom = newsroom().await;
    let id = newsroom.house.id_of("https://ecoliers.example/atelier/");
    let page = newsroom.get(&format!("/fr/r/{id}")).await;
    assert_eq!(texts(&page, "h1"), ["Un atelier de <paix> & de dialogue"]);
    assert!(!page.body.contains("<script>alert"), "{page:?}");
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page:?}");
}

#[tokio::test]
async fn a_release_that_is_gone_says_so_and_one_that_never_was_too() {
    let newsroom = newsroom().await;
    let id = newsroom.house.id_of("https://ecoliers.example/atelier/");
    publish::hide(&newsroom.house.store, &id, "staff", "asked for").unwrap();
    let gone = newsroom.get(&format!("/fr/r/{id}")).await;
    assert_eq!((gone.status, texts(&gone, "h1")), (410, vec!["Plus publié".to_owned()]), "{gone:?}");
    for path in ["/fr/r/nothing", "/en/themes/nothing", "/fr/members/nothing", "/fr/nothing", "/r/nothing"] {
        assert_eq!(newsroom.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_address_without_language_leads_to_the_reader_s() {
    let newsroom = newsroom().await;
    let id = newsroom.house.id_of("https://ecoliers.example/atelier/");
    for (path, to) in [
        ("/".to_owned(), "/en/".to_owned()),
        (format!("/r/{id}"), format!("/en/r/{id}")),
        ("/themes/peace".to_owned(), "/en/themes/peace".to_owned()),
    ] {
        let answer = newsroom.get_with(&path, &[("Accept-Language", "en-GB,en;q=0.9,fr;q=0.5")]).await;
        assert_eq!((answer.status, answer.header("location")), (302, Some(to.as_str())), "{answer:?}");
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("Accept-Language")), "{answer:?}");
    }
    assert_eq!(newsroom.get("/fr").await.header("location"), Some("/fr/"));
    assert_eq!(newsroom.get("/fr/themes/").await.header("location"), Some("/fr/themes"));
}

#[tokio::test]
async fn machines_get_data_at_the_same_addresses() {
    let newsroom = newsroom().await;
    let id = newsroom.house.id_of("https://ecoliers.example/alliance/");
    let release = newsroom.get_with(&format!("/r/{id}"), &[("Accept", "application/ld+json")]).await;
    assert_eq!(release.json()["headline"], "Deux associations créent une alliance", "{release:?}");
    assert_eq!(release.json()["datePublished"].as_str().map(|date| &date[..10]), Some("2021-12-01"));
    let base = format!("http://{}/", newsroom.public);
    let theme = newsroom.get_with("/themes/girls-education", &[("Accept", "application/ld+json")]).await;
    assert_eq!(theme.json()["@id"], format!("{base}themes/girls-education"));
    assert_eq!(theme.json()["skos:broader"][0]["@id"], format!("{base}themes/right-to-education"));
    let whole = newsroom.get_with("/themes", &[("Accept", "application/ld+json")]).await.json();
    let ids: Vec<&str> = whole["@graph"].as_array().unwrap().iter().filter_map(|node| node["@id"].as_str()).collect();
    let named = |id: &str| format!("{base}themes/{id}");
    assert_eq!(ids, [named(""), named("right-to-education"), named("girls-education"), named("peace")]);
    assert_eq!(newsroom.get("/themes").await.header("location"), Some("/fr/themes"));
    let turtle = newsroom.get_with("/themes/girls-education", &[("Accept", "text/turtle")]).await;
    assert!(turtle.body.contains("\"Éducation des filles\"@fr"), "{turtle:?}");
    let all = newsroom.get("/themes.ttl").await;
    assert!(all.body.starts_with(&format!("@base <{base}themes/> .\n")), "{all:?}");
}

#[tokio::test]
async fn the_sitemap_names_every_release_in_both_languages() {
    let newsroom = newsroom().await;
    let base = format!("http://{}/", newsroom.public);
    let index = newsroom.get("/sitemap.xml").await;
    assert!(index.body.contains(&format!("<loc>{base}sitemap/releases-1.xml</loc>")), "{index:?}");
    let releases = newsroom.get("/sitemap/releases-1.xml").await;
    assert_eq!(releases.body.matches("<url>").count(), 4, "two releases, two languages: {releases:?}");
    let id = newsroom.house.id_of("https://ecoliers.example/atelier/");
    assert!(
        releases.body.contains(&format!("<loc>{base}en/r/{id}</loc><lastmod>2026-11-24T12:00:00Z</lastmod>")),
        "{releases:?}"
    );
    assert_eq!(newsroom.get("/sitemap/releases-2.xml").await.status, 404);
    assert_eq!(newsroom.get("/sitemap/releases-99999999999999999999.xml").await.status, 404);
    assert!(newsroom.get("/sitemap/pages.xml").await.body.contains("/fr/themes/peace"));
}

#[tokio::test]
async fn tracking_is_dropped_and_what_is_unknown_is_named() {
    let newsroom = newsroom().await;
    let tracked = newsroom.get("/fr/members?utm_source=mail&fbclid=x").await;
    assert_eq!((tracked.status, tracked.header("location")), (302, Some("/fr/members")), "{tracked:?}");
    let search = newsroom.get("/fr/search?utm_source=mail&q=%C3%A9cole&theme=&from=").await;
    assert_eq!(search.header("location"), Some("/fr/search?q=%C3%A9cole"), "{search:?}");
    for (path, named) in [
        ("/en/search?colour=red", "colour"),
        ("/en/search?theme=nothing", "theme"),
        ("/en/search?from=yesterday", "from"),
        ("/en/search?q=%ff", "q"),
        ("/en/search?limit=1000", "limit"),
        ("/en/search?offset=1000000000000000000", "offset"),
        ("/en/search?cursor=forged", "cursor"),
        ("/en/members?page=2", "page"),
    ] {
        let refused = newsroom.get(path).await;
        assert_eq!(
            (refused.status, texts(&refused, "main code")),
            (400, vec![named.to_owned()]),
            "{path}: {refused:?}"
        );
        let french = newsroom.get(&path.replace("/en/", "/fr/")).await;
        let said = texts(&french, "main li").join("\n");
        assert!(said.contains(named) && !said.contains(" is ") && !said.contains("must"), "{path}: {said}");
    }
}

#[tokio::test]
async fn a_member_page_says_how_completely_it_was_read() {
    let newsroom = newsroom().await;
    let page = newsroom.get("/en/members/ecoliers").await;
    assert_eq!(page.status, 200, "{page:?}");
    let state = texts(&page, "[aria-labelledby=state] li");
    let said =
        ["Not complete yet: the site is being read for the first time.", "Not read yet.", "Every release has a date."];
    assert_eq!(state, said);
    assert_eq!(texts(&page, "#releases"), ["2 releases"]);
}

#[tokio::test]
async fn a_search_finds_marks_counts_and_filters() {
    let newsroom = newsroom().await;
    let page = newsroom.get("/fr/search?q=alliance").await;
    assert_eq!((page.status, texts(&page, "#results")), (200, vec!["1 communiqué trouvé".to_owned()]), "{page:?}");
    assert!(texts(&page, ".card h3 mark").contains(&"alliance".to_owned()), "{page:?}");
    let boxes = attributes(&page, "input[name=theme]", "value");
    assert!(
        boxes.contains(&"girls-education".to_owned()) && boxes.contains(&"right-to-education".to_owned()),
        "{boxes:?}"
    );
    let filtered = newsroom.get("/fr/search?theme=right-to-education&member=savoirs").await;
    assert_eq!(texts(&filtered, "#results"), ["1 communiqué trouvé"], "a broader theme holds what is narrower");
    assert_eq!(texts(&filtered, ".chips a").len(), 3, "two filters and the way to drop both: {filtered:?}");
    assert_eq!(texts(&filtered, "h1"), ["Communiqués : Droit à l’éducation, Savoirs Partagés"]);
    let years = newsroom.get("/fr/search").await;
    assert_eq!(attributes(&years, ".years a", "href")[0], "/fr/search?from=2026-01-01&to=2026-12-31", "{years:?}");
}

#[tokio::test]
async fn nothing_found_says_which_filter_stands_in_the_way() {
    let newsroom = newsroom().await;
    let page = newsroom.get("/fr/search?q=alliance&from=2025-01-01&lang=fr").await;
    assert_eq!(texts(&page, "#results"), ["Aucun communiqué trouvé"], "{page:?}");
    let ways = attributes(&page, ".results .box a", "href");
    assert_eq!(ways, ["/fr/search?q=alliance&lang=fr", "/fr/search?q=alliance"], "{page:?}");
}

#[tokio::test]
async fn pages_lead_on_and_back() {
    let newsroom = newsroom().await;
    let first = newsroom.get("/fr/search?limit=1").await;
    assert_eq!(attributes(&first, "a[rel=next]", "href"), ["/fr/search?limit=1&offset=1"], "{first:?}");
    let second = newsroom.get("/fr/search?limit=1&offset=1").await;
    assert_eq!(attributes(&second, "a[rel=prev]", "href"), ["/fr/search?limit=1"]);
    assert!(attributes(&second, "a[rel=next]", "href").is_empty());
    assert_ne!(texts(&first, ".card h3"), texts(&second, ".card h3"));
}

#[tokio::test]
async fn every_page_tells_machines_where_it_stands() {
    let newsroom = newsroom().await;
    let id = newsroom.house.id_of("https://ecoliers.example/alliance/");
    let base = format!("http://{}/", newsroom.public);
    for path in [
        "/",
        "/search",
        "/search?q=alliance",
        "/themes",
        "/themes/peace",
        "/members",
        "/members/savoirs",
        "/feeds",
        &format!("/r/{id}"),
    ] {
        let page = newsroom.get(&format!("/fr{path}")).await;
        assert_eq!(page.status, 200, "{path}: {page:?}");
        assert_eq!(attributes(&page, "link[rel=canonical]", "href"), [format!("{base}fr{path}")]);
        assert_eq!(
            attributes(&page, "link[rel=alternate][hreflang]", "href"),
            [format!("{base}fr{path}"), format!("{base}en{path}")]
        );
        assert_eq!(attributes(&page, "link[rel=search]", "href"), ["/opensearch.fr.xml"]);
        let feeds = attributes(&page, "link[rel=alternate][type]", "href");
        assert!(feeds.contains(&format!("{base}feed.atom")), "{path}: {feeds:?}");
        for feed in feeds {
            let answer = newsroom.get(&feed[base.len() - 1..]).await;
            assert_eq!(answer.status, 200, "{path} announces {feed}: {answer:?}");
        }
        for data in texts(&page, "script[type='application/ld+json']") {
            assert!(serde_json::from_str::<serde_json::Value>(&data).is_ok(), "{path}: {data}");
        }
        let tag = page.header("etag").unwrap();
        let again = newsroom.get_with(&format!("/fr{path}"), &[("If-None-Match", tag)]).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
    }
}

#[tokio::test]
async fn no_link_of_a_page_leads_nowhere() {
    let newsroom = newsroom().await;
    let mut seen = std::collections::BTreeSet::from(["/fr/".to_owned(), "/en/search?q=alliance".to_owned()]);
    let mut open: Vec<String> = seen.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let page = newsroom.get(&path).await;
        assert!(matches!(page.status, 200 | 301 | 302), "{path}: {page:?}");
        let is_page = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        // Filters combine without end; the first step from each page is enough.
        if !is_page || path.contains('&') {
            continue;
        }
        for link in attributes(&page, "a[href], link[href], form[action], script[src]", "href") {
            let link = link.strip_prefix(&format!("http://{}", newsroom.public)).unwrap_or(&link).to_owned();
            // The API has stories of its own.
            if link.starts_with('/') && !link.starts_with("/api/") && seen.insert(link.clone()) {
                open.push(link);
            }
        }
    }
    assert!(seen.len() > 60, "the walk saw only {} addresses", seen.len());
}

#[tokio::test]
async fn those_who_run_it_see_that_it_is_ready() {
    let newsroom = newsroom().await;
    let ready = newsroom.admin("/health/ready").await;
    assert_eq!((ready.status, ready.json()["status"].as_str()), (200, Some("ready")), "{ready:?}");
    assert_eq!(ready.json()["members"][0]["releases"], 2, "{ready:?}");
    assert!(newsroom.admin("/metrics").await.body.contains("communique_member_releases{member=\"ecoliers\"} 2"));
}

#[tokio::test]
async fn a_member_whose_site_is_down_is_named_and_the_newsroom_stays_open() {
    let house =
        House::new().page("ecoliers", "alliance/", &article("fr", "Une alliance", "2021-12-01", JOINT)).published();
    let [up, down] = [&house.config.members[0].id, &house.config.members[1].id];
    house.store.begin_round(up).unwrap();
    house.store.end_round(up, &RoundEnd::Complete).unwrap();
    house.store.begin_round(down).unwrap();
    house.store.end_round(down, &RoundEnd::Failed("connection refused (127.0.0.1:1)".to_owned())).unwrap();
    let newsroom = house.served().await;
    let page = newsroom.get("/fr/members/savoirs").await;
    assert_eq!(
        texts(&page, "main > .note"),
        ["Le site est injoignable depuis le 24 novembre 2026 à 13 h 00 ; ce qui a été lu auparavant reste ici."]
    );
    assert!(!page.body.contains("refused"), "inner causes are for staff: {page:?}");
    let page = newsroom.get("/fr/members/ecoliers").await;
    let state = texts(&page, "[aria-labelledby=state] li");
    assert_eq!(state[0], "Complet depuis le 24 novembre 2026 à 13 h 00 : toutes les pages connues ont été lues.");
    let ready = newsroom.admin("/health/ready").await;
    assert_eq!(
        (ready.status, &ready.json()["members"][1]["failing"]),
        (200, &"connection refused (127.0.0.1:1)".into())
    );
    assert!(newsroom.admin("/metrics").await.body.contains("communique_member_failing{member=\"savoirs\"} 1"));
}

#[tokio::test]
async fn a_reader_gets_the_language_of_the_page_where_there_is_one() {
    let twins = "<link rel=\"alternate\" hreflang=\"fr\" href=\"https://savoirs.example/rentree/\">\
        <link rel=\"alternate\" hreflang=\"en\" href=\"https://savoirs.example/en/back-to-school/\"></head>";
    let french = "<p>Communiqué de presse. Deux cents écoles de Dakar rouvrent lundi, avec 4 500 élèves de plus que l’an dernier et \
        trop peu d’enseignants. Savoirs Partagés demande au gouvernement un plan de recrutement avant la fin de l’année.</p>";
    let english = "<p>Press release. Two hundred schools in Dakar reopen on Monday, with 4,500 more pupils than last year and \
        too few teachers. Savoirs Partagés asks the government for a recruitment plan before the end of the year.</p>";
    let page = |lang, title, body| article(lang, title, "2025-10-06", body).replace("</head>", twins);
    let newsroom = House::new()
        .page("savoirs", "rentree/", &page("fr", "Deux cents écoles rouvrent", french))
        .page("savoirs", "en/back-to-school/", &page("en", "Two hundred schools reopen", english))
        .published()
        .served()
        .await;
    let id = newsroom.house.id_of("https://savoirs.example/rentree/");
    assert_eq!(id, newsroom.house.id_of("https://savoirs.example/en/back-to-school/"));
    let english = newsroom.get(&format!("/en/r/{id}")).await;
    assert_eq!(texts(&english, "h1"), ["Two hundred schools reopen"], "{english:?}");
    assert!(english.body.contains("too few teachers"), "{english:?}");
    assert_eq!(attributes(&english, ".text .note a", "href"), [format!("/fr/r/{id}")], "{english:?}");
    let french = newsroom.get(&format!("/fr/r/{id}")).await;
    assert_eq!(texts(&french, "h1"), ["Deux cents écoles rouvrent"]);
    assert!(french.body.contains("trop peu d’enseignants") && texts(&french, ".text .note").is_empty(), "{french:?}");
    let found = newsroom.get("/en/search?q=teachers").await;
    assert_eq!(texts(&found, ".card h3"), ["Two hundred schools reopen"], "{found:?}");
    assert_eq!(texts(&found, ".passage mark"), ["teachers"], "{found:?}");
    let list = newsroom.get("/en/members/savoirs").await;
    assert!(texts(&list, ".passage")[0].starts_with("Press release. Two hundred schools"), "{list:?}");
    assert!(texts(&list, ".card .meta")[0].contains("machine translation"), "{list:?}");
}
