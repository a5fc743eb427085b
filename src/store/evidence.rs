//! What the sources said of a page, merged by page.

use super::{Store, StoreError, page, rows, tombstone::Graves};
use crate::{
    model::{Candidate, MemberId},
    normalise::url::same_page,
};
use jiff::tz::TimeZone;

impl Store {
    /// Keeps what one document (`found_on`) says of pages, in the order of the document: the order gives undated pages
    /// of a first crawl their place. Each candidate comes with the canonical address of its page. What the document
    /// said of a page before is replaced; equal evidence writes nothing, and nothing is kept of a page that was taken out
    /// for good. Gives the number written.
    pub fn put_candidates(
        &self,
        member: &MemberId,
        found_on: &str,
        candidates: &[(String, Candidate)],
    ) -> Result<usize, StoreError> {
        self.pool.write(|t| {
            // The place alone is no reason to write: each new entry moves all others down.
            let mut put = t.prepare_cached(
                "INSERT INTO evidence(key, found_on, member, position, published, candidate)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(key, found_on) DO UPDATE
                 SET member = ?3, position = ?4, published = ?5, candidate = ?6 WHERE candidate <> ?6",
            )?;
            let mut written = 0;
            let graves = Graves::of(t)?;
            for (position, (url, candidate)) in candidates.iter().enumerate() {
                if let Some(graves) = &graves
                    && graves.hold_page(t, url)?
                {
                    continue;
                }
                let published = candidate.published.map(|date| date.timestamp(&TimeZone::UTC).as_microsecond());
                let text = rows::json("evidence", candidate)?;
                written +=
                    put.execute((same_page(url), found_on, member.as_str(), rows::int(position), published, text))?;
            }
            Ok(written)
        })
    }

    /// Keys ([`same_page`]) of all pages of a member of which a day of publication is known, from the page or from a
    /// source.
    pub fn dated(&self, member: &MemberId) -> Result<Vec<String>, StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT key FROM publication WHERE member = ?1 AND published IS NOT NULL UNION
                 SELECT key FROM evidence WHERE member = ?1 AND published IS NOT NULL",
            )?;
            Ok(statement.query_map([member.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
    }

    /// Everything said of the page at `url` (a canonical address; variants and aliases count as the same page),
    /// strongest kind of source first (the order of `SourceKind`), then by document.
    pub fn candidates(&self, url: &str) -> Result<Vec<Candidate>, StoreError> {
        self.pool.read(|c| {
            let mut keys = vec![same_page(url)];
            if let Some(publication) = page::find(c, url)? {
                keys.extend(page::keys(c, publication)?);
                keys.sort();
                keys.dedup();
            }
            let mut said: Vec<Candidate> = Vec::new();
            let mut statement = c.prepare_cached("SELECT candidate FROM evidence WHERE key = ?1")?;
            for key in keys {
                let mut found = statement.query([key])?;
                while let Some(row) = found.next()? {
                    said.push(rows::from_json("evidence", &row.get::<_, String>(0)?)?);
                }
            }
            said.sort_by(|a, b| (a.source, &a.found_on, &a.url).cmp(&(b.source, &b.found_on, &b.url)));
            Ok(said)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::SourceKind,
        store::testing::{member, store},
    };

    #[test]
    fn sources_are_evidence_for_each_other() {
        let (_dir, store) = store();
        let url = "https://example.org/a/";
        let said = |source, found_on: &str, title: &str| {
            let candidate = Candidate { title: title.to_owned(), ..Candidate::new(url, source, found_on) };
            vec![(url.to_owned(), candidate)]
        };
        let put = |source, found_on: &str, title| {
            store.put_candidates(&member(), found_on, &said(source, found_on, title)).unwrap()
        };
        assert_eq!(put(SourceKind::Sitemap, "map", ""), 1);
        assert_eq!(put(SourceKind::Rest, "rest", "A"), 1);
        assert_eq!(put(SourceKind::Rest, "rest", "A"), 0, "said before");
        assert_eq!(put(SourceKind::Rest, "rest", "B"), 1);
        let titles: Vec<String> =
            store.candidates("https://example.org/a").unwrap().into_iter().map(|c| c.title).collect();
        assert_eq!(titles, ["B", ""]);
    }

    #[test]
    fn a_page_is_dated_by_whatever_source_states_its_day() {
        let (_dir, store) = store();
        let (day, none) = ("https://example.org/a/", "https://example.org/b/");
        let published = crate::model::DateValue::day(2024, 3, 1);
        let listed = [
            (day.to_owned(), Candidate { published, ..Candidate::new(day, SourceKind::Listing, "list") }),
            (none.to_owned(), Candidate::new(none, SourceKind::Listing, "list")),
        ];
        store.put_candidates(&member(), "list", &listed).unwrap();
        assert_eq!(store.dated(&member()).unwrap(), [same_page(day)]);
    }
}
