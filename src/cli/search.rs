//! `communique search WORDS`: the same search as page, feed and API.

use super::house::{House, bring_up, configuration, store};
use super::serve::engine;
use super::{Failure, Global};
use crate::api::{self, Item};
use crate::labels::Labels;
use crate::model::Lang;
use crate::search::{Hit, Results, WayOut};
use clap::Args;
use std::io::Write;
use std::sync::Arc;

/// Search the releases this newsroom holds
#[derive(Debug, Args)]
pub struct Search {
    /// Words: all must match; "phrases", -not, OR, prefix*, field:value
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Theme id; repeat for "or", -ID for "not"
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    theme: Vec<String>,
    /// Member id
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    member: Vec<String>,
    /// Country code, for example sn
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    country: Vec<String>,
    /// Language of a publication
    #[arg(long, value_name = "LANG", allow_hyphen_values = true)]
    lang: Vec<String>,
    /// release, news, tribune, press-review
    #[arg(long, value_name = "KIND", allow_hyphen_values = true)]
    kind: Vec<String>,
    /// Name of an issuer
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    issuer: Vec<String>,
    /// First day, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Last day, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// relevance, -date, date or -added
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Releases to show, at most 100
    #[arg(long, value_name = "N")]
    limit: Option<String>,
    /// Only the words as typed: no labels in the other language, no former names
    #[arg(long)]
    no_also: bool,
    /// Print the terms of each score
    #[arg(long)]
    explain: bool,
}

/// Runs the command.
pub fn run(command: &Search, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let data = &config.settings.server.data;
    if !data.is_dir() {
        return Err(Failure::new(format!(
            "there is no store in {}: nothing was crawled or imported yet",
            data.display()
        )));
    }
    bring_up(&config, &store(&config)?)?;
    let house = House::open(config, None)?;
    let engine = engine(&house)?;
    let pairs = pairs(command);
    let query = engine.query(pairs.iter().map(|(name, value)| (*name, value.as_str()))).map_err(|refused| {
        let lines: Vec<String> = refused.iter().map(ToString::to_string).collect();
        Failure::wrong_use(lines.join("\n"))
    })?;
    let results = match command.explain {
        true => engine.search_explained(&query),
        false => engine.search(&query),
    }
    .map_err(Failure::new)?;
    let is_empty = results.total + results.partial_total == 0;
    let ways_out = if is_empty { engine.ways_out(&query).map_err(Failure::new)? } else { Vec::new() };
    let out = &mut std::io::stdout().lock();
    let written = match global.json {
        true => {
            let base_url = house.config.settings.server.base_url.clone().unwrap_or_default();
            let door = api::Door {
                engine,
                reader: house.store.reader(),
                config: house.config.clone(),
                base_url: Arc::from(base_url),
            };
            results.hits.iter().try_for_each(|hit| {
                let item = Item::of_hit(hit, &door, Labels::get(Lang::FR));
                writeln!(out, "{}", serde_json::to_string(&item)?)
            })
        }
        false => show(&results, &ways_out, out),
    };
    match written {
        // A reader that went away is no failure of ours.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::new),
    }
}

fn pairs(command: &Search) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    if !command.words.is_empty() {
        pairs.push(("q", command.words.join(" ")));
    }
    if command.no_also {
        pairs.push(("also", "0".to_owned()));
    }
    let lists = [
        ("theme", &command.theme),
        ("member", &command.member),
        ("country", &command.country),
        ("lang", &command.lang),
        ("kind", &command.kind),
        ("issuer", &command.issuer),
    ];
    for (name, values) in lists {
        pairs.extend(values.iter().map(|value| (name, value.clone())));
    }
    let singles = [("from", &command.from), ("to", &command.to), ("sort", &command.sort), ("limit", &command.limit)];
    for (name, value) in singles {
        pairs.extend(value.iter().map(|value| (name, value.clone())));
    }
    pairs
}

fn show(results: &Results, ways_out: &[WayOut], out: &mut impl Write) -> std::io::Result<()> {
    match results.partial_total {
        0 => writeln!(out, "{} releases", results.total)?,
        more => writeln!(out, "{} releases, and {more} that match most of the words", results.total)?,
    }
    for also in &results.also {
        let names = also.names.iter().chain(&also.concepts).cloned().collect::<Vec<_>>();
        writeln!(out, "also searched for {}: {}", also.words, names.join(", "))?;
    }
    for remark in &results.remarks {
        writeln!(out, "note: {remark}")?;
    }
    if let Some(likelier) = &results.did_you_mean {
        writeln!(out, "did you mean: {likelier}")?;
    }
    for way in ways_out {
        let filter =
            if way.parameter.is_empty() { "any filter".to_owned() } else { format!("{}={}", way.parameter, way.value) };
        writeln!(out, "without {filter}: {}", way.total)?;
    }
    results.hits.iter().try_for_each(|hit| line(hit, out))
}

fn line(hit: &Hit, out: &mut impl Write) -> std::io::Result<()> {
    let release = &hit.release;
    let day = release.published.map_or_else(|| "undated   ".to_owned(), |date| date.date().to_string());
    let members: Vec<&str> = release.members.iter().map(|member| member.name.as_str()).collect();
    let mark = if hit.partial { " (most words)" } else { "" };
    writeln!(out, "\n{day}  {}{mark}", release.title)?;
    writeln!(out, "            {} · {} · {} · {}", release.id, release.kind, release.lang, members.join(", "))?;
    if !release.url.is_empty() {
        writeln!(out, "            {}", release.url)?;
    }
    for term in &hit.explain {
        writeln!(out, "            {term}")?;
    }
    Ok(())
}
