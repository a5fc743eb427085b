//! The text of a release as it stands on its page.
//!
//! Stored HTML was sanitised when it was read; here it is written anew from its tree, so that only the elements below
//! can come out, with no attribute but a checked address. Headings are fitted under the page's own, pictures become
//! links (the page loads nothing from members' sites), and what HTML would not allow at its place is unwrapped.

mod writer;

use super::card::escape;
use crate::{labels::Labels, model::ReleaseText};
use ego_tree::iter::Edge;
use scraper::Html;
use writer::Writer;

/// HTML longer than this is shown as its plain text.
const LONGEST: usize = 1 << 20;

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
