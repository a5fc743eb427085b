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
