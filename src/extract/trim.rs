//! # What stands within the text but is none of it?
//!
//! Blocks that their names give away, lines that their words give away, cards of other posts, the title and the lines
//! about the post between title and text. Each rule leaves a block alone that holds most of the text.

use super::{
    content::Content,
    dom::Tree,
    lines::{self, Line},
    marks::Marks,
    phrases,
    survey::Survey,
    tag::Tag,
};
use crate::normalise::{date, text::fold};

/// Cuts what is none of the text out of `content`, and leaves its lines there.
pub fn run(tree: &Tree<'_>, survey: &Survey, heading: Option<usize>, host: &str, content: &mut Content) {
    let mut trim = Trim { tree, survey, root: content.root, host, cut: &mut content.cut };
    trim.by_name();
    trim.cards();
    trim.link_lists();
    trim.hover_cards();
    trim.second_links();
    let mut lines = lines::of(tree, survey, trim.root, trim.cut);
    trim.head(&lines, heading);
    trim.furniture(&lines);
    trim.tail(&lines);
    lines.retain(|line| !trim.is_gone(line));
    captions(tree, survey, content);
    content.lines = lines;
}

struct Trim<'t, 'a, 'c> {
    tree: &'t Tree<'a>,
    survey: &'t Survey,
    root: usize,
    /// Host of the page without `www.`.
    host: &'t str,
    cut: &'c mut Vec<bool>,
}

impl Trim<'_, '_, '_> {
    fn inside(&self) -> std::ops::Range<usize> {
        self.root + 1..self.tree.end(self.root)
    }

    /// Whether the block holds so much of the text that no rule may take it.
    fn is_most(&self, at: usize) -> bool {
        self.survey.prose[at] * 2 > self.survey.prose[self.root]
    }

    /// Author, date, categories, line numbers of code.
    fn by_name(&mut self) {
        for at in self.inside() {
            let marks = self.survey.marks[at];
            let short = self.survey.prose[at] < 40 && self.survey.chars[at] < 300;
            let about = marks.any(Marks::META | Marks::FOOT) && !marks.any(Marks::TEXT) && short;
            // A call to give or to join carries a button; a link to a file is an offer of the text.
            let appeal = marks.any(Marks::APPEAL)
                && self.survey.linked[at] > 0
                && self.survey.chars[at] < 600
                && !self.offers_file(at);
            if (about || appeal || marks.any(Marks::GUTTER)) && !self.is_most(at) {
                self.cut[at] = true;
            }
        }
    }

    /// Posts within the post are cards of others.
    fn cards(&mut self) {
        for at in self.inside() {
            if self.survey.is_post[at] && !self.is_most(at) && self.survey.linked[at] > 0 {
                self.cut[at] = true;
            }
        }
    }

    fn offers_file(&self, at: usize) -> bool {
        (at..self.tree.end(at))
            .filter(|&inner| self.tree.tag(inner) == Tag::A)
            .filter_map(|inner| self.tree.attr(inner, "href"))
            .any(|href| is_file(&href))
    }

    /// Lists of long links to other pages of the site, which nothing introduces, are cards of others as well.
    fn link_lists(&mut self) {
        let mut before = 0;
        for at in self.inside() {
            if self.tree.text(at).is_some_and(|text| !text.trim().is_empty())
                && !self.survey.unseen[at]
                && !self.cut[at]
            {
                before = at;
            }
            if !matches!(self.tree.tag(at), Tag::Ul | Tag::Ol)
                || self.survey.linked[at] * 20 < self.survey.chars[at] * 19
            {
                continue;
            }
            let links: Vec<usize> = (at..self.tree.end(at))
                .filter(|&inner| self.tree.tag(inner) == Tag::A && self.survey.chars[inner] > 0)
                .collect();
            let introduced = self
                .tree
                .text(before)
                .is_some_and(|text| text.trim_end().ends_with(':') || phrases::introduces_names(&fold(text)));
            let long = links.len() >= 2 && self.survey.chars[at] as usize >= 25 * links.len();
            let inner = |&link: &usize| self.tree.attr(link, "href").is_some_and(|href| self.is_inner(&href));
            if long && !introduced && links.iter().all(inner) {
                self.cut[at] = true;
            }
        }
    }

    /// Three links in a row within a phrase, with nothing between them, are a card that opens over the text.
    fn hover_cards(&mut self) {
        let (mut row, mut first) = (0, 0);
        let mut at = self.root + 1;
        while at < self.tree.end(self.root) {
            let tag = self.tree.tag(at);
            if self.survey.unseen[at] || self.cut[at] {
                at = self.tree.end(at);
                continue;
            }
            if tag == Tag::A && self.survey.chars[at] > 0 {
                first = if row == 0 { at } else { first };
                row += 1;
                if row == 3 {
                    self.cut_card(first, at);
                }
                at = self.tree.end(at);
                continue;
            }
            if tag.is_block() || self.survey.chars[at] > 0 && tag == Tag::Text {
                row = 0;
            }
            at += 1;
        }
    }

    /// Cuts the smallest `span` in a paragraph that holds the links from `first` to `last`, unless it is the paragraph.
    fn cut_card(&mut self, first: usize, last: usize) {
        let mut around = self.tree.ancestors(first).take_while(|&up| !self.tree.tag(up).is_block());
        let card = around.find(|&up| self.tree.tag(up) == Tag::Span && self.tree.holds(up, last));
        if let Some(card) = card
            && self.tree.tag(self.survey.block[card]) == Tag::P
            && self.survey.own_linked[self.survey.block[card]] * 4 < self.survey.own[self.survey.block[card]] * 3
        {
            self.cut[card] = true;
        }
    }

    /// A button beside a link to the same address says it twice: "The report" "Download".
    fn second_links(&mut self) {
        let mut before: Option<(usize, usize)> = None;
        for at in self.inside() {
            if self.tree.tag(at) != Tag::A {
                continue;
            }
            let follows = before.filter(|(_, end)| *end == at).map(|(first, _)| first);
            let same = |first| self.tree.attr(first, "href") == self.tree.attr(at, "href");
            let is_button = || {
                self.tree.attr(at, "download").is_some()
                    || self
                        .tree
                        .attr(at, "class")
                        .is_some_and(|class| class.contains("button") || class.contains("btn"))
            };
            self.cut[at] |= follows.is_some_and(same) && is_button();
            before = Some((at, self.tree.end(at)));
        }
    }

    /// Whether an address leads to another page of this site.
    fn is_inner(&self, href: &str) -> bool {
        let same_host = match href.split_once("://") {
            Some((_, rest)) => {
                rest.split('/').next().is_some_and(|host| !self.host.is_empty() && host.ends_with(self.host))
            }
            None => !href.starts_with(['#', '?']) && !href.contains(':'),
        };
        same_host && !is_file(href)
    }

    /// The title, what stands before it, and the lines about the post that follow it.
    fn head(&mut self, lines: &[Line], heading: Option<usize>) {
        let Some(heading) = heading.filter(|&heading| self.tree.holds(self.root, heading)) else {
            return self.byline(lines);
        };
        let before: u32 = lines.iter().filter(|line| line.from < heading).map(|line| line.chars).sum();
        if before * 4 < self.survey.chars[self.root] {
            for line in lines.iter().filter(|line| line.from < heading) {
                self.cut_line(line);
            }
        }
        self.cut[heading] = true;
        for line in lines.iter().filter(|line| line.from >= self.tree.end(heading)) {
            if !self.is_about(line) {
                break;
            }
            self.cut_line(line);
        }
    }

    /// Day with a time, and author, on top of a text that stands apart from its title.
    fn byline(&mut self, lines: &[Line]) {
        let mut first = lines.iter().filter(|line| !self.is_gone(line));
        let (Some(day), Some(after)) = (first.next(), first.next()) else { return };
        let timed = day.words.contains(':') && day.words.starts_with(|c: char| c.is_alphanumeric());
        if timed && self.is_about(day) {
            self.cut_line(day);
            if self.is_about(after) {
                self.cut_line(after);
            }
        }
    }

    /// Whether a line below the title says who, when and where rather than what. A dateline ("Paris, le …") is none.
    fn is_about(&self, line: &Line) -> bool {
        if line.chars >= 120 || line.words.is_empty() {
            return false;
        }
        let words = line.words.trim_start_matches(|c: char| !c.is_alphanumeric());
        if words.is_empty() {
            return true;
        }
        let by = BY.iter().any(|by| words.starts_with(by)) && !words.ends_with(['.', '!', '?', ':']);
        let reading_time = words.len() < 40 && words.contains("min") && words.contains(|c: char| c.is_ascii_digit());
        let dated = date::find(words, None).into_iter().next().is_some_and(|found| {
            let place = words[..found.range.start].trim_matches(|c: char| !c.is_alphanumeric());
            matches!(place, "" | "le" | "on" | "the") || LABELS.iter().any(|label| place.contains(label))
        });
        (line.chars < 60 && by) || reading_time || (dated && line.chars < 80 && !words.ends_with('.'))
    }

    /// Lines at the end that say when the page was put up or changed.
    fn tail(&mut self, lines: &[Line]) {
        for line in lines.iter().rev().filter(|line| !self.is_gone(line)).take(3).collect::<Vec<_>>() {
            if phrases::signs_off(&fold(&lines::text(self.tree, line))) && !self.is_most(line.block) {
                self.cut_line(line);
            }
        }
        for line in lines.iter().rev() {
            if self.is_gone(line) {
                continue;
            }
            let digits = line.words.bytes().filter(u8::is_ascii_digit).count();
            let labelled =
                LABELS.iter().any(|label| line.words.starts_with(label) || line.words.starts_with("derniere m"));
            if line.chars > 80 || !labelled || digits < 3 {
                break;
            }
            self.cut_line(line);
        }
    }

    /// Buttons, labels, links to other pages, and the sections that such headings open.
    fn furniture(&mut self, lines: &[Line]) {
        let mut at = 0;
        while at < lines.len() {
            let line = &lines[at];
            at += 1;
            if self.is_gone(line) {
                continue;
            }
            // No sentence is a link from end to end: a card.
            if line.is_link() && line.chars >= 150 {
                self.cut_line(line);
            }
            if line.words.is_empty() {
                continue;
            }
            if phrases::opens_furniture(&line.words) && self.is_heading(line) {
                at = self.cut_section(lines, at - 1);
            } else if is_furniture(line) || self.is_button(line) {
                self.cut_line(line);
            }
        }
    }

    /// A label of a button: a link that is one, or words that stand for one without leading anywhere.
    fn is_button(&self, line: &Line) -> bool {
        let pressed = self.tree.ancestors(line.from).take(4).any(|up| self.tree.tag(up) == Tag::Button);
        let is_pressed = |at: &usize| self.tree.ancestors(*at).take(3).any(|up| self.tree.tag(up) == Tag::Button);
        let texts = || (line.from..line.to).filter(|&at| self.tree.tag(at) == Tag::Text && self.survey.chars[at] > 0);
        let row = pressed && texts().count() > 1 && texts().all(|at| is_pressed(&at));
        row || ((line.is_link() || pressed) && phrases::is_button(&line.words))
            || (line.linked == 0 && phrases::opens_more(&line.words))
    }

    fn is_gone(&self, line: &Line) -> bool {
        self.cut[line.from] || self.tree.ancestors(line.from).take_while(|&up| up > self.root).any(|up| self.cut[up])
    }

    /// A heading, or a short line of its own block that looks like one.
    fn is_heading(&self, line: &Line) -> bool {
        line.chars <= 70
            && (self.tree.ancestors(line.from).take(4).any(|up| self.tree.tag(up).heading().is_some())
                || (self.survey.chars[line.block] == line.chars && !line.words.ends_with('.')))
    }

    /// Cuts the heading at `first` and what belongs to it; gives the line after. What belongs to it: the largest block
    /// that starts with it, or else the lines up to the next sentence.
    fn cut_section(&mut self, lines: &[Line], first: usize) -> usize {
        let start = lines[first].from;
        let section = self
            .tree
            .ancestors(start)
            .take_while(|&up| up != self.root && !self.is_most(up))
            .take_while(|&up| lines.iter().all(|line| line.from >= start || !self.tree.holds(up, line.from)))
            .last();
        let end = section.map_or(start, |section| self.tree.end(section));
        if let Some(section) = section {
            self.cut[section] = true;
        }
        let mut next = first + 1;
        while next < lines.len() && lines[next].from < end {
            next += 1;
        }
        // A heading alone in its block: its cards follow as neighbours.
        if next == first + 1 {
            self.cut_line(&lines[first]);
            while next < lines.len() && (lines[next].is_link() || lines[next].chars < 25) && next < first + 40 {
                self.cut_line(&lines[next]);
                next += 1;
            }
        }
        next
    }

    fn cut_line(&mut self, line: &Line) {
        cut_line(self.tree, self.survey, self.root, line, self.cut);
    }
}

/// Cuts a line: its block and the blocks that hold nothing else, or only its nodes.
pub fn cut_line(tree: &Tree<'_>, survey: &Survey, root: usize, line: &Line, cut: &mut [bool]) {
    let chars = &survey.chars;
    if chars[line.block] == line.chars && line.block != root {
        let alone = |up: &usize| *up != root && chars[*up] == line.chars;
        let outermost = tree.ancestors(line.block).take_while(alone).last().unwrap_or(line.block);
        cut[outermost] = true;
        return;
    }
    cut[line.from..line.to].fill(true);
}

/// How lines about the post begin.
const BY: &[&str] = &["by ", "par ", "von ", "por ", "ecrit par", "redige par", "written by", "temps de lecture"];

/// What stands before the day in lines about the post.
const LABELS: &[&str] = &[
    "posted",
    "published",
    "updated",
    "first published",
    "last modified",
    "publie",
    "poste",
    "mis a jour",
    "mise a jour",
    "mis en ligne",
    "modifie",
];

fn is_file(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    path.rsplit_once('.').is_some_and(|(_, end)| {
        matches!(
            end,
            "pdf"
                | "doc"
                | "docx"
                | "odt"
                | "xls"
                | "xlsx"
                | "ods"
                | "ppt"
                | "pptx"
                | "zip"
                | "mp3"
                | "mp4"
                | "jpg"
                | "jpeg"
                | "png"
        )
    })
}

fn is_furniture(line: &Line) -> bool {
    let words = &line.words;
    phrases::stands_alone(words)
        || phrases::counts_pictures(words)
        || phrases::names_locales(words)
        || phrases::asks_to_follow(words)
        || (line.linked * 2 > line.chars && phrases::leads_away(words))
}

/// Captions are shown with their picture. Those that an editor wrote into the text are words of the text as well;
/// those of a picture system (with a class of its own, often a credit) are not.
fn captions(tree: &Tree<'_>, survey: &Survey, content: &mut Content) {
    for at in content.root + 1..tree.end(content.root) {
        let is_caption =
            tree.tag(at) == Tag::Figcaption || (survey.marks[at].any(Marks::CAPTION) && survey.chars[at] < 600);
        if is_caption && !is_editors(tree, at) && survey.prose[at] * 3 < survey.prose[content.root].max(1) {
            content.mute[at] = true;
        }
    }
}

fn is_editors(tree: &Tree<'_>, at: usize) -> bool {
    let class = |at: usize| tree.attr(at, "class").unwrap_or_default();
    let by_editor =
        |class: &str| ["wp-", "gallery-caption", "blocks-gallery"].iter().any(|known| class.contains(known));
    let around: Vec<_> = [at, tree.parent(at), tree.parent(tree.parent(at))].map(class).into();
    around.iter().any(|class| by_editor(class)) || around[..2].iter().all(|class| class.is_empty())
}
