//! One group becomes one row: who belongs to it, what it looks like, and what happened to it.

use super::{
    Settled,
    label::Labeller,
    rank::rank,
    render::{Clocks, published_at, release},
    settle::Grouped,
    theme::obey_all,
};
use crate::{
    config::Config,
    model::ReleaseId,
    store::{Pending, Piece, ReleaseRow, Settling, Standing, StoreError, What},
};

/// Writes the release of a group where it differs from the stored one, and tells readers what is different.
pub fn write(
    settling: &mut Settling<'_>,
    labeller: &Labeller<'_>,
    group: &Grouped,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    let Some(id) = group.id() else { return Ok(()) };
    let live = group.live();
    let old = settling.row(id)?;
    let joined = joined(settling, group, id)?;
    if live.is_empty() && old.is_none() && joined.is_empty() {
        return Ok(());
    }
    settling.join(id, &group.pieces().collect::<Vec<_>>())?;
    if live.is_empty() {
        return end(settling, group, old.into_iter().chain(joined), settled);
    }
    let edits = edits(group, id);
    let (clocks, known) = clocks(settling, labeller.config(), group, old.as_ref(), &joined, !edits.is_empty())?;
    let hidden = old.as_ref().is_some_and(|row| row.hidden) || joined.iter().any(|row| row.hidden);
    merge(settling, group, joined, hidden, settled)?;
    let stood = old.as_ref().filter(|row| row.shown && row.merged_into.is_none());
    let mut release = release(labeller, id.clone(), &live, clocks);
    obey_all(settling, &group.pieces().map(|(piece, _)| &piece.birth).collect::<Vec<_>>(), &mut release)?;
    let new = ReleaseRow {
        anchor: group.anchor().map(|anchor| anchor.known.publication),
        shown: true,
        hidden,
        merged_into: None,
        own_labels: false,
        since: stood.map_or(settling.tick().at, |row| row.since),
        release,
    };
    if old.as_ref() != Some(&new) {
        settling.put_row(&new)?;
    }
    if !known || !edits.is_empty() {
        settling.add_version(id, &live[0].substance, Some(live[0].reading))?;
    }
    let Some((what, detail)) = difference(settling, old.as_ref(), &new, &edits, &live)? else { return Ok(()) };
    settled.count(what);
    let title = old.as_ref().map_or(&new.release.title, |row| &row.release.title);
    settling.tell(id, what, title, &detail)
}

/// Rows of other releases that are joined into `id` now.
fn joined(settling: &Settling<'_>, group: &Grouped, id: &ReleaseId) -> Result<Vec<ReleaseRow>, StoreError> {
    let mut rows = Vec::new();
    for (piece, _) in group.pieces().filter(|(piece, _)| piece.birth != *id) {
        if let Some(row) = settling.row(&piece.birth)?
            && row.merged_into.as_ref() != Some(id)
        {
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| row.release.rank);
    Ok(rows)
}

/// What changed in the substance of publications that readers know already, in words. A copy or translation that
/// catches up with an edit of its original says nothing new.
fn edits(group: &Grouped, id: &ReleaseId) -> Vec<String> {
    let known =
        |piece: &Piece| piece.is_live() && piece.pending == Pending::Substance && piece.release.as_ref() == Some(id);
    group.voices().filter(|piece| known(piece)).map(|piece| piece.detail.clone()).collect()
}

/// Rank and clocks, and whether readers knew the release: kept where they did, those of the one seen first where
/// releases are joined, else given.
fn clocks(
    settling: &Settling<'_>,
    config: &Config,
    group: &Grouped,
    old: Option<&ReleaseRow>,
    joined: &[ReleaseRow],
    edited: bool,
) -> Result<(Clocks, bool), StoreError> {
    let at = settling.tick().at;
    for row in old.into_iter().chain(joined) {
        let (updated, first_seen, rank) = (row.release.updated, row.release.first_seen, row.release.rank);
        // A release that was joined may have lent its rank to the other one.
        if row.merged_into.is_none() || settling.is_free_rank(rank)? {
            let updated = if edited { at.max(updated) } else { updated };
            return Ok((Clocks { updated, first_seen, rank }, true));
        }
    }
    let Some(anchor) = group.anchor() else { return Ok((Clocks { updated: at, first_seen: at, rank: 0 }, false)) };
    let first_seen = anchor.known.first_seen;
    let published = group.live().first().and_then(|lead| published_at(config, lead));
    let updated = match published {
        Some(published) if anchor.backfill => published.min(first_seen),
        _ if anchor.backfill => first_seen,
        _ => at,
    };
    let rank = rank(settling, anchor, published.map(|at| at.as_microsecond()))?;
    Ok((Clocks { updated, first_seen, rank }, false))
}

/// The joined releases redirect to that of the group from now on.
fn merge(
    settling: &mut Settling<'_>,
    group: &Grouped,
    joined: Vec<ReleaseRow>,
    hidden: bool,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    let Some(id) = group.id() else { return Ok(()) };
    let of_old = |row: &ReleaseRow| group.pieces().any(|(piece, _)| piece.birth == row.release.id && piece.backfill);
    for mut row in joined {
        let was_visible = row.is_visible();
        settling.redirect(&row.release.id, id)?;
        row.merged_into = Some(id.clone());
        settling.put_row(&row)?;
        if was_visible {
            let what = match hidden {
                true => What::Hidden,
                false if of_old(&row) => What::Joined,
                false => What::Merged,
            };
            let detail = if hidden { String::new() } else { format!("joined into {id}") };
            settled.count(what);
            settling.tell(&row.release.id, what, &row.release.title, &detail)?;
        }
    }
    Ok(())
}

/// What is different for readers between the two rows, and the words for it.
fn difference(
    settling: &Settling<'_>,
    old: Option<&ReleaseRow>,
    new: &ReleaseRow,
    edits: &[String],
    live: &[&Piece],
) -> Result<Option<(What, String)>, StoreError> {
    let was_visible = old.is_some_and(ReleaseRow::is_visible);
    let what = match (was_visible, new.is_visible()) {
        (false, false) => return Ok(None),
        (true, false) => What::Hidden,
        (false, true) if old.is_some() => What::Back,
        (false, true) => What::New,
        (true, true) if !edits.is_empty() => return Ok(Some((What::Edited, edits.join("; ")))),
        (true, true) if old.is_some_and(|row| row.release != new.release) => What::Dressed,
        (true, true) if other_text(settling, live)? => What::Dressed,
        (true, true) => return Ok(None),
    };
    Ok(Some((what, String::new())))
}

/// Whether a text is worded or marked up otherwise than in the reading that readers see so far.
fn other_text(settling: &Settling<'_>, live: &[&Piece]) -> Result<bool, StoreError> {
    for piece in live.iter().filter(|piece| piece.pending != Pending::Nothing) {
        let Some(shown) = piece.shown.filter(|shown| *shown != piece.reading) else { continue };
        let (before, now) = (settling.draft(shown)?, &piece.draft);
        if (&before.text, &before.html, &before.contacts) != (&now.text, &now.html, &now.contacts) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Nothing of the release is left to show: its row, and those joined now, are gone for readers.
fn end(
    settling: &mut Settling<'_>,
    group: &Grouped,
    rows: impl Iterator<Item = ReleaseRow>,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    for mut row in rows.filter(|row| row.shown) {
        let was_visible = row.is_visible();
        row.shown = false;
        row.since = settling.tick().at;
        settling.put_row(&row)?;
        if was_visible {
            let withdrawn = group.pieces().any(|(piece, _)| piece.known.standing == Standing::Withdrawn);
            let what = if withdrawn { What::Withdrawn } else { What::Dropped };
            settled.count(what);
            settling.tell(&row.release.id, what, &row.release.title, "")?;
        }
    }
    Ok(())
}
