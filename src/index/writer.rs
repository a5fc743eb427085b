//! # How does a release get into the index?
//!
//! [`Writer::put`] and [`Writer::remove`] collect, [`Writer::commit`] makes them visible at once, under the number of
//! the tick they belong to. A writer from [`super::Index::rebuild`] fills a new folder that takes over at its first
//! commit; until then queries are answered from the old one, if it is sound.

use super::{Index, IndexError};
use crate::model::{Lang, Precision, Release, ReleaseId};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::{IndexWriter, TantivyDocument, Term};

/// A release with the words under which it is found.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDoc {
    /// What lists show.
    pub release: Release,
    /// Language, title and plain text of each publication, the lead first. Equal ones count once.
    pub texts: Vec<(Lang, String, String)>,
}

/// How often files of old segments are looked for while queries end that read them.
const SWEEPS: u32 = 50;
const BETWEEN_SWEEPS: Duration = Duration::from_millis(100);

/// Writes the index. There is one at a time, also across processes.
pub struct Writer {
    index: Index,
    /// Tantivy's writer; `None` where it failed or was given back.
    inner: Option<IndexWriter>,
    /// The new folder, until it takes over.
    fresh: Option<PathBuf>,
    /// What the new folder holds: nothing there has to be looked for before it is written.
    held: HashSet<ReleaseId>,
    /// Whether something was collected since the last commit.
    dirty: bool,
}

impl Writer {
    pub(super) fn new(index: Index, inner: IndexWriter, fresh: Option<PathBuf>) -> Self {
        Self { index, inner: Some(inner), fresh, held: HashSet::new(), dirty: false }
    }

    /// Adds a release, or replaces the one of the same id.
    pub fn put(&mut self, doc: &IndexDoc) -> Result<(), IndexError> {
        let is_new = self.fresh.is_some() && self.held.insert(doc.release.id.clone());
        if !is_new {
            self.remove(&doc.release.id)?;
        }
        let document = self.document(doc)?;
        self.with_inner(|inner| inner.add_document(document).map(|_| ()))
    }

    /// Takes a release out.
    pub fn remove(&mut self, id: &ReleaseId) -> Result<(), IndexError> {
        let term = Term::from_field_text(self.index.fields().id, id.as_str());
        self.with_inner(|inner| {
            inner.delete_term(term);
            Ok(())
        })
    }

    /// Makes everything since the last commit visible, as of tick `seq`.
    pub fn commit(&mut self, seq: u64) -> Result<(), IndexError> {
        self.with_inner(|inner| {
            let mut prepared = inner.prepare_commit()?;
            prepared.set_payload(&seq.to_string());
            prepared.commit().map(|_| ())
        })?;
        self.dirty = false;
        match self.fresh.take() {
            Some(path) => self.take_over(&path),
            None => self.index.reload(),
        }
    }

    /// Writes every segment anew that holds removed releases, and deletes the old files: after this, no word of a release
    /// that was removed and committed is left in the folder. Takes as long as copying the index, at worst.
    pub fn expunge(&mut self) -> Result<(), IndexError> {
        if let Some(inner) = self.inner.take() {
            inner.wait_merging_threads()?;
        }
        let mut inner = self.index.tantivy_writer()?;
        inner.set_merge_policy(Box::new(NoMergePolicy));
        let tantivy = inner.index().clone();
        let segments = tantivy.searchable_segment_metas()?;
        let stale: Vec<_> =
            segments.iter().filter(|segment| segment.num_deleted_docs() > 0).map(|segment| segment.id()).collect();
        drop(segments);
        if !stale.is_empty() {
            inner.merge(&stale).wait()?;
        }
        self.index.reload()?;
        // Files of old segments are kept while a query that is under way reads them.
        for _ in 0..SWEEPS {
            inner.garbage_collect_files().wait()?;
            if self.index.holds_only(&tantivy)? {
                break;
            }
            std::thread::sleep(BETWEEN_SWEEPS);
        }
        Ok(inner.wait_merging_threads()?)
    }

    /// `seq` of the last commit, 0 before the first.
    pub fn committed(&self) -> u64 {
        self.inner.as_ref().map_or(0, |inner| super::payload(inner.index()))
    }

    /// A writer that failed is of no use any more: it is dropped with its error.
    fn with_inner(&mut self, write: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>) -> Result<(), IndexError> {
        let mut inner = match self.inner.take() {
            Some(inner) => inner,
            None => self.index.tantivy_writer()?,
        };
        self.dirty = true;
        write(&mut inner)?;
        self.inner = Some(inner);
        Ok(())
    }

    /// Joins the segments of the new folder into one, which answers quickest, and lets it take over.
    fn take_over(&mut self, path: &Path) -> Result<(), IndexError> {
        self.held.clear();
        let Some(mut inner) = self.inner.take() else { return Ok(()) };
        let tantivy = inner.index().clone();
        let segments = tantivy.searchable_segment_ids()?;
        if segments.len() > 1 {
            inner.merge(&segments).wait()?;
        }
        inner.wait_merging_threads()?;
        self.index.take_over(tantivy, path)
    }

    fn document(&self, doc: &IndexDoc) -> Result<TantivyDocument, IndexError> {
        let fields = self.index.fields();
        let release = &doc.release;
        let mut out = TantivyDocument::default();
        out.add_text(fields.id, release.id.as_str());
        let mut seen = HashSet::new();
        for (_, title, text) in &doc.texts {
            if !seen.insert((title, text)) {
                continue;
            }
            for field in [fields.stem, fields.exact] {
                // the title counts twice
                out.add_text(field, title);
                out.add_text(field, title);
                out.add_text(field, text);
            }
            out.add_text(fields.title, title);
        }
        for (field, values) in fields.columns.iter().zip(columns(release)) {
            for value in values {
                out.add_text(*field, value);
            }
        }
        if let Some(when) = when(release) {
            out.add_i64(fields.when, when);
        }
        out.add_i64(fields.rank, release.rank);
        let line = serde_json::to_vec(release).map_err(|source| IndexError::Line { id: release.id.clone(), source })?;
        out.add_bytes(fields.line, &line);
        Ok(out)
    }
}

impl Drop for Writer {
    /// What was not committed is forgotten; a new folder that never took over is of no use. A sound writer is kept by
    /// the index, because merging segments goes on in it.
    fn drop(&mut self) {
        let inner = self.inner.take();
        if let Some(path) = self.fresh.take() {
            drop(inner);
            let _ = std::fs::remove_dir_all(path);
        } else if let Some(inner) = inner.filter(|_| !self.dirty) {
            self.index.keep_writer(inner);
        }
    }
}

/// Values of the columns, in their order, without repeats.
fn columns(release: &Release) -> [Vec<&str>; 6] {
    let publications = || release.publications.iter();
    let members = release.members.iter().map(|member| &member.id).chain(publications().map(|page| &page.member));
    let langs = std::iter::once(&release.lang).chain(publications().map(|page| &page.lang));
    let mut columns = [
        release.themes.iter().map(|tag| tag.id.as_str()).collect(),
        members.map(|id| id.as_str()).collect(),
        release.countries.iter().map(|place| place.id.as_str()).collect(),
        langs.map(Lang::as_str).collect(),
        vec![release.kind.as_str()],
        release.issuers.iter().map(|issuer| issuer.name.as_str()).collect::<Vec<&str>>(),
    ];
    for values in &mut columns {
        values.sort_unstable();
        values.dedup();
    }
    columns
}

/// Seconds of the date as written, a day counting as its noon.
fn when(release: &Release) -> Option<i64> {
    let date = release.published?;
    let at = match date.precision() {
        Precision::Minute => date.civil(),
        _ => date.date().at(12, 0, 0, 0),
    };
    jiff::tz::Offset::UTC.to_timestamp(at).ok().map(jiff::Timestamp::as_second)
}
