//! Writes the elements of a text anew: what may stand where, and with which attributes.
//!
//! A further element is one arm in [`Writer::ordinary`] and, where it is a block, one word in `BLOCKS`.

use super::heading;
use crate::labels::Labels;
use crate::web::{card::escape, release::is_web};
use ego_tree::NodeRef;
use scraper::{Node, node::Element};

/// Elements deeper than this are unwrapped.
const DEEPEST: usize = 40;

/// Elements of a line of words that come out.
const INLINE: [&str; 13] = ["strong", "em", "b", "i", "sup", "sub", "code", "cite", "q", "abbr", "s", "del", "ins"];

/// Elements that may not stand within a line of words.
const BLOCKS: &str =
    " p div section article header ul ol li blockquote pre table figure figcaption hr dl h1 h2 h3 h4 h5 h6 main aside ";
/// Parts of a table besides rows and cells.
const TABLE_PARTS: [&str; 4] = ["caption", "thead", "tbody", "tfoot"];

/// The text written so far, and the elements around the current place.
pub(super) struct Writer {
    l: &'static Labels,
    /// What was written.
    pub out: String,
    /// What each open element of the tree will close with; empty for an unwrapped one.
    closing: Vec<&'static str>,
    /// Elements written around the current place.
    inside: Vec<&'static str>,
    levels: Vec<u8>,
    tables: u64,
    last_level: u8,
    /// Depth at which a subtree that is left out began.
    left_out: Option<usize>,
}

impl Writer {
    /// A writer of an empty text; `levels` are the heading levels that will come, highest first.
    pub fn new(l: &'static Labels, levels: Vec<u8>) -> Self {
        Writer {
            l,
            out: String::new(),
            closing: Vec::new(),
            inside: Vec::new(),
            levels,
            tables: 0,
            last_level: 1,
            left_out: None,
        }
    }

    /// Enters a node of the tree.
    pub fn open(&mut self, node: NodeRef<'_, Node>) {
        let tag = match node.value() {
            Node::Text(text) if self.left_out.is_none() => {
                self.text(text);
                ""
            }
            Node::Element(element) if self.left_out.is_none() => self.element(node, element),
            _ => "",
        };
        self.closing.push(tag);
        if !tag.is_empty() {
            self.inside.push(tag);
        }
    }

    /// Leaves a node of the tree.
    pub fn close(&mut self, _: NodeRef<'_, Node>) {
        let tag = self.closing.pop().unwrap_or_default();
        if self.left_out == Some(self.closing.len()) {
            self.left_out = None;
        }
        if tag.is_empty() {
            return;
        }
        self.inside.pop();
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
        if tag == "table" {
            self.out.push_str("</section>");
        }
        if is_block(tag) {
            self.out.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        // Between the items of a list and the rows of a table only white space may stand.
        let between =
            matches!(self.inside.last(), Some(&("ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot" | "tr")));
        if !between || text.trim().is_empty() {
            self.out.push_str(&escape(text));
        }
    }

    /// Writes the start of an element and says with what it closes.
    fn element(&mut self, node: NodeRef<'_, Node>, element: &Element) -> &'static str {
        let name = element.name();
        if matches!(name, "script" | "style" | "template" | "noscript" | "iframe" | "object" | "svg" | "math" | "form")
        {
            self.left_out = Some(self.closing.len());
            return "";
        }
        if self.closing.len() > DEEPEST {
            return "";
        }
        match name {
            "br" if self.may_hold_words() => self.out.push_str("<br>"),
            "hr" if self.may_hold_blocks() => self.out.push_str("<hr>\n"),
            "img" => self.picture(element),
            "a" => return self.link(element),
            _ => return self.ordinary(node, element, name),
        }
        ""
    }

    fn ordinary(&mut self, node: NodeRef<'_, Node>, element: &Element, name: &str) -> &'static str {
        if let Some(level) = heading(name) {
            return self.heading(level);
        }
        if let Some(inline) = INLINE.iter().find(|inline| **inline == name) {
            return if self.may_hold_words() && !holds_block(node) { self.start(inline) } else { "" };
        }
        let parent = self.inside.last().copied().unwrap_or_default();
        match name {
            "p" | "div" | "section" if self.may_hold_blocks() && holds_words(node) && !holds_block(node) => {
                self.start("p")
            }
            "ul" if self.may_hold_blocks() => self.start("ul"),
            "ol" if self.may_hold_blocks() => self.start("ol"),
            "li" if matches!(parent, "ul" | "ol") => self.start("li"),
            "li" if self.may_hold_blocks() && !holds_block(node) => self.start("p"),
            "blockquote" if self.may_hold_blocks() => self.start("blockquote"),
            "pre" if self.may_hold_blocks() && !holds_block(node) => self.start("pre"),
            "figure" if self.may_hold_blocks() => self.start("figure"),
            "figcaption" if parent == "figure" => self.start("figcaption"),
            "table" if self.may_hold_blocks() && !self.inside.contains(&"table") => {
                self.tables += 1;
                let label = self.l.count("table", self.tables);
                // Wide tables scroll by themselves, also by keyboard, so they need a name.
                let label = escape(&label);
                self.out.push_str(&format!("<section class=\"scroll\" tabindex=\"0\" aria-label=\"{label}\">"));
                self.start("table")
            }
            "td" if parent == "tr" => self.cell("td", element),
            "th" if parent == "tr" => self.cell("th", element),
            "tr" if matches!(parent, "table" | "thead" | "tbody" | "tfoot") => self.start("tr"),
            _ if parent == "table" => {
                TABLE_PARTS.iter().find(|part| **part == name).map_or("", |part| self.start(part))
            }
            _ => "",
        }
    }

    fn start(&mut self, tag: &'static str) -> &'static str {
        self.out.push('<');
        self.out.push_str(tag);
        self.out.push('>');
        tag
    }

    fn heading(&mut self, level: u8) -> &'static str {
        const TAGS: [&str; 5] = ["h2", "h3", "h4", "h5", "h6"];
        if !self.may_hold_blocks() {
            return "";
        }
        let rank = self.levels.iter().position(|known| *known == level).unwrap_or(0);
        let wanted = u8::try_from(rank + 2).unwrap_or(6).min(6);
        let level = wanted.min(self.last_level + 1);
        self.last_level = level;
        self.start(TAGS[usize::from(level - 2)])
    }

    fn cell(&mut self, tag: &'static str, element: &Element) -> &'static str {
        self.out.push('<');
        self.out.push_str(tag);
        for span in ["colspan", "rowspan"] {
            if let Some(n) =
                element.attr(span).and_then(|n| n.trim().parse::<u16>().ok()).filter(|n| (2..=100).contains(n))
            {
                self.out.push_str(&format!(" {span}=\"{n}\""));
            }
        }
        self.out.push('>');
        tag
    }

    fn link(&mut self, element: &Element) -> &'static str {
        let address = element.attr("href").unwrap_or_default().trim();
        let allowed = is_web(address) || address.starts_with("mailto:") || address.starts_with("tel:");
        if !allowed || !self.may_hold_words() || self.inside.contains(&"a") {
            return "";
        }
        self.out.push_str("<a href=\"");
        self.out.push_str(&escape(&safe_address(address)));
        self.out.push_str("\" rel=\"external nofollow\">");
        "a"
    }

    /// A picture becomes a link with its text alternative; one without has nothing to say.
    fn picture(&mut self, element: &Element) {
        let (address, alt) =
            (element.attr("src").unwrap_or_default().trim(), element.attr("alt").unwrap_or_default().trim());
        if !is_web(address) || alt.is_empty() || !self.may_hold_words() || self.inside.contains(&"a") {
            return;
        }
        let label = self.l.with("picture", &[("alt", alt.into())]);
        let address = escape(&safe_address(address));
        self.out.push_str(&format!(
            "<a class=\"picture\" href=\"{address}\" rel=\"external nofollow\">{}</a>",
            escape(&label)
        ));
    }

    /// Whether words may stand here.
    fn may_hold_words(&self) -> bool {
        !matches!(self.inside.last(), Some(&("ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot" | "tr")))
    }

    /// Whether a block may stand here: not within a paragraph, a heading, a caption or an inline element.
    fn may_hold_blocks(&self) -> bool {
        self.may_hold_words()
            && self.inside.iter().all(|tag| {
                matches!(
                    *tag,
                    "li" | "ul"
                        | "ol"
                        | "blockquote"
                        | "figure"
                        | "table"
                        | "thead"
                        | "tbody"
                        | "tfoot"
                        | "tr"
                        | "td"
                        | "th"
                )
            })
            && !(self.inside.contains(&"th"))
    }
}

/// An address without spaces and control characters, which an attribute of an address may not hold.
fn safe_address(address: &str) -> String {
    address
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if c.is_whitespace() { "%20".to_owned() } else { c.to_string() })
        .collect()
}

fn holds_block(node: NodeRef<'_, Node>) -> bool {
    let mut elements = node.descendants().skip(1).filter_map(|below| below.value().as_element());
    elements.any(|element| is_block(element.name()))
}

fn holds_words(node: NodeRef<'_, Node>) -> bool {
    node.descendants().any(|below| match below.value() {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(element) => element.name() == "img",
        _ => false,
    })
}

fn is_block(name: &str) -> bool {
    BLOCKS.split(' ').any(|block| !block.is_empty() && block == name)
}
