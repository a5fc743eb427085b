//! # What of this HTML may be shown?
//!
//! [`clean`] reads the tags of a piece of HTML and writes a new one: only elements and attributes of its own lists,
//! every tag closed in order, http(s) and `mailto:` addresses made absolute, all other characters escaped. Nothing of
//! the input is copied as markup, so nothing can hide in it. It is one walk over the text, without a tree: parsing
//! as a browser would takes longer than all the rest of reading a feed. A test holds its output against ammonia.
//!
//! [`plain`] gives the characters alone, for titles.

mod address;
mod element;
mod writer;

use super::{
    markup::{Token, Tokens},
    reference,
    tag::Tag,
};
use element::Element;
use url::Url;
use writer::Writer;

/// HTML that is safe to show: allow-listed, well-formed, addresses absolute.
pub(super) fn clean(html: &str, base: Option<&Url>) -> String {
    let mut writer = Writer::new(html.len(), base);
    let mut tokens = Tokens::new(html);
    let mut endless = Endless::default();
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => escape(&mut writer.out, &reference::from_html(text)),
            Token::Verbatim(text) => escape(&mut writer.out, text),
            Token::Start(tag) => match Element::named(tag.name) {
                Element::Gone | Element::Raw => endless.skip(&mut tokens, html, &tag),
                element => writer.start(element, &tag),
            },
            Token::End(name) => writer.end(Element::named(name)),
            Token::Doctype(_) => {}
        }
    }
    writer.finished()
}

/// The HTML that was meant by a text whose tags are all escaped once too often: no element in it, but the ends of
/// paragraphs or line breaks spelt out.
pub(super) fn escaped_twice(text: &str) -> Option<String> {
    if text.contains('<') || !text.contains("&lt;") {
        return None;
    }
    let once = reference::from_html(text);
    let is_structure = |token: Token<'_>| match token {
        Token::End(name) => matches!(Element::named(name), Element::Block(_) | Element::Item(_)),
        Token::Start(tag) => Element::named(tag.name) == Element::Void("br"),
        _ => false,
    };
    Tokens::new(&once).any(is_structure).then(|| once.into_owned())
}

/// Plain text as HTML: paragraphs at empty lines, line breaks where the lines end.
pub(super) fn from_plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = text.replace("\r\n", "\n");
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        out.push_str("<p>");
        for (number, line) in paragraph.lines().enumerate() {
            if number > 0 {
                out.push_str("<br>");
            }
            escape(&mut out, line);
        }
        out.push_str("</p>");
    }
    out
}

/// The characters of a piece of HTML; elements that part words become a blank. Tags that are not HTML stay: a title may
/// speak of `<stdin>`.
pub(super) fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut tokens = Tokens::new(html);
    let mut endless = Endless::default();
    loop {
        let from = tokens.at();
        let Some(token) = tokens.next() else { return out };
        let element = match token {
            Token::Text(text) => {
                out.push_str(&reference::from_html(text));
                continue;
            }
            Token::Verbatim(text) => {
                out.push_str(text);
                continue;
            }
            Token::Start(tag) => match Element::named(tag.name) {
                Element::Gone | Element::Raw => {
                    endless.skip(&mut tokens, html, &tag);
                    continue;
                }
                element => element,
            },
            Token::End(name) => Element::named(name),
            Token::Doctype(_) => continue,
        };
        match element {
            Element::Unknown if !html[from..tokens.at()].contains([':', '-', '=']) => {
                out.push_str(&html[from..tokens.at()]);
            }
            element if element.parts_words() => out.push(' '),
            _ => {}
        }
    }
}

/// The characters of a piece of HTML on one line, clean.
pub(super) fn line(html: &str) -> String {
    crate::normalise::text::line(&plain(html))
}

/// Whether an element of this name is one of HTML.
pub(super) fn is_known(name: &str) -> bool {
    Element::named(name) != Element::Unknown
}

/// Elements that are left out with all they hold, and the names of which no end tag comes any more.
#[derive(Default)]
struct Endless<'a> {
    names: Vec<&'a str>,
}

impl<'a> Endless<'a> {
    /// Goes to the end tag. Without one, a script or style takes the rest, other elements only lose their tag.
    fn skip(&mut self, tokens: &mut Tokens<'a>, html: &'a str, tag: &Tag<'a>) {
        if tag.empty || self.names.iter().any(|name| name.eq_ignore_ascii_case(tag.name)) {
            return;
        }
        let rest = &html[tokens.at()..];
        let end = memchr::memmem::find_iter(rest.as_bytes(), b"</").find(|at| {
            rest.get(at + 2..at + 2 + tag.name.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag.name))
        });
        match end {
            Some(end) => tokens.go_to(tokens.at() + end),
            None if tag.name.eq_ignore_ascii_case("script") || tag.name.eq_ignore_ascii_case("style") => {
                tokens.go_to(html.len());
            }
            None => self.names.push(tag.name),
        }
    }
}

/// Characters between tags.
fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Characters between quotation marks.
fn escape_value(out: &mut String, value: &str) {
    for (number, part) in value.split('"').enumerate() {
        if number > 0 {
            out.push_str("&quot;");
        }
        escape(out, part);
    }
}

#[cfg(test)]
mod tests;
