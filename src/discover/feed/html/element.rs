//! What is done with each element of HTML. To keep a further one, add its name.

/// How an element of a feed's HTML is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Kept, within a line.
    Inline(&'static str),
    /// Kept, under this name, as a block of its own: it ends an open paragraph.
    Block(&'static str),
    /// An item of a list: it ends the item before it.
    Item(&'static str),
    /// A part of a table, kept only inside one: it ends the part of its own rank before it.
    Part(&'static str, Rank),
    /// Kept, without content.
    Void(&'static str),
    /// A link, kept when it leads somewhere.
    Link,
    /// A picture, kept when it has an address.
    Image,
    /// Known, but only what it holds is kept.
    Unwrap,
    /// Left out with all it holds.
    Gone,
    /// Left out with all it holds, which is not HTML.
    Raw,
    /// Not HTML.
    Unknown,
}

/// Parts of a table, the outer first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// `thead`, `tbody`, `tfoot`, `caption`.
    Section,
    /// `tr`.
    Row,
    /// `td`, `th`.
    Cell,
}

/// Longest name of an element below.
const LONGEST: usize = 10;

impl Element {
    /// The element of this name, in any case.
    pub(super) fn named(name: &str) -> Self {
        use Element::*;
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..name.len()) else { return Unknown };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        match &*lower {
            b"p" => Block("p"),
            b"a" => Link,
            b"br" => Void("br"),
            b"img" | b"image" => Image,
            b"div" | b"section" | b"article" | b"main" | b"header" | b"footer" | b"aside" | b"nav" | b"center"
            | b"address" | b"form" | b"fieldset" | b"details" | b"summary" | b"hgroup" | b"legend" => Block("div"),
            b"em" => Inline("em"),
            b"strong" => Inline("strong"),
            b"b" => Inline("b"),
            b"i" => Inline("i"),
            b"u" => Inline("u"),
            b"s" | b"strike" => Inline("s"),
            b"q" => Inline("q"),
            b"del" => Inline("del"),
            b"ins" => Inline("ins"),
            b"sub" => Inline("sub"),
            b"sup" => Inline("sup"),
            b"small" => Inline("small"),
            b"mark" => Inline("mark"),
            b"cite" => Inline("cite"),
            b"code" | b"tt" => Inline("code"),
            b"kbd" => Inline("kbd"),
            b"samp" => Inline("samp"),
            b"var" => Inline("var"),
            b"dfn" => Inline("dfn"),
            b"abbr" | b"acronym" => Inline("abbr"),
            b"h1" => Block("h1"),
            b"h2" => Block("h2"),
            b"h3" => Block("h3"),
            b"h4" => Block("h4"),
            b"h5" => Block("h5"),
            b"h6" => Block("h6"),
            b"ul" | b"dir" | b"menu" => Block("ul"),
            b"ol" => Block("ol"),
            b"dl" => Block("dl"),
            b"li" => Item("li"),
            b"dt" => Item("dt"),
            b"dd" => Item("dd"),
            b"blockquote" => Block("blockquote"),
            b"pre" | b"listing" | b"xmp" => Block("pre"),
            b"figure" => Block("figure"),
            b"figcaption" => Block("figcaption"),
            b"table" => Block("table"),
            b"caption" => Part("caption", Rank::Section),
            b"thead" => Part("thead", Rank::Section),
            b"tbody" => Part("tbody", Rank::Section),
            b"tfoot" => Part("tfoot", Rank::Section),
            b"tr" => Part("tr", Rank::Row),
            b"td" => Part("td", Rank::Cell),
            b"th" => Part("th", Rank::Cell),
            b"hr" => Void("hr"),
            b"wbr" => Void("wbr"),
            b"span" | b"font" | b"big" | b"nobr" | b"label" | b"time" | b"data" | b"bdi" | b"bdo" | b"ruby" | b"rb"
            | b"rt" | b"rtc" | b"rp" | b"html" | b"body" | b"meta" | b"link" | b"base" | b"embed" | b"param"
            | b"source" | b"track" | b"object" | b"video" | b"audio" | b"picture" | b"map" | b"area" | b"input"
            | b"col" | b"colgroup" | b"output" | b"progress" | b"meter" | b"blink" | b"marquee" | b"plaintext"
            | b"basefont" | b"bgsound" | b"frame" | b"frameset" | b"optgroup" | b"search" | b"slot" | b"dialog" => {
                Unwrap
            }
            b"head" | b"svg" | b"math" | b"canvas" | b"template" | b"select" | b"button" | b"option" | b"applet"
            | b"datalist" => Gone,
            b"script" | b"style" | b"title" | b"iframe" | b"noscript" | b"noframes" | b"noembed" | b"textarea" => Raw,
            _ => Unknown,
        }
    }

    /// Whether its beginning and end part words.
    pub(super) fn parts_words(self) -> bool {
        use Element::*;
        matches!(self, Block(_) | Item(_) | Part(..) | Void("br" | "hr") | Image)
    }
}
