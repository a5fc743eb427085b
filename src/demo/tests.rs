//! Walks both sites as a visitor would, and holds what `sites/README.md` promises.

use super::{
    Ports, bundle, content,
    plain::Plain,
    reply::{Reply, Request},
    wordpress::Wordpress,
};
use std::collections::{BTreeSet, HashMap, VecDeque};

struct Both {
    first: Wordpress,
    second: Plain,
    homes: content::Homes,
}

impl Both {
    fn read() -> Self {
        let homes = content::Homes::new(Ports::default());
        Self { first: Wordpress::read(&homes).unwrap(), second: Plain::read(&homes).unwrap(), homes }
    }

    /// The answer at an absolute address of one of the sites.
    fn get(&self, address: &str) -> Reply {
        let url = url::Url::parse(address).unwrap();
        let request = Request {
            host: url.host_str().unwrap().to_owned(),
            path: url.path().to_owned(),
            query: url.query_pairs().into_owned().collect(),
            if_none_match: String::new(),
        };
        if url.port() == Some(8471) { self.first.answer(&request) } else { self.second.answer(&request) }
    }

    /// The same after at most three redirects.
    fn follow(&self, address: &str) -> Reply {
        let mut reply = self.get(address);
        for _ in 0..3 {
            let Some((_, to)) = reply.headers.iter().find(|(name, _)| *name == "location") else { break };
            reply = self.get(&to.clone());
        }
        reply
    }

    fn body(&self, address: &str) -> String {
        String::from_utf8_lossy(&self.follow(address).body).into_owned()
    }

    fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.body(&format!("{}{path}", self.homes.action_education))).unwrap()
    }

    fn owns(&self, url: &url::Url) -> bool {
        url.host_str().is_some_and(|host| host.ends_with(".localhost"))
    }

    /// Every address that links lead to from the two homes, with its answer.
    fn walk(&self) -> HashMap<String, Reply> {
        let mut seen = HashMap::new();
        let mut open: VecDeque<String> = VecDeque::new();
        open.push_back(format!("{}/", self.homes.action_education));
        open.push_back(format!("{}/", self.homes.solidarite_laique));
        while let Some(address) = open.pop_front() {
            if seen.contains_key(&address) {
                continue;
            }
            let reply = self.follow(&address);
            if reply.headers.iter().any(|(_, value)| value.starts_with("text/html")) {
                let base = url::Url::parse(&address).unwrap();
                let document = scraper::Html::parse_document(&String::from_utf8_lossy(&reply.body));
                for (selector, name) in [("a[href], link[href]", "href"), ("img[src]", "src")] {
                    for element in document.select(&scraper::Selector::parse(selector).unwrap()) {
                        let Ok(link) = base.join(element.attr(name).unwrap()) else { continue };
                        if self.owns(&link) && !link.path().starts_with("/wp-login") {
                            open.push_back(link.to_string());
                        }
                    }
                }
            }
            seen.insert(address, reply);
        }
        seen
    }
}

/// `<loc>` or `<link>` values of an XML text.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|part| part.split(close).next()).collect()
}

#[test]
fn every_link_inside_answers_and_no_placeholder_is_left() {
    let both = Both::read();
    let mut walked = both.walk();
    assert!(walked.len() > 20, "only {} addresses", walked.len());
    for path in both.first.paths() {
        let address = format!("{}{path}", both.homes.action_education);
        walked.insert(address.clone(), both.get(&address));
    }
    for path in both.second.paths() {
        let address = format!("{}{path}", both.homes.solidarite_laique);
        walked.insert(address.clone(), both.get(&address));
    }
    let mut wrong = Vec::new();
    for (address, reply) in walked {
        let body = String::from_utf8_lossy(&reply.body);
        let is_text = reply.headers.iter().any(|(_, value)| value.starts_with("text/"));
        if reply.status != 200 || (is_text && body.contains("{{")) {
            wrong.push(format!("{address}: {}", reply.status));
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_pages_share_an_address() {
    let both = Both::read();
    for paths in [both.first.paths(), both.second.paths()] {
        let mut seen = BTreeSet::new();
        let twice: Vec<&String> = paths.iter().filter(|path| *path != "/" && !seen.insert(*path)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}

#[test]
fn rest_feeds_and_sitemap_name_the_same_posts() {
    let both = Both::read();
    let home = both.homes.action_education.clone();
    let sitemap = both.body(&format!("{home}/wp-sitemap-posts-post-1.xml"));
    let sitemap: BTreeSet<String> = between(&sitemap, "<loc>", "</loc>").into_iter().map(str::to_owned).collect();
    let (mut rest, mut feeds) = (BTreeSet::new(), BTreeSet::new());
    for blog in ["", "/en"] {
        let posts = both.json(&format!("{blog}/wp-json/wp/v2/posts?per_page=100&_fields=link,title.rendered"));
        rest.extend(posts.as_array().unwrap().iter().map(|post| post["link"].as_str().unwrap().to_owned()));
        for page in 1.. {
            let address = format!("{home}{blog}/feed/?paged={page}");
            if both.get(&address).status == 404 {
                break;
            }
            let text = both.body(&address);
            let links = between(&text, "<item>", "</item>");
            feeds.extend(links.iter().map(|item| between(item, "<link>", "</link>")[0].to_owned()));
        }
    }
    assert_eq!(rest, sitemap);
    assert_eq!(feeds, sitemap);
    assert!(both.follow(&format!("{home}/wp-json/wp/v2/posts?per_page=101")).status == 400);
}

/// The rows of the table of traps in `sites/README.md`: trap, address, words.
fn traps() -> Vec<[&'static str; 3]> {
    let table = bundle::text("sites/README.md").unwrap().split("## Traps").nth(1).unwrap();
    let rows = table.lines().filter(|line| line.contains("| http"));
    rows.map(|line| {
        let parts: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
        [parts[1], parts[2], parts[3].trim_matches('`')]
    })
    .collect()
}

#[test]
fn every_trap_of_the_list_is_there() {
    let both = Both::read();
    let traps = traps();
    assert!(traps.len() >= 60, "only {} traps", traps.len());
    for [trap, address, words] in traps {
        let body = both.body(address).replace('\u{a0}', " ");
        assert!(body.contains(words), "{trap}: {address} does not hold `{words}`");
    }
}

#[test]
fn the_translation_known_only_from_its_attachment_is_in_no_list() {
    let both = Both::read();
    let home = &both.homes.action_education;
    let slug = "communique-aide-and-action-and-solidarity-creent-l-alliance-education";
    for path in ["wp-sitemap-posts-post-1.xml", "en/feed/?paged=2", "en/wp-json/wp/v2/posts?per_page=100", "en/news/"] {
        assert!(!both.body(&format!("{home}/{path}")).contains(slug), "{path} names it");
    }
    assert!(both.body(&format!("{home}/en/our-alliances/")).contains(slug));
}

#[test]
fn rest_answers_like_wordpress() {
    let both = Both::read();
    let get = |query: &str| {
        let reply = both.get(&format!("{}/wp-json/wp/v2/{query}", both.homes.action_education));
        let header =
            |name: &str| reply.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let pages = header("x-wp-totalpages").unwrap_or_default();
        (reply.status, pages, serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap())
    };
    let (status, pages, first) = get("posts?per_page=20&_fields=id,title.rendered,modified_gmt");
    assert_eq!((status, pages.as_str(), first.as_array().unwrap().len()), (200, "3", 20));
    assert_eq!(first[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "title", "modified_gmt"]);
    assert_eq!(get("posts?per_page=20&page=4").2["code"], "rest_post_invalid_page_number");
    assert_eq!(get("posts?per_page=101").0, 400);
    assert_eq!(get("nothing").2["code"], "rest_no_route");
    assert_eq!(get("posts/3895").2["content"]["protected"], true);
    assert_eq!(get("posts/3895").2["content"]["rendered"], "");
    let edited = get("posts?modified_after=2025-12-31T23:00:00Z&per_page=100").2;
    assert_eq!(edited.as_array().unwrap().len(), 2, "{edited}");
    let found = get("media?slug=capture-decran-2021-12-06-151847").2;
    assert_eq!(found[0]["post"], 3120);
}

#[test]
fn nobody_real_speaks_and_no_real_address_is_given() {
    let people: BTreeSet<&str> = bundle::text("sites/people.txt").unwrap().lines().collect();
    let speaker = regex::Regex::new(
        r#"(?x) (?: [»"“”] \.? ,? \x20 (?:[\p{Ll}'’-]+\x20){1,4} | (?:Crédit\x20photo|Photo\x20credit)\x20?:[^/<\n]*/\x20 )
           ( (?:\p{Lu}[\p{L}’'-]+\x20?){2,4} )"#,
    )
    .unwrap();
    let mail = regex::Regex::new(r"[\w.-]+@[\w.-]+\w").unwrap();
    let telephone = regex::Regex::new(r"\b0\d( \d\d){4}\b").unwrap();
    let (mut spoken, mut text_of_all) = (0, String::new());
    let mut texts = bundle::texts("sites/action-education/").unwrap();
    texts.extend(bundle::texts("sites/solidarite-laique/").unwrap());
    for (path, text) in texts.into_iter().filter(|(path, _)| path.ends_with(".md")) {
        text_of_all.push_str(text);
        for found in speaker.captures_iter(text) {
            let name = found[1].trim();
            assert!(people.contains(name), "{path}: {name} is not in people.txt");
            spoken += 1;
        }
        for found in mail.find_iter(text) {
            assert!(found.as_str().ends_with(".example"), "{path}: {}", found.as_str());
        }
        for found in telephone.find_iter(text) {
            assert!(found.as_str().starts_with("01 99 00"), "{path}: {}", found.as_str());
        }
    }
    assert!(spoken > 80, "the pattern found only {spoken} names");
    for name in people {
        assert!(text_of_all.contains(name), "{name} says nothing");
    }
}

#[test]
fn a_mistake_in_a_content_file_names_its_line() {
    let read = |text| content::Page::read("sites/x.md", text).unwrap_err().to_string();
    assert!(read("no front matter").starts_with("sites/x.md:1: no front matter"));
    assert!(read("---\ntitle: T\ndatte: 2020-01-01\n---\n").starts_with("sites/x.md:3: `datte` is not a key"));
    assert!(read("---\ntitle: T\ndate: 2020-13-01\n---\n").contains("sites/x.md:"));
}

#[tokio::test]
async fn both_sites_listen_and_a_taken_port_is_said() {
    let listeners = super::listen(Ports { action_education: 0, solidarite_laique: 0 }).await.unwrap();
    let taken = super::listen(Ports { action_education: listeners.ports.action_education, solidarite_laique: 0 }).await;
    let said = taken.unwrap_err().to_string();
    assert!(said.starts_with(&format!("port {} is taken", listeners.ports.action_education)), "{said}");
    listeners.stop().await;
}

#[test]
fn the_configuration_is_written_with_the_ports_in_use() {
    let folder = tempfile::tempdir().unwrap();
    super::write_config(folder.path(), Ports { action_education: 18471, solidarite_laique: 18472 }).unwrap();
    let config = crate::config::read(folder.path()).unwrap();
    let homes: Vec<&str> = config.members.iter().map(|member| member.home.as_str()).collect();
    assert_eq!(homes, ["http://action-education.localhost:18471/", "http://solidarite-laique.localhost:18472/"]);
    assert!(config.members[0].owns_host("france.aide-et-action.localhost", Some(18471)));
    assert!(config.members[1].owns_host("www.solidarite-laique.localhost", Some(18472)));
    assert_eq!(config.settings.fetch.delay, std::time::Duration::ZERO);
    assert!(!config.vocabulary_source.is_empty());
}
