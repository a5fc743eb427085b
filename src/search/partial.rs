//! # What if hardly anything holds all the words?
//!
//! A question of fifteen words must still find its answer, so when there are fewer than [`ENOUGH`] full matches,
//! releases that hold most of the words follow. Each clause is looked up alone; what counts is the share of the
//! question's weight that a release holds, where a rare word weighs more than a frequent one.
//!
//! Somebody who types up to [`FEW_WORDS`] words means each of them: there the full matches all come first. A longer
//! question is ranked as a whole, since its full match is often the release that happens to use the same small words:
//! a missing word costs ([`held`]), and lack of any costs [`LACK`] besides. On half of the Debian questions this is worth
//! .016 of nDCG@10 against full matches first; for three words and fewer it makes no difference.

use super::SearchError;
use super::best::{Best, Entry};
use super::cursor::Key;
use super::filters::Filters;
use super::plan::Plan;
use super::query::Sort;
use crate::index::{Segment, Snapshot};
use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocAddress, DocId};

/// Partial matches follow when there are fewer full ones than this.
pub const ENOUGH: u64 = 10;

/// Up to so many words, every full match comes before every partial one.
pub const FEW_WORDS: usize = 3;

/// Factor for a release that lacks any word at all.
const LACK: f32 = 1.0 / 1.2;

/// Clauses that are looked up: the rarest, since the others hardly change the order.
const MAX_CLAUSES: usize = 48;

/// Share of the question's weight that a release has to hold: half of it for a few words, that of one average word for
/// a long question, whose many words say less each.
fn least(clauses: usize) -> f32 {
    if clauses <= FEW_WORDS { 0.5 } else { 1.0 / clauses as f32 }
}

/// Factor for holding only this share of the weight: gentle, and gentler for long questions.
fn held(share: f32, clauses: usize) -> f32 {
    LACK * share.powf((1.0 / clauses as f32).min(0.3))
}

/// The partial matches beside the `full` ones: how many, and the best `keep`.
pub fn find(
    snapshot: &Snapshot,
    plan: &Plan,
    filters: &Filters,
    full: &[Entry],
    keep: usize,
) -> Result<(u64, Vec<Entry>), SearchError> {
    let clauses = weighed(snapshot, plan)?;
    let excluded = excluded(snapshot, plan)?;
    let all: f32 = clauses.iter().map(|(weight, _)| weight).sum();
    let least = least(clauses.len()) * all;
    let mut best = Best::new(keep);
    let mut total = 0;
    for (ord, segment) in snapshot.segments.iter().enumerate() {
        for (doc, tally) in tallies(segment, &clauses, &excluded)?.into_iter().enumerate() {
            let address = DocAddress::new(ord as u32, doc as DocId);
            if tally.weight <= 0.0 || tally.weight < least || full.iter().any(|entry| entry.address == address) {
                continue;
            }
            if filters.stopping(&segment.rows, address.doc_id) == 0 && segment.is_alive(address.doc_id) {
                total += 1;
                let held = held(tally.weight / all, clauses.len());
                let rows = &segment.rows;
                let key = Key::new(Sort::Relevance, rows.when(address.doc_id), rows.rank(address.doc_id));
                best.offer(Entry { score: tally.score * held, held, key, address });
            }
        }
    }
    Ok((total, best.into_sorted()))
}

/// What one document holds.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    score: f32,
    weight: f32,
}

/// What each document of a segment holds; nothing where it holds something excluded.
fn tallies(segment: &Segment, clauses: &[Weighed], excluded: &[Box<dyn Weight>]) -> Result<Vec<Tally>, SearchError> {
    let mut tallies = vec![Tally::default(); segment.reader.max_doc() as usize];
    for (weight, clause) in clauses {
        clause.for_each(&segment.reader, &mut |doc, score| {
            let tally = &mut tallies[doc as usize];
            tally.score += score;
            tally.weight += weight;
        })?;
    }
    for clause in excluded {
        clause.for_each_no_score(&segment.reader, &mut |docs| {
            docs.iter().for_each(|doc| tallies[*doc as usize] = Tally::default());
        })?;
    }
    Ok(tallies)
}

type Weighed = (f32, Box<dyn Weight>);

/// The rarest clauses, each with the weight of its rarity. Clauses that nothing holds are left out of the reckoning:
/// a misspelt word must not hide what the others find.
fn weighed(snapshot: &Snapshot, plan: &Plan) -> Result<Vec<Weighed>, SearchError> {
    let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
    let mut clauses: Vec<(u64, Box<dyn Weight>)> = Vec::new();
    for clause in &plan.parts {
        let weight = clause.weight(scoring)?;
        let mut count = 0;
        for segment in &snapshot.segments {
            count += u64::from(weight.count(&segment.reader)?);
        }
        if count > 0 {
            clauses.push((count, weight));
        }
    }
    clauses.sort_by_key(|(count, _)| *count);
    clauses.truncate(MAX_CLAUSES);
    let all = snapshot.total.max(1) as f32;
    Ok(clauses.into_iter().map(|(count, weight)| ((1.0 + all / count as f32).ln(), weight)).collect())
}

fn excluded(snapshot: &Snapshot, plan: &Plan) -> Result<Vec<Box<dyn Weight>>, SearchError> {
    let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
    let weights: Result<Vec<_>, _> = plan.excluded.iter().map(|clause| clause.weight(scoring)).collect();
    Ok(weights?)
}
