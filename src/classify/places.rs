//! Which countries does a text speak of? Names in French and English, demonyms, main cities, longest first.
//!
//! Names, cities and English demonyms need their capital ("turkey" is a bird); French demonyms do not ("les écoles
//! sénégalaises"). "Guinée-Bissau" is never "Guinée", "Papouasie-Nouvelle-Guinée" neither. Names that are given names too
//! (Jordan, Chad, Georgia, Maurice) count only after a preposition and with no surname behind them.
//!
//! To add a city or a name: `places.tsv`.

use super::words::{self, Word};
use crate::labels::COUNTRIES;
use crate::model::Place;
use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("places.tsv");

/// Names that people bear too.
const GIVEN_NAMES: &[&str] =
    &["jordan", "chad", "georgia", "maurice", "israel", "kenya", "chine", "florence", "georgie"];
/// Words after which such a name is a place.
const PREPOSITIONS: &[&str] = &[
    "in",
    "from",
    "to",
    "of",
    "across",
    "throughout",
    "and",
    "or",
    "en",
    "au",
    "du",
    "de",
    "à",
    "et",
    "vers",
    "depuis",
];
/// Places more than this are a list of countries, not what a text is about.
const MOST: usize = 40;

#[derive(Debug)]
struct Pattern {
    /// Folded words.
    words: Vec<String>,
    code: &'static str,
    needs_capital: bool,
}

static PATTERNS: LazyLock<HashMap<String, Vec<Pattern>>> = LazyLock::new(patterns);

fn patterns() -> HashMap<String, Vec<Pattern>> {
    let mut by_first: HashMap<String, Vec<Pattern>> = HashMap::new();
    let mut add = |name: &str, code: &'static str, needs_capital: bool| {
        let words: Vec<String> = folded_words(name);
        if let Some(first) = words.first().cloned() {
            let known = by_first.entry(first).or_default();
            if !known.iter().any(|pattern| pattern.words == words) {
                known.push(Pattern { words, code, needs_capital });
            }
        }
    };
    for (code, french, english) in COUNTRIES {
        // "Maurice" alone is a person more often than an island.
        if *code != "mu" {
            add(french, code, true);
        }
        add(english, code, true);
    }
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('|');
        let Some(code) = fields.next() else { continue };
        let list = |field: Option<&'static str>| field.unwrap_or_default().split(',').filter(|name| !name.is_empty());
        for base in list(fields.next()) {
            for form in french_forms(base) {
                add(&form, code, false);
            }
        }
        for name in list(fields.next()).chain(list(fields.next())).chain(list(fields.next())) {
            add(name, code, true);
        }
    }
    for known in by_first.values_mut() {
        known.sort_by_key(|pattern| std::cmp::Reverse(pattern.words.len()));
    }
    by_first
}

/// Masculine and feminine, singular and plural of a French demonym.
fn french_forms(base: &str) -> Vec<String> {
    let feminine = match base {
        _ if base.ends_with("ien") || base.ends_with("éen") || base.ends_with("yen") => format!("{base}ne"),
        _ if base.ends_with('e') || base.ends_with('è') => base.to_owned(),
        "grec" => "grecque".to_owned(),
        "turc" => "turque".to_owned(),
        _ => format!("{base}e"),
    };
    let plural = |word: &str| if word.ends_with('s') { word.to_owned() } else { format!("{word}s") };
    let mut forms = vec![base.to_owned(), plural(base), feminine.clone(), plural(&feminine)];
    forms.dedup();
    forms
}

fn folded_words(text: &str) -> Vec<String> {
    words::words(text).map(|word| words::folded(&text[word.start..word.end])).collect()
}

/// Countries of a text, most often named first, each with the words that decided; names in `title` count three times.
pub fn places(title: &str, text: &str) -> Vec<Place> {
    let whole = format!("{title}\n{text}");
    let tokens: Vec<Word> = words::words(&whole).collect();
    let folded: Vec<String> = tokens.iter().map(|word| words::folded(&whole[word.start..word.end])).collect();
    let mut found: Vec<(Place, u32)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(pattern) = longest(&whole, &tokens, &folded, at) else {
            at += 1;
            continue;
        };
        let last = at + pattern.words.len() - 1;
        let words = &whole[tokens[at].start..tokens[last].end];
        let weight = if tokens[at].start < title.len() { 3 } else { 1 };
        note(&mut found, pattern.code, words, weight);
        at = last + 1;
    }
    mend_congo(&mut found);
    found.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    found.truncate(MOST);
    found.into_iter().map(|(place, _)| place).collect()
}

fn longest(whole: &str, tokens: &[Word], folded: &[String], at: usize) -> Option<&'static Pattern> {
    let patterns = PATTERNS.get(&folded[at])?;
    patterns.iter().find(|pattern| {
        let end = at + pattern.words.len();
        end <= tokens.len()
            && folded[at..end] == pattern.words
            && joined(whole, &tokens[at..end])
            && (!pattern.needs_capital || is_capital(whole, tokens[at]))
            && !is_person(whole, tokens, folded, at, end)
    })
}

/// Words of one name stand next to each other: a space, a hyphen or an apostrophe between them.
fn joined(whole: &str, tokens: &[Word]) -> bool {
    tokens.windows(2).all(|pair| {
        let between = &whole[pair[0].end..pair[1].start];
        between.chars().count() == 1
            && between.chars().all(|c| c.is_whitespace() && c != '\n' || matches!(c, '-' | '‑' | '\'' | '’'))
    })
}

fn is_capital(whole: &str, word: Word) -> bool {
    whole[word.start..word.end].starts_with(char::is_uppercase)
}

/// "Jordan Smith", "Mr Chad", "Georgia said": a given name.
fn is_person(whole: &str, tokens: &[Word], folded: &[String], at: usize, end: usize) -> bool {
    if end - at > 1 || !GIVEN_NAMES.contains(&folded[at].as_str()) {
        return false;
    }
    let before = at.checked_sub(1).map(|before| folded[before].as_str());
    let follows_preposition = before.is_some_and(|word| PREPOSITIONS.contains(&word));
    let surname =
        tokens.get(end).is_some_and(|next| whole[tokens[at].end..next.start] == *" " && is_capital(whole, *next));
    !follows_preposition || surname
}

fn note(found: &mut Vec<(Place, u32)>, code: &str, words: &str, weight: u32) {
    let known = match found.iter_mut().position(|(place, _)| place.id == code) {
        Some(at) => at,
        None => {
            found.push((Place { id: code.to_owned(), evidence: Vec::new() }, 0));
            found.len() - 1
        }
    };
    let (place, total) = &mut found[known];
    *total += weight;
    if place.evidence.len() < 3 && !place.evidence.iter().any(|seen| seen == words) {
        place.evidence.push(words.to_owned());
    }
}

/// "Congo" alone, in a text that names the Democratic Republic, is that one.
fn mend_congo(found: &mut Vec<(Place, u32)>) {
    let bare = |place: &Place| place.id == "cg" && place.evidence.iter().all(|words| words == "Congo");
    if found.iter().any(|(place, _)| place.id == "cd") {
        let weight = found.iter().find(|(place, _)| bare(place)).map(|(_, weight)| *weight);
        found.retain(|(place, _)| !bare(place));
        if let (Some(weight), Some((_, total))) = (weight, found.iter_mut().find(|(place, _)| place.id == "cd")) {
            *total += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        let mut codes: Vec<String> = places("", text).into_iter().map(|place| place.id).collect();
        codes.sort();
        codes
    }

    #[test]
    fn names_demonyms_and_cities_in_both_languages() {
        for (text, expected) in [
            ("Les écoles sénégalaises et burkinabè", vec!["bf", "sn"]),
            ("Girls in Burkina Faso and Niger", vec!["bf", "ne"]),
            ("Le Nigeria n'est pas le Niger", vec!["ne", "ng"]),
            ("La Guinée-Bissau et la Guinée équatoriale", vec!["gq", "gw"]),
            ("en Papouasie-Nouvelle-Guinée", vec!["pg"]),
            ("À Port-au-Prince, les Haïtiennes", vec!["ht"]),
            ("la République démocratique du Congo, le Congo", vec!["cd"]),
            ("Soudan du Sud", vec!["ss"]),
            ("South Sudan and Sudan", vec!["sd", "ss"]),
            ("Côte d’Ivoire, Ivory Coast", vec!["ci"]),
            ("They ate turkey and mali", vec![]),
            ("Jordan Smith and Maurice Dupont met Chad", vec![]),
            ("refugees in Jordan and in Chad", vec!["jo", "td"]),
            ("aux États-Unis", vec!["us"]),
            ("SÉNÉGAL", vec!["sn"]),
        ] {
            assert_eq!(codes(text), expected, "{text}");
        }
    }

    #[test]
    fn every_code_of_the_table_is_in_the_standard() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let code = line.split('|').next().unwrap();
            assert!(COUNTRIES.iter().any(|(known, _, _)| *known == code), "{line}");
            assert_eq!(line.matches('|').count(), 4, "{line}");
        }
    }
}
