//! # Reconcile: which publications are one release, and what is a change?
//!
//! Floor 2, pure. Two questions:
//! - [`compare`] takes two readings of one page: did words, figures, names or dates change, or only the dress?
//! - [`group()`] takes the [`Print`]s of publications: which are copies, translations, attachment pages of one text? A
//!   re-issue a year later is a series, two texts about one event are two releases.
//!
//! [`Print::keys`] are what a store indexes to find the few publications worth comparing. A new kind of likeness is a
//! variant of [`Relation`] and a rule in `relation.rs`; its cases go to `tests/fixtures/reconcile/`.

#[cfg(test)]
mod cases;
mod change;
mod group;
mod mention;
mod print;
mod relation;
#[cfg(test)]
pub mod testing;
mod words;

pub use change::{Change, compare, dress, is_item, keep_date, same_page_text, substance};
pub use group::{Group, Verdicts, group};
pub use mention::{Mention, letters, lines};
pub use print::{Facts, KeyKind, Print, TOLD_LEAST};
pub use relation::{Relation, relation};
