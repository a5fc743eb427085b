//! `communique explain ID|URL`: why a page is in or out, replayed from what is stored.

use super::house::{configuration, store};
use super::{Failure, Global};
use crate::{
    model::DateEvidence,
    publish::{self, Explained, PageStory, Story},
};
use clap::Args;
use serde_json::{Value, json};

/// Say why a page or release is in or out: kind, dates with evidence, themes, copies, history
#[derive(Debug, Args)]
pub struct Explain {
    /// Id of a release, or address of a page
    #[arg(value_name = "ID|URL")]
    asked: String,
}

/// Runs the command.
pub fn run(command: &Explain, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let store = store(&config)?;
    let explained = publish::explain(&store, &config, &command.asked).map_err(Failure::new)?;
    if global.json {
        println!("{}", as_json(&explained));
    } else {
        for line in lines(&explained) {
            println!("{line}");
        }
    }
    match explained {
        Explained::Unknown => Err(Failure::new(format!("nothing is known of `{}`", command.asked))),
        _ => Ok(()),
    }
}

fn lines(explained: &Explained) -> Vec<String> {
    match explained {
        Explained::Release(story) => of_release(story),
        Explained::Page(story) => {
            let mut lines = vec![format!("{}: no release", story.piece.known.url)];
            lines.extend(of_page(story));
            lines
        }
        Explained::Rejected(rejected) => {
            vec![format!("{}: kept out: {} ({})", rejected.url, rejected.reason, rejected.at)]
        }
        Explained::Unknown => Vec::new(),
    }
}

/// Whether readers see a release, in words.
fn state(story: &Story) -> String {
    let row = &story.row;
    match &row.merged_into {
        Some(into) => format!("joined into {into}"),
        None if row.hidden => format!("hidden by the staff since {}", row.since),
        None if !row.shown => format!("gone since {}", row.since),
        None => format!("visible since {}", row.since),
    }
}

fn of_release(story: &Story) -> Vec<String> {
    let release = &story.row.release;
    let mut lines = vec![
        format!("{}: {}", release.id, release.title),
        format!("  {}, {}, {}", release.kind, release.lang, state(story)),
        format!("  first seen {}, updated {}, rank {}", release.first_seen, release.updated, release.rank),
    ];
    for tag in story.themes() {
        let words: Vec<String> = tag.evidence.iter().map(|words| format!("“{words}”")).collect();
        lines.push(format!("  theme {} {:.2}: {}", tag.id, tag.score, words.join(", ")));
    }
    for place in &release.countries {
        lines.push(format!("  country {}: {}", place.id, place.evidence.join(", ")));
    }
    if story.row.anchor.is_none() {
        lines.push("  imported by hand".to_owned());
    }
    for page in &story.pages {
        let joined = match page.joined_by.as_deref() {
            None | Some("none") => "the lead".to_owned(),
            Some(why) => why.to_owned(),
        };
        lines.push(format!("{} ({joined})", page.piece.known.url));
        lines.extend(of_page(page));
    }
    lines.push("history".to_owned());
    lines.extend(
        story.history.iter().map(|then| format!("  {} {} {}", then.at, then.what, then.detail).trim_end().to_owned()),
    );
    lines
}

fn of_page(story: &PageStory) -> Vec<String> {
    let (known, draft) = (&story.piece.known, &story.piece.draft);
    let mut lines = vec![
        format!("  {} of {}, first seen {}, visited {}", birth(story), known.member, known.first_seen, known.visited),
        format!("  kind {}: {}", draft.kind.kind, draft.kind.reason),
        format!("  state {:?}, standing {:?}", draft.state, known.standing),
    ];
    if let Some(missing) = &story.missing {
        lines.push(format!("  missing since {}: {}, seen so in {} rounds", missing.since, missing.why, missing.rounds));
    }
    lines.push(match &draft.published {
        Some(date) => format!("  published {}", evidence(date)),
        None => "  published: no date found".to_owned(),
    });
    lines.extend(
        draft
            .dates
            .iter()
            .filter(|date| draft.published.as_ref() != Some(*date))
            .map(|date| format!("  also {}", evidence(date))),
    );
    lines.extend(story.piece.aliases.iter().map(|alias| format!("  also at {alias}")));
    lines.extend(story.like.iter().map(|(url, relation)| format!("  {} {url}", relation.as_str())));
    lines.extend(draft.warnings.iter().map(|warning| format!("  remark {warning}")));
    lines
}

fn birth(story: &PageStory) -> String {
    format!("publication {} ({})", story.piece.known.publication.0, story.piece.birth)
}

fn evidence(date: &DateEvidence) -> String {
    format!("{} ({:?}, {:?}: “{}”)", date.value, date.role, date.source, date.raw)
}

fn as_json(explained: &Explained) -> Value {
    match explained {
        Explained::Release(story) => json!({
            "found": "release",
            "state": state(story),
            "release": story.row.release,
            "pages": story.pages.iter().map(page_json).collect::<Vec<_>>(),
            "history": story.history.iter().map(|then| json!({ "at": then.at, "what": then.what, "detail": then.detail })).collect::<Vec<_>>(),
        }),
        Explained::Page(story) => json!({ "found": "page", "pages": [page_json(story)] }),
        Explained::Rejected(rejected) => {
            json!({ "found": "rejected", "url": rejected.url, "reason": rejected.reason, "at": rejected.at })
        }
        Explained::Unknown => json!({ "found": "nothing" }),
    }
}

fn page_json(story: &PageStory) -> Value {
    let (known, draft) = (&story.piece.known, &story.piece.draft);
    json!({
        "url": known.url, "aliases": story.piece.aliases, "member": known.member,
        "publication": known.publication.0, "born_as": story.piece.birth, "joined_by": story.joined_by,
        "standing": format!("{:?}", known.standing).to_lowercase(), "first_seen": known.first_seen, "visited": known.visited,
        "missing": story.missing.as_ref().map(|m| json!({ "why": m.why, "since": m.since, "rounds": m.rounds })),
        "kind": draft.kind, "state": draft.state, "lang": draft.lang, "machine_translated": draft.machine_translated,
        "published": draft.published, "dates": draft.dates, "warnings": draft.warnings,
        "like": story.like.iter().map(|(url, relation)| json!({ "url": url, "relation": relation.as_str() })).collect::<Vec<_>>(),
    })
}
