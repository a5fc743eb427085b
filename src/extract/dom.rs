//! # Which elements does this page have?
//!
//! html5ever builds the tree as a browser would, behind a guard that keeps depth, attributes and nodes within bounds;
//! [`Tree`] then lays it out flat in document order, so that every later question is a loop over a slice: the subtree
//! of node `n` is `n..tree.end(n)`. Nothing here recurses.

use super::tag::Tag;
use crate::model::Warning;
use ego_tree::iter::Edge;
use html5ever::{
    buffer_queue::BufferQueue,
    tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};
use scraper::{Html, HtmlTreeSink, node::Element};
use std::cell::Cell;

/// As browsers do, elements deeper than this are taken as siblings.
const MAX_DEPTH: usize = 512;
/// What is parsed of a page, in bytes of decoded text.
const MAX_BYTES: usize = 16 << 20;
/// Nodes after which the rest of the page is left out.
const MAX_NODES: usize = 250_000;
/// Attributes of one tag; html5ever compares each with all before it.
const MAX_ATTRIBUTES: usize = 512;
/// A tag shorter than this cannot hold enough attributes to matter.
const LONG_TAG: usize = 1024;

/// A parsed page, or a parsed piece of HTML.
pub struct Dom {
    html: Html,
}

impl Dom {
    /// Parses `text`; limits that were reached are named.
    pub fn parse(text: &str) -> (Self, Vec<Warning>) {
        let mut warnings = Vec::new();
        let mut kept = text;
        if text.len() > MAX_BYTES {
            kept = super::text::cut(text, MAX_BYTES);
            warnings.push(Warning::new("page-cut", format!("{} bytes, {MAX_BYTES} read", text.len())));
        }
        let cut = cut_attribute_floods(kept);
        if cut.is_some() {
            warnings.push(Warning::new("attributes-cut", format!("a tag has more than {MAX_ATTRIBUTES} attributes")));
        }
        let guard = Guard::new();
        let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(cut.as_deref().unwrap_or(kept).into());
        // A script end only asks for a pause; there is nothing to run, so reading goes on.
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        tokenizer.end();
        let guard = tokenizer.sink;
        if guard.dropped_deep.get() > 0 {
            warnings
                .push(Warning::new("depth-cut", format!("{} tags deeper than {MAX_DEPTH}", guard.dropped_deep.get())));
        }
        if guard.full.get() {
            warnings.push(Warning::new("nodes-cut", format!("more than {MAX_NODES} nodes")));
        }
        (Self { html: guard.builder.sink.0.into_inner() }, warnings)
    }

    /// The tree laid out flat.
    pub fn tree(&self) -> Tree<'_> {
        Tree::new(&self.html)
    }
}

/// Leaves out what follows the last allowed attribute of a tag; `None` when no tag has too many.
fn cut_attribute_floods(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut cut: Option<String> = None;
    let (mut from, mut copied) = (0, 0);
    while let Some(open) = memchr::memchr(b'<', &bytes[from..]).map(|at| from + at) {
        from = open + 1;
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let near = &bytes[open..bytes.len().min(open + LONG_TAG)];
        if memchr::memchr(b'>', near).is_some() {
            continue;
        }
        let (limit, end) = long_tag(bytes, open);
        if let Some(limit) = limit {
            let out = cut.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(&text[copied..limit]);
            copied = end;
        }
        from = end.max(from);
    }
    if let Some(out) = &mut cut {
        out.push_str(&text[copied..]);
    }
    cut
}

/// Where the allowed attributes of the tag at `open` end (when there are more), and where the tag ends.
fn long_tag(bytes: &[u8], open: usize) -> (Option<usize>, usize) {
    let (mut at, mut attributes, mut limit) = (open, 0, None);
    let mut blank = false;
    while at < bytes.len() && bytes[at] != b'>' {
        match bytes[at] {
            // A quote that follows `=` holds a value; it ends at the same quote.
            quote @ (b'"' | b'\'') if bytes[..at].trim_ascii_end().last() == Some(&b'=') => {
                at += memchr::memchr(quote, &bytes[at + 1..]).map_or(0, |end| end + 1);
                blank = true;
            }
            b if b.is_ascii_whitespace() || b == b'/' => blank = true,
            _ if blank => {
                blank = false;
                attributes += 1;
                if attributes > MAX_ATTRIBUTES && limit.is_none() {
                    limit = Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (limit, at)
}

/// Stands between tokenizer and tree builder, whose time grows with the square of the depth (html5ever issue 788).
struct Guard {
    builder: TreeBuilder<ego_tree::NodeId, HtmlTreeSink>,
    /// Start tags less end tags since the depth was last measured: never less than the depth, but for odd markup.
    open: Cell<usize>,
    /// Start tags left out whose end tags are still to come.
    skipped: Cell<usize>,
    dropped_deep: Cell<usize>,
    full: Cell<bool>,
}

impl Guard {
    fn new() -> Self {
        let sink = HtmlTreeSink::new(Html::new_document());
        Self {
            builder: TreeBuilder::new(sink, TreeBuilderOpts::default()),
            open: Cell::new(0),
            skipped: Cell::new(0),
            dropped_deep: Cell::new(0),
            full: Cell::new(false),
        }
    }

    /// Whether a start tag must be left out.
    fn too_deep(&self) -> bool {
        if self.skipped.get() > 0 {
            return true;
        }
        self.open.set(self.open.get() + 1);
        if self.open.get() < MAX_DEPTH {
            return false;
        }
        let html = self.builder.sink.0.borrow();
        let depth = html.tree.nodes().next_back().map_or(0, |node| node.ancestors().count());
        self.open.set(depth);
        depth >= MAX_DEPTH
    }

    fn too_many(&self) -> bool {
        if !self.full.get() && self.builder.sink.0.borrow().tree.values().len() > MAX_NODES {
            self.full.set(true);
        }
        self.full.get()
    }
}

impl TokenSink for Guard {
    type Handle = ego_tree::NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        match &token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                if self.too_many() {
                    return TokenSinkResult::Continue;
                }
                let void = tag.self_closing || Tag::named(&tag.name).is_void();
                // Raw text elements switch the tokenizer's state: they always pass.
                if !void && !Tag::named(&tag.name).is_raw() && self.too_deep() {
                    self.skipped.set(self.skipped.get() + 1);
                    self.dropped_deep.set(self.dropped_deep.get() + 1);
                    return TokenSinkResult::Continue;
                }
            }
            Token::TagToken(tag) if !Tag::named(&tag.name).is_raw() => {
                if self.skipped.get() > 0 {
                    self.skipped.set(self.skipped.get() - 1);
                    return TokenSinkResult::Continue;
                }
                self.open.set(self.open.get().saturating_sub(1));
            }
            Token::CommentToken(_) => return TokenSinkResult::Continue,
            Token::CharacterTokens(_) if self.full.get() => return TokenSinkResult::Continue,
            _ => {}
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// What a node is.
#[derive(Clone, Copy)]
pub enum What<'a> {
    /// Characters, entities decoded.
    Text(&'a str),
    /// An element.
    Element(Tag, &'a Element),
}

/// A node of the flat tree.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    /// Index of the parent; the root is its own.
    pub parent: usize,
    /// Index of the first node after its subtree.
    pub end: usize,
    /// What it is.
    pub what: What<'a>,
}

/// The elements and texts of a page in document order; node 0 is `html`.
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    fn new(html: &'a Html) -> Self {
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(html.tree.values().len());
        let mut open: Vec<usize> = Vec::new();
        for edge in html.root_element().traverse() {
            match edge {
                Edge::Open(node) => {
                    let what = match node.value() {
                        scraper::Node::Text(text) => What::Text(text),
                        scraper::Node::Element(element) => What::Element(Tag::named(&element.name.local), element),
                        _ => continue,
                    };
                    let at = nodes.len();
                    nodes.push(Node { parent: open.last().copied().unwrap_or(0), end: at + 1, what });
                    if matches!(what, What::Element(..)) {
                        open.push(at);
                    }
                }
                Edge::Close(node) if node.value().is_element() => {
                    if let Some(at) = open.pop() {
                        nodes[at].end = nodes.len();
                    }
                }
                Edge::Close(_) => {}
            }
        }
        Self { nodes }
    }

    /// All nodes.
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Index of the first node after the subtree of `at`.
    pub fn end(&self, at: usize) -> usize {
        self.nodes[at].end
    }

    /// Index of the parent of `at`.
    pub fn parent(&self, at: usize) -> usize {
        self.nodes[at].parent
    }

    /// The tag of `at`; texts have [`Tag::Text`].
    pub fn tag(&self, at: usize) -> Tag {
        match self.nodes[at].what {
            What::Text(_) => Tag::Text,
            What::Element(tag, _) => tag,
        }
    }

    /// The element at `at`, unless it is a text.
    pub fn element(&self, at: usize) -> Option<&'a Element> {
        match self.nodes[at].what {
            What::Text(_) => None,
            What::Element(_, element) => Some(element),
        }
    }

    /// Value of an attribute, name in lower case.
    pub fn attr(&self, at: usize, name: &str) -> Option<&'a str> {
        let element = self.element(at)?;
        element.attrs.iter().find(|(known, _)| &*known.local == name).map(|(_, value)| &**value)
    }

    /// Ancestors of `at` from its parent to the root.
    pub fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(at), |&at| (at > 0).then(|| self.parent(at))).skip(1)
    }

    /// All text below `at`, as it stands.
    pub fn raw_text(&self, at: usize) -> String {
        let mut out = String::new();
        for node in &self.nodes[at..self.end(at)] {
            if let What::Text(text) = node.what {
                out.push_str(text);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(html: &str) -> String {
        let (dom, _) = Dom::parse(html);
        let tree = dom.tree();
        (0..tree.len())
            .map(|at| match tree.nodes()[at].what {
                What::Text(text) => format!("{text:?}^{}", tree.parent(at)),
                What::Element(_, element) => format!("{}..{}", element.name(), tree.end(at)),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn subtrees_are_ranges() {
        assert_eq!(shape("<p>a<b>c</b>d<p>e"), r#"html..10 head..2 body..10 p..8 "a"^3 b..7 "c"^5 "d"^3 p..10 "e"^8"#);
    }

    #[test]
    fn depth_is_bounded_and_said() {
        let deep = "<div>".repeat(300_000) + "<p>below</p>";
        let (dom, warnings) = Dom::parse(&deep);
        assert!(warnings.iter().any(|w| w.code == "depth-cut"), "{warnings:?}");
        let tree = dom.tree();
        assert!(tree.len() < 1000);
        assert!(tree.raw_text(0).contains("below"));
    }

    #[test]
    fn many_unclosed_paragraphs_are_not_deep() {
        let (dom, warnings) = Dom::parse(&"<p>one".repeat(5_000));
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(dom.tree().nodes().iter().filter(|n| matches!(n.what, What::Element(Tag::P, _))).count(), 5_000);
    }

    #[test]
    fn attribute_floods_are_cut_before_the_parser_sees_them() {
        let flood: String = (0..1_000_000).map(|n| format!(" a{n}=1")).collect();
        let (dom, warnings) = Dom::parse(&format!("<p{flood}>still here</p>"));
        assert!(warnings.iter().any(|w| w.code == "attributes-cut"), "{warnings:?}");
        assert_eq!(dom.tree().raw_text(0), "still here");
    }

    #[test]
    fn a_long_value_is_no_flood() {
        let long = "word ".repeat(5_000);
        assert_eq!(cut_attribute_floods(&format!("<p data-x=\"{long}\">a</p>")), None);
    }

    #[test]
    fn misnested_formatting_ends() {
        let page: String = (0..20_000).map(|n| format!("<font color={n}><p>x</b></i>")).collect();
        let (dom, _) = Dom::parse(&page);
        assert!(dom.tree().len() <= MAX_NODES + 2_000);
    }
}
