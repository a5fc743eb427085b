//! Dates of numbers alone: `21.01.2020`, `2022/11/14`, `2020年1月21日`.

use super::{
    calendar::Calendar,
    cursor::{Cursor, Number, digit},
    reader::{Hit, Reader, Seen, is_part_of_figure, pivot},
    words::{self, folded},
};
use crate::model::Lang;
use jiff::civil::Date;

/// Words before a number with dots that make it a version or a telephone number.
const NO_DATE_AFTER: [&str; 10] = ["v", "version", "ver", "vers", "release", "rev", "build", "tel", "fax", "ip"];

/// What stands between the numbers.
#[derive(PartialEq, Clone, Copy)]
struct Separator {
    mark: char,
    blank: bool,
}

impl<'t> Reader<'t> {
    /// `21.01.2020`, `14/11/2022`, `03-04-2021`, `21. 1. 2020`; a year of two digits is a short one.
    pub(super) fn numbers_year_last(&self, start: Cursor<'t>, first: Number, after: Cursor<'t>) -> Option<Hit> {
        let mut c = after;
        let separator = self.separator(&mut c)?;
        if !self.may_start_numbers(start, separator.mark) {
            return None;
        }
        let second = c.number().filter(|number| number.digits <= 2)?;
        if self.separator(&mut c)?.mark != separator.mark {
            return None;
        }
        let third = c.number()?;
        if self.goes_on(c, separator.mark) {
            return None;
        }
        let seen = match third.digits {
            4 => {
                let (day, month) = self.day_and_month_of(first.value, second.value, separator.mark)?;
                Seen::Full(self.calendar(third).date(third.value as u32, month, day)?)
            }
            2 if self.whole && first.value > 31 => {
                Seen::Full(Calendar::Gregorian.date(pivot(first.value), second.value as u32, third.value as u32)?)
            }
            2 => self.short_year(first, second, third, separator)?,
            _ => return None,
        };
        Some(Hit { seen, start: start.at(), end: c.at() })
    }

    fn short_year(&self, first: Number, second: Number, third: Number, separator: Separator) -> Option<Seen> {
        // In running text "3/4/20" is as often a score, and "1 / 2 / 20" a list.
        if !self.whole && (separator.blank || first.digits + second.digits < 4) {
            return None;
        }
        let (day, month) = self.day_and_month_of(first.value, second.value, separator.mark)?;
        let date = Calendar::Gregorian.date(pivot(third.value), month, day)?;
        Some(if self.whole { Seen::Full(date) } else { Seen::Short(date) })
    }

    /// The day comes first, but for English with slashes or hyphens; a number over 12 decides.
    fn day_and_month_of(&self, first: u64, second: u64, mark: char) -> Option<(u32, u32)> {
        let (first, second) = (u32::try_from(first).ok()?, u32::try_from(second).ok()?);
        let month_first = match (first > 12, second > 12) {
            (true, true) => return None,
            (true, false) => false,
            (false, true) => true,
            (false, false) => mark != '.' && self.lang == Some(Lang::EN),
        };
        Some(if month_first { (second, first) } else { (first, second) })
    }

    /// Iran writes its years with its own digits, or in its own language.
    fn calendar(&self, year: Number) -> Calendar {
        let value = year.value as u32;
        let is = |code| self.lang.is_some_and(|lang: Lang| lang.as_str() == code);
        if (year.persian || is("fa")) && Calendar::Jalali.has_year(value) {
            return Calendar::Jalali;
        }
        if is("th") && Calendar::Buddhist.has_year(value) { Calendar::Buddhist } else { Calendar::Gregorian }
    }

    /// `2022-11-14`, `2022/11/14`, `2020年1月21日`, `2020. 1. 5.`, `2020. január 5.`, `2021-Dec-01`.
    pub(super) fn year_first(&self, start: Cursor<'t>, year: Number, after: Cursor<'t>) -> Option<Hit> {
        let calendar = self.calendar(year);
        let mark = self.separator(&mut { after }).map_or('-', |separator| separator.mark);
        if !calendar.has_year(year.value as u32) || !self.may_start_numbers(start, mark) {
            return None;
        }
        self.year_with_units(start, year, after)
            .or_else(|| self.numbers_year_first(start, year, after, calendar))
            .or_else(|| self.year_then_name(start, year, after))
    }

    fn year_with_units(&self, start: Cursor<'t>, year: Number, mut c: Cursor<'t>) -> Option<Hit> {
        c.blanks();
        c.eat(|c| matches!(c, '年' | '년'))?;
        c.blanks();
        let month = c.number().filter(|number| number.digits <= 2)?.value as i8;
        c.blanks();
        c.eat(|c| matches!(c, '月' | '월'))?;
        let (year, month_end) = (year.value as i16, c.at());
        c.blanks();
        let day = c.number().filter(|number| number.digits <= 2);
        c.blanks();
        if let Some(day) = day
            && c.eat(|c| matches!(c, '日' | '号' | '號' | '일')).is_some()
        {
            let date = Calendar::Gregorian.date(year as u32, month as u32, day.value as u32)?;
            return Some(Hit { seen: Seen::Full(date), start: start.at(), end: c.at() });
        }
        Date::new(year, month, 1).ok()?;
        Some(Hit { seen: Seen::Month { year, month }, start: start.at(), end: month_end })
    }

    fn numbers_year_first(
        &self,
        start: Cursor<'t>,
        year: Number,
        mut c: Cursor<'t>,
        calendar: Calendar,
    ) -> Option<Hit> {
        let separator = self.separator(&mut c)?;
        let month = c.number().filter(|number| number.digits <= 2)?;
        let month_end = c;
        let Some(day) = self
            .separator(&mut c)
            .filter(|second| second.mark == separator.mark)
            .and_then(|_| c.number().filter(|number| number.digits <= 2))
        else {
            let is_month = self.whole && month.digits == 2 && separator.mark == '-';
            let date = is_month.then(|| calendar.date(year.value as u32, month.value as u32, 1))??;
            let seen = Seen::Month { year: date.year(), month: date.month() };
            return Some(Hit { seen, start: start.at(), end: month_end.at() });
        };
        if separator.mark == '.' && !self.whole {
            // "2020.1.5" is a version; "2020. 1. 5." is Korean or Hungarian.
            let closed = c.peek() == Some('.');
            let plain = !separator.blank && month.digits == 2 && day.digits == 2;
            if !(plain || separator.blank && closed) {
                return None;
            }
        }
        if separator.mark == '.' && self.goes_on(c, '.') {
            return None;
        }
        let date = calendar.date(year.value as u32, month.value as u32, day.value as u32)?;
        Some(Hit { seen: Seen::Full(date), start: start.at(), end: c.at() })
    }

    /// The year before a named month, as Hungarian, Lithuanian, Latvian and Basque write it, and programs with hyphens.
    fn year_then_name(&self, start: Cursor<'t>, year: Number, mut c: Cursor<'t>) -> Option<Hit> {
        let own = self.lang.is_some_and(|lang| matches!(lang.as_str(), "hu" | "lt" | "lv" | "eu"));
        for _ in 0..3 {
            c.blanks();
            let mark = c.eat(|c| matches!(c, '.' | ',' | '-' | '/'));
            if !own && !self.whole && !matches!(mark, Some('-' | '/')) {
                return None;
            }
            c.blanks();
            if own && c.at_digit() {
                let day = c.number().filter(|number| number.digits <= 2)?;
                let (month, end) = self.month_after_day(c)?;
                let date = month.calendar.date(year.value as u32, month.number, day.value as u32)?;
                return Some(Hit { seen: Seen::Full(date), start: start.at(), end: end.at() });
            }
            let name = folded(c.word()?);
            if let Some(month) = words::month(&name, self.lang, self.whole) {
                c.blanks();
                c.eat(|c| matches!(c, '.' | '-' | '/'));
                c.blanks();
                let day = c.number().filter(|number| number.digits <= 2)?;
                let date = month.calendar.date(year.value as u32, month.number, day.value as u32)?;
                return Some(Hit { seen: Seen::Full(date), start: start.at(), end: c.at() });
            }
            if !words::is_link(&name) {
                return None;
            }
        }
        None
    }

    fn separator(&self, c: &mut Cursor<'t>) -> Option<Separator> {
        let before = c.blanks();
        let mark = match c.next()? {
            '.' | '．' => '.',
            '/' | '／' | '∕' => '/',
            '-' | '‐' | '‑' | '－' => '-',
            '|' => '|',
            ':' if self.whole => ':',
            _ => return None,
        };
        let blank = c.blanks() || before;
        let allowed = !blank || matches!(mark, '/' | '|') || mark == '.' && (!before || self.whole);
        allowed.then_some(Separator { mark, blank })
    }

    /// Whether what stands before `start` leaves room for a date of numbers with `mark` between. Another mark than
    /// that may stand before: "01.02.2020-05.02.2020".
    fn may_start_numbers(&self, start: Cursor<'t>, mark: char) -> bool {
        if self.whole {
            return true;
        }
        if is_part_of_figure(start, &['.', ',', ':', '\'', mark]) {
            return false;
        }
        if start.before().is_some_and(|c| matches!(c, '+' | '%' | '@')) {
            return false;
        }
        let word = start.back_over(&['.', ':']).word_before();
        !word.is_some_and(|(_, word)| NO_DATE_AFTER.contains(&folded(word).as_str()))
    }

    /// Whether more of the same follows, so that it is no date: `10.12.2020.3`.
    fn goes_on(&self, mut c: Cursor<'t>, mark: char) -> bool {
        if c.at_digit() {
            return true;
        }
        let next = c.next();
        next.is_some_and(|c| matches!(c, '.' | '/' | '-') && c == mark || c == '%')
            && (next == Some('%') || c.peek().is_some_and(|c| digit(c).is_some()))
    }
}
