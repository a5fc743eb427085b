//! Progress on a terminal: a line a member, on stderr.

use super::Global;
use crate::crawl::Progress;
use crate::model::MemberId;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::HashMap;
use std::io::{IsTerminal, stderr};
use std::sync::Mutex;

/// One bar a member; hidden where nobody looks.
pub struct Bars {
    all: MultiProgress,
    by_member: Mutex<HashMap<MemberId, ProgressBar>>,
}

impl Bars {
    /// Bars on stderr when that is a terminal and neither `--quiet` nor `--json` was given.
    pub fn new(global: &Global) -> Self {
        let seen = stderr().is_terminal() && !global.quiet && !global.json;
        let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { all: MultiProgress::with_draw_target(target), by_member: Mutex::new(HashMap::new()) }
    }

    /// Shows how a round goes.
    pub fn show(&self, progress: &Progress<'_>) {
        match progress {
            Progress::Fetched { member, url, done, left } => {
                let bar = self.bar(member);
                bar.set_length(done + left);
                bar.set_position(*done);
                bar.set_message((*url).to_owned());
            }
            Progress::Published { .. } => {}
            Progress::Ended(report) => {
                self.bar(&report.member).finish_with_message(format!("{} new, {} changed", report.new, report.changed))
            }
        }
    }

    /// Leaves the bars as they stand and gives the terminal back.
    pub fn finish(&self) {
        let _ = self.all.clear();
    }

    fn bar(&self, member: &MemberId) -> ProgressBar {
        let mut bars = self.by_member.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let fresh = || {
            let bar = self.all.add(ProgressBar::new(0));
            let style = ProgressStyle::with_template("{prefix:20} {bar:28} {pos:>5}/{len:<5} {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(member.to_string());
            bar
        };
        bars.entry(member.clone()).or_insert_with(fresh).clone()
    }
}
