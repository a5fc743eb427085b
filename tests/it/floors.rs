//! Imports go down the floors and never sideways.

use std::{collections::HashMap, fs, path::Path};

const FLOORS: &[(u8, &[&str])] = &[
    (0, &["model"]),
    (1, &["normalise", "config", "labels"]),
    (2, &["discover", "extract", "classify", "reconcile"]),
    (3, &["cms", "fetch", "store", "index"]),
    (4, &["publish", "search"]),
    (5, &["crawl", "feed", "web", "api"]),
    (6, &["server", "demo"]),
    (7, &["cli"]),
    (8, &["main"]),
];

/// Sideways imports that are part of the design, each with its reason.
const ALLOWED: &[(&str, &str, &str)] = &[];

fn rust_files(dir: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn imports_go_down_the_floors() {
    let floor: HashMap<&str, u8> =
        FLOORS.iter().flat_map(|(n, rooms)| rooms.iter().map(move |room| (*room, *n))).collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 20, "the walk found only {} files", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&src).unwrap();
        let room = inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if room == "lib" {
            continue;
        }
        let from = *floor.get(room.as_str()).unwrap_or_else(|| panic!("{room} has no floor: add it to FLOORS"));
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            for part in line.split("crate::").skip(1).chain(line.split("communique::").skip(1)) {
                let target: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let Some(&to) = floor.get(target.as_str()) else { continue };
                let allowed = ALLOWED.iter().any(|(a, b, _)| *a == room && *b == target);
                if target != room && to >= from && !allowed {
                    wrong.push(format!("{}:{}: {room} imports {target}", inside.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports must go down the floors:\n{}", wrong.join("\n"));
}

#[test]
fn only_fetch_builds_a_client_and_only_store_writes_sql() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    for (word, room) in [("reqwest::", "fetch"), ("rusqlite", "store"), ("IndexWriter", "index")] {
        for file in &files {
            let inside = file.strip_prefix(&src).unwrap();
            if inside.starts_with(room) {
                continue;
            }
            let text = fs::read_to_string(file).unwrap();
            assert!(!text.contains(word), "{} speaks of {word}, which belongs to {room}", inside.display());
        }
    }
}
