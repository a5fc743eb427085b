//! Whether a site's robots.txt lets us in, and for how long that is known.

use super::{error::Cause, robots::Robots};
use bytes::Bytes;
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// A copy is used without asking for this long.
const FRESH: Duration = Duration::from_secs(6 * 3600);

/// A copy is used while the site is out of reach for this long after it was read (RFC 9309, 2.4: at most 24 hours).
const USABLE: Duration = Duration::from_secs(24 * 3600);

/// After trouble, robots.txt is not asked for again for this long.
const AFTER_TROUBLE: Duration = Duration::from_secs(10 * 60);

/// robots.txt of one site as it was read.
#[derive(Debug, Clone)]
pub struct RobotsFile {
    /// Its address.
    pub url: String,
    /// Status of the answer: 2xx is read, 4xx allows everything.
    pub status: u16,
    /// When it was read.
    pub at: Timestamp,
    /// The body, cut at 512,000 bytes; empty where it does not exist.
    pub body: Bytes,
    /// `Sitemap` lines as written, in order.
    pub sitemaps: Vec<String>,
    /// `Crawl-delay` for us in seconds, as written.
    pub crawl_delay: Option<f64>,
}

/// A robots.txt and its rules for us.
#[derive(Debug)]
pub struct Known {
    /// As it was read.
    pub file: RobotsFile,
    /// What it allows.
    pub rules: Robots,
}

/// What is known about one site.
#[derive(Debug, Default)]
pub struct Slot {
    good: Option<(Instant, Arc<Known>)>,
    trouble: Option<(Instant, Cause)>,
}

/// What a status of robots.txt means (RFC 9309, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The body is to be read.
    Rules,
    /// There is none: everything is allowed.
    AllAllowed,
    /// The site is in trouble: nothing is allowed.
    Unreachable,
}

/// Reads a status. 429 never comes here: it pauses the host.
pub fn meaning(status: u16) -> Meaning {
    match status {
        200..=299 => Meaning::Rules,
        400..=499 => Meaning::AllAllowed,
        _ => Meaning::Unreachable,
    }
}

impl Slot {
    /// What to go by without asking; `None` when it is time to ask.
    pub fn answer(&self, now: Instant) -> Option<Result<Arc<Known>, Cause>> {
        if let Some((read, known)) = &self.good
            && now < *read + FRESH
        {
            return Some(Ok(known.clone()));
        }
        match &self.trouble {
            Some((met, cause)) if now < *met + AFTER_TROUBLE => Some(self.despite(cause, now)),
            _ => None,
        }
    }

    /// A copy was read.
    pub fn read(&mut self, known: Arc<Known>, now: Instant) {
        (self.good, self.trouble) = (Some((now, known)), None);
    }

    /// No copy could be read: the last good one still counts for a day, else the site is not entered.
    pub fn failed(&mut self, cause: Cause, now: Instant) -> Result<Arc<Known>, Cause> {
        let verdict = self.despite(&cause, now);
        self.trouble = Some((now, cause));
        verdict
    }

    fn despite(&self, cause: &Cause, now: Instant) -> Result<Arc<Known>, Cause> {
        match &self.good {
            Some((read, known)) if now < *read + USABLE => Ok(known.clone()),
            _ => Err(Cause::RobotsUnreachable(Box::new(cause.clone()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Arc<Known> {
        let file = RobotsFile {
            url: "https://site.example/robots.txt".into(),
            status: 200,
            at: Timestamp::UNIX_EPOCH,
            body: Bytes::new(),
            sitemaps: Vec::new(),
            crawl_delay: None,
        };
        Arc::new(Known { file, rules: Robots::default() })
    }

    #[test]
    fn a_copy_is_asked_for_again_within_the_day_and_outlives_trouble_for_a_day() {
        let hour = Duration::from_secs(3600);
        let start = Instant::now();
        let mut slot = Slot::default();
        assert!(slot.answer(start).is_none());
        slot.read(known(), start);
        assert!(matches!(slot.answer(start + 5 * hour), Some(Ok(_))));
        assert!(slot.answer(start + 7 * hour).is_none());
        assert!(slot.failed(Cause::Status(500), start + 7 * hour).is_ok());
        assert!(matches!(slot.answer(start + 7 * hour + hour / 12), Some(Ok(_))));
        assert!(slot.answer(start + 8 * hour).is_none());
        assert!(slot.failed(Cause::Status(500), start + 25 * hour).is_err());
        assert!(matches!(slot.answer(start + 25 * hour), Some(Err(Cause::RobotsUnreachable(_)))));
        slot.read(known(), start + 26 * hour);
        assert!(matches!(slot.answer(start + 27 * hour), Some(Ok(_))));
    }

    #[test]
    fn statuses_of_robots_txt() {
        for (status, expected) in [
            (200, Meaning::Rules),
            (206, Meaning::Rules),
            (404, Meaning::AllAllowed),
            (401, Meaning::AllAllowed),
            (403, Meaning::AllAllowed),
            (410, Meaning::AllAllowed),
            (500, Meaning::Unreachable),
            (304, Meaning::Unreachable),
            (999, Meaning::Unreachable),
        ] {
            assert_eq!(meaning(status), expected, "{status}");
        }
    }
}
