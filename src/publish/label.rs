//! Which themes, countries and issuers does a release have?

use crate::{
    config::Config,
    model::{Issuer, Place, Tag},
    store::Piece,
};

/// What is said about a release besides its own words.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    pub themes: Vec<Tag>,
    pub countries: Vec<Place>,
    pub issuers: Vec<Issuer>,
}

/// Labels of the release of `live` publications, the lead first.
pub fn labels(config: &Config, live: &[&Piece]) -> Labels {
    let _ = (config, live);
    Labels::default()
}
