//! `communique check`, as an editor meets it.

use std::{fs, process::Command, process::Output};

fn check(folder: &std::path::Path, flags: &[&str]) -> (Option<i32>, String, String) {
    let program = env!("CARGO_BIN_EXE_communique");
    let Output { status, stdout, stderr } =
        Command::new(program).arg("check").arg("--config").arg(folder).args(flags).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_right_configuration_is_described() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("members")).unwrap();
    fs::write(folder.path().join("communique.toml"), "[fetch]\ncontact = \"mailto:web@example.org\"\n").unwrap();
    let member = "name = \"Example\"\nhome = \"https://example.org/\"\nlang = \"fr\"\n";
    fs::write(folder.path().join("members/example.toml"), member).unwrap();
    let (code, stdout, stderr) = check(folder.path(), &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!(stdout, "example: Example, https://example.org/, 1 host\n1 member and 0 themes, no mistake\n");
}

#[test]
fn mistakes_are_all_told_and_the_exit_code_is_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("members")).unwrap();
    fs::write(folder.path().join("communique.toml"), "[fetch]\ndelay = 1\n").unwrap();
    fs::write(folder.path().join("members/example.toml"), "name = 3\nhome = \"example\"\nlang = \"fr\"\n").unwrap();
    fs::write(folder.path().join("themes.ttl"), "no turtle\n").unwrap();
    let (code, stdout, stderr) = check(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert_eq!(stdout.lines().count(), 4, "{stdout}");
    assert!(stdout.contains("communique.toml:2: unknown key `delay`, did you mean `delay_ms`?"), "{stdout}");
    assert!(stderr.ends_with("4 mistakes\n"), "{stderr}");
    let (_, stdout, _) = check(folder.path(), &["--json"]);
    for line in stdout.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["file"].is_string() && line["line"].is_u64() && line["message"].is_string(), "{line}");
    }
}

#[test]
fn the_printed_defaults_are_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let (code, defaults, _) = check(folder.path(), &["--defaults"]);
    assert_eq!(code, Some(0));
    fs::write(folder.path().join("communique.toml"), defaults).unwrap();
    let (code, _, stderr) = check(folder.path(), &["--quiet"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

/// A configuration, a store with three imported releases and an index beside it.
fn newsroom() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    let settings = format!("[server]\ndata = \"{}\"\nindex = \"{}\"\n", place("data"), place("index"));
    fs::write(folder.path().join("communique.toml"), settings).unwrap();
    let line = |n: u32| format!("{{\"id\":\"r{n}\",\"title\":\"Titre {n}\",\"text\":\"Des mots.\",\"lang\":\"fr\"}}\n");
    let lines: String = (1..=3).map(line).collect();
    fs::write(folder.path().join("lines.jsonl"), lines).unwrap();
    let program = env!("CARGO_BIN_EXE_communique");
    let import = [place("lines.jsonl"), "--config".to_owned(), folder.path().display().to_string()];
    assert!(Command::new(program).arg("import").args(import).output().unwrap().status.success());
    folder
}

#[test]
fn a_sound_store_and_index_are_described() {
    let newsroom = newsroom();
    let (code, stdout, stderr) = check(newsroom.path(), &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("data: 3 releases of 0 pages, 0 captures, tick 1\n"), "{stdout}");
    assert!(stdout.contains("index: 3 releases, tick 1\n"), "{stdout}");
    let (_, stdout, _) = check(newsroom.path(), &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((said["store"]["releases"].as_u64(), said["index"]["tick"].as_u64()), (Some(3), Some(1)), "{said}");
    assert_eq!(said["faults"], serde_json::json!([]));
}

#[test]
fn a_missing_index_is_no_fault_and_a_broken_one_is() {
    let newsroom = newsroom();
    let index = newsroom.path().join("index");
    let current = index.join(fs::read_to_string(index.join("current")).unwrap().trim());
    let store = fs::read_dir(&current).unwrap().map(|entry| entry.unwrap().path());
    let store = store.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "store")).unwrap();
    let mut bytes = fs::read(&store).unwrap();
    bytes[7] ^= 1;
    fs::write(&store, bytes).unwrap();
    let (code, stdout, stderr) = check(newsroom.path(), &["--quiet"]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("wrong checksum of") && stdout.contains(&index.display().to_string()), "{stdout}");
    assert!(stderr.contains("1 fault in the store or index"), "{stderr}");
    fs::remove_dir_all(&index).unwrap();
    fs::create_dir(&index).unwrap();
    let (code, stdout, _) = check(newsroom.path(), &[]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("note: index: there is no index yet; the next start fills a new one"), "{stdout}");
}

#[test]
fn a_flipped_byte_in_the_database_is_told_with_its_place() {
    let newsroom = newsroom();
    let file = newsroom.path().join("data/communique.db");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.windows(9).rposition(|nine| nine == b"\"Titre 2\"").unwrap();
    bytes[at] = b'X';
    fs::write(&file, bytes).unwrap();
    let (code, stdout, _) = check(newsroom.path(), &[]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("fault: release r2: damaged record in release"), "{stdout}");
}

#[test]
fn a_file_that_is_no_database_and_one_of_a_later_version_are_refused() {
    let newsroom = newsroom();
    let data = newsroom.path().join("data");
    for file in ["communique.db-wal", "communique.db-shm"] {
        let _ = fs::remove_file(data.join(file));
    }
    fs::write(data.join("communique.db"), "no database at all, but long enough to look like one".repeat(9)).unwrap();
    let (code, _, stderr) = check(newsroom.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("cannot use") && stderr.contains("communique.db as the store"), "{stderr}");
}

#[test]
fn the_shipped_vocabulary_tags_its_own_examples() {
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let (code, stdout, _) = check(&shipped, &["--quiet"]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
}

#[test]
fn an_example_without_its_theme_is_a_mistake_on_its_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("communique.toml"), "").unwrap();
    let vocabulary = "@prefix : <> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n:girls a skos:Concept ;\n  \
                      skos:prefLabel \"girls' education\"@en ;\n  skos:example \"Girls’ education at last.\"@en,\n    \
                      \"Boys play football.\"@en .\n";
    fs::write(folder.path().join("themes.ttl"), vocabulary).unwrap();
    let (code, stdout, _) = check(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(stdout.contains("themes.ttl:6: the example \"Boys play football.\" (en) does not get"), "{stdout}");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
}
