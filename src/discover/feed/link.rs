//! Which address does this mean?

use super::repairs::Repairs;
use std::borrow::Cow;
use url::Url;

/// Addresses longer than this are nobody's.
const LONGEST: usize = 8192;

/// Why an address is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is nothing.
    Empty,
    /// It leads nowhere: no address, or relative to nothing.
    Broken,
    /// Neither http nor https.
    Scheme,
}

/// An absolute http(s) address; mended on the way: white space, doubled escapes and schemes, a missing scheme.
pub(super) fn web(raw: &str, base: Option<&Url>) -> Result<String, Refused> {
    let mended = mended(raw);
    if mended.is_empty() {
        return Err(Refused::Empty);
    }
    if is_plain(&mended) {
        return Ok(mended.into_owned());
    }
    let url = resolved(&mended, base).ok_or(Refused::Broken)?;
    match url.scheme() {
        "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(url.into()),
        "http" | "https" => Err(Refused::Broken),
        _ => Err(Refused::Scheme),
    }
}

/// An absolute http(s) address; what was wrong with it is noted.
pub(super) fn noted(raw: &str, base: Option<&Url>, repairs: &mut Repairs) -> Option<String> {
    match web(raw, base) {
        Ok(address) => {
            if mended(raw) != raw.trim() {
                repairs.note("link-mended", raw.trim());
            } else if !raw.contains("://") {
                repairs.note("link-relative", raw.trim());
            }
            Some(address)
        }
        Err(Refused::Empty) => None,
        Err(Refused::Broken | Refused::Scheme) => {
            repairs.note("link-refused", raw.trim());
            None
        }
    }
}

/// An address of any scheme, resolved against `base`.
pub(super) fn resolved(raw: &str, base: Option<&Url>) -> Option<Url> {
    let raw = raw.trim();
    if raw.len() > LONGEST {
        return None;
    }
    match Url::parse(raw) {
        Ok(url) => Some(url),
        Err(url::ParseError::RelativeUrlWithoutBase) => base.and_then(|base| base.join(raw).ok()),
        Err(_) => None,
    }
}

/// Whether an address can stay as it is: http(s), host in lower case, nothing that would have to be encoded.
fn is_plain(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://").or(address.strip_prefix("http://")) else { return false };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..host_end];
    // a bare host gets its slash; a port, a user, a number or an encoded name need more than a look
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with("xn--")
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let host_fits = host.split('.').all(is_label)
        && host.rsplit_once('.').is_some_and(|(_, last)| last.bytes().all(|byte| byte.is_ascii_lowercase()));
    let path = &rest[host_end..];
    host_fits
        && path.starts_with('/')
        && address.len() <= LONGEST
        && !path.contains("/.")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~%?=&+,;:@#!$()*".contains(&byte))
        && path.matches('#').count() <= 1
}

fn mended(raw: &str) -> Cow<'_, str> {
    let is_edge = |letter: char| letter.is_whitespace() || letter.is_control() || "\u{feff}\u{200b}".contains(letter);
    let mut text = raw.trim_matches(is_edge);
    if let Some(inner) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        text = inner.trim_matches(is_edge);
    }
    // http://https://…: the later scheme is the one that was meant
    if let Some(second) = text.get(4..).and_then(|rest| rest.find("http").map(|at| at + 4))
        && matches!(&text[..second], "http://" | "https://")
        && text[second..].contains("://")
    {
        text = &text[second..];
    }
    let mut text = Cow::Borrowed(text);
    if text.contains("&amp;") {
        text = Cow::Owned(text.replace("&amp;", "&"));
    }
    if text.contains(['\n', '\r', '\t']) {
        // a line end within an address was put there by an editor, and so was the indentation after it
        text = Cow::Owned(text.split(['\n', '\r', '\t']).map(str::trim).collect());
    }
    if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) {
        text = Cow::Owned(format!("https://{text}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_mended_or_refused() {
        let base = Url::parse("https://a.example/actus/feed.xml").ok();
        let cases: &[(&str, Result<&str, Refused>)] = &[
            ("https://a.example/x", Ok("https://a.example/x")),
            ("\n  https://a.example/x\n ", Ok("https://a.example/x")),
            ("../x", Ok("https://a.example/x")),
            ("/x?a=1&amp;b=2", Ok("https://a.example/x?a=1&b=2")),
            ("//b.example/x", Ok("https://b.example/x")),
            ("www.b.example/x", Ok("https://www.b.example/x")),
            ("http://https://b.example/x", Ok("https://b.example/x")),
            ("https://a.example/été 2025", Ok("https://a.example/%C3%A9t%C3%A9%202025")),
            ("https://a.example/a\n    b", Ok("https://a.example/ab")),
            ("HTTPS://A.example", Ok("https://a.example/")),
            ("https://web.archive.org/web/http://b.example/", Ok("https://web.archive.org/web/http://b.example/")),
            ("https://a.example/x/../y", Ok("https://a.example/y")),
            ("<https://a.example/x>", Ok("https://a.example/x")),
            ("", Err(Refused::Empty)),
            ("javascript:alert(1)", Err(Refused::Scheme)),
            (" java\nscript:alert(1)", Err(Refused::Scheme)),
            ("data:text/html,x", Err(Refused::Scheme)),
            ("mailto:a@b.example", Err(Refused::Scheme)),
            ("http://", Err(Refused::Broken)),
        ];
        for (raw, expected) in cases {
            assert_eq!(web(raw, base.as_ref()).as_deref(), expected.as_deref(), "{raw}");
        }
        assert_eq!(web("x", None), Err(Refused::Broken));
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_gives_what_the_parser_gives(host in "[a-z0-9.-]{1,8}\\.[a-z0-9]{1,3}", path in "[a-zA-Z0-9/._~%?=&+,;:@#!$()*-]{0,30}") {
            let address = format!("https://{host}/{path}");
            if is_plain(&address) {
                let parsed = Url::parse(&address).map(String::from);
                proptest::prop_assert_eq!(parsed.ok(), Some(address));
            }
        }
    }
}
