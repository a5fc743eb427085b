//! Addresses that were looked at and are no page of ours: 404 from the start, another site behind a redirect, behind a
//! password, noindex, robots.txt. Kept with the reason, so that they are not asked again each round and `audit` can
//! explain every gap.

use super::{Store, StoreError, rows, tombstone::Graves};
use crate::{model::MemberId, normalise::url::same_page};
use jiff::Timestamp;

/// An address that was looked at and kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The address.
    pub url: String,
    /// Why, in words for people.
    pub reason: String,
    /// When it was last looked at.
    pub at: Timestamp,
}

impl Store {
    /// Notes that the page at `url` (canonical) is kept out, and why; replaces an earlier note. Of a page that was taken out for
    /// good nothing is noted.
    pub fn reject(&self, member: &MemberId, url: &str, reason: &str) -> Result<(), StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| {
            if let Some(graves) = Graves::of(t)?
                && graves.hold_page(t, url)?
            {
                return Ok(());
            }
            t.prepare_cached(
                "INSERT INTO rejected(member, key, url, reason, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT(member, key) DO UPDATE SET url = ?3, reason = ?4, at = ?5",
            )?
            .execute((member.as_str(), same_page(url), url, reason, now))?;
            Ok(())
        })
    }

    /// Takes the note back: the page is one of ours now.
    pub fn accept(&self, member: &MemberId, url: &str) -> Result<(), StoreError> {
        self.pool.write(|t| {
            t.prepare_cached("DELETE FROM rejected WHERE member = ?1 AND key = ?2")?
                .execute((member.as_str(), same_page(url)))?;
            Ok(())
        })
    }

    /// Every address of a member that is kept out, in order of address.
    pub fn rejected(&self, member: &MemberId) -> Result<Vec<Rejected>, StoreError> {
        self.pool.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT url, reason, at FROM rejected WHERE member = ?1 ORDER BY url")?;
            let found = statement.query_and_then([member.as_str()], |row| {
                Ok(Rejected { url: row.get(0)?, reason: row.get(1)?, at: rows::time(row.get(2)?)? })
            })?;
            found.collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::store::testing::{member, store};

    #[test]
    fn the_newest_reason_counts_until_it_is_taken_back() {
        let (_dir, store) = store();
        store.reject(&member(), "https://example.org/a", "404").unwrap();
        store.reject(&member(), "https://example.org/a/", "noindex").unwrap();
        store.reject(&member(), "https://example.org/b", "another site").unwrap();
        let kept_out: Vec<_> = store.rejected(&member()).unwrap().into_iter().map(|r| (r.url, r.reason)).collect();
        assert_eq!(kept_out[0], ("https://example.org/a/".to_owned(), "noindex".to_owned()));
        assert_eq!(kept_out.len(), 2);
        store.accept(&member(), "https://example.org/a").unwrap();
        assert_eq!(store.rejected(&member()).unwrap().len(), 1);
    }
}
