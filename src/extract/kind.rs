//! # What kind of page is this?

use super::{
    Context,
    body::Body,
    dates::{self, Clue},
    meta::Meta,
};
use crate::{
    model::{DateRole, DateSource, Kind, KindGuess, SourceKind},
    normalise::text::fold,
};
use std::collections::HashSet;
use url::Url;

/// A page of which so many percent are links is a listing.
const MOSTLY_LINKS: u32 = 60;
/// So many different days are shown by lists of other pages.
const MANY_DAYS: usize = 4;
/// Words of a title that name a section of a site and no text in it: plurals, as sections have them.
const SECTIONS: &[&str] = &[
    "communiques",
    "actualites",
    "actus",
    "nouvelles",
    "publications",
    "articles",
    "archives",
    "evenements",
    "tribunes",
    "releases",
    "statements",
    "news",
    "newsroom",
    "stories",
    "events",
    "comunicados",
    "noticias",
    "pressemitteilungen",
];
/// Words that may stand beside them.
const BESIDE: &[&str] = &[
    "nos",
    "les",
    "tous",
    "toutes",
    "derniers",
    "dernieres",
    "de",
    "du",
    "des",
    "la",
    "le",
    "et",
    "presse",
    "espace",
    "salle",
    "our",
    "all",
    "latest",
    "recent",
    "press",
    "media",
    "medias",
    "room",
    "and",
    "the",
    "in",
    "en",
    "prensa",
    "page",
];

/// The kind, and why; `links` is the share of the text, in percent, that links to other pages, `dates` all that
/// the page gives, the most trusted first.
pub fn guess(
    meta: &Meta,
    url: &str,
    context: &Context<'_>,
    title: &str,
    body: &Body,
    links: u32,
    dates: &[Clue],
) -> KindGuess {
    let said = |kind, reason: &str| KindGuess { kind, reason: reason.to_owned() };
    let (text, facts) = (&body.text, &body.facts);
    let is_root = Url::parse(url).is_ok_and(|url| url.path() == "/" && url.query().is_none());
    let folded = fold(title);
    let head: String = fold(&text.chars().take(400).collect::<String>());
    if is_root || ["home", "archive", "blog", "category", "tag", "search"].iter().any(|class| meta.has_class(class)) {
        return said(Kind::Listing, "a home, archive or search page");
    }
    if names_a_section(&folded) && !calls_itself_an_article(meta) {
        return said(Kind::Listing, "its title names a section of the site");
    }
    if links >= MOSTLY_LINKS && !calls_itself_an_article(meta) {
        return said(Kind::Listing, "most of it links to other pages");
    }
    if context.candidates.iter().any(|candidate| candidate.standing) || meta.has_class("page") {
        return said(Kind::Page, "the site calls it a page");
    }
    if folded.starts_with("tribune") || folded.contains("lettre ouverte") || folded.contains("open letter") {
        return said(Kind::Tribune, "its title calls it a tribune or an open letter");
    }
    if let Some(words) = speaks_of_press(&folded)
        && text.chars().count() <= TEASER
        && leads_out(meta, &body.html)
    {
        return said(
            Kind::PressReview,
            &format!("its title says \u{201c}{words}\u{201d}, and it sends to another site"),
        );
    }
    for words in ["communique", "press release", "statement"] {
        if folded.contains(words) || head.starts_with(words) {
            return said(Kind::Release, &format!("it calls itself \u{201c}{words}\u{201d}"));
        }
    }
    if let Some((kind, category)) = by_category(context) {
        return said(kind, &format!("the member files it under \u{201c}{category}\u{201d}"));
    }
    if is_news(meta, context) && !facts.contacts.is_empty() {
        return said(Kind::Release, "it ends with contacts for the press");
    }
    if !facts.place.is_empty() {
        return said(Kind::Release, &format!("it begins with a dateline of {}", facts.place));
    }
    if calls_itself_an_article(meta) {
        return said(Kind::News, "the page calls itself an article");
    }
    if is_news(meta, context) {
        return said(Kind::News, "a listing, feed or API of the site has it among its posts");
    }
    if says_when_it_went_out(dates) {
        return said(Kind::News, "it says when it went out");
    }
    said(Kind::Page, "nothing says that it is news")
}

/// Whether a folded title is the name of a section: "Nos communiqués de presse", "News 2024".
fn names_a_section(title: &str) -> bool {
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let known = |word: &str| SECTIONS.contains(&word) || BESIDE.contains(&word) || is_number(word);
    words.clone().any(|word| SECTIONS.contains(&word)) && words.all(known)
}

/// A text of so many characters may be a teaser for something that stands elsewhere.
const TEASER: usize = 1_200;

/// The words of a folded title that speak of a mention in the press.
fn speaks_of_press(title: &str) -> Option<&'static str> {
    const WORDS: &[&str] = &[
        "parle de",
        "parle d",
        "parlent de",
        "parlent d",
        "au micro de",
        "revue de presse",
        "dans la presse",
        "dans les medias",
        "vu dans",
        "press review",
        "in the press",
        "in the media",
        "in the news",
        "on the radio",
        "a la radio",
        "interview sur",
        "passage sur",
    ];
    let bare: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let padded = format!(" {} ", bare.split_whitespace().collect::<Vec<_>>().join(" "));
    WORDS.iter().find(|words| padded.contains(&format!(" {words} "))).copied()
}

/// Whether the text links to another site.
fn leads_out(meta: &Meta, html: &str) -> bool {
    html.split("href=\"http").skip(1).any(|rest| {
        let host =
            rest.trim_start_matches('s').trim_start_matches("://").split(['/', '"', '?']).next().unwrap_or_default();
        !host.ends_with(meta.host())
    })
}

fn calls_itself_an_article(meta: &Meta) -> bool {
    meta.has_class("single-post")
        || meta.first("og:type") == "article"
        || meta.things.iter().any(super::structured::Thing::is_article)
}

/// Whether the page states its own day, in a `meta` element made for it or beside its title. Standing pages seldom do,
/// and a page that shows many days is a list of others.
fn says_when_it_went_out(clues: &[Clue]) -> bool {
    let Some(published) = dates::leading(clues, DateRole::Published) else { return false };
    let is_shown = |clue: &&Clue| matches!(clue.evidence.source, DateSource::Visible | DateSource::TimeElement);
    let shown: HashSet<_> = clues.iter().filter(is_shown).map(|clue| clue.evidence.value.date()).collect();
    match published.evidence.source {
        DateSource::Meta => published.trust >= 84,
        DateSource::Visible | DateSource::TimeElement => published.trust >= 70 && shown.len() < MANY_DAYS,
        _ => false,
    }
}

/// Whether the page or a source of the site has it among the posts.
fn is_news(meta: &Meta, context: &Context<'_>) -> bool {
    let posts = [SourceKind::Listing, SourceKind::Feed, SourceKind::Rest];
    let listed = context.candidates.iter().any(|c| posts.contains(&c.source) || c.published.is_some());
    calls_itself_an_article(meta) || listed
}

/// The kind that one of the page's own categories stands for, by the crosswalk of the member file. Many posts stand
/// under "News" and something more telling: then that one counts.
fn by_category(context: &Context<'_>) -> Option<(Kind, String)> {
    let named: Vec<String> = context.candidates.iter().flat_map(|c| &c.categories).map(|name| fold(name)).collect();
    let categories = &context.member?.categories;
    let meant = categories.iter().filter(|category| named.contains(&fold(&category.name)));
    let mut kinds: Vec<(Kind, String)> = meant.filter_map(|c| Some((c.kind?, c.name.clone()))).collect();
    kinds.sort_by_key(|(kind, _)| *kind == Kind::News);
    kinds.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_named_in_the_plural() {
        for title in
            ["Nos communiqués de presse", "Actualités", "Press releases", "News 2024", "Tous les communiqués – page 3"]
        {
            assert!(names_a_section(&fold(title)), "{title}");
        }
        for title in
            ["Communiqué de presse", "Press release", "Communiqués de crise : mode d’emploi", "La presse", "2024", ""]
        {
            assert!(!names_a_section(&fold(title)), "{title}");
        }
    }
}
