//! The labels of one language as a tree of stems, and what their single words say.
//!
//! A label is a path from the root; the tree finds the longest one that begins at a word. Beside it every word that
//! stands in a label is known with the themes whose labels use it: a word in the labels of few themes says much.

use super::super::words::{self, Word};
use crate::model::Lang;
use rust_stemmers::Stemmer;
use std::collections::HashMap;
use std::sync::RwLock;

/// Words remembered with what they stand for, a language.
const REMEMBERED: usize = 100_000;
/// A word that is no label's word may be of the same family as one: from this many common letters on, and this share
/// of the longer one ("bribe" and "bribery", "urbain" and "urbanisation" are not).
const FAMILY_LETTERS: usize = 5;
const FAMILY_SHARE: f32 = 0.7;
/// What a word of the same family counts, beside the label's own word.
const FAMILY: f32 = 0.7;

/// What ends at a node of the tree of stems.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Place of the theme in the vocabulary; `None` eats its words and gives nothing.
    pub theme: Option<usize>,
    /// What the label counts.
    pub weight: f32,
    /// The label as the vocabulary writes it.
    pub label: String,
    /// First word of the label, folded: a single stem must also be the same word.
    pub first: String,
}

#[derive(Debug, Default)]
struct Node {
    next: HashMap<u32, usize>,
    endings: Vec<Ending>,
}

/// What a word of a text is to the labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// The stem that it shares with a label's word.
    pub stem: Option<u32>,
    /// Stems whose words say something here: its own, else those of its family; each with what it counts.
    pub says: Vec<(u32, f32)>,
}

/// What a single word says about one theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Says {
    /// Place of the theme in the vocabulary.
    pub theme: usize,
    /// 0 to 1.
    pub weight: f32,
    /// The first label of the theme that uses the word.
    pub label: String,
}

/// A label of several words.
#[derive(Debug)]
pub struct Several {
    /// Its stems in order.
    pub stems: Vec<u32>,
    /// What it stands for.
    pub ending: Ending,
}

/// Labels of one language.
pub struct Labels {
    lang: Lang,
    nodes: Vec<Node>,
    stems: HashMap<String, u32>,
    names: Vec<String>,
    families: HashMap<String, Vec<u32>>,
    several: Vec<Several>,
    /// Places in `several` by the stem that the fewest labels have.
    by_rarest: HashMap<u32, Vec<usize>>,
    /// By stem: what the word says.
    says: Vec<Vec<Says>>,
    stemmer: Option<Stemmer>,
    seen: RwLock<HashMap<String, Known>>,
}

impl Labels {
    /// No labels yet.
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            nodes: vec![Node::default()],
            stems: HashMap::new(),
            names: Vec::new(),
            families: HashMap::new(),
            several: Vec::new(),
            by_rarest: HashMap::new(),
            says: Vec::new(),
            stemmer: words::stemmer(lang),
            seen: RwLock::new(HashMap::new()),
        }
    }

    /// Adds a label: its words in lower case without the dropped ones.
    pub fn add(&mut self, label: &[String], ending: Ending) {
        let stems: Vec<u32> = label.iter().map(|word| self.number(word)).collect();
        let mut node = 0;
        for stem in &stems {
            let next = self.nodes[node].next.get(stem).copied();
            node = next.unwrap_or_else(|| {
                self.nodes.push(Node::default());
                let made = self.nodes.len() - 1;
                self.nodes[node].next.insert(*stem, made);
                made
            });
        }
        let endings = &mut self.nodes[node].endings;
        if endings.iter().any(|known| known.theme == ending.theme) {
            return;
        }
        endings.push(ending.clone());
        self.several.push(Several { stems, ending });
    }

    fn number(&mut self, word: &str) -> u32 {
        let stem = words::stem(self.stemmer.as_ref(), word);
        if let Some(number) = self.stems.get(&stem) {
            return *number;
        }
        let number = self.names.len() as u32;
        if let Some(beginning) = beginning(&stem) {
            self.families.entry(beginning.to_owned()).or_default().push(number);
        }
        self.names.push(stem.clone());
        self.stems.insert(stem, number);
        number
    }

    /// To be called once all labels are there: weighs the words by the themes (of `themes` in all) that use them.
    ///
    /// A word counts for a theme by its rarity over the themes (inverse document frequency, a theme's labels being one
    /// document), by how often the theme's labels use it (saturating, as in BM25), and by the theme's part of all uses.
    pub fn weigh_words(&mut self, themes: usize) {
        let mut uses: Vec<HashMap<usize, (f32, &str)>> = vec![HashMap::new(); self.names.len()];
        let mut labels_with = vec![0_u32; self.names.len()];
        for several in &self.several {
            let mut stems = several.stems.clone();
            stems.sort_unstable();
            stems.dedup();
            for stem in stems {
                labels_with[stem as usize] += 1;
                if let Some(theme) = several.ending.theme {
                    uses[stem as usize].entry(theme).or_insert((0.0, &several.ending.label)).0 += 1.0;
                }
            }
        }
        let most = (themes as f32 + 1.0).ln();
        self.says = uses
            .into_iter()
            .map(|uses| {
                let rarity = ((themes as f32 + 1.0) / uses.len().max(1) as f32).ln() / most;
                let all: f32 = uses.values().map(|(count, _)| count).sum();
                let says = |(theme, (count, label)): (usize, (f32, &str))| {
                    let weight = rarity * count / (count + 1.0) * (count / all).sqrt();
                    Says { theme, weight, label: label.to_owned() }
                };
                let mut says: Vec<Says> = uses.into_iter().map(says).collect();
                says.sort_by_key(|says| says.theme);
                says
            })
            .collect();
        self.several.retain(|several| several.stems.len() > 1 && several.ending.theme.is_some());
        for (at, several) in self.several.iter().enumerate() {
            let rarest = several.stems.iter().min_by_key(|stem| labels_with[**stem as usize]);
            if let Some(rarest) = rarest {
                self.by_rarest.entry(*rarest).or_default().push(at);
            }
        }
    }

    /// What a word, in lower case, is to the labels.
    pub fn known(&self, word: &str) -> Known {
        if let Ok(seen) = self.seen.read()
            && let Some(known) = seen.get(word)
        {
            return known.clone();
        }
        let known = self.look_up(word);
        if let Ok(mut seen) = self.seen.write()
            && seen.len() < REMEMBERED
        {
            seen.insert(word.to_owned(), known.clone());
        }
        known
    }

    fn look_up(&self, word: &str) -> Known {
        let stem = words::stem(self.stemmer.as_ref(), word);
        let number = self.stems.get(&stem).copied();
        if words::says_nothing(word, self.lang) {
            return Known { stem: number, says: Vec::new() };
        }
        let says = match number {
            Some(number) => vec![(number, 1.0)],
            None => self.family(&stem).map(|number| (number, FAMILY)).collect(),
        };
        Known { stem: number, says }
    }

    fn family<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = u32> + 'a {
        let near = beginning(stem).and_then(|beginning| self.families.get(beginning));
        near.into_iter().flatten().copied().filter(move |number| {
            let other = &self.names[*number as usize];
            let common = stem.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
            let (one, two) = (stem.chars().count(), other.chars().count());
            common + 1 >= one.min(two) && common as f32 >= FAMILY_SHARE * one.max(two) as f32
        })
    }

    /// What a word of a stem says: one value for each theme whose labels use it.
    pub fn says(&self, stem: u32) -> &[Says] {
        self.says.get(stem as usize).map_or(&[], Vec::as_slice)
    }

    /// Labels of several words of which `stem` is the rarest one.
    pub fn with_rarest(&self, stem: u32) -> impl Iterator<Item = &Several> {
        self.by_rarest.get(&stem).into_iter().flatten().map(|at| &self.several[*at])
    }

    /// The longest label that begins at word `at`: the word after it and what it stands for.
    pub fn longest(&self, whole: &str, words: &[(Word, Known)], at: usize) -> Option<(usize, Vec<&Ending>)> {
        let mut node = 0;
        let mut longest = None;
        for (here, (word, known)) in words.iter().enumerate().skip(at) {
            let Some(next) = known.stem.and_then(|stem| self.nodes[node].next.get(&stem)) else { break };
            node = *next;
            let mut endings: Vec<&Ending> = self.nodes[node].endings.iter().collect();
            if here == at && !endings.is_empty() {
                let surface = words::folded(&whole[word.start..word.end]);
                endings.retain(|ending| is_same_word(&ending.first, &surface));
            }
            if !endings.is_empty() {
                longest = Some((here + 1, endings));
            }
        }
        longest
    }
}

/// The letters by which words of one family are found.
fn beginning(stem: &str) -> Option<&str> {
    let (end, _) = stem.char_indices().nth(FAMILY_LETTERS - 1)?;
    let end = end + stem[end..].chars().next()?.len_utf8();
    Some(&stem[..end])
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

    #[test]
    fn words_of_one_family_are_known_by_a_long_common_beginning() {
        let mut labels = Labels::new(Lang::EN);
        for (theme, label) in [(0, "bribery"), (1, "urban planning"), (0, "urban crime")] {
            let words: Vec<String> = label.split(' ').map(str::to_owned).collect();
            let ending = Ending { theme: Some(theme), weight: 1.0, label: label.to_owned(), first: words[0].clone() };
            labels.add(&words, ending);
        }
        labels.weigh_words(2);
        for (word, says) in [("bribery", 1.0), ("bribe", FAMILY), ("briton", 0.0), ("the", 0.0)] {
            assert_eq!(labels.known(word).says.first().map_or(0.0, |(_, weight)| *weight), says, "{word}");
        }
        let weight = |word: &str| labels.says(labels.known(word).stem.unwrap())[0].weight;
        assert!(weight("bribery") > weight("urban"), "a word of one theme says more than one of two");
        assert!(is_same_word("educateur", "educateurs") && !is_same_word("educators", "education"));
    }
}
