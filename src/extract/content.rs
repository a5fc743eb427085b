//! # Where is the text of the release?
//!
//! Every block is worth its sentences and costs its links; the element with the best balance holds the text
//! ([`root`]). What stands within it but is none of it is cut by [`super::trim`]. No site is named here: only words and
//! structures that themes and page builders share.

use super::{
    dom::Tree,
    lines::{self, Line},
    marks::Marks,
    pieces,
    survey::Survey,
    tag::Tag,
    trim,
};

/// The part of the page that is its text.
pub struct Content {
    /// Root of the text, its lead and notes included.
    pub root: usize,
    /// The block of the text alone: where lines about the post end and the text begins.
    pub core: usize,
    /// Nodes within blocks that stand beside the text: menus, cards, comments.
    pub outside: Vec<bool>,
    /// Subtrees that are left out, by node.
    pub cut: Vec<bool>,
    /// Lines of the text.
    pub lines: Vec<Line>,
    /// Subtrees that are left out of plain text besides: captions of pictures.
    pub mute: Vec<bool>,
}

/// Fewer links than this make no listing, however short the words beside them.
const FEW_LINKS: usize = 6;

impl Content {
    /// Share of the text, in percent, that links to other pages; 0 where there are few links.
    pub fn link_share(&self, tree: &Tree<'_>, survey: &Survey) -> u32 {
        let inside = self.root..tree.end(self.root);
        let links = inside.filter(|&at| tree.tag(at) == Tag::A && survey.chars[at] > 0 && !survey.unseen[at]).count();
        let (chars, linked) = (survey.chars[self.root], survey.linked[self.root]);
        if links < FEW_LINKS || chars == 0 { 0 } else { linked * 100 / chars }
    }
}

/// Names of blocks that are never part of a text.
fn never() -> Marks {
    Marks::SHARE
        | Marks::RELATED
        | Marks::COMMENT
        | Marks::NAVIGATION
        | Marks::SIDEBAR
        | Marks::NEWSLETTER
        | Marks::COOKIE
        | Marks::ADVERT
        | Marks::POPUP
        | Marks::AUTHOR
}

/// Finds the text; `heading` is where the title stands, `host` the host of the page without `www.`.
pub fn find(tree: &Tree<'_>, survey: &Survey, heading: Option<usize>, host: &str) -> Content {
    let aside = asides(tree, survey, heading);
    let outside = within(tree, survey, &aside, heading);
    let core = root(tree, survey, &aside, heading);
    let mut cut = aside;
    let title_end = heading.map_or(0, |heading| tree.end(heading));
    let root = pieces::gather(tree, survey, &outside, title_end, core, &mut cut);
    for (at, cut) in cut.iter_mut().enumerate() {
        *cut |= survey.unseen[at];
    }
    for up in tree.ancestors(core).chain([core]) {
        cut[up] = false;
    }
    let mut content = Content { root, core, outside, cut, lines: Vec::new(), mute: vec![false; tree.len()] };
    trim::run(tree, survey, heading, host, &mut content);
    // Names can mislead: a text that lost nearly all to them is taken as it stands.
    let left: u32 = content.lines.iter().map(|line| line.chars).sum();
    if survey.prose[root] >= 200 && left * 6 < survey.prose[root] {
        content.cut = survey.unseen.clone();
        content.lines = lines::of(tree, survey, root, &content.cut);
    }
    content
}

/// All of a tree as text: HTML that another source gives as the text.
pub fn whole(tree: &Tree<'_>, survey: &Survey, host: &str) -> Content {
    let (outside, mute) = (vec![false; tree.len()], vec![false; tree.len()]);
    let mut content = Content { root: 0, core: 0, outside, cut: survey.unseen.clone(), lines: Vec::new(), mute };
    trim::run(tree, survey, None, host, &mut content);
    content
}

/// Blocks that stand beside the text, by tag or name, but for those that hold most of the page.
fn asides(tree: &Tree<'_>, survey: &Survey, heading: Option<usize>) -> Vec<bool> {
    let all = survey.prose[0].max(1);
    let mut holds_title = vec![false; tree.len()];
    for at in (1..tree.len()).rev() {
        holds_title[at] |= tree.tag(at) == Tag::H1 || survey.marks[at].any(Marks::TEXT);
        let parent = tree.parent(at);
        holds_title[parent] |= holds_title[at];
    }
    // A card of another post leads to it; a teaser that leads nowhere is the first paragraph of this one.
    let mut leads_on = vec![false; tree.len()];
    for at in (1..tree.len()).rev() {
        leads_on[at] |= tree.tag(at) == Tag::A;
        let parent = tree.parent(at);
        leads_on[parent] |= leads_on[at];
    }
    let is_aside = |at: usize| {
        let named = matches!(tree.tag(at), Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form)
            || survey.marks[at].without(Marks::RELATED).any(never())
            || (survey.marks[at].any(Marks::RELATED) && leads_on[at]);
        let most = survey.prose[at] * 2 >= all;
        // Comments and consent may be most of a page; other names are wrong about a block that is most of it.
        let sure = survey.marks[at].any(Marks::COMMENT | Marks::COOKIE | Marks::POPUP);
        let holds_text = most && (holds_title[at] || !sure);
        let holds_heading = heading.is_some_and(|heading| tree.holds(at, heading));
        named && !holds_text && !holds_heading && !matches!(tree.tag(at), Tag::Html | Tag::Body | Tag::Main)
    };
    (0..tree.len()).map(is_aside).collect()
}

/// Nodes in asides, and in posts that are not this one.
fn within(tree: &Tree<'_>, survey: &Survey, aside: &[bool], heading: Option<usize>) -> Vec<bool> {
    let mut outside = vec![false; tree.len()];
    for at in 1..tree.len() {
        // A list named as menu and as line about the post is the latter.
        let about_post = survey.marks[at].any(Marks::META | Marks::DATE) && survey.chars[at] < 400;
        let holds_title = heading.is_none_or(|heading| tree.holds(at, heading));
        let is_other = survey.is_post[at] && !holds_title && survey.prose[at] * 2 < survey.prose[0];
        outside[at] = (aside[at] && !about_post) || is_other || outside[tree.parent(at)];
    }
    outside
}

/// The element with the best balance of sentences and links.
fn root(tree: &Tree<'_>, survey: &Survey, aside: &[bool], heading: Option<usize>) -> usize {
    let len = tree.len();
    let mut value = vec![0i64; len];
    let mut outside = vec![false; len];
    for at in 1..len {
        let foot = survey.marks[at].any(Marks::FOOT);
        outside[at] = aside[at] || foot || outside[tree.parent(at)];
    }
    for at in (0..len).rev() {
        if tree.tag(at).is_block() && !survey.unseen[at] {
            let worth = block_value(survey, tree, at, outside[at]);
            // What stands before the title is seldom the text.
            value[at] += if worth > 0 && heading.is_some_and(|heading| at < heading) { worth / 4 } else { worth };
        }
        if at > 0 {
            let here = value[at];
            value[tree.parent(at)] += here;
        }
    }
    let mut best = 0;
    for at in 0..len {
        if tree.tag(at).is_block() && !outside[at] && !survey.unseen[at] && value[at] >= value[best] {
            best = at;
        }
    }
    let best = around_paragraph(tree, &value, &outside, best);
    named_text(tree, survey, &value, &outside, cell(tree, survey, best))
}

/// A text is more than its one long paragraph: the short ones beside it are in the element around.
fn around_paragraph(tree: &Tree<'_>, value: &[i64], outside: &[bool], mut best: usize) -> usize {
    while matches!(tree.tag(best), Tag::P | Tag::Li | Tag::Blockquote | Tag::Figure | Tag::Figcaption) {
        let parent = tree.parent(best);
        if outside[parent] || value[parent] * 10 < value[best] * 9 {
            return best;
        }
        best = parent;
    }
    best
}

/// Where tables lay the page out: the cell that holds nearly all sentences of the table.
fn cell(tree: &Tree<'_>, survey: &Survey, best: usize) -> usize {
    let mut cells = (best + 1..tree.end(best)).filter(|&at| matches!(tree.tag(at), Tag::Td | Tag::Th));
    let holds_text = |&at: &usize| {
        let words = |at: usize| survey.chars[at] - survey.linked[at];
        survey.prose[at] >= 150 && survey.prose[best] - survey.prose[at] <= 200 && words(at) * 10 >= words(best) * 7
    };
    cells.rfind(holds_text).unwrap_or(best)
}

fn block_value(survey: &Survey, tree: &Tree<'_>, at: usize, outside: bool) -> i64 {
    let (own, linked) = (i64::from(survey.own[at]), i64::from(survey.own_linked[at]));
    let is_prose = tree.tag(at).heading().is_none() && linked * 2 <= own && own >= 40;
    match () {
        () if own == 0 => 0,
        () if outside => -(own / 10),
        () if is_prose => own - linked,
        () if linked * 2 > own => -linked,
        // Figures in a table say as much as sentences; those of a calendar are few.
        () if matches!(tree.tag(at), Tag::Td | Tag::Th) => own / 2,
        () => 0,
    }
}

/// The block that is named as the text of the post. One in or around the best block wins when it holds enough; else
/// the only one of the page does, unless the best holds far more.
fn named_text(tree: &Tree<'_>, survey: &Survey, value: &[i64], outside: &[bool], best: usize) -> usize {
    let named: Vec<usize> = (0..tree.len())
        .filter(|&at| {
            survey.marks[at].any(Marks::TEXT) && !outside[at] && !survey.unseen[at] && tree.tag(at).is_block()
        })
        .collect();
    let holds_share = |at: usize, share: i64| tree.holds(best, at) && value[at] * 100 >= value[best] * share;
    let inside =
        named.iter().rev().find(|&&at| holds_share(at, 95)).or_else(|| named.iter().find(|&&at| holds_share(at, 70)));
    if let Some(inside) = inside {
        return *inside;
    }
    let around =
        named.iter().rev().find(|&&at| tree.holds(at, best) && survey.chars[at] <= 3 * survey.chars[best] + 500);
    if let Some(around) = around {
        return *around;
    }
    let Some(richest) = named.iter().copied().max_by_key(|&at| value[at]) else { return best };
    let others = named.iter().filter(|&&at| !tree.holds(at, richest) && !tree.holds(richest, at));
    let is_only = others.map(|&at| value[at].max(0)).max().unwrap_or(0) * 3 < value[richest];
    let needed = if is_only { value[best] / 5 } else { value[best] / 2 };
    if value[richest] > 0 && value[richest] >= needed { richest } else { best }
}
