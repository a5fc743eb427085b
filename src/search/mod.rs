//! # Search: one query value in, one answer out
//!
//! Page, feed, API and command line build the same [`Query`] from the same parameters and get the same [`Results`]:
//! what a reader can filter, a feed can carry.

mod best;
mod concepts;
mod count;
mod cursor;
mod facets;
mod filters;
mod find;
mod help;
mod hits;
mod marks;
#[cfg(test)]
mod matrix;
mod parameters;
mod partial;
mod plan;
mod query;
mod rank;
mod results;
#[cfg(test)]
mod stories;
mod tagged;
#[cfg(test)]
mod testing;
pub mod words;

pub use concepts::Also;
pub use cursor::MAX_OFFSET;
pub use help::WayOut;
pub use parameters::{BadParameter, Known, MAX_WORDS_LENGTH, PARAMETERS};
pub use query::{DEFAULT_LIMIT, FACETS, Filter, Query, Sort};
pub use results::{Facet, FacetValue, Hit, Results, Suggestion};
pub use words::Remark;

use crate::index::Snapshot;
use crate::index::{Index, IndexError};
use crate::model::{Lang, Member, Release, ReleaseId, Vocabulary};
use concepts::Concepts;
use filters::Filters;
use find::Finder;
use hits::Hits;
use marks::Wanted;
use plan::Plan;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

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

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.to_string())
    }
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
    /// Made for the first words that are asked for.
    concepts: Arc<OnceLock<Concepts>>,
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
        Ok(Self { index, vocabulary, members, texts, concepts: Arc::default() })
    }

    /// Reads parameters as [`Query::from_pairs`] does; themes and members that do not exist are mistakes too.
    pub fn query<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Query, Vec<BadParameter>> {
        let known = Known { themes: Some(&self.vocabulary), members: Some(&self.members) };
        Query::from_pairs_knowing(pairs, known)
    }

    /// The answer to `query` from the newest committed generation.
    pub fn search(&self, query: &Query) -> Result<Results, SearchError> {
        self.guarded(|snapshot| self.answer(snapshot, query, false))
    }

    /// As [`Engine::search`]; each hit tells what its score is made of.
    pub fn search_explained(&self, query: &Query) -> Result<Results, SearchError> {
        self.guarded(|snapshot| self.answer(snapshot, query, true))
    }

    /// Runs `read` on what the index holds now. A panic of the index reader means damage that the checksums did not
    /// show: it is reported, so that the index is rebuilt, and ends only this query.
    fn guarded<T>(&self, read: impl FnOnce(&Snapshot) -> Result<T, SearchError>) -> Result<T, SearchError> {
        let snapshot = self.index.snapshot().ok_or(SearchError::Rebuilding)?;
        match catch_unwind(AssertUnwindSafe(|| read(&snapshot))) {
            Ok(Err(SearchError::Index(reason))) => {
                self.index.report_damage(reason.clone());
                Err(SearchError::Index(reason))
            }
            Ok(answer) => answer,
            Err(_) => {
                self.index.report_damage("reading it failed".to_owned());
                Err(SearchError::Index("reading it failed".to_owned()))
            }
        }
    }

    fn answer(&self, snapshot: &Snapshot, query: &Query, explain: bool) -> Result<Results, SearchError> {
        let words = words::parse(&query.q);
        let also = if query.also { self.concepts().find(&words) } else { Vec::new() };
        let plan = Plan::new(&words, &also, snapshot);
        let filters = Filters::new(query, &snapshot.values, snapshot.has_other_kinds);
        let found = Finder { snapshot, query, plan: &plan, filters: &filters }.find()?;
        let wanted = query.highlight.then(|| Wanted::new(&plan));
        let hits = Hits { snapshot, prefer: &query.prefer, wanted, texts: &*self.texts, explain };
        let hits: Result<Vec<Hit>, SearchError> = found.page.iter().map(|place| hits.show(place)).collect();
        Ok(Results {
            query: query.clone(),
            total: found.counts.total,
            partial_total: found.partial_total,
            hits: hits?,
            facets: facets::list(query, snapshot, &found.counts.values),
            next: found.next.map(|position| cursor::encode(position, query)),
            did_you_mean: help::likelier(snapshot, &words, found.counts.total)?,
            also,
            remarks: words.remarks.clone(),
            generation: snapshot.generation,
        })
    }

    /// What an empty answer may be asked instead: one filter less each, and none where there were several; only what
    /// finds something.
    pub fn ways_out(&self, query: &Query) -> Result<Vec<WayOut>, SearchError> {
        let mut ways: Vec<WayOut> = Vec::new();
        for (parameter, value, query) in help::narrower(query) {
            let probe = Query { limit: 0, highlight: false, facets: Vec::new(), ..query.clone() };
            let total = self.search(&probe)?.total;
            // all filters are named only where none of them alone would do
            if total > 0 && (!parameter.is_empty() || ways.is_empty()) {
                ways.push(WayOut { parameter, value, query, total });
            }
        }
        Ok(ways)
    }

    fn concepts(&self) -> &Concepts {
        self.concepts.get_or_init(|| Concepts::new(&self.vocabulary, &self.members))
    }

    /// Generation of the index that answers now: the `seq` of the newest tick it holds.
    pub fn generation(&self) -> u64 {
        self.index.committed()
    }

    /// Up to `limit` completions of `prefix`: themes, members, countries, then titles.
    pub fn suggest(&self, prefix: &str, lang: Lang, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let mut found = help::names(prefix, lang, &self.vocabulary, &self.members, limit);
        let Some(query) = help::starting_with(prefix, limit) else { return Ok(found) };
        for hit in self.search(&query)?.hits {
            if found.len() < limit {
                found.push(Suggestion {
                    kind: "title",
                    label: hit.release.title.clone(),
                    id: hit.release.id.to_string(),
                });
            }
        }
        Ok(found)
    }

    /// Up to `limit` releases that share words of the title, themes and countries with `id`; nearest first.
    pub fn related(&self, id: &ReleaseId, limit: usize) -> Result<Vec<Release>, SearchError> {
        let of = self.guarded(|snapshot| {
            let address = snapshot.find(id)?;
            Ok(address.map(|address| snapshot.release(address)).transpose()?)
        })?;
        let Some(of) = of else { return Ok(Vec::new()) };
        let mut near = Vec::new();
        for query in help::near(&of) {
            near.extend(self.search(&query)?.hits);
        }
        Ok(help::nearest(&of, near, limit))
    }
}
