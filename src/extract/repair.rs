//! # What is mended before it is shown?
//!
//! Small damage that machines and copied layouts leave in a text. Each repair has a name and is said in the warnings;
//! the capture keeps what the page wrote. Nothing here adds or drops a word.

use crate::{
    model::{Lang, Warning},
    normalise::{date, text::fold},
};

/// Places where a full stop and a capital stand together that make it a habit of the page.
const HABIT: usize = 3;

/// Mends a text of one line a block.
pub fn text(text: String, lang: Option<Lang>, warnings: &mut Vec<Warning>) -> String {
    let text = ordinals(text, lang, warnings);
    let text = glued_dateline(text, lang, warnings);
    spaced_sentences(text, warnings)
}

/// Mends a title.
pub fn title(title: String, lang: Option<Lang>, warnings: &mut Vec<Warning>) -> String {
    ordinals(title, lang, warnings)
}

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "1er December" and "1 Januaryer" in English are the French first of the month, translated word by word.
fn ordinals(text: String, lang: Option<Lang>, warnings: &mut Vec<Warning>) -> String {
    if lang != Some(Lang::EN) || !text.contains("er") {
        return text;
    }
    let mut mended = text.clone();
    for month in MONTHS {
        if text.contains(month) {
            mended = mended.replace(&format!("1er {month}"), &format!("1 {month}"));
            mended = mended.replace(&format!("1 {month}er "), &format!("1 {month} "));
        }
    }
    if mended != text {
        warnings.push(Warning::new("ordinal-mended", "1er"));
    }
    mended
}

/// "Paris12 January 2022" lost what stood between place and day.
fn glued_dateline(text: String, lang: Option<Lang>, warnings: &mut Vec<Warning>) -> String {
    let start = super::text::cut(&text, 80);
    let Some(found) = date::find(start, lang).into_iter().next() else { return text };
    let (place, rest) = text.split_at(found.range.start);
    let is_place =
        place.starts_with(char::is_uppercase) && place.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | ' '));
    if !is_place || !place.ends_with(char::is_lowercase) || !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return text;
    }
    warnings.push(Warning::new("dateline-spaced", text[..found.range.end].to_owned()));
    format!("{place}, {rest}")
}

/// "réalisés.Les enfants": a page that does so again and again means a space.
fn spaced_sentences(text: String, warnings: &mut Vec<Warning>) -> String {
    let seams: Vec<usize> = text
        .match_indices(['.', '!', '?'])
        .map(|(at, sign)| at + sign.len())
        .filter(|&at| is_seam(&text, at))
        .collect();
    if seams.len() < HABIT {
        return text;
    }
    let mut mended = String::with_capacity(text.len() + seams.len());
    let mut from = 0;
    for at in &seams {
        mended.push_str(&text[from..*at]);
        mended.push(' ');
        from = *at;
    }
    mended.push_str(&text[from..]);
    warnings.push(Warning::new("sentences-spaced", format!("{} places", seams.len())));
    mended
}

/// Whether a sentence ends before `at` and one begins there: three small letters, a sign, a capital and a small letter,
/// in a word that is no address.
fn is_seam(text: &str, at: usize) -> bool {
    let before = text[..at - 1].chars().rev().take(3);
    let mut after = text[at..].chars();
    let word = text[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
    before.filter(|c| c.is_lowercase()).count() == 3
        && after.next().is_some_and(char::is_uppercase)
        && after.next().is_some_and(char::is_lowercase)
        && !word.contains(['/', '@', ':'])
        && !fold(word).starts_with("www")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(raw: &str, lang: Lang) -> (String, Vec<String>) {
        let mut warnings = Vec::new();
        let text = text(raw.to_owned(), Some(lang), &mut warnings);
        (text, warnings.into_iter().map(|warning| warning.code.into_owned()).collect())
    }

    #[test]
    fn damage_of_machines_is_mended_and_named() {
        for (raw, wanted, code) in [
            ("Paris, 1er December 2021", "Paris, 1 December 2021", "ordinal-mended"),
            ("since 1 Januaryer 2021", "since 1 January 2021", "ordinal-mended"),
            ("Paris12 January 2022 - On the day", "Paris, 12 January 2022 - On the day", "dateline-spaced"),
            ("One ends.Two ends.Three ends.Four.", "One ends. Two ends. Three ends. Four.", "sentences-spaced"),
        ] {
            assert_eq!(mended(raw, Lang::EN), (wanted.to_owned(), vec![code.to_owned()]), "{raw}");
        }
    }

    #[test]
    fn sound_texts_stay() {
        for raw in ["Paris, le 1er décembre 2021", "Voir www.exemple.Org et le site", "Article 12 January 2022"] {
            assert_eq!(mended(raw, Lang::FR), (raw.to_owned(), Vec::new()), "{raw}");
        }
    }
}
