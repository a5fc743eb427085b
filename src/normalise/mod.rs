//! # Normalise: bytes and strings in, values out
//!
//! Floor 1, pure; everyone above may use it. One file a question: [`charset`] which letters are these bytes,
//! [`html`] which elements does this page have, [`url`] which address is this, [`date`] which day do these words name,
//! [`language`] which language is this text, [`text`] are these two strings the same to a reader.

pub mod charset;
pub mod date;
pub(crate) mod html;
pub mod language;
pub mod text;
pub mod url;
