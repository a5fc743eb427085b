//! The tree has the shape that browsers give it.

use super::*;

fn shape(html: &str) -> String {
    let tree = Tree::parse(html, &mut Vec::new());
    let show = |at: usize| match &tree.nodes()[at].what {
        What::Text(text) => format!("{text:?}^{}", tree.parent(at)),
        What::Element(element) => format!("{}..{}", element.name, tree.end(at)),
    };
    (0..tree.len()).map(show).collect::<Vec<_>>().join(" ")
}

fn counts(name: &str) -> bool {
    let tag = Tag::named(name);
    tag.is_block() && tag != Tag::Tbody
}

/// The texts with the blocks around them, as html5ever sees them.
fn by_html5ever(html: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(html);
    let mut out: Vec<String> = Vec::new();
    let mut before = None;
    for node in page.root_element().descendants() {
        let Some(text) = node.value().as_text() else {
            if node.value().is_element() {
                before = None;
            }
            continue;
        };
        // Text on both sides of a comment is one text to us.
        if before.replace(node.parent().map(|up| up.id())) == Some(node.parent().map(|up| up.id())) {
            out.last_mut().unwrap().push_str(text);
            continue;
        }
        let around = node.ancestors().filter_map(|up| up.value().as_element().map(|element| element.name()));
        let mut names: Vec<&str> = around.filter(|name| counts(name)).collect();
        names.reverse();
        out.push(format!("{}>{}", names.join(" "), &**text));
    }
    tidied(out)
}

fn tidied(lines: Vec<String>) -> Vec<String> {
    let lines = lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ").replace("> ", ">"));
    lines.filter(|line| !line.ends_with('>')).collect()
}

fn by_us(html: &str) -> Vec<String> {
    let tree = Tree::parse(html, &mut Vec::new());
    let mut out: Vec<String> = Vec::new();
    for at in 0..tree.len() {
        let Some(text) = tree.text(at) else { continue };
        let mut names: Vec<&str> =
            tree.ancestors(at).map(|up| tree.tag(up).name()).filter(|name| counts(name)).collect();
        names.reverse();
        out.push(format!("{}>{}", names.join(" "), text));
    }
    tidied(out)
}

#[test]
fn subtrees_are_ranges() {
    assert_eq!(shape("<p>a<b>c</b>d<p>e"), r#"html..9 body..9 p..7 "a"^2 b..6 "c"^4 "d"^2 p..9 "e"^7"#);
}

#[test]
fn html5ever_sees_the_same_blocks() {
    for html in [
        "<!doctype html><title>t &amp; u</title><p>a<p>b<div>c</div>d",
        "<p>a<ul><li>b<li>c<ul><li>d</ul><li>e</ul>f",
        "<dl><dt>a<dd>b<dt>c<dd>d</dl>",
        "<table><tr><td>a<td>b<tr><td><table><tr><td>c</table>d</table>e",
        "<table><caption>x</caption><thead><tr><th>a</thead><tbody><tr><td>b</tbody></table>",
        "<div><span>a</div>b</span>c",
        "<h1>a<h2>b</h1>c",
        "<form><div>a</form>b</div>c",
        "<form><p>a</form>b",
        "<button>a<p>b<button>c</button>d",
        "<!doctype html><p>a<table><tr><td>b</table>c",
        "<a href=x>a<a href=y>b</a>c",
        "<div>a<svg><title>s</title><path d=x><g>t</svg>b</div>c",
        "<svg><path/><p>a",
        "<p>a</br>b</p></p>c",
        "<select><option>a<option>b</select>c",
        "<ul><li><div>a<li>b</ul>",
        "<ul><li><p>a</ul>b</li>c",
        "<body class=a><p>x</body></html>y",
        "a<!-- <p>b --><p>c<!---->d<!--x--!>e",
        "<section><article><header>a</header>b</section>c",
        "<td>a</td><tr>b",
        "<textarea><p>a</textarea>b<noscript><p>c</noscript>d<iframe><p>e</iframe>f",
        "<pre>\na\n b</pre><xmp><p>x</xmp>y",
        "<blockquote>a<address>b<p>c</blockquote>d",
        "<object><p>a</object></p>b",
        "<center>a<p>b</center>c",
    ] {
        assert_eq!(by_us(html), by_html5ever(html), "{html}");
    }
}

#[test]
fn depth_is_bounded_and_said() {
    let mut warnings = Vec::new();
    let deep = "<div>".repeat(300_000) + "<p>below</p>";
    let tree = Tree::parse(&deep, &mut warnings);
    assert!(warnings.iter().any(|w| w.code == "depth-cut"), "{warnings:?}");
    assert!(tree.raw_text(0).contains("below"));
    assert!((0..tree.len()).all(|at| tree.ancestors(at).count() <= MAX_DEPTH));
}

#[test]
fn misnested_formatting_ends() {
    let page: String = (0..20_000).map(|n| format!("<font color={n}><p>x</b></i>")).collect();
    assert!(Tree::parse(&page, &mut Vec::new()).len() <= MAX_NODES);
}
