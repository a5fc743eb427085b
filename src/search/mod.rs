//! # Search: one query value in, one answer out
//!
//! Page, feed, API and command line build the same [`Query`] from the same parameters and get the same [`Results`]:
//! what a reader can filter, a feed can carry.

mod query;
mod results;

pub use query::{BadParameter, Filter, Query, Sort};
pub use results::{Facet, FacetValue, Hit, Results, Suggestion};

use crate::model::Vocabulary;
use std::sync::Arc;

/// A search that could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index is being rebuilt.
    #[error("the index is being rebuilt, try again in a moment")]
    Rebuilding,
    /// The index could not be read.
    #[error("cannot read the index: {0}")]
    Index(String),
}

/// Answers queries. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    vocabulary: Arc<Vocabulary>,
}

impl Engine {
    /// The answer to `query` from the newest committed generation.
    pub fn search(&self, query: &Query) -> Result<Results, SearchError> {
        let _ = (query, &self.vocabulary);
        Err(SearchError::Rebuilding)
    }

    /// Generation of the index that answers now: the `seq` of the newest tick it holds.
    pub fn generation(&self) -> u64 {
        0
    }

    /// Up to `limit` completions of `prefix`: titles, themes, members, countries.
    pub fn suggest(
        &self,
        prefix: &str,
        lang: crate::model::Lang,
        limit: usize,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let _ = (prefix, lang, limit);
        Err(SearchError::Rebuilding)
    }

    /// Up to `limit` releases that share themes, places and rare words with `id`.
    pub fn related(
        &self,
        id: &crate::model::ReleaseId,
        limit: usize,
    ) -> Result<Vec<crate::model::Release>, SearchError> {
        let _ = (id, limit);
        Err(SearchError::Rebuilding)
    }
}
