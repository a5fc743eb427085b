//! The query string of a page: decoded strictly, freed of what is not ours, and sent back clean.

use super::{
    Door,
    answer::{Failure, Visit},
    frame::with_query,
};
use crate::search::{BadParameter, Query};

/// Reads the search that a page was asked for. Tracking parameters and fields left empty in the form are dropped by a
/// redirect, so that a search has one address.
pub(super) fn query(door: &Door, visit: &Visit) -> Result<Query, Failure> {
    let pairs = pairs(&visit.query)?;
    let kept: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|(name, value)| !value.is_empty() && !is_tracking(name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let dropped = kept.len() < pairs.len();
    let query = door.engine.query(kept)?;
    if dropped {
        return Err(Failure::Elsewhere(
            with_query(&door.root(&format!("{}{}", visit.lang, visit.path)), &query),
            false,
        ));
    }
    Ok(query)
}

/// Pages without parameters of their own: tracking is dropped by a redirect, everything else is an error.
pub(super) fn none(door: &Door, visit: &Visit) -> Result<(), Failure> {
    let pairs = pairs(&visit.query)?;
    let unknown: Vec<BadParameter> = pairs
        .iter()
        .filter(|(name, _)| !is_tracking(name))
        .map(|(name, _)| BadParameter { parameter: name.clone(), message: "this page takes no parameter".to_owned() })
        .collect();
    match (unknown.is_empty(), pairs.is_empty() && visit.query.is_empty()) {
        (false, _) => Err(Failure::BadParameters(unknown)),
        (true, true) => Ok(()),
        (true, false) => Err(Failure::Elsewhere(door.root(&format!("{}{}", visit.lang, visit.path)), false)),
    }
}

/// Parameters that mailings and networks add to addresses, and that mean nothing to us.
fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_")
        || name.starts_with("mtm_")
        || name.starts_with("pk_")
        || matches!(
            name,
            "fbclid" | "gclid" | "dclid" | "msclkid" | "twclid" | "igshid" | "mc_cid" | "mc_eid" | "_hsenc" | "_hsmi"
        )
}

/// Splits and decodes `application/x-www-form-urlencoded`; a broken escape, broken UTF-8 or a control character is an
/// error that names the parameter.
fn pairs(raw: &str) -> Result<Vec<(String, String)>, Vec<BadParameter>> {
    let mut pairs = Vec::new();
    let mut refused = Vec::new();
    for part in raw.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (decode(name), decode(value)) {
            (Ok(name), Ok(value)) => pairs.push((name, value)),
            (name, value) => {
                let parameter = name.clone().unwrap_or_else(|_| name_for_people(part));
                let message = name.err().or(value.err()).unwrap_or_default().to_owned();
                refused.push(BadParameter { parameter, message });
            }
        }
    }
    if refused.is_empty() { Ok(pairs) } else { Err(refused) }
}

/// The name as sent, cut to a length that fits a sentence.
fn name_for_people(part: &str) -> String {
    part.split('=').next().unwrap_or_default().chars().take(40).collect()
}

fn decode(text: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex = [rest.next(), rest.next()].map(|digit| digit.and_then(|d| char::from(*d).to_digit(16)));
                let [Some(high), Some(low)] = hex else {
                    return Err("a percent sign must be followed by two hexadecimal digits");
                };
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            }
            other => bytes.push(*other),
        }
    }
    let decoded = String::from_utf8(bytes).map_err(|_| "the value is not valid UTF-8")?;
    match decoded.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n')) {
        true => Err("control characters are not allowed"),
        false => Ok(decoded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_value_is_an_error_that_names_its_parameter() {
        for (raw, parameter, said) in [
            ("q=%", "q", "hexadecimal"),
            ("q=%f", "q", "hexadecimal"),
            ("theme=%ff", "theme", "UTF-8"),
            ("q=a%00b", "q", "control"),
            ("x%zz=1", "x%zz", "hexadecimal"),
        ] {
            let refused = pairs(raw).unwrap_err();
            assert_eq!(refused[0].parameter, parameter, "{raw}");
            assert!(refused[0].message.contains(said), "{raw}: {}", refused[0].message);
        }
    }

    #[test]
    fn values_are_decoded_once() {
        let read = pairs("q=%C3%A9cole+%2B1&&flag&a=b=c&q=%2525").unwrap();
        let expected = [("q", "école +1"), ("flag", ""), ("a", "b=c"), ("q", "%25")];
        assert_eq!(read, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }
}
