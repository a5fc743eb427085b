//! Nothing found: which filter stands in the way, and what would be found without it?

use super::{Door, facets, frame::Frame};
use crate::search::{Query, Results, SearchError};

/// A way out: what to leave away, link, and how many releases that gives.
#[derive(Debug)]
pub(super) struct WayOut {
    /// The filter to leave away.
    pub label: String,
    /// Link to the search without it.
    pub href: String,
    /// How many releases that gives, in words.
    pub gives: String,
}

/// At most this many filters are tried, each with one search.
const TRIED: usize = 8;

/// Ways out of an empty answer: each filter left away alone, and all of them together.
pub(super) fn ways_out(door: &Door, frame: &Frame, query: &Query, empty: &Results) -> Result<Vec<WayOut>, SearchError> {
    let chips = facets::chips(door, frame.l, query, empty);
    let several = chips.len() > 1;
    let mut tries: Vec<(String, Query)> =
        chips.into_iter().take(TRIED).map(|chip| (chip.label, chip.without)).collect();
    if several {
        let bare =
            Query { q: query.q.clone(), also: query.also, sort: query.sort, limit: query.limit, ..Query::default() };
        tries.push((frame.l.text("all-filters").into_owned(), bare));
    }
    let mut ways = Vec::new();
    for (label, without) in tries {
        let probe = Query { limit: 0, highlight: false, facets: Vec::new(), ..without.clone() };
        let total = door.engine.search(&probe)?.total;
        if total > 0 {
            ways.push(WayOut { label, href: frame.search(&without), gives: frame.l.count("releases", total) });
        }
    }
    Ok(ways)
}
