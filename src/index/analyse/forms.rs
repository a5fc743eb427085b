//! # Under which forms is a word found?
//!
//! Three: the stem (any inflection, with or without accents), the folded word (this inflection, with or without
//! accents), the accented word. Stems are made from the folded word, so that `école` and `ecole` cannot part ways;
//! first by the French, then by the English rules of Snowball, whatever the language: a French rule seldom touches an
//! English word in a way that English words do not share, and nobody has to guess the language of two typed words.

use crate::normalise::text::fold;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Words kept; a text of millions of different words starts over.
const KEPT: usize = 100_000;

/// Longest form in characters; what is longer is no word and is found by its start.
const LONGEST: usize = 48;

/// The forms of one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// The stem, folded.
    pub stem: String,
    /// Lower case without marks, ligatures opened.
    pub folded: String,
    /// Lower case as written, where that differs from `folded`.
    pub accented: Option<String>,
}

/// Makes forms and keeps those of frequent words.
pub struct Memo {
    known: HashMap<Box<str>, Arc<Forms>>,
    french: Stemmer,
    english: Stemmer,
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            french: Stemmer::create(Algorithm::French),
            english: Stemmer::create(Algorithm::English),
        }
    }
}

impl Memo {
    /// The forms of `word`, a run of letters and figures in any case.
    pub fn forms(&mut self, word: &str) -> Arc<Forms> {
        if let Some(known) = self.known.get(word) {
            return known.clone();
        }
        let made = Arc::new(self.make(word));
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(word.into(), made.clone());
        made
    }

    fn make(&self, word: &str) -> Forms {
        let (folded, accented) = if word.is_ascii() {
            (word.to_ascii_lowercase(), None)
        } else {
            let lower: String = word.to_lowercase().nfc().filter(|c| c.is_alphanumeric()).collect();
            let folded: String = fold(word).chars().filter(|c| c.is_alphanumeric()).collect();
            let accented = (lower != folded).then(|| cut(lower));
            (folded, accented)
        };
        let folded = cut(folded);
        Forms { stem: self.stem(&folded), folded, accented }
    }

    /// The stem of a folded word. Words with figures or other letters than ours have none but themselves.
    fn stem(&self, folded: &str) -> String {
        if folded.len() < 3 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded.to_owned();
        }
        let ready = without_inflection(folded);
        let french = self.french.stem(&ready);
        let both = self.english.stem(&french).into_owned();
        without_inflection(&both)
    }
}

/// A folded word without the endings of number and gender that neither Snowball takes from unaccented words:
/// `refugiees` and `refugie`, `nationaux` and `national`, `microcredits` and `microcredit` meet.
fn without_inflection(word: &str) -> String {
    let mut word = word.to_owned();
    if word.len() < 4 {
        return word;
    }
    if word.ends_with("eaux") {
        word.pop();
    } else if word.ends_with("aux") {
        word.truncate(word.len() - 2);
        word.push('l');
    } else if word.ends_with("eux") {
        word.pop();
        word.push('s');
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        word.pop();
    }
    while word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    word
}

fn cut(word: String) -> String {
    match word.char_indices().nth(LONGEST) {
        Some((end, _)) => word[..end].to_owned(),
        None => word,
    }
}
