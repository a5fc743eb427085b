//! The staff's word on themes: a theme that a person added or removed stays so, whatever is crawled, edited in the
//! vocabulary or indexed anew.

use super::{PublishError, Settled, hide::find, label::Labeller, present::label_anew};
use crate::{
    config::Config,
    model::{Release, ReleaseId, Tag, TagBy, ThemeId},
    store::{Settling, Store, StoreError, What},
};

/// What a person says about a theme of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeWord {
    /// The release is about it.
    Add,
    /// It is not.
    Remove,
}

/// The words of the record.
const ADD: &str = "theme-add";
const REMOVE: &str = "theme-remove";

impl ThemeWord {
    /// The word as the record keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => ADD,
            Self::Remove => REMOVE,
        }
    }

    /// The word of the record, where it is one about themes.
    pub fn of_record(word: &str) -> Option<Self> {
        match word {
            ADD => Some(Self::Add),
            REMOVE => Some(Self::Remove),
            _ => None,
        }
    }
}

/// Says that `id` is, or is not, about `theme`; `by` and `why` go into the record. Gives the id that it was said about
/// (that of the release into which `id` was joined), or `None` when it was said already. A word takes the place of an
/// earlier one about the same theme. Unknown themes can be removed, not added.
pub fn say_theme(
    store: &Store,
    config: &Config,
    (id, theme): (&ReleaseId, &ThemeId),
    word: ThemeWord,
    by: &str,
    why: &str,
) -> Result<Option<ReleaseId>, PublishError> {
    if word == ThemeWord::Add && config.vocabulary.get(theme).is_none() {
        return Err(PublishError::UnknownTheme(theme.clone()));
    }
    let (done, _) = store.settle("theme", |settling| {
        let mut row = find(settling, id)?;
        let id = row.release.id.clone();
        let standing = settling.standing(&[ADD, REMOVE], &[&id])?;
        if standing.iter().any(|(said, of)| said == word.as_str() && of == theme.as_str()) {
            return Ok(None);
        }
        settling.unsay(ADD, &id, theme.as_str())?;
        settling.unsay(REMOVE, &id, theme.as_str())?;
        settling.say(word.as_str(), &id, theme.as_str(), by, why)?;
        let before = row.release.themes.clone();
        obey(&mut row.release.themes, word, theme);
        if row.release.themes != before {
            settling.put_row(&row)?;
            if row.is_visible() {
                settling.tell(&id, What::Dressed, &row.release.title, "")?;
            }
        }
        Ok::<_, PublishError>(Some(id))
    })?;
    Ok(done)
}

/// Takes back what was said about `theme` and `id`; `None` when nothing was. The words of the text and the member's
/// categories decide again; a removed theme that was imported comes back without its evidence.
pub fn unsay_theme(
    store: &Store,
    config: &Config,
    id: &ReleaseId,
    theme: &ThemeId,
) -> Result<Option<ReleaseId>, PublishError> {
    let (done, _) = store.settle("theme", |settling| {
        let mut row = find(settling, id)?;
        let id = row.release.id.clone();
        let removed = settling.unsay(REMOVE, &id, theme.as_str())? > 0;
        if settling.unsay(ADD, &id, theme.as_str())? == 0 && !removed {
            return Ok(None);
        }
        // Until the rules have looked at it, or where none may: as if nothing had been said.
        row.release.themes.retain(|tag| tag.id != *theme || tag.by != TagBy::Staff);
        if removed && row.own_labels {
            row.release.themes.push(Tag { id: theme.clone(), by: TagBy::Category, score: 0.5, evidence: Vec::new() });
        }
        settling.put_row(&row)?;
        if row.is_visible() {
            settling.tell(&id, What::Dressed, &row.release.title, "")?;
        }
        label_anew(settling, &Labeller::new(config), &id, &mut Settled::default())?;
        Ok::<_, PublishError>(Some(id))
    })?;
    Ok(done)
}

/// Lets the standing words about any of the releases `about` decide over the themes of `release`.
pub(super) fn obey_all(settling: &Settling<'_>, about: &[&ReleaseId], release: &mut Release) -> Result<(), StoreError> {
    for (word, theme) in settling.standing(&[ADD, REMOVE], about)? {
        if let (Some(word), Ok(theme)) = (ThemeWord::of_record(&word), ThemeId::new(theme)) {
            obey(&mut release.themes, word, &theme);
        }
    }
    Ok(())
}

/// What a word makes of tags. The words of the text that spoke for an added theme too stay as evidence.
pub(super) fn obey(themes: &mut Vec<Tag>, word: ThemeWord, theme: &ThemeId) {
    let known = themes.iter().position(|tag| tag.id == *theme).map(|at| themes.remove(at));
    if word == ThemeWord::Add {
        let evidence = known.map(|tag| tag.evidence).unwrap_or_default();
        let before = themes.iter().take_while(|tag| tag.by == TagBy::Staff).count();
        themes.insert(before, Tag { id: theme.clone(), by: TagBy::Staff, score: 1.0, evidence });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::read_themes,
        publish::{present, settle},
        store::{
            Lookup,
            testing::{Site, moving_store},
        },
    };

    const TURTLE: &str = "@prefix : <> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\
        :school a skos:Concept ; skos:prefLabel \"école\"@fr .\n:sport a skos:Concept ; skos:prefLabel \"sport\"@fr .\n";

    fn config(site: &Site<'_>, turtle: &str) -> Config {
        Config {
            members: vec![site.member.clone()],
            vocabulary: read_themes(turtle).unwrap(),
            vocabulary_source: turtle.to_owned(),
            ..Config::default()
        }
    }

    fn themes(store: &Store, id: &ReleaseId) -> Vec<(String, TagBy)> {
        let Lookup::Found(release) = store.reader().release(id).unwrap() else { panic!("not there") };
        release.themes.iter().map(|tag| (tag.id.to_string(), tag.by)).collect()
    }

    #[test]
    fn the_word_stays_through_crawls_and_vocabularies_until_it_is_taken_back() {
        let (_dir, store, time) = moving_store();
        let site = Site::new(&store);
        let old = config(&site, TURTLE);
        let text = "Une école ouvre ses portes. ".repeat(12);
        site.read("https://example.org/a", "Une école", &text);
        settle(&store, &old).unwrap();
        present(&store, &old, "1").unwrap();
        let id = store.reader().visible(0, 1).unwrap()[0].0.clone();
        let (school, sport) = (ThemeId::new("school").unwrap(), ThemeId::new("sport").unwrap());
        assert_eq!(themes(&store, &id), [("school".to_owned(), TagBy::Label)]);
        let before = store.reader().tick().unwrap().seq;
        let say = |theme: &ThemeId, word| say_theme(&store, &old, (&id, theme), word, "ada", "vu").unwrap();
        assert_eq!(say(&sport, ThemeWord::Add), Some(id.clone()));
        assert_eq!(say(&sport, ThemeWord::Add), None);
        assert_eq!(say(&school, ThemeWord::Remove), Some(id.clone()));
        let said = [("sport".to_owned(), TagBy::Staff)];
        assert_eq!(themes(&store, &id), said);
        assert_eq!(store.reader().tick().unwrap().seq, before + 2);
        // The page changes.
        time.forward(3600);
        site.read(
            "https://example.org/a",
            "Une école",
            &format!("{text} Et une école encore, avec 300 élèves de plus."),
        );
        settle(&store, &old).unwrap();
        assert_eq!(themes(&store, &id), said);
        // The vocabulary changes.
        let new = config(&site, &TURTLE.replace("\"école\"@fr", "\"école\"@fr ; skos:altLabel \"élèves\"@fr"));
        time.forward(3600);
        present(&store, &new, "1").unwrap();
        assert_eq!(themes(&store, &id), said);
        // Taken back.
        assert_eq!(unsay_theme(&store, &new, &id, &sport).unwrap(), Some(id.clone()));
        assert_eq!(unsay_theme(&store, &new, &id, &sport).unwrap(), None);
        assert_eq!(unsay_theme(&store, &new, &id, &school).unwrap(), Some(id.clone()));
        assert_eq!(themes(&store, &id), [("school".to_owned(), TagBy::Label)]);
        assert_eq!(store.words().unwrap().iter().filter(|word| word.undone.is_some()).count(), 2);
        let unknown = ThemeId::new("sports").unwrap();
        let refused = say_theme(&store, &new, (&id, &unknown), ThemeWord::Add, "ada", "").unwrap_err();
        assert_eq!(refused.to_string(), "no theme `sports` in the vocabulary");
    }
}
