use super::{writer::DEEPEST, *};

fn cleaned(html: &str) -> String {
    clean(html, Url::parse("https://a.example/b/").ok().as_ref())
}

#[test]
fn what_is_not_on_the_list_does_not_pass() {
    for bad in [
        "d<script>x</script>",
        "d<SCRIPT src=x></SCRIPT >",
        "<a href='javascript:x'>d</a>",
        "<a href=' java\tscript:x'>d</a>",
        "<a href='&#106;avascript:x'>d</a>",
        "<a href='data:text/html,x'>d</a>",
        "<a href='vbscript:x'>d</a>",
        "d<svg><script>y</script></svg><style>z</style><math><mi>x</math>",
        "d<iframe src=z></iframe><img src=data:image/gif,x><img src=/p.gif width=1 height=1>",
        "d<noscript><img src=x></noscript><textarea><p></textarea>",
        "d<!-- <p> --><!--><?php echo ?>",
        "d<script>x",
        "<o:p>d</o:p>",
    ] {
        assert_eq!(cleaned(bad), "d", "{bad}");
    }
    assert_eq!(cleaned("<p onload=x style=y class=z>d"), "<p>d</p>");
    assert_eq!(cleaned("&lt;script> \"&amp;lt;\" <3"), "&lt;script&gt; \"&amp;lt;\" &lt;3");
}

#[test]
fn tags_are_closed_in_order() {
    let cases = [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a<div>b</div>c</p>", "<p>a</p><div>b</div>c"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        (
            "<table><tr><td>a<td colspan=2>b<tr><th><p>c</table>",
            "<table><tr><td>a</td><td colspan=\"2\">b</td></tr><tr><th><p>c</p></th></tr></table>",
        ),
        ("<tr><td>a</td><td>b</td></tr>", "  a b"),
        ("a</p></div></b>b", "ab"),
        ("<h2>a<h3>b</h2>", "<h2>a</h2><h3>b</h3>"),
        ("<section>a</section><FONT>b</FONT><center>c", "<div>a</div>b<div>c</div>"),
        ("<a href=c>d<a href=/e>f</a>", "<a href=\"https://a.example/b/c\">d</a><a href=\"https://a.example/e\">f</a>"),
        ("<a>d</a> <a href=mailto:x@y.z>e</a>", "d <a href=\"mailto:x@y.z\">e</a>"),
    ];
    for (html, expected) in cases {
        assert_eq!(cleaned(html), expected, "{html}");
    }
    let deep = "<b>".repeat(100_000);
    assert_eq!(cleaned(&deep).matches("<b>").count(), DEEPEST);
}

#[test]
fn pictures_have_their_true_addresses() {
    assert_eq!(
        cleaned(
            "<img src='data:image/gif,x' data-src=/c.jpg alt='a &amp; b' srcset='/c.jpg 1x, d,e.jpg 2x,f.jpg' width=20px>"
        ),
        "<img src=\"https://a.example/c.jpg\" srcset=\"https://a.example/c.jpg 1x, https://a.example/b/d%2Ce.jpg 2x, \
         https://a.example/b/f.jpg\" alt=\"a &amp; b\" width=\"20\">"
    );
}

#[test]
fn titles_are_characters() {
    for (html, expected) in [
        ("Budget < 10 &amp; suite", "Budget < 10 & suite"),
        ("<b>a</b>b<br>c", "ab c"),
        ("read <stdin> and a<b", "read <stdin> and a<b"),
        ("a<script>x</script>b<span class=x>c</span>", "abc"),
        ("a <x-y z=1>b", "a b"),
    ] {
        assert_eq!(plain(html), expected, "{html}");
    }
    assert_eq!(escaped_twice("&lt;p&gt;l&amp;#8217;été&lt;/p&gt;").as_deref(), Some("<p>l&#8217;été</p>"));
    assert_eq!(escaped_twice("la balise &lt;b&gt; et &lt;stdin&gt;"), None);
    assert_eq!(escaped_twice("<p>&lt;/p&gt;</p>"), None);
    assert_eq!(from_plain("a <b>\nc\n\nd"), "<p>a &lt;b&gt;<br>c</p><p>d</p>");
}

/// Ammonia with the same lists: nothing that we wrote may be left for it to take away.
fn ammonia_of(html: &str) -> String {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(
            "a abbr b blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins \
             kbd li mark ol p pre q s samp small strong sub sup table tbody td tfoot th thead tr u ul var wbr"
                .split(' ')
                .collect(),
        )
        .tag_attributes(std::collections::HashMap::from([
            ("a", ["href"].into()),
            ("img", ["src", "srcset", "alt", "width", "height"].into()),
            ("td", ["colspan", "rowspan"].into()),
            ("th", ["colspan", "rowspan"].into()),
        ]))
        .generic_attributes([].into())
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(None);
    builder.clean(html).to_string()
}

/// The text and the attributes of a piece of HTML, which a change of structure leaves as they are.
fn essence(html: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut attributes = Vec::new();
    for token in Tokens::new(html) {
        match token {
            Token::Text(words) => text.push_str(&reference::from_html(words)),
            Token::Start(tag) if !tag.attributes.is_empty() => {
                attributes.push(format!("{}{}", tag.name, reference::from_html(tag.attributes)));
            }
            _ => {}
        }
    }
    text.retain(|letter| !letter.is_whitespace());
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    attributes.sort_unstable();
    attributes.dedup(); // a browser opens formatting again where blocks part it
    (letters.into_iter().collect(), attributes)
}

fn pieces() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let piece = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href='/x'>",
        "</a>",
        "<a href=javascript:alert(1)>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<th rowspan=3>",
        "<img src=/i.png onerror=x>",
        "<img src='x\" onerror=y'>",
        "<script>",
        "</script>",
        "<svg>",
        "</svg>",
        "<math>",
        "<style>",
        "</style>",
        "<noscript>",
        "</noscript>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "<div",
        "<div>",
        "</div>",
        "<h2>",
        "</h2>",
        "<pre>",
        "</pre>",
        "<br/>",
        "<iframe>",
        "\"",
        "'",
        "<",
        ">",
        "&lt;",
        "&amp;",
        "&#60;",
        "<x",
        "=",
        "/",
        "mot",
        " ",
        "é",
        "<blockquote>",
        "</blockquote>",
        "<dl>",
        "<dt>",
        "<caption>",
        "<select>",
        "<option>",
        "<template>",
        "<mglyph>",
        "<mtext>",
        "<foreignObject>",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(1000))]
    #[test]
    fn ammonia_finds_nothing_to_take_away(html in pieces()) {
        let ours = cleaned(&html);
        let theirs = ammonia_of(&ours);
        proptest::prop_assert_eq!(essence(&ours), essence(&theirs), "{} became {}", html, ours);
    }

    #[test]
    fn cleaning_twice_changes_nothing_more(html in pieces()) {
        let once = cleaned(&html);
        proptest::prop_assert_eq!(cleaned(&once), once);
    }
}
