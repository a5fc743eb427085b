//! Reads a string that is nothing but a date.

use super::{
    clock::{self, Clock},
    cursor::Cursor,
    reader::{Reader, Seen},
    words::{self, folded},
};
use crate::model::{DateValue, Lang};
use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};

/// Longest string that is read, in bytes.
const LONGEST: usize = 160;

/// Reads a text that is nothing but a date: machine formats (RFC 3339, RFC 2822 and its many misspellings, ISO basic,
/// epoch, asctime, JavaScript) and written ones ("1er décembre 2021", "March 2, 2022", "21.01.2020"), with or
/// without weekday, time and zone; also a bare year or month with that precision. `lang` decides only what is
/// ambiguous: 03/04/2021 is the 4th of March in English and the 3rd of April elsewhere and without `lang` (give none
/// for British pages). `None` for nonsense; never a guess of a missing year.
pub fn parse(text: &str, lang: Option<Lang>) -> Option<DateValue> {
    let around =
        |c: char| c.is_whitespace() || c.is_control() || "\"'«»“”„()[]:;,.\u{200e}\u{200f}\u{feff}".contains(c);
    let text = text.trim_start_matches(around).trim_end_matches(|c| around(c) && c != ')' && c != ']');
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if let Some(value) = digits_alone(text) {
        return Some(value);
    }
    let mut parts = Parts { reader: Reader { text, lang, whole: true }, ..Parts::new(text) };
    parts.read()?;
    parts.value()
}

/// `2021`, seconds or milliseconds since 1970, `20211201101010`.
fn digits_alone(text: &str) -> Option<DateValue> {
    let (digits, rest) = text.split_once('.').unwrap_or((text, ""));
    if !digits.bytes().chain(rest.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    match (digits.len(), rest.len()) {
        (4, 0) => DateValue::year(i16::try_from(number).ok()?),
        (10, _) => DateValue::from_timestamp(Timestamp::from_second(number).ok()?),
        (13, _) => DateValue::from_timestamp(Timestamp::from_millisecond(number).ok()?),
        (12 | 14, 0) => {
            let (day, time) = digits.split_at(8);
            let day: u32 = day.parse().ok()?;
            let date = Date::new((day / 10_000) as i16, (day / 100 % 100) as i8, (day % 100) as i8).ok()?;
            let (clock, _) = clock::read_basic(Cursor::new(time, 0))?;
            clock.on(date, None)
        }
        _ => None,
    }
}

/// What was read so far.
struct Parts<'t> {
    reader: Reader<'t>,
    at: Cursor<'t>,
    seen: Option<Seen>,
    year: Option<i16>,
    clock: Option<Clock>,
    offset: Option<Offset>,
    zone: Option<TimeZone>,
    month_at: Option<usize>,
}

impl<'t> Parts<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            reader: Reader { text, lang: None, whole: true },
            at: Cursor::new(text, 0),
            seen: None,
            year: None,
            clock: None,
            offset: None,
            zone: None,
            month_at: None,
        }
    }

    /// Reads to the end; `None` at the first thing that belongs to no date.
    fn read(&mut self) -> Option<()> {
        while let Some(c) = self.at.peek() {
            if self.at.at_digit() {
                self.number()?;
            } else if matches!(c, '+' | '-' | '−') && self.offset().is_some() {
                continue;
            } else if c == '(' || c == '[' {
                let close = if c == '(' { ')' } else { ']' };
                let length = self.reader.text[self.at.at()..].find(close)?;
                self.at = Cursor::new(self.reader.text, self.at.at() + length + 1);
            } else if c.is_alphabetic() {
                self.word()?;
            } else if super::cursor::is_blank(c) || ",.;:|·•-–—/'’@،\"".contains(c) {
                self.at.next();
            } else {
                return None;
            }
        }
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        if self.clock.is_none() {
            let basic = || {
                let marked = matches!(self.at.before(), Some('T' | 't' | ' '));
                if marked && self.seen.is_some() { clock::read_basic(self.at) } else { None }
            };
            let time = clock::read(self.at, self.seen.is_some());
            if let Some((clock, end)) = time.filter(|(_, end)| !is_more_of_it(*end)).or_else(basic) {
                self.clock = Some(clock);
                self.at = end;
                return Some(());
            }
        }
        match self.seen {
            None => {
                let hit = self.reader.hit(self.at.at())?;
                if self.month_at.is_some_and(|at| at < hit.start) {
                    return None;
                }
                self.seen = Some(hit.seen);
                self.at = Cursor::new(self.reader.text, hit.end);
            }
            // asctime puts the year behind the time.
            Some(Seen::DayMonth { .. }) if self.year.is_none() => {
                let number = self.at.number().filter(|number| number.digits == 4)?;
                self.year = Some(number.value as i16);
            }
            Some(_) => return None,
        }
        Some(())
    }

    fn offset(&mut self) -> Option<()> {
        if self.clock.is_none() || self.seen.is_none() || self.offset.is_some() {
            return None;
        }
        let (offset, end) = clock::zone(self.at, true)?;
        self.offset = Some(offset);
        self.at = end;
        Some(())
    }

    fn word(&mut self) -> Option<()> {
        let start = self.at;
        let word = self.at.word()?;
        let name = folded(word);
        if self.clock.is_some() && self.offset.is_none() {
            if let Some((offset, end)) = clock::zone(start, true) {
                self.offset = Some(offset);
                self.at = end;
                return Some(());
            }
            if self.named_zone(start).is_some() {
                return Some(());
            }
        }
        let weekday = words::weekday(&name).is_some();
        if self.seen.is_none() && self.month_at.is_none() && words::month(&name, self.reader.lang, true).is_some() {
            // "mar." is March and mardi: then a month that goes unused is no mistake.
            self.month_at = (!weekday).then_some(start.at());
            return Some(());
        }
        // RFC 2822, section 4.3: a zone nobody knows says nothing.
        let unknown_zone = self.clock.is_some() && word.len() <= 5 && word.bytes().all(|b| b.is_ascii_uppercase());
        let known = weekday || words::is_filler(&name) || unknown_zone;
        known.then_some(())
    }

    /// `Europe/Paris`.
    fn named_zone(&mut self, start: Cursor<'t>) -> Option<()> {
        let rest = &self.reader.text[start.at()..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "/_-+".contains(c))).unwrap_or(rest.len());
        let name = &rest[..length];
        self.zone = Some(TimeZone::get(name).ok().filter(|_| name.contains('/'))?);
        self.at = Cursor::new(self.reader.text, start.at() + length);
        Some(())
    }

    fn value(self) -> Option<DateValue> {
        let date = match self.seen? {
            Seen::Full(date) | Seen::Short(date) if self.year.is_none() => date,
            Seen::Month { year, month } if self.year.is_none() && self.clock.is_none() => {
                return DateValue::month(year, month);
            }
            Seen::DayMonth { month, day } => Date::new(self.year?, month, day).ok()?,
            _ => return None,
        };
        let Some(clock) = self.clock else { return DateValue::from_date(date) };
        let value = clock.on(date, self.offset)?;
        let Some(zone) = self.zone else { return Some(value) };
        DateValue::minute(value.civil(), Some(zone.to_offset(value.timestamp(&zone))))
    }
}

/// Whether a further colon and number follow: `2021:12:01` has no time in it.
fn is_more_of_it(mut c: Cursor<'_>) -> bool {
    c.eat(|c| c == ':').is_some() && c.at_digit()
}
