//! The staff's word on what readers see: `hide` takes a release out of every door, `unhide` brings it back.

use super::PublishError;
use crate::{
    model::ReleaseId,
    store::{ReleaseRow, Settling, Store, StoreError, What},
};

/// The word of the record.
const HIDE: &str = "hide";

/// Takes a release out of every door, until [`unhide`]; `by` and `why` go into the record. Gives the id that was hidden
/// (that of the release into which `id` was joined), or `None` when it was hidden already.
pub fn hide(store: &Store, id: &ReleaseId, by: &str, why: &str) -> Result<Option<ReleaseId>, PublishError> {
    switch(store, id, true, |settling, id| settling.say(HIDE, id, "", by, why))
}

/// Takes the word back; `None` when it was not hidden.
pub fn unhide(store: &Store, id: &ReleaseId) -> Result<Option<ReleaseId>, PublishError> {
    switch(store, id, false, |settling, id| settling.unsay(HIDE, id, "").map(|_| ()))
}

fn switch(
    store: &Store,
    id: &ReleaseId,
    hidden: bool,
    note: impl FnOnce(&mut Settling<'_>, &ReleaseId) -> Result<(), StoreError>,
) -> Result<Option<ReleaseId>, PublishError> {
    let (done, _) = store.settle(if hidden { "hide" } else { "unhide" }, |settling| {
        let mut row = find(settling, id)?;
        if row.hidden == hidden {
            return Ok(None);
        }
        let id = row.release.id.clone();
        note(settling, &id)?;
        row.hidden = hidden;
        row.since = settling.tick().at;
        settling.put_row(&row)?;
        if row.shown {
            let what = if hidden { What::Hidden } else { What::Back };
            settling.tell(&id, what, &row.release.title, "")?;
        }
        Ok::<_, PublishError>(Some(id))
    })?;
    Ok(done)
}

/// The row of `id`, or of the release into which it was joined.
pub(super) fn find(settling: &Settling<'_>, id: &ReleaseId) -> Result<ReleaseRow, PublishError> {
    let unknown = || PublishError::Unknown(id.clone());
    let row = settling.row(id)?.ok_or_else(unknown)?;
    match &row.merged_into {
        Some(into) => settling.row(into)?.ok_or_else(unknown),
        None => Ok(row),
    }
}
