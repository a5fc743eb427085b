//! Publications: which pages there are, what was read from them, and whether they still stand.

use super::{CaptureId, Store, StoreError, record, rows};
use crate::{
    model::{Draft, Member, MemberId},
    normalise::url::same_page,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// Birth number of a publication: given once, rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicationId(pub i64);

/// What was read from one page. Addresses are canonical (`normalise::url::canonical`).
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Whose page it is.
    pub member: &'a Member,
    /// The address under which the page stands: the answering one, or its canonical link within the member's hosts.
    pub url: &'a str,
    /// Every other address that led to it or that sources give for it.
    pub aliases: &'a [String],
    /// The capture that was read.
    pub capture: CaptureId,
    /// Version of the reader, so that a better reader can read again without announcing a change.
    pub reader: u32,
    /// The result.
    pub draft: &'a Draft,
    /// Address of the [`Source`](super::Source) that brought the page: whether that one is in its first crawl decides
    /// the rank of a new release.
    pub found_by: Option<&'a str>,
    /// The source's mark of this version of the page; given back by [`Store::known`].
    pub token: &'a str,
    /// `ETag` of the page's answer.
    pub etag: Option<&'a str>,
    /// `Last-Modified` of the page's answer.
    pub last_modified: Option<&'a str>,
}

/// What a reading brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A page never read before.
    New,
    /// Words, figures, names or dates changed.
    Changed,
    /// Only dress changed: cards, punctuation, the organisation's name throughout, our own reading.
    Template,
    /// Nothing that readers see; only the time of the visit was written.
    Unchanged,
    /// The page has no content any more (soft 404, password, noindex, empty): counted as [`Store::absent`] counts.
    Absent(Absent),
}

/// A publication and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The publication.
    pub publication: PublicationId,
    /// What the reading brought.
    pub outcome: Outcome,
    /// Aliases that were refused: each is a publication of its own with another text. When such an address was asked
    /// for and redirected here, its own page is gone: tell [`Store::absent`].
    pub refused: Vec<String>,
}

/// Why a page cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// 404 or 410.
    Gone,
    /// 200, but nothing there: "no results", a redirect to the home page.
    SoftGone,
    /// Behind a password now.
    Password,
    /// Asks not to be indexed.
    NoIndex,
    /// No text left.
    Empty,
    /// 401, 403, or robots.txt: noted, never a reason to withdraw, for it is about us and not about the page.
    Forbidden,
}

/// What an absence led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// No such publication.
    Unknown,
    /// Noted; so many rounds have seen it missing. Readers still see it.
    Noted(u32),
    /// Seen missing in two rounds: withdrawn with the next settle.
    Withdrawn,
}

/// How a publication stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There at the last visit.
    Live,
    /// Missing, unconfirmed.
    Missing,
    /// Missing, confirmed.
    Withdrawn,
    /// Now at another address, which is a publication of its own.
    Moved,
}

/// A known page, as the planner needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Birth number.
    pub publication: PublicationId,
    /// Whose page.
    pub member: MemberId,
    /// Canonical address.
    pub url: String,
    /// The token given at the last reading or visit.
    pub token: String,
    /// `ETag` of the last answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// Version of the reader that read it last.
    pub reader: u32,
    /// How it stands.
    pub standing: Standing,
    /// Whether it was an item (release, news, tribune) at the last reading.
    pub item: bool,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last visited.
    pub visited: Timestamp,
}

/// A known page with its newest reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The page.
    pub known: Known,
    /// Every other address known for it.
    pub aliases: Vec<String>,
    /// The capture of the newest reading.
    pub capture: CaptureId,
    /// The newest reading.
    pub draft: Draft,
}

impl Standing {
    fn from_column(text: &str) -> Result<Self, StoreError> {
        match text {
            "live" => Ok(Standing::Live),
            "missing" => Ok(Standing::Missing),
            "withdrawn" => Ok(Standing::Withdrawn),
            "moved" => Ok(Standing::Moved),
            other => Err(rows::damaged("publication", format!("standing `{other}`"))),
        }
    }
}

impl Absence {
    fn as_str(self) -> &'static str {
        match self {
            Absence::Gone => "gone",
            Absence::SoftGone => "soft-gone",
            Absence::Password => "password",
            Absence::NoIndex => "noindex",
            Absence::Empty => "empty",
            Absence::Forbidden => "forbidden",
        }
    }
}

impl Store {
    /// The page at `url`: its canonical address, a variant (scheme, `www.`, slash) or an alias.
    pub fn page(&self, url: &str) -> Result<Option<Page>, StoreError> {
        self.pool.read(|c| match find(c, url)? {
            Some(id) => load(c, id).map(Some),
            None => Ok(None),
        })
    }

    /// Every page known of a member, in order of birth; without drafts, so it is cheap.
    pub fn known(&self, member: &MemberId) -> Result<Vec<Known>, StoreError> {
        let query = format!("SELECT {KNOWN} FROM publication WHERE member = ?1 ORDER BY id");
        self.pool.read(|c| {
            let mut statement = c.prepare_cached(&query)?;
            statement.query_and_then([member.as_str()], known_row)?.collect()
        })
    }

    /// Records a reading. A page never seen gets its birth number and the id that its release will carry. A reading
    /// without content never overwrites a good one. When the page stands at a new address now (`url` new, an alias
    /// known, the text the same), the publication moves with it and announces nothing.
    pub fn record(&self, reading: &Reading<'_>) -> Result<Recorded, StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| record::record(t, reading, now))
    }

    /// Notes that the page was asked for and is unchanged (304, equal body, equal token).
    pub fn visited(&self, publication: PublicationId, token: &str) -> Result<(), StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| {
            t.prepare_cached("UPDATE publication SET visited = ?2, token = ?3 WHERE id = ?1")?.execute((
                publication.0,
                now,
                token,
            ))?;
            present(t, publication)
        })
    }

    /// Notes that a page cannot be had. Counted once a round (see [`Store::begin_round`]).
    pub fn absent(&self, url: &str, why: Absence) -> Result<Absent, StoreError> {
        let now = self.pool.now();
        self.pool.write(|t| match find(t, url)? {
            Some(id) => note_absence(t, id, why, now),
            None => Ok(Absent::Unknown),
        })
    }

    /// Makes `alias` another address of the page at `url`, for a redirect or link that says so. When `alias` is a
    /// publication of its own with the same text, that one moved: the two are one release from now on, with the older
    /// id. `false` when `url` is no publication, or `alias` another one with another text.
    pub fn add_alias(&self, url: &str, alias: &str) -> Result<bool, StoreError> {
        self.pool.write(|t| {
            let Some(id) = find(t, url)? else { return Ok(false) };
            let draft = newest_draft(t, id)?;
            record::alias(t, id, &draft, alias)
        })
    }
}

const KNOWN: &str = "id, member, url, token, etag, last_modified, reader, standing, item, first_seen, visited";

fn known_row(row: &Row<'_>) -> Result<Known, StoreError> {
    Ok(Known {
        publication: PublicationId(row.get(0)?),
        member: rows::id("publication", row.get(1)?)?,
        url: row.get(2)?,
        token: row.get(3)?,
        etag: row.get(4)?,
        last_modified: row.get(5)?,
        reader: row.get(6)?,
        standing: Standing::from_column(row.get_ref(7)?.as_str().map_err(|e| rows::damaged("publication", e))?)?,
        item: row.get(8)?,
        first_seen: rows::time(row.get(9)?)?,
        visited: rows::time(row.get(10)?)?,
    })
}

/// The publication whose own address is `url` or a variant of it.
pub(super) fn find_own(connection: &Connection, url: &str) -> Result<Option<PublicationId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id FROM publication WHERE key = ?1")?;
    Ok(statement.query_row([same_page(url)], |row| row.get(0)).optional()?.map(PublicationId))
}

/// The publication that `url` leads to: as its own address, a variant, or an alias.
pub(super) fn find(connection: &Connection, url: &str) -> Result<Option<PublicationId>, StoreError> {
    if let Some(id) = find_own(connection, url)? {
        return Ok(Some(id));
    }
    let mut statement = connection.prepare_cached("SELECT publication FROM alias WHERE key = ?1")?;
    Ok(statement.query_row([same_page(url)], |row| row.get(0)).optional()?.map(PublicationId))
}

/// Keys of all addresses of a publication, its own first.
pub(super) fn keys(connection: &Connection, id: PublicationId) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, 0 AS place FROM publication WHERE id = ?1 UNION ALL
         SELECT key, 1 FROM alias WHERE publication = ?1 ORDER BY place, key",
    )?;
    Ok(statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// A publication with its newest reading.
pub(super) fn load(connection: &Connection, id: PublicationId) -> Result<Page, StoreError> {
    let known = connection
        .prepare_cached(&format!("SELECT {KNOWN} FROM publication WHERE id = ?1"))?
        .query_and_then([id.0], known_row)?
        .next()
        .ok_or_else(|| rows::damaged("publication", format!("{} is missing", id.0)))??;
    let mut statement = connection.prepare_cached("SELECT url FROM alias WHERE publication = ?1 ORDER BY url")?;
    let aliases = statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT r.capture, r.draft FROM publication p JOIN reading r ON r.id = p.reading WHERE p.id = ?1",
    )?;
    let (capture, draft): (i64, Vec<u8>) = statement.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Page { known, aliases, capture: CaptureId(capture), draft: rows::unpacked("reading", &draft)? })
}

/// The newest reading of a publication.
pub(super) fn newest_draft(connection: &Connection, id: PublicationId) -> Result<Draft, StoreError> {
    let draft: Vec<u8> = connection
        .prepare_cached("SELECT r.draft FROM publication p JOIN reading r ON r.id = p.reading WHERE p.id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    rows::unpacked("reading", &draft)
}

/// The page is there: forgets what was noted of its absence; one that was withdrawn is up for the next settle.
pub(super) fn present(t: &Transaction<'_>, id: PublicationId) -> Result<(), StoreError> {
    t.prepare_cached(
        "UPDATE publication SET pending = CASE WHEN standing = 'missing' THEN pending ELSE max(pending, 1) END,
         standing = 'live', moved_to = NULL, absences = 0, absent_why = NULL, absent_since = NULL
         WHERE id = ?1 AND standing <> 'live'",
    )?
    .execute([id.0])?;
    Ok(())
}

/// How many rounds must have seen a page missing before it counts as withdrawn.
const CONFIRMATIONS: u32 = 2;
/// As many when a good part of the site is missing at once: then the site is broken rather than cleared.
const CONFIRMATIONS_OF_MANY: u32 = 5;
/// So many pages missing in this round or the one before, and more than one in five, are a good part.
const MANY: i64 = 10;

/// How many confirmations a page needs when as many pages are missing as now.
fn confirmations(t: &Transaction<'_>, id: PublicationId, round: i64) -> Result<u32, StoreError> {
    let missing: i64 = t
        .prepare_cached(
            "SELECT count(*) FROM publication WHERE absent_round >= ?2 - 1 AND absences > 0
             AND member = (SELECT member FROM publication WHERE id = ?1)",
        )?
        .query_row((id.0, round), |row| row.get(0))?;
    if missing < MANY {
        return Ok(CONFIRMATIONS);
    }
    let all: i64 = t
        .prepare_cached(
            "SELECT count(*) FROM publication WHERE member = (SELECT member FROM publication WHERE id = ?1)",
        )?
        .query_row([id.0], |row| row.get(0))?;
    Ok(if missing * 5 > all { CONFIRMATIONS_OF_MANY } else { CONFIRMATIONS })
}

/// Notes that the page cannot be had; the second round that says so withdraws it.
pub(super) fn note_absence(
    t: &Transaction<'_>,
    id: PublicationId,
    why: Absence,
    now: i64,
) -> Result<Absent, StoreError> {
    let (standing, absences, counted_in, round): (String, u32, i64, i64) = t
        .prepare_cached(
            "SELECT p.standing, p.absences, p.absent_round, coalesce(m.round, 0)
             FROM publication p LEFT JOIN member m ON m.id = p.member WHERE p.id = ?1",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    if standing == "withdrawn" {
        return Ok(Absent::Withdrawn);
    }
    let counts = why != Absence::Forbidden && counted_in != round && standing != "moved";
    let absences = absences + u32::from(counts);
    let withdrawn = absences >= CONFIRMATIONS;
    let standing = match (withdrawn, absences) {
        (true, _) => "withdrawn",
        (false, 0) => standing.as_str(),
        (false, _) if standing == "moved" => "moved",
        (false, _) => "missing",
    };
    t.prepare_cached(
        "UPDATE publication SET standing = ?2, absences = ?3, absent_round = CASE WHEN ?4 THEN ?5 ELSE absent_round END,
         absent_why = ?6, absent_since = coalesce(absent_since, ?7), visited = ?7,
         pending = CASE WHEN ?8 THEN max(pending, 1) ELSE pending END WHERE id = ?1",
    )?
    .execute((id.0, standing, absences, counts, round, why.as_str(), now, withdrawn))?;
    Ok(if withdrawn { Absent::Withdrawn } else { Absent::Noted(absences) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::PageState,
        store::{
            RoundEnd, Source,
            testing::{Site, TEXT, moving_store},
        },
    };

    #[test]
    fn a_reading_that_says_the_same_writes_nothing_but_the_visit() {
        let (_dir, store, time) = moving_store();
        let site = Site::new(&store);
        let new = site.read("https://example.org/a/", "Titre", TEXT);
        assert_eq!(new.outcome, Outcome::New);
        time.forward(60);
        let same = site.read("https://example.org/a", "Titre", TEXT);
        assert_eq!((same.publication, same.outcome), (new.publication, Outcome::Unchanged));
        let page = store.page("https://example.org/a").unwrap().unwrap();
        assert_eq!(page.known.url, "https://example.org/a/");
        assert!(page.known.visited > page.known.first_seen);
        let dressed = site.read("https://example.org/a/", "Titre !", TEXT);
        assert_eq!(dressed.outcome, Outcome::Template);
        let changed = site.read("https://example.org/a/", "Titre", &TEXT.replace("2 600", "2 700"));
        assert_eq!(changed.outcome, Outcome::Changed);
    }

    #[test]
    fn a_page_is_withdrawn_when_two_rounds_miss_it() {
        let (_dir, store, _time) = moving_store();
        let site = Site::new(&store);
        let url = "https://example.org/a/";
        let member = &site.member.id;
        store.begin_round(member).unwrap();
        site.read(url, "Titre", TEXT);
        assert_eq!(store.absent("https://example.org/other", Absence::Gone).unwrap(), Absent::Unknown);
        assert_eq!(store.absent(url, Absence::Forbidden).unwrap(), Absent::Noted(0));
        assert_eq!(store.absent(url, Absence::Gone).unwrap(), Absent::Noted(1));
        assert_eq!(store.absent(url, Absence::Gone).unwrap(), Absent::Noted(1), "one round counts once");
        store.end_round(member, &RoundEnd::Complete).unwrap();
        store.begin_round(member).unwrap();
        let empty = site.read_as(url, |draft| {
            draft.state = PageState::SoftGone;
            draft.text.clear();
        });
        assert_eq!(empty.outcome, Outcome::Absent(Absent::Withdrawn));
        let page = store.page(url).unwrap().unwrap();
        assert_eq!((page.known.standing, page.draft.text.as_str()), (Standing::Withdrawn, TEXT));
        assert_eq!(site.read(url, "Titre", TEXT).outcome, Outcome::Unchanged);
        assert_eq!(store.page(url).unwrap().unwrap().known.standing, Standing::Live, "it came back");
    }

    #[test]
    fn a_site_that_answers_404_for_everything_is_broken_and_not_cleared() {
        let (_dir, store, _time) = moving_store();
        let site = Site::new(&store);
        let member = &site.member.id;
        let urls: Vec<String> = (0..30).map(|n| format!("https://example.org/{n}")).collect();
        urls.iter().for_each(|url| drop(site.read(url, url, &format!("{TEXT} {url}"))));
        let round = |missing: &[String]| {
            store.begin_round(member).unwrap();
            let seen: Vec<Absent> = missing.iter().map(|url| store.absent(url, Absence::Gone).unwrap()).collect();
            store.end_round(member, &RoundEnd::Complete).unwrap();
            seen.iter().filter(|seen| **seen == Absent::Withdrawn).count()
        };
        round(&urls);
        assert_eq!(round(&urls), 0, "every page waits for more rounds");
        assert_eq!(round(&urls), 0);
        urls[5..].iter().for_each(|url| drop(site.read(url, url, &format!("{TEXT} {url}"))));
        assert_eq!(round(&urls[..5]), 5, "a few are believed");
    }

    #[test]
    fn a_page_that_moves_keeps_its_birth_number() {
        let (_dir, store, _time) = moving_store();
        let site = Site::new(&store);
        let old = "https://old.example.org/a".to_owned();
        let first = site.read(&old, "Titre", TEXT);
        let moved = site.read_with("https://example.org/new/a", std::slice::from_ref(&old), "Titre", TEXT);
        assert_eq!((moved.publication, moved.outcome), (first.publication, Outcome::Unchanged));
        let page = store.page(&old).unwrap().unwrap();
        assert_eq!((page.known.url.as_str(), &page.aliases), ("https://example.org/new/a", &vec![old]));
        assert!(store.add_alias("https://example.org/new/a", "https://example.org/?p=7").unwrap());
        assert_eq!(store.page("https://example.org/?p=7").unwrap().unwrap().known.publication, first.publication);
    }

    #[test]
    fn two_texts_under_one_id_stay_two() {
        let (_dir, store, _time) = moving_store();
        let site = Site::new(&store);
        let shared = "https://example.org/a".to_owned();
        let first = site.read(&shared, "Titre", TEXT);
        let other = "Un tout autre texte, qui parle de la rentrée au Cambodge et de ses enseignantes.";
        let second = site.read_with("https://example.org/b", std::slice::from_ref(&shared), "Autre", other);
        assert_eq!(second.outcome, Outcome::New);
        assert_ne!(first.publication, second.publication);
        assert_eq!(second.refused, [shared]);
    }

    #[test]
    fn a_copy_that_turns_out_to_be_the_new_address_is_joined() {
        let (_dir, store, _time) = moving_store();
        let site = Site::new(&store);
        site.read("https://old.example.org/a", "Titre", TEXT);
        let new = site.read("https://example.org/a", "Titre", TEXT);
        let redirected = ["https://old.example.org/a".to_owned()];
        assert_eq!(site.read_with("https://example.org/a", &redirected, "Titre", TEXT).publication, new.publication);
        let known = store.known(&site.member.id).unwrap();
        assert_eq!([known[0].standing, known[1].standing], [Standing::Moved, Standing::Live]);
    }

    #[test]
    fn a_better_reader_announces_nothing() {
        let (_dir, store, _time) = moving_store();
        let mut site = Site::new(&store);
        site.read("https://example.org/a", "Titre", TEXT);
        site.reader = 2;
        assert_eq!(site.read("https://example.org/a", "Titre", &format!("{TEXT} Et plus.")).outcome, Outcome::Template);
    }

    #[test]
    fn a_page_remembers_whether_it_came_with_the_back_catalogue() {
        let (_dir, store, _time) = moving_store();
        let mut site = Site::new(&store);
        let feed = Source::new(site.member.id.clone(), "https://example.org/feed", "feed");
        store.put_source(&feed).unwrap();
        site.found_by = Some(feed.url.clone());
        site.read("https://example.org/a", "Titre", TEXT);
        store.put_source(&Source { first_crawl: false, ..feed }).unwrap();
        site.read("https://example.org/b", "Titre", "Autre texte");
        let backfill = store.pool.read(|c| {
            let mut statement = c.prepare("SELECT backfill FROM publication ORDER BY id")?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<bool>, _>>()?)
        });
        assert_eq!(backfill.unwrap(), [true, false]);
    }
}
