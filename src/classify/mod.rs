//! # Classify: what is a text about, and which words say so
//!
//! Floor 2, pure. [`themes`] matches the labels of the vocabulary; [`places`] countries by their names; [`issuers`] who
//! issued and who signed. Every tag carries the words that decided, so that a reader can see why.

mod issuers;
mod places;
mod themes;
mod words;

/// Number of the way in which texts are labelled. Raised with every change that labels a text otherwise: a store that was
/// labelled in another way is labelled anew at the next start.
pub const VERSION: u32 = 2;

pub use issuers::{Signed, issuers};
pub use places::places;
pub use themes::{Match, Span, Tagger};
