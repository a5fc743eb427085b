//! When is a member visited again?
//!
//! The time between two rounds halves when a round brought something and grows by half when it did not, within the
//! bounds of the configuration; a site that cannot be reached waits longer each time. Each member has its own task, so
//! one broken site never delays another.

use super::round::{self, Notes};
use super::{CrawlError, Crawler, Report};
use crate::config::CrawlSettings;
use crate::model::Member;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How often a waiting member looks whether the program wants to end.
const PATIENCE: Duration = Duration::from_millis(250);

/// The time between two rounds after a round that brought `news` (`None`: the site could not be reached).
pub fn next_visit(settings: &CrawlSettings, before: Duration, news: Option<bool>) -> Duration {
    let start = if before.is_zero() { settings.every_min * 4 } else { before };
    let next = match news {
        Some(true) => start / 2,
        Some(false) => start.mul_f64(1.5),
        None => start * 2,
    };
    next.clamp(settings.every_min, settings.every_max)
}

/// Visits every member on schedule until the program stops. Failures of the record are logged and tried again: the
/// newsroom goes on serving what it holds.
pub async fn run(crawler: Crawler) {
    let mut members = Vec::new();
    for member in crawler.config.members.clone() {
        let crawler = crawler.clone();
        members.push(tokio::spawn(async move { visit(&crawler, &member).await }));
    }
    for member in members {
        if let Err(error) = member.await {
            tracing::error!("a crawl ended early: {error}");
        }
    }
}

async fn visit(crawler: &Crawler, member: &Member) {
    while !crawler.is_stopping() {
        let due = due(crawler, member).unwrap_or(Timestamp::MIN);
        while crawler.store.clock().now() < due && !crawler.is_stopping() {
            tokio::time::sleep(PATIENCE).await;
        }
        if crawler.is_stopping() {
            return;
        }
        match once(crawler, member).await {
            Ok(report) => tracing::info!(member.id = %member.id, "{report}"),
            Err(error) => {
                tracing::error!(member.id = %member.id, "cannot crawl {}: {error}", member.id);
                tokio::time::sleep(PATIENCE * 40).await;
            }
        }
    }
}

fn due(crawler: &Crawler, member: &Member) -> Option<Timestamp> {
    let state = crawler.store.member(&member.id).ok()?;
    // A round that was stopped goes on at once.
    if state.round > 0 && state.ended.is_none() {
        return None;
    }
    Notes::parse(&state.memory).next
}

/// One round, and the time of the next one.
pub async fn once(crawler: &Crawler, member: &Member) -> Result<Report, CrawlError> {
    let report = round::member(crawler, member).await?;
    let state = crawler.store.member(&member.id)?;
    let mut notes = Notes::parse(&state.memory);
    let news = match report.unreachable {
        Some(_) => None,
        None => Some(report.new + report.changed + report.gone > 0),
    };
    let wait = next_visit(&crawler.config.settings.crawl, Duration::from_secs(notes.interval_s), news);
    notes.interval_s = wait.as_secs();
    let now = crawler.store.clock().now();
    notes.next = Some(now + SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(1)));
    crawler.store.put_member_memory(&member.id, &notes.text())?;
    clear_away(crawler)?;
    Ok(report)
}

/// Responses that are older than the configuration keeps them, and that nothing is read from any more, go.
fn clear_away(crawler: &Crawler) -> Result<(), CrawlError> {
    let keep = crawler.config.settings.crawl.keep_captures;
    let pruned = crawler.store.prune(SignedDuration::try_from(keep).unwrap_or(SignedDuration::MAX))?;
    if pruned.captures > 0 {
        tracing::info!(captures = pruned.captures, "{} replaced captures cleared away", pruned.captures);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_follow_the_rhythm_of_a_member_within_bounds() {
        let settings = CrawlSettings::default();
        let first = next_visit(&settings, Duration::ZERO, Some(false));
        assert!(first > settings.every_min && first < settings.every_max);
        assert!(next_visit(&settings, first, Some(true)) < first);
        assert_eq!(next_visit(&settings, settings.every_min, Some(true)), settings.every_min);
        assert_eq!(next_visit(&settings, settings.every_max, None), settings.every_max);
    }
}
