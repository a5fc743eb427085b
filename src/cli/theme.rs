//! `communique theme`: the staff's word on themes, and what should be looked at.

use super::house::{bring_up, configuration, of_store, store};
use super::{Failure, Global};
use crate::{
    config::{Config, read_themes},
    model::{Lang, Release, ReleaseId, Tag, ThemeId},
    publish::{self, Moved, PublishError, ThemeWord},
    store::{Store, Word},
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say that a release is about a theme, or is not: final until undone. Or list what should be looked at
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("task").required(true).args(["id", "list", "untagged", "weak", "conflicts", "preview"])))]
#[command(after_help = EXAMPLES)]
pub struct Theme {
    /// Id of the release
    #[arg(value_name = "ID", requires_all = ["action", "theme"])]
    id: Option<String>,
    /// What to do
    #[arg(value_enum)]
    action: Option<Action>,
    /// The theme, for example girls-education
    #[arg(value_name = "THEME")]
    theme: Option<String>,
    /// Why, for the record
    #[arg(long, default_value = "", hide_default_value = true)]
    why: String,
    /// Who says so
    #[arg(long, env = "USER", default_value = "staff", value_name = "NAME")]
    by: String,
    /// List what was said, by whom and why, the newest first
    #[arg(long)]
    list: bool,
    /// List releases without a theme
    #[arg(long)]
    untagged: bool,
    /// List releases whose best theme is not sure
    #[arg(long)]
    weak: bool,
    /// List releases whose category on the member's site and words disagree
    #[arg(long)]
    conflicts: bool,
    /// List which releases would gain or lose a theme with this vocabulary; nothing is changed
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  communique theme 7f3k9q add girls-education --why 'the whole text is about it'
  communique theme 7f3k9q remove security --why 'job security'
  communique theme 7f3k9q undo security
  communique theme --preview themes-new.ttl";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Action {
    /// The release is about the theme
    Add,
    /// It is not
    Remove,
    /// Take back what was said
    Undo,
}

/// Runs the command.
pub fn run(command: &Theme, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    if let (Some(id), Some(action), Some(theme)) = (&command.id, command.action, &command.theme) {
        return say(command, (id, action, theme), &config, global);
    }
    let store = store(&config)?;
    if let Some(file) = &command.preview {
        return preview(file, &store, global);
    }
    if command.list {
        return list(&store, global);
    }
    let found = publish::review(&store.reader(), &config).map_err(of_store)?;
    if command.untagged {
        found.untagged.iter().for_each(|release| line(global, release, &[]));
    }
    if command.weak {
        found.weak.iter().for_each(|weak| line(global, &weak.release, &[("best", &weak.best)]));
    }
    if command.conflicts {
        let both = |found: &publish::Conflict| {
            line(global, &found.release, &[("category", &found.category), ("words", &found.words)]);
        };
        found.conflicts.iter().for_each(both);
    }
    Ok(())
}

fn say(command: &Theme, said: (&str, Action, &str), config: &Config, global: &Global) -> Result<(), Failure> {
    let (id, action, theme) = said;
    let release = ReleaseId::new(id).map_err(Failure::wrong_use)?;
    let theme = ThemeId::new(theme).map_err(Failure::wrong_use)?;
    let store = store(config)?;
    let word = |word| publish::say_theme(&store, config, (&release, &theme), word, &command.by, &command.why);
    let done = match action {
        Action::Add => word(ThemeWord::Add),
        Action::Remove => word(ThemeWord::Remove),
        Action::Undo => publish::unsay_theme(&store, config, &release, &theme),
    };
    let done = done.map_err(|error| match error {
        PublishError::Store(error) => of_store(error),
        error => Failure::new(error),
    })?;
    bring_up(config, &store)?;
    let (what, otherwise) = match action {
        Action::Add => ("added", "was added already"),
        Action::Remove => ("removed", "was removed already"),
        Action::Undo => ("undone", "has no word of the staff to undo"),
    };
    match done {
        Some(id) if global.json => println!("{}", json!({ "id": id, "theme": theme, "done": what })),
        Some(id) if !global.quiet => println!("{what}: {theme} of {id}"),
        Some(_) => {}
        None => return Err(Failure::new(format!("`{theme}` of `{id}` {otherwise}"))),
    }
    Ok(())
}

fn list(store: &Store, global: &Global) -> Result<(), Failure> {
    for word in store.words().map_err(of_store)? {
        let Word { word, about, and, by, why, at, undone, .. } = word;
        let Some(said) = ThemeWord::of_record(&word) else { continue };
        let said = if said == ThemeWord::Add { "add" } else { "remove" };
        if global.json {
            let line =
                json!({ "id": about, "word": said, "theme": and, "by": by, "why": why, "at": at, "undone": undone });
            println!("{line}");
        } else {
            let state = undone.map_or_else(|| "stands".to_owned(), |at| format!("undone {at}"));
            println!("{about}\t{said}\t{and}\t{at}\t{by}\t{state}\t{why}");
        }
    }
    Ok(())
}

/// A release that should be looked at, with the themes in question.
fn line(global: &Global, release: &Release, themes: &[(&str, &Tag)]) {
    let day = release.published.map(|date| date.to_string());
    if global.json {
        let mut line = json!({ "id": release.id, "published": day, "title": release.title, "url": release.url });
        for (role, tag) in themes {
            line[*role] = json!({ "id": tag.id, "score": tag.score, "evidence": tag.evidence });
        }
        println!("{line}");
        return;
    }
    let mut line = format!("{}\t{}\t{}", release.id, day.as_deref().unwrap_or("undated"), release.title);
    for (role, tag) in themes {
        line.push_str(&format!("\t{role}: {} {:.2} ({})", tag.id, tag.score, tag.evidence.join(", ")));
    }
    println!("{line}");
}

fn preview(file: &Path, store: &Store, global: &Global) -> Result<(), Failure> {
    let source = std::fs::read_to_string(file)
        .map_err(|error| Failure::wrong_use(format!("cannot read {}: {error}", file.display())))?;
    let vocabulary = read_themes(&source).map_err(|mistakes| {
        let lines = mistakes.iter().map(|mistake| format!("{}:{}: {}", file.display(), mistake.line, mistake.message));
        Failure::wrong_use(lines.collect::<Vec<_>>().join("\n"))
    })?;
    let moved = publish::preview(store, &vocabulary).map_err(of_store)?;
    for (theme, Moved { gained, lost }) in &moved {
        if global.json {
            let ids = |releases: &[(ReleaseId, String)]| -> Vec<Value> {
                releases.iter().map(|(id, title)| json!({ "id": id, "title": title })).collect()
            };
            println!("{}", json!({ "theme": theme, "gained": ids(gained), "lost": ids(lost) }));
            continue;
        }
        let label = vocabulary.get(theme).map_or("no longer in the vocabulary", |theme| theme.label(Lang::EN));
        println!("{theme} ({label}): {} gained, {} lost", gained.len(), lost.len());
        gained.iter().for_each(|(id, title)| println!("  + {id}\t{title}"));
        lost.iter().for_each(|(id, title)| println!("  - {id}\t{title}"));
    }
    if moved.is_empty() && !global.json && !global.quiet {
        println!("no release gains or loses a theme");
    }
    Ok(())
}
