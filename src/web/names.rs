//! What is a value of a filter called? Themes, members, countries, languages and kinds by their names for readers.

use super::Door;
use crate::{
    labels::Labels,
    model::{Lang, Member, MemberId, ThemeId},
};
use jiff::tz::TimeZone;

impl Door {
    /// The name of `value` of the filter `facet`; the value itself where it has no other name.
    pub(super) fn name_of(&self, l: &'static Labels, facet: &str, value: &str) -> String {
        let name = match facet {
            "theme" => ThemeId::new(value).ok().and_then(|id| self.theme_name(l.lang(), &id)),
            "member" => self.member(value).map(|member| member.name().to_owned()),
            "country" => l.country(value).map(str::to_owned),
            "lang" => value.parse().ok().map(|lang| l.language(lang)),
            "kind" => value.parse().ok().map(|kind| l.kind(kind).into_owned()),
            _ => None,
        };
        name.unwrap_or_else(|| value.to_owned())
    }

    /// The label of a theme, `None` when the vocabulary no longer has it.
    pub(super) fn theme_name(&self, lang: Lang, id: &ThemeId) -> Option<String> {
        self.config.vocabulary.get(id).map(|theme| theme.label(lang).to_owned())
    }

    /// The member called `id`.
    pub(super) fn member(&self, id: &str) -> Option<&Member> {
        self.config.members.iter().find(|member| member.id.as_str() == id)
    }

    /// The zone in which dates of these members are days: that of the first one known, else that of Paris.
    pub(super) fn zone<'a>(&self, members: impl IntoIterator<Item = &'a MemberId>) -> TimeZone {
        let known = members.into_iter().find_map(|id| self.member(id.as_str()));
        known.map_or_else(paris, |member| member.timezone.clone())
    }
}

/// The zone of a newsroom without members (design: dates count in Europe/Paris).
fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}
