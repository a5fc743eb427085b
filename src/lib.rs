//! # Communiqué: the newsroom of an alliance
//!
//! One sentence tells the program, and every word after the first is a room:
//! **site → fetch → discover → extract → normalise → classify → reconcile → publish → search → feed · web · api.**
//!
//! Imports go down the floors and never sideways (`tests/it/floors.rs` holds it):
//!
//! ```text
//! 8  main
//! 7  cli
//! 6  server · demo
//! 5  crawl            feed · web · api        the way in | the three doors out: they never meet
//! 4  publish · search
//! 3  cms · fetch · store · index
//! 2  discover · extract · classify · reconcile      pure: no I/O, no clock, no async
//! 1  normalise · config · labels
//! 0  model
//! ```

pub mod model;

pub mod config;
pub mod labels;
pub mod normalise;

pub mod classify;
pub mod discover;
pub mod extract;
pub mod reconcile;

pub mod cms;
pub mod fetch;
pub mod index;
pub mod store;

pub mod publish;
pub mod search;

pub mod api;
pub mod crawl;
pub mod feed;
pub mod web;

pub mod demo;
pub mod server;

pub mod cli;
