//! What does this page link to? Content links with the words and the date of their card, pages of the same listing,
//! announced feeds, the API, and the page's other languages.

use crate::model::{Candidate, DateValue, Lang, SourceKind};
use crate::normalise::{charset, date, text, url as address};
use scraper::{ElementRef, Html, Selector};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};
use url::Url;

/// More links than this on one page are not looked at.
const MOST_LINKS: usize = 5_000;
/// A card is at most this long; longer surroundings are a page, not a card.
const CARD_CHARS: usize = 1_500;

/// What one page links to; addresses are absolute and canonical.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// Pages of the same origin or any other, in the order of the page, each once.
    pub pages: Vec<Candidate>,
    /// Addresses that look like further pages of this listing.
    pub paging: Vec<String>,
    /// Announced feeds.
    pub feeds: Vec<String>,
    /// Announced sitemaps.
    pub sitemaps: Vec<String>,
    /// Root of the WordPress API.
    pub api: Option<String>,
    /// The same page in other languages.
    pub translations: Vec<(Lang, String)>,
    /// `generator` of the page, for example `WordPress 6.8`.
    pub generator: String,
}

fn selector(css: &str) -> Selector {
    #[expect(clippy::expect_used, reason = "the selectors below are constants, each used by a test")]
    Selector::parse(css).expect("a selector written here parses")
}

static ANCHORS: LazyLock<Selector> = LazyLock::new(|| selector("a[href], area[href]"));
static HEAD_LINKS: LazyLock<Selector> = LazyLock::new(|| selector("link[rel][href]"));
static BASE: LazyLock<Selector> = LazyLock::new(|| selector("base[href]"));
static GENERATOR: LazyLock<Selector> = LazyLock::new(|| selector("meta[name=generator i][content]"));
static TIMES: LazyLock<Selector> = LazyLock::new(|| selector("time[datetime], abbr.published[title]"));
static HEADINGS: LazyLock<Selector> = LazyLock::new(|| selector("h1, h2, h3, h4, h5, h6"));

/// Reads the links of a page that came from `url`; `keep` are query parameters that name pages on this site.
pub fn read(body: &[u8], content_type: Option<&str>, url: &str, keep: &[String]) -> Links {
    let Ok(page_url) = Url::parse(url) else { return Links::default() };
    let decoded = charset::decode(body, content_type);
    let html = Html::parse_document(&decoded.text);
    let declared = html.select(&BASE).next().and_then(|base| page_url.join(base.attr("href")?).ok());
    let base = declared.unwrap_or_else(|| page_url.clone());
    let mut links = Links::default();
    if let Some(generator) = html.select(&GENERATOR).next() {
        links.generator = text::line(generator.attr("content").unwrap_or_default());
    }
    for link in html.select(&HEAD_LINKS).take(MOST_LINKS) {
        head_link(&link, &base, url, keep, &mut links);
    }
    body_links(&html, &base, url, keep, &mut links);
    links
}

fn head_link(link: &ElementRef<'_>, base: &Url, found_on: &str, keep: &[String], links: &mut Links) {
    let rel = link.attr("rel").unwrap_or_default().to_ascii_lowercase();
    let kind = link.attr("type").unwrap_or_default().to_ascii_lowercase();
    let Some(target) = link.attr("href").and_then(|href| base.join(href.trim()).ok()) else { return };
    let has = |word: &str| rel.split_ascii_whitespace().any(|known| known == word);
    if has("https://api.w.org/") {
        links.api = Some(target.into());
    } else if has("sitemap") {
        links.sitemaps.push(target.into());
    } else if has("next") {
        if is_same_list(&target, found_on) {
            links.paging.push(target.into());
        }
    } else if has("alternate") && is_feed_type(&kind) {
        if !is_comments_feed(&target) && !links.feeds.contains(&target.to_string()) {
            links.feeds.push(target.into());
        }
    } else if has("alternate")
        && let Some(lang) = link.attr("hreflang").and_then(|lang| lang.parse().ok())
        && let Ok(url) = address::canonical(target.as_str(), None, keep)
    {
        links.translations.push((lang, url));
    }
}

fn is_feed_type(kind: &str) -> bool {
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"].contains(&kind)
}

/// Feeds of comments announce what readers say, not what the member publishes.
fn is_comments_feed(url: &Url) -> bool {
    url.path().split('/').any(|segment| segment == "comments")
        || url.query().is_some_and(|q| q.contains("comments-rss2"))
}

fn body_links(html: &Html, base: &Url, found_on: &str, keep: &[String], links: &mut Links) {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<Linked> = Vec::new();
    for anchor in html.select(&ANCHORS).take(MOST_LINKS) {
        let href = anchor.attr("href").unwrap_or_default().trim();
        if href.is_empty() || href.starts_with('#') {
            continue;
        }
        let words = text::line(&anchor.text().collect::<String>());
        let Ok(absolute) = base.join(href) else { continue };
        if is_paging(&absolute, found_on, &words, &anchor) {
            if !links.paging.iter().any(|known| known == absolute.as_str()) && absolute.as_str() != found_on {
                links.paging.push(absolute.into());
            }
            continue;
        }
        let Ok(url) = address::canonical(href, Some(base), keep) else { continue };
        match at.get(&url) {
            Some(&known) => better_words(&mut found[known].page, &anchor, words),
            None => {
                at.insert(url.clone(), found.len());
                found.push(linked(url, &anchor, words, found_on));
            }
        }
    }
    share_the_look(&mut found);
    links.pages = found.into_iter().map(|link| link.page).collect();
}

/// A link while the page is read: the candidate, and the look of its card.
struct Linked {
    page: Candidate,
    /// Element name and classes of the card; empty when the link stands alone.
    look: String,
}

fn linked(url: String, anchor: &ElementRef<'_>, words: String, found_on: &str) -> Linked {
    let card = card_around(anchor);
    let published = card.as_ref().and_then(|card| card_date(card, found_on)).or_else(|| date_beside(anchor, found_on));
    let source = if published.is_some() { SourceKind::Listing } else { SourceKind::Link };
    let token = published.map(|date| date.to_string()).unwrap_or_default();
    let look = card.map(|card| format!("{} {}", card.value().name(), card.attr("class").unwrap_or_default()));
    let page = Candidate { title: words, published, token, ..Candidate::new(url, source, found_on) };
    Linked { page, look: look.unwrap_or_default() }
}

/// Cards that look like dated ones are cards of posts too: many listings print a date on some of them only.
fn share_the_look(links: &mut [Linked]) {
    let dated = |link: &&Linked| link.page.source == SourceKind::Listing && !link.look.is_empty();
    let looks: HashSet<String> = links.iter().filter(dated).map(|link| link.look.clone()).collect();
    for link in links.iter_mut().filter(|link| looks.contains(&link.look)) {
        link.page.source = SourceKind::Listing;
    }
}

/// A card often links twice: picture and heading. The heading's words are the title.
fn better_words(known: &mut Candidate, anchor: &ElementRef<'_>, words: String) {
    let in_heading = anchor.ancestors().take(3).filter_map(ElementRef::wrap).any(|e| HEADINGS.matches(&e));
    if !words.is_empty() && (known.title.is_empty() || in_heading) {
        known.title = words;
    }
}

/// The card around a link: the largest surrounding element that links to this one page only.
fn card_around<'a>(anchor: &ElementRef<'a>) -> Option<ElementRef<'a>> {
    let mine = anchor.attr("href")?;
    let mut card = None;
    for around in anchor.ancestors().take(6).filter_map(ElementRef::wrap) {
        if matches!(around.value().name(), "body" | "html" | "main" | "nav" | "header" | "footer") {
            break;
        }
        let others = around.select(&ANCHORS).take(12).any(|other| {
            let href = other.attr("href").unwrap_or_default();
            href != mine && !is_term(&other) && !href.starts_with('#')
        });
        if others {
            break;
        }
        card = Some(around);
    }
    card
}

/// The date that a card states.
fn card_date(card: &ElementRef<'_>, found_on: &str) -> Option<DateValue> {
    let stamp = |time: ElementRef<'_>| date::parse(time.attr("datetime").or(time.attr("title"))?, None);
    card.select(&TIMES).find_map(stamp).or_else(|| written_date(card, found_on))
}

/// The date of a line of a plain list, which has no element of its own: `3 mars 2021 : <a>…</a><br>`, or a term before
/// its definition. Words besides the date make it a sentence, whose date says nothing of the page it links to.
fn date_beside(anchor: &ElementRef<'_>, found_on: &str) -> Option<DateValue> {
    let is_inline =
        |element: &ElementRef<'_>| matches!(element.value().name(), "b" | "strong" | "i" | "em" | "font" | "span");
    let around = anchor.ancestors().filter_map(ElementRef::wrap).take_while(is_inline).last().unwrap_or(*anchor);
    let before = line_part(around.prev_siblings());
    let after = line_part(around.next_siblings());
    let term = around.parent().and_then(ElementRef::wrap).filter(|parent| parent.value().name() == "dd").and_then(
        |definition| {
            let before = definition.prev_siblings().find_map(ElementRef::wrap)?;
            (before.value().name() == "dt").then(|| text::line(&before.text().collect::<String>()))
        },
    );
    [term.unwrap_or_default(), before, after].iter().find_map(|words| bare_date(words, found_on))
}

/// The words between a link and the end of its line: the next break, block or link.
fn line_part<'a>(siblings: impl Iterator<Item = ego_tree::NodeRef<'a, scraper::Node>>) -> String {
    let mut parts = Vec::new();
    for node in siblings {
        match (ElementRef::wrap(node), node.value().as_text()) {
            (_, Some(words)) => parts.push(text::line(words)),
            (Some(element), _)
                if LINE_PARTS.contains(&element.value().name()) && element.select(&ANCHORS).next().is_none() =>
            {
                parts.push(text::line(&element.text().collect::<String>()));
            }
            (Some(_), _) => break,
            _ => {}
        }
        if parts.len() > 4 {
            break;
        }
    }
    parts.retain(|part| !part.is_empty());
    // One side is walked away from the link; a date is never parted over several nodes the other way round.
    parts.join(" ")
}

/// Elements that may stand beside a link within one line.
const LINE_PARTS: &[&str] = &["b", "strong", "i", "em", "font", "span", "small", "time", "u"];

/// The date of `words` when they say nothing else.
fn bare_date(words: &str, found_on: &str) -> Option<DateValue> {
    if words.len() > 60 {
        return None;
    }
    let lang = found_on.contains("/en/").then_some(Lang::EN);
    let found = date::find(words, lang).into_iter().next()?;
    let rest = format!("{} {}", &words[..found.range.start], &words[found.range.end..]);
    let is_bare = rest.split(|c: char| !c.is_alphanumeric()).all(|word| {
        matches!(word.to_lowercase().as_str(), "" | "le" | "du" | "on" | "publié" | "published" | "posted")
    });
    is_bare.then_some(found.value)
}

/// Links to a category, tag or author inside a card do not make it two cards.
fn is_term(anchor: &ElementRef<'_>) -> bool {
    let rel = anchor.attr("rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| matches!(word, "tag" | "category" | "author"))
}

fn written_date(card: &ElementRef<'_>, found_on: &str) -> Option<DateValue> {
    let mut words = String::new();
    for part in card.text() {
        words.push_str(part);
        words.push(' ');
        if words.len() > CARD_CHARS {
            return None;
        }
    }
    let lang = (found_on.contains("/en/")).then_some(Lang::EN);
    date::find(&words, lang).first().map(|found| found.value)
}

/// Links to the other pages of a listing: `rel=next`, or a paging parameter or path with a number for words.
fn is_paging(url: &Url, found_on: &str, words: &str, anchor: &ElementRef<'_>) -> bool {
    let has = |name: &str, known: &[&str]| {
        anchor.attr(name).is_some_and(|value| value.split_ascii_whitespace().any(|word| known.contains(&word)))
    };
    if has("rel", &["next", "prev"]) {
        return is_same_list(url, found_on);
    }
    let numbered = words.len() <= 4 && !words.is_empty() && words.bytes().all(|b| b.is_ascii_digit());
    let classed = has("class", &["page-numbers", "next", "pagination", "prev"]);
    paging_number(url).is_some() && (numbered || classed || words.chars().count() <= 30)
}

/// Articles link to their neighbours with `rel=next` too: a page of the same list has a number or the same path.
fn is_same_list(url: &Url, found_on: &str) -> bool {
    paging_number(url).is_some() || Url::parse(found_on).is_ok_and(|here| here.path() == url.path())
}

/// The page number in an address of a listing: `/page/3/`, `?paged=3`, `?page=3`, `?debut_articles=20`, `/p3`.
pub fn paging_number(url: &Url) -> Option<u32> {
    let by_parameter = url.query_pairs().find_map(|(name, value)| {
        // `query-3-page`: a list that a WordPress block puts into a page
        let is_paging = matches!(&*name, "paged" | "page" | "pg" | "start" | "offset")
            || name.starts_with("debut_")
            || (name.starts_with("query-") && name.ends_with("page"));
        if is_paging { value.parse().ok() } else { None }
    });
    let segments: Vec<&str> =
        url.path_segments().map(|parts| parts.filter(|p| !p.is_empty()).collect()).unwrap_or_default();
    let by_path = match segments.as_slice() {
        [.., "page", number] => number.parse().ok(),
        _ => None,
    };
    by_parameter.or(by_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html><head><meta name="Generator" content="WordPress 6.8">
        <link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">
        <link rel="https://api.w.org/" href="/wp-json/"><link rel="alternate" hreflang="en-US" href="/en/">
        </head><body><nav><a href="/qui-sommes-nous/">Qui sommes-nous</a></nav>
        <article><a href="/a/"><img></a><h2><a href="/a/">Premier titre</a></h2><time datetime="2024-03-01">1er mars</time><a rel="category tag" href="/cat/x/">x</a></article>
        <article><h2><a href="/b/?utm_source=x">Deuxième</a></h2></article>
        <a class="page-numbers" href="/page/2/">2</a> <a href="mailto:a@b.example">écrire</a></body></html>"#;

    #[test]
    fn cards_paging_and_announcements_are_told_apart() {
        let links = read(PAGE.as_bytes(), Some("text/html; charset=utf-8"), "https://h.example/", &[]);
        assert_eq!(links.feeds, ["https://h.example/feed/"]);
        assert_eq!(links.api.as_deref(), Some("https://h.example/wp-json/"));
        assert_eq!(links.translations, [(Lang::EN, "https://h.example/en/".to_owned())]);
        assert_eq!(links.paging, ["https://h.example/page/2/"]);
        assert_eq!(links.generator, "WordPress 6.8");
        let first = links.pages.iter().find(|page| page.url.ends_with("/a/")).unwrap();
        assert_eq!(
            (first.title.as_str(), first.published.unwrap().to_string().as_str()),
            ("Premier titre", "2024-03-01")
        );
        assert_eq!(first.source, SourceKind::Listing);
    }

    #[test]
    fn a_line_of_a_plain_list_has_the_date_beside_its_link() {
        let page = r#"<body><p>3 mars 2021 : <a href="/a.html">Premier</a><br><b>12/04/2021</b> - <font><a href="/b.html">Second</a></font><br>
            <a href="/c.html">Troisième</a> (5 mai 2021)<br>Le 7 juin 2021, nous avons écrit <a href="/d.html">à la ministre</a></p>
            <dl><dt>8 juillet 2021</dt><dd><a href="/e.html">Cinquième</a></dd></dl></body>"#;
        let links = read(page.as_bytes(), Some("text/html; charset=utf-8"), "https://h.example/liste.html", &[]);
        let dates: Vec<_> =
            links.pages.iter().map(|page| page.published.map(|d| d.to_string()).unwrap_or_default()).collect();
        assert_eq!(dates, ["2021-03-03", "2021-04-12", "2021-05-05", "", "2021-07-08"]);
    }

    #[test]
    fn the_next_article_is_no_further_page_of_a_list() {
        let page = r#"<head><link rel="next" href="/c/"></head><nav><a rel="prev" href="/a/">Avant</a>
            <a rel="next" href="/b/?start=20">Suite</a></nav>"#;
        let links = read(page.as_bytes(), None, "https://h.example/b/", &[]);
        assert_eq!(links.paging, ["https://h.example/b/?start=20"]);
        assert_eq!(links.pages.iter().map(|page| page.url.as_str()).collect::<Vec<_>>(), ["https://h.example/a/"]);
    }

    #[test]
    fn page_numbers_are_read_from_path_and_query() {
        let number = |url: &str| paging_number(&Url::parse(url).unwrap());
        assert_eq!(number("https://h.example/tag/x/page/3/"), Some(3));
        assert_eq!(number("https://h.example/spip.php?rubrique2&debut_articles=20"), Some(20));
        assert_eq!(number("https://h.example/2024/03/"), None);
    }
}
