//! What are two publications to each other?

use super::print::{MIN_ANCHORS, Print};

/// What two publications are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// One page at two addresses, one of which sends to the other.
    Moved,
    /// One is the attachment page of the other.
    Attachment,
    /// The pages declare each other as translations.
    Translation,
    /// The same text in the same language.
    Copy,
    /// The same text in other words: a translation that nobody declared, or two translations of one text.
    Retold,
    /// The same text issued again at another time, rewritten in part: two releases.
    Series,
    /// Nothing to each other, or no more than a common subject.
    None,
}

impl Relation {
    /// Whether the two are one release.
    pub fn joins(self) -> bool {
        !matches!(self, Relation::Series | Relation::None)
    }

    /// Whether the site itself says so, whatever the texts are.
    pub fn is_explicit(self) -> bool {
        matches!(self, Relation::Moved | Relation::Attachment | Relation::Translation)
    }

    /// The name in logs and explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Moved => "moved",
            Relation::Attachment => "attachment",
            Relation::Translation => "translation",
            Relation::Copy => "copy",
            Relation::Retold => "retold",
            Relation::Series => "series",
            Relation::None => "none",
        }
    }
}

/// Days between which one text may appear on two sites, or in two languages, and still be one release.
const SAME_RELEASE_DAYS: i32 = 60;
/// Days after which a site that prints much the same text issues it again.
const REISSUE_DAYS: i32 = 31;
/// So many names and numbers in order are proof nearly alone.
const MANY_ANCHORS: usize = 12;
/// A text shorter than this many words is no proof of its own.
const SHORT: usize = 12;

/// What `a` and `b` are to each other; symmetric. The title alone never decides.
pub fn relation(a: &Print, b: &Print) -> Relation {
    let explicit = explicit(a, b);
    if explicit != Relation::None {
        return explicit;
    }
    if a.lang == b.lang || a.lang.is_none() || b.lang.is_none() {
        let copied = copied(a, b);
        if copied != Relation::None {
            return copied;
        }
    }
    if retold(a, b) { Relation::Retold } else { Relation::None }
}

/// What the site itself says: a redirect, a parent, links between translations.
fn explicit(a: &Print, b: &Print) -> Relation {
    if a.moved_to == Some(b.publication) || b.moved_to == Some(a.publication) {
        return Relation::Moved;
    }
    let shows = |a: &Print, b: &Print| a.parent.is_some_and(|parent| b.own.contains(&parent));
    if shows(a, b) || shows(b, a) {
        return Relation::Attachment;
    }
    let links = |a: &Print, b: &Print| a.links.iter().any(|link| b.own.contains(link));
    if a.member != b.member || a.lang == b.lang {
        return Relation::None;
    }
    // A link that only one side gives may be a template's (all pages lead to the home page): something must back it.
    let backed = || a.same_image(b) || a.days_apart(b) == Some(0) || a.anchors_in_order(b) >= 0.3;
    match (links(a, b), links(b, a)) {
        (true, true) => Relation::Translation,
        (true, false) | (false, true) if backed() => Relation::Translation,
        _ => Relation::None,
    }
}

/// Near-identical texts in one language.
fn copied(a: &Print, b: &Print) -> Relation {
    let same_member = a.member == b.member;
    let exact = a.exact == b.exact;
    if a.words.min(b.words) < SHORT {
        let same = exact && a.title == b.title && same_member && a.day == b.day;
        return if same { Relation::Copy } else { Relation::None };
    }
    let (of_all, of_shorter) = a.overlap(b);
    let near = of_all >= 0.55 || (of_shorter >= 0.85 && a.size_ratio(b) >= 0.5);
    if !near && !exact {
        let again = (is_numbered(a, b) && of_all >= 0.25) || (is_later(a, b) && of_all >= 0.4);
        return if same_member && again { Relation::Series } else { Relation::None };
    }
    if is_reissue(a, b, exact, of_all) { Relation::Series } else { Relation::Copy }
}

/// Whether two like texts are issues of different times rather than copies.
fn is_reissue(a: &Print, b: &Print, exact: bool, of_all: f64) -> bool {
    let apart = a.days_apart(b);
    if a.member != b.member {
        return !exact && apart.is_some_and(|days| days > SAME_RELEASE_DAYS);
    }
    if is_numbered(a, b) {
        return !exact || apart.is_some_and(|days| days > REISSUE_DAYS);
    }
    !exact && of_all < 0.97 && is_later(a, b)
}

/// Whether the one was issued long after the other, by its date or by the years it names.
fn is_later(a: &Print, b: &Print) -> bool {
    let other_year = a.year.zip(b.year).is_some_and(|(a, b)| a != b);
    other_year || a.days_apart(b).is_some_and(|days| days > REISSUE_DAYS)
}

/// Whether the addresses are one name with different numbers: `appel`, `appel-2`.
fn is_numbered(a: &Print, b: &Print) -> bool {
    a.slug.0 == b.slug.0 && a.slug.1 != b.slug.1
}

/// The same text told in other words. Translators keep names and numbers in their order, and related languages the
/// beginnings of long words; two texts about one event share names, but hardly their order. Measured on parallel and
/// on unrelated texts, French and English: order of names kept .7 to 1 against at most .3, of word beginnings .2 to .5
/// against at most .15.
fn retold(a: &Print, b: &Print) -> bool {
    let same_member = a.member == b.member;
    let same_lang = a.lang == b.lang;
    let apart = a.days_apart(b);
    if a.size_ratio(b) < 0.5 || a.anchors_of_both(b) < MIN_ANCHORS || apart.is_some_and(|days| days > SAME_RELEASE_DAYS)
    {
        return false;
    }
    let names = a.anchors_in_order(b);
    if same_lang {
        // Two translations of one text stand on one member's sites; reports of different days are templates filled anew.
        let near = apart.map_or(names >= 0.7, |days| days <= 3);
        return same_member && near && names >= 0.6 && a.year == b.year && a.stems_in_order(b) >= 0.25;
    }
    // A person translates more freely than a machine: then the names have to say more.
    let (close, free) = if same_member { (0.4, 0.1) } else { (0.5, 0.15) };
    let stems = a.stems_in_order(b);
    (names >= close && stems >= 0.2) || (names >= 0.6 && a.anchors_of_both(b) >= MANY_ANCHORS && stems >= free)
}
