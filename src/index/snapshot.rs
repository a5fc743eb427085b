//! # What does a query see?
//!
//! A [`Snapshot`]: the segments of one commit with their rows. It never changes; a query that holds it is not touched
//! by commits, merges or a rebuild.

use super::lines::Lines;
use super::rows::Rows;
use super::schema::Fields;
use super::values::{FACET_KIND, ValueId, Values};
use crate::model::{Kind, Release, ReleaseId};
use std::sync::Arc;
use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED, TantivyDocument, Term};

/// The index as of one commit.
pub struct Snapshot {
    /// Tantivy's view of it.
    pub searcher: Searcher,
    /// The fields by name.
    pub fields: Arc<Fields>,
    /// The segments, in the order of the searcher.
    pub segments: Vec<Segment>,
    /// Facet values that the rows speak of.
    pub values: Arc<Values>,
    /// How many releases have each value.
    pub counts: Vec<u64>,
    /// Releases.
    pub total: u64,
    /// Whether some are of a kind that is shown only when asked for.
    pub has_other_kinds: bool,
    /// `seq` of the newest tick it holds.
    pub generation: u64,
    lines: Arc<Lines>,
}

/// One segment of a snapshot.
pub struct Segment {
    /// Tantivy's view of it.
    pub reader: SegmentReader,
    /// Facet values, dates and ranks.
    pub rows: Arc<Rows>,
}

impl Snapshot {
    /// Joins the parts.
    pub(super) fn new(
        searcher: Searcher,
        fields: Arc<Fields>,
        rows: Vec<Arc<Rows>>,
        values: Arc<Values>,
        generation: u64,
        lines: Arc<Lines>,
    ) -> Self {
        let readers = searcher.segment_readers().iter().cloned();
        let segments: Vec<Segment> = readers.zip(rows).map(|(reader, rows)| Segment { reader, rows }).collect();
        let mut counts = vec![0; values.all().len()];
        for segment in &segments {
            segment.add_counts(&mut counts);
        }
        let total = searcher.num_docs();
        let items: u64 = Kind::ITEMS
            .iter()
            .filter_map(|kind| values.find(FACET_KIND, kind.as_str()))
            .map(|value| counts[value as usize])
            .sum();
        Self { searcher, fields, segments, values, counts, total, has_other_kinds: items != total, generation, lines }
    }

    /// The release at `address`, from its line.
    pub fn release(&self, address: DocAddress) -> tantivy::Result<Arc<Release>> {
        let segment = self.segments[address.segment_ord as usize].reader.segment_id();
        if let Some(kept) = self.lines.get(segment, address.doc_id) {
            return Ok(kept);
        }
        let release = Arc::new(self.read(address)?);
        self.lines.put(segment, address.doc_id, release.clone());
        Ok(release)
    }

    fn read(&self, address: DocAddress) -> tantivy::Result<Release> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let line = document.get_first(self.fields.line).and_then(|value| value.as_bytes()).unwrap_or_default();
        serde_json::from_slice(line).map_err(|error| tantivy::TantivyError::InternalError(error.to_string()))
    }

    /// Where the release `id` is.
    pub fn find(&self, id: &ReleaseId) -> tantivy::Result<Option<DocAddress>> {
        let term = Term::from_field_text(self.fields.id, id.as_str());
        for (ord, segment) in self.segments.iter().enumerate() {
            let inverted = segment.reader.inverted_index(self.fields.id)?;
            let Some(mut postings) = inverted.read_postings(&term, tantivy::schema::IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if segment.is_alive(postings.doc()) {
                    return Ok(Some(DocAddress::new(ord as u32, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }
}

impl Segment {
    /// Whether the document was not replaced or removed.
    pub fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }

    fn add_counts(&self, counts: &mut [u64]) {
        for (value, count) in counts.iter_mut().enumerate() {
            *count += self.rows.docs_of(value as ValueId).len() as u64;
        }
        if self.reader.has_deletes() {
            for doc in (0..self.reader.max_doc()).filter(|doc| self.reader.is_deleted(*doc)) {
                for value in self.rows.values(doc) {
                    counts[*value as usize] -= 1;
                }
            }
        }
    }
}
