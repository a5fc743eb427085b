//! # Crawl: the conductor of the way in
//!
//! Floor 5. One round of a member: its planner says what to fetch, `fetch` asks for it, the capture is stored, the
//! document is read, and what it led to goes back into the frontier, until the frontier is empty. Then `publish` makes
//! it visible. A page that fails is reported and tried again; it never stops the others, and one broken site never
//! delays another.
//!
//! One file a part of the story: [`round`] the loop, [`evidence`] what documents say of pages and which are due,
//! `document` sources, `page` pages, `days` what to do when pages lack theirs, [`report`] what a round brought,
//! [`schedule`] when the next one is due. Beside the rounds: [`survey()`] asks what a site names, and [`audit()`] sets
//! that against what we hold, [`probe()`] drafts a member file from it.

mod ahead;
mod audit;
mod days;
mod document;
mod evidence;
mod page;
mod probe;
mod report;
mod round;
mod schedule;
mod standing;
mod survey;

pub use audit::{Absentee, Audit, Claim, Verdict, audit};
pub use probe::{Probe, Sample, Spoken, Trap, probe};
pub use report::{Progress, Report};
pub use schedule::{next_visit, once, run};
pub use survey::{Named, Survey, Surveyed, survey};

use crate::config::Config;
use crate::fetch::Fetcher;
use crate::index::Index;
use crate::publish::{self, PublishError, Settled};
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Version of the reading: raised when pages should be read again from their captures with a better reader.
pub const READER_VERSION: u32 = 2;

/// Why a round could not go on.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// The record failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was read could not be made visible.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// Everything a round needs. Cheap to clone.
#[derive(Clone)]
pub struct Crawler {
    /// The record.
    pub store: Store,
    /// The way to the network.
    pub fetcher: Fetcher,
    /// The derived index.
    pub index: Index,
    /// Members, pace, vocabulary.
    pub config: Arc<Config>,
    /// Told how rounds go, for progress bars.
    pub progress: Arc<dyn Fn(&Progress<'_>) + Send + Sync>,
    /// Set to stop after what is in flight.
    pub stop: Arc<AtomicBool>,
}

impl Crawler {
    /// Whether the program wants to end.
    pub fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Makes visible what was recorded, and brings the index up.
    pub fn publish(&self) -> Result<Settled, PublishError> {
        let settled = publish::settle(&self.store, &self.config)?;
        publish::catch_up(&self.store, &self.index)?;
        Ok(settled)
    }
}
