//! # What state is this address in?
//!
//! Only live pages become items. The tests, in order: attachment pages (they show their parent), pages that ask not to
//! be indexed, pages behind a password, pages that say "nothing here", pages without text.

use super::{Context, Page, dom::Tree, meta::Meta, tag::Tag};
use crate::{model::PageState, normalise::text::fold};
use url::Url;

/// Words with which sites answer 200 to an address that has nothing (folded).
const NOTHING_HERE: &[&str] = &[
    "page not found",
    "page introuvable",
    "page non trouvee",
    "page inexistante",
    "erreur 404",
    "error 404",
    "404 not found",
    "nothing found",
    "no results found",
    "aucun resultat",
    "rien de trouve",
    "contenu introuvable",
    "cette page n'existe pas",
    "this page doesn't exist",
    "this page does not exist",
    "oops! that page can't be found",
    "oups ! cette page est introuvable",
    "la page demandee est introuvable",
    "la page demandee n'a pas pu etre trouvee",
    "the page you requested could not be found",
];
/// A page with more text than this, in characters, is no "nothing here".
const SHORT: usize = 800;

/// The state of the page.
pub fn find(
    tree: &Tree<'_>,
    meta: &Meta,
    page: &Page<'_>,
    context: &Context<'_>,
    title: &str,
    text: &str,
) -> PageState {
    if let Some(parent) = attachment_parent(tree, meta, page.url) {
        return PageState::Attachment { parent };
    }
    if asks_not_to_be_indexed(meta, page.robots_tag) {
        return PageState::NoIndex;
    }
    if context.candidates.iter().any(|candidate| candidate.protected) || has_password_form(tree) {
        return PageState::Password;
    }
    if says_nothing_here(meta, title, text) {
        return PageState::SoftGone;
    }
    if !text.chars().any(char::is_alphanumeric) {
        return PageState::Empty;
    }
    PageState::Live
}

/// Whether bytes are those of a picture, document, archive or film, whatever the header says (WHATWG MIME Sniffing,
/// section 6, and the signatures of office files).
pub fn is_binary(bytes: &[u8]) -> bool {
    const SIGNATURES: &[&[u8]] = &[
        b"\x89PNG\r\n\x1a\n",
        b"GIF87a",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"%PDF-",
        b"PK\x03\x04",
        b"Rar!\x1a\x07",
        b"\x1f\x8b\x08",
        b"7z\xbc\xaf",
        b"\xd0\xcf\x11\xe0",
        b"OggS\0",
        b"ID3",
        b"\x1aE\xdf\xa3",
        b"wOFF",
        b"wOF2",
        b"\0\x01\0\0",
        b"%!PS-Adobe-",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"\x7fELF",
        b"SQLite format 3",
    ];
    let riff =
        bytes.starts_with(b"RIFF") && bytes.get(8..12).is_some_and(|kind| matches!(kind, b"WEBP" | b"WAVE" | b"AVI "));
    let film = bytes.get(4..8) == Some(b"ftyp");
    // Texts may begin with "BM" and "ID3" as well: then they go on as texts do.
    let start = &bytes[..bytes.len().min(512)];
    let has_controls = start.iter().any(|b| matches!(b, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f));
    riff || film
        || (SIGNATURES.iter().any(|known| bytes.starts_with(known)) && (has_controls || bytes.starts_with(b"%")))
}

/// WordPress marks attachment pages on the body; the parent is the address without its last segment.
fn attachment_parent(tree: &Tree<'_>, meta: &Meta, url: &str) -> Option<String> {
    let marked = meta.has_class("attachment")
        || meta.body_class.contains(" attachment-template")
        || meta.body_class.contains(" single-attachment ");
    if !marked {
        return None;
    }
    let parent_link = (0..tree.len())
        .filter(|&at| tree.tag(at) == Tag::A)
        .filter(|&at| {
            tree.attr(at, "rel")
                .is_some_and(|rel| rel.split_whitespace().any(|word| matches!(word, "gallery" | "up" | "prev")))
        })
        .find_map(|at| meta.absolute(&tree.attr(at, "href")?));
    parent_link.filter(|link| url.starts_with(link.as_str()) && url != link.as_str()).or_else(|| one_segment_up(url))
}

fn one_segment_up(url: &str) -> Option<String> {
    let mut parent = Url::parse(url).ok()?;
    let path = parent.path().trim_end_matches('/').to_owned();
    let (above, _) = path.rsplit_once('/')?;
    let path = format!("{above}/");
    parent.set_path(&path);
    parent.set_query(None);
    parent.set_fragment(None);
    Some(parent.to_string())
}

fn asks_not_to_be_indexed(meta: &Meta, header: Option<&str>) -> bool {
    let is_no = |value: &str| {
        value.split(',').any(|word| matches!(word.trim().to_ascii_lowercase().as_str(), "noindex" | "none"))
    };
    // The header may name a robot first: `otherbot: noindex` is not for us.
    let header = header
        .map(|value| value.split_once(':').map_or(value, |(robot, rest)| if robot.trim() == "*" { rest } else { "" }));
    meta.all("robots").any(is_no) || header.is_some_and(is_no)
}

fn has_password_form(tree: &Tree<'_>) -> bool {
    (0..tree.len()).any(|at| {
        tree.tag(at) == Tag::Form
            && (tree.attr(at, "class").is_some_and(|class| class.contains("post-password-form"))
                || tree.attr(at, "action").is_some_and(|action| action.contains("action=postpass")))
    })
}

fn says_nothing_here(meta: &Meta, title: &str, text: &str) -> bool {
    if meta.has_class("error404") {
        return true;
    }
    if text.chars().count() > SHORT {
        return false;
    }
    let (title, text) = (fold(title), fold(text));
    NOTHING_HERE
        .iter()
        .any(|words| title.contains(words) || text.starts_with(words) || (text.len() < 300 && text.contains(words)))
}
