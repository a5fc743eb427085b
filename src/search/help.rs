//! # What could the reader mean, or want next?
//!
//! Completions of what was typed; a likelier spelling, and the filter that stands in the way, when nothing matches;
//! releases about the same.

use super::{Filter, Hit, Query, SearchError, Sort, Suggestion, plan, words};
use crate::index::{
    Snapshot,
    analyse::{Reading, stops},
};
use crate::labels::COUNTRIES;
use crate::model::{LabelKind, Lang, Member, Release, Vocabulary};
use crate::normalise::text::{fold, words as split};
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::schema::Field;

/// Names of one sort among the completions.
const MOST_NAMES: usize = 3;
/// Words of a title by which related releases are looked for.
const MOST_TITLE_WORDS: usize = 12;
/// Releases looked at before the nearest are chosen.
const LOOKED_AT: usize = 30;
/// Terms of the index that are compared with a word that is in none of the releases.
const MOST_TERMS: usize = 50_000;

/// Themes, members and countries whose name has a word that starts with `prefix`.
pub fn names(prefix: &str, lang: Lang, vocabulary: &Vocabulary, members: &[Member], limit: usize) -> Vec<Suggestion> {
    let start = fold(prefix);
    if start.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let themes = vocabulary.themes().iter().filter(|theme| {
        let shown = |kind| matches!(kind, LabelKind::Preferred | LabelKind::Alternative);
        theme.labels.iter().any(|label| label.lang == lang && shown(label.kind) && starts(&label.text, &start))
    });
    found.extend(themes.take(MOST_NAMES).map(|theme| suggestion("theme", theme.label(lang), theme.id.as_str())));
    let known = members.iter().filter(|member| member.names.iter().any(|name| starts(&name.name, &start)));
    found.extend(known.take(MOST_NAMES).map(|member| suggestion("member", member.name(), member.id.as_str())));
    let named =
        |(_, french, english): &&(&str, &str, &str)| starts(if lang == Lang::FR { french } else { english }, &start);
    let countries = COUNTRIES.iter().filter(named);
    found.extend(
        countries.take(MOST_NAMES).map(|(code, french, english)| {
            suggestion("country", if lang == Lang::FR { french } else { english }, code)
        }),
    );
    found.truncate(limit);
    found
}

/// Filters that are tried, each with one search.
const TRIED: usize = 8;

/// One filter less, and what that gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// The parameter to leave out; empty: all filters.
    pub parameter: &'static str,
    /// Its value, as it stands in the parameter.
    pub value: String,
    /// The search without it.
    pub query: Query,
    /// Releases that match then; never 0.
    pub total: u64,
}

/// The search without each one of its filters, and without all of them where there are several.
pub fn narrower(query: &Query) -> Vec<(&'static str, String, Query)> {
    let mut without = Vec::new();
    let base = Query { offset: 0, cursor: None, ..query.clone() };
    drop_each(&base, "theme", |query| &mut query.theme, &mut without);
    drop_each(&base, "member", |query| &mut query.member, &mut without);
    drop_each(&base, "country", |query| &mut query.country, &mut without);
    drop_each(&base, "lang", |query| &mut query.lang, &mut without);
    drop_each(&base, "kind", |query| &mut query.kind, &mut without);
    drop_each(&base, "issuer", |query| &mut query.issuer, &mut without);
    if let Some(from) = base.from {
        without.push(("from", from.to_string(), Query { from: None, ..base.clone() }));
    }
    if let Some(to) = base.to {
        without.push(("to", to.to_string(), Query { to: None, ..base.clone() }));
    }
    without.truncate(TRIED);
    if without.len() > 1 {
        let Query { q, also, sort, limit, prefer, .. } = base;
        without.push(("", String::new(), Query { q, also, sort, limit, prefer, ..Query::default() }));
    }
    without
}

fn drop_each<T: Clone + PartialEq + std::fmt::Display>(
    query: &Query,
    name: &'static str,
    filter: fn(&mut Query) -> &mut Filter<T>,
    into: &mut Vec<(&'static str, String, Query)>,
) {
    let held = filter(&mut query.clone()).clone();
    // one of several alternatives only narrows further: all of them go together
    if !held.any.is_empty() {
        let value = held.any.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut without = query.clone();
        filter(&mut without).any.clear();
        into.push((name, value, without));
    }
    for value in &held.not {
        let mut without = query.clone();
        filter(&mut without).not.retain(|other| other != value);
        into.push((name, format!("-{value}"), without));
    }
}

fn suggestion(kind: &'static str, label: &str, id: &str) -> Suggestion {
    Suggestion { kind, label: label.to_owned(), id: id.to_owned() }
}

/// Whether `name`, or one of its words, starts with the folded `start`.
fn starts(name: &str, start: &str) -> bool {
    let folded = fold(name);
    folded.starts_with(start)
        || folded.match_indices([' ', '\'', '-']).any(|(at, _)| folded[at + 1..].starts_with(start))
}

/// The query for titles that go on from what was typed.
pub fn starting_with(prefix: &str, limit: usize) -> Option<Query> {
    let folded = fold(prefix);
    let mut parts: Vec<String> = split(&folded).map(|word| format!("title:{word}")).collect();
    let last = parts.pop()?;
    parts.push(format!("{last}*"));
    Some(Query { q: parts.join(" "), limit, highlight: false, sort: Some(Sort::Newest), ..Query::default() })
}

/// Queries that find releases about the same as `of`.
pub fn near(of: &Release) -> Vec<Query> {
    let folded = fold(&of.title);
    let told: Vec<&str> =
        split(&folded).filter(|word| word.len() > 2 && !stops::is_stop(word)).take(MOST_TITLE_WORDS).collect();
    let page = Query { limit: LOOKED_AT, highlight: false, ..Query::default() };
    let mut queries = Vec::new();
    if !told.is_empty() {
        queries.push(Query { q: told.join(" OR "), ..page.clone() });
    }
    if let Some(theme) = of.themes.first() {
        let mut query = page;
        query.theme.any.push(theme.id.clone());
        queries.push(query);
    }
    queries
}

/// The nearest of `hits`: the score of their words, and half of the best score for each theme or country shared.
pub fn nearest(of: &Release, hits: Vec<Hit>, limit: usize) -> Vec<Release> {
    let best = hits.iter().map(|hit| hit.score).fold(f32::MIN_POSITIVE, f32::max);
    let mut by_id: HashMap<String, (f32, Arc<Release>)> = HashMap::new();
    for hit in hits.into_iter().filter(|hit| hit.release.id != of.id) {
        let themes = of.themes.iter().filter(|tag| hit.release.themes.iter().any(|other| other.id == tag.id)).count();
        let places = of.countries.iter().filter(|p| hit.release.countries.iter().any(|other| other.id == p.id)).count();
        let score = hit.score / best + 0.5 * themes.min(4) as f32 / 2.0 + 0.5 * places.min(2) as f32;
        let known = by_id.entry(hit.release.id.to_string()).or_insert((score, hit.release));
        known.0 = known.0.max(score);
    }
    let mut near: Vec<(f32, Arc<Release>)> = by_id.into_values().collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.rank.cmp(&a.1.rank)));
    near.into_iter().take(limit).map(|(_, release)| Arc::unwrap_or_clone(release)).collect()
}

/// The question with the words that stand in no release replaced by their nearest neighbours, when nothing matched.
/// Everything else of it stays as it was typed.
pub fn likelier(snapshot: &Snapshot, words: &words::Words, total: u64) -> Result<Option<String>, SearchError> {
    if total > 0 || snapshot.total == 0 {
        return Ok(None);
    }
    let mut likelier = words.clone();
    let mut changed = false;
    for clause in likelier.clauses.iter_mut().filter(|clause| !clause.not) {
        for atom in clause.any.iter_mut().filter(|atom| atom.form != words::Form::Prefix) {
            let mut corrected = Vec::new();
            let mut differs = false;
            for token in plan::tokens(&atom.text).into_iter().filter(|token| token.reading == Reading::Word) {
                let word = &token.forms.folded;
                let better = if is_known(snapshot, word)? { None } else { nearest_term(snapshot, word)? };
                differs |= better.is_some();
                corrected.push(better.unwrap_or_else(|| word.clone()));
            }
            if differs {
                atom.text = corrected.join(" ");
                changed = true;
            }
        }
    }
    Ok(changed.then(|| likelier.to_string()))
}

fn is_known(snapshot: &Snapshot, word: &str) -> Result<bool, SearchError> {
    if word.len() < 4 || stops::is_stop(word) {
        return Ok(true);
    }
    let term = tantivy::Term::from_field_text(snapshot.fields.exact, word);
    Ok(snapshot.searcher.doc_freq(&term)? > 0)
}

/// The most frequent word of the index that starts with the same letter and is one typing mistake away (two for long
/// words).
fn nearest_term(snapshot: &Snapshot, word: &str) -> Result<Option<String>, SearchError> {
    let allowed = if word.chars().count() >= 8 { 2 } else { 1 };
    let Some(first) = word.chars().next() else { return Ok(None) };
    let mut best: Option<(usize, u32, String)> = None;
    for (term, frequency) in terms(snapshot, snapshot.fields.exact, first)? {
        if term.len().abs_diff(word.len()) > allowed {
            continue;
        }
        let distance = strsim::osa_distance(&term, word);
        let is_better = best
            .as_ref()
            .is_none_or(|(d, f, _)| (distance, std::cmp::Reverse(frequency)) < (*d, std::cmp::Reverse(*f)));
        if (1..=allowed).contains(&distance) && is_better {
            best = Some((distance, frequency, term));
        }
    }
    best.map(|(_, _, term)| as_written(snapshot, &term)).transpose()
}

/// Letters with the marks they have in French.
const MARKED: [(char, &[char]); 6] = [
    ('a', &['à', 'â']),
    ('c', &['ç']),
    ('e', &['é', 'è', 'ê', 'ë']),
    ('i', &['î', 'ï']),
    ('o', &['ô']),
    ('u', &['ù', 'û']),
];

/// A folded word with the accents that most releases write it with, up to two of them.
fn as_written(snapshot: &Snapshot, folded: &str) -> Result<String, SearchError> {
    let count = |word: &str| {
        let term = tantivy::Term::from_field_text(snapshot.fields.exact, word);
        snapshot.searcher.doc_freq(&term)
    };
    let once = with_a_mark(folded, 0);
    let twice = once.iter().flat_map(|(word, next)| with_a_mark(word, *next));
    let mut best = (count(folded)? / 2, folded.to_owned());
    for (word, _) in once.iter().cloned().chain(twice) {
        let frequency = count(&word)?;
        if frequency > best.0 {
            best = (frequency, word);
        }
    }
    Ok(best.1)
}

/// The word with one letter marked, at or after the byte `from`; and where the next mark may stand.
fn with_a_mark(word: &str, from: usize) -> Vec<(String, usize)> {
    let mut made = Vec::new();
    for (at, letter) in word.char_indices().filter(|(at, _)| *at >= from) {
        let Some((_, marked)) = MARKED.iter().find(|(plain, _)| *plain == letter) else { continue };
        for mark in *marked {
            let next = at + mark.len_utf8();
            made.push((format!("{}{mark}{}", &word[..at], &word[at + letter.len_utf8()..]), next));
        }
    }
    made
}

fn terms(snapshot: &Snapshot, field: Field, first: char) -> Result<Vec<(String, u32)>, SearchError> {
    let mut found = Vec::new();
    let start = first.to_string();
    for segment in &snapshot.segments {
        let inverted = segment.reader.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(start.as_bytes()).into_stream()?;
        while stream.advance() && found.len() < MOST_TERMS {
            let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
            if !term.starts_with(first) {
                break;
            }
            found.push((term.to_owned(), stream.value().doc_freq));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Describe, House, doc};
    use super::*;

    #[test]
    fn a_name_is_completed_from_any_of_its_words() {
        assert!(starts("Burkina Faso", "fas") && starts("Côte d’Ivoire", "ivoi") && !starts("Mali", "ali"));
        let names = names("séné", Lang::FR, &Vocabulary::default(), &[], 10);
        assert_eq!((names[0].kind, names[0].id.as_str(), names[0].label.as_str()), ("country", "sn", "Sénégal"));
    }

    #[test]
    fn a_likelier_spelling_is_offered_only_when_nothing_matches() {
        let house = House::with(vec![
            doc("a", "Scolarisation au Niger", "les enseignantes"),
            doc("b", "Paix", "les enseignantes"),
        ]);
        let asked = |q: &str| house.engine.search(&Query { q: q.to_owned(), ..Query::default() }).unwrap();
        assert_eq!(asked("scolarisatoin niger").did_you_mean.as_deref(), Some("scolarisation niger"));
        assert_eq!(
            asked("-santé \"scolarisatoin\" OR foot").did_you_mean.as_deref(),
            Some("-santé \"scolarisation\" OR foot")
        );
        assert_eq!(asked("niger").did_you_mean, None);
        assert_eq!(asked("xylophonistes").did_you_mean, None);
    }

    #[test]
    fn a_likelier_spelling_has_its_accents() {
        let house =
            House::with(vec![doc("a", "", "la sécurité"), doc("b", "", "la sécurité"), doc("c", "", "la securite")]);
        let asked = |q: &str| house.engine.search(&Query { q: q.to_owned(), ..Query::default() }).unwrap();
        assert_eq!(asked("l'secutité").did_you_mean.as_deref(), Some("sécurité"));
    }

    #[test]
    fn an_empty_answer_says_what_stands_in_the_way() {
        let house = House::with(vec![
            doc("a", "Niger", "école").by("un").on("2021-05-01"),
            doc("b", "Niger", "école").by("deux").on("2022-05-01"),
        ]);
        let ways = |address: &str| {
            let ways = house.engine.ways_out(&house.ask(address).query).unwrap();
            ways.iter()
                .map(|way| format!("{}={} {}", way.parameter, way.value, way.total))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(ways("q=niger&member=un&from=2022"), "member=un 1, from=2022-01-01 1");
        assert_eq!(ways("q=niger&lang=en&member=un"), "lang=en 1");
        assert_eq!(ways("q=niger&lang=en&to=2020"), "= 2");
        assert_eq!(ways("q=xylophone&lang=fr"), "");
    }

    #[test]
    fn titles_complete_and_neighbours_are_found() {
        let house = House::with(vec![
            doc("a", "Des classes pour les filles du Niger", "x"),
            doc("b", "Les filles du Niger retournent en classe", "y"),
            doc("c", "Recyclage", "z"),
        ]);
        let titles = house.engine.suggest("des cla", Lang::FR, 10).unwrap();
        assert_eq!(titles.iter().filter(|s| s.kind == "title").map(|s| s.id.as_str()).collect::<Vec<_>>(), ["a"]);
        let near = house.engine.related(&crate::model::ReleaseId::new("a").unwrap(), 5).unwrap();
        assert_eq!(near.iter().map(|release| release.id.as_str()).collect::<Vec<_>>(), ["b"]);
    }
}
