//! Which day do these words name?
//!
//! Three questions: [`parse`] is this whole string a date, [`find`] which full dates stand in this text,
//! [`find_partial`] which half dates ("le 24 janvier", "mars 2025", "12/11/21") stand there for a caller who has
//! second evidence for the rest.
//!
//! ```
//! use communique::{model::Lang, normalise::date};
//! let day = date::parse("lundi 1er décembre 2021", Some(Lang::FR)).map(|value| value.to_string());
//! assert_eq!(day.as_deref(), Some("2021-12-01"));
//! let found = date::find("Paris12 January 2022 - version 1.2.2020", None);
//! assert_eq!(found.len(), 1);
//! assert_eq!(found[0].range, 5..20);
//! ```
//!
//! Every date has a number, so the scan jumps from number to number and looks a bounded way to both sides: the cost
//! is linear in the text. `reader` and `numbers` read a date at a number, `clock` the time and zone behind it, `whole` what only
//! machines write. A further language is one line of `words`; a further calendar one variant of `calendar::Calendar`.

mod calendar;
mod clock;
mod cursor;
mod numbers;
mod reader;
mod whole;
mod words;

pub use whole::parse;

use crate::model::{DateValue, Lang};
use jiff::civil::Weekday;
use reader::{Reader, Seen};
use std::ops::Range;

/// A date in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The value with the precision that the words give.
    pub value: DateValue,
    /// Byte range of the words in the text.
    pub range: Range<usize>,
}

/// Half a date: what is missing must come from somewhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partial {
    /// A day without its year; the weekday, where one was written, tells years apart.
    DayMonth {
        /// 1 to 12.
        month: i8,
        /// 1 to 31, at most the length of the month.
        day: i8,
        /// The weekday before the day.
        weekday: Option<Weekday>,
    },
    /// A month with its year.
    Month(DateValue),
    /// A day whose year has only two digits, read as the years from 1970 to 2069.
    ShortYear(DateValue),
}

/// Half a date in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPartial {
    /// What the words give.
    pub value: Partial,
    /// Byte range of the words in the text.
    pub range: Range<usize>,
}

/// Every full date (day, month and year of four digits) in running text, in order, without overlap. A weekday before
/// and a time behind belong to the range. Numbers that only look like dates (versions, telephone numbers, prices, IP
/// addresses) are left alone. `lang` decides what is ambiguous, as in [`parse`]. Linear in the length of `text`.
pub fn find(text: &str, lang: Option<Lang>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    Reader::in_text(text, lang).scan(|hit, reader| {
        if let Seen::Full(date) = hit.seen {
            let (value, end) = clock::with_time(reader, date, hit.end);
            let range = reader.with_weekday(hit.start).0..end;
            // In "3 March 2–4, 2022" the month stands between two days: it belongs to the date read first.
            let is_free = found.last().is_none_or(|before| before.range.end <= range.start);
            found.extend(value.filter(|_| is_free).map(|value| Found { value, range }));
            return end;
        }
        hit.end
    });
    found
}

/// Every half date in running text, in order: days without a year, months with a year, days with a year of two
/// digits. Full dates are skipped: they are for [`find`].
pub fn find_partial(text: &str, lang: Option<Lang>) -> Vec<FoundPartial> {
    let mut found = Vec::new();
    Reader::in_text(text, lang).scan(|hit, reader| {
        let (start, weekday) = reader.with_weekday(hit.start);
        let value = match hit.seen {
            Seen::Full(_) => None,
            Seen::DayMonth { month, day } => Some(Partial::DayMonth { month, day, weekday }),
            Seen::Month { year, month } => DateValue::month(year, month).map(Partial::Month),
            Seen::Short(date) => DateValue::from_date(date).map(Partial::ShortYear),
        };
        found.extend(value.map(|value| FoundPartial { value, range: start..hit.end }));
        hit.end
    });
    found
}

#[cfg(test)]
mod tests;
