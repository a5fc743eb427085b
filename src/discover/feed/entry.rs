//! # Which element says what?
//!
//! The elements of an item are gathered by what they say, whatever dialect or module they come from, and settled when
//! all are known: a module speaks only where the feed itself is silent.

use super::{
    fields::Field,
    link,
    namespace::{Ns, Scope},
    person,
    raw::{Facts, MOST_VALUES, Prose, Raw, RawLink},
    region::Region,
    value::Desk,
};
use crate::model::Lang;
use std::borrow::Cow;
use url::Url;

/// An item, or the head of a feed, while its elements are read.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    raw: Raw<'a>,
    atom: bool,
    /// Whether this is the head: its id is no address of an entry.
    pub(super) is_head: bool,
    /// `rdf:about` of the item.
    pub(super) about: &'a str,
    /// `guid` or `id`, when it is the address of the item.
    permalink: String,
    /// Where the content stands instead of in the feed.
    elsewhere: String,
    /// The address before a feed service changed it.
    original: String,
    /// Dates of publication and modification with their rank, as written.
    published: Vec<(u8, Cow<'a, str>)>,
    updated: Vec<(u8, Cow<'a, str>)>,
    /// What modules say.
    borrowed_title: Prose<'a>,
    borrowed_summary: Prose<'a>,
    borrowed_authors: Vec<String>,
    identifier: Cow<'a, str>,
    lang: Cow<'a, str>,
    base: Option<Url>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(atom: bool) -> Self {
        Self { atom, ..Self::default() }
    }

    /// Takes one element.
    pub(super) fn gather(&mut self, of: Ns, name: &str, field: &Field<'a>, desk: &mut Desk<'_, 'a>) {
        let lower = name.to_ascii_lowercase();
        if lower != name && !MIXED_CASE.contains(&name) {
            desk.note("xml-name-case", name);
        }
        let is_prose = matches!(lower.as_str(), "description" | "summary" | "content" | "encoded" | "body" | "div");
        if (field.cut && !is_prose) || self.raw.links.len() + self.published.len() + self.updated.len() > MOST_VALUES {
            return;
        }
        match (of, lower.as_str()) {
            (Ns::Feed, "title") => {
                let title = self.prose(field, desk);
                self.raw.title.or_take(title);
            }
            (Ns::Feed, "link") => self.link(field, desk),
            (Ns::Feed, "guid" | "id") => self.id(field, desk),
            (Ns::Feed, "pubdate" | "published" | "issued") => self.published.push((0, desk.text(field))),
            (Ns::Feed, "created" | "date") => self.published.push((2, desk.text(field))),
            (Ns::Feed, "updated" | "modified") => self.updated.push((0, desk.text(field))),
            (Ns::Feed, "description" | "summary") => {
                let summary = self.prose(field, desk);
                self.keep_base(desk.scope);
                self.raw.summary.or_take(summary);
            }
            (Ns::Feed, "content" | "encoded" | "body") | (Ns::Content, "encoded") => self.content(field, desk),
            (Ns::Xhtml, "body" | "div") => self.xhtml(field, desk.scope),
            (Ns::Feed, "author") => push_new(&mut self.raw.authors, person::author(field, desk)),
            (Ns::Feed, "category") => self.category(field, desk),
            (Ns::Feed, "enclosure") => self.enclosure(field, "url", desk),
            (Ns::Enclosure, "enclosure") => self.enclosure(field, "rdf:resource", desk),
            (Ns::Feed | Ns::Dc, "language") => self.lang = desk.text(field),
            (Ns::Dc | Ns::Media | Ns::Itunes, "title") => self.borrowed_title.or_take(desk.rss_prose(field)),
            (Ns::Dc, "creator") => push_new(&mut self.borrowed_authors, person::author(field, desk)),
            (Ns::Itunes, "author") if self.borrowed_authors.is_empty() => {
                push_new(&mut self.borrowed_authors, person::author(field, desk));
            }
            (Ns::Dc, "date" | "issued" | "created" | "available" | "datesubmitted") => {
                self.published.push((1, desk.text(field)));
            }
            (Ns::Dc, "modified") => self.updated.push((1, desk.text(field))),
            (Ns::Dc, "description" | "abstract") | (Ns::Itunes, "summary") | (Ns::Media, "description") => {
                self.borrowed_summary.or_take(desk.rss_prose(field));
            }
            (Ns::Dc, "subject") => push_new(&mut self.raw.tags, desk.text(field).into_owned()),
            (Ns::Dc, "identifier") => self.identifier = desk.text(field),
            (Ns::Media, "content") => {
                self.enclosure(field, "url", desk);
                self.media(field, desk);
            }
            (Ns::Media, "group") => self.media(field, desk),
            (Ns::Burner, "origlink") => self.original = desk.text(field).into_owned(),
            _ => {}
        }
    }

    /// The language, once it is known.
    pub(super) fn language(&self) -> Option<Lang> {
        self.lang.parse().ok()
    }

    /// The address of the site, once it is known: the base of relative addresses in a feed that came from nowhere.
    pub(super) fn site(&self) -> Option<Url> {
        self.raw.links.iter().find(|link| link.rel == "alternate").and_then(|link| Url::parse(&link.href).ok())
    }

    fn prose(&self, field: &Field<'a>, desk: &mut Desk<'_, 'a>) -> Prose<'a> {
        if self.atom { desk.atom_prose(field) } else { desk.rss_prose(field) }
    }

    fn keep_base(&mut self, scope: &Scope<'a>) {
        self.base.clone_from(&scope.base);
    }

    fn content(&mut self, field: &Field<'a>, desk: &mut Desk<'_, 'a>) {
        let source = desk.attribute(field, "src");
        if !source.is_empty()
            && let Some(address) = web(&source, desk)
        {
            self.elsewhere = address;
        }
        let content = self.prose(field, desk);
        if !content.is_empty() {
            self.keep_base(desk.scope);
            self.raw.content.or_take(content);
        }
        if !desk.scope.lang.is_empty() {
            self.lang = Cow::Borrowed(desk.scope.lang);
        }
    }

    /// XHTML in an item is its content, tags and all.
    fn xhtml(&mut self, field: &Field<'a>, scope: &Scope<'a>) {
        self.keep_base(scope);
        self.raw.content.or_take(Prose::html(field.inner));
    }

    fn link(&mut self, field: &Field<'a>, desk: &mut Desk<'_, 'a>) {
        let mut href = desk.attribute(field, "href");
        if href.trim().is_empty() {
            href = desk.text(field);
        }
        let rel = relation(&desk.attribute(field, "rel"));
        let Some(href) = web(&href, desk) else { return };
        self.raw.links.push(RawLink {
            href,
            rel,
            media_type: desk.attribute(field, "type").into_owned(),
            title: desk.attribute(field, "title").into_owned(),
            length: desk.attribute(field, "length").into_owned(),
        });
    }

    fn id(&mut self, field: &Field<'a>, desk: &mut Desk<'_, 'a>) {
        let id = desk.text(field);
        let denied = field.tag.attribute("ispermalink").is_some_and(|value| value.trim().eq_ignore_ascii_case("false"));
        let declared =
            field.tag.attribute("ispermalink").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
        let is_address = id.starts_with("http://") || id.starts_with("https://");
        if !denied && (is_address || declared) {
            self.permalink = link::web(&id, desk.scope.base.as_ref()).unwrap_or_default();
        }
        if self.raw.id.is_empty() || field.tag.name.ends_with("guid") {
            self.raw.id = id;
        }
    }

    fn category(&mut self, field: &Field<'a>, desk: &mut Desk<'_, 'a>) {
        let names = [desk.attribute(field, "label"), desk.attribute(field, "term"), desk.text(field)];
        let name = names.into_iter().map(|name| name.trim().to_owned()).find(|name| !name.is_empty());
        push_new(&mut self.raw.tags, name.unwrap_or_default());
    }

    fn enclosure(&mut self, field: &Field<'a>, attribute: &str, desk: &mut Desk<'_, 'a>) {
        let mut address = desk.attribute(field, attribute);
        if address.is_empty() {
            address = desk.attribute(field, "href");
        }
        if address.is_empty() && attribute == "url" && field.tag.name == "enclosure" {
            address = desk.text(field);
        }
        let Some(href) = web(&address, desk) else { return };
        let mut media_type = desk.attribute(field, "type").into_owned();
        if media_type.is_empty() {
            media_type = desk.attribute(field, "medium").into_owned();
        }
        let length = [desk.attribute(field, "length"), desk.attribute(field, "fileSize")].concat();
        self.raw.links.push(RawLink { href, rel: "enclosure", media_type, length, ..RawLink::default() });
    }

    /// The elements within a `media:group` or `media:content`.
    fn media(&mut self, field: &Field<'a>, desk: &mut Desk<'_, 'a>) {
        let group = Region::inside(field);
        let mut fields = group.fields();
        while let Some(inner) = fields.next(desk.scope, desk.repairs) {
            match desk.scope.resolve(&inner.tag) {
                (Ns::Media, "content", _) => self.enclosure(&inner, "url", desk),
                (Ns::Media, "title", _) => self.borrowed_title.or_take(desk.rss_prose(&inner)),
                (Ns::Media, "description", _) => self.borrowed_summary.or_take(desk.rss_prose(&inner)),
                _ => {}
            }
        }
    }

    /// The entry, when all its elements are known.
    pub(super) fn settled(mut self, desk: &mut Desk<'_, 'a>) -> Raw<'a> {
        self.settle_link(desk);
        let mut raw = self.raw;
        raw.title.or_take(self.borrowed_title);
        raw.summary.or_take(self.borrowed_summary);
        for author in self.borrowed_authors {
            push_new(&mut raw.authors, author);
        }
        if raw.id.is_empty() {
            raw.id = if self.about.is_empty() { self.identifier } else { Cow::Borrowed(self.about) };
        }
        let lang = if self.lang.trim().is_empty() { Cow::Borrowed(desk.scope.lang) } else { self.lang };
        raw.facts = Facts {
            published: in_order(self.published),
            updated: in_order(self.updated),
            lang: lang.trim().to_owned(),
            base: self.base,
        };
        raw
    }

    /// Sees that the first `alternate` link is the page of the item.
    fn settle_link(&mut self, desk: &mut Desk<'_, 'a>) {
        let links = &mut self.raw.links;
        let is_other = |link: &RawLink| !link.media_type.is_empty() && !link.media_type.contains("html");
        links.sort_by_key(|link| link.rel == "alternate" && is_other(link));
        let original = link::web(&self.original, desk.scope.base.as_ref()).unwrap_or_default();
        if !original.is_empty() {
            links.push(RawLink { href: original.clone(), rel: "original", ..RawLink::default() });
        }
        if self.is_head || links.iter().any(|link| link.rel == "alternate") {
            return;
        }
        let own = links.iter().find(|link| link.rel == "self").map(|link| link.href.clone()).unwrap_or_default();
        let elsewhere = [
            ("link-from-original", original),
            ("link-from-guid", std::mem::take(&mut self.permalink)),
            ("link-from-about", self.about.to_owned()),
            ("link-from-identifier", self.identifier.to_string()),
            ("link-from-content", std::mem::take(&mut self.elsewhere)),
            ("link-from-self", own),
        ];
        for (code, address) in elsewhere {
            if address.starts_with("http")
                && let Ok(href) = link::web(&address, desk.scope.base.as_ref())
            {
                desk.note(code, &href);
                links.insert(0, RawLink { href, rel: "alternate", ..RawLink::default() });
                return;
            }
        }
    }
}

/// Names that the specifications write with capitals.
const MIXED_CASE: &[&str] = &[
    "pubDate",
    "lastBuildDate",
    "managingEditor",
    "webMaster",
    "skipDays",
    "skipHours",
    "textInput",
    "origLink",
    "commentRss",
    "commentRSS",
    "updatePeriod",
    "updateFrequency",
    "updateBase",
    "origEnclosureLink",
    "dateSubmitted",
    "totalResults",
    "startIndex",
    "itemsPerPage",
    "browserFriendly",
    "episodeType",
];

fn in_order(mut dates: Vec<(u8, Cow<'_, str>)>) -> Vec<String> {
    dates.sort_by_key(|(rank, _)| *rank);
    dates.into_iter().map(|(_, date)| date.into_owned()).filter(|date| !date.is_empty()).take(8).collect()
}

fn push_new(list: &mut Vec<String>, value: String) {
    let value = value.trim();
    if !value.is_empty() && list.len() < MOST_VALUES && !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}

/// An absolute address; what was wrong with it is noted.
fn web(raw: &str, desk: &mut Desk<'_, '_>) -> Option<String> {
    link::noted(raw, desk.scope.base.as_ref(), desk.repairs)
}

/// The relation of a link, as far as we care; none stated means `alternate`.
fn relation(written: &str) -> &'static str {
    let short = written.trim().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    match short.as_str() {
        "" | "alternate" => "alternate",
        "enclosure" => "enclosure",
        "self" => "self",
        "next" => "next",
        _ => "related",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_known_in_every_spelling() {
        for (written, expected) in [
            ("", "alternate"),
            ("Alternate", "alternate"),
            ("http://www.iana.org/assignments/relation/alternate", "alternate"),
            ("replies", "related"),
        ] {
            assert_eq!(relation(written), expected);
        }
    }
}
