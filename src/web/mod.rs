//! # Web: search results as pages
//!
//! The door for visitors: pages in French under `/fr/` and in English under `/en/`, complete without JavaScript, with
//! nothing from anywhere else. A page is one file here (what it shows) and one file in `templates/` (how it looks);
//! its words stand in `labels`. To add a page: both files, and one line in [`router`].
//!
//! Never: takes an address from a request (links come from `base_url`), shows markup that it did not write itself, or
//! embeds a picture of a member's site, since the reader's browser would then tell that site who reads what.

mod address;
mod answer;
mod article;
mod assets;
mod card;
mod discovery;
mod facets;
mod feeds;
mod frame;
mod help;
mod home;
mod json_ld;
mod language;
mod members;
mod names;
mod release;
mod search;
mod sitemap;
mod themes;
mod vocabulary;

pub use answer::{internal_error, not_found};
pub use assets::STYLE_SHEET;
pub use language::of as language_of;

use crate::{config::Config, labels::LANGS, model::Clock, search::Engine, store::Reader};
use answer::{page, page_of, plain, plain_of};
use axum::{Router, middleware, routing::get};
use std::sync::Arc;

/// What the pages are made from.
#[derive(Clone)]
pub struct Door {
    /// Answers searches.
    pub engine: Engine,
    /// Reads single releases and how members stand.
    pub reader: Reader,
    /// Members, themes and the name of the newsroom.
    pub config: Arc<Config>,
    /// Public address with a final slash.
    pub base_url: Arc<str>,
    /// Tells the time, for dates that must lie ahead.
    pub clock: Clock,
}

/// All pages and what machines read about them. Paths that are not here are answered by [`not_found`].
pub fn router(door: Door) -> Router {
    let mut router = Router::new()
        .route("/", get(language::home))
        .route("/feeds", get(language::feeds))
        .route("/r/{id}", plain_of(release::redirect))
        .route("/themes", plain(vocabulary::scheme))
        .route("/themes/{id}", plain_of(vocabulary::concept))
        .route("/themes.ttl", plain(vocabulary::turtle))
        .route("/opensearch.fr.xml", plain(discovery::opensearch_french))
        .route("/opensearch.en.xml", plain(discovery::opensearch_english))
        .route("/robots.txt", plain(discovery::robots))
        .route("/.well-known/security.txt", plain(discovery::security))
        .route("/sitemap.xml", plain(sitemap::index))
        .route("/sitemap/{name}", plain_of(sitemap::part))
        .route("/static/{name}", get(assets::serve));
    for lang in LANGS {
        router = router
            .route(&format!("/{lang}"), get(move |state| language::to_home(lang, state)))
            .route(&format!("/{lang}/"), page(lang, home::show))
            .route(&format!("/{lang}/search"), page(lang, search::show))
            .route(&format!("/{lang}/r/{{id}}"), page_of(lang, release::show))
            .route(&format!("/{lang}/themes"), page(lang, themes::list))
            .route(&format!("/{lang}/themes/{{id}}"), page_of(lang, themes::show))
            .route(&format!("/{lang}/members"), page(lang, members::list))
            .route(&format!("/{lang}/members/{{id}}"), page_of(lang, members::show))
            .route(&format!("/{lang}/feeds"), page(lang, feeds::show));
    }
    router.layer(middleware::from_fn(answer::not_modified)).with_state(door)
}

#[cfg(test)]
mod tests;
