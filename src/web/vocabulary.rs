//! The vocabulary for machines: the whole of it as Turtle, and single themes as JSON-LD or Turtle.

use super::{
    Door,
    answer::{self, Failure, Visit},
    language::by_language,
};
use crate::model::{LabelKind, Theme, ThemeId};
use axum::{
    http::{HeaderMap, header},
    response::Response,
};
use oxrdf::{Literal, NamedNode, Triple};
use oxttl::TurtleSerializer;
use serde_json::{Value, json};

const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// The form that a client asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A page.
    Html,
    /// `application/ld+json` (or plain JSON).
    JsonLd,
    /// `text/turtle`.
    Turtle,
}

/// The form that `Accept` weighs highest; a page where it says nothing else.
pub(super) fn wanted(headers: &HeaderMap) -> Form {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Form::Html, 0.0_f32);
    for element in accept.split(',') {
        let mut parts = element.split(';').map(str::trim);
        let form = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "text/html" | "application/xhtml+xml" => Form::Html,
            "application/ld+json" | "application/json" => Form::JsonLd,
            "text/turtle" => Form::Turtle,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if weight > best.1 {
            best = (form, weight);
        }
    }
    best.0
}

impl Door {
    /// The published IRI of a theme: absolute ones as written, relative ones below `themes/`.
    pub(super) fn theme_iri(&self, theme: &Theme) -> String {
        match theme.iri.contains(':') {
            true => theme.iri.clone(),
            false => self.url(&format!("themes/{}", theme.id)),
        }
    }
}

/// `/themes.ttl`: the file as the editors wrote it, with the address against which it is to be read.
pub(super) fn turtle(door: &Door, _: &Visit) -> Result<Response, Failure> {
    if door.config.vocabulary_source.is_empty() {
        return Err(Failure::NotFound);
    }
    let base = door.url("themes/");
    Ok(answer::document("text/turtle; charset=utf-8", format!("@base <{base}> .\n{}", door.config.vocabulary_source)))
}

/// `/themes/{id}`: the theme as Turtle or JSON-LD where asked for, else to its page in the reader's language.
pub(super) fn concept(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let id = ThemeId::new(visit.id.as_str()).map_err(|_| Failure::NotFound)?;
    if let Some(new) = door.config.vocabulary.replacement(&id) {
        return Err(Failure::Elsewhere(door.root(&format!("themes/{}", new.id)), true));
    }
    let theme = door.config.vocabulary.get(&id).ok_or(Failure::NotFound)?;
    Ok(by_language(match wanted(&visit.headers) {
        Form::Html => answer::redirect(&door.root(&format!("{}/themes/{id}", visit.lang)), false),
        Form::JsonLd => answer::document("application/ld+json", format!("{:#}\n", json_ld(door, theme))),
        Form::Turtle => answer::document("text/turtle; charset=utf-8", as_turtle(door, theme)?),
    }))
}

/// `/themes`: the whole vocabulary as Turtle or JSON-LD where asked for, else to its page in the reader's language.
pub(super) fn scheme(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    Ok(by_language(match wanted(&visit.headers) {
        Form::Html => answer::redirect(&door.root(&format!("{}/themes", visit.lang)), false),
        Form::Turtle => turtle(door, visit)?,
        Form::JsonLd => {
            let vocabulary = &door.config.vocabulary;
            let top: Vec<Value> = vocabulary.top().map(|theme| json!({ "@id": door.theme_iri(theme) })).collect();
            let mut graph = vec![json!({
                "@id": door.url("themes/"),
                "@type": "skos:ConceptScheme",
                "skos:hasTopConcept": top,
            })];
            graph.extend(vocabulary.themes().iter().map(|theme| concept_of(door, theme)));
            let whole = json!({ "@context": { "skos": SKOS }, "@graph": graph });
            answer::document("application/ld+json", format!("{whole:#}\n"))
        }
    }))
}

/// IRIs of other themes, by relation.
fn relations<'a>(door: &'a Door, theme: &'a Theme) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let kinds = [("broader", &theme.broader), ("narrower", &theme.narrower), ("related", &theme.related)];
    kinds.into_iter().flat_map(move |(relation, ids)| {
        let known = ids.iter().filter_map(|id| door.config.vocabulary.get(id));
        known.map(move |other| (relation, door.theme_iri(other)))
    })
}

/// Labels and notes that may be shown: property, text, language.
fn words(theme: &Theme) -> impl Iterator<Item = (&'static str, &str, &str)> {
    let labels = theme.labels.iter().filter_map(|label| {
        let property = match label.kind {
            LabelKind::Preferred => "prefLabel",
            LabelKind::Alternative => "altLabel",
            LabelKind::Hidden | LabelKind::Except => return None,
        };
        Some((property, label.text.as_str(), label.lang.as_str()))
    });
    labels.chain(theme.notes.iter().map(|(lang, note)| ("scopeNote", note.as_str(), lang.as_str())))
}

fn json_ld(door: &Door, theme: &Theme) -> Value {
    let mut concept = concept_of(door, theme);
    concept["@context"] = json!({ "skos": SKOS });
    concept
}

/// A theme as a node of a graph.
fn concept_of(door: &Door, theme: &Theme) -> Value {
    let mut concept = json!({
        "@id": door.theme_iri(theme),
        "@type": "skos:Concept",
        "skos:inScheme": { "@id": door.url("themes/") },
    });
    let mut add = |property: String, value: Value| {
        if let Some(values) = concept.get_mut(&property).and_then(Value::as_array_mut) {
            values.push(value);
        } else {
            concept[property] = json!([value]);
        }
    };
    for (property, text, lang) in words(theme) {
        add(format!("skos:{property}"), json!({ "@value": text, "@language": lang }));
    }
    for (relation, iri) in relations(door, theme) {
        add(format!("skos:{relation}"), json!({ "@id": iri }));
    }
    for iri in &theme.mappings {
        add("skos:mappingRelation".to_owned(), json!({ "@id": iri }));
    }
    concept
}

fn as_turtle(door: &Door, theme: &Theme) -> Result<String, Failure> {
    let broken = |error: String| Failure::Broken(format!("cannot write theme {} as Turtle: {error}", theme.id));
    let node = |iri: &str| NamedNode::new(iri).map_err(|error| broken(error.to_string()));
    let subject = node(&door.theme_iri(theme))?;
    let mut triples = vec![
        Triple::new(subject.clone(), node(RDF_TYPE)?, node(&format!("{SKOS}Concept"))?),
        Triple::new(subject.clone(), node(&format!("{SKOS}inScheme"))?, node(&door.url("themes/"))?),
    ];
    for (property, text, lang) in words(theme) {
        let literal = Literal::new_language_tagged_literal(text, lang).map_err(|error| broken(error.to_string()))?;
        triples.push(Triple::new(subject.clone(), node(&format!("{SKOS}{property}"))?, literal));
    }
    let mapped = theme.mappings.iter().map(|iri| ("mappingRelation", iri.clone()));
    for (relation, iri) in relations(door, theme).chain(mapped) {
        triples.push(Triple::new(subject.clone(), node(&format!("{SKOS}{relation}"))?, node(&iri)?));
    }
    let serializer = TurtleSerializer::new().with_prefix("skos", SKOS).map_err(|error| broken(error.to_string()))?;
    let mut writer = serializer.for_writer(Vec::new());
    for triple in &triples {
        writer.serialize_triple(triple).map_err(|error| broken(error.to_string()))?;
    }
    let bytes = writer.finish().map_err(|error| broken(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_pages_and_machines_get_data() {
        for (accept, form) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Form::Html),
            ("application/ld+json", Form::JsonLd),
            ("text/turtle, application/ld+json;q=0.5", Form::Turtle),
            ("text/turtle;q=0.2, text/html", Form::Html),
            ("*/*", Form::Html),
            ("", Form::Html),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(wanted(&headers), form, "{accept}");
        }
    }
}
