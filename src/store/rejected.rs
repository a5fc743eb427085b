//! Addresses that were looked at and are no page of ours: 404 from the start, another site behind a redirect, behind a
//! password, noindex, robots.txt. Kept with the reason, so that they are not asked again each round and `audit` can
//! explain every gap.

use super::{Store, StoreError};
use crate::model::MemberId;
use jiff::Timestamp;

/// An address that was looked at and kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The address.
    pub url: String,
    /// Why, in words for people.
    pub reason: String,
    /// When it was last looked at.
    pub at: Timestamp,
}

impl Store {
    /// Notes that the page at `url` (canonical) is kept out, and why; replaces an earlier note.
    pub fn reject(&self, member: &MemberId, url: &str, reason: &str) -> Result<(), StoreError> {
        let _ = (member, url, reason);
        unimplemented!()
    }

    /// Takes the note back: the page is one of ours now.
    pub fn accept(&self, member: &MemberId, url: &str) -> Result<(), StoreError> {
        let _ = (member, url);
        unimplemented!()
    }

    /// Every address of a member that is kept out, in order of address.
    pub fn rejected(&self, member: &MemberId) -> Result<Vec<Rejected>, StoreError> {
        let _ = member;
        unimplemented!()
    }
}
