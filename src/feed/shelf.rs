//! Which feeds are ready? Each is written and compressed once for one state of the newsroom, whoever asks.

use super::answer::Document;
use crate::store::Tick;
use axum::body::Bytes;
use flate2::{Compression, write::GzEncoder};
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Addresses that are remembered; when they are full all go.
const ADDRESSES: usize = 10_000;
/// Bytes that are kept; when they are full all feeds go, and those that are asked for come back.
const ROOM: usize = 64 << 20;

/// A feed as it is sent.
#[derive(Debug)]
pub struct Ready {
    /// The document.
    pub plain: Bytes,
    /// The same for clients that take gzip.
    pub gzip: Bytes,
    /// Address of the next page, where there is one.
    pub next: Option<String>,
}

/// What stands at an address, however that address is written.
#[derive(Debug, Clone)]
pub struct Known {
    /// Entity tag of the feed.
    pub tag: Arc<str>,
    /// Its media type.
    pub media_type: &'static str,
}

/// The feeds of one state, by entity tag.
#[derive(Debug, Default)]
pub struct Shelf {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    tick: Option<Tick>,
    feeds: HashMap<String, Arc<Ready>>,
    addresses: HashMap<String, Known>,
    bytes: usize,
}

impl Shelf {
    /// The state whose feeds are kept; `None` before the first.
    pub fn tick(&self) -> Option<Tick> {
        self.kept().tick
    }

    /// Another state: what was written for the one before goes.
    pub fn turn_to(&self, tick: Tick) {
        let mut kept = self.kept();
        if kept.tick.is_none_or(|known| known.seq != tick.seq) {
            *kept = Kept { tick: Some(tick), ..Kept::default() };
        }
    }

    /// What stands at an address (path and query as asked) in the state of generation `seq`, and the feed where it lies
    /// ready.
    pub fn at(&self, seq: u64, address: &str) -> Option<(Tick, Known, Option<Arc<Ready>>)> {
        let kept = self.kept();
        let tick = kept.tick.filter(|tick| tick.seq == seq)?;
        let known = kept.addresses.get(address)?.clone();
        let ready = kept.feeds.get(&*known.tag).cloned();
        Some((tick, known, ready))
    }

    /// Remembers what stands at an address in the state at `tick`.
    pub fn remember(&self, tick: Tick, address: &str, tag: &str, media_type: &'static str) {
        let mut kept = self.kept();
        if kept.tick.is_some_and(|known| known.seq == tick.seq) {
            if kept.addresses.len() >= ADDRESSES {
                kept.addresses.clear();
            }
            kept.addresses.insert(address.to_owned(), Known { tag: tag.into(), media_type });
        }
    }

    /// The feed with this tag.
    pub fn get(&self, tag: &str) -> Option<Arc<Ready>> {
        self.kept().feeds.get(tag).cloned()
    }

    /// Keeps a document that was written for the state at `tick`.
    pub fn put(&self, tick: Tick, tag: &str, document: Document) -> io::Result<Arc<Ready>> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(document.body.as_bytes())?;
        let gzip = Bytes::from(encoder.finish()?);
        let ready = Arc::new(Ready { plain: document.body.into(), gzip, next: document.next });
        let bytes = ready.plain.len() + ready.gzip.len();
        let mut kept = self.kept();
        if kept.tick.is_some_and(|known| known.seq == tick.seq) && bytes <= ROOM {
            if kept.bytes + bytes > ROOM {
                kept.feeds.clear();
                kept.bytes = 0;
            }
            kept.bytes += bytes;
            kept.feeds.insert(tag.to_owned(), ready.clone());
        }
        Ok(ready)
    }

    /// A panic while the lock was held can have left nothing half done that matters: the shelf may always be emptied.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn document(text: &str) -> Document {
        Document { body: text.to_owned(), next: None }
    }

    #[test]
    fn feeds_are_kept_for_one_state_and_within_the_room() {
        let shelf = Shelf::default();
        let tick = |seq| Tick { seq, at: Timestamp::UNIX_EPOCH };
        shelf.turn_to(tick(1));
        shelf.put(tick(1), "a", document("one")).unwrap();
        shelf.turn_to(tick(1));
        assert_eq!(shelf.get("a").unwrap().plain, "one");
        shelf.turn_to(tick(2));
        assert!(shelf.get("a").is_none());
        shelf.put(tick(1), "late", document("of the state before")).unwrap();
        assert!(shelf.get("late").is_none());
        shelf.remember(tick(1), "/late", "late", "text/plain");
        assert!(shelf.at(1, "/late").is_none() && shelf.at(2, "/late").is_none());
        for n in 0..ADDRESSES + 3 {
            shelf.remember(tick(2), &format!("/{n}"), "b", "text/plain");
        }
        let (_, known, ready) = shelf.at(2, &format!("/{}", ADDRESSES + 2)).unwrap();
        assert!(&*known.tag == "b" && ready.is_none() && shelf.at(2, "/0").is_none());
        for n in 0..70 {
            shelf.put(tick(2), &n.to_string(), document(&"x".repeat(1 << 20))).unwrap();
        }
        assert!(shelf.get("69").is_some() && shelf.get("0").is_none());
        assert!(shelf.kept().bytes <= ROOM);
    }
}
