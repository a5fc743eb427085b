//! How values stand in columns: times as microseconds, JSON as text, large JSON and bodies deflated.

use super::StoreError;
use crate::model::BadId;
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::io::{Read, Write};

/// A count as a column.
pub fn int(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A column that is never negative.
pub fn natural(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}

/// A column of microseconds as a time.
pub fn time(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(|error| damaged("time", error))
}

/// An optional column of microseconds as a time.
pub fn maybe_time(microseconds: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    microseconds.map(time).transpose()
}

/// A time as microseconds.
pub fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_microsecond)
}

/// A column of `table` as a checked id.
pub fn id<T: TryFrom<String, Error = BadId>>(table: &'static str, text: String) -> Result<T, StoreError> {
    T::try_from(text).map_err(|error| damaged(table, error))
}

/// A value as JSON text.
pub fn json<T: Serialize>(table: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| damaged(table, error))
}

/// JSON text of `table` as a value.
pub fn from_json<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| damaged(table, error))
}

/// A value as deflated JSON.
pub fn packed<T: Serialize>(table: &'static str, value: &T) -> Result<Vec<u8>, StoreError> {
    let text = serde_json::to_vec(value).map_err(|error| damaged(table, error))?;
    deflate(&text).map_err(|error| damaged(table, error))
}

/// Deflated JSON of `table` as a value.
pub fn unpacked<T: DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T, StoreError> {
    let text = inflate(bytes, bytes.len() * 4).map_err(|error| damaged(table, error))?;
    serde_json::from_slice(&text).map_err(|error| damaged(table, error))
}

/// Deflates at the fastest level: pages shrink to a quarter, and a crawl has no CPU to spare.
pub fn deflate(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Inflates what [`deflate`] gave; `expected` is a hint of the length.
pub fn inflate(bytes: &[u8], expected: usize) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(expected);
    ZlibDecoder::new(bytes).read_to_end(&mut out)?;
    Ok(out)
}

/// A record that cannot be read back.
pub fn damaged(table: &'static str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged { table, detail: error.to_string() }
}
