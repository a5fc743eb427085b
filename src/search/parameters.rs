//! # Which parameters are there, and what may they say?
//!
//! Reads decoded `(name, value)` pairs into a [`Query`]. Strict: every mistake is reported, all at once, each with
//! the name of the parameter and what would have been right. To add a filter: a field of [`Query`], a name in
//! [`PARAMETERS`], a line in `take`, a line in `Query::write_meaning`.

use super::query::{FACETS, Filter, Query, Sort};
use super::{cursor, words};
use crate::model::{Kind, Lang, Member, MemberId, ThemeId, Vocabulary};
use crate::normalise::text::fold;
use jiff::civil::Date;
use std::fmt::Display;
use std::str::FromStr;

/// Every parameter of a search, in the order of the canonical form.
pub const PARAMETERS: [&str; 17] = [
    "q",
    "theme",
    "member",
    "country",
    "lang",
    "kind",
    "issuer",
    "from",
    "to",
    "also",
    "prefer",
    "sort",
    "limit",
    "offset",
    "cursor",
    "facets",
    "highlight",
];

/// Longest `q`, in characters.
pub const MAX_WORDS_LENGTH: usize = 4_000;

/// Longest value of any other parameter, in characters.
const MAX_VALUE_LENGTH: usize = 200;

/// Values of one filter that may be given.
const MAX_VALUES: usize = 100;

/// A parameter that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {message}")]
pub struct BadParameter {
    /// Name of the parameter.
    pub parameter: String,
    /// What is wrong and what would have been right.
    pub message: String,
}

/// The ids that exist; where a list is given, others are refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Themes.
    pub themes: Option<&'a Vocabulary>,
    /// Members.
    pub members: Option<&'a [Member]>,
}

impl Query {
    /// Reads decoded `(name, value)` pairs in the order of the address; all mistakes at once. Ids are checked for
    /// their form alone.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<BadParameter>> {
        Self::from_pairs_knowing(pairs, Known::default())
    }

    /// As [`Query::from_pairs`]; ids that are not in the given lists are mistakes too.
    pub fn from_pairs_knowing<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        known: Known<'_>,
    ) -> Result<Self, Vec<BadParameter>> {
        let mut reading = Reading { query: Query::default(), known, seen: Vec::new(), mistakes: Vec::new() };
        for (name, value) in pairs {
            match reading.take(name, value) {
                Ok(()) => {}
                Err(message) => reading.refuse(name, message),
            }
        }
        reading.lift_fields();
        reading.check_together();
        if reading.mistakes.is_empty() { Ok(reading.query.settled()) } else { Err(reading.mistakes) }
    }
}

struct Reading<'k> {
    query: Query,
    known: Known<'k>,
    seen: Vec<&'static str>,
    mistakes: Vec<BadParameter>,
}

impl Reading<'_> {
    fn refuse(&mut self, name: &str, message: String) {
        let parameter: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        let mistake = BadParameter { parameter, message };
        if self.mistakes.len() < MAX_VALUES && !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        let name = PARAMETERS.into_iter().find(|known| *known == name).ok_or_else(|| unknown_parameter(name))?;
        check_text(name, value)?;
        let many = matches!(name, "theme" | "member" | "country" | "lang" | "kind" | "issuer");
        if !many && self.seen.contains(&name) {
            return Err("is given more than once".to_owned());
        }
        self.seen.push(name);
        if many && self.seen.iter().filter(|seen| **seen == name).count() > MAX_VALUES {
            return Err(format!("has more than {MAX_VALUES} values"));
        }
        let query = &mut self.query;
        match name {
            "q" => query.q = value.split_whitespace().collect::<Vec<_>>().join(" "),
            "theme" | "member" | "country" | "lang" | "kind" | "issuer" => {
                let (value, not) = value.strip_prefix('-').map_or((value, false), |rest| (rest, true));
                self.filter(name, value, not)?;
            }
            "from" => query.from = Some(day(value, false)?),
            "to" => query.to = Some(day(value, true)?),
            "also" => query.also = *pick(value, &[("0", false), ("1", true)])?,
            "prefer" => query.prefer = value.split(',').map(text_form).collect::<Result<_, _>>()?,
            "sort" => {
                let all = Sort::ALL.map(Sort::as_str);
                let at = all.iter().position(|sort| *sort == value).ok_or_else(|| not_one_of(value, &all))?;
                query.sort = Some(Sort::ALL[at]);
            }
            "limit" => query.limit = number(value, 100)?,
            "offset" => query.offset = number(value, cursor::MAX_OFFSET)?,
            "cursor" => query.cursor = Some(value.to_owned()),
            "facets" => query.facets = facets(value)?,
            "highlight" => query.highlight = *pick(value, &[("0", false), ("1", true)])?,
            _ => return Err(unknown_parameter(name)),
        }
        Ok(())
    }

    /// One value of a filter.
    fn filter(&mut self, name: &str, value: &str, not: bool) -> Result<(), String> {
        let known = self.known;
        let query = &mut self.query;
        match name {
            "theme" => put(&mut query.theme, theme(value, known.themes)?, not),
            "member" => put(&mut query.member, member(value, known.members)?, not),
            "country" => put(&mut query.country, country(value)?, not),
            "lang" => put(&mut query.lang, text_form::<Lang>(value)?, not),
            "kind" => put(&mut query.kind, text_form::<Kind>(value)?, not),
            _ => {
                let folded = fold(value).trim().to_owned();
                if folded.is_empty() {
                    return Err("is empty: give the name of an organisation".to_owned());
                }
                put(&mut query.issuer, folded, not);
            }
        }
        Ok(())
    }

    /// Moves `name:value` from the words to the parameters; a value that is refused stays among the words.
    fn lift_fields(&mut self) {
        let words = words::parse(&self.query.q);
        if words.fields.is_empty() {
            return;
        }
        let mut words = (*words).clone();
        for field in std::mem::take(&mut words.fields) {
            let taken = match field.name {
                "from" | "to" if field.not || self.seen.contains(&field.name) => Err(String::new()),
                "from" | "to" => self.take(field.name, &field.value),
                name => self.filter(name, &field.value, field.not),
            };
            if taken.is_err() {
                words.refuse_field(field);
            }
        }
        self.query.q = words.to_string();
    }

    fn check_together(&mut self) {
        if let (Some(from), Some(to)) = (self.query.from, self.query.to)
            && from > to
        {
            self.refuse("to", format!("{to} is before from={from}"));
        }
        if self.query.cursor.is_some() {
            if self.query.offset > 0 {
                self.refuse("offset", "cannot go with cursor: use one of them".to_owned());
            }
            if self.query.position().is_none() {
                let message = "is not a cursor of this search: take it from `next` of an answer to the same parameters";
                self.refuse("cursor", message.to_owned());
            }
        }
    }
}

fn put<T>(filter: &mut Filter<T>, value: T, not: bool) {
    if not { filter.not.push(value) } else { filter.any.push(value) }
}

/// What no parameter may carry: control characters, broken UTF-8, too much text.
fn check_text(name: &str, value: &str) -> Result<(), String> {
    let limit = if name == "q" { MAX_WORDS_LENGTH } else { MAX_VALUE_LENGTH };
    if value.len() > limit && value.chars().nth(limit).is_some() {
        return Err(format!("is longer than {limit} characters"));
    }
    if value.contains('\u{fffd}') {
        return Err("is not valid UTF-8".to_owned());
    }
    match value.chars().find(|c| c.is_control() && !(name == "q" && c.is_whitespace())) {
        Some(c) => Err(format!("holds the control character U+{:04X}", u32::from(c))),
        None => Ok(()),
    }
}

/// A value that its type reads.
fn text_form<T: FromStr<Err: Display>>(value: &str) -> Result<T, String> {
    value.parse().map_err(|error: T::Err| error.to_string())
}

fn theme(value: &str, known: Option<&Vocabulary>) -> Result<ThemeId, String> {
    let id = ThemeId::new(value).map_err(|error| error.to_string())?;
    match known {
        Some(vocabulary) if vocabulary.get(&id).is_none() => {
            let ids: Vec<&str> = vocabulary.themes().iter().map(|theme| theme.id.as_str()).collect();
            Err(not_one_of(value, &ids))
        }
        _ => Ok(id),
    }
}

fn member(value: &str, known: Option<&[Member]>) -> Result<MemberId, String> {
    let id = MemberId::new(value).map_err(|error| error.to_string())?;
    match known {
        Some(members) if members.iter().all(|member| member.id != id) => {
            let ids: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
            Err(not_one_of(value, &ids))
        }
        _ => Ok(id),
    }
}

fn country(value: &str) -> Result<String, String> {
    if value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Ok(value.to_ascii_lowercase());
    }
    Err(format!("`{value}` is not a country: use the two letters of ISO 3166-1, for example sn"))
}

/// A day, or the first (`last`: the last) day of a month or year.
fn day(value: &str, last: bool) -> Result<Date, String> {
    let parts: Vec<&str> = value.split('-').collect();
    let shape: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let read = |at: usize| parts.get(at).and_then(|part| part.parse::<i16>().ok()).unwrap_or(1);
    let first = || Date::new(read(0), read(1) as i8, read(2) as i8).ok();
    let found = match shape.as_slice() {
        _ if !digits => None,
        [4] => first().map(|day| if last { day.last_of_year() } else { day }),
        [4, 2] => first().map(|day| if last { day.last_of_month() } else { day }),
        [4, 2, 2] => first(),
        _ => None,
    };
    found.ok_or_else(|| format!("`{value}` is not a day: use YYYY-MM-DD, YYYY-MM or YYYY"))
}

fn number(value: &str, most: usize) -> Result<usize, String> {
    let plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let number = if plain { value.parse().ok() } else { None };
    number.filter(|number| *number <= most).ok_or_else(|| format!("`{value}` is not a number from 0 to {most}"))
}

fn facets(value: &str) -> Result<Vec<&'static str>, String> {
    if value == "*" {
        return Ok(FACETS.to_vec());
    }
    let pick = |part: &str| {
        let found = FACETS.into_iter().find(|name| *name == part);
        found.ok_or_else(|| format!("{}, or * for all", not_one_of(part, &FACETS)))
    };
    value.split(',').map(pick).collect()
}

fn pick<'a, T>(value: &str, choices: &'a [(&str, T)]) -> Result<&'a T, String> {
    let found = choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| choice);
    found.ok_or_else(|| not_one_of(value, &choices.iter().map(|(name, _)| *name).collect::<Vec<_>>()))
}

/// "`x` is not one of a, b, c", with the nearest only where the list is long.
fn not_one_of(value: &str, accepted: &[&str]) -> String {
    if accepted.len() <= 16 {
        return format!("`{value}` is not one of {}", accepted.join(", "));
    }
    let mut near: Vec<(usize, &str)> = accepted.iter().map(|id| (strsim::levenshtein(value, id), *id)).collect();
    near.sort();
    let near: Vec<&str> = near.iter().take(3).map(|(_, id)| *id).collect();
    format!("`{value}` is not one of the {} known, nearest are {}", accepted.len(), near.join(", "))
}

fn unknown_parameter(name: &str) -> String {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    let nearest = PARAMETERS.into_iter().min_by_key(|known| strsim::levenshtein(&shown, known)).unwrap_or("q");
    let hint = if strsim::levenshtein(&shown, nearest) <= 2 && shown.chars().count() > 3 {
        format!("did you mean `{nearest}`? ")
    } else {
        String::new()
    };
    format!("is not a parameter; {hint}accepted are {}", PARAMETERS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(address: &str) -> Result<Query, Vec<BadParameter>> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(address.as_bytes()).into_owned().collect();
        Query::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    #[test]
    fn one_meaning_has_one_form() {
        for (address, canonical) in [
            ("", ""),
            ("q=", ""),
            ("q=++école++&sort=relevance&limit=20&offset=0&highlight=1", "q=%C3%A9cole"),
            ("lang=fr&theme=b&theme=a&theme=a&country=SN", "theme=a&theme=b&country=sn&lang=fr"),
            ("sort=-date", ""),
            ("sort=relevance", ""),
            ("q=a&sort=-date", "q=a&sort=-date"),
            ("q=-a&sort=-date", "q=-a"),
            ("sort=-added&kind=tribune&kind=release&kind=news", "sort=-added"),
            ("kind=news&kind=-release", "kind=news&kind=-release"),
            ("lang=fr_FR", "lang=fr"),
            ("from=2021&to=2021-02", "from=2021-01-01&to=2021-02-28"),
            ("facets=lang,theme,lang", "facets=theme,lang"),
            ("facets=theme,member,country,lang,kind,issuer,year,month", "facets=*"),
            ("prefer=fr,en,fr&limit=0", "prefer=fr,en&limit=0"),
            ("q=%C2%ABa++b%C2%BB", "q=%22a+b%22"),
            ("q=eau+theme:health+-lang:en&theme=water", "q=eau&theme=health&theme=water&lang=-en"),
            ("q=a&also=0&lang=fr", "q=a&lang=fr&also=0"),
            ("also=0", ""),
            ("q=a&also=1", "q=a"),
            ("q=from:2021", "from=2021-01-01"),
            ("q=theme:Not_an_id", "q=%22Not_an_id%22"),
        ] {
            let query = read(address).unwrap_or_else(|mistakes| panic!("{address}: {mistakes:?}"));
            assert_eq!(query.canonical(), canonical, "{address}");
            assert_eq!(read(canonical).as_ref().map(Query::canonical).as_deref(), Ok(canonical), "{address}");
        }
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let mistakes =
            read("limit=-1&offset=1000000000000000000&sort=up&lang=french&foo=1&q=a&q=b&from=2021-02-30&cursor=x")
                .unwrap_err();
        let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        limit: `-1` is not a number from 0 to 100
        offset: `1000000000000000000` is not a number from 0 to 10000
        sort: `up` is not one of relevance, -date, date, -added
        lang: `french` is not a language: use a two- or three-letter code such as fr or en
        foo: is not a parameter; accepted are q, theme, member, country, lang, kind, issuer, from, to, also, prefer, sort, limit, offset, cursor, facets, highlight
        q: is given more than once
        from: `2021-02-30` is not a day: use YYYY-MM-DD, YYYY-MM or YYYY
        cursor: is not a cursor of this search: take it from `next` of an answer to the same parameters
        ");
    }

    #[test]
    fn odd_values_are_refused_by_name() {
        for (address, parameter) in [
            ("q=a%00b", "q"),
            ("q=%ff", "q"),
            ("theme=A", "theme"),
            ("theme=", "theme"),
            ("country=fra", "country"),
            ("issuer=-", "issuer"),
            ("facets=", "facets"),
            ("highlight=yes", "highlight"),
            ("limit=101", "limit"),
            ("limit=+5", "limit"),
            ("from=2022&to=2021", "to"),
            ("from=21-01-01", "from"),
            ("from=2021-1-1", "from"),
            ("member=x%0d%0ay", "member"),
            ("Q=a", "Q"),
        ] {
            let mistakes = read(address).unwrap_err();
            assert_eq!(mistakes[0].parameter, parameter, "{address}");
        }
        assert!(read(&format!("q={}", "a".repeat(4_000))).is_ok());
        assert!(read(&format!("q={}", "a".repeat(4_001))).is_err());
        assert!(read(&"lang=fr&".repeat(101)).is_err());
    }

    #[test]
    fn unknown_ids_are_mistakes_only_where_the_list_is_given() {
        let none = Vocabulary::default();
        let known = Known { themes: Some(&none), members: Some(&[]) };
        let pairs = [("theme", "health"), ("member", "example")];
        assert!(Query::from_pairs(pairs).is_ok());
        assert_eq!(Query::from_pairs_knowing(pairs, known).unwrap_err().len(), 2);
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back(
            q in "([-a-cé*:\"« ]|OR|theme:a|lang:en|from:2020){0,12}",
            theme in proptest::collection::vec("-?[a-c]", 0..3),
            sort in proptest::option::of(proptest::sample::select(vec!["relevance", "-date", "date", "-added"])),
            limit in 0usize..=100,
        ) {
            let limit = limit.to_string();
            let mut pairs = vec![("q", q.as_str()), ("limit", limit.as_str())];
            pairs.extend(theme.iter().map(|id| ("theme", id.as_str())));
            pairs.extend(sort.map(|sort| ("sort", sort)));
            if let Ok(query) = Query::from_pairs(pairs) {
                let canonical = query.canonical();
                let again = read(&canonical).unwrap();
                prop_assert_eq!(again.canonical(), canonical);
                prop_assert_eq!(again.identity(), query.identity());
                prop_assert_eq!(again.order(), query.order());
            }
        }
    }
}
