//! # Which lines does a piece of the page have?
//!
//! A line is a run of inline content between two block borders or `<br>`: what a reader sees as one line or paragraph.
//! It knows its nodes, so a line can be left out even where the page gives it no element of its own.

use super::{dom::Tree, survey::Survey, tag::Tag, text::Cut};
use crate::normalise::text::fold;

/// Lines longer than this, in characters that are not blank, are never looked at for their words.
pub const SHORT: u32 = 160;

/// A run of inline content.
pub struct Line {
    /// The block it stands in.
    pub block: usize,
    /// Its nodes.
    pub from: usize,
    /// The node after its last.
    pub to: usize,
    /// Characters that are not blank.
    pub chars: u32,
    /// Of these, within links.
    pub linked: u32,
    /// Its words, folded, when it is short.
    pub words: String,
}

impl Line {
    /// Whether it is nothing but a link, or nearly.
    pub fn is_link(&self) -> bool {
        self.linked * 10 >= self.chars * 9
    }
}

/// The words of a line as they stand.
pub fn text(tree: &Tree<'_>, line: &Line) -> String {
    (line.from..line.to).filter_map(|at| tree.text(at)).collect()
}

/// The lines of the subtree of `root`, without what is cut.
pub fn of(tree: &Tree<'_>, survey: &Survey, root: usize, cut: &Cut) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false;
    let (mut at, end) = (root, tree.end(root));
    while at < end {
        if cut[at] || survey.unseen[at] {
            at = tree.end(at);
            continue;
        }
        let tag = tree.tag(at);
        if tag.is_block() || tag == Tag::Br {
            open = false;
        } else if tree.text(at).is_some() && survey.chars[at] > 0 {
            let block = survey.block[at];
            match lines.last_mut() {
                Some(line) if open && line.block == block => {
                    line.to = at + 1;
                    line.chars += survey.chars[at];
                    line.linked += survey.linked[at];
                }
                _ => {
                    let (chars, linked) = (survey.chars[at], survey.linked[at]);
                    lines.push(Line { block, from: at, to: at + 1, chars, linked, words: String::new() });
                    open = true;
                }
            }
        }
        at += 1;
    }
    for line in &mut lines {
        if line.chars <= SHORT {
            let text: String =
                (line.from..line.to).filter(|&at| !survey.unseen[at]).filter_map(|at| tree.text(at)).collect();
            line.words = fold(&text);
        }
    }
    lines
}
