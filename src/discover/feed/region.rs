//! # Where do the items begin and end?
//!
//! A feed is read without building a tree. [`Regions`] cuts the document at the starts and ends of its items, wherever
//! they stand; [`Fields`] lists the elements of one such stretch. Both survive missing and wrong end tags: what is
//! lost is at most the field in which the fault lies.

use super::{
    fields::{Ends, Field, Fields, is_void},
    markup::{Token, Tokens},
    namespace::{Ns, Scope},
    tag::Tag,
};

/// A stretch of the document.
pub(super) struct Region<'a> {
    /// The start tag of the item; `None` for what stands outside of items.
    pub(super) item: Option<Tag<'a>>,
    /// What it holds.
    pub(super) body: &'a str,
    /// Whether the document ends within it.
    pub(super) cut: bool,
    /// How deep its elements are nested.
    pub(super) depth: usize,
    /// Whether the feed, or its channel, ends within it or with it.
    pub(super) closes_feed: bool,
    ends: Ends<'a>,
}

impl<'a> Region<'a> {
    /// The elements of the region.
    pub(super) fn fields(&self) -> Fields<'a, '_> {
        Fields::new(self.body, &self.ends, self.cut, self.item.is_some())
    }

    /// The inside of a field as a region of its own, for fields that have fields.
    pub(super) fn inside(field: &Field<'a>) -> Self {
        let mut walk = Walk::default();
        let mut tokens = Tokens::new(field.inner);
        while let Some(token) = {
            walk.at = tokens.at();
            tokens.next()
        } {
            walk.see(&token);
        }
        Self {
            item: None,
            body: field.inner,
            cut: field.cut,
            depth: walk.depth.most,
            closes_feed: false,
            ends: walk.ends,
        }
    }
}

#[derive(Default)]
struct Depth {
    now: usize,
    most: usize,
}

/// What a walk over the tokens of a region gathers.
#[derive(Default)]
struct Walk<'a> {
    at: usize,
    ends: Ends<'a>,
    depth: Depth,
}

impl<'a> Walk<'a> {
    fn see(&mut self, token: &Token<'a>) {
        match token {
            Token::Start(tag) if !tag.empty && !is_void(tag.name) => {
                self.depth.now += 1;
                self.depth.most = self.depth.most.max(self.depth.now);
            }
            Token::End(name) => {
                self.depth.now = self.depth.now.saturating_sub(1);
                self.ends.see(name, self.at);
            }
            _ => {}
        }
    }
}

/// Cuts a document into regions.
pub(super) struct Regions<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    /// The item whose start tag has just been passed.
    open: Option<Tag<'a>>,
    /// Places where `<` was text, and CDATA sections without end.
    pub(super) bare: usize,
    pub(super) unclosed_cdata: usize,
    done: bool,
}

impl<'a> Regions<'a> {
    /// Starts at `from`, which is where a token starts.
    pub(super) fn new(text: &'a str, from: usize) -> Self {
        let mut tokens = Tokens::new(text);
        tokens.go_to(from);
        Self { text, tokens, open: None, bare: 0, unclosed_cdata: 0, done: false }
    }

    /// The next region. `scope` knows the prefixes of the document.
    pub(super) fn next(&mut self, scope: &Scope<'a>) -> Option<Region<'a>> {
        if self.done {
            return None;
        }
        let start = self.tokens.at();
        let item = self.open.take();
        if item.is_some_and(|tag| tag.empty) {
            return Some(Region { item, body: "", cut: false, depth: 0, closes_feed: false, ends: Ends::default() });
        }
        let mut walk = Walk::default();
        let mut end = self.text.len();
        let mut cut = true;
        let mut closes_feed = false;
        loop {
            let at = self.tokens.at();
            walk.at = at - start;
            let Some(token) = self.tokens.next() else { break };
            let ends_here = match &token {
                Token::Start(tag) if is_item(tag.name, scope) => {
                    self.open = Some(*tag);
                    true
                }
                Token::End(name) => {
                    closes_feed |= is_root(name);
                    item.is_some() && (is_root(name) || is_item(name, scope))
                }
                _ => false,
            };
            if ends_here {
                end = at;
                cut = false;
                break;
            }
            walk.see(&token);
        }
        self.done = cut;
        (self.bare, self.unclosed_cdata) = (self.tokens.bare, self.tokens.unclosed_cdata);
        // outside of items the end of the document is where it belongs
        let cut = cut && (item.is_some() || self.tokens.cut);
        Some(Region { item, body: &self.text[start..end], cut, depth: walk.depth.most, closes_feed, ends: walk.ends })
    }
}

/// Whether a tag of this name is an item of RSS or an entry of Atom.
pub(super) fn is_item(name: &str, scope: &Scope<'_>) -> bool {
    (is_local(name, "item") || is_local(name, "entry"))
        && scope.resolve(&Tag { name, attributes: "", empty: false }).0 == Ns::Feed
}

/// Whether a tag of this name holds a whole feed.
pub(super) fn is_root(name: &str) -> bool {
    ["rss", "rdf", "feed", "channel"].iter().any(|root| is_local(name, root))
}

/// Whether `local` is the name without its prefix, in any case.
pub(super) fn is_local(name: &str, local: &str) -> bool {
    let Some(prefix) = name.len().checked_sub(local.len()) else { return false };
    name.as_bytes()[prefix..].eq_ignore_ascii_case(local.as_bytes())
        && (prefix == 0 || name.as_bytes()[prefix - 1] == b':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::feed::repairs::Repairs;

    fn shown(text: &str) -> Vec<String> {
        let scope = Scope::new(None);
        let mut regions = Regions::new(text, 0);
        let mut out = Vec::new();
        while let Some(region) = regions.next(&scope) {
            let mut fields = region.fields();
            let mut said = Vec::new();
            while let Some(field) = fields.next(&scope, &mut Repairs::default()) {
                said.push(format!("{}={}{}", field.tag.name, field.inner, if field.cut { "…" } else { "" }));
            }
            if region.item.is_some() || !said.is_empty() {
                out.push(format!("{}{}", if region.item.is_some() { "item " } else { "" }, said.join(" ")));
            }
        }
        out
    }

    #[test]
    fn items_are_found_wherever_they_stand() {
        let cases: &[(&str, &[&str])] = &[
            ("<title>a</title><item><title>b</title></item><link>c</link>", &["title=a", "item title=b", "link=c"]),
            (
                "<rss><channel><title>a</title></channel></rss><item><link>b</link></item>",
                &["rss= channel= title=a", "item link=b"],
            ),
            ("<item><title>a</title><item><title>b</title></channel></rss>", &["item title=a", "item title=b"]),
            ("<item><title>a</tilte><link>b</link></item>", &["item title=a link=b"]),
            ("<item><title>a<link>b</link><guid>c</item>", &["item title=a link=b guid=c"]),
            (
                "<item><description>a<br>b <b>c</description><link>d</link></item>",
                &["item description=a<br>b <b>c link=d"],
            ),
            ("<item><category>a<category>b</category></item>", &["item category=a category=b"]),
            ("<item><title>a</title><description>b", &["item title=a description=b…"]),
            ("<item><title>a</title><link>http", &["item title=a link=http…"]),
            ("<item/><entry><id>a</id></entry>", &["item ", "item id=a"]),
            ("<media:item>a</media:item>", &["media:item=a"]),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), *expected, "{text}");
        }
    }
}
