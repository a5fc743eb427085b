//! # Whose element is this?
//!
//! Elements belong to vocabularies by address, by well-known prefix where the address is missing or misspelt, and else
//! to the feed itself. To read a further vocabulary, add it to [`Ns`], its address and its prefix.

use super::{
    link,
    tag::{self, Tag},
};
use url::Url;

/// The vocabularies of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// RSS of any version and Atom: their names do not contradict each other.
    Feed,
    /// `content:encoded`.
    Content,
    /// Dublin Core elements and terms.
    Dc,
    /// Media RSS.
    Media,
    /// Podcasts as iTunes describes them.
    Itunes,
    /// Addresses before a feed service changed them.
    Burner,
    /// XHTML in an item.
    Xhtml,
    /// Enclosures of RSS 1.0.
    Enclosure,
    /// RDF.
    Rdf,
    /// What is not read.
    Other,
}

/// Addresses without scheme, in lower case; those that end in `*` are beginnings.
const BY_ADDRESS: &[(&str, Ns)] = &[
    ("www.w3.org/2005/atom", Ns::Feed),
    ("purl.org/atom/*", Ns::Feed),
    ("purl.org/rss/1.0/modules/content", Ns::Content),
    ("purl.org/rss/1.0", Ns::Feed),
    ("purl.org/net/rss1.1*", Ns::Feed),
    ("my.netscape.com/*", Ns::Feed),
    ("channel.netscape.com/*", Ns::Feed),
    ("backend.userland.com/*", Ns::Feed),
    ("blogs.law.harvard.edu/tech/rss*", Ns::Feed),
    ("cyber.harvard.edu/rss*", Ns::Feed),
    ("cyber.law.harvard.edu/rss*", Ns::Feed),
    ("www.rssboard.org/rss*", Ns::Feed),
    ("purl.org/dc/*", Ns::Dc),
    ("search.yahoo.com/mrss*", Ns::Media),
    ("video.search.yahoo.com/mrss*", Ns::Media),
    ("www.itunes.com/dtds/*", Ns::Itunes),
    ("www.itunes.com/*", Ns::Itunes),
    ("rssnamespace.org/feedburner/ext/*", Ns::Burner),
    ("www.pheedo.com/namespace/*", Ns::Burner),
    ("www.w3.org/1999/xhtml", Ns::Xhtml),
    ("purl.oclc.org/net/rss_2.0/enc*", Ns::Enclosure),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", Ns::Rdf),
];

const BY_PREFIX: &[(&str, Ns)] = &[
    ("atom", Ns::Feed),
    ("atom10", Ns::Feed),
    ("atom03", Ns::Feed),
    ("a10", Ns::Feed),
    ("rss", Ns::Feed),
    ("content", Ns::Content),
    ("dc", Ns::Dc),
    ("dcterms", Ns::Dc),
    ("dct", Ns::Dc),
    ("media", Ns::Media),
    ("itunes", Ns::Itunes),
    ("feedburner", Ns::Burner),
    ("pheedo", Ns::Burner),
    ("xhtml", Ns::Xhtml),
    ("enc", Ns::Enclosure),
    ("rdf", Ns::Rdf),
];

/// What the elements around a place declare.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope<'a> {
    prefixes: Vec<(&'a str, Ns)>,
    /// Base of relative addresses.
    pub(super) base: Option<Url>,
    /// `xml:lang`, as written.
    pub(super) lang: &'a str,
}

impl<'a> Scope<'a> {
    /// A scope whose relative addresses resolve against `base`.
    pub(super) fn new(base: Option<Url>) -> Self {
        Self { base, ..Self::default() }
    }

    /// Whether a tag declares anything.
    pub(super) fn is_changed_by(tag: &Tag<'_>) -> bool {
        tag.attributes.contains("xml")
    }

    /// Adds what a tag declares.
    pub(super) fn enter(&mut self, tag: &Tag<'a>) {
        for (name, value) in tag::attributes(tag.attributes) {
            match name.split_once(':') {
                Some(("xmlns", prefix)) => {
                    let vocabulary = by_address(value).or_else(|| by_prefix(prefix)).unwrap_or(Ns::Other);
                    self.prefixes.retain(|(known, _)| *known != prefix);
                    // a document needs a handful of prefixes; a flood of them would slow every look-up
                    if self.prefixes.len() < 64 {
                        self.prefixes.push((prefix, vocabulary));
                    }
                }
                Some(("xml", "base")) => {
                    self.base = link::resolved(value, self.base.as_ref()).or(self.base.take());
                }
                Some(("xml", "lang")) => self.lang = value,
                _ => {}
            }
        }
    }

    /// The vocabulary of a tag, and its name without prefix; whether the prefix was never declared.
    pub(super) fn resolve<'t>(&self, tag: &Tag<'t>) -> (Ns, &'t str, bool) {
        let Some((prefix, local)) = tag.name.split_once(':') else {
            let own = tag.attributes.contains("xmlns").then(|| tag.attribute("xmlns")).flatten();
            let vocabulary = match own {
                None | Some("") => Ns::Feed,
                Some(address) => by_address(address).unwrap_or(Ns::Other),
            };
            return (vocabulary, tag.name, false);
        };
        if let Some((_, vocabulary)) = self.prefixes.iter().rev().find(|(known, _)| *known == prefix) {
            return (*vocabulary, local, false);
        }
        let own = tag::attributes(tag.attributes).find(|(name, _)| name.strip_prefix("xmlns:") == Some(prefix));
        let declared = own.and_then(|(_, address)| by_address(address));
        (declared.or_else(|| by_prefix(prefix)).unwrap_or(Ns::Other), local, own.is_none())
    }
}

impl<'a> Scope<'a> {
    /// The default namespace that a root declares, when it is none of a feed; its elements are read all the same.
    pub(super) fn foreign_default(&self, root: &Tag<'a>) -> Option<&'a str> {
        root.attribute("xmlns").filter(|address| !address.is_empty() && by_address(address) != Some(Ns::Feed))
    }

    /// The local name of an element of XHTML that is written with a prefix.
    pub(super) fn xhtml_name<'t>(&self, name: &'t str) -> Option<&'t str> {
        let tag = Tag { name, attributes: "", empty: false };
        match self.resolve(&tag) {
            (Ns::Xhtml, local, _) if local.len() < name.len() => Some(local),
            _ => None,
        }
    }
}

fn by_address(address: &str) -> Option<Ns> {
    let lower = address.trim().to_ascii_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest).trim_end_matches(['/', '#']);
    let fits = |known: &str| match known.strip_suffix('*') {
        Some(start) => bare.starts_with(start.trim_end_matches('/')),
        None => bare == known,
    };
    BY_ADDRESS.iter().find(|(known, _)| fits(known)).map(|(_, vocabulary)| *vocabulary)
}

fn by_prefix(prefix: &str) -> Option<Ns> {
    BY_PREFIX.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix)).map(|(_, vocabulary)| *vocabulary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_are_known_by_address_then_by_prefix() {
        for (address, expected) in [
            ("http://www.w3.org/2005/Atom", Some(Ns::Feed)),
            ("https://purl.org/atom/ns#", Some(Ns::Feed)),
            ("http://my.netscape.com/rdf/simple/0.9/", Some(Ns::Feed)),
            ("HTTP://purl.org/dc/elements/1.1/", Some(Ns::Dc)),
            ("http://search.yahoo.com/mrss", Some(Ns::Media)),
            ("urn:x", None),
        ] {
            assert_eq!(by_address(address), expected, "{address}");
        }
        let mut scope = Scope::new(None);
        let tag = |name, attributes| Tag { name, attributes, empty: false };
        scope.enter(&tag("rss", " xmlns:d='http://purl.org/dc/terms/' xmlns:media='urn:wrong' xml:lang=fr"));
        assert_eq!(scope.lang, "fr");
        for (name, attributes, expected) in [
            ("d:created", "", (Ns::Dc, "created", false)),
            ("media:content", "", (Ns::Media, "content", false)),
            ("content:encoded", "", (Ns::Content, "encoded", true)),
            ("title", "", (Ns::Feed, "title", false)),
            ("div", " xmlns='http://www.w3.org/1999/xhtml'", (Ns::Xhtml, "div", false)),
            ("x:y", " xmlns:x='http://purl.org/dc/terms/'", (Ns::Dc, "y", false)),
            ("x:y", "", (Ns::Other, "y", true)),
        ] {
            assert_eq!(scope.resolve(&tag(name, attributes)), expected, "{name}");
        }
    }
}
