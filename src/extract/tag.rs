//! # What does this element do to a text?
//!
//! Elements by name, as far as reading cares. To teach the reader a further element, add a variant, its name, and the
//! groups it belongs to.

macro_rules! tags {
    ($($name:literal => $variant:ident),* $(,)?) => {
        /// An element the reader knows; everything else is `Other`, characters are `Text`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Tag { Text, Other, $($variant),* }

        impl Tag {
            /// The tag called `name` (lower case).
            pub fn named(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    _ => Self::Other,
                }
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
    "a" => A, "abbr" => Abbr, "address" => Address, "area" => Area, "article" => Article, "aside" => Aside,
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
}
