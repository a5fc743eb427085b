//! # Extract: a page becomes a draft and remarks
//!
//! Floor 2, pure: same bytes, same draft. What is missing is a warning, never a failure. Evidence is combined: the
//! page, what the sources said of it ([`Candidate`]s), the member's rules, and what other pages of the site repeat.
//!
//! The way of a page: letters (`normalise::charset`) → elements (`normalise::html`) → [`meta`] and [`structured`] → [`survey`] (with [`marks`]) → [`title`] → [`content`] (with [`trim`], [`lines`], [`phrases`]) →
//! [`body`]: [`facts`], [`text`], [`clean`], [`files`] → [`language`], [`dates`] (with [`visible`]) → [`rules`] and
//! [`align`], where another source knows better → [`repair`], [`people`], [`kind`], [`state`]. Each file answers one question.

mod align;
mod body;
mod boilerplate;
mod clean;
mod content;
mod dates;
mod facts;
mod files;
mod kind;
mod language;
mod lines;
mod lonely;
mod marks;
mod meta;
mod names;
mod people;
mod phrases;
mod pieces;
mod repair;
mod rules;
mod state;
mod structured;
mod survey;
mod text;
mod title;
mod trim;
mod visible;

use crate::model::{Candidate, DateRole, DateSource, Draft, Image, Lang, Member, SourceKind, Warning};
use crate::normalise::html::{dom, tag};
use crate::normalise::{charset, date, text as letters};
use jiff::Timestamp;
use std::collections::HashSet;

/// A page as received.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Address that answered.
    pub url: &'a str,
    /// `Content-Type` as received.
    pub content_type: Option<&'a str>,
    /// `X-Robots-Tag` as received.
    pub robots_tag: Option<&'a str>,
    /// Body without content coding.
    pub body: &'a [u8],
}

/// What is known besides the page. `Default` is a page alone in the world.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// Whose site it is.
    pub member: Option<&'a Member>,
    /// What REST, feed, sitemap and listings said of this page.
    pub candidates: &'a [Candidate],
    /// Fingerprints of blocks that stand on many pages of the site (see [`blocks`]).
    pub standing: Option<&'a HashSet<u64>>,
    /// Later dates are refused.
    pub now: Option<Timestamp>,
}

/// Reads one page.
pub fn page(page: &Page<'_>, context: &Context<'_>) -> Draft {
    let mut warnings = Vec::new();
    let body = if state::is_binary(page.body) {
        warnings.push(Warning::new("not-a-page", "the bytes are those of a picture, document or archive"));
        &[]
    } else {
        page.body
    };
    let decoded = charset::decode(body, page.content_type);
    warnings.extend(decoded.warnings);
    let tree = dom::Tree::parse(&decoded.text, &mut warnings);
    let meta = meta::Meta::read(&tree, page.url, &mut warnings);
    let canonical = meta.canonical();
    let thing = structured::main_thing(&meta.things, &[page.url, &canonical]);
    let survey = survey::of(&tree);
    let mut title = title::find(&tree, &survey, &meta, thing, &mut warnings);
    let mut content = content::find(&tree, &survey, title.heading, meta.host());
    let site = facts::Site { is_known: context.member.is_some(), standing: context.standing };
    let workshop = body::Workshop { meta: &meta, site, candidates: context.candidates };
    let mut body = workshop.body(&tree, &survey, &mut content);
    let lang = language::of(&meta, page.url, context, &title.text, &body.text);
    let scene = visible::Scene {
        tree: &tree,
        survey: &survey,
        outside: &content.outside,
        heading: title.heading,
        root: content.core,
        lang: language::of_dates(&meta, lang),
    };
    let places =
        dates::Places { scene, meta: &meta, thing, candidates: context.candidates, url: page.url, now: context.now };
    let mut dates = dates::collect(&places, &mut warnings);
    dates::add_dateline(&mut dates, &body.facts, context.now);
    let image = files::image(&tree, &content, &meta, thing, &body.facts.credit);

    let selected = select(&tree, context, &dates, &mut warnings);
    if !selected.title.trim().is_empty() {
        title.text = selected.title;
    }
    if let Some(value) = date::parse(&selected.date, lang) {
        let clue = dates::Clue::new(value, DateRole::Published, DateSource::Selector, &selected.date, 98);
        dates::insert(&mut dates, clue);
    }
    if let Some((html, source)) = better(&selected.html, context, &body.text) {
        let other = workshop.other(html);
        if other.text.chars().any(char::is_alphanumeric) {
            warnings.push(Warning::new("text-from", source));
            body = other;
        }
    }
    finish(page, context, Found { tree, meta, canonical, title, body, lang, dates, image, content, survey }, warnings)
}

/// What the selectors of the member file find in the layout that was in use on the day of the page.
fn select(
    tree: &dom::Tree<'_>,
    context: &Context<'_>,
    dates: &[dates::Clue],
    warnings: &mut Vec<Warning>,
) -> rules::Selected {
    let day = dates::leading(dates, DateRole::Published).map(|clue| clue.evidence.value.date());
    let in_use = context.member.and_then(|member| rules::in_use(&member.rules, day));
    in_use.map(|rules| rules::apply(tree, rules, warnings)).unwrap_or_default()
}

/// A source of the text that is better than what was found on the page.
fn better<'t>(selected: &'t str, context: &Context<'t>, text: &str) -> Option<(&'t str, &'static str)> {
    if !selected.is_empty() {
        return Some((selected, "selector"));
    }
    let (html, source) = align::reference(context.candidates, text)?;
    Some((html, if source == SourceKind::Rest { "rest" } else { "feed" }))
}

/// What the steps found.
struct Found<'f> {
    tree: dom::Tree<'f>,
    meta: meta::Meta,
    canonical: String,
    title: title::Title,
    body: body::Body,
    lang: Option<Lang>,
    dates: Vec<dates::Clue>,
    image: Option<Image>,
    content: content::Content,
    survey: survey::Survey,
}

/// Puts the draft together.
fn finish(page: &Page<'_>, context: &Context<'_>, found: Found<'_>, mut warnings: Vec<Warning>) -> Draft {
    let Found { tree, meta, canonical, title, body, lang, dates, image, content, survey } = found;
    if body.text.len() >= text::LONGEST {
        warnings.push(Warning::new("text-cut", format!("{} bytes", text::LONGEST)));
    }
    if body.joined > 0 {
        warnings.push(Warning::new("lines-joined", format!("{} breaks within sentences", body.joined)));
    }
    let machine_translated = language::machine(&tree, &meta, page.url, context, lang, &body.text);
    let title = repair::title(letters::line(&title.text), lang, &mut warnings);
    let links = content.link_share(&tree, &survey);
    let kind = kind::guess(&meta, page.url, context, &title, &body, links, &dates);
    let text = repair::text(body.text, lang, &mut warnings);
    let wrong_names = names::mistranslated(context.member, lang, [&title, &text]);
    names::warn(&wrong_names, &mut warnings);
    let (title, text) = (names::mended(title, &wrong_names), names::mended(text, &wrong_names));
    let thing = structured::main_thing(&meta.things, &[page.url, &canonical]);
    let leading = |role| dates::leading(&dates, role).map(|clue| clue.evidence.clone());
    let facts = body.facts;
    if let Some(line) = &facts.embargo {
        warnings.push(Warning::new("embargo", line.clone()));
    }
    Draft {
        url: page.url.to_owned(),
        kind,
        state: state::find(&tree, &meta, page, context, &title, &text),
        published: leading(DateRole::Published),
        modified: leading(DateRole::Modified),
        authors: people::authors(&tree, &survey, &content.outside, &meta, thing, context.candidates),
        translations: translations(&meta, page.url, context),
        summary: summary(&meta),
        categories: categories(context, thing),
        dates: dates.into_iter().map(|clue| clue.evidence).collect(),
        attachments: body.attachments,
        html: names::mended(body.html, &wrong_names),
        place: facts.place,
        contacts: facts.contacts,
        embargo: facts.embargo,
        about: facts.about,
        canonical,
        machine_translated,
        image,
        title,
        lang,
        text,
        warnings,
    }
}

fn summary(meta: &meta::Meta) -> String {
    let given = ["og:description", "description", "twitter:description", "dc.description", "dcterms.abstract"];
    letters::line(given.iter().map(|name| meta.first(name)).find(|text| !text.is_empty()).unwrap_or_default())
}

/// The same text in other languages, as the page links to them, then as sources (a sitemap with `hreflang`) do.
fn translations(meta: &meta::Meta, url: &str, context: &Context<'_>) -> Vec<(Lang, String)> {
    let mut found = meta.translations();
    for (lang, target) in context.candidates.iter().flat_map(|candidate| &candidate.translations) {
        if target != url && !found.iter().any(|(_, known)| known == target) {
            found.push((*lang, target.clone()));
        }
    }
    found
}

/// Categories as the sources name them, then those of the page's own data, each once.
fn categories(context: &Context<'_>, thing: Option<&structured::Thing>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let given = context.candidates.iter().flat_map(|candidate| &candidate.categories);
    for name in given.chain(thing.iter().flat_map(|thing| &thing.sections)) {
        let name = letters::line(name);
        if !name.is_empty() && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Any HTML as it may be shown: known elements and attributes only, addresses made absolute against `url` (where it is
/// one). What this returned comes back unchanged.
pub fn fragment(html: &str, url: &str) -> String {
    let mut warnings = Vec::new();
    let tree = dom::Tree::parse(html, &mut warnings);
    let meta = meta::Meta::read(&tree, url, &mut warnings);
    letters::clean(&clean::html(&tree, 0, &[], &meta))
}

/// Letters and digits that a block has at least: shorter lines are headings and labels of many texts.
const BLOCK: usize = 40;

/// Fingerprints of the text blocks of a draft, for finding those that stand on many pages of a site.
pub fn blocks(draft: &Draft) -> Vec<u64> {
    let is_long = |line: &&str| line.chars().filter(|c| c.is_alphanumeric()).count() >= BLOCK;
    draft.text.lines().filter(is_long).map(|line| fingerprint(&letters::fold(line))).collect()
}

/// FNV-1a, 64 bits (RFC 9923): stable across versions and machines.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
