//! # Did a machine translate a name that stays as it is?
//!
//! "Aid and Action" is Aide et Action, put into English word by word. A member lists the names that no translation may
//! change; where a text in another language shows one with some words nearly the same and some translated, the name is
//! put back, for display and search, and named in a warning.

use crate::{
    model::{Lang, Member, Warning},
    normalise::text::fold,
};

/// Small words within names, and what machines make of them.
const SMALL: &[(&str, &[&str])] = &[
    ("et", &["and", "und", "y", "e", "en"]),
    ("de", &["of", "for", "von", "di"]),
    ("des", &["of", "der"]),
    ("du", &["of", "des"]),
    ("pour", &["for", "fur", "para", "per"]),
    ("sans", &["without", "ohne", "sin", "senza"]),
    ("and", &["et", "und", "y"]),
    ("of", &["de", "des", "du"]),
    ("for", &["pour"]),
];

/// Words of a text with their places.
struct Word<'t> {
    start: usize,
    end: usize,
    raw: &'t str,
    folded: String,
}

/// Spellings of protected names that a translation left in `texts`, with the name each stands for.
pub fn mistranslated(member: Option<&Member>, lang: Option<Lang>, texts: [&str; 2]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let Some(member) = member else { return found };
    let native = member.language_of("/").map(|entry| entry.lang);
    if lang.is_none() || lang == native {
        return found;
    }
    for text in texts {
        let words = words(text);
        for name in &member.protected_names {
            let parts: Vec<String> = fold(name).split_whitespace().map(str::to_owned).collect();
            if parts.len() < 2 {
                continue;
            }
            for window in words.windows(parts.len()) {
                let spelling = &text[window[0].start..window[parts.len() - 1].end];
                if stands_for(window, &parts, spelling) && !found.iter().any(|(known, _)| known == spelling) {
                    found.push((spelling.to_owned(), name.clone()));
                }
            }
        }
    }
    found
}

/// `text` with the names put back.
pub fn mended(mut text: String, found: &[(String, String)]) -> String {
    for (spelling, name) in found {
        if text.contains(spelling.as_str()) {
            text = text.replace(spelling.as_str(), name);
        }
    }
    text
}

/// One warning for each spelling.
pub fn warn(found: &[(String, String)], warnings: &mut Vec<Warning>) {
    warnings.extend(
        found.iter().map(|(spelling, name)| Warning::new("name-mended", format!("{spelling} \u{2192} {name}"))),
    );
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let raw = &text[from..at];
                words.push(Word { start: from, end: at, raw, folded: fold(raw) });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Whether the words are those of the name, each the same, nearly the same or translated, and not all the same.
fn stands_for(window: &[Word<'_>], parts: &[String], spelling: &str) -> bool {
    let mut changed = false;
    for (word, part) in window.iter().zip(parts) {
        let same = word.folded == *part;
        let small = SMALL.iter().any(|(from, to)| from == part && to.contains(&word.folded.as_str()));
        let is_name = word.raw.starts_with(char::is_uppercase);
        if !(same || small || (is_name && is_near(&word.folded, part))) {
            return false;
        }
        changed |= !same;
    }
    changed && spelling.chars().all(|c| c.is_alphabetic() || c == ' ')
}

/// Whether two words differ as "aide" and "aid", "solidarité" and "solidarity" do.
fn is_near(a: &str, b: &str) -> bool {
    let longest = a.chars().count().max(b.chars().count());
    let allowed = if longest >= 8 { 2 } else { usize::from(longest >= 4) };
    strsim::levenshtein(a, b) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<String> {
        let parts: Vec<String> = fold(name).split_whitespace().map(str::to_owned).collect();
        let words = words(text);
        let windows = words.windows(parts.len());
        let spellings = windows.map(|window| (window, &text[window[0].start..window[parts.len() - 1].end]));
        spellings.filter(|(window, text)| stands_for(window, &parts, text)).map(|(_, text)| text.to_owned()).collect()
    }

    #[test]
    fn names_put_into_english_are_found() {
        for (name, text, wanted) in [
            ("Aide et Action", "Today Aid and Action opens", "Aid and Action"),
            ("Aide et Action", "with Aide and Action.", "Aide and Action"),
            ("Solidarité Laïque", "and Solidarity Laïque create", "Solidarity Laïque"),
        ] {
            assert_eq!(found(name, text), [wanted], "{text}");
        }
        for (name, text) in [
            ("Aide et Action", "Aide et Action, aide et action"),
            ("Aide et Action", "they aid and act"),
            ("Aide et Action", "Aid. And Action"),
            ("Action Education", "Action Éducation"),
            ("Solidarité Laïque", "in solidarity with secular schools"),
        ] {
            assert!(found(name, text).is_empty(), "{text}");
        }
    }
}
