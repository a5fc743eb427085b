//! # What if hardly anything holds all the words?
//!
//! A question of fifteen words must still find its answer, so releases that hold most of the words follow the full
//! matches. Each clause is looked up alone; a release counts when the clauses it holds carry at least [`MOST`] of the
//! weight of all, where a rare word weighs more than a frequent one.

use super::SearchError;
use super::best::{Best, Entry};
use super::cursor::Key;
use super::filters::Filters;
use super::plan::Plan;
use super::query::Sort;
use crate::index::Snapshot;
use tantivy::DocAddress;
use tantivy::query::{EnableScoring, Weight};

/// Partial matches follow when there are fewer full ones than this.
pub const ENOUGH: u64 = 10;

/// Share of the question's weight that has to be there.
const MOST: f32 = 0.5;

/// Clauses that are looked up: the rarest, since the others hardly change the order.
const MAX_CLAUSES: usize = 48;

/// The partial matches beside the `full` ones: how many, and the best `keep`.
pub fn find(
    snapshot: &Snapshot,
    plan: &Plan,
    filters: &Filters,
    full: &[Entry],
    keep: usize,
) -> Result<(u64, Vec<Entry>), SearchError> {
    let clauses = weighed(snapshot, plan)?;
    let all: f32 = clauses.iter().map(|(weight, _)| weight).sum();
    let excluded = weights(snapshot, plan)?;
    let mut best = Best::new(keep);
    let mut total = 0;
    for (ord, segment) in snapshot.segments.iter().enumerate() {
        let count = segment.reader.max_doc() as usize;
        let mut score = vec![0.0_f32; count];
        let mut held = vec![0.0_f32; count];
        for (weight, clause) in &clauses {
            clause.for_each(&segment.reader, &mut |doc, points| {
                let doc = doc as usize;
                score[doc] += points;
                held[doc] += weight;
            })?;
        }
        for clause in &excluded {
            clause.for_each_no_score(&segment.reader, &mut |docs| {
                docs.iter().for_each(|doc| held[*doc as usize] = 0.0);
            })?;
        }
        for doc in 0..segment.reader.max_doc() {
            let place = doc as usize;
            let address = DocAddress::new(ord as u32, doc);
            if held[place] == 0.0 || held[place] < MOST * all || full.iter().any(|entry| entry.address == address) {
                continue;
            }
            if filters.stopping(&segment.rows, doc) == 0 && segment.is_alive(doc) {
                total += 1;
                let key = Key::new(Sort::Relevance, segment.rows.when(doc), segment.rows.rank(doc));
                best.offer(Entry { score: score[place], key, address });
            }
        }
    }
    Ok((total, best.into_sorted()))
}

type Weighed = (f32, Box<dyn Weight>);

/// The rarest clauses, each with the weight of its rarity. Clauses that nothing holds are left out of the reckoning:
/// a misspelt word must not hide what the others find.
fn weighed(snapshot: &Snapshot, plan: &Plan) -> Result<Vec<Weighed>, SearchError> {
    let scoring = EnableScoring::enabled_from_searcher(&snapshot.searcher);
    let mut clauses: Vec<(u64, Box<dyn Weight>)> = Vec::new();
    for clause in &plan.clauses {
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

fn weights(snapshot: &Snapshot, plan: &Plan) -> Result<Vec<Box<dyn Weight>>, SearchError> {
    let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
    let weights: Result<Vec<_>, _> = plan.excluded.iter().map(|clause| clause.weight(scoring)).collect();
    Ok(weights?)
}
