//! `communique classify --batch`: which themes do these texts speak of, and which words say so?

use super::{Failure, Global};
use crate::classify::Tagger;
use crate::config::read_themes;
use crate::model::{Lang, Vocabulary};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, BufWriter, Write};
use std::path::PathBuf;

/// Tag texts with the themes of a vocabulary: JSON lines {"id","title","text","lang"} on stdin, one answer a line.
#[derive(Debug, Args)]
pub struct Classify {
    /// Read JSON lines from stdin
    #[arg(long, required = true)]
    batch: bool,
    /// Vocabulary, SKOS in Turtle [default: themes.ttl of the configuration]
    #[arg(long, value_name = "FILE")]
    vocab: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Text {
    id: Value,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    lang: String,
}

/// Runs the command.
pub fn run(command: &Classify, global: &Global) -> Result<(), Failure> {
    let path = command.vocab.clone().unwrap_or_else(|| global.config.join("themes.ttl"));
    let source = std::fs::read_to_string(&path)
        .map_err(|error| Failure::wrong_use(format!("cannot read {}: {error}", path.display())))?;
    let vocabulary = read_themes(&source).map_err(|mistakes| {
        let lines: Vec<String> =
            mistakes.iter().map(|m| format!("{}:{}: {}", path.display(), m.line, m.message)).collect();
        Failure::wrong_use(lines.join("\n"))
    })?;
    let tagger = Tagger::new(&vocabulary);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.map_err(Failure::new)?;
        if line.trim().is_empty() {
            continue;
        }
        let text: Text =
            serde_json::from_str(&line).map_err(|error| Failure::new(format!("stdin line {}: {error}", number + 1)))?;
        writeln!(out, "{}", answer(&text, &tagger, &vocabulary)).map_err(Failure::new)?;
    }
    out.flush().map_err(Failure::new)
}

fn answer(text: &Text, tagger: &Tagger, vocabulary: &Vocabulary) -> Value {
    let lang = text.lang.parse().unwrap_or(Lang::EN);
    let whole = format!("{}\n{}", text.title, text.text);
    let characters = Characters::new(&whole);
    let matches = tagger.matches(&text.title, &text.text, lang, true);
    let concepts = matches.iter().filter_map(|found| {
        let theme = vocabulary.get(&found.theme)?;
        let spans =
            found.spans.iter().map(|span| json!([characters.at(span.start), characters.at(span.end), span.label]));
        Some(json!({"id": theme.iri, "score": found.score, "spans": spans.collect::<Vec<_>>()}))
    });
    json!({"id": text.id, "concepts": concepts.collect::<Vec<_>>()})
}

/// Character offsets by byte offset; nothing is kept for ASCII.
struct Characters(Option<Vec<u32>>);

impl Characters {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self(None);
        }
        let mut at = vec![0; text.len() + 1];
        let mut count = 0;
        for (byte, _) in text.char_indices() {
            at[byte] = count;
            count += 1;
        }
        at[text.len()] = count;
        Self(Some(at))
    }

    fn at(&self, byte: usize) -> u32 {
        self.0.as_ref().map_or(byte as u32, |at| at.get(byte).copied().unwrap_or_default())
    }
}
