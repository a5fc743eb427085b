//! What do the HTTP header and the document itself say about their letters?

use crate::model::Warning;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far a `meta` element is looked for. Browsers stop after 1 kB, but pages do not care.
const META_WITHIN: usize = 64 * 1024;

/// The declarations that name an encoding, header first, with the label as written.
pub(super) fn all(bytes: &[u8], content_type: Option<&str>, warnings: &mut Vec<Warning>) -> Vec<super::Declared> {
    let header = content_type.and_then(|value| label_after_charset(value.as_bytes()));
    let inside = xml_label(bytes).or_else(|| meta_label(&bytes[..bytes.len().min(META_WITHIN)]));
    let mut found = Vec::new();
    for label in [header, inside].into_iter().flatten() {
        match encoding_of(label) {
            Ok(encoding) => found.push((as_text(label), encoding)),
            Err(code) => warnings.push(Warning::new(code, as_text(label))),
        }
    }
    found
}

/// The encoding a label means for bytes that are not UTF-16, or the code of the warning.
fn encoding_of(label: &[u8]) -> Result<&'static Encoding, &'static str> {
    match Encoding::for_label_no_replacement(label) {
        None => Err("charset-unknown"),
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Err("charset-declared-false"),
        Some(encoding) if encoding == X_USER_DEFINED => Ok(WINDOWS_1252),
        Some(encoding) => Ok(encoding),
    }
}

fn as_text(label: &[u8]) -> String {
    String::from_utf8_lossy(&label[..label.len().min(40)]).into_owned()
}

/// The label in `<?xml version="1.0" encoding="…"?>`, which may have blanks in front.
fn xml_label(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let inside = bytes.strip_prefix(b"<?xml")?;
    let inside = &inside[..memchr::memchr(b'>', &inside[..inside.len().min(400)])?];
    value_after(inside, b"encoding")
}

/// The label of the first `<meta charset=…>` or `<meta http-equiv content="…; charset=…">` outside comments. A feed
/// may carry a whole page inside, whose `meta` is none of its business.
fn meta_label(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]) {
        let tag = &bytes[at + open + 1..];
        if tag.starts_with(b"!--") {
            at += open + 4 + memchr::memmem::find(&tag[3..], b"-->")?;
            continue;
        }
        if [&b"rss"[..], b"feed", b"rdf:RDF", b"channel", b"![CDATA["].iter().any(|root| tag.starts_with(root)) {
            return None;
        }
        if tag.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta")) {
            let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
            if let Some(label) = label_after_charset(&tag[4..end]) {
                return Some(label);
            }
        }
        at += open + 1;
    }
    None
}

fn label_after_charset(text: &[u8]) -> Option<&[u8]> {
    value_after(text, b"charset")
}

/// The value in `name = "value"`, quotes and blanks being optional; the name in any case, at the start of a word.
fn value_after<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let starts = text.windows(name.len()).enumerate().filter(|(_, window)| window.eq_ignore_ascii_case(name));
    for (start, _) in starts {
        let word_start = start == 0 || !text[start - 1].is_ascii_alphanumeric();
        let Some(rest) = text[start + name.len()..].trim_ascii_start().strip_prefix(b"=") else { continue };
        if !word_start {
            continue;
        }
        let value = rest.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value).trim_ascii_start();
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b';' | b',' | b'>' | b'/');
        let end = value.iter().position(ends).unwrap_or(value.len());
        if end > 0 {
            return Some(&value[..end]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_where_people_write_them() {
        let cases: &[(&[u8], Option<&str>)] = &[
            (b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>", Some("ISO-8859-15")),
            (b"\n <?xml version='1.0' encoding = 'utf-8' ?>", Some("utf-8")),
            (b"<?xml version='1.0'?><rss><![CDATA[<meta charset=big5>", None),
            (b"<!-- <meta charset=big5> --><META CHARSET=koi8-r>", Some("koi8-r")),
            (b"<meta http-equiv=content-type content='text/html; charset=latin1'>", Some("latin1")),
            (b"<meta name=x content=y><meta charset=\"utf-8\"/>", Some("utf-8")),
            (b"<meta content='nocharset=big5'>", None),
            (b"<meta charset=>", None),
            (b"<!-- <meta charset=big5>", None),
        ];
        for (bytes, expected) in cases {
            let found = xml_label(bytes).or_else(|| meta_label(bytes));
            assert_eq!(found.map(as_text).as_deref(), *expected, "{}", as_text(bytes));
        }
        let header = all(b"", Some("text/html; Charset=\"UTF8\" ; q=1"), &mut Vec::new());
        assert_eq!(header, [("UTF8".to_owned(), encoding_rs::UTF_8)]);
    }
}
