//! # Which facet values has each release, and where does it stand in the orders?
//!
//! Filters, facets and orders are answered from memory: for each document of a segment one row with the numbers of all
//! its facet values (broader themes included), its date and its rank; for each value its documents. Segments never
//! change, so this is made once for each, before the segment answers its first query.

use super::schema::COLUMNS;
use super::values::{FACET_MONTH, FACET_THEME, FACET_YEAR, ValueId, Values};
use crate::model::{ThemeId, Vocabulary};
use crate::normalise::text::fold;
use jiff::Timestamp;
use jiff::tz::Offset;
use tantivy::{DocId, SegmentReader};

/// The date of a release without one: before all others.
pub const UNDATED: i64 = i64::MIN;

/// What filters, facets and orders know of one segment.
#[derive(Debug, Default)]
pub struct Rows {
    starts: Vec<u32>,
    values: Vec<ValueId>,
    when: Vec<i64>,
    rank: Vec<i64>,
    by_date: Vec<DocId>,
    by_rank: Vec<DocId>,
    docs_of: Vec<Vec<DocId>>,
}

impl Rows {
    /// Reads the columns of a segment.
    pub fn read(reader: &SegmentReader, values: &mut Values, vocabulary: &Vocabulary) -> tantivy::Result<Self> {
        let count = reader.max_doc();
        let mut each: Vec<Vec<ValueId>> = vec![Vec::new(); count as usize];
        for (facet, name) in COLUMNS.iter().enumerate() {
            read_column(reader, facet, name, values, vocabulary, &mut each)?;
        }
        let when = reader.fast_fields().i64("when")?;
        let rank = reader.fast_fields().i64("rank")?;
        let when: Vec<i64> = (0..count).map(|doc| when.first(doc).unwrap_or(UNDATED)).collect();
        let rank: Vec<i64> = (0..count).map(|doc| rank.first(doc).unwrap_or(0)).collect();
        for (row, when) in each.iter_mut().zip(&when) {
            if let Some((year, month)) = year_and_month(*when) {
                row.push(values.number(FACET_YEAR, &format!("{year:04}"), None));
                row.push(values.number(FACET_MONTH, &format!("{year:04}-{month:02}"), None));
            }
            row.sort_unstable();
            row.dedup();
        }
        Ok(Self::arrange(each, when, rank))
    }

    fn arrange(each: Vec<Vec<ValueId>>, when: Vec<i64>, rank: Vec<i64>) -> Self {
        let mut rows = Rows { when, rank, ..Rows::default() };
        let highest = each.iter().flatten().max().map_or(0, |id| *id as usize + 1);
        rows.docs_of.resize(highest, Vec::new());
        rows.starts.push(0);
        for (doc, row) in each.iter().enumerate() {
            rows.values.extend_from_slice(row);
            rows.starts.push(rows.values.len() as u32);
            for id in row {
                rows.docs_of[*id as usize].push(doc as DocId);
            }
        }
        let mut by_date: Vec<DocId> = (0..each.len() as DocId).collect();
        rows.by_rank = by_date.clone();
        by_date.sort_unstable_by_key(|doc| (rows.when(*doc), rows.rank(*doc)));
        rows.by_date = by_date;
        let rank = &rows.rank;
        rows.by_rank.sort_unstable_by_key(|doc| rank[*doc as usize]);
        rows
    }

    /// Numbers of the facet values of a document, rising.
    pub fn values(&self, doc: DocId) -> &[ValueId] {
        let doc = doc as usize;
        &self.values[self.starts[doc] as usize..self.starts[doc + 1] as usize]
    }

    /// Seconds of the civil date, or [`UNDATED`].
    pub fn when(&self, doc: DocId) -> i64 {
        self.when[doc as usize]
    }

    /// The stored rank.
    pub fn rank(&self, doc: DocId) -> i64 {
        self.rank[doc as usize]
    }

    /// All documents by date, then rank, rising; the undated first.
    pub fn by_date(&self) -> &[DocId] {
        &self.by_date
    }

    /// All documents by rank, rising.
    pub fn by_rank(&self) -> &[DocId] {
        &self.by_rank
    }

    /// The documents that have a value, rising.
    pub fn docs_of(&self, value: ValueId) -> &[DocId] {
        self.docs_of.get(value as usize).map_or(&[], Vec::as_slice)
    }
}

fn read_column(
    reader: &SegmentReader,
    facet: usize,
    name: &str,
    values: &mut Values,
    vocabulary: &Vocabulary,
    each: &mut [Vec<ValueId>],
) -> tantivy::Result<()> {
    let Some(column) = reader.fast_fields().str(name)? else { return Ok(()) };
    let mut numbers: Vec<Vec<ValueId>> = Vec::with_capacity(column.num_terms());
    let mut text = String::new();
    for ord in 0..column.num_terms() as u64 {
        text.clear();
        column.ord_to_str(ord, &mut text)?;
        numbers.push(match ThemeId::new(text.as_str()) {
            Ok(theme) if facet == FACET_THEME => {
                let all = vocabulary.with_broader(&theme);
                all.iter().map(|id| values.number(facet, id.as_str(), None)).collect()
            }
            _ if name == "issuer" => vec![values.number(facet, fold(&text).trim(), Some(&text))],
            _ => vec![values.number(facet, &text, None)],
        });
    }
    for (doc, row) in each.iter_mut().enumerate() {
        for ord in column.term_ords(doc as DocId) {
            row.extend_from_slice(&numbers[ord as usize]);
        }
    }
    Ok(())
}

fn year_and_month(when: i64) -> Option<(i16, i8)> {
    let at = Timestamp::from_second(when).ok().filter(|_| when != UNDATED)?;
    let date = Offset::UTC.to_datetime(at);
    Some((date.year(), date.month()))
}
