//! # What does a place of the page show?
//!
//! Reads the line of each release on the page, puts the preferred language forward and marks the words.

use super::find::Place;
use super::marks::{self, Wanted};
use super::results::Hit;
use super::{SearchError, Texts};
use crate::index::Snapshot;
use crate::model::Lang;
use std::sync::Arc;

/// The hits of a page.
pub struct Hits<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// Languages to put forward, the first one first.
    pub prefer: &'a [Lang],
    /// What is marked; `None` when highlights are not wanted.
    pub wanted: Option<Wanted<'a>>,
    /// Where texts come from.
    pub texts: &'a Texts,
    /// Whether scores are explained.
    pub explain: bool,
}

impl Hits<'_> {
    /// Shows a place.
    pub fn show(&self, place: &Place) -> Result<Hit, SearchError> {
        let mut release = self.snapshot.release(place.entry.address)?;
        if !self.prefer.is_empty() {
            Arc::make_mut(&mut release).put_forward(self.prefer);
        }
        let (mut title_mark, mut text_marks) = (None, Vec::new());
        if let Some(wanted) = self.wanted.as_ref().filter(|wanted| !wanted.is_empty()) {
            title_mark = marks::line(&release.title, wanted);
            let text = (self.texts)(&release.id, release.lang);
            text_marks = text.map(|text| marks::passages(&text, wanted)).unwrap_or_default();
        }
        let explain = if self.explain { place.parts.explain() } else { Vec::new() };
        Ok(Hit { release, partial: place.partial, title_mark, text_marks, score: place.entry.score, explain })
    }
}
