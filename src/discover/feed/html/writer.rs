//! How are the tags written again?

use super::{
    address::{address, source_set},
    element::{Element, Rank},
    escape_value,
};
use crate::discover::feed::{link, reference, tag::Tag};
use url::Url;

/// Elements may be nested this deep; what is deeper loses its tags and keeps its text.
pub(super) const DEEPEST: usize = 256;

/// Writes HTML of which every tag is closed in order.
pub(super) struct Writer<'b> {
    pub(super) out: String,
    open: Vec<&'static str>,
    base: Option<&'b Url>,
}

impl<'b> Writer<'b> {
    /// A writer that expects about `length` bytes; relative addresses resolve against `base`.
    pub(super) fn new(length: usize, base: Option<&'b Url>) -> Self {
        Self { out: String::with_capacity(length), open: Vec::new(), base }
    }

    /// What was written, all tags closed.
    pub(super) fn finished(mut self) -> String {
        self.close_to(0);
        self.out
    }

    /// A start tag, as far as it is shown.
    pub(super) fn start(&mut self, element: Element, tag: &Tag<'_>) {
        match element {
            Element::Inline(name) => self.open(name, ""),
            Element::Block(name) => {
                self.close_open("p", is_cell);
                if name == "table" {
                    // a table within a table stands in a cell
                    self.close_open("table", |open| matches!(open, "td" | "th" | "caption"));
                }
                if is_heading(name) {
                    self.close_first(is_heading);
                }
                self.open(name, "");
            }
            Element::Item(name) => {
                let (of, also) = if name == "li" { ("li", "li") } else { ("dt", "dd") };
                self.close_open("p", is_cell);
                self.close_open(of, is_list);
                self.close_open(also, is_list);
                self.open(name, "");
            }
            Element::Part(name, rank) => self.part(name, rank, tag),
            Element::Void(name) => {
                if name == "hr" {
                    self.close_open("p", is_cell);
                }
                self.write_tag(name, "");
            }
            Element::Link => {
                self.close_open("a", is_cell);
                let href = tag.attribute("href").and_then(|href| address(href, self.base));
                if let Some(href) = href {
                    self.open("a", &attribute("href", &href));
                }
            }
            Element::Image => self.image(tag),
            Element::Unwrap | Element::Gone | Element::Raw | Element::Unknown => {}
        }
    }

    /// A part of a table; outside of one it only parts words.
    fn part(&mut self, name: &'static str, rank: Rank, tag: &Tag<'_>) {
        let Some(table) = self.open.iter().rposition(|open| *open == "table") else {
            self.out.push(' ');
            return;
        };
        let same = self.open[table..]
            .iter()
            .position(|open| matches!(Element::named(open), Element::Part(_, of) if of >= rank));
        if let Some(same) = same {
            self.close_to(table + same);
        }
        let mut spans = String::new();
        for span in ["colspan", "rowspan"] {
            if let Some(n) =
                tag.attribute(span).and_then(|n| n.trim().parse::<u16>().ok()).filter(|n| (2..=1000).contains(n))
            {
                spans.push_str(&attribute(span, &n.to_string()));
            }
        }
        self.open(name, if rank == Rank::Cell { &spans } else { "" });
    }

    fn image(&mut self, tag: &Tag<'_>) {
        let number = |name: &str| tag.attribute(name).and_then(|n| n.trim().trim_end_matches("px").parse::<u32>().ok());
        let (width, height) = (number("width"), number("height"));
        if matches!((width, height), (Some(0 | 1), Some(0 | 1))) {
            return; // counts readers, shows nothing
        }
        // lazy loaders keep the true address aside
        let source = ["data-src", "data-lazy-src", "data-original", "src"]
            .iter()
            .filter_map(|name| tag.attribute(name))
            .find_map(|source| link::web(&reference::from_html(source), self.base).ok());
        let Some(source) = source else { return };
        let mut attributes = attribute("src", &source);
        if let Some(set) = ["data-srcset", "data-lazy-srcset", "srcset"].iter().find_map(|name| tag.attribute(name)) {
            let set = source_set(&reference::from_html(set), self.base);
            if !set.is_empty() {
                attributes.push_str(&attribute("srcset", &set));
            }
        }
        attributes.push_str(&attribute("alt", &reference::from_html(tag.attribute("alt").unwrap_or_default())));
        for (name, value) in [("width", width), ("height", height)] {
            if let Some(value) = value {
                attributes.push_str(&attribute(name, &value.to_string()));
            }
        }
        self.write_tag("img", &attributes);
    }

    /// An end tag.
    pub(super) fn end(&mut self, element: Element) {
        match element {
            Element::Inline(name) => self.close_open(name, |open| is_cell(open) || open == "li"),
            Element::Link => self.close_open("a", is_cell),
            Element::Block("table") => self.close_open("table", |_| false),
            Element::Block(name) if is_heading(name) => {
                self.close_first(is_heading);
            }
            Element::Block(name) => self.close_open(name, is_cell),
            Element::Item(name) => self.close_open(name, is_list),
            Element::Part(name, _) => self.close_open(name, |open| open == "table"),
            _ => {}
        }
    }

    fn open(&mut self, name: &'static str, attributes: &str) {
        if self.open.len() < DEEPEST {
            self.write_tag(name, attributes);
            self.open.push(name);
        }
    }

    fn write_tag(&mut self, name: &str, attributes: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(attributes);
        self.out.push('>');
    }

    /// Closes the innermost open `name` and all within it, unless an element that is a `wall` lies between.
    fn close_open(&mut self, name: &str, wall: impl Fn(&str) -> bool) {
        let found = self.open.iter().rposition(|open| *open == name || wall(open));
        if let Some(at) = found
            && self.open[at] == name
        {
            self.close_to(at);
        }
    }

    /// Closes the innermost open element that fits, within its cell.
    fn close_first(&mut self, fits: impl Fn(&str) -> bool) {
        let found = self.open.iter().rposition(|open| fits(open) || is_cell(open));
        if let Some(at) = found
            && fits(self.open[at])
        {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(name) = self.open.pop()
        {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption" | "table")
}

fn is_list(name: &str) -> bool {
    matches!(name, "ul" | "ol" | "dl") || is_cell(name)
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn attribute(name: &str, value: &str) -> String {
    let mut out = String::with_capacity(name.len() + value.len() + 4);
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_value(&mut out, value);
    out.push('"');
    out
}
