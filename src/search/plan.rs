//! # Which terms of the index answer these words?
//!
//! Every clause of the words becomes one query over the index. A word is looked up by its stem; stop words are left
//! out unless there is nothing else; parts joined by hyphens must all be there, or stand as one word.

use super::concepts::Also;
use super::tagged::Tagged;
use super::words::{Atom, Clause, Form, Words};
use crate::index::analyse::{Analyser, Forms, Reading, Token};
use crate::index::{Fields, Snapshot};
use std::cell::RefCell;
use std::ops::Bound;
use std::sync::Arc;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

/// Weight of another name of what was asked for, beside the words themselves.
const ALSO: f32 = 0.5;

thread_local! {
    /// One for each thread that searches, because it remembers the forms of frequent words.
    static ANALYSER: RefCell<Analyser> = RefCell::default();
}

/// The words of `text`, read as the index reads them.
pub fn tokens(text: &str) -> Vec<Token> {
    ANALYSER.with_borrow_mut(|analyser| analyser.tokens(text))
}

/// A word that was asked for, for ranking and highlights.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its forms.
    pub forms: Arc<Forms>,
    /// Its place in the question, stop words counted.
    pub place: u32,
}

/// What to look up.
#[derive(Default)]
pub struct Plan {
    /// One query for each clause that must match.
    pub clauses: Vec<Box<dyn Query>>,
    /// The same, word by word: what is looked up when not all of it has to match.
    pub parts: Vec<Box<dyn Query>>,
    /// What must not match.
    pub excluded: Vec<Box<dyn Query>>,
    /// The words that count for ranking, in the order of the question.
    pub asked: Vec<Asked>,
    /// Folded starts of words.
    pub prefixes: Vec<String>,
    /// Whether positions are compared, which is dear.
    pub has_phrase: bool,
    /// Words of other names, for highlights.
    pub also: Vec<Arc<Forms>>,
}

impl Plan {
    /// Reads the clauses of `words`; those with other names in `also` match by these too.
    pub fn new(words: &Words, also: &[Also], snapshot: &Snapshot) -> Self {
        let fields = &snapshot.fields;
        let clauses: Vec<(&Clause, Vec<Vec<Token>>)> =
            words.clauses.iter().map(|clause| (clause, read(clause))).collect();
        let says_something = |(clause, read): &(&Clause, Vec<Vec<Token>>)| !clause.not && !is_stop(clause, read);
        let keep_stops = !clauses.iter().any(says_something);
        let mut plan = Plan::default();
        let mut place = 0;
        let mut names = also.iter();
        let mut named = names.next();
        let mut before = (0, 0);
        for (at, (clause, read)) in clauses.iter().enumerate() {
            if named.is_some_and(|also| also.clauses.start == at) {
                before = (plan.clauses.len(), plan.parts.len());
            }
            let first = place;
            place += read.first().map_or(0, |tokens| tokens.len() as u32);
            if clause.not || keep_stops || !is_stop(clause, read) {
                plan.add(clause, read, first, fields);
            }
            if let Some(also) = named.filter(|also| also.clauses.end == at + 1) {
                plan.widen(also, before, snapshot);
                named = names.next();
            }
        }
        plan
    }

    /// Whether no words are looked up at all.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty() && self.excluded.is_empty()
    }

    /// The query of all clauses together.
    pub fn query(&self) -> Box<dyn Query> {
        let musts = self.clauses.iter().map(|clause| (Occur::Must, clause.box_clone()));
        let nots = self.excluded.iter().map(|clause| (Occur::MustNot, clause.box_clone()));
        let mut parts: Vec<(Occur, Box<dyn Query>)> = musts.collect();
        if parts.is_empty() {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        parts.extend(nots);
        match parts.len() {
            1 => parts.remove(0).1,
            _ => Box::new(BooleanQuery::new(parts)),
        }
    }

    fn add(&mut self, clause: &Clause, read: &[Vec<Token>], place: u32, fields: &Fields) {
        let mut any: Vec<Box<dyn Query>> = Vec::new();
        for (atom, tokens) in clause.any.iter().zip(read) {
            any.extend(atom_query(atom, tokens, fields));
            self.has_phrase |= atom.form == Form::Phrase && tokens.len() > 1;
            if !clause.not {
                self.note(atom, tokens, place);
            }
        }
        if read.iter().all(Vec::is_empty) {
            return;
        }
        let query = union(any);
        if clause.not {
            self.excluded.push(query);
            return;
        }
        match (clause.any.as_slice(), read) {
            ([atom], [tokens]) if atom.form == Form::Word => {
                let field = field_of(atom, fields);
                let words = tokens.iter().filter(|token| token.reading == Reading::Word);
                self.parts.extend(words.map(|word| any_reading(tokens, word, field)));
            }
            _ => self.parts.push(query.box_clone()),
        }
        self.clauses.push(query);
    }

    /// Lets the clauses and parts from `before` on also match by other names.
    fn widen(&mut self, also: &Also, before: (usize, usize), snapshot: &Snapshot) {
        let mut names: Vec<Box<dyn Query>> = Vec::new();
        self.has_phrase = true;
        for name in &also.names {
            let read = tokens(name);
            let form = if read.len() == 1 { Form::Word } else { Form::Phrase };
            let name = Atom { text: name.clone(), form, in_title: false };
            names.extend(atom_query(&name, &read, &snapshot.fields));
            self.also.extend(read.into_iter().map(|token| token.forms).filter(|forms| !forms.is_stop));
        }
        names.extend(also.tags.iter().filter_map(|tag| Some(Box::new(Tagged::new(snapshot, tag)?) as Box<dyn Query>)));
        let own = intersection(self.clauses.split_off(before.0));
        self.clauses.push(best_of(own, &names, ALSO));
        let parts = &mut self.parts[before.1..];
        let share = ALSO / parts.len().max(1) as f32;
        for part in parts {
            *part = best_of(part.box_clone(), &names, share);
        }
    }

    fn note(&mut self, atom: &Atom, tokens: &[Token], place: u32) {
        let words = || tokens.iter().filter(|token| token.reading == Reading::Word);
        let last = words().count().saturating_sub(1);
        for (at, token) in words().enumerate() {
            if atom.form == Form::Prefix && at == last {
                self.prefixes.push(token.forms.folded.clone());
            } else {
                self.asked.push(Asked { forms: token.forms.clone(), place: place + token.position });
            }
        }
    }
}

fn read(clause: &Clause) -> Vec<Vec<Token>> {
    clause.any.iter().map(|atom| tokens(&atom.text)).collect()
}

/// One plain word that says too little.
fn is_stop(clause: &Clause, read: &[Vec<Token>]) -> bool {
    let plain = |atom: &Atom| atom.form == Form::Word && !atom.in_title;
    let stop = |tokens: &Vec<Token>| match tokens.as_slice() {
        [] => true,
        [token] => token.forms.is_stop,
        _ => false,
    };
    clause.any.iter().all(plain) && read.iter().all(stop)
}

fn union(mut any: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match any.len() {
        0 => Box::new(EmptyQuery),
        1 => any.remove(0),
        _ => Box::new(BooleanQuery::union(any)),
    }
}

/// `own`, or one of `others` at a lower weight: the best of them counts.
fn best_of(own: Box<dyn Query>, others: &[Box<dyn Query>], weight: f32) -> Box<dyn Query> {
    let mut all = vec![own];
    for other in others {
        all.push(Box::new(BoostQuery::new(other.box_clone(), weight)));
    }
    Box::new(DisjunctionMaxQuery::new(all))
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn atom_query(atom: &Atom, tokens: &[Token], fields: &Fields) -> Option<Box<dyn Query>> {
    let field = field_of(atom, fields);
    let words: Vec<&Token> = tokens.iter().filter(|token| token.reading == Reading::Word).collect();
    let last = *words.last()?;
    Some(match atom.form {
        Form::Word => all_of(tokens, &words, field),
        Form::Phrase if words.len() == 1 => {
            match (atom.in_title, last.forms.is_stop) {
                (true, _) => term(fields.title, &last.forms.folded),
                (false, false) => term(fields.exact, &last.forms.folded),
                // stop words have no exact form in the index
                (false, true) => term(fields.stem, &last.forms.stem),
            }
        }
        Form::Phrase => {
            let place = |word: &&Token| (word.position as usize, Term::from_field_text(field, &word.forms.stem));
            Box::new(PhraseQuery::new_with_offset(words.iter().map(place).collect()))
        }
        Form::Prefix => {
            let field_of_prefix = if atom.in_title { fields.title } else { fields.exact };
            let start = prefix(field_of_prefix, &last.forms.folded);
            let before = &words[..words.len() - 1];
            let mut parts: Vec<Box<dyn Query>> = before.iter().map(|word| term(field, &word.forms.stem)).collect();
            parts.push(start);
            intersection(parts)
        }
    })
}

/// Where the stems of an atom are looked up.
fn field_of(atom: &Atom, fields: &Fields) -> Field {
    if atom.in_title { fields.title } else { fields.stem }
}

/// All words of a chunk; or, where hyphens join them, the joined word.
fn all_of(tokens: &[Token], words: &[&Token], field: Field) -> Box<dyn Query> {
    let all = intersection(words.iter().map(|word| any_reading(tokens, word, field)).collect());
    match tokens.iter().find(|token| token.reading == Reading::Joined) {
        Some(joined) => union(vec![all, term(field, &joined.forms.stem)]),
        None => all,
    }
}

/// A word in one of its readings.
fn any_reading(tokens: &[Token], word: &Token, field: Field) -> Box<dyn Query> {
    let others = tokens.iter().filter(|other| other.reading == Reading::Other && other.position == word.position);
    let mut stems: Vec<&str> = vec![&word.forms.stem];
    stems.extend(others.map(|other| other.forms.stem.as_str()));
    stems.dedup();
    union(stems.into_iter().map(|stem| term(field, stem)).collect())
}

fn intersection(mut parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if parts.len() == 1 { parts.remove(0) } else { Box::new(BooleanQuery::intersection(parts)) }
}

/// Every word from `start` to the last one that begins with it.
fn prefix(field: Field, start: &str) -> Box<dyn Query> {
    let lower = Bound::Included(Term::from_field_text(field, start));
    let upper = format!("{start}{}", char::MAX);
    Box::new(RangeQuery::new(lower, Bound::Excluded(Term::from_field_text(field, &upper))))
}
