//! # How many releases match, and how many have each facet value?
//!
//! With words, one pass over their matches: each passes the filters, or is stopped by exactly one (and counts in the
//! facets of that one), or by more. Without words the rows know the documents of every value, so the pass runs over
//! the shortest list, once more for each filter whose facet is asked for.

use super::SearchError;
use super::filters::{Bits, Filters, bit, facets_of};
use super::query::FACETS;
use crate::index::{Segment, Snapshot};
use tantivy::DocId;
use tantivy::query::Weight;

/// Totals of one search.
#[derive(Debug, Default)]
pub struct Counts {
    /// Releases that match.
    pub total: u64,
    /// For each facet value the releases that have it, the facet's own filter left out; empty when not asked for.
    pub values: Vec<u64>,
}

/// What is counted, and over what.
pub struct Counter<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// The filters.
    pub filters: &'a Filters,
    /// The facets that are asked for.
    pub facets: Bits,
}

/// Is told each release that matches: place of the segment, document.
pub type OnMatch<'a> = dyn FnMut(usize, DocId) + 'a;

impl Counter<'_> {
    /// Counts the matches of `weight`, which does not score.
    pub fn with_words(
        &self,
        weight: &dyn Weight,
        mut on_match: Option<&mut OnMatch<'_>>,
    ) -> Result<Counts, SearchError> {
        if self.filters.set == 0 && self.facets == 0 && on_match.is_none() {
            let mut total = 0;
            for segment in &self.snapshot.segments {
                total += u64::from(weight.count(&segment.reader)?);
            }
            return Ok(Counts { total, values: Vec::new() });
        }
        let mut tally = self.tally();
        for (ord, segment) in self.snapshot.segments.iter().enumerate() {
            weight.for_each_no_score(&segment.reader, &mut |docs| {
                for doc in docs {
                    if tally.add(segment, *doc)
                        && let Some(on_match) = &mut on_match
                    {
                        on_match(ord, *doc);
                    }
                }
            })?;
        }
        Ok(tally.counts)
    }

    /// Counts the matches of `weight`, which scores, and tells each that passes with its score.
    pub fn scored(
        &self,
        weight: &dyn Weight,
        on_match: &mut dyn FnMut(usize, DocId, f32),
    ) -> Result<Counts, SearchError> {
        let mut tally = self.tally();
        for (ord, segment) in self.snapshot.segments.iter().enumerate() {
            weight.for_each(&segment.reader, &mut |doc, score| {
                if tally.add(segment, doc) {
                    on_match(ord, doc, score);
                }
            })?;
        }
        Ok(tally.counts)
    }

    /// Counts all releases that pass the filters.
    pub fn without_words(&self) -> Counts {
        if self.filters.set == 0 {
            let values = if self.facets == 0 { Vec::new() } else { self.snapshot.counts.clone() };
            return Counts { total: self.snapshot.total, values };
        }
        let mut tally = self.tally();
        let values = self.snapshot.values.all();
        for segment in &self.snapshot.segments {
            match self.filters.candidates(&segment.rows, values, 0) {
                Some(docs) => docs.into_iter().for_each(|doc| tally.add_passing(segment, doc)),
                None => (0..segment.reader.max_doc()).for_each(|doc| tally.add_passing(segment, doc)),
            }
        }
        let mut counts = tally.counts;
        let own: Vec<usize> = facets_of(self.facets & self.filters.set).collect();
        for filter in own.iter().map(|facet| bit(*facet)) {
            self.recount(filter, &mut counts.values);
        }
        counts
    }

    /// Counts again the facets of one filter, as if it were not set.
    fn recount(&self, filter: Bits, counts: &mut [u64]) {
        let values = self.snapshot.values.all();
        let is_own = |number: usize| bit(values[number].facet) == filter;
        let alone = self.filters.set == filter;
        for (number, count) in counts.iter_mut().enumerate().filter(|(number, _)| is_own(*number)) {
            *count = if alone { self.snapshot.counts[number] } else { 0 };
        }
        if alone {
            return;
        }
        for segment in &self.snapshot.segments {
            let rows = &segment.rows;
            let docs = self.filters.candidates(rows, values, filter);
            let docs = docs.unwrap_or_else(|| (0..segment.reader.max_doc()).collect());
            for doc in docs {
                if self.filters.stopping(rows, doc) & !filter == 0 && segment.is_alive(doc) {
                    for value in rows.values(doc).iter().filter(|value| is_own(**value as usize)) {
                        counts[*value as usize] += 1;
                    }
                }
            }
        }
    }

    fn tally(&self) -> Tally<'_> {
        let all = self.snapshot.values.all();
        let values = if self.facets == 0 { Vec::new() } else { vec![0; all.len()] };
        let own = if self.facets == 0 { Vec::new() } else { all.iter().map(|value| bit(value.facet)).collect() };
        Tally { filters: self.filters, own, counts: Counts { total: 0, values } }
    }
}

/// Adds up matches.
struct Tally<'t> {
    filters: &'t Filters,
    /// For each value the bit of its own filter; empty when nothing is counted by value.
    own: Vec<Bits>,
    counts: Counts,
}

impl Tally<'_> {
    /// A match of the words, which the filters may stop; says whether it passes.
    fn add(&mut self, segment: &Segment, doc: DocId) -> bool {
        let stopping = self.filters.stopping(&segment.rows, doc);
        if stopping == 0 {
            return self.count(segment, doc);
        }
        if stopping.is_power_of_two() && !self.own.is_empty() && segment.is_alive(doc) {
            for value in segment.rows.values(doc) {
                if self.own[*value as usize] == stopping {
                    self.counts.values[*value as usize] += 1;
                }
            }
        }
        false
    }

    fn add_passing(&mut self, segment: &Segment, doc: DocId) {
        if self.filters.stopping(&segment.rows, doc) == 0 {
            self.count(segment, doc);
        }
    }

    fn count(&mut self, segment: &Segment, doc: DocId) -> bool {
        if !segment.is_alive(doc) {
            return false;
        }
        self.counts.total += 1;
        if !self.own.is_empty() {
            for value in segment.rows.values(doc) {
                self.counts.values[*value as usize] += 1;
            }
        }
        true
    }
}

/// The bits of the facets with these names.
pub fn facet_bits(names: &[&str]) -> Bits {
    FACETS.iter().enumerate().filter(|(_, name)| names.contains(name)).fold(0, |bits, (facet, _)| bits | bit(facet))
}
