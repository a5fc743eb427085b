//! Names that are checked once, where they enter.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not a valid id of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what}: use {rule}")]
pub struct BadId {
    text: String,
    what: &'static str,
    rule: &'static str,
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

fn is_release_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks `text`; the error says what would have been right.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                if $check(&text) { Ok(Self(text)) } else { Err(BadId { text, what: $what, rule: $rule }) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

id!(
    /// A member's stable name, for example `action-education`: the name of its file and its value in addresses.
    MemberId, "member id", "lower-case letters, digits and single hyphens", is_slug
);
id!(
    /// A theme's stable name, for example `girls-education`: used in addresses and in the store.
    ThemeId, "theme id", "lower-case letters, digits and single hyphens", is_slug
);
id!(
    /// A release's permanent id: opaque, minted once, never reused; imported ones are kept as given.
    ReleaseId, "release id", "1 to 64 letters, digits, `.`, `_` or `-`", is_release_id
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_would_have_been_right() {
        assert!(ThemeId::new("girls-education").is_ok());
        for bad in ["", "Girls", "a--b", "-a", "é"] {
            assert!(ThemeId::new(bad).is_err(), "{bad}");
        }
        assert!(ReleaseId::new("cran.1_2-X").is_ok());
        let said = ReleaseId::new("a/b").unwrap_err().to_string();
        assert_eq!(said, "`a/b` is not a release id: use 1 to 64 letters, digits, `.`, `_` or `-`");
    }
}
