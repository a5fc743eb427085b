//! Where does a release stand in feeds? Given once, never moved.

use crate::store::{Piece, Settling, StoreError};

/// The rank of a release that readers are about to see for the first time, microseconds.
///
/// What a first crawl brings takes the place of its date, so a back-catalogue never floods; without a date, the middle
/// between its neighbours in a listing or sitemap that is in order of time, else the bottom. Everything found later
/// takes the time at which it became visible: a late find surfaces once, whatever date it carries. Dates in the future
/// count as not given.
pub fn rank(settling: &Settling<'_>, anchor: &Piece, published: Option<i64>) -> Result<i64, StoreError> {
    let visible = settling.tick().at.as_microsecond();
    if !anchor.backfill {
        return settling.free_rank(visible);
    }
    if let Some(at) = published {
        return settling.free_rank(at.min(anchor.known.first_seen.as_microsecond()));
    }
    let (before, after) = settling.neighbours(anchor)?;
    match between(&before, &after) {
        Some(at) if at <= visible => settling.free_rank(at),
        _ => settling.bottom_rank(),
    }
}

/// The instant between the nearest date on either side, when all dates around are in order, rising or falling.
fn between(before: &[i64], after: &[i64]) -> Option<i64> {
    let around: Vec<i64> = before.iter().rev().chain(after).copied().collect();
    if around.len() < 2 || !(around.is_sorted() || around.is_sorted_by(|a, b| a >= b)) {
        return None;
    }
    match (before.first(), after.first()) {
        (Some(a), Some(b)) => Some(a / 2 + b / 2),
        (Some(near), None) | (None, Some(near)) => Some(*near),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn only_an_order_of_time_tells_a_place() {
        assert_eq!(between(&[40, 50], &[20, 10]), Some(30));
        assert_eq!(between(&[20, 10], &[40]), Some(30));
        assert_eq!(between(&[20, 30], &[]), Some(20));
        assert_eq!(between(&[50, 40, 60], &[20]), None, "by name, not by time");
        assert_eq!(between(&[50], &[]), None, "one date is no order");
        assert_eq!(between(&[], &[]), None);
    }
}
