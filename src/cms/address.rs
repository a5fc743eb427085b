//! What does this address promise, before anything is fetched? Only what costs requests is decided here: whether a
//! page is a release is for its content to say.

use crate::discover::listing::paging_number;
use crate::model::Member;
use crate::normalise::url::names_list;
use url::Url;

/// What an address promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// A page with content of its own.
    Page,
    /// An archive of other pages: category, tag, author, year, month, page N.
    Archive,
    /// A file that is no page: PDF, picture, sound.
    File,
    /// Nothing to fetch: another site, an excluded path, a form, a feed.
    Nothing,
}

/// File name endings that are never pages.
const FILES: &[&str] = &[
    "7z", "avi", "bmp", "css", "csv", "doc", "docx", "eot", "epub", "gif", "gz", "ico", "ics", "jpeg", "jpg", "js",
    "json", "m4a", "m4v", "mov", "mp3", "mp4", "mpeg", "odp", "ods", "odt", "ogg", "ogv", "pdf", "png", "ppt", "pptx",
    "rar", "rtf", "svg", "tar", "tif", "tiff", "ttf", "txt", "wav", "webm", "webp", "wma", "wmv", "woff", "woff2",
    "xls", "xlsx", "xml", "xsl", "zip", "avif", "heic",
];

/// Path segments below which archives stand, in the systems and languages met most.
const ARCHIVES: &[&str] = &[
    "author",
    "auteur",
    "categorie",
    "category",
    "categories",
    "etiquette",
    "keyword",
    "mot-cle",
    "tag",
    "tags",
    "taxonomy",
    "topic",
    "portfolio_category",
    "project_category",
    "archives",
];

/// Path segments below which nothing is for readers.
const MACHINERY: &[&str] = &[
    "cart",
    "cdn-cgi",
    "comments",
    "ecrire",
    "embed",
    "feed",
    "panier",
    "rss",
    "trackback",
    "wp-admin",
    "wp-content",
    "wp-includes",
    "wp-json",
    "wp-login.php",
    "xmlrpc.php",
];

/// Query parameters of forms, sessions and answers.
const ACTIONS: &[&str] = &[
    "add-to-cart",
    "action",
    "format",
    "goto",
    "login",
    "phpsessid",
    "preview",
    "print",
    "replytocom",
    "rest_route",
    "s",
    "search",
    "share",
    "recherche",
    "sid",
    "url",
    "var_mode",
];

/// Values of SPIP's `page` that are forms and feeds for machines.
const FORMS: &[&str] = &[
    "backend",
    "contact",
    "forum",
    "identifiants",
    "inscription",
    "login",
    "oubli",
    "recherche",
    "signature",
    "spip_pass",
];

/// Judges an absolute address that a page of the member links to.
pub fn promise(member: &Member, address: &str) -> Promise {
    let Ok(url) = Url::parse(address) else { return Promise::Nothing };
    if !is_ours(member, &url) || member.exclude.iter().any(|prefix| url.path().starts_with(prefix.as_str())) {
        return Promise::Nothing;
    }
    let segments: Vec<String> = url
        .path_segments()
        .map(|parts| parts.filter(|part| !part.is_empty()).map(str::to_ascii_lowercase).collect())
        .unwrap_or_default();
    let names = |list: &[&str]| segments.iter().any(|segment| list.contains(&segment.as_str()));
    if url.query_pairs().any(|(name, value)| is_action(&name, &value)) {
        return Promise::Nothing;
    }
    if is_file(segments.last().map_or("", String::as_str)) {
        return Promise::File;
    }
    if names(MACHINERY) || segments.len() > 12 || repeats(&segments) {
        return Promise::Nothing;
    }
    let is_archive = paging_number(&url).is_some()
        || url.query().is_some_and(names_list)
        || is_below_archive(&segments)
        || is_period(&segments)
        || is_home(member, &url);
    if is_archive { Promise::Archive } else { Promise::Page }
}

/// Whether an address is on one of the member's hosts.
pub fn is_ours(member: &Member, url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| member.owns_host(host, url.port()))
}

fn is_action(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_form = name == "page" && FORMS.contains(&value);
    is_form || (ACTIONS.contains(&name.as_str()) && !(name == "format" && value == "html"))
}

fn is_file(last: &str) -> bool {
    last.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending))
}

/// `/category/x/`, `/archives/`; a document below such a folder (`/archives/2009/appel.htm`) is a page like any other.
fn is_below_archive(segments: &[String]) -> bool {
    let Some(last) = segments.last() else { return false };
    let is_document = [".htm", ".html", ".php", ".asp", ".aspx"].iter().any(|ending| last.ends_with(ending));
    !is_document && segments.iter().any(|segment| ARCHIVES.contains(&segment.as_str()))
}

/// `/2024/`, `/2024/03/`, `/en/2024/03/01/`: a year, month or day with nothing after it.
fn is_period(segments: &[String]) -> bool {
    let year = |text: &String| text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && digits(text);
    let part = |text: &String| (1..=2).contains(&text.len()) && digits(text);
    let at = segments.iter().position(year);
    at.is_some_and(|at| segments[at + 1..].len() <= 2 && segments[at + 1..].iter().all(part))
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The home page of the site or of one of its languages, under any query parameter.
fn is_home(member: &Member, url: &Url) -> bool {
    let path = url.path().trim_end_matches("index.php").trim_end_matches("spip.php").trim_end_matches('/');
    let names_page = url.query_pairs().any(|(name, _)| matches!(&*name, "p" | "page_id" | "attachment_id" | "page"));
    // SPIP and others name the page by a parameter of the program
    let is_script = url.path().ends_with(".php") && url.query().is_some();
    !names_page && !is_script && member.languages.iter().any(|entry| entry.prefix.trim_end_matches('/') == path)
}

/// `a/a/a/…`: relative links that pile up.
fn repeats(segments: &[String]) -> bool {
    segments.windows(3).any(|three| three[0] == three[1] && three[1] == three[2])
}
