//! # Pace: how often may we ask this host?
//!
//! Pure: the time is handed in. One request at a time per host (the queue is in `lane`), `delay` between two,
//! longer when the host is slow, when robots.txt says so, or when it answers 429 or 503.
//! With a delay of zero (tests, demo) there is no delay, no `Crawl-delay` and no budget; a pause is a pause all the same.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The longest wait between two requests, whatever robots.txt or a slow host suggests.
const MAX_DELAY: Duration = Duration::from_secs(60);

/// The shortest pause after 429 or 503, and the first one where no `Retry-After` is given.
const MIN_PAUSE: Duration = Duration::from_secs(60);

/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// So many failed connections in a row make a pause.
const FAILURES_BEFORE_PAUSE: u32 = 3;

/// The pace of one host.
#[derive(Debug, Clone)]
pub struct Pace {
    own_delay: Duration,
    daily_budget: u32,
    crawl_delay: Option<Duration>,
    /// Smoothed time of an answer.
    answer_time: Duration,
    /// The last request went out, or its answer was complete, at this time.
    last: Option<Instant>,
    paused: Option<(Instant, Timestamp)>,
    /// Pauses in a row without a good answer between them.
    pauses: u32,
    /// Failed connections in a row.
    failures: u32,
    day: Option<Date>,
    asked_today: u32,
}

/// Why the host may not be asked now, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// It is paused.
    Paused(Timestamp),
    /// The budget of the day is used up.
    Budget(Timestamp),
}

impl Pace {
    /// A host that was never asked.
    pub fn new(own_delay: Duration, daily_budget: u32) -> Self {
        Self {
            own_delay,
            daily_budget,
            crawl_delay: None,
            answer_time: Duration::ZERO,
            last: None,
            paused: None,
            pauses: 0,
            failures: 0,
            day: None,
            asked_today: 0,
        }
    }

    /// `Crawl-delay` of robots.txt in seconds; kept within our own delay and a minute.
    pub fn obey_crawl_delay(&mut self, seconds: Option<f64>) {
        self.crawl_delay = seconds.map(|seconds| clamp_seconds(seconds, self.own_delay.min(MAX_DELAY), MAX_DELAY));
    }

    /// Time between the end of one request and the start of the next.
    pub fn delay(&self) -> Duration {
        if self.own_delay.is_zero() {
            return Duration::ZERO;
        }
        // a site that needs two seconds for a page is working hard: leave it idle for twice as long
        let adaptive = (self.answer_time * 2).min(MAX_DELAY);
        self.own_delay.max(adaptive).max(self.crawl_delay.unwrap_or_default())
    }

    /// When the next request may go out, or why none may.
    pub fn may_ask(&mut self, now: Instant, time: Timestamp) -> Result<Instant, NotNow> {
        if let Some((until, said)) = self.paused
            && now < until
        {
            return Err(NotNow::Paused(said));
        }
        let today = TimeZone::UTC.to_datetime(time).date();
        if self.day != Some(today) {
            (self.day, self.asked_today) = (Some(today), 0);
        }
        if !self.own_delay.is_zero() && self.asked_today >= self.daily_budget {
            return Err(NotNow::Budget(next_day(today, time)));
        }
        Ok(self.last.map_or(now, |last| (last + self.delay()).max(now)))
    }

    /// A request goes out.
    pub fn asked(&mut self, now: Instant) {
        self.asked_today = self.asked_today.saturating_add(1);
        self.last = Some(now);
    }

    /// An answer that took `took` is complete.
    pub fn answered(&mut self, now: Instant, took: Duration) {
        self.answer_time = if self.answer_time.is_zero() { took } else { (self.answer_time * 3 + took) / 4 };
        self.last = Some(now);
        self.failures = 0;
    }

    /// A good answer: pauses begin small again.
    pub fn went_well(&mut self) {
        self.pauses = 0;
    }

    /// A request failed without an answer. After some in a row the host is left alone for a while.
    pub fn failed(&mut self, now: Instant, time: Timestamp) {
        self.last = Some(now);
        self.failures += 1;
        if self.failures >= FAILURES_BEFORE_PAUSE {
            self.failures = 0;
            self.pause(now, time, None);
        }
    }

    /// The host said 429 or 503: nothing is asked of it for as long as `Retry-After` says, between a minute and a
    /// day; without a usable value a minute, doubled with each pause in a row. Returns the end of the pause.
    pub fn pause(&mut self, now: Instant, time: Timestamp, retry_after: Option<&str>) -> Timestamp {
        let default = MIN_PAUSE.saturating_mul(1 << self.pauses.min(11)).min(MAX_PAUSE);
        let length = retry_after
            .and_then(|value| retry_after_in(value, time))
            .map_or(default, |asked| asked.clamp(MIN_PAUSE, MAX_PAUSE));
        self.pauses += 1;
        let until = time + SignedDuration::try_from(length).unwrap_or(SignedDuration::ZERO);
        self.paused = Some((now + length, until));
        until
    }

    /// A pause that was told before this process began; never longer than a day from now, however the clock stands.
    pub fn stay_paused(&mut self, now: Instant, time: Timestamp, until: Timestamp) {
        let left = Duration::try_from(until.duration_since(time)).unwrap_or_default().min(MAX_PAUSE);
        if self.paused.is_none_or(|(known, _)| known < now + left) {
            self.paused = Some((now + left, until));
        }
    }
}

/// `Retry-After` as a length from `time`: whole seconds (however many) or a date to come; `None` for anything else.
fn retry_after_in(value: &str, time: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(MAX_PAUSE, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(value).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let now = Duration::from_secs(u64::try_from(time.as_second()).ok()?);
    date.checked_sub(now)
}

fn clamp_seconds(seconds: f64, least: Duration, most: Duration) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(most).clamp(least, most)
}

fn next_day(today: Date, time: Timestamp) -> Timestamp {
    let midnight = today.tomorrow().ok().and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    midnight.unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn time() -> Timestamp {
        "2026-03-02T10:00:00Z".parse().unwrap()
    }

    fn pace(delay: Duration) -> Pace {
        Pace::new(delay, 3)
    }

    #[test]
    fn the_delay_is_ours_or_longer() {
        let now = Instant::now();
        let mut host = pace(SECOND);
        assert_eq!(host.may_ask(now, time()), Ok(now), "nothing to wait for at first");
        host.asked(now);
        host.answered(now, SECOND / 10);
        assert_eq!(host.may_ask(now, time()), Ok(now + SECOND));
        for _ in 0..30 {
            host.answered(now, 3 * SECOND);
        }
        assert!(host.delay() > 5 * SECOND && host.delay() <= 6 * SECOND, "{:?}", host.delay());
        host.answered(now, Duration::from_secs(1_000_000));
        assert_eq!(host.delay(), MAX_DELAY);
    }

    #[test]
    fn crawl_delay_is_kept_between_our_own_and_a_minute() {
        let mut host = pace(SECOND);
        for (written, seconds) in
            [(Some(0.0), 1), (Some(0.2), 1), (Some(7.0), 7), (Some(1e9), 60), (Some(f64::MAX), 60), (None, 1)]
        {
            host.obey_crawl_delay(written);
            assert_eq!(host.delay(), Duration::from_secs(seconds), "{written:?}");
        }
    }

    #[test]
    fn zero_switches_waiting_off_but_not_pauses() {
        let now = Instant::now();
        let mut host = pace(Duration::ZERO);
        host.obey_crawl_delay(Some(30.0));
        host.answered(now, 10 * SECOND);
        for _ in 0..10 {
            assert_eq!(host.may_ask(now, time()), Ok(now));
            host.asked(now);
        }
        host.pause(now, time(), None);
        assert!(host.may_ask(now, time()).is_err());
    }

    #[test]
    fn retry_after_in_every_form() {
        let cases = [
            (Some("120"), 120),
            (Some("Mon, 02 Mar 2026 10:10:00 GMT"), 600),
            (Some("1"), 60),
            (Some("0"), 60),
            (Some("99999999999999999999"), 86_400),
            (Some("Wed, 21 Oct 2099 07:28:00 GMT"), 86_400),
            (Some("Wed, 21 Oct 1999 07:28:00 GMT"), 60),
            (Some("soon"), 60),
            (Some("-5"), 60),
            (Some("+5"), 60),
            (Some(""), 60),
            (None, 60),
        ];
        let now = Instant::now();
        for (value, seconds) in cases {
            let mut host = pace(SECOND);
            let until = host.pause(now, time(), value);
            assert_eq!(until.duration_since(time()).as_secs(), seconds, "{value:?}");
            let length = Duration::from_secs(seconds.unsigned_abs());
            assert_eq!(host.may_ask(now + length - SECOND, time()), Err(NotNow::Paused(until)), "{value:?}");
            assert_eq!(host.may_ask(now + length, time()), Ok(now + length), "{value:?}");
        }
    }

    #[test]
    fn pauses_in_a_row_grow_to_a_day_and_a_good_answer_ends_the_row() {
        let now = Instant::now();
        let mut host = pace(SECOND);
        let mut lengths = Vec::new();
        for _ in 0..40 {
            lengths.push(host.pause(now, time(), None).duration_since(time()).as_secs());
        }
        assert_eq!(lengths[..4], [60, 120, 240, 480]);
        assert_eq!(lengths[39], 86_400);
        host.went_well();
        assert_eq!(host.pause(now, time(), None).duration_since(time()).as_secs(), 60);
    }

    #[test]
    fn a_pause_outlives_the_process_but_not_a_day() {
        let now = Instant::now();
        let hour = Duration::from_secs(3600);
        for (until, asked) in [("2026-03-02T12:00:00Z", 2), ("2026-03-02T09:00:00Z", 0), ("2099-01-01T00:00:00Z", 24)] {
            let mut host = pace(SECOND);
            host.stay_paused(now, time(), until.parse().unwrap());
            assert!(host.may_ask(now + hour * asked, time()).is_ok(), "{until}");
            assert_eq!(host.may_ask(now, time()).is_ok(), asked == 0, "{until}");
        }
        let mut host = pace(SECOND);
        let long = host.pause(now, time(), Some("7200"));
        host.stay_paused(now, time(), "2026-03-02T10:30:00Z".parse().unwrap());
        assert_eq!(host.may_ask(now, time()), Err(NotNow::Paused(long)), "the longer pause stays");
    }

    #[test]
    fn a_host_that_keeps_failing_is_left_alone() {
        let now = Instant::now();
        let mut host = pace(Duration::ZERO);
        host.failed(now, time());
        host.failed(now, time());
        host.answered(now, SECOND);
        host.failed(now, time());
        host.failed(now, time());
        assert!(host.may_ask(now, time()).is_ok());
        host.failed(now, time());
        assert!(matches!(host.may_ask(now, time()), Err(NotNow::Paused(_))));
    }

    #[test]
    fn the_budget_is_new_every_day_even_when_the_clock_goes_back() {
        let now = Instant::now();
        let mut host = pace(SECOND);
        for _ in 0..3 {
            assert!(host.may_ask(now, time()).is_ok());
            host.asked(now);
        }
        let midnight: Timestamp = "2026-03-03T00:00:00Z".parse().unwrap();
        assert_eq!(host.may_ask(now, time()), Err(NotNow::Budget(midnight)));
        assert!(host.may_ask(now, midnight).is_ok());
        assert!(host.may_ask(now, "2026-03-01T10:00:00Z".parse().unwrap()).is_ok());
    }
}
