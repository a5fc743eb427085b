//! # Classify: what is a text about, and which words say so
//!
//! Floor 2, pure. [`themes`] matches the labels of the vocabulary; [`places`] countries by their names. Every tag carries
//! the words that decided and where they stand, so that a reader can see why.

mod places;
mod themes;
mod words;

pub use places::places;
pub use themes::{Match, Span, Tagger};
