//! # Which releases come first?
//!
//! Keeps the best few of many, and walks the stored orders where the order is one of dates or ranks.

use super::cursor::Key;
use super::filters::Filters;
use super::query::Sort;
use crate::index::{Segment, Snapshot, UNDATED};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use tantivy::{DocAddress, DocId};

/// A release in the running.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Its score; 0 where only the place counts.
    pub score: f32,
    /// Factor in the score for the words it holds; 1 for all of them.
    pub held: f32,
    /// Its place in the order of dates or ranks; decides between equal scores.
    pub key: Key,
    /// Where it is.
    pub address: DocAddress,
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The least comes first: what answers show at the top is smaller, so the heap's head is the worst one kept.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let better = other.score.total_cmp(&self.score).then(other.key.cmp(&self.key));
        better.then(self.address.cmp(&other.address))
    }
}

/// The best `keep` entries seen.
pub struct Best {
    keep: usize,
    heap: BinaryHeap<Entry>,
}

impl Best {
    /// Keeps `keep` entries.
    pub fn new(keep: usize) -> Self {
        Self { keep, heap: BinaryHeap::with_capacity(keep.min(1_024) + 1) }
    }

    /// Offers an entry.
    pub fn offer(&mut self, entry: Entry) {
        if self.heap.len() < self.keep {
            self.heap.push(entry);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && entry < *worst
        {
            *worst = entry;
        }
    }

    /// A score that an entry has to pass to be kept.
    pub fn threshold(&self) -> f32 {
        let full = self.heap.len() >= self.keep;
        self.heap.peek().filter(|_| full).map_or(f32::MIN, |worst| worst.score)
    }

    /// The entries, best first.
    pub fn into_sorted(self) -> Vec<Entry> {
        self.heap.into_sorted_vec()
    }
}

/// The releases in a stored order.
pub struct InOrder<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// What they have to pass.
    pub filters: &'a Filters,
    /// The order.
    pub sort: Sort,
    /// Only what comes after this place.
    pub after: Option<Key>,
}

impl InOrder<'_> {
    /// The first `keep` of them. Walks from the front and stops when it has enough; where few of all pass (`matches`
    /// says how many), it looks at the list of a filter instead.
    pub fn first(&self, keep: usize, matches: u64) -> Vec<Entry> {
        let mut best = Best::new(keep);
        for (ord, segment) in self.snapshot.segments.iter().enumerate() {
            let is_few = matches.saturating_mul(matches) < u64::from(segment.reader.max_doc()) * keep as u64;
            let few = if is_few { self.filters.candidates(&segment.rows, self.snapshot.values.all(), 0) } else { None };
            match few {
                Some(docs) => docs.into_iter().for_each(|doc| {
                    self.offer(ord, segment, doc, &mut best);
                }),
                None => self.walk(ord, segment, keep, &mut best),
            }
        }
        best.into_sorted()
    }

    fn key(&self, segment: &Segment, doc: DocId) -> Key {
        Key::new(self.sort, segment.rows.when(doc), segment.rows.rank(doc))
    }

    fn walk(&self, ord: usize, segment: &Segment, keep: usize, best: &mut Best) {
        let rows = &segment.rows;
        let mut left = keep;
        let mut take = |docs: &mut dyn Iterator<Item = &DocId>| {
            while left > 0
                && let Some(doc) = docs.next()
            {
                left -= usize::from(self.offer(ord, segment, *doc, best));
            }
        };
        let is_behind = |doc: &DocId| self.after.is_some_and(|after| self.key(segment, *doc) >= after);
        if self.sort == Sort::Oldest {
            let by_date = rows.by_date();
            let (undated, dated) = by_date.split_at(by_date.partition_point(|doc| rows.when(*doc) == UNDATED));
            for part in [dated, undated] {
                let start = part.partition_point(is_behind);
                take(&mut part[start..].iter());
            }
        } else {
            let all = if self.sort == Sort::Added { rows.by_rank() } else { rows.by_date() };
            let end = all.partition_point(|doc| !is_behind(doc));
            take(&mut all[..end].iter().rev());
        }
    }

    /// Offers a document if it passes and comes after the cursor; says whether it did.
    fn offer(&self, ord: usize, segment: &Segment, doc: DocId, best: &mut Best) -> bool {
        let key = self.key(segment, doc);
        let passes = self.after.is_none_or(|after| key < after)
            && self.filters.stopping(&segment.rows, doc) == 0
            && segment.is_alive(doc);
        if passes {
            best.offer(Entry { score: 0.0, held: 1.0, key, address: DocAddress::new(ord as u32, doc) });
        }
        passes
    }
}
