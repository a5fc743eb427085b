//! A language as its primary subtag.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The primary language subtag of BCP 47 in lower case: `fr`, `en`, `pt`, `ber`. Region and script are dropped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang([u8; 3]);

/// A text that does not start with a language subtag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language: use a two- or three-letter code such as fr or en")]
pub struct BadLang(String);

impl Lang {
    /// French.
    pub const FR: Lang = Lang(*b"fr\0");
    /// English.
    pub const EN: Lang = Lang(*b"en\0");

    /// The subtag as text.
    pub fn as_str(&self) -> &str {
        let len = if self.0[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.0[..len]).unwrap_or("und")
    }
}

impl FromStr for Lang {
    type Err = BadLang;

    /// Accepts `fr`, `FR`, `fr-FR`, `fr_FR`.
    fn from_str(text: &str) -> Result<Self, BadLang> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or_default();
        if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(BadLang(text.to_owned()));
        }
        let mut code = [0; 3];
        for (to, from) in code.iter_mut().zip(primary.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Ok(Lang(code))
    }
}

impl TryFrom<String> for Lang {
    type Error = BadLang;
    fn try_from(text: String) -> Result<Self, BadLang> {
        text.parse()
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> String {
        lang.as_str().to_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lang({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_case_are_dropped() {
        assert_eq!("fr_FR".parse(), Ok(Lang::FR));
        assert_eq!("EN-gb".parse(), Ok(Lang::EN));
        assert_eq!("ber".parse::<Lang>().unwrap().as_str(), "ber");
        assert!("français".parse::<Lang>().is_err());
    }
}
