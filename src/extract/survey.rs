//! # How much text, how many links, which names does each element have?
//!
//! One pass down (names, visibility, which block and link a text is in), one pass up (sums). Everything that decides
//! where the text of the page is reads from here.

use super::{
    dom::Tree,
    marks::{self, Marks},
    tag::Tag,
};

/// Measures of every node; sums are over its subtree, without what no reader sees.
pub struct Survey {
    /// Meaning of its class names.
    pub marks: Vec<Marks>,
    /// The block that each node stands in; blocks stand in themselves.
    pub block: Vec<usize>,
    /// A post of the content system, with the classes it gives to posts, or an `article`.
    pub is_post: Vec<bool>,
    /// Not shown: by its tag, a class or attribute, or within such an element.
    pub unseen: Vec<bool>,
    /// Characters that are not blank.
    pub chars: Vec<u32>,
    /// Of these, within links.
    pub linked: Vec<u32>,
    /// Characters in blocks that read like sentences.
    pub prose: Vec<u32>,
    /// Characters of the text directly in this block (inline elements included).
    pub own: Vec<u32>,
    /// Of these, within links.
    pub own_linked: Vec<u32>,
}

/// Measures the page.
pub fn of(tree: &Tree<'_>) -> Survey {
    let len = tree.len();
    let mut survey = Survey {
        marks: vec![Marks::default(); len],
        block: vec![0; len],
        is_post: vec![false; len],
        unseen: vec![false; len],
        chars: vec![0; len],
        linked: vec![0; len],
        prose: vec![0; len],
        own: vec![0; len],
        own_linked: vec![0; len],
    };
    let mut stops = vec![0u32; len];
    survey.down(tree, &mut stops);
    survey.up(tree, &stops);
    survey
}

impl Survey {
    fn down(&mut self, tree: &Tree<'_>, stops: &mut [u32]) {
        let mut in_link = vec![false; tree.len()];
        for at in 0..tree.len() {
            let parent = tree.parent(at);
            let tag = tree.tag(at);
            in_link[at] = tag == Tag::A || (at > 0 && in_link[parent]);
            self.block[at] = if tag.is_block() { at } else { self.block[parent] };
            self.unseen[at] = (at > 0 && self.unseen[parent]) || tag.is_unseen();
            if let Some(text) = tree.text(at) {
                if !self.unseen[at] {
                    let (chars, signs) = measure(text);
                    self.chars[at] = chars;
                    self.own[self.block[at]] += chars;
                    stops[self.block[at]] += signs;
                    if in_link[at] {
                        self.linked[at] = chars;
                        self.own_linked[self.block[at]] += chars;
                    }
                }
            } else if !self.unseen[at] {
                self.look_at_attributes(tree, at);
            }
        }
    }

    fn look_at_attributes(&mut self, tree: &Tree<'_>, at: usize) {
        let Some(attrs) = tree.attrs(at) else { return };
        let mut is_post = matches!(tree.tag(at), Tag::Html | Tag::Body);
        for (name, value) in attrs.iter() {
            let value = value.raw();
            match name.len() {
                5 if name.eq_ignore_ascii_case("class") => {
                    // The classes of a post name its categories and tags, not what the element is.
                    is_post |= value
                        .split_ascii_whitespace()
                        .any(|word| matches!(word, "hentry" | "status-publish" | "type-post" | "type-page"));
                    self.marks[at] |= marks::of(value);
                }
                2 if name.eq_ignore_ascii_case("id") => self.marks[at] |= marks::of(value),
                5 if name.eq_ignore_ascii_case("style") => self.unseen[at] |= hides(value),
                6 if name.eq_ignore_ascii_case("hidden") => self.unseen[at] = true,
                8 if name.eq_ignore_ascii_case("itemprop") && value.eq_ignore_ascii_case("articleBody") => {
                    self.marks[at] |= Marks::TEXT
                }
                4 if name.eq_ignore_ascii_case("role") => self.marks[at] |= role(value),
                11 if name.eq_ignore_ascii_case("aria-hidden") => {
                    self.unseen[at] |= value == "true" && !tree.tag(at).is_block()
                }
                _ => {}
            }
        }
        self.is_post[at] =
            (is_post && tree.tag(at) != Tag::Html && tree.tag(at) != Tag::Body) || tree.tag(at) == Tag::Article;
        // Embedded posts are words that the author quotes; triggers of windows are words of the text.
        if self.marks[at].any(Marks::EMBED) {
            self.marks[at] = self.marks[at].without(Marks::SHARE);
        }
        if tree.tag(at) == Tag::A {
            self.marks[at] = self.marks[at].without(Marks::POPUP);
        }
        if is_post {
            self.marks[at] = Marks::default();
        }
        self.unseen[at] |= self.marks[at].any(Marks::UNSEEN);
    }

    fn up(&mut self, tree: &Tree<'_>, stops: &[u32]) {
        for at in (1..tree.len()).rev() {
            if self.reads_like_sentences(tree, at, stops[at]) {
                self.prose[at] += self.own[at] - self.own_linked[at];
            }
            let parent = tree.parent(at);
            self.chars[parent] += self.chars[at];
            self.linked[parent] += self.linked[at];
            self.prose[parent] += self.prose[at];
        }
    }

    fn reads_like_sentences(&self, tree: &Tree<'_>, at: usize, stops: u32) -> bool {
        let (own, linked) = (self.own[at], self.own_linked[at]);
        tree.tag(at).heading().is_none() && linked * 2 <= own && (own >= 80 || (own >= 25 && stops > 0))
    }
}

/// Characters that are not blank, and signs that end or part sentences. A sign of Chinese, Japanese or Korean (U+3000 to
/// U+DFFF, first byte E3 to ED) says as much as three letters.
fn measure(text: &str) -> (u32, u32) {
    let (mut chars, mut signs) = (0, 0);
    for b in text.bytes() {
        // Continuation bytes of UTF-8 are no characters of their own.
        chars += u32::from(b > b' ' && (b & 0xc0) != 0x80) + 2 * u32::from(matches!(b, 0xe3..=0xed));
        signs += u32::from(matches!(b, b'.' | b',' | b'!' | b'?' | b';' | b':'));
    }
    if text.len() >= 3 && !text.is_ascii() {
        signs +=
            text.chars().filter(|c| matches!(c, '。' | '、' | '，' | '！' | '？' | '।' | '،' | '؟')).count() as u32;
    }
    (chars, signs)
}

fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn role(value: &str) -> Marks {
    match value.to_ascii_lowercase().as_str() {
        "navigation" | "menu" | "menubar" | "search" | "toolbar" | "tablist" => Marks::NAVIGATION,
        "complementary" => Marks::SIDEBAR,
        "contentinfo" => Marks::FOOT,
        "banner" => Marks::EDGE,
        "dialog" | "alertdialog" => Marks::POPUP,
        _ => Marks::default(),
    }
}
