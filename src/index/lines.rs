//! # What does a list show of a release that was shown just now?
//!
//! Lists show the same releases again and again: reading a line from the store of a segment, unpacking and parsing it
//! costs more than finding it. The lines shown last are kept as values. Segments never change, so a kept line is right
//! for as long as its segment lives; lines of segments that are gone fall out by themselves.

use crate::model::Release;
use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::DocId;
use tantivy::index::SegmentId;

/// Lines in each of two generations; about 4 KB a line.
const KEPT: usize = 2_048;

type Key = (SegmentId, DocId);

/// Keeps the lines shown last.
#[derive(Debug, Default)]
pub struct Lines {
    kept: Mutex<Generations>,
}

/// A line that is asked for moves to the young generation; a full young one becomes the old one, which is forgotten.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Key, Arc<Release>, foldhash::fast::RandomState>,
    old: HashMap<Key, Arc<Release>, foldhash::fast::RandomState>,
}

impl Lines {
    /// The line, when it is kept.
    pub fn get(&self, segment: SegmentId, doc: DocId) -> Option<Arc<Release>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = kept.young.get(&(segment, doc)) {
            return Some(line.clone());
        }
        let line = kept.old.remove(&(segment, doc))?;
        kept.keep((segment, doc), line.clone());
        Some(line)
    }

    /// Keeps a line.
    pub fn put(&self, segment: SegmentId, doc: DocId, line: Arc<Release>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).keep((segment, doc), line);
    }
}

impl Generations {
    fn keep(&mut self, key: Key, line: Arc<Release>) {
        if self.young.len() >= KEPT {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, line);
    }
}
