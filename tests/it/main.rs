//! The one integration-test binary: stories over the whole house, and the test that holds the floors.

#![allow(clippy::unwrap_used, reason = "a panic is a test's failure")]

mod api;
mod audit;
mod backup;
mod check;
mod feed_endings;
mod feed_loop;
mod feeds;
mod feeds_hostile;
mod feeds_published;
mod floors;
mod fuzz;
mod hostile_queries;
mod newsroom;
mod pages;
mod pauses;
mod probe;
mod purge;
mod relevance;
mod robots_vectors;
mod server;
mod sites;
mod staff;
mod store;
mod support;
mod syndication;
mod web;
