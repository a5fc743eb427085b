//! What the record knows of one release or page, for `explain`.

use super::{Piece, PublicationId, Rejected, Settling, Store, StoreError, page::find, rows};
use crate::{
    model::{MemberId, ReleaseId},
    normalise::url::same_page,
};
use jiff::Timestamp;

/// Something that happened to a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When it became visible.
    pub at: Timestamp,
    /// `new`, `edited`, `dressed`, `merged`, `joined`, `withdrawn`, `dropped`, `hidden`, `back`.
    pub what: String,
    /// In words; may be empty.
    pub detail: String,
}

/// Why and since when a page was seen missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// `gone`, `soft-gone`, `password`, `noindex`, `empty`, `forbidden`.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
    /// Rounds that saw it so.
    pub rounds: u32,
}

impl Store {
    /// Why an address is kept out, and of which member's site.
    pub fn rejection(&self, url: &str) -> Result<Option<(MemberId, Rejected)>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached("SELECT member, url, reason, at FROM rejected WHERE key = ?1")?;
            let mut found = statement.query([same_page(url)])?;
            let Some(row) = found.next()? else { return Ok(None) };
            let rejected = Rejected { url: row.get(1)?, reason: row.get(2)?, at: rows::time(row.get(3)?)? };
            Ok(Some((rows::id("rejected", row.get(0)?)?, rejected)))
        })
    }
}

impl Settling<'_> {
    /// The publication that `url` leads to: its own address, a variant, or an alias.
    pub fn publication_at(&self, url: &str) -> Result<Option<PublicationId>, StoreError> {
        find(self.t, url)
    }

    /// What joined a publication to its release: a relation, `none` for the lead.
    pub fn reason(&self, id: PublicationId) -> Result<Option<String>, StoreError> {
        let mut statement = self.t.prepare_cached("SELECT why FROM membership WHERE publication = ?1")?;
        Ok(statement.query_map([id.0], |row| row.get(0))?.next().transpose()?)
    }

    /// What happened to a release, in order.
    pub fn history(&self, id: &ReleaseId) -> Result<Vec<Happening>, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT t.at, c.what, c.detail FROM change c JOIN tick t ON t.seq = c.tick WHERE c.release = ?1 ORDER BY c.id",
        )?;
        let found = statement.query_and_then([id.as_str()], |row| {
            Ok(Happening { at: rows::time(row.get(0)?)?, what: row.get(1)?, detail: row.get(2)? })
        })?;
        found.collect()
    }

    /// What was noted of the absence of a page.
    pub fn missing(&self, piece: &Piece) -> Result<Option<Missing>, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT absent_why, absent_since, absences FROM publication WHERE id = ?1 AND absent_why IS NOT NULL",
        )?;
        let mut found = statement.query([piece.known.publication.0])?;
        let Some(row) = found.next()? else { return Ok(None) };
        let since = rows::maybe_time(row.get(1)?)?.unwrap_or(self.now);
        Ok(Some(Missing { why: row.get(0)?, since, rounds: row.get(2)? }))
    }
}
