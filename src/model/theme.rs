//! The theme vocabulary as plain values.

use super::{Lang, ThemeId};
use std::collections::HashMap;

/// What a label is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelKind {
    /// skos:prefLabel: the name that readers see.
    Preferred,
    /// skos:altLabel: another wording, also shown.
    Alternative,
    /// skos:hiddenLabel: found, never shown.
    Hidden,
    /// ea:exceptLabel: wording that looks like a label but is another subject.
    Except,
}

/// One wording of a theme in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The wording.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// What it is for.
    pub kind: LabelKind,
}

/// A concept of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Last segment of the IRI: used in store, API and addresses.
    pub id: ThemeId,
    /// The IRI as written: absolute, or relative to the newsroom's `themes/`.
    pub iri: String,
    /// All labels.
    pub labels: Vec<Label>,
    /// Scope notes by language.
    pub notes: Vec<(Lang, String)>,
    /// Sentences that speak of the theme, by language: tests of its labels.
    pub examples: Vec<(Lang, String)>,
    /// Broader themes.
    pub broader: Vec<ThemeId>,
    /// Narrower themes, in the order of the file.
    pub narrower: Vec<ThemeId>,
    /// Related themes.
    pub related: Vec<ThemeId>,
    /// Mapped concepts of other vocabularies, absolute IRIs, exact ones first.
    pub mappings: Vec<String>,
}

impl Theme {
    /// The preferred label in `lang`, else in any language, else the id.
    pub fn label(&self, lang: Lang) -> &str {
        let preferred = || self.labels.iter().filter(|label| label.kind == LabelKind::Preferred);
        preferred()
            .find(|label| label.lang == lang)
            .or_else(|| preferred().next())
            .map_or(self.id.as_str(), |label| &label.text)
    }

    /// The scope note in `lang`, empty when there is none.
    pub fn note(&self, lang: Lang) -> &str {
        self.notes.iter().find(|(of, _)| *of == lang).map_or("", |(_, text)| text)
    }
}

/// A named group of themes: labels by language, and members.
pub type Collection = (Vec<(Lang, String)>, Vec<ThemeId>);

/// All themes; `Default` is the empty vocabulary of a configuration without `themes.ttl`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    themes: Vec<Theme>,
    top: Vec<ThemeId>,
    collections: Vec<Collection>,
    by_id: HashMap<ThemeId, usize>,
    replaced: HashMap<ThemeId, ThemeId>,
}

impl Vocabulary {
    /// Joins themes (in the order of the file), top concepts, and collections (labels, members).
    pub fn new(themes: Vec<Theme>, top: Vec<ThemeId>, collections: Vec<Collection>) -> Self {
        let by_id = themes.iter().enumerate().map(|(at, theme)| (theme.id.clone(), at)).collect();
        Self { themes, top, collections, by_id, replaced: HashMap::new() }
    }

    /// The same with themes that are no longer used (dct:isReplacedBy) and what stands in their place.
    pub fn with_replaced(self, replaced: HashMap<ThemeId, ThemeId>) -> Self {
        Self { replaced, ..self }
    }

    /// The theme that took the place of `id`, which is no longer used. Ends on cycles.
    pub fn replacement(&self, id: &ThemeId) -> Option<&Theme> {
        let mut at = id;
        for _ in 0..=self.replaced.len() {
            at = self.replaced.get(at)?;
            if let Some(theme) = self.get(at) {
                return Some(theme);
            }
        }
        None
    }

    /// Every theme in the order of the file.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// The top concepts in the order of the scheme.
    pub fn top(&self) -> impl Iterator<Item = &Theme> {
        self.top.iter().filter_map(|id| self.get(id))
    }

    /// Named groups of themes, for example the priority areas: labels and members.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// The theme called `id`.
    pub fn get(&self, id: &ThemeId) -> Option<&Theme> {
        self.by_id.get(id).map(|&at| &self.themes[at])
    }

    /// `id` and everything broader, each once, nearest first. Ends on cycles.
    pub fn with_broader(&self, id: &ThemeId) -> Vec<ThemeId> {
        let mut found = vec![id.clone()];
        let mut at = 0;
        while let Some(theme) = found.get(at).and_then(|id| self.get(id)) {
            for broader in &theme.broader {
                if !found.contains(broader) {
                    found.push(broader.clone());
                }
            }
            at += 1;
        }
        found
    }
}
