//! # Where is the text of the release?

use super::{
    dom::{Tree, What},
    tag::Tag,
};

/// The part of the page that is its text.
pub struct Content {
    /// Root of the text.
    pub root: usize,
    /// Subtrees that are left out, by node.
    pub cut: Vec<bool>,
}

/// Words in `class` and `id` of blocks that are never part of a text.
const ASIDE: &[&str] = &[
    "share",
    "sharing",
    "sharedaddy",
    "social",
    "related",
    "relatedposts",
    "newsletter",
    "cookie",
    "cookies",
    "comments",
    "comment",
    "breadcrumb",
    "breadcrumbs",
    "sidebar",
    "menu",
    "nav",
    "navigation",
    "pagination",
    "pager",
    "widget",
    "postmeta",
    "byline",
    "tags",
    "sr-only",
    "screen-reader-text",
];

/// Classes that themes give to the text itself.
const TEXT: &[&str] = &[
    "entry-content",
    "post-content",
    "article-content",
    "post-body",
    "article-body",
    "articlebody",
    "entry",
    "content",
    "main",
];

/// Finds the text.
pub fn find(tree: &Tree<'_>) -> Content {
    let mut cut = vec![false; tree.len()];
    for (at, cut) in cut.iter_mut().enumerate() {
        if let What::Element(element) = &tree.nodes()[at].what {
            *cut = matches!(element.tag, Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Button)
                || is_aside(tree, at);
        }
    }
    let root = best(tree, &cut).unwrap_or(0);
    for up in tree.ancestors(root).chain([root]) {
        cut[up] = false;
    }
    Content { root, cut }
}

fn has_word(tree: &Tree<'_>, at: usize, is: impl Fn(&str) -> bool) -> bool {
    let Some(attrs) = tree.attrs(at) else { return false };
    attrs
        .iter()
        .filter(|(name, _)| matches!(*name, "class" | "id"))
        .any(|(_, value)| value.raw().split_whitespace().any(|word| is(&word.to_lowercase())))
}

fn is_aside(tree: &Tree<'_>, at: usize) -> bool {
    has_word(tree, at, |word| ASIDE.contains(&word) || word.split(['-', '_']).any(|part| ASIDE.contains(&part)))
        && !matches!(tree.tag(at), Tag::Body | Tag::Html)
}

/// The node with the most text in paragraphs outside links; of equals, the one whose class speaks of text.
fn best(tree: &Tree<'_>, cut: &[bool]) -> Option<usize> {
    let mut score = vec![0.0f32; tree.len()];
    let mut at = 0;
    while at < tree.len() {
        if cut[at] || (tree.tag(at).is_unseen() && at > 0) {
            at = tree.end(at);
            continue;
        }
        if let Some(text) = tree.text(at) {
            let letters = text.trim().len() as f32;
            let linked = tree.ancestors(at).take(4).any(|up| tree.tag(up) == Tag::A);
            let mut share = if linked { -letters / 2.0 } else { letters };
            for up in tree.ancestors(at) {
                score[up] += share;
                if !matches!(
                    tree.tag(up),
                    Tag::P | Tag::A | Tag::Span | Tag::B | Tag::Strong | Tag::Em | Tag::I | Tag::Li | Tag::Ul
                ) {
                    share *= 0.8;
                }
            }
        }
        at += 1;
    }
    for (at, score) in score.iter_mut().enumerate() {
        if has_word(tree, at, |word| TEXT.contains(&word)) || matches!(tree.tag(at), Tag::Article | Tag::Main) {
            *score *= 1.3;
        }
    }
    (0..tree.len()).filter(|&at| tree.tag(at).is_block()).max_by(|a, b| score[*a].total_cmp(&score[*b]))
}
