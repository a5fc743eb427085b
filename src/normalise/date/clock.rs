//! The time of day and the zone behind a date.

use super::{cursor::Cursor, reader::Reader, words::folded};
use crate::model::DateValue;
use jiff::{civil::Date, tz::Offset};

/// A time of day as written; 24:00 is allowed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    /// Whether seconds were given, as machines do: then a sign behind is an offset and no range of hours.
    exact: bool,
}

/// Words between a date and its time.
const BEFORE_TIME: [&str; 16] =
    ["a", "at", "um", "las", "as", "om", "kl", "klo", "kello", "klockan", "ore", "alle", "o", "godz", "в", "pukul"];

/// Offsets of the zone names met in feeds and pages, in minutes. Names that several zones share stand for the one
/// that feeds use them for (RFC 822: EST is New York).
#[rustfmt::skip]
const ZONES: [(&str, i32); 66] = [
    ("z", 0), ("gmt", 0), ("utc", 0), ("ut", 0), ("wet", 0), ("west", 60), ("bst", 60), ("ist", 330), ("cet", 60),
    ("cest", 120), ("met", 60), ("mest", 120), ("mez", 60), ("mesz", 120), ("eet", 120), ("eest", 180),
    ("hec", 120), ("hnec", 60), ("msk", 180), ("msd", 240), ("trt", 180), ("sast", 120), ("wat", 60), ("cat", 120),
    ("eat", 180), ("idt", 180), ("gst", 240), ("pkt", 300), ("npt", 345), ("bdt", 360), ("ict", 420), ("wib", 420),
    ("wita", 480), ("wit", 540), ("sgt", 480), ("hkt", 480), ("pht", 480), ("myt", 480), ("awst", 480),
    ("jst", 540), ("kst", 540), ("acst", 570), ("acdt", 630), ("aest", 600), ("aedt", 660), ("nzst", 720),
    ("nzdt", 780), ("est", -300), ("edt", -240), ("et", -300), ("cst", -360), ("cdt", -300), ("ct", -360),
    ("mst", -420), ("mdt", -360), ("pst", -480), ("pdt", -420), ("pt", -480), ("akst", -540), ("akdt", -480),
    ("hst", -600), ("ast", -240), ("adt", -180), ("nst", -210), ("brt", -180), ("art", -180),
];

/// The date with the time that follows it at `end`, and where that ends; a day where no time follows.
pub(super) fn with_time(reader: &Reader<'_>, date: Date, end: usize) -> (Option<DateValue>, usize) {
    let day = (DateValue::from_date(date), end);
    let Some((clock, mut after, by_machine)) = time_after(Cursor::new(reader.text, end)) else { return day };
    let zone = zone(after, by_machine || clock.exact);
    if let Some((_, end)) = zone {
        after = end;
    }
    match clock.on(date, zone.map(|(offset, _)| offset)) {
        Some(value) => (Some(value), after.at()),
        None => day,
    }
}

fn time_after(mut c: Cursor<'_>) -> Option<(Clock, Cursor<'_>, bool)> {
    let mut by_machine = c;
    if by_machine.eat(|c| matches!(c, 'T' | 't')).is_some() && by_machine.at_digit() {
        return read(by_machine, false).map(|(clock, end)| (clock, end, true));
    }
    let mut marked = false;
    for _ in 0..3 {
        c.blanks();
        if c.eat(|c| matches!(c, ',' | '-' | '–' | '—' | '|' | '•' | '·' | '@' | '/' | '(' | ';')).is_some() {
            c.blanks();
        }
        if c.at_digit() {
            return read(c, marked).map(|(clock, end)| (clock, end, false));
        }
        if !BEFORE_TIME.contains(&folded(c.word()?).as_str()) {
            return None;
        }
        c.eat(|c| c == '.');
        marked = true;
    }
    None
}

/// Reads `10:30`, `10:30:05.123`, `10h30`, `10 h 30`, `10h`, `10.30 Uhr`, `10:30 pm`, `10 a.m.`; `10.30` and
/// `10 heures` only where `marked` says that a time is expected.
pub(super) fn read(start: Cursor<'_>, marked: bool) -> Option<(Clock, Cursor<'_>)> {
    let mut c = start;
    let hour = c.number().filter(|number| number.digits <= 2 && number.value <= 24)?;
    let hour = hour.value as i8;
    let (clock, end) = with_colon(hour, c)
        .or_else(|| with_hour_word(hour, c, marked))
        .or_else(|| with_dot(hour, c, marked))
        .or_else(|| meridiem(c).map(|_| (Clock { hour, ..Clock::default() }, c)))?;
    let Some((afternoon, after)) = meridiem(end).filter(|_| (1..=12).contains(&clock.hour)) else {
        return Some((clock, end));
    };
    let hour = clock.hour % 12 + if afternoon { 12 } else { 0 };
    Some((Clock { hour, ..clock }, after))
}

/// `101010`, `1010` or `10`: the time of ISO 8601's basic format; also `10-10-10`, as programs write it that want no
/// colon in a file name.
pub(super) fn read_basic(start: Cursor<'_>) -> Option<(Clock, Cursor<'_>)> {
    let mut c = start;
    let number = c.number()?;
    let mut ahead = c;
    if number.digits == 2
        && number.value <= 24
        && let Some(minute) = ahead.eat(|c| c == '-').and_then(|_| two_digits(&mut ahead, 59))
        && let Some(second) = ahead.eat(|c| c == '-').and_then(|_| two_digits(&mut ahead, 60))
    {
        return Some((Clock { hour: number.value as i8, minute, second, exact: true }, ahead));
    }
    let value = match number.digits {
        2 => number.value * 10_000,
        4 => number.value * 100,
        6 => number.value,
        _ => return None,
    };
    skip_fraction(&mut c);
    let (hour, minute, second) = (value / 10_000, value / 100 % 100, value % 100);
    let exact = number.digits == 6;
    let fits = hour <= 24 && minute < 60 && second <= 60;
    fits.then_some((Clock { hour: hour as i8, minute: minute as i8, second: second as i8, exact }, c))
}

fn two_digits(c: &mut Cursor<'_>, limit: u64) -> Option<i8> {
    let mut ahead = *c;
    let number = ahead.number().filter(|number| number.digits == 2 && number.value <= limit)?;
    *c = ahead;
    Some(number.value as i8)
}

fn skip_fraction(c: &mut Cursor<'_>) {
    let mut ahead = *c;
    if ahead.eat(|c| matches!(c, '.' | ',')).is_some() && ahead.number().is_some() {
        *c = ahead;
    }
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：' | '∶')
}

fn with_colon(hour: i8, mut c: Cursor<'_>) -> Option<(Clock, Cursor<'_>)> {
    c.eat(is_colon)?;
    let minute = two_digits(&mut c, 59)?;
    let mut clock = Clock { hour, minute, ..Clock::default() };
    let mut ahead = c;
    if ahead.eat(is_colon).is_some() && ahead.at_digit() {
        clock.second = two_digits(&mut ahead, 60)?;
        clock.exact = true;
        c = ahead;
        skip_fraction(&mut c);
    }
    Some((clock, c))
}

fn with_hour_word(hour: i8, mut c: Cursor<'_>, marked: bool) -> Option<(Clock, Cursor<'_>)> {
    let apart = c.blanks();
    let word = folded(c.word()?);
    let is_long = matches!(word.as_str(), "heures" | "heure" | "horas" | "hours" | "uur");
    if !(matches!(word.as_str(), "h" | "hs" | "hrs" | "u" | "uhr") || marked && is_long) {
        return None;
    }
    let mut ahead = c;
    if apart {
        ahead.blanks();
    }
    match two_digits(&mut ahead, 59) {
        Some(minute) => Some((Clock { hour, minute, ..Clock::default() }, ahead)),
        None => Some((Clock { hour, ..Clock::default() }, c)),
    }
}

fn with_dot(hour: i8, mut c: Cursor<'_>, marked: bool) -> Option<(Clock, Cursor<'_>)> {
    c.eat(|c| c == '.')?;
    let minute = two_digits(&mut c, 59)?;
    let mut ahead = c;
    if ahead.eat(|c| c == '.').is_some() && ahead.at_digit() {
        return None;
    }
    let mut after = c;
    after.blanks();
    let named = after.word().is_some_and(|word| matches!(folded(word).as_str(), "uhr" | "h" | "hrs" | "hod"));
    let certain = marked || named || meridiem(c).is_some();
    certain.then_some((Clock { hour, minute, ..Clock::default() }, if named { after } else { c }))
}

/// Whether `pm` follows, and where it ends: `am`, `PM`, `a.m.`, `p. m.`.
fn meridiem(mut c: Cursor<'_>) -> Option<(bool, Cursor<'_>)> {
    c.blanks();
    let word = c.word()?;
    let afternoon = matches!(word.as_bytes(), [b'p' | b'P', ..]);
    if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
        return Some((afternoon, c));
    }
    if !word.eq_ignore_ascii_case("a") && !word.eq_ignore_ascii_case("p") {
        return None;
    }
    c.eat(|c| c == '.')?;
    c.blanks();
    c.word().filter(|word| word.eq_ignore_ascii_case("m"))?;
    c.eat(|c| c == '.');
    Some((afternoon, c))
}

/// The zone at `c`: a name, an offset, or both (`GMT+0200`). Bare offsets count only where `offsets` says so.
pub(super) fn zone(mut c: Cursor<'_>, offsets: bool) -> Option<(Offset, Cursor<'_>)> {
    c.blanks();
    if matches!(c.peek(), Some('+' | '-' | '−')) {
        return if offsets { offset(c) } else { None };
    }
    let word = c.word().filter(|word| word.bytes().all(|b| b.is_ascii_uppercase()) || *word == "z")?;
    let (_, minutes) = ZONES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name))?;
    let named = (Offset::from_seconds(minutes * 60).ok()?, c);
    if *minutes != 0 {
        return Some(named);
    }
    let mut signed = c;
    signed.blanks();
    offset(signed).or(Some(named))
}

/// `+02:00`, `+0200`, `+02`, `+2`, `-5:30`; at most fifteen hours.
fn offset(mut c: Cursor<'_>) -> Option<(Offset, Cursor<'_>)> {
    let sign = if c.eat(|c| matches!(c, '+' | '-' | '−'))? == '+' { 1 } else { -1 };
    let number = c.number()?;
    let minutes = match number.digits {
        1 | 2 => {
            let mut ahead = c;
            let minutes = ahead.eat(is_colon).and_then(|_| two_digits(&mut ahead, 59));
            if minutes.is_some() {
                c = ahead;
            }
            number.value as i32 * 60 + i32::from(minutes.unwrap_or(0))
        }
        3 | 4 if number.value % 100 < 60 => (number.value / 100 * 60 + number.value % 100) as i32,
        _ => return None,
    };
    if minutes > 15 * 60 {
        return None;
    }
    Some((Offset::from_seconds(sign * minutes * 60).ok()?, c))
}

impl Clock {
    /// This time on `date`; 24:00 is the next day, a leap second the second before.
    pub(super) fn on(self, date: Date, offset: Option<Offset>) -> Option<DateValue> {
        let (date, hour) = match (self.hour, self.minute, self.second) {
            (24, 0, 0) => (date.tomorrow().ok()?, 0),
            (hour, _, _) => (date, hour),
        };
        let time = jiff::civil::Time::new(hour, self.minute, self.second.min(59), 0).ok()?;
        DateValue::minute(date.to_datetime(time), offset)
    }
}
