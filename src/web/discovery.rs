//! What browsers, engines and researchers look for at fixed places: OpenSearch, robots.txt, security.txt.

use super::{
    Door,
    answer::{self, Failure, Visit},
    card::escape,
};
use crate::{labels::Labels, model::Lang};
use axum::response::Response;
use jiff::{ToSpan, tz::TimeZone};

/// `/opensearch.fr.xml`.
pub(super) fn opensearch_french(door: &Door, _: &Visit) -> Result<Response, Failure> {
    Ok(opensearch(door, Lang::FR))
}

/// `/opensearch.en.xml`.
pub(super) fn opensearch_english(door: &Door, _: &Visit) -> Result<Response, Failure> {
    Ok(opensearch(door, Lang::EN))
}

/// OpenSearch 1.1 description: `ShortName` holds at most 16 characters, `Description` 1024.
fn opensearch(door: &Door, lang: Lang) -> Response {
    let l = Labels::get(lang);
    let title = &door.config.settings.server.title;
    let short: String = title.chars().take(16).collect();
    let description = l.with("opensearch-description", &[("site", title.as_str().into())]);
    let search = escape(&door.url(&format!("{lang}/search")));
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n\
         <Description>{}</Description>\n\
         <Language>{lang}</Language>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <OutputEncoding>UTF-8</OutputEncoding>\n\
         <Url type=\"text/html\" template=\"{search}?q={{searchTerms}}\"/>\n\
         <Url type=\"application/atom+xml\" template=\"{search}.atom?q={{searchTerms}}\"/>\n\
         <Url type=\"application/rss+xml\" template=\"{search}.rss?q={{searchTerms}}\"/>\n\
         <Url type=\"application/opensearchdescription+xml\" rel=\"self\" template=\"{}\"/>\n\
         </OpenSearchDescription>\n",
        escape(&short),
        escape(&description),
        escape(&door.url(&format!("opensearch.{lang}.xml"))),
    );
    answer::document("application/opensearchdescription+xml; charset=utf-8", text)
}

/// `/robots.txt`: everything may be read; filtered searches and feeds lead nowhere new.
pub(super) fn robots(door: &Door, _: &Visit) -> Result<Response, Failure> {
    let sitemap = door.url("sitemap.xml");
    let [fr, en] = [door.root("fr/search?"), door.root("en/search?")];
    let text = format!("User-agent: *\nDisallow: {fr}\nDisallow: {en}\nAllow: /\n\nSitemap: {sitemap}\n");
    Ok(answer::document("text/plain; charset=utf-8", text))
}

/// `/.well-known/security.txt` (RFC 9116), made from the configured contact; without one there is none.
pub(super) fn security(door: &Door, _: &Visit) -> Result<Response, Failure> {
    let contact = &door.config.settings.fetch.contact;
    if contact.is_empty() {
        return Err(Failure::NotFound);
    }
    // The first day of the month that begins eleven to twelve months ahead: far enough, and stable for a month.
    let today = TimeZone::UTC.to_datetime(door.clock.now()).date();
    let expires = today.first_of_month().saturating_add(12.months());
    let canonical = door.url(".well-known/security.txt");
    let text = format!(
        "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: fr, en\nCanonical: {canonical}\n"
    );
    Ok(answer::document("text/plain; charset=utf-8", text))
}
