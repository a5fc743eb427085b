//! What may go wrong with this site? Each trap was seen, none is guessed.

use super::about::About;
use super::{Ground, Sample, Trap};
use crate::fetch::Response;
use crate::model::{DateSource, SourceKind};
use crate::normalise::{charset, url as address};
use std::collections::BTreeMap;
use url::Url;

/// No site has a page of this name.
const NOWHERE: &str = "communique-asks-for-a-page-that-is-not-there/";

/// Every trap seen.
pub async fn seen(ground: &Ground<'_>, about: &About, samples: &[Sample], home: &Response) -> Vec<Trap> {
    let mut traps = Vec::new();
    let mut see = |name: &'static str, detail: String| traps.push(Trap { name, detail });
    robots(ground, &mut see);
    if let (Some(api), None) = (&about.api, &ground.survey.memory.rest) {
        see("api-shut", format!("the home page announces {api}, and it gives no posts"));
    }
    documents(ground, &mut see);
    pages(ground, &mut see);
    dates(samples, &mut see);
    readings(samples, &mut see);
    let warnings = charset::decode(&home.body, home.header("content-type")).warnings;
    for warning in warnings.iter().filter(|warning| warning.code == "charset-declared-false") {
        see("false-charset", warning.detail.clone());
    }
    if let Some(detail) = soft_404(ground).await {
        see("soft-404", detail);
    }
    traps
}

type See<'a> = &'a mut dyn FnMut(&'static str, String);

fn robots(ground: &Ground<'_>, see: See<'_>) {
    match &ground.robots {
        Ok(file) => {
            if let Some(delay) = file.crawl_delay {
                see("crawl-delay", format!("robots.txt asks for {delay} s between two requests"));
            }
        }
        Err(error) => see("robots-unreachable", format!("{error}; without it nothing is fetched")),
    }
}

/// Documents that answer with something else than they promise.
fn documents(ground: &Ground<'_>, see: See<'_>) {
    let memory = &ground.survey.memory;
    for document in &ground.survey.documents {
        for remark in &document.remarks {
            match remark.split(':').next().unwrap_or_default() {
                "feed-unreadable" => see("no-feed", remark.clone()),
                "sitemap-lastmod-untrusted" => see("lying-lastmod", remark.clone()),
                _ => {}
            }
        }
        if let Err(why) = &document.answer {
            see("unreachable", format!("{}: {why}", document.url));
        }
        let lists = document.names.len() as u64;
        if let (Some(total), 1..) = (document.total, lists)
            && total < lists
        {
            see("wrong-total", format!("{} says {total} and lists {lists}", document.url));
        }
    }
    if memory.rest.as_deref().is_some_and(|root| root.contains("rest_route=")) {
        see("no-clean-addresses", "the API answers at ?rest_route= only; pages are told apart by ?p=".to_owned());
    }
    if !memory.has_inventory() {
        see(
            "no-inventory",
            "neither API nor sitemap: archives are walked, and edits of old pages show late".to_owned(),
        );
    }
    if ground.survey.cut {
        see("endless", "more listings than one look asks for".to_owned());
    }
}

/// What the addresses and the words of the sources show.
fn pages(ground: &Ground<'_>, see: See<'_>) {
    let count = |wanted: &dyn Fn(&crate::crawl::Named) -> bool| ground.pages().filter(|named| wanted(named)).count();
    let protected = count(&|named| named.said.iter().any(|candidate| candidate.protected));
    if protected > 0 {
        see("password", format!("{protected} pages are named and behind a password"));
    }
    let encoded = count(&|named| named.url.contains('%'));
    if encoded > 0 {
        see("encoded-addresses", format!("{encoded} addresses hold accents, spaces or other signs"));
    }
    let in_sitemap = |named: &crate::crawl::Named| {
        named.said.iter().any(|candidate| candidate.source == SourceKind::Sitemap && candidate.modified.is_none())
    };
    let without = count(&in_sitemap);
    if without > 0 {
        see("no-lastmod", format!("{without} sitemap entries do not say when they changed"));
    }
    let only_linked = count(&|named| named.said.iter().all(|candidate| candidate.source == SourceKind::Link));
    if ground.survey.memory.has_inventory() && only_linked > 0 {
        see("not-in-inventory", format!("{only_linked} pages are linked and stand in no API, sitemap or feed"));
    }
    let queries = count(&|named| named.url.contains('?'));
    if queries > 0 {
        see("query-addresses", format!("{queries} pages are told apart by a query only"));
    }
}

fn dates(samples: &[Sample], see: See<'_>) {
    let items = || samples.iter().filter(|sample| sample.is_item);
    let undated = items().filter(|sample| sample.draft.published.is_none()).count();
    if undated > 0 {
        see("no-date", format!("{undated} of {} sample releases have no date", items().count()));
    }
    let elsewhere = [DateSource::Rest, DateSource::Feed, DateSource::Listing, DateSource::Sitemap, DateSource::Url];
    let outside = items()
        .filter(|sample| !sample.draft.dates.is_empty())
        .filter(|sample| sample.draft.dates.iter().all(|date| elsewhere.contains(&date.source)))
        .count();
    if outside > 0 {
        see("date-not-on-page", format!("{outside} sample releases print no date: it comes from API, feed or listing"));
    }
}

/// What the sample pages say of themselves.
fn readings(samples: &[Sample], see: See<'_>) {
    for sample in samples {
        let draft = &sample.draft;
        if !draft.canonical.is_empty() && leads_elsewhere(&draft.canonical, &draft.url) {
            see("canonical-elsewhere", format!("{} calls itself {}", draft.url, draft.canonical));
        }
    }
    let translated = samples.iter().filter_map(|sample| sample.draft.machine_translated.as_ref());
    if let Some(mark) = translated.clone().next() {
        see("machine-translation", format!("{} samples carry the mark of {mark}", translated.count()));
    }
}

/// What was odd about the sample pages: remark, on how many, and an example.
pub fn remarks(samples: &[Sample]) -> Vec<(String, usize, String)> {
    let mut codes: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for warning in samples.iter().flat_map(|sample| &sample.draft.warnings) {
        let entry = codes.entry(warning.code.to_string()).or_insert((0, warning.detail.clone()));
        entry.0 += 1;
    }
    codes.into_iter().map(|(code, (count, detail))| (code, count, detail.chars().take(80).collect())).collect()
}

fn leads_elsewhere(canonical: &str, url: &str) -> bool {
    let clean = |url: &str| address::canonical(url, None, &[]).map(|url| address::same_page(&url));
    match (clean(canonical), clean(url)) {
        (Ok(canonical), Ok(url)) => canonical != url,
        _ => true,
    }
}

/// A site that answers 200 to any address hides its 404s.
async fn soft_404(ground: &Ground<'_>) -> Option<String> {
    let url = Url::parse(&ground.member.home).ok()?.join(NOWHERE).ok()?;
    let response = ground.page(url.as_str()).await.ok()?;
    let leads_home = address::same_page(&response.url) == address::same_page(&ground.member.home);
    match response.status {
        200 if leads_home => Some("an unknown address leads to the home page".to_owned()),
        200 => Some("an unknown address answers 200".to_owned()),
        _ => None,
    }
}
