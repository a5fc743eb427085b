//! What would another vocabulary change? Which releases would gain or lose a theme, before anything is written.

use super::theme::{ThemeWord, obey};
use crate::{
    classify::Tagger,
    model::{Release, ReleaseId, Tag, TagBy, ThemeId, Vocabulary},
    store::{Store, StoreError},
};
use std::collections::{BTreeMap, HashMap};

/// Releases read at a time.
const PAGE: usize = 500;

/// Releases of one theme that an edit would move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Releases, id and title, that would get the theme.
    pub gained: Vec<(ReleaseId, String)>,
    /// Releases that would lose it.
    pub lost: Vec<(ReleaseId, String)>,
}

/// Tags every visible release with `vocabulary` instead of what it carries, and tells the difference by theme. Words of
/// the staff and categories of members stay; releases imported with themes of their own keep them, and count as unmoved.
pub fn preview(store: &Store, vocabulary: &Vocabulary) -> Result<BTreeMap<ThemeId, Moved>, StoreError> {
    let tagger = Tagger::new(vocabulary);
    let words = standing(store)?;
    let reader = store.reader();
    let mut moved: BTreeMap<ThemeId, Moved> = BTreeMap::new();
    let mut rank = i64::MIN;
    loop {
        let page = reader.indexed_after(rank, PAGE)?;
        let Some(last) = page.last() else { return Ok(moved) };
        rank = last.release.rank;
        for found in page {
            let release = found.release;
            let Some((lang, title, text)) = found.texts.into_iter().next() else { continue };
            if has_own_themes(&release) {
                continue;
            }
            let mut new = tagger.tags(&title, &text, lang, &categories(&release));
            for (word, theme) in words.get(&release.id).into_iter().flatten() {
                obey(&mut new, *word, theme);
            }
            compare(&release, &new, &mut moved);
        }
    }
}

/// Standing words about themes by release, the oldest first.
fn standing(store: &Store) -> Result<HashMap<ReleaseId, Vec<(ThemeWord, ThemeId)>>, StoreError> {
    let mut standing: HashMap<ReleaseId, Vec<(ThemeWord, ThemeId)>> = HashMap::new();
    for word in store.words()?.into_iter().rev().filter(|word| word.undone.is_none()) {
        let said = (ThemeWord::of_record(&word.word), ReleaseId::new(word.about), ThemeId::new(word.and));
        if let (Some(word), Ok(about), Ok(theme)) = said {
            standing.entry(about).or_default().push((word, theme));
        }
    }
    Ok(standing)
}

/// Whether the themes came with an import: nothing of ours found them, no site gave them.
fn has_own_themes(release: &Release) -> bool {
    release.publications.is_empty() && release.themes.iter().any(|tag| tag.by == TagBy::Category)
}

/// Themes that categories of the member's site gave, with the names of the categories.
fn categories(release: &Release) -> Vec<(ThemeId, String)> {
    let by_category = release.themes.iter().filter(|tag| tag.by == TagBy::Category);
    by_category.map(|tag| (tag.id.clone(), tag.evidence.first().cloned().unwrap_or_default())).collect()
}

fn compare(release: &Release, new: &[Tag], moved: &mut BTreeMap<ThemeId, Moved>) {
    let named = || (release.id.clone(), release.title.clone());
    for tag in new.iter().filter(|tag| !release.themes.iter().any(|old| old.id == tag.id)) {
        moved.entry(tag.id.clone()).or_default().gained.push(named());
    }
    for tag in release.themes.iter().filter(|tag| !new.iter().any(|other| other.id == tag.id)) {
        moved.entry(tag.id.clone()).or_default().lost.push(named());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Config, read_themes},
        publish::{say_theme, settle},
        store::testing::{Site, moving_store},
    };

    #[test]
    fn an_edit_is_previewed_and_the_staff_is_obeyed() {
        let (_dir, store, _) = moving_store();
        let site = Site::new(&store);
        let head = "@prefix : <> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n";
        let old = read_themes(&format!("{head}:school a skos:Concept ; skos:prefLabel \"école\"@fr .")).unwrap();
        let config = Config { members: vec![site.member.clone()], vocabulary: old.clone(), ..Config::default() };
        site.read("https://example.org/a", "Une école", &"Une école ouvre ses portes. ".repeat(12));
        site.read("https://example.org/b", "Le stade", &"Le sport rassemble le quartier. ".repeat(12));
        settle(&store, &config).unwrap();
        assert!(preview(&store, &old).unwrap().is_empty());
        let new = read_themes(&format!("{head}:sport a skos:Concept ; skos:prefLabel \"sport\"@fr .")).unwrap();
        let moved = preview(&store, &new).unwrap();
        let titles =
            |releases: &[(ReleaseId, String)]| releases.iter().map(|(_, title)| title.clone()).collect::<Vec<_>>();
        let (school, sport) = (ThemeId::new("school").unwrap(), ThemeId::new("sport").unwrap());
        assert_eq!(titles(&moved[&school].lost), ["Une école"]);
        assert_eq!(titles(&moved[&sport].gained), ["Le stade"]);
        let stadium = moved[&sport].gained[0].0.clone();
        say_theme(&store, &config, (&stadium, &sport), ThemeWord::Remove, "ada", "").unwrap();
        assert!(!preview(&store, &new).unwrap().contains_key(&sport));
    }
}
