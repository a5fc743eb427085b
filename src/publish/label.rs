//! Which themes, countries and issuers does a release have?

use super::{near::member, render::lang};
use crate::{
    classify::{Tagger, issuers, places},
    config::Config,
    model::{Category, Issuer, Lang, Member, Name, Place, Tag, ThemeId},
    normalise::text::fold,
    store::Piece,
};
use jiff::civil::Date;

/// What is said about a release besides its own words.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    pub themes: Vec<Tag>,
    pub countries: Vec<Place>,
    pub issuers: Vec<Issuer>,
}

/// Labels texts with the words of one configuration; made once for a whole settle.
pub struct Labeller<'c> {
    config: &'c Config,
    tagger: Tagger,
}

impl<'c> Labeller<'c> {
    pub fn new(config: &'c Config) -> Self {
        Self { config, tagger: Tagger::new(&config.vocabulary) }
    }

    pub fn config(&self) -> &'c Config {
        self.config
    }

    /// Labels of the release of `live` publications, the lead first: the words of the lead, and what the categories of
    /// all of them stand for.
    pub fn of_pieces(&self, live: &[&Piece]) -> Labels {
        let lead = live[0];
        let (title, text) = (&lead.draft.title, &lead.draft.text);
        let (mut themes, mut countries): (Vec<(ThemeId, String)>, Vec<Place>) = (Vec::new(), places(title, text));
        for category in live.iter().flat_map(|piece| self.categories(piece)) {
            if let Some(theme) = &category.theme
                && !themes.iter().any(|(known, _)| known == theme)
            {
                themes.push((theme.clone(), category.name.clone()));
            }
            if let Some(country) = &category.country
                && !countries.iter().any(|known| known.id == *country)
            {
                countries.push(Place { id: country.clone(), evidence: vec![category.name.clone()] });
            }
        }
        Labels {
            themes: self.tagger.tags(title, text, lang(self.config, lead), &themes),
            countries,
            issuers: self.issuers(live),
        }
    }

    /// Labels of a text that comes without categories.
    pub fn of_text(&self, title: &str, text: &str, lang: Lang) -> Labels {
        let themes = self.tagger.tags(title, text, lang, &[]);
        Labels { themes, countries: places(title, text), issuers: self.signed(title, text) }
    }

    /// The members on whose sites the release stands, under the names that they had on the day, then the organisations
    /// that the text itself names as issuers and signatories.
    fn issuers(&self, live: &[&Piece]) -> Vec<Issuer> {
        let day = live[0].draft.published.as_ref().map(|date| date.value.date());
        let mut issuers: Vec<Issuer> = Vec::new();
        for piece in live {
            let id = &piece.known.member;
            if issuers.iter().any(|known| known.member.as_ref() == Some(id)) {
                continue;
            }
            let name = member(self.config, id).map_or(id.as_str(), |member| name_on(member, day)).to_owned();
            issuers.push(Issuer { name, member: Some(id.clone()), signatory: false, evidence: String::new() });
        }
        for named in self.signed(&live[0].draft.title, &live[0].draft.text) {
            let is_known = |other: &Issuer| match &named.member {
                Some(member) => other.member.as_ref() == Some(member),
                None => fold(&other.name) == fold(&named.name),
            };
            if !issuers.iter().any(is_known) {
                issuers.push(named);
            }
        }
        issuers
    }

    /// Issuers and signatories that a text names, members under the name that the text uses.
    fn signed(&self, title: &str, text: &str) -> Vec<Issuer> {
        let names =
            || self.config.members.iter().flat_map(|member| member.names.iter().map(move |name| (member, name)));
        let known: Vec<String> = names().map(|(_, name)| name.name.clone()).collect();
        let found = issuers(title, text, &known).into_iter().map(|signed| {
            let member = names().find(|(_, name)| fold(&name.name) == fold(&signed.name));
            let member = member.map(|(member, _)| member.id.clone());
            Issuer { name: signed.name, member, signatory: signed.signatory, evidence: signed.evidence }
        });
        found.collect()
    }

    /// What the member's own categories of a page stand for here.
    fn categories(&self, piece: &Piece) -> Vec<&'c Category> {
        let Some(member) = member(self.config, &piece.known.member) else { return Vec::new() };
        let named: Vec<String> = piece.draft.categories.iter().map(|name| fold(name)).collect();
        member.categories.iter().filter(|category| named.contains(&fold(&category.name))).collect()
    }
}

/// The name in use on `day`; the current one when the day is unknown or no name covers it.
fn name_on(member: &Member, day: Option<Date>) -> &str {
    let Some(day) = day else { return member.name() };
    let covers =
        |name: &&Name| name.since.is_none_or(|since| since <= day) && name.until.is_none_or(|until| day <= until);
    member.names.iter().rev().find(covers).map_or(member.name(), |name| &name.name)
}
