//! # Feed: search results as syndication
//!
//! The door for feed readers: any search as Atom (RFC 4287), RSS 2.0, JSON Feed 1.1 or CSV, the combined feed, the list
//! of feeds (OPML 2.0) and the feed of corrections. One neutral value ([`entry::Channel`]) and one writer a format, so
//! that every format carries the same entries in the same order under the same ids.
//!
//! To add a format: one file with a writer and one line in [`FORMATS`].
//!
//! Never: orders by anything but the stored rank, dates anything "now", or writes other bytes for the same store.

mod answer;
mod atom;
mod build;
mod corrections;
mod csv;
mod entry;
mod failure;
mod json_feed;
mod logo;
mod negotiate;
mod opml;
mod retired;
mod rss;
mod shelf;
#[cfg(test)]
mod tests;
mod title;
mod xml;

use crate::config::Config;
use crate::labels::LANGS;
use crate::model::Lang;
use crate::search::Engine;
use crate::store::Reader;
use axum::{Router, extract::Request, middleware, response::Response, routing::get};
use entry::Channel;
use shelf::Shelf;
use std::sync::Arc;

/// What feeds are made from.
#[derive(Clone)]
pub struct Door {
    /// Answers searches.
    pub engine: Engine,
    /// Reads texts, ticks and corrections.
    pub reader: Reader,
    /// Members, themes and the name of the newsroom.
    pub config: Arc<Config>,
    /// Public address with a final slash.
    pub base_url: Arc<str>,
}

/// The door, and the feeds that are ready.
struct Desk {
    door: Door,
    shelf: Shelf,
}

/// A form in which a search is published.
#[derive(Debug, Clone, Copy)]
struct Format {
    /// The ending of its addresses.
    ending: &'static str,
    media_type: &'static str,
    write: fn(&Channel) -> Result<String, WriteError>,
    /// Tables keep the order that was asked for; feeds have that of the stored rank.
    is_table: bool,
}

/// A document that could not be written; a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the feed: {0}")]
struct WriteError(String);

/// Every format.
const FORMATS: [Format; 4] = [
    Format { ending: "atom", media_type: "application/atom+xml; charset=utf-8", write: atom::write, is_table: false },
    Format { ending: "rss", media_type: "application/rss+xml; charset=utf-8", write: rss::write, is_table: false },
    Format {
        ending: "json",
        media_type: "application/feed+json; charset=utf-8",
        write: json_feed::write,
        is_table: false,
    },
    Format { ending: "csv", media_type: "text/csv; charset=utf-8; header=present", write: csv::write, is_table: true },
];

/// Feeds that lie ready, for a server that answers them before it looks for the room that an address belongs to.
#[derive(Clone)]
pub struct AtOnce(Arc<Desk>);

impl AtOnce {
    /// The answer, where the feed was asked for before in this state of the newsroom; the same as the router gives.
    pub fn answer(&self, request: &Request) -> Option<Response> {
        answer::at_once(&self.0, request)
    }
}

/// All feeds, and those of them that lie ready.
pub fn router(door: Door) -> (Router, AtOnce) {
    let desk = Arc::new(Desk { door, shelf: Shelf::default() });
    let mut router = Router::new()
        .route("/feed", get(negotiate::show))
        .route("/opml", get(opml::show))
        .route("/corrections.atom", get(corrections::show))
        .route(&format!("/{}", logo::PATH), get(logo::show));
    for format in FORMATS {
        for lang in LANGS {
            let path = format!("/{lang}/search.{}", format.ending);
            router =
                router.route(&path, get(move |state, uri, headers| answer::search(format, lang, state, uri, headers)));
        }
        if !format.is_table {
            let path = format!("/feed.{}", format.ending);
            let lang = Lang::FR;
            router =
                router.route(&path, get(move |state, uri, headers| answer::search(format, lang, state, uri, headers)));
        }
    }
    let router = router
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(middleware::from_fn(answer::for_every_site))
        .with_state(desk.clone());
    (router, AtOnce(desk))
}
