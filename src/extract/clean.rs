//! # How is the release shown again?
//!
//! A serialiser that can write only what is on its list: known elements, known attributes, http(s) and `mailto:`
//! addresses made absolute, every character of text escaped. Nothing of the page's own markup is copied, so there is
//! nothing to sanitise afterwards.

use super::{
    dom::{Tree, What},
    meta::Meta,
    tag::Tag,
    text::Cut,
};

/// Longest HTML of a page, in bytes; what follows is left out, what is open is closed.
const LONGEST: usize = 2 * super::text::LONGEST;

/// Sanitised HTML of the subtree of `root`, the root's own tag left out unless it is a text element.
pub fn html(tree: &Tree<'_>, root: usize, cut: &Cut, meta: &Meta) -> String {
    let mut out = String::new();
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let (mut at, end) = (root, tree.end(root));
    while at < end && out.len() < LONGEST {
        while let Some(&(top, name)) = open.last()
            && tree.end(top) <= at
        {
            open.pop();
            close(&mut out, name);
        }
        match &tree.nodes()[at].what {
            What::Text(_) if cut.get(at).copied().unwrap_or(false) => {}
            What::Text(text) => escape(&mut out, super::text::cut(text, LONGEST)),
            What::Element(element) => {
                let tag = element.tag;
                if cut.get(at).copied().unwrap_or(false) || (tag.is_unseen() && at != root) {
                    at = tree.end(at);
                    continue;
                }
                open.push((at, write_open(&mut out, tree, at, tag, meta)));
            }
        }
        at += 1;
    }
    while let Some((_, name)) = open.pop() {
        close(&mut out, name);
    }
    out.trim().to_owned()
}

/// Writes the start tag as it will be shown, and returns the name that the end tag needs (empty: none).
fn write_open(out: &mut String, tree: &Tree<'_>, at: usize, tag: Tag, meta: &Meta) -> &'static str {
    use Tag::*;
    match tag {
        Br | Hr => {
            out.push_str(if tag == Br { "<br>" } else { "<hr>" });
            ""
        }
        Img => {
            image(out, tree, at, meta);
            ""
        }
        A => match tree.attr(at, "href").and_then(|href| link(&href, meta)) {
            Some(href) => {
                out.push_str("<a href=\"");
                escape(out, &href);
                out.push_str("\">");
                "a"
            }
            None => "",
        },
        Td | Th => {
            out.push('<');
            out.push_str(tag.name());
            for span in ["colspan", "rowspan"] {
                if let Some(n) =
                    tree.attr(at, span).and_then(|n| n.trim().parse::<u16>().ok()).filter(|n| (2..=1000).contains(n))
                {
                    out.push_str(&format!(" {span}=\"{n}\""));
                }
            }
            out.push('>');
            tag.name()
        }
        // The title of a page is its only first heading.
        H1 => plain(out, "h2"),
        P | H2 | H3 | H4 | H5 | H6 | Ul | Ol | Li | Dl | Dt | Dd | Blockquote | Pre | Code | Em | Strong | B | I
        | Sub | Sup | Q | Cite | Abbr | Figure | Figcaption | Table | Thead | Tbody | Tfoot | Tr | Caption | Small
        | S | Del | Ins | Mark => plain(out, tag.name()),
        _ if tag.is_block() && tag != Body => plain(out, if is_paragraph(tree, at) { "p" } else { "" }),
        _ => "",
    }
}

/// Whether a block holds something, and no block.
fn is_paragraph(tree: &Tree<'_>, at: usize) -> bool {
    let inside = at + 1..tree.end(at);
    !inside.is_empty() && !inside.into_iter().any(|inner| tree.tag(inner).is_block())
}

fn plain(out: &mut String, name: &'static str) -> &'static str {
    if !name.is_empty() {
        out.push('<');
        out.push_str(name);
        out.push('>');
    }
    name
}

fn close(out: &mut String, name: &'static str) {
    if !name.is_empty() {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// An address that may be followed: http(s) made absolute, `mailto:` and `tel:` as they are.
fn link(href: &str, meta: &Meta) -> Option<String> {
    let bare: String = href.trim().chars().filter(|c| !c.is_control()).collect();
    let lower = bare.get(..7).unwrap_or(&bare).to_ascii_lowercase();
    if lower.starts_with("mailto:") || lower.starts_with("tel:") {
        return Some(bare);
    }
    meta.absolute(&bare)
}

/// The address of an image; lazy loaders keep the true one in `data-` attributes.
pub fn image_source(tree: &Tree<'_>, at: usize, meta: &Meta) -> Option<String> {
    ["data-src", "data-lazy-src", "data-original", "data-orig-file", "src"]
        .iter()
        .filter_map(|name| tree.attr(at, name))
        .find_map(|src| meta.absolute(&src))
}

fn image(out: &mut String, tree: &Tree<'_>, at: usize, meta: &Meta) {
    let Some(src) = image_source(tree, at, meta) else { return };
    out.push_str("<img src=\"");
    escape(out, &src);
    out.push_str("\" alt=\"");
    escape(out, tree.attr(at, "alt").unwrap_or_default().trim());
    out.push_str("\">");
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        let tree = Tree::parse(html, &mut Vec::new());
        let meta = Meta::read(&tree, "https://a.example/b/", &mut Vec::new());
        super::html(&tree, 0, &[], &meta)
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(cleaned(""), "");
        assert_eq!(cleaned("<div></div>"), "");
    }

    #[test]
    fn links_become_absolute_and_scripts_never_pass() {
        assert_eq!(cleaned("<p><a href=c onclick=x>d</a>"), r#"<p><a href="https://a.example/b/c">d</a></p>"#);
        for bad in [
            "<p><a href='javascript:x'>d</a>",
            "<p><a href=' java\tscript:x'>d</a>",
            "<p><a href='data:text/html,x'>d</a>",
            "<p><a href='vbscript:x'>d</a>",
            "<p>d<script>x</script><svg><script>y</script></svg><style>z</style>",
            "<p onload=x style=y>d<iframe src=z></iframe>",
        ] {
            assert_eq!(cleaned(bad), "<p>d</p>", "{bad}");
        }
        assert_eq!(cleaned("<p>&lt;script>"), "<p>&lt;script&gt;</p>");
    }

    #[test]
    fn structure_stays() {
        let html = "<h2>a</h2><ul><li>b</li></ul><blockquote><p>c</p></blockquote><table><tbody><tr><td colspan=\"2\">d</td></tr></tbody></table>";
        assert_eq!(cleaned(html), html);
        assert_eq!(cleaned("<div><div>a</div>b</div>"), "<p>a</p>b");
        assert_eq!(
            cleaned("<figure><img src=/i.png alt=x><figcaption>c"),
            "<figure><img src=\"https://a.example/i.png\" alt=\"x\"><figcaption>c</figcaption></figure>"
        );
    }
}
