//! Text that every reader understands: characters of XML 1.0 (section 2.2, Char), titles, addresses.

use std::borrow::Cow;

/// `text` without characters that XML cannot carry, even escaped.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_allowed(*c)).collect())
}

fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        '\u{fdd0}'..='\u{fdef}' => false,
        c => !c.is_control() && (c as u32) & 0xfffe != 0xfffe,
    }
}

/// `text` as one line.
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title or another plain text as one line that says the same as text and as HTML. RSS does not tell which of both a
/// title is, and readers differ: what looks like a tag gets other brackets, a character reference becomes its character.
pub fn title(text: &str) -> String {
    let plain = dereferenced(&line(text));
    let mut out = String::with_capacity(plain.len());
    let mut open = false;
    for (at, c) in plain.char_indices() {
        let next = plain[at + c.len_utf8()..].chars().next();
        match c {
            '<' if next.is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?')) => {
                open = true;
                out.push('‹');
            }
            '>' if open => {
                open = false;
                out.push('›');
            }
            '&' if reference(&plain[at..]).is_some() => out.push('＆'),
            c => out.push(c),
        }
    }
    out
}

/// The five references of XML and the no-break space, written out; a title that carries them was escaped twice.
fn dereferenced(text: &str) -> String {
    let mut text = text.to_owned();
    // The ampersand last, so that each is read once.
    for (name, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", "\u{a0}"),
        ("&amp;", "&"),
    ] {
        text = text.replace(name, c);
    }
    text
}

/// The length of the character reference that `text` begins with.
fn reference(text: &str) -> Option<usize> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let digits = name.strip_prefix('#').unwrap_or(name);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(end)
}

/// `text` with the characters escaped that HTML and XML give a meaning to.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An address with everything but printable ASCII percent-encoded, or nothing when it is no web address.
pub fn address(raw: &str) -> String {
    match url::Url::parse(raw.trim()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let text: String = url.into();
            text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
                // The URL standard lets more stand than RFC 3986 does.
                match c {
                    '"' | '<' | '>' | '\'' | '|' | '\\' | '^' | '`' | '{' | '}' => {
                        out.push_str(&format!("%{:02X}", c as u32))
                    }
                    c => out.push(c),
                }
                out
            })
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{address, title};

    #[test]
    fn a_title_means_the_same_as_text_and_as_html() {
        for (raw, told) in [
            ("Paix & dialogue", "Paix & dialogue"),
            ("R&amp;D", "R&D"),
            ("Un atelier de <paix>", "Un atelier de ‹paix›"),
            ("</script><script>alert(1)</script>", "‹/script›‹script›alert(1)‹/script›"),
            ("&lt;b&gt;gras&lt;/b&gt;", "‹b›gras‹/b›"),
            ("5 < 6 > 4", "5 < 6 > 4"),
            ("&eacute; & &#233;", "＆eacute; & ＆#233;"),
            ("&amp;lt;", "＆lt;"),
            ("ligne\u{0}une\n ligne\tdeux\u{fffe}", "ligneune ligne deux"),
        ] {
            assert_eq!(title(raw), told, "{raw}");
        }
    }

    #[test]
    fn addresses_are_of_the_web_and_ascii() {
        for (raw, told) in [
            ("https://exemple.org/é?a=b&c=<d>", "https://exemple.org/%C3%A9?a=b&c=%3Cd%3E"),
            ("javascript:alert(1)", ""),
            ("/relative", ""),
            ("https://é.org/", "https://xn--9ca.org/"),
            ("https://exemple.org/a|b\\c^`{d}", "https://exemple.org/a%7Cb/c%5E%60%7Bd%7D"),
        ] {
            assert_eq!(address(raw), told, "{raw}");
        }
    }
}
