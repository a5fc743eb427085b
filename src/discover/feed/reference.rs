//! # Which characters do these references mean?
//!
//! `&eacute;`, `&#233;`, `&#xE9;`, and the entities that a document defines for itself, within limits: a definition is
//! used only if it is short and flat, external ones are never read, so a document cannot grow by its own definitions.

use super::{markup::Token, markup::Tokens, repairs::Repairs};
use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use std::{borrow::Cow, collections::HashMap};

/// A definition longer than this is refused.
const LONGEST: usize = 1000;
/// Definitions that one document may make.
const MOST: usize = 200;
/// Characters that all uses of definitions may add to one document.
const BUDGET: usize = 100_000;

/// What a document defines besides the names everyone knows.
#[derive(Default)]
pub(super) struct Entities {
    /// `None` is one that is refused: external, long, or made of others.
    defined: HashMap<String, Option<String>>,
    spent: usize,
}

impl Entities {
    /// Reads the `<!ENTITY name "text">` definitions of a DOCTYPE.
    pub(super) fn define(&mut self, doctype: &str, repairs: &mut Repairs) {
        for piece in doctype.split("<!ENTITY").skip(1) {
            let piece = piece.trim_start();
            let (name, rest) = piece.split_at(piece.find(char::is_whitespace).unwrap_or(piece.len()));
            if name == "%" || name.is_empty() || self.defined.len() >= MOST {
                continue;
            }
            let rest = rest.trim_start();
            let quoted = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let value = quoted.and_then(|quote| rest[1..].split_once(quote)).map(|(value, _)| value);
            let flat = value.and_then(flat);
            if flat.is_none() {
                repairs.note("xml-entity-refused", name);
            }
            self.defined.entry(name.to_owned()).or_insert(flat);
        }
    }

    fn text_of(&mut self, name: &str, repairs: &mut Repairs) -> Option<String> {
        let text = self.defined.get(name)?.as_deref().unwrap_or_default();
        if self.spent + text.len() > BUDGET {
            repairs.note("xml-entity-refused", name);
            return Some(String::new());
        }
        self.spent += text.len();
        Some(text.to_owned())
    }
}

/// The text of a definition that is short and refers to nothing but characters; markup in it is left out.
fn flat(value: &str) -> Option<String> {
    if value.len() > LONGEST {
        return None;
    }
    let characters = from_html(value);
    let refers = characters.split('&').skip(1).any(|rest| name_of(rest).is_some());
    let text = Tokens::new(&characters).filter_map(|token| match token {
        Token::Text(text) | Token::Verbatim(text) => Some(text),
        _ => None,
    });
    (!refers).then(|| text.collect())
}

/// Resolves references as XML does, and the names of HTML besides. A name that nobody defined stays as it is; a
/// number that names no character of XML is dropped.
pub(super) fn resolved<'a>(text: &'a str, entities: &mut Entities, repairs: &mut Repairs) -> Cow<'a, str> {
    replaced(text, |after| {
        let found = numeric(after, repairs).or_else(|| {
            let name = name_of(after)?;
            let text = match name {
                "amp" => "&".into(),
                "lt" => "<".into(),
                "gt" => ">".into(),
                "quot" => "\"".into(),
                "apos" => "'".into(),
                _ => match entities.text_of(name, repairs) {
                    Some(text) => text,
                    None => {
                        let text = named(&after[..=name.len()])?;
                        repairs.note("xml-entity-undeclared", name);
                        text
                    }
                },
            };
            Some((text, name.len() + 1))
        });
        if found.is_none() {
            repairs.note(
                if name_of(after).is_some() { "xml-entity-unknown" } else { "xml-bare-ampersand" },
                &context(after),
            );
        }
        found
    })
}

/// Resolves references as HTML does, those without semicolon included.
pub(super) fn from_html(text: &str) -> Cow<'_, str> {
    replaced(text, |after| {
        if after.starts_with('#') {
            return numeric(after, &mut Repairs::default());
        }
        let length = after.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
        if after.as_bytes().get(length) == Some(&b';')
            && let Some(text) = named(&after[..=length])
        {
            return Some((text, length + 1));
        }
        // names from the first days of HTML may lack the semicolon: the longest that fits
        let shortest_first = 2..=length.min(6);
        shortest_first.rev().find_map(|n| named(&after[..n]).map(|text| (text, n)))
    })
}

/// Replaces what `resolve` knows after each `&`: it gives the text and how many bytes after the `&` it stands for.
fn replaced(text: &str, mut resolve: impl FnMut(&str) -> Option<(String, usize)>) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let used = match resolve(after) {
            Some((text, used)) => {
                out.push_str(&text);
                used
            }
            None => {
                out.push('&');
                0
            }
        };
        let after = &after[used..];
        let next = memchr::memchr(b'&', after.as_bytes()).unwrap_or(after.len());
        out.push_str(&after[..next]);
        rest = &after[next..];
    }
    Cow::Owned(out)
}

fn context(after: &str) -> String {
    format!("&{}", after.chars().take(20).collect::<String>())
}

/// The longest name of an entity, in bytes.
const LONGEST_NAME: usize = 40;

/// The name before the semicolon of a reference.
fn name_of(after: &str) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || *byte >= 0x80;
    let length = after.bytes().take(LONGEST_NAME + 1).take_while(is_part).count();
    (length > 0 && after.as_bytes().get(length) == Some(&b';')).then(|| &after[..length])
}

fn named(name: &str) -> Option<String> {
    let (first, second) = *NAMED_ENTITIES.get(name)?;
    let first = char::from_u32(first).filter(|letter| *letter != '\0')?;
    Some([Some(first), char::from_u32(second).filter(|letter| *letter != '\0')].into_iter().flatten().collect())
}

/// `#233;` or `#xE9;`, the semicolon being optional; 128 to 159 mean what they mean in windows-1252.
fn numeric(after: &str, repairs: &mut Repairs) -> Option<(String, usize)> {
    let digits = after.strip_prefix('#')?;
    let (radix, digits) = match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => (16, hexadecimal),
        None => (10, digits),
    };
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let closed = digits.as_bytes().get(length) == Some(&b';');
    let used = after.len() - digits.len() + length + usize::from(closed);
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    if let Some((letter, more)) = surrogates(number, &after[used..]) {
        return Some((letter.to_string(), used + more));
    }
    let letter = match number {
        0x80..=0x9f => {
            repairs.note("xml-reference-windows-1252", &context(after));
            C1_REPLACEMENTS[(number - 0x80) as usize]
        }
        _ => char::from_u32(number).filter(|letter| is_allowed(*letter)),
    };
    if letter.is_none() {
        repairs.note("xml-reference-illegal", &context(after));
    }
    Some((letter.map(String::from).unwrap_or_default(), used))
}

/// One character that was written as two numbers, the halves of its UTF-16 form; `rest` follows the first.
fn surrogates(high: u32, rest: &str) -> Option<(char, usize)> {
    if !(0xd800..0xdc00).contains(&high) {
        return None;
    }
    let number = rest.strip_prefix("&#")?;
    let length = number.bytes().take(8).take_while(u8::is_ascii_alphanumeric).count();
    let (number, rest) = number.split_at(length);
    let low = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    let offset = low.checked_sub(0xdc00).filter(|offset| *offset < 0x400 && rest.starts_with(';'))?;
    let letter = char::from_u32(0x10000 + ((high - 0xd800) << 10) + offset)?;
    Some((letter, "&#;".len() + length))
}

/// Whether XML allows a character: no control characters but tab and line ends, no surrogates, no U+FFFE and U+FFFF.
pub(super) fn is_allowed(letter: char) -> bool {
    !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_knows_the_names_of_html_too() {
        let cases = [
            ("a &amp; b &lt;p&gt;", "a & b <p>"),
            ("Communiqu&eacute;&nbsp;!", "Communiqué\u{a0}!"),
            ("&#233;&#xE9;&#XE9;&#233 x", "ééé\u{e9} x"),
            ("l&#146;été &#x80;", "l’été €"),
            ("A &foo; B & C &T; AT&T", "A &foo; B & C &T; AT&T"),
            ("&#0;&#8;&#xFFFF;&#xD800;&#99999999999;", ""),
            ("&#55357;&#56832; &#xD83D;&#xDE00;", "😀 😀"),
            ("&#;&#x;&;&", "&#;&#x;&;&"),
            ("&amp;eacute;", "&eacute;"),
        ];
        for (text, expected) in cases {
            assert_eq!(resolved(text, &mut Entities::default(), &mut Repairs::default()), expected, "{text}");
        }
    }

    #[test]
    fn html_forgives_the_semicolon() {
        for (text, expected) in [
            ("caf&eacute &amp x&nbspy", "café & x\u{a0}y"),
            ("&notit;", "¬it;"),
            ("&x", "&x"),
            ("a&b=c&copy=d", "a&b=c©=d"),
        ] {
            assert_eq!(from_html(text), expected);
        }
    }

    #[test]
    fn definitions_are_used_within_limits() {
        let mut entities = Entities::default();
        let mut repairs = Repairs::default();
        let doctype = format!(
            "rss [<!ENTITY a \"Communiqu&#233;\"><!ENTITY b '&a;&a;'><!ENTITY c SYSTEM \"file:///etc/passwd\">\
             <!ENTITY % d \"x\"><!ENTITY e \"{}\"><!ENTITY f \"<b>x</b>\">]",
            "y".repeat(2000)
        );
        entities.define(&doctype, &mut repairs);
        assert_eq!(resolved("&a;|&b;|&c;|&d;|&e;|&f;", &mut entities, &mut repairs), "Communiqué|||&d;||x");
        let many = "&a;".repeat(50_000);
        assert!(resolved(&many, &mut entities, &mut repairs).len() <= BUDGET + 12);
    }
}
