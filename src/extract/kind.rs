//! # What kind of page is this?

use super::{Context, meta::Meta};
use crate::{
    model::{Kind, KindGuess, SourceKind},
    normalise::text::fold,
};
use url::Url;

/// The kind, and why.
pub fn guess(meta: &Meta, url: &str, context: &Context<'_>, title: &str, text: &str) -> KindGuess {
    let said = |kind, reason: &str| KindGuess { kind, reason: reason.to_owned() };
    let is_root = Url::parse(url).is_ok_and(|url| url.path() == "/" && url.query().is_none());
    let folded = fold(title);
    let head: String = fold(&text.chars().take(400).collect::<String>());
    if is_root || ["home", "archive", "blog", "category", "tag", "search"].iter().any(|class| meta.has_class(class)) {
        return said(Kind::Listing, "a home, archive or search page");
    }
    if context.candidates.iter().any(|candidate| candidate.standing) || meta.has_class("page") {
        return said(Kind::Page, "the site calls it a page");
    }
    if folded.starts_with("tribune") || folded.contains("lettre ouverte") || folded.contains("open letter") {
        return said(Kind::Tribune, "its title calls it a tribune or an open letter");
    }
    for words in ["communique", "press release", "statement"] {
        if folded.contains(words) || head.starts_with(words) {
            return said(Kind::Release, &format!("it calls itself \u{201c}{words}\u{201d}"));
        }
    }
    if meta.has_class("single-post")
        || meta.first("og:type") == "article"
        || meta.things.iter().any(super::structured::Thing::is_article)
    {
        return said(Kind::News, "the page calls itself an article");
    }
    if context.candidates.iter().any(|candidate| candidate.published.is_some()) {
        return said(Kind::News, "a source lists it with a date");
    }
    if context.candidates.iter().any(|c| matches!(c.source, SourceKind::Listing | SourceKind::Feed | SourceKind::Rest))
    {
        return said(Kind::News, "a listing, feed or API of the site has it among its posts");
    }
    said(Kind::Page, "nothing says that it is news")
}
