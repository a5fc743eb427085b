//! Taking pages out for good: every row that holds their words goes, and what is left of the file is written anew.
//!
//! `publish::purge` says which pages and which captures; [`Store::scrub`] comes after the transaction, because deleted
//! rows stay readable in free pages and in the log until then.

use super::{
    Capture, CaptureId, PublicationId, Settling, Store, StoreError, What,
    page::{keys, load},
    rows,
    tombstone::{self, Graves},
    upkeep::drop_bodies,
};
use crate::{
    model::{Candidate, Draft, Release, ReleaseId},
    normalise::url::{canonical, same_page},
};
use rusqlite::Transaction;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What the record holds of pages that are to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// The pages, with those that moved to or from them.
    pub publications: Vec<PublicationId>,
    /// Releases that show them.
    pub releases: Vec<ReleaseId>,
    /// Every address of theirs.
    pub addresses: Vec<String>,
    /// Every title they ever had.
    pub titles: Vec<String>,
    /// Every text they ever had.
    pub texts: Vec<String>,
}

/// What of the stored documents speaks of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Responses.
    pub captures: Vec<CaptureId>,
    /// What sources said: key of the page, document.
    pub evidence: Vec<(String, String)>,
}

/// What a purge took out of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Releases that are gone, or stand under another id now.
    pub releases: Vec<ReleaseId>,
    /// Pages.
    pub publications: u64,
    /// Responses.
    pub captures: u64,
    /// Pages that were of the same releases, and stay.
    pub left: Vec<PublicationId>,
}

impl Settling<'_> {
    /// The traces of `publications` and of `releases` (imported ones have no publication).
    pub fn traces(&self, publications: &[PublicationId], releases: &[ReleaseId]) -> Result<Traces, StoreError> {
        let mut traces = Traces { releases: releases.to_vec(), ..Traces::default() };
        let (mut all, mut next) = (BTreeSet::new(), publications.to_vec());
        while let Some(id) = next.pop() {
            if all.insert(id) {
                next.extend(self.moved_with(id)?);
            }
        }
        for id in &all {
            self.trace_page(*id, &mut traces)?;
        }
        for id in releases {
            if let Some(row) = self.row(id)?.filter(|row| row.anchor.is_none()) {
                trace_release(&row.release, &mut traces);
                traces.texts.extend(self.own_text(id)?.map(|text| text.text));
            }
        }
        traces.publications = all.into_iter().collect();
        for list in [&mut traces.addresses, &mut traces.titles, &mut traces.texts] {
            list.sort();
            list.dedup();
        }
        traces.releases.sort();
        traces.releases.dedup();
        Ok(traces)
    }

    fn trace_page(&self, id: PublicationId, traces: &mut Traces) -> Result<(), StoreError> {
        let page = load(self.t, id)?;
        traces.addresses.push(page.known.url);
        traces.addresses.extend(page.aliases);
        let mut said = self.t.prepare_cached("SELECT candidate FROM evidence WHERE key = ?1")?;
        for key in keys(self.t, id)? {
            let mut found = said.query([key])?;
            while let Some(row) = found.next()? {
                let candidate: Candidate = rows::from_json("evidence", &row.get::<_, String>(0)?)?;
                traces.titles.push(candidate.title);
                traces.texts.push(candidate.summary);
                for address in candidate.aliases.into_iter().chain([candidate.url]) {
                    traces.addresses.extend(canonical(&address, None, &[]).ok());
                    traces.addresses.push(address);
                }
            }
        }
        let mut readings = self.t.prepare_cached("SELECT draft FROM reading WHERE publication = ?1")?;
        let mut found = readings.query([id.0])?;
        while let Some(row) = found.next()? {
            let draft: Draft = rows::unpacked("reading", &row.get::<_, Vec<u8>>(0)?)?;
            traces.titles.push(draft.title);
            traces.texts.push(draft.text);
        }
        let mut of = self.t.prepare_cached(
            "SELECT release FROM membership WHERE publication = ?1
             UNION SELECT r.id FROM release r JOIN publication p ON p.birth_release = r.id WHERE p.id = ?1",
        )?;
        let mut found = of.query([id.0])?;
        while let Some(row) = found.next()? {
            traces.releases.push(rows::id("release", row.get(0)?)?);
        }
        Ok(())
    }

    /// Deletes every row that holds something of `traces`, buries the addresses and ids, and empties the rows of the
    /// releases; readers are told. What is left of a release stands under another id, to which the old one redirects:
    /// settle it next. `why` is kept.
    pub fn purge(&mut self, traces: &Traces, mentions: &Mentions, why: &str) -> Result<Taken, StoreError> {
        let mut taken = Taken { publications: tombstone::count(traces.publications.len()), ..Taken::default() };
        let at = self.now.as_microsecond();
        let graves = Graves::ready(self.t)?;
        for address in &traces.addresses {
            graves.bury_page(self.t, address, why, at)?;
        }
        let pages: BTreeSet<String> = traces.addresses.iter().map(|address| same_page(address)).collect();
        let mut ending = Vec::new();
        for id in &traces.releases {
            let left: Vec<PublicationId> =
                self.members_of(id)?.into_iter().filter(|page| !traces.publications.contains(page)).collect();
            let row = self.row(id)?;
            let stays = row.as_ref().and_then(|row| row.anchor).is_some_and(|anchor| left.contains(&anchor));
            if row.is_some() && !stays {
                ending.push((id.clone(), left.first().copied()));
            }
            taken.left.extend(left);
        }
        taken.left.sort();
        taken.left.dedup();
        drop_pages(self.t, &traces.publications)?;
        taken.captures = drop_captures(self.t, &pages, mentions)?;
        drop_words(self.t, &pages, mentions)?;
        for (id, left) in ending {
            self.end(&id, left, why, &graves)?;
            taken.releases.push(id);
        }
        for id in &taken.left {
            self.t.prepare_cached("UPDATE publication SET pending = max(pending, 1) WHERE id = ?1")?.execute([id.0])?;
        }
        for id in &traces.releases {
            self.t.prepare_cached("UPDATE change SET detail = '' WHERE release = ?1")?.execute([id.as_str()])?;
        }
        Ok(taken)
    }

    /// Empties the row of a release and all that was told of it. `left` is a page that stays, under another id.
    fn end(
        &mut self,
        id: &ReleaseId,
        left: Option<PublicationId>,
        why: &str,
        graves: &Graves,
    ) -> Result<(), StoreError> {
        let Some(mut row) = self.row(id)? else { return Ok(()) };
        let into: Option<ReleaseId> = match left {
            Some(left) => {
                let mut statement = self.t.prepare_cached("SELECT birth_release FROM publication WHERE id = ?1")?;
                Some(rows::id("publication", statement.query_row([left.0], |row| row.get(0))?)?)
            }
            None => None,
        };
        let was_known = row.shown;
        row.shown = false;
        row.anchor = None;
        row.since = self.next.at;
        row.merged_into = into.clone();
        row.release = emptied(row.release);
        self.put_row(&row)?;
        let id_text = id.as_str();
        for sql in [
            "UPDATE release SET own_text = NULL WHERE id = ?1",
            "DELETE FROM change WHERE release = ?1",
            "DELETE FROM version WHERE release = ?1",
            "DELETE FROM word WHERE a = ?1 OR b = ?1",
        ] {
            self.t.prepare_cached(sql)?.execute([id_text])?;
        }
        self.t
            .prepare_cached("UPDATE release SET merged_into = ?2 WHERE merged_into = ?1 AND id IS NOT ?2")?
            .execute((id_text, into.as_ref().map(ReleaseId::as_str)))?;
        graves.bury_release(self.t, id, why, self.now.as_microsecond())?;
        if was_known {
            self.tell(id, What::Purged, "", "")?;
        }
        Ok(())
    }

    /// Whether a release of this id was taken out for good.
    pub fn is_purged(&self, id: &ReleaseId) -> Result<bool, StoreError> {
        tombstone::is_release_buried(self.t, id)
    }

    /// Whether the page at `url` was taken out for good.
    pub fn is_buried(&self, url: &str) -> Result<bool, StoreError> {
        match Graves::of(self.t)? {
            Some(graves) => graves.hold_page(self.t, url),
            None => Ok(false),
        }
    }
}

fn trace_release(release: &Release, traces: &mut Traces) {
    traces.titles.push(release.title.clone());
    traces.texts.push(release.summary.clone());
    let addresses = release.publications.iter().map(|page| &page.url).chain([&release.url]);
    traces.addresses.extend(addresses.filter(|address| !address.is_empty()).cloned());
}

/// A release without a word of its own.
fn emptied(release: Release) -> Release {
    Release {
        title: String::new(),
        published: None,
        url: String::new(),
        members: Vec::new(),
        publications: Vec::new(),
        authors: Vec::new(),
        issuers: Vec::new(),
        themes: Vec::new(),
        countries: Vec::new(),
        summary: String::new(),
        image: None,
        attachments: Vec::new(),
        ..release
    }
}

/// The pages with all their readings.
fn drop_pages(t: &Transaction<'_>, publications: &[PublicationId]) -> Result<(), StoreError> {
    for id in publications {
        for sql in [
            "DELETE FROM version WHERE reading IN (SELECT id FROM reading WHERE publication = ?1)",
            "DELETE FROM fingerprint WHERE publication = ?1",
            "DELETE FROM group_log WHERE publication = ?1",
            "DELETE FROM membership WHERE publication = ?1",
            "DELETE FROM reading WHERE publication = ?1",
        ] {
            t.prepare_cached(sql)?.execute([id.0])?;
        }
    }
    for id in publications {
        for key in keys(t, *id)? {
            t.prepare_cached("DELETE FROM evidence WHERE key = ?1")?.execute([key])?;
        }
        t.prepare_cached("DELETE FROM alias WHERE publication = ?1")?.execute([id.0])?;
        t.prepare_cached("DELETE FROM publication WHERE id = ?1")?.execute([id.0])?;
    }
    Ok(())
}

/// Responses from the addresses, and those that speak of the pages.
fn drop_captures(t: &Transaction<'_>, pages: &BTreeSet<String>, mentions: &Mentions) -> Result<u64, StoreError> {
    let mut going: BTreeSet<i64> = mentions.captures.iter().map(|id| id.0).collect();
    let mut all = t.prepare("SELECT id, requested, url FROM capture")?;
    let mut found = all.query([])?;
    while let Some(row) = found.next()? {
        let (requested, url): (String, String) = (row.get(1)?, row.get(2)?);
        if [requested, url].iter().any(|url| is_one_of(pages, url)) {
            going.insert(row.get(0)?);
        }
    }
    let mut bodies = Vec::new();
    for id in &going {
        let mut statement = t.prepare_cached("DELETE FROM capture WHERE id = ?1 RETURNING body")?;
        bodies.extend(statement.query_map([id], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?);
    }
    let captures = tombstone::count(bodies.len());
    drop_bodies(t, bodies)?;
    Ok(captures)
}

/// What sources said of the pages, what waits for them, and lists that name them.
fn drop_words(t: &Transaction<'_>, pages: &BTreeSet<String>, mentions: &Mentions) -> Result<(), StoreError> {
    for key in pages {
        t.prepare_cached("DELETE FROM evidence WHERE key = ?1")?.execute([key])?;
        t.prepare_cached("DELETE FROM rejected WHERE key = ?1")?.execute([key])?;
    }
    for (key, found_on) in &mentions.evidence {
        t.prepare_cached("DELETE FROM evidence WHERE key = ?1 AND found_on = ?2")?.execute((key, found_on))?;
    }
    let mut waiting = t.prepare("SELECT id, url, payload FROM frontier")?;
    let mut found = waiting.query([])?;
    let mut going = Vec::new();
    while let Some(row) = found.next()? {
        let (url, payload): (String, String) = (row.get(1)?, row.get(2)?);
        if [url, payload].iter().any(|url| is_one_of(pages, url)) {
            going.push(row.get::<_, i64>(0)?);
        }
    }
    for id in going {
        t.prepare_cached("DELETE FROM frontier WHERE id = ?1")?.execute([id])?;
    }
    let mut sources = t.prepare("SELECT id, memory FROM source WHERE memory <> ''")?;
    let lists = sources.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    for (id, memory) in lists.collect::<Result<Vec<_>, _>>()? {
        let kept: Vec<&str> = memory.lines().filter(|url| !is_one_of(pages, url)).collect();
        if kept.len() < memory.lines().count() {
            t.prepare_cached("UPDATE source SET memory = ?2 WHERE id = ?1")?.execute((id, kept.join("\n")))?;
        }
    }
    Ok(())
}

fn is_one_of(pages: &BTreeSet<String>, url: &str) -> bool {
    pages.contains(&same_page(url)) || canonical(url, None, &[]).is_ok_and(|url| pages.contains(&same_page(&url)))
}

/// How long a scrub waits for readers of other processes.
const PATIENCE: Duration = Duration::from_secs(60);

impl Store {
    /// Hands every response after `last` to `see`, a damaged one aside; gives the last one seen.
    pub fn each_capture(
        &self,
        last: CaptureId,
        see: &mut dyn FnMut(CaptureId, &Capture),
    ) -> Result<CaptureId, StoreError> {
        let ids = self.captures()?;
        for id in ids.iter().filter(|id| **id > last) {
            match self.capture(*id) {
                Ok(Some(capture)) => see(*id, &capture),
                Ok(None) | Err(StoreError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ids.last().copied().unwrap_or(last).max(last))
    }

    /// Hands the newest reading of every publication to `see`.
    pub fn each_draft(&self, see: &mut dyn FnMut(PublicationId, Draft)) -> Result<(), StoreError> {
        self.pool.read(|c| {
            let mut statement =
                c.prepare("SELECT p.id, r.draft FROM publication p JOIN reading r ON r.id = p.reading")?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                see(PublicationId(row.get(0)?), rows::unpacked("reading", &row.get::<_, Vec<u8>>(1)?)?);
            }
            Ok(())
        })
    }

    /// Hands what every source said to `see`: key of the page, document, JSON text.
    pub fn each_candidate(&self, see: &mut dyn FnMut(&str, &str, &str)) -> Result<(), StoreError> {
        self.pool.read(|c| {
            let mut statement = c.prepare("SELECT key, found_on, candidate FROM evidence")?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                let (key, on, said): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                see(&key, &on, &said);
            }
            Ok(())
        })
    }

    /// Writes the whole database anew and empties its log, so that nothing deleted can be read in either. Takes as long
    /// as copying it; others read meanwhile, and wait to write.
    pub fn scrub(&self) -> Result<(), StoreError> {
        let started = Instant::now();
        self.pool.alone(|writer| {
            writer.pragma_update(None, "secure_delete", "ON")?;
            let done = writer.execute_batch("VACUUM");
            writer.pragma_update(None, "secure_delete", "OFF")?;
            done
        })?;
        loop {
            let busy: i64 =
                self.pool.alone(|writer| writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)))?;
            if busy == 0 {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                return Err(StoreError::LogInUse);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
