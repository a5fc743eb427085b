//! Why is a page in or out? The decision replayed from what is stored.

use super::{PublishError, near::Neighbourhood};
use crate::{
    config::Config,
    model::{ReleaseId, Tag},
    normalise::url::canonical,
    reconcile::Relation,
    store::{Happening, Missing, Piece, PublicationId, Rejected, ReleaseRow, Settling, Store},
};

/// Everything about one release or page.
#[derive(Debug, Clone, PartialEq)]
pub enum Explained {
    /// It is, or belongs to, a release.
    Release(Box<Story>),
    /// A page that was read and is part of no release.
    Page(Box<PageStory>),
    /// An address that was looked at and kept out.
    Rejected(Rejected),
    /// Nobody ever named it.
    Unknown,
}

/// A release and how it came to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The release as stored.
    pub row: ReleaseRow,
    /// Its publications, those that readers cannot see included.
    pub pages: Vec<PageStory>,
    /// What happened to it, in order.
    pub history: Vec<Happening>,
}

/// A page and how it was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct PageStory {
    /// The page with its newest reading.
    pub piece: Piece,
    /// What joined it to its release.
    pub joined_by: Option<String>,
    /// What was noted of its absence.
    pub missing: Option<Missing>,
    /// Pages like it: address and relation, `series` and staff's word included.
    pub like: Vec<(String, Relation)>,
}

impl Story {
    /// Themes with the words that decided.
    pub fn themes(&self) -> &[Tag] {
        &self.row.release.themes
    }
}

/// Replays the decision for a release id or an address.
pub fn explain(store: &Store, config: &Config, asked: &str) -> Result<Explained, PublishError> {
    let url = canonical(asked, None, &[]).ok();
    if let Some(url) = &url
        && let Some((_, rejected)) = store.rejection(url)?
        && store.page(url)?.is_none()
    {
        return Ok(Explained::Rejected(rejected));
    }
    let (found, _) = store.settle("explain", |settling| {
        let mut around = Neighbourhood::new(config, settling)?;
        let publication = match &url {
            Some(url) => settling.publication_at(url)?,
            None => None,
        };
        let id = match publication {
            Some(publication) => settling.piece(publication)?.release,
            None => ReleaseId::new(asked).ok(),
        };
        if let Some(id) = &id
            && let Some(row) = settling.row(id)?
        {
            return Ok(Explained::Release(Box::new(story(settling, &mut around, row)?)));
        }
        match publication {
            Some(publication) => Ok(Explained::Page(Box::new(page(settling, &mut around, publication)?))),
            None => Ok::<_, PublishError>(Explained::Unknown),
        }
    })?;
    Ok(found)
}

fn story(settling: &Settling<'_>, around: &mut Neighbourhood<'_>, row: ReleaseRow) -> Result<Story, PublishError> {
    let id = row.release.id.clone();
    let mut pages = Vec::new();
    for publication in settling.members_of(&id)? {
        pages.push(page(settling, around, publication)?);
    }
    Ok(Story { row, pages, history: settling.history(&id)? })
}

fn page(
    settling: &Settling<'_>,
    around: &mut Neighbourhood<'_>,
    publication: PublicationId,
) -> Result<PageStory, PublishError> {
    let piece = settling.piece(publication)?;
    Ok(PageStory {
        joined_by: settling.reason(publication)?,
        missing: settling.missing(&piece)?,
        like: around.like(settling, publication)?,
        piece,
    })
}
