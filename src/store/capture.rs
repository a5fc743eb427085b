//! What came over the wire, exactly as received.

use super::{Store, StoreError};
use crate::model::MemberId;
use bytes::Bytes;
use jiff::Timestamp;

/// Number of a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaptureId(pub i64);

/// One response as received, the body without content coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Whose site was asked.
    pub member: MemberId,
    /// The address asked for.
    pub requested: String,
    /// The address that answered, after redirects.
    pub url: String,
    /// Status of the answer.
    pub status: u16,
    /// Header fields in the order received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; stored once per SHA-256, compressed.
    pub body: Bytes,
    /// When the answer was complete.
    pub at: Timestamp,
}

impl Store {
    /// Keeps a response; call it before anything is read from the body. When the newest capture of the same address
    /// has the same status and body, no row is added: its time of last sight moves, and its id is given back.
    pub fn put_capture(&self, capture: &Capture) -> Result<CaptureId, StoreError> {
        let _ = capture;
        unimplemented!()
    }

    /// A capture with its body; the SHA-256 is checked. `None` when it was purged or never was.
    pub fn capture(&self, id: CaptureId) -> Result<Option<Capture>, StoreError> {
        let _ = id;
        unimplemented!()
    }

    /// The newest capture whose requested or answering address is `url`, as written.
    pub fn newest_capture(&self, url: &str) -> Result<Option<(CaptureId, Capture)>, StoreError> {
        let _ = url;
        unimplemented!()
    }

    /// Ids of all captures, oldest first, for `export --warc` and reading again.
    pub fn captures(&self) -> Result<Vec<CaptureId>, StoreError> {
        unimplemented!()
    }
}
