//! Percent-encoding (RFC 3986, sections 2.1 and 6.2.2).

fn hex(byte: Option<&u8>) -> Option<u8> {
    byte.and_then(|&b| (b as char).to_digit(16)).map(|digit| digit as u8)
}

/// The byte that an escape at `at` stands for.
fn escape(bytes: &[u8], at: usize) -> Option<u8> {
    if bytes[at] != b'%' {
        return None;
    }
    Some(hex(bytes.get(at + 1))? * 16 + hex(bytes.get(at + 2))?)
}

/// One spelling of escapes: unreserved characters stand for themselves, hex digits are upper case, a `%` that starts
/// no escape stays.
pub(super) fn unified(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut unified = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match escape(bytes, at) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                // Never build a new escape out of an old one: in `%2%35` a plain `5` would complete `%25`.
                let completes = at >= 1 && bytes[at - 1] == b'%'
                    || at >= 2 && bytes[at - 2] == b'%' && hex(bytes.get(at - 1)).is_some();
                if completes && byte.is_ascii_hexdigit() {
                    unified.extend(bytes[at..at + 3].to_ascii_uppercase());
                } else {
                    unified.push(byte);
                }
                at += 3;
            }
            Some(_) => {
                unified.extend(bytes[at..at + 3].to_ascii_uppercase());
                at += 3;
            }
            None => {
                unified.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(unified).unwrap_or_else(|_| text.to_owned())
}

/// The text that an encoded segment stands for; broken UTF-8 becomes U+FFFD.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match escape(bytes, at) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
