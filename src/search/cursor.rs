//! # Where does the next page start?
//!
//! A cursor names the last release of a page by its place in the order, so releases that arrive in between neither
//! repeat nor skip one. Answers by relevance have no such place: there it is a count. It ends in a check over the
//! search it belongs to; with another search it is refused.

use super::{Query, Sort};
use crate::index::UNDATED;

/// A place in the order of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// After so many releases.
    Count(usize),
    /// After the release with this sort key.
    Key(Key),
}

/// Place of a release in an order; the greater one comes first. No two releases have the same, since ranks are unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(i64, i64);

impl Key {
    /// The place of a release with this date (seconds, or `UNDATED`) and stored rank.
    pub fn new(sort: Sort, when: i64, rank: i64) -> Self {
        match sort {
            Sort::Relevance | Sort::Newest => Key(when, rank),
            Sort::Oldest if when == UNDATED => Key(UNDATED, !rank),
            Sort::Oldest => Key(!when, !rank),
            Sort::Added => Key(rank, 0),
        }
    }
}

/// The largest count a cursor may name, that of `offset=`.
pub const MAX_OFFSET: usize = 10_000;

/// Writes a cursor of `query`.
pub fn encode(position: Position, query: &Query) -> String {
    let check = check(query);
    match position {
        Position::Count(count) => format!("n{count:x}.{check:08x}"),
        Position::Key(Key(first, second)) => format!("k{:x}.{:x}.{check:08x}", first as u64, second as u64),
    }
}

/// Reads a cursor; `None` when it is none of ours or belongs to another search.
pub fn decode(text: &str, query: &Query) -> Option<Position> {
    let (place, of) = text.rsplit_once('.')?;
    if of.len() != 8 || number(of)? != u64::from(check(query)) {
        return None;
    }
    let ranked = query.order() == Sort::Relevance;
    if let Some(count) = place.strip_prefix('n') {
        let count = usize::try_from(number(count)?).ok()?;
        return (ranked && count <= MAX_OFFSET).then_some(Position::Count(count));
    }
    let (first, second) = place.strip_prefix('k')?.split_once('.')?;
    let key = Key(number(first)? as i64, number(second)? as i64);
    (!ranked).then_some(Position::Key(key))
}

/// Lower-case hexadecimal digits as `encode` writes them: no sign, no leading zeros but in the check.
fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if plain { u64::from_str_radix(text, 16).ok() } else { None }
}

/// FNV-1a over the identity of the search: an honest mistake is caught; there is nothing to protect.
fn check(query: &Query) -> u32 {
    query.identity().bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_search_and_order() {
        let newest = Query::default();
        let key = Position::Key(Key::new(Sort::Newest, UNDATED, 1_700_000_000_000_000));
        let text = encode(key, &newest);
        assert_eq!(decode(&text, &newest), Some(key));
        let other = Query { q: "eau".into(), ..Query::default() };
        assert_eq!(decode(&text, &other), None);
        let count = encode(Position::Count(40), &other);
        assert_eq!(decode(&count, &other), Some(Position::Count(40)));
        assert_eq!(decode(&encode(Position::Count(10_001), &other), &other), None);
        assert_eq!(decode(&encode(key, &other), &other), None);
        let paged = Query { limit: 3, cursor: Some(count.clone()), ..other };
        assert_eq!(decode(&count, &paged), Some(Position::Count(40)));
    }

    #[test]
    fn forged_cursors_are_refused() {
        let query = Query::default();
        for forged in ["", ".", "k", "n1", "k1.2.00000000", "k1.+2.811c9dc5", "kZ.1.0", "é.é", "n-1.811c9dc5"] {
            assert_eq!(decode(forged, &query), None, "{forged}");
        }
    }
}
