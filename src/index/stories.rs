//! What may happen to the folder, and what the index makes of it.

use super::{Index, IndexDoc};
use crate::model::{Lang, Release};
use std::fs;
use std::path::{Path, PathBuf};

fn doc(id: &str) -> IndexDoc {
    let release: Release = serde_json::from_value(serde_json::json!({
        "id": id, "kind": "release", "title": id, "lang": "fr", "published": "2022-03-01",
        "updated": "2022-03-01T10:00:00Z", "first_seen": "2022-03-01T10:00:00Z", "rank": 1, "url": "",
        "members": [], "publications": [], "authors": [], "issuers": [], "themes": [], "countries": [],
        "summary": "", "image": null, "attachments": []
    }))
    .unwrap();
    IndexDoc { release, texts: vec![(Lang::FR, id.to_owned(), "un texte".to_owned())] }
}

fn filled(dir: &Path) -> Index {
    let index = Index::open(dir).unwrap();
    assert_eq!(index.needs_rebuild().as_deref(), Some("there is no index yet"));
    assert!(index.snapshot().is_none());
    let mut writer = index.rebuild().unwrap();
    for id in ["a", "b", "c"] {
        writer.put(&doc(id)).unwrap();
    }
    writer.commit(7).unwrap();
    index
}

fn total(index: &Index) -> u64 {
    index.snapshot().map_or(0, |snapshot| snapshot.total)
}

/// The folder in use.
fn folder(dir: &Path) -> PathBuf {
    dir.join(fs::read_to_string(dir.join("current")).unwrap().trim())
}

#[test]
fn it_is_there_again_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.needs_rebuild(), index.committed(), total(&index)), (None, 7, 3));
}

#[test]
fn changes_are_seen_at_once_and_what_is_not_committed_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path());
    let before = index.snapshot().unwrap();
    let mut writer = index.writer().unwrap();
    writer.put(&doc("d")).unwrap();
    writer.put(&doc("a")).unwrap();
    writer.remove(&doc("b").release.id).unwrap();
    writer.commit(8).unwrap();
    drop(writer);
    assert_eq!((total(&index), index.committed(), before.total), (3, 8, 3));
    let mut writer = index.writer().unwrap();
    writer.put(&doc("e")).unwrap();
    drop(writer);
    let mut writer = index.writer().unwrap();
    writer.put(&doc("f")).unwrap();
    writer.commit(9).unwrap();
    assert_eq!(total(&index), 4);
    assert!(index.snapshot().unwrap().find(&doc("e").release.id).unwrap().is_none());
}

#[test]
fn segments_of_many_small_commits_are_joined() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path());
    for n in 0..60 {
        let mut writer = index.writer().unwrap();
        writer.put(&doc(&format!("n{n}"))).unwrap();
        writer.commit(8 + n).unwrap();
    }
    assert_eq!(total(&index), 63);
    let segments = index.snapshot().unwrap().segments.len();
    assert!(segments < 30, "{segments} segments");
}

#[test]
fn damage_is_found_when_it_is_opened() {
    let flip = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 3;
        // meta.json has no checksum: there a byte has to break the JSON to be seen
        let damage = if path.ends_with("meta.json") { 0xff } else { 0x55 };
        bytes[middle] ^= damage;
        fs::write(path, bytes).unwrap();
    };
    let remove = |path: &Path| fs::remove_file(path).unwrap();
    let empty = |path: &Path| fs::write(path, "").unwrap();
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let names: Vec<_> = fs::read_dir(folder(dir.path())).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let harms: [&dyn Fn(&Path); 3] = [&flip, &remove, &empty];
    let mut harmed = 0;
    for name in names.iter().filter(|name| !name.to_string_lossy().starts_with('.')) {
        for harm in harms {
            let dir = tempfile::tempdir().unwrap();
            drop(filled(dir.path()));
            let victims = fs::read_dir(folder(dir.path())).unwrap().map(|entry| entry.unwrap().path());
            let ending = Path::new(name).extension().map(|ending| ending.to_owned());
            let is_like = |path: &PathBuf| !path.ends_with(".managed.json") && path.extension() == ending.as_deref();
            let victim = victims.into_iter().find(is_like).unwrap();
            harm(&victim);
            let index = Index::open(dir.path()).unwrap();
            assert!(index.needs_rebuild().is_some(), "nothing noticed in {}", victim.display());
            assert!(index.writer().is_err());
            let mut writer = index.rebuild().unwrap();
            writer.put(&doc("a")).unwrap();
            writer.commit(9).unwrap();
            assert_eq!((index.needs_rebuild(), total(&index)), (None, 1));
            harmed += 1;
        }
    }
    assert!(harmed >= 15, "only {harmed}");
}

#[test]
fn a_folder_that_is_deleted_while_we_run_is_missed() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path());
    drop(index.writer().unwrap());
    fs::remove_dir_all(folder(dir.path())).unwrap();
    assert!(index.needs_rebuild().is_some());
    let mut writer = index.rebuild().unwrap();
    assert!(index.snapshot().is_none(), "queries are refused meanwhile");
    writer.put(&doc("a")).unwrap();
    writer.commit(8).unwrap();
    assert_eq!((index.needs_rebuild(), total(&index)), (None, 1));
    fs::remove_dir_all(dir.path()).unwrap();
    assert!(index.needs_rebuild().is_some());
    index.rebuild().unwrap().commit(8).unwrap();
    assert_eq!(index.needs_rebuild(), None);
}

#[test]
fn a_sound_index_answers_until_the_new_one_is_complete() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path());
    drop(index.writer().unwrap());
    let mut writer = index.rebuild().unwrap();
    writer.put(&doc("only")).unwrap();
    assert_eq!(total(&index), 3);
    drop(writer);
    assert_eq!(total(&index), 3, "a rebuild that is given up changes nothing");
    let mut writer = index.rebuild().unwrap();
    writer.put(&doc("only")).unwrap();
    writer.commit(8).unwrap();
    assert_eq!(total(&index), 1);
    let folders = fs::read_dir(dir.path()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(folders, 1, "old folders are removed");
}

#[test]
fn another_version_is_left_aside() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("v999-0001")).unwrap();
    fs::write(dir.path().join("current"), "v999-0001\n").unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert!(index.needs_rebuild().unwrap().contains("version 999"));
    index.rebuild().unwrap().commit(1).unwrap();
    assert_eq!(index.needs_rebuild(), None);
    assert!(!dir.path().join("v999-0001").exists());
    for odd in ["", "../../etc", "v1-1/../x", "é"] {
        fs::write(dir.path().join("current"), odd).unwrap();
        assert!(Index::open(dir.path()).unwrap().needs_rebuild().is_some(), "{odd}");
    }
}
