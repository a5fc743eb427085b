//! How is a reading recorded: which page is it, and what changed?

use super::{
    Absence, Outcome, PublicationId, Reading, Recorded, StoreError,
    absence::{note_absence, present},
    mint,
    page::{find, find_own, newest_draft},
    rows, source, tombstone,
};
use crate::{
    model::{Draft, PageState},
    normalise::url::same_page,
    reconcile::{self, Change},
};
use rusqlite::Transaction;

/// How loudly the next settle speaks of a publication.
const DRESS: i64 = 1;
const SUBSTANCE: i64 = 2;

/// Records a reading: one publication found, moved or born, one reading added where something changed.
pub(super) fn record(t: &Transaction<'_>, reading: &Reading<'_>, now: i64) -> Result<Recorded, StoreError> {
    tombstone::refuse(t, reading.aliases.iter().map(String::as_str).chain([reading.url]))?;
    let Some(id) = find_publication(t, reading)? else { return birth(t, reading, now) };
    let refused = take_aliases(t, id, reading)?;
    if let Some(why) = contentless(reading.draft)
        && was_live(t, id)?
    {
        touch(t, id, reading, now)?;
        let absent = note_absence(t, id, why, now)?;
        return Ok(Recorded { publication: id, outcome: Outcome::Absent(absent), refused });
    }
    touch(t, id, reading, now)?;
    present(t, id)?;
    let outcome = update(t, id, reading, now)?;
    Ok(Recorded { publication: id, outcome, refused })
}

/// Which known publication is this page? One that stands at an alias moves to the new address if the text is the same.
fn find_publication(t: &Transaction<'_>, reading: &Reading<'_>) -> Result<Option<PublicationId>, StoreError> {
    if let Some(id) = find_own(t, reading.url)? {
        return Ok(Some(id));
    }
    let known = std::iter::once(reading.url).chain(reading.aliases.iter().map(String::as_str));
    for (place, url) in known.enumerate() {
        // An alias of an alias proves nothing (a guid may be shared); the page's own address may be an alias so far.
        let id = if place == 0 { find(t, url)? } else { find_own(t, url)? };
        let Some(id) = id else { continue };
        if reconcile::same_page_text(&newest_draft(t, id)?, reading.draft) {
            change_address(t, id, reading.url)?;
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The publication stands at `url` from now on; its old address becomes an alias.
fn change_address(t: &Transaction<'_>, id: PublicationId, url: &str) -> Result<(), StoreError> {
    let key = same_page(url);
    t.prepare_cached("DELETE FROM alias WHERE key = ?1")?.execute([&key])?;
    t.prepare_cached(
        "INSERT INTO alias(key, url, publication) SELECT key, url, id FROM publication WHERE id = ?1
         ON CONFLICT(key) DO UPDATE SET url = excluded.url, publication = excluded.publication",
    )?
    .execute([id.0])?;
    t.prepare_cached("UPDATE publication SET url = ?2, key = ?3, pending = max(pending, ?4) WHERE id = ?1")?
        .execute((id.0, url, key, DRESS))?;
    Ok(())
}

/// Keeps the other addresses of a page; gives those that belong to another text.
fn take_aliases(t: &Transaction<'_>, id: PublicationId, reading: &Reading<'_>) -> Result<Vec<String>, StoreError> {
    let mut refused = Vec::new();
    for url in reading.aliases {
        if !alias(t, id, reading.draft, url)? {
            refused.push(url.clone());
        }
    }
    Ok(refused)
}

/// Makes `url` an alias of `id`. A publication that stands there with the same text has moved; with another text it
/// stays, and the alias is refused.
pub(super) fn alias(t: &Transaction<'_>, id: PublicationId, draft: &Draft, url: &str) -> Result<bool, StoreError> {
    match find_own(t, url)? {
        Some(own) if own == id => Ok(true),
        Some(other) => {
            if !reconcile::same_page_text(&newest_draft(t, other)?, draft) {
                return Ok(false);
            }
            t.prepare_cached(
                "UPDATE publication SET standing = 'moved', moved_to = ?2, pending = max(pending, ?3)
                 WHERE id = ?1 AND (standing <> 'moved' OR moved_to <> ?2)",
            )?
            .execute((other.0, id.0, DRESS))?;
            Ok(true)
        }
        None => {
            t.prepare_cached(
                "INSERT INTO alias(key, url, publication) VALUES (?1, ?2, ?3) ON CONFLICT(key) DO NOTHING",
            )?
            .execute((same_page(url), url, id.0))?;
            Ok(true)
        }
    }
}

/// A page never read before gets its birth number and the id that its release will carry.
fn birth(t: &Transaction<'_>, reading: &Reading<'_>, now: i64) -> Result<Recorded, StoreError> {
    let backfill = match reading.found_by {
        Some(url) => source::in_first_crawl(t, &reading.member.id, url)?,
        None => false,
    };
    let id = t
        .prepare_cached(
            "INSERT INTO publication(birth_release, member, url, key, standing, absences, absent_round, item, token, etag,
             last_modified, reader, backfill, found_by, first_seen, visited, pending, pending_detail)
             VALUES (?1, ?2, ?3, ?4, 'live', 0, -1, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, 0, '') RETURNING id",
        )?
        .query_row(
            (
                mint::release_id(t)?.as_str(),
                reading.member.id.as_str(),
                reading.url,
                same_page(reading.url),
                reading.token,
                reading.etag,
                reading.last_modified,
                reading.reader,
                backfill,
                reading.found_by,
                now,
            ),
            |row| row.get(0).map(PublicationId),
        )?;
    let refused = take_aliases(t, id, reading)?;
    insert(t, id, reading, reading.draft, SUBSTANCE, "", now)?;
    Ok(Recorded { publication: id, outcome: Outcome::New, refused })
}

/// Writes the time of the visit and the marks of this version.
fn touch(t: &Transaction<'_>, id: PublicationId, reading: &Reading<'_>, now: i64) -> Result<(), StoreError> {
    t.prepare_cached(
        "UPDATE publication SET visited = ?2, token = ?3, etag = ?4, last_modified = ?5, reader = ?6 WHERE id = ?1",
    )?
    .execute((id.0, now, reading.token, reading.etag, reading.last_modified, reading.reader))?;
    Ok(())
}

/// Adds the reading if it says something else than the newest one.
fn update(t: &Transaction<'_>, id: PublicationId, reading: &Reading<'_>, now: i64) -> Result<Outcome, StoreError> {
    let names = names(reading);
    let (substance, dress, capture, reader): (Vec<u8>, Vec<u8>, i64, u32) = t
        .prepare_cached(
            "SELECT r.substance, r.dress, r.capture, r.reader FROM publication p JOIN reading r ON r.id = p.reading
             WHERE p.id = ?1",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    if substance == reconcile::substance(reading.draft, &names) && dress == reconcile::dress(reading.draft) {
        return Ok(Outcome::Unchanged);
    }
    let before = newest_draft(t, id)?;
    // The page is the same and only our reading of it is another: no change of the member's to announce.
    let our_own = capture == reading.capture.0 && reader != reading.reader;
    let mut after = reading.draft.clone();
    if !our_own {
        reconcile::keep_date(&before, &mut after, &names);
    }
    match reconcile::compare(&before, &after, &names) {
        Change::None => Ok(Outcome::Unchanged),
        Change::Substance(said) if !our_own => {
            insert(t, id, reading, &after, SUBSTANCE, &said, now)?;
            Ok(Outcome::Changed)
        }
        _ => {
            insert(t, id, reading, &after, DRESS, "", now)?;
            Ok(Outcome::Template)
        }
    }
}

/// Adds a reading, makes it the newest, and drops those that nobody refers to any more.
fn insert(
    t: &Transaction<'_>,
    id: PublicationId,
    reading: &Reading<'_>,
    draft: &Draft,
    pending: i64,
    detail: &str,
    now: i64,
) -> Result<(), StoreError> {
    let names = names(reading);
    let newest: i64 = t
        .prepare_cached(
            "INSERT INTO reading(publication, capture, reader, at, substance, dress, draft)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        )?
        .query_row(
            (
                id.0,
                reading.capture.0,
                reading.reader,
                now,
                reconcile::substance(draft, &names),
                reconcile::dress(draft),
                rows::packed("reading", draft)?,
            ),
            |row| row.get(0),
        )?;
    let published =
        draft.published.as_ref().map(|date| date.value.timestamp(&reading.member.timezone).as_microsecond());
    t.prepare_cached(
        "UPDATE publication SET reading = ?2, item = ?3, published = ?4, pending = max(pending, ?5),
         pending_detail = CASE WHEN pending_detail = '' OR ?6 = '' THEN pending_detail || ?6
                               ELSE pending_detail || '; ' || ?6 END WHERE id = ?1",
    )?
    .execute((id.0, newest, reconcile::is_item(draft), published, pending, detail))?;
    t.prepare_cached(
        "DELETE FROM reading WHERE publication = ?1 AND id <> ?2
         AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.reading = reading.id AND m.publication = ?1)
         AND NOT EXISTS (SELECT 1 FROM version v WHERE v.reading = reading.id)",
    )?
    .execute((id.0, newest))?;
    Ok(())
}

/// Every name of the member: one for another is dress.
fn names(reading: &Reading<'_>) -> Vec<String> {
    let member = reading.member;
    member.names.iter().map(|name| name.name.clone()).chain(member.protected_names.iter().cloned()).collect()
}

/// Why a draft has nothing to show, when it has not.
fn contentless(draft: &Draft) -> Option<Absence> {
    match draft.state {
        PageState::Live | PageState::Attachment { .. } => None,
        PageState::NoIndex => Some(Absence::NoIndex),
        PageState::Password => Some(Absence::Password),
        PageState::SoftGone => Some(Absence::SoftGone),
        PageState::Empty => Some(Absence::Empty),
    }
}

/// Whether the newest reading has content that must not be overwritten.
fn was_live(t: &Transaction<'_>, id: PublicationId) -> Result<bool, StoreError> {
    Ok(contentless(&newest_draft(t, id)?).is_none())
}
