//! Everything that is not more particular: feeds, sitemaps, listings and links, SPIP, Drupal and hand-made sites
//! included.
//!
//! Where a sitemap says which pages there are, archives are left alone and links only fill its gaps. Without one, the
//! site is walked: every listing as long as it shows something new, every page once.

use super::address::{Promise, is_ours, promise};
use super::{DaySource, Document, Memory, Plan, Planner, Purpose, Task, remember};
use crate::discover::listing::Links;
use crate::discover::{feed, listing, sitemap};
use crate::model::{Candidate, Cms, Member, SourceKind, Warning};
use url::Url;

/// Files that a site may hold; more are not remembered.
const MOST_SITEMAPS: usize = 500;
/// Listings that are remembered.
const MOST_LISTINGS: usize = 4;
/// Further pages of one listing, and of all, that are remembered; each leads to the next.
const MOST_FURTHER: (usize, usize) = (3, 16);
/// Archives that are remembered.
const MOST_ARCHIVES: usize = 20;
/// Feeds looked at in each later round.
const MOST_FEEDS: usize = 2;
/// Feeds and listings looked at in each later round besides the home page: what is new shows in the first of them, and
/// a member must not notice us.
const MOST_SOURCES: usize = 3;

/// The planner for every site.
pub struct Plain;

impl Planner for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn cms(&self) -> Cms {
        Cms::Plain
    }

    fn recognise(&self, home: &Links, _headers: &[(String, String)]) -> Option<String> {
        Some(match home.generator.is_empty() {
            true => "no other system recognised".to_owned(),
            false => format!("generator {}", home.generator),
        })
    }

    fn open(&self, member: &Member, _memory: &mut Memory, home: &Links) -> Vec<Task> {
        let mut tasks = common_start(member, home);
        if home.generator.to_ascii_lowercase().starts_with("spip") {
            tasks.extend(join(&member.home, "spip.php?page=backend").map(|url| Task::new(url, Purpose::Feed)));
        }
        tasks.extend(join(&member.home, "/sitemap.xml").map(|url| Task::new(url, Purpose::Sitemap)));
        tasks
    }

    fn revisit(&self, member: &Member, memory: &Memory) -> Vec<Task> {
        let mut tasks: Vec<Task> = memory.sitemaps.iter().map(|url| Task::new(url.clone(), Purpose::Sitemap)).collect();
        match memory.sitemaps.is_empty() {
            true => {
                tasks.push(Task::new(member.home.clone(), Purpose::Listing));
                let feeds = memory.feeds.iter().take(MOST_FEEDS).map(|url| Task::new(url.clone(), Purpose::Feed));
                let listings = memory.listings.iter().map(|url| Task::new(url.clone(), Purpose::Listing));
                tasks.extend(feeds.chain(listings).take(MOST_SOURCES));
            }
            // A sitemap may lag; the first feed shows what is newest.
            false => tasks.extend(memory.feeds.first().map(|url| Task::new(url.clone(), Purpose::Feed))),
        }
        tasks.dedup();
        tasks
    }

    fn seek_days(&self, member: &Member, memory: &Memory, source: DaySource) -> Vec<Task> {
        let listing = |url: &String| Task::new(url.clone(), Purpose::Listing);
        match source {
            DaySource::Listings => {
                let homes = member.languages.iter().filter_map(|entry| join(&member.home, &entry.prefix));
                let mut tasks = vec![Task::new(member.home.clone(), Purpose::Listing)];
                tasks.extend(homes.map(|url| Task::new(url, Purpose::Listing)));
                tasks.extend(member.listings.iter().chain(&memory.listings).chain(&memory.further).map(listing));
                tasks
            }
            DaySource::Feeds => Vec::new(),
            DaySource::Archives => memory.archives.iter().map(listing).collect(),
        }
    }

    fn read(&self, member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
        if !document.is_ok() {
            return Plan::default();
        }
        match document.purpose {
            Purpose::Feed => read_feed(member, memory, document),
            Purpose::Sitemap => read_sitemap(member, memory, document),
            Purpose::Home | Purpose::Listing => read_listing(member, memory, document),
            Purpose::Page => read_page(member, memory, document),
            Purpose::Names | Purpose::Inventory => Plan::default(),
        }
    }
}

/// What every first round fetches: announced and configured feeds, sitemaps and listings, and the homes of the
/// languages.
pub fn common_start(member: &Member, home: &Links) -> Vec<Task> {
    let mut tasks = Vec::new();
    tasks.extend(home.sitemaps.iter().map(|url| Task::new(url.clone(), Purpose::Sitemap)));
    tasks.extend(home.feeds.iter().chain(&member.feeds).map(|url| Task::new(url.clone(), Purpose::Feed)));
    for entry in &member.languages {
        tasks.extend(join(&member.home, &entry.prefix).map(|url| Task::new(url, Purpose::Listing)));
    }
    tasks.extend(home.translations.iter().map(|(_, url)| Task::new(url.clone(), Purpose::Listing)));
    tasks.extend(member.listings.iter().map(|url| Task::new(url.clone(), Purpose::Listing)));
    tasks.retain(|task| task.url != member.home && Url::parse(&task.url).is_ok_and(|url| is_ours(member, &url)));
    tasks
}

/// Links of a document, with those of its `Link` header.
pub fn links(member: &Member, document: &Document<'_>) -> Links {
    let mut links = listing::read(document.body, document.content_type(), document.url, &member.parameters);
    let api = document.headers.iter().filter(|(name, _)| name == "link").find_map(|(_, value)| {
        let target = value.split(',').find(|part| part.contains("https://api.w.org/"))?;
        Some(target.split_once('<')?.1.split_once('>')?.0.to_owned())
    });
    links.api = links.api.or(api);
    links
}

fn join(base: &str, reference: &str) -> Option<String> {
    Url::parse(base).ok()?.join(reference).ok().map(String::from)
}

fn read_feed(member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
    let mut plan = Plan::default();
    match feed::read(document.body, document.content_type(), document.url) {
        Ok(read) => {
            remember(&mut memory.feeds, document.requested, MOST_FEEDS);
            plan.candidates = ours(member, feed::candidates(&read, document.url));
            plan.warnings = read.repairs;
            let something_new = is_worth_going_on(memory, &plan.candidates, document);
            let next = read.next.filter(|_| something_new);
            plan.tasks.extend(next.map(|url| Task::new(url, Purpose::Feed)));
        }
        Err(error) => plan.warnings.push(Warning::new("feed-unreadable", format!("{}: {error}", document.url))),
    }
    plan
}

fn read_sitemap(member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
    let mut plan = Plan::default();
    match sitemap::read(document.body, document.url) {
        Ok(read) => {
            let children = read.children.iter().filter(|url| !lists_no_pages(url));
            plan.tasks.extend(children.take(MOST_SITEMAPS).map(|url| Task::new(url.clone(), Purpose::Sitemap)));
            plan.candidates = ours(member, read.candidates);
            plan.candidates.retain(|candidate| promise(member, &candidate.url) == Promise::Page);
            plan.complete = !plan.candidates.is_empty();
            if plan.complete || !plan.tasks.is_empty() {
                remember(&mut memory.sitemaps, document.requested, MOST_SITEMAPS);
            }
            plan.warnings = read.warnings;
        }
        Err(error) => plan.warnings.push(Warning::new("sitemap-unreadable", format!("{}: {error}", document.url))),
    }
    plan
}

/// Sitemaps of terms, authors and pictures, by the names that WordPress, Yoast and Rank Math give them.
fn lists_no_pages(url: &str) -> bool {
    let name = url.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["taxonomies", "users", "category-", "post_tag", "tag-", "author-", "attachment", "image-", "video-"]
        .iter()
        .any(|word| name.contains(word))
}

fn read_listing(member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
    let links = links(member, document);
    let mut plan = Plan::default();
    match document.purpose {
        Purpose::Listing => note_listing(memory, document, &links),
        _ => note_home(member, memory, &links),
    }
    note_further(memory, document, &links);
    follow(member, memory, links, document, &mut plan);
    plan
}

fn read_page(member: &Member, memory: &mut Memory, document: &Document<'_>) -> Plan {
    let mut links = links(member, document);
    let mut plan = Plan::default();
    note_listing(memory, document, &links);
    // Cards on an article are those of other posts: their dates are evidence, their order is not.
    if memory.has_inventory() && !memory.lacks_days {
        links.paging.clear();
    }
    follow(member, memory, links, document, &mut plan);
    plan
}

/// Remembers the first page of a listing with dated cards and further pages: new posts show there first.
fn note_listing(memory: &mut Memory, document: &Document<'_>, links: &Links) {
    let is_first_page = Url::parse(document.url).is_ok_and(|url| listing::paging_number(&url).is_none());
    let cards = links.pages.iter().filter(|page| page.source == SourceKind::Listing).count();
    if is_first_page && cards >= 2 && !links.paging.is_empty() {
        remember(&mut memory.listings, document.requested, MOST_LISTINGS);
        note_further(memory, document, links);
    }
}

/// Archives in the menu of the home page.
fn note_home(member: &Member, memory: &mut Memory, links: &Links) {
    let linked = links.pages.iter().map(|page| &page.url).chain(&links.lists);
    let archives = linked.filter(|url| promise(member, url) == Promise::Archive);
    archives.for_each(|url| remember(&mut memory.archives, url, MOST_ARCHIVES));
}

/// The next pages of a listing whose first page this is.
fn note_further(memory: &mut Memory, document: &Document<'_>, links: &Links) {
    if Url::parse(document.url).is_ok_and(|url| listing::paging_number(&url).is_none()) {
        let next = links.paging.iter().take(MOST_FURTHER.0);
        next.for_each(|url| remember(&mut memory.further, url, MOST_FURTHER.1));
    }
}

/// Whether a list shows something new: a page never met or, where pages lack it, the day of one.
pub fn is_worth_going_on(memory: &Memory, listed: &[Candidate], document: &Document<'_>) -> bool {
    let gives_day = |page: &Candidate| page.states_day() && !(document.dated)(&page.url);
    listed.iter().any(|page| !(document.known)(&page.url) || (memory.lacks_days && gives_day(page)))
}

/// Turns links into candidates and tasks.
fn follow(member: &Member, memory: &Memory, links: Links, document: &Document<'_>, plan: &mut Plan) {
    for page in links.pages {
        match promise(member, &page.url) {
            Promise::Page => plan.candidates.push(page),
            Promise::Archive if !memory.has_inventory() => plan.tasks.push(Task::new(page.url, Purpose::Listing)),
            _ => {}
        }
    }
    if !memory.has_inventory() {
        let lists = links.lists.into_iter().filter(|url| promise(member, url) == Promise::Archive);
        plan.tasks.extend(lists.map(|url| Task::new(url, Purpose::Listing)));
    }
    let something_new = is_worth_going_on(memory, &plan.candidates, document);
    for (lang, url) in links.translations {
        if url != document.url && promise(member, &url) == Promise::Page {
            plan.candidates.push(Candidate { lang: Some(lang), ..Candidate::new(url, SourceKind::Link, document.url) });
        }
    }
    if something_new && (!memory.has_inventory() || memory.lacks_days) {
        let ours = |url: &String| Url::parse(url).is_ok_and(|url| is_ours(member, &url));
        plan.tasks.extend(links.paging.into_iter().filter(ours).map(|url| Task::new(url, Purpose::Listing)));
    }
}

/// Only addresses on the member's own hosts are ever credited to it.
pub fn ours(member: &Member, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|candidate| Url::parse(&candidate.url).is_ok_and(|url| is_ours(member, &url)));
    candidates
}
