//! # Extract: a page becomes a draft and remarks
//!
//! Floor 2, pure: same bytes, same draft. What is missing is a warning, never a failure. Evidence is combined: the
//! page, what the sources said of it ([`Candidate`]s), the member's rules, and what other pages of the site repeat.

use crate::model::{Candidate, Draft, Kind, KindGuess, Member, PageState};
use jiff::Timestamp;
use std::collections::HashSet;

/// A page as received.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Address that answered.
    pub url: &'a str,
    /// `Content-Type` as received.
    pub content_type: Option<&'a str>,
    /// `X-Robots-Tag` as received.
    pub robots_tag: Option<&'a str>,
    /// Body without content coding.
    pub body: &'a [u8],
}

/// What is known besides the page. `Default` is a page alone in the world.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// Whose site it is.
    pub member: Option<&'a Member>,
    /// What REST, feed, sitemap and listings said of this page.
    pub candidates: &'a [Candidate],
    /// Fingerprints of blocks that stand on many pages of the site (see [`blocks`]).
    pub standing: Option<&'a HashSet<u64>>,
    /// Later dates are refused.
    pub now: Option<Timestamp>,
}

/// Reads one page.
pub fn page(page: &Page<'_>, context: &Context<'_>) -> Draft {
    let _ = context;
    Draft {
        url: page.url.to_owned(),
        canonical: String::new(),
        title: String::new(),
        lang: None,
        machine_translated: None,
        kind: KindGuess { kind: Kind::Page, reason: String::new() },
        state: PageState::Empty,
        published: None,
        modified: None,
        dates: Vec::new(),
        authors: Vec::new(),
        image: None,
        html: String::new(),
        text: String::new(),
        summary: String::new(),
        place: String::new(),
        contacts: String::new(),
        embargo: None,
        about: String::new(),
        attachments: Vec::new(),
        translations: Vec::new(),
        categories: Vec::new(),
        warnings: Vec::new(),
    }
}

/// Fingerprints of the text blocks of a draft, for finding those that stand on many pages of a site.
pub fn blocks(draft: &Draft) -> Vec<u64> {
    let _ = draft;
    Vec::new()
}
