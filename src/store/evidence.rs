//! What the sources said of a page, merged by page.

use super::{Store, StoreError};
use crate::model::{Candidate, MemberId};

impl Store {
    /// Keeps what one document (`found_on`) says of pages, in the order of the document: the order gives undated pages
    /// of a first crawl their place. Each candidate comes with the canonical address of its page. What the document
    /// said of a page before is replaced; equal evidence writes nothing. Gives the number written.
    pub fn put_candidates(
        &self,
        member: &MemberId,
        found_on: &str,
        candidates: &[(String, Candidate)],
    ) -> Result<usize, StoreError> {
        let _ = (member, found_on, candidates);
        unimplemented!()
    }

    /// Everything said of the page at `url` (a canonical address; variants and aliases count as the same page),
    /// strongest kind of source first (the order of `SourceKind`), then by document.
    pub fn candidates(&self, url: &str) -> Result<Vec<Candidate>, StoreError> {
        let _ = url;
        unimplemented!()
    }
}
