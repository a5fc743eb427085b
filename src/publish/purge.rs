//! Out for good: a page or release leaves every door, the record, the log, the index and what was received, and does
//! not come back.

use super::{PublishError, settle};
use crate::{
    config::Config,
    model::ReleaseId,
    normalise::{charset, url},
    reconcile::{Mention, letters, lines},
    store::{Capture, CaptureId, Mentions, PublicationId, Settling, Store, StoreError, Taken, Traces},
};
use std::collections::HashSet;

/// The word of the record.
const PURGE: &str = "purge";

/// What a purge took out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// Releases that are gone, or stand under another id now.
    pub releases: Vec<ReleaseId>,
    /// Pages.
    pub publications: u64,
    /// Stored responses: the pages' own, and feeds, listings and other pages that spoke of them.
    pub captures: u64,
    /// Addresses that will not be read again.
    pub addresses: u64,
}

/// Takes out the release `asked` with all its pages, or the one page at the address `asked`; `by` and `why` are kept,
/// without content. An address that was never read is kept from being read. Bring the index up afterwards
/// ([`catch_up`](super::catch_up)).
pub fn purge(store: &Store, config: &Config, asked: &str, by: &str, why: &str) -> Result<Purged, PublishError> {
    let target = Target::of(config, asked);
    let (traces, _) = store.settle(PURGE, |settling| target.traces(settling))?;
    // The long look through everything stored goes on beside others; what comes meanwhile is looked at in the end.
    let mention = mention(store, &traces)?;
    let mut mentions = Mentions::default();
    let last = captures(store, &mention, CaptureId(0), &mut mentions)?;
    store.each_candidate(&mut |key, on, said| {
        if mention.is_in(said) {
            mentions.evidence.push((key.to_owned(), on.to_owned()));
        }
    })?;
    let (taken, _) = store.settle(PURGE, |settling| {
        let taken = settling.purge(&traces, &mentions, why)?;
        let named = traces.releases.first().map_or("address", ReleaseId::as_str);
        settling.note(PURGE, named, by, why)?;
        Ok::<_, PublishError>(taken)
    })?;
    let Taken { releases, publications, captures: dropped, left } = taken;
    let late = late_captures(store, &mention, last, &traces, why)?;
    store.scrub()?;
    if !left.is_empty() {
        settle(store, config)?;
    }
    Ok(Purged { releases, publications, captures: dropped + late, addresses: traces.addresses.len() as u64 })
}

/// Purges what an older state of the record brought back; gives the number of pages and releases.
pub fn purge_again(store: &Store, config: &Config) -> Result<u64, PublishError> {
    let mut done = 0;
    for asked in store.risen()? {
        match purge(store, config, &asked, "restore", "purged before") {
            Ok(_) => done += 1,
            // It went with another one.
            Err(PublishError::Unknown(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// What came in while the rest was looked through.
fn late_captures(
    store: &Store,
    mention: &Mention,
    last: CaptureId,
    traces: &Traces,
    why: &str,
) -> Result<u64, PublishError> {
    let mut mentions = Mentions::default();
    captures(store, mention, last, &mut mentions)?;
    if mentions.captures.is_empty() {
        return Ok(0);
    }
    let addresses = Traces { addresses: traces.addresses.clone(), ..Traces::default() };
    let (taken, _) = store.settle(PURGE, |settling| settling.purge(&addresses, &mentions, why))?;
    Ok(taken.captures)
}

enum Target {
    Page(String),
    Release(String),
}

impl Target {
    fn of(config: &Config, asked: &str) -> Self {
        let host = url::host(asked);
        let member = config
            .members
            .iter()
            .find(|member| host.as_ref().is_some_and(|(name, port)| member.owns_host(name, *port)));
        let keep = member.map(|member| member.parameters.as_slice()).unwrap_or_default();
        match url::is_http(asked).then(|| url::canonical(asked, None, keep)) {
            Some(Ok(address)) => Target::Page(address),
            _ => Target::Release(asked.to_owned()),
        }
    }

    fn traces(&self, settling: &mut Settling<'_>) -> Result<Traces, PublishError> {
        match self {
            Target::Page(address) => {
                let found: Vec<PublicationId> = settling.publication_at(address)?.into_iter().collect();
                let mut traces = settling.traces(&found, &[])?;
                traces.addresses.push(address.clone());
                Ok(traces)
            }
            Target::Release(asked) => {
                let unknown = |id: &ReleaseId| PublishError::Unknown(id.clone());
                let id = ReleaseId::new(asked.as_str()).map_err(|_| PublishError::NoId(asked.clone()))?;
                let row = settling.row(&id)?.ok_or_else(|| unknown(&id))?;
                let id = row.merged_into.unwrap_or(id);
                let pages = settling.members_of(&id)?;
                Ok(settling.traces(&pages, &[id])?)
            }
        }
    }
}

/// What tells that a document speaks of the pages. Lines that other pages say too prove nothing.
fn mention(store: &Store, traces: &Traces) -> Result<Mention, PublishError> {
    let mut own: HashSet<String> = traces.texts.iter().flat_map(|text| lines(text)).collect();
    own.extend(traces.titles.iter().map(|title| letters(title)));
    let mut shared = HashSet::new();
    store.each_draft(&mut |publication, draft| {
        if !traces.publications.contains(&publication) {
            shared.extend(lines(&draft.text).chain([letters(&draft.title)]).filter(|line| own.contains(line)));
        }
    })?;
    Ok(Mention::new(&traces.addresses, &traces.titles, &traces.texts, &shared)?)
}

/// Adds the responses after `last` that speak of the pages; gives the last one looked at.
fn captures(
    store: &Store,
    mention: &Mention,
    last: CaptureId,
    mentions: &mut Mentions,
) -> Result<CaptureId, StoreError> {
    store.each_capture(last, &mut |id, capture| {
        if mention.is_in(&text_of(capture)) {
            mentions.captures.push(id);
        }
    })
}

fn text_of(capture: &Capture) -> String {
    let declared = capture.headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str());
    charset::decode(&capture.body, declared).text
}
