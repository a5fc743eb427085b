//! UTF-8 that was taken for windows-1252 and encoded a second time: `Ã©` for `é`.

use crate::model::Warning;
use memchr::memmem;

/// So many pairs make a text that speaks *about* this fault improbable.
const ENOUGH: usize = 3;

/// Mends a text all of whose letters beyond ASCII were encoded twice; a text in which only some were is left as it is.
/// Both are warned of.
pub(super) fn mended(text: String, warnings: &mut Vec<Warning>) -> String {
    let telltale = |letters: &str| memmem::find_iter(text.as_bytes(), letters).count();
    // Ã before a continuation byte, â€ before the third byte of a quotation mark
    let found = telltale("Ã") + telltale("â€");
    if found == 0 {
        return text;
    }
    match undone(&text) {
        Some(mended) if found >= ENOUGH => {
            warnings.push(Warning::new("charset-double-encoded", format!("{found} letters mended")));
            mended
        }
        _ => {
            let suspicious = pairs(&text);
            if suspicious >= ENOUGH {
                warnings.push(Warning::new("charset-double-encoded", format!("{suspicious} letters left")));
            }
            text
        }
    }
}

/// The text before the second encoding, if it was encoded twice as a whole.
fn undone(text: &str) -> Option<String> {
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    if unmappable {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok()
}

/// `Ã` followed by what a continuation byte looks like in windows-1252, and `â€`.
fn pairs(text: &str) -> usize {
    let mut letters = text.chars().peekable();
    let mut found = 0;
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let continuation = ('\u{80}'..='\u{bf}').contains(&next) || "ŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™".contains(next);
        found += usize::from((letter == 'Ã' && continuation) || (letter == 'â' && next == '€'));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, usize) {
        let mut warnings = Vec::new();
        (mended(text.to_owned(), &mut warnings), warnings.len())
    }

    #[test]
    fn twice_encoded_text_is_mended_or_named() {
        assert_eq!(
            read("L’Ã©cole".replace('’', "â€™").as_str()).0,
            "L'école".replace('\'', "â€™").replace('é', "Ã©"),
            "too little to be sure"
        );
        assert_eq!(read("CommuniquÃ© de lâ€™Ã©tÃ©"), ("Communiqué de l’été".to_owned(), 1));
        assert_eq!(read("Communiqué : Ã©tÃ©, Ã©cole").1, 1, "mixed: named, left");
        assert_eq!(read("On lit « Ã© » au lieu de « é »."), ("On lit « Ã© » au lieu de « é ».".to_owned(), 0));
        assert_eq!(read("São Paulo, NÃO").1, 0);
    }
}
