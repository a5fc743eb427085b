//! What kind of page a publication is.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The kind of a page. Only the first three are items that readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A press release or statement.
    Release,
    /// A news article of the member.
    News,
    /// An opinion piece, open letter or joint appeal.
    Tribune,
    /// A page about what other media said.
    PressReview,
    /// A standing page: who we are, a project, a donation page.
    Page,
    /// A list of other pages: home, section, tag, archive.
    Listing,
}

/// A text that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind: use release, news, tribune, press-review, page or listing")]
pub struct BadKind(String);

impl Kind {
    /// Every kind, in the order of lists.
    pub const ALL: [Kind; 6] = [Kind::Release, Kind::News, Kind::Tribune, Kind::PressReview, Kind::Page, Kind::Listing];

    /// The kinds that are items: what doors show.
    pub const ITEMS: [Kind; 3] = [Kind::Release, Kind::News, Kind::Tribune];

    /// Whether pages of this kind become releases.
    pub fn is_item(self) -> bool {
        Self::ITEMS.contains(&self)
    }

    /// The name in addresses, files and answers, for example `press-review`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Release => "release",
            Kind::News => "news",
            Kind::Tribune => "tribune",
            Kind::PressReview => "press-review",
            Kind::Page => "page",
            Kind::Listing => "listing",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = BadKind;
    fn from_str(text: &str) -> Result<Self, BadKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| BadKind(text.to_owned()))
    }
}
