//! # What does an element say?
//!
//! The text of an element, and whether it is HTML: by its `type` and `mode` where they are right, else by its looks.

use super::{
    fields::Field,
    markup::{Token, Tokens},
    namespace::Scope,
    raw::Prose,
    reference::{self, Entities},
    repairs::Repairs,
    tag::Tag,
};
use std::borrow::Cow;

/// What is needed to read values: the entities of the document, and where repairs are noted.
pub(super) struct Desk<'d, 'a> {
    pub(super) scope: &'d Scope<'a>,
    pub(super) entities: &'d mut Entities,
    pub(super) repairs: &'d mut Repairs,
}

impl<'a> Desk<'_, 'a> {
    pub(super) fn note(&mut self, code: &'static str, detail: &str) {
        self.repairs.note(code, detail);
    }

    /// An attribute with its references resolved; empty when there is none.
    pub(super) fn attribute(&mut self, field: &Field<'a>, name: &str) -> Cow<'a, str> {
        let value = field.tag.attribute(name).unwrap_or_default();
        reference::resolved(value, self.entities, self.repairs)
    }

    /// The text of an element as characters, tags inside left out, blanks around trimmed.
    pub(super) fn text(&mut self, field: &Field<'a>) -> Cow<'a, str> {
        match self.value(field) {
            (text, false) => trimmed(text),
            (html, true) => trimmed(Cow::Owned(super::html::plain(&html))),
        }
    }

    /// The text of an element, and whether it has tags inside; then it is HTML with references as written.
    fn value(&mut self, field: &Field<'a>) -> (Cow<'a, str>, bool) {
        let mut tokens = Tokens::new(field.inner);
        let first = tokens.next();
        if tokens.at() == field.inner.len() {
            match first {
                None => return (Cow::Borrowed(""), false),
                Some(Token::Text(text)) => return (self.characters(text), false),
                Some(Token::Verbatim(text)) => return (Cow::Borrowed(text), false),
                _ => {}
            }
        }
        let is_tag = |token: &Token<'_>| matches!(token, Token::Start(_) | Token::End(_));
        let has_tags = first.iter().any(is_tag) || tokens.any(|token| is_tag(&token));
        let mut out = String::with_capacity(field.inner.len());
        let mut tokens = Tokens::new(field.inner);
        loop {
            let from = tokens.at();
            match tokens.next() {
                None => return (Cow::Owned(out), has_tags),
                Some(Token::Text(text)) if has_tags => out.push_str(text),
                Some(Token::Text(text)) => out.push_str(&self.characters(text)),
                Some(Token::Verbatim(text)) => out.push_str(text),
                Some(Token::Start(Tag { name, .. }) | Token::End(name)) => {
                    let written = &field.inner[from..tokens.at()];
                    match self.scope.xhtml_name(name) {
                        Some(local) => out.push_str(&written.replacen(name, local, 1)),
                        None => out.push_str(written),
                    }
                }
                Some(Token::Doctype(_)) => {}
            }
        }
    }

    fn characters<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        reference::resolved(text, self.entities, self.repairs)
    }

    /// Text of RSS, which is HTML unless a `type` says otherwise.
    pub(super) fn rss_prose(&mut self, field: &Field<'a>) -> Prose<'a> {
        match field.tag.attribute("type") {
            // a word of Media RSS
            Some(kind) if kind.trim().eq_ignore_ascii_case("plain") => Prose { text: self.value(field).0, html: false },
            Some(_) => self.atom_prose(field),
            None => {
                let (text, has_tags) = self.value(field);
                if has_tags {
                    self.note("xml-raw-html", field.tag.name);
                }
                Prose { text, html: true }
            }
        }
    }

    /// Text of Atom 1.0 (`type`) or 0.3 (`type` and `mode`).
    pub(super) fn atom_prose(&mut self, field: &Field<'a>) -> Prose<'a> {
        let (text, has_tags) = self.value(field);
        let declared = field.tag.attribute("type").map(|value| value.trim().to_ascii_lowercase());
        let mode = field.tag.attribute("mode").unwrap_or_default();
        if mode.eq_ignore_ascii_case("base64") {
            return Prose { html: true, text: Cow::Owned(decoded(&text).unwrap_or_default()) };
        }
        let html = match declared.as_deref() {
            _ if has_tags => {
                let meant =
                    matches!(declared.as_deref(), Some(kind) if kind.ends_with("xhtml") || kind.ends_with("xml"));
                if !meant && !mode.eq_ignore_ascii_case("xml") {
                    self.note("xml-raw-html", field.tag.name);
                }
                true
            }
            Some("html" | "text/html") => true,
            Some("text" | "text/plain") => false,
            None => {
                let html = looks_like_html(&text);
                if html && mode.is_empty() {
                    self.note("atom-type-missing", field.tag.name);
                }
                html
            }
            Some("xhtml" | "application/xhtml+xml" | "application/xml" | "text/xml") => looks_like_html(&text),
            Some(other) => {
                self.note("atom-type-unknown", other);
                match other.split_once('/') {
                    // a file in the feed is none of its text
                    Some(("image" | "audio" | "video" | "application", _)) => return Prose::default(),
                    _ => looks_like_html(&text),
                }
            }
        };
        Prose { text, html }
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Whether a text of unknown kind has an end tag, an element everyone uses, or a reference.
pub(super) fn looks_like_html(text: &str) -> bool {
    let has_tag = Tokens::new(text).any(|token| match token {
        Token::Start(tag) => super::html::is_known(tag.name),
        Token::End(name) => super::html::is_known(name),
        _ => false,
    });
    has_tag || (text.contains('&') && reference::from_html(text) != text)
}

/// Base64 (RFC 4648), white space and padding ignored; `None` when it is none or no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0x00ff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: &str, inner: &str) -> (String, bool) {
        let field = Field { tag: Tag { name: "content", attributes, empty: false }, inner, cut: false };
        let (scope, mut entities, mut repairs) = (Scope::new(None), Entities::default(), Repairs::default());
        let mut desk = Desk { scope: &scope, entities: &mut entities, repairs: &mut repairs };
        let prose = desk.atom_prose(&field);
        (prose.text.into_owned(), prose.html)
    }

    #[test]
    fn the_kind_of_text_is_declared_or_seen() {
        let cases = [
            (" type='html'", "&lt;p&gt;a&lt;/p&gt;", "<p>a</p>", true),
            (" type='text'", "a &lt;b&gt; &amp;amp; c", "a <b> &amp; c", false),
            ("", "Budget &lt; 10", "Budget < 10", false),
            ("", "&lt;p&gt;a", "<p>a", true),
            ("", "l&amp;rsquo;été", "l&rsquo;été", true),
            (" type='xhtml'", "<div>a &amp; b</div>", "<div>a &amp; b</div>", true),
            (" type='xhtml'", "<xhtml:div>a <xhtml:b>b</xhtml:b></xhtml:div>", "<div>a <b>b</b></div>", true),
            (" type='html'", "a<br/><![CDATA[<b>b</b>]]>", "a<br/><b>b</b>", true),
            (" type='text/html' mode='base64'", "PHA+YTwv\n cD4=", "<p>a</p>", true),
            (" type='markdown'", "a *b*", "a *b*", false),
            (" type=''", "&lt;i&gt;a&lt;/i&gt;", "<i>a</i>", true),
            (" type='image/png'", "iVBORw0KGgo=", "", false),
        ];
        for (attributes, inner, text, html) in cases {
            assert_eq!(read(attributes, inner), (text.to_owned(), html), "{attributes} {inner}");
        }
    }
}
