//! One release on the desk of the staff: its themes, whether readers see it, what was said about it.

use super::{
    Failure, Staff,
    lists::{named, says},
};
use crate::{
    labels::Labels,
    model::{Lang, ReleaseId, TagBy, ThemeId},
    publish::{self, PublishError, ThemeWord},
    store::{Lookup, Word},
};
use url::form_urlencoded;

/// A theme that the release has or could have.
pub(super) struct Theme {
    pub id: String,
    pub label: String,
    pub why: String,
}

/// Something that was said.
pub(super) struct Said {
    pub theme: String,
    pub says: String,
    /// Whether it can be taken back here.
    pub stands: bool,
}

/// What is shown of a release.
pub(super) struct Desk {
    pub id: String,
    pub public: String,
    pub hidden: bool,
    pub themes: Vec<Theme>,
    pub others: Vec<Theme>,
    pub words: Vec<Said>,
}

/// Title, language and desk of the release `id`.
pub(super) fn show(staff: &Staff, l: &'static Labels, id: &str) -> Result<(String, Lang, Desk), Failure> {
    let id = ReleaseId::new(id).map_err(|_| Failure::NotFound)?;
    let words: Vec<Word> = staff.store.words()?.into_iter().filter(|word| word.about == id.as_str()).collect();
    let release = match staff.store.reader().release(&id)? {
        Lookup::Found(release) => Some(release),
        Lookup::Gone(_) if !words.is_empty() => None,
        Lookup::Gone(_) | Lookup::Unknown | Lookup::Moved(_) => return Err(Failure::NotFound),
    };
    let tags = release.as_ref().map(|release| release.themes.as_slice()).unwrap_or_default();
    let themes: Vec<Theme> = tags
        .iter()
        .map(|tag| Theme {
            id: tag.id.to_string(),
            label: named(staff, l.lang(), tag.id.as_str()),
            why: if tag.by == TagBy::Staff { l.text("theme-by-staff").into_owned() } else { tag.evidence.join(", ") },
        })
        .collect();
    let all = staff.config.vocabulary.themes().iter();
    let mut others: Vec<Theme> = all
        .filter(|theme| !themes.iter().any(|tag| tag.id == theme.id.as_str()))
        .map(|theme| Theme { id: theme.id.to_string(), label: theme.label(l.lang()).to_owned(), why: String::new() })
        .collect();
    others.sort_by_key(|theme| crate::normalise::text::fold(&theme.label));
    let desk = Desk {
        public: format!("{}{}/r/{id}", staff.base_url, l.lang()),
        id: id.to_string(),
        hidden: words.iter().any(|word| word.word == "hide" && word.undone.is_none()),
        themes,
        others,
        words: words.iter().map(|word| said(staff, l, word)).collect(),
    };
    let (title, lang) = release.map_or((id.to_string(), l.lang()), |release| (release.title, release.lang));
    Ok((title, lang, desk))
}

fn said(staff: &Staff, l: &'static Labels, word: &Word) -> Said {
    let day = |at: jiff::Timestamp| l.moment(at, &jiff::tz::TimeZone::UTC);
    let mut line = format!("{}, {}, {}", says(staff, l, word), word.by, day(word.at));
    if !word.why.is_empty() {
        line.push_str(&format!(" ({})", word.why));
    }
    if let Some(at) = word.undone {
        line.push_str(&format!(" — {} {}", l.text("staff-undone"), day(at)));
    }
    let stands = word.undone.is_none() && ThemeWord::of_record(&word.word).is_some();
    Said { theme: word.and.clone(), says: line, stands }
}

/// Does what a form asks for; gives the id of the release to look at afterwards.
pub(super) fn decide(staff: &Staff, id: &str, form: &[u8]) -> Result<ReleaseId, Failure> {
    let id = ReleaseId::new(id).map_err(|_| Failure::NotFound)?;
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(form);
        fields.find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let (what, why, by) = (field("do"), field("why"), "staff");
    let theme = || ThemeId::new(field("theme")).map_err(|error| Failure::Refused(error.to_string()));
    let say = |word| publish::say_theme(&staff.store, &staff.config, (&id, &theme()?), word, by, &why).map_err(refused);
    let done = match what.as_str() {
        "add" => say(ThemeWord::Add),
        "remove" => say(ThemeWord::Remove),
        "undo" => publish::unsay_theme(&staff.store, &staff.config, &id, &theme()?).map_err(refused),
        "hide" => publish::hide(&staff.store, &id, by, &why).map_err(refused),
        "unhide" => publish::unhide(&staff.store, &id).map_err(refused),
        _ => Err(Failure::Refused(format!("`{what}` is nothing that can be done with a release"))),
    };
    // What was said already needs no saying: the page shows it.
    Ok(done?.unwrap_or(id))
}

fn refused(error: PublishError) -> Failure {
    match error {
        PublishError::Store(error) => Failure::Store(error),
        PublishError::Unknown(_) => Failure::NotFound,
        error => Failure::Refused(error.to_string()),
    }
}
