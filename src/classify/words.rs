//! Words of a text as the label matcher sees them: stemmed in the text's language, without articles.

use crate::model::Lang;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Only articles, elisions and the like are dropped: dropping more would turn "education for all" into "education".
const DROPPED_FR: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "au", "aux", "a", "à", "et", "ou", "en", "j", "n",
    "s", "c", "m", "t", "y", "qu",
];
const DROPPED_EN: &[&str] = &["the", "a", "an", "of", "to", "and", "or", "in", "s"];

/// Words of grammar: part of a label ("education for all"), but alone they say nothing about a text.
const GRAMMAR_FR: &[&str] = &[
    "par", "pour", "avec", "sans", "sur", "sous", "dans", "ce", "ces", "cet", "cette", "son", "sa", "ses", "leur",
    "leurs", "notre", "nos", "votre", "vos", "qui", "que", "quoi", "dont", "où", "il", "ils", "elle", "elles", "on",
    "nous", "vous", "est", "sont", "être", "avoir", "ont", "plus", "moins", "tout", "tous", "toute", "toutes", "ne",
    "pas", "ni", "par", "autre", "autres", "entre", "vers", "chez", "comme", "si", "partout", "ceux", "celles",
];
const GRAMMAR_EN: &[&str] = &[
    "for", "with", "without", "by", "on", "at", "from", "into", "over", "under", "this", "that", "these", "those",
    "their", "its", "his", "her", "our", "your", "who", "which", "where", "is", "are", "be", "have", "has", "as",
    "all", "any", "no", "not", "more", "less", "other", "others", "between", "it", "they", "we", "you", "than", "such",
    "own", "through", "out", "up",
];

/// One word of a text: byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

/// The words of `text`: runs of letters and digits.
pub fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = letters.by_ref().find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = letters.next_if(|(_, c)| c.is_alphanumeric() || is_combining_mark(*c)) {
            end = at + c.len_utf8();
        }
        Some(Word { start, end })
    })
}

/// Whether a word, in lower case, is passed over.
pub fn is_dropped(word: &str, lang: Lang) -> bool {
    let list = if lang == Lang::FR { DROPPED_FR } else { DROPPED_EN };
    list.contains(&word)
}

/// Whether a word, in lower case, is one of grammar or too short to say anything alone.
pub fn says_nothing(word: &str, lang: Lang) -> bool {
    let list = if lang == Lang::FR { GRAMMAR_FR } else { GRAMMAR_EN };
    word.chars().count() < 3 || list.contains(&word)
}

/// Lower case without accents, ligatures opened.
pub fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let open = word.to_lowercase().replace('œ', "oe").replace('æ', "ae");
    open.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// The Snowball stemmer of a language; languages without one are not stemmed.
pub fn stemmer(lang: Lang) -> Option<Stemmer> {
    let algorithm = match lang.as_str() {
        "fr" => Algorithm::French,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "pt" => Algorithm::Portuguese,
        "de" => Algorithm::German,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        _ => return None,
    };
    Some(Stemmer::create(algorithm))
}

/// The stem of a word in lower case, accents stripped afterwards: accents help the stemmer, not the match.
pub fn stem(stemmer: Option<&Stemmer>, word: &str) -> String {
    match stemmer {
        Some(stemmer) => folded(&stemmer.stem(word)),
        None => folded(word),
    }
}
