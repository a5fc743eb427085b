//! What does this page link to? Content links with the words and the date of their card, pages of the same listing,
//! announced feeds, the API, and the page's other languages.

use crate::model::{Candidate, DateValue, Lang, SourceKind};
use crate::normalise::html::{dom::Tree, tag::Tag};
use crate::normalise::{charset, date, text, url as address};
use std::collections::{HashMap, HashSet};
use url::Url;

/// More links than this on one page are not looked at.
const MOST_LINKS: usize = 5_000;
/// So many nodes above an entry are looked at for the day that heads its group.
const MOST_ABOVE: usize = 24;
/// A card is at most this long; longer surroundings are a page, not a card.
const CARD_CHARS: usize = 1_500;

/// What one page links to; addresses are absolute and canonical.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// Pages of the same origin or any other, in the order of the page, each once.
    pub pages: Vec<Candidate>,
    /// Addresses that look like further pages of this listing.
    pub paging: Vec<String>,
    /// Lists that only a parameter names (`spip.php?rubrique2`, `?cat=3`), which no page's address keeps.
    pub lists: Vec<String>,
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

/// A page while its links are read.
struct Page<'a> {
    tree: &'a Tree<'a>,
    /// The links in its text, in order, with where they lead as written.
    anchors: Vec<(usize, String)>,
    /// What relative addresses stand on.
    base: Url,
    /// Its address.
    url: &'a str,
    /// Query parameters that name pages.
    keep: &'a [String],
}

/// Reads the links of a page that came from `url`; `keep` are query parameters that name pages on this site.
pub fn read(body: &[u8], content_type: Option<&str>, url: &str, keep: &[String]) -> Links {
    let Ok(page_url) = Url::parse(url) else { return Links::default() };
    let decoded = charset::decode(body, content_type);
    let tree = &Tree::parse(&decoded.text, &mut Vec::new());
    let all = |tag: Tag| (0..tree.len()).filter(move |&at| tree.tag(at) == tag);
    let declared = all(Tag::Base).find_map(|at| tree.attr(at, "href"));
    let base = declared.and_then(|href| page_url.join(&href).ok()).unwrap_or(page_url);
    let mut links = Links::default();
    let mut generators = all(Tag::Meta).filter(|&at| has_word(tree, at, "name", &["generator"]));
    if let Some(generator) = generators.find_map(|at| tree.attr(at, "content")) {
        links.generator = text::line(&generator);
    }
    let anchors = (0..tree.len()).filter(|&at| matches!(tree.tag(at), Tag::A | Tag::Area));
    let anchors = anchors.filter_map(|at| Some((at, tree.attr(at, "href")?.trim().to_owned())));
    let page = Page { tree, anchors: anchors.take(MOST_LINKS).collect(), base, url, keep };
    for link in all(Tag::Link).take(MOST_LINKS) {
        page.head_link(link, &mut links);
    }
    page.body_links(&mut links);
    links
}

/// Whether one of the words of an attribute is one of `known`, whatever its letter case.
fn has_word(tree: &Tree<'_>, at: usize, name: &str, known: &[&str]) -> bool {
    let value = tree.attr(at, name).unwrap_or_default();
    value.split_ascii_whitespace().any(|word| known.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

fn is_feed_type(kind: &str) -> bool {
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"].contains(&kind)
}

/// Feeds of comments announce what readers say, not what the member publishes.
fn is_comments_feed(url: &Url) -> bool {
    url.path().split('/').any(|segment| segment == "comments")
        || url.query().is_some_and(|q| q.contains("comments-rss2"))
}

impl Page<'_> {
    fn head_link(&self, at: usize, links: &mut Links) {
        let Some(href) = self.tree.attr(at, "href") else { return };
        let Ok(target) = self.base.join(href.trim()) else { return };
        let has = |word: &str| has_word(self.tree, at, "rel", &[word]);
        let kind = self.tree.attr(at, "type").unwrap_or_default().to_ascii_lowercase();
        if has("https://api.w.org/") {
            links.api = Some(target.into());
        } else if has("sitemap") {
            links.sitemaps.push(target.into());
        } else if has("next") {
            if is_same_list(&target, self.url) {
                links.paging.push(target.into());
            }
        } else if has("alternate") && is_feed_type(&kind) {
            if !is_comments_feed(&target) && !links.feeds.contains(&target.to_string()) {
                links.feeds.push(target.into());
            }
        } else if has("alternate")
            && let Some(lang) = self.tree.attr(at, "hreflang").and_then(|lang| lang.parse().ok())
            && let Ok(url) = address::canonical(target.as_str(), None, self.keep)
        {
            links.translations.push((lang, url));
        }
    }

    fn body_links(&self, links: &mut Links) {
        let mut met: HashMap<String, usize> = HashMap::new();
        let mut found: Vec<Linked> = Vec::new();
        for (anchor, href) in &self.anchors {
            if href.is_empty() || href.starts_with('#') {
                continue;
            }
            let words = text::line(&self.tree.raw_text(*anchor));
            let Ok(absolute) = self.base.join(href) else { continue };
            if self.is_paging(&absolute, &words, *anchor) {
                if !links.paging.iter().any(|known| known == absolute.as_str()) && absolute.as_str() != self.url {
                    links.paging.push(absolute.into());
                }
                continue;
            }
            if absolute.query().is_some_and(address::names_list) {
                if !links.lists.iter().any(|known| known == absolute.as_str()) {
                    links.lists.push(absolute.into());
                }
                continue;
            }
            let Ok(url) = address::canonical(href, Some(&self.base), self.keep) else { continue };
            match met.get(&url) {
                Some(&known) => self.better_words(&mut found[known].page, *anchor, words),
                None => {
                    met.insert(url.clone(), found.len());
                    found.push(self.linked(url, *anchor, href, words));
                }
            }
        }
        share_the_look(&mut found);
        links.pages = found.into_iter().map(|link| link.page).collect();
    }

    fn linked(&self, url: String, anchor: usize, href: &str, words: String) -> Linked {
        let card = self.card_around(anchor, href);
        let published = card
            .and_then(|card| self.card_date(card))
            .or_else(|| self.date_beside(anchor))
            .or_else(|| self.date_above(card?, anchor));
        let source = if published.is_some() { SourceKind::Listing } else { SourceKind::Link };
        let token = published.map(|date| date.to_string()).unwrap_or_default();
        let look = card.map(|card| {
            format!("{} {}", self.tree.tag(card).name(), self.tree.attr(card, "class").unwrap_or_default())
        });
        let page = Candidate { title: words, published, token, ..Candidate::new(url, source, self.url) };
        Linked { page, look: look.unwrap_or_default() }
    }

    /// A card often links twice: picture and heading. The heading's words are the title.
    fn better_words(&self, known: &mut Candidate, anchor: usize, words: String) {
        let in_heading = self.tree.ancestors(anchor).take(3).any(|at| self.tree.tag(at).heading().is_some());
        if !words.is_empty() && (known.title.is_empty() || in_heading) {
            known.title = words;
        }
    }

    /// The links below a node.
    fn anchors_in(&self, at: usize) -> &[(usize, String)] {
        let start = self.anchors.partition_point(|(anchor, _)| *anchor < at);
        let end = self.anchors.partition_point(|(anchor, _)| *anchor < self.tree.end(at));
        &self.anchors[start..end]
    }

    /// The card around a link: the largest surrounding element that links to this one page only.
    fn card_around(&self, anchor: usize, href: &str) -> Option<usize> {
        let mut card = None;
        for around in self.tree.ancestors(anchor).take(6) {
            let is_frame = matches!(
                self.tree.tag(around),
                Tag::Body | Tag::Html | Tag::Main | Tag::Nav | Tag::Header | Tag::Footer
            );
            let mut inside = self.anchors_in(around).iter().take(12);
            if is_frame || inside.any(|(at, other)| other != href && !self.is_term(*at) && !other.starts_with('#')) {
                break;
            }
            card = Some(around);
        }
        card
    }

    /// The date that a card states.
    fn card_date(&self, card: usize) -> Option<DateValue> {
        let stamp = |at: usize| match self.tree.tag(at) {
            Tag::Time => self.tree.attr(at, "datetime"),
            Tag::Abbr if has_word(self.tree, at, "class", &["published"]) => self.tree.attr(at, "title"),
            _ => None,
        };
        let stamped = (card..self.tree.end(card)).filter_map(stamp).find_map(|value| date::parse(&value, None));
        stamped.or_else(|| self.written_date(card))
    }

    fn written_date(&self, card: usize) -> Option<DateValue> {
        let mut words = String::new();
        for part in (card..self.tree.end(card)).filter_map(|at| self.tree.text(at)) {
            words.push_str(part);
            words.push(' ');
            if words.len() > CARD_CHARS {
                return None;
            }
        }
        date::find(&words, self.lang()).first().map(|found| found.value)
    }

    /// The language that decides ambiguous dates.
    fn lang(&self) -> Option<Lang> {
        self.url.contains("/en/").then_some(Lang::EN)
    }

    /// The date of a line of a plain list, which has no element of its own: `3 mars 2021 : <a>…</a><br>`, or a term
    /// before its definition. Words besides the date make it a sentence, whose date says nothing of the page it links
    /// to.
    fn date_beside(&self, anchor: usize) -> Option<DateValue> {
        let tree = self.tree;
        let is_inline = |at: &usize| {
            matches!(tree.tag(*at), Tag::B | Tag::Strong | Tag::I | Tag::Em | Tag::Span) || is_font(tree, *at)
        };
        let around = tree.ancestors(anchor).take_while(is_inline).last().unwrap_or(anchor);
        let left = self.line_part(std::iter::successors(before(tree, around), |at| before(tree, *at)));
        let right = self.line_part(std::iter::successors(after(tree, around), |at| after(tree, *at)));
        let parent = tree.parent(around);
        let term = (tree.tag(parent) == Tag::Dd)
            .then(|| std::iter::successors(before(tree, parent), |at| before(tree, *at)))
            .and_then(|mut siblings| siblings.find(|at| tree.tag(*at) != Tag::Text))
            .filter(|at| tree.tag(*at) == Tag::Dt)
            .map(|at| text::line(&tree.raw_text(at)));
        [term.unwrap_or_default(), left, right].iter().find_map(|words| bare_date(words, self.lang()))
    }

    /// The day that stands as a line of its own above the entries of that day, as blogs and diaries have it. The link
    /// is the whole of its block: one within a sentence is no entry.
    fn date_above(&self, card: usize, anchor: usize) -> Option<DateValue> {
        let tree = self.tree;
        let words = text::line(&tree.raw_text(anchor));
        let block = tree.ancestors(anchor).find(|at| tree.tag(*at).is_block())?;
        if words.is_empty() || text::line(&tree.raw_text(block)) != words {
            return None;
        }
        let mut above = std::iter::successors(before(tree, card), |at| before(tree, *at)).take(MOST_ABOVE);
        above.find_map(|at| {
            bare_date(&text::line(tree.text(at).unwrap_or_default()), self.lang()).or_else(|| {
                // a long block is a text, not a day
                let is_short = tree.end(at) - at < 12 && tree.tag(at) != Tag::Text;
                is_short.then(|| text::line(&tree.raw_text(at))).and_then(|words| bare_date(&words, self.lang()))
            })
        })
    }

    /// The words between a link and the end of its line: the next break, block or link.
    fn line_part(&self, siblings: impl Iterator<Item = usize>) -> String {
        let mut parts = Vec::new();
        for at in siblings.take(8) {
            let ends_line = self.tree.tag(at) != Tag::Text && !is_part_of_line(self.tree, at);
            if ends_line || !self.anchors_in(at).is_empty() || parts.len() > 4 {
                break;
            }
            parts.push(match self.tree.text(at) {
                Some(words) => text::line(words),
                None => text::line(&self.tree.raw_text(at)),
            });
        }
        parts.retain(|part| !part.is_empty());
        // One side is walked away from the link; a date is never parted over several nodes the other way round.
        parts.join(" ")
    }

    /// Links to a category, tag or author inside a card do not make it two cards.
    fn is_term(&self, anchor: usize) -> bool {
        has_word(self.tree, anchor, "rel", &["tag", "category", "author"])
    }

    /// Links to the other pages of a listing: `rel=next`, or a paging parameter or path with a number for words.
    fn is_paging(&self, url: &Url, words: &str, anchor: usize) -> bool {
        if has_word(self.tree, anchor, "rel", &["next", "prev"]) {
            return is_same_list(url, self.url);
        }
        let numbered = words.len() <= 4 && !words.is_empty() && words.bytes().all(|b| b.is_ascii_digit());
        if (numbered || leads_on(words)) && counts_on(url, self.url) {
            return true;
        }
        let classed = has_word(self.tree, anchor, "class", &["page-numbers", "next", "pagination", "prev"]);
        paging_number(url).is_some() && (numbered || classed || words.chars().count() <= 30)
    }
}

/// A link while the page is read: the candidate, and the look of its card.
struct Linked {
    page: Candidate,
    /// Element name and classes of the card; empty when the link stands alone.
    look: String,
}

/// Cards that look like dated ones are cards of posts too: many listings print a date on some of them only.
fn share_the_look(links: &mut [Linked]) {
    let dated = |link: &&Linked| link.page.source == SourceKind::Listing && !link.look.is_empty();
    let looks: HashSet<String> = links.iter().filter(dated).map(|link| link.look.clone()).collect();
    for link in links.iter_mut().filter(|link| looks.contains(&link.look)) {
        link.page.source = SourceKind::Listing;
    }
}

/// The sibling before a node.
fn before(tree: &Tree<'_>, at: usize) -> Option<usize> {
    let parent = tree.parent(at);
    let last = at.checked_sub(1).filter(|last| *last > parent)?;
    std::iter::once(last).chain(tree.ancestors(last)).find(|up| tree.parent(*up) == parent)
}

/// The sibling after a node.
fn after(tree: &Tree<'_>, at: usize) -> Option<usize> {
    Some(tree.end(at)).filter(|next| *next < tree.end(tree.parent(at)))
}

fn is_font(tree: &Tree<'_>, at: usize) -> bool {
    tree.name(at).eq_ignore_ascii_case("font")
}

/// Elements that may stand beside a link within one line.
fn is_part_of_line(tree: &Tree<'_>, at: usize) -> bool {
    matches!(tree.tag(at), Tag::B | Tag::Strong | Tag::I | Tag::Em | Tag::Span | Tag::Small | Tag::Time | Tag::U)
        || is_font(tree, at)
}

/// The date of `words` when they say nothing else.
fn bare_date(words: &str, lang: Option<Lang>) -> Option<DateValue> {
    if words.len() > 60 {
        return None;
    }
    let found = date::find(words, lang).into_iter().next()?;
    let rest = format!("{} {}", &words[..found.range.start], &words[found.range.end..]);
    let is_bare = rest.split(|c: char| !c.is_alphanumeric()).all(|word| {
        matches!(word.to_lowercase().as_str(), "" | "le" | "du" | "on" | "publié" | "published" | "posted")
    });
    is_bare.then_some(found.value)
}

/// Whether the words of a link lead to the next or the previous part of a list.
fn leads_on(words: &str) -> bool {
    const LEADING: &[&str] = &[
        "suivant",
        "suivante",
        "suivants",
        "suivantes",
        "precedent",
        "precedente",
        "precedents",
        "page",
        "plus",
        "next",
        "previous",
        "older",
        "newer",
        "more",
        "load",
        "voir",
        "charger",
        "afficher",
        "anciens",
        "articles",
        "posts",
        "entries",
        "show",
        "les",
        "d",
        "siguiente",
        "anterior",
        "proximo",
        "mas",
    ];
    let folded = text::fold(words);
    let mut parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).peekable();
    let signs =
        parts.peek().is_none() && words.chars().any(|c| matches!(c, '»' | '«' | '›' | '‹' | '→' | '←' | '>' | '<'));
    signs
        || (parts.peek().is_some()
            && parts.all(|part| LEADING.contains(&part) || part.bytes().all(|b| b.is_ascii_digit())))
}

/// Whether an address is the page it stands on but for one number in its query: a further part of the same list,
/// whatever the system calls its parameter.
fn counts_on(url: &Url, found_on: &str) -> bool {
    let Ok(here) = Url::parse(found_on) else { return false };
    let pairs = |url: &Url| {
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect::<HashSet<_>>()
    };
    let (there, known) = (pairs(url), pairs(&here));
    let mut added = there.difference(&known);
    let number = added
        .next()
        .is_some_and(|(_, value)| !value.is_empty() && value.len() <= 6 && value.bytes().all(|b| b.is_ascii_digit()));
    let removed: Vec<_> = known.difference(&there).collect();
    let same_name = removed.iter().all(|(name, _)| there.iter().any(|(other, _)| other == name));
    url.path() == here.path()
        && url.host_str() == here.host_str()
        && number
        && added.next().is_none()
        && removed.len() <= 1
        && same_name
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
            || (name.starts_with("query-") && name.ends_with("page"))
            || name.starts_with("b_start");
        if is_paging { value.parse().ok() } else { None }
    });
    let segments: Vec<&str> =
        url.path_segments().map(|parts| parts.filter(|p| !p.is_empty()).collect()).unwrap_or_default();
    let by_path = match segments.as_slice() {
        [.., "page", number] => number.parse().ok(),
        [.., last] => last.strip_prefix("page-").and_then(|number| number.parse().ok()),
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
    fn a_day_above_its_entries_counts_for_each() {
        let page = r#"<div><h2>12 avril 2024</h2><h3><a href="/a">Premier</a></h3><p>Un long texte, sans lien.</p><h3><a href="/b">Second</a></h3>
            <h2>3 mars 2024</h2><h3><a href="/c">Troisième</a></h3><p>Voir <a href="/d">ceci</a> pour la suite.</p></div>"#;
        let links = read(page.as_bytes(), Some("text/html; charset=utf-8"), "https://h.example/", &[]);
        let dates: Vec<_> =
            links.pages.iter().map(|page| page.published.map(|d| d.to_string()).unwrap_or_default()).collect();
        assert_eq!(dates, ["2024-04-12", "2024-04-12", "2024-03-03", ""]);
    }

    #[test]
    fn a_list_goes_on_whatever_its_parameter_is_called() {
        for (link, goes_on) in [
            ("?b_start:int=20'>2", true),
            ("?offset=9'>Voir plus", true),
            ("?cle=3'>»", true),
            ("?cle=3'>Rapport 2020 sur les écoles", false),
            ("?article=12'>12 mesures pour l’école", false),
            ("?theme=eau'>2", false),
            ("/autre?cle=3'>3", false),
        ] {
            let page = format!("<a href='{link}</a>");
            let links = read(page.as_bytes(), Some("text/html; charset=utf-8"), "https://h.example/liste", &[]);
            assert_eq!(!links.paging.is_empty(), goes_on, "{link}");
        }
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
