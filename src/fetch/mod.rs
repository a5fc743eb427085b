//! # Fetch: the only door to the network
//!
//! Floor 3. A request passes, in this order: guard (is the address allowed?), robots (does the site allow it?), pace
//! (is it our turn?), client (one connection a host, limits on time and size). Redirects pass the whole way again.

use crate::model::Warning;
use bytes::Bytes;
use jiff::Timestamp;

/// What is expected, which decides the size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A page.
    Page,
    /// A feed, sitemap or API answer.
    Document,
}

/// What the site told us at the last visit, sent back to be answered 304.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag` as received.
    pub etag: Option<String>,
    /// `Last-Modified` as received.
    pub last_modified: Option<String>,
}

/// One answer, body decoded from its content coding and complete.
#[derive(Debug, Clone)]
pub struct Response {
    /// The address asked for.
    pub requested: String,
    /// The address that answered, after redirects.
    pub url: String,
    /// Status of each redirect on the way and where it pointed.
    pub redirects: Vec<(u16, String)>,
    /// Final status.
    pub status: u16,
    /// Header fields in the order received, names in lower case, values as text (Latin-1 where not UTF-8).
    pub headers: Vec<(String, String)>,
    /// Decoded body; empty for 304.
    pub body: Bytes,
    /// When the answer was complete.
    pub at: Timestamp,
    /// What was odd about it.
    pub warnings: Vec<Warning>,
}

impl Response {
    /// First value of a header field, name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
