//! # Which elements does this page have?
//!
//! The tree that a browser would build (HTML standard, 13.2.6), laid out flat in document order while it is built, so
//! that every later question is a loop over a slice: the subtree of node `n` is `n..tree.end(n)`. Nothing recurses, and
//! depth and number of nodes are bounded. Texts and attributes borrow from the source.
//!
//! Why not html5ever: it spends more than the whole time that reading a page may take. It is the judge in the tests:
//! both must see the same words under the same blocks. Three things it does are left out because no reader sees them:
//! moving stray content out of tables, reopening `<b>` in the next paragraph, and implied `tbody`.

use super::{
    entity,
    tag::Tag,
    token::{Attrs, Start, Token, Tokens},
};
use crate::{model::Warning, normalise::text as letters};
use std::borrow::Cow;

/// As browsers do, elements deeper than this are taken as siblings.
const MAX_DEPTH: usize = 512;
/// What is parsed of a page, in bytes of decoded text.
const MAX_BYTES: usize = 16 << 20;
/// Nodes after which the rest of the page is left out.
const MAX_NODES: usize = 250_000;

/// What a node is.
#[derive(Debug, Clone)]
pub enum What<'a> {
    /// Characters, entities decoded.
    Text(Cow<'a, str>),
    /// An element.
    Element(Element<'a>),
}

/// An element with its name and attributes as written.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// Which element.
    pub tag: Tag,
    /// Its name as written.
    pub name: &'a str,
    /// Its attributes.
    pub attrs: Attrs<'a>,
}

/// A node of the flat tree.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Index of the parent; the root is its own.
    parent: u32,
    /// Index of the first node after its subtree.
    end: u32,
    /// What it is.
    pub what: What<'a>,
}

/// The elements and texts of a page in document order; node 0 is `html`.
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Parses `text`; limits that were reached are named.
    pub fn parse(text: &'a str, warnings: &mut Vec<Warning>) -> Self {
        let kept = letters::cut(text, MAX_BYTES);
        if kept.len() < text.len() {
            warnings.push(Warning::new("page-cut", format!("{} bytes, {MAX_BYTES} read", text.len())));
        }
        let builder = Builder::new(kept).run();
        if builder.too_deep > 0 {
            warnings.push(Warning::new("depth-cut", format!("{} tags deeper than {MAX_DEPTH}", builder.too_deep)));
        }
        if builder.full {
            warnings.push(Warning::new("nodes-cut", format!("more than {MAX_NODES} nodes")));
        }
        Self { nodes: builder.nodes }
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
        self.nodes[at].end as usize
    }

    /// Index of the parent of `at`.
    pub fn parent(&self, at: usize) -> usize {
        self.nodes[at].parent as usize
    }

    /// Whether `inner` is `outer` or below it.
    pub fn holds(&self, outer: usize, inner: usize) -> bool {
        (outer..self.end(outer)).contains(&inner)
    }

    /// The tag of `at`; texts have [`Tag::Text`].
    pub fn tag(&self, at: usize) -> Tag {
        match &self.nodes[at].what {
            What::Text(_) => Tag::Text,
            What::Element(element) => element.tag,
        }
    }

    /// The name of `at` as written; empty for texts.
    pub fn name(&self, at: usize) -> &'a str {
        match &self.nodes[at].what {
            What::Text(_) => "",
            What::Element(element) => element.name,
        }
    }

    /// The characters of `at`, unless it is an element.
    pub fn text(&self, at: usize) -> Option<&str> {
        match &self.nodes[at].what {
            What::Text(text) => Some(text),
            What::Element(_) => None,
        }
    }

    /// The attributes of `at`, unless it is a text.
    pub fn attrs(&self, at: usize) -> Option<Attrs<'a>> {
        match &self.nodes[at].what {
            What::Text(_) => None,
            What::Element(element) => Some(element.attrs),
        }
    }

    /// Value of an attribute, name in lower case.
    pub fn attr(&self, at: usize, name: &str) -> Option<Cow<'a, str>> {
        self.attrs(at)?.get(name)
    }

    /// Ancestors of `at` from its parent to the root.
    pub fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(at), |&at| (at > 0).then(|| self.parent(at))).skip(1)
    }

    /// All text below `at`, as it stands.
    pub fn raw_text(&self, at: usize) -> String {
        (at..self.end(at)).filter_map(|inner| self.text(inner)).collect()
    }
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    tag: Tag,
}

/// The tree as it grows.
struct Builder<'a> {
    tokens: Tokens<'a>,
    nodes: Vec<Node<'a>>,
    open: Vec<Open>,
    body: Option<u32>,
    /// The open form, if any: forms do not nest.
    form: Option<u32>,
    too_deep: usize,
    full: bool,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        let nodes = Vec::with_capacity(source.len() / 48 + 16);
        let tokens = Tokens::new(source);
        Self { tokens, nodes, open: Vec::with_capacity(64), body: None, form: None, too_deep: 0, full: false }
    }

    fn run(mut self) -> Self {
        self.push(Start { tag: Tag::Html, name: "html", attrs: Attrs::NONE, self_closing: false });
        while let Some(token) = self.tokens.next() {
            if self.nodes.len() >= MAX_NODES {
                self.full = true;
                break;
            }
            match token {
                Token::Text(text) => self.text(text),
                Token::Start(start) => self.start(start),
                Token::End(tag, name) => self.end(tag, name),
            }
        }
        self.pop_to(0);
        self
    }

    fn top(&self) -> Open {
        self.open.last().copied().unwrap_or(Open { node: 0, tag: Tag::Html })
    }

    fn add(&mut self, what: What<'a>) -> u32 {
        let at = self.nodes.len() as u32;
        self.nodes.push(Node { parent: self.top().node, end: at + 1, what });
        at
    }

    /// Adds an element and opens it. What is too deep is left out; its content then belongs to the deepest element.
    fn push(&mut self, start: Start<'a>) -> u32 {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return u32::MAX;
        }
        let at = self.add(What::Element(Element { tag: start.tag, name: start.name, attrs: start.attrs }));
        self.open.push(Open { node: at, tag: start.tag });
        at
    }

    /// Closes open elements until `depth` are left.
    fn pop_to(&mut self, depth: usize) {
        let end = self.nodes.len() as u32;
        while self.open.len() > depth
            && let Some(closed) = self.open.pop()
        {
            self.nodes[closed.node as usize].end = end;
        }
    }

    /// Closes the element at `depth` of the stack and all within.
    fn close(&mut self, depth: usize) {
        self.pop_to(depth);
        // A form whose end tag came while something in it was open ends with that.
        while self.open.last().is_some_and(|open| open.tag == Tag::Form && self.form != Some(open.node)) {
            self.pop_to(self.open.len() - 1);
        }
    }

    /// Depth of the innermost open element that `is` true for, not looking past one where `stop` is.
    fn depth_of(&self, is: impl Fn(Open) -> bool, stop: impl Fn(Tag) -> bool) -> Option<usize> {
        for (depth, open) in self.open.iter().enumerate().rev() {
            if is(*open) {
                return Some(depth);
            }
            if stop(open.tag) {
                return None;
            }
        }
        None
    }

    fn in_scope(&self, tag: Tag) -> Option<usize> {
        self.depth_of(|open| open.tag == tag, Tag::is_scope)
    }

    fn close_paragraph(&mut self) {
        if let Some(depth) = self.depth_of(|open| open.tag == Tag::P, |tag| tag.is_scope() || tag == Tag::Button) {
            self.close(depth);
        }
    }

    /// Opens the body if nothing but head content was seen.
    fn ensure_body(&mut self) {
        if self.body.is_none() {
            self.open_body(Attrs::NONE);
        }
    }

    fn open_body(&mut self, attrs: Attrs<'a>) {
        self.pop_to(1);
        self.body = Some(self.push(Start { tag: Tag::Body, name: "body", attrs, self_closing: false }));
    }

    fn text(&mut self, raw: &'a str) {
        if self.body.is_none() {
            if raw.bytes().all(|b| b.is_ascii_whitespace()) {
                return;
            }
            self.ensure_body();
        }
        let text = entity::decode(raw, false);
        // Text on both sides of a comment or a tag that was left out is one text.
        let top = self.top().node;
        if let Some(Node { parent, what: What::Text(before), .. }) = self.nodes.last_mut()
            && *parent == top
        {
            before.to_mut().push_str(&text);
            return;
        }
        self.add(What::Text(text));
    }

    fn start(&mut self, start: Start<'a>) {
        match start.tag {
            Tag::Html => return self.fill_attrs(0, start.attrs),
            Tag::Head => {
                if self.body.is_none() && self.open.len() == 1 {
                    self.push(start);
                }
                return;
            }
            Tag::Body => {
                return match self.body {
                    Some(body) => self.fill_attrs(body, start.attrs),
                    None => self.open_body(start.attrs),
                };
            }
            _ => {}
        }
        if let Some(depth) = self.foreign() {
            if !leaves_foreign(start.tag) {
                let at = self.push(start);
                if start.self_closing {
                    self.close_if_top(at);
                }
                return;
            }
            self.close(depth);
        }
        if self.body.is_none() {
            if start.tag.is_head_content() {
                if self.open.len() == 1 {
                    self.push(Start { tag: Tag::Head, name: "head", attrs: Attrs::NONE, self_closing: false });
                }
            } else {
                self.ensure_body();
            }
        }
        if !self.make_room(start.tag) {
            return;
        }
        let at = self.push(start);
        if start.tag == Tag::Form {
            self.form = Some(at);
        }
        if start.tag.is_void() {
            self.close_if_top(at);
        } else if start.tag.is_raw() {
            self.raw(start, at);
        } else if start.self_closing && matches!(start.tag, Tag::Svg | Tag::Math) {
            self.close_if_top(at);
        }
    }

    /// Depth of the outermost `svg` or `math` that is open, when HTML has not begun again within.
    fn foreign(&self) -> Option<usize> {
        let depth = self.depth_of(|open| matches!(open.tag, Tag::Svg | Tag::Math), |tag| tag.is_special())?;
        let inside = |open: &Open| {
            matches!(&self.nodes[open.node as usize].what, What::Element(element)
                if ["foreignobject", "desc", "annotation-xml", "mtext"].iter().any(|name| element.name.eq_ignore_ascii_case(name)))
        };
        (!self.open[depth..].iter().any(inside)).then_some(depth)
    }

    fn fill_attrs(&mut self, at: u32, attrs: Attrs<'a>) {
        if let What::Element(element) = &mut self.nodes[at as usize].what
            && element.attrs.is_empty()
        {
            element.attrs = attrs;
        }
    }

    fn close_if_top(&mut self, at: u32) {
        if self.top().node == at {
            self.pop_to(self.open.len() - 1);
        }
    }

    fn raw(&mut self, start: Start<'a>, at: u32) {
        let raw = self.tokens.raw_text(start.name);
        if !raw.is_empty() && self.top().node == at {
            let decoded = matches!(start.tag, Tag::Title | Tag::Textarea);
            self.add(What::Text(if decoded { entity::decode(raw, false) } else { Cow::Borrowed(raw) }));
        }
    }

    /// Closes what cannot contain a `tag`; false when the tag has no place here.
    fn make_room(&mut self, tag: Tag) -> bool {
        if tag.ends_paragraph() {
            self.close_paragraph();
        }
        match tag {
            Tag::Li => self.close_item(&[Tag::Li]),
            Tag::Dd | Tag::Dt => self.close_item(&[Tag::Dd, Tag::Dt]),
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 if self.top().tag.heading().is_some() => {
                self.close(self.open.len() - 1);
            }
            Tag::Form => return self.form.is_none(),
            Tag::Button => {
                if let Some(depth) = self.in_scope(Tag::Button) {
                    self.close(depth);
                }
            }
            Tag::A => {
                // A link in a link ends the first, unless blocks have begun in between.
                if let Some(depth) = self.depth_of(|open| open.tag == Tag::A, Tag::is_special) {
                    self.close(depth);
                }
            }
            Tag::Option | Tag::Optgroup => {
                if self.top().tag == Tag::Option {
                    self.close(self.open.len() - 1);
                }
                if tag == Tag::Optgroup && self.top().tag == Tag::Optgroup {
                    self.close(self.open.len() - 1);
                }
            }
            Tag::Caption | Tag::Colgroup | Tag::Col | Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                return self.back_to(&[Tag::Table]);
            }
            Tag::Tr => return self.back_to(&[Tag::Table, Tag::Tbody, Tag::Thead, Tag::Tfoot]),
            Tag::Td | Tag::Th => return self.back_to(&[Tag::Tr, Tag::Table, Tag::Tbody, Tag::Thead, Tag::Tfoot]),
            Tag::Frame | Tag::Frameset => return false,
            _ => {}
        }
        true
    }

    /// Ends the list item that a new one follows.
    fn close_item(&mut self, items: &[Tag]) {
        let stop = |tag: Tag| tag.is_special() && !matches!(tag, Tag::Address | Tag::Div | Tag::P);
        if let Some(depth) = self.depth_of(|open| items.contains(&open.tag), stop) {
            self.close(depth);
        }
    }

    /// Closes everything within the innermost of `contexts` of the table that is open; false without a table.
    fn back_to(&mut self, contexts: &[Tag]) -> bool {
        let outside = |tag| matches!(tag, Tag::Html | Tag::Template | Tag::Table);
        match self.depth_of(|open| contexts.contains(&open.tag), outside) {
            Some(depth) => {
                self.close(depth + 1);
                true
            }
            None => false,
        }
    }

    fn end(&mut self, tag: Tag, name: &'a str) {
        match tag {
            Tag::Html | Tag::Body => return,
            Tag::Head => {
                if self.body.is_none() {
                    self.pop_to(1);
                }
                return;
            }
            // `</br>` is a line break.
            Tag::Br => {
                let at = self.push(Start { tag, name, attrs: Attrs::NONE, self_closing: true });
                return self.close_if_top(at);
            }
            Tag::Form => return self.end_form(),
            _ => {}
        }
        let depth = match tag {
            Tag::P => self.depth_of(|open| open.tag == tag, |tag| tag.is_scope() || tag == Tag::Button),
            Tag::Li => self.depth_of(|open| open.tag == tag, |tag| tag.is_scope() || matches!(tag, Tag::Ol | Tag::Ul)),
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                self.depth_of(|open| open.tag.heading().is_some(), Tag::is_scope)
            }
            Tag::Table | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Tr | Tag::Td | Tag::Th | Tag::Caption => {
                self.depth_of(|open| open.tag == tag, |tag| matches!(tag, Tag::Html | Tag::Template | Tag::Table))
            }
            Tag::Other => self.depth_of(|open| self.is_named(open, name), Tag::is_special),
            _ if tag.is_special() => self.in_scope(tag),
            // An inline end tag that blocks have begun after is left out, so the blocks stay where they are.
            _ => self.depth_of(|open| open.tag == tag, Tag::is_special),
        };
        if let Some(depth) = depth {
            self.close(depth);
        }
    }

    fn is_named(&self, open: Open, name: &str) -> bool {
        open.tag == Tag::Other
            && matches!(&self.nodes[open.node as usize].what, What::Element(element) if element.name.eq_ignore_ascii_case(name))
    }

    fn end_form(&mut self) {
        let Some(form) = self.form.take() else { return };
        let is_top = self.top().node == form || self.top().tag == Tag::P;
        if let Some(depth) = self.depth_of(|open| open.node == form, Tag::is_scope)
            && is_top
        {
            self.close(depth);
        }
    }
}

/// HTML elements that end foreign content when they start in it.
fn leaves_foreign(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        B | Blockquote
            | Body
            | Br
            | Center
            | Code
            | Dd
            | Div
            | Dl
            | Dt
            | Em
            | Embed
            | H1
            | H2
            | H3
            | H4
            | H5
            | H6
            | Head
            | Hr
            | I
            | Img
            | Li
            | Listing
            | Menu
            | Meta
            | Ol
            | P
            | Pre
            | S
            | Small
            | Span
            | Strong
            | Sub
            | Sup
            | Table
            | U
            | Ul
            | Var
    )
}

#[cfg(test)]
mod tests;
