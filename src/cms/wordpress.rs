//! WordPress: the API gives dates, terms and text; sitemaps give completeness; feeds and pages do the rest as for any
//! site. What each source lacks was measured on 6.8: the API has no second language of a translation layer and says
//! nothing of withdrawals, the sitemap has no titles, pages of the default theme print no date.

use super::plain::{Plain, common_start, is_worth_going_on, ours};
use super::{DaySource, Document, Memory, Plan, Planner, Purpose, Task};
use crate::discover::listing::Links;
use crate::discover::rest::{self, Terms};
use crate::model::{Cms, Member, Warning};
use url::Url;

/// What is asked of a post: everything but what the page itself tells better.
const FIELDS: &str = "id,date,date_gmt,modified_gmt,guid,link,type,title,content,excerpt,author,categories,tags,lang";
/// Most posts an answer may hold; 101 is refused with 400.
const PER_PAGE: usize = 100;
/// Pages of terms that are fetched; a site with more has tags like words.
const MOST_NAME_PAGES: u32 = 5;

/// The planner for WordPress.
pub struct WordPress;

impl Planner for WordPress {
    fn name(&self) -> &'static str {
        "wordpress"
    }

    fn cms(&self) -> Cms {
        Cms::Wordpress
    }

    fn recognise(&self, home: &Links, headers: &[(String, String)]) -> Option<String> {
        if let Some(api) = &home.api {
            return Some(format!("announces its API at {api}"));
        }
        if home.generator.starts_with("WordPress") {
            return Some(format!("generator {}", home.generator));
        }
        let pingback = headers.iter().find(|(name, value)| name == "x-pingback" && value.ends_with("xmlrpc.php"));
        pingback.map(|_| "X-Pingback: xmlrpc.php".to_owned())
    }

    fn open(&self, member: &Member, memory: &mut Memory, home: &Links) -> Vec<Task> {
        memory.rest = home.api.clone();
        let mut tasks = Vec::new();
        if let Some(root) = &memory.rest {
            for names in ["categories", "tags", "users"] {
                tasks.extend(rest_url(root, names, "_fields=id,name", 1).map(|url| Task::new(url, Purpose::Names)));
            }
            for posts in ["posts", "pages"] {
                let fields = format!("_fields={FIELDS}");
                tasks.extend(rest_url(root, posts, &fields, 1).map(|url| Task::new(url, Purpose::Inventory)));
            }
        }
        let base = Url::parse(&member.home).ok();
        for sitemap in ["/wp-sitemap.xml", "/sitemap_index.xml"] {
            let url = base.as_ref().and_then(|base| base.join(sitemap).ok());
            tasks.extend(url.map(|url| Task::new(url, Purpose::Sitemap)));
        }
        tasks.extend(common_start(member, home));
        tasks
    }

    fn revisit(&self, member: &Member, memory: &Memory) -> Vec<Task> {
        let Some(root) = &memory.rest else { return Plain.revisit(member, memory) };
        let mut tasks = Vec::new();
        let since = format!("_fields={FIELDS}&modified_after={}", memory.newest);
        let all = format!("_fields={FIELDS}");
        // A sitemap shows what `modified_after` misses (posts put in with an old date, withdrawals); without one the
        // whole inventory is read.
        let parameters = if memory.sitemaps.is_empty() || memory.newest.is_empty() { &all } else { &since };
        tasks.extend(rest_url(root, "posts", parameters, 1).map(|url| Task::new(url, Purpose::Inventory)));
        tasks.extend(memory.sitemaps.iter().map(|url| Task::new(url.clone(), Purpose::Sitemap)));
        tasks
    }

    fn seek_days(&self, member: &Member, memory: &Memory, source: DaySource) -> Vec<Task> {
        let next = |feed: &String| Some(Task::new(next_feed_page(feed)?, Purpose::Feed));
        match source {
            DaySource::Feeds => memory.feeds.iter().filter_map(next).collect(),
            _ => Plain.seek_days(member, memory, source),
        }
    }

    fn read(&self, member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
        match document.purpose {
            Purpose::Names => read_names(memory, document),
            Purpose::Inventory => read_inventory(member, memory, document),
            Purpose::Feed => read_feed(member, memory, document),
            _ => Plain.read(member, memory, document),
        }
    }
}

/// Address of page `page` of a collection. The root is `/wp-json/` or, without clean links, `/?rest_route=/`.
fn rest_url(root: &str, collection: &str, parameters: &str, page: u32) -> Option<String> {
    let root = Url::parse(root).ok()?;
    let tail = format!("{parameters}&per_page={PER_PAGE}&page={page}");
    let route = root.query_pairs().find(|(name, _)| name == "rest_route").map(|(_, route)| route.into_owned());
    let mut url = root.clone();
    match route {
        Some(route) => {
            let route = format!("{}/wp/v2/{collection}", route.trim_end_matches('/'));
            url.set_query(Some(&format!("rest_route={route}&{tail}")));
        }
        None => {
            url.set_path(&format!("{}/wp/v2/{collection}", root.path().trim_end_matches('/')));
            url.set_query(Some(&tail));
        }
    }
    Some(url.into())
}

fn page_number(url: &str) -> u32 {
    let parsed = Url::parse(url).ok();
    let number =
        parsed.and_then(|url| url.query_pairs().find(|(name, _)| name == "page").and_then(|(_, n)| n.parse().ok()));
    number.unwrap_or(1)
}

/// The same address for the next page.
fn next_page(url: &str) -> Option<String> {
    let number = page_number(url);
    let (head, _) = url.rsplit_once("page=")?;
    Some(format!("{head}page={}", number + 1))
}

fn total_pages(document: &Document<'_>) -> u32 {
    document.header("x-wp-totalpages").and_then(|total| total.trim().parse().ok()).unwrap_or(1)
}

fn read_names(memory: &mut Memory, document: &Document<'_>) -> Plan {
    let mut plan = Plan::default();
    // Many sites shut the list of users: authors then come from feed and page.
    let Ok(names) = rest::names(document.body) else { return plan };
    match document.requested.contains("/users") {
        true => memory.authors.extend(names),
        false => memory.terms.extend(names),
    }
    if page_number(document.requested) < total_pages(document).min(MOST_NAME_PAGES) {
        plan.tasks.extend(next_page(document.requested).map(|url| Task::new(url, Purpose::Names)));
    }
    plan
}

fn read_inventory(member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
    let mut plan = Plan::default();
    let terms = Terms { terms: &memory.terms, authors: &memory.authors };
    match rest::posts(document.body, document.url, terms) {
        Ok(candidates) => {
            let newest = candidates.iter().map(|candidate| candidate.token.as_str()).max().unwrap_or_default();
            if newest > memory.newest.as_str() {
                memory.newest = newest.to_owned();
            }
            plan.candidates = ours(member, candidates);
            if page_number(document.requested) < total_pages(document) {
                plan.tasks.extend(next_page(document.requested).map(|url| Task::new(url, Purpose::Inventory)));
            }
        }
        Err(error) => {
            // The API is shut or answers with something else: sitemap, feeds and archives must do.
            if document.requested.contains("posts") && page_number(document.requested) == 1 {
                memory.rest = None;
            }
            plan.warnings.push(Warning::new("rest-unreadable", format!("{}: {error}", document.url)));
        }
    }
    plan
}

/// WordPress feeds have no `next` link, but answer `?paged=N` until a 404. Only needed where nothing else is complete.
fn read_feed(member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
    let mut plan = Plain.read(member, memory, document);
    let is_first = !document.requested.contains("paged=");
    if !is_first {
        memory.feeds.retain(|feed| feed != document.requested);
    }
    let goes_on = !memory.has_inventory() || memory.lacks_days;
    if goes_on && is_worth_going_on(memory, &plan.candidates, document) && plan.tasks.is_empty() {
        plan.tasks.extend(next_feed_page(document.requested).map(|url| Task::new(url, Purpose::Feed)));
    }
    plan
}

fn next_feed_page(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let number =
        url.query_pairs().find(|(name, _)| name == "paged").and_then(|(_, n)| n.parse::<u32>().ok()).unwrap_or(1);
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| name != "paged").map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("paged", &(number + 1).to_string());
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_addresses_with_and_without_clean_links() {
        let clean = rest_url("https://h.example/wp-json/", "posts", "_fields=id", 1).unwrap();
        assert_eq!(clean, "https://h.example/wp-json/wp/v2/posts?_fields=id&per_page=100&page=1");
        assert_eq!(next_page(&clean).unwrap(), "https://h.example/wp-json/wp/v2/posts?_fields=id&per_page=100&page=2");
        let plain = rest_url("https://h.example/?rest_route=/", "posts", "_fields=id", 2).unwrap();
        assert_eq!(plain, "https://h.example/?rest_route=/wp/v2/posts&_fields=id&per_page=100&page=2");
        assert_eq!(page_number(&plain), 2);
    }

    #[test]
    fn feed_pages_count_up() {
        assert_eq!(next_feed_page("https://h.example/feed/").unwrap(), "https://h.example/feed/?paged=2");
        assert_eq!(
            next_feed_page("https://h.example/?feed=rss2&paged=2").unwrap(),
            "https://h.example/?feed=rss2&paged=3"
        );
    }
}
