//! # What does an entry say, before it is read?
//!
//! The dialects (RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed) are brought to these values; [`Clean`] then writes
//! them as Atom 1.0 without a fault, which feed-rs reads.

use super::reference::is_allowed;
use std::borrow::Cow;
use url::Url;

/// Text of a title, summary or content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prose<'a> {
    /// The characters, references of XML resolved.
    pub(super) text: Cow<'a, str>,
    /// Whether they are HTML.
    pub(super) html: bool,
}

impl<'a> Prose<'a> {
    pub(super) fn html(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), html: true }
    }

    pub(super) fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), html: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Keeps the first that says something.
    pub(super) fn or_take(&mut self, other: Prose<'a>) {
        if self.is_empty() {
            *self = other;
        }
    }
}

/// An address of an entry, absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawLink {
    pub(super) href: String,
    /// `alternate`, `enclosure`, `self`, `next` …, in lower case.
    pub(super) rel: &'static str,
    pub(super) media_type: String,
    pub(super) title: String,
    pub(super) length: String,
}

/// What feed-rs has no place for, kept beside the clean document.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    /// Publication and modification dates as written, the best first.
    pub(super) published: Vec<String>,
    pub(super) updated: Vec<String>,
    /// Language, as written.
    pub(super) lang: String,
    /// Base of the addresses in summary and content.
    pub(super) base: Option<Url>,
}

/// An entry, or the head of a feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Raw<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) title: Prose<'a>,
    pub(super) links: Vec<RawLink>,
    pub(super) authors: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) summary: Prose<'a>,
    pub(super) content: Prose<'a>,
    pub(super) facts: Facts,
}

/// More authors, categories or addresses than this on one entry are left out.
pub(super) const MOST_VALUES: usize = 100;
/// The longest summary or content that is kept, in bytes.
pub(super) const LONGEST_PROSE: usize = 4 << 20;
/// The longest single value that is kept, in bytes.
const LONGEST_VALUE: usize = 4096;

impl Raw<'_> {
    /// Whether it says anything that a reader could use.
    pub(super) fn is_blank(&self) -> bool {
        self.title.is_empty() && self.links.is_empty() && self.summary.is_empty() && self.content.is_empty()
    }
}

/// Atom 1.0 in the making.
#[derive(Default)]
pub(super) struct Clean {
    /// The document, from the first entry on.
    entries: String,
    /// Where each entry starts.
    starts: Vec<usize>,
    /// Characters left out, because XML does not allow them.
    pub(super) left_out: usize,
}

const OPEN: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\">";
const CLOSE: &str = "</feed>";

impl Clean {
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.entries.len()
    }

    /// Adds an entry.
    pub(super) fn push(&mut self, raw: &Raw<'_>) {
        self.starts.push(self.entries.len());
        self.entries.push_str("<entry>");
        self.left_out += write_parts(&mut self.entries, raw);
        self.entries.push_str("</entry>");
    }

    /// All entries as one document.
    pub(super) fn document(&self) -> String {
        [OPEN, &self.entries, CLOSE].concat()
    }

    /// Entry number `n` as a document of its own.
    pub(super) fn document_of(&self, n: usize) -> String {
        let end = self.starts.get(n + 1).copied().unwrap_or(self.entries.len());
        [OPEN, &self.entries[self.starts[n]..end], CLOSE].concat()
    }
}

/// The head of a feed as a document.
pub(super) fn head_document(raw: &Raw<'_>) -> String {
    let mut out = OPEN.to_owned();
    write_parts(&mut out, raw);
    out.push_str(CLOSE);
    out
}

/// Writes what an entry or a head has; returns how many characters were left out.
fn write_parts(out: &mut String, raw: &Raw<'_>) -> usize {
    let mut left_out = element(out, "<id>", cut(&raw.id, LONGEST_VALUE), "</id>");
    left_out += prose(out, "title", &raw.title, LONGEST_VALUE * 4);
    for link in raw.links.iter().take(MOST_VALUES) {
        out.push_str("<link");
        attribute(out, "rel", link.rel);
        attribute(out, "href", &link.href);
        attribute(out, "type", &link.media_type);
        attribute(out, "length", &link.length);
        attribute(out, "title", &link.title);
        out.push_str("/>");
    }
    for author in raw.authors.iter().take(MOST_VALUES) {
        left_out += element(out, "<author><name>", cut(author, LONGEST_VALUE), "</name></author>");
    }
    for tag in raw.tags.iter().take(MOST_VALUES) {
        out.push_str("<category");
        attribute(out, "term", tag);
        out.push_str("/>");
    }
    left_out += prose(out, "summary", &raw.summary, LONGEST_PROSE);
    left_out + prose(out, "content", &raw.content, LONGEST_PROSE)
}

fn element(out: &mut String, open: &str, text: &str, close: &str) -> usize {
    if text.is_empty() {
        return 0;
    }
    out.push_str(open);
    let left_out = verbatim(out, text);
    out.push_str(close);
    left_out
}

fn prose(out: &mut String, name: &str, prose: &Prose<'_>, most: usize) -> usize {
    if prose.is_empty() {
        return 0;
    }
    out.push('<');
    out.push_str(name);
    out.push_str(if prose.html { " type=\"html\">" } else { " type=\"text\">" });
    let left_out = verbatim(out, cut(&prose.text, most));
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    left_out
}

/// Characters as CDATA; those that XML does not allow are left out and counted.
fn verbatim(out: &mut String, text: &str) -> usize {
    let mut left_out = 0;
    out.push_str("<![CDATA[");
    let mut rest = text;
    while let Some(end) = memchr::memmem::find(rest.as_bytes(), b"]]>") {
        left_out += allowed(out, &rest[..end]);
        out.push_str("]]]]><![CDATA[>");
        rest = &rest[end + 3..];
    }
    left_out += allowed(out, rest);
    out.push_str("]]>");
    left_out
}

fn allowed(out: &mut String, text: &str) -> usize {
    if all_allowed(text) {
        out.push_str(text);
        return 0;
    }
    let mut left_out = 0;
    for letter in text.chars() {
        match is_allowed(letter) {
            true => out.push(letter),
            false => left_out += 1,
        }
    }
    left_out
}

/// Whether nothing has to be left out. Control characters and U+FFFE, U+FFFF are rare: a walk over the bytes without
/// a branch rules them out faster than one over the characters.
fn all_allowed(text: &str) -> bool {
    let (mut control, mut high) = (false, false);
    for byte in text.bytes() {
        control |= ((byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')) | (byte == 0x7f);
        high |= byte == 0xef;
    }
    let last_two = |text: &str| text.contains(['\u{fffe}', '\u{ffff}']);
    !(control || (high && last_two(text)))
}

fn attribute(out: &mut String, name: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for letter in cut(value, LONGEST_VALUE).chars().filter(|letter| is_allowed(*letter)) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// The beginning of a text, at most `most` bytes.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_feed_rs_reads() {
        let mut clean = Clean::default();
        let hostile = "a ]]> b & <c> \u{0}\u{8}\u{ffff}\u{feff}é";
        let raw = Raw {
            id: hostile.into(),
            title: Prose::plain(hostile),
            links: vec![RawLink { href: "https://a.example/?a=\"&b=<".into(), rel: "alternate", ..RawLink::default() }],
            authors: vec![hostile.to_owned()],
            tags: vec![hostile.to_owned()],
            content: Prose::html(hostile),
            ..Raw::default()
        };
        clean.push(&raw);
        clean.push(&raw);
        let read = feed_rs::parser::parse(clean.document().as_bytes()).unwrap();
        assert_eq!(read.entries.len(), 2);
        let (entry, kept) = (&read.entries[1], "a ]]> b & <c> \u{feff}é");
        assert_eq!(entry.id, kept);
        assert_eq!(entry.title.as_ref().unwrap().content, kept);
        assert_eq!(entry.authors[0].name.as_deref(), Some(kept));
        assert_eq!(entry.categories[0].term, kept);
        assert_eq!(entry.content.as_ref().unwrap().body.as_deref(), Some(kept));
        assert_eq!(entry.links[0].href, "https://a.example/?a=%22&b=%3C");
        assert_eq!(feed_rs::parser::parse(clean.document_of(0).as_bytes()).unwrap().entries[0].id, kept);
    }
}
