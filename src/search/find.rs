//! # The search itself
//!
//! Counts what matches, finds the page, and says which release stands on it. What a release looks like is for
//! [`super::hits`].

use super::best::{Entry, InOrder, Matches, TopScores};
use super::count::{Counter, Counts, facet_bits};
use super::cursor::{MAX_OFFSET, Position};
use super::filters::Filters;
use super::plan::Plan;
use super::query::{Query, Sort};
use super::rank::{self, Parts, WINDOW};
use super::{SearchError, partial};
use crate::index::Snapshot;
use tantivy::DocAddress;
use tantivy::query::EnableScoring;

/// One place of the page.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Where the release is.
    pub entry: Entry,
    /// What its score was made of; all zero in orders of dates.
    pub parts: Parts,
    /// Whether it holds most of the words only.
    pub partial: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Full matches, and facet values.
    pub counts: Counts,
    /// Partial matches.
    pub partial_total: u64,
    /// The page.
    pub page: Vec<Place>,
    /// Where the next page starts.
    pub next: Option<Position>,
}

/// One search under way.
pub struct Finder<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// What was asked.
    pub query: &'a Query,
    /// Its words.
    pub plan: &'a Plan,
    /// Its filters.
    pub filters: &'a Filters,
}

impl Finder<'_> {
    /// Counts and finds.
    pub fn find(&self) -> Result<Found, SearchError> {
        match self.query.order() {
            Sort::Relevance => self.by_relevance(),
            sort => self.by_place(sort),
        }
    }

    fn counter(&self) -> Counter<'_> {
        Counter { snapshot: self.snapshot, filters: self.filters, facets: facet_bits(&self.query.facets) }
    }

    fn by_place(&self, sort: Sort) -> Result<Found, SearchError> {
        let after = match self.query.position() {
            Some(Position::Key(key)) => Some(key),
            _ => None,
        };
        let (offset, limit) = (self.query.offset, self.query.limit);
        let keep = offset + limit + 1;
        let (counts, matches) = match self.plan.is_empty() {
            true => (self.counter().without_words(), None),
            false => self.matches()?,
        };
        let (snapshot, filters) = (self.snapshot, self.filters);
        let order = InOrder { snapshot, filters, sort, after, matches: matches.as_ref() };
        let entries = if limit > 0 { order.first(keep, counts.total) } else { Vec::new() };
        let mut found = Found { counts, ..Found::default() };
        let on_page = entries.iter().skip(offset).take(limit);
        found.page = on_page.map(|entry| Place { entry: *entry, parts: Parts::default(), partial: false }).collect();
        if entries.len() == keep {
            found.next = found.page.last().map(|place| Position::Key(place.entry.key));
        }
        Ok(found)
    }

    /// Counts the matches of the words, and gathers them where some are shown.
    fn matches(&self) -> Result<(Counts, Option<Matches>), SearchError> {
        let plain = EnableScoring::disabled_from_searcher(&self.snapshot.searcher);
        let weight = self.plan.query().weight(plain)?;
        if self.query.limit == 0 {
            return Ok((self.counter().with_words(weight.as_ref(), None)?, None));
        }
        let mut matches = Matches::none(self.snapshot);
        let mut on_match = |ord: usize, doc| matches.add(ord, doc);
        let counts = self.counter().with_words(weight.as_ref(), Some(&mut on_match))?;
        Ok((counts, Some(matches)))
    }

    fn by_relevance(&self) -> Result<Found, SearchError> {
        let offset = match self.query.position() {
            Some(Position::Count(count)) => count,
            _ => self.query.offset,
        };
        let wanted = offset + self.query.limit;
        let (counts, full) = self.counted_and_best(wanted.max(WINDOW))?;
        let mut found = Found { counts, ..Found::default() };
        let mut places = Vec::new();
        if found.counts.total > 0 && self.query.limit > 0 || found.counts.total < partial::ENOUGH {
            places = self.places(&full, false)?;
            if found.counts.total < partial::ENOUGH && self.plan.parts.len() > 1 {
                let (snapshot, plan, filters) = (self.snapshot, self.plan, self.filters);
                let (total, entries) = partial::find(snapshot, plan, filters, &full, wanted.max(WINDOW))?;
                found.partial_total = total;
                places.extend(self.places(&entries, true)?);
                if plan.parts.len() > partial::FEW_WORDS {
                    places.sort_by_key(|place| place.entry);
                }
            }
        }
        let all = found.counts.total + found.partial_total;
        found.page = places.into_iter().skip(offset).take(self.query.limit).collect();
        let is_more = (wanted as u64) < all && wanted <= MAX_OFFSET && !found.page.is_empty();
        found.next = is_more.then_some(Position::Count(wanted));
        Ok(found)
    }

    fn places(&self, entries: &[Entry], partial: bool) -> Result<Vec<Place>, SearchError> {
        let ordered = rank::order(self.snapshot, &self.plan.asked, entries)?;
        Ok(ordered.into_iter().map(|(entry, parts)| Place { entry, parts, partial }).collect())
    }

    /// The counts, and the full matches with the best stems. One word among all releases, or alternatives, are counted
    /// apart, because then the best are found without looking at every match; else both come from one pass.
    fn counted_and_best(&self, keep: usize) -> Result<(Counts, Vec<Entry>), SearchError> {
        let query = self.plan.query();
        let counter = self.counter();
        let is_narrowed = self.filters.set != 0 || counter.facets != 0;
        let is_joined = self.plan.clauses.len() + self.plan.excluded.len() > 1 || self.plan.has_phrase;
        if self.query.limit == 0 || !(is_narrowed || is_joined) {
            let plain = EnableScoring::disabled_from_searcher(&self.snapshot.searcher);
            let counts = counter.with_words(query.weight(plain)?.as_ref(), None)?;
            let needed = counts.total > 0 && (self.query.limit > 0 || counts.total < partial::ENOUGH);
            return Ok((counts, if needed { self.best(query.as_ref(), keep)? } else { Vec::new() }));
        }
        let scoring = EnableScoring::enabled_from_searcher(&self.snapshot.searcher);
        let mut top = TopScores::new(keep);
        let mut on_match = |ord: usize, doc, score| top.offer(score, DocAddress::new(ord as u32, doc));
        let counts = counter.scored(query.weight(scoring)?.as_ref(), &mut on_match)?;
        Ok((counts, top.into_entries(self.snapshot)))
    }

    fn best(&self, query: &dyn tantivy::query::Query, keep: usize) -> Result<Vec<Entry>, SearchError> {
        let scoring = EnableScoring::enabled_from_searcher(&self.snapshot.searcher);
        let weight = query.weight(scoring)?;
        let mut top = TopScores::new(keep);
        for (ord, segment) in self.snapshot.segments.iter().enumerate() {
            weight.for_each_pruning(top.threshold(), &segment.reader, &mut |doc, score| {
                if self.filters.stopping(&segment.rows, doc) == 0 && segment.is_alive(doc) {
                    top.offer(score, DocAddress::new(ord as u32, doc));
                }
                top.threshold()
            })?;
        }
        Ok(top.into_entries(self.snapshot))
    }
}
