//! # Which characters do `&eacute;` and `&#233;` stand for?
//!
//! Character references of the HTML standard (section 13.2.5.72 ff.), with its names (html5ever's table), its
//! replacements for numbers 128 to 159, and its rule for references without a semicolon.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use std::borrow::Cow;

/// The text with its references replaced and NUL dropped. In attributes, a name without semicolon before `=` or a
/// letter stays (`?a=1&copy=2`).
pub fn decode(text: &str, attribute: bool) -> Cow<'_, str> {
    if memchr::memchr2(b'&', 0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'&', 0, rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let here = &rest[at..];
        let taken = if here.starts_with('&') { reference(here, attribute, &mut out) } else { 1 };
        rest = &here[taken..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what the reference at the start of `text` stands for; gives how many bytes it takes.
fn reference(text: &str, attribute: bool, out: &mut String) -> usize {
    let taken = match text.as_bytes().get(1) {
        Some(b'#') => number(text, out),
        Some(b) if b.is_ascii_alphanumeric() => name(text, attribute, out),
        _ => None,
    };
    taken.unwrap_or_else(|| {
        out.push('&');
        1
    })
}

fn number(text: &str, out: &mut String) -> Option<usize> {
    let hex = matches!(text.as_bytes().get(2), Some(b'x' | b'X'));
    let start = if hex { 3 } else { 2 };
    let radix = if hex { 16 } else { 10 };
    let digits = text[start..].bytes().take_while(|b| (*b as char).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let value = text[start..start + digits]
        .bytes()
        .fold(0u32, |sum, b| sum.saturating_mul(radix).saturating_add((b as char).to_digit(radix).unwrap_or(0)));
    let c = match value {
        0x80..=0x9f => C1_REPLACEMENTS[(value - 0x80) as usize].unwrap_or('\u{fffd}'),
        0 => '\u{fffd}',
        _ => char::from_u32(value).unwrap_or('\u{fffd}'),
    };
    out.push(c);
    let end = start + digits;
    Some(end + usize::from(text.as_bytes().get(end) == Some(&b';')))
}

fn name(text: &str, attribute: bool, out: &mut String) -> Option<usize> {
    let letters = text[1..].bytes().take_while(u8::is_ascii_alphanumeric).take(32).count();
    let with_semicolon = usize::from(text.as_bytes().get(1 + letters) == Some(&b';'));
    // The longest name wins; the table holds every prefix, those that are no names with a zero.
    for len in (2..=letters + with_semicolon).rev() {
        let Some(&(first, second)) = NAMED_ENTITIES.get(&text[1..1 + len]) else { continue };
        let Some(c) = char::from_u32(first).filter(|_| first != 0) else { continue };
        let ends = text.as_bytes()[len] == b';';
        let next = text.as_bytes().get(1 + len);
        if attribute && !ends && next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
            return None;
        }
        out.push(c);
        if let Some(c) = char::from_u32(second).filter(|_| second != 0) {
            out.push(c);
        }
        return Some(1 + len);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (raw, expected) in [
            ("&eacute;&Eacute;&nbsp;x", "éÉ\u{a0}x"),
            ("&#233;&#xE9;&#xe9", "ééé"),
            ("&#146;&#150;", "\u{2019}\u{2013}"),
            ("&#0;&#xD800;&#x110000;&#99999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("a & b &; &# &#x; &unknown; AT&T", "a & b &; &# &#x; &unknown; AT&T"),
            ("&ampx &notit; &notin;", "&x ¬it; ∉"),
            ("&NotEqualTilde;", "≂\u{338}"),
            ("a\0b", "ab"),
        ] {
            assert_eq!(decode(raw, false), expected, "{raw}");
        }
        assert_eq!(decode("?a=1&copy=2&amp;b&copy", true), "?a=1&copy=2&b©");
    }
}
