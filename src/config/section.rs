//! Reads one table of a file: values by key, with all that is wrong about them, and keys that nobody asked for.

use super::mistake::{File, Report};
use std::{cell::RefCell, collections::BTreeSet};
use toml_edit::{Item, TableLike, Value};

/// How a value is read: the error says what was wanted.
pub(super) type Reading<T> = fn(&Value) -> Result<T, String>;

/// A table of a file. Keys that were asked for are known; [`Section::finish`] reports the others.
pub(super) struct Section<'a> {
    file: &'a File,
    report: &'a Report,
    table: &'a dyn TableLike,
    line: usize,
    /// Keys of the file's top, to advise on one that slipped below a table.
    top: &'static [&'static str],
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// The top of a file; `top` are the keys it may have.
    pub(super) fn top(
        file: &'a File,
        report: &'a Report,
        table: &'a dyn TableLike,
        top: &'static [&'static str],
    ) -> Self {
        Self { file, report, table, line: 1, top, known: RefCell::default() }
    }

    /// A table of this file that starts on `line`.
    pub(super) fn within(&self, table: &'a dyn TableLike, line: usize) -> Section<'a> {
        Section { file: self.file, report: self.report, table, line, top: self.top, known: RefCell::default() }
    }

    /// The line of `key`, or of the table when it is not there.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let key = self.table.get_key_value(key);
        key.map_or(self.line, |(key, item)| self.file.line(key.span().or_else(|| item.span())))
    }

    /// Reports something about `key`.
    pub(super) fn wrong(&self, key: &str, message: impl Into<String>) {
        self.report.add(self.file, Some(self.line_of(key)), message);
    }

    /// Reports something about a line of this file.
    pub(super) fn wrong_at(&self, line: usize, message: impl Into<String>) {
        self.report.add(self.file, Some(line), message);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn item(&self, key: &'static str) -> Option<&'a Item> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    /// The value of `key`; a wrong one is reported and counts as missing.
    pub(super) fn get<T>(&self, key: &'static str, reading: Reading<T>) -> Option<T> {
        let item = self.item(key)?;
        let Some(value) = item.as_value() else {
            self.wrong(key, format!("`{key}`: a value is wanted, not {}", kind_of(item)));
            return None;
        };
        reading(value).map_err(|problem| self.wrong(key, format!("`{key}`: {problem}"))).ok()
    }

    /// Puts the value of `key` into `place`, which keeps its default where there is none.
    pub(super) fn set<T>(&self, place: &mut T, key: &'static str, reading: Reading<T>) {
        if let Some(value) = self.get(key, reading) {
            *place = value;
        }
    }

    /// The value of a key that must be there; `example` shows what to write.
    pub(super) fn need<T>(&self, key: &'static str, reading: Reading<T>, example: &str) -> Option<T> {
        if !self.has(key) {
            self.wrong(key, format!("`{key}` is missing, for example: {key} = {example}"));
        }
        self.get(key, reading)
    }

    /// The values of a list, each with its line; wrong ones are reported and left out.
    pub(super) fn list<T>(&self, key: &'static str, reading: Reading<T>) -> Vec<(T, usize)> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong(key, format!("`{key}`: a list in brackets is wanted, not {}", kind_of(item)));
            return Vec::new();
        };
        let mut values = Vec::new();
        for value in array {
            let line = self.file.line(value.span());
            match reading(value) {
                Ok(read) => values.push((read, line)),
                Err(problem) => self.report.add(self.file, Some(line), format!("`{key}`: {problem}")),
            }
        }
        values
    }

    /// The table `[key]`.
    pub(super) fn table(&self, key: &'static str) -> Option<Section<'a>> {
        let item = self.item(key)?;
        let Some(table) = item.as_table_like() else {
            self.wrong(key, format!("`{key}`: a table [{key}] is wanted, not {}", kind_of(item)));
            return None;
        };
        Some(self.within(table, self.line_of(key)))
    }

    /// The tables `[[key]]`.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let section = |table: &'a dyn TableLike, span| self.within(table, self.file.line(span));
        if let Some(tables) = item.as_array_of_tables() {
            return tables.iter().map(|table| section(table, table.span())).collect();
        }
        let inline = item.as_array().filter(|array| array.iter().all(Value::is_inline_table));
        let Some(inline) = inline else {
            self.wrong(key, format!("`{key}`: tables [[{key}]] are wanted, not {}", kind_of(item)));
            return Vec::new();
        };
        let tables = inline.iter().filter_map(|value| Some((value.as_inline_table()?, value.span())));
        tables.map(|(table, span)| section(table, span)).collect()
    }

    /// Every key and item of a table whose keys are free, with the line.
    pub(super) fn entries(&self) -> Vec<(&'a str, &'a Item, usize)> {
        self.table.iter().map(|(key, item)| (key, item, self.line_of(key))).collect()
    }

    /// Reports the keys that nobody asked for, with the nearest right name.
    pub(super) fn finish(self) {
        let known = self.known.borrow();
        for (key, _) in self.table.iter() {
            if known.contains(&key) {
                continue;
            }
            if self.top.contains(&key) {
                self.wrong(key, format!("`{key}` belongs to the top of the file, above the first table in brackets"));
                continue;
            }
            let advice = match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let mut names: Vec<&str> = known.clone();
                    names.sort_unstable();
                    names.dedup();
                    format!("here may stand: {}", names.join(", "))
                }
            };
            self.wrong(key, format!("unknown key `{key}`, {advice}"));
        }
    }
}

/// The name that `word` most likely stands for; `None` when none is near.
pub(super) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    // The nearest comes first, and of equals the first by name, whatever the order of `names`.
    let mut near: BTreeSet<(usize, &str)> = BTreeSet::new();
    for name in names {
        let distance = strsim::osa_distance(&word, name);
        let begins = (name.starts_with(&word) || word.starts_with(name)) && word.len().min(name.len()) >= 4;
        if begins || distance <= (name.chars().count().max(word.chars().count()) / 3).max(1) {
            near.insert((distance, name));
        }
    }
    near.first().map(|(_, name)| *name)
}

/// What an item is, in an editor's words.
pub(super) fn kind_of(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Value(value) => kind_of_value(value),
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
    }
}

/// What a value is, in an editor's words.
pub(super) fn kind_of_value(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_right_name() {
        let names = ["name", "names", "home", "lang", "languages", "commit_every", "delay_ms", "hosts"];
        for (word, wanted) in [
            ("nmae", Some("name")),
            ("Name", Some("name")),
            ("host", Some("hosts")),
            ("delay", Some("delay_ms")),
            ("commit_every_ms", Some("commit_every")),
            ("language", Some("languages")),
            ("colour", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, names.into_iter()), wanted, "{word}");
        }
    }
}
