//! # What did the reader type?
//!
//! A small grammar that takes everything: there is no syntax error, only text that is not understood, which is
//! searched as plain words and said in a [`Remark`].
//!
//! ```text
//! école filles          both words, in any form
//! "droits des femmes"   these words in this order; one word in quotes: exactly this form
//! école OR lycée        either
//! -football             not
//! educ*                 words that start so
//! title:rentrée         in the title
//! theme:health          the parameter of that name, written in the words (-theme:… too)
//! ```
//!
//! `OR` binds closer than a space; brackets do not group. Case, composed letters and the sort of apostrophe mean nothing,
//! so the canonical text has one of each. To add a field that is a parameter, name it in [`FIELDS`].

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Parameters that may be written as `name:value` in the words.
pub const FIELDS: [&str; 8] = ["theme", "member", "country", "lang", "kind", "issuer", "from", "to"];

/// Words of one search that are looked up; the rest is left out and said.
pub const MAX_WORDS: usize = 256;

/// How a word has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// In any form of the word.
    Word,
    /// In this order, or exactly this one word.
    Phrase,
    /// As the start of a word.
    Prefix,
}

/// One thing to look for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Atom {
    /// The text in lower case, without quotes, star and brackets around it; never empty.
    pub text: String,
    /// How it has to match.
    pub form: Form,
    /// Whether it has to stand in the title.
    pub in_title: bool,
}

/// Atoms of which one must match (or, with `not`, none may).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Excluded instead of wanted.
    pub not: bool,
    /// The alternatives, at least one.
    pub any: Vec<Atom>,
}

/// A parameter written in the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// One of [`FIELDS`].
    pub name: &'static str,
    /// The value, not yet checked.
    pub value: String,
    /// Excluded instead of wanted.
    pub not: bool,
}

/// Something in the words that was not understood, or not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A quote without its partner; the phrase goes to the end.
    OpenQuote,
    /// `OR` with nothing on one side.
    LonelyOr,
    /// Brackets around words that would mean something else if brackets did group.
    Brackets,
    /// A star that does not end a word.
    Star(String),
    /// `name:value` with a name that is no field: searched as words.
    NotAField(String),
    /// `name:value` whose value the parameter refuses: searched as words.
    NotAValue(String),
    /// `name:value` beside other words in an `OR`: searched as words.
    FieldInOr(String),
    /// More words than are looked up.
    TooManyWords,
    /// A prefix of one letter, or one that too many words start with: only the most frequent are looked up.
    WidePrefix(String),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::OpenQuote => f.write_str("a quotation mark was not closed"),
            Remark::LonelyOr => f.write_str("OR needs a word on both sides"),
            Remark::Brackets => f.write_str("brackets do not group: OR binds closer than a space, - excludes one word"),
            Remark::Star(text) => write!(f, "`{text}`: a star counts only at the end of a word"),
            Remark::NotAField(text) => {
                write!(f, "`{text}` was searched as words: fields are title, {}", FIELDS.join(", "))
            }
            Remark::NotAValue(text) => write!(f, "`{text}` was searched as words: the field has no such value"),
            Remark::FieldInOr(text) => {
                write!(f, "`{text}` was searched as words: OR joins only values of one field")
            }
            Remark::TooManyWords => write!(f, "only the first {MAX_WORDS} words were searched"),
            Remark::WidePrefix(text) => write!(f, "`{text}*` starts too many words: the most frequent were searched"),
        }
    }
}

/// The words, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// All of these must hold.
    pub clauses: Vec<Clause>,
    /// Parameters written in the words.
    pub fields: Vec<FieldValue>,
    /// What was not understood.
    pub remarks: Vec<Remark>,
}

impl Words {
    /// Whether some releases match better than others: there are words, and not only starts of words.
    pub fn ranks(&self) -> bool {
        let ranks = |clause: &Clause| !clause.not && clause.any.iter().any(|atom| atom.form != Form::Prefix);
        self.clauses.iter().any(ranks)
    }

    /// A field turned back into words: for a value that the parameter refused.
    pub fn refuse_field(&mut self, field: FieldValue) {
        self.remarks.push(Remark::NotAValue(format!("{}:{}", field.name, field.value)));
        let atom = Atom { text: plain(&field.value), form: Form::Phrase, in_title: false };
        self.clauses.push(Clause { not: field.not, any: vec![atom] });
    }
}

thread_local! {
    /// What was read last: one search asks for its words many times.
    static LAST: RefCell<(String, Arc<Words>)> = RefCell::default();
}

/// Reads `text`. Never fails; time and memory grow with its length alone.
pub fn parse(text: &str) -> Arc<Words> {
    LAST.with_borrow_mut(|last| {
        if last.0 != text {
            *last = (text.to_owned(), Arc::new(read(text)));
        }
        last.1.clone()
    })
}

fn read(text: &str) -> Words {
    let mut words = Words::default();
    let chunks = chunks(text, &mut words.remarks);
    if chunks_are_grouped(&chunks) {
        words.remarks.push(Remark::Brackets);
    }
    let mut at = 0;
    let mut count = 0;
    while at < chunks.len() {
        if chunks[at].is_or() {
            words.remarks.push(Remark::LonelyOr);
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        while at + 1 < chunks.len() && chunks[at].is_or() && !chunks[at + 1].is_or() {
            at += 2;
        }
        count += (at - start).div_ceil(2);
        if count > MAX_WORDS {
            words.remarks.push(Remark::TooManyWords);
            break;
        }
        add_group(&chunks[start..at], &mut words);
    }
    words.remarks.dedup();
    words
}

/// A piece between spaces, or between quotes.
struct Chunk {
    text: String,
    not: bool,
    field: Option<&'static str>,
    quoted: bool,
    /// A bracket opens before it, or closes behind it, with its partner at another chunk.
    opens: bool,
    closes: bool,
}

impl Chunk {
    fn is_or(&self) -> bool {
        !self.quoted && !self.not && self.field.is_none() && is_or(&self.text)
    }

    /// Whether it may be part of a number written in groups: `2 600`.
    fn is_digits(&self) -> bool {
        !self.quoted && self.field.is_none() && self.text.len() <= 3 && self.text.bytes().all(|b| b.is_ascii_digit())
    }
}

fn is_or(text: &str) -> bool {
    matches!(text, "OR" | "OU")
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '＂')
}

/// Cuts at spaces and quotes; drops signs that stand alone.
fn chunks(text: &str, remarks: &mut Vec<Remark>) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let unsigned = rest.trim_start_matches(MINUS);
        let not = unsigned.len() < rest.len() && !unsigned.is_empty() && !unsigned.starts_with(char::is_whitespace);
        rest = unsigned;
        let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
        let (plain, mut after) = rest.split_at(end);
        let (field, plain) = split_field(plain);
        let brackets = (plain.matches('(').count(), plain.matches(')').count());
        let mut text = unwrapped(plain).to_owned();
        let quote = after.chars().next().filter(|c| is_quote(*c) && plain.is_empty());
        if let Some(quote) = quote {
            (text, after) = quoted(&after[quote.len_utf8()..], remarks);
        }
        rest = after.trim_start();
        let (opens, closes) = (brackets.0 > brackets.1, brackets.1 > brackets.0);
        let chunk = Chunk { text, not, field, quoted: quote.is_some(), opens, closes };
        match chunks.last_mut() {
            Some(last) if chunk.text.len() == 3 && chunk.is_digits() && !not && ends_in_group(last) => {
                last.text.push(' ');
                last.text.push_str(&chunk.text);
            }
            _ if chunk.text.chars().any(char::is_alphanumeric) => chunks.push(chunk),
            _ => {}
        }
    }
    chunks
}

/// Whether brackets stand where grouping would matter: behind a minus, or around several words beside an `OR`.
fn chunks_are_grouped(chunks: &[Chunk]) -> bool {
    let is_or = |at: Option<usize>| at.and_then(|at| chunks.get(at)).is_some_and(Chunk::is_or);
    let mut start = None;
    for (at, chunk) in chunks.iter().enumerate() {
        if chunk.opens {
            start = Some(at);
        }
        let Some(first) = start.filter(|first| chunk.closes && *first < at) else { continue };
        let beside_or = is_or(first.checked_sub(1)) || is_or(Some(at + 1));
        let alternatives = (first..=at).all(|at| at % 2 == first % 2 || is_or(Some(at)));
        if chunks[first].not || (beside_or && !alternatives) {
            return true;
        }
        start = None;
    }
    false
}

const MINUS: [char; 2] = ['-', '−'];

/// Whether three digits behind this chunk belong to the same number.
fn ends_in_group(chunk: &Chunk) -> bool {
    let grouped = chunk.text.split(' ').skip(1).all(|group| group.len() == 3);
    chunk.is_digits() || (chunk.text.contains(' ') && !chunk.quoted && grouped && chunk.text.len() < 24)
}

/// The name and value of `name:value`, where the name is one we know; brackets before it do not count.
fn split_field(text: &str) -> (Option<&'static str>, &str) {
    let Some((name, value)) = text.trim_start_matches(OPENING).split_once(':') else { return (None, text) };
    let name = name.to_ascii_lowercase();
    if matches!(name.as_str(), TITLE | "titre") {
        return (Some(TITLE), value);
    }
    match FIELDS.into_iter().find(|field| *field == name) {
        Some(field) => (Some(field), value),
        None => (None, text),
    }
}

const TITLE: &str = "title";

/// The text up to the closing quote, spaces collapsed, and what follows.
fn quoted<'a>(text: &'a str, remarks: &mut Vec<Remark>) -> (String, &'a str) {
    let end = text.find(is_quote);
    if end.is_none() {
        remarks.push(Remark::OpenQuote);
    }
    let (inside, after) = text.split_at(end.unwrap_or(text.len()));
    let mut following = after.chars();
    following.next();
    (inside.split_whitespace().collect::<Vec<_>>().join(" "), following.as_str())
}

const OPENING: [char; 14] = ['(', '[', '{', '<', ',', ';', '!', '?', '|', '&', '+', '/', ':', '.'];
const CLOSING: [char; 12] = [']', '}', '>', ',', ';', '!', '?', '|', '&', '/', '.', ':'];

/// Without brackets and punctuation around it; a bracket that closes one inside stays (`citoyen(ne)`).
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim_start_matches(OPENING).trim_start_matches(MINUS);
    loop {
        let before = text.len();
        text = text.trim_start_matches(OPENING).trim_start_matches(MINUS).trim_end_matches(CLOSING);
        if text.ends_with(')') && text.matches(')').count() > text.matches('(').count() {
            text = &text[..text.len() - 1];
        }
        if text.len() == before {
            return text;
        }
    }
}

/// One chunk, or several joined by `OR` (at the odd places).
fn add_group(group: &[Chunk], words: &mut Words) {
    let chunks: Vec<&Chunk> = group.iter().step_by(2).collect();
    let first = chunks[0].field.filter(|field| *field != TITLE);
    if let Some(name) = first
        && chunks.iter().all(|chunk| chunk.field == first && chunk.not == chunks[0].not)
    {
        for chunk in chunks {
            words.fields.push(FieldValue { name, value: chunk.text.clone(), not: chunk.not });
        }
        return;
    }
    let atoms = chunks.into_iter().filter_map(|chunk| Some((chunk.not, atom(chunk, &mut words.remarks)?)));
    let atoms: Vec<(bool, Atom)> = atoms.collect();
    add_clauses(atoms, words);
}

/// `a OR -b` has no reading that a person means: the excluded ones stand alone.
fn add_clauses(atoms: Vec<(bool, Atom)>, words: &mut Words) {
    let mut wanted: Vec<Atom> = Vec::new();
    for (not, atom) in atoms {
        if not {
            words.clauses.push(Clause { not, any: vec![atom] });
        } else if !wanted.contains(&atom) {
            wanted.push(atom);
        }
    }
    if !wanted.is_empty() {
        words.clauses.push(Clause { not: false, any: wanted });
    }
}

fn atom(chunk: &Chunk, remarks: &mut Vec<Remark>) -> Option<Atom> {
    let in_title = chunk.field == Some(TITLE);
    let mut text = chunk.text.clone();
    if let Some(field) = chunk.field.filter(|_| !in_title) {
        remarks.push(Remark::FieldInOr(format!("{field}:{text}")));
    }
    if chunk.quoted {
        return Some(Atom { text: plain(&text), form: Form::Phrase, in_title });
    }
    if text.split_once(':').is_some_and(|(name, value)| is_name(name) && !value.starts_with("//")) {
        remarks.push(Remark::NotAField(text.clone()));
    }
    let mut form = Form::Word;
    if text.contains('*') {
        let start = text.trim_end_matches('*');
        if start.len() < text.len() && !start.contains('*') {
            form = Form::Prefix;
            text = start.to_owned();
        } else {
            remarks.push(Remark::Star(text.clone()));
            text = unwrapped(&text.replace('*', "/")).to_owned();
        }
    }
    if form == Form::Word && !in_title && is_or(&text) {
        remarks.push(Remark::LonelyOr);
        return None;
    }
    if split_field(&text).0.is_some() {
        // what looks like a field only now (`*theme:a`) is none
        text = text.replace(':', "/");
    }
    let text = plain(&text);
    text.chars().any(char::is_alphanumeric).then_some(Atom { text, form, in_title })
}

/// The text with what means nothing in its one form: composed letters, one apostrophe, lower case. Case stays where a
/// joint (dot, hyphen, bracket) stands beside it: `national.Les` is two words, `national.le` may be one.
fn plain(text: &str) -> String {
    let composed =
        text.nfc().map(|c| if matches!(c, '’' | 'ʼ' | '‘' | '`' | '´' | '′' | '＇') { '\'' } else { c });
    let composed: String = composed.collect();
    let joins = |c: char| !(c.is_alphanumeric() || c.is_whitespace() || c == '\'');
    if composed.contains(joins) { composed } else { composed.to_lowercase().nfc().collect() }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic())
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.in_title {
            f.write_str("title:")?;
        }
        match self.form {
            Form::Phrase => write!(f, "\"{}\"", self.text),
            Form::Prefix => write!(f, "{}*", self.text),
            Form::Word => f.write_str(&self.text),
        }
    }
}

/// The canonical text: read again, it gives the same clauses and fields.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        for clause in &self.clauses {
            for (at, atom) in clause.any.iter().enumerate() {
                let before = if at > 0 { " OR " } else { " " };
                let sign = if clause.not { "-" } else { "" };
                write!(out, "{before}{sign}{atom}")?;
            }
        }
        for FieldValue { name, value, not } in &self.fields {
            let sign = if *not { "-" } else { "" };
            let plain = !value.starts_with('-') && value.chars().all(|c| c.is_alphanumeric() || c == '-');
            let quote = if plain { "" } else { "\"" };
            write!(out, " {sign}{name}:{quote}{value}{quote}")?;
        }
        f.write_str(out.trim_start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_typed_and_what_is_understood() {
        for (typed, understood) in [
            ("  école   filles ", "école filles"),
            ("« droits  des femmes »", "\"droits des femmes\""),
            ("“a b” c", "\"a b\" c"),
            ("école OR lycée santé", "école OR lycée santé"),
            ("école OU école", "école"),
            ("-football --ballon - −foot", "-football -ballon -foot"),
            ("-\"coupe du monde\"", "-\"coupe du monde\""),
            ("educ*", "educ*"),
            ("title:rentrée Titre:\"la rentrée\" title:ren*", "title:rentrée title:\"la rentrée\" title:ren*"),
            ("OR a OR", "a"),
            ("a OR OR b", "a b"),
            ("a OR -b", "-b a"),
            ("(école) [fr], migrant(e)s citoyen(ne)s. (migrant(e)s)", "école fr migrant(e)s citoyen(ne)s migrant(e)s"),
            ("theme:health eau -lang:en", "eau theme:health -lang:en"),
            ("theme:health OR theme:water", "theme:health theme:water"),
            ("issuer:\"Action Education\"", "issuer:\"Action Education\""),
            (
                "http://example.org/a?b peace-building 2,600 O'Brien d’Ivoire",
                "http://example.org/a?b peace-building 2,600 o'brien d'ivoire",
            ),
            ("Paris : bilan", "paris bilan"),
            ("ÉCOLE E\u{301}cole L’Eau \"L’EAU\"", "école école l'eau \"l'eau\""),
            ("foo\"bar baz\"", "foo \"bar baz\""),
            ("* ** . - \" ", ""),
            ("2 600 élèves 12\u{202f}000\u{202f}000 -3 500 2600 600", "2 600 élèves 12 000 000 -3 500 2600 600"),
            ("*OR (theme:a) x:\"a b\" a*b", "x \"a b\" a/b theme:a"),
        ] {
            assert_eq!(parse(typed).to_string(), understood, "{typed}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let said = |text: &str| parse(text).remarks.clone();
        assert_eq!(said("\"a b"), [Remark::OpenQuote]);
        assert_eq!(said("a OR"), [Remark::LonelyOr]);
        assert_eq!(said("*a"), [Remark::Star("*a".into())]);
        assert_eq!(said("foo:bar"), [Remark::NotAField("foo:bar".into())]);
        assert_eq!(said("theme:a OR b"), [Remark::FieldInOr("theme:a".into())]);
        assert_eq!(said(&"a ".repeat(300)), [Remark::TooManyWords]);
        assert_eq!(parse(&"a ".repeat(300)).clauses.len(), MAX_WORDS);
        for grouped in ["(a b) OR c", "a OR (b c)", "-(a b)", "-(a OR b) c"] {
            assert_eq!(said(grouped), [Remark::Brackets], "{grouped}");
        }
        for plain in ["(a OR b) c", "(a b) c", "a (b) OR (c)", "(a OR b) OR c", "a) OR (b", "((a OR b))"] {
            assert!(said(plain).is_empty(), "{plain}");
        }
        assert!(said("a OR b \"c d\" e* -f theme:g title:h http://x.org").is_empty());
    }

    proptest! {
        #[test]
        fn the_canonical_text_means_the_same(text in "([-a-dé*:()\"«». ]|OR|OU|theme:|title:|-| ){0,40}") {
            let words = parse(&text);
            let again = parse(&words.to_string());
            prop_assert_eq!(&again.clauses, &words.clauses, "{}", words);
            prop_assert_eq!(&again.fields, &words.fields);
            prop_assert_eq!(again.to_string(), words.to_string());
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let words = parse(&text);
            prop_assert_eq!(&parse(&words.to_string()).clauses, &words.clauses);
        }

        #[test]
        fn what_means_nothing_changes_nothing(text in "([a-dé'’ ]|e\u{301}|OR | -){0,30}") {
            // spaces, the sort of apostrophe, composed letters
            let other = text.replace(' ', "  ").replace('\'', "’").nfc().collect::<String>();
            prop_assert_eq!(parse(&other).to_string(), parse(&text).to_string());
            let loud: String = text.split(' ').map(|word| if word == "OR" { word.to_owned() } else { word.to_uppercase() }).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(parse(&loud).to_string(), parse(&text).to_string());
        }
    }
}
