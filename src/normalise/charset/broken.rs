//! UTF-8 with broken bytes: is it still UTF-8, and what do the broken bytes say?

use crate::model::Warning;

/// How much of a text is whole UTF-8, and how much is not.
pub(super) struct Census {
    /// Characters beyond ASCII that are whole.
    whole: usize,
    /// Those of them that text in another encoding hardly gives by chance: accented letters of Latin scripts, and what
    /// takes three bytes.
    telling: usize,
    /// Bytes that belong to no whole character.
    pub(super) broken: usize,
}

impl Census {
    /// Whether broken UTF-8 is the best explanation; a declared other encoding asks for more proof.
    pub(super) fn is_mostly_utf8(&self, other_declared: bool) -> bool {
        let weight = if other_declared { 1 } else { 4 };
        self.whole > self.broken || (self.telling > 0 && self.telling * weight >= self.broken)
    }
}

/// Counts whole and broken characters. Pairs that Latin-1 text produces by chance (`É»`, `É` and a no-break space)
/// give letters of U+0180–U+02FF, which our texts do not use: they are no proof of UTF-8.
pub(super) fn census(bytes: &[u8]) -> Census {
    let mut census = Census { whole: 0, telling: 0, broken: 0 };
    for chunk in bytes.utf8_chunks() {
        let beyond_ascii = |letter: &char| !letter.is_ascii() && !('\u{180}'..='\u{2ff}').contains(letter);
        if !chunk.valid().is_ascii() {
            for letter in chunk.valid().chars().filter(beyond_ascii) {
                census.whole += 1;
                census.telling += usize::from(!('\u{180}'..'\u{800}').contains(&letter));
            }
        }
        census.broken += chunk.invalid().len();
    }
    census
}

/// Keeps whole UTF-8 characters. A broken byte that is a letter or typographic mark in windows-1252 becomes it; a
/// character that was cut, and anything else, becomes one U+FFFD.
pub(super) fn decode(bytes: &[u8], warnings: &mut Vec<Warning>) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let (mut mended, mut replaced) = (0, 0);
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len() + chunk.invalid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        match as_windows_1252(chunk.invalid(), bytes.get(at).copied()) {
            Some(letters) => {
                mended += chunk.invalid().len();
                text.push_str(&letters);
            }
            None => {
                replaced += 1;
                text.push('\u{fffd}');
            }
        }
    }
    if mended > 0 {
        warnings.push(Warning::new("charset-mixed", super::count(mended, "byte") + " read as windows-1252"));
    }
    if replaced > 0 {
        warnings.push(Warning::new("charset-broken", super::count(replaced, "place")));
    }
    text
}

/// What the broken bytes mean in windows-1252, if that is likelier than a character that was cut; `next` is the byte
/// after them.
fn as_windows_1252(broken: &[u8], next: Option<u8>) -> Option<String> {
    let next_is_letter = next.is_some_and(|byte| byte.is_ascii_alphabetic());
    let cut = match broken {
        // the beginnings of é, à, « and ’ in UTF-8: programs that shorten texts leave them behind
        [0xc2 | 0xc3 | 0xe2] => !next_is_letter,
        [_] => next.is_none() && broken[0] >= 0xc2,
        [0xe2 | 0xf0..=0xf4, ..] => true,
        [_, rest @ ..] => !rest.iter().all(|byte| is_mark(*byte)),
        [] => true,
    };
    if cut {
        return None;
    }
    let (letters, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(broken);
    let plausible = broken.iter().zip(letters.chars()).all(|(byte, letter)| letter.is_alphabetic() || is_mark(*byte));
    plausible.then(|| letters.into_owned())
}

/// Typographic marks of windows-1252: quotation marks, dashes, ellipsis, euro, no-break space, degree, middle dot.
fn is_mark(byte: u8) -> bool {
    matches!(
        byte,
        0x80 | 0x82 | 0x84 | 0x85 | 0x8b | 0x91..=0x97 | 0x99 | 0x9b | 0xa0 | 0xa7 | 0xab | 0xb0 | 0xb7 | 0xbb
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::mem::decode_latin1;

    #[test]
    fn broken_bytes_say_what_they_can() {
        let cases: &[(&[u8], &str)] = &[
            (b"caf\xe9 noir", "café noir"),
            (b"l\x92\xe9cole", "l’école"),
            (b"\xc2ge", "Âge"),
            (b"coup\xc3...", "coup\u{fffd}..."),
            (b"l\xe2\x80 ", "l\u{fffd} "),
            (b"caf\xe9\xbb.", "café»."),
            (b"\x81\xffy", "\u{fffd}ÿy"),
            (b"fin \xe9", "fin \u{fffd}"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes, &mut Vec::new()), *expected, "{}", decode_latin1(bytes));
        }
    }

    #[test]
    fn a_latin_1_text_is_not_utf8_by_chance() {
        let latin = b"LIBERT\xc9\xbb et SOCI\xc9T\xc9\xa0: l'\xe9cole";
        assert!(!census(latin).is_mostly_utf8(false));
    }
}
