//! Does this document speak of that page? For taking a page out for good: its words also stand in feeds, API answers,
//! listings and cards of other pages, in whatever encoding.

use crate::normalise::text::fold;
use aho_corasick::{AhoCorasick, BuildError};
use std::collections::HashSet;

/// A title of fewer letters and digits may stand anywhere by chance.
const TITLE: usize = 12;
/// So may a line of text.
const LINE: usize = 40;
/// Letters and digits of a line that are looked for: a card shows its beginning only.
const BEGINNING: usize = 48;

/// What tells that a document speaks of a page: its addresses, and beginnings of its lines.
#[derive(Debug)]
pub struct Mention {
    addresses: AhoCorasick,
    words: AhoCorasick,
}

impl Mention {
    /// Of a page at `addresses`, with titles and plain texts as they were ever read. Lines in `shared` (see [`lines`])
    /// stand on other pages too and prove nothing.
    pub fn new(
        addresses: &[String],
        titles: &[String],
        texts: &[String],
        shared: &HashSet<String>,
    ) -> Result<Self, BuildError> {
        let mut words: Vec<String> =
            titles.iter().map(|title| letters(title)).filter(|title| title.len() >= TITLE).collect();
        words.extend(texts.iter().flat_map(|text| lines(text)));
        words.retain(|words| !shared.contains(words));
        words.sort();
        words.dedup();
        let addresses = addresses.iter().filter_map(|address| spoken(address));
        Ok(Self { addresses: AhoCorasick::new(addresses)?, words: AhoCorasick::new(words)? })
    }

    /// Whether `document` (HTML, feed, JSON or plain text, decoded) speaks of the page.
    pub fn is_in(&self, document: &str) -> bool {
        let opened = opened(document);
        self.words.is_match(&plain_letters(&opened)) || self.addresses.is_match(&opened.to_lowercase())
    }
}

/// The title and the beginnings of the long lines of a text, as [`Mention`] compares them.
pub fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(letters).filter(|line| line.len() >= LINE).map(|mut line| {
        let end = (0..=BEGINNING.min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        line.truncate(end);
        line
    })
}

/// The letters and digits of a text, folded: what is left of it whatever the markup.
pub fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What of an address stands in every way of writing it: host and path without the last slash. `None` for a home page, which every page
/// names.
fn spoken(address: &str) -> Option<String> {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/');
    bare.contains('/').then(|| bare.to_lowercase())
}

/// The letters of marked-up text, tags aside.
fn plain_letters(opened: &str) -> String {
    let mut plain = String::with_capacity(opened.len() / 2);
    let mut rest = opened;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let tag = &rest[at..];
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        // The text within a CDATA section is text.
        let end = if tag.starts_with("<![CDATA[") { Some(8) } else { tag.find('>') };
        match end.filter(|_| is_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => rest = &tag[1..],
        }
    }
    plain.push_str(rest);
    letters(&plain)
}

/// The text with escapes of JSON and entities of markup opened, twice: feeds carry markup as escaped text.
fn opened(document: &str) -> String {
    let once = open_entities(&open_json(document));
    open_entities(&once)
}

/// `\u00e9` and `\/`, wherever they stand.
fn open_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let code =
            escape.strip_prefix('u').and_then(|hex| hex.get(..4)).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match (code, escape.chars().next()) {
            // Halves of characters beyond the first plane are no letters that anything is found by.
            (Some(code), _) => {
                out.extend(char::from_u32(code));
                rest = &escape[5..];
            }
            (None, Some('n' | 'r' | 't')) => {
                out.push(' ');
                rest = &escape[1..];
            }
            (None, Some(c)) => {
                out.push(c);
                rest = &escape[c.len_utf8()..];
            }
            (None, None) => rest = escape,
        }
    }
    out.push_str(rest);
    out
}

/// Numbered entities, those of markup, and accented letters by their base; others are marks without letters.
fn open_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let entity = &rest[at + 1..];
        let end = entity.bytes().take(12).position(|b| b == b';');
        let Some(name) = end.map(|end| &entity[..end]).filter(|name| name.is_ascii() && !name.is_empty()) else {
            out.push('&');
            rest = entity;
            continue;
        };
        open_entity(name, &mut out);
        rest = &entity[name.len() + 1..];
    }
    out.push_str(rest);
    out
}

fn open_entity(name: &str, out: &mut String) {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
        out.extend(code.and_then(char::from_u32));
        return;
    }
    match name {
        "lt" => out.push('<'),
        "gt" => out.push('>'),
        "amp" => out.push('&'),
        "quot" => out.push('"'),
        "apos" => out.push('\''),
        "aelig" | "oelig" | "AElig" | "OElig" | "szlig" => out.push_str(&name[..2]),
        _ => {
            let marks = ["acute", "grave", "circ", "cedil", "uml", "tilde", "ring", "slash", "caron"];
            let base = marks.iter().find_map(|mark| name.strip_suffix(mark)).filter(|base| base.len() == 1);
            out.push_str(base.unwrap_or(" "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Paris. Deux associations s’unissent pour les élèves privés d’école au Sénégal.\nContact";

    fn mention() -> Mention {
        let own = |text: &str| vec![text.to_owned()];
        let shared = HashSet::new();
        let addresses = own("https://www.example.org/2021/12/alliance-éducation/");
        Mention::new(&addresses, &own("Naissance d’une alliance"), &own(TEXT), &shared).unwrap()
    }

    #[test]
    fn words_are_found_in_whatever_dress() {
        let said = [
            "<p>Deux associations <em>Paris. Deux</em> associations s’unissent pour les &eacute;l&#232;ves priv&#xe9;s d’école au</p>",
            r#"{"rendered":"<p>Paris. Deux associations s\u2019unissent pour les \u00e9l\u00e8ves<br \/>priv\u00e9s d\u2019\u00e9cole au"}"#,
            "<description>&lt;p&gt;Paris. Deux associations s&amp;rsquo;unissent pour les &amp;eacute;lèves privés d'école au S",
            "<![CDATA[Naissance d’<b>une</b> alliance]]>",
            "NAISSANCE D'UNE ALLIANCE",
            r#"<a href="http://example.org/2021/12/alliance-éducation">lire</a>"#,
            r#"{"link":"https:\/\/www.example.org\/2021\/12\/alliance-\u00e9ducation\/"}"#,
        ];
        for document in said {
            assert!(mention().is_in(document), "{document}");
        }
        for other in ["Contact", "Deux associations s’unissent.", "https://example.org/2021/12/", "a < b & c \\"] {
            assert!(!mention().is_in(other), "{other}");
        }
    }

    #[test]
    fn what_other_pages_say_too_proves_nothing() {
        let shared: HashSet<String> = lines(TEXT).collect();
        let mention = Mention::new(&[], &[], &[TEXT.to_owned()], &shared).unwrap();
        assert!(!mention.is_in(TEXT));
    }
}
