//! One rule against one path, both in one normal form (RFC 9309, 2.2.2 and 2.2.3).

use memchr::memmem;
use url::Url;

/// The path of a rule: literals between wildcards.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// What stands between the `*`; at least one, in normal form.
    literals: Vec<Vec<u8>>,
    /// Ends with `$`.
    anchored: bool,
    /// Length in octets, by which the more specific rule is found.
    pub octets: usize,
}

impl Pattern {
    /// Reads the value of an `Allow` or `Disallow` line.
    pub fn new(value: &[u8]) -> Self {
        let (body, anchored) = match value.strip_suffix(b"$") {
            Some(body) => (body, true),
            None => (value, false),
        };
        let literals: Vec<Vec<u8>> = body.split(|byte| *byte == b'*').map(normal).collect();
        let wildcards = literals.len() - 1;
        let octets = literals.iter().map(Vec::len).sum::<usize>() + wildcards + usize::from(anchored);
        Self { literals: without_doubles(literals), anchored, octets }
    }

    /// Whether `path` (in normal form) matches from its first octet. Each literal is searched once, leftmost, so the
    /// time is linear in both.
    pub fn matches(&self, path: &[u8]) -> bool {
        let Some((first, others)) = self.literals.split_first() else { return false };
        let Some(mut rest) = path.strip_prefix(first.as_slice()) else { return false };
        let Some((last, middle)) = others.split_last() else { return !self.anchored || rest.is_empty() };
        for literal in middle {
            match memmem::find(rest, literal) {
                Some(at) => rest = &rest[at + literal.len()..],
                None => return false,
            }
        }
        if self.anchored { rest.ends_with(last) } else { memmem::find(rest, last).is_some() }
    }
}

/// `**` means the same as `*`: empty literals in the middle go.
fn without_doubles(literals: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let last = literals.len() - 1;
    let kept = literals.into_iter().enumerate().filter(|(at, literal)| *at == 0 || *at == last || !literal.is_empty());
    kept.map(|(_, literal)| literal).collect()
}

/// Path and query of an address in normal form.
pub fn normal_path(url: &Url) -> Vec<u8> {
    let mut path = normal(url.path().as_bytes());
    if let Some(query) = url.query() {
        path.push(b'?');
        path.extend(normal(query.as_bytes()));
    }
    path
}

/// One spelling for each octet: escaped unreserved characters are decoded, reserved ones stay as they are written,
/// everything else is escaped with capitals. `*` and `$` are always escaped, since the bare ones have a meaning.
fn normal(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        match escaped_octet(&raw[at..]) {
            Some(octet) => {
                if is_unreserved(octet) {
                    out.push(octet)
                } else {
                    push_escaped(&mut out, octet)
                }
                at += 3;
            }
            None => {
                let octet = raw[at];
                if is_unreserved(octet) || b":/?#[]@!&'()+,;=".contains(&octet) {
                    out.push(octet)
                } else {
                    push_escaped(&mut out, octet)
                }
                at += 1;
            }
        }
    }
    out
}

fn escaped_octet(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = text else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// RFC 3986, 2.3.
fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

fn push_escaped(out: &mut Vec<u8>, octet: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'%', DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]]);
}
