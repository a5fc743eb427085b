//! # Publish: what readers see changes here and nowhere else
//!
//! Floor 4. Takes the publications that changed since the last settle, groups them into releases, tags them, gives each
//! release its rank once, ticks the clock once a batch, commits the store, then the index. The index is derived: whatever
//! happens between the two commits, [`catch_up`] mends.

mod explain;
mod follow;
mod hide;
mod import;
mod label;
mod line;
mod near;
mod present;
mod preview;
mod purge;
mod rank;
mod render;
mod review;
mod settle;
mod subjects;
mod theme;
mod write;

pub use explain::{Explained, PageStory, Story, explain};
pub use follow::{catch_up, rebuild};
pub use hide::{hide, unhide};
pub use import::{Imported, Importer};
pub use line::Line;
pub use present::{present, presentation};
pub use preview::{Moved, preview};
pub use purge::{Purged, purge, purge_again};
pub use render::beginning;
pub use review::{Conflict, Review, Weak, review};
pub use settle::settle;
pub use subjects::{Subject, former_member, former_theme};
pub use theme::{ThemeWord, say_theme, unsay_theme};

use crate::{
    index::IndexError,
    model::{ReleaseId, ThemeId},
    store::{StoreError, Tick, What},
};

/// Why nothing could be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The record failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed; the store is ahead of it, and the next [`catch_up`] mends it.
    #[error("cannot bring the index up to date: {0}")]
    Index(#[from] IndexError),
    /// The words to look for are too many.
    #[error("cannot look for what speaks of the page: {0}")]
    Mention(#[from] aho_corasick::BuildError),
    /// Neither an address nor an id.
    #[error("`{0}` is neither an address nor the id of a release")]
    NoId(String),
    /// No release of this id was ever here.
    #[error("no release `{0}`")]
    Unknown(ReleaseId),
    /// A theme that is to be added is not in the vocabulary.
    #[error("no theme `{0}` in the vocabulary")]
    UnknownTheme(ThemeId),
}

/// What a settle brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// The tick that was written; `None` when nothing visible changed.
    pub tick: Option<Tick>,
    /// Releases that readers see for the first time.
    pub new: u64,
    /// Releases whose substance changed.
    pub changed: u64,
    /// Releases that look different but say the same.
    pub dressed: u64,
    /// Releases joined into another one.
    pub merged: u64,
    /// Releases withdrawn.
    pub withdrawn: u64,
}

impl Settled {
    fn count(&mut self, what: What) {
        match what {
            What::New | What::Back => self.new += 1,
            What::Edited => self.changed += 1,
            What::Dressed => self.dressed += 1,
            What::Merged | What::Joined => self.merged += 1,
            What::Withdrawn | What::Dropped | What::Hidden | What::Purged => self.withdrawn += 1,
        }
    }
}
