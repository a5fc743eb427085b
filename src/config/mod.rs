//! # Config: the folder an editor changes, read into plain values
//!
//! Floor 1. All mistakes are reported at once, each with file and line, and the nearest right name.

mod settings;
mod themes;

pub use settings::{CrawlSettings, FetchSettings, ServerSettings, Settings};

pub use themes::{ThemeMistake, read_themes};

use crate::model::{Member, Vocabulary};

/// Everything the folder says. `Default` is an empty folder.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `communique.toml`.
    pub settings: Settings,
    /// `members/*.toml`, by id.
    pub members: Vec<Member>,
    /// `themes.ttl`; empty without one.
    pub vocabulary: Vocabulary,
    /// `themes.ttl` as written, served at `/themes.ttl`.
    pub vocabulary_source: String,
}
