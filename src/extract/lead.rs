//! # Does a lead stand between the title and the block of the text?
//!
//! Many systems keep the first paragraph in a field of its own, beside the field of the text. It is part of what
//! readers read, so the text then begins with it. Only names tell it: most paragraphs in that place are excerpts, captions
//! and addresses.

use super::{dom::Tree, marks::Marks, survey::Survey};

/// A lead has at least so many characters of sentences; shorter lines are labels and lines about the post.
const LEAST: u32 = 60;

/// The smallest element that holds lead and text, when there is a lead; everything else in it is cut.
pub fn widen(
    tree: &Tree<'_>,
    survey: &Survey,
    outside: &[bool],
    heading: Option<usize>,
    text: usize,
    cut: &mut [bool],
) -> usize {
    let Some(lead) = heading.and_then(|heading| find(tree, survey, outside, tree.end(heading), text)) else {
        return text;
    };
    let Some(both) = tree.ancestors(lead).find(|&up| tree.holds(up, text)) else { return text };
    let mut at = both + 1;
    while at < tree.end(both) {
        if at == lead || at == text {
            at = tree.end(at);
        } else if tree.holds(at, lead) || tree.holds(at, text) {
            cut[at] = false;
            at += 1;
        } else {
            cut[at] = true;
            at = tree.end(at);
        }
    }
    both
}

/// The outermost element named as lead between the title, which ends at `from`, and the text.
fn find(tree: &Tree<'_>, survey: &Survey, outside: &[bool], from: usize, text: usize) -> Option<usize> {
    let mut at = from;
    while at < text {
        if outside[at] || survey.unseen[at] {
            at = tree.end(at);
            continue;
        }
        if survey.marks[at].any(Marks::LEAD) && !tree.holds(at, text) && survey.prose[at] >= LEAST {
            // what is as long as the text is another text, and what is mostly links a list
            let is_lead = survey.chars[at] < survey.chars[text] && survey.linked[at] * 3 < survey.chars[at];
            return is_lead.then_some(at);
        }
        at += 1;
    }
    None
}
