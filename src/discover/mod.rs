//! # Discover: which pages exist
//!
//! Floor 2, pure: bytes of a source document in, [`Candidate`](crate::model::Candidate)s out. One file a kind of
//! source: [`rest`] a WordPress API, [`feed`] RSS, Atom and JSON Feed, [`sitemap`] XML sitemaps, [`listing`] the links
//! of a page. A new kind of source is a new file here, and a purpose in `cms`.

pub mod feed;
pub mod listing;
pub mod rest;
pub mod sitemap;
