//! # Which pieces beside the text belong to it?
//!
//! Systems that keep the parts of an article in fields of their own (lead, text, postscript, notes) show them as
//! neighbours. The text is then the smallest element that holds them all, without what stands between them.

use super::{dom::Tree, marks::Marks, survey::Survey};

/// Pieces taken at most.
const MOST: usize = 20;

/// The element that holds `text` and the named pieces around it; what else it holds is marked in `cut`.
/// A lead stands behind the title, which ends at `title_end`.
pub fn gather(
    tree: &Tree<'_>,
    survey: &Survey,
    outside: &[bool],
    title_end: usize,
    text: usize,
    cut: &mut [bool],
) -> usize {
    let mut pieces = vec![text];
    let mut at = 0;
    while at < tree.len() && pieces.len() < MOST {
        if is_piece(tree, survey, outside, text, at) && (at > text || at >= title_end) {
            pieces.push(at);
            at = tree.end(at);
        } else {
            at += 1;
        }
    }
    if pieces.len() == 1 {
        return text;
    }
    let holds_all = |&up: &usize| pieces.iter().all(|&piece| tree.holds(up, piece));
    let root = tree.ancestors(text).find(holds_all).unwrap_or(0);
    leave_out_others(tree, root, &pieces, cut);
    root
}

/// Whether `at` is a lead above, or a field or notes below, that belongs to `text`.
fn is_piece(tree: &Tree<'_>, survey: &Survey, outside: &[bool], text: usize, at: usize) -> bool {
    let marks = survey.marks[at];
    if !marks.any(Marks::LEAD | Marks::NOTES) || tree.holds(at, text) || tree.holds(text, at) {
        return false;
    }
    // A lead is sentences; shorter lines in its place are labels and lines about the post.
    let is_lead = marks.any(Marks::LEAD) && survey.prose[at] > 0;
    let in_place = if at < text { is_lead } else { marks.any(Marks::NOTES) };
    let is_small = survey.chars[at] > 0 && survey.chars[at] <= survey.chars[text].max(400);
    let is_text = survey.linked[at] * 3 <= survey.chars[at];
    // Of another post on the page, when that is the first element that holds both.
    let common = tree.ancestors(text).find(|&up| tree.holds(up, at)).unwrap_or(0);
    let one_post = survey.prose[common] <= 2 * survey.prose[text] + 1_000;
    in_place && is_small && is_text && one_post && !outside[at] && !survey.unseen[at] && tree.tag(at).is_block()
}

/// Marks everything in `root` that is neither one of `pieces` nor around one.
fn leave_out_others(tree: &Tree<'_>, root: usize, pieces: &[usize], cut: &mut [bool]) {
    let mut at = root + 1;
    while at < tree.end(root) {
        let is_one = pieces.contains(&at);
        if !is_one && pieces.iter().any(|&piece| tree.holds(at, piece)) {
            at += 1;
            continue;
        }
        if !is_one {
            cut[at] = true;
        }
        at = tree.end(at);
    }
}
