//! # How does a clean document become entries?
//!
//! Entries are written as Atom 1.0 ([`Clean`]), a batch at a time, and read by feed-rs; [`complete`] then adds what
//! feed-rs has no place for. Should feed-rs refuse a batch, its entries are read one by one, so that one costs no
//! other.

use super::{
    Entry, Feed, FeedError,
    complete::{self, Head},
    raw::{self, Clean, Facts, Raw},
    repairs::Repairs,
};
use crate::model::Lang;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// More entries than this are not kept: the newest stay.
pub(super) const MOST_ENTRIES: usize = 10_000;
/// Reading stops after this many items.
const MOST_ITEMS: usize = 200_000;
/// A batch is read when it holds this many entries or bytes.
const BATCH: usize = 100;
const BATCH_BYTES: usize = 256 * 1024;

/// Takes raw entries, gives entries.
pub(super) struct Assembly {
    pub(super) repairs: Repairs,
    /// Language of the feed, once it is known.
    pub(super) language: Option<Lang>,
    entries: Vec<Entry>,
    clean: Clean,
    facts: Vec<Facts>,
    /// Items met, and those of them that say nothing.
    seen: usize,
    blank: usize,
}

impl Assembly {
    pub(super) fn new(repairs: Repairs) -> Self {
        Self {
            repairs,
            language: None,
            entries: Vec::new(),
            clean: Clean::default(),
            facts: Vec::new(),
            seen: 0,
            blank: 0,
        }
    }

    /// Items met so far, readable or not.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// Whether enough items have been read, however many may follow.
    pub(super) fn is_full(&mut self) -> bool {
        let full = self.seen >= MOST_ITEMS;
        if full {
            self.repairs.note("feed-entries-cut", &format!("{MOST_ITEMS} items read"));
        }
        full
    }

    /// Forgets all entries: the document is read again.
    pub(super) fn restart(&mut self) {
        *self = Self::new(std::mem::take(&mut self.repairs));
    }

    /// Takes an entry, also one that says nothing: it may be a placeholder of the site.
    pub(super) fn add(&mut self, mut raw: Raw<'_>) {
        self.seen += 1;
        if raw.is_blank() {
            self.blank += 1;
            self.repairs.note("item-empty", "neither title nor address nor text");
        }
        if raw.content.text.len().max(raw.summary.text.len()) > raw::LONGEST_PROSE {
            self.repairs.note("content-cut", &format!("{} bytes kept", raw::LONGEST_PROSE));
        }
        self.clean.push(&raw);
        self.facts.push(std::mem::take(&mut raw.facts));
        if self.clean.len() >= BATCH || self.clean.bytes() > BATCH_BYTES {
            self.read_batch();
        }
    }

    /// Counts an item of which nothing is left.
    pub(super) fn add_lost(&mut self) {
        self.seen += 1;
        self.blank += 1;
    }

    fn read_batch(&mut self) {
        let clean = std::mem::take(&mut self.clean);
        let facts = std::mem::take(&mut self.facts);
        if clean.left_out > 0 {
            self.repairs.note("xml-control-character", "left out");
        }
        let read = read_atom(clean.document()).filter(|feed| feed.entries.len() == facts.len());
        match read {
            Some(feed) => {
                for (entry, facts) in feed.entries.into_iter().zip(facts) {
                    self.entries.push(complete::entry(entry, facts, self.language, &mut self.repairs));
                }
            }
            None => self.read_one_by_one(&clean, facts),
        }
        self.keep_newest();
    }

    fn read_one_by_one(&mut self, clean: &Clean, facts: Vec<Facts>) {
        for (n, facts) in facts.into_iter().enumerate() {
            match read_atom(clean.document_of(n)).and_then(|feed| feed.entries.into_iter().next()) {
                Some(entry) => self.entries.push(complete::entry(entry, facts, self.language, &mut self.repairs)),
                None => self.repairs.note("item-lost", "feed-rs could not read it"),
            }
        }
    }

    /// Leaves out the oldest when there are far too many, so that memory stays bounded while the feed is read.
    fn keep_newest(&mut self) {
        if self.entries.len() >= 2 * MOST_ENTRIES {
            self.leave_out_oldest();
        }
    }

    fn leave_out_oldest(&mut self) {
        if self.entries.len() > MOST_ENTRIES {
            self.repairs.note("feed-entries-cut", &format!("the newest {MOST_ENTRIES} are kept"));
        }
        self.entries = newest(std::mem::take(&mut self.entries), MOST_ENTRIES);
    }

    /// The feed, when all items are in.
    /// Items of which none says anything are an error, not an empty feed.
    pub(super) fn finished(mut self, head: Raw<'_>) -> Result<(Feed, Repairs), FeedError> {
        self.read_batch();
        self.leave_out_oldest();
        if self.seen > 0 && (self.entries.is_empty() || self.blank == self.seen) {
            return Err(FeedError::Unreadable(format!("none of {} says anything", self.seen)));
        }
        let read = read_atom(raw::head_document(&head));
        let Head { title, link, next, authors } = complete::head(read, &mut self.repairs);
        for entry in self.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
            entry.authors.clone_from(&authors);
        }
        let feed = Feed { title, link, language: head.facts.lang, next, entries: self.entries, repairs: Vec::new() };
        Ok((feed, self.repairs))
    }
}

/// The `most` newest entries in the order they had; those without date count as old, the later the older.
pub(super) fn newest(entries: Vec<Entry>, most: usize) -> Vec<Entry> {
    if entries.len() <= most {
        return entries;
    }
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let date = |n: &usize| entries[*n].published.or(entries[*n].updated);
    order.sort_by_key(|n| (std::cmp::Reverse(date(n)), *n));
    let mut keep = vec![false; entries.len()];
    for n in order.into_iter().take(most) {
        keep[n] = true;
    }
    let mut kept = keep.into_iter();
    entries.into_iter().filter(|_| kept.next().unwrap_or(false)).collect()
}

/// What feed-rs reads. It is handed clean documents only, and yet a panic in it must not cost more than a batch.
fn read_atom(document: String) -> Option<feed_rs::model::Feed> {
    // ids are never invented: an entry without one has none
    let builder = || feed_rs::parser::Builder::new().id_generator(|_, _, _| String::new());
    let parse = || builder().build().parse(document.as_bytes());
    catch_unwind(AssertUnwindSafe(parse)).ok()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_entries_stay_in_order() {
        let entry = |id: &str, day: Option<&str>| Entry {
            id: id.to_owned(),
            published: day.map(|day| day.parse().unwrap()),
            ..Entry::default()
        };
        let entries = vec![
            entry("old", Some("2020-01-01")),
            entry("new", Some("2024-01-01")),
            entry("undated", None),
            entry("newer", Some("2025-01-01")),
        ];
        let ids: Vec<String> = newest(entries, 2).into_iter().map(|entry| entry.id).collect();
        assert_eq!(ids, ["new", "newer"]);
    }
}
