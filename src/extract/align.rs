//! # Is the text that REST or the feed gives the text of the page?
//!
//! A site's own record of a post is what the editor wrote, with nothing around it: where it is whole and the page shows
//! the same words, it is the reference for what the text is. Excerpts, texts with raw shortcodes of a page builder, and
//! texts of another language version are left aside.

use super::{dom::Tree, text};
use crate::{
    model::{Candidate, SourceKind},
    normalise::text::{fold, words},
};
use std::collections::HashMap;

/// Words that a text must have to be compared.
const ENOUGH: usize = 20;
/// Words looked at.
const MOST: usize = 6_000;

/// The HTML of the best source that gives the text of the page whole, and the name of the source.
pub fn reference<'c>(candidates: &'c [Candidate], page_text: &str) -> Option<(&'c str, SourceKind)> {
    let mut sources: Vec<&Candidate> = candidates.iter().filter(|candidate| is_record(candidate)).collect();
    sources.sort_by_key(|candidate| candidate.source);
    sources
        .into_iter()
        .find(|candidate| is_whole(candidate, page_text))
        .map(|candidate| (candidate.html.as_str(), candidate.source))
}

fn is_record(candidate: &Candidate) -> bool {
    matches!(candidate.source, SourceKind::Rest | SourceKind::Feed)
        && !candidate.html.is_empty()
        && !candidate.protected
}

fn is_whole(candidate: &Candidate, page_text: &str) -> bool {
    if has_shortcodes(&candidate.html) {
        return false;
    }
    let tree = Tree::parse(&candidate.html, &mut Vec::new());
    let own = text::of(&tree, 0, &[]);
    if ends_as_excerpt(&own) {
        return false;
    }
    let (own, page) = (fold(&own), fold(page_text));
    let own: Vec<&str> = words(&own).take(MOST).collect();
    let page: Vec<&str> = words(&page).take(MOST).collect();
    if own.len() < ENOUGH {
        return false;
    }
    let common = in_common(&own, &page);
    let shown = common * 10 >= own.len() * 8;
    match candidate.source {
        // The API gives the post whole by its nature; the page may hide part of it.
        SourceKind::Rest => shown || page.len() < ENOUGH,
        // A feed is whole when it holds nearly all that the page shows.
        _ => shown && common * 10 >= page.len() * 8,
    }
}

/// `[et_pb_section …]`, `[vc_row]`, `[/caption]`: the builder's language, not the text.
fn has_shortcodes(html: &str) -> bool {
    html.match_indices('[').take(200).any(|(at, _)| {
        let inside = html[at + 1..].trim_start_matches('/');
        ["et_pb_", "vc_", "fusion_", "av_", "elementor-template", "caption", "gallery ids"]
            .iter()
            .any(|known| inside.starts_with(known))
    })
}

fn ends_as_excerpt(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || c == ']');
    let last = fold(text.lines().next_back().unwrap_or_default());
    end.ends_with(['…', '['])
        || end.ends_with("...")
        || ["read more", "continue reading", "lire la suite", "continuer la lecture", "the post "]
            .iter()
            .any(|words| last.starts_with(words))
}

/// Words of `a` that `b` has, each as often as there.
fn in_common(a: &[&str], b: &[&str]) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for word in b {
        *left.entry(word).or_default() += 1;
    }
    let mut common = 0;
    for word in a {
        if let Some(count) = left.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Dakar, le 3 mars 2024. L’association ouvre douze classes dans la banlieue, avec les parents, les \
        enseignantes et la mairie, pour que chaque enfant du quartier puisse apprendre à lire.";

    fn candidate(source: SourceKind, html: &str) -> Candidate {
        Candidate { html: html.to_owned(), ..Candidate::new("https://a.example/x", source, "https://a.example/feed") }
    }

    #[test]
    fn whole_texts_are_references_and_excerpts_are_not() {
        let whole = format!("<p>{TEXT}</p>");
        let page = format!("{TEXT}\nPartagez cette page");
        for (source, html, wanted) in [
            (SourceKind::Rest, whole.as_str(), true),
            (SourceKind::Feed, whole.as_str(), true),
            (
                SourceKind::Feed,
                "<p>Dakar, le 3 mars 2024. L’association ouvre douze classes dans la banlieue, avec les parents, les enseignantes et […]</p>",
                false,
            ),
            (
                SourceKind::Rest,
                "[et_pb_section]<p>Dakar, le 3 mars 2024. L’association ouvre douze classes dans la banlieue, avec les parents, les enseignantes et la mairie, pour que chaque enfant</p>[/et_pb_section]",
                false,
            ),
            (SourceKind::Sitemap, whole.as_str(), false),
        ] {
            assert_eq!(reference(&[candidate(source, html)], &page).is_some(), wanted, "{source:?} {html}");
        }
        let other = "<p>Something in another language that the page does not show at all, with more than twenty words so that it could be compared with it.</p>";
        assert!(reference(&[candidate(SourceKind::Rest, other)], &page).is_none());
    }
}
