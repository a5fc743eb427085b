//! Hands the words of [`super::analyse`] to Tantivy, one view for each field.
//!
//! Tantivy asks field by field for the same title and text of a release. A thread reads each of them once and keeps the
//! words until it has seen some other texts.

use super::analyse::{Analyser, Token as Word};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Texts whose words a thread keeps: title and text of a release in two languages.
const KEPT: usize = 4;

/// Longer texts, in bytes, are read again for each field rather than kept.
const LONGEST_KEPT: usize = 1 << 20;

thread_local! {
    static READER: RefCell<Reader> = RefCell::default();
}

/// Reads texts, and keeps the words of the last few.
#[derive(Default)]
struct Reader {
    analyser: Analyser,
    kept: VecDeque<(String, Arc<Vec<Word>>)>,
}

impl Reader {
    fn words(&mut self, text: &str) -> Arc<Vec<Word>> {
        if let Some((_, words)) = self.kept.iter().find(|(known, _)| known == text) {
            return words.clone();
        }
        let mut words = Vec::with_capacity(text.len() / 5);
        self.analyser.read(text, &mut words);
        let words = Arc::new(words);
        if text.len() <= LONGEST_KEPT {
            self.kept.truncate(KEPT - 1);
            self.kept.push_front((text.to_owned(), words.clone()));
        }
        words
    }
}

/// Which forms of a word a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Stems.
    Stem,
    /// Folded words, and accented ones where they differ; no stop words.
    Exact,
    /// Stems, and folded words where they differ.
    Title,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 3] = [Part::Stem, Part::Exact, Part::Title];

    /// Name of its tokenizer.
    pub fn name(self) -> &'static str {
        match self {
            Part::Stem => "words.stem",
            Part::Exact => "words.exact",
            Part::Title => "words.title",
        }
    }

    /// First and second form of `word` in this part.
    fn forms(self, word: &Word) -> (&str, Option<&str>) {
        let forms = &*word.forms;
        match self {
            Part::Stem => (&forms.stem, None),
            Part::Exact => (&forms.folded, forms.accented.as_deref()),
            Part::Title => (&forms.stem, Some(forms.folded.as_str()).filter(|folded| *folded != forms.stem)),
        }
    }
}

/// The tokenizer of one field.
#[derive(Clone)]
pub struct WordTokenizer {
    part: Part,
    token: Token,
}

impl WordTokenizer {
    /// A tokenizer that gives one part.
    pub fn new(part: Part) -> Self {
        Self { part, token: Token::default() }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        let words = READER.with_borrow_mut(|reader| reader.words(text));
        self.token.reset();
        WordStream { part: self.part, words, token: &mut self.token, at: 0, second: false }
    }
}

/// The words of one text.
pub struct WordStream<'a> {
    part: Part,
    words: Arc<Vec<Word>>,
    token: &'a mut Token,
    at: usize,
    second: bool,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let is_left_out = |word: &Word| self.part == Part::Exact && word.forms.is_stop;
        while self.words.get(self.at).is_some_and(is_left_out) {
            self.at += 1;
        }
        let Some(word) = self.words.get(self.at) else { return false };
        let (first, second) = self.part.forms(word);
        let text = match second {
            Some(second) if self.second => second,
            _ => first,
        };
        self.token.text.clear();
        self.token.text.push_str(text);
        self.token.position = word.position as usize;
        self.token.offset_from = word.range.start;
        self.token.offset_to = word.range.end;
        if second.is_some() && !self.second {
            self.second = true;
        } else {
            self.second = false;
            self.at += 1;
        }
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
