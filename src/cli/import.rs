//! `communique import FILE`: releases by hand, JSON lines.

use super::house::{bring_up, configuration, store};
use super::{Failure, Global};
use crate::publish::{Imported, Importer, Line};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Read, stderr},
    path::PathBuf,
};

/// Lines written in one transaction.
const BATCH: usize = 1_000;
/// Longest line, bytes.
const LONGEST: u64 = 16 << 20;
/// Bad lines that are named; the rest are counted.
const NAMED: usize = 20;

/// Take in releases, one JSON object a line: at least id, title, text (may be empty) and lang
#[derive(Debug, Args)]
pub struct Import {
    /// File of JSON lines, as `export` writes them; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub fn run(command: &Import, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let (input, length) = open(&command.file)?;
    let store = store(&config)?;
    let bar = bar(global, length);
    let mut lines = Lines { input, number: 0, bytes: 0 };
    let importer = Importer::new(&store, &config);
    let mut total = Imported::default();
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        let mut ended = false;
        while batch.len() < BATCH && !ended {
            match lines.next().map_err(|error| Failure::new(format!("{}: {error}", command.file.display())))? {
                Some((number, Ok(line))) => batch.push((number, line)),
                Some((number, Err(why))) => total.refused.push((number, why)),
                None => ended = true,
            }
        }
        if !batch.is_empty() {
            add(&mut total, importer.import(batch).map_err(Failure::new)?);
        }
        bar.set_position(lines.bytes);
        if ended {
            break;
        }
    }
    bar.finish_and_clear();
    bring_up(&config, &store)?;
    report(&total, global)
}

fn open(path: &PathBuf) -> Result<(Box<dyn BufRead>, u64), Failure> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(BufReader::new(io::stdin())), 0));
    }
    let failed = |error: io::Error| Failure::new(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok((Box::new(BufReader::with_capacity(1 << 18, file)), length))
}

fn bar(global: &Global, length: u64) -> ProgressBar {
    let seen = stderr().is_terminal() && !global.quiet && !global.json;
    let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("import {bar:28} {bytes}/{total_bytes}");
    let bar = ProgressBar::with_draw_target(Some(length), target);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn add(total: &mut Imported, batch: Imported) {
    total.settled.new += batch.settled.new;
    total.settled.changed += batch.settled.changed;
    total.settled.dressed += batch.settled.dressed;
    total.settled.tick = batch.settled.tick.or(total.settled.tick);
    total.unchanged += batch.unchanged;
    total.refused.extend(batch.refused);
}

/// Reads one line after the other; a bad one is named and does not end the reading.
struct Lines {
    input: Box<dyn BufRead>,
    number: usize,
    bytes: u64,
}

/// The number of a line and what it holds, or why it cannot be taken.
type Numbered = (usize, Result<Line, String>);

impl Lines {
    fn next(&mut self) -> io::Result<Option<Numbered>> {
        loop {
            let mut line = Vec::new();
            let read = self.input.by_ref().take(LONGEST + 1).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.bytes += read as u64;
            if read as u64 > LONGEST && line.last() != Some(&b'\n') {
                self.skip_line()?;
                return Ok(Some((self.number, Err(format!("longer than {} MiB", LONGEST >> 20)))));
            }
            let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line).trim_ascii();
            if !text.is_empty() {
                return Ok(Some((self.number, parse(text))));
            }
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.input.fill_buf()?;
            let end = chunk.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let used = end.unwrap_or(chunk.len());
            self.input.consume(used);
            self.bytes += used as u64;
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }
}

fn parse(text: &[u8]) -> Result<Line, String> {
    // The parser sees one line only, and calls it the first.
    serde_json::from_slice(text).map_err(|error| error.to_string().replace(" at line 1 column ", " at column "))
}

fn report(total: &Imported, global: &Global) -> Result<(), Failure> {
    let settled = &total.settled;
    let mut refused = total.refused.clone();
    refused.sort();
    if global.json {
        let named: Vec<_> = refused.iter().map(|(line, why)| json!({ "line": line, "why": why })).collect();
        let (new, changed) = (settled.new, settled.changed + settled.dressed);
        let said = json!({ "new": new, "changed": changed, "unchanged": total.unchanged, "refused": named });
        println!("{said}");
    } else {
        for (line, why) in refused.iter().take(NAMED) {
            eprintln!("line {line}: {why}");
        }
        if refused.len() > NAMED {
            eprintln!("and {} more bad lines", refused.len() - NAMED);
        }
        if !global.quiet {
            let changed = settled.changed + settled.dressed;
            println!("{} new, {changed} changed, {} unchanged", settled.new, total.unchanged);
        }
    }
    match refused.len() {
        0 => Ok(()),
        1 => Err(Failure::new("1 line was not taken")),
        n => Err(Failure::new(format!("{n} lines were not taken"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &'static [u8]) -> Vec<(usize, Result<Line, String>)> {
        let mut lines = Lines { input: Box::new(text), number: 0, bytes: 0 };
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    #[test]
    fn a_bad_line_is_named_by_its_number() {
        let text = "\u{feff}{\"id\":\"a\",\"title\":\"A\",\"text\":\"\",\"lang\":\"fr\"}\r\n\n{\"id\":\"b\"}\n{\"id\":\"c d\",";
        let found = all(text.as_bytes());
        assert!(found[0].0 == 1 && found[0].1.is_ok(), "{found:?}");
        assert_eq!((found[1].0, found[1].1.as_ref().unwrap_err().as_str()), (3, "missing field `title` at column 10"));
        assert_eq!(found[2].0, 4);
        assert!(found[2].1.as_ref().unwrap_err().starts_with("`c d` is not a release id"), "{found:?}");
    }

    #[test]
    fn broken_letters_are_an_error_and_no_end() {
        let found = all(b"{\"id\":\"\xff\"}\n{\"id\":\"a\",\"title\":\"\\ud800\",\"text\":\"\",\"lang\":\"fr\"}\n");
        assert_eq!(found.iter().filter(|(_, line)| line.is_err()).count(), 2);
    }
}
