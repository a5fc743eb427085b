//! # The text of a release, from whichever source gives it best
//!
//! Usually the page; the member's selectors or the site's own record (REST, feed) where they are better.

use super::{
    clean,
    content::{self, Content},
    dom::Tree,
    facts::{self, Facts, Site},
    files,
    meta::Meta,
    survey::{self, Survey},
    text,
};
use crate::{
    model::{Attachment, Candidate},
    normalise::text as letters,
};

/// What a source gives of the text.
pub struct Body {
    /// Plain text, one line a block.
    pub text: String,
    /// Sanitised HTML.
    pub html: String,
    /// What was kept apart.
    pub facts: Facts,
    /// Files it links to.
    pub attachments: Vec<Attachment>,
    /// Lines that were broken within a sentence and are one again.
    pub joined: usize,
}

/// What bodies are made with.
pub struct Workshop<'w> {
    /// Base of addresses.
    pub meta: &'w Meta,
    /// What is known of the site.
    pub site: Site<'w>,
    /// What the sources say.
    pub candidates: &'w [Candidate],
}

impl Workshop<'_> {
    /// The body of `content`; what is kept apart is cut out of it.
    pub fn body(&self, tree: &Tree<'_>, survey: &Survey, content: &mut Content) -> Body {
        let lang = self.meta.lang.parse().ok();
        let facts = facts::find(tree, survey, content, &self.site, lang);
        let mute: Vec<bool> = content.cut.iter().zip(&content.mute).map(|(cut, mute)| cut | mute).collect();
        let (text, joined) = text::read(tree, content.root, &mute);
        Body {
            text: without_empty_lines(letters::clean(&text)),
            html: letters::clean(&clean::html(tree, content.root, &content.cut, self.meta)),
            attachments: files::attachments(tree, survey, content, self.meta, self.candidates),
            facts,
            joined,
        }
    }

    /// The body that HTML from another source gives, all of it text.
    pub fn other(&self, html: &str) -> Body {
        let tree = Tree::parse(html, &mut Vec::new());
        let survey = survey::of(&tree);
        let mut content = content::whole(&tree, &survey, self.meta.host());
        self.body(&tree, &survey, &mut content)
    }
}

/// Lines of which nothing is left without control characters are none.
fn without_empty_lines(text: String) -> String {
    if !text.contains("\n\n") && !text.starts_with('\n') && !text.ends_with('\n') {
        return text;
    }
    text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_go() {
        for (text, wanted) in [("a\n\nb", "a\nb"), ("\na\n", "a"), ("a\n b", "a\n b"), ("\n", ""), ("", "")] {
            assert_eq!(without_empty_lines(text.to_owned()), wanted, "{text:?}");
        }
    }
}
