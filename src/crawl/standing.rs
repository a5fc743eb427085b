//! Which blocks of text stand on many pages of a site?
//!
//! "About us", appeals and banners that no name gives away are told by their repetition. They are learned at the end of
//! a round from all pages of the member, so that the order of reading changes nothing, and remembered: pages read later
//! lose them at once. Copies of one text repeat all of it and prove nothing: pages of one title count once.

use super::CrawlError;
use crate::extract;
use crate::model::{Draft, Member};
use crate::normalise::text::fold;
use crate::store::Store;
use std::collections::{HashMap, HashSet};

/// Titles under which a block must stand at least, and titles that are always enough; between them one page in so many.
const FEWEST: usize = 5;
const ENOUGH: usize = 20;
const ONE_IN: usize = 6;

/// Blocks that stand on many pages, and the addresses of the pages that show one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Their fingerprints.
    pub blocks: HashSet<u64>,
    /// The pages, to be read again.
    pub pages: Vec<String>,
}

/// Looks whether some of `fresh`, blocks met in this round, stand on many pages of the member.
pub fn find(store: &Store, member: &Member, fresh: &HashSet<u64>) -> Result<Found, CrawlError> {
    let mut pages = Pages::default();
    if fresh.is_empty() {
        return Ok(Found::default());
    }
    for known in store.known(&member.id)?.into_iter().filter(|page| page.item) {
        if let Some(page) = store.page(&known.url)? {
            pages.add(&known.url, &page.draft, fresh);
        }
    }
    Ok(pages.found())
}

/// The pages of a member, as far as they show blocks that are asked for.
#[derive(Default)]
struct Pages {
    titles: HashSet<String>,
    /// By block: the titles under which it stands, and the pages.
    shown: HashMap<u64, (HashSet<String>, Vec<String>)>,
}

impl Pages {
    fn add(&mut self, url: &str, draft: &Draft, fresh: &HashSet<u64>) {
        let title = fold(&draft.title);
        let blocks: HashSet<u64> = extract::blocks(draft).into_iter().filter(|block| fresh.contains(block)).collect();
        for block in blocks {
            let (titles, pages) = self.shown.entry(block).or_default();
            titles.insert(title.clone());
            pages.push(url.to_owned());
        }
        self.titles.insert(title);
    }

    fn found(self) -> Found {
        let needed = (self.titles.len() / ONE_IN).clamp(FEWEST, ENOUGH);
        let mut found = Found::default();
        for (block, (titles, pages)) in self.shown {
            if titles.len() >= needed {
                found.blocks.insert(block);
                found.pages.extend(pages);
            }
        }
        found.pages.sort();
        found.pages.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::testing::draft;

    const ABOUT: &str = "L’association agit depuis 1956 pour l’éducation de tous, en France et dans le monde.";

    /// Fingerprints of what stands on many of these pages, a title and a text each.
    fn standing(pages: &[(String, String)]) -> Found {
        let drafts: Vec<Draft> = pages.iter().map(|(title, text)| draft(title, text)).collect();
        let fresh: HashSet<u64> = drafts.iter().flat_map(extract::blocks).collect();
        let mut all = Pages::default();
        for (number, draft) in drafts.iter().enumerate() {
            all.add(&format!("https://a.example/{number:02}"), draft, &fresh);
        }
        all.found()
    }

    fn page(number: usize, end: &str) -> (String, String) {
        let text =
            format!("Le texte de la page numéro {number} dit une chose, et personne d’autre ne la dit ici.\n{end}");
        (format!("Titre {number}"), text)
    }

    #[test]
    fn what_many_pages_repeat_stands() {
        let about = extract::blocks(&draft("x", ABOUT));
        let pages: Vec<_> = (0..12).map(|n| page(n, if n % 2 == 0 { ABOUT } else { "" })).collect();
        let found = standing(&pages);
        assert_eq!(found.blocks, about.into_iter().collect());
        assert_eq!(found.pages.len(), 6);
        let backwards: Vec<_> = pages.into_iter().rev().collect();
        assert_eq!(standing(&backwards).blocks, found.blocks, "in whatever order");
    }

    #[test]
    fn copies_and_rare_blocks_do_not() {
        let copies: Vec<_> = (0..12).map(|_| page(1, ABOUT)).collect();
        assert_eq!(standing(&copies), Found::default(), "one text at twelve addresses");
        let rare: Vec<_> = (0..60).map(|n| page(n, if n < 9 { ABOUT } else { "" })).collect();
        assert_eq!(standing(&rare), Found::default(), "nine of sixty");
        let often: Vec<_> = (0..600).map(|n| page(n, if n < 25 { ABOUT } else { "" })).collect();
        assert_eq!(standing(&often).pages.len(), 25, "twenty titles are always enough");
        let short: Vec<_> = (0..12).map(|n| page(n, "Les chiffres")).collect();
        assert_eq!(standing(&short), Found::default(), "short lines are labels of the text");
    }
}
