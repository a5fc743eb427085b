//! # Where does a word begin and end?
//!
//! A piece is a run of letters and figures. Pieces that touch over an apostrophe, hyphen, dot or bracket are one
//! compound; what the joint means is decided by whoever reads the compound.

use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// Pieces one compound may have; a longer chain is read in parts.
const MAX_PIECES: usize = 24;

/// What stands between two pieces that touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Nothing: the last piece of the compound.
    End,
    /// Any apostrophe.
    Apostrophe,
    /// An apostrophe with no word behind it (`l' école`, written by mistake): the last piece of the compound.
    Trailing,
    /// Any hyphen.
    Hyphen,
    /// A full stop.
    Dot,
    /// A dot in the middle of the line.
    Middot,
    /// An opening bracket, or the closing one behind it.
    Bracket,
}

/// A run of letters and figures, and what follows it.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What joins it to the next piece.
    pub joint: Joint,
}

/// Articles and conjunctions that lose their vowel, without the apostrophe.
const ELIDED: [&str; 14] =
    ["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu"];

/// What English hangs on with an apostrophe.
const ENGLISH_ENDINGS: [&str; 7] = ["s", "t", "d", "m", "ll", "re", "ve"];

/// Whether `word`, written before an apostrophe, is an elided article or the like.
pub fn is_elided(word: &str) -> bool {
    word.len() <= 6 && ELIDED.iter().any(|elided| elided.eq_ignore_ascii_case(word))
}

/// Whether `word`, written after an apostrophe, is an ending and no word of its own.
pub fn is_english_ending(word: &str) -> bool {
    word.len() <= 2 && ENGLISH_ENDINGS.iter().any(|ending| ending.eq_ignore_ascii_case(word))
}

/// Start of the first letter or figure at or after `from`.
pub fn next_word(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            if bytes[at].is_ascii_alphanumeric() {
                return Some(at);
            }
            at += 1;
        } else {
            let c = text[at..].chars().next()?;
            if is_of_word(c) {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }
    None
}

/// Reads the compound that starts at `start` and returns where it ends.
pub fn compound(text: &str, start: usize, pieces: &mut Vec<Piece>) -> usize {
    pieces.clear();
    let mut at = start;
    loop {
        let end = piece_end(text, at);
        let (joint, next) = joint(text, end);
        pieces.push(Piece { range: at..end, joint });
        if matches!(joint, Joint::End | Joint::Trailing) {
            return next;
        }
        if pieces.len() == MAX_PIECES {
            if let Some(last) = pieces.last_mut() {
                last.joint = Joint::End;
            }
            return next;
        }
        at = next;
    }
}

fn piece_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        if bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        if bytes[at].is_ascii() {
            break;
        }
        match text[at..].chars().next() {
            Some(c) if is_of_word(c) || is_silent(c) => at += c.len_utf8(),
            _ => break,
        }
    }
    at
}

/// A letter or figure; the apostrophe that Unicode calls a letter is none.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() && c != 'ʼ'
}

/// Signs inside a word that are no letters of it: marks, soft hyphens, zero-width characters.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') || is_combining_mark(c)
}

/// What joins the piece that ends at `end` to the next one, and where that starts (or where to read on).
fn joint(text: &str, end: usize) -> (Joint, usize) {
    let mut rest = text[end..].chars();
    let Some(sign) = rest.next() else { return (Joint::End, end) };
    let joint = match sign {
        '\'' | '’' | 'ʼ' | '‘' | '`' | '´' | '′' | '＇' => Joint::Apostrophe,
        '-' | '‐' | '\u{2011}' => Joint::Hyphen,
        '.' => Joint::Dot,
        '·' | '•' | '‧' | '⋅' | '∙' | '・' => Joint::Middot,
        '(' | ')' => Joint::Bracket,
        _ => return (Joint::End, end),
    };
    let next = end + sign.len_utf8();
    match rest.next() {
        Some(c) if is_of_word(c) => (joint, next),
        _ if joint == Joint::Apostrophe => (Joint::Trailing, next),
        _ => (Joint::End, next),
    }
}

/// Pieces that are one word without their joints: initials (`O.N.G.`), `aujourd'hui`. How many, and the word.
pub fn joined(text: &str, pieces: &[Piece]) -> Option<(usize, String)> {
    let word = |at: usize| &text[pieces[at].range.clone()];
    let is_initial = |at: usize| pieces.get(at).is_some_and(|_| word(at).len() == 1 && is_letter(word(at)));
    let mut count = 0;
    while is_initial(count) && (count == 0 || pieces[count - 1].joint == Joint::Dot) {
        count += 1;
    }
    if count >= 2 {
        return Some((count, (0..count).map(word).collect()));
    }
    let today = pieces.len() > 1
        && pieces[0].joint == Joint::Apostrophe
        && word(0).eq_ignore_ascii_case("aujourd")
        && word(1).eq_ignore_ascii_case("hui");
    today.then(|| (2, "aujourdhui".to_owned()))
}

fn is_letter(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphabetic())
}
