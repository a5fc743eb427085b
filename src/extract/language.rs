//! # Which language is this page in, and did a machine write it?
//!
//! The words decide; what path and page declare settles doubts. Translation plug-ins leave marks: a page that carries
//! one and is not the original of its family is a machine translation. So is a text that shows the scars of one.

use super::{Context, dom::Tree, meta::Meta, tag::Tag};
use crate::{
    model::Lang,
    normalise::{language, text::fold, url},
};

/// Language of the text; `None` when there is too little to tell.
pub fn of(meta: &Meta, address: &str, context: &Context<'_>, title: &str, text: &str) -> Option<Lang> {
    let by_path = context.member.and_then(|member| member.language_of(&url::path(address))).map(|entry| entry.lang);
    let by_source = context.candidates.iter().find_map(|candidate| candidate.lang);
    let declared = [meta.lang.as_str(), meta.first("og:locale"), meta.first("content-language")];
    let declared = declared.iter().filter_map(|raw| raw.parse().ok());
    let hints: Vec<Lang> = by_path.into_iter().chain(by_source).chain(declared).collect();
    // The first pages of a long text tell as much as all of it.
    language::detect(&format!("{title}\n{}", super::text::cut(text, 6_000)), &hints)
}

/// The language that decides whether 03/04 is March or April: none where English is written as in Britain.
pub fn of_dates(meta: &Meta, lang: Option<Lang>) -> Option<Lang> {
    const CODES: &[&str] = &["en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za", "en-ng", "en-ke"];
    const ENDS: &[&str] = &[".uk", ".au", ".nz", ".ie", ".in", ".za", ".ng", ".ke", ".fr", ".ch", ".be"];
    let declared = meta.lang.to_lowercase().replace('_', "-");
    let british = CODES.contains(&declared.as_str()) || ENDS.iter().any(|end| meta.host().ends_with(end));
    lang.filter(|lang| !(british && *lang == Lang::EN))
}

/// What shows that the page is a machine translation, for example `translatepress`; `None` when nothing does.
pub fn machine(
    tree: &Tree<'_>,
    meta: &Meta,
    address: &str,
    context: &Context<'_>,
    lang: Option<Lang>,
    text: &str,
) -> Option<String> {
    if let Some(member) = context.member
        && member.language_of(&url::path(address)).is_some_and(|entry| entry.machine_translated)
    {
        return Some("member-file".to_owned());
    }
    let said = |marker: &str| Some(marker.to_owned());
    if tree.attr(0, "class").is_some_and(|class| class.contains("translated-ltr") || class.contains("translated-rtl")) {
        return said("google-translate");
    }
    if !meta.first("x-translated-by").is_empty() {
        return said("google-translate");
    }
    if let Some(marker) = plugin(tree, meta)
        && !is_original(meta, address, lang)
    {
        return said(marker);
    }
    scar(lang, text).map(str::to_owned)
}

/// The translation plug-in whose marks the page carries.
fn plugin(tree: &Tree<'_>, meta: &Meta) -> Option<&'static str> {
    if meta.body_class.contains(" translatepress-") {
        return Some("translatepress");
    }
    if tree.attr(0, "data-wg-translated").is_some() {
        return Some("weglot");
    }
    for at in 0..tree.len() {
        match tree.tag(at) {
            Tag::Script | Tag::Link => {
                let source = tree.attr(at, "src").or_else(|| tree.attr(at, "href")).unwrap_or_default();
                let id = tree.attr(at, "id").unwrap_or_default();
                match () {
                    () if source.contains("cdn.weglot.com") || source.contains("/plugins/weglot/") => {
                        return Some("weglot");
                    }
                    () if source.contains("/plugins/gtranslate/") || id.contains("gt_widget_script") => {
                        return Some("gtranslate");
                    }
                    () if source.contains("/plugins/translatepress") => return Some("translatepress"),
                    () if source.contains("translate.google.com/translate_a/element.js") => {
                        return Some("google-translate");
                    }
                    () => {}
                }
            }
            Tag::Body => break,
            _ => {}
        }
    }
    None
}

/// Whether the page is the one that others are translated from: the address of its own language, or of the default,
/// carries no language prefix. Without alternatives a page counts as original.
fn is_original(meta: &Meta, address: &str, lang: Option<Lang>) -> bool {
    let family = meta.translations();
    let has_prefix = |address: &str, lang: Lang| {
        url::path(address)
            .split('/')
            .any(|segment| segment.parse::<Lang>().is_ok_and(|of| of == lang) && segment.len() <= 5)
    };
    match lang {
        _ if family.is_empty() => true,
        None => true,
        Some(lang) => !has_prefix(address, lang),
    }
}

/// Scars of machines in the text: ordinals of the original in the months of the translation ("1er December",
/// "1 Januaryer").
fn scar(lang: Option<Lang>, text: &str) -> Option<&'static str> {
    if lang != Some(Lang::EN) || !text.contains("er") {
        return None;
    }
    const MONTHS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let folded = fold(super::text::cut(text, 20_000));
    let words: Vec<&str> = folded.split(' ').collect();
    let scarred = words.windows(2).any(|pair| {
        let ordinal = pair[0].strip_suffix("er").is_some_and(|day| day.parse::<u8>().is_ok());
        let bare = pair[1].trim_matches(|c: char| !c.is_alphanumeric());
        (ordinal && MONTHS.contains(&bare)) || bare.strip_suffix("er").is_some_and(|month| MONTHS.contains(&month))
    });
    scarred.then_some("foreign-ordinal")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str, address: &str, lang: Lang, text: &str) -> Option<String> {
        let tree = Tree::parse(html, &mut Vec::new());
        let meta = Meta::read(&tree, address, &mut Vec::new());
        machine(&tree, &meta, address, &Context::default(), Some(lang), text)
    }

    const FAMILY: &str = "<link rel=alternate hreflang=fr-FR href=https://a.example/x/><link rel=alternate hreflang=en-US href=https://a.example/en/x/>";

    #[test]
    fn a_marked_page_that_is_no_original_is_a_machine_translation() {
        let page = format!("<html><head>{FAMILY}</head><body class='post translatepress-en_US'>");
        assert_eq!(read(&page, "https://a.example/en/x/", Lang::EN, "").as_deref(), Some("translatepress"));
        assert_eq!(read(&page, "https://a.example/x/", Lang::FR, ""), None);
        let plain = format!("<html><head>{FAMILY}</head><body>");
        assert_eq!(read(&plain, "https://a.example/en/x/", Lang::EN, ""), None);
    }

    #[test]
    fn scars_of_machines_are_seen() {
        for text in ["Paris, 1er December 2021", "On 1 Januaryer 2021 the coalition"] {
            assert_eq!(read("<p>", "https://a.example/", Lang::EN, text).as_deref(), Some("foreign-ordinal"), "{text}");
        }
        assert_eq!(read("<p>", "https://a.example/", Lang::EN, "She was her teacher in December 2021"), None);
        assert_eq!(read("<p>", "https://a.example/", Lang::FR, "le 1er décembre"), None);
    }
}
