//! Which addresses stay in shown HTML?

use crate::discover::feed::{link, reference};
use url::Url;

/// An address that may be followed: http(s) made absolute, `mailto:` and `tel:` as they are.
pub(super) fn address(raw: &str, base: Option<&Url>) -> Option<String> {
    let raw = reference::from_html(raw);
    if raw.trim_start().starts_with('#') {
        return None; // a place on a page that this is not
    }
    match link::web(&raw, base) {
        Ok(address) => Some(address),
        Err(link::Refused::Scheme) => {
            let url = link::resolved(&raw, None)?;
            matches!(url.scheme(), "mailto" | "tel").then(|| url.into())
        }
        Err(_) => None,
    }
}

/// The candidates of a `srcset`, addresses made absolute; those that lead nowhere are left out.
pub(super) fn source_set(set: &str, base: Option<&Url>) -> String {
    let mut out = String::new();
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return out;
        }
        let (source, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let alone = source.ends_with(',');
        let descriptor = if alone { "" } else { after.split(',').next().unwrap_or_default() };
        rest = &after[descriptor.len()..];
        if let Ok(address) = link::web(source.trim_end_matches(','), base) {
            if !out.is_empty() {
                out.push_str(", ");
            }
            // a comma or blank in an address would part it in two
            out.push_str(&address.replace(',', "%2C"));
            let descriptor = descriptor.trim();
            if !descriptor.is_empty() && descriptor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
                out.push(' ');
                out.push_str(descriptor);
            }
        }
    }
}
