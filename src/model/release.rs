//! What a reader sees: one release with its publications.

use super::{Attachment, DateValue, Image, Kind, Lang, MemberId, ReleaseId, ThemeId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A member as named in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRef {
    /// Stable id.
    pub id: MemberId,
    /// Current name.
    pub name: String,
}

/// One page of a release, on one member's site, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationRef {
    /// Canonical address.
    pub url: String,
    /// Whose site it is on.
    pub member: MemberId,
    /// Language of the page.
    pub lang: Lang,
    /// Title in that language.
    pub title: String,
    /// Leading date, when one is known.
    pub published: Option<DateValue>,
    /// Whether it is a machine translation.
    pub machine_translated: bool,
}

/// Who gave a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TagBy {
    /// Words of the text.
    Label,
    /// The member's own category.
    Category,
    /// A person of the staff; final.
    Staff,
}

/// A theme of a release, with the words that decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// The theme.
    pub id: ThemeId,
    /// Who gave it.
    pub by: TagBy,
    /// Strength, 0 to 1.
    pub score: f32,
    /// The words that decided, as written in the text, at most five.
    pub evidence: Vec<String>,
}

/// A country that a release speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// ISO 3166-1 alpha-2 in lower case.
    pub id: String,
    /// The words that decided, at most three.
    pub evidence: Vec<String>,
}

/// An organisation that issued or signed a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// The name as written.
    pub name: String,
    /// The member, when it is one.
    pub member: Option<MemberId>,
    /// Signatory of a list rather than issuer.
    pub signatory: bool,
    /// The line of the text that says so; empty for the members on whose sites it stands.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

/// A release without its text: what lists, feeds and answers carry. Stored whole with the index, so a list never
/// asks the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Permanent id.
    pub id: ReleaseId,
    /// Kind.
    pub kind: Kind,
    /// Title of the lead publication.
    pub title: String,
    /// Language of the lead publication.
    pub lang: Lang,
    /// Leading date of the lead publication; `None` when no date is known.
    pub published: Option<DateValue>,
    /// Last change of substance, as announced.
    pub updated: Timestamp,
    /// When the first of its publications was first seen.
    pub first_seen: Timestamp,
    /// Order in feeds: microseconds since 1970, unique, given once.
    pub rank: i64,
    /// Address of the lead publication; empty for imported releases without one.
    pub url: String,
    /// Members in the order of publication; empty for the newsroom's own.
    pub members: Vec<MemberRef>,
    /// Publications, the lead first.
    pub publications: Vec<PublicationRef>,
    /// People or organisations named as authors.
    pub authors: Vec<String>,
    /// Issuers and signatories.
    pub issuers: Vec<Issuer>,
    /// Themes, strongest first.
    pub themes: Vec<Tag>,
    /// Countries, strongest first.
    pub countries: Vec<Place>,
    /// Plain summary, one paragraph of at most 300 characters.
    pub summary: String,
    /// Lead image.
    pub image: Option<Image>,
    /// Files offered.
    pub attachments: Vec<Attachment>,
}

impl Release {
    /// The place in `publications` of the one to read in `lang`: an original before a translation.
    pub fn in_lang(&self, lang: Lang) -> Option<usize> {
        let original = self.publications.iter().position(|page| page.lang == lang && !page.machine_translated);
        original.or_else(|| self.publications.iter().position(|page| page.lang == lang))
    }

    /// Puts title, address and language of the publication in the first of the languages `prefer` forward; a release
    /// that can be read in none of them stays as it is.
    pub fn put_forward(&mut self, prefer: &[Lang]) {
        for lang in prefer {
            if let Some(at) = self.in_lang(*lang) {
                let page = &self.publications[at];
                (self.title, self.url, self.lang) = (page.title.clone(), page.url.clone(), page.lang);
                return;
            }
            if self.lang == *lang {
                return;
            }
        }
    }
}

/// The text of a release, read only where one release is shown or a feed is built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseText {
    /// Plain text, one line a block.
    pub text: String,
    /// Sanitised HTML with absolute links.
    pub html: String,
    /// Press contacts, shown apart.
    pub contacts: String,
}
