//! The lists of what should be looked at.

use super::{Cell, Failure, Staff, Table};
use crate::{
    labels::Labels,
    model::{Lang, Release, Tag, ThemeId},
    publish::{self, Review, ThemeWord},
    store::Word,
};
use jiff::{Timestamp, tz::TimeZone};

/// Rows of a list that are shown.
const MOST: usize = 200;

/// Makes the tables of a list.
pub(super) type Maker = fn(&Staff, &'static Labels) -> Result<Vec<Table>, Failure>;

fn text(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), href: String::new() }
}

fn link(text: impl Into<String>, href: String) -> Cell {
    Cell { text: text.into(), href }
}

fn table(l: &'static Labels, heading: &'static str, columns: &[&'static str], mut rows: Vec<Vec<Cell>>) -> Table {
    let hidden = rows.len().saturating_sub(MOST) as u64;
    rows.truncate(MOST);
    let more = if hidden > 0 { l.count("more-choices", hidden) } else { String::new() };
    let columns = columns.iter().map(|key| l.text(key).into_owned()).collect();
    Table { heading: l.text(heading).into_owned(), columns, rows, more }
}

fn moment(l: &'static Labels, at: Option<Timestamp>) -> Cell {
    text(at.map(|at| l.moment(at, &TimeZone::UTC)).unwrap_or_default())
}

fn review(staff: &Staff) -> Result<Review, Failure> {
    Ok(publish::review(&staff.store.reader(), &staff.config)?)
}

/// The first fields of every release: day and title.
fn release(l: &'static Labels, release: &Release) -> Vec<Cell> {
    let day = release.published.map(|date| l.day(date.date()));
    let day = day.unwrap_or_else(|| l.text("undated-release").into_owned());
    vec![text(day), link(release.title.clone(), format!("/staff/release/{}", release.id))]
}

fn releases(l: &'static Labels, heading: &'static str, found: &[Release]) -> Vec<Table> {
    let rows = found.iter().map(|found| release(l, found)).collect();
    vec![table(l, heading, &["staff-day", "staff-title"], rows)]
}

/// The label of a theme, and the words that decided.
fn theme(staff: &Staff, lang: Lang, tag: &Tag) -> Cell {
    let label = named(staff, lang, tag.id.as_str());
    text(if tag.evidence.is_empty() { label } else { format!("{label} ({})", tag.evidence.join(", ")) })
}

/// The label of a theme by its id; the id where the vocabulary has no such theme.
pub(super) fn named(staff: &Staff, lang: Lang, id: &str) -> String {
    let theme = ThemeId::new(id).ok().and_then(|id| staff.config.vocabulary.get(&id));
    theme.map_or(id, |theme| theme.label(lang)).to_owned()
}

pub(super) fn untagged(staff: &Staff, l: &'static Labels) -> Result<Vec<Table>, Failure> {
    Ok(releases(l, "staff-untagged", &review(staff)?.untagged))
}

pub(super) fn undated(staff: &Staff, l: &'static Labels) -> Result<Vec<Table>, Failure> {
    Ok(releases(l, "staff-undated", &review(staff)?.undated))
}

pub(super) fn weak(staff: &Staff, l: &'static Labels) -> Result<Vec<Table>, Failure> {
    let found = review(staff)?;
    let rows = found.weak.iter().map(|weak| {
        let mut row = release(l, &weak.release);
        row.push(theme(staff, l.lang(), &weak.best));
        row
    });
    Ok(vec![table(l, "staff-weak", &["staff-day", "staff-title", "staff-theme"], rows.collect())])
}

pub(super) fn conflicts(staff: &Staff, l: &'static Labels) -> Result<Vec<Table>, Failure> {
    let found = review(staff)?;
    let rows = found.conflicts.iter().map(|both| {
        let mut row = release(l, &both.release);
        row.extend([theme(staff, l.lang(), &both.category), theme(staff, l.lang(), &both.words)]);
        row
    });
    let columns = ["staff-day", "staff-title", "staff-by-category", "staff-by-words"];
    Ok(vec![table(l, "staff-conflicts", &columns, rows.collect())])
}

/// Addresses of members that are kept out, with the reasons.
pub(super) fn missing(staff: &Staff, l: &'static Labels) -> Result<Vec<Table>, Failure> {
    let mut tables = Vec::new();
    for member in &staff.config.members {
        let kept_out = staff.store.rejected(&member.id)?;
        let rows = kept_out.into_iter().map(|one| vec![text(one.reason), text(one.url), moment(l, Some(one.at))]);
        let mut of_member = table(l, "staff-missing", &["staff-reason", "staff-address", "staff-at"], rows.collect());
        of_member.heading = member.name().to_owned();
        tables.push(of_member);
    }
    Ok(tables)
}

/// What the staff said, the newest first.
pub(super) fn words(staff: &Staff, l: &'static Labels) -> Result<Vec<Table>, Failure> {
    let rows = staff.store.words()?.into_iter().map(|word| {
        let about = link(word.about.clone(), format!("/staff/release/{}", word.about));
        let said = text(says(staff, l, &word));
        vec![about, said, text(word.why), text(word.by), moment(l, Some(word.at)), moment(l, word.undone)]
    });
    let columns = ["staff-release", "staff-said", "staff-why", "staff-who", "staff-at", "staff-undone"];
    Ok(vec![table(l, "staff-words", &columns, rows.collect())])
}

/// A decision in words.
pub(super) fn says(staff: &Staff, l: &'static Labels, word: &Word) -> String {
    let theme = named(staff, l.lang(), &word.and);
    match ThemeWord::of_record(&word.word) {
        Some(ThemeWord::Add) => l.with("staff-said-add", &[("theme", theme.into())]),
        Some(ThemeWord::Remove) => l.with("staff-said-remove", &[("theme", theme.into())]),
        None if word.word == "hide" => l.text("staff-said-hide").into_owned(),
        None => format!("{} {}", word.word, word.and),
    }
}

/// How the members stand.
pub(super) fn members(staff: &Staff, l: &'static Labels) -> Result<Table, Failure> {
    let known = staff.store.reader().members()?;
    let rows = staff.config.members.iter().map(|member| {
        let status = known.iter().find(|status| status.id == member.id);
        let count = |count: Option<u64>| text(l.number(count.unwrap_or(0)));
        vec![
            text(member.name()),
            count(status.map(|status| status.releases)),
            count(status.map(|status| status.undated)),
            moment(l, status.and_then(|status| status.last_read)),
            moment(l, status.and_then(|status| status.complete_since)),
            text(status.and_then(|status| status.failing.clone()).unwrap_or_default()),
        ]
    });
    let columns =
        ["staff-member", "number-of-releases", "staff-undated", "staff-last-read", "staff-complete", "staff-error"];
    Ok(table(l, "members-heading", &columns, rows.collect()))
}

/// Feeds, sitemaps and lists that cannot be read.
pub(super) fn failing(staff: &Staff, l: &'static Labels) -> Result<Table, Failure> {
    let mut rows = Vec::new();
    for member in &staff.config.members {
        for source in staff.store.sources(&member.id)? {
            if let Some(error) = source.error {
                let since = moment(l, source.failing_since);
                rows.push(vec![text(member.name()), text(source.kind), text(source.url), text(error), since]);
            }
        }
    }
    let columns = ["staff-member", "staff-kind", "staff-address", "staff-error", "staff-since"];
    Ok(table(l, "staff-failing", &columns, rows))
}

/// How much there is to look at.
pub(super) fn counts(staff: &Staff, l: &'static Labels) -> Result<Table, Failure> {
    let found = review(staff)?;
    let lists = [
        ("untagged", "staff-untagged", found.untagged.len()),
        ("weak", "staff-weak", found.weak.len()),
        ("conflicts", "staff-conflicts", found.conflicts.len()),
        ("undated", "staff-undated", found.undated.len()),
    ];
    let rows = lists
        .into_iter()
        .map(|(name, key, count)| vec![link(l.text(key), format!("/staff/{name}")), text(l.number(count as u64))]);
    Ok(table(l, "staff-to-look-at", &["staff-list", "number-of-releases"], rows.collect()))
}
