//! # What does a release tell the press besides its text?
//!
//! The photo credit above the first paragraph, the contacts below the last one, an embargo line, the place of the
//! dateline, and the blocks that stand on many pages of the site ("About us"): each is kept apart and left out of the
//! text, so that it is neither searched nor compared.

use super::content::Content;
use super::lines::{self, Line};
use super::{dom::Tree, letters, phrases, survey::Survey, trim};
use crate::model::Lang;
use crate::normalise::date;
use std::collections::HashSet;

/// Lines at the start among which a credit or a dateline stands.
const FIRST: usize = 4;
/// Lines that a block of contacts has at most, its heading included.
const MOST_CONTACTS: usize = 10;
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
}

/// Finds the facts in the text and cuts what is kept apart. `standing` are fingerprints of lines that stand on many
/// pages of the site.
pub fn find(
    tree: &Tree<'_>,
    survey: &Survey,
    content: &mut Content,
    standing: Option<&HashSet<u64>>,
    lang: Option<Lang>,
) -> Facts {
    let mut facts = Facts::default();
    let lines = std::mem::take(&mut content.lines);
    let texts = Texts { tree, lines: &lines };
    let mut gone = vec![false; lines.len()];
    standing_blocks(&texts, standing, &mut gone, &mut facts);
    credit(&lines, &texts, &mut gone, &mut facts);
    contacts(&lines, &texts, &mut gone, &mut facts);
    facts.embargo = (0..lines.len()).find(|&at| phrases::is_embargo(&lines[at].words)).map(|at| texts.get(at));
    let mut first = (0..lines.len()).filter(|&at| !gone[at]).take(FIRST);
    facts.place = first.find_map(|at| place(&texts.get(at), lang)).unwrap_or_default();
    for (line, _) in lines.iter().zip(&gone).filter(|(_, gone)| **gone) {
        trim::cut_line(tree, survey, content.root, line, &mut content.cut);
    }
    content.lines = lines.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(line, _)| line).collect();
    facts
}

/// The text of each line, made when it is asked for.
struct Texts<'l, 'a> {
    tree: &'l Tree<'a>,
    lines: &'l [Line],
}

impl Texts<'_, '_> {
    fn get(&self, at: usize) -> String {
        let line = &self.lines[at];
        let words: String = (line.from..line.to).filter_map(|at| self.tree.text(at)).collect();
        letters::line(&letters::clean(&words))
    }
}

fn standing_blocks(texts: &Texts<'_, '_>, standing: Option<&HashSet<u64>>, gone: &mut [bool], facts: &mut Facts) {
    let Some(standing) = standing else { return };
    for (at, gone) in gone.iter_mut().enumerate() {
        let text = texts.get(at);
        if standing.contains(&super::fingerprint(&letters::fold(&text))) {
            *gone = true;
            push_line(&mut facts.about, &text);
        }
    }
}

fn credit(lines: &[Line], texts: &Texts<'_, '_>, gone: &mut [bool], facts: &mut Facts) {
    for at in (0..lines.len()).filter(|&at| !gone[at]).take(FIRST).collect::<Vec<_>>() {
        if let Some(label) = phrases::credit_label(&lines[at].words) {
            facts.credit = after_label(&texts.get(at), label);
            gone[at] = true;
            return;
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

fn push_line(block: &mut String, line: &str) {
    if !block.is_empty() {
        block.push('\n');
    }
    block.push_str(line);
}

/// The place of a dateline: `Paris, le 1er décembre 2021 –`, `CHENNAI, 24 January 2020:`.
fn place(text: &str, lang: Option<Lang>) -> Option<String> {
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
    (is_name && !phrases::is_date_label(&letters::fold(name))).then(|| name.to_owned())
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
