//! # Which words does a text hold?
//!
//! The same reading for what is indexed and what is asked, blind to language: French and English stand in one
//! newsroom, often in one text. A text becomes [`Token`]s, each with the forms under which it is found:
//!
//! ```text
//! L'École des migrant·e·s, 2 600 inscrit(e)s  →  ecole des migrant 2600 inscrit
//! ```
//!
//! [`pieces`] cuts the text, [`number`] joins grouped figures, [`inclusive`] opens inclusive writing, [`forms`] folds
//! and stems a word. Words that say little ([`stops`]) are indexed all the same, because phrases need them.
//!
//! To teach it a new way of writing: a rule in `Analyser::compound`, a row in the table test at the end of this file.

mod forms;
mod inclusive;
mod number;
mod pieces;
pub mod stops;

pub use forms::Forms;

use forms::Memo;
use pieces::{Joint, Piece};
use std::ops::Range;
use std::sync::Arc;

/// How a token was read from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A word as it stands.
    Word,
    /// Another form of the word at this position: the feminine of an inclusive one.
    Other,
    /// Parts joined by hyphens as one word, at the position of the first.
    Joined,
    /// A group of a figure (`2 600`), in case it is a number of its own: found by, never asked for.
    Group,
}

/// One word of a text, with its place.
#[derive(Debug, Clone)]
pub struct Token {
    /// Bytes of the text it was read from.
    pub range: Range<usize>,
    /// Number of the word in the text. Other readings of the same word have the same position.
    pub position: u32,
    /// How it was read.
    pub reading: Reading,
    /// Under which forms it is found.
    pub forms: Arc<Forms>,
}

/// Reads texts. Keeps the forms of frequent words, so reuse it; one for each thread.
#[derive(Default)]
pub struct Analyser {
    memo: Memo,
    pieces: Vec<Piece>,
}

impl Analyser {
    /// The words of `text`, in order of position.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.read(text, &mut tokens);
        tokens
    }

    /// As [`Analyser::tokens`], into a buffer that is cleared first.
    pub fn read(&mut self, text: &str, into: &mut Vec<Token>) {
        into.clear();
        let mut position = 0;
        let mut at = 0;
        while let Some(start) = pieces::next_word(text, at) {
            if let Some(found) = number::grouped(text, start) {
                self.figure(text, &found, &mut position, into);
                at = found.range.end;
                continue;
            }
            at = pieces::compound(text, start, &mut self.pieces);
            let pieces = std::mem::take(&mut self.pieces);
            self.compound(text, &pieces, &mut position, into);
            self.pieces = pieces;
        }
    }

    /// A grouped figure: as one number, and where plain spaces part it also as it is written.
    fn figure(&mut self, text: &str, found: &number::Grouped, position: &mut u32, into: &mut Vec<Token>) {
        into.push(self.token(&found.value, found.range.clone(), *position, Reading::Word));
        for part in &found.parts {
            into.push(self.token(&text[part.clone()], part.clone(), *position, Reading::Group));
        }
        *position += 1;
    }

    fn token(&mut self, word: &str, range: Range<usize>, position: u32, reading: Reading) -> Token {
        Token { range, position, reading, forms: self.memo.forms(word) }
    }

    /// Letters and figures that touch, with what joins them: `l'enseignant·e-chercheur·e`.
    fn compound(&mut self, text: &str, pieces: &[Piece], position: &mut u32, into: &mut Vec<Token>) {
        let word = |at: usize| &text[pieces[at].range.clone()];
        let mut hyphenated: Vec<Token> = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            let piece = &pieces[at];
            let after_apostrophe = at > 0 && pieces[at - 1].joint == Joint::Apostrophe;
            if matches!(piece.joint, Joint::Apostrophe | Joint::Trailing) && pieces::is_elided(word(at)) {
                at += 1;
                continue;
            }
            if after_apostrophe && pieces::is_english_ending(word(at)) && piece.joint != Joint::Apostrophe {
                at += 1;
                continue;
            }
            let (taken, token, feminine) = self.word(text, &pieces[at..], *position);
            let hyphen_before = at > 0 && pieces[at - 1].joint == Joint::Hyphen;
            if !hyphen_before {
                self.close_hyphenated(&mut hyphenated, into);
            }
            hyphenated.push(token.clone());
            into.push(token);
            into.extend(feminine);
            *position += 1;
            at += taken;
        }
        self.close_hyphenated(&mut hyphenated, into);
    }

    /// One word from the start of `pieces`: how many pieces it took, the word, and its feminine where it is inclusive.
    fn word(&mut self, text: &str, pieces: &[Piece], position: u32) -> (usize, Token, Option<Token>) {
        let first = pieces[0].range.clone();
        let through = |taken: usize| first.start..pieces[taken - 1].range.end;
        if let Some((taken, joined)) = pieces::joined(text, pieces) {
            return (taken, self.token(&joined, through(taken), position, Reading::Word), None);
        }
        if let Some((taken, feminine)) = inclusive::read(text, pieces) {
            let token = self.token(&text[first.clone()], through(taken), position, Reading::Word);
            let feminine = self.token(&feminine, through(taken), position, Reading::Other);
            return (taken, token, Some(feminine));
        }
        (1, self.token(&text[first.clone()], first, position, Reading::Word), None)
    }

    /// Parts joined by hyphens are also one word: `peace-building` is found by `peacebuilding`.
    fn close_hyphenated(&mut self, parts: &mut Vec<Token>, into: &mut Vec<Token>) {
        if (2..=4).contains(&parts.len()) {
            let (first, last) = (&parts[0], &parts[parts.len() - 1]);
            let joined: String = parts.iter().map(|part| part.forms.folded.as_str()).collect();
            let token = self.token(&joined, first.range.start..last.range.end, first.position, Reading::Joined);
            let place = into.iter().rposition(|token| token.position == parts[0].position);
            into.insert(place.map_or(into.len(), |place| place + 1), token);
        }
        parts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folded forms in order; second readings behind a slash.
    fn read(text: &str) -> String {
        let mut out = String::new();
        for token in Analyser::default().tokens(text) {
            out.push(if token.reading == Reading::Word { ' ' } else { '/' });
            out.push_str(&token.forms.folded);
        }
        out.trim_start().to_owned()
    }

    #[test]
    fn words_are_cut_and_folded() {
        for (text, words) in [
            ("L'école, L’ÉCOLE l' école", "ecole ecole ecole"),
            ("jusqu'à QU'ELLE lorsqu’il d'Ivoire", "a elle il ivoire"),
            ("aujourd'hui AUJOURD’HUI", "aujourdhui aujourdhui"),
            ("children's don't N'Djamena O'Brien", "children don djamena o brien"),
            ("cœur ŒUVRE æther Straße", "coeur oeuvre aether strasse"),
            ("e\u{301}cole E\u{301}COLE", "ecole ecole"),
            (
                "des migrant·e·s migrant.e.s migrant-e-s migrant(e)s",
                "des migrant/migrante migrant/migrante migrant/migrante migrant/migrante",
            ),
            ("toutes.tous celles·ceux", "toutes tous celles ceux"),
            ("ukrainien.ne.s professionnel·le·s", "ukrainien/ukrainienne professionnel/professionnelle"),
            (
                "directeur·rice·s acteur.trice.s chercheur·euse infirmier·ère sportif·ve",
                "directeur/directrice acteur/actrice chercheur/chercheuse infirmier/infirmiere sportif/sportive",
            ),
            ("l'enseignant·e-chercheur·euse", "enseignant/enseignante/enseignantchercheur chercheur/chercheuse"),
            ("fin.Les migrants", "fin les migrants"),
            ("peace-building grand-mère", "peace/peacebuilding building grand/grandmere mere"),
            (
                "2 600 2\u{a0}600 2\u{202f}600 2,600 2.600 5'000 5’000 2600",
                "2600/2/600 2600 2600 2600 2600 5000 5000 2600",
            ),
            ("1 234 567 en 2019 600 3,5 3.5 12.03.2021", "1234567/1/234/567 en 2019 600 3.5 3.5 12 03 2021"),
            ("O.N.G. U.N. e.g. R.D.C", "ong un eg rdc"),
            ("ODD/SDG, l'AFD (COVID-19) 1er 10h30", "odd sdg afd covid/covid19 19 1er 10h30"),
            ("co\u{ad}opé\u{200b}ration", "cooperation"),
            ("«mot»…mot2—mot3", "mot mot2 mot3"),
            ("www.example.org/a_b?c=d", "www example org a b c d"),
            ("سلام 教育", "سلام 教育"),
            ("", ""),
        ] {
            assert_eq!(read(text), words, "{text}");
        }
    }

    #[test]
    fn positions_run_on_and_ranges_are_those_of_the_text() {
        let text = "l’accès des migrant·e·s";
        let tokens = Analyser::default().tokens(text);
        let seen: Vec<(u32, &str)> = tokens.iter().map(|t| (t.position, &text[t.range.clone()])).collect();
        assert_eq!(seen, [(0, "accès"), (1, "des"), (2, "migrant·e·s"), (2, "migrant·e·s")]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-zé0-9.,'’·()\\- \u{301}\u{ad}]|.){0,60}") {
            let tokens = Analyser::default().tokens(&text);
            for token in &tokens {
                proptest::prop_assert!(text.get(token.range.clone()).is_some());
            }
            proptest::prop_assert!(tokens.is_sorted_by_key(|token| token.position));
        }
    }
}
