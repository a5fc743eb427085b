//! The filler of templates: `{{name}}` becomes the value called `name`, which is HTML already.
//! An unknown name stays as it is, and the test that walks all pages finds it.

use std::collections::HashMap;

/// Values by name.
pub(super) type Values = HashMap<&'static str, String>;

/// `template` with its names filled in.
pub(super) fn fill(template: &str, values: &Values) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            rest = &rest[before.len()..];
            break;
        };
        match values.get(name) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A file of `name: value` lines as values; blank lines are left out.
pub(super) fn labels(text: &'static str) -> Values {
    text.lines().filter_map(|line| line.split_once(": ")).map(|(name, value)| (name, value.to_owned())).collect()
}
