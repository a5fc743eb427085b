//! What is held of an address, for `audit`.

use super::{
    Known, Missing, Store, StoreError,
    page::{find, load},
    rows,
};
use crate::model::{Draft, MemberId, ReleaseId};
use jiff::Timestamp;

/// A page that was read, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// The page; its address differs from the one asked for where that is an alias.
    pub known: Known,
    /// The newest reading.
    pub draft: Draft,
    /// What was noted of its absence.
    pub missing: Option<Missing>,
    /// Where it moved to.
    pub moved_to: Option<String>,
    /// The release that it belongs to.
    pub release: Option<Belonging>,
}

/// A release as far as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// Its id.
    pub id: ReleaseId,
    /// Whether it has something to show.
    pub shown: bool,
    /// Whether the staff hides it.
    pub hidden: bool,
}

/// A page in the frontier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// How often it failed.
    pub failures: u32,
    /// Why it failed last.
    pub error: Option<String>,
    /// When it may be asked next.
    pub due: Timestamp,
}

impl Store {
    /// What is held of the page at `url`: its own address, a variant or an alias.
    pub fn holding(&self, url: &str) -> Result<Option<Holding>, StoreError> {
        self.pool.read(|c| {
            let Some(id) = find(c, url)? else { return Ok(None) };
            let page = load(c, id)?;
            let mut statement = c.prepare_cached(
                "SELECT p.absent_why, p.absent_since, p.absences, t.url, r.id, r.shown, r.hidden FROM publication p
                 LEFT JOIN publication t ON t.id = p.moved_to LEFT JOIN membership m ON m.publication = p.id
                 LEFT JOIN release r ON r.id = m.release WHERE p.id = ?1",
            )?;
            let mut found = statement.query([id.0])?;
            let row = found.next()?.ok_or_else(|| rows::damaged("publication", format!("{} is missing", id.0)))?;
            let since = rows::maybe_time(row.get(1)?)?.unwrap_or(page.known.visited);
            let rounds = row.get(2)?;
            let release: Option<String> = row.get(4)?;
            let belongs = |id: String| {
                Ok::<_, StoreError>(Belonging { id: rows::id("release", id)?, shown: row.get(5)?, hidden: row.get(6)? })
            };
            Ok(Some(Holding {
                known: page.known,
                draft: page.draft,
                missing: row.get::<_, Option<String>>(0)?.map(|why| Missing { why, since, rounds }),
                moved_to: row.get(3)?,
                release: release.map(belongs).transpose()?,
            }))
        })
    }

    /// How the page at `url` (canonical) waits in the frontier.
    pub fn waiting(&self, member: &MemberId, url: &str) -> Result<Option<Waiting>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT failures, error, due FROM frontier WHERE member = ?1 AND url = ?2 AND purpose = 'page'",
            )?;
            let mut found = statement.query((member.as_str(), url))?;
            let Some(row) = found.next()? else { return Ok(None) };
            Ok(Some(Waiting { failures: row.get(0)?, error: row.get(1)?, due: rows::time(row.get(2)?)? }))
        })
    }
}
