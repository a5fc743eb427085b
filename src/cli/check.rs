//! `communique check`: is the configuration right, and are store and index sound?

use super::soundness::{self, Soundness};
use super::{Failure, Global, house};
use crate::classify::Tagger;
use crate::config::{self, Config, Mistake, line_of_example};
use clap::Args;
use serde_json::json;
use std::io::{self, Write};

/// Check the configuration (every mistake with file and line), and the store and index where there are any
///
/// Looks at every page of the database, every stored body against its checksum and every file of the index. Changes
/// nothing, and may run beside a server. Exit code 2: mistakes in the configuration; 1: something in the store or index
/// is not sound; 0: all is well, or the next start mends it.
#[derive(Debug, Args)]
pub struct Check {
    /// Print every setting with its default instead
    #[arg(long)]
    defaults: bool,
}

/// Runs the command. Mistakes are wrong use: exit code 2.
pub fn run(command: &Check, global: &Global) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if command.defaults {
        return written(out.write_all(config::defaults().as_bytes()));
    }
    let mut config = match config::read(&global.config).and_then(|config| try_examples(config, global)) {
        Ok(config) => config,
        Err(mistakes) => {
            written(list(&mut out, &mistakes, global))?;
            let folder = global.config.display();
            return Err(Failure::wrong_use(format!("{folder}: {}", counted(mistakes.len(), "mistake"))));
        }
    };
    house::place(&mut config, global);
    let soundness = soundness::look(&config.settings.server)?;
    written(describe(&mut out, &config, &soundness, global))?;
    match soundness.faults.len() {
        0 => Ok(()),
        faults => Err(Failure::new(format!("{} in the store or index", counted(faults, "fault")))),
    }
}

/// A reader that went away is no failure of ours.
fn written(done: io::Result<()>) -> Result<(), Failure> {
    match done {
        Err(problem) if problem.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::new),
    }
}

/// The examples of `themes.ttl` are tests of its labels: each must get its theme.
fn try_examples(config: Config, global: &Global) -> Result<Config, Vec<Mistake>> {
    let tagger = Tagger::new(&config.vocabulary);
    let mistakes: Vec<Mistake> = tagger
        .unmet_examples()
        .into_iter()
        .map(|(theme, lang, example)| Mistake {
            file: global.config.join("themes.ttl"),
            line: Some(line_of_example(&config.vocabulary_source, theme, example)),
            message: format!(
                "the example \"{example}\" ({lang}) does not get the theme `{theme}`: no label of it stands there"
            ),
        })
        .collect();
    if mistakes.is_empty() { Ok(config) } else { Err(mistakes) }
}

fn list(out: &mut impl Write, mistakes: &[Mistake], global: &Global) -> io::Result<()> {
    for mistake in mistakes {
        if global.json {
            let file = mistake.file.display().to_string();
            writeln!(out, "{}", json!({"file": file, "line": mistake.line, "message": mistake.message}))?;
        } else {
            writeln!(out, "{mistake}")?;
        }
    }
    Ok(())
}

fn describe(out: &mut impl Write, config: &Config, found: &Soundness, global: &Global) -> io::Result<()> {
    if global.json {
        let members = config.members.iter().map(|member| {
            let hosts: Vec<&str> = member.hosts.iter().map(|host| host.name.as_str()).collect();
            json!({"id": member.id, "name": member.name(), "home": member.home, "hosts": hosts})
        });
        let members: Vec<_> = members.collect();
        let contact = &config.settings.fetch.contact;
        let themes = config.vocabulary.themes().len();
        let mut whole = json!({"members": members, "themes": themes, "contact": contact, "faults": found.faults});
        if let Some(store) = &found.store {
            whole["store"] = json!(store);
            whole["index"] = json!(found.index);
        }
        return writeln!(out, "{whole}");
    }
    if !global.quiet {
        describe_members(out, config)?;
        describe_record(out, config, found)?;
    }
    for fault in &found.faults {
        writeln!(out, "fault: {}: {}", fault.place, fault.message)?;
    }
    Ok(())
}

fn describe_members(out: &mut impl Write, config: &Config) -> io::Result<()> {
    for member in &config.members {
        writeln!(out, "{}: {}, {}, {}", member.id, member.name(), member.home, counted(member.hosts.len(), "host"))?;
    }
    let (members, themes) = (config.members.len(), config.vocabulary.themes().len());
    writeln!(out, "{} and {}, no mistake", counted(members, "member"), counted(themes, "theme"))?;
    if config.settings.fetch.contact.is_empty() {
        writeln!(out, "note: [fetch] contact is not set, so no public site will be asked")?;
    }
    Ok(())
}

fn describe_record(out: &mut impl Write, config: &Config, found: &Soundness) -> io::Result<()> {
    let server = &config.settings.server;
    if let Some(store) = &found.store {
        let (releases, pages) = (store.releases as usize, store.publications as usize);
        writeln!(
            out,
            "store {}: {} of {}, {}, tick {}",
            server.data.display(),
            counted(releases, "release"),
            counted(pages, "page"),
            counted(store.captures as usize, "capture"),
            store.tick
        )?;
        if store.schema < store.schema_known {
            let (old, new) = (store.schema, store.schema_known);
            writeln!(out, "note: its schema is {old}, the next start brings it to {new}")?;
        }
    }
    if let Some(index) = &found.index {
        let releases = counted(index.releases as usize, "release");
        writeln!(out, "index {}: {releases}, tick {}", server.index.display(), index.tick)?;
        if !index.note.is_empty() {
            writeln!(out, "note: index: {}", index.note)?;
        }
    }
    Ok(())
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
