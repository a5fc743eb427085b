//! What the index needs: which releases changed since a tick, and each with its words.

use super::{Reader, StoreError, rows};
use crate::model::{Draft, Lang, Release, ReleaseId, ReleaseText};
use rusqlite::{Connection, Row};

/// A visible release with the words of all its publications, the lead first: language, title, plain text.
#[derive(Debug, Clone, PartialEq)]
pub struct Indexed {
    /// What lists show.
    pub release: Release,
    /// The words.
    pub texts: Vec<(Lang, String, String)>,
}

impl Reader {
    /// Releases that something happened to after tick `seq`, each once, in order of their ids.
    pub fn changed_since(&self, seq: u64) -> Result<Vec<ReleaseId>, StoreError> {
        self.pool.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT DISTINCT release FROM change WHERE tick > ?1 ORDER BY release")?;
            let ids = statement
                .query_and_then([i64::try_from(seq).unwrap_or(i64::MAX)], |row| rows::id("change", row.get(0)?))?;
            ids.collect()
        })
    }

    /// The newest tick in which something was taken out for good; 0 when nothing ever was.
    pub fn purged_at(&self) -> Result<u64, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached("SELECT coalesce(max(tick), 0) FROM change WHERE what = 'purged'")?;
            Ok(statement.query_row([], |row| row.get(0).map(rows::natural))?)
        })
    }

    /// How many releases readers can see.
    pub fn count(&self) -> Result<u64, StoreError> {
        self.pool.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT count(*) FROM release WHERE shown AND NOT hidden AND merged_into IS NULL")?;
            Ok(statement.query_row([], |row| row.get(0).map(rows::natural))?)
        })
    }

    /// A release with its words; `None` when readers cannot see it.
    pub fn indexed(&self, id: &ReleaseId) -> Result<Option<Indexed>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT release, own_text FROM release
                 WHERE id = ?1 AND shown AND NOT hidden AND merged_into IS NULL",
            )?;
            let mut found = statement.query([id.as_str()])?;
            found.next()?.map(|row| with_words(c, row)).transpose()
        })
    }

    /// Up to `limit` visible releases with their words, in order of rank, from the one after `rank`.
    pub fn indexed_after(&self, rank: i64, limit: usize) -> Result<Vec<Indexed>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT release, own_text FROM release
                 WHERE rank > ?1 AND shown AND NOT hidden AND merged_into IS NULL ORDER BY rank LIMIT ?2",
            )?;
            statement.query_and_then((rank, rows::int(limit)), |row| with_words(c, row))?.collect()
        })
    }
}

fn with_words(connection: &Connection, row: &Row<'_>) -> Result<Indexed, StoreError> {
    let json = row.get_ref(0)?.as_str().map_err(|error| rows::damaged("release", error))?;
    let release: Release = rows::from_json("release", json)?;
    let own: Option<Vec<u8>> = row.get(1)?;
    if let Some(own) = own {
        let text: ReleaseText = rows::unpacked("release", &own)?;
        return Ok(Indexed { texts: vec![(release.lang, release.title.clone(), text.text)], release });
    }
    let mut statement = connection.prepare_cached(
        "SELECT r.draft FROM membership m JOIN reading r ON r.id = m.reading WHERE m.release = ?1
         ORDER BY m.place LIMIT ?2",
    )?;
    // Publications that readers cannot see any more stand behind those they can.
    let mut found = statement.query((release.id.as_str(), rows::int(release.publications.len())))?;
    let mut texts = Vec::new();
    while let Some(row) = found.next()? {
        let draft: Draft =
            rows::unpacked("reading", row.get_ref(0)?.as_blob().map_err(|error| rows::damaged("reading", error))?)?;
        texts.push((draft.lang.unwrap_or(release.lang), draft.title, draft.text));
    }
    Ok(Indexed { release, texts })
}
