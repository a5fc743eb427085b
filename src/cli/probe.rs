//! `communique probe URL`: what a site offers, and a member file that works as it is.

use super::house::{configuration, place};
use super::{Failure, Global, interrupt, system_clock};
use crate::config::{self, Config};
use crate::crawl::{self, Claim, Probe as Probed, Sample};
use crate::fetch::Fetcher;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use url::Url;

/// Look at a site from its home page, and draft its member file
///
/// Prints the system with its evidence, languages, feeds, sitemaps, API, items of each source, traps that were seen, and
/// five sample releases as they are read; and writes members/ID.toml into the configuration, which `check` and `crawl`
/// take as it is. A file that is there is left alone. Asks the site politely, by robots.txt, at the configured pace.
#[derive(Debug, Args)]
pub struct Probe {
    /// The home page
    #[arg(value_name = "URL")]
    url: String,
}

/// Runs the command.
pub fn run(command: &Probe, global: &Global) -> Result<(), Failure> {
    let url = home(&command.url)?;
    let has_config = global.config.join("communique.toml").exists();
    let config = match has_config {
        true => configuration(global)?,
        false => {
            let mut config = Config::default();
            place(&mut config, global);
            config
        }
    };
    let probed = super::runtime()?.block_on(look(&config, &url))?;
    let written = match has_config {
        true => Some(write(global, &probed)?),
        false => None,
    };
    match global.json {
        true => println!("{}", serde_json::to_string(&probed).map_err(Failure::new)?),
        false => print!("{}", text(&probed, written.as_ref(), global)),
    }
    Ok(())
}

/// The address of a home page; without a scheme https is meant.
fn home(given: &str) -> Result<Url, Failure> {
    let whole = if given.contains("://") { given.to_owned() } else { format!("https://{given}") };
    match Url::parse(&whole) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => Ok(url),
        _ => Err(Failure::wrong_use(format!("`{given}` is no address of a site: use https://example.org/"))),
    }
}

async fn look(config: &Config, url: &Url) -> Result<Probed, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    interrupt::sets(stop.clone());
    let clock = system_clock();
    let fetcher = Fetcher::new(&config.settings.fetch, clock.clone()).map_err(Failure::new)?;
    crawl::probe(&fetcher, &clock, url, &|_| {}, &stop).await.map_err(|error| match error.cause.is_transient() {
        true => Failure::try_later(error),
        false => Failure::new(error),
    })
}

/// What became of the drafted file.
enum Written {
    New(PathBuf),
    There(PathBuf),
    Refused(String),
}

/// Writes the file where there is none, and where the configuration is right with it.
fn write(global: &Global, probed: &Probed) -> Result<Written, Failure> {
    let folder = global.config.join("members");
    let path = folder.join(format!("{}.toml", probed.id));
    if path.exists() {
        return Ok(Written::There(path));
    }
    let failed = |error| Failure::new(format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let mut file = std::fs::File::create_new(&path).map_err(failed)?;
    file.write_all(probed.member_file.as_bytes()).map_err(failed)?;
    match config::read(&global.config) {
        Ok(_) => Ok(Written::New(path)),
        Err(mistakes) => {
            std::fs::remove_file(&path).map_err(failed)?;
            let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Ok(Written::Refused(lines.join("; ")))
        }
    }
}

fn text(probed: &Probed, written: Option<&Written>, global: &Global) -> String {
    let mut lines = Vec::new();
    if !global.quiet {
        lines.push(format!("{} ({}, {} requests)", probed.name, probed.home, probed.requests));
        lines.push(format!("system     {}: {}", probed.system, probed.evidence));
        for spoken in &probed.languages {
            let machine = if spoken.machine_translated { ", machine-translated" } else { "" };
            lines.push(format!("language   {} is {}{machine}: {}", spoken.prefix, spoken.lang, spoken.evidence));
        }
        lines.push(format!("api        {}", probed.rest.as_deref().unwrap_or("none")));
        lines.extend(list("feed", &probed.feeds));
        lines.extend(list("sitemap", &probed.sitemaps));
        lines.push(format!("pages      {} named in all", probed.named));
        lines.extend(probed.sources.iter().map(of_source));
        lines.extend(probed.traps.iter().map(|trap| format!("trap       {}: {}", trap.name, trap.detail)));
        if probed.traps.is_empty() {
            lines.push("trap       none seen".to_owned());
        }
        let of = probed.samples.len();
        lines.extend(
            probed.remarks.iter().map(|(code, on, like)| format!("remark     {code} on {on} of {of} samples ({like})")),
        );
        probed.samples.iter().for_each(|sample| lines.extend(of_sample(sample)));
        lines.push(String::new());
    }
    lines.push(probed.member_file.trim_end().to_owned());
    lines.push(String::new());
    lines.push(match written {
        Some(Written::New(path)) => {
            format!("written: {}; now: communique check, communique crawl {}", show(path), probed.id)
        }
        Some(Written::There(path)) => format!("{} is there already and was left alone", show(path)),
        Some(Written::Refused(why)) => format!("not written, for the configuration would have a mistake: {why}"),
        None => format!(
            "not written: there is no {}; save it as members/{}.toml",
            show(&global.config.join("communique.toml")),
            probed.id
        ),
    });
    lines.join("\n") + "\n"
}

fn show(path: &Path) -> String {
    path.display().to_string()
}

fn list(what: &str, urls: &[String]) -> Vec<String> {
    match urls.is_empty() {
        true => vec![format!("{what:<10} none")],
        false => urls.iter().map(|url| format!("{what:<10} {url}")).collect(),
    }
}

fn of_source(claim: &Claim) -> String {
    let says = claim.says.map(|says| format!("says {says}, ")).unwrap_or_default();
    let url = if claim.url.is_empty() { "home and archives" } else { &claim.url };
    let failed = claim.failed.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
    format!("source     {}: {says}lists {}{failed} ({url})", claim.source, claim.lists)
}

fn of_sample(sample: &Sample) -> Vec<String> {
    let draft = &sample.draft;
    let published = match &draft.published {
        Some(date) => format!("{} ({:?}: “{}”)", date.value, date.source, date.raw),
        None => "no date".to_owned(),
    };
    let lang = draft.lang.map_or("?".to_owned(), |lang| lang.to_string());
    let beginning: String = draft.text.chars().take(160).map(|c| if c == '\n' { ' ' } else { c }).collect();
    vec![
        String::new(),
        format!("sample     {}", draft.title),
        format!("           {}", draft.url),
        format!("           {} ({}), {lang}, {published}", draft.kind.kind, draft.kind.reason),
        format!("           {} characters: {beginning}…", draft.text.chars().count()),
    ]
}
