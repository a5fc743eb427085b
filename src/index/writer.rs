//! # How does a release get into the index?
//!
//! [`Writer::put`] and [`Writer::remove`] collect, [`Writer::commit`] makes them visible at once, under the number of
//! the tick they belong to. A writer from [`super::Index::rebuild`] fills a new folder that takes over at its first
//! commit; until then queries are answered from the old one, if it is sound.

use super::{Index, IndexError};
use crate::model::{Lang, Precision, Release, ReleaseId};
use std::collections::HashSet;
use std::path::PathBuf;
use tantivy::{IndexWriter, TantivyDocument, Term};

/// A release with the words under which it is found.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDoc {
    /// What lists show.
    pub release: Release,
    /// Language, title and plain text of each publication, the lead first. Equal ones count once.
    pub texts: Vec<(Lang, String, String)>,
}

/// Writes the index. There is one at a time, also across processes.
pub struct Writer {
    index: Index,
    inner: IndexWriter,
    /// The new folder, until it takes over.
    fresh: Option<PathBuf>,
    /// What the new folder holds: nothing there has to be looked for before it is written.
    held: HashSet<ReleaseId>,
}

impl Writer {
    pub(super) fn new(index: Index, inner: IndexWriter, fresh: Option<PathBuf>) -> Self {
        Self { index, inner, fresh, held: HashSet::new() }
    }

    /// Adds a release, or replaces the one of the same id.
    pub fn put(&mut self, doc: &IndexDoc) -> Result<(), IndexError> {
        let is_new = self.fresh.is_some() && self.held.insert(doc.release.id.clone());
        if !is_new {
            self.remove(&doc.release.id)?;
        }
        let document = self.document(doc)?;
        self.inner.add_document(document)?;
        Ok(())
    }

    /// Takes a release out.
    pub fn remove(&mut self, id: &ReleaseId) -> Result<(), IndexError> {
        self.inner.delete_term(Term::from_field_text(self.index.fields().id, id.as_str()));
        Ok(())
    }

    /// Makes everything since the last commit visible, as of tick `seq`.
    pub fn commit(&mut self, seq: u64) -> Result<(), IndexError> {
        let mut prepared = self.inner.prepare_commit()?;
        prepared.set_payload(&seq.to_string());
        prepared.commit()?;
        match self.fresh.take() {
            Some(path) => {
                self.held.clear();
                self.index.take_over(self.inner.index().clone(), &path)
            }
            None => self.index.reload(),
        }
    }

    /// `seq` of the last commit, 0 before the first.
    pub fn committed(&self) -> u64 {
        super::payload(self.inner.index())
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
    /// A new folder that never took over is of no use.
    fn drop(&mut self) {
        if let Some(path) = self.fresh.take() {
            let _ = self.inner.rollback();
            let _ = std::fs::remove_dir_all(path);
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
