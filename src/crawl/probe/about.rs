//! Who is this, and in which languages does it speak?

use super::{Ground, Sample, Spoken};
use crate::cms::{Document, Purpose, plain};
use crate::crawl::Survey;
use crate::discover::feed;
use crate::fetch::{Fetcher, Request, Response, Scope};
use crate::model::{Host, Lang, LanguagePrefix, Member, MemberId, Name};
use crate::normalise::{charset, text};
use jiff::tz::TimeZone;
use scraper::{Html, Selector};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use url::Url;

/// So many pages below a prefix that looks like a language make it worth a look.
const PAGES_OF_A_LANGUAGE: usize = 3;

/// What the home page says of itself.
#[derive(Debug, Default)]
pub struct About {
    /// `generator`.
    pub generator: String,
    /// Root of the API, as announced.
    pub api: Option<String>,
    /// Hosts under the same domain that it links to.
    pub neighbours: Vec<String>,
    /// What shows each language, by prefix.
    pub evidence: HashMap<String, String>,
}

/// A member of whom only the address is known.
pub fn stranger(home: &Url) -> Member {
    let host = home.host_str().unwrap_or_default().to_ascii_lowercase();
    let bare = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let name = Name { name: bare.clone(), since: None, until: None };
    Member {
        id: id(&bare),
        names: vec![name],
        home: home.to_string(),
        hosts: vec![Host { name: bare, port: home.port(), since: None, until: None }],
        languages: vec![LanguagePrefix { prefix: "/".to_owned(), lang: Lang::FR, machine_translated: false }],
        cms: None,
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        listings: Vec::new(),
        parameters: Vec::new(),
        exclude: Vec::new(),
        timezone: TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC),
        rules: Vec::new(),
        categories: Vec::new(),
        protected_names: Vec::new(),
    }
}

/// An address on a host, to count requests by.
pub fn address(host: &Host) -> String {
    host.port.map_or_else(|| format!("https://{}/", host.name), |port| format!("http://{}:{port}/", host.name))
}

/// `action-education.org` is `action-education`; an address of numbers is a site of that number.
fn id(host: &str) -> MemberId {
    let is_number = host.starts_with('[') || host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let labels: Vec<&str> = host.split('.').collect();
    let words = match labels.len() {
        _ if is_number => format!("site-{host}"),
        0 | 1 => host.to_owned(),
        // co.uk, org.in: the second level says nothing either
        n if n > 2 && labels[n - 2].len() <= 3 && labels[n - 1].len() == 2 => labels[..n - 2].join("-"),
        n => labels[..n - 1].join("-"),
    };
    let mut slug = String::new();
    for c in words.chars() {
        match c.is_ascii_lowercase() || c.is_ascii_digit() {
            true => slug.push(c),
            false if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            false => {}
        }
    }
    slug.truncate(60);
    let slug = slug.trim_end_matches('-');
    MemberId::new(slug).unwrap_or_else(|_| {
        #[expect(clippy::unwrap_used, reason = "a constant that is a slug")]
        MemberId::new("member").unwrap()
    })
}

/// Reads the home page into `member`: name, languages.
pub fn read(member: &mut Member, response: &Response) -> About {
    let document = Document {
        purpose: Purpose::Home,
        requested: &response.requested,
        url: &response.url,
        status: response.status,
        headers: &response.headers,
        body: &response.body,
        known: &|_| false,
        dated: &|_| false,
    };
    let links = plain::links(member, &document);
    let decoded = charset::decode(&response.body, response.header("content-type"));
    let html = Html::parse_document(&decoded.text);
    let host = member.hosts[0].name.clone();
    if let Some(name) = site_name(&html, &host) {
        member.names[0].name = name;
    }
    let mut evidence = HashMap::new();
    if let Some(lang) = first(&html, "html", "lang").and_then(|lang| lang.parse().ok()) {
        member.languages[0].lang = lang;
        evidence.insert("/".to_owned(), "lang of the home page".to_owned());
    }
    for (lang, url) in &links.translations {
        let Some(prefix) = prefix_of(member, url) else { continue };
        if prefix != "/" && !member.languages.iter().any(|known| known.prefix == prefix) {
            evidence.insert(prefix.clone(), "hreflang of the home page".to_owned());
            member.languages.push(LanguagePrefix { prefix, lang: *lang, machine_translated: false });
        }
    }
    sort(&mut member.languages);
    let neighbours = neighbours(member, links.pages.iter().map(|page| page.url.as_str()));
    About { generator: links.generator, api: links.api, neighbours, evidence }
}

/// `og:site_name`, else the part of the title that the host shares words with, else its last part.
fn site_name(html: &Html, host: &str) -> Option<String> {
    let named = first(html, "meta[property='og:site_name']", "content").map(|name| text::line(&name));
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        return Some(name);
    }
    let title = html.select(&selector("title")?).next()?.text().collect::<String>();
    let title = text::line(&title);
    let unified = [" – ", " | ", " — ", " · ", " : "].iter().fold(title, |title, sign| title.replace(sign, " - "));
    let parts: Vec<&str> = unified.split(" - ").map(str::trim).collect();
    let in_host = |part: &&&str| {
        let folded = text::fold(part);
        text::words(&folded).any(|word| word.len() > 3 && host.contains(word))
    };
    let part = parts.iter().find(in_host).or(parts.last()).copied().unwrap_or_default();
    (!part.is_empty()).then(|| part.to_owned())
}

fn selector(css: &str) -> Option<Selector> {
    Selector::parse(css).ok()
}

fn first(html: &Html, css: &str, attribute: &str) -> Option<String> {
    html.select(&selector(css)?).find_map(|element| element.attr(attribute)).map(str::to_owned)
}

/// The path of a language's home page on the member's first host, with both slashes.
fn prefix_of(member: &Member, url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_ours = url.host_str().is_some_and(|host| member.owns_host(host, url.port()));
    let path = url.path();
    let plain =
        url.query().is_none() && path.len() < 20 && path.split('/').filter(|part| !part.is_empty()).count() <= 2;
    (is_ours && plain).then(|| format!("{}/", path.trim_end_matches('/')))
}

/// The longest prefix first.
fn sort(languages: &mut [LanguagePrefix]) {
    languages.sort_by(|a, b| (b.prefix.len(), &a.prefix).cmp(&(a.prefix.len(), &b.prefix)));
}

/// Hosts that end in the member's domain and are not its own.
fn neighbours<'a>(member: &Member, urls: impl Iterator<Item = &'a str>) -> Vec<String> {
    let own = &member.hosts[0].name;
    let domain = own.rsplitn(3, '.').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(".");
    let mut found: Vec<String> = urls
        .filter_map(|url| Some(Url::parse(url).ok()?.host_str()?.trim_start_matches("www.").to_owned()))
        .filter(|host| host != own && host.ends_with(&format!(".{domain}")) && domain.contains('.'))
        .collect();
    found.sort();
    found.dedup();
    found.truncate(20);
    found
}

/// Languages that nothing announces: prefixes such as `/en/` below which several pages stand, confirmed by the `lang`
/// of the page at the prefix. Tells whether some were found.
pub async fn further_languages(member: &mut Member, survey: &Survey, fetcher: &Fetcher) -> Option<bool> {
    let mut prefixes: BTreeMap<String, usize> = BTreeMap::new();
    for named in survey.pages.values() {
        let url = Url::parse(&named.url).ok()?;
        let part = url.path_segments().and_then(|mut parts| parts.next()).unwrap_or_default().to_owned();
        if part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase()) {
            *prefixes.entry(format!("/{part}/")).or_default() += 1;
        }
    }
    let scope = Arc::new(Scope::of(member));
    let mut is_new = false;
    for (prefix, count) in prefixes {
        let is_known = member.languages.iter().any(|known| known.prefix == prefix);
        if is_known || count < PAGES_OF_A_LANGUAGE {
            continue;
        }
        let url = Url::parse(&member.home).ok()?.join(&prefix).ok()?;
        let Ok(response) = fetcher.get(Request::page(url).within(&scope)).await else { continue };
        let decoded = charset::decode(&response.body, response.header("content-type"));
        let lang = first(&Html::parse_document(&decoded.text), "html", "lang").and_then(|lang| lang.parse().ok());
        if let Some(lang) = lang.filter(|_| response.status == 200) {
            member.languages.push(LanguagePrefix { prefix, lang, machine_translated: false });
            is_new = true;
        }
    }
    sort(&mut member.languages);
    Some(is_new)
}

/// A prefix below which the sample pages carry the mark of a translation machine is one of machine translations.
pub fn mark_machine_translations(member: &mut Member, samples: &[Sample]) {
    let paths: Vec<(String, bool)> = samples
        .iter()
        .filter_map(|sample| {
            Some((Url::parse(&sample.draft.url).ok()?.path().to_owned(), sample.is_machine_translated()))
        })
        .collect();
    let marked: Vec<String> = paths
        .iter()
        .filter(|(_, marked)| *marked)
        .filter_map(|(path, _)| member.language_of(path).map(|entry| entry.prefix.clone()))
        .collect();
    for entry in member.languages.iter_mut().filter(|entry| entry.prefix != "/") {
        entry.machine_translated = marked.contains(&entry.prefix);
    }
}

/// Feeds of languages that no page announces, as WordPress has them: `/en/feed/`.
pub async fn unannounced_feeds(ground: &Ground<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if ground.survey.memory.planner != "wordpress" {
        return found;
    }
    let scope = Arc::new(Scope::of(&ground.member));
    for entry in ground.member.languages.iter().filter(|entry| entry.prefix != "/") {
        let joined = Url::parse(&ground.member.home).and_then(|home| home.join(&format!("{}feed/", entry.prefix)));
        let Ok(url) = joined.map(String::from) else { continue };
        if ground.survey.documents.iter().any(|document| document.url == url) {
            continue;
        }
        let Ok(response) = ground.fetcher.get(Request::document(url.clone()).within(&scope)).await else { continue };
        let read = feed::read(&response.body, response.header("content-type"), &response.url);
        if response.status == 200 && read.is_ok_and(|read| !feed::candidates(&read, &response.url).is_empty()) {
            found.push(url);
        }
    }
    found
}

/// The languages of the member with what shows them.
pub fn spoken(member: &Member, about: &About) -> Vec<Spoken> {
    let of = |entry: &LanguagePrefix| Spoken {
        prefix: entry.prefix.clone(),
        lang: entry.lang,
        machine_translated: entry.machine_translated,
        evidence: about.evidence.get(&entry.prefix).cloned().unwrap_or_else(|| match entry.prefix.as_str() {
            "/" => "assumed: the home page does not say".to_owned(),
            _ => "pages below it, and lang of its home page".to_owned(),
        }),
    };
    member.languages.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_become_ids() {
        let cases = [
            ("action-education.org", "action-education"),
            ("seac.aide-et-action.org", "seac-aide-et-action"),
            ("example.org.uk", "example"),
            ("action-education.localhost", "action-education"),
            ("127.0.0.1", "site-127-0-0-1"),
            ("localhost", "localhost"),
            ("[::1]", "site-1"),
        ];
        for (host, expected) in cases {
            assert_eq!(id(host).as_str(), expected, "{host}");
        }
    }

    #[test]
    fn names_come_from_what_the_site_calls_itself() {
        let cases = [
            ("<meta property='og:site_name' content='Les Écoliers'><title>Accueil</title>", "Les Écoliers"),
            ("<title>Accueil – Écoliers du Monde</title>", "Écoliers du Monde"),
            ("<title>Ecoliers | Une école pour tous</title>", "Ecoliers"),
        ];
        for (head, expected) in cases {
            let html = Html::parse_document(&format!("<html><head>{head}</head></html>"));
            assert_eq!(site_name(&html, "ecoliers.example").as_deref(), Some(expected));
        }
    }
}
