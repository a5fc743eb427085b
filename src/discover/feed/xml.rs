//! # What does an XML feed say?
//!
//! Finds the root, then brings each item, wherever it stands, to a [`Raw`] entry. The names of RSS and Atom do not
//! contradict each other, so one list ([`gather`]) reads all dialects and the modules they borrow. To read a further
//! element, add a line there.

use super::{
    FeedError,
    assembly::Assembly,
    entry::Gathered,
    link,
    markup::{Token, Tokens},
    namespace::{Ns, Scope},
    raw::Raw,
    reference::{self, Entities},
    region::{self, Region, Regions},
    tag::Tag,
    value::Desk,
};
use std::borrow::Cow;
use url::Url;

/// A root is looked for in the first bytes.
const ROOT_WITHIN: usize = 256 * 1024;
/// Elements may be nested this deep.
const DEEPEST: usize = 256;
/// A web page names its feeds within so many tags.
const HEAD: usize = 500;

/// Reads all items into `into`, and returns the head.
pub(super) fn read<'a>(text: &'a str, base: Option<Url>, into: &mut Assembly) -> Result<Raw<'a>, FeedError> {
    let mut entities = Entities::default();
    let root = find_root(text, base.as_ref(), &mut entities, into)?;
    let mut scope = Scope::new(base);
    scope.enter(&root.tag);
    if let Some(address) = scope.foreign_default(&root.tag) {
        into.repairs.note("feed-namespace-unknown", address);
    }
    let atom = ["feed", "entry"].iter().any(|name| region::is_local(root.tag.name, name));
    if !atom {
        check_rss(&root.tag, into);
    }
    let mut head = Gathered::new(atom);
    let mut regions = Regions::new(text, root.at);
    let is_rdf = region::is_local(root.tag.name, "rdf");
    let (mut deep_head, mut closed) = (false, false);
    while let Some(region) = regions.next(&scope) {
        if region.depth > DEEPEST {
            into.repairs.note("feed-too-deep", &format!("{} elements within each other", region.depth));
        }
        match region.item {
            None => {
                deep_head |= region.depth > DEEPEST;
                read_fields(&region, &mut scope, &mut head, &mut entities, into);
            }
            Some(tag) => {
                if closed && !is_rdf {
                    into.repairs.note("feed-items-misplaced", "an item stands behind the end of the channel");
                }
                let mut own = scope.clone();
                own.lang = "";
                own.enter(&tag);
                let mut entry = Gathered::new(atom);
                entry.about = tag.attribute("rdf:about").unwrap_or_default();
                read_fields(&region, &mut own, &mut entry, &mut entities, into);
                let raw = entry.settled(&mut desk(&own, &mut entities, into));
                into.language = head.language().or_else(|| scope.lang.parse().ok());
                match region.cut && raw.is_blank() {
                    true => into.add_lost(),
                    false => into.add(raw),
                }
            }
        }
        closed |= region.closes_feed;
        if into.is_full() {
            break;
        }
        if region.cut {
            into.repairs.note("feed-truncated", "the document ends within an element");
        }
    }
    note_markup(&regions, into);
    if deep_head && into.seen() == 0 {
        return Err(FeedError::NotAFeed(format!("elements are nested deeper than {DEEPEST}")));
    }
    if into.seen() == 0 && !closed && !root.tag.empty {
        return Err(FeedError::Unreadable("the document ends before its first item".to_owned()));
    }
    head.is_head = true;
    Ok(head.settled(&mut desk(&scope, &mut entities, into)))
}

fn desk<'d, 'a>(scope: &'d Scope<'a>, entities: &'d mut Entities, into: &'d mut Assembly) -> Desk<'d, 'a> {
    Desk { scope, entities, repairs: &mut into.repairs }
}

struct Root<'a> {
    tag: Tag<'a>,
    at: usize,
}

/// The start tag of the feed, whatever stands before it.
fn find_root<'a>(
    text: &'a str,
    base: Option<&Url>,
    entities: &mut Entities,
    into: &mut Assembly,
) -> Result<Root<'a>, FeedError> {
    let mut tokens = Tokens::new(text);
    let mut first = None;
    loop {
        let at = tokens.at();
        match tokens.next() {
            Some(Token::Start(tag)) if is_feed(&tag) => {
                if first.is_some() {
                    into.repairs.note("xml-text-before", "something stands before the feed");
                }
                return Ok(Root { tag, at });
            }
            Some(Token::Start(tag)) => {
                if ["html", "head"].iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
                    return Err(FeedError::NotAFeed(an_html_page(tokens, base)));
                }
                first.get_or_insert(tag.name);
            }
            Some(Token::Doctype(doctype)) => entities.define(doctype, &mut into.repairs),
            Some(Token::Text(text)) if !text.trim().is_empty() => {
                first.get_or_insert("");
            }
            Some(_) if at < ROOT_WITHIN => {}
            Some(_) | None => return Err(no_root(first)),
        }
        if at > ROOT_WITHIN {
            return Err(no_root(first));
        }
    }
}

/// What is said of a web page: also where its feed is, when it names one.
fn an_html_page(tokens: Tokens<'_>, base: Option<&Url>) -> String {
    for token in tokens.take(HEAD) {
        let Token::Start(tag) = token else { continue };
        if tag.name.eq_ignore_ascii_case("body") {
            break;
        }
        let said = |name: &str| tag.attribute(name).unwrap_or_default().trim().to_ascii_lowercase();
        let is_feed = matches!(
            said("type").as_str(),
            "application/rss+xml" | "application/atom+xml" | "application/feed+json" | "application/rdf+xml"
        );
        if tag.name.eq_ignore_ascii_case("link") && is_feed && said("rel").contains("alternate") {
            let href = reference::from_html(tag.attribute("href").unwrap_or_default());
            if let Ok(feed) = link::web(&href, base) {
                return format!("it is an HTML page; its feed is {feed}");
            }
        }
    }
    "it is an HTML page".to_owned()
}

fn no_root(first: Option<&str>) -> FeedError {
    FeedError::NotAFeed(match first {
        None => "it is empty".to_owned(),
        Some("") => "it is plain text".to_owned(),
        Some(name) => format!("its root element is `{}`", name.chars().take(40).collect::<String>()),
    })
}

fn is_feed(tag: &Tag<'_>) -> bool {
    region::is_root(tag.name) || region::is_item(tag.name, &Scope::new(None))
}

fn check_rss(root: &Tag<'_>, into: &mut Assembly) {
    match root.attribute("version") {
        Some("0.91" | "0.92" | "2.0") => {}
        Some(version) => into.repairs.note("rss-version-unknown", version),
        None if root.name.eq_ignore_ascii_case("rss") => into.repairs.note("rss-version-missing", ""),
        None => {}
    }
}

fn note_markup(regions: &Regions<'_>, into: &mut Assembly) {
    for (code, times) in [("xml-bare-less-than", regions.bare), ("xml-cdata-unclosed", regions.unclosed_cdata)] {
        for _ in 0..times {
            into.repairs.note(code, "");
        }
    }
}

/// Reads the elements of a region into `to`. Roots that stand in it change the scope of what follows.
fn read_fields<'a>(
    region: &Region<'a>,
    scope: &mut Scope<'a>,
    to: &mut Gathered<'a>,
    entities: &mut Entities,
    into: &mut Assembly,
) {
    let mut fields = region.fields();
    while let Some(field) = fields.next(scope, &mut into.repairs) {
        if region.item.is_none() && region::is_root(field.tag.name) {
            scope.enter(&field.tag);
            continue;
        }
        let (vocabulary, name, undeclared) = scope.resolve(&field.tag);
        if vocabulary == Ns::Other {
            continue;
        }
        if undeclared {
            into.repairs.note("xml-prefix-undeclared", field.tag.name);
        }
        let mut own = Cow::Borrowed(&*scope);
        if Scope::is_changed_by(&field.tag) {
            own.to_mut().enter(&field.tag);
        }
        to.gather(vocabulary, name, &field, &mut Desk { scope: &own, entities, repairs: &mut into.repairs });
        drop(own);
        if region.item.is_none() && scope.base.is_none() {
            scope.base = to.site();
        }
    }
}
