//! The theme vocabulary: SKOS in Turtle, read into plain values.
//!
//! Concepts written with relative addresses belong to this newsroom and answer below its `themes/`; absolute IRIs stay
//! as they are. What is read: `prefLabel`, `altLabel`, `hiddenLabel`, `scopeNote`, `broader`, `narrower`, `related`,
//! `exactMatch`, `closeMatch`, `hasTopConcept`, `topConceptOf`, `example`, collections with their members, and
//! `exceptLabel` of any namespace: wording that looks like a label and is another subject. A concept with `dct:isReplacedBy` is
//! no longer used: its address and its feed lead to the one that took its place. What is wrong with a file, and on which
//! line: `mistakes`.

mod mistakes;

use crate::model::{Label, LabelKind, Lang, Theme, ThemeId, Vocabulary};
use oxrdf::{NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use std::collections::{HashMap, HashSet};

pub use mistakes::line_of_example;

/// Base for relative addresses while reading; never printed.
const BASE: &str = "http://themes.invalid/";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const REPLACED: &str = "http://purl.org/dc/terms/isReplacedBy";
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
    let mut mistakes = mistakes::of_draft(&draft, source);
    let vocabulary = draft.finish();
    mistakes.extend(mistakes::of_hierarchy(&vocabulary, source));
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
    examples: Vec<(Lang, String)>,
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
    /// Names in the SKOS namespace that it does not have, each with its subject.
    strange: Vec<(String, String)>,
    replaced: HashMap<String, String>,
}

impl Draft {
    fn add(&mut self, triple: &Triple) {
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { return };
        let subject = subject.as_str().to_owned();
        let predicate = triple.predicate.as_str();
        if let Some(name) = predicate.strip_prefix(SKOS)
            && !mistakes::is_skos(name)
        {
            self.strange.push((subject.clone(), name.to_owned()));
        }
        match (&triple.object, predicate) {
            (Term::NamedNode(object), TYPE) => self.typed(subject, object.as_str()),
            (Term::NamedNode(object), REPLACED) => {
                self.replaced.insert(subject, object.as_str().to_owned());
            }
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
            Some("example") => {
                self.concepts.entry(subject.clone()).or_default().examples.push((lang, text.to_owned()));
                None
            }
            _ if predicate.ends_with("exceptLabel") => Some(LabelKind::Except),
            _ => None,
        };
        if let Some(kind) = kind {
            self.concepts.entry(subject).or_default().labels.push(label(kind));
        }
    }

    fn finish(mut self) -> Vocabulary {
        let replaced = self.replaced.iter().filter_map(|(old, new)| Some((id_of(old)?, id_of(new)?))).collect();
        self.order.retain(|iri| !self.replaced.contains_key(iri));
        self.is_concept.retain(|iri| !self.replaced.contains_key(iri));
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
                examples: concept.examples.clone(),
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
        Vocabulary::new(themes, top, collections.collect()).with_replaced(replaced)
    }
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
    fn a_theme_that_was_replaced_is_none_any_more_but_leads_on() {
        let source = format!(
            "{HEAD}@prefix dct: <http://purl.org/dc/terms/> .\n:old a skos:Concept ; skos:prefLabel \"O\"@fr ; \
             skos:broader :top ; dct:isReplacedBy :older .\n:older a skos:Concept ; skos:prefLabel \"P\"@fr ; \
             dct:isReplacedBy :new .\n:new a skos:Concept ; skos:prefLabel \"N\"@fr ; skos:broader :top .\n\
             :top a skos:Concept ; skos:prefLabel \"T\"@fr ; skos:narrower :old ."
        );
        let read = read_themes(&source).unwrap();
        let id = |text: &str| ThemeId::new(text).unwrap();
        assert_eq!(read.themes().iter().map(|theme| theme.id.as_str()).collect::<Vec<_>>(), ["new", "top"]);
        assert_eq!(read.get(&id("top")).unwrap().narrower, [id("new")]);
        assert_eq!(read.replacement(&id("old")).map(|theme| theme.id.as_str()), Some("new"));
        assert_eq!(read.replacement(&id("new")), None);
        let circle = source.replace(":new a skos:Concept ;", ":new a skos:Concept ; dct:isReplacedBy :old ;");
        assert_eq!(read_themes(&circle).unwrap().replacement(&id("old")), None);
    }
}
