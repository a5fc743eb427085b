//! The text of a release as it stands on its page.
//!
//! Stored HTML was sanitised when it was read; here it is written anew from its tree, so that only the elements below
//! can come out, with no attribute but a checked address. Headings are fitted under the page's own, pictures become
//! links (the page loads nothing from members' sites), and what HTML would not allow at its place is unwrapped.

use super::{card::escape, release::is_web};
use crate::{labels::Labels, model::ReleaseText};
use ego_tree::{NodeRef, iter::Edge};
use scraper::{Html, Node, node::Element};

/// HTML longer than this is shown as its plain text.
const LONGEST: usize = 1 << 20;

/// Elements deeper than this are unwrapped.
const DEEPEST: usize = 40;

const INLINE: [&str; 13] = ["strong", "em", "b", "i", "sup", "sub", "code", "cite", "q", "abbr", "s", "del", "ins"];
const BLOCKS: [&str; 23] = [
    "p",
    "div",
    "section",
    "article",
    "header",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "table",
    "figure",
    "figcaption",
    "hr",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "main",
    "aside",
];
const TABLE_PARTS: [&str; 6] = ["caption", "thead", "tbody", "tfoot", "tr", "th"];

/// The text as HTML that may stand on a page below an `h1`.
pub(super) fn body(l: &'static Labels, text: &ReleaseText) -> String {
    if text.html.trim().is_empty() || text.html.len() > LONGEST || nests_too_deep(&text.html) {
        return paragraphs(&text.text);
    }
    let fragment = Html::parse_fragment(&text.html);
    let mut writer = Writer::new(l, heading_levels(&fragment));
    for edge in fragment.tree.root().traverse() {
        match edge {
            Edge::Open(node) => writer.open(node),
            Edge::Close(node) => writer.close(node),
        }
    }
    writer.out
}

/// Whether more elements are open at once than any text needs: parsing such a thing takes time that grows with the
/// square of its depth. Counted without parsing, so elements that are never closed count as open.
fn nests_too_deep(html: &str) -> bool {
    let mut open = 0_usize;
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => open = open.saturating_sub(1),
            Some(letter) if letter.is_ascii_alphabetic() && !is_void(&html[at + 1..]) => open += 1,
            _ => {}
        }
        if open > 1_000 {
            return true;
        }
    }
    false
}

fn is_void(tag: &str) -> bool {
    ["br", "img", "hr", "wbr"]
        .iter()
        .any(|void| tag.get(..void.len()).is_some_and(|start| start.eq_ignore_ascii_case(void)))
}

/// One paragraph a line.
fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("<p>{}</p>\n", escape(line))).collect()
}

/// The heading levels that occur, highest first: the n-th of them becomes level n + 2.
fn heading_levels(fragment: &Html) -> Vec<u8> {
    let mut levels: Vec<u8> = fragment
        .tree
        .nodes()
        .filter_map(|node| node.value().as_element().and_then(|element| heading(element.name())))
        .collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

fn heading(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

struct Writer {
    l: &'static Labels,
    out: String,
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
    fn new(l: &'static Labels, levels: Vec<u8>) -> Self {
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

    fn open(&mut self, node: NodeRef<'_, Node>) {
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

    fn close(&mut self, _: NodeRef<'_, Node>) {
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
        if BLOCKS.contains(&tag) {
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
                TABLE_PARTS[..4].iter().find(|part| **part == name).map_or("", |part| self.start(part))
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
    elements.any(|element| BLOCKS.contains(&element.name()))
}

fn holds_words(node: NodeRef<'_, Node>) -> bool {
    node.descendants().any(|below| match below.value() {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(element) => element.name() == "img",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    fn written(html: &str) -> String {
        let text = ReleaseText { html: html.to_owned(), ..ReleaseText::default() };
        body(Labels::get(Lang::EN), &text).replace('\n', "")
    }

    #[test]
    fn only_known_elements_without_attributes_come_out() {
        for (html, expected) in [
            ("<p onclick=x class=y id=z>a</p>", "<p>a</p>"),
            ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
            ("<p>1 < 2 &amp; &lt;b&gt;</p>", "<p>1 &lt; 2 &amp; &lt;b&gt;</p>"),
            ("<a href='javascript:alert(1)'>x</a>", "x"),
            (
                "<a href=' https://a.example/?a=1&b=\"2 3'>x</a>",
                "<a href=\"https://a.example/?a=1&amp;b=&quot;2%203\" rel=\"external nofollow\">x</a>",
            ),
            ("<svg><a href='https://a.example'>x</a></svg>y", "y"),
            ("<img src=x onerror=alert(1)>", ""),
            (
                "<img src='https://a.example/i.jpg' alt='A \"class\"'>",
                "<a class=\"picture\" href=\"https://a.example/i.jpg\" rel=\"external nofollow\">Picture: A &quot;class&quot;</a>",
            ),
            ("<custom-x><b>a</b></custom-x>", "<b>a</b>"),
        ] {
            assert_eq!(written(html), expected, "{html}");
        }
    }

    #[test]
    fn headings_follow_the_page_s_own_without_jumps() {
        assert_eq!(written("<h4>a</h4><h2>b</h2><h4>c</h4>"), "<h2>a</h2><h2>b</h2><h3>c</h3>");
        assert_eq!(written("<h1>a</h1><h6>b</h6>"), "<h2>a</h2><h3>b</h3>");
        assert_eq!(written("<h2><p>a</p></h2>"), "<h2>a</h2>");
    }

    #[test]
    fn what_is_not_allowed_at_its_place_is_unwrapped() {
        for (html, expected) in [
            ("<b><p>a</p></b>", "<p>a</p>"),
            ("<li>a</li>", "<p>a</p>"),
            ("<ul>x<li>a</li></ul>", "<ul><li>a</li></ul>"),
            ("<div>a<br>b</div>", "<p>a<br>b</p>"),
            ("<div><div>a</div><p></p></div>", "<p>a</p>"),
        ] {
            assert_eq!(written(html), expected, "{html}");
        }
        let table = written("<table><tr><th>a</th><td colspan=2>b</td></tr></table>");
        assert!(
            table.contains("<table><tbody><tr><th>a</th><td colspan=\"2\">b</td></tr></tbody></table></section>"),
            "{table}"
        );
    }

    #[test]
    fn deep_nesting_ends_soon_and_keeps_the_words() {
        let out = written(&format!("{}deep{}", "<blockquote>".repeat(300), "</blockquote>".repeat(300)));
        assert!(out.contains("deep"));
        assert_eq!(out.matches("<blockquote>").count(), out.matches("</blockquote>").count());
        let abyss = ReleaseText { html: "<b><i>".repeat(100_000), text: "words".to_owned(), ..ReleaseText::default() };
        assert_eq!(body(Labels::get(Lang::EN), &abyss), "<p>words</p>\n");
    }

    #[test]
    fn a_release_without_html_is_its_lines() {
        let text = ReleaseText { text: "One & only\n\n<b>two</b>".to_owned(), ..ReleaseText::default() };
        assert_eq!(body(Labels::get(Lang::EN), &text), "<p>One &amp; only</p>\n<p>&lt;b&gt;two&lt;/b&gt;</p>\n");
    }
}
