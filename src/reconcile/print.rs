//! A publication as what grouping needs of it, and the keys under which its copies and translations are found.

use super::words::{anchors, common, hash, longest_common, mix, shingles, squash, stems, words};
use crate::{
    model::{Draft, Lang, MemberId, PageState},
    normalise::url::same_page,
};
use jiff::civil::Date;

/// What grouping needs besides the draft.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Birth number.
    pub publication: i64,
    /// Whose page.
    pub member: &'a MemberId,
    /// Canonical address.
    pub url: &'a str,
    /// Other addresses of the same page.
    pub aliases: &'a [String],
    /// The publication to which the page moved.
    pub moved_to: Option<i64>,
    /// Whether readers can still see it: not withdrawn, not moved.
    pub live: bool,
    /// Whether it is a machine translation.
    pub machine: bool,
    /// The member's own language.
    pub native: Option<Lang>,
}

/// What a text is known by. Made once from a reading; comparing two costs no more than a few thousand steps.
#[derive(Debug, Clone)]
pub struct Print {
    /// Birth number.
    pub publication: i64,
    /// Whose page.
    pub member: MemberId,
    /// Canonical address.
    pub url: String,
    /// Whether readers can still see it.
    pub live: bool,
    /// Language of the text.
    pub lang: Option<Lang>,
    pub(super) moved_to: Option<i64>,
    pub(super) own: Vec<u64>,
    pub(super) links: Vec<u64>,
    pub(super) parent: Option<u64>,
    pub(super) attachment: bool,
    pub(super) machine: bool,
    pub(super) native: bool,
    pub(super) day: Option<Date>,
    pub(super) title: u64,
    pub(super) exact: u64,
    pub(super) words: usize,
    pub(super) year: Option<u16>,
    pub(super) slug: (String, u32),
    image: Option<u64>,
    shingles: Vec<u64>,
    anchors: Vec<u64>,
    stems: Vec<u64>,
}

/// How a key is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// A band of the text's runs of words: copies share some.
    Text = 1,
    /// A band of the text's names and numbers: translations share [`TOLD_LEAST`] or more.
    Told = 2,
    /// An address of the page.
    Own = 3,
    /// An address that the page declares as its translation or parent.
    Link = 4,
}

/// Bands of runs of words, of three runs each: two texts that share half their runs share one with 96 in 100.
const TEXT_BANDS: u64 = 24;
/// Bands of names and numbers, of two each.
const TOLD_BANDS: u64 = 32;
/// Texts that share half their names share this many bands with 97 in 100, such as share a sixth with 1 in 100.
pub const TOLD_LEAST: usize = 4;
/// Stems compared; more text adds nothing to the proof.
const STEMS: usize = 400;
/// Names and numbers compared.
const ANCHORS: usize = 300;

impl Print {
    /// Takes the print of a reading. `names` are all names of the member, equal in titles.
    pub fn new(facts: &Facts<'_>, draft: &Draft, names: &[String]) -> Self {
        let parent = match &draft.state {
            PageState::Attachment { parent } => Some(page_key(parent)),
            _ => None,
        };
        let words = words(&draft.text);
        let mut own: Vec<u64> = facts.aliases.iter().map(|url| page_key(url)).collect();
        own.insert(0, page_key(facts.url));
        let mut print = Self {
            publication: facts.publication,
            member: facts.member.clone(),
            url: facts.url.to_owned(),
            live: facts.live,
            lang: draft.lang,
            moved_to: facts.moved_to,
            links: draft.translations.iter().map(|(_, url)| page_key(url)).filter(|key| !own.contains(key)).collect(),
            own,
            parent,
            attachment: parent.is_some(),
            machine: facts.machine,
            native: draft.lang.is_some() && draft.lang == facts.native,
            day: draft.published.as_ref().map(|date| date.value.date()),
            title: hash(&squash(&draft.title, names)),
            exact: hash(&words.concat()),
            year: latest_year(&words),
            slug: slug(facts.url),
            image: draft.image.as_ref().map(|image| hash(file_name(&image.url))),
            shingles: shingles(&words),
            words: words.len(),
            anchors: anchors(&draft.text),
            stems: stems(&words),
        };
        print.anchors.truncate(ANCHORS);
        print.stems.truncate(STEMS);
        print
    }

    /// Whether its words say anything that the words of `lead` do not: a machine translation only follows its original, a
    /// copy that has the same words tells nothing.
    pub fn speaks_for_itself(&self, lead: &Print) -> bool {
        self.publication == lead.publication || (!self.machine && self.exact != lead.exact)
    }

    /// Keys to be stored, and to be asked for: publications that share one with this may be the same release.
    pub fn keys(&self) -> Vec<(KeyKind, i64)> {
        let mut keys = Vec::new();
        keys.extend(bands(&self.shingles, TEXT_BANDS, 3).map(|band| (KeyKind::Text, band as i64)));
        let mut names = self.anchors.clone();
        names.sort_unstable();
        names.dedup();
        if names.len() >= MIN_ANCHORS {
            keys.extend(bands(&names, TOLD_BANDS, 2).map(|band| (KeyKind::Told, band as i64)));
        }
        keys.extend(self.own.iter().map(|key| (KeyKind::Own, *key as i64)));
        keys.extend(self.links.iter().chain(&self.parent).map(|key| (KeyKind::Link, *key as i64)));
        keys.sort();
        keys.dedup();
        keys
    }

    /// Share of the runs of words that both texts have: of all, and of the shorter text.
    pub(super) fn overlap(&self, other: &Print) -> (f64, f64) {
        let both = common(&self.shingles, &other.shingles) as f64;
        let (a, b) = (self.shingles.len() as f64, other.shingles.len() as f64);
        if a == 0.0 || b == 0.0 { (0.0, 0.0) } else { (both / (a + b - both), both / a.min(b)) }
    }

    /// How much shorter the one is than the other, 0 to 1.
    pub(super) fn size_ratio(&self, other: &Print) -> f64 {
        let (a, b) = (self.words as f64, other.words as f64);
        a.min(b) / a.max(b).max(1.0)
    }

    /// Share of names and numbers that stand in both texts in the same order.
    pub(super) fn anchors_in_order(&self, other: &Print) -> f64 {
        in_order(&self.anchors, &other.anchors)
    }

    /// Share of word beginnings that stand in both texts in the same order.
    pub(super) fn stems_in_order(&self, other: &Print) -> f64 {
        in_order(&self.stems, &other.stems)
    }

    /// The lesser number of names and numbers.
    pub(super) fn anchors_of_both(&self, other: &Print) -> usize {
        self.anchors.len().min(other.anchors.len())
    }

    pub(super) fn same_image(&self, other: &Print) -> bool {
        self.image.is_some() && self.image == other.image
    }

    /// Days between the two publications, when both are dated.
    pub(super) fn days_apart(&self, other: &Print) -> Option<i32> {
        let (a, b) = (self.day?, other.day?);
        Some(a.since(b).map_or(i32::MAX, |span| span.get_days().abs()))
    }
}

/// Texts with fewer names and numbers than this prove nothing by them.
pub(super) const MIN_ANCHORS: usize = 8;

fn in_order(a: &[u64], b: &[u64]) -> f64 {
    longest_common(a, b) as f64 / a.len().max(b.len()).max(1) as f64
}

/// The key of an address, equal for its variants.
fn page_key(url: &str) -> u64 {
    hash(&same_page(url))
}

/// Least values of the set under many orders (MinHash, Broder 1997), `rows` of them joined to a band: the chance that
/// two sets share a band is their likeness to the power of `rows`.
fn bands(set: &[u64], bands: u64, rows: u64) -> impl Iterator<Item = u64> + '_ {
    let bands = if set.is_empty() { 0 } else { bands };
    (0..bands).map(move |band| {
        (0..rows).fold(band, |joined, row| {
            let seed = mix(band * rows + row + 1, 0x5851_f42d_4c95_7f2d);
            mix(joined, set.iter().map(|value| mix(*value, seed)).min().unwrap_or_default())
        })
    })
}

/// The latest year that the text names.
fn latest_year(words: &[String]) -> Option<u16> {
    words
        .iter()
        .filter(|word| word.len() == 4)
        .filter_map(|word| word.parse().ok())
        .filter(|y| (1990..2100).contains(y))
        .max()
}

/// The last segment of an address without a number at its end, and the number: `appel-2` is (`appel`, 2).
fn slug(url: &str) -> (String, u32) {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    match last.rsplit_once('-') {
        Some((base, number)) if number.len() <= 2 => match number.parse() {
            Ok(number) => (base.to_owned(), number),
            Err(_) => (last.to_owned(), 0),
        },
        _ => (last.to_owned(), 0),
    }
}

/// File name of a picture without the size that WordPress writes into it (`-300x200`, `-scaled`).
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let name = name.strip_suffix("-scaled").unwrap_or(name);
    match name.rsplit_once('-') {
        Some((base, size)) if size.split_once('x').is_some_and(|(w, h)| is_number(w) && is_number(h)) => base,
        _ => name,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_pictures_are_known_by_their_names() {
        assert_eq!(slug("https://example.org/fr/appel-2/"), ("appel".to_owned(), 2));
        assert_eq!(slug("https://example.org/plan-2021"), ("plan-2021".to_owned(), 0));
        assert_eq!(slug("https://example.org/?p=7"), ("example.org".to_owned(), 0));
        assert_eq!(file_name("https://example.org/u/ecole-300x200.jpg?x"), "ecole");
        assert_eq!(file_name("https://example.org/u/ecole-scaled.jpg"), "ecole");
    }
}
