//! Reads a date at a number.

use super::{
    calendar::Calendar,
    cursor::{Cursor, Number, digit},
    words::{self, Month, folded},
};
use crate::model::Lang;
use jiff::civil::{Date, Weekday};

/// What the words around a number say.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen {
    /// Day, month and year.
    Full(Date),
    /// Day, month and a year of two digits.
    Short(Date),
    /// No year.
    DayMonth { month: i8, day: i8 },
    /// No day.
    Month { year: i16, month: i8 },
}

/// A date, and its byte range without a weekday.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) seen: Seen,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A year as written.
enum Year {
    Full(u32),
    Short(u32),
}

/// A text and how to read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) lang: Option<Lang>,
    /// Whether the text is nothing but a date: then more forms are safe.
    pub(super) whole: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn in_text(text: &'t str, lang: Option<Lang>) -> Self {
        Self { text, lang, whole: false }
    }

    /// Gives every hit to `take`, which says where to go on.
    pub(super) fn scan(&self, mut take: impl FnMut(&Hit, &Self) -> usize) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            // First bytes of digits in other scripts are among these; the rest of the text is passed by the byte.
            let may_be_digit = matches!(bytes[at], b'0'..=b'9' | 0xD9 | 0xDB | 0xE0 | 0xE1 | 0xEF);
            if !may_be_digit || !Cursor::new(self.text, at).at_digit() {
                at += 1;
                continue;
            }
            let end_of_number = end_of_digits(self.text, at);
            let next = self.hit(at).map(|hit| take(&hit, self));
            at = next.unwrap_or(end_of_number).max(end_of_number);
        }
    }

    /// The date of which the number at `at` is the first number.
    pub(super) fn hit(&self, at: usize) -> Option<Hit> {
        let start = Cursor::new(self.text, at);
        let mut after = start;
        let number = after.number()?;
        match number.digits {
            1 | 2 => self.day_or_month_first(start, number, after),
            4 => self.year_first(start, number, after).or_else(|| self.month_and_year(start, number, after)),
            8 if self.whole => {
                let (year, month, day) = (number.value / 10_000, number.value / 100 % 100, number.value % 100);
                let date = Calendar::Gregorian.date(year as u32, month as u32, day as u32)?;
                Some(Hit { seen: Seen::Full(date), start: at, end: after.at() })
            }
            _ => None,
        }
    }

    fn day_or_month_first(&self, start: Cursor<'t>, number: Number, after: Cursor<'t>) -> Option<Hit> {
        let is_full = |hit: &Option<Hit>| hit.is_some_and(|hit| !matches!(hit.seen, Seen::DayMonth { .. }));
        let named = self.day_then_month(start, number, after);
        if is_full(&named) {
            return named;
        }
        if let Some(hit) = self.numbers_year_last(start, number, after) {
            return Some(hit);
        }
        let led = self.month_then_day(start, number, after);
        if is_full(&led) { led } else { named.or(led) }
    }

    /// `12 January 2022`, `1er décembre 2021`, `3. März 2025`, `12 de enero de 2020`, `03-Mar-2025`.
    fn day_then_month(&self, start: Cursor<'t>, day: Number, after: Cursor<'t>) -> Option<Hit> {
        if is_part_of_figure(start, &['.', ':']) {
            return None;
        }
        let (month, after_month) = self.month_after_day(after)?;
        match self.year_after(after_month, month.short) {
            Some((year, end)) => self.dated(year, month, day, start.at(), end),
            None => day_and_month(month, day, start.at(), after_month.at()),
        }
    }

    pub(super) fn month_after_day(&self, mut c: Cursor<'t>) -> Option<(Month, Cursor<'t>)> {
        for _ in 0..4 {
            c.blanks();
            let mark = |c| matches!(c, '.' | '-' | '/' | '‑' | '°' | '\'' | '’') || self.whole && c == ',';
            if c.eat(mark).is_some() {
                c.blanks();
            }
            let name = folded(c.word()?);
            if let Some(month) = self.month_named(&name, &mut c) {
                return Some((month, c));
            }
            if !words::is_link(&name) {
                return None;
            }
        }
        None
    }

    /// The month that `name` begins; steps over the rest of a name of two words.
    fn month_named(&self, name: &str, c: &mut Cursor<'t>) -> Option<Month> {
        let month = words::month(name, self.lang, self.whole).or_else(|| self.month_of_two_words(name, c))?;
        // Arabic newspapers give both names: "نيسان / أبريل".
        let mut ahead = *c;
        ahead.blanks();
        if ahead.eat(|c| c == '/').is_some() {
            ahead.blanks();
            let second = ahead.word().and_then(|word| words::month(&folded(word), self.lang, self.whole));
            if second.is_some_and(|second| second.number == month.number) {
                *c = ahead;
            }
        }
        Some(month)
    }

    fn month_of_two_words(&self, name: &str, c: &mut Cursor<'t>) -> Option<Month> {
        let mut ahead = *c;
        ahead.blanks();
        let month = match name {
            "thang" => words::numbered_month(ahead.number()?.value)?,
            "كانون" | "تشرين" => words::two_word_month(name, &folded(ahead.word()?))?,
            _ => return None,
        };
        *c = ahead;
        Some(month)
    }

    /// The year behind a month or day: marks, then links (`de`, `năm`), then the number.
    fn year_after(&self, mut c: Cursor<'t>, after_short: bool) -> Option<(Year, Cursor<'t>)> {
        let mut apostrophe = false;
        for _ in 0..3 {
            let gap = c.blanks();
            match c.eat(|c| matches!(c, '.' | ',' | '،' | '-' | '/' | '‑' | '\'' | '’')) {
                // A full stop with a blank ends a sentence, unless it ends an abbreviation.
                Some('.') => {
                    if c.blanks() && !after_short && !self.whole {
                        return None;
                    }
                }
                Some('-' | '/' | '‑') if gap || !c.at_digit() => return None,
                Some('\'' | '’') => apostrophe = true,
                Some(_) => apostrophe = c.blanks() && c.eat(|c| matches!(c, '\'' | '’')).is_some(),
                None => apostrophe = false,
            }
            if c.at_digit() {
                return self.year(c.number()?, c, apostrophe);
            }
            if !words::is_link(&folded(c.word()?)) {
                return None;
            }
        }
        None
    }

    fn year(&self, number: Number, end: Cursor<'t>, apostrophe: bool) -> Option<(Year, Cursor<'t>)> {
        match number.digits {
            4 => Some((Year::Full(number.value as u32), end)),
            2 if apostrophe || self.whole && !is_before_clock_mark(end) => {
                Some((Year::Short(pivot(number.value)), end))
            }
            // Years counted from 1900, a well-known mistake of old programs (RFC 2822, section 4.3).
            3 if self.whole && number.value < 200 => Some((Year::Full(1900 + number.value as u32), end)),
            _ => None,
        }
    }

    fn dated(&self, year: Year, month: Month, day: Number, start: usize, end: Cursor<'t>) -> Option<Hit> {
        let day = day.value as u32;
        let seen = match year {
            Year::Full(year) => Seen::Full(month.calendar.date(year, month.number, day)?),
            Year::Short(year) => self.short(Calendar::Gregorian.date(year, month.number, day)?),
        };
        Some(Hit { seen, start, end: end.at() })
    }

    /// A year of two digits is enough where the string is nothing but a date.
    fn short(&self, date: Date) -> Seen {
        if self.whole { Seen::Full(date) } else { Seen::Short(date) }
    }

    /// `March 2, 2022`, `Mar. 2nd 2022`, `March the 2nd, 2022`, `March 2–4, 2022` (its first day), `Mar-02-2025`.
    fn month_then_day(&self, start: Cursor<'t>, day: Number, mut after: Cursor<'t>) -> Option<Hit> {
        let (month_at, month) = self.month_before(start)?;
        skip_ordinal(&mut after);
        let mut end = after;
        let mut ahead = after;
        ahead.blanks();
        if ahead.eat(|c| matches!(c, '-' | '–' | '—')).is_some() {
            ahead.blanks();
            if ahead.number().is_some_and(|number| number.digits <= 2) {
                skip_ordinal(&mut ahead);
                end = ahead;
            }
        }
        if let Some((year, end)) = self.year_after(end, false) {
            return self.dated(year, month, day, month_at, end);
        }
        // Without a year only these languages put the month first: in "en mars 12 enfants" the number counts children.
        let order = self.whole || self.lang.is_none_or(|lang| matches!(lang.as_str(), "en" | "hu" | "lt"));
        if order { day_and_month(month, day, month_at, after.at()) } else { None }
    }

    /// The month named just before `c`, and where its name starts.
    fn month_before(&self, c: Cursor<'t>) -> Option<(usize, Month)> {
        let mut back = c.back_over(&['.', ',', '-', '/']);
        let (mut start, mut word) = back.word_before()?;
        if matches!(word, "the" | "de" | "of" | "del" | "do") {
            back = Cursor::new(self.text, start).back_over(&[]);
            (start, word) = back.word_before()?;
        }
        let month = words::month(&folded(word), self.lang, self.whole).or_else(|| {
            // "ParisMarch 2, 2022": words glued where the page had a line break.
            let (lower, upper) = (char::is_lowercase, char::is_uppercase);
            let mut before = None;
            let seam =
                word.char_indices().filter(|(_, c)| before.replace(*c).is_some_and(lower) && upper(*c)).last()?;
            start += seam.0;
            words::month(&folded(&word[seam.0..]), self.lang, self.whole)
        })?;
        let sentence_ends = self.text[back.at()..c.at()].contains('.') && !month.short && !self.whole;
        (!sentence_ends).then_some((start, month))
    }

    /// `December 2021`, without a day.
    fn month_and_year(&self, start: Cursor<'t>, year: Number, after: Cursor<'t>) -> Option<Hit> {
        let (month_at, month) = self.month_before(start)?;
        let before_month = Cursor::new(self.text, month_at).back_over(&['.', '-', '/']);
        let is_rest_of_a_bad_day = before_month.before().is_some_and(|c| digit(c).is_some());
        if is_rest_of_a_bad_day || month.calendar != Calendar::Gregorian || !month.calendar.has_year(year.value as u32)
        {
            return None;
        }
        let seen = Seen::Month { year: year.value as i16, month: month.number as i8 };
        Some(Hit { seen, start: month_at, end: after.at() })
    }

    /// The start of the weekday just before `start`, or `start` itself.
    pub(super) fn with_weekday(&self, start: usize) -> (usize, Option<Weekday>) {
        let back = Cursor::new(self.text, start).back_over(&[',', '.']);
        match back.word_before() {
            Some((at, word)) if back.at() < start => match words::weekday(&folded(word)) {
                Some(weekday) => (at, Some(weekday)),
                None => (start, None),
            },
            _ => (start, None),
        }
    }
}

fn day_and_month(month: Month, day: Number, start: usize, end: usize) -> Option<Hit> {
    // 2020 is a leap year: the 29 February of an unknown year is a day.
    let date = Date::new(2020, month.number as i8, i8::try_from(day.value).ok()?).ok()?;
    if month.calendar != Calendar::Gregorian {
        return None;
    }
    Some(Hit { seen: Seen::DayMonth { month: date.month(), day: date.day() }, start, end })
}

/// A year of two digits, as the years from 1970 to 2069.
pub(super) fn pivot(year: u64) -> u32 {
    year as u32 + if year < 70 { 2000 } else { 1900 }
}

fn skip_ordinal(c: &mut Cursor<'_>) {
    let mut ahead = *c;
    ahead.eat(|c| matches!(c, '°' | '.'));
    if ahead
        .word()
        .is_some_and(|word| matches!(folded(word).as_str(), "st" | "nd" | "rd" | "th" | "er" | "o" | "a" | "e"))
    {
        *c = ahead;
    }
}

/// Whether a `:` or an `h` follows, so that the number before is an hour.
fn is_before_clock_mark(mut c: Cursor<'_>) -> bool {
    if c.peek() == Some(':') {
        return true;
    }
    c.blanks();
    c.word().is_some_and(|word| matches!(word, "h" | "H" | "u" | "Uhr"))
}

/// Whether the number at `start` goes on something else: an amount, or digits before one of `marks`.
pub(super) fn is_part_of_figure(start: Cursor<'_>, marks: &[char]) -> bool {
    let Some(before) = start.before() else { return false };
    if matches!(before, '$' | '€' | '£' | '#') {
        return true;
    }
    let further = Cursor::new_before(start, before);
    marks.contains(&before) && further.before().is_some_and(|c| digit(c).is_some())
}

/// Where the run of digits at `at` ends.
fn end_of_digits(text: &str, at: usize) -> usize {
    text[at..].char_indices().find(|(_, c)| digit(*c).is_none()).map_or(text.len(), |(offset, _)| at + offset)
}
