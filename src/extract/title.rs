//! # What is this page called?
//!
//! The heading that a reader sees, checked against what the page declares (`title`, OpenGraph, JSON-LD). Declared
//! titles carry the site's name and are often written for search engines; headings may be a logo or a slogan. So the
//! heading wins where something declared speaks for it or where it stands alone, and a declared title, freed of the
//! site's name, is the second choice.

use super::{dom::Tree, lines, marks::Marks, meta::Meta, structured::Thing, survey::Survey, tag::Tag, text};
use crate::{
    model::Warning,
    normalise::text::{fold, line},
};

/// Longest title kept, in characters.
const LONGEST: usize = 500;
/// Headings looked at.
const HEADINGS: usize = 60;

/// The title, and the heading it stands in.
#[derive(Debug, Default)]
pub struct Title {
    /// The words.
    pub text: String,
    /// The node of the heading, when the page shows the title.
    pub heading: Option<usize>,
}

/// A heading of the page.
struct Heading {
    at: usize,
    text: String,
    words: Vec<String>,
    level: u8,
}

/// The title, without the site's name.
pub fn find(
    tree: &Tree<'_>,
    survey: &Survey,
    meta: &Meta,
    thing: Option<&Thing>,
    warnings: &mut Vec<Warning>,
) -> Title {
    let names = site_names(tree, survey, meta);
    let declared = declared(meta, thing, &names, warnings);
    let headings = headings(tree, survey, &names);
    let mut title = match choose(&headings, &declared) {
        Some(heading) => Title { text: heading.text.clone(), heading: Some(heading.at) },
        None => printed(tree, survey, &declared)
            .unwrap_or_else(|| Title { text: declared.first().cloned().unwrap_or_default(), heading: None }),
    };
    mend(&mut title.text, &declared, warnings);
    title
}

/// Names the site gives itself, folded: in its data, and as the words of links to its home page.
fn site_names(tree: &Tree<'_>, survey: &Survey, meta: &Meta) -> Vec<String> {
    let from_meta = ["og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site"]
        .iter()
        .map(|name| meta.first(name));
    let from_things = meta.things.iter().flat_map(|thing| {
        let own = if thing.is(&["WebSite", "Organization", "NewsMediaOrganization", "NGO", "Person"]) {
            thing.name.as_str()
        } else {
            ""
        };
        [own, thing.publisher.as_str()]
    });
    let links = (0..tree.len()).filter(|&at| tree.tag(at) == Tag::A && (3..=60).contains(&survey.chars[at]));
    let home = links.filter(|&at| leads_home(tree, at, meta)).take(HEADINGS).map(|at| tree.raw_text(at));
    let mut names: Vec<String> = from_meta
        .chain(from_things)
        .map(str::to_owned)
        .chain(home)
        .map(|name| bare(name.trim_start_matches('@')))
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Whether a link leads to the home page of this host.
fn leads_home(tree: &Tree<'_>, at: usize, meta: &Meta) -> bool {
    let marked = tree.attr(at, "rel").is_some_and(|rel| rel.split_whitespace().any(|word| word == "home"));
    let Some(href) = tree.attr(at, "href") else { return false };
    let href = href.trim();
    let path = match href.split_once("://") {
        Some((_, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            if host.strip_prefix("www.").unwrap_or(host) != meta.host() {
                return false;
            }
            path
        }
        None if href.starts_with('/') => &href[1..],
        None => return marked,
    };
    marked || path.is_empty()
}

/// Letters and digits, folded, one space.
fn bare(text: &str) -> String {
    words(text).join(" ")
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Titles in the page's own data, most trusted first, the site's name taken off.
fn declared(meta: &Meta, thing: Option<&Thing>, names: &[String], warnings: &mut Vec<Warning>) -> Vec<String> {
    let thing_title =
        thing.map_or("", |thing| if thing.headline.is_empty() { thing.name.as_str() } else { thing.headline.as_str() });
    let raw = [
        thing_title,
        meta.first("og:title"),
        meta.first("twitter:title"),
        meta.first("dc.title"),
        meta.first("dcterms.title"),
        meta.title.as_str(),
    ];
    let mut found: Vec<String> = Vec::new();
    for raw in raw {
        let whole = line(raw);
        let title = without_site_name(&whole, names);
        if title.len() < whole.len()
            && !title.is_empty()
            && !warnings.iter().any(|known| known.code == "title-site-name-removed")
        {
            warnings.push(Warning::new("title-site-name-removed", whole[..].to_owned()));
        }
        if !title.is_empty() && !found.contains(&title) {
            found.push(title);
        }
    }
    found
}

/// Signs that part a title from the name of its site.
const PARTING: &[&str] =
    &[": ", " : ", " | ", " - ", " – ", " — ", " • ", " · ", " :: ", " » ", " « ", " › ", " // ", " / ", " ~ "];

/// The title without parts that are the site's name, at either end.
fn without_site_name(title: &str, names: &[String]) -> String {
    let mut title = title;
    loop {
        let last = PARTING.iter().filter_map(|sign| title.rfind(sign).map(|at| (at, sign.len()))).max();
        let first = PARTING.iter().filter_map(|sign| title.find(sign).map(|at| (at, sign.len()))).min();
        let is_name = |part: &str| {
            let part = bare(part);
            names.iter().any(|name| {
                *name == part || (part.starts_with(name.as_str()) && name.len() > 5 && part.len() < name.len() + 40)
            })
        };
        match (last, first) {
            (Some((at, len)), _) if is_name(&title[at + len..]) => title = &title[..at],
            (_, Some((at, len))) if is_name(&title[..at]) => title = &title[at + len..],
            _ => return title.trim().to_owned(),
        }
    }
}

fn headings(tree: &Tree<'_>, survey: &Survey, names: &[String]) -> Vec<Heading> {
    let mut found = Vec::new();
    for at in 0..tree.len() {
        let level = match tree.tag(at).heading() {
            Some(level) => level,
            None if is_named_title(tree, survey, at) => 7,
            None => continue,
        };
        if survey.unseen[at] || survey.chars[at] == 0 || survey.chars[at] as usize > LONGEST || found.len() >= HEADINGS
        {
            continue;
        }
        let text = line(&text::of(tree, at, &survey.unseen).replace('\n', " "));
        let words = words(&text);
        if !words.is_empty() && !names.contains(&words.join(" ")) {
            found.push(Heading { at, text, words, level });
        }
    }
    found
}

/// Blocks that a theme names as the title without making them headings.
fn is_named_title(tree: &Tree<'_>, survey: &Survey, at: usize) -> bool {
    survey.marks[at].any(Marks::TITLE)
        && matches!(tree.tag(at), Tag::Div | Tag::P | Tag::Span)
        && survey.prose[at] == survey.own[at]
        && survey.own[at] == survey.chars[at]
}

/// The heading that is the title: the one that declared titles speak for, else the only first-level heading.
fn choose<'h>(headings: &'h [Heading], declared: &[String]) -> Option<&'h Heading> {
    let declared: Vec<Vec<String>> = declared.iter().map(|title| words(title)).collect();
    let mut best: Option<(&Heading, f64)> = None;
    for heading in headings {
        let support = declared.iter().map(|title| likeness(&heading.words, title)).fold(0.0, f64::max);
        let rank = support
            + match heading.level {
                1 => 0.35,
                2 => 0.1,
                _ => 0.0,
            };
        let enough = if heading.level == 1 { 0.3 } else { 0.75 };
        if support >= enough && best.is_none_or(|(_, known)| rank > known) {
            best = Some((heading, rank));
        }
    }
    let mut first = headings.iter().filter(|heading| heading.level == 1);
    let only = first.next().filter(|_| first.next().is_none());
    best.map(|(heading, _)| heading).or(only)
}

/// Lines among which a title without a heading of its own is looked for.
const FIRST_LINES: usize = 60;
/// Signs that part a title from a name that only the page itself can show to be none of it.
const NAMING: &[&str] = &[" : ", ": ", " | ", " - ", " – ", " — ", " > "];

/// A declared title that stands as a line of its own on the page, where no heading says it: whole, or without the name
/// before or behind it.
fn printed(tree: &Tree<'_>, survey: &Survey, declared: &[String]) -> Option<Title> {
    let lines = lines::of(tree, survey, 0, &survey.unseen);
    let shown: Vec<_> =
        lines.iter().take(FIRST_LINES).filter(|line| !line.is_link() && !line.words.is_empty()).collect();
    for title in declared {
        let parts = NAMING.iter().flat_map(|sign| {
            let ends = [title.split_once(sign).map(|parts| parts.1), title.rsplit_once(sign).map(|parts| parts.0)];
            ends.into_iter().flatten()
        });
        for part in std::iter::once(title.as_str()).chain(parts) {
            let words = bare(part);
            // Chinese and Japanese put no blanks between words.
            let is_one_word = !words.contains(' ') && (words.is_ascii() || words.chars().count() < 6);
            if is_one_word {
                continue;
            }
            if let Some(line) = shown.iter().find(|line| bare(&line.words) == words) {
                let alone = tree.ancestors(line.from).take_while(|&up| up > 0 && survey.chars[up] == line.chars);
                let heading = alone.last().unwrap_or(line.from);
                return Some(Title { text: part.trim().to_owned(), heading: Some(heading) });
            }
        }
    }
    None
}

/// How much two titles have in common: 1 for the same words; one that holds the other whole counts more than a mix.
fn likeness(a: &[String], b: &[String]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = short.iter().filter(|word| long.contains(word)).count();
    let holds = long.windows(short.len()).any(|window| window == short);
    let dice = 2.0 * common as f64 / (a.len() + b.len()) as f64;
    if holds && short.len() >= 2 { dice.max(0.8) } else { dice }
}

/// Doubled titles, titles cut with an ellipsis, endless titles.
fn mend(title: &mut String, declared: &[String], warnings: &mut Vec<Warning>) {
    let half = title.len() / 2;
    for middle in half.saturating_sub(3)..=half + 3 {
        if title.is_char_boundary(middle) && middle > 8 && middle < title.len() {
            let (a, b) = title.split_at(middle);
            if bare(a) == bare(b) {
                warnings.push(Warning::new("title-doubled", title.clone()));
                *title = a.trim_end_matches([' ', '|', '-', '–', '—', ':', '·']).to_owned();
                break;
            }
        }
    }
    if let Some(start) =
        title.strip_suffix('…').or_else(|| title.strip_suffix("...")).or_else(|| title.strip_suffix("[…]"))
    {
        let start = bare(start);
        let whole = declared.iter().find(|whole| {
            bare(whole).starts_with(&start) && bare(whole).len() > start.len() + 3 && !whole.ends_with(['…', '.'])
        });
        if let Some(whole) = whole.filter(|_| start.len() > 10) {
            warnings.push(Warning::new("title-completed", title.clone()));
            *title = whole.clone();
        }
    }
    if title.chars().count() > LONGEST {
        warnings.push(Warning::new("title-cut", format!("{} characters", title.chars().count())));
        *title = title.chars().take(LONGEST).collect();
    }
}
