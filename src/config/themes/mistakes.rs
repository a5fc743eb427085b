//! What is wrong with a vocabulary, and on which line?
//!
//! The Turtle reader gives no places, so a line is found again in the text: where the concept begins, then the first
//! line of its block that has the word in question.

use super::{Concept, Draft, ThemeMistake, id_of, relative};
use crate::model::{Label, LabelKind, Lang, ThemeId, Vocabulary};
use std::collections::HashMap;

/// What SKOS has (reference of 18 August 2009): a name that is not there is a slip of the pen.
const SKOS_NAMES: &[&str] = &[
    "inScheme",
    "hasTopConcept",
    "topConceptOf",
    "altLabel",
    "hiddenLabel",
    "prefLabel",
    "notation",
    "changeNote",
    "definition",
    "editorialNote",
    "example",
    "historyNote",
    "note",
    "scopeNote",
    "broader",
    "broaderTransitive",
    "narrower",
    "narrowerTransitive",
    "related",
    "semanticRelation",
    "member",
    "memberList",
    "broadMatch",
    "closeMatch",
    "exactMatch",
    "mappingRelation",
    "narrowMatch",
    "relatedMatch",
];

/// Whether SKOS has a property of this name.
pub(super) fn is_skos(name: &str) -> bool {
    SKOS_NAMES.contains(&name)
}

/// The line of an example of a theme, for those who run the examples.
pub fn line_of_example(source: &str, theme: &ThemeId, example: &str) -> usize {
    // Quotation marks and backslashes stand escaped in the file: what comes before them is enough.
    let words = example.split(['"', '\\', '\n']).next().unwrap_or_default();
    line_in_block(source, theme.as_str(), words)
}

/// Everything that is wrong with the concepts and collections one by one.
pub(super) fn of_draft(draft: &Draft, source: &str) -> Vec<ThemeMistake> {
    let mut report = Report { source, mistakes: Vec::new() };
    for (subject, name) in &draft.strange {
        report.say(subject, name, format!("`skos:{name}` is no property of SKOS"));
    }
    let mut ids: HashMap<ThemeId, &str> = HashMap::new();
    let mut preferred: HashMap<(Lang, String), &str> = HashMap::new();
    for iri in &draft.order {
        let name = relative(iri);
        let Some(id) = id_of(iri) else {
            let advice = "use lower-case letters, digits and single hyphens";
            report.say(iri, "", format!("`{name}` ends in no usable id: {advice}"));
            continue;
        };
        if let Some(other) = ids.insert(id.clone(), iri) {
            report.say(iri, "", format!("`{}` and `{name}` have the same id {id}", relative(other)));
        }
        let Some(concept) = draft.concepts.get(iri) else {
            report.say(iri, "", format!("`{name}` has no prefLabel"));
            continue;
        };
        report.labels(iri, concept);
        // What is no longer used may share its name with what took its place.
        let is_used = !draft.replaced.contains_key(iri);
        for label in concept.labels.iter().filter(|label| is_used && label.kind == LabelKind::Preferred) {
            let other = preferred.insert((label.lang, label.text.to_lowercase()), iri);
            if let Some(other) = other.filter(|other| *other != iri) {
                let message = format!("`{name}` and `{}` have the same prefLabel \"{}\"", relative(other), label.text);
                report.say(iri, &quoted(label), message);
            }
        }
        let replacement = draft.replaced.get(iri);
        for target in concept.broader.iter().chain(&concept.narrower).chain(&concept.related).chain(replacement) {
            report.refers(draft, iri, target);
        }
    }
    for target in &draft.top {
        report.refers(draft, "", target);
    }
    for (collection, members) in &draft.members {
        for member in members {
            report.refers(draft, collection, member);
        }
    }
    report.mistakes
}

/// Concepts that are broader than themselves.
pub(super) fn of_hierarchy(vocabulary: &Vocabulary, source: &str) -> Vec<ThemeMistake> {
    let mut report = Report { source, mistakes: Vec::new() };
    for theme in vocabulary.themes() {
        if theme.broader.iter().any(|broader| vocabulary.with_broader(broader).contains(&theme.id)) {
            report.say(&theme.iri, "broader", format!("`{}` is broader than itself", theme.id));
        }
    }
    report.mistakes
}

struct Report<'a> {
    source: &'a str,
    mistakes: Vec<ThemeMistake>,
}

impl Report<'_> {
    fn say(&mut self, iri: &str, words: &str, message: String) {
        self.mistakes.push(ThemeMistake { line: line_in_block(self.source, relative(iri), words), message });
    }

    fn refers(&mut self, draft: &Draft, iri: &str, target: &str) {
        if !draft.is_concept.contains(target) {
            let (name, target) = (relative(iri), relative(target));
            let name = if name.is_empty() { "the scheme" } else { name };
            self.say(iri, target, format!("`{name}` refers to `{target}`, which is no concept of this file"));
        }
    }

    fn labels(&mut self, iri: &str, concept: &Concept) {
        let name = relative(iri);
        let preferred = || concept.labels.iter().filter(|label| label.kind == LabelKind::Preferred);
        if preferred().next().is_none() {
            self.say(iri, "", format!("`{name}` has no prefLabel"));
        }
        let mut langs: Vec<Lang> = Vec::new();
        for label in preferred() {
            if langs.contains(&label.lang) {
                self.say(iri, &quoted(label), format!("`{name}` has two prefLabels in {}", label.lang));
            }
            langs.push(label.lang);
        }
        for label in &concept.labels {
            if !label.text.contains(char::is_alphanumeric) {
                self.say(iri, &quoted(label), format!("`{name}` has a label without a letter or digit"));
            }
            let is_both = |other: &Label| {
                other.kind != LabelKind::Except
                    && other.lang == label.lang
                    && other.text.eq_ignore_ascii_case(&label.text)
            };
            if label.kind == LabelKind::Except && concept.labels.iter().any(is_both) {
                self.say(
                    iri,
                    &quoted(label),
                    format!("`{name}` has \"{}\" as a label and as an exception", label.text),
                );
            }
        }
    }
}

/// A label as the file most likely writes it.
fn quoted(label: &Label) -> String {
    format!("\"{}\"", label.text)
}

/// The line on which a concept begins, as nearly as the text tells; `None` when it is not found.
fn begins(source: &str, name: &str) -> Option<usize> {
    let last = name.rsplit(['/', '#']).next().unwrap_or(name);
    let begins = |line: &str| {
        let start = line.split_whitespace().next().unwrap_or_default();
        start.ends_with(&format!(":{last}")) || start == format!("<{name}>") || start == format!("<{last}>")
    };
    source.lines().position(begins)
}

/// The line of `words` inside the block of a concept, else its first line; from 1.
fn line_in_block(source: &str, name: &str, words: &str) -> usize {
    let first = begins(source, name).unwrap_or(0);
    let block = source.lines().enumerate().skip(first);
    let mut ended = false;
    let mut inside = block.take_while(|(_, line)| !std::mem::replace(&mut ended, line.trim_end().ends_with('.')));
    let found = inside.find(|(_, line)| !words.is_empty() && line.contains(words));
    found.map_or(first, |(line, _)| line) + 1
}

#[cfg(test)]
mod tests {
    use super::super::read_themes;
    use super::*;

    const HEAD: &str =
        "@prefix : <> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix ea: <urn:x#> .\n";

    fn said(body: &str) -> Vec<String> {
        read_themes(&format!("{HEAD}{body}")).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        assert_eq!(
            said(
                ":a a skos:Concept ; skos:prefLabel \"A\"@fr, \"AA\"@fr ; skos:broader :b,\n :zz .\n:b a skos:Concept ;\n skos:prefLabel \"B\"@fr ;\n skos:broader :a ."
            ),
            [
                "line 4: `a` has two prefLabels in fr",
                "line 4: `a` is broader than itself",
                "line 5: `a` refers to `zz`, which is no concept of this file",
                "line 8: `b` is broader than itself"
            ]
        );
        assert_eq!(
            said(
                "<> skos:hasTopConcept :c .\n:a a skos:Concept ;\n skos:prefLable \"A\"@fr .\n:b a skos:Concept ; skos:prefLabel \"B\"@fr, \"…\"@en ;\n ea:exceptLabel \"b\"@fr .\n:all a skos:Collection ;\n skos:member :d ."
            ),
            [
                "line 4: the scheme refers to `c`, which is no concept of this file"
                    .replace("the scheme", "`the scheme`"),
                "line 5: `a` has no prefLabel".to_owned(),
                "line 6: `skos:prefLable` is no property of SKOS".to_owned(),
                "line 7: `b` has a label without a letter or digit".to_owned(),
                "line 8: `b` has \"b\" as a label and as an exception".to_owned(),
                "line 10: `all` refers to `d`, which is no concept of this file".to_owned(),
            ]
        );
        assert_eq!(said(":a a skos:Concept ;;; [ ."), ["line 4: [ is not a valid predicate"]);
    }

    #[test]
    fn an_example_is_found_in_its_block() {
        let source = ":a a skos:Concept ;\n skos:example \"Un jour\"@fr .\n:b a skos:Concept ;\n\n skos:example \"Un jour \\\"a\\\"\"@fr .";
        assert_eq!(line_of_example(source, &ThemeId::new("b").unwrap(), "Un jour \"a\""), 5);
        assert_eq!(line_of_example(source, &ThemeId::new("b").unwrap(), "Autre"), 3);
    }
}
