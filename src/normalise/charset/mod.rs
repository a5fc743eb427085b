//! # Which letters are these bytes?
//!
//! Evidence is asked in this order, and the first that holds wins:
//!
//! 1. a byte order mark, or the zero bytes of UTF-16 or UTF-32 ([`wide`]);
//! 2. strict UTF-8: text in another encoding is practically never valid UTF-8 by chance, so this beats a false
//!    declaration;
//! 3. UTF-8 with some broken bytes, when most of its letters are whole ([`broken`]);
//! 4. the charset of the HTTP header, then the one declared in the document ([`declared`]), if the bytes decode;
//! 5. statistics (chardetng), in the last resort windows-1252.
//!
//! A label means what the WHATWG Encoding Standard says: `iso-8859-1` is windows-1252. UTF-7 is no encoding at all, and
//! `utf-16` on 8-bit bytes is a false declaration. Everything odd is a warning whose code starts with `charset-`.
//!
//! To add a kind of evidence, add a step to [`decode`] and its code to the list there.

mod broken;
mod declared;
mod mojibake;
mod wide;

use crate::model::Warning;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// Text decoded from bytes, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text; U+FFFD only where the bytes are broken. No BOM.
    pub text: String,
    /// WHATWG name of the encoding used, for example `windows-1252`; `UTF-32LE` and `UTF-32BE` besides.
    pub encoding: &'static str,
    /// What was odd: a false declaration, replaced bytes.
    pub warnings: Vec<Warning>,
}

/// An encoding that was declared, with its label as written.
type Declared = (String, &'static Encoding);

/// Decodes a page or feed. `content_type` is the HTTP header as received. Never fails; UTF-7 is never decoded.
///
/// Warnings: `charset-declared-false` (the declaration and the encoding used), `charset-unknown` (a label that names
/// no encoding), `charset-guessed` (nothing usable was declared), `charset-mixed` (single bytes in a UTF-8 text that
/// were read as windows-1252), `charset-broken` (bytes that became U+FFFD), `charset-double-encoded` (UTF-8 that was
/// encoded twice: mended where the whole text is, else left).
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    let mut warnings = Vec::new();
    if let Some((text, encoding, broken)) = wide::decode(bytes) {
        if broken > 0 {
            warnings.push(Warning::new("charset-broken", count(broken, "character")));
        }
        return Decoded { text: without_bom(text), encoding, warnings };
    }
    let declarations = declared::all(bytes, content_type, &mut warnings);
    let (text, used) = match std::str::from_utf8(bytes) {
        Ok(text) => valid_utf8(text, &declarations),
        Err(_) => not_utf8(bytes, &declarations, &mut warnings),
    };
    for (label, declared) in &declarations {
        if *declared != used && !(text.is_ascii() && declared.is_ascii_compatible()) {
            warnings.push(Warning::new("charset-declared-false", format!("{label} declared, {} used", used.name())));
        }
    }
    let text = mojibake::mended(without_bom(text), &mut warnings);
    Decoded { text, encoding: used.name(), warnings }
}

/// The text of valid UTF-8; only ISO-2022-JP, all of whose bytes are ASCII, is something else in disguise.
fn valid_utf8(text: &str, declarations: &[Declared]) -> (String, &'static Encoding) {
    let japanese = declarations.iter().any(|(_, declared)| *declared == ISO_2022_JP);
    if japanese && text.contains("\u{1b}$") {
        let (decoded, broken) = ISO_2022_JP.decode_without_bom_handling(text.as_bytes());
        if !broken {
            return (decoded.into_owned(), ISO_2022_JP);
        }
    }
    (text.to_owned(), UTF_8)
}

/// The best reading of bytes that are not valid UTF-8.
fn not_utf8(bytes: &[u8], declarations: &[Declared], warnings: &mut Vec<Warning>) -> (String, &'static Encoding) {
    let legacy = || declarations.iter().map(|(_, declared)| *declared).filter(|declared| *declared != UTF_8);
    let census = broken::census(bytes);
    if census.is_mostly_utf8(legacy().next().is_some()) {
        return (broken::decode(bytes, warnings), UTF_8);
    }
    for encoding in legacy() {
        let (text, errors) = encoding.decode_without_bom_handling(bytes);
        if !errors {
            return (text.into_owned(), encoding);
        }
        // one bad byte costs no text: a declaration that holds for nearly everything is believed
        let replaced = text.matches('\u{fffd}').count();
        if replaced * 50 <= text.chars().filter(|letter| !letter.is_ascii()).count() {
            warnings.push(Warning::new("charset-broken", count(replaced, "character")));
            return (text.into_owned(), encoding);
        }
    }
    let encoding = guess(bytes, census.broken);
    warnings.push(Warning::new("charset-guessed", encoding.name()));
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding)
}

/// Statistics need some letters; with fewer than this many, windows-1252 is the likelier answer for our sites.
const LETTERS_TO_JUDGE: usize = 4;

fn guess(bytes: &[u8], broken: usize) -> &'static Encoding {
    if broken < LETTERS_TO_JUDGE {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Some programs write the mark once per included file, so there may be several in front.
fn without_bom(text: String) -> String {
    match text.trim_start_matches('\u{feff}') {
        trimmed if trimmed.len() == text.len() => text,
        trimmed => trimmed.to_owned(),
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], content_type: &str) -> (String, &'static str, Vec<String>) {
        let decoded = decode(bytes, Some(content_type).filter(|value| !value.is_empty()));
        (decoded.text, decoded.encoding, decoded.warnings.iter().map(|w| w.code.to_string()).collect())
    }

    #[test]
    fn evidence_is_weighed_in_order() {
        let utf16be: Vec<u8> = "\u{feff}<é>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let latin = |text: &str| text.chars().map(|letter| letter as u8).collect::<Vec<u8>>();
        type Case<'a> = (&'a str, &'a [u8], &'a str, &'a str, &'a str, &'a [&'a str]);
        let cases: &[Case<'_>] = &[
            ("plain", "été".as_bytes(), "", "été", "UTF-8", &[]),
            ("two marks", "\u{feff}\u{feff}été".as_bytes(), "", "été", "UTF-8", &[]),
            ("mark against header", &utf16be, "text/html; charset=utf-8", "<é>", "UTF-16BE", &[]),
            (
                "header lies",
                "été".as_bytes(),
                "text/xml; charset=ISO-8859-1",
                "été",
                "UTF-8",
                &["charset-declared-false"],
            ),
            ("header holds", &latin("été"), "text/html;charset='latin1'", "été", "windows-1252", &[]),
            ("ascii needs no remark", b"ete", "text/html; charset=iso-8859-1", "ete", "UTF-8", &[]),
            (
                "latin-1 is windows-1252",
                b"<?xml version='1.0' encoding='ISO-8859-1'?>l\x92\xe9t\xe9",
                "",
                "<?xml version='1.0' encoding='ISO-8859-1'?>l’été",
                "windows-1252",
                &[],
            ),
            (
                "utf-16 on 8-bit bytes",
                "<?xml encoding=\"utf-16\"?>été".as_bytes(),
                "",
                "<?xml encoding=\"utf-16\"?>été",
                "UTF-8",
                &["charset-declared-false"],
            ),
            (
                "utf-7 is never decoded",
                b"+ADw-script+AD4-",
                "text/html; charset=utf-7",
                "+ADw-script+AD4-",
                "UTF-8",
                &["charset-unknown"],
            ),
            (
                "nothing declared",
                &latin("Réunion à l'été"),
                "",
                "Réunion à l'été",
                "windows-1252",
                &["charset-guessed"],
            ),
            (
                "utf-8 declared, latin-1 sent",
                &latin("<meta charset=utf-8>été"),
                "",
                "<meta charset=utf-8>été",
                "windows-1252",
                &["charset-guessed", "charset-declared-false"],
            ),
            (
                "declared after 4 kB",
                &latin(&format!("<html>{}<meta charset=iso-8859-15>\u{a4}", " ".repeat(5000))),
                "",
                &format!("<html>{}<meta charset=iso-8859-15>€", " ".repeat(5000)),
                "ISO-8859-15",
                &[],
            ),
            (
                "a latin-1 block keeps the utf-8 around it",
                &["Été à Paris, où ".as_bytes(), &latin("l'\u{e9}cole est ouverte \u{e0} tous"), " — élève".as_bytes()]
                    .concat(),
                "",
                "Été à Paris, où l'école est ouverte à tous — élève",
                "UTF-8",
                &["charset-mixed"],
            ),
            ("cut in mid-character", b"\xc3\xa9cole \xe2\x80", "", "école \u{fffd}", "UTF-8", &["charset-broken"]),
        ];
        for (name, bytes, content_type, text, encoding, codes) in cases {
            let (got, used, warnings) = read(bytes, content_type);
            assert_eq!((got.as_str(), used), (*text, *encoding), "{name}");
            assert_eq!(warnings, *codes, "{name}");
        }
    }

    #[test]
    fn other_scripts_are_recognised_or_believed() {
        let russian = "Школа открыта для всех детей, и мы рады этому";
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        assert_eq!(read(&cyrillic, "").0, russian);
        assert_eq!(read(&cyrillic, "text/html; charset=windows-1251").2, Vec::<String>::new());

        let words = "学校对所有儿童开放我们为此感到高兴".repeat(4);
        let mut chinese = encoding_rs::GBK.encode(&words).0.into_owned();
        chinese.push(0xff);
        let (text, encoding, codes) = read(&chinese, "text/html; charset=gb2312");
        assert!(text.starts_with("学校") && text.ends_with('\u{fffd}'), "{text}");
        assert_eq!((encoding, codes), ("GBK", vec!["charset-broken".to_owned()]));

        let (text, encoding, _) = read(b"\x1b$B3X9;\x1b(B", "text/html; charset=iso-2022-jp");
        assert_eq!((text.as_str(), encoding), ("学校", "ISO-2022-JP"));
        assert_eq!(read(b"\x1b$B3X9;\x1b(B", "").1, "UTF-8", "escapes alone declare nothing");
    }

    proptest::proptest! {
        #[test]
        fn utf8_comes_back_as_it_is(text in "[^\u{feff}]*") {
            let decoded = decode(text.as_bytes(), Some("text/html; charset=utf-8"));
            if !decoded.warnings.iter().any(|w| w.code == "charset-double-encoded") && decoded.encoding == "UTF-8" {
                proptest::prop_assert_eq!(decoded.text, text);
            }
        }

        #[test]
        fn any_bytes_decode(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let decoded = decode(&bytes, None);
            let marked = decoded.text.starts_with('\u{feff}');
            proptest::prop_assert!(!marked);
        }
    }
}
