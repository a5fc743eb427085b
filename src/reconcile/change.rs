//! Is this a change of substance (words, figures, names, dates) or of dress (cards, punctuation, the organisation's new
//! name throughout)? Only substance is announced.

use super::words::{common, shingles, squash, words};
use crate::model::{DateEvidence, Draft, PageState};
use sha2::{Digest, Sha256};

/// What is different between two readings of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing that a reader sees.
    None,
    /// Something a reader may see, but nothing is said anew.
    Dress,
    /// Words, figures, names or dates, in words: `title: A → B; text: “2 600” → “2 700”`.
    Substance(String),
}

/// Whether readers may see the page as a release: its kind is one of items, and it has a text to show.
pub fn is_item(draft: &Draft) -> bool {
    draft.kind.kind.is_item() && matches!(draft.state, PageState::Live | PageState::Attachment { .. })
}

/// A hash of what the page says: letters and digits of title and text, and the day of publication. `names` are all
/// names of the member, old and new: one for another is no change.
pub fn substance(draft: &Draft, names: &[String]) -> [u8; 32] {
    let day = draft.published.as_ref().map(|date| date.value.date().to_string()).unwrap_or_default();
    hash_fields(&[&squash(&draft.title, names), &squash(&draft.text, names), &day])
}

/// A hash of what a reader sees besides: exact wording, links, pictures, files, authors, kind, categories. Query strings
/// of addresses are left out, for sites change them at every visit.
pub fn dress(draft: &Draft) -> [u8; 32] {
    let image = draft.image.as_ref().map(|image| format!("{} {} {}", bare(&image.url), image.alt, image.credit));
    let files: Vec<String> =
        draft.attachments.iter().map(|file| format!("{} {}", bare(&file.url), file.title)).collect();
    let translations: Vec<String> = draft.translations.iter().map(|(lang, url)| format!("{lang} {url}")).collect();
    let date = draft.published.as_ref().map(|date| date.value.to_string());
    hash_fields(&[
        &draft.title,
        &draft.text,
        &without_queries(&draft.html),
        &draft.summary,
        &draft.contacts,
        &draft.place,
        &draft.embargo.clone().unwrap_or_default(),
        &draft.authors.join("\n"),
        &draft.categories.join("\n"),
        draft.kind.kind.as_str(),
        &format!("{:?} {:?}", draft.state, draft.lang),
        draft.machine_translated.as_deref().unwrap_or_default(),
        &image.unwrap_or_default(),
        &files.join("\n"),
        &translations.join("\n"),
        &date.unwrap_or_default(),
    ])
}

fn hash_fields(fields: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update(field.len().to_le_bytes());
        hasher.update(field.as_bytes());
    }
    hasher.finalize().into()
}

fn bare(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// HTML of ours (attributes in double quotes) without the query strings of its addresses.
fn without_queries(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (place, part) in html.split('"').enumerate() {
        let address = place % 2 == 1 && (part.starts_with("http") || part.starts_with('/'));
        out.push_str(if address { bare(part) } else { part });
        out.push('"');
    }
    out
}

/// Keeps the date of publication that was read before where the page says nothing else new: a site that touches its
/// dates, or that stops giving them, changes nothing for readers. A date that is earlier, better evidenced or more
/// exact is taken.
pub fn keep_date(before: &Draft, after: &mut Draft, names: &[String]) {
    let Some(old) = &before.published else { return };
    let touched = match &after.published {
        None => true,
        Some(new) => is_touched(old, new),
    };
    if touched && squash(&before.text, names) == squash(&after.text, names) {
        after.published = Some(old.clone());
    }
}

fn is_touched(old: &DateEvidence, new: &DateEvidence) -> bool {
    new.value.date() > old.value.date() && new.source >= old.source
}

/// Compares two readings of one page.
pub fn compare(before: &Draft, after: &Draft, names: &[String]) -> Change {
    let mut said = Vec::new();
    if squash(&before.title, names) != squash(&after.title, names) {
        said.push(format!("title: {} → {}", before.title, after.title));
    }
    // A block that is now known to stand on many pages, or no longer does, has moved and not changed.
    let (old, new) = (without_lines(&before.text, &after.about), without_lines(&after.text, &before.about));
    if squash(&old, names) != squash(&new, names) {
        said.push(format!("text: {}", difference(&old, &new)));
    }
    if let (Some(old), Some(new)) = (&before.published, &after.published)
        && old.value.date() != new.value.date()
    {
        said.push(format!("date: {} → {}", old.value, new.value));
    }
    match said.is_empty() {
        false => Change::Substance(said.join("; ")),
        true if dress(before) != dress(after) => Change::Dress,
        true => Change::None,
    }
}

/// `text` without the lines that also stand in `apart`.
fn without_lines(text: &str, apart: &str) -> String {
    if apart.is_empty() {
        return text.to_owned();
    }
    let apart: Vec<&str> = apart.lines().collect();
    text.lines().filter(|line| !apart.contains(line)).collect::<Vec<_>>().join("\n")
}

/// Words shown of each side of a change.
const SHOWN: usize = 12;

/// The words that differ, when they are few; else how many words there are now.
fn difference(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (gone, come) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    if gone.len() <= SHOWN && come.len() <= SHOWN {
        return format!("“{}” → “{}”", gone.join(" "), come.join(" "));
    }
    format!("{} words → {} words", old.len(), new.len())
}

/// Whether two pages that are said to be one (a redirect, a shared id) say much the same. A redirect to the home page
/// or two texts under one id do not.
pub fn same_page_text(a: &Draft, b: &Draft) -> bool {
    let (one, other) = (shingles(&words(&a.text)), shingles(&words(&b.text)));
    let title = squash(&a.title, &[]) == squash(&b.title, &[]);
    if one.is_empty() || other.is_empty() {
        return title && one.len() == other.len() && squash(&a.text, &[]) == squash(&b.text, &[]);
    }
    let common = common(&one, &other) as f64;
    let all = (one.len() + other.len()) as f64 - common;
    common / all >= if title { 0.3 } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DateRole, DateSource};
    use crate::reconcile::testing::draft;

    fn dated(mut draft: Draft, day: &str, source: DateSource) -> Draft {
        draft.published =
            Some(DateEvidence { value: day.parse().unwrap(), role: DateRole::Published, source, raw: String::new() });
        draft
    }

    const TEXT: &str = "Paris, le 1er décembre 2021. Deux associations s'unissent pour 2 600 enfants privés d'école.";

    #[test]
    fn substance_is_words_figures_and_dates() {
        let names = ["Aide et Action".to_owned(), "Action Éducation".to_owned()];
        let before = dated(draft("Aide et Action s'engage", TEXT), "2021-12-01", DateSource::Meta);
        let change = |edit: &dyn Fn(&mut Draft)| {
            let mut after = before.clone();
            edit(&mut after);
            compare(&before, &after, &names)
        };
        assert_eq!(change(&|_| ()), Change::None);
        assert_eq!(change(&|d| d.title = "Action Éducation s’engage !".to_owned()), Change::Dress);
        assert_eq!(change(&|d| d.text = TEXT.replace("s'unissent", "s’ unissent")), Change::Dress);
        assert_eq!(change(&|d| d.categories.push("Sahel".to_owned())), Change::Dress);
        assert_eq!(
            change(&|d| d.text = TEXT.replace("2 600", "2 700")),
            Change::Substance("text: “600” → “700”".to_owned())
        );
        assert_eq!(
            change(&|d| d.title = "Autre titre".to_owned()),
            Change::Substance("title: Aide et Action s'engage → Autre titre".to_owned())
        );
        let earlier = dated(before.clone(), "2021-11-30", DateSource::Meta);
        assert_eq!(compare(&before, &earlier, &names), Change::Substance("date: 2021-12-01 → 2021-11-30".to_owned()));
    }

    #[test]
    fn hashes_agree_with_the_comparison() {
        let before = draft("Titre", TEXT);
        let mut after = before.clone();
        after.html = after.html.replace("\"https://example.org/a\"", "\"https://example.org/a?nonce=1\"");
        after.warnings.push(crate::model::Warning::new("odd", ""));
        after.modified = dated(draft("", ""), "2025-01-01", DateSource::Meta).published;
        assert_eq!((substance(&before, &[]), dress(&before)), (substance(&after, &[]), dress(&after)));
        assert_eq!(compare(&before, &after, &[]), Change::None);
    }

    #[test]
    fn touched_dates_are_no_news() {
        let before = dated(draft("Titre", TEXT), "2021-12-01", DateSource::Meta);
        let kept = |day: &str, source| {
            let mut after = dated(before.clone(), day, source);
            keep_date(&before, &mut after, &[]);
            after.published.unwrap().value.to_string()
        };
        assert_eq!(kept("2024-05-05", DateSource::Meta), "2021-12-01");
        assert_eq!(kept("2024-05-05", DateSource::Sitemap), "2021-12-01");
        assert_eq!(kept("2021-11-30", DateSource::Meta), "2021-11-30", "earlier");
        assert_eq!(kept("2021-12-02", DateSource::Rest), "2021-12-02", "better evidence");
        let mut lost = draft("Titre", TEXT);
        keep_date(&before, &mut lost, &[]);
        assert_eq!(lost.published, before.published);
    }

    #[test]
    fn a_redirect_to_another_text_is_no_move() {
        let page = draft("Titre", TEXT);
        assert!(same_page_text(&page, &draft("Titre corrigé", &format!("{TEXT} Lire aussi nos autres articles."))));
        assert!(!same_page_text(
            &page,
            &draft("Accueil", "Bienvenue sur le site de notre association, découvrez nos actions.")
        ));
        assert!(!same_page_text(&draft("Titre", ""), &page));
    }
}
