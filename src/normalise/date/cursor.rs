//! A reading position in a text, with bounded steps: no step reads further than a few words.

use unicode_normalization::char::is_combining_mark;

/// Longest run of digits, of letters and of blanks that can belong to a date.
const DIGITS: usize = 20;
const LETTERS: usize = 24;
const BLANKS: usize = 6;

/// A number as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    /// Its value; at most 20 digits are read.
    pub(super) value: u64,
    /// How many digits it has.
    pub(super) digits: usize,
    /// Whether the digits are Persian ones (U+06F0 and following).
    pub(super) persian: bool,
}

/// A position in a text, always between two characters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    /// The position one character (`before`, which stands there) before `of`.
    pub(super) fn new_before(of: Self, before: char) -> Self {
        Self { text: of.text, at: of.at - before.len_utf8() }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Steps over the next character if `wanted` holds for it.
    pub(super) fn eat(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let c = self.peek().filter(|c| wanted(*c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Steps over a number; `None` (without a step) where there is none or it is too long.
    pub(super) fn number(&mut self) -> Option<Number> {
        let mut number = Number { value: 0, digits: 0, persian: false };
        let mut ahead = *self;
        while let Some((c, digit)) = ahead.peek().and_then(|c| Some((c, digit(c)?))) {
            if number.digits == DIGITS {
                return None;
            }
            number.value = number.value.saturating_mul(10).saturating_add(u64::from(digit));
            number.digits += 1;
            number.persian |= ('\u{6F0}'..='\u{6F9}').contains(&c);
            ahead.next();
        }
        if number.digits == 0 {
            return None;
        }
        *self = ahead;
        Some(number)
    }

    /// Steps over a word of letters and their marks; `None` (without a step) where there is none or it is too long.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let mut ahead = *self;
        let mut letters = 0;
        while ahead.eat(is_letter).is_some() {
            letters += 1;
            if letters > LETTERS {
                return None;
            }
        }
        if letters == 0 {
            return None;
        }
        let word = &self.text[self.at..ahead.at];
        *self = ahead;
        Some(word)
    }

    /// Steps over blanks and says whether there were any.
    pub(super) fn blanks(&mut self) -> bool {
        let start = self.at;
        for _ in 0..BLANKS {
            if self.eat(is_blank).is_none() {
                break;
            }
        }
        self.at > start
    }

    /// Whether a number starts here.
    pub(super) fn at_digit(&self) -> bool {
        self.peek().is_some_and(|c| digit(c).is_some())
    }

    /// The word that ends just before this position, with its start.
    pub(super) fn word_before(&self) -> Option<(usize, &'t str)> {
        let before = &self.text[..self.at];
        let mut start = self.at;
        for (letters, (at, c)) in before.char_indices().rev().enumerate() {
            if !is_letter(c) {
                break;
            }
            if letters == LETTERS {
                return None;
            }
            start = at;
        }
        (start < self.at).then(|| (start, &self.text[start..self.at]))
    }

    /// The character just before this position.
    pub(super) fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    /// The position before the blanks (and those of `also`) that end here.
    pub(super) fn back_over(&self, also: &[char]) -> Cursor<'t> {
        let mut back = *self;
        for _ in 0..BLANKS {
            match back.before() {
                Some(c) if is_blank(c) || also.contains(&c) => back.at -= c.len_utf8(),
                _ => break,
            }
        }
        back
    }
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { c.is_alphabetic() && !is_cjk_unit(c) || is_combining_mark(c) }
}

/// Characters that count years, months and days: never part of a name.
fn is_cjk_unit(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '号' | '號' | '년' | '월' | '일')
}

/// White space of every width and the marks of direction, which stand between the parts of a date.
pub(super) fn is_blank(c: char) -> bool {
    match c {
        ' ' | '\t' | '\n' | '\r' => true,
        _ if c.is_ascii() => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        _ => c.is_whitespace(),
    }
}

/// The first digit of every script whose texts we may meet; its other nine follow in Unicode.
const ZEROS: [u32; 18] = [
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20,
    0x1040, 0x17E0, 0x1810, 0xFF10,
];

/// The value of a decimal digit of any of these scripts.
pub(super) fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let n = c as u32;
    if !(0x0660..=0x1819).contains(&n) && !(0xFF10..=0xFF19).contains(&n) {
        return None;
    }
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&n)).map(|zero| n - zero)
}
