//! Where ids of releases come from: the system's randomness, never one that is taken.

use super::StoreError;
use crate::model::ReleaseId;
use rusqlite::Transaction;

/// Digits and letters that are not mistaken for one another (Crockford's base 32, lower case).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Seven letters: 34 thousand million ids.
const LENGTH: usize = 7;

/// An id that no publication was born with and no release, imported ones included, ever carried.
pub(super) fn release_id(t: &Transaction<'_>) -> Result<ReleaseId, StoreError> {
    let mut taken = t.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM publication WHERE birth_release = ?1) OR EXISTS (SELECT 1 FROM release WHERE id = ?1)",
    )?;
    loop {
        let id = random()?;
        if !taken.query_row([&id], |row| row.get::<_, bool>(0))? {
            return ReleaseId::new(id).map_err(|error| super::rows::damaged("release", error));
        }
    }
}

fn random() -> Result<String, StoreError> {
    let bits = getrandom::u64().map_err(|error| StoreError::Random(error.to_string()))?;
    Ok((0..LENGTH).map(|place| char::from(LETTERS[(bits >> (5 * place)) as usize & 31])).collect())
}
