//! What could once be followed? Members and themes that left the configuration, so that whoever asks for their feed is
//! told that it ended instead of that it never was.

use crate::{
    config::Config,
    labels::LANGS,
    model::{Lang, MemberId, ThemeId},
    store::{Reader, Settling, StoreError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of the fact that keeps them.
const SUBJECTS: &str = "subjects";

/// A member or theme that was once configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its last name, by language.
    names: BTreeMap<Lang, String>,
    /// When we first started without it; `None` while it is configured.
    pub gone: Option<Timestamp>,
}

impl Subject {
    /// Its last name in `lang`, else in any.
    pub fn name(&self, lang: Lang) -> &str {
        self.names.get(&lang).or_else(|| self.names.values().next()).map_or("", String::as_str)
    }
}

/// By `member:id` and `theme:id`.
type Subjects = BTreeMap<String, Subject>;

/// Notes which members and themes there are now, and since when others are gone.
pub(super) fn note(settling: &mut Settling<'_>, config: &Config) -> Result<(), StoreError> {
    let known = settling.fact(SUBJECTS)?;
    let before = known.as_deref().map(read).unwrap_or_default();
    let mut now = present(config);
    for (key, subject) in before {
        let gone = subject.gone.or(Some(settling.now()));
        now.entry(key).or_insert(Subject { gone, ..subject });
    }
    let now = serde_json::to_string(&now).unwrap_or_default();
    if known.as_ref() == Some(&now) { Ok(()) } else { settling.put_fact(SUBJECTS, &now) }
}

fn present(config: &Config) -> Subjects {
    let mut subjects = Subjects::new();
    for member in &config.members {
        let names = LANGS.map(|lang| (lang, member.name().to_owned())).into();
        subjects.insert(format!("member:{}", member.id), Subject { names, gone: None });
    }
    for theme in config.vocabulary.themes() {
        let names = LANGS.map(|lang| (lang, theme.label(lang).to_owned())).into();
        subjects.insert(format!("theme:{}", theme.id), Subject { names, gone: None });
    }
    subjects
}

/// What was noted; nothing where the fact is not ours to read.
fn read(text: &str) -> Subjects {
    serde_json::from_str(text).unwrap_or_default()
}

/// The member that was once configured under this id and is no longer.
pub fn former_member(reader: &Reader, id: &MemberId) -> Result<Option<Subject>, StoreError> {
    former(reader, &format!("member:{id}"))
}

/// The theme that was once configured under this id and is no longer.
pub fn former_theme(reader: &Reader, id: &ThemeId) -> Result<Option<Subject>, StoreError> {
    former(reader, &format!("theme:{id}"))
}

fn former(reader: &Reader, key: &str) -> Result<Option<Subject>, StoreError> {
    let known = reader.fact(SUBJECTS)?;
    Ok(known.and_then(|known| read(&known).remove(key)).filter(|subject| subject.gone.is_some()))
}
