//! # Extract: a page becomes a draft and remarks
//!
//! Floor 2, pure: same bytes, same draft. What is missing is a warning, never a failure. Evidence is combined: the
//! page, what the sources said of it ([`Candidate`]s), the member's rules, and what other pages of the site repeat.
//!
//! The way of a page: letters (`normalise::charset`) → [`dom`] → [`meta`] and [`structured`] → [`content`] → [`text`]
//! and [`clean`] → [`title`], [`dates`], language, [`kind`], [`state`]. Each file answers one question.

mod clean;
mod content;
mod dates;
mod dom;
mod entity;
mod facts;
mod kind;
mod lines;
mod marks;
mod meta;
mod phrases;
mod state;
mod structured;
mod survey;
mod tag;
mod text;
mod title;
mod token;
mod trim;
mod visible;

use crate::model::{Candidate, DateRole, Draft, Image, Lang, Member};
use crate::normalise::{charset, language, text as letters};
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
    let decoded = charset::decode(page.body, page.content_type);
    let mut warnings = decoded.warnings;
    let tree = dom::Tree::parse(&decoded.text, &mut warnings);
    let meta = meta::Meta::read(&tree, page.url, &mut warnings);
    let canonical = meta.canonical();
    let thing = structured::main_thing(&meta.things, &[page.url, &canonical]);
    let survey = survey::of(&tree);
    let found = title::find(&tree, &survey, &meta, thing, &mut warnings);
    let mut content = content::find(&tree, &survey, found.heading, meta.host());
    let facts = facts::find(&tree, &survey, &mut content, context.standing, meta.lang.parse().ok());
    let mute: Vec<bool> = content.cut.iter().zip(&content.mute).map(|(cut, mute)| cut | mute).collect();
    let text = letters::clean(&text::of(&tree, content.root, &mute));
    let html = letters::clean(&clean::html(&tree, content.root, &content.cut, &meta));
    let title = letters::line(&found.text);
    let lang = find_language(&meta, page.url, context, &title, &text);
    let scene = visible::Scene {
        tree: &tree,
        survey: &survey,
        outside: &content.outside,
        heading: found.heading,
        root: content.root,
        lang: date_language(&meta, lang),
    };
    let places =
        dates::Places { scene, meta: &meta, thing, candidates: context.candidates, url: page.url, now: context.now };
    let dates = dates::collect(&places, &mut warnings);
    let state = state::find(&tree, &meta, page, context, &title, &text);
    Draft {
        url: page.url.to_owned(),
        canonical,
        kind: kind::guess(&meta, page.url, context, &title, &text, &facts),
        state,
        published: dates::leading(&dates, DateRole::Published).map(|clue| clue.evidence.clone()),
        modified: dates::leading(&dates, DateRole::Modified).map(|clue| clue.evidence.clone()),
        dates: dates.into_iter().map(|clue| clue.evidence).collect(),
        authors: authors(&meta, thing),
        image: image(&meta, thing).map(|image| Image { credit: facts.credit, ..image }),
        translations: meta.translations(),
        summary: letters::line(
            [meta.first("og:description"), meta.first("description")]
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default(),
        ),
        categories: context.candidates.iter().flat_map(|candidate| candidate.categories.clone()).collect(),
        attachments: Vec::new(),
        machine_translated: None,
        place: facts.place,
        contacts: facts.contacts,
        embargo: facts.embargo,
        about: facts.about,
        title,
        lang,
        html,
        text,
        warnings,
    }
}

/// Any HTML as it may be shown: known elements and attributes only, addresses made absolute against `url` (where it is
/// one). What this returned comes back unchanged.
pub fn fragment(html: &str, url: &str) -> String {
    let mut warnings = Vec::new();
    let tree = dom::Tree::parse(html, &mut warnings);
    let meta = meta::Meta::read(&tree, url, &mut warnings);
    letters::clean(&clean::html(&tree, 0, &[], &meta))
}

fn find_language(meta: &meta::Meta, url: &str, context: &Context<'_>, title: &str, text: &str) -> Option<Lang> {
    let path = ::url::Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
    let by_path = context.member.and_then(|member| member.language_of(&path)).map(|entry| entry.lang);
    let declared = [meta.lang.as_str(), meta.first("og:locale"), meta.first("content-language")];
    let hints: Vec<Lang> = by_path.into_iter().chain(declared.iter().filter_map(|raw| raw.parse().ok())).collect();
    language::detect(&format!("{title}\n{text}"), &hints)
}

/// The language that decides whether 03/04 is March or April: none where English is written as in Britain.
fn date_language(meta: &meta::Meta, lang: Option<Lang>) -> Option<Lang> {
    const CODES: &[&str] = &["en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za", "en-ng", "en-ke"];
    const ENDS: &[&str] = &[".uk", ".au", ".nz", ".ie", ".in", ".za", ".ng", ".ke", ".fr", ".ch", ".be"];
    let declared = meta.lang.to_lowercase().replace('_', "-");
    let british = CODES.contains(&declared.as_str()) || ENDS.iter().any(|end| meta.host().ends_with(end));
    lang.filter(|lang| !(british && *lang == Lang::EN))
}

fn authors(meta: &meta::Meta, thing: Option<&structured::Thing>) -> Vec<String> {
    let from_thing = thing.map(|thing| thing.authors.clone()).unwrap_or_default();
    let from_meta = ["author", "article:author", "dc.creator", "dcterms.creator"]
        .iter()
        .flat_map(|name| meta.all(name).map(letters::line));
    let mut found: Vec<String> = Vec::new();
    for name in from_thing.into_iter().chain(from_meta) {
        let folded = letters::fold(&name);
        let is_name = name.chars().count() <= 80
            && name.chars().any(char::is_alphabetic)
            && !name.contains("://")
            && !name.contains('@');
        let is_role = [
            "admin",
            "administrator",
            "administrateur",
            "administratrice",
            "webmaster",
            "share",
            "root",
            "user",
            "wordpress",
            "redaction",
            "editor",
            "superadmin",
        ]
        .contains(&folded.as_str());
        if is_name && !is_role && !found.iter().any(|known| letters::fold(known) == folded) {
            found.push(name);
        }
    }
    found
}

fn image(meta: &meta::Meta, thing: Option<&structured::Thing>) -> Option<Image> {
    let raw = [
        meta.first("og:image:secure_url"),
        meta.first("og:image"),
        meta.first("twitter:image"),
        thing.map_or("", |thing| thing.image.as_str()),
    ];
    let url = raw.into_iter().filter(|raw| !raw.is_empty()).find_map(|raw| meta.absolute(raw))?;
    let number = |name: &str| meta.first(name).parse::<u32>().ok();
    Some(Image {
        url,
        alt: letters::line(meta.first("og:image:alt")),
        credit: String::new(),
        size: number("og:image:width").zip(number("og:image:height")),
    })
}

/// Fingerprints of the text blocks of a draft, for finding those that stand on many pages of a site.
pub fn blocks(draft: &Draft) -> Vec<u64> {
    draft.text.lines().map(|line| fingerprint(&letters::fold(line))).collect()
}

/// FNV-1a, 64 bits (RFC 9923): stable across versions and machines.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
