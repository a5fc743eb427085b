//! Dates with their precision, and where they were read.

use jiff::{Timestamp, civil, tz::Offset, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// A day without a time.
    Day,
    /// A time of day; seconds are kept where they were given.
    Minute,
}

impl Precision {
    /// The name in answers, for example `day`.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Year => "year",
            Precision::Month => "month",
            Precision::Day => "day",
            Precision::Minute => "minute",
        }
    }
}

/// A date as it was given: civil value, precision and, where one was stated, the offset from UTC.
///
/// Its text form is ISO 8601 cut at the precision: `2021`, `2021-12`, `2021-12-01`, `2021-12-01T10:00:00`,
/// `2021-12-01T10:00:00+01:00`. Order is the order of the civil value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DateValue {
    civil: civil::DateTime,
    precision: Precision,
    offset: Option<Offset>,
}

/// A text that is no date, or a date outside 1900 to 2100.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: use YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS with or without an offset")]
pub struct BadDate(pub String);

impl DateValue {
    /// A year alone.
    pub fn year(year: i16) -> Option<Self> {
        Self::build(civil::Date::new(year, 1, 1).ok()?.at(0, 0, 0, 0), Precision::Year, None)
    }

    /// A year and month.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Self::build(civil::Date::new(year, month, 1).ok()?.at(0, 0, 0, 0), Precision::Month, None)
    }

    /// A day; `None` when there is no such day (30 February) or it is out of range.
    pub fn day(year: i16, month: i8, day: i8) -> Option<Self> {
        Self::from_date(civil::Date::new(year, month, day).ok()?)
    }

    /// A day.
    pub fn from_date(date: civil::Date) -> Option<Self> {
        Self::build(date.at(0, 0, 0, 0), Precision::Day, None)
    }

    /// A time of day, with the offset where one was stated.
    pub fn minute(at: civil::DateTime, offset: Option<Offset>) -> Option<Self> {
        Self::build(at.with().subsec_nanosecond(0).build().ok()?, Precision::Minute, offset)
    }

    /// An instant, written in UTC.
    pub fn from_timestamp(at: Timestamp) -> Option<Self> {
        Self::minute(Offset::UTC.to_datetime(at), Some(Offset::UTC))
    }

    fn build(civil: civil::DateTime, precision: Precision, offset: Option<Offset>) -> Option<Self> {
        (1900..=2100).contains(&civil.year()).then_some(Self { civil, precision, offset })
    }

    /// How exactly the date is known.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The civil value; what the precision leaves out is the first of its range.
    pub fn civil(&self) -> civil::DateTime {
        self.civil
    }

    /// The offset that was stated with the time.
    pub fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The day as written, whatever the zone.
    pub fn date(&self) -> civil::Date {
        self.civil.date()
    }

    /// The day in `zone`: a value with an offset is converted, one without is taken as local.
    pub fn local_date(&self, zone: &TimeZone) -> civil::Date {
        match self.offset {
            Some(_) => zone.to_datetime(self.timestamp(zone)).date(),
            None => self.date(),
        }
    }

    /// The same date at day precision, in `zone`; months and years stay as they are.
    pub fn to_day(self, zone: &TimeZone) -> Self {
        match self.precision {
            Precision::Minute => Self::from_date(self.local_date(zone)).unwrap_or(self),
            _ => self,
        }
    }

    /// The instant meant: a value without time counts as 12:00 local, one without offset as local to `zone`.
    pub fn timestamp(&self, zone: &TimeZone) -> Timestamp {
        if let Some(offset) = self.offset
            && let Ok(at) = offset.to_timestamp(self.civil)
        {
            return at;
        }
        let local = match self.precision {
            Precision::Minute => self.civil,
            _ => self.civil.date().at(12, 0, 0, 0),
        };
        zone.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl PartialOrd for DateValue {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateValue {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.civil, self.precision, self.offset).cmp(&(other.civil, other.precision, other.offset))
    }
}

impl fmt::Display for DateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.civil;
        match self.precision {
            Precision::Year => write!(f, "{:04}", c.year()),
            Precision::Month => write!(f, "{:04}-{:02}", c.year(), c.month()),
            Precision::Day => write!(f, "{}", c.date()),
            Precision::Minute => {
                write!(f, "{}T{:02}:{:02}:{:02}", c.date(), c.hour(), c.minute(), c.second())?;
                match self.offset {
                    None => Ok(()),
                    Some(offset) if offset.is_zero() => f.write_str("Z"),
                    Some(offset) => {
                        let minutes = offset.seconds() / 60;
                        let sign = if minutes < 0 { '-' } else { '+' };
                        write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
                    }
                }
            }
        }
    }
}

impl FromStr for DateValue {
    type Err = BadDate;

    /// Reads the form that `Display` writes, and no other: free text is for `normalise::date`.
    fn from_str(text: &str) -> Result<Self, BadDate> {
        let bad = || BadDate(text.to_owned());
        let numbers: Vec<&str> = text.split('-').collect();
        let parsed = match (text.len(), numbers.as_slice()) {
            (4, [year]) => year.parse().ok().and_then(Self::year),
            (7, [year, month]) => year.parse().ok().zip(month.parse().ok()).and_then(|(y, m)| Self::month(y, m)),
            (10, _) => text.parse::<civil::Date>().ok().and_then(Self::from_date),
            (19.., _) => {
                let (civil, rest) = text.split_at_checked(19).ok_or_else(bad)?;
                let at = civil.parse::<civil::DateTime>().map_err(|_| bad())?;
                let offset = parse_offset(rest).ok_or_else(bad)?;
                Self::minute(at, offset)
            }
            _ => None,
        };
        parsed.ok_or_else(bad)
    }
}

/// `""`, `Z` or `±HH:MM`; the outer `None` is an error.
fn parse_offset(text: &str) -> Option<Option<Offset>> {
    match text {
        "" => Some(None),
        "Z" => Some(Some(Offset::UTC)),
        _ => {
            let (sign, rest) = match text.split_at_checked(1)? {
                ("+", rest) => (1, rest),
                ("-", rest) => (-1, rest),
                _ => return None,
            };
            let (hours, minutes) = rest.split_once(':')?;
            let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
            Offset::from_seconds(sign * seconds).ok().map(Some)
        }
    }
}

impl TryFrom<String> for DateValue {
    type Error = BadDate;
    fn try_from(text: String) -> Result<Self, BadDate> {
        text.parse()
    }
}

impl From<DateValue> for String {
    fn from(value: DateValue) -> String {
        value.to_string()
    }
}

/// What a date says about the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateRole {
    /// When the page went out.
    Published,
    /// When it was last edited.
    Modified,
    /// The day of the "Paris, 1 December 2021" line of a release.
    Dateline,
    /// The day of something the page speaks of.
    Event,
    /// When we first saw the page.
    FirstSeen,
}

/// Where a date was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSource {
    /// The site's own API.
    Rest,
    /// JSON-LD or microdata of the page.
    StructuredData,
    /// A `meta` element.
    Meta,
    /// A `time` element.
    TimeElement,
    /// A dated selector of the member file.
    Selector,
    /// An entry of the member's feed.
    Feed,
    /// A line of the page near its title.
    Visible,
    /// The dateline of the text.
    Dateline,
    /// The card of the page in a listing.
    Listing,
    /// The address.
    Url,
    /// `lastmod` of a sitemap.
    Sitemap,
    /// A date in running text.
    Text,
    /// Our own clock at the first visit.
    FirstSeen,
}

/// A date, what it says, and where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateEvidence {
    /// The value with its precision.
    pub value: DateValue,
    /// What it says about the page.
    pub role: DateRole,
    /// Where it was read.
    pub source: DateSource,
    /// The words it was read from, at most 120 characters.
    pub raw: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for text in [
            "2021",
            "2021-12",
            "2021-12-01",
            "2021-12-01T10:00:00",
            "2021-12-01T10:00:05Z",
            "2021-12-01T10:00:05+01:00",
            "2021-12-01T10:00:05-03:30",
        ] {
            assert_eq!(text.parse::<DateValue>().unwrap().to_string(), text);
        }
        for bad in ["", "0000", "9999-01-01", "2021-02-30", "2021-13", "1er mai", "2021-12-01T10:00:00+1"] {
            assert!(bad.parse::<DateValue>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_means_noon_where_the_member_is() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let day: DateValue = "2021-07-01".parse().unwrap();
        assert_eq!(day.timestamp(&paris).to_string(), "2021-07-01T10:00:00Z");
        let late: DateValue = "2021-07-01T23:30:00Z".parse().unwrap();
        assert_eq!(late.to_day(&paris).to_string(), "2021-07-02");
    }
}
