//! A table for spreadsheets (RFC 4180), inert: nothing in it is a formula.

use super::WriteError;
use super::entry::{Channel, Entry};

const HEADER: &str = "id,published,title,language,kind,members,themes,countries,url,page";

/// Writes the document, with the byte order mark that spreadsheets need to see UTF-8.
pub fn write(channel: &Channel) -> Result<String, WriteError> {
    let mut out = format!("\u{feff}{HEADER}\r\n");
    for entry in &channel.entries {
        let row = row(entry).map(|field| quoted(&field));
        out.push_str(&row.join(","));
        out.push_str("\r\n");
    }
    Ok(out)
}

fn row(entry: &Entry) -> [String; 10] {
    let names = |list: Vec<&str>| list.join("; ");
    [
        entry.id.rsplit('/').next().unwrap_or_default().to_owned(),
        entry.day.clone(),
        entry.title.clone(),
        entry.lang.to_string(),
        entry.kind.1.clone(),
        names(entry.authors.iter().map(|(name, _)| name.as_str()).collect()),
        names(entry.themes.iter().map(|(_, label)| label.as_str()).collect()),
        names(entry.countries.iter().map(String::as_str).collect()),
        entry.link.clone(),
        entry.page.clone(),
    ]
}

/// Spreadsheets run what begins with `=`, `+`, `-`, `@`, a tab or a line break; an apostrophe in front makes it text.
fn quoted(field: &str) -> String {
    let flat: String = field.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let is_formula = flat.trim_start().starts_with(['=', '+', '-', '@']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", flat.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_is_a_formula() {
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(quoted(" +1\r\n"), "\"' +1  \"");
        assert_eq!(quoted("Paix, école"), "\"Paix, école\"");
    }
}
