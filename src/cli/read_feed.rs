//! `communique read-feed`: what we read from a feed, and what had to be mended.

use super::{
    Failure, Global,
    look::{is_address, look},
};
use crate::{
    discover::feed::{self, Entry, Feed},
    fetch::Request,
    model::{DateValue, Lang, Warning},
};
use clap::Args;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Read feeds and say what they are: title, entries, repairs
#[derive(Debug, Args)]
pub struct ReadFeed {
    /// Saved feeds and addresses
    #[arg(value_name = "FILE|URL", required_unless_present = "batch")]
    feeds: Vec<String>,
    /// The address that a file was saved from, base of its relative links
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The Content-Type that a file came with
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Read jobs from stdin, one {"path","url","content_type","repeat"} a line; prints a JSON line for each at once
    #[arg(long, conflicts_with_all = ["feeds", "url", "content_type"])]
    batch: bool,
}

#[derive(Debug, thiserror::Error)]
enum ReadFeedError {
    #[error("{}: {cause}", path.display())]
    Input { path: PathBuf, cause: io::Error },
    #[error("{name}: {cause}")]
    Feed { name: String, cause: feed::FeedError },
    #[error("{0}")]
    Fetch(Failure),
    #[error("cannot read the jobs or write the answers: {0}")]
    Stream(#[from] io::Error),
    #[error("{0} of the feeds could not be read")]
    Some(usize),
}

/// Runs the command.
pub fn run(command: &ReadFeed, global: &Global) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let done = match command.batch {
        true => batch(&mut io::stdin().lock(), &mut out),
        false => files(command, global, &mut out),
    };
    match done {
        // A reader that went away is no failure of ours.
        Err(ReadFeedError::Stream(problem)) if problem.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::new),
    }
}

fn files(command: &ReadFeed, global: &Global, out: &mut impl Write) -> Result<(), ReadFeedError> {
    let mut failed = 0;
    for name in &command.feeds {
        match read_one(name, command, global) {
            Ok(feed) if global.json => writeln!(out, "{}", line(&Answer::of(&feed)))?,
            Ok(feed) => show(out, name, &feed)?,
            Err(problem) => {
                eprintln!("communique: {problem}");
                failed += 1;
            }
        }
    }
    if failed == 0 { Ok(()) } else { Err(ReadFeedError::Some(failed)) }
}

fn read_one(name: &str, command: &ReadFeed, global: &Global) -> Result<Feed, ReadFeedError> {
    let refused = |cause| ReadFeedError::Feed { name: name.to_owned(), cause };
    if is_address(name) {
        let response = look(Request::document(name), global).map_err(ReadFeedError::Fetch)?;
        return feed::read(&response.body, response.header("content-type"), &response.url).map_err(refused);
    }
    let bytes = std::fs::read(name).map_err(|cause| ReadFeedError::Input { path: name.into(), cause })?;
    let url = command.url.as_deref().unwrap_or_default();
    feed::read(&bytes, command.content_type.as_deref(), url).map_err(refused)
}

/// A line of a batch.
#[derive(Deserialize)]
struct Job {
    path: PathBuf,
    url: Option<String>,
    content_type: Option<String>,
    repeat: Option<u32>,
}

/// Answers each job before the next is read. A feed that cannot be read is an answer with `error`.
fn batch(jobs: &mut impl BufRead, out: &mut impl Write) -> Result<(), ReadFeedError> {
    for line in jobs.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Job>(&line) {
            Ok(job) => answer_job(&job),
            Err(problem) => failed(Path::new(""), format!("not a job: {problem}"), 0),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// Repeats stop after this time on one feed.
const LONG_ENOUGH: Duration = Duration::from_secs(1);

fn answer_job(job: &Job) -> String {
    let path = job.path.as_path();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(problem) => return failed(path, problem.to_string(), 0),
    };
    let url = job.url.as_deref().unwrap_or_default();
    let begin = Instant::now();
    let mut best = Duration::MAX;
    let mut repeats = job.repeat.unwrap_or(1).max(1);
    loop {
        let start = Instant::now();
        let read = feed::read(&bytes, job.content_type.as_deref(), url);
        best = best.min(start.elapsed());
        repeats -= 1;
        if repeats > 0 && begin.elapsed() < LONG_ENOUGH {
            continue;
        }
        let ns = u64::try_from(best.as_nanos()).unwrap_or(u64::MAX);
        return match read {
            Ok(feed) => line(&Answer { path: Some(path), ns, ..Answer::of(&feed) }),
            Err(problem) => failed(path, problem.to_string(), ns),
        };
    }
}

fn failed(path: &Path, error: String, ns: u64) -> String {
    line(&Answer { path: Some(path), error: Some(error), ns, ..Answer::default() })
}

/// A line of JSON.
fn line(answer: &Answer<'_>) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

/// A feed as an answer. Missing text is null; dates are instants in UTC, those without zone taken as UTC.
#[derive(Default, Serialize)]
struct Answer<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'f Path>,
    ok: bool,
    error: Option<String>,
    /// Best time of reading, in nanoseconds; zero outside of a batch.
    ns: u64,
    title: Option<&'f str>,
    link: Option<&'f str>,
    language: Option<&'f str>,
    next: Option<&'f str>,
    entries: Vec<AnswerEntry<'f>>,
    repairs: Vec<String>,
}

#[derive(Serialize)]
struct AnswerEntry<'f> {
    id: Option<&'f str>,
    title: Option<&'f str>,
    link: Option<&'f str>,
    original: Option<&'f str>,
    published: Option<String>,
    updated: Option<String>,
    author: Option<&'f str>,
    summary: Option<&'f str>,
    content: Option<&'f str>,
    enclosures: Vec<&'f str>,
    tags: &'f [String],
    language: Option<Lang>,
}

impl<'f> Answer<'f> {
    fn of(feed: &'f Feed) -> Self {
        Answer {
            ok: true,
            title: text(&feed.title),
            link: text(&feed.link),
            language: text(&feed.language),
            next: feed.next.as_deref(),
            entries: feed.entries.iter().map(AnswerEntry::of).collect(),
            repairs: feed.repairs.iter().map(Warning::to_string).collect(),
            ..Answer::default()
        }
    }
}

impl<'f> AnswerEntry<'f> {
    fn of(entry: &'f Entry) -> Self {
        AnswerEntry {
            id: text(&entry.id),
            title: text(&entry.title),
            link: text(&entry.link),
            original: text(&entry.original),
            published: entry.published.and_then(instant),
            updated: entry.updated.and_then(instant),
            author: entry.authors.first().map(String::as_str),
            summary: text(&entry.summary),
            content: text(&entry.content).or(text(&entry.summary)),
            enclosures: entry.enclosures.iter().map(|file| file.url.as_str()).collect(),
            tags: &entry.tags,
            language: entry.lang,
        }
    }
}

fn text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn instant(date: DateValue) -> Option<String> {
    let offset = date.offset().unwrap_or(Offset::UTC);
    offset.to_timestamp(date.civil()).ok().map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn show(out: &mut impl Write, name: &str, feed: &Feed) -> io::Result<()> {
    writeln!(out, "{name}")?;
    for (name, value) in [("title", &feed.title), ("address", &feed.link), ("language", &feed.language)] {
        if !value.is_empty() {
            writeln!(out, "{name:>10}  {value}")?;
        }
    }
    writeln!(out, "{:>10}  {}", "entries", feed.entries.len())?;
    for repair in &feed.repairs {
        writeln!(out, "{:>10}  {repair}", "repair")?;
    }
    for entry in &feed.entries {
        let date = entry.published.or(entry.updated).map(|date| date.to_string()).unwrap_or_default();
        writeln!(out, "\n{date:<25}  {}", entry.title)?;
        for line in [&entry.link, &entry.authors.join(", "), &entry.tags.join(", ")] {
            if !line.is_empty() {
                writeln!(out, "{:<25}  {line}", "")?;
            }
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_job_has_its_answer_in_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        std::fs::write(
            &path,
            "<rss version='2.0'><channel><title>Féd</title><item><title>A</title><link>/a</link>\
             <pubDate>Mon, 03 Feb 2025 10:00:00 +0100</pubDate></item></channel></rss>",
        )
        .unwrap();
        let jobs = format!(
            "{}\n\nnonsense\n{{\"path\":\"/nowhere\"}}\n",
            json!({"path": path, "url": "https://a.example/feed", "content_type": "text/xml", "repeat": 3})
        );
        let mut out = Vec::new();
        batch(&mut jobs.as_bytes(), &mut out).unwrap();
        let answers: Vec<Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), 3);
        assert_eq!(answers[0]["ok"], true);
        assert_eq!(answers[0]["entries"][0]["link"], "https://a.example/a");
        assert_eq!(answers[0]["entries"][0]["published"], "2025-02-03T09:00:00Z");
        assert!(answers[0]["ns"].as_u64().unwrap() > 0);
        assert_eq!((&answers[1]["ok"], &answers[2]["ok"]), (&json!(false), &json!(false)));
    }
}
