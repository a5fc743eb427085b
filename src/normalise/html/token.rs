//! # Where do tags begin and end?
//!
//! The tokenizer of the HTML standard (section 13.2.5) as far as reading needs it: it borrows everything from the
//! source, leaves attributes as they stand until someone asks, and never looks back.

use super::{entity, tag::Tag};
use std::borrow::Cow;

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    /// Characters, entities still encoded.
    Text(&'a str),
    /// A start tag.
    Start(Start<'a>),
    /// An end tag.
    End(Tag, &'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start<'a> {
    /// Which element.
    pub tag: Tag,
    /// Its name as written.
    pub name: &'a str,
    /// Its attributes as written.
    pub attrs: Attrs<'a>,
    /// Whether it ends in `/>`.
    pub self_closing: bool,
}

/// Reads a source from start to end.
pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Starts at the first character.
    pub fn new(source: &'a str) -> Self {
        Self { source, at: 0 }
    }

    fn find(&self, byte: u8, from: usize) -> Option<usize> {
        memchr::memchr(byte, self.source.as_bytes().get(from..)?).map(|found| from + found)
    }

    /// The next token; `None` at the end. A tag that the end of the source cuts off is dropped, as the standard says.
    pub fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.source.as_bytes();
        while self.at < bytes.len() {
            let start = self.at;
            let open = self.markup(start);
            if open > start {
                self.at = open;
                return Some(Token::Text(&self.source[start..open]));
            }
            match bytes[start + 1] {
                b'!' if self.source[start..].starts_with("<!--") => self.at = self.comment_end(start + 4),
                b'!' | b'?' => self.at = self.find(b'>', start).map_or(bytes.len(), |end| end + 1),
                b'/' if bytes.get(start + 2).is_some_and(u8::is_ascii_alphabetic) => {
                    let name = self.name(start + 2);
                    self.at = self.tag_end(start + 2 + name.len()).map_or(bytes.len(), |end| end + 1);
                    return Some(Token::End(Tag::named(name), name));
                }
                b'/' => self.at = self.find(b'>', start).map_or(bytes.len(), |end| end + 1),
                _ => {
                    let name = self.name(start + 1);
                    let from = start + 1 + name.len();
                    let Some(end) = self.tag_end(from) else {
                        self.at = bytes.len();
                        return None;
                    };
                    self.at = end + 1;
                    let self_closing = end > from && bytes[end - 1] == b'/';
                    let attrs = Attrs(&self.source[from..end]);
                    return Some(Token::Start(Start { tag: Tag::named(name), name, attrs, self_closing }));
                }
            }
        }
        None
    }

    /// Where the next markup starts; the end of the source when there is none.
    fn markup(&self, from: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while let Some(open) = self.find(b'<', at) {
            if bytes.get(open + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')) {
                return open;
            }
            at = open + 1;
        }
        bytes.len()
    }

    fn comment_end(&self, from: usize) -> usize {
        let rest = &self.source[from..];
        if rest.starts_with('>') {
            return from + 1;
        }
        if rest.starts_with("->") {
            return from + 2;
        }
        let bytes = rest.as_bytes();
        for end in memchr::memmem::find_iter(bytes, b"--") {
            match bytes.get(end + 2..) {
                Some([b'>', ..]) => return from + end + 3,
                Some([b'!', b'>', ..]) => return from + end + 4,
                // `--->`: the dashes overlap.
                Some([b'-', b'>', ..]) => return from + end + 4,
                _ => {}
            }
        }
        self.source.len()
    }

    fn name(&self, from: usize) -> &'a str {
        let bytes = &self.source.as_bytes()[from..];
        let end = bytes.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>')).unwrap_or(bytes.len());
        &self.source[from..from + end]
    }

    /// The `>` that ends the tag whose attributes start at `from`; quotes hide it only in values.
    fn tag_end(&self, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = from;
        loop {
            let stop = at + memchr::memchr2(b'>', b'=', &bytes[at..])?;
            if bytes[stop] == b'>' {
                return Some(stop);
            }
            at = stop + 1 + bytes[stop + 1..].iter().position(|b| !b.is_ascii_whitespace())?;
            match bytes[at] {
                quote @ (b'"' | b'\'') => at = self.find(quote, at + 1)? + 1,
                _ => at += bytes[at..].iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?,
            }
        }
    }

    /// The characters up to the end tag of the raw text element `name`, and moves to that end tag. Without an end tag
    /// the rest of the page belongs to the element, as in browsers.
    pub fn raw_text(&mut self, name: &str) -> &'a str {
        let start = self.at;
        let script = name.eq_ignore_ascii_case("script");
        let mut from = start;
        loop {
            let Some(end) = self.raw_end(name, from) else {
                self.at = self.source.len();
                return &self.source[start..];
            };
            if script && double_escaped(&self.source[start..end]) {
                from = end + 1;
                continue;
            }
            self.at = end;
            return &self.source[start..end];
        }
    }

    fn raw_end(&self, name: &str, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        memchr::memmem::find_iter(&bytes[from..], b"</").map(|found| from + found).find(|&open| {
            let after = open + 2 + name.len();
            bytes.get(open + 2..after).is_some_and(|known| known.eq_ignore_ascii_case(name.as_bytes()))
                && bytes.get(after).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        })
    }
}

/// Whether a script so far has opened a comment and, in it, another script: then the next end tag closes only that one.
fn double_escaped(script: &str) -> bool {
    let Some(comment) = script.rfind("<!--") else { return false };
    let inside = &script[comment..];
    if inside.contains("-->") {
        return false;
    }
    let count =
        |what: &str| inside.as_bytes().windows(what.len()).filter(|w| w.eq_ignore_ascii_case(what.as_bytes())).count();
    inside.len() < 100_000 && count("<script") > count("</script")
}

/// The attributes of a tag as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attrs<'a>(&'a str);

impl<'a> Attrs<'a> {
    /// No attributes.
    pub const NONE: Attrs<'static> = Attrs("");

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Value of the attribute `name` (lower case); the first one counts, as in browsers.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.decoded())
    }

    /// Names as written and values.
    pub fn iter(&self) -> AttrIter<'a> {
        AttrIter { source: self.0, at: 0 }
    }
}

/// A value, entities still encoded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// The value as a reader of the page gets it.
    pub fn decoded(self) -> Cow<'a, str> {
        entity::decode(self.0, true)
    }

    /// The value as written.
    pub fn raw(self) -> &'a str {
        self.0
    }
}

/// Walks over attributes.
pub struct AttrIter<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Iterator for AttrIter<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.source.as_bytes();
        let skip =
            |from: usize, stop: fn(&u8) -> bool| bytes[from..].iter().position(stop).map_or(bytes.len(), |n| from + n);
        let start = skip(self.at, |b| !b.is_ascii_whitespace() && *b != b'/');
        if start >= bytes.len() {
            return None;
        }
        // `=` as the first character belongs to the name.
        let name_end = skip(start + 1, |b| b.is_ascii_whitespace() || matches!(b, b'=' | b'/')).min(bytes.len());
        let name_end = if bytes[start].is_ascii() {
            name_end
        } else {
            skip(start, |b| b.is_ascii_whitespace() || matches!(b, b'=' | b'/'))
        };
        let name = &self.source[start..name_end];
        let equals = skip(name_end, |b| !b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            self.at = name_end;
            return Some((name, Value("")));
        }
        let from = skip(equals + 1, |b| !b.is_ascii_whitespace());
        let (from, end, next) = match bytes.get(from) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = memchr::memchr(*quote, &bytes[from + 1..]).map_or(bytes.len(), |n| from + 1 + n);
                (from + 1, end, end + 1)
            }
            _ => {
                let end = skip(from, u8::is_ascii_whitespace);
                (from, end, end)
            }
        };
        self.at = next.min(bytes.len());
        Some((name, Value(&self.source[from..end])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attrs(raw: &str) -> Vec<(&str, String)> {
        Attrs(raw).iter().map(|(name, value)| (name, value.decoded().into_owned())).collect()
    }

    #[test]
    fn attributes_in_every_spelling() {
        let all = attrs(r#" a="1 &amp; 2" b='x>y' c=z/w d e = "f" é=g / h"#);
        let expected = [("a", "1 & 2"), ("b", "x>y"), ("c", "z/w"), ("d", ""), ("e", "f"), ("é", "g"), ("h", "")];
        assert_eq!(all, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn tags_comments_and_stray_signs() {
        let mut tokens = Tokens::new(r#"a<b><!-- > <p> --><P title="a>b" x>c</p ><br/></ 3>1 < 2 <"#);
        let mut seen = Vec::new();
        while let Some(token) = tokens.next() {
            seen.push(match token {
                Token::Text(text) => text.to_owned(),
                Token::Start(start) => format!("<{:?}{}", start.tag, if start.self_closing { "/" } else { "" }),
                Token::End(tag, _) => format!("</{tag:?}"),
            });
        }
        assert_eq!(seen, ["a", "<B", "<P", "c", "</P", "<Br/", "1 < 2 <"]);
    }

    #[test]
    fn raw_text_ends_at_its_own_tag() {
        let mut tokens = Tokens::new("<script><!-- if (a<b) '</b>' //--></SCRIPT >x");
        assert!(matches!(tokens.next(), Some(Token::Start(_))));
        assert_eq!(tokens.raw_text("script"), "<!-- if (a<b) '</b>' //-->");
        let mut tokens = Tokens::new("<script><!-- w('<script></script>') --></script>x");
        tokens.next();
        assert_eq!(tokens.raw_text("script"), "<!-- w('<script></script>') -->");
    }
}
