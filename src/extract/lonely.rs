//! # Does the page show one single day, in a place where lines about a post rarely stand?
//!
//! The last look at what a page shows, when nothing declared or shown near the title dates it: in a column beside the
//! text, at its foot, far below. Where all such lines, comments and cards of other posts aside, give one and the same
//! day, that is the day of the page; two different days are no evidence.

use super::{
    dates::Clue,
    marks::Marks,
    tag::Tag,
    text,
    visible::{self, Scene},
};
use crate::{
    model::{DateRole, DateSource, DateValue, Precision},
    normalise::date,
};

/// Longest line looked at, in characters that are not blank.
const LONGEST: u32 = 60;
/// Trust in such a day: enough to lead where there is nothing else.
const TRUST: u8 = 42;

/// The only day that the page shows.
pub fn day(scene: &Scene<'_>) -> Option<Clue> {
    let tree = scene.tree;
    let mut found: Option<(DateValue, String)> = None;
    let mut at = 0;
    while at < tree.len() {
        if is_elsewhere(scene, at) {
            at = tree.end(at);
            continue;
        }
        let Some((value, raw)) = shown(scene, at) else {
            at += 1;
            continue;
        };
        match &found {
            Some((known, _)) if known.date() != value.date() => return None,
            Some(_) => {}
            None => found = Some((value, raw)),
        }
        at = tree.end(at);
    }
    let (value, raw) = found?;
    Some(Clue::new(value, DateRole::Published, DateSource::Visible, &raw, TRUST))
}

/// What has days of its own: comments, cards, quotations, menus.
fn is_elsewhere(scene: &Scene<'_>, at: usize) -> bool {
    let marks = scene.survey.marks[at];
    matches!(scene.tree.tag(at), Tag::Blockquote | Tag::Nav | Tag::Script | Tag::Style)
        || marks.any(Marks::COMMENT | Marks::RELATED | Marks::EMBED | Marks::NAVIGATION | Marks::COOKIE)
}

/// The day in a `time` element, an element named as date, or a short line that is little else.
fn shown(scene: &Scene<'_>, at: usize) -> Option<(DateValue, String)> {
    let (tree, survey) = (scene.tree, scene.survey);
    let tag = tree.tag(at);
    let is_dated = tag == Tag::Time || survey.marks[at].any(Marks::DATE);
    let is_line = tag.is_block() && survey.own[at] > 0 && !survey.unseen[at];
    if tag == Tag::Text || survey.chars[at] > LONGEST || !(is_dated || is_line) {
        return None;
    }
    if tag == Tag::Time
        && let Some(raw) = tree.attr(at, "datetime")
        && let Some(value) = date::parse(&raw, scene.lang).filter(|value| value.precision() >= Precision::Day)
    {
        return Some((value, raw.into_owned()));
    }
    let words = text::of(tree, at, &[]).replace('\n', " ");
    let only = match date::find(&words, scene.lang).as_slice() {
        [only] => only.clone(),
        _ => return None,
    };
    let is_most = only.range.len() * 5 >= words.trim().len() * 2;
    let before = crate::normalise::text::fold(&words[..only.range.start]);
    let is_other = matches!(visible::role_of_words(&before), Some(DateRole::Event | DateRole::Modified));
    (is_most && !is_other).then_some((only.value, words))
}
