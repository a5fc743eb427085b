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

    /// The entries, best first.
    pub fn into_sorted(self) -> Vec<Entry> {
        self.heap.into_sorted_vec()
    }
}

/// The best `keep` by score alone, of many: quicker than a heap where `keep` is large.
pub struct TopScores {
    keep: usize,
    found: Vec<(f32, DocAddress)>,
    threshold: f32,
}

impl TopScores {
    /// Keeps `keep` of them, at least one.
    pub fn new(keep: usize) -> Self {
        let keep = keep.max(1);
        Self { keep, found: Vec::with_capacity(2 * keep), threshold: f32::MIN }
    }

    /// Offers a score.
    pub fn offer(&mut self, score: f32, address: DocAddress) {
        if score <= self.threshold {
            return;
        }
        self.found.push((score, address));
        if self.found.len() == 2 * self.keep {
            self.cut();
        }
    }

    /// A score that has to be passed to be kept.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    fn cut(&mut self) {
        let worst = self.keep - 1;
        self.found.select_nth_unstable_by(worst, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.found.truncate(self.keep);
        self.threshold = self.found[worst].0;
    }

    /// What was kept, best first; equal scores in the order of relevance.
    pub fn into_entries(mut self, snapshot: &Snapshot) -> Vec<Entry> {
        if self.found.len() > self.keep {
            self.cut();
        }
        let entry = |(score, address): (f32, DocAddress)| {
            let rows = &snapshot.segments[address.segment_ord as usize].rows;
            let key = Key::new(Sort::Relevance, rows.when(address.doc_id), rows.rank(address.doc_id));
            Entry { score, held: 1.0, key, address }
        };
        let mut entries: Vec<Entry> = self.found.into_iter().map(entry).collect();
        entries.sort_unstable();
        entries
    }
}

/// The matches of words, as a set for each segment.
pub struct Matches {
    segments: Vec<Vec<u64>>,
}

impl Matches {
    /// None yet.
    pub fn none(snapshot: &Snapshot) -> Self {
        let words = |segment: &Segment| segment.reader.max_doc().div_ceil(64) as usize;
        Self { segments: snapshot.segments.iter().map(|segment| vec![0; words(segment)]).collect() }
    }

    /// Adds a match.
    pub fn add(&mut self, ord: usize, doc: DocId) {
        self.segments[ord][doc as usize / 64] |= 1 << (doc % 64);
    }

    fn has(&self, ord: usize, doc: DocId) -> bool {
        self.segments[ord][doc as usize / 64] & (1 << (doc % 64)) != 0
    }

    fn docs(&self, ord: usize) -> Vec<DocId> {
        let mut docs = Vec::new();
        for (at, word) in self.segments[ord].iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                docs.push(at as DocId * 64 + left.trailing_zeros());
                left &= left - 1;
            }
        }
        docs
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
    /// Only these, which have passed already; without words all.
    pub matches: Option<&'a Matches>,
}

impl InOrder<'_> {
    /// The first `keep` of them. Walks from the front and stops when it has enough; where few of all pass (`passing`
    /// says how many), it looks at the list of matches or of a filter instead.
    pub fn first(&self, keep: usize, passing: u64) -> Vec<Entry> {
        let mut best = Best::new(keep);
        for (ord, segment) in self.snapshot.segments.iter().enumerate() {
            let is_few = passing.saturating_mul(passing) < u64::from(segment.reader.max_doc()) * keep as u64;
            let few = match self.matches {
                _ if !is_few => None,
                Some(matches) => Some(matches.docs(ord)),
                None => self.filters.candidates(&segment.rows, self.snapshot.values.all(), 0),
            };
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
        let matches = match self.matches {
            Some(matches) => matches.has(ord, doc),
            None => self.filters.stopping(&segment.rows, doc) == 0 && segment.is_alive(doc),
        };
        if !matches {
            return false;
        }
        let key = self.key(segment, doc);
        let passes = self.after.is_none_or(|after| key < after);
        if passes {
            best.offer(Entry { score: 0.0, held: 1.0, key, address: DocAddress::new(ord as u32, doc) });
        }
        passes
    }
}
