use super::*;
use fluent_syntax_ids::ids;
use regex::Regex;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const FILES: [(&str, &str); 2] = [("fr.ftl", include_str!("fr.ftl")), ("en.ftl", include_str!("en.ftl"))];

/// Families of keys that are asked for by a name made at run time.
const FAMILIES: [&str; 2] = ["lang-", "month-"];

/// Keys of a file and the variables each uses, read from its text.
mod fluent_syntax_ids {
    use std::collections::{BTreeMap, BTreeSet};

    pub fn ids(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with([' ', '{'])) {
                current = key.to_owned();
                assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{current} stands twice");
            }
            for variable in line.split('$').skip(1) {
                let name: String = variable.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                found.entry(current.clone()).or_default().insert(name);
            }
        }
        found
    }
}

#[test]
fn both_files_are_read_without_a_mistake() {
    for (name, source) in FILES {
        let read = FluentResource::try_new(source.to_owned());
        assert!(read.is_ok(), "{name}: {:?}", read.err().map(|(_, errors)| errors));
    }
}

#[test]
fn both_languages_have_the_same_labels_with_the_same_values() {
    assert_eq!(ids(FILES[0].1), ids(FILES[1].1));
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs" || ext == "html") {
            into.push(path);
        }
    }
}

#[test]
fn every_label_asked_for_exists_and_none_is_left_over() {
    let known = ids(FILES[0].1);
    let asked_for = Regex::new(r#"\.(?:text|with|count)\(\s*"([a-z0-9-]+)""#).unwrap();
    let named = Regex::new(r#""([a-z0-9-]+)""#).unwrap();
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut used = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let door = ["src/web", "src/feed", "src/api"].iter().any(|door| file.to_string_lossy().contains(door));
        for key in asked_for.captures_iter(&text).map(|found| found[1].to_owned()).filter(|_| door) {
            assert!(known.contains_key(&key), "{} asks for `{key}`, which no file has", file.display());
        }
        used.extend(named.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    let left: Vec<_> =
        known.keys().filter(|key| !used.contains(*key) && !FAMILIES.iter().any(|f| key.starts_with(f))).collect();
    assert!(left.is_empty(), "labels that nothing uses: {left:?}");
}

#[test]
fn french_is_set_as_french_is_set() {
    let wrong = Regex::new(r" [:;!?»]|« |[a-zéè]'[a-zéèêh]|\.\.\.").unwrap();
    for line in FILES[0].1.lines().filter(|line| !line.starts_with('#')) {
        let value = line.split_once(" = ").map_or(line, |(_, value)| value);
        assert!(!wrong.is_match(value), "{line}");
    }
}

#[test]
fn numbers_choose_the_form_of_the_language() {
    let (fr, en) = (Labels::get(Lang::FR), Labels::get(Lang::EN));
    for (n, french, english) in [
        (0, "0 communiqué", "0 releases"),
        (1, "1 communiqué", "1 release"),
        (2, "2 communiqués", "2 releases"),
        (1_234_567, "1\u{202f}234\u{202f}567 communiqués", "1,234,567 releases"),
    ] {
        assert_eq!((fr.count("releases", n).as_str(), en.count("releases", n).as_str()), (french, english));
    }
    assert_eq!(fr.count("results", 0), "Aucun communiqué trouvé");
}

#[test]
fn every_kind_and_the_languages_of_the_newsroom_have_names() {
    for lang in LANGS {
        let labels = Labels::get(lang);
        for kind in Kind::ALL {
            assert!(!labels.kind(kind).starts_with("kind-"), "{kind}");
        }
    }
    assert_eq!(Labels::get(Lang::FR).language(Lang::EN), "anglais");
    assert_eq!(Labels::get(Lang::FR).language("qaa".parse().unwrap()), "qaa");
}

#[test]
fn values_are_put_in_as_they_are() {
    let said = Labels::get(Lang::FR).with("quoted", &[("words", "{ $n } <b>".into())]);
    assert_eq!(said, "«\u{a0}{ $n } <b>\u{a0}»");
}
