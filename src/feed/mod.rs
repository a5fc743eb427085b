//! # Feed
