//! # Reconcile: which publications are one release, and what is a change?
//!
//! Floor 2, pure. Two questions:
//! - [`compare`] takes two readings of one page: did words, figures, names or dates change, or only the dress?
//! - `group` takes publications: which are copies, translations and attachment pages of one text? (comes with `print`)

mod change;
#[cfg(test)]
pub mod testing;
mod words;

pub use change::{Change, compare, dress, is_item, keep_date, same_page_text, substance};
