//! Does everything look different? A new build, new labels, a changed configuration.

use super::{
    PublishError, Settled,
    label::Labeller,
    render::{Clocks, release},
    subjects,
    theme::obey_all,
};
use crate::{
    classify,
    config::Config,
    model::{Release, ReleaseId},
    store::{AUTHORITY, Piece, ReleaseRow, Settling, Store, StoreError, What},
};
use sha2::{Digest, Sha256};
use url::{Host, Url};

/// Name of the fact that keeps the fingerprint of the presentation.
const PRESENTATION: &str = "presentation";
/// Name of the fact that keeps the fingerprint of what labels and names releases.
const LABELLING: &str = "labelling";

/// Everything besides the releases that decides what readers get, as one hash: the build (labels and templates are
/// inside), themes, members, title and base address. Part of every validator.
pub fn presentation(config: &Config, build: &str) -> String {
    let server = &config.settings.server;
    hash(&[build, &labelling(config), &server.title, server.base_url.as_deref().unwrap_or_default()])
}

/// What releases carry from the configuration (names of members, themes, categories), and how it is found.
fn labelling(config: &Config) -> String {
    hash(&[&config.vocabulary_source, &format!("{:?}", config.members), &classify::VERSION.to_string()])
}

fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Notes with the first releases of a store what labels them, so that the next start does not label them again.
pub(super) fn note_labelling(settling: &mut Settling<'_>, config: &Config) -> Result<(), StoreError> {
    match settling.fact(LABELLING)? {
        Some(_) => Ok(()),
        None => settling.put_fact(LABELLING, &labelling(config)),
    }
}

/// To be called once at start, before anything is served: mints the authority of `tag:` ids when a base address is
/// configured for the first time, labels all releases anew when themes or members changed, and writes a tick when
/// anything looks different from the last start. `build` names the program that writes the pages.
pub fn present(store: &Store, config: &Config, build: &str) -> Result<Settled, PublishError> {
    let (mut settled, tick) = store.settle::<_, StoreError>("presentation", |settling| {
        if settling.fact(AUTHORITY)?.is_none()
            && let Some(authority) = authority(config, settling)
        {
            settling.put_fact(AUTHORITY, &authority)?;
        }
        subjects::note(settling, config)?;
        let mut settled = Settled::default();
        let labelling = labelling(config);
        if settling.fact(LABELLING)?.as_ref() != Some(&labelling) {
            let labeller = Labeller::new(config);
            for id in settling.releases()? {
                label_anew(settling, &labeller, &id, &mut settled)?;
            }
            settling.put_fact(LABELLING, &labelling)?;
        }
        let presentation = presentation(config, build);
        if settling.fact(PRESENTATION)?.as_ref() != Some(&presentation) {
            settling.put_fact(PRESENTATION, &presentation)?;
            settling.write_tick()?;
        }
        Ok(settled)
    })?;
    settled.tick = tick;
    Ok(settled)
}

/// `host,day` of the base address (RFC 4151), never a port. An address of numbers or `localhost` belongs to nobody, so no
/// tag may name it.
fn authority(config: &Config, settling: &Settling<'_>) -> Option<String> {
    let base = Url::parse(config.settings.server.base_url.as_deref()?).ok()?;
    let day = settling.now().strftime("%Y-%m-%d");
    match base.host()? {
        Host::Domain(name) if name != "localhost" && !name.ends_with(".localhost") => Some(format!("{name},{day}")),
        _ => None,
    }
}

/// Writes the release again with the names and labels of the configuration, its clocks untouched.
pub(super) fn label_anew(
    settling: &mut Settling<'_>,
    labeller: &Labeller<'_>,
    id: &ReleaseId,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    let Some(mut row) = settling.row(id)? else { return Ok(()) };
    if row.own_labels {
        return Ok(());
    }
    let new = match settling.own_text(id)? {
        Some(text) => {
            let mut new = imported(labeller, &row.release, &text.text);
            obey_all(settling, &[id], &mut new)?;
            Some(new)
        }
        None => read(settling, labeller, &row)?,
    };
    if let Some(new) = new.filter(|new| *new != row.release) {
        let title = std::mem::replace(&mut row.release, new).title;
        settling.put_row(&row)?;
        if row.is_visible() {
            settled.count(What::Dressed);
            settling.tell(id, What::Dressed, &title, "")?;
        }
    }
    Ok(())
}

/// An imported release with new labels.
fn imported(labeller: &Labeller<'_>, release: &Release, text: &str) -> Release {
    let labels = labeller.of_text(&release.title, text, release.lang);
    let issuers = if release.issuers.is_empty() { labels.issuers } else { release.issuers.clone() };
    Release { themes: labels.themes, countries: labels.countries, issuers, ..release.clone() }
}

/// A release read from sites with new labels and names; `None` when the next settle writes it anyway, or nobody sees it.
fn read(settling: &Settling<'_>, labeller: &Labeller<'_>, row: &ReleaseRow) -> Result<Option<Release>, StoreError> {
    let (id, old) = (&row.release.id, &row.release);
    let mut pieces = Vec::new();
    for publication in settling.members_of(id)? {
        pieces.push(settling.piece(publication)?);
    }
    let live: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_live()).collect();
    let has_news = pieces.iter().any(|piece| piece.shown != Some(piece.reading));
    if !row.shown || live.is_empty() || has_news {
        return Ok(None);
    }
    let clocks = Clocks { updated: old.updated, first_seen: old.first_seen, rank: old.rank };
    let mut new = release(labeller, id.clone(), &live, clocks);
    obey_all(settling, &pieces.iter().map(|piece| &piece.birth).collect::<Vec<_>>(), &mut new)?;
    Ok(Some(new))
}
