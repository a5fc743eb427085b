//! Calendars that months are counted in.

use jiff::civil::Date;

/// A calendar, known by its month names or its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    /// The common one.
    Gregorian,
    /// Thailand's: Gregorian days, years counted 543 higher.
    Buddhist,
    /// Iran's solar calendar.
    Jalali,
}

impl Calendar {
    /// Whether `year` falls between 1900 and 2100.
    pub(super) fn has_year(self, year: u32) -> bool {
        match self {
            Calendar::Gregorian => (1900..=2100).contains(&year),
            Calendar::Buddhist => (2443..=2643).contains(&year),
            Calendar::Jalali => (1279..=1478).contains(&year),
        }
    }

    /// The Gregorian day; `None` when there is no such day or its year is out of range.
    pub(super) fn date(self, year: u32, month: u32, day: u32) -> Option<Date> {
        // Thai texts write both countings: a common year stays what it is.
        let common = matches!(self, Calendar::Gregorian) || Calendar::Gregorian.has_year(year);
        if !self.has_year(year) && !common || common && !Calendar::Gregorian.has_year(year) {
            return None;
        }
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day).ok()?;
        match self {
            _ if common => Date::new(year as i16, month, day).ok(),
            Calendar::Buddhist => Date::new(year as i16 - 543, month, day).ok(),
            _ => from_jalali(year as i64, month as i64, day as i64),
        }
    }
}

/// Leap years of the 33-year cycle, right for 1244 to 1473 (Borkowski, "The Persian calendar for 3000 years").
fn is_jalali_leap(year: i64) -> bool {
    matches!(year % 33, 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30)
}

/// Counts from 1 Farvardin 1400, which was 21 March 2021.
fn from_jalali(year: i64, month: i64, day: i64) -> Option<Date> {
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + i64::from(is_jalali_leap(year)),
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let year_length = |year| 365 + i64::from(is_jalali_leap(year));
    let years: i64 = match year {
        1400.. => (1400..year).map(year_length).sum(),
        _ => -(year..1400).map(year_length).sum::<i64>(),
    };
    let months = (month - 1) * 31 - (month - 7).max(0);
    let days = jiff::Span::new().try_days(years + months + day - 1).ok()?;
    Date::constant(2021, 3, 21).checked_add(days).ok()
}

#[cfg(test)]
mod tests {
    use super::Calendar::*;

    #[test]
    fn days_of_other_calendars() {
        for (calendar, (year, month, day), wanted) in [
            (Jalali, (1400, 1, 1), Some("2021-03-21")),
            (Jalali, (1398, 10, 21), Some("2020-01-11")),
            (Jalali, (1399, 12, 30), Some("2021-03-20")),
            (Jalali, (1400, 12, 30), None),
            (Jalali, (1403, 12, 30), Some("2025-03-20")),
            (Jalali, (1357, 11, 22), Some("1979-02-11")),
            (Jalali, (1400, 7, 31), None),
            (Buddhist, (2563, 2, 29), Some("2020-02-29")),
            (Buddhist, (2020, 2, 29), Some("2020-02-29")),
            (Gregorian, (2563, 2, 28), None),
            (Gregorian, (2021, 2, 29), None),
            (Gregorian, (1899, 2, 1), None),
        ] {
            let date = calendar.date(year, month, day).map(|date| date.to_string());
            assert_eq!(date.as_deref(), wanted, "{calendar:?} {year} {month} {day}");
        }
    }
}
