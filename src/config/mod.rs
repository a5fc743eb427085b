//! # Config: what does the folder say that an editor changes?
//!
//! Floor 1. [`read`] turns `communique.toml`, `members/<id>.toml` and `themes.ttl` into plain values, or reports all
//! mistakes of all files at once, each with file and line and the nearest right name; [`parse`] does the same for
//! files that are already read; [`defaults`] prints what holds where the files say nothing.
//!
//! A further setting: `settings`. A further key of members: a field of `model::Member` and a line in `member`. How a
//! value is written and checked: `values`.

mod defaults;
mod member;
mod mistake;
mod section;
mod settings;
#[cfg(test)]
mod tests;
mod themes;
mod values;

pub use defaults::defaults;
pub use mistake::{File, Mistake};
pub use settings::{CrawlSettings, FetchSettings, ServerSettings, Settings};
pub use themes::{ThemeMistake, line_of_example, read_themes};

use crate::model::{Member, ThemeId, Vocabulary};
use member::ReadMember;
use mistake::Report;
use std::{collections::HashMap, fs, io, path::Path};

/// Everything the folder says. `Default` is an empty folder.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `communique.toml`.
    pub settings: Settings,
    /// `members/*.toml`, by id.
    pub members: Vec<Member>,
    /// `themes.ttl`; empty without one.
    pub vocabulary: Vocabulary,
    /// `themes.ttl` as written, served at `/themes.ttl`.
    pub vocabulary_source: String,
}

/// The files of a configuration, as read.
#[derive(Debug, Clone)]
pub struct Files {
    /// `communique.toml`.
    pub settings: File,
    /// `members/*.toml`.
    pub members: Vec<File>,
    /// `themes.ttl`, where there is one.
    pub themes: Option<File>,
}

/// Reads the configuration in `folder`: `communique.toml` must be there, `members/` and `themes.ttl` may be. Files in
/// `members/` with another ending than `.toml`, and those whose name begins with a dot, are left alone.
pub fn read(folder: &Path) -> Result<Config, Vec<Mistake>> {
    let report = Report::default();
    let files = files(folder, &report);
    let mistakes = report.mistakes();
    match files {
        Some(files) if mistakes.is_empty() => parse(&files),
        Some(files) => Err([mistakes, parse(&files).err().unwrap_or_default()].concat()),
        None => Err(mistakes),
    }
}

/// Checks files that are already read: all mistakes of all files, sorted by file and line.
pub fn parse(files: &Files) -> Result<Config, Vec<Mistake>> {
    let report = Report::default();
    let settings = table(&files.settings, &report).map(|table| settings::read(&files.settings, &report, &table));
    let tables: Vec<_> = files.members.iter().filter_map(|file| Some((file, table(file, &report)?))).collect();
    let mut members: Vec<ReadMember<'_>> =
        tables.iter().filter_map(|(file, table)| member::read_file(file, &report, table)).collect();
    members.sort_by(|a, b| a.member.id.cmp(&b.member.id));
    let vocabulary = files.themes.as_ref().map(|file| vocabulary(file, &report)).unwrap_or_default();
    check_hosts(&members, &report);
    check_themes(&members, &vocabulary, &report);
    let mistakes = report.mistakes();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Config {
        settings: settings.unwrap_or_default(),
        members: members.into_iter().map(|read| read.member).collect(),
        vocabulary,
        vocabulary_source: files.themes.as_ref().map(|file| file.text.clone()).unwrap_or_default(),
    })
}

/// The files of a folder; `None` where there is no configuration at all.
fn files(folder: &Path, report: &Report) -> Option<Files> {
    let whole = |path: &Path| File { path: path.to_owned(), text: String::new() };
    if !folder.is_dir() {
        report.add(&whole(folder), None, "there is no such folder: name the configuration with --config");
        return None;
    }
    let settings = text(&folder.join("communique.toml"), report);
    let themes = folder.join("themes.ttl");
    let themes = themes.exists().then(|| text(&themes, report)).flatten();
    let directory = folder.join("members");
    let mut paths = Vec::new();
    match fs::read_dir(&directory) {
        Ok(entries) => paths.extend(entries.filter_map(|entry| Some(entry.ok()?.path()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => report.add(&whole(&directory), None, format!("cannot read this folder: {error}")),
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml") && !is_hidden(path));
    paths.sort();
    let members = paths.iter().filter_map(|path| text(path, report)).collect();
    Some(Files { settings: settings?, members, themes })
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// A file as text; one that cannot be read is reported.
fn text(path: &Path, report: &Report) -> Option<File> {
    let mut file = File { path: path.to_owned(), text: String::new() };
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => file.text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text),
            Err(error) => {
                let line =
                    error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
                report.add(&file, Some(line), "these bytes are not UTF-8: save the file as UTF-8");
                return None;
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            report.add(&file, None, "there is no such file: a configuration needs it, it may be empty");
            return None;
        }
        Err(error) => {
            report.add(&file, None, format!("cannot read this file: {error}"));
            return None;
        }
    }
    Some(file)
}

/// The root table of a TOML file; where it is no TOML, the report says where it breaks.
fn table(file: &File, report: &Report) -> Option<toml_edit::Table> {
    match toml_edit::Document::parse(file.text.as_str()) {
        Ok(document) => Some(document.into_table()),
        Err(error) => {
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            report.add(file, Some(file.line(error.span())), format!("this is no TOML: {message}"));
            None
        }
    }
}

/// The themes of a Turtle file; an empty vocabulary where it has mistakes, and the report says which.
fn vocabulary(file: &File, report: &Report) -> Vocabulary {
    read_themes(&file.text).unwrap_or_else(|mistakes| {
        mistakes.into_iter().for_each(|mistake| report.add(file, Some(mistake.line), mistake.message));
        Vocabulary::default()
    })
}

/// A host belongs to one member.
fn check_hosts(members: &[ReadMember<'_>], report: &Report) {
    let mut owners: HashMap<(&str, Option<u16>), &ReadMember<'_>> = HashMap::new();
    for read in members {
        for (host, line) in read.member.hosts.iter().zip(&read.host_lines) {
            let owner = *owners.entry((&host.name, host.port)).or_insert(read);
            if owner.member.id != read.member.id {
                let message = format!("host `{}` belongs to member `{}` already", host.name, owner.member.id);
                report.add(read.file, Some(*line), message);
            }
        }
    }
}

/// Categories stand for themes of the vocabulary. Without a vocabulary there are no themes, and nothing to check.
fn check_themes(members: &[ReadMember<'_>], vocabulary: &Vocabulary, report: &Report) {
    if vocabulary.themes().is_empty() {
        return;
    }
    let ids = || vocabulary.themes().iter().map(|theme| theme.id.as_str());
    let unknown = |theme: &ThemeId| vocabulary.get(theme).is_none();
    for read in members {
        for (theme, line) in read.themes.iter().filter(|(theme, _)| unknown(theme)) {
            let near = section::nearest(theme.as_str(), ids());
            let advice = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            report.add(read.file, Some(*line), format!("`{theme}` is no theme of themes.ttl{advice}"));
        }
    }
}
