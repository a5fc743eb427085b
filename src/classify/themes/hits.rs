//! Where do labels stand in a text? Whole ones first, then labels whose words stand near each other.

use super::super::words::{self, Word};
use super::labels::{Ending, Known, Labels, Several};
use super::{BEGINNING_WORDS, Span, Tagger};
use crate::model::Lang;
use std::collections::HashMap;

/// Words in the title count three times, in the beginning one and a half.
const TITLE: f32 = 3.0;
const BEGINNING: f32 = 1.5;
/// Words of a label that are not side by side count half of it, when no more than this many words lie between.
const NEAR: f32 = 0.5;
const NEAR_WORDS: usize = 8;
/// What single words of labels add to the rank of a theme that is in the text.
const SINGLE_WORDS: f32 = 1.8;

/// A label in a text.
pub struct Hit {
    /// Place of the theme in the vocabulary.
    pub theme: usize,
    /// Its weight with its place in the text.
    pub weight: f32,
    /// Where it stands.
    pub span: Span,
}

/// A text as the labels see it.
pub struct Reading<'a> {
    labels: Option<&'a Labels>,
    /// Words that are not dropped.
    words: Vec<(Word, Known)>,
    /// By word: the run that a label has taken, `None` for free ones.
    runs: Vec<Option<Run>>,
    /// Labels that were found.
    pub hits: Vec<Hit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first: usize,
    is_except: bool,
}

impl<'a> Reading<'a> {
    /// Reads `whole`, whose title ends at byte `title_end`.
    pub fn new(tagger: &'a Tagger, whole: &str, title_end: usize, lang: Lang) -> Self {
        let lang = if tagger.languages.contains_key(&lang) { lang } else { Lang::EN };
        let labels = tagger.languages.get(&lang);
        let words = words_of(whole, labels, lang);
        let mut reading = Self { labels, runs: vec![None; words.len()], words, hits: Vec::new() };
        reading.find_whole(tagger, whole, title_end);
        reading.find_apart(title_end);
        reading
    }

    fn find_whole(&mut self, tagger: &Tagger, whole: &str, title_end: usize) {
        let mut at = 0;
        while at < self.words.len() {
            let word = self.words[at].0;
            let place = place(word.start < title_end, at);
            if let Some(endings) = tagger.acronyms.get(&whole[word.start..word.end]) {
                let endings: Vec<&Ending> = endings.iter().collect();
                self.note(&endings, place, word, word);
            }
            match self.labels.and_then(|labels| labels.longest(whole, &self.words, at)) {
                Some((after, endings)) => {
                    let is_except = endings.iter().any(|ending| ending.theme.is_none());
                    self.runs[at..after].fill(Some(Run { first: at, is_except }));
                    if !is_except {
                        self.note(&endings, place, word, self.words[after - 1].0);
                    }
                    at = after;
                }
                None => at += 1,
            }
        }
    }

    /// A label that two themes share counts half for each.
    fn note(&mut self, endings: &[&Ending], place: f32, first: Word, last: Word) {
        let themes = endings.iter().filter(|ending| ending.theme.is_some()).count().max(1) as f32;
        for ending in endings {
            let Some(theme) = ending.theme else { continue };
            let span = Span { start: first.start, end: last.end, label: ending.label.clone(), is_whole: true };
            self.hits.push(Hit { theme, weight: ending.weight * place / themes, span });
        }
    }

    /// "Réduire d'ici à 2030 la pauvreté" has the words of "réduction de la pauvreté", near each other. Only the title
    /// and the beginning are searched: farther down such words meet by chance.
    fn find_apart(&mut self, title_end: usize) {
        let Some(labels) = self.labels else { return };
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, (_, known)) in self.words.iter().enumerate().take(BEGINNING_WORDS) {
            if let Some(stem) = known.stem.filter(|_| self.runs[at].is_none_or(|run| !run.is_except)) {
                places.entry(stem).or_default().push(at);
            }
        }
        let mut stems: Vec<u32> = places.keys().copied().collect();
        stems.sort_unstable();
        for stem in stems {
            for several in labels.with_rarest(stem) {
                let Some((first, last)) = nearest(several, &places) else { continue };
                let is_in_one_run = self.runs[first].is_some() && self.runs[first] == self.runs[last];
                let Some(theme) = several.ending.theme.filter(|_| !is_in_one_run) else { continue };
                let (start, end) = (self.words[first].0.start, self.words[last].0.end);
                if start < title_end && end > title_end {
                    continue;
                }
                let span = Span { start, end, label: several.ending.label.clone(), is_whole: false };
                self.hits.push(Hit { theme, weight: several.ending.weight * NEAR, span });
            }
        }
    }

    /// What the single words of the title and the beginning say: theme, weight, where the words stand.
    pub fn single_words(&self) -> HashMap<usize, (f32, Vec<Span>)> {
        let mut said: HashMap<usize, (f32, Vec<Span>)> = HashMap::new();
        let Some(labels) = self.labels else { return said };
        let mut seen: Vec<u32> = Vec::new();
        for (at, (word, known)) in self.words.iter().enumerate().take(BEGINNING_WORDS) {
            if self.runs[at].is_some_and(|run| run.is_except) {
                continue;
            }
            for (stem, share) in &known.says {
                if seen.contains(stem) {
                    continue;
                }
                seen.push(*stem);
                for says in labels.says(*stem) {
                    let (sum, spans) = said.entry(says.theme).or_default();
                    *sum += SINGLE_WORDS * share * says.weight;
                    let label = says.label.clone();
                    spans.push(Span { start: word.start, end: word.end, label, is_whole: false });
                }
            }
        }
        said
    }
}

fn words_of(whole: &str, labels: Option<&Labels>, lang: Lang) -> Vec<(Word, Known)> {
    let mut words = Vec::new();
    let mut lower = String::new();
    for word in words::words(whole) {
        lower.clear();
        lower.extend(whole[word.start..word.end].chars().flat_map(char::to_lowercase));
        if !words::is_dropped(&lower, lang) {
            words.push((word, labels.map(|labels| labels.known(&lower)).unwrap_or_default()));
        }
    }
    words
}

fn place(is_title: bool, at: usize) -> f32 {
    match (is_title, at < BEGINNING_WORDS) {
        (true, _) => TITLE,
        (false, true) => BEGINNING,
        _ => 1.0,
    }
}

/// The narrowest stretch, around a place of the label's first word, that has all its words.
fn nearest(several: &Several, places: &HashMap<u32, Vec<usize>>) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for &start in places.get(several.stems.first()?)? {
        let (mut first, mut last) = (start, start);
        for stem in &several.stems[1..] {
            let near = places.get(stem)?.iter().min_by_key(|place| place.abs_diff(start))?;
            (first, last) = (first.min(*near), last.max(*near));
        }
        let is_near = start - first <= NEAR_WORDS && last - start <= NEAR_WORDS && last > first;
        if is_near && best.is_none_or(|(a, b)| last - first < b - a) {
            best = Some((first, last));
        }
    }
    best
}
