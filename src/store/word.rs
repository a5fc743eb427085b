//! The staff's word: what people decided, by whom, why, and whether it was taken back. It beats every rule.

use super::{PublicationId, Settling, Store, StoreError, rows};
use crate::model::ReleaseId;
use jiff::Timestamp;
use rusqlite::Row;

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its number.
    pub id: i64,
    /// What was said: `purge`, `hide`, `same`, `different`, `series`, `theme-add`, `theme-remove`.
    pub word: String,
    /// The release it is about.
    pub about: String,
    /// The other release, or the theme; empty for `hide`.
    pub and: String,
    /// Who said it.
    pub by: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub undone: Option<Timestamp>,
}

const COLUMNS: &str = "id, word, a, b, by, why, at, undone";

fn from_row(row: &Row<'_>) -> Result<Word, StoreError> {
    Ok(Word {
        id: row.get(0)?,
        word: row.get(1)?,
        about: row.get(2)?,
        and: row.get(3)?,
        by: row.get(4)?,
        why: row.get(5)?,
        at: rows::time(row.get(6)?)?,
        undone: rows::maybe_time(row.get(7)?)?,
    })
}

impl Store {
    /// Every decision, the newest first, those taken back included.
    pub fn words(&self) -> Result<Vec<Word>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM word ORDER BY id DESC"))?;
            statement.query_and_then([], from_row)?.collect()
        })
    }
}

impl Settling<'_> {
    /// Notes a decision about `about` (and `and`, where the word needs two).
    pub fn say(&mut self, word: &str, about: &ReleaseId, and: &str, by: &str, why: &str) -> Result<(), StoreError> {
        self.t
            .prepare_cached("INSERT INTO word(word, a, b, by, why, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute((word, about.as_str(), and, by, why, self.now.as_microsecond()))?;
        Ok(())
    }

    /// Notes something that cannot be taken back, about a release or something else in a word.
    pub fn note(&mut self, word: &str, about: &str, by: &str, why: &str) -> Result<(), StoreError> {
        self.t
            .prepare_cached("INSERT INTO word(word, a, b, by, why, at) VALUES (?1, ?2, '', ?3, ?4, ?5)")?
            .execute((word, about, by, why, self.now.as_microsecond()))?;
        Ok(())
    }

    /// Takes back what `word` says of `about` (and `and`); the number of decisions that stood.
    pub fn unsay(&mut self, word: &str, about: &ReleaseId, and: &str) -> Result<usize, StoreError> {
        let mut statement = self
            .t
            .prepare_cached("UPDATE word SET undone = ?4 WHERE word = ?1 AND a = ?2 AND b = ?3 AND undone IS NULL")?;
        Ok(statement.execute((word, about.as_str(), and, self.now.as_microsecond()))?)
    }

    /// Standing decisions about any of the releases `about` that are one of `words`, as (word, second operand), the
    /// oldest first.
    pub fn standing(&self, words: &[&str], about: &[&ReleaseId]) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement =
            self.t.prepare_cached("SELECT id, word, b FROM word WHERE a = ?1 AND undone IS NULL ORDER BY id")?;
        let mut standing: Vec<(i64, String, String)> = Vec::new();
        for id in about {
            let found = statement.query_map([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            for word in found {
                let word: (i64, String, String) = word?;
                if words.contains(&word.1.as_str()) {
                    standing.push(word);
                }
            }
        }
        standing.sort();
        Ok(standing.into_iter().map(|(_, word, and)| (word, and)).collect())
    }

    /// Standing decisions on pairs of releases as (word, publication, publication): the words name birth ids.
    pub fn verdicts(&self) -> Result<Vec<(String, PublicationId, PublicationId)>, StoreError> {
        let mut statement = self.t.prepare_cached(
            "SELECT w.word, a.id, b.id FROM word w JOIN publication a ON a.birth_release = w.a
             JOIN publication b ON b.birth_release = w.b
             WHERE w.undone IS NULL AND w.word IN ('same', 'different', 'series') ORDER BY w.id",
        )?;
        let found =
            statement.query_map([], |row| Ok((row.get(0)?, PublicationId(row.get(1)?), PublicationId(row.get(2)?))))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
