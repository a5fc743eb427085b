//! A member association, as its file in `config/members/` describes it.

use super::{Kind, Lang, MemberId, ThemeId};
use jiff::{civil::Date, tz::TimeZone};

/// A name of a member, with the days between which it was in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name as written by the member.
    pub name: String,
    /// First day of use, when known.
    pub since: Option<Date>,
    /// Last day of use, when it is over.
    pub until: Option<Date>,
}

/// A host of a member, with the days between which it was in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Host name in lower case, without scheme; `www.` is never part of it.
    pub name: String,
    /// Port, where it is not the scheme's own.
    pub port: Option<u16>,
    /// First day of use, when known.
    pub since: Option<Date>,
    /// Last day of use, when it is over.
    pub until: Option<Date>,
}

/// The language of all pages below a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguagePrefix {
    /// Path prefix with both slashes, for example `/en/`; `/` is the whole site.
    pub prefix: String,
    /// Language of the pages below it.
    pub lang: Lang,
    /// Whether pages below it are machine translations.
    pub machine_translated: bool,
}

/// Which planner crawls the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cms {
    /// WordPress: REST first.
    Wordpress,
    /// Everything else: feeds, sitemaps, listings, links.
    Plain,
}

/// CSS selectors for one layout of the site, valid between two days (of the page's publication).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// First day the layout was in use.
    pub since: Option<Date>,
    /// Last day the layout was in use.
    pub until: Option<Date>,
    /// Where the title stands.
    pub title: Option<String>,
    /// Where the publication date stands.
    pub date: Option<String>,
    /// Where the text stands.
    pub content: Option<String>,
    /// What to cut from the text.
    pub remove: Vec<String>,
}

/// What one of the member's own categories means here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Category {
    /// The category as the member writes it; compared without case and accents.
    pub name: String,
    /// The kind that it stands for.
    pub kind: Option<Kind>,
    /// The theme that it stands for.
    pub theme: Option<ThemeId>,
    /// The country (ISO 3166-1 alpha-2 in lower case) that it stands for.
    pub country: Option<String>,
}

/// A member association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Stable id, the name of its file.
    pub id: MemberId,
    /// Names, oldest first; the last one is the current name.
    pub names: Vec<Name>,
    /// Home page, where a crawl starts.
    pub home: String,
    /// All hosts, that of `home` included.
    pub hosts: Vec<Host>,
    /// Language by path prefix, longest prefix first; there is always one for `/`.
    pub languages: Vec<LanguagePrefix>,
    /// The planner, or `None` to detect it.
    pub cms: Option<Cms>,
    /// Feeds that the site does not announce, absolute.
    pub feeds: Vec<String>,
    /// Sitemaps that robots.txt does not name, absolute.
    pub sitemaps: Vec<String>,
    /// Listing pages to follow besides those found, absolute.
    pub listings: Vec<String>,
    /// Query parameters that are part of a page's identity.
    pub parameters: Vec<String>,
    /// Path prefixes that are never fetched.
    pub exclude: Vec<String>,
    /// Time zone of dates without one.
    pub timezone: TimeZone,
    /// Selectors by layout, newest first.
    pub rules: Vec<Rules>,
    /// Crosswalk of the member's categories.
    pub categories: Vec<Category>,
    /// Names that no translation may change ("Aide et Action").
    pub protected_names: Vec<String>,
}

impl Member {
    /// The current name.
    pub fn name(&self) -> &str {
        self.names.last().map_or(self.id.as_str(), |name| &name.name)
    }

    /// The language of the page at `path` and whether the path is a machine translation, by the longest prefix.
    pub fn language_of(&self, path: &str) -> Option<&LanguagePrefix> {
        self.languages.iter().find(|entry| {
            path.starts_with(&entry.prefix)
                || path.strip_suffix('/').unwrap_or(path) == entry.prefix.trim_end_matches('/')
        })
    }

    /// Whether `host` (lower case, `www.` allowed) with `port` (`None`: the scheme's own) is one of the member's.
    pub fn owns_host(&self, host: &str, port: Option<u16>) -> bool {
        let bare = host.strip_prefix("www.").unwrap_or(host);
        self.hosts.iter().any(|known| known.name == bare && known.port == port)
    }
}
