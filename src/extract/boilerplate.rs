//! # Where does the release end and the description of its sender begin?
//!
//! "About us", "À propos d'Exemple": a heading in the second half that names the sender, and the paragraphs below it.
//! "About the study" is a heading of the text: what follows it does not begin with its words.

use super::facts::{Texts, push_line};
use super::lines::Line;
use super::{dom::Tree, letters, survey::Survey};

/// Lines below a heading that are taken at most.
const MOST: usize = 12;
/// Longest heading, in characters that are not blank.
const HEADING: u32 = 80;

/// How such headings begin, folded; what follows names the sender.
const ABOUT: &[&str] = &[
    "about ",
    "a propos de ",
    "a propos du ",
    "a propos des ",
    "a propos d'",
    "a propos : ",
    "uber ",
    "sobre ",
    "acerca de ",
    "informazioni su ",
    "over ",
];
/// Headings that say it alone.
const ALONE: &[&str] = &[
    "about us",
    "about the organisation",
    "about the organization",
    "about the association",
    "a propos",
    "a propos de nous",
    "a propos de l'association",
    "qui sommes-nous",
    "qui sommes nous",
    "boilerplate",
    "uber uns",
    "sobre nosotros",
    "chi siamo",
    "quem somos",
    "quienes somos",
    "over ons",
];
/// Articles before a name.
const ARTICLES: &[&str] = &["the ", "la ", "le ", "les ", "l'", "die ", "der ", "das ", "el ", "il "];

/// Finds such blocks among `lines`, marks them in `gone` and adds their words to `about`.
pub fn find(
    tree: &Tree<'_>,
    survey: &Survey,
    lines: &[Line],
    texts: &Texts<'_, '_>,
    gone: &mut [bool],
    about: &mut String,
) {
    let all: u64 = lines.iter().map(|line| u64::from(line.chars)).sum();
    let mut passed = 0_u64;
    let mut at = 0;
    while at < lines.len() {
        passed += u64::from(lines[at].chars);
        if passed * 2 < all || gone[at] || !opens(tree, survey, lines, texts, at) {
            at += 1;
            continue;
        }
        let end = end_of_block(tree, survey, lines, gone, at);
        (at..end).for_each(|line| push_line(about, &texts.get(line)));
        gone[at..end].fill(true);
        at = end;
    }
}

/// Whether the line heads a description of the sender.
fn opens(tree: &Tree<'_>, survey: &Survey, lines: &[Line], texts: &Texts<'_, '_>, at: usize) -> bool {
    if !is_heading(tree, survey, &lines[at]) || at + 1 >= lines.len() {
        return false;
    }
    let words = straight(lines[at].words.trim_matches(|c: char| !c.is_alphanumeric()));
    if ALONE.contains(&words.as_str()) {
        return true;
    }
    let Some(name) = ABOUT.iter().find_map(|start| words.strip_prefix(start)) else { return false };
    let name = without_article(name).split([' ', '(', ',']).next().unwrap_or_default();
    let next = straight(&letters::fold(super::text::cut(&texts.get(at + 1), 200)));
    name.chars().count() >= 3 && without_article(&next).starts_with(name)
}

/// With one kind of apostrophe.
fn straight(words: &str) -> String {
    words.replace('\u{2019}', "'")
}

fn without_article(words: &str) -> &str {
    ARTICLES.iter().find_map(|article| words.strip_prefix(article)).unwrap_or(words)
}

/// A heading by its tag, or a short line that fills its block and ends no sentence.
pub fn is_heading(tree: &Tree<'_>, survey: &Survey, line: &Line) -> bool {
    let alone = || survey.chars[line.block] == line.chars && !line.words.ends_with(['.', ',', ';', '!']);
    line.chars <= HEADING && !line.words.is_empty() && (is_tagged(tree, line) || alone())
}

/// Whether a heading element holds the line.
pub fn is_tagged(tree: &Tree<'_>, line: &Line) -> bool {
    tree.ancestors(line.from).take(4).any(|up| tree.tag(up).heading().is_some())
}

/// The first line after the block: the next heading, or what is kept apart already.
fn end_of_block(tree: &Tree<'_>, survey: &Survey, lines: &[Line], gone: &[bool], at: usize) -> usize {
    let last = (at + 1 + MOST).min(lines.len());
    let opens_another =
        |line: &Line| is_tagged(tree, line) || (is_heading(tree, survey, line) && line.words.trim_end().ends_with(':'));
    (at + 1..last).find(|&next| gone[next] || (next > at + 1 && opens_another(&lines[next]))).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Page, page};

    fn about(end: &str) -> (String, bool) {
        let html = format!(
            "<html lang=fr><body><article><h1>Titre</h1><p>L’association ouvre douze classes dans la banlieue, avec les \
             parents, les enseignantes et la mairie, pour que chaque enfant du quartier puisse apprendre à lire et à \
             écrire.</p>{end}</article>"
        );
        let page_in = Page { url: "https://h.example/a", content_type: None, robots_tag: None, body: html.as_bytes() };
        let draft = page(&page_in, &Context::default());
        (draft.about, draft.text.contains("depuis"))
    }

    #[test]
    fn the_sender_is_told() {
        for (heading, start) in [
            ("<h2>À propos de Solidarité Exemple</h2>", "Solidarité Exemple agit depuis 1956."),
            ("<p><strong>A propos d’Aide Exemple :</strong></p>", "Aide Exemple agit depuis 1956."),
            ("<h3>About the Example Trust</h3>", "The Example Trust agit depuis 1956."),
            ("<h2>Qui sommes-nous ?</h2>", "Une association qui agit depuis 1956."),
        ] {
            let (about, in_text) = about(&format!("{heading}<p>{start}</p>"));
            assert!(about.contains(start) && in_text, "{heading}: {about}");
        }
    }

    #[test]
    fn headings_about_other_things_stay() {
        let (about, in_text) = about("<h2>About the study</h2><p>Pupils were asked depuis 2020.</p>");
        assert!(about.is_empty() && in_text);
    }
}
