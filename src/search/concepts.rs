//! # Which words have a name in the other language?
//!
//! `éducation des filles` is a theme that English releases call *girls' education*, `Allemagne` is their *Germany*, and
//! *Aide et Action* is what Action Education was called until 2022. Words of a question that are a label of a theme, the
//! name of a country or of a member also find releases by the other names:
//!
//! - of a theme the labels in other languages that mean what the preferred one means, and releases in other languages
//!   that are tagged with it; other labels show what a text is about, but do not mean the same (*Afghan girls*),
//! - of a country the name in other languages, and releases that are known to speak of it (*les Afghanes*),
//! - of a member every name it had.
//!
//! To add a sort of names: a loop in [`Concepts::new`].

use super::plan::tokens;
use super::words::{Atom, Clause, Form, Words};
use crate::index::analyse::{Reading, Token};
use crate::index::{FACET_COUNTRY, FACET_THEME};
use crate::labels::COUNTRIES;
use crate::model::{LabelKind, Lang, Member, Theme, Vocabulary};
use std::collections::HashMap;
use std::ops::Range;

/// A single word counts as a name when it is the same but for its accents, or has a stem of so many letters: `chin` is
/// no China.
const CLEAR_STEM: usize = 6;

/// Words of the question, and the other names they were looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Also {
    /// The words, as typed.
    pub words: String,
    /// The other names, the preferred ones first.
    pub names: Vec<String>,
    /// What has these names, as it can be written in the words: `theme:girls-education`, `country:de`.
    pub concepts: Vec<String>,
    /// The clauses that are the words.
    pub(super) clauses: Range<usize>,
    /// Releases that match by what they are known to speak of.
    pub(super) tags: Vec<Tag>,
}

/// Releases with a facet value, but for those in one language: there the words themselves decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// Place of the facet.
    pub facet: usize,
    /// Its value.
    pub value: String,
    /// The language left out.
    pub not_in: Option<Lang>,
}

/// Everything that has names.
#[derive(Debug, Default)]
pub struct Concepts {
    concepts: Vec<Concept>,
    /// By the stem of the first word, longest first.
    names: HashMap<String, Vec<Name>>,
}

#[derive(Debug)]
struct Concept {
    id: String,
    /// Other names that are looked up: language (none: any) and text, preferred ones first.
    names: Vec<Named>,
}

#[derive(Debug)]
struct Name {
    stems: Vec<String>,
    folded: String,
    concept: usize,
    lang: Option<Lang>,
}

impl Concepts {
    /// The names of themes, countries and members.
    pub fn new(vocabulary: &Vocabulary, members: &[Member]) -> Self {
        let mut found = Self::default();
        for theme in vocabulary.themes() {
            let of = |kind| theme.labels.iter().filter(move |label| label.kind == kind);
            let shown = of(LabelKind::Preferred).chain(of(LabelKind::Alternative));
            let names: Vec<Named> = shown.map(|label| (Some(label.lang), label.text.clone())).collect();
            let same = names.iter().filter(|name| means_the_same(theme, name)).cloned().collect();
            found.add(format!("theme:{}", theme.id), &names, same);
        }
        for (code, french, english) in COUNTRIES {
            let names = vec![(Some(Lang::FR), (*french).to_owned()), (Some(Lang::EN), (*english).to_owned())];
            found.add(format!("country:{code}"), &names.clone(), names);
        }
        for member in members.iter().filter(|member| member.names.len() > 1) {
            let names: Vec<Named> = member.names.iter().rev().map(|name| (None, name.name.clone())).collect();
            found.add(format!("member:{}", member.id), &names.clone(), names);
        }
        for names in found.names.values_mut() {
            names.sort_by_key(|name| std::cmp::Reverse(name.stems.len()));
        }
        found
    }

    /// A concept that is known by any of `known` and looked up by `names`.
    fn add(&mut self, id: String, known: &[Named], names: Vec<Named>) {
        let concept = self.concepts.len();
        for (lang, text) in known {
            let said = telling(tokens(text));
            let stems: Vec<String> = said.iter().map(|token| token.forms.stem.clone()).collect();
            let Some(first) = said.first() else { continue };
            let name = Name { stems, folded: first.forms.folded.clone(), concept, lang: *lang };
            self.names.entry(first.forms.stem.clone()).or_default().push(name);
        }
        self.concepts.push(Concept { id, names });
    }

    /// The words of the question that are names of something with other names; of names that overlap the longest.
    pub fn find(&self, words: &Words) -> Vec<Also> {
        let read = read(words);
        let mut found = Vec::new();
        let mut at = 0;
        while at < read.len() {
            let longest = self.names_at(&read, at).map(|name| name.stems.len()).max();
            if let Some(length) = longest {
                let named: Vec<&Name> = self.names_at(&read, at).filter(|name| name.stems.len() == length).collect();
                found.extend(self.also(words, read[at].clause..read[at + length - 1].clause + 1, &named));
            }
            at += longest.unwrap_or(1);
        }
        found
    }

    /// The names that the words from `at` on are, word for word.
    fn names_at<'a>(&'a self, read: &'a [Word], at: usize) -> impl Iterator<Item = &'a Name> {
        let known = self.names.get(&read[at].token.forms.stem).map_or(&[][..], Vec::as_slice);
        known.iter().filter(move |name| {
            let Some(words) = read.get(at..at + name.stems.len()) else { return false };
            let joined = words.windows(2).all(|two| two[0].run == two[1].run);
            let whole = words.first().is_some_and(|word| word.first) && words.last().is_some_and(|word| word.last);
            let same = words.iter().zip(&name.stems).all(|(word, stem)| word.token.forms.stem == *stem);
            let clear =
                words.len() > 1 || name.stems[0].len() >= CLEAR_STEM || words[0].token.forms.folded == name.folded;
            joined && whole && same && clear
        })
    }

    /// What releases have that speak of the concept. `is_translated`: the words mean something else in other languages.
    fn tag(&self, name: &Name, is_translated: bool) -> Option<Tag> {
        match self.concepts[name.concept].id.split_once(':')? {
            ("country", code) => Some(Tag { facet: FACET_COUNTRY, value: code.to_owned(), not_in: None }),
            ("theme", id) if is_translated => Some(Tag { facet: FACET_THEME, value: id.to_owned(), not_in: name.lang }),
            _ => None,
        }
    }

    fn also(&self, words: &Words, clauses: Range<usize>, named: &[&Name]) -> Option<Also> {
        let mut seen = vec![named[0].stems.clone()];
        let (mut names, mut concepts) = (Vec::new(), Vec::new());
        for name in named {
            let concept = &self.concepts[name.concept];
            for (lang, text) in &concept.names {
                let other = lang.is_none() || *lang != name.lang;
                let stems = stems(text);
                if other && !seen.contains(&stems) {
                    seen.push(stems);
                    names.push(text.clone());
                }
            }
            if !concepts.contains(&concept.id) {
                concepts.push(concept.id.clone());
            }
        }
        let typed: Vec<&str> =
            words.clauses[clauses.clone()].iter().map(|clause| clause.any[0].text.as_str()).collect();
        let tags: Vec<Tag> = named.iter().filter_map(|name| self.tag(name, !names.is_empty())).collect();
        (!names.is_empty() || !tags.is_empty()).then(|| Also { words: typed.join(" "), names, concepts, clauses, tags })
    }
}

/// A name and its language (none: any).
type Named = (Option<Lang>, String);

/// Whether a label of a theme means what its preferred label means: it holds all words of it, or some of them (two at
/// least) and no others.
fn means_the_same(theme: &Theme, (lang, text): &Named) -> bool {
    let held = stems(text);
    lang.is_some_and(|lang| {
        let meant = stems(theme.label(lang));
        let is_part = held.len() > 1 && held.iter().all(|stem| meant.contains(stem));
        is_part || meant.iter().all(|stem| held.contains(stem))
    })
}

fn stems(text: &str) -> Vec<String> {
    telling(tokens(text)).into_iter().map(|token| token.forms.stem.clone()).collect()
}

/// A word of the question that says something.
struct Word {
    token: Token,
    clause: usize,
    /// Words of different runs have something else between them: a phrase, an exclusion.
    run: usize,
    /// The first and the last one of its clause.
    first: bool,
    last: bool,
}

/// The plain words of the question, stop words aside.
fn read(words: &Words) -> Vec<Word> {
    let mut read = Vec::new();
    let mut run = 0;
    for (clause, of) in words.clauses.iter().enumerate() {
        if let Some(atom) = plain(of) {
            let said = telling(tokens(&atom.text));
            let last = said.len().saturating_sub(1);
            let word = |(at, token)| Word { token, clause, run, first: at == 0, last: at == last };
            read.extend(said.into_iter().enumerate().map(word));
        } else {
            run += 1;
        }
    }
    read
}

fn plain(clause: &Clause) -> Option<&Atom> {
    let [atom] = clause.any.as_slice() else { return None };
    (!clause.not && atom.form == Form::Word && !atom.in_title).then_some(atom)
}

/// The words that say something; all of them where none does.
fn telling(mut tokens: Vec<Token>) -> Vec<Token> {
    tokens.retain(|token| token.reading == Reading::Word && !token.forms.is_stop);
    tokens
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Describe, House, doc, labelled};
    use super::super::words::parse;
    use super::*;

    fn concepts() -> Concepts {
        let girls = labelled(
            "girls",
            &[
                ("fr", "Éducation des filles"),
                ("en", "Girls' education"),
                ("en", "education of girls"),
                ("en", "girls in school"),
            ],
        );
        let peace = labelled("peace", &[("fr", "Paix"), ("en", "Peace")]);
        Concepts::new(&Vocabulary::new(vec![girls, peace], Vec::new(), Vec::new()), &[])
    }

    fn said(question: &str) -> String {
        let found = concepts().find(&parse(question));
        found.iter().map(|also| format!("{}={}", also.words, also.names.join("/"))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn labels_and_countries_have_names_in_the_other_language() {
        for (question, also) in [
            ("éducation des filles", "éducation des filles=Girls' education/education of girls"),
            ("l'education filles Niger", "l'education filles=Girls' education/education of girls niger="),
            ("girls' education in germany", "girls' education=Éducation des filles germany=Allemagne"),
            ("girls in school", "girls in school=Éducation des filles"),
            ("paix", "paix=Peace"),
            ("royaume-uni", "royaume-uni=United Kingdom"),
            ("côte d'ivoire", "côte d'ivoire="),
            ("éducation", ""),
            ("\"éducation des filles\"", ""),
            ("éducation -foot filles", ""),
            ("filles éducation", ""),
            ("chin", ""),
            ("-paix title:paix paix*", ""),
        ] {
            assert_eq!(said(question), also, "{question}");
        }
    }

    #[test]
    fn a_country_is_found_where_its_people_are_named() {
        let house = House::with(vec![
            doc("people", "Kaboul", "Les Afghanes sont privées d'école.").in_country("af"),
            doc("name", "Asie", "L'Afghanistan en 2021.").in_country("af"),
            doc("other", "Haïti", "Une école."),
        ]);
        assert_eq!(house.ids("q=afghanistan"), "name people");
        assert_eq!(house.set("q=afghanistan+école"), "people");
        assert_eq!(house.set("q=afghanistan&also=0"), "name");
        assert_eq!(house.facet("country", "q=afghanistan"), "af=2");
    }

    #[test]
    fn other_names_find_after_the_words_themselves_and_can_be_switched_off() {
        let girls = labelled("girls", &[("fr", "Éducation des filles"), ("en", "Girls' education")]);
        let house = House::with_themes(
            vec![
                doc("en", "Zinder", "A plan for girls' education in Zinder."),
                doc("fr", "Zinder", "Un plan pour l'éducation des filles à Zinder."),
                doc("no", "Zinder", "Education for all, boys and girls, in Zinder."),
                doc("tag", "Zinder", "Afghan women teach at home.").about("girls").spoken("en"),
                doc("same", "Zinder", "Des femmes enseignent chez elles.").about("girls"),
            ],
            vec![girls],
        );
        assert_eq!(house.ids("q=éducation+des+filles"), "fr en tag");
        assert_eq!(house.ids("q=girls+education+zinder&sort=-date"), "same no fr en");
        assert_eq!(house.set("q=éducation+des+filles&also=0"), "fr");
        assert_eq!(house.ask("q=éducation+des+filles").also[0].concepts, ["theme:girls"]);
        assert!(house.ask("q=éducation+des+filles&also=0").also.is_empty());
        let marks = &house.ask("q=éducation+des+filles").hits[1].text_marks;
        assert_eq!(marks, &["A plan for <mark>girls</mark>&#39; <mark>education</mark> in Zinder."]);
    }
}
