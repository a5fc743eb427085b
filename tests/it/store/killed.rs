//! The program is killed in the middle of its work, again and again: it starts by itself, nothing acknowledged is lost,
//! nothing is doubled.

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Instant,
};
use tempfile::TempDir;

const LINES: usize = 2_000;

fn communique(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_communique"));
    command.current_dir(folder).env("COMMUNIQUE_DATA", "data").env("COMMUNIQUE_INDEX", "index").args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs to the end and gives what it printed.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = communique(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Rank and text of every exported release by its id.
fn exported(folder: &Path) -> BTreeMap<String, (i64, String)> {
    let lines = run(folder, &["export"]);
    let parsed = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found: Vec<_> = parsed
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            (text("id"), (line["rank"].as_i64().unwrap(), text("text")))
        })
        .collect();
    let count = found.len();
    let by_id: BTreeMap<_, _> = found.into_iter().collect();
    assert_eq!(by_id.len(), count, "an id stands twice");
    by_id
}

#[test]
fn an_import_that_is_killed_loses_nothing_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    let folder = dir.path();
    fs::create_dir(folder.join("config")).unwrap();
    fs::write(folder.join("config/communique.toml"), "[fetch]\ncontact = \"mailto:webmaster@example.org\"\n").unwrap();
    let mut file = fs::File::create(folder.join("lines.jsonl")).unwrap();
    for n in 0..LINES {
        let line = json!({ "id": format!("n{n}"), "title": format!("Titre {n}"), "text": format!("Texte numéro {n}."), "lang": "fr" });
        writeln!(file, "{line}").unwrap();
    }
    // How long it takes when nobody kills it says when to kill it.
    let started = Instant::now();
    run(folder, &["--data", "other", "--index", "other-index", "import", "lines.jsonl"]);
    let whole = started.elapsed();
    let mut before = BTreeMap::new();
    for quarter in 1..4 {
        let mut import = communique(folder, &["import", "lines.jsonl"]).spawn().unwrap();
        sleep(whole * quarter / 4);
        import.kill().unwrap();
        import.wait().unwrap();
        let after = exported(folder);
        for (id, seen) in &before {
            assert_eq!(after.get(id), Some(seen), "{id} after a kill at {quarter} quarters of {whole:?}");
        }
        before = after;
    }
    run(folder, &["import", "lines.jsonl"]);
    let all = exported(folder);
    assert_eq!(all.len(), LINES);
    assert!(before.iter().all(|(id, seen)| all.get(id) == Some(seen)));
    let found = run(folder, &["--json", "import", "lines.jsonl"]);
    assert_eq!(serde_json::from_str::<Value>(&found).unwrap()["unchanged"], json!(LINES));
}
