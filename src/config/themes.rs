//! The theme vocabulary: SKOS in Turtle, read into plain values.
//!
//! Concepts written with relative addresses belong to this newsroom and answer below its `themes/`; absolute IRIs stay
//! as they are. What is read: `prefLabel`, `altLabel`, `hiddenLabel`, `scopeNote`, `broader`, `narrower`, `related`,
//! `exactMatch`, `closeMatch`, `hasTopConcept`, `topConceptOf`, collections with their members, and `exceptLabel` of
//! any namespace: wording that looks like a label and is another subject.

use crate::model::{Label, LabelKind, Lang, Theme, ThemeId, Vocabulary};
use oxrdf::{NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use std::collections::{HashMap, HashSet};

/// Base for relative addresses while reading; never printed.
const BASE: &str = "http://themes.invalid/";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// A mistake in the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ThemeMistake {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads a vocabulary; all mistakes at once.
pub fn read_themes(source: &str) -> Result<Vocabulary, Vec<ThemeMistake>> {
    let triples = parse(source).map_err(|mistake| vec![mistake])?;
    let mut draft = Draft::default();
    for triple in &triples {
        draft.add(triple);
    }
    let mut mistakes = draft.problems(source);
    let vocabulary = draft.finish();
    mistakes.extend(hierarchy_problems(&vocabulary, source));
    mistakes.sort_by_key(|mistake| mistake.line);
    if mistakes.is_empty() { Ok(vocabulary) } else { Err(mistakes) }
}

fn parse(source: &str) -> Result<Vec<Triple>, ThemeMistake> {
    let parser = TurtleParser::new()
        .with_base_iri(BASE)
        .map_err(|error| ThemeMistake { line: 1, message: error.to_string() })?;
    let mut triples = Vec::new();
    for triple in parser.for_slice(source.as_bytes()) {
        match triple {
            Ok(triple) => triples.push(triple),
            Err(error) => {
                let line = usize::try_from(error.location().start.line).unwrap_or(0) + 1;
                return Err(ThemeMistake { line, message: error.message().to_owned() });
            }
        }
    }
    Ok(triples)
}

/// One concept while it is gathered.
#[derive(Default)]
struct Concept {
    labels: Vec<Label>,
    notes: Vec<(Lang, String)>,
    broader: Vec<String>,
    narrower: Vec<String>,
    related: Vec<String>,
    exact: Vec<String>,
    close: Vec<String>,
}

#[derive(Default)]
struct Draft {
    order: Vec<String>,
    concepts: HashMap<String, Concept>,
    is_concept: HashSet<String>,
    top: Vec<String>,
    collections: Vec<String>,
    collection_labels: HashMap<String, Vec<(Lang, String)>>,
    members: HashMap<String, Vec<String>>,
}

impl Draft {
    fn add(&mut self, triple: &Triple) {
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { return };
        let subject = subject.as_str().to_owned();
        let predicate = triple.predicate.as_str();
        match (&triple.object, predicate) {
            (Term::NamedNode(object), TYPE) => self.typed(subject, object.as_str()),
            (Term::NamedNode(object), _) => self.relation(subject, predicate, object.as_str().to_owned()),
            (Term::Literal(words), _) => {
                let lang = words.language().and_then(|lang| lang.parse().ok());
                self.words(subject, predicate, words.value(), lang);
            }
            _ => {}
        }
    }

    fn typed(&mut self, subject: String, class: &str) {
        let class = class.strip_prefix(SKOS);
        if class == Some("Concept") && self.is_concept.insert(subject.clone()) {
            self.order.push(subject);
        } else if matches!(class, Some("Collection" | "OrderedCollection")) {
            self.collections.push(subject);
        }
    }

    fn relation(&mut self, subject: String, predicate: &str, object: String) {
        match predicate.strip_prefix(SKOS) {
            Some("hasTopConcept") => self.top.push(object),
            Some("topConceptOf") => self.top.push(subject),
            Some("member") => self.members.entry(subject).or_default().push(object),
            Some(relation) => {
                let concept = self.concepts.entry(subject).or_default();
                match relation {
                    "broader" => concept.broader.push(object),
                    "narrower" => concept.narrower.push(object),
                    "related" => concept.related.push(object),
                    "exactMatch" => concept.exact.push(object),
                    "closeMatch" => concept.close.push(object),
                    _ => {}
                }
            }
            None => {}
        }
    }

    fn words(&mut self, subject: String, predicate: &str, text: &str, lang: Option<Lang>) {
        let lang = lang.unwrap_or(Lang::EN);
        let label = |kind| Label { text: text.to_owned(), lang, kind };
        let kind = match predicate.strip_prefix(SKOS) {
            Some("prefLabel") => {
                self.collection_labels.entry(subject.clone()).or_default().push((lang, text.to_owned()));
                Some(LabelKind::Preferred)
            }
            Some("altLabel") => Some(LabelKind::Alternative),
            Some("hiddenLabel") => Some(LabelKind::Hidden),
            Some("scopeNote") => {
                self.concepts.entry(subject.clone()).or_default().notes.push((lang, text.to_owned()));
                None
            }
            _ if predicate.ends_with("exceptLabel") => Some(LabelKind::Except),
            _ => None,
        };
        if let Some(kind) = kind {
            self.concepts.entry(subject).or_default().labels.push(label(kind));
        }
    }

    fn problems(&self, source: &str) -> Vec<ThemeMistake> {
        let mut mistakes = Vec::new();
        let mut say = |iri: &str, message: String| mistakes.push(ThemeMistake { line: line_of(source, iri), message });
        let mut ids: HashMap<ThemeId, &str> = HashMap::new();
        for iri in &self.order {
            let name = relative(iri);
            let Some(id) = id_of(iri) else {
                say(iri, format!("`{name}` ends in no usable id: use lower-case letters, digits and single hyphens"));
                continue;
            };
            if let Some(other) = ids.insert(id.clone(), iri) {
                say(iri, format!("`{}` and `{name}` have the same id {id}", relative(other)));
            }
            let Some(concept) = self.concepts.get(iri) else {
                say(iri, format!("`{name}` has no prefLabel"));
                continue;
            };
            let preferred: Vec<Lang> = concept
                .labels
                .iter()
                .filter(|label| label.kind == LabelKind::Preferred)
                .map(|label| label.lang)
                .collect();
            if preferred.is_empty() {
                say(iri, format!("`{name}` has no prefLabel"));
            }
            for (at, lang) in preferred.iter().enumerate() {
                if preferred[..at].contains(lang) {
                    say(iri, format!("`{name}` has two prefLabels in {lang}"));
                }
            }
            for target in concept.broader.iter().chain(&concept.narrower).chain(&concept.related) {
                if !self.is_concept.contains(target) {
                    say(iri, format!("`{name}` refers to `{}`, which is no concept of this file", relative(target)));
                }
            }
        }
        mistakes
    }

    fn finish(self) -> Vocabulary {
        let ids = |iris: &[String]| {
            let mut ids: Vec<ThemeId> =
                iris.iter().filter(|iri| self.is_concept.contains(*iri)).filter_map(|iri| id_of(iri)).collect();
            let mut seen = HashSet::new();
            ids.retain(|id| seen.insert(id.clone()));
            ids
        };
        let mut themes = Vec::new();
        for iri in &self.order {
            let (Some(id), Some(concept)) = (id_of(iri), self.concepts.get(iri)) else { continue };
            // `broader` here and `narrower` there say the same; either is enough.
            let mut broader = concept.broader.clone();
            broader.extend(
                self.order
                    .iter()
                    .filter(|other| self.concepts.get(*other).is_some_and(|c| c.narrower.contains(iri)))
                    .cloned(),
            );
            let mut narrower = concept.narrower.clone();
            narrower.extend(
                self.order
                    .iter()
                    .filter(|other| self.concepts.get(*other).is_some_and(|c| c.broader.contains(iri)))
                    .cloned(),
            );
            themes.push(Theme {
                id,
                iri: relative(iri).to_owned(),
                labels: concept.labels.clone(),
                notes: concept.notes.clone(),
                broader: ids(&broader),
                narrower: ids(&narrower),
                related: ids(&concept.related),
                mappings: concept.exact.iter().chain(&concept.close).cloned().collect(),
            });
        }
        let mut top = ids(&self.top);
        if top.is_empty() {
            top = themes.iter().filter(|theme| theme.broader.is_empty()).map(|theme| theme.id.clone()).collect();
        }
        let collections = self.collections.iter().map(|iri| {
            let labels = self.collection_labels.get(iri).cloned().unwrap_or_default();
            (labels, self.members.get(iri).map(|members| ids(members)).unwrap_or_default())
        });
        Vocabulary::new(themes, top, collections.collect())
    }
}

fn hierarchy_problems(vocabulary: &Vocabulary, source: &str) -> Vec<ThemeMistake> {
    let mut mistakes = Vec::new();
    for theme in vocabulary.themes() {
        let in_circle = theme.broader.iter().any(|broader| vocabulary.with_broader(broader).contains(&theme.id));
        if in_circle {
            let message = format!("`{}` is broader than itself", theme.id);
            mistakes.push(ThemeMistake { line: line_of(source, &theme.iri), message });
        }
    }
    mistakes
}

/// An address as written: without our base.
fn relative(iri: &str) -> &str {
    iri.strip_prefix(BASE).unwrap_or(iri)
}

/// The last segment of an IRI as a theme id; dots and underscores become hyphens, so that `sdg/4.7` is `4-7`.
fn id_of(iri: &str) -> Option<ThemeId> {
    let last = iri.trim_end_matches(['/', '#']).rsplit(['/', '#', ':']).next()?;
    let slug: String =
        last.chars().map(|c| if matches!(c, '.' | '_' | '~' | '%') { '-' } else { c.to_ascii_lowercase() }).collect();
    ThemeId::new(slug.trim_matches('-')).ok()
}

/// The line on which a concept begins, as nearly as the text tells.
fn line_of(source: &str, iri: &str) -> usize {
    let name = relative(iri);
    let last = name.rsplit(['/', '#']).next().unwrap_or(name);
    let begins = |line: &str| {
        let start = line.split_whitespace().next().unwrap_or_default();
        start.ends_with(&format!(":{last}")) || start == format!("<{name}>") || start == format!("<{last}>")
    };
    source.lines().position(begins).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "@prefix : <> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix ea: <urn:x#> .\n";

    #[test]
    fn concepts_are_read_with_labels_and_both_directions() {
        let source = format!(
            "{HEAD}<> a skos:ConceptScheme ; skos:hasTopConcept :a .\n:a a skos:Concept ; skos:prefLabel \"A\"@fr ; \
             skos:narrower :b .\n:b a skos:Concept ; skos:prefLabel \"B\"@en ; skos:altLabel \"bb\"@en ; ea:exceptLabel \"not b\"@en ;\n\
             skos:exactMatch <http://x.example/1> .\n:areas a skos:Collection ; skos:prefLabel \"Axes\"@fr ; skos:member :a ."
        );
        let read = read_themes(&source).unwrap();
        let b = read.get(&ThemeId::new("b").unwrap()).unwrap();
        assert_eq!((b.iri.as_str(), b.broader[0].as_str(), b.labels.len()), ("b", "a", 3));
        assert_eq!(b.mappings, ["http://x.example/1"]);
        assert_eq!(read.top().map(|theme| theme.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(read.collections()[0].1[0].as_str(), "a");
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let source = format!(
            "{HEAD}:a a skos:Concept ; skos:prefLabel \"A\"@fr, \"AA\"@fr ; skos:broader :b, :zz .\n:b a skos:Concept ;\n skos:prefLabel \"B\"@fr ; skos:broader :a ."
        );
        let said: Vec<String> = read_themes(&source).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "line 4: `a` has two prefLabels in fr",
                "line 4: `a` refers to `zz`, which is no concept of this file",
                "line 4: `a` is broader than itself",
                "line 5: `b` is broader than itself"
            ]
        );
        let broken = read_themes(&format!("{HEAD}:a a skos:Concept ;;; [ .")).unwrap_err();
        assert_eq!(broken[0].line, 4);
    }
}
