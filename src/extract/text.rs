//! # Which words does a reader see, and where does a line end?
//!
//! Block tags and `<br>` end a line, inline tags never touch a word: `<h3>a</h3><p>b` gives two lines, `25<sup>th</sup>`
//! one word. White space is collapsed as browsers do, except in `<pre>`.

use super::{
    dom::{Tree, What},
    tag::Tag,
};

pub use crate::normalise::text::cut;

/// Longest text of a page, in bytes; what follows is left out.
pub const LONGEST: usize = 2_000_000;

/// Nodes whose subtree is left out, by index; shorter than the tree means "none from here on".
pub type Cut = [bool];

/// The text of the subtree of `at`, one line a block, without what `cut` marks and what no reader sees.
pub fn of(tree: &Tree<'_>, at: usize, cut: &Cut) -> String {
    read(tree, at, cut).0
}

/// The same, and how many lines that a `<br>` had broken within a sentence are one again.
pub fn read(tree: &Tree<'_>, at: usize, cut: &Cut) -> (String, usize) {
    let mut lines = Lines::default();
    append(tree, at, cut, &mut lines);
    lines.finish()
}

/// Adds the text of the subtree of `at` to `lines`.
pub fn append(tree: &Tree<'_>, root: usize, cut: &Cut, lines: &mut Lines) {
    let mut open: Vec<usize> = Vec::new();
    let mut closed = false;
    let mut at = root;
    let end = tree.end(root);
    while at < end && lines.out.len() < LONGEST {
        while let Some(&top) = open.last()
            && tree.end(top) <= at
        {
            open.pop();
            lines.close(tree.tag(top));
            closed = is_laid_out(tree, top);
        }
        match &tree.nodes()[at].what {
            What::Text(_) if cut.get(at).copied().unwrap_or(false) => {}
            What::Text(text) => {
                closed = false;
                match hidden_address(tree, at, text) {
                    Some(address) => lines.push(&address),
                    None => lines.push(self::cut(text, LONGEST)),
                }
            }
            What::Element(element) => {
                let tag = element.tag;
                if cut.get(at).copied().unwrap_or(false) || (tag.is_unseen() && at != root) {
                    // A picture or a widget between two words parts them only if it stands on its own line.
                    at = tree.end(at);
                    continue;
                }
                if tag == Tag::Sup
                    && let Some(mark) = note_mark(tree, at, &lines.out)
                {
                    lines.note(&mark);
                    at = tree.end(at);
                    continue;
                }
                lines.open(tag);
                if closed && is_laid_out(tree, at) {
                    lines.seam();
                }
                closed = false;
                open.push(at);
            }
        }
        at += 1;
    }
    while let Some(top) = open.pop() {
        lines.close(tree.tag(top));
    }
}

/// Whether an inline element has a class: then style sheets may set it apart from its neighbour. Two links side by side
/// are always two things.
fn is_laid_out(tree: &Tree<'_>, at: usize) -> bool {
    let may_be = matches!(tree.tag(at), Tag::Span | Tag::Small | Tag::Label | Tag::Time | Tag::Button | Tag::Strong);
    tree.tag(at) == Tag::A || (may_be && tree.attr(at, "class").is_some())
}

/// The sign of a note, `1` or `*`, when a superscript is one: not an ordinal, not an exponent. `before` is the text up
/// to it.
fn note_mark(tree: &Tree<'_>, at: usize, before: &str) -> Option<String> {
    let text = tree.raw_text(at);
    let mark = text.trim().trim_matches(['(', ')', '[', ']']);
    let is_number = (1..=3).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    if !is_number && !matches!(mark, "*" | "**" | "†" | "‡") {
        return None;
    }
    let is_link = tree.tag(tree.parent(at)) == Tag::A || (at..tree.end(at)).any(|inner| tree.tag(inner) == Tag::A);
    let word = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
    let unit = word.chars().rev().take_while(|c| c.is_alphabetic()).count();
    let is_power = word == "10" || unit < 3;
    let ends_a_word = word.ends_with(|c: char| c.is_alphabetic()) && !is_power;
    let ends_a_figure = word != "10"
        && word.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '%' | ')' | '»' | '"' | '”' | '.' | ','));
    (is_link || text.trim() != mark || ends_a_word || ends_a_figure).then(|| mark.to_owned())
}

/// The address behind "[email protected]": the common guard against address collectors keeps it in an attribute, the
/// first byte being the key of the rest.
fn hidden_address(tree: &Tree<'_>, at: usize, text: &str) -> Option<String> {
    if !text.trim_start().starts_with("[email") {
        return None;
    }
    let around = tree.ancestors(at).take(2);
    let code = around.filter_map(|up| {
        let link = || {
            tree.attr(up, "href").and_then(|href| href.split_once("email-protection#").map(|(_, code)| code.to_owned()))
        };
        tree.attr(up, "data-cfemail").map(|code| code.into_owned()).or_else(link)
    });
    let code = code.into_iter().next()?;
    let bytes: Vec<u8> =
        (0..code.len() / 2).filter_map(|n| u8::from_str_radix(code.get(2 * n..2 * n + 2)?, 16).ok()).collect();
    let (key, rest) = bytes.split_first()?;
    String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).ok().filter(|address| address.contains('@'))
}

/// Lines of text as they grow.
#[derive(Default)]
pub struct Lines {
    out: String,
    /// White space was seen since the last word of this line.
    blank: bool,
    pre: usize,
    /// Two elements with a layout of their own meet here.
    seam: bool,
}

impl Lines {
    /// Ends the line, unless it is empty.
    pub fn end_line(&mut self) {
        self.blank = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn open(&mut self, tag: Tag) {
        match tag {
            Tag::Pre => {
                self.end_line();
                self.pre += 1;
            }
            Tag::Td | Tag::Th => self.cell(),
            Tag::Br => self.break_line(),
            _ if tag.is_block() => self.end_line(),
            _ => {}
        }
    }

    fn close(&mut self, tag: Tag) {
        match tag {
            Tag::Pre => {
                self.pre = self.pre.saturating_sub(1);
                self.end_line();
            }
            Tag::Td | Tag::Th => self.blank = true,
            _ if tag.is_block() => self.end_line(),
            _ => {}
        }
    }

    /// The sign of a note, in brackets so that it never touches a figure.
    fn note(&mut self, mark: &str) {
        self.blank |= !self.out.is_empty();
        self.push(&format!("[{mark}]"));
    }

    /// Cells of a row stand on one line, parted by a tab.
    fn cell(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(['\n', '\t']) {
            self.out.push('\t');
        }
        self.blank = false;
    }

    /// Marks that two elements with a layout of their own meet: "Getty Images" and "Image caption" are no one word.
    fn seam(&mut self) {
        self.seam = true;
    }

    fn push(&mut self, text: &str) {
        if std::mem::take(&mut self.seam) && text.starts_with(char::is_uppercase) {
            let last = self.out.chars().next_back();
            self.blank |= last.is_some_and(|c| {
                c.is_lowercase() || c.is_ascii_digit() || matches!(c, '.' | ',' | ')' | ':' | '!' | '?')
            });
        }
        if self.pre > 0 {
            self.out.push_str(text);
            return;
        }
        // NBSP is a character of the text, not white space of the source.
        let is_blank = |c: char| matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}');
        let mut rest = text;
        while !rest.is_empty() {
            let word_end = rest.find(is_blank).unwrap_or(rest.len());
            if word_end > 0 {
                if self.blank && !self.out.is_empty() && !self.out.ends_with(['\n', '\t', ' ', BREAK]) {
                    self.out.push(' ');
                }
                self.out.push_str(&rest[..word_end]);
                self.blank = false;
            }
            let after = rest[word_end..].trim_start_matches(is_blank);
            self.blank |= after.len() < rest.len() - word_end;
            rest = after;
        }
    }

    /// A break within a block: where it falls into a sentence it is one of layout.
    fn break_line(&mut self) {
        self.blank = false;
        if !self.out.is_empty() && !self.out.ends_with(['\n', BREAK]) {
            self.out.push(BREAK);
        }
    }

    /// The lines, without empty ones.
    fn finish(mut self) -> (String, usize) {
        self.end_line();
        let mut text = String::with_capacity(self.out.len());
        let mut joined = 0;
        for line in self.out.lines() {
            let mut before: Option<&str> = None;
            for part in line.split(BREAK).map(str::trim_end).filter(|part| !part.trim().is_empty()) {
                let join = before.is_some_and(|before| is_one_sentence(before, part));
                joined += usize::from(join);
                if !text.is_empty() {
                    text.push(if join { ' ' } else { '\n' });
                }
                text.push_str(part);
                before = Some(part);
            }
        }
        (text, joined)
    }
}

/// Stands for `<br>` until the lines are put together.
const BREAK: char = '\u{2028}';
/// A line this long that ends in the middle of a sentence was broken to fit a column.
const COLUMN: usize = 45;

/// Whether a sentence goes on over a break: a long line without an end, and a small letter to follow.
fn is_one_sentence(before: &str, after: &str) -> bool {
    before.chars().count() >= COLUMN
        && before.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        && after.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_neither_glued_nor_split() {
        for (html, expected) in [
            ("<p>a</p><p>b", "a\nb"),
            ("<h3>a</h3>b<br>c", "a\nb\nc"),
            ("<p>Tel.<br>\n01<br><br>mail", "Tel.\n01\nmail"),
            (
                "<p>A line that was broken to fit into a column of<br>some old letter<br>Dakar",
                "A line that was broken to fit into a column of some old letter\nDakar",
            ),
            ("<p>25<sup>th</sup> of <i>X</i>IX<b>e</b>", "25th of XIXe"),
            (
                "<p>5'000 pupils<sup>1</sup>, 24%<sup>(2)</sup> of 5000<sup>3</sup>",
                "5'000 pupils [1], 24% [2] of 5000 [3]",
            ),
            ("<p>12 m<sup>2</sup>, 10<sup>6</sup>, a<sup><a href=#n>4</a></sup>", "12 m2, 106, a [4]"),
            ("<p><a href=x>The report</a><a href=x class=b>Download</a>", "The report Download"),
            ("<p>one <b>two</b> three\n  four", "one two three four"),
            ("<p>one<b> two </b>three", "one two three"),
            ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c", "a\tb\nc"),
            ("<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>", "a\nb"),
            ("<pre>  x\n   y</pre>z", "  x\n   y\nz"),
            ("a<script>x</script>b<img src=x>c", "abc"),
            ("<p><span class=x>Getty Images</span><span class=y>Image of Dakar</span>", "Getty Images Image of Dakar"),
            ("<p><span class=x>T</span><span class=y>he</span> <b>Mc</b><b>Donald</b>", "The McDonald"),
            ("<p>a\u{a0}: b", "a\u{a0}: b"),
            ("<p>to <a href=x data-cfemail='206160620e4358'>[email&#160;protected]</a> b", "to A@B.cx b"),
        ] {
            let tree = Tree::parse(html, &mut Vec::new());
            assert_eq!(of(&tree, 0, &[]), expected, "{html}");
        }
    }
}
