//! Text that may stand in an XML 1.0 document (section 2.2, Char).

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

/// An address with everything but printable ASCII percent-encoded, or nothing when it is no web address.
pub fn address(raw: &str) -> String {
    match url::Url::parse(raw.trim()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let text: String = url.into();
            text.replace('"', "%22").replace('<', "%3C").replace('>', "%3E").replace('\'', "%27")
        }
        _ => String::new(),
    }
}
