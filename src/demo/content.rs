//! A content file: `key: value` lines between two lines of `---`, then the text (see `sites/README.md`).

use super::{DemoError, Ports};
use jiff::{Timestamp, civil::DateTime};

pub(super) const ACTION_EDUCATION: &str = "action-education.localhost";
pub(super) const SOLIDARITE_LAIQUE: &str = "solidarite-laique.localhost";

/// Every key that a content file may use.
const KEYS: &[&str] = &[
    "title",
    "id",
    "slug",
    "type",
    "date",
    "modified",
    "categories",
    "tags",
    "image",
    "caption",
    "pdf",
    "flags",
    "section",
    "dated",
    "short",
    "about",
    "lead",
];

/// Addresses of the two sites, without final slash; texts write them `{{ae}}` and `{{sl}}`.
#[derive(Debug, Clone)]
pub(super) struct Homes {
    pub action_education: String,
    pub action_education_before: String,
    pub solidarite_laique: String,
    pub solidarite_laique_www: String,
}

impl Homes {
    pub fn new(ports: Ports) -> Self {
        let (first, second) = (ports.action_education, ports.solidarite_laique);
        Self {
            action_education: format!("http://{ACTION_EDUCATION}:{first}"),
            action_education_before: format!("http://france.aide-et-action.localhost:{first}"),
            solidarite_laique: format!("http://{SOLIDARITE_LAIQUE}:{second}"),
            solidarite_laique_www: format!("http://www.{SOLIDARITE_LAIQUE}:{second}"),
        }
    }

    /// `text` with the addresses of the sites filled in.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{{ae}}", &self.action_education)
            .replace("{{ae-before}}", &self.action_education_before)
            .replace("{{sl}}", &self.solidarite_laique)
            .replace("{{sl-www}}", &self.solidarite_laique_www)
    }
}

/// A content file as read.
#[derive(Debug, Clone)]
pub(super) struct Page {
    /// Its path below `src/demo/`.
    pub path: &'static str,
    /// File name without folder and ending.
    pub stem: &'static str,
    fields: Vec<(&'static str, &'static str)>,
    /// The text below the front matter.
    pub body: &'static str,
}

impl Page {
    /// Reads a content file. An unknown key, a missing `title` or `date` are errors with their line.
    pub fn read(path: &'static str, text: &'static str) -> Result<Self, DemoError> {
        let wrong = |line: usize, problem: String| DemoError::Content { path, line, problem };
        let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let (front, body) = front.ok_or_else(|| wrong(1, "no front matter between two lines of `---`".to_owned()))?;
        let mut fields = Vec::new();
        for (number, line) in front.lines().enumerate() {
            let (key, value) = line.split_once(':').unwrap_or((line, ""));
            if !KEYS.contains(&key) {
                return Err(wrong(number + 2, format!("`{key}` is not a key: use {}", KEYS.join(", "))));
            }
            fields.push((key, value.trim()));
        }
        let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md");
        let page = Self { path, stem, fields, body };
        if page.get("title").is_empty() {
            return Err(wrong(1, "no `title`".to_owned()));
        }
        page.parse_date("date")?;
        page.parse_date("modified")?;
        Ok(page)
    }

    /// A value of the front matter, empty when absent.
    pub fn get(&self, key: &str) -> &'static str {
        self.fields.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value)
    }

    /// The parts of a value that is a list with commas.
    pub fn list(&self, key: &str) -> impl Iterator<Item = &'static str> {
        self.get(key).split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    /// Whether `flags` has `flag`.
    pub fn is(&self, flag: &str) -> bool {
        self.list("flags").any(|known| known == flag)
    }

    /// When it was published, in the time of Paris.
    pub fn date(&self) -> DateTime {
        self.parse_date("date").ok().flatten().unwrap_or_default()
    }

    /// When it was last edited, in the time of Paris.
    pub fn modified(&self) -> DateTime {
        self.parse_date("modified").ok().flatten().unwrap_or_else(|| self.date())
    }

    fn parse_date(&self, key: &str) -> Result<Option<DateTime>, DemoError> {
        let value = self.get(key);
        if value.is_empty() {
            return Ok(None);
        }
        let problem = |error: jiff::Error| DemoError::Content { path: self.path, line: 1, problem: error.to_string() };
        value.parse().map(Some).map_err(problem)
    }
}

/// The instant of a time of Paris.
pub(super) fn instant(local: DateTime) -> Timestamp {
    local.in_tz("Europe/Paris").map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// The first `count` words of a text, from markup: what a list shows below a title.
pub(super) fn lead(html: &str, count: usize) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        if ["/p", "/h", "/li", "/div", "br"].iter().any(|block| tag.starts_with(block)) {
            text.push(' ');
        }
        text.push_str(words);
    }
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let end = if words.len() > count { " […]" } else { "" };
    format!("{}{end}", words[..words.len().min(count)].join(" "))
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A day as the French write it: `1er décembre 2021`.
pub(super) fn french_day(date: DateTime) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {month} {}", date.year())
}
