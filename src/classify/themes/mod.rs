//! Which themes does a text speak of? A matcher of labels that explains itself.
//!
//! Labels of the vocabulary are matched as runs of stems, leftmost and longest, so that a longer label eats the words
//! of a shorter one ("sécurité alimentaire" is never "sécurité"). Each distinct wording counts once, with 1 + ln of its
//! weight: preferred labels weigh more than alternative ones, longer ones more than single words, words in the title
//! and in the first sixty words more than later ones. Broader themes get a part of the score.
//!
//! Themes are then ranked with labels whose words stand near each other, which count half, and with single words: a word
//! that the labels of few themes use says more than one of many. Neither makes a tag. A text without any label gets the
//! themes of its single words, as a faint guess.
//!
//! To change what a theme matches, change the labels in `config/themes.ttl`, not this folder.

mod hits;
mod labels;

use super::words;
use crate::model::{LabelKind, Lang, Tag, TagBy, ThemeId, Vocabulary};
use hits::{Hit, Reading};
use labels::{Ending, Labels};
use std::collections::HashMap;

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
        0 | 1 => 1.0,
        2 => 1.2,
        _ => 1.4,
    }
}

/// Words that count as the beginning of a text.
const BEGINNING_WORDS: usize = 60;
/// What a broader theme gets of a narrower one's score, a level.
const BROADER: f32 = 0.6;
/// A tag is given from this score on, and from this share of the best one.
const LEAST: f32 = 1.1;
const LEAST_SHARE: f32 = 0.3;
/// A guess from single words alone is worth this much of what its words say.
const FAINT: f32 = 0.3;
/// Weight of the member's own category: as a preferred label in the title.
const CATEGORY: f32 = 3.0;
/// Where a label stands: byte range in `title` + line feed + `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// The label as the vocabulary writes it.
    pub label: String,
    /// Whether the label stands there in one piece. Words that stand apart, or alone, rank a theme; they give no tag.
    pub is_whole: bool,
}

/// A theme of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The theme.
    pub theme: ThemeId,
    /// Sum over its wordings; not bounded. 0 when no label of it stands in the text in one piece.
    pub raw: f32,
    /// `raw`, and what words add that stand apart or alone, brought to 0 to 1.
    pub score: f32,
    /// Where its words stand, in order; for a broader theme those of the narrower ones.
    pub spans: Vec<Span>,
    /// Whether the theme's own labels stand in the text, not only a narrower theme's.
    pub own: bool,
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
        for labels in tagger.languages.values_mut() {
            labels.weigh_words(vocabulary.themes().len());
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
        let mut reading = Reading::new(self, &whole, title.len(), lang);
        let mut found = self.scored(std::mem::take(&mut reading.hits));
        self.add_broader(&mut found);
        self.rank(&mut found, reading.single_words());
        let best = found.values().map(|m| m.raw).fold(0.0, f32::max);
        let mut matches: Vec<Match> =
            found.into_values().filter(|m| all || (m.raw >= LEAST && m.raw >= LEAST_SHARE * best)).collect();
        let first = |m: &Match| m.spans.first().map(|span| span.start);
        matches.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| first(a).cmp(&first(b))).then_with(|| a.theme.cmp(&b.theme))
        });
        matches
    }

    /// The tags of a release: its words, and what its own `categories` stand for (theme and the category's name).
    pub fn tags(&self, title: &str, text: &str, lang: Lang, categories: &[(ThemeId, String)]) -> Vec<Tag> {
        let whole = format!("{title}\n{text}");
        let mut tags: Vec<Tag> = Vec::new();
        for found in self.matches(title, text, lang, false) {
            let mut evidence: Vec<String> = Vec::new();
            for span in found.spans.iter().filter(|span| span.is_whole) {
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

    /// Examples of the vocabulary that do not get the theme under which they stand, as (theme, language, example).
    pub fn unmet_examples(&self) -> Vec<(&ThemeId, Lang, &str)> {
        let mut unmet = Vec::new();
        for theme in self.vocabulary.themes() {
            for (lang, example) in &theme.examples {
                let found = self.matches("", example, *lang, false);
                if !found.iter().any(|found| found.theme == theme.id) {
                    unmet.push((&theme.id, *lang, example.as_str()));
                }
            }
        }
        unmet
    }

    /// Adds up what each wording of a theme counts; what labels count whose words stand apart is kept in the score for
    /// [`rank`](Self::rank).
    fn scored(&self, hits: Vec<Hit>) -> HashMap<usize, Match> {
        let mut weights: HashMap<(usize, String), f32> = HashMap::new();
        let mut found: HashMap<usize, Match> = HashMap::new();
        for hit in hits {
            let wording = (hit.theme, hit.span.label.to_lowercase());
            if !hit.span.is_whole && weights.contains_key(&wording) {
                continue;
            }
            let known = found.entry(hit.theme).or_insert_with(|| self.no_match(hit.theme));
            if hit.span.is_whole {
                *weights.entry(wording).or_default() += hit.weight;
                known.own = true;
            } else {
                known.score += hit.weight;
            }
            known.spans.push(hit.span);
        }
        let mut weights: Vec<((usize, String), f32)> = weights.into_iter().collect();
        weights.sort_by(|(a, _), (b, _)| a.cmp(b));
        for ((theme, _), weight) in weights {
            if let Some(known) = found.get_mut(&theme) {
                known.raw += if weight > 1.0 { 1.0 + weight.ln() } else { weight };
            }
        }
        found
    }

    fn no_match(&self, theme: usize) -> Match {
        let theme = self.vocabulary.themes()[theme].id.clone();
        Match { theme, raw: 0.0, score: 0.0, spans: Vec::new(), own: false }
    }

    /// Sets the scores. Single words rank the themes that are there; where none is, they are all there is.
    fn rank(&self, found: &mut HashMap<usize, Match>, single: HashMap<usize, (f32, Vec<Span>)>) {
        if found.is_empty() {
            for (theme, (weight, spans)) in single {
                let guess = Match { score: bounded(weight) * FAINT, spans, ..self.no_match(theme) };
                found.insert(theme, guess);
            }
            return;
        }
        for (theme, known) in found {
            let added = single.get(theme).map_or(0.0, |(weight, _)| *weight);
            known.score = bounded(known.raw + known.score + added);
            known.spans.sort_by_key(|span| (span.start, span.end));
        }
    }

    /// A release about girls' education is about access to education and the right to education too.
    fn add_broader(&self, found: &mut HashMap<usize, Match>) {
        let own: Vec<(ThemeId, f32, Vec<Span>)> =
            found.values().filter(|m| m.raw > 0.0).map(|m| (m.theme.clone(), m.raw, m.spans.clone())).collect();
        for (theme, raw, spans) in own {
            for (broader, share) in self.shares(&theme) {
                let Some(at) = self.vocabulary.themes().iter().position(|known| known.id == broader) else { continue };
                let known = found.entry(at).or_insert_with(|| self.no_match(at));
                known.raw += raw * share;
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

fn bounded(raw: f32) -> f32 {
    raw / (raw + 2.0)
}

/// 2 to 8 capitals and digits, the first a capital.
fn is_acronym(label: &str) -> bool {
    (2..=8).contains(&label.len())
        && label.starts_with(|c: char| c.is_ascii_uppercase())
        && label.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'&' | b'-'))
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
            examples: Vec::new(),
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
        assert_eq!(ids(&tagger.matches("", "Des éducateurs de rue", Lang::FR, false)), Vec::<&str>::new());
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

    #[test]
    fn words_that_stand_apart_count_less_and_single_words_only_guess() {
        let tagger = tagger();
        let matches = |text: &str, all| tagger.matches("", text, Lang::FR, all);
        let apart = matches("Des filles privées d’éducation", true);
        assert_eq!(ids(&apart)[0], "girls");
        let whole = matches("L'éducation des filles", true);
        assert!(whole[0].raw > apart[0].raw, "{whole:?} {apart:?}");
        // Words that stand apart are no tag.
        assert!(!ids(&matches("Des filles privées d’éducation", false)).contains(&"girls"));
        // "Alimentaire" alone is no label; the guess names its word and is never a tag.
        let guess = matches("Un don alimentaire", true);
        assert_eq!((ids(&guess), guess[0].raw), (vec!["food"], 0.0));
        assert_eq!(
            guess[0].spans,
            [Span { start: 8, end: 19, label: "sécurité alimentaire".to_owned(), is_whole: false }]
        );
        assert!(guess[0].score < 0.2 && matches("Un don alimentaire", false).is_empty());
        // Words of an exception say nothing, apart or alone.
        assert!(matches("La sécurité routière", true).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn spans_are_inside_any_text(title in ".{0,40}", text in "(?s)(?:.{0,10}|éducation|filles|sécurité|des ){0,20}") {
            let whole = format!("{title}\n{text}");
            for found in tagger().matches(&title, &text, Lang::FR, true) {
                proptest::prop_assert!(!found.spans.is_empty());
                for span in &found.spans {
                    proptest::prop_assert!(whole.get(span.start..span.end).is_some_and(|words| !words.is_empty()));
                }
            }
        }
    }
}
