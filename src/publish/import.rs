//! How do releases come in by hand? As lines of JSON; each keeps its id and stays a release of its own.

use super::{
    PublishError, Settled,
    label::Labeller,
    line::{Given, Line},
    present::note_labelling,
    theme::obey_all,
};
use crate::{
    config::Config,
    model::{Release, ReleaseText},
    store::{ReleaseRow, Settling, Store, StoreError, What},
};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

/// What became of a batch of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// What readers see differently, and the tick.
    pub settled: Settled,
    /// Lines that say what is stored already.
    pub unchanged: u64,
    /// Lines that were not taken: their numbers and why.
    pub refused: Vec<(usize, String)>,
}

/// Takes releases in by hand. Made once for a whole file: it prepares the labels of the vocabulary.
pub struct Importer<'a> {
    store: &'a Store,
    labeller: Labeller<'a>,
}

impl<'a> Importer<'a> {
    /// An importer into `store`; texts that come without themes and countries are labelled with those of `config`.
    pub fn new(store: &'a Store, config: &'a Config) -> Self {
        Self { store, labeller: Labeller::new(config) }
    }

    /// Writes one batch of lines, each with its number, in one transaction under one tick. A line whose id was imported
    /// before replaces that release where it says something else; one whose id belongs to a release read from a
    /// member's site is refused, for two releases would be mixed up.
    pub fn import(&self, lines: Vec<(usize, Line)>) -> Result<Imported, PublishError> {
        let (mut imported, tick) = self.store.settle::<_, StoreError>("import", |settling| {
            note_labelling(settling, self.labeller.config())?;
            let mut imported = Imported::default();
            for (number, line) in lines {
                let written = match line.into_parts(settling.tick().at) {
                    Ok((release, text, given)) => self.write(settling, release, text, given)?,
                    Err(why) => Err(why),
                };
                match written {
                    Ok(Some(what)) => imported.settled.count(what),
                    Ok(None) => imported.unchanged += 1,
                    Err(why) => imported.refused.push((number, why)),
                }
            }
            Ok(imported)
        })?;
        imported.settled.tick = tick;
        Ok(imported)
    }

    /// Writes one release; the inner error is the reason why it is refused.
    fn write(
        &self,
        settling: &mut Settling<'_>,
        mut release: Release,
        text: ReleaseText,
        given: Given,
    ) -> Result<Result<Option<What>, String>, StoreError> {
        let id = release.id.clone();
        let was_purged = settling.is_purged(&id)? || settling.is_buried(&release.url)?;
        if was_purged {
            return Ok(Err(format!("release `{id}` was purged")));
        }
        let old = settling.row(&id)?;
        if old.as_ref().map_or(settling.is_taken(&id)?, |row| row.anchor.is_some()) {
            return Ok(Err(format!("id `{id}` belongs to a release that was read from a member's site")));
        }
        if !given.labels {
            let labels = self.labeller.of_text(&release.title, &text.text, release.lang);
            release.themes = labels.themes;
            if release.countries.is_empty() {
                release.countries = labels.countries;
            }
            if release.issuers.is_empty() {
                release.issuers = labels.issuers;
            }
        }
        obey_all(settling, &[&id], &mut release)?;
        let before = settling.own_text(&id)?;
        set_clocks(settling, &mut release, given, old.as_ref())?;
        if old.as_ref().is_some_and(|row| row.release == release) && before.as_ref() == Some(&text) {
            return Ok(Ok(None));
        }
        let said = |release: &Release, text: &ReleaseText| (release.title.clone(), text.text.clone());
        let what = match (&old, &before) {
            (Some(row), Some(before)) if said(&row.release, before) != said(&release, &text) => What::Edited,
            (Some(_), _) => What::Dressed,
            (None, _) => What::New,
        };
        if what == What::Edited && given.updated.is_none() {
            release.updated = settling.tick().at;
        }
        let row = ReleaseRow {
            anchor: None,
            shown: true,
            hidden: old.as_ref().is_some_and(|row| row.hidden),
            merged_into: None,
            since: old.as_ref().map_or(settling.tick().at, |row| row.since),
            own_labels: given.labels,
            release,
        };
        settling.put_row(&row)?;
        settling.put_own_text(&id, &text)?;
        if what != What::Dressed {
            settling.add_version(&id, Sha256::digest(&text.text).as_slice(), None)?;
        }
        if row.is_visible() {
            let title = old.as_ref().map_or(&row.release.title, |old| &old.release.title);
            settling.tell(&id, what, title, "")?;
        }
        Ok(Ok(Some(what)))
    }
}

/// Clocks and rank that the line does not give: kept where the release is known, else as in a first crawl.
fn set_clocks(
    settling: &Settling<'_>,
    release: &mut Release,
    given: Given,
    old: Option<&ReleaseRow>,
) -> Result<(), StoreError> {
    if let Some(old) = old {
        release.rank = old.release.rank;
        release.first_seen = given.first_seen.unwrap_or(old.release.first_seen);
        release.updated = given.updated.unwrap_or(old.release.updated);
        return Ok(());
    }
    let now = settling.tick().at;
    let published = release.published.map(|date| date.timestamp(&TimeZone::UTC).min(now));
    release.updated = given.updated.or(published).unwrap_or(release.first_seen);
    release.rank = match (given.rank, published) {
        (Some(rank), _) if settling.is_free_rank(rank)? => rank,
        (_, Some(published)) => settling.free_rank(Timestamp::as_microsecond(published))?,
        (_, None) => settling.bottom_rank()?,
    };
    Ok(())
}
