//! Pages without a day: is it worth asking further sources?
//!
//! Where an API or a sitemap tells which pages there are, listings and further pages of feeds are left alone. Many
//! themes print no date on a page, though, and then those are the ones that know it. The first pages read tell.

use super::evidence::stored;
use super::round::Round;
use crate::cms::{self, DaySource};
use crate::model::{Draft, Kind, PageState, Precision};
use crate::store::NewTask;

/// So many news without a day, in a site not known for it, are no accident.
const ENOUGH_NEWS: u32 = 3;
/// As many pages of any kind: what is news may be told by a listing only.
const ENOUGH_PAGES: u32 = 20;

/// What the pages of a round had of days since a source of days was last asked.
#[derive(Debug, Default)]
pub(super) struct Days {
    /// News with and without a day.
    news: (u32, u32),
    /// Pages of any kind, listings aside, with and without.
    pages: (u32, u32),
    /// Sources asked in this round.
    asked: usize,
}

impl Days {
    fn note(&mut self, has_day: bool, is_item: bool) {
        let count = |(with, without): &mut (u32, u32)| if has_day { *with += 1 } else { *without += 1 };
        count(&mut self.pages);
        if is_item {
            count(&mut self.news);
        }
    }

    /// The source to ask now, if any. A site known to print no days has its listings asked at the first new page.
    fn next(&mut self, is_known_for_it: bool) -> Option<DaySource> {
        let least = if is_known_for_it && self.asked == 0 { 1 } else { ENOUGH_NEWS };
        let many = |(with, without): (u32, u32), least: u32| without >= least && without > with;
        if !many(self.news, least) && !many(self.pages, ENOUGH_PAGES) {
            return None;
        }
        let source = DaySource::ORDER.get(self.asked).copied();
        *self = Self { asked: self.asked + 1, ..Self::default() };
        source
    }
}

impl Round<'_> {
    /// Notes whether a page that was just read has a day.
    pub(super) fn note_day(&mut self, draft: &Draft, url: &str) {
        if draft.state != PageState::Live || draft.kind.kind == Kind::Listing {
            return;
        }
        let has_day = draft.published.as_ref().is_some_and(|date| date.value.precision() >= Precision::Day);
        if has_day {
            self.seen.dated(url);
        }
        self.days.note(has_day, draft.kind.kind.is_item());
    }

    /// Tasks that may bring the days that pages lack.
    pub(super) fn seek_days(&mut self, found_by: &str) -> Vec<NewTask> {
        let site = &mut self.notes.site;
        let Some(source) = self.days.next(site.lacks_days) else { return Vec::new() };
        let tasks = cms::seek_days(self.member, site, source);
        tasks.iter().map(|task| stored(task, found_by)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_days_are_asked_one_after_the_other_and_only_where_days_lack() {
        let mut days = Days::default();
        for _ in 0..40 {
            days.note(true, true);
            days.note(false, false);
        }
        assert_eq!(days.next(false), None, "standing pages have no day, and need none");
        let mut days = Days::default();
        let mut asked = Vec::new();
        for _ in 0..12 {
            days.note(false, true);
            asked.extend(days.next(false));
        }
        assert_eq!(asked, DaySource::ORDER);
        let mut days = Days::default();
        days.note(false, true);
        assert_eq!(days.next(true), Some(DaySource::Listings), "a site that is known for it is asked at once");
    }
}
