//! What should a person look at? Releases without a theme, with a weak one, without a date, and those whose own category
//! and words disagree.

use crate::{
    config::Config,
    model::{Release, Tag, TagBy, ThemeId},
    store::{Reader, StoreError},
};

/// Releases read at a time.
const PAGE: usize = 500;
/// A release whose best theme scores less than this is weakly tagged: about one label, once, outside the title.
const WEAK: f32 = 0.5;

/// A release whose best theme is not sure.
#[derive(Debug, Clone, PartialEq)]
pub struct Weak {
    /// The release.
    pub release: Release,
    /// Its best theme.
    pub best: Tag,
}

/// A category of the member's own site that the words of the text do not bear out.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The release.
    pub release: Release,
    /// What the category stands for; the evidence is its name.
    pub category: Tag,
    /// The strongest theme that the words give; of another branch of the vocabulary.
    pub words: Tag,
}

/// Everything that should be looked at, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Review {
    /// Releases without a theme.
    pub untagged: Vec<Release>,
    /// Releases whose best theme is not sure.
    pub weak: Vec<Weak>,
    /// Releases whose category and words disagree.
    pub conflicts: Vec<Conflict>,
    /// Releases without a date.
    pub undated: Vec<Release>,
}

/// Looks through all visible releases. Themes of the staff are sure, and end a conflict.
pub fn review(reader: &Reader, config: &Config) -> Result<Review, StoreError> {
    let mut found = Review::default();
    let mut rank = i64::MIN;
    loop {
        let page = reader.visible_after(rank, PAGE)?;
        let Some(last) = page.last() else { break };
        rank = last.rank;
        for release in page {
            look_at(release, config, &mut found);
        }
    }
    found.untagged.reverse();
    found.weak.reverse();
    found.conflicts.reverse();
    found.undated.reverse();
    Ok(found)
}

fn look_at(release: Release, config: &Config, found: &mut Review) {
    if release.published.is_none() {
        found.undated.push(release.clone());
    }
    if release.themes.iter().any(|tag| tag.by == TagBy::Staff) {
        return;
    }
    let Some(best) = release.themes.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else {
        found.untagged.push(release);
        return;
    };
    if let Some((category, words)) = disagreement(&release.themes, config) {
        let (category, words) = (category.clone(), words.clone());
        found.conflicts.push(Conflict { release, category, words });
    } else if best.by == TagBy::Label && best.score < WEAK {
        let best = best.clone();
        found.weak.push(Weak { release, best });
    }
}

/// A theme by category and the strongest one by words, where no theme by words is near it in the vocabulary.
fn disagreement<'a>(themes: &'a [Tag], config: &Config) -> Option<(&'a Tag, &'a Tag)> {
    let branch = |id: &ThemeId| config.vocabulary.with_broader(id);
    let near = |a: &ThemeId, b: &ThemeId| branch(a).iter().any(|of_a| branch(b).contains(of_a));
    let by_words = || themes.iter().filter(|tag| tag.by == TagBy::Label);
    let strongest = by_words().max_by(|a, b| a.score.total_cmp(&b.score))?;
    let alone = |tag: &&Tag| tag.by == TagBy::Category && !by_words().any(|other| near(&tag.id, &other.id));
    Some((themes.iter().find(alone)?, strongest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read_themes;

    #[test]
    fn a_category_of_another_branch_is_a_conflict() {
        let turtle = "@prefix : <> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\
            :a a skos:Concept ; skos:prefLabel \"a\"@fr .\n:b a skos:Concept ; skos:prefLabel \"b\"@fr ; skos:broader :a .\n\
            :c a skos:Concept ; skos:prefLabel \"c\"@fr .\n";
        let config = Config { vocabulary: read_themes(turtle).unwrap(), ..Config::default() };
        let tag = |id: &str, by| Tag { id: ThemeId::new(id).unwrap(), by, score: 0.5, evidence: Vec::new() };
        let conflict = |tags: &[Tag]| disagreement(tags, &config).is_some();
        assert!(conflict(&[tag("b", TagBy::Category), tag("c", TagBy::Label)]));
        assert!(!conflict(&[tag("b", TagBy::Category), tag("a", TagBy::Label)]));
        assert!(!conflict(&[tag("b", TagBy::Category)]));
        assert!(!conflict(&[tag("b", TagBy::Label), tag("c", TagBy::Label)]));
    }
}
