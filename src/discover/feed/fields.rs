//! # Which elements does this stretch of the document have?
//!
//! [`Fields`] lists them, one after the other. Where end tags are missing or wrong, an element ends at the next one
//! that can only be its neighbour.

use super::{
    markup::{Token, Tokens},
    namespace::{Ns, Scope},
    region::is_root,
    repairs::Repairs,
    tag::Tag,
};

/// The last end tag of each name in a region.
#[derive(Default)]
pub(super) struct Ends<'a> {
    last: Vec<(&'a str, usize)>,
}

/// Names of end tags that are remembered per region; a feed has a handful, an attack a million.
const MOST_NAMES: usize = 100;

impl<'a> Ends<'a> {
    /// Takes note of an end tag at a position.
    pub(super) fn see(&mut self, name: &'a str, at: usize) {
        if let Some((_, last)) = self.last.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            *last = at;
        } else if self.last.len() < MOST_NAMES {
            self.last.push((name, at));
        }
    }

    /// Whether an end tag of this name comes after `at`.
    fn after(&self, name: &str, at: usize) -> bool {
        self.last.iter().any(|(known, last)| *last >= at && known.eq_ignore_ascii_case(name))
    }
}

/// An element of an item or of the head.
pub(super) struct Field<'a> {
    /// Its start tag.
    pub(super) tag: Tag<'a>,
    /// What it holds, as written.
    pub(super) inner: &'a str,
    /// Whether the document ends within it.
    pub(super) cut: bool,
}

/// The elements of a region, one after the other.
pub(super) struct Fields<'a, 'r> {
    tokens: Tokens<'a>,
    body: &'a str,
    ends: &'r Ends<'a>,
    cut: bool,
    in_item: bool,
}

impl<'a, 'r> Fields<'a, 'r> {
    /// The elements of `body`, whose end tags are known; `cut` when the document ends within it.
    pub(super) fn new(body: &'a str, ends: &'r Ends<'a>, cut: bool, in_item: bool) -> Self {
        Self { tokens: Tokens::new(body), body, ends, cut, in_item }
    }

    /// The next element; what was missing is noted.
    pub(super) fn next(&mut self, scope: &Scope<'a>, repairs: &mut Repairs) -> Option<Field<'a>> {
        loop {
            match self.tokens.next()? {
                // the frame of the document is no field
                Token::Start(tag) if is_root(tag.name) => return Some(Field { tag, inner: "", cut: false }),
                Token::Start(tag) if tag.empty => return Some(Field { tag, inner: "", cut: false }),
                Token::Start(tag) => {
                    let start = self.tokens.at();
                    if self.ends.after(tag.name, start)
                        && let Some(inner) = self.until_own_end(&tag, start)
                    {
                        return Some(Field { tag, inner, cut: false });
                    }
                    self.tokens.go_to(start);
                    let field = self.until_any_end(tag, start, scope);
                    // what wraps the items ends behind them
                    let wraps = !self.in_item && start + field.inner.len() == self.body.len();
                    if !wraps {
                        repairs.note("xml-tag-unclosed", tag.name);
                    }
                    return Some(field);
                }
                _ => {}
            }
        }
    }

    /// The inside of an element that has an end tag; `None` when another one of its name starts before that.
    fn until_own_end(&mut self, tag: &Tag<'a>, start: usize) -> Option<&'a str> {
        loop {
            let at = self.tokens.at();
            match self.tokens.next()? {
                Token::End(name) if name.eq_ignore_ascii_case(tag.name) => return Some(&self.body[start..at]),
                Token::Start(next) if next.name.eq_ignore_ascii_case(tag.name) && !next.empty => return None,
                _ => {}
            }
        }
    }

    /// The inside of an element without end tag: it ends with an end tag that closes nothing else, or where the next
    /// field starts.
    fn until_any_end(&mut self, tag: Tag<'a>, start: usize, scope: &Scope<'a>) -> Field<'a> {
        let mut depth = 0_usize;
        loop {
            let at = self.tokens.at();
            let ends_here = match self.tokens.next() {
                None => return Field { tag, inner: &self.body[start..], cut: self.cut },
                Some(Token::Start(next)) if is_field(&next, scope) => {
                    self.tokens.go_to(at);
                    true
                }
                Some(Token::Start(next)) if !next.empty && !is_void(next.name) => {
                    depth += 1;
                    false
                }
                Some(Token::End(_)) if depth == 0 => true,
                Some(Token::End(_)) => {
                    depth -= 1;
                    false
                }
                _ => false,
            };
            if ends_here {
                return Field { tag, inner: &self.body[start..at], cut: false };
            }
        }
    }
}

/// Names that start a field of an item and are nothing in HTML text.
const FIELDS: &[&str] = &[
    "title",
    "link",
    "guid",
    "pubdate",
    "description",
    "author",
    "category",
    "enclosure",
    "comments",
    "updated",
    "published",
    "id",
    "content",
    "encoded",
    "issued",
    "modified",
    "image",
    "language",
    "copyright",
    "generator",
    "managingeditor",
    "webmaster",
    "lastbuilddate",
    "ttl",
    "contributor",
    "rights",
];

fn is_field(tag: &Tag<'_>, scope: &Scope<'_>) -> bool {
    let (vocabulary, local, _) = scope.resolve(tag);
    match vocabulary {
        Ns::Feed => FIELDS.iter().any(|field| field.eq_ignore_ascii_case(local)),
        Ns::Xhtml | Ns::Other => false,
        _ => true,
    }
}

/// Elements of HTML that never have an end tag; `link` is one of RSS.
pub(super) fn is_void(name: &str) -> bool {
    ["br", "hr", "img", "input", "meta", "wbr", "source", "embed", "col", "area", "p", "li"]
        .iter()
        .any(|void| void.eq_ignore_ascii_case(name))
}
