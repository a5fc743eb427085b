//! # Where do the words stand?
//!
//! Marks the words of the question in a title and in up to three passages of the text: escaped for HTML, with `<mark>`
//! as the only element, on the original letters.

use super::plan::{Plan, tokens};
use std::collections::HashSet;
use std::ops::Range;

/// Bytes of a text that are looked at.
const LOOKED_AT: usize = 64 << 10;

/// Length of a passage in characters, about.
const PASSAGE: usize = 200;

/// Passages that are shown.
const PASSAGES: usize = 3;

/// What is marked.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    stems: HashSet<&'a str>,
    prefixes: &'a [String],
}

impl<'a> Wanted<'a> {
    /// The words of a plan.
    pub fn new(plan: &'a Plan) -> Self {
        let asked = plan.asked.iter().map(|word| &word.forms);
        let stems = asked.chain(&plan.also).map(|forms| forms.stem.as_str()).collect();
        Self { stems, prefixes: &plan.prefixes }
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty() && self.prefixes.is_empty()
    }

    /// The marked words of a text: where, and a number that is the same for the same word.
    fn find(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let mut found: Vec<(Range<usize>, String)> = Vec::new();
        for token in tokens(text) {
            let forms = &token.forms;
            let is_wanted = self.stems.contains(forms.stem.as_str())
                || self.prefixes.iter().any(|prefix| forms.folded.starts_with(prefix.as_str()));
            let is_new = found.last().is_none_or(|(range, _)| token.range.start >= range.end);
            if is_wanted && is_new {
                found.push((token.range.clone(), forms.stem.clone()));
            }
        }
        found
    }
}

/// The whole text, marked; `None` when there is nothing to mark.
pub fn line(text: &str, wanted: &Wanted<'_>) -> Option<String> {
    let found = wanted.find(text);
    (!found.is_empty()).then(|| marked(text, 0..text.len(), &found))
}

/// The best passages, in the order of the text.
pub fn passages(text: &str, wanted: &Wanted<'_>) -> Vec<String> {
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    let found = wanted.find(text);
    let mut best: Vec<(usize, usize, Range<usize>)> = Vec::new();
    let mut at = 0;
    for range in cut(text) {
        while found.get(at).is_some_and(|(word, _)| word.end <= range.start) {
            at += 1;
        }
        let inside: Vec<&str> =
            found[at..].iter().take_while(|(word, _)| word.start < range.end).map(|(_, stem)| stem.as_str()).collect();
        let different: HashSet<&str> = inside.iter().copied().collect();
        if !inside.is_empty() {
            best.push((different.len(), inside.len(), range));
        }
    }
    best.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.start.cmp(&b.2.start)));
    best.truncate(PASSAGES);
    best.sort_by_key(|(_, _, range)| range.start);
    best.into_iter().map(|(_, _, range)| marked(text, range, &found)).collect()
}

/// Cuts a text into passages: at line ends, and within long lines after a sentence or else a word.
fn cut(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let mut from = start;
        while from < end {
            let rest = &text[from..end];
            let limit = rest.char_indices().nth(PASSAGE).map_or(rest.len(), |(limit, _)| limit);
            let piece = if limit == rest.len() { limit } else { break_before(rest, limit) };
            ranges.push(from..from + piece);
            from += piece;
        }
        start = end;
    }
    ranges
}

/// Where to end a passage of at most `limit` bytes.
fn break_before(text: &str, limit: usize) -> usize {
    let head = &text[..limit];
    let sentence = head.rmatch_indices(['.', '!', '?', '…']).map(|(at, end)| at + end.len());
    let sentence = sentence.into_iter().find(|end| text[*end..].starts_with(char::is_whitespace));
    let word = || head.rfind(char::is_whitespace).map(|at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    sentence.filter(|end| *end * 2 > limit).or_else(word).filter(|end| *end > 0).unwrap_or(limit)
}

/// A range of the text, escaped, with its words marked.
fn marked(text: &str, range: Range<usize>, found: &[(Range<usize>, String)]) -> String {
    let mut out = String::new();
    let mut at = range.start;
    for (word, _) in found.iter().filter(|(word, _)| word.start >= range.start && word.end <= range.end) {
        escape(&text[at..word.start], &mut out);
        out.push_str("<mark>");
        escape(&text[word.clone()], &mut out);
        out.push_str("</mark>");
        at = word.end;
    }
    escape(&text[at..range.end], &mut out);
    out.trim().to_owned()
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}
