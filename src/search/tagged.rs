//! The releases with a facet value, as a query beside words: all score alike.

use super::concepts::Tag;
use crate::index::{FACET_LANG, Rows, Snapshot, ValueId};
use std::sync::Arc;
use tantivy::index::SegmentId;
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Finds the releases that have `value` and not `without`.
#[derive(Debug, Clone)]
pub struct Tagged {
    segments: Arc<Vec<(SegmentId, Arc<Rows>)>>,
    value: ValueId,
    without: Option<ValueId>,
}

impl Tagged {
    /// Over the segments of `snapshot`; `None` when no release has the value.
    pub fn new(snapshot: &Snapshot, tag: &Tag) -> Option<Self> {
        let value = snapshot.values.find(tag.facet, &tag.value)?;
        let without = tag.not_in.and_then(|lang| snapshot.values.find(FACET_LANG, lang.as_str()));
        let segments = snapshot.segments.iter().map(|segment| (segment.reader.segment_id(), segment.rows.clone()));
        Some(Self { segments: Arc::new(segments.collect()), value, without })
    }
}

impl Query for Tagged {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Tagged {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.segments.iter().find(|(id, _)| *id == reader.segment_id()) {
            Some((_, rows)) => {
                let mut docs = Docs { rows: rows.clone(), value: self.value, without: self.without, at: 0 };
                docs.skip();
                Ok(Box::new(ConstScorer::new(docs, boost)))
            }
            None => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        match scorer.seek(doc) == doc {
            true => Ok(Explanation::new("has the value", 1.0)),
            false => Err(TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }
}

/// The documents of a value, rising.
struct Docs {
    rows: Arc<Rows>,
    value: ValueId,
    without: Option<ValueId>,
    at: usize,
}

impl Docs {
    /// Goes on to the first document that counts.
    fn skip(&mut self) {
        let Some(without) = self.without else { return };
        let docs = self.rows.docs_of(self.value);
        while docs.get(self.at).is_some_and(|doc| self.rows.values(*doc).binary_search(&without).is_ok()) {
            self.at += 1;
        }
    }
}

impl DocSet for Docs {
    fn advance(&mut self) -> DocId {
        self.at = self.at.saturating_add(1);
        self.skip();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.rows.docs_of(self.value).get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|doc| *doc < target);
        self.skip();
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.rows.docs_of(self.value).get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.rows.docs_of(self.value).len() as u32
    }
}
