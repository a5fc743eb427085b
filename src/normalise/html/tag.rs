//! # What does this element do to a text?
//!
//! Elements by name, as far as reading cares. To teach the reader a further element, add a variant, its name, and the
//! groups it belongs to.

/// A name in lower case as one number, so that telling a hundred names apart is a few comparisons; `None` for names
/// longer than any we know.
const fn pack(name: &[u8]) -> Option<u128> {
    if name.len() > 16 {
        return None;
    }
    let (mut packed, mut at) = (0, 0);
    while at < name.len() {
        packed = packed << 8 | name[at].to_ascii_lowercase() as u128;
        at += 1;
    }
    Some(packed)
}

macro_rules! tags {
    ($($name:literal => $variant:ident),* $(,)?) => {
        /// An element the reader knows; everything else is `Other`, characters are `Text`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Tag { Text, Other, $($variant),* }

        impl Tag {
            /// The tag called `name`, whatever its letter case.
            pub fn named(name: &str) -> Self {
                let Some(packed) = pack(name.as_bytes()) else { return Self::Other };
                $(if packed == const { pack($name.as_bytes()).unwrap() } {
                    return Self::$variant;
                })*
                Self::Other
            }

            /// Its name; empty for `Text` and `Other`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Text | Self::Other => "",
                }
            }
        }
    };
}

tags! {
    "a" => A, "applet" => Applet, "colgroup" => Colgroup, "dir" => Dir, "listing" => Listing, "marquee" => Marquee,
    "search" => Search, "rb" => Rb, "rtc" => Rtc, "abbr" => Abbr, "address" => Address, "area" => Area, "article" => Article, "aside" => Aside,
    "audio" => Audio, "b" => B, "base" => Base, "blockquote" => Blockquote, "body" => Body, "br" => Br,
    "button" => Button, "canvas" => Canvas, "caption" => Caption, "center" => Center, "cite" => Cite, "code" => Code,
    "col" => Col, "dd" => Dd, "del" => Del, "details" => Details, "dialog" => Dialog, "div" => Div, "dl" => Dl,
    "dt" => Dt, "em" => Em, "embed" => Embed, "fieldset" => Fieldset, "figcaption" => Figcaption,
    "figure" => Figure, "footer" => Footer, "form" => Form, "frame" => Frame, "frameset" => Frameset, "h1" => H1,
    "h2" => H2, "h3" => H3, "h4" => H4, "h5" => H5, "h6" => H6, "head" => Head, "header" => Header,
    "hgroup" => Hgroup, "hr" => Hr, "html" => Html, "i" => I, "iframe" => Iframe, "img" => Img, "input" => Input,
    "ins" => Ins, "label" => Label, "legend" => Legend, "li" => Li, "link" => Link, "main" => Main, "map" => Map,
    "mark" => Mark, "menu" => Menu, "meta" => Meta, "nav" => Nav, "noembed" => Noembed, "noframes" => Noframes,
    "noscript" => Noscript, "object" => Object, "ol" => Ol, "optgroup" => Optgroup, "option" => Option,
    "output" => Output, "p" => P, "param" => Param, "picture" => Picture, "plaintext" => Plaintext, "pre" => Pre,
    "progress" => Progress, "q" => Q, "rp" => Rp, "rt" => Rt, "s" => S, "samp" => Samp, "script" => Script,
    "section" => Section, "select" => Select, "small" => Small, "source" => Source, "span" => Span,
    "strong" => Strong, "style" => Style, "sub" => Sub, "summary" => Summary, "sup" => Sup, "svg" => Svg,
    "math" => Math, "table" => Table, "tbody" => Tbody, "td" => Td, "template" => Template, "textarea" => Textarea,
    "tfoot" => Tfoot, "th" => Th, "thead" => Thead, "time" => Time, "title" => Title, "tr" => Tr, "track" => Track,
    "u" => U, "ul" => Ul, "var" => Var, "video" => Video, "wbr" => Wbr, "xmp" => Xmp,
}

impl Tag {
    /// Elements that end an open paragraph when they start (standard, 13.2.6.4.7).
    pub fn ends_paragraph(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Dd
                | Details
                | Dialog
                | Dir
                | Div
                | Dl
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Li
                | Listing
                | Main
                | Menu
                | Nav
                | Ol
                | P
                | Plaintext
                | Pre
                | Search
                | Section
                | Summary
                | Table
                | Ul
                | Xmp
        )
    }

    /// The category "special" of the standard: an end tag never reaches over them.
    pub fn is_special(self) -> bool {
        use Tag::*;
        self.ends_paragraph()
            || self.is_void()
            || self.is_raw()
            || matches!(
                self,
                Applet
                    | Body
                    | Button
                    | Caption
                    | Colgroup
                    | Frameset
                    | Head
                    | Html
                    | Marquee
                    | Object
                    | Select
                    | Tbody
                    | Td
                    | Template
                    | Tfoot
                    | Th
                    | Thead
                    | Tr
            )
    }

    /// Where the search for an open element stops ("has an element in scope").
    pub fn is_scope(self) -> bool {
        use Tag::*;
        matches!(self, Applet | Caption | Html | Table | Td | Th | Marquee | Object | Template | Svg | Math)
    }

    /// Elements that belong into the head as long as no body has begun.
    pub fn is_head_content(self) -> bool {
        use Tag::*;
        matches!(self, Base | Link | Meta | Title | Style | Script | Noscript | Template | Noframes)
    }

    /// Elements without content.
    pub fn is_void(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Area | Base | Br | Col | Embed | Frame | Hr | Img | Input | Link | Meta | Param | Source | Track | Wbr
        )
    }

    /// Elements whose content the tokenizer reads as characters.
    pub fn is_raw(self) -> bool {
        use Tag::*;
        matches!(self, Script | Style | Textarea | Title | Iframe | Noembed | Noframes | Noscript | Xmp | Plaintext)
    }

    /// Elements whose content no reader of the page sees as text.
    pub fn is_unseen(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Head | Script
                | Style
                | Template
                | Noscript
                | Iframe
                | Noembed
                | Noframes
                | Svg
                | Math
                | Canvas
                | Audio
                | Video
                | Object
                | Embed
                | Map
                | Select
                | Option
                | Optgroup
                | Textarea
                | Input
                | Progress
                | Rp
                | Dialog
        )
    }

    /// Elements that start and end a line of text.
    pub fn is_block(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Body
                | Caption
                | Center
                | Dd
                | Details
                | Dialog
                | Div
                | Dl
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Html
                | Legend
                | Li
                | Main
                | Menu
                | Nav
                | Ol
                | P
                | Pre
                | Section
                | Summary
                | Table
                | Tbody
                | Td
                | Tfoot
                | Th
                | Thead
                | Tr
                | Ul
                | Optgroup
                | Option
        )
    }

    /// Level of a heading, 1 to 6.
    pub fn heading(self) -> std::option::Option<u8> {
        use Tag::*;
        Some(match self {
            H1 => 1,
            H2 => 2,
            H3 => 3,
            H4 => 4,
            H5 => 5,
            H6 => 6,
            _ => return None,
        })
    }
}
