//! Which themes does a text speak of? A matcher of labels that explains itself.
//!
//! Labels of the vocabulary are matched as runs of stems, leftmost and longest, so that a longer label eats the words
//! of a shorter one ("sécurité alimentaire" is never "sécurité"). Each distinct wording counts once, with 1 + ln of its
//! weight: preferred labels weigh more than alternative ones, longer ones more than single words, words in the title
//! and in the first sixty words more than later ones. Broader themes get a part of the score.
//!
//! To change what a theme matches, change the labels in `config/themes.ttl`, not this file.

use super::words::{self, Word};
use crate::model::{LabelKind, Lang, Tag, TagBy, ThemeId, Vocabulary};
use rust_stemmers::Stemmer;
use std::collections::HashMap;
use std::sync::RwLock;

/// A label weighs by its kind.
fn kind_weight(kind: LabelKind) -> f32 {
    match kind {
        LabelKind::Preferred => 1.0,
        LabelKind::Alternative => 0.9,
        LabelKind::Hidden => 0.7,
        LabelKind::Except => 0.0,
    }
}

/// A longer label says more.
fn length_weight(words: usize) -> f32 {
    match words {
        0 | 1 => 0.75,
        2 => 1.0,
        _ => 1.25,
    }
}

/// Words in the title count three times, in the beginning one and a half.
const TITLE: f32 = 3.0;
const BEGINNING: f32 = 1.5;
const BEGINNING_WORDS: usize = 60;
/// What a broader theme gets of a narrower one's score, a level.
const BROADER: f32 = 0.6;
/// A tag is given from this score on, and from this share of the best one.
const LEAST: f32 = 0.95;
const LEAST_SHARE: f32 = 0.3;
/// Weight of the member's own category: as a preferred label in the title.
const CATEGORY: f32 = 3.0;
/// Words remembered with their stem, a language.
const REMEMBERED: usize = 100_000;

/// Where a label stands: byte range in `title` + line feed + `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// The label as the vocabulary writes it.
    pub label: String,
}

/// A theme of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The theme.
    pub theme: ThemeId,
    /// Sum over its wordings; not bounded.
    pub raw: f32,
    /// `raw` brought to 0 to 1.
    pub score: f32,
    /// Where its words stand, in order; for a broader theme those of the narrower ones.
    pub spans: Vec<Span>,
    /// Whether the theme's own labels stand in the text, not only a narrower theme's.
    pub own: bool,
}

/// What ends at a node of the tree of stems.
#[derive(Debug, Clone)]
struct Ending {
    /// Place of the theme in the vocabulary; `None` eats its words and gives nothing.
    theme: Option<usize>,
    weight: f32,
    label: String,
    /// First word of the label, folded: a single stem must also be the same word.
    first: String,
}

#[derive(Debug, Default)]
struct Node {
    next: HashMap<u32, usize>,
    endings: Vec<Ending>,
}

/// Labels of one language.
struct Labels {
    nodes: Vec<Node>,
    stems: HashMap<String, u32>,
    stemmer: Option<Stemmer>,
    /// Stem number by word; `None` for words that stand in no label.
    known: RwLock<HashMap<String, Option<u32>>>,
}

/// Tags texts with the themes of one vocabulary.
pub struct Tagger {
    vocabulary: Vocabulary,
    languages: HashMap<Lang, Labels>,
    /// Acronyms match in any language, as written.
    acronyms: HashMap<String, Vec<Ending>>,
}

impl Tagger {
    /// Prepares the labels of `vocabulary`.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut tagger = Self { vocabulary: vocabulary.clone(), languages: HashMap::new(), acronyms: HashMap::new() };
        for (at, theme) in vocabulary.themes().iter().enumerate() {
            for label in &theme.labels {
                let theme = (label.kind != LabelKind::Except).then_some(at);
                tagger.add(theme, label.lang, label.kind, &label.text);
            }
        }
        tagger
    }

    fn add(&mut self, theme: Option<usize>, lang: Lang, kind: LabelKind, label: &str) {
        let ending = |weight: f32, first: String| Ending { theme, weight, label: label.to_owned(), first };
        if is_acronym(label) {
            let endings = self.acronyms.entry(label.to_owned()).or_default();
            if !endings.iter().any(|known| known.theme == theme) {
                endings.push(ending(kind_weight(kind), String::new()));
            }
            return;
        }
        let labels = self.languages.entry(lang).or_insert_with(|| Labels::new(lang));
        let kept: Vec<String> = words::words(label)
            .map(|word| label[word.start..word.end].to_lowercase())
            .filter(|word| !words::is_dropped(word, lang))
            .collect();
        let Some(first) = kept.first() else { return };
        let weight = kind_weight(kind) * length_weight(kept.len());
        let ending = ending(weight, words::folded(first));
        labels.add(&kept, ending);
    }

    /// Themes of a text, strongest first; at most those that pass the thresholds, unless `all`.
    pub fn matches(&self, title: &str, text: &str, lang: Lang, all: bool) -> Vec<Match> {
        let whole = format!("{title}\n{text}");
        let hits = self.hits(&whole, title.len(), lang);
        let mut found = self.scored(hits);
        self.add_broader(&mut found);
        let best = found.values().map(|m| m.raw).fold(0.0, f32::max);
        let mut matches: Vec<Match> =
            found.into_values().filter(|m| all || (m.raw >= LEAST && m.raw >= LEAST_SHARE * best)).collect();
        matches.sort_by(|a, b| b.raw.total_cmp(&a.raw).then_with(|| a.theme.cmp(&b.theme)));
        matches
    }

    /// The tags of a release: its words, and what its own `categories` stand for (theme and the category's name).
    pub fn tags(&self, title: &str, text: &str, lang: Lang, categories: &[(ThemeId, String)]) -> Vec<Tag> {
        let whole = format!("{title}\n{text}");
        let mut tags: Vec<Tag> = Vec::new();
        for found in self.matches(title, text, lang, false) {
            let mut evidence: Vec<String> = Vec::new();
            for span in &found.spans {
                let words = whole[span.start..span.end].to_owned();
                if evidence.len() < 5 && !evidence.iter().any(|known| known.eq_ignore_ascii_case(&words)) {
                    evidence.push(words);
                }
            }
            tags.push(Tag { id: found.theme, by: TagBy::Label, score: found.score, evidence });
        }
        for (theme, name) in categories {
            let Some(theme) = self.vocabulary.get(theme) else { continue };
            match tags.iter_mut().find(|tag| tag.id == theme.id) {
                Some(tag) => tag.evidence.push(name.clone()),
                None => tags.push(Tag {
                    id: theme.id.clone(),
                    by: TagBy::Category,
                    score: bounded(1.0 + CATEGORY.ln()),
                    evidence: vec![name.clone()],
                }),
            }
        }
        tags.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        tags
    }

    /// Every label that stands in `whole`: theme, weight with its place, span.
    fn hits(&self, whole: &str, title_end: usize, lang: Lang) -> Vec<(usize, f32, Span)> {
        let lang = if self.languages.contains_key(&lang) { lang } else { Lang::EN };
        let labels = self.languages.get(&lang);
        let mut words: Vec<(Word, Option<u32>)> = Vec::new();
        let mut lower = String::new();
        for word in words::words(whole) {
            let surface = &whole[word.start..word.end];
            lower.clear();
            lower.extend(surface.chars().flat_map(char::to_lowercase));
            if !words::is_dropped(&lower, lang) {
                words.push((word, labels.and_then(|labels| labels.stem_number(&lower))));
            }
        }
        let mut hits = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let place = |start: usize, at: usize| match (start < title_end, at < BEGINNING_WORDS) {
                (true, _) => TITLE,
                (false, true) => BEGINNING,
                _ => 1.0,
            };
            let surface = &whole[words[at].0.start..words[at].0.end];
            if let Some(endings) = self.acronyms.get(surface) {
                collect(endings, place(words[at].0.start, at), words[at].0, words[at].0, &mut hits);
            }
            match labels.and_then(|labels| labels.longest(whole, &words, at)) {
                Some((after, endings)) => {
                    let (first, last) = (words[at].0, words[after - 1].0);
                    if !endings.iter().any(|ending| ending.theme.is_none()) {
                        let chosen: Vec<Ending> = endings.into_iter().cloned().collect();
                        collect(&chosen, place(first.start, at), first, last, &mut hits);
                    }
                    at = after;
                }
                None => at += 1,
            }
        }
        hits
    }

    fn scored(&self, hits: Vec<(usize, f32, Span)>) -> HashMap<usize, Match> {
        let mut weights: HashMap<(usize, String), f32> = HashMap::new();
        let mut found: HashMap<usize, Match> = HashMap::new();
        for (theme, weight, span) in hits {
            *weights.entry((theme, span.label.to_lowercase())).or_default() += weight;
            let known = found.entry(theme).or_insert_with(|| Match {
                theme: self.vocabulary.themes()[theme].id.clone(),
                raw: 0.0,
                score: 0.0,
                spans: Vec::new(),
                own: true,
            });
            known.spans.push(span);
        }
        for ((theme, _), weight) in weights {
            if let Some(known) = found.get_mut(&theme) {
                known.raw += if weight > 1.0 { 1.0 + weight.ln() } else { weight };
            }
        }
        for known in found.values_mut() {
            known.score = bounded(known.raw);
        }
        found
    }

    /// A release about girls' education is about access to education and the right to education too.
    fn add_broader(&self, found: &mut HashMap<usize, Match>) {
        let own: Vec<(ThemeId, f32, Vec<Span>)> =
            found.values().map(|m| (m.theme.clone(), m.raw, m.spans.clone())).collect();
        for (theme, raw, spans) in own {
            for (broader, share) in self.shares(&theme) {
                let Some(at) = self.vocabulary.themes().iter().position(|known| known.id == broader) else { continue };
                let known = found.entry(at).or_insert_with(|| Match {
                    theme: broader.clone(),
                    raw: 0.0,
                    score: 0.0,
                    spans: Vec::new(),
                    own: false,
                });
                known.raw += raw * share;
                known.score = bounded(known.raw);
                known.spans.extend(spans.iter().cloned());
                known.spans.sort_by_key(|span| (span.start, span.end));
                known.spans.dedup();
            }
        }
    }

    /// Every broader theme with the share of the score that it gets, by its distance.
    fn shares(&self, theme: &ThemeId) -> Vec<(ThemeId, f32)> {
        let mut shares: Vec<(ThemeId, f32)> = Vec::new();
        let mut level = vec![theme.clone()];
        let mut share = BROADER;
        while !level.is_empty() {
            let mut next = Vec::new();
            for id in &level {
                for broader in self.vocabulary.get(id).map(|theme| theme.broader.as_slice()).unwrap_or_default() {
                    if broader != theme && !shares.iter().any(|(known, _)| known == broader) {
                        shares.push((broader.clone(), share));
                        next.push(broader.clone());
                    }
                }
            }
            level = next;
            share *= BROADER;
        }
        shares
    }
}

/// A label that two themes share counts half for each.
fn collect(endings: &[Ending], place: f32, first: Word, last: Word, hits: &mut Vec<(usize, f32, Span)>) {
    let themes = endings.iter().filter(|ending| ending.theme.is_some()).count().max(1) as f32;
    for ending in endings {
        let Some(theme) = ending.theme else { continue };
        let span = Span { start: first.start, end: last.end, label: ending.label.clone() };
        hits.push((theme, ending.weight * place / themes, span));
    }
}

fn bounded(raw: f32) -> f32 {
    raw / (raw + 2.0)
}

/// 2 to 8 capitals and digits, the first a capital.
fn is_acronym(label: &str) -> bool {
    (2..=8).contains(&label.len())
        && label.starts_with(|c: char| c.is_ascii_uppercase())
        && label.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'&' | b'-'))
}

impl Labels {
    fn new(lang: Lang) -> Self {
        Self {
            nodes: vec![Node::default()],
            stems: HashMap::new(),
            stemmer: words::stemmer(lang),
            known: RwLock::new(HashMap::new()),
        }
    }

    fn add(&mut self, label: &[String], ending: Ending) {
        let mut node = 0;
        for word in label {
            let stem = words::stem(self.stemmer.as_ref(), word);
            let fresh = self.stems.len() as u32;
            let number = *self.stems.entry(stem).or_insert(fresh);
            let next = self.nodes[node].next.get(&number).copied();
            node = next.unwrap_or_else(|| {
                self.nodes.push(Node::default());
                let made = self.nodes.len() - 1;
                self.nodes[node].next.insert(number, made);
                made
            });
        }
        let endings = &mut self.nodes[node].endings;
        if !endings.iter().any(|known| known.theme == ending.theme) {
            endings.push(ending);
        }
    }

    /// The number of a word's stem, when some label has it.
    fn stem_number(&self, word: &str) -> Option<u32> {
        if let Ok(known) = self.known.read()
            && let Some(number) = known.get(word)
        {
            return *number;
        }
        let number = self.stems.get(&words::stem(self.stemmer.as_ref(), word)).copied();
        if let Ok(mut known) = self.known.write()
            && known.len() < REMEMBERED
        {
            known.insert(word.to_owned(), number);
        }
        number
    }

    /// The longest label that begins at word `at`: the word after it and what it stands for.
    fn longest(&self, whole: &str, words: &[(Word, Option<u32>)], at: usize) -> Option<(usize, Vec<&Ending>)> {
        let mut node = 0;
        let mut longest = None;
        for (here, (word, number)) in words.iter().enumerate().skip(at) {
            let Some(next) = number.and_then(|number| self.nodes[node].next.get(&number)) else { break };
            node = *next;
            let is_single = here == at;
            let surface = || words::folded(&whole[word.start..word.end]);
            let endings: Vec<&Ending> = match is_single {
                true if !self.nodes[node].endings.is_empty() => {
                    let surface = surface();
                    self.nodes[node].endings.iter().filter(|ending| is_same_word(&ending.first, &surface)).collect()
                }
                true => Vec::new(),
                false => self.nodes[node].endings.iter().collect(),
            };
            if !endings.is_empty() {
                longest = Some((here + 1, endings));
            }
        }
        longest
    }
}

/// A stem may join words that are not forms of each other (educators and education): a single word must also share a
/// long beginning with the label.
fn is_same_word(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let shorter = a.chars().count().min(b.chars().count());
    common + if shorter >= 6 { 2 } else { 1 } >= shorter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Label, Theme};

    fn theme(id: &str, broader: &[&str], labels: &[(&str, Lang, LabelKind)]) -> Theme {
        Theme {
            id: ThemeId::new(id).unwrap(),
            iri: id.to_owned(),
            labels: labels
                .iter()
                .map(|(text, lang, kind)| Label { text: (*text).to_owned(), lang: *lang, kind: *kind })
                .collect(),
            notes: Vec::new(),
            broader: broader.iter().map(|id| ThemeId::new(*id).unwrap()).collect(),
            narrower: Vec::new(),
            related: Vec::new(),
            mappings: Vec::new(),
        }
    }

    fn tagger() -> Tagger {
        use LabelKind::{Alternative, Except, Preferred};
        let themes = vec![
            theme(
                "education",
                &[],
                &[("éducation pour tous", Lang::FR, Preferred), ("education for all", Lang::EN, Preferred)],
            ),
            theme(
                "girls",
                &["education"],
                &[
                    ("éducation des filles", Lang::FR, Preferred),
                    ("girls' education", Lang::EN, Preferred),
                    ("ODD", Lang::FR, Alternative),
                ],
            ),
            theme("security", &[], &[("sécurité", Lang::FR, Preferred), ("sécurité routière", Lang::FR, Except)]),
            theme("food", &[], &[("sécurité alimentaire", Lang::FR, Preferred)]),
            theme("teachers", &[], &[("éducation", Lang::FR, Preferred)]),
        ];
        Tagger::new(&Vocabulary::new(themes, Vec::new(), Vec::new()))
    }

    fn ids(matches: &[Match]) -> Vec<&str> {
        matches.iter().map(|m| m.theme.as_str()).collect()
    }

    #[test]
    fn longer_labels_eat_shorter_ones_and_broader_themes_follow() {
        let tagger = tagger();
        assert_eq!(
            ids(&tagger.matches("L’ÉDUCATION DES FILLES au Niger", "", Lang::FR, false)),
            ["girls", "education"]
        );
        assert_eq!(ids(&tagger.matches("", "La sécurité alimentaire au Sahel", Lang::FR, true)), ["food"]);
        assert_eq!(ids(&tagger.matches("", "La sécurité routière", Lang::FR, true)), Vec::<&str>::new());
        assert_eq!(ids(&tagger.matches("", "Des éducateurs de rue", Lang::FR, true)), Vec::<&str>::new());
        assert_eq!(
            ids(&tagger.matches("", "The SDGs and girls’ education. ODD", Lang::EN, true)),
            ["girls", "education"]
        );
    }

    #[test]
    fn tags_carry_the_words_that_decided() {
        let tags = tagger().tags(
            "Titre",
            "L'éducation des filles progresse",
            Lang::FR,
            &[(ThemeId::new("food").unwrap(), "Vivres".into())],
        );
        let girls = tags.iter().find(|tag| tag.id.as_str() == "girls").unwrap();
        assert_eq!(girls.evidence, ["éducation des filles"]);
        let food = tags.iter().find(|tag| tag.id.as_str() == "food").unwrap();
        assert_eq!((food.by, food.evidence.as_slice()), (TagBy::Category, &["Vivres".to_owned()][..]));
    }
}
