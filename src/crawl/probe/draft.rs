//! The member file that a probe drafts: what is known stands there, what a person may add stands as a comment.

use super::Probe;
use super::about::About;
use crate::model::{LanguagePrefix, Member};
use jiff::Timestamp;
use std::fmt::Write;

/// The text of `members/<id>.toml`.
pub fn member_file(member: &Member, probe: &Probe, about: &About, now: Timestamp) -> String {
    let mut file = String::new();
    let day = now.strftime("%Y-%m-%d");
    let system = if probe.evidence.is_empty() {
        &probe.system
    } else {
        &format!("{}, {}", probe.system, one_line(&probe.evidence))
    };
    // Writing into a string cannot fail.
    let _ = writeln!(file, "# {}: drafted by `communique probe` on {day}.", one_line(member.name()));
    let _ = writeln!(file, "# System: {system}; detected again at the first visit.");
    let _ = writeln!(file, "\nid = {}", quoted(member.id.as_str()));
    let _ = writeln!(file, "name = {}          # or [[names]] with since / until", quoted(member.name()));
    let _ = writeln!(file, "home = {}", quoted(&member.home));
    let _ = writeln!(file, "# timezone = \"Europe/Paris\"   # of dates without a zone");
    if !member.feeds.is_empty() {
        let _ = writeln!(file, "\n# Feeds that no page announces.");
        let feeds: Vec<String> = member.feeds.iter().map(|feed| quoted(feed)).collect();
        let _ = writeln!(file, "feeds = [{}]", feeds.join(", "));
    }
    languages(&mut file, &member.languages);
    for host in member.hosts.iter().skip(1) {
        let name = host.port.map_or_else(|| host.name.clone(), |port| format!("{}:{port}", host.name));
        let _ = writeln!(file, "\n# It leads to the home page above.\n[[hosts]]\nname = {}", quoted(&name));
    }
    if !about.neighbours.is_empty() {
        let _ = writeln!(
            file,
            "\n# The home page links to these hosts of the same domain; those that are the member's go here too:"
        );
        for host in &about.neighbours {
            let _ = writeln!(file, "# [[hosts]]\n# name = {}", quoted(host));
        }
    }
    categories(&mut file, probe);
    file
}

fn languages(file: &mut String, languages: &[LanguagePrefix]) {
    if let [only] = languages {
        let _ = writeln!(file, "lang = {}", quoted(only.lang.as_str()));
        return;
    }
    let _ = writeln!(file, "\n# The part of the site tells the language.\n[languages]");
    for entry in languages.iter().rev() {
        let lang = quoted(entry.lang.as_str());
        let value = match entry.machine_translated {
            true => format!("{{ lang = {lang}, machine_translated = true }}"),
            false => lang,
        };
        let _ = writeln!(file, "{} = {value}", quoted(&entry.prefix));
    }
}

/// Categories seen on the samples, to be told what they mean here.
fn categories(file: &mut String, probe: &Probe) {
    let mut names: Vec<&String> = probe.samples.iter().flat_map(|sample| &sample.draft.categories).collect();
    names.sort();
    names.dedup();
    let Some(first) = names.first() else { return };
    let all: Vec<String> = names.iter().take(20).map(|name| quoted(name)).collect();
    let _ = writeln!(file, "\n# The site's own categories may tell kinds, themes and countries. Seen on the samples:");
    let _ = writeln!(file, "# {}", all.join(", "));
    let _ =
        writeln!(file, "# [[categories]]\n# name = {}\n# kind = \"release\"   # or theme, or country", quoted(first));
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    // Without control characters a string of JSON is one of TOML.
    serde_json::Value::from(one_line(text)).to_string()
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}
