//! Walks both sites as a visitor would, and holds what `sites/README.md` promises.

use super::{
    Ports, content,
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
