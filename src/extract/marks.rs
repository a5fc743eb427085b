//! # What do the class names of an element say it is?
//!
//! Themes and page builders of all systems name their blocks with the same few dozen words. `class` and `id` are cut
//! into words (`relatedPosts` and `related-posts` are the same two) and each word is looked up. To teach a word, add it
//! to the line of its meaning; a name of one site is never a reason.

use std::{ops, sync::LazyLock};

/// A set of meanings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks(u32);

impl Marks {
    /// Rows of share buttons, links to social networks.
    pub const SHARE: Self = Self(1);
    /// Cards of other posts.
    pub const RELATED: Self = Self(1 << 1);
    /// Comments and their form.
    pub const COMMENT: Self = Self(1 << 2);
    /// Menus, breadcrumbs, paging.
    pub const NAVIGATION: Self = Self(1 << 3);
    /// Columns beside the text.
    pub const SIDEBAR: Self = Self(1 << 4);
    /// Subscriptions to letters.
    pub const NEWSLETTER: Self = Self(1 << 5);
    /// Consent to cookies.
    pub const COOKIE: Self = Self(1 << 6);
    /// Advertising.
    pub const ADVERT: Self = Self(1 << 7);
    /// Windows that open over the page.
    pub const POPUP: Self = Self(1 << 8);
    /// For screen readers or printers only.
    pub const UNSEEN: Self = Self(1 << 9);
    /// Author, date, categories, tags of the post.
    pub const META: Self = Self(1 << 10);
    /// Who the author is.
    pub const AUTHOR: Self = Self(1 << 11);
    /// Head of page or post.
    pub const EDGE: Self = Self(1 << 12);
    /// Appeals to give.
    pub const APPEAL: Self = Self(1 << 13);
    /// First half of a name such as `entry-content`.
    const POST: Self = Self(1 << 14);
    /// Second half of a name such as `entry-content`.
    const BODY: Self = Self(1 << 15);
    /// The block that holds the text of the post.
    pub const TEXT: Self = Self(1 << 16);
    /// A caption.
    pub const CAPTION: Self = Self(1 << 17);
    /// Title of the page.
    pub const TITLE: Self = Self(1 << 18);
    /// A date.
    pub const DATE: Self = Self(1 << 19);
    /// Line numbers beside code.
    pub const GUTTER: Self = Self(1 << 20);
    /// A post of a social network or a film shown in the text.
    pub const EMBED: Self = Self(1 << 22);
    /// Foot of page or post.
    pub const FOOT: Self = Self(1 << 21);
    /// The paragraph above the text that opens it.
    pub const LEAD: Self = Self(1 << 23);
    /// Footnotes and postscripts below the text.
    pub const NOTES: Self = Self(1 << 24);

    /// These without `other`.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether any of `other` is marked.
    pub fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl ops::BitOr for Marks {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl ops::BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

const WORDS: &[(Marks, &str)] = &[
    (
        Marks::SHARE,
        "share shares sharing sharedaddy sharebar sharethis addtoany addthis social socials sociable socialmedia ssba \
         heateor shariff partage partager partages reseaux likes followus sassy essb ssbp a2a swp",
    ),
    (
        Marks::RELATED,
        "related relatedposts relatedarticles yarpp similar similaires similarposts recommended recommendation \
         recommendations recirc outbrain taboola trending mostread popular readalso seealso morestories promo promos promotion \
         nextpost prevpost suggestions suggested connexes associes teaser teasers crp readnext upnext",
    ),
    (
        Marks::COMMENT,
        "comment comments commentlist commentform commentaire commentaires respond disqus trackback trackbacks pingback \
         discussion reactions replies kommentare comentarios",
    ),
    (
        Marks::NAVIGATION,
        "nav navi navbar navigation menu menus submenu breadcrumb breadcrumbs ariane pagination paginate pager pagenavi \
         postnav toolbar topbar skiplink skip offcanvas megamenu navlinks",
    ),
    (Marks::SIDEBAR, "sidebar sidebars sidecol rail widgetarea aside"),
    (
        Marks::NEWSLETTER,
        "newsletter newsletters subscribe subscription signup mailchimp mc4wp optin emailsignup mailpoet sendinblue \
         inscription abonnement",
    ),
    (Marks::COOKIE, "cookie cookies gdpr rgpd consent cmplz tarteaucitron axeptio cookiebot cookiebanner cookienotice"),
    (
        Marks::ADVERT,
        "ad ads advert advertisement advertising adsbygoogle adbox adslot dfp pub publicite anzeige werbung",
    ),
    (Marks::POPUP, "modal popup popups lightbox overlay tooltip popover"),
    (
        Marks::META,
        "meta metadata postmeta postmetadata entrymeta byline bylines posted published pubdate tags taglist tagcloud tagged cat categories \
         category postinfo infos readingtime timestamp terms views eta submeta keywords",
    ),
    (
        Marks::DATE,
        "date dates datetime time timestamp published posted pubdate created publication datepublished postdate entrydate publishdate pubdate",
    ),
    (Marks::AUTHOR, "author authors authorbox auteur biography bio vcard contributor contributors"),
    (Marks::EDGE, "header masthead"),
    (Marks::FOOT, "footer colophon foot bottombar copyright pied"),
    (Marks::GUTTER, "gutter linenos lineno linenumber linenumbers nums linenum"),
    (Marks::APPEAL, "donate donation donations don dons donner cta calltoaction soutenez adhesion"),
    (Marks::EMBED, "embed embeds embedded embedcode tweet twittertweet oembed"),
    (Marks::CAPTION, "caption captions legende legend figcaption credit credits"),
    (Marks::LEAD, "chapo chapeau standfirst lede introduction accroche ingress"),
    (Marks::TITLE, "title headline titre heading"),
    (Marks::POST, "article post entry story news blog single actu actualite actualites postcontent node page"),
    (Marks::BODY, "content body text texte copy contenu corps entry richtext description main"),
    (
        Marks::TEXT,
        "articlebody postcontent entrytext entrycontent storybody storytext posttext bodytext articletext articlecontent \
         postbody entrybody newstext crayon",
    ),
    (Marks::NOTES, "ps notes footnotes postscriptum endnotes"),
];

/// Slots of the table: a power of two, four times the words.
const SLOTS: usize = 2048;

/// Words by their packed form, each in the first free slot from its own on; zero marks a free slot.
static TABLE: LazyLock<Vec<(u128, Marks)>> = LazyLock::new(|| {
    let mut table = vec![(0, Marks::default()); SLOTS];
    for (mark, words) in WORDS {
        for word in words.split_whitespace() {
            let key = pack(word.as_bytes());
            let at = slot(&table, key);
            table[at].0 = key;
            table[at].1 |= *mark;
        }
    }
    table
});

fn pack(word: &[u8]) -> u128 {
    word.iter().take(16).fold(0, |sum, b| sum << 8 | u128::from(b.to_ascii_lowercase()))
}

/// The slot that holds `key`, or the free one where it would stand.
fn slot(table: &[(u128, Marks)], key: u128) -> usize {
    let mixed = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut at = (mixed >> 48) as usize % SLOTS;
    while table[at].0 != key && table[at].0 != 0 {
        at = (at + 1) % SLOTS;
    }
    at
}

fn look_up(word: &[u8]) -> Marks {
    if !(2..=16).contains(&word.len()) {
        return Marks::default();
    }
    TABLE[slot(&TABLE, pack(word))].1
}

/// The meanings of a `class` or `id` value.
pub fn of(value: &str) -> Marks {
    let mut all = Marks::default();
    for token in value.split_ascii_whitespace().take(40) {
        all |= of_token(token);
    }
    all
}

fn of_token(token: &str) -> Marks {
    let bytes = token.as_bytes();
    let mut marks = Marks::default();
    let mut before = Marks::default();
    let mut qualified = false;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        // A word ends at a sign or where a capital follows a small letter.
        while at < bytes.len()
            && bytes[at].is_ascii_alphanumeric()
            && !(bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase())
        {
            at += 1;
        }
        let word = &bytes[start..at];
        // `with-sidebar`, `no-comments` tell what the element has, not what it is.
        let qualifies = [&b"with"[..], b"has", b"no", b"without", b"one", b"two", b"is"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
        let word = if qualified { Marks::default() } else { look_up(word) };
        qualified = qualifies;
        if before.any(Marks::POST) && word.any(Marks::BODY) {
            marks |= Marks::TEXT;
        }
        marks |= word;
        before = word;
    }
    // The lead of a record of news; `teaser` alone is a card.
    if token.eq_ignore_ascii_case("teaser-text") {
        marks |= Marks::LEAD;
    }
    if is_unseen(token) {
        marks |= Marks::UNSEEN;
    }
    marks
}

/// Whole class names that take an element out of sight.
const UNSEEN: &[&str] = &[
    "sr-only",
    "screen-reader-text",
    "screen-reader",
    "visually-hidden",
    "visuallyhidden",
    "element-invisible",
    "invisible",
    "noprint",
    "print-only",
    "printonly",
    "assistive-text",
];

fn is_unseen(token: &str) -> bool {
    UNSEEN.iter().any(|known| token.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_spelling() {
        for (value, mark) in [
            ("relatedPosts", Marks::RELATED),
            ("c-related__posts wide", Marks::RELATED),
            ("jp-relatedposts", Marks::RELATED),
            ("ShareButtons_x1", Marks::SHARE),
            ("entry-content clear", Marks::TEXT),
            ("td-post-content", Marks::TEXT),
            ("article__body", Marks::TEXT),
            ("Screen-Reader-Text", Marks::UNSEEN),
        ] {
            assert!(of(value).any(mark), "{value}");
        }
        for (value, mark) in [
            ("shared-heading-row", Marks::SHARE),
            ("download adapt", Marks::ADVERT),
            ("content post", Marks::TEXT),
            ("navy", Marks::NAVIGATION),
            ("content-with-sidebar-wrap has-share", Marks::SIDEBAR | Marks::SHARE),
        ] {
            assert!(!of(value).any(mark), "{value}");
        }
    }
}
