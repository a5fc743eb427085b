//! # What does a release tell the press besides its text?
//!
//! The photo credit above the first paragraph, the contacts below the last one, an embargo line, the place of the
//! dateline, and the blocks that stand on many pages of the site ("About us"): each is kept apart and left out of the
//! text, so that it is neither searched nor compared.

use super::content::Content;
use super::lines::{self, Line};
use super::{boilerplate, dom::Tree, letters, phrases, survey::Survey, trim};
use crate::model::{DateValue, Lang};
use crate::normalise::date;
use std::collections::HashSet;

/// Lines at the start among which a credit or a dateline stands.
const FIRST: usize = 4;
/// Lines that a block of contacts has at most, its heading included.
const MOST_CONTACTS: usize = 10;
/// Longest credit of a later picture.
const LATER_CREDIT: u32 = 60;
/// A dateline begins within so many bytes of its line.
const DATELINE: usize = 60;

/// What was kept apart.
#[derive(Debug, Default)]
pub struct Facts {
    /// Photo credit without its label.
    pub credit: String,
    /// Contacts for journalists, one line a block.
    pub contacts: String,
    /// The embargo line.
    pub embargo: Option<String>,
    /// Standing blocks, one line a block.
    pub about: String,
    /// Place of the dateline.
    pub place: String,
    /// Day of the dateline, and its words.
    pub dateline: Option<(DateValue, String)>,
}

/// What is known of the site besides the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Site<'s> {
    /// Whether the page is read as one of a member: then the description of the sender leaves the text. Of a page that
    /// stands alone it is told, and the text stays whole.
    pub is_known: bool,
    /// Fingerprints of lines that stand on many pages.
    pub standing: Option<&'s HashSet<u64>>,
}

/// Finds the facts in the text and cuts what is kept apart.
pub fn find(tree: &Tree<'_>, survey: &Survey, content: &mut Content, site: &Site<'_>, lang: Option<Lang>) -> Facts {
    let mut facts = Facts::default();
    let lines = std::mem::take(&mut content.lines);
    let texts = Texts { tree, lines: &lines };
    let mut gone = vec![false; lines.len()];
    standing_blocks(&Page { tree, survey, lines: &lines }, &texts, site.standing, &mut gone, &mut facts);
    credit(&lines, &texts, &mut gone, &mut facts);
    contacts(&lines, &texts, &mut gone, &mut facts);
    let mut about = gone.clone();
    boilerplate::find(tree, survey, &lines, &texts, &mut about, &mut facts.about);
    if site.is_known {
        gone = about;
    }
    facts.embargo = (0..lines.len()).find(|&at| phrases::is_embargo(&lines[at].words)).map(|at| texts.get(at));
    let mut first = (0..lines.len()).filter(|&at| !gone[at]).take(FIRST);
    if let Some(dateline) = first.find_map(|at| dateline(&texts.get(at), lang)) {
        facts.place = dateline.place;
        facts.dateline = Some((dateline.day, dateline.words));
    }
    for (line, _) in lines.iter().zip(&gone).filter(|(_, gone)| **gone) {
        trim::cut_line(tree, survey, content.root, line, &mut content.cut);
    }
    content.lines = lines.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(line, _)| line).collect();
    facts
}

/// The text of each line, made when it is asked for.
pub struct Texts<'l, 'a> {
    tree: &'l Tree<'a>,
    lines: &'l [Line],
}

impl Texts<'_, '_> {
    /// The line at `at` as a reader sees it.
    pub fn get(&self, at: usize) -> String {
        letters::line(&letters::clean(&lines::text(self.tree, &self.lines[at])))
    }
}

/// The lines of a page, and where they stand.
struct Page<'p, 'a> {
    tree: &'p Tree<'a>,
    survey: &'p Survey,
    lines: &'p [Line],
}

/// Blocks that stand on many pages of the site, each with the heading that stands over nothing else.
fn standing_blocks(
    page: &Page<'_, '_>,
    texts: &Texts<'_, '_>,
    standing: Option<&HashSet<u64>>,
    gone: &mut [bool],
    facts: &mut Facts,
) {
    let Some(standing) = standing.filter(|standing| !standing.is_empty()) else { return };
    for (at, gone) in gone.iter_mut().enumerate() {
        *gone = standing.contains(&super::fingerprint(&letters::fold(&texts.get(at))));
    }
    for at in (1..gone.len()).rev() {
        let over = !gone[at - 1] && gone[at] && boilerplate::is_heading(page.tree, page.survey, &page.lines[at - 1]);
        let section_is_gone = || {
            let mut rest = (at..gone.len()).take_while(|&line| !boilerplate::is_tagged(page.tree, &page.lines[line]));
            rest.all(|line| gone[line])
        };
        if over && section_is_gone() {
            gone[at - 1] = true;
        }
    }
    (0..gone.len()).filter(|&at| gone[at]).for_each(|at| push_line(&mut facts.about, &texts.get(at)));
}

fn credit(lines: &[Line], texts: &Texts<'_, '_>, gone: &mut [bool], facts: &mut Facts) {
    let mut first = 0;
    for at in 0..lines.len() {
        if gone[at] {
            continue;
        }
        first += 1;
        let Some(label) = phrases::credit_label(&lines[at].words) else { continue };
        if first <= FIRST && facts.credit.is_empty() {
            facts.credit = after_label(&texts.get(at), label);
            gone[at] = true;
        } else if lines[at].chars <= LATER_CREDIT && phrases::is_photo_credit(&lines[at].words) {
            gone[at] = true;
        }
    }
}

/// What follows the label: `Crédit photo : X`, `Photo credit - X`, `© X`.
fn after_label(text: &str, label: usize) -> String {
    let rest: String = text.chars().skip(label).collect();
    rest.trim_start_matches([':', '-', '–', '—', '©', ' ', '\u{a0}', '\u{202f}']).trim().to_owned()
}

/// A heading "Contact presse" and the short lines after it that name people, numbers and addresses.
fn contacts(lines: &[Line], texts: &Texts<'_, '_>, gone: &mut [bool], facts: &mut Facts) {
    let half = lines.iter().map(|line| u64::from(line.chars)).sum::<u64>() / 2;
    let mut passed = 0_u64;
    for at in 0..lines.len() {
        passed += u64::from(lines[at].chars);
        if gone[at] || passed < half || !phrases::is_contact_heading(&lines[at].words) {
            continue;
        }
        let end = (at + 1..lines.len())
            .take(MOST_CONTACTS - 1)
            .find(|&next| gone[next] || !is_contact_line(&lines[next], &texts.get(next)))
            .unwrap_or((at + MOST_CONTACTS).min(lines.len()));
        // A heading without anything to reach is a sentence about contacts.
        if !(at..end).any(|line| reaches(&texts.get(line))) {
            continue;
        }
        gone[at..end].fill(true);
        (at..end).for_each(|line| push_line(&mut facts.contacts, &texts.get(line)));
        return;
    }
}

fn is_contact_line(line: &Line, text: &str) -> bool {
    line.chars <= lines::SHORT && (reaches(text) || (line.chars <= 60 && !text.ends_with('.')))
}

/// Whether a line has an e-mail address or a telephone number.
fn reaches(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.contains('@') || ((8..=20).contains(&digits) && text.len() <= 200)
}

/// Adds a line to a block that is kept apart.
pub fn push_line(block: &mut String, line: &str) {
    if !block.is_empty() {
        block.push('\n');
    }
    block.push_str(line);
}

/// What a dateline says.
struct Dateline {
    place: String,
    day: DateValue,
    words: String,
}

/// The dateline that begins a text: `Paris, le 1er décembre 2021 –`, `CHENNAI, 24 January 2020:`.
fn dateline(text: &str, lang: Option<Lang>) -> Option<Dateline> {
    let start = super::text::cut(text, DATELINE + 40);
    let found = date::find(start, lang).into_iter().next().filter(|found| found.range.start <= DATELINE)?;
    let before = start.get(..found.range.start)?.trim_end();
    let before = before.strip_suffix("le").unwrap_or(before).trim_end_matches([',', '(', '–', '-', ' ']);
    let name = before.split(['(', ',']).next()?.trim();
    let words = name.split(' ').count();
    let is_name = name.starts_with(char::is_uppercase)
        && (1..=4).contains(&words)
        && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
    // "Le 3 mars 2021" and "Publié le" name no place.
    let is_place = is_name && !phrases::is_date_label(&letters::fold(name));
    let words = start.get(..found.range.end)?.to_owned();
    is_place.then(|| Dateline { place: name.to_owned(), day: found.value, words })
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Page, page};
    use super::*;

    fn read(body: &str, standing: Option<&HashSet<u64>>) -> crate::model::Draft {
        let html = format!("<html lang=fr><body><article><h1>Titre</h1>{body}</article></body></html>");
        let page_in = Page {
            url: "https://h.example/a",
            content_type: Some("text/html; charset=utf-8"),
            robots_tag: None,
            body: html.as_bytes(),
        };
        page(&page_in, &Context { standing, ..Context::default() })
    }

    const TEXT: &str = "<p>Dakar, le 3 mars 2024 – L’association ouvre douze classes dans la banlieue, avec les parents, \
        les enseignantes et la mairie, pour que chaque enfant du quartier puisse apprendre.</p><p>« Nous attendions cela depuis \
        dix ans », dit une mère d’élève, venue avec ses trois filles à la cérémonie de rentrée.</p>";

    #[test]
    fn credit_contacts_and_place_are_kept_apart() {
        let draft = read(
            &format!(
                "<p><em>Crédit photo : Awa Diarra</em></p>{TEXT}<h3>Contact presse</h3><p>Lise Morvan<br>01 99 00 41 20<br>presse@exemple.example</p>"
            ),
            None,
        );
        assert_eq!(draft.image.map(|image| image.credit).unwrap_or_default(), "");
        assert_eq!(draft.place, "Dakar");
        assert_eq!(draft.contacts, "Contact presse\nLise Morvan\n01 99 00 41 20\npresse@exemple.example");
        assert!(draft.text.starts_with("Dakar, le 3 mars"), "{}", draft.text);
        assert!(!draft.text.contains("Morvan") && !draft.html.contains("Morvan") && !draft.html.contains("Diarra"));
    }

    #[test]
    fn standing_blocks_leave_text_and_page() {
        let about = "L’association mène des projets d’éducation dans vingt pays depuis 1981.";
        let standing = HashSet::from([super::super::fingerprint(&letters::fold(about))]);
        let draft = read(&format!("{TEXT}<p>{about}</p>"), Some(&standing));
        assert_eq!(draft.about, about);
        assert!(!draft.text.contains("1981") && !draft.html.contains("1981"));
    }

    #[test]
    fn a_sentence_about_contacts_stays() {
        let draft =
            read(&format!("{TEXT}<p>Contact presse rompu : la rédaction explique pourquoi elle se tait.</p>"), None);
        assert_eq!(draft.contacts, "");
        assert!(draft.text.contains("rompu"));
    }
}
