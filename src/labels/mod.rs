//! # Labels
