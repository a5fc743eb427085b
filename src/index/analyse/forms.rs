//! # Under which forms is a word found?
//!
//! Three: the stem (any inflection, with or without accents), the folded word (this inflection, with or without
//! accents), the accented word. Stems are made from the folded word, so that `école` and `ecole` cannot part ways, by
//! the rules of Snowball for English and then French, whatever the language: a rule of one seldom touches a word of the
//! other in a way that its sisters do not share, and nobody has to guess the language of two typed words.
//!
//! Snowball's French rules need accents to see a participle and a plural (`réfugié`, `réfugiée`; `crédit`, `crédits`),
//! which folded words do not have. [`tidy`] does that part before and after: plural, final e, doubled consonants.

use super::stops;
use crate::normalise::text::fold;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Words kept; a text of millions of different words starts over.
const KEPT: usize = 100_000;

/// Longest form in characters; what is longer is no word and is found by its start.
const LONGEST: usize = 48;

/// Words of so few letters keep all of them: cut further, Mali would be bad (`mal`).
const WHOLE: usize = 4;

/// The forms of one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// The stem, folded.
    pub stem: String,
    /// Lower case without marks, ligatures opened.
    pub folded: String,
    /// Lower case as written, where that differs from `folded`.
    pub accented: Option<String>,
    /// Whether it says too little to be asked for.
    pub is_stop: bool,
}

/// Makes forms and keeps those of frequent words.
pub struct Memo {
    known: HashMap<Box<str>, Arc<Forms>, foldhash::fast::RandomState>,
    french: Stemmer,
    english: Stemmer,
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            known: HashMap::default(),
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
        Forms { stem: self.stem(&folded), is_stop: stops::is_stop(&folded), folded, accented }
    }

    /// The stem of a folded word. Words with figures or other letters than ours have none but themselves.
    fn stem(&self, folded: &str) -> String {
        if folded.len() < 3 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded.to_owned();
        }
        let ready = tidy(folded.to_owned());
        if ready.len() <= WHOLE {
            return ready;
        }
        let english = self.english.stem(&ready);
        tidy(self.french.stem(&english).into_owned())
    }
}

/// Nouns whose plural in -eux is no adjective (`heureux`).
const NOUNS_IN_EU: [&str; 12] =
    ["jeu", "enjeu", "feu", "lieu", "milieu", "cheveu", "neveu", "aveu", "voeu", "dieu", "adieu", "hebreu"];

/// Takes off what singular, plural, masculine and feminine of a folded word differ in.
fn tidy(mut word: String) -> String {
    if word.len() < 4 {
        return word;
    }
    if word.ends_with("eaux") || NOUNS_IN_EU.iter().any(|noun| word.strip_suffix('x') == Some(noun)) {
        word.pop();
    } else if let Some(stem) = word.strip_suffix("aux") {
        word = format!("{stem}al");
    } else if word.ends_with("eux") {
        word.pop();
        word.push('s');
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("ous") {
        word.pop();
    }
    while word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    let bytes = word.as_bytes();
    let doubled = bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    if doubled {
        word.pop();
    }
    if word.ends_with("iv") {
        word.pop();
        word.push('f');
    }
    if word.ends_with('y') {
        word.pop();
        word.push('i');
    }
    word
}

fn cut(word: String) -> String {
    match word.char_indices().nth(LONGEST) {
        Some((end, _)) => word[..end].to_owned(),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_stem() {
        let mut memo = Memo::default();
        for family in [
            "école écoles Ecole ÉCOLES",
            "réfugié réfugiée réfugiés réfugiées refugie refugiees",
            "crédit crédits credit",
            "élu élus élue élues",
            "individu individus",
            "national nationale nationaux nationales",
            "enjeu enjeux",
            "bureau bureaux",
            "actif active actifs actives",
            "malien malienne maliens maliennes",
            "heureux heureuse heureuses",
            "ouvrier ouvrière ouvriers ouvrières",
            "professionnel professionnelle professionnels",
            "child childs",
            "policy policies",
            "process processes",
            "association associations",
            "formation formations",
        ] {
            let stems: Vec<String> = family.split(' ').map(|word| memo.forms(word).stem.clone()).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{family}: {stems:?}");
        }
    }

    #[test]
    fn different_words_keep_apart() {
        let mut memo = Memo::default();
        for (one, other) in [("habitat", "habit"), ("mali", "mal"), ("femme", "fin"), ("ODD", "os"), ("sante", "saint")]
        {
            assert_ne!(memo.forms(one).stem, memo.forms(other).stem, "{one} {other}");
        }
    }
}
