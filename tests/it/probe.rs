//! From a home page alone: what a site offers, and a member file that works as it is.

use communique::demo::{self, Ports};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

fn communique(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_communique"));
    command.current_dir(folder).env("COMMUNIQUE_DATA", "data").env("COMMUNIQUE_INDEX", "index");
    command.args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `probe` → `check` → `crawl` → `audit` on a site of which only the address is known.
async fn a_member_by_four_commands(folder: &Path, home: &str, id: &str) -> (serde_json::Value, serde_json::Value) {
    let (folder, home, id) = (folder.to_owned(), home.to_owned(), id.to_owned());
    let commands = move || {
        let probe = communique(&folder, &["probe", &home, "--json"]);
        assert_eq!(probe.status.code(), Some(0), "{}", String::from_utf8_lossy(&probe.stderr));
        let check = communique(&folder, &["check"]);
        assert!(check.status.success() && said(&check).contains(&id), "{}", said(&check));
        let crawl = communique(&folder, &["crawl", &id]);
        assert!(crawl.status.success(), "{}", String::from_utf8_lossy(&crawl.stderr));
        let audit = communique(&folder, &["audit", &id, "--json"]);
        assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stderr));
        let again = communique(&folder, &["probe", &home, "--quiet"]);
        assert!(said(&again).contains("is there already and was left alone"), "{}", said(&again));
        let parse = |output: &Output| serde_json::from_slice(&output.stdout).unwrap();
        (parse(&probe), parse(&audit))
    };
    tokio::task::spawn_blocking(commands).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_unknown_sites_become_members() {
    let sites = demo::listen(Ports { action_education: 0, solidarite_laique: 0 }).await.unwrap();
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join("config")).unwrap();
    let settings = "[fetch]\ndelay_ms = 0\nopen_networks = [\"127.0.0.0/8\"]\n";
    fs::write(dir.path().join("config/communique.toml"), settings).unwrap();

    let home = format!("http://action-education.localhost:{}/", sites.ports.action_education);
    let (probe, audit) = a_member_by_four_commands(dir.path(), &home, "action-education").await;
    assert_eq!((probe["system"].as_str(), probe["id"].as_str()), (Some("wordpress"), Some("action-education")));
    assert!(probe["rest"].is_string() && !probe["feeds"].as_array().unwrap().is_empty(), "{probe:#}");
    let languages = probe["languages"].as_array().unwrap();
    assert!(
        languages.iter().any(|entry| entry["prefix"] == "/en/" && entry["machine_translated"] == true),
        "{languages:#?}"
    );
    let samples = probe["samples"].as_array().unwrap();
    let whole =
        |sample: &serde_json::Value| sample["is_item"] == true && sample["draft"]["text"].as_str().unwrap().len() > 100;
    assert!(samples.len() == 5 && samples.iter().all(whole), "{samples:#?}");
    assert!(!probe["traps"].as_array().unwrap().is_empty());
    assert_eq!(audit["coverage"].as_f64(), Some(100.0), "{audit:#}");
    assert!(audit["held"].as_u64().unwrap() > 20, "{audit:#}");

    let home = format!("http://solidarite-laique.localhost:{}/", sites.ports.solidarite_laique);
    let (probe, audit) = a_member_by_four_commands(dir.path(), &home, "solidarite-laique").await;
    assert_eq!((probe["system"].as_str(), probe["rest"].is_null()), (Some("plain"), true));
    let traps: Vec<&str> =
        probe["traps"].as_array().unwrap().iter().map(|trap| trap["name"].as_str().unwrap()).collect();
    assert!(traps.contains(&"no-inventory"), "{traps:?}");
    assert_eq!(audit["coverage"].as_f64(), Some(100.0), "{audit:#}");
    sites.stop().await;
}

#[test]
fn what_is_no_site_is_said() {
    let dir = TempDir::new().unwrap();
    let probe = communique(dir.path(), &["probe", "ftp://example.org/"]);
    assert_eq!(probe.status.code(), Some(2));
    // Without a configuration that opens it, loopback is refused; nothing is written.
    let probe = communique(dir.path(), &["probe", "http://127.0.0.1:9/"]);
    assert_eq!(probe.status.code(), Some(1), "{}", String::from_utf8_lossy(&probe.stderr));
    assert!(String::from_utf8_lossy(&probe.stderr).contains("refused"));
    assert!(!dir.path().join("config").exists());
}
