//! # Where are the tags?
//!
//! A tokenizer for XML and HTML as people write them. It never fails: a `<` that opens nothing is text, a tag that is
//! never closed ends where the next one starts, a CDATA section that is never closed ends with its element. Time is
//! linear in the text whatever it holds, and nothing is copied.

use super::tag::{Tag, tag_end};
use memchr::{memchr, memmem};

/// A piece of a document. Comments and processing instructions are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Characters with references unresolved.
    Text(&'a str),
    /// Characters of a CDATA section: they mean what they are.
    Verbatim(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by name.
    End(&'a str),
    /// What stands between `<!DOCTYPE` and its `>`.
    Doctype(&'a str),
}

/// Tokens of a text, one after the other.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Name of the last start tag: an unclosed CDATA section ends with it.
    inside: &'a str,
    /// The next `]]>`, `-->` and so on: looked up once, so that hostile text costs no second walk.
    cdata_end: Ahead,
    comment_end: Ahead,
    tag_end: Ahead,
    /// Bare `<` that were taken as text.
    pub(super) bare: usize,
    /// CDATA sections without end.
    pub(super) unclosed_cdata: usize,
    /// Whether the text ends within a tag, comment or section.
    pub(super) cut: bool,
}

/// Position of the next occurrence of a mark, remembered while it lies ahead.
#[derive(Clone, Copy, Default)]
struct Ahead {
    known: Option<Option<usize>>,
}

impl Ahead {
    fn find(&mut self, text: &str, mark: &str, from: usize) -> Option<usize> {
        match self.known {
            Some(None) => None,
            Some(Some(at)) if at >= from => Some(at),
            _ => {
                let found = memmem::find(&text.as_bytes()[from..], mark.as_bytes()).map(|at| from + at);
                self.known = Some(found);
                found
            }
        }
    }
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            inside: "",
            cdata_end: Ahead::default(),
            comment_end: Ahead::default(),
            tag_end: Ahead::default(),
            bare: 0,
            unclosed_cdata: 0,
            cut: false,
        }
    }

    /// Where the next token starts, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on (or back) to `at`, which is a place where a token starts.
    pub(super) fn go_to(&mut self, at: usize) {
        if at < self.at {
            (self.cdata_end, self.comment_end, self.tag_end) = Default::default();
        }
        self.at = at;
    }

    fn take_to(&mut self, end: usize) -> &'a str {
        let piece = &self.text[self.at..end];
        self.at = end;
        piece
    }

    /// Leaves everything out up to and including the mark.
    fn skip_past(&mut self, mark: &str, end: Option<usize>) {
        match end {
            Some(end) => self.at = end + mark.len(),
            None => {
                self.cut = true;
                self.at = self.text.len();
            }
        }
    }

    fn past_tag_end(&mut self) {
        let end = self.tag_end.find(self.text, ">", self.at);
        self.skip_past(">", end);
    }

    fn comment(&mut self) {
        match self.comment_end.find(self.text, "-->", self.at + 2) {
            Some(end) => self.skip_past("-->", Some(end)),
            // a comment that never ends would swallow everything behind it
            None => self.past_tag_end(),
        }
    }

    fn cdata(&mut self) -> Token<'a> {
        const OPEN: &str = "<![CDATA[";
        self.at += OPEN.len();
        let end = self.cdata_end.find(self.text, "]]>", self.at);
        let within = &self.text[self.at..end.unwrap_or(self.text.len())];
        // the end belongs to another section when its element ends and another section opens before
        let reach = if end.is_some() { memmem::find(within.as_bytes(), OPEN.as_bytes()) } else { Some(within.len()) };
        if let Some(element_end) = reach.and_then(|reach| find_end_tag(&within[..reach], self.inside)) {
            self.unclosed_cdata += 1;
            return Token::Verbatim(self.take_to(self.at + element_end));
        }
        let piece = self.take_to(end.unwrap_or(self.text.len()));
        if end.is_none() {
            self.unclosed_cdata += 1;
        }
        self.skip_past("]]>", end);
        Token::Verbatim(piece)
    }

    /// The start tag at `<`; `None` when it is none.
    fn start(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at + 1..];
        let name_len = name_len(rest);
        let Some(end) = tag_end(rest.as_bytes(), name_len) else {
            let attributes = &rest.as_bytes()[name_len..];
            let next = memchr::memchr(b'<', attributes);
            if next.is_none() && attributes.contains(&b'=') {
                // the text was cut within this tag
                self.cut = true;
                self.at = self.text.len();
            }
            return None;
        };
        let (name, inside) = rest[..end].split_at(name_len);
        let empty = inside.ends_with('/');
        let attributes = inside.strip_suffix('/').unwrap_or(inside);
        self.at += end + 2;
        if !empty {
            self.inside = name;
        }
        Some(Token::Start(Tag { name, attributes, empty }))
    }

    fn end(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at + 2..];
        let name = &rest[..name_len(rest)];
        self.past_tag_end();
        (!name.is_empty()).then_some(Token::End(name))
    }

    fn doctype(&mut self) -> Token<'a> {
        self.at += "<!DOCTYPE".len();
        let rest = &self.text[self.at..];
        let close = memchr(b'>', rest.as_bytes()).unwrap_or(rest.len());
        let end = match memchr(b'[', &rest.as_bytes()[..close]) {
            None => close,
            Some(open) => subset_end(rest, open),
        };
        let piece = self.take_to(self.at + end);
        self.skip_past(">", (self.at < self.text.len()).then_some(self.at));
        Token::Doctype(piece)
    }
}

/// Where the `>` after an internal subset stands that opens at `open`: the first `]` outside quotes followed by `>`.
fn subset_end(text: &str, open: usize) -> usize {
    let close = memmem::find_iter(&text.as_bytes()[open..], b"]")
        .map(|at| open + at + 1)
        .find(|at| text[*at..].trim_start().starts_with('>'));
    close.map_or(text.len(), |at| text.len() - text[at..].trim_start().len())
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            match rest {
                [] => return None,
                [b'<', b'!', b'-', b'-', ..] => self.comment(),
                [b'<', b'!', b'[', ..] if starts_with_ignoring_case(rest, b"<![cdata[") => return Some(self.cdata()),
                [b'<', b'!', ..] if starts_with_ignoring_case(rest, b"<!doctype") => return Some(self.doctype()),
                [b'<', b'!' | b'?', ..] => self.past_tag_end(),
                [b'<', b'/', ..] => {
                    if let Some(token) = self.end() {
                        return Some(token);
                    }
                }
                [b'<', first, ..] if first.is_ascii_alphabetic() || *first == b'_' || *first >= 0x80 => {
                    let before = self.at;
                    if let Some(token) = self.start() {
                        return Some(token);
                    }
                    if self.at == before {
                        return Some(self.bare_text());
                    }
                }
                [b'<', ..] => return Some(self.bare_text()),
                _ => {
                    let end = memchr(b'<', rest).map_or(self.text.len(), |at| self.at + at);
                    return Some(Token::Text(self.take_to(end)));
                }
            }
        }
    }
}

impl<'a> Tokens<'a> {
    /// A `<` that opens nothing, with the characters after it.
    fn bare_text(&mut self) -> Token<'a> {
        self.bare += 1;
        let after = &self.text.as_bytes()[self.at + 1..];
        let end = memchr(b'<', after).map_or(self.text.len(), |at| self.at + 1 + at);
        Token::Text(self.take_to(end))
    }
}

fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn name_len(text: &str) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'<' | b'=' | b'"' | b'\'');
    text.as_bytes().iter().position(ends).unwrap_or(text.len())
}

/// Position of `</name` in a text.
fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    let candidates = memmem::find_iter(text.as_bytes(), b"</");
    candidates.into_iter().find(|at| {
        let after = &text[at + 2..];
        after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && !name.is_empty()
            && after[name.len()..].trim_start().starts_with('>')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut tokens = Tokens::new(text);
        let mut out: Vec<String> = Vec::new();
        for token in tokens.by_ref() {
            out.push(match token {
                Token::Text(text) => format!("'{text}'"),
                Token::Verbatim(text) => format!("[{text}]"),
                Token::Start(tag) => format!("<{}{}", tag.name, if tag.empty { "/>" } else { ">" }),
                Token::End(name) => format!("</{name}>"),
                Token::Doctype(text) => format!("!{text}"),
            });
        }
        if tokens.cut {
            out.push("cut".to_owned());
        }
        out.join(" ")
    }

    #[test]
    fn tags_and_text_come_apart() {
        let cases = [
            ("<a b='>'>x</a >", "<a> 'x' </a>"),
            ("<a/><b c=d/>", "<a/> <b/>"),
            ("<?xml version='1.0'?><!-- <x> --><a>", "<a>"),
            ("<!DOCTYPE r [<!ENTITY x \"]\">]><r>", "! r [<!ENTITY x \"]\">] <r>"),
            ("<![CDATA[<b>]] >]]>x", "[<b>]] >] 'x'"),
            ("a < b <3 c<d</e>", "'a ' '< b ' '<3 c' '<d' </e>"),
            ("<t><![CDATA[x</t><u><![CDATA[y]]></u>", "<t> [x] </t> <u> [y] </u>"),
            ("<![cdata[a]]>b", "[a] 'b'"),
            ("<t><![CDATA[x</t><u>", "<t> [x] </t> <u>"),
            ("<t><![CDATA[x", "<t> [x] cut"),
            ("<t>x<a href=\"y", "<t> 'x' cut"),
            ("<a href=\"x>t</a> <a href=\"y\">", "<a> 't' </a> ' ' <a>"),
            ("<img alt=\"a <b> c\" src=d>e", "<img> 'e'"),
            ("a<b", "'a' '<b'"),
            ("<!-- never closed > x<a>", "' x' <a>"),
            ("</>x</ y>z", "'x' 'z'"),
            ("<x:é é=1>", "<x:é>"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_to_an_end(text in "[<>/!\\[\\]CDAT\"'=a -]{0,80}") {
            let total: usize = Tokens::new(&text).count();
            proptest::prop_assert!(total <= text.len());
        }
    }
}
