//! A release as one line of JSON: what `export` writes and `import` reads.
//!
//! The same names as an item of the API, with the text besides. Only `id`, `title`, `text` and `lang` have to be there.

use super::render::beginning;
use crate::{
    config::Config,
    extract,
    model::{
        Attachment, DateValue, Image, Issuer, Kind, Lang, MemberRef, Place, PublicationRef, Release, ReleaseId,
        ReleaseText, Tag, TagBy, ThemeId,
    },
    normalise::text,
    store::paragraphs,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A theme in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ThemeOf {
    id: ThemeId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(default = "category")]
    by: TagBy,
    #[serde(default = "full")]
    score: f32,
    #[serde(default)]
    evidence: Vec<String>,
}

/// A theme that comes without its origin was given by whoever keeps the releases.
fn category() -> TagBy {
    TagBy::Category
}

fn full() -> f32 {
    1.0
}

/// A country in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct CountryOf {
    id: String,
    #[serde(default)]
    evidence: Vec<String>,
}

/// One release in a line of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    id: ReleaseId,
    #[serde(default = "press_release")]
    kind: Kind,
    title: String,
    lang: Lang,
    #[serde(default)]
    published: Option<DateValue>,
    #[serde(default)]
    updated: Option<Timestamp>,
    #[serde(default)]
    first_seen: Option<Timestamp>,
    #[serde(default)]
    rank: Option<i64>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    members: Vec<MemberRef>,
    #[serde(default)]
    publications: Vec<PublicationRef>,
    #[serde(default)]
    authors: Vec<String>,
    #[serde(default)]
    issuers: Vec<Issuer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    themes: Option<Vec<ThemeOf>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    countries: Option<Vec<CountryOf>>,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    image: Option<Image>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    text: String,
    #[serde(default)]
    html: String,
    #[serde(default)]
    contacts: String,
}

fn press_release() -> Kind {
    Kind::Release
}

/// The clocks and labels of a line; what it does not give, the import decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub updated: Option<Timestamp>,
    pub first_seen: Option<Timestamp>,
    pub rank: Option<i64>,
    /// Whether themes or countries are given that no rule of ours found.
    pub labels: bool,
}

impl Line {
    /// A release as a line; the labels of its themes are for people, in the release's own language.
    pub fn new(release: Release, text: ReleaseText, config: &Config) -> Self {
        let label = |id: &ThemeId| config.vocabulary.get(id).map_or("", |theme| theme.label(release.lang)).to_owned();
        let theme = |tag: &Tag| ThemeOf {
            id: tag.id.clone(),
            label: label(&tag.id),
            by: tag.by,
            score: tag.score,
            evidence: tag.evidence.clone(),
        };
        let country = |place: &Place| CountryOf { id: place.id.clone(), evidence: place.evidence.clone() };
        Self {
            themes: Some(release.themes.iter().map(theme).collect()),
            countries: Some(release.countries.iter().map(country).collect()),
            id: release.id,
            kind: release.kind,
            title: release.title,
            lang: release.lang,
            published: release.published,
            updated: Some(release.updated),
            first_seen: Some(release.first_seen),
            rank: Some(release.rank),
            url: release.url,
            members: release.members,
            publications: release.publications,
            authors: release.authors,
            issuers: release.issuers,
            summary: release.summary,
            image: release.image,
            attachments: release.attachments,
            html: if text.html == paragraphs(&text.text) { String::new() } else { text.html },
            text: text.text,
            contacts: text.contacts,
        }
    }

    /// Refuses what no page could have brought: addresses that are not of the web, countries that are no code.
    fn check(&self) -> Result<(), String> {
        let publications = self.publications.iter().map(|publication| publication.url.as_str());
        let files = self.attachments.iter().map(|file| file.url.as_str());
        let image = self.image.iter().map(|image| image.url.as_str());
        let own = Some(self.url.as_str()).filter(|url| !url.is_empty());
        for url in own.into_iter().chain(publications).chain(files).chain(image) {
            if !url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
                return Err(format!("`{url}` is no http or https address"));
            }
        }
        let codes = self.countries.iter().flatten().map(|country| country.id.as_str());
        for code in codes {
            if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(format!("`{code}` is not a country: use an ISO 3166-1 code in lower case such as sn"));
            }
        }
        Ok(())
    }

    /// The line as a release and its text, cleaned as a page would be; clocks that were not given are `now`, rank 0.
    pub(super) fn into_parts(self, now: Timestamp) -> Result<(Release, ReleaseText, Given), String> {
        self.check()?;
        let given = Given {
            updated: self.updated,
            first_seen: self.first_seen,
            rank: self.rank,
            labels: self.themes.iter().flatten().any(|theme| theme.by != TagBy::Label)
                || (self.themes.is_none() && self.countries.iter().flatten().next().is_some()),
        };
        let text = ReleaseText {
            text: text::clean(&self.text),
            html: if self.html.is_empty() { String::new() } else { extract::fragment(&self.html, &self.url) },
            contacts: text::clean(&self.contacts),
        };
        let tag = |theme: ThemeOf| Tag { id: theme.id, by: theme.by, score: theme.score, evidence: theme.evidence };
        let place = |country: CountryOf| Place { id: country.id, evidence: country.evidence };
        let release = Release {
            id: self.id,
            kind: self.kind,
            title: text::line(&self.title),
            lang: self.lang,
            published: self.published,
            updated: self.updated.unwrap_or(now),
            first_seen: self.first_seen.unwrap_or(now),
            rank: self.rank.unwrap_or(0),
            url: self.url,
            members: self.members,
            publications: self.publications,
            authors: self.authors.iter().map(|name| text::line(name)).collect(),
            issuers: self.issuers,
            themes: self.themes.unwrap_or_default().into_iter().map(tag).collect(),
            countries: self.countries.unwrap_or_default().into_iter().map(place).collect(),
            summary: if self.summary.is_empty() { beginning(&text.text) } else { text::line(&self.summary) },
            image: self.image,
            attachments: self.attachments,
        };
        Ok((release, text, given))
    }
}
