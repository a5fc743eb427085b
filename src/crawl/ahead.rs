//! Reading ahead: a page becomes a draft where it arrives, while the page before it is still being recorded. What was
//! read ahead counts only if nothing more was said of the page since.

use super::CrawlError;
use crate::extract::{self, Context, Page};
use crate::fetch::Response;
use crate::model::{Candidate, Draft, Member};
use crate::normalise::url as address;
use crate::store::Store;
use bytes::Bytes;
use jiff::Timestamp;
use std::collections::HashSet;
use std::sync::Arc;

/// What reading a page needs besides the page.
pub(super) struct Ahead {
    pub store: Store,
    pub member: Arc<Member>,
    /// Blocks that stand on many pages.
    pub standing: HashSet<u64>,
}

/// A draft with what it was read from.
pub(super) struct ReadAhead {
    body: Bytes,
    candidates: Vec<Candidate>,
    standing: usize,
    draft: Draft,
}

impl Ahead {
    /// Reads an answer; `None` where there is nothing to read, or the record fails: it fails again when it matters.
    pub fn read(&self, response: &Response) -> Option<ReadAhead> {
        if response.status != 200 {
            return None;
        }
        let candidates = said(&self.store, &self.member, &response.url, &response.requested).ok()?;
        let (headers, body, now) = (&response.headers, &response.body, self.store.clock().now());
        let draft = draft(&self.member, &response.url, headers, body, &candidates, &self.standing, now);
        Some(ReadAhead { body: response.body.clone(), candidates, standing: self.standing.len(), draft })
    }
}

impl ReadAhead {
    /// The draft, if it would be the same now.
    pub fn draft(&self, body: &Bytes, candidates: &[Candidate], standing: usize) -> Option<Draft> {
        let is_same = self.body.as_ptr() == body.as_ptr() && self.body.len() == body.len();
        (is_same && self.candidates == candidates && self.standing == standing).then(|| self.draft.clone())
    }
}

/// Everything said of the page that answered at `url` when `requested` was asked for.
pub(super) fn said(store: &Store, member: &Member, url: &str, requested: &str) -> Result<Vec<Candidate>, CrawlError> {
    let keep = &member.parameters;
    let Ok(url) = address::canonical(url, None, keep) else { return Ok(Vec::new()) };
    let mut candidates = store.candidates(&url)?;
    let requested = address::canonical(requested, None, keep).unwrap_or_else(|_| url.clone());
    if requested != url {
        candidates.extend(store.candidates(&requested)?);
    }
    Ok(candidates)
}

/// Reads a page with all evidence at hand.
pub(super) fn draft(
    member: &Member,
    url: &str,
    headers: &[(String, String)],
    body: &Bytes,
    candidates: &[Candidate],
    standing: &HashSet<u64>,
    now: Timestamp,
) -> Draft {
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let page = Page { url, content_type: header("content-type"), robots_tag: header("x-robots-tag"), body };
    let context = Context { member: Some(member), candidates, standing: Some(standing), now: Some(now) };
    extract::page(&page, &context)
}
