//! `communique check`: is the configuration right?

use super::{Failure, Global};
use crate::config::{self, Config, Mistake};
use clap::Args;
use serde_json::json;
use std::io::{self, Write};

/// Check the configuration: every mistake with file and line, or what it describes
#[derive(Debug, Args)]
pub struct Check {
    /// Print every setting with its default instead
    #[arg(long)]
    defaults: bool,
}

/// Runs the command. Mistakes are wrong use: exit code 2.
pub fn run(command: &Check, global: &Global) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = if command.defaults {
        out.write_all(config::defaults().as_bytes())
    } else {
        match config::read(&global.config) {
            Ok(config) => describe(&mut out, &config, global),
            Err(mistakes) => {
                list(&mut out, &mistakes, global).map_err(Failure::new)?;
                let folder = global.config.display();
                return Err(Failure::wrong_use(format!("{folder}: {}", counted(mistakes.len(), "mistake"))));
            }
        }
    };
    match written {
        // A reader that went away is no failure of ours.
        Err(problem) if problem.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::new),
    }
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

fn describe(out: &mut impl Write, config: &Config, global: &Global) -> io::Result<()> {
    if global.json {
        let members = config.members.iter().map(|member| {
            let hosts: Vec<&str> = member.hosts.iter().map(|host| host.name.as_str()).collect();
            json!({"id": member.id, "name": member.name(), "home": member.home, "hosts": hosts})
        });
        let members: Vec<_> = members.collect();
        let contact = &config.settings.fetch.contact;
        return writeln!(
            out,
            "{}",
            json!({"members": members, "themes": config.vocabulary.themes().len(), "contact": contact})
        );
    }
    if global.quiet {
        return Ok(());
    }
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

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
