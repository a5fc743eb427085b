//! Where does a start tag end, and what are its attributes?

use memchr::memchr;

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Name with its prefix, as written.
    pub(super) name: &'a str,
    /// The attributes as written.
    pub(super) attributes: &'a str,
    /// Whether it ends in `/>`.
    pub(super) empty: bool,
}

impl<'a> Tag<'a> {
    /// The value of an attribute as written, references unresolved; its name in any case.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        attributes(self.attributes).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A quoted value that holds a `<` is believed up to this length; beyond, its closing quote is missing.
const QUOTED_MARKUP: usize = 4096;

/// Position of the `>` that ends a start tag, attributes starting at `from`; `None` when another `<` comes first.
pub(super) fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    let mut after_equals = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return Some(at),
            b'<' => return None,
            quote @ (b'"' | b'\'') if after_equals => match closing_quote(&bytes[at + 1..], quote) {
                Some(length) => at += length + 1,
                None => return memchr::memchr2(b'<', b'>', &bytes[at..]).map(|n| at + n).filter(|n| bytes[*n] == b'>'),
            },
            _ => {}
        }
        after_equals = bytes[at] == b'=' || (after_equals && bytes[at].is_ascii_whitespace());
        at += 1;
    }
    None
}

/// Length of a quoted value; `None` when its closing quote is missing.
fn closing_quote(bytes: &[u8], quote: u8) -> Option<usize> {
    let first = memchr::memchr2(quote, b'<', bytes)?;
    if bytes[first] == quote {
        return Some(first);
    }
    let near = &bytes[..bytes.len().min(QUOTED_MARKUP)];
    let close = first + memchr(quote, near.get(first..)?)?;
    let after = bytes.get(close + 1)?;
    (after.is_ascii_whitespace() || matches!(after, b'>' | b'/')).then_some(close)
}

/// Names and values of the attributes of a tag, as written.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        if rest.is_empty() {
            return None;
        }
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/');
        let (name, after) = rest.split_at(rest.as_bytes().iter().position(ends).unwrap_or(rest.len()));
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            rest = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let (value, after) = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = &value[1..];
                let end = memchr(*quote, inner.as_bytes()).unwrap_or(inner.len());
                (&inner[..end], inner.get(end + 1..).unwrap_or_default())
            }
            _ => value.split_at(value.as_bytes().iter().position(u8::is_ascii_whitespace).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_written() {
        let tag = Tag { name: "a", attributes: " HREF = 'x y' b=c/d e f=\"&amp;\"g='h", empty: false };
        let read: Vec<_> = attributes(tag.attributes).collect();
        assert_eq!(read, [("HREF", "x y"), ("b", "c/d"), ("e", ""), ("f", "&amp;"), ("g", "h")]);
        assert_eq!(tag.attribute("href"), Some("x y"));
    }
}
