//! # Who wrote it?
//!
//! Names of people and organisations from structured data, meta elements and the byline; never account names, roles or
//! the labels of buttons.

use super::{dom::Tree, marks::Marks, meta::Meta, structured::Thing, survey::Survey, tag::Tag, text};
use crate::{
    model::Candidate,
    normalise::text::{fold, line},
};

/// Names kept.
const MOST: usize = 20;

/// Words that sites put where an author should stand (folded).
const NOBODY: &[&str] = &[
    "admin",
    "administrator",
    "administrateur",
    "administratrice",
    "webmaster",
    "share",
    "partager",
    "root",
    "user",
    "wordpress",
    "redaction",
    "la redaction",
    "editor",
    "superadmin",
    "super user",
    "superuser",
    "super utilisateur",
    "webmestre",
    "equipe",
    "l'equipe",
    "the team",
    "author",
    "auteur",
    "guest",
    "anonymous",
    "anonyme",
    "unknown",
    "staff",
    "webredaction",
    "communication",
    "contributeur",
    "contributor",
    "site admin",
    "siteadmin",
    "demo",
    "test",
    "null",
    "none",
    "undefined",
    "website",
    "facebook",
    "twitter",
];

/// The authors, each once.
pub fn authors(
    tree: &Tree<'_>,
    survey: &Survey,
    outside: &[bool],
    meta: &Meta,
    thing: Option<&Thing>,
    candidates: &[Candidate],
) -> Vec<String> {
    let given = candidates.iter().flat_map(|candidate| candidate.authors.iter().map(String::as_str));
    let declared = thing.iter().flat_map(|thing| thing.authors.iter().map(String::as_str));
    let in_meta = IN_META.iter().flat_map(|name| meta.all(name));
    let found = names(given.chain(declared).chain(in_meta));
    if found.is_empty() {
        let shown = byline(tree, survey, outside);
        return names(shown.iter().map(String::as_str));
    }
    found
}

/// `meta` elements that name the author.
const IN_META: &[&str] = &[
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "parsely-author",
    "sailthru.author",
];

/// What is a name among `raw`, each once.
fn names<'n>(raw: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in raw.map(bare) {
        if is_name(&name) && found.len() < MOST && !found.iter().any(|known| fold(known) == fold(&name)) {
            found.push(name);
        }
    }
    found
}

/// Names on the page: `rel=author`, `itemprop=author`, or an element that a theme names so.
fn byline(tree: &Tree<'_>, survey: &Survey, outside: &[bool]) -> Vec<String> {
    let mut names = Vec::new();
    for at in 0..tree.len() {
        let short = (3..=60).contains(&survey.chars[at]);
        if !short
            || survey.unseen[at]
            || tree.ancestors(at).any(|up| outside[up] && !survey.marks[up].any(Marks::AUTHOR))
        {
            continue;
        }
        let has = |name: &str, words: &[&str]| {
            tree.attr(at, name).is_some_and(|value| value.split_whitespace().any(|word| words.contains(&word)))
        };
        let is_author = (tree.tag(at) == Tag::A && has("rel", &["author"]))
            || has("itemprop", &["author"])
            || has("class", BY_CLASS)
            || (has("class", &["fn"]) && tree.ancestors(at).take(3).any(|up| survey.marks[up].any(Marks::AUTHOR)));
        if is_author {
            names.push(text::of(tree, at, &survey.unseen).replace('\n', " "));
        }
    }
    // The first that is a name: an element around it may hold the label as well.
    names.retain(|name| is_name(&bare(name)));
    names.truncate(1);
    names
}

/// Classes of elements that hold nothing but the author.
const BY_CLASS: &[&str] =
    &["author", "author-name", "post-author", "entry-author", "byline-name", "auteur", "auteurs", "field--name-uid"];

/// What stands before a name in a byline.
const BY: &[&str] = &[
    "Publié par ",
    "Posté par ",
    "Écrit par ",
    "Ecrit par ",
    "Rédigé par ",
    "Posted by ",
    "Written by ",
    "Written By ",
    "Published by ",
    "Geschrieben von ",
    "By ",
    "by ",
    "Par ",
    "par ",
    "PAR ",
    "BY ",
    "Von ",
    "von ",
    "Por ",
    "por ",
];

/// The name without "By" and what follows a sign.
fn bare(raw: &str) -> String {
    let name = line(raw);
    let start = BY.iter().find_map(|word| name.strip_prefix(word));
    start
        .unwrap_or(&name)
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '-' | '–' | ':'))
        .to_owned()
}

/// Whether a text can be the name of a person or an organisation.
fn is_name(name: &str) -> bool {
    let folded = fold(name);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    // One word in small letters is the name of an account.
    let is_account = !name.contains(' ') && !name.chars().any(char::is_uppercase) && name.is_ascii();
    (2..=80).contains(&name.chars().count())
        && letters >= 2
        && !is_account
        && !name.contains("://")
        && !name.contains('@')
        && !name.starts_with("www.")
        && !NOBODY.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_roles_are_nobody() {
        for name in ["admin", "Admin", "Share", "jdupont", "a@b.example", "https://x.example/u", "La rédaction", "1"] {
            assert!(!is_name(&bare(name)), "{name}");
        }
        for name in ["Awa Diarra", "Coalition Éducation", "UNESCO", "Amina", "李明"] {
            assert!(is_name(&bare(name)), "{name}");
        }
        assert_eq!(bare("Par Awa Diarra |"), "Awa Diarra");
    }
}
