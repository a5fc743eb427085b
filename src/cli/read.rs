//! `communique read`: what we read from a page.

use super::{Failure, Global, system_clock};
use crate::{
    extract::{self, Context, Page},
    model::{Attachment, DateEvidence, DateValue, Draft, Image, KindGuess, Lang, PageState, Precision, Warning},
};
use clap::Args;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Condvar, Mutex, PoisonError},
};

/// Answers that may wait for an earlier one, in all: bounds the memory of a batch.
const AHEAD: usize = 64;

/// Read pages and say what they are: title, dates with evidence, language, kind, text
#[derive(Debug, Args)]
pub struct Read {
    /// Saved pages
    #[arg(value_name = "FILE", required_unless_present = "batch")]
    pages: Vec<PathBuf>,
    /// The address that the page was saved from
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Read every page of a list, one {"path","url"} a line; prints JSON lines in the same order
    #[arg(long, value_name = "LIST", conflicts_with_all = ["pages", "url"])]
    batch: Option<PathBuf>,
}

/// Runs the command.
pub fn run(command: &Read, global: &Global) -> Result<(), Failure> {
    let now = system_clock().now();
    let done = match &command.batch {
        Some(list) => batch(list, now),
        None => single(command, global, now),
    };
    match done {
        // A reader that went away is no failure of ours.
        Err(ReadError::Output(problem)) if problem.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::new),
    }
}

#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error("{}: {cause}", path.display())]
    Input { path: PathBuf, cause: io::Error },
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
    #[error("{0} of the pages could not be read")]
    Some(usize),
}

fn single(command: &Read, global: &Global, now: Timestamp) -> Result<(), ReadError> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = 0;
    for path in &command.pages {
        let url = command.url.clone().unwrap_or_else(|| file_url(path));
        match read_file(path, &url, now) {
            Ok(draft) if global.json => writeln!(out, "{}", answer(&draft))?,
            Ok(draft) => summary(&mut out, &draft)?,
            Err(problem) => {
                eprintln!("communique: {problem}");
                failed += 1;
            }
        }
    }
    out.flush()?;
    if failed == 0 { Ok(()) } else { Err(ReadError::Some(failed)) }
}

fn file_url(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    ::url::Url::from_file_path(absolute).map(String::from).unwrap_or_default()
}

fn read_file(path: &Path, url: &str, now: Timestamp) -> Result<Draft, ReadError> {
    let body = std::fs::read(path).map_err(|cause| ReadError::Input { path: path.to_owned(), cause })?;
    let context = Context { now: Some(now), ..Context::default() };
    Ok(extract::page(&Page { url, content_type: None, robots_tag: None, body: &body }, &context))
}

/// A line of a batch list.
#[derive(Deserialize)]
struct Job {
    path: PathBuf,
    #[serde(default)]
    url: String,
}

/// Reads the pages of a list on all cores. A page that cannot be read is an answer with `error`; only a list that
/// cannot be read or an output that is gone ends the run.
fn batch(list: &Path, now: Timestamp) -> Result<(), ReadError> {
    let file = std::fs::File::open(list).map_err(|cause| ReadError::Input { path: list.to_owned(), cause })?;
    let jobs = Mutex::new(BufReader::new(file).lines().enumerate());
    let answers = InOrder::new(BufWriter::new(io::stdout()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, line)) = next else { return };
                    if !answers.put(number, job(number, line, now)) {
                        return;
                    }
                }
            });
        }
    });
    answers.finish()
}

/// Writes answers in the order of their numbers. What arrives early is kept, what arrives much too early waits.
struct InOrder<W> {
    state: Mutex<Waiting<W>>,
    moved: Condvar,
}

struct Waiting<W> {
    out: W,
    due: usize,
    early: BTreeMap<usize, String>,
    problem: Option<io::Error>,
}

impl<W: Write> InOrder<W> {
    fn new(out: W) -> Self {
        let state = Waiting { out, due: 0, early: BTreeMap::new(), problem: None };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    /// Takes the answer of `number`; false when nothing can be written any more.
    fn put(&self, number: usize, line: String) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let too_early = |state: &mut Waiting<W>| state.problem.is_none() && number >= state.due + AHEAD;
        let mut state = self.moved.wait_while(state, too_early).unwrap_or_else(PoisonError::into_inner);
        state.early.insert(number, line);
        state.write_due();
        self.moved.notify_all();
        state.problem.is_none()
    }

    fn finish(self) -> Result<(), ReadError> {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        match state.problem.take() {
            Some(problem) => Err(problem.into()),
            None => Ok(state.out.flush()?),
        }
    }
}

impl<W: Write> Waiting<W> {
    fn write_due(&mut self) {
        while let Some(line) = self.early.remove(&self.due) {
            if let Err(problem) = writeln!(self.out, "{line}") {
                self.problem.get_or_insert(problem);
            }
            self.due += 1;
        }
    }
}

fn job(number: usize, line: io::Result<String>, now: Timestamp) -> String {
    let parsed = line.map_err(|problem| problem.to_string());
    let parsed = parsed.and_then(|line| serde_json::from_str::<Job>(&line).map_err(|problem| problem.to_string()));
    let job = match parsed {
        Ok(job) => job,
        Err(problem) => return failed("", &format!("line {}: {problem}", number + 1)),
    };
    let url = if job.url.is_empty() { file_url(&job.path) } else { job.url };
    match read_file(&job.path, &url, now) {
        Ok(draft) => answer(&draft),
        Err(problem) => failed(&url, &problem.to_string()),
    }
}

/// The draft as an answer, in the order in which a reader looks: a date is {value, precision, evidence}, the rest is as
/// in the model.
#[derive(Serialize)]
struct Answer<'d> {
    url: &'d str,
    canonical: &'d str,
    title: &'d str,
    published: Option<Dated<'d>>,
    modified: Option<Dated<'d>>,
    lang: Option<Lang>,
    machine_translated: Option<&'d str>,
    kind: &'d KindGuess,
    state: &'d PageState,
    authors: &'d [String],
    image: Option<&'d Image>,
    summary: &'d str,
    html: &'d str,
    text: &'d str,
    place: &'d str,
    contacts: &'d str,
    embargo: Option<&'d str>,
    about: &'d str,
    attachments: &'d [Attachment],
    translations: &'d [(Lang, String)],
    categories: &'d [String],
    dates: &'d [DateEvidence],
    warnings: &'d [Warning],
}

#[derive(Serialize)]
struct Dated<'d> {
    value: DateValue,
    precision: Precision,
    evidence: &'d DateEvidence,
}

fn dated(date: &DateEvidence) -> Dated<'_> {
    Dated { value: date.value, precision: date.value.precision(), evidence: date }
}

/// The draft as one line of JSON.
fn answer(draft: &Draft) -> String {
    let answer = Answer {
        url: &draft.url,
        canonical: &draft.canonical,
        title: &draft.title,
        published: draft.published.as_ref().map(dated),
        modified: draft.modified.as_ref().map(dated),
        lang: draft.lang,
        machine_translated: draft.machine_translated.as_deref(),
        kind: &draft.kind,
        state: &draft.state,
        authors: &draft.authors,
        image: draft.image.as_ref(),
        summary: &draft.summary,
        html: &draft.html,
        text: &draft.text,
        place: &draft.place,
        contacts: &draft.contacts,
        embargo: draft.embargo.as_deref(),
        about: &draft.about,
        attachments: &draft.attachments,
        translations: &draft.translations,
        categories: &draft.categories,
        dates: &draft.dates,
        warnings: &draft.warnings,
    };
    serde_json::to_string(&answer).unwrap_or_else(|problem| failed(&draft.url, &problem.to_string()))
}

/// The answer for a page that could not be read.
fn failed(url: &str, problem: &str) -> String {
    json!({"url": url, "error": problem}).to_string()
}

fn summary(out: &mut impl Write, draft: &Draft) -> std::io::Result<()> {
    let mut row = |name: &str, value: String| match value.is_empty() {
        true => Ok(()),
        false => writeln!(out, "{name:>10}  {value}"),
    };
    row("address", draft.url.clone())?;
    row("canonical", if draft.canonical == draft.url { String::new() } else { draft.canonical.clone() })?;
    row("title", draft.title.clone())?;
    for (name, date) in [("published", &draft.published), ("modified", &draft.modified)] {
        row(
            name,
            date.as_ref()
                .map(|date| {
                    format!("{} ({}: {})", date.value, json!(date.source).as_str().unwrap_or_default(), date.raw)
                })
                .unwrap_or_default(),
        )?;
    }
    row("language", draft.lang.map(|lang| lang.to_string()).unwrap_or_default())?;
    row("kind", format!("{} ({})", draft.kind.kind, draft.kind.reason))?;
    row("state", json!(draft.state).to_string().trim_matches('"').to_owned())?;
    row("authors", draft.authors.join(", "))?;
    row("image", draft.image.as_ref().map(|image| image.url.clone()).unwrap_or_default())?;
    for warning in &draft.warnings {
        row("warning", warning.to_string())?;
    }
    writeln!(out, "\n{}\n", draft.text)
}
