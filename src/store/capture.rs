//! What came over the wire, exactly as received.

use super::{Store, StoreError, rows, tombstone};
use crate::model::MemberId;
use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

/// Number of a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaptureId(pub i64);

/// One response as received, the body without content coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Whose site was asked.
    pub member: MemberId,
    /// The address asked for.
    pub requested: String,
    /// The address that answered, after redirects.
    pub url: String,
    /// Status of the answer.
    pub status: u16,
    /// Header fields in the order received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; stored once per SHA-256, compressed.
    pub body: Bytes,
    /// When the answer was complete.
    pub at: Timestamp,
}

impl Store {
    /// Keeps a response; call it before anything is read from the body. When the newest capture of the same address
    /// has the same status and body, no row is added: its time of last sight moves, and its id is given back.
    /// [`StoreError::Purged`] for an address that was taken out for good.
    pub fn put_capture(&self, capture: &Capture) -> Result<CaptureId, StoreError> {
        let hash = Sha256::digest(&capture.body).to_vec();
        let deflated = rows::deflate(&capture.body).map_err(|error| rows::damaged("body", error))?;
        let headers = rows::json("capture", &capture.headers)?;
        let at = capture.at.as_microsecond();
        self.pool.write(|t| {
            tombstone::refuse(t, [capture.requested.as_str(), capture.url.as_str()])?;
            let newest: Option<(i64, u16, String, Vec<u8>)> = t
                .prepare_cached(
                    "SELECT id, status, url, body FROM capture WHERE requested = ?1 ORDER BY id DESC LIMIT 1",
                )?
                .query_row([&capture.requested], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()?;
            if let Some((id, status, url, body)) = newest
                && (status, &url, &body) == (capture.status, &capture.url, &hash)
            {
                t.prepare_cached("UPDATE capture SET seen = ?2 WHERE id = ?1")?.execute((id, at))?;
                return Ok(CaptureId(id));
            }
            t.prepare_cached(
                "INSERT INTO body(sha256, length, deflated) VALUES (?1, ?2, ?3) ON CONFLICT(sha256) DO NOTHING",
            )?
            .execute((&hash, rows::int(capture.body.len()), &deflated))?;
            let id = t
                .prepare_cached(
                    "INSERT INTO capture(member, requested, url, status, headers, body, at, seen)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) RETURNING id",
                )?
                .query_row(
                    (capture.member.as_str(), &capture.requested, &capture.url, capture.status, &headers, &hash, at),
                    |row| row.get(0),
                )?;
            Ok(CaptureId(id))
        })
    }

    /// A capture with its body; the SHA-256 is checked. `None` when it was purged or never was.
    pub fn capture(&self, id: CaptureId) -> Result<Option<Capture>, StoreError> {
        self.pool.read(|c| load(c, id))
    }

    /// The newest capture whose requested or answering address is `url`, as written.
    pub fn newest_capture(&self, url: &str) -> Result<Option<(CaptureId, Capture)>, StoreError> {
        self.pool.read(|c| {
            let id: Option<i64> = c
                .prepare_cached(
                    "SELECT max(id) FROM (SELECT max(id) AS id FROM capture WHERE requested = ?1
                     UNION ALL SELECT max(id) FROM capture WHERE url = ?1) AS found",
                )?
                .query_row([url], |row| row.get(0))?;
            let Some(id) = id.map(CaptureId) else { return Ok(None) };
            Ok(load(c, id)?.map(|capture| (id, capture)))
        })
    }

    /// Ids of all captures, oldest first, for `export --warc` and reading again.
    pub fn captures(&self) -> Result<Vec<CaptureId>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached("SELECT id FROM capture ORDER BY id")?;
            let ids = statement.query_map([], |row| row.get(0).map(CaptureId))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }
}

fn load(connection: &Connection, id: CaptureId) -> Result<Option<Capture>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.member, c.requested, c.url, c.status, c.headers, c.at, b.length, b.deflated, b.sha256
         FROM capture c JOIN body b ON b.sha256 = c.body WHERE c.id = ?1",
    )?;
    let mut found = statement.query([id.0])?;
    found.next()?.map(|row| from_row(row, id)).transpose()
}

fn from_row(row: &Row<'_>, id: CaptureId) -> Result<Capture, StoreError> {
    let length = rows::natural(row.get(6)?);
    let deflated = row.get_ref(7)?.as_blob().map_err(|error| rows::damaged("body", error))?;
    let body = rows::inflate(deflated, length as usize).map_err(|error| damaged_body(id, error))?;
    if Sha256::digest(&body).as_slice() != row.get_ref(8)?.as_blob().map_err(|error| rows::damaged("body", error))? {
        return Err(damaged_body(id, "the checksum does not fit"));
    }
    Ok(Capture {
        member: rows::id("capture", row.get(0)?)?,
        requested: row.get(1)?,
        url: row.get(2)?,
        status: row.get(3)?,
        headers: rows::from_json("capture", &row.get::<_, String>(4)?)?,
        body: Bytes::from(body),
        at: rows::time(row.get(5)?)?,
    })
}

fn damaged_body(id: CaptureId, error: impl std::fmt::Display) -> StoreError {
    rows::damaged("body", format!("capture {}: {error}", id.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{member, store};

    fn response(body: &'static str, at: &str) -> Capture {
        Capture {
            member: member(),
            requested: "https://example.org/a".to_owned(),
            url: "https://example.org/a/".to_owned(),
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: Bytes::from_static(body.as_bytes()),
            at: at.parse().unwrap(),
        }
    }

    #[test]
    fn an_equal_answer_is_kept_once() {
        let (_dir, store) = store();
        let first = store.put_capture(&response("<p>one</p>", "2026-01-01T00:00:00Z")).unwrap();
        let again = store.put_capture(&response("<p>one</p>", "2026-01-02T00:00:00Z")).unwrap();
        let other = store.put_capture(&response("<p>two</p>", "2026-01-03T00:00:00Z")).unwrap();
        assert_eq!(first, again);
        assert_ne!(first, other);
        let kept = store.capture(first).unwrap().unwrap();
        assert_eq!(kept, response("<p>one</p>", "2026-01-01T00:00:00Z"));
        let (newest, capture) = store.newest_capture("https://example.org/a/").unwrap().unwrap();
        assert_eq!((newest, &capture.body[..]), (other, &b"<p>two</p>"[..]));
        assert_eq!(store.captures().unwrap(), [first, other]);
    }

    #[test]
    fn a_flipped_byte_is_found() {
        let (_dir, store) = store();
        let id = store.put_capture(&response("<p>one</p>", "2026-01-01T00:00:00Z")).unwrap();
        let other = rows::deflate(b"<p>0ne</p>").unwrap();
        store.pool.write::<_, StoreError>(|t| Ok(t.execute("UPDATE body SET deflated = ?1", [other])?)).unwrap();
        assert!(matches!(store.capture(id), Err(StoreError::Damaged { table: "body", .. })));
    }
}
