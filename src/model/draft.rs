//! What reading one page gives.

use super::{DateEvidence, Kind, Lang};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// Something odd about an input that did not stop the reading: a repair, a doubt, a limit that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// A stable name, for example `title-site-name-removed`.
    pub code: Cow<'static, str>,
    /// The words or value concerned; may be empty.
    pub detail: String,
}

impl Warning {
    /// A remark named `code` about `detail`.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code: Cow::Borrowed(code), detail: detail.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.is_empty() {
            true => f.write_str(&self.code),
            false => write!(f, "{}: {}", self.code, self.detail),
        }
    }
}

/// A picture of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Absolute address.
    pub url: String,
    /// Text alternative, empty when the page gives none.
    pub alt: String,
    /// Photo credit, empty when the page gives none.
    pub credit: String,
    /// Width and height in pixels, where stated.
    pub size: Option<(u32, u32)>,
}

/// A file that the page offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Absolute address.
    pub url: String,
    /// The words of its link.
    pub title: String,
    /// Media type, from the page or the file name.
    pub media_type: String,
    /// Size in bytes, where known.
    pub bytes: Option<u64>,
}

/// A kind, and the evidence that decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindGuess {
    /// The decision.
    pub kind: Kind,
    /// The words or structure that decided, for `explain`.
    pub reason: String,
}

/// What state the address is in. Only `Live` pages become items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageState {
    /// A page with content of its own.
    #[default]
    Live,
    /// An attachment page, which shows its parent post.
    Attachment {
        /// Address of the parent.
        parent: String,
    },
    /// The page asks not to be indexed.
    NoIndex,
    /// The content is behind a password.
    Password,
    /// Answered 200, but says that there is nothing here.
    SoftGone,
    /// No text could be found.
    Empty,
}

/// What one page (or one feed entry with its page) says: pure result of reading, with remarks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The address it was read from.
    pub url: String,
    /// The canonical address that the page declares, absolute; empty when it declares none.
    pub canonical: String,
    /// Title without the site's name.
    pub title: String,
    /// Language of the text; `None` when there is too little text to tell.
    pub lang: Option<Lang>,
    /// The marker that shows a machine translation, for example `translatepress`.
    pub machine_translated: Option<String>,
    /// What kind of page it is.
    pub kind: KindGuess,
    /// What state the address is in.
    pub state: PageState,
    /// The date that leads, chosen among `dates`.
    pub published: Option<DateEvidence>,
    /// When the page says it was last edited.
    pub modified: Option<DateEvidence>,
    /// Every date with evidence, in order of trust.
    pub dates: Vec<DateEvidence>,
    /// People or organisations, never "admin".
    pub authors: Vec<String>,
    /// Lead image.
    pub image: Option<Image>,
    /// Sanitised HTML of the release, links absolute.
    pub html: String,
    /// The same as plain text: one line a block, blocks separated by one line feed.
    pub text: String,
    /// The page's own description, empty when it gives none.
    pub summary: String,
    /// Place of the dateline ("Paris"), empty when there is none.
    pub place: String,
    /// Press contacts block as plain text, kept out of `text`.
    pub contacts: String,
    /// The embargo line, when there is one.
    pub embargo: Option<String>,
    /// Standing "About" block as plain text, kept out of `text`.
    pub about: String,
    /// Files that the page offers.
    pub attachments: Vec<Attachment>,
    /// The same page in other languages, as declared by `hreflang`.
    pub translations: Vec<(Lang, String)>,
    /// Categories and tags as the site names them.
    pub categories: Vec<String>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}
