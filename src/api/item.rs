//! One release in an answer.

use super::Door;
use crate::labels::Labels;
use crate::model::{Release, ReleaseText, TagBy};
use crate::search::Hit;
use serde::Serialize;
use utoipa::ToSchema;

/// A release: one or more publications of the same text on members' sites.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Item {
    /// Permanent id.
    #[schema(example = "7f3k9q")]
    pub id: String,
    /// `release`, `news` or `tribune`; others only when asked for.
    pub kind: String,
    /// Title of the lead publication.
    pub title: String,
    /// Language of the lead publication.
    #[schema(example = "fr")]
    pub lang: String,
    /// Publication date, cut at its precision; null when unknown.
    #[schema(example = "2026-03-02")]
    pub published: Option<String>,
    /// `year`, `month`, `day` or `minute`; null when the date is unknown.
    pub published_precision: Option<String>,
    /// Last change of substance (RFC 3339).
    pub updated: String,
    /// When we first saw it (RFC 3339).
    pub first_seen: String,
    /// Address of the lead publication; empty for the newsroom's own.
    pub url: String,
    /// Members that published it.
    pub members: Vec<Named>,
    /// Where it was published, the lead first.
    pub publications: Vec<Publication>,
    /// People or organisations named as authors.
    pub authors: Vec<String>,
    /// Organisations that issued or signed it: the members on whose sites it stands, and those that the text names.
    pub issuers: Vec<IssuerOf>,
    /// Themes with the words that decided, strongest first.
    pub themes: Vec<ThemeTag>,
    /// Countries it speaks of.
    pub countries: Vec<Labelled>,
    /// One paragraph of plain text.
    pub summary: String,
    /// Lead image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Picture>,
    /// Files offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<File>,
    /// Passages that match, with `<mark>`; the rest is escaped HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highlights: Option<Highlights>,
    /// Matches most of the words, not all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Where to go on.
    pub links: ItemLinks,
    /// Plain text, one line a block; only in the answer about one release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Sanitised HTML; only in the answer about one release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Press contacts as plain text; only in the answer about one release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<String>,
}

/// Something with a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// An organisation that issued or signed a release.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssuerOf {
    /// Name as written.
    pub name: String,
    /// The member, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Signatory of a list rather than issuer.
    pub signatory: bool,
    /// The line of the text that says so; missing for the members on whose sites it stands.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

/// Something with a label in the reader's language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Labelled {
    /// Stable id.
    pub id: String,
    /// Label in the language of `Accept-Language`, French or English.
    pub label: String,
}

/// One page of a release.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Publication {
    /// Canonical address.
    pub url: String,
    /// Whose site it is on.
    pub member: String,
    /// Its language.
    pub lang: String,
    /// Its title.
    pub title: String,
    /// Its date, when known.
    pub published: Option<String>,
    /// Whether it is a machine translation.
    pub machine_translated: bool,
}

/// A theme of a release.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThemeTag {
    /// Theme id.
    pub id: String,
    /// Label in the language of `Accept-Language`.
    pub label: String,
    /// `label`, `category` or `staff`.
    pub by: String,
    /// 0 to 1.
    pub score: f64,
    /// The words that decided.
    pub evidence: Vec<String>,
}

/// A picture.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Picture {
    /// Its address.
    pub url: String,
    /// Text alternative.
    pub alt: String,
    /// Photo credit.
    pub credit: String,
}

/// A file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct File {
    /// Its address.
    pub url: String,
    /// The words of its link.
    pub title: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes, where known.
    pub bytes: Option<u64>,
}

/// What matched.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Highlights {
    /// The title; null when nothing in it matched.
    pub title: Option<String>,
    /// Up to three passages of the text.
    pub text: Vec<String>,
}

/// Addresses of one release.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemLinks {
    /// This release in the API.
    #[serde(rename = "self")]
    pub own: String,
    /// Its page, in the reader's language.
    pub html: String,
}

impl Item {
    /// A release as it stands in a list.
    pub fn new(release: &Release, door: &Door, labels: &'static Labels) -> Self {
        let text = |date: &Option<crate::model::DateValue>| date.map(|date| date.to_string());
        Self {
            id: release.id.to_string(),
            kind: release.kind.to_string(),
            title: release.title.clone(),
            lang: release.lang.to_string(),
            published: text(&release.published),
            published_precision: release.published.map(|date| date.precision().as_str().to_owned()),
            updated: release.updated.to_string(),
            first_seen: release.first_seen.to_string(),
            url: release.url.clone(),
            members: release.members.iter().map(|m| Named { id: m.id.to_string(), name: m.name.clone() }).collect(),
            publications: release
                .publications
                .iter()
                .map(|page| Publication {
                    url: page.url.clone(),
                    member: page.member.to_string(),
                    lang: page.lang.to_string(),
                    title: page.title.clone(),
                    published: text(&page.published),
                    machine_translated: page.machine_translated,
                })
                .collect(),
            authors: release.authors.clone(),
            issuers: release
                .issuers
                .iter()
                .map(|issuer| IssuerOf {
                    name: issuer.name.clone(),
                    member: issuer.member.as_ref().map(ToString::to_string),
                    signatory: issuer.signatory,
                    evidence: issuer.evidence.clone(),
                })
                .collect(),
            themes: themes(release, door, labels),
            countries: release
                .countries
                .iter()
                .map(|place| Labelled {
                    id: place.id.clone(),
                    label: labels.country(&place.id).unwrap_or(&place.id).to_owned(),
                })
                .collect(),
            summary: release.summary.clone(),
            image: release.image.as_ref().map(|image| Picture {
                url: image.url.clone(),
                alt: image.alt.clone(),
                credit: image.credit.clone(),
            }),
            attachments: release
                .attachments
                .iter()
                .map(|file| File {
                    url: file.url.clone(),
                    title: file.title.clone(),
                    media_type: file.media_type.clone(),
                    bytes: file.bytes,
                })
                .collect(),
            highlights: None,
            partial: false,
            links: ItemLinks { own: format!("/api/v1/releases/{}", release.id), html: format!("/r/{}", release.id) },
            text: None,
            html: None,
            contacts: None,
        }
    }

    /// A release of a search.
    pub fn of_hit(hit: &Hit, door: &Door, labels: &'static Labels) -> Self {
        let marked = hit.title_mark.is_some() || !hit.text_marks.is_empty();
        let highlights = marked.then(|| Highlights { title: hit.title_mark.clone(), text: hit.text_marks.clone() });
        Self { highlights, partial: hit.partial, ..Self::new(&hit.release, door, labels) }
    }

    /// The release with its text.
    pub fn with_text(self, text: ReleaseText) -> Self {
        let contacts = Some(text.contacts).filter(|contacts| !contacts.is_empty());
        Self { text: Some(text.text), html: Some(text.html), contacts, ..self }
    }
}

fn themes(release: &Release, door: &Door, labels: &Labels) -> Vec<ThemeTag> {
    let tag = |tag: &crate::model::Tag| {
        let theme = door.config.vocabulary.get(&tag.id);
        ThemeTag {
            id: tag.id.to_string(),
            label: theme.map_or(tag.id.as_str(), |theme| theme.label(labels.lang())).to_owned(),
            by: match tag.by {
                TagBy::Label => "label",
                TagBy::Category => "category",
                TagBy::Staff => "staff",
            }
            .to_owned(),
            score: (f64::from(tag.score) * 1000.0).round() / 1000.0,
            evidence: tag.evidence.clone(),
        }
    };
    release.themes.iter().map(tag).collect()
}
