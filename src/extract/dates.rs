//! # When did it go out?
//!
//! Every date the page gives is collected as a [`Clue`]: the value, what it says (role), where it was read (source)
//! and how far it is trusted. [`leading`] then says which one leads, and why. What the page shows is found in
//! [`super::visible`]; this file reads what it declares and weighs both.

use super::{
    dom::Tree,
    facts::Facts,
    lonely,
    meta::Meta,
    structured::Thing,
    tag::Tag,
    text,
    visible::{self, Scene},
};
use crate::{
    model::{Candidate, DateEvidence, DateRole, DateSource, DateValue, Precision, SourceKind, Warning},
    normalise::{date, url},
};
use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};

/// Clues kept, the most trusted.
const MOST: usize = 40;

/// A date with its evidence and how far it is trusted, 0 to 100.
#[derive(Debug, Clone)]
pub struct Clue {
    /// What was read.
    pub evidence: DateEvidence,
    /// How far to trust it as the day the page went out, or was changed.
    pub trust: u8,
}

impl Clue {
    /// A clue read from the words `raw`.
    pub fn new(value: DateValue, role: DateRole, source: DateSource, raw: &str, trust: u8) -> Self {
        Self { evidence: DateEvidence { value, role, source, raw: raw.chars().take(120).collect() }, trust }
    }

    fn day(&self) -> Date {
        self.evidence.value.date()
    }
}

/// `meta` elements that give the day of publication, with their trust: names made for it, then names that sites also
/// use for the day on which the page was made up.
const PUBLISHED: &[(&str, u8)] = &[
    ("article:published_time", 88),
    ("og:article:published_time", 86),
    ("og:published_time", 84),
    ("datepublished", 84),
    ("citation_publication_date", 82),
    ("citation_online_date", 80),
    ("parsely-pub-date", 84),
    ("sailthru.date", 82),
    ("article.published", 84),
    ("article_date_original", 84),
    ("originalpublicationdate", 84),
    ("dc.date.issued", 82),
    ("dcterms.issued", 82),
    ("dcterms.available", 74),
    ("cxenseparse:recs:publishtime", 82),
    ("publication_date", 80),
    ("publish_date", 80),
    ("publishdate", 80),
    ("publish-date", 80),
    ("publication-date", 80),
    ("pubdate", 80),
    ("ptime", 80),
    ("rnews:datepublished", 82),
    ("shareaholic:article_published_time", 80),
    ("article.created", 76),
    ("dc.date.created", 74),
    ("dcterms.created", 74),
    ("dcterms.date", 70),
    ("dc.date", 70),
    ("release_date", 76),
    ("date", 68),
    ("created", 66),
    ("datecreated", 72),
    ("displaydate", 70),
    ("video:release_date", 60),
    ("bt:pubdate", 80),
    ("search.date", 66),
    ("timestamp", 56),
];

/// `meta` elements that give the day of the last change.
const MODIFIED: &[(&str, u8)] = &[
    ("article:modified_time", 88),
    ("og:article:modified_time", 86),
    ("og:updated_time", 80),
    ("datemodified", 84),
    ("article.updated", 82),
    ("dcterms.modified", 82),
    ("dc.date.modified", 82),
    ("last-modified", 60),
    ("lastmod", 70),
    ("revised", 60),
    ("cxenseparse:recs:modifytime", 80),
];

/// What is looked at.
pub struct Places<'p> {
    /// What the page shows.
    pub scene: Scene<'p>,
    /// Its head.
    pub meta: &'p Meta,
    /// What JSON-LD says of this page.
    pub thing: Option<&'p Thing>,
    /// What the sources say of this page.
    pub candidates: &'p [Candidate],
    /// The address.
    pub url: &'p str,
    /// Later dates are refused.
    pub now: Option<Timestamp>,
}

/// Every date with its evidence, most trusted first. Dates that cannot be are left out by name.
pub fn collect(places: &Places<'_>, warnings: &mut Vec<Warning>) -> Vec<Clue> {
    let mut clues = declared(places);
    clues.extend(from_sources(places.candidates));
    clues.extend(visible::clues(&places.scene));
    clues.extend(from_address(places.url));
    let is_dated =
        |clues: &[Clue]| clues.iter().any(|clue| clue.trust >= ENOUGH && clue.evidence.role == DateRole::Published);
    if !is_dated(&clues) {
        clues.extend(from_scripts(places.scene.tree));
    }
    if !is_dated(&clues) {
        clues.extend(lonely::day(&places.scene));
    }
    refuse(&mut clues, places.now, warnings);
    clues.sort_by_key(|clue| std::cmp::Reverse(clue.trust));
    clues.truncate(MOST);
    clues
}

/// Trust in the day of a dateline.
const DATELINE: u8 = 58;

/// Adds the day of the dateline. One that lies ahead is kept as evidence, but never leads.
pub fn add_dateline(clues: &mut Vec<Clue>, facts: &Facts, now: Option<Timestamp>) {
    let Some((day, words)) = &facts.dateline else { return };
    let mut clue = Clue::new(*day, DateRole::Dateline, DateSource::Dateline, words, DATELINE);
    if is_early(&clue) || is_late(&clue, now) {
        clue.trust = 0;
    }
    insert(clues, clue);
}

/// Puts a clue among the others, by its trust.
pub fn insert(clues: &mut Vec<Clue>, clue: Clue) {
    let at = clues.iter().position(|known| known.trust < clue.trust).unwrap_or(clues.len());
    clues.insert(at, clue);
}

fn declared(places: &Places<'_>) -> Vec<Clue> {
    let mut clues = Vec::new();
    let mut add = |raw: &str, role, source, trust| {
        if let Some(value) = date::parse(raw, places.scene.lang) {
            clues.push(Clue::new(value, role, source, raw, trust));
        }
    };
    if let Some(thing) = places.thing {
        let trust = if thing.is_article() { 92 } else { 87 };
        add(&thing.published, DateRole::Published, DateSource::StructuredData, trust);
        add(&thing.modified, DateRole::Modified, DateSource::StructuredData, trust);
    }
    for (names, role) in [(PUBLISHED, DateRole::Published), (MODIFIED, DateRole::Modified)] {
        for (name, trust) in names {
            for content in places.meta.all(name) {
                add(content, role, DateSource::Meta, *trust);
            }
        }
    }
    clues
}

/// What REST, feed, listing and sitemap said.
fn from_sources(candidates: &[Candidate]) -> Vec<Clue> {
    let mut clues = Vec::new();
    for candidate in candidates {
        let (source, trust) = match candidate.source {
            SourceKind::Rest => (DateSource::Rest, 100),
            SourceKind::Feed => (DateSource::Feed, 90),
            SourceKind::Listing | SourceKind::Link | SourceKind::Given => (DateSource::Listing, 57),
            SourceKind::Sitemap => (DateSource::Sitemap, 20),
        };
        // What a sitemap says of the day a page went out comes from its news extension; `lastmod` is a change.
        let published = if candidate.source == SourceKind::Sitemap { 85 } else { trust };
        let said =
            [(candidate.published, DateRole::Published, published), (candidate.modified, DateRole::Modified, trust)];
        for (value, role, trust) in said {
            if let Some(value) = value {
                clues.push(Clue::new(value, role, source, &value.to_string(), trust));
            }
        }
    }
    clues
}

/// `/2021/12/06/title` names a day, `/2021/12/title` a month.
fn from_address(address: &str) -> Option<Clue> {
    let path = url::path(address);
    let segments: Vec<&str> = path.split('/').collect();
    let number = |text: &str, len: std::ops::RangeInclusive<usize>| {
        (len.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<i16>().ok())
            .flatten()
    };
    for (at, segment) in segments.iter().enumerate() {
        let year = number(segment, 4..=4).filter(|year| (1995..=2100).contains(year));
        let Some((year, month)) = year.zip(segments.get(at + 1).and_then(|next| month_of(next))) else { continue };
        let day = segments.get(at + 2).and_then(|next| number(next, 1..=2));
        if let Some(value) = day.and_then(|day| DateValue::day(year, month, day as i8)) {
            return Some(Clue::new(value, DateRole::Published, DateSource::Url, &segments[at..at + 3].join("/"), 66));
        }
        let value = DateValue::month(year, month)?;
        return Some(Clue::new(value, DateRole::Published, DateSource::Url, &segments[at..at + 2].join("/"), 20));
    }
    if let Some(clue) = digits_of_day(&segments) {
        return Some(clue);
    }
    // `title-2021-12-06`, `2021-12-06/title`: digits that cannot be a number of something else.
    let found = segments.iter().find_map(|segment| {
        let bare = segment.replace('_', "-");
        let day = date::find(&bare, None).into_iter().next()?;
        let digits = bare[day.range.clone()].bytes().filter(u8::is_ascii_digit).count();
        (digits == 8).then_some((day.value, bare[day.range].to_owned()))
    });
    found.map(|(value, raw)| Clue::new(value, DateRole::Published, DateSource::Url, &raw, 50))
}

/// `20211206-title`, `t20211206_12.html`, `202112/06/title`, `2021/1206/title`: eight digits that are a day.
fn digits_of_day(segments: &[&str]) -> Option<Clue> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let pairs = segments.windows(2).filter(|pair| {
        is_number(pair[0]) && is_number(pair[1]) && matches!((pair[0].len(), pair[1].len()), (6, 2) | (4, 4))
    });
    let runs = segments.iter().flat_map(|segment| segment.split(|c: char| !c.is_ascii_digit())).map(str::to_owned);
    let mut eight = pairs.map(|pair| pair.concat()).chain(runs).filter(|digits| digits.len() == 8);
    eight.find_map(|digits| {
        let value = date::parse(&digits, None).filter(|value| (1995..=2100).contains(&value.date().year()))?;
        Some(Clue::new(value, DateRole::Published, DateSource::Url, &digits, 50))
    })
}

/// Data that scripts build the page from: the last resort, the first key that gives a date.
fn from_scripts(tree: &Tree<'_>) -> Option<Clue> {
    const KEYS: &[&str] = &[
        "datePublished",
        "publishedAt",
        "published_at",
        "publishDate",
        "publish_date",
        "publicationDate",
        "publication_date",
        "pubDate",
        "firstPublished",
        "datePosted",
        "date_published",
        "publishedDate",
        "publishTime",
        "publish_time",
        "publishedTime",
        "pubTime",
        "first_publication_date",
        "displayDate",
        "display_date",
        "articleDate",
        "article_date",
        "postDate",
        "post_date",
        "releaseDate",
        "dateCreated",
        "published_date",
        "created_at",
        "createdAt",
    ];
    let scripts: Vec<&str> =
        (0..tree.len()).filter(|&at| tree.tag(tree.parent(at)) == Tag::Script).filter_map(|at| tree.text(at)).collect();
    for key in KEYS {
        for script in &scripts {
            let Some(at) = memchr::memmem::find(script.as_bytes(), key.as_bytes()) else { continue };
            let after = text::cut(&script[at + key.len()..], 80);
            // `key":"value"`, `key: 'value'`, `\"key\":\"value\"`: the value starts at its first digit.
            let Some(start) = after.find(|c: char| c.is_ascii_digit()).filter(|start| *start < 10) else { continue };
            let value: String =
                after[start..].chars().take_while(|c| !matches!(c, '"' | '\'' | '\\' | ',' | '}' | '<')).collect();
            if let Some(value) = date::parse(&value, None).filter(|value| value.precision() >= Precision::Day) {
                return Some(Clue::new(
                    value,
                    DateRole::Published,
                    DateSource::StructuredData,
                    text::cut(&script[at..], 60),
                    44,
                ));
            }
        }
    }
    None
}

fn month_of(segment: &str) -> Option<i8> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let short = (1..=2).contains(&segment.len());
    let number = segment.parse::<i8>().ok().filter(|month| short && (1..=12).contains(month));
    number.or_else(|| NAMES.iter().position(|name| segment.eq_ignore_ascii_case(name)).map(|at| at as i8 + 1))
}

/// Leaves out what cannot be: before the web, or after now.
fn refuse(clues: &mut Vec<Clue>, now: Option<Timestamp>, warnings: &mut Vec<Warning>) {
    clues.retain(|clue| {
        let (early, late) = (is_early(clue), is_late(clue, now));
        let counts = !matches!(clue.evidence.role, DateRole::Event | DateRole::Dateline);
        if counts && (early || late) && clue.trust >= 40 && warnings.len() < MOST {
            let code = if early { "date-too-old" } else { "date-in-the-future" };
            warnings.push(Warning::new(code, clue.evidence.raw.clone()));
        }
        !(counts && (early || late))
    });
}

/// Before the web.
fn is_early(clue: &Clue) -> bool {
    clue.day().year() < 1995
}

/// After tomorrow in Greenwich: later than any day on earth.
fn is_late(clue: &Clue, now: Option<Timestamp>) -> bool {
    let tomorrow = now.and_then(|now| Offset::UTC.to_datetime(now).date().tomorrow().ok());
    tomorrow.is_some_and(|tomorrow| clue.day() > tomorrow)
}

/// Dates less trusted than this are shown as evidence, but never lead.
const ENOUGH: u8 = 40;

/// The date that leads in a role: the one trusted most. The site's own record (100) comes before its structured data
/// (92), its meta elements (88) and its feed (90); a day shown beside the title (60 to 78) before the day in the
/// address (66) and before a dateline (58), since a release is often sent before or after the day it speaks of. Two
/// exceptions: an instant in UTC gives way to the neighbouring day where the page tells that this is the local day; a month
/// gives way to any day within it.
pub fn leading(clues: &[Clue], role: DateRole) -> Option<&Clue> {
    let speaks = |of: DateRole| of == role || (role == DateRole::Published && of == DateRole::Dateline);
    let of_role = || clues.iter().filter(|clue| speaks(clue.evidence.role));
    let first = of_role().find(|clue| clue.trust >= ENOUGH)?;
    if first.evidence.value.precision() < Precision::Day {
        let within = of_role().find(|clue| {
            clue.evidence.value.precision() >= Precision::Day && clue.trust >= ENOUGH && same_month(clue, first)
        });
        return within.or(Some(first));
    }
    let in_utc = first.evidence.value.offset().is_some_and(|offset| offset.is_zero());
    let local = of_role()
        .find(|clue| clue.trust >= 70 && is_neighbour(first.day(), clue.day()) && tells_local_day(clue, first));
    if in_utc { local.or(Some(first)) } else { Some(first) }
}

/// Whether a clue gives the day where the page was written, of an instant that another gives in UTC: a day that
/// readers see, the same instant with an offset, or the same minute without one.
fn tells_local_day(clue: &Clue, in_utc: &Clue) -> bool {
    let (value, utc) = (&clue.evidence.value, &in_utc.evidence.value);
    if value.precision() == Precision::Day {
        return clue.evidence.source == DateSource::Visible;
    }
    match value.offset() {
        Some(offset) => !offset.is_zero() && value.timestamp(&TimeZone::UTC) == utc.timestamp(&TimeZone::UTC),
        None => value.civil().minute() == utc.civil().minute() && value.civil().second() == utc.civil().second(),
    }
}

fn same_month(a: &Clue, b: &Clue) -> bool {
    (a.day().year(), a.day().month()) == (b.day().year(), b.day().month())
}

fn is_neighbour(a: Date, b: Date) -> bool {
    a.tomorrow().is_ok_and(|next| next == b) || a.yesterday().is_ok_and(|before| before == b)
}
