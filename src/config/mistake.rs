//! What is wrong in the configuration, and where?

use std::{cell::RefCell, fmt, ops::Range, path::PathBuf};

/// Something wrong in the configuration. Shown as `file:line: message`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, below the folder as it was given.
    pub file: PathBuf,
    /// Line from 1; `None` when the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong and what would be right, lower case, without full stop.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Mistake {}

/// A file of the configuration as read.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it stands; used in messages only.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

impl File {
    /// The line, from 1, on which `span` starts.
    pub(super) fn line(&self, span: Option<Range<usize>>) -> usize {
        let start = span.map_or(0, |span| span.start).min(self.text.len());
        1 + self.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count()
    }
}

/// Collects mistakes, so that all are told at once.
#[derive(Debug, Default)]
pub(super) struct Report(RefCell<Vec<Mistake>>);

impl Report {
    pub(super) fn add(&self, file: &File, line: Option<usize>, message: impl Into<String>) {
        self.0.borrow_mut().push(Mistake { file: file.path.clone(), line, message: message.into() });
    }

    /// Every mistake once, by file and line.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = self.0.take();
        mistakes.sort();
        mistakes.dedup();
        mistakes
    }
}
