//! Hands the words of [`super::analyse`] to Tantivy, one view for each field.

use super::analyse::{Analyser, Token as Word};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Which forms of a word a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Stems.
    Stem,
    /// Folded words, and accented ones where they differ.
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
pub struct WordTokenizer {
    part: Part,
    analyser: Analyser,
    words: Vec<Word>,
    token: Token,
}

impl WordTokenizer {
    /// A tokenizer with nothing remembered.
    pub fn new(part: Part) -> Self {
        Self { part, analyser: Analyser::default(), words: Vec::new(), token: Token::default() }
    }
}

impl Clone for WordTokenizer {
    /// What is remembered stays with the original: it is a cache.
    fn clone(&self) -> Self {
        Self::new(self.part)
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.analyser.read(text, &mut self.words);
        self.token.reset();
        WordStream { part: self.part, words: &self.words, token: &mut self.token, at: 0, second: false }
    }
}

/// The words of one text.
pub struct WordStream<'a> {
    part: Part,
    words: &'a [Word],
    token: &'a mut Token,
    at: usize,
    second: bool,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
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
