//! The search page: words and filters in, releases with marks and counts out.

use super::{
    Door, address,
    answer::{Failure, Visit, html},
    card::Card,
    facets::{self, Choice, Group},
    frame::{Frame, Section, with_query},
    help::{self, WayOut},
    json_ld,
};
use crate::{
    labels::{Labels, Value},
    search::{Also, FacetValue, MAX_OFFSET, Query, Remark, Results, Sort, words},
};
use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

/// Other names of one concept that the page tells.
const NAMES_SHOWN: usize = 3;

/// A link of the row of pages; `None` for the gap between far numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageLink {
    number: usize,
    href: String,
    current: bool,
}

/// A year of the histogram, or a month of the year asked for.
#[derive(Debug)]
struct Year {
    label: String,
    href: String,
    count: String,
    /// Width of its bar, 0 to 100.
    width: u64,
    selected: bool,
}

#[derive(Template)]
#[template(path = "search.html")]
pub(super) struct SearchPage<'a> {
    frame: &'a Frame,
    query: &'a Query,
    total: String,
    partial: String,
    full: Vec<Card>,
    almost: Vec<Card>,
    groups: Vec<Group>,
    years: Vec<Year>,
    /// Whether these are the months of one year.
    by_month: bool,
    /// Whether the search is narrowed by dates.
    dated: bool,
    chips: Vec<(String, String)>,
    hidden: Vec<(&'static str, String)>,
    sorts: Vec<Choice>,
    did_you_mean: Option<(String, String)>,
    /// Words with the other names they were looked up by.
    also: Vec<(String, String)>,
    /// The same search by the words alone.
    words_alone: String,
    remarks: Vec<String>,
    ways_out: Vec<WayOut>,
    feeds: Vec<(&'static str, String)>,
    how: String,
    pages: Vec<Option<PageLink>>,
    previous: Option<String>,
    next: Option<String>,
    reset: String,
}

/// `/{lang}/search`.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let asked = Query { facets: Vec::new(), ..address::query(door, visit)? };
    let mut facets = facets::GROUPS.to_vec();
    facets.push(if one_year(&asked).is_some() { "month" } else { "year" });
    // Titles and passages in the reader's language, where there are some; no part of the search's address.
    let prefer = if asked.prefer.is_empty() { vec![visit.lang] } else { asked.prefer.clone() };
    let results = door.engine.search(&Query { facets, prefer, ..asked.clone() })?;
    let mut frame = Frame::new(door, visit.lang, Section::Search, with_query("/search", &asked));
    let ways_out = match results.hits.is_empty() && asked.offset == 0 {
        true => help::ways_out(door, &frame, &asked, &results)?,
        false => Vec::new(),
    };
    describe(door, &mut frame, &asked, &results);
    html(&frame, &page(door, &frame, &asked, &results, ways_out))
}

pub(super) fn describe(door: &Door, frame: &mut Frame, asked: &Query, results: &Results) {
    let found = frame.l.count("releases", results.total);
    frame.title = heading(door, frame, asked, results);
    frame.description = frame.l.with("search-description", &[("found", Value::from(found.as_str()))]);
    // One page for each combination of filters is of no use to engines: they get the releases by the sitemap.
    frame.indexed = with_query("", asked).is_empty();
    frame.search_box = false;
    let feed_title = frame.title.clone();
    frame.announce(asked, &feed_title);
    let items: Vec<_> = results.hits.iter().map(|hit| (hit.release.title.as_str(), &hit.release.id)).collect();
    let data = json_ld::results(frame, &items);
    frame.data.push(data);
}

/// Names the words, else the filters, else everything.
pub(super) fn heading(door: &Door, frame: &Frame, asked: &Query, results: &Results) -> String {
    let filters: Vec<String> =
        facets::chips(door, frame.l, asked, results).into_iter().map(|chip| chip.value).collect();
    match (asked.q.is_empty(), filters.is_empty()) {
        (false, _) => frame.l.with("search-heading-words", &[("words", Value::from(asked.q.as_str()))]),
        (true, false) => frame.l.with("search-heading-filters", &[("filters", Value::from(filters.join(", ")))]),
        (true, true) => frame.l.text("search-heading").into_owned(),
    }
}

/// The page as a value, apart from asking the index.
pub(super) fn page<'a>(
    door: &Door,
    frame: &'a Frame,
    asked: &'a Query,
    results: &'a Results,
    ways_out: Vec<WayOut>,
) -> SearchPage<'a> {
    let cards = |partial: bool| {
        let hits = results.hits.iter().filter(move |hit| hit.partial == partial);
        hits.map(|hit| Card::of_hit(door, frame, hit)).collect::<Vec<_>>()
    };
    let reachable = usize::try_from(results.total + results.partial_total).unwrap_or(usize::MAX);
    let at = |offset: usize| frame.search(&Query { offset, cursor: None, ..asked.clone() });
    let mean = |words: &String| (words.clone(), frame.search(&Query { q: words.clone(), ..facets::first_page(asked) }));
    SearchPage {
        frame,
        query: asked,
        total: frame.l.count("results", results.total),
        partial: frame.l.count("partial-results", results.partial_total),
        full: cards(false),
        almost: cards(true),
        groups: facets::groups(door, frame, results),
        years: years(frame, asked, results),
        by_month: one_year(asked).is_some(),
        dated: asked.from.is_some() || asked.to.is_some(),
        chips: facets::chips(door, frame.l, asked, results)
            .into_iter()
            .map(|chip| (chip.label, frame.search(&chip.without)))
            .collect(),
        hidden: facets::hidden(asked),
        sorts: sorts(frame, asked),
        also: results.also.iter().map(|also| (also.words.clone(), names_in_short(frame.l, also))).collect(),
        words_alone: frame.search(&Query { also: false, ..facets::first_page(asked) }),
        did_you_mean: results.did_you_mean.as_ref().map(mean),
        remarks: results.remarks.iter().map(|remark| remark_in_words(frame.l, remark)).collect(),
        ways_out,
        feeds: frame.feed_links(asked),
        how: frame.link(&with_query("/feeds", &super::feeds::followed(asked))),
        pages: pages(asked, reachable, &at),
        previous: (asked.offset > 0).then(|| at(asked.offset.saturating_sub(asked.limit))),
        next: next_offset(asked, reachable).map(at),
        reset: frame.link("/search"),
    }
}

/// The first of the other names, and the countries that are named otherwise too.
fn names_in_short(l: &'static Labels, also: &Also) -> String {
    let mut short: Vec<String> = also.names.iter().take(NAMES_SHOWN).cloned().collect();
    if also.names.len() > NAMES_SHOWN {
        short.push("…".to_owned());
    }
    for country in also.concepts.iter().filter_map(|concept| l.country(concept.strip_prefix("country:")?)) {
        short.push(l.with("chip", &[("filter", l.text("filter-country").into()), ("value", country.into())]));
    }
    short.join(", ")
}

/// What was not understood, in the reader's language.
fn remark_in_words(l: &'static Labels, remark: &Remark) -> String {
    let about = |key: &'static str, words: &String| l.with(key, &[("words", Value::from(words.as_str()))]);
    match remark {
        Remark::OpenQuote => l.text("remark-open-quote").into_owned(),
        Remark::LonelyOr => l.text("remark-lonely-or").into_owned(),
        Remark::Brackets => l.text("remark-brackets").into_owned(),
        Remark::Star(words) => about("remark-star", words),
        Remark::NotAField(words) => about("remark-not-a-field", words),
        Remark::NotAValue(words) => about("remark-not-a-value", words),
        Remark::FieldInOr(words) => about("remark-field-in-or", words),
        Remark::TooManyWords => l.count("remark-too-many-words", words::MAX_WORDS as u64),
        Remark::WidePrefix(words) => about("remark-wide-prefix", words),
    }
}

fn next_offset(asked: &Query, reachable: usize) -> Option<usize> {
    let next = asked.offset + asked.limit;
    (asked.limit > 0 && next < reachable && next <= MAX_OFFSET).then_some(next)
}

/// Numbers of the row of pages: the first, the last, and those around the current one.
fn pages(asked: &Query, reachable: usize, at: &dyn Fn(usize) -> String) -> Vec<Option<PageLink>> {
    let limit = asked.limit.max(1);
    let last = reachable.min(MAX_OFFSET + limit).div_ceil(limit);
    let current = asked.offset / limit + 1;
    if last < 2 || asked.limit == 0 {
        return Vec::new();
    }
    let mut row = Vec::new();
    let mut before = 0;
    let around = current.saturating_sub(2)..=current + 2;
    for number in (1..=last).filter(|number| *number == 1 || *number == last || around.contains(number)) {
        if number > before + 1 {
            row.push(None);
        }
        row.push(Some(PageLink { number, href: at((number - 1) * limit), current: number == current }));
        before = number;
    }
    row
}

fn sorts(frame: &Frame, asked: &Query) -> Vec<Choice> {
    let default = Query { sort: None, ..asked.clone() }.order();
    let current = asked.order();
    let choice = |sort: Sort, label: String| Choice {
        value: if sort == default { String::new() } else { sort.to_string() },
        label,
        count: String::new(),
        selected: sort == current,
    };
    let mut sorts = Vec::new();
    if default == Sort::Relevance {
        sorts.push(choice(Sort::Relevance, frame.l.text("sort-relevance").into_owned()));
    }
    sorts.push(choice(Sort::Newest, frame.l.text("sort-newest").into_owned()));
    sorts.push(choice(Sort::Oldest, frame.l.text("sort-oldest").into_owned()));
    sorts.push(choice(Sort::Added, frame.l.text("sort-added").into_owned()));
    sorts
}

/// The year that the dates stay within.
fn one_year(asked: &Query) -> Option<i16> {
    let (from, to) = (asked.from?, asked.to?);
    (from.year() == to.year()).then(|| from.year())
}

/// Releases by year, or by month within the year asked for; the newest first.
fn years(frame: &Frame, asked: &Query, results: &Results) -> Vec<Year> {
    let Some(facet) = results.facets.iter().find(|facet| matches!(facet.name, "year" | "month")) else {
        return Vec::new();
    };
    let year = one_year(asked).map(|year| format!("{year:04}-"));
    let is_shown = |value: &&FacetValue| year.as_ref().is_none_or(|year| value.value.starts_with(year.as_str()));
    let shown: Vec<&FacetValue> = facet.values.iter().filter(is_shown).collect();
    let most = shown.iter().map(|value| value.count).max().unwrap_or(0).max(1);
    let mut years = Vec::new();
    for value in shown.into_iter().rev() {
        let Some((first, last)) = days_of(&value.value) else { continue };
        let query = Query { from: Some(first), to: Some(last), ..facets::first_page(asked) };
        years.push(Year {
            label: if year.is_some() { frame.l.month(first) } else { value.value.clone() },
            href: frame.search(&query),
            count: frame.l.number(value.count),
            width: (value.count * 100).div_ceil(most),
            selected: asked.from == Some(first) && asked.to == Some(last),
        });
    }
    years
}

/// First and last day of a year (`2021`) or month (`2021-12`).
fn days_of(value: &str) -> Option<(Date, Date)> {
    match value.split_once('-') {
        None => {
            let first = Date::new(value.parse().ok()?, 1, 1).ok()?;
            Some((first, first.last_of_year()))
        }
        Some((year, month)) => {
            let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(offset: usize, reachable: usize) -> Vec<usize> {
        let asked = Query { offset, ..Query::default() };
        let row = pages(&asked, reachable, &|offset| offset.to_string());
        row.iter().map(|link| link.as_ref().map_or(0, |link| link.number)).collect()
    }

    #[test]
    fn the_row_of_pages_shows_ends_and_neighbours() {
        assert!(row(0, 20).is_empty());
        assert_eq!(row(0, 21), [1, 2]);
        assert_eq!(row(0, 400), [1, 2, 3, 0, 20]);
        assert_eq!(row(180, 400), [1, 0, 8, 9, 10, 11, 12, 0, 20]);
        assert_eq!(row(0, 1_000_000), [1, 2, 3, 0, 501], "no link leads beyond the furthest offset");
    }
}
