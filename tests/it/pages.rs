//! Pages as people publish them: every fixture reads as its expectation says.
//!
//! A folder of `tests/fixtures/sites/` holds saved pages of our own writing, `expected.json` with what is read from them,
//! and `member.toml` where the pages are those of a member. An expectation names `page`, `url` and `why`, and of the
//! draft what matters: see [`fields`]. `contains` and `lacks` are passages of the text, `warnings` codes that must be
//! there. `{"pair": [a, b], "relation": …}` says what two pages of the folder are to each other.

use communique::{
    config::{File, Files},
    extract::{self, Context, Page},
    model::{Draft, Member, PageState},
    reconcile::{self, Facts, Print},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The day on which all fixtures are read.
const NOW: &str = "2026-03-01T12:00:00Z";

fn folders() -> Vec<PathBuf> {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sites");
    let mut found: Vec<_> = fs::read_dir(sites).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

fn member(folder: &Path) -> Option<Member> {
    let text = fs::read_to_string(folder.join("member.toml")).ok()?;
    let id = folder.file_name().unwrap().to_str().unwrap();
    let settings = File { path: "communique.toml".into(), text: "[server]\n".to_owned() };
    let files =
        Files { settings, members: vec![File { path: format!("members/{id}.toml").into(), text }], themes: None };
    Some(communique::config::parse(&files).unwrap().members.remove(0))
}

fn read(folder: &Path, case: &Value, member: Option<&Member>) -> Draft {
    let body = fs::read(folder.join(case["page"].as_str().unwrap())).unwrap();
    let page = Page { url: case["url"].as_str().unwrap(), content_type: None, robots_tag: None, body: &body };
    let context = Context { member, now: Some(NOW.parse().unwrap()), ..Context::default() };
    extract::page(&page, &context)
}

/// What an expectation may name.
fn fields(draft: &Draft) -> Vec<(&'static str, Value)> {
    let day = |date: &Option<communique::model::DateEvidence>| {
        json!(date.as_ref().map(|date| date.value.to_string().chars().take(10).collect::<String>()))
    };
    let role = |role: &str| {
        let found =
            draft.dates.iter().filter(|date| json!(date.role) == role).map(|date| date.value.date().to_string());
        json!(found.collect::<BTreeSet<_>>())
    };
    let state = match &draft.state {
        PageState::Attachment { parent } => format!("attachment of {parent}"),
        other => json!(other).as_str().unwrap_or_default().to_owned(),
    };
    vec![
        ("title", json!(draft.title)),
        ("published", day(&draft.published)),
        ("modified", day(&draft.modified)),
        ("event", role("event")),
        ("dateline", role("dateline")),
        ("lang", json!(draft.lang)),
        ("machine_translated", json!(draft.machine_translated)),
        ("kind", json!(draft.kind.kind)),
        ("state", json!(state)),
        ("authors", json!(draft.authors)),
        ("place", json!(draft.place)),
        ("contacts", json!(draft.contacts)),
        ("about", json!(draft.about)),
        ("embargo", json!(draft.embargo)),
        ("canonical", json!(draft.canonical)),
        ("credit", json!(draft.image.as_ref().map(|image| &image.credit))),
        ("alt", json!(draft.image.as_ref().map(|image| &image.alt))),
        ("attachments", json!(draft.attachments.iter().map(|file| &file.url).collect::<Vec<_>>())),
        ("text", json!(draft.text.lines().collect::<Vec<_>>())),
    ]
}

/// What is wrong about a page.
fn faults(draft: &Draft, case: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, got) in fields(draft) {
        if let Some(wanted) = case.get(name).filter(|wanted| **wanted != got) {
            faults.push(format!("{name}: wanted {wanted}, got {got}"));
        }
    }
    let passages = |name: &str| case[name].as_array().cloned().unwrap_or_default();
    for passage in passages("contains") {
        if !draft.text.contains(passage.as_str().unwrap()) {
            faults.push(format!("the text lacks {passage}: {}", draft.text));
        }
    }
    for passage in passages("lacks") {
        let passage = passage.as_str().unwrap();
        if draft.text.contains(passage) || draft.html.contains(passage) {
            faults.push(format!("text or HTML has {passage:?}: {}", draft.text));
        }
    }
    for code in passages("warnings") {
        if !draft.warnings.iter().any(|warning| warning.code == code.as_str().unwrap()) {
            faults.push(format!("no warning {code}: {:?}", draft.warnings));
        }
    }
    faults
}

fn relation(folder: &Path, cases: &[Value], pair: &Value, member: Option<&Member>) -> String {
    let id = communique::model::MemberId::new("site").unwrap();
    let names: Vec<String> =
        member.iter().flat_map(|member| member.names.iter().map(|name| name.name.clone())).collect();
    let print = |number: usize| {
        let name = &pair["pair"][number];
        let case = cases.iter().find(|case| case["page"] == *name).unwrap();
        let draft = read(folder, case, member);
        let facts = Facts {
            publication: number as i64,
            member: &id,
            url: case["url"].as_str().unwrap(),
            aliases: &[],
            moved_to: None,
            live: true,
            machine: draft.machine_translated.is_some(),
            native: member.and_then(|member| member.language_of("/")).map(|entry| entry.lang),
        };
        Print::new(&facts, &draft, &names)
    };
    reconcile::relation(&print(0), &print(1)).as_str().to_owned()
}

#[test]
fn every_page_reads_as_expected() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let cases: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
        let member = member(&folder);
        let mut named = BTreeSet::new();
        for case in &cases {
            let name = |page: &Value| format!("{}/{}", folder.file_name().unwrap().display(), page.as_str().unwrap());
            if case.get("pair").is_some() {
                let got = relation(&folder, &cases, case, member.as_ref());
                if case["relation"] != got {
                    wrong.push(format!("{}: wanted {}, got {got}", case["pair"], case["relation"]));
                }
                continue;
            }
            named.insert(case["page"].as_str().unwrap().to_owned());
            let found = faults(&read(&folder, case, member.as_ref()), case);
            wrong.extend(found.into_iter().map(|fault| format!("{} ({}): {fault}", name(&case["page"]), case["why"])));
        }
        let pages = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let pages: BTreeSet<String> = pages.filter(|page| page.ends_with(".html")).collect();
        assert_eq!(pages, named, "every page of {} has an expectation", folder.display());
    }
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), wrong.join("\n"));
}

/// The fifty traps of real sites have a page each.
#[test]
fn every_trap_has_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sites/traps");
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let traps = cases.iter().flat_map(|case| case["traps"].as_array().cloned().unwrap_or_default());
    let shown: BTreeSet<u64> = traps.map(|trap| trap.as_u64().unwrap()).collect();
    assert_eq!(shown, (1..=50).collect());
}
