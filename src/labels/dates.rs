//! How is a date written for a reader? By its precision, never more exactly than it is known.

use super::{Labels, Value};
use crate::model::{DateValue, Lang, Precision};
use jiff::{Timestamp, civil, tz::TimeZone};

const MONTHS: [&str; 12] = [
    "month-01", "month-02", "month-03", "month-04", "month-05", "month-06", "month-07", "month-08", "month-09",
    "month-10", "month-11", "month-12",
];

impl Labels {
    /// A date at its own precision: `2021`, `mars 2021`, `2 mars 2021`. A time of day is left out; the day is that in
    /// `zone`.
    pub fn date(&'static self, date: &DateValue, zone: &TimeZone) -> String {
        let day = date.local_date(zone);
        match date.precision() {
            Precision::Year => format!("{:04}", day.year()),
            Precision::Month => self.month(day),
            Precision::Day | Precision::Minute => self.day(day),
        }
    }

    /// A day: `2 mars 2026`, `2 March 2026`, `1er mars 2026`.
    pub fn day(&'static self, day: civil::Date) -> String {
        let number = match (self.lang(), day.day()) {
            (Lang::FR, 1) => "1er".to_owned(),
            (_, number) => number.to_string(),
        };
        format!("{number}\u{a0}{}", self.month(day))
    }

    /// A month of a year: `mars 2026`.
    pub fn month(&'static self, day: civil::Date) -> String {
        let name = usize::try_from(day.month()).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
        format!("{} {:04}", self.text(name.copied().unwrap_or("month-01")), day.year())
    }

    /// An instant in `zone`: `2 mars 2026 à 9 h 05`, `2 March 2026 at 9:05`.
    pub fn moment(&'static self, at: Timestamp, zone: &TimeZone) -> String {
        let local = zone.to_datetime(at);
        self.with(
            "moment",
            &[
                ("day", Value::from(self.day(local.date()))),
                ("hour", Value::from(local.hour().to_string())),
                ("minute", Value::from(format!("{:02}", local.minute()))),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> (String, String) {
        let date: DateValue = text.parse().unwrap();
        let paris = TimeZone::get("Europe/Paris").unwrap();
        (Labels::get(Lang::FR).date(&date, &paris), Labels::get(Lang::EN).date(&date, &paris))
    }

    #[test]
    fn a_date_is_never_shown_more_exactly_than_it_is_known() {
        for (date, french, english) in [
            ("2021", "2021", "2021"),
            ("2021-12", "décembre 2021", "December 2021"),
            ("2026-03-02", "2\u{a0}mars 2026", "2\u{a0}March 2026"),
            ("2021-08-01", "1er\u{a0}août 2021", "1\u{a0}August 2021"),
            ("2021-12-31T23:30:00Z", "1er\u{a0}janvier 2022", "1\u{a0}January 2022"),
        ] {
            assert_eq!(both(date), (french.to_owned(), english.to_owned()), "{date}");
        }
    }

    #[test]
    fn an_instant_is_shown_in_the_zone() {
        let at: Timestamp = "2026-03-02T08:05:00Z".parse().unwrap();
        let paris = TimeZone::get("Europe/Paris").unwrap();
        assert_eq!(Labels::get(Lang::FR).moment(at, &paris), "2\u{a0}mars 2026 à 9\u{a0}h\u{a0}05");
        assert_eq!(Labels::get(Lang::EN).moment(at, &paris), "2\u{a0}March 2026 at 9:05");
    }
}
