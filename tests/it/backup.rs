//! The record in one file and back, also beside a running server.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

fn communique(folder: &Path, data: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_communique"));
    command.current_dir(folder).env("COMMUNIQUE_DATA", data).env("COMMUNIQUE_INDEX", format!("{data}-index"));
    command
}

fn run(folder: &Path, data: &str, arguments: &[&str]) -> Output {
    communique(folder, data).args(arguments).output().unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn newsroom() -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("config")).unwrap();
    fs::write(dir.path().join("config/communique.toml"), "").unwrap();
    let line = |n: u32| format!("{{\"id\":\"r{n}\",\"title\":\"Titre {n}\",\"text\":\"Mots {n}.\",\"lang\":\"fr\"}}\n");
    fs::write(dir.path().join("lines.jsonl"), (1..=3).map(line).collect::<String>()).unwrap();
    printed(&run(dir.path(), "data", &["import", "lines.jsonl"]));
    dir
}

#[test]
fn a_record_comes_back_from_a_backup_made_beside_a_server() {
    let dir = newsroom();
    let folder = dir.path();
    let listen = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--quiet"];
    let mut server = communique(folder, "data").args(listen).stdout(Stdio::piped()).spawn().unwrap();
    let (mut first, mut second) = (String::new(), String::new());
    let mut said = BufReader::new(server.stdout.take().unwrap());
    said.read_line(&mut first).and_then(|_| said.read_line(&mut second)).unwrap();
    printed(&run(folder, "data", &["backup", "all.db"]));
    let held = run(folder, "data", &["restore", "all.db", "--replace"]);
    assert_eq!(held.status.code(), Some(75), "{}", String::from_utf8_lossy(&held.stderr));
    server.kill().unwrap();
    server.wait().unwrap();

    let before = printed(&run(folder, "data", &["export"]));
    printed(&run(folder, "other", &["restore", "all.db"]));
    assert_eq!(printed(&run(folder, "other", &["export"])), before);
    let found = printed(&run(folder, "other", &["search", "titre", "--json"]));
    assert!(["r1", "r2", "r3"].iter().all(|id| found.contains(id)), "{found}");
    let refused = run(folder, "other", &["restore", "all.db"]);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && why.contains("--replace"), "{why}");
}

#[test]
fn what_was_purged_does_not_come_back_with_an_old_backup() {
    let dir = newsroom();
    let folder = dir.path();
    printed(&run(folder, "data", &["backup", "all.db"]));
    printed(&run(folder, "data", &["purge", "r2", "--reason", "a slip"]));
    let said = printed(&run(folder, "data", &["restore", "all.db", "--replace"]));
    assert!(said.contains("2 releases") && said.contains("1 purged again"), "{said}");
    let left = printed(&run(folder, "data", &["export"]));
    assert!(!left.contains("Mots 2") && left.lines().count() == 2, "{left}");
    assert!(printed(&run(folder, "data", &["check"])).contains("2 releases"));
}
