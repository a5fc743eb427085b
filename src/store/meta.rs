//! Facts about the store itself, by name.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension};

/// Authority of our `tag:` ids: `host,date`.
pub const AUTHORITY: &str = "authority";
/// Stands in for an authority until one is minted; `.invalid` belongs to nobody (RFC 6761).
pub const NO_AUTHORITY: &str = "newsroom.invalid,2021";

/// The value of `key`.
pub fn get(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Writes the value of `key`.
pub fn put(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("INSERT INTO meta(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2")?;
    statement.execute((key, value))?;
    Ok(())
}
