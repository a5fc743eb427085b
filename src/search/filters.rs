//! # Does a release pass the filters, and if not, which one stops it?
//!
//! Knowing which one is what facets need: the counts of a facet leave its own filter out, so a release that only this
//! filter stops still counts there.

use super::Query;
use super::query::{FACETS, Filter};
use crate::index::{Rows, UNDATED, Value, Values};
use crate::model::Kind;
use jiff::civil::Date;
use std::fmt::Display;
use tantivy::DocId;

/// A set of filters, one bit each: the columns in the order of [`FACETS`], then the dates.
pub type Bits = u16;

/// The bit of `from` and `to`, whose facets are years and months.
pub const DATES: Bits = 1 << 6;

const EXCLUDED: u32 = 8;

/// The bit of the filter that belongs to a facet.
pub fn bit(facet: usize) -> Bits {
    1 << facet.min(6)
}

/// Filters of a query, ready to test rows.
pub struct Filters {
    /// For each value: the filters it satisfies, and (eight bits up) those it violates.
    marks: Vec<Bits>,
    /// Filters that want one of some values.
    wanted: Bits,
    /// Filters that are set at all.
    pub set: Bits,
    /// First and last second, both inclusive.
    when: Option<(i64, i64)>,
}

impl Filters {
    /// Reads the filters of `query`; `other_kinds` says whether the default kinds have to be told from others.
    pub fn new(query: &Query, values: &Values, other_kinds: bool) -> Self {
        let mut filters = Self { marks: vec![0; values.all().len()], wanted: 0, set: 0, when: None };
        filters.add(0, &query.theme, values);
        filters.add(1, &query.member, values);
        filters.add(2, &query.country, values);
        filters.add(3, &query.lang, values);
        filters.add(5, &query.issuer, values);
        let mut kind = query.kind.clone();
        if kind.any.is_empty() && other_kinds {
            kind.any = Kind::ITEMS.to_vec();
        }
        filters.add(4, &kind, values);
        if query.from.is_some() || query.to.is_some() {
            let first = query.from.map_or(UNDATED + 1, seconds);
            let last = query.to.map_or(i64::MAX, |day| seconds(day) + 86_399);
            filters.when = Some((first, last));
            filters.set |= DATES;
        }
        filters
    }

    fn add<T: Display>(&mut self, facet: usize, filter: &Filter<T>, values: &Values) {
        let mut mark = |wanted: &[T], bits: Bits| {
            for number in wanted.iter().filter_map(|value| values.find(facet, &value.to_string())) {
                self.marks[number as usize] |= bits;
            }
        };
        mark(&filter.any, bit(facet));
        mark(&filter.not, bit(facet) << EXCLUDED);
        if !filter.any.is_empty() {
            self.wanted |= bit(facet);
        }
        if !filter.is_empty() {
            self.set |= bit(facet);
        }
    }

    /// The filters that stop a document; 0 when it passes.
    pub fn stopping(&self, rows: &Rows, doc: DocId) -> Bits {
        if self.set == 0 {
            return 0;
        }
        let marks = rows.values(doc).iter().fold(0, |marks, value| marks | self.marks[*value as usize]);
        let mut stopping = (self.wanted & !marks) | (marks >> EXCLUDED);
        if let Some((first, last)) = self.when
            && !(first..=last).contains(&rows.when(doc))
        {
            stopping |= DATES;
        }
        stopping
    }

    /// A list of documents that holds all which only filters in `except` may stop, the shortest at hand; `None`: all.
    pub fn candidates(&self, rows: &Rows, values: &[Value], except: Bits) -> Option<Vec<DocId>> {
        let mut shortest: Option<(usize, Vec<usize>)> = None;
        for facet in (0..6).filter(|facet| self.wanted & bit(*facet) & !except != 0) {
            let of_facet = |number: &usize| values[*number].facet == facet && self.marks[*number] & bit(facet) != 0;
            let wanted: Vec<usize> = (0..self.marks.len()).filter(of_facet).collect();
            let length = wanted.iter().map(|number| rows.docs_of(*number as u32).len()).sum();
            if shortest.as_ref().is_none_or(|(least, _)| length < *least) {
                shortest = Some((length, wanted));
            }
        }
        if let Some((_, wanted)) = shortest {
            let mut docs: Vec<DocId> = Vec::new();
            for number in &wanted {
                docs.extend_from_slice(rows.docs_of(*number as u32));
            }
            if wanted.len() > 1 {
                docs.sort_unstable();
                docs.dedup();
            }
            return Some(docs);
        }
        let (first, last) = self.when.filter(|_| except & DATES == 0)?;
        let by_date = rows.by_date();
        let start = by_date.partition_point(|doc| rows.when(*doc) < first);
        let end = by_date.partition_point(|doc| rows.when(*doc) <= last);
        Some(by_date[start..end.max(start)].to_vec())
    }
}

/// The facets whose own filter is `bit`.
pub fn facets_of(bits: Bits) -> impl Iterator<Item = usize> {
    (0..FACETS.len()).filter(move |facet| bit(*facet) & bits != 0)
}

/// Midnight of the day.
fn seconds(day: Date) -> i64 {
    jiff::tz::Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, jiff::Timestamp::as_second)
}
