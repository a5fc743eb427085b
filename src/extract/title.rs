//! # What is this page called?

use super::{dom::Tree, meta::Meta, structured::Thing, tag::Tag, text};
use crate::{
    model::Warning,
    normalise::text::{fold, line},
};

/// Longest title kept, in characters.
const LONGEST: usize = 500;

/// The title, without the site's name.
pub fn find(tree: &Tree<'_>, meta: &Meta, thing: Option<&Thing>, warnings: &mut Vec<Warning>) -> String {
    let headings: Vec<String> = (0..tree.len())
        .filter(|&at| tree.tag(at) == Tag::H1)
        .map(|at| line(&text::of(tree, at, &[])))
        .filter(|text| !text.is_empty())
        .collect();
    let declared: Vec<String> = [
        meta.first("og:title"),
        thing.map_or("", |t| t.headline.as_str()),
        thing.map_or("", |t| t.name.as_str()),
        &meta.title,
    ]
    .into_iter()
    .map(line)
    .filter(|text| !text.is_empty())
    .collect();
    // A heading that the declared titles contain is the title as the reader sees it.
    let seen = headings.iter().find(|heading| {
        let heading = fold(heading);
        declared.iter().any(|title| fold(title).contains(&heading))
    });
    let title = seen
        .or_else(|| if headings.len() == 1 { headings.first() } else { None })
        .or_else(|| declared.first())
        .or_else(|| headings.first());
    let title = title.cloned().unwrap_or_default();
    if title.chars().count() > LONGEST {
        warnings.push(Warning::new("title-cut", format!("{} characters", title.chars().count())));
        return title.chars().take(LONGEST).collect();
    }
    title
}
