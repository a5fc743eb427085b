//! What did a round bring?

use crate::model::MemberId;
use crate::publish::Settled;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Counts of one round of one member, with every failure and every page kept out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whose site.
    pub member: MemberId,
    /// Requests sent, robots.txt and redirects included.
    pub requests: u64,
    /// Pages read for the first time.
    pub new: u64,
    /// Pages whose substance changed.
    pub changed: u64,
    /// Documents and pages that were as before.
    pub unchanged: u64,
    /// Pages that are gone.
    pub gone: u64,
    /// Pages looked at and kept out, counted by reason.
    pub rejected: BTreeMap<String, u64>,
    /// What failed: address and cause.
    pub failed: Vec<(String, String)>,
    /// Why the site could not be reached at all.
    pub unreachable: Option<String>,
    /// Tasks left for a later round.
    pub left: u64,
}

impl Report {
    /// An empty report.
    pub fn new(member: MemberId) -> Self {
        Self {
            member,
            requests: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            gone: 0,
            rejected: BTreeMap::new(),
            failed: Vec::new(),
            unreachable: None,
            left: 0,
        }
    }

    /// Notes a page kept out.
    pub fn reject(&mut self, reason: &str) {
        *self.rejected.entry(reason.to_owned()).or_default() += 1;
    }

    /// Counts a page as new after all that was kept out for `reason` before more was known of it.
    pub fn accept(&mut self, reason: &str) {
        if let Some(count) = self.rejected.get_mut(reason) {
            *count -= 1;
            self.new += 1;
        }
        self.rejected.retain(|_, count| *count > 0);
    }

    /// Notes a failure; the hundred first are kept.
    pub fn fail(&mut self, url: &str, cause: impl fmt::Display) {
        if self.failed.len() < 100 {
            self.failed.push((url.to_owned(), cause.to_string()));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} requests, {} new, {} changed, {} unchanged, {} gone",
            self.member, self.requests, self.new, self.changed, self.unchanged, self.gone
        )?;
        let rejected: u64 = self.rejected.values().sum();
        if rejected > 0 {
            let reasons: Vec<String> =
                self.rejected.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
            write!(f, ", {rejected} kept out ({})", reasons.join(", "))?;
        }
        if !self.failed.is_empty() {
            write!(f, ", {} failed", self.failed.len())?;
        }
        if self.left > 0 {
            write!(f, ", {} left for the next round", self.left)?;
        }
        match &self.unreachable {
            Some(why) => write!(f, "; the site cannot be reached: {why}"),
            None => Ok(()),
        }
    }
}

/// How a round goes, told after each document and each batch.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A document was handled.
    Fetched {
        /// Whose site.
        member: &'a MemberId,
        /// Its address.
        url: &'a str,
        /// Documents handled in this round so far.
        done: u64,
        /// Tasks that are known to follow.
        left: u64,
    },
    /// A batch became visible.
    Published {
        /// Whose round it was.
        member: &'a MemberId,
        /// What it brought.
        settled: &'a Settled,
    },
    /// The round ended.
    Ended(&'a Report),
}
