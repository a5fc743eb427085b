//! # Is this one number?
//!
//! `2 600`, `2,600`, `2.600`, `2'600` are 2600; `3,5` is 3.5. Dates and lists (`12.03.2021`, `1,2,3`) are not.

use std::ops::Range;

/// A figure written in groups or with a decimal sign.
#[derive(Debug, PartialEq, Eq)]
pub struct Grouped {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The number with plain digits and `.`.
    pub value: String,
    /// The groups, where plain spaces part them: they may be numbers of their own.
    pub parts: Vec<Range<usize>>,
}

/// The grouped figure that starts at `start`, where a word starts.
pub fn grouped(text: &str, start: usize) -> Option<Grouped> {
    let bytes = text.as_bytes();
    if !bytes[start].is_ascii_digit() {
        return None;
    }
    let first = digits(bytes, start);
    if !(1..=3).contains(&(first.end - first.start)) || touches_word(text, first.end) {
        return decimal(text, first);
    }
    let separator = text[first.end..].chars().next()?;
    let mut parts = vec![first.clone()];
    let mut end = first.end;
    while is_group_sign(separator) && text[end..].starts_with(separator) && parts.len() < 7 {
        let group = digits(bytes, end + separator.len_utf8());
        if group.end - group.start != 3 || touches_word(text, group.end) {
            break;
        }
        end = group.end;
        parts.push(group);
    }
    if parts.len() == 1 {
        return decimal(text, first);
    }
    let value = parts.iter().map(|part| &text[part.clone()]).collect();
    if separator != ' ' {
        parts.clear();
    }
    Some(Grouped { range: start..end, value, parts })
}

fn is_group_sign(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | ',' | '.' | '\'' | '’')
}

/// `3,5` and `3.5`, where nothing more follows that would make it a date or a list.
fn decimal(text: &str, whole: Range<usize>) -> Option<Grouped> {
    let sign = *text.as_bytes().get(whole.end)?;
    if sign != b',' && sign != b'.' {
        return None;
    }
    let part = digits(text.as_bytes(), whole.end + 1);
    let more = text[part.end..].strip_prefix([',', '.', '/', '-']).is_some_and(|rest| rest.starts_with(is_digit));
    if part.is_empty() || more || touches_word(text, part.end) {
        return None;
    }
    let value = format!("{}.{}", &text[whole.clone()], &text[part.clone()]);
    Some(Grouped { range: whole.start..part.end, value, parts: Vec::new() })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn digits(bytes: &[u8], start: usize) -> Range<usize> {
    let mut end = start.min(bytes.len());
    while bytes.get(end).is_some_and(u8::is_ascii_digit) {
        end += 1;
    }
    start.min(bytes.len())..end
}

fn touches_word(text: &str, end: usize) -> bool {
    text[end..].starts_with(char::is_alphanumeric)
}
