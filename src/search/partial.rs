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
use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::{DocAddress, DocId, TERMINATED};

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
        let mut on_candidate = |doc: DocId, weight: f32, score: f32| {
            let address = DocAddress::new(ord as u32, doc);
            if full.iter().any(|entry| entry.address == address) {
                return;
            }
            total += 1;
            let held = held(weight / all, clauses.len());
            let key = Key::new(Sort::Relevance, segment.rows.when(doc), segment.rows.rank(doc));
            best.offer(Entry { score: score * held, held, key, address });
        };
        let passes = |doc| filters.stopping(&segment.rows, doc) == 0 && segment.is_alive(doc);
        candidates(segment, &clauses, &excluded, least, &passes, &mut on_candidate)?;
    }
    Ok((total, best.into_sorted()))
}

/// Documents that are looked at together: what they hold fits the fastest memory.
const WINDOW: usize = 4_096;

/// Tells each document that holds at least `least`, nothing excluded, and passes: with the weight and the score of what
/// it holds. For a few words most documents fall short, so only those that do not are scored.
fn candidates(
    segment: &Segment,
    clauses: &[Weighed],
    excluded: &[Box<dyn Weight>],
    least: f32,
    passes: &dyn Fn(DocId) -> bool,
    on_candidate: &mut dyn FnMut(DocId, f32, f32),
) -> Result<(), SearchError> {
    let scorers = |weights: &mut dyn Iterator<Item = &Box<dyn Weight>>| {
        weights.map(|weight| weight.scorer(&segment.reader, 1.0)).collect::<Result<Vec<_>, _>>()
    };
    let mut walking = scorers(&mut clauses.iter().map(|(_, weight)| weight))?;
    let score_late = clauses.len() <= FEW_WORDS;
    let mut scoring = if score_late { scorers(&mut clauses.iter().map(|(_, weight)| weight))? } else { Vec::new() };
    let mut stopping = scorers(&mut excluded.iter())?;
    let (mut weights, mut scores) = (vec![0.0_f32; WINDOW], vec![0.0_f32; WINDOW]);
    let mut touched = [0_u64; WINDOW / 64];
    while let Some(first) = walking.iter().map(|scorer| scorer.doc()).min().filter(|doc| *doc != TERMINATED) {
        let start = first - first % WINDOW as DocId;
        let end = start + WINDOW as DocId;
        for ((weight, _), scorer) in clauses.iter().zip(&mut walking) {
            while scorer.doc() < end {
                let at = (scorer.doc() - start) as usize;
                weights[at] += weight;
                touched[at / 64] |= 1 << (at % 64);
                if !score_late {
                    scores[at] += scorer.score();
                }
                scorer.advance();
            }
        }
        for (block, bits) in touched.iter_mut().enumerate() {
            while *bits != 0 {
                let at = block * 64 + bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                let doc = start + at as DocId;
                let (weight, mut score) = (std::mem::take(&mut weights[at]), std::mem::take(&mut scores[at]));
                if weight >= least && passes(doc) && !stopping.iter_mut().any(|scorer| holds(scorer.as_mut(), doc)) {
                    for scorer in &mut scoring {
                        score += if holds(scorer.as_mut(), doc) { scorer.score() } else { 0.0 };
                    }
                    on_candidate(doc, weight, score);
                }
            }
        }
    }
    Ok(())
}

/// Whether `doc` is one of the scorer's; documents are asked for in rising order.
fn holds(scorer: &mut dyn Scorer, doc: DocId) -> bool {
    scorer.doc() == doc || (scorer.doc() < doc && scorer.seek(doc) == doc)
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
