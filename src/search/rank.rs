//! # Which release answers best?
//!
//! ```text
//! score = (stems + EXACT · exact forms + PAIR · neighbours) · held · (1 + RECENT · newness)
//! ```
//!
//! `stems`, `exact forms` and `neighbours` are BM25 sums (k1 1.2, b 0.75, Tantivy's constants) over the words of the
//! question. The stems decide who is looked at: the best [`WINDOW`] by stems are scored in full, the rest follow in the
//! order of their stems.
//!
//! `held` is 1 for a release that holds all the words; one that holds most of them pays for the rest (see
//! [`super::partial`]).
//!
//! Weights were chosen on one half of the queries of four collections (Cranfield, CISI, Debian fr → fr, fr → en) and
//! judged on the other; a title counts twice, which is done when it is indexed.

use super::SearchError;
use super::best::Entry;
use super::plan::Asked;
use crate::index::{Segment, Snapshot, UNDATED};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Term};

/// How many of the best by stems are scored in full. More changes nothing in the first ten of the four collections.
pub const WINDOW: usize = 100;

/// Weight of the word exactly as typed, beside its stem: `marché` before `marche`, `école` before `écolier`.
const EXACT: f32 = 0.4;

/// Part of [`EXACT`] that is given for the same accents as typed.
const ACCENT: f32 = 0.2;

/// Weight of two words of the question that stand together in the text as they do in the question, against the mean
/// of their rarities.
const PAIR: f32 = 0.5;

/// Two words are neighbours at this distance, or at the distance they have in the question where that is greater: an
/// article may stand between them (`accès eau`, `accès à l'eau`).
const NEAR: u32 = 2;

/// How much newer than old can lift: between equals the newer comes first, a clearly better old one stays ahead.
const RECENT: f32 = 0.05;

/// Days after which newness is halved, counted from the newest release and not from today, so that the same index
/// gives the same answer on any day.
const HALF_LIFE_DAYS: f32 = 365.0;

/// What a score was made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// BM25 of the stems.
    pub stems: f32,
    /// BM25 of exact forms, weighted.
    pub exact: f32,
    /// BM25 of neighbours, weighted.
    pub pairs: f32,
    /// Factor of the words held.
    pub held: f32,
    /// Factor of newness.
    pub recent: f32,
}

impl Parts {
    /// The score.
    pub fn score(self) -> f32 {
        (self.stems + self.exact + self.pairs) * self.held * self.recent
    }

    /// One line a term, for people.
    pub fn explain(self) -> Vec<String> {
        vec![
            format!("stems      {:8.3}", self.stems),
            format!("exact      {:8.3}", self.exact),
            format!("neighbours {:8.3}", self.pairs),
            format!("words    × {:8.3}", self.held),
            format!("newness  × {:8.3}", self.recent),
            format!("score    = {:8.3}", self.score()),
        ]
    }
}

/// Scores entries in full and puts them in order. `score` of what comes in is that of the stems, by the words held.
pub fn order(snapshot: &Snapshot, asked: &[Asked], entries: &[Entry]) -> Result<Vec<(Entry, Parts)>, SearchError> {
    let newest = snapshot.segments.iter().filter_map(newest).max();
    let mut scored: Vec<(Entry, Parts)> = Vec::new();
    for entry in entries.iter().copied() {
        let rows = &snapshot.segments[entry.address.segment_ord as usize].rows;
        let recent = recency(rows.when(entry.address.doc_id), newest);
        scored.push((entry, Parts { stems: entry.score / entry.held, held: entry.held, recent, ..Parts::default() }));
    }
    let window = scored.len().min(WINDOW);
    scored[..window].sort_unstable_by_key(|(entry, _)| entry.address);
    let ranker = Ranker::new(snapshot, asked)?;
    ranker.add(&mut scored[..window])?;
    for (entry, parts) in &mut scored {
        entry.score = parts.score();
    }
    scored[..window].sort_unstable_by_key(|(entry, _)| *entry);
    Ok(scored)
}

fn newest(segment: &Segment) -> Option<i64> {
    let last = *segment.rows.by_date().last()?;
    Some(segment.rows.when(last)).filter(|when| *when != UNDATED)
}

fn recency(when: i64, newest: Option<i64>) -> f32 {
    match newest {
        Some(newest) if when != UNDATED => {
            let days = newest.saturating_sub(when) as f32 / 86_400.0;
            1.0 + RECENT * (-days / HALF_LIFE_DAYS).exp2()
        }
        _ => 1.0,
    }
}

/// A term with its weight.
struct Scored {
    term: Term,
    weight: Bm25Weight,
}

/// What is added to the stems.
struct Ranker<'a> {
    snapshot: &'a Snapshot,
    exact: Vec<Scored>,
    pairs: Vec<Pair>,
}

/// Two words that stand one after the other in the question.
struct Pair {
    first: Term,
    second: Term,
    distance: u32,
    weight: Bm25Weight,
}

impl<'a> Ranker<'a> {
    fn new(snapshot: &'a Snapshot, asked: &[Asked]) -> Result<Self, SearchError> {
        let fields = &snapshot.fields;
        let searcher = &snapshot.searcher;
        let mut exact = Vec::new();
        for word in asked {
            if word.forms.is_stop {
                continue;
            }
            let accented = word.forms.accented.as_ref();
            let folded_weight = if accented.is_some() { EXACT - ACCENT } else { EXACT };
            let forms = [(Some(&word.forms.folded), folded_weight), (accented, ACCENT)];
            for (text, weight) in forms.into_iter().filter_map(|(form, weight)| Some((form?, weight))) {
                let term = Term::from_field_text(fields.exact, text);
                let weight = Bm25Weight::for_terms(searcher, std::slice::from_ref(&term))?.boost_by(weight);
                exact.push(Scored { term, weight });
            }
        }
        let mut pairs = Vec::new();
        for two in asked.windows(2) {
            let stem = |word: &Asked| Term::from_field_text(fields.stem, &word.forms.stem);
            let terms = [stem(&two[0]), stem(&two[1])];
            let distance = two[1].place.saturating_sub(two[0].place).max(NEAR);
            let weight = Bm25Weight::for_terms(searcher, &terms)?.boost_by(PAIR / 2.0);
            let [first, second] = terms;
            pairs.push(Pair { first, second, distance, weight });
        }
        Ok(Self { snapshot, exact, pairs })
    }

    /// Adds to entries that are sorted by address.
    fn add(&self, entries: &mut [(Entry, Parts)]) -> Result<(), SearchError> {
        for chunk in entries.chunk_by_mut(|a, b| a.0.address.segment_ord == b.0.address.segment_ord) {
            let segment = &self.snapshot.segments[chunk[0].0.address.segment_ord as usize];
            self.add_exact(segment, chunk)?;
            self.add_pairs(segment, chunk)?;
        }
        Ok(())
    }

    fn add_exact(&self, segment: &Segment, entries: &mut [(Entry, Parts)]) -> Result<(), SearchError> {
        let field = self.snapshot.fields.exact;
        let norms = norms(segment, field)?;
        let inverted = segment.reader.inverted_index(field)?;
        for Scored { term, weight } in &self.exact {
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::WithFreqs)? else { continue };
            for (entry, parts) in entries.iter_mut() {
                let doc = entry.address.doc_id;
                if seek(&mut postings, doc) {
                    parts.exact += weight.score(norms.fieldnorm_id(doc), postings.term_freq());
                }
            }
        }
        Ok(())
    }

    fn add_pairs(&self, segment: &Segment, entries: &mut [(Entry, Parts)]) -> Result<(), SearchError> {
        let field = self.snapshot.fields.stem;
        let norms = norms(segment, field)?;
        let inverted = segment.reader.inverted_index(field)?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for pair in &self.pairs {
            let with_positions = IndexRecordOption::WithFreqsAndPositions;
            let Some(mut first) = inverted.read_postings(&pair.first, with_positions)? else { continue };
            let Some(mut second) = inverted.read_postings(&pair.second, with_positions)? else { continue };
            for (entry, parts) in entries.iter_mut() {
                let doc = entry.address.doc_id;
                if !seek(&mut first, doc) || !seek(&mut second, doc) {
                    continue;
                }
                first.positions(&mut before);
                second.positions(&mut after);
                let together = together(&before, &after, pair.distance);
                if together > 0 {
                    parts.pairs += pair.weight.score(norms.fieldnorm_id(doc), together);
                }
            }
        }
        Ok(())
    }
}

fn norms(segment: &Segment, field: Field) -> Result<FieldNormReader, SearchError> {
    Ok(segment.reader.get_fieldnorms_reader(field)?)
}

fn seek(postings: &mut impl DocSet, doc: DocId) -> bool {
    postings.doc() == doc || (postings.doc() < doc && postings.seek(doc) == doc)
}

/// How often a position of `after` lies within `distance` behind one of `before`.
fn together(before: &[u32], after: &[u32], distance: u32) -> u32 {
    let mut count = 0;
    let mut at = 0;
    for first in before {
        while after.get(at).is_some_and(|second| second <= first) {
            at += 1;
        }
        if after.get(at).is_some_and(|second| second - first <= distance) {
            count += 1;
        }
    }
    count
}
