//! What can keep a page from us, and what that means for asking again.

use super::guard::Refusal;
use jiff::Timestamp;

/// A fetch that brought nothing: which address, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url}: {cause}")]
pub struct FetchError {
    /// The address that failed: the one asked for, or the redirect target that could not be followed.
    pub url: String,
    /// Why.
    pub cause: Cause,
}

/// Why a fetch brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// An address that we never ask, whatever a page says.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The address, or the end of a redirect, is on none of the member's hosts.
    #[error("`{host}` is not among the member's hosts")]
    OffSite {
        /// The host that it leads to.
        host: String,
    },
    /// The site's robots.txt says no.
    #[error("robots.txt disallows it")]
    Disallowed,
    /// No robots.txt could be read, which is no permission (RFC 9309, 2.3.1.4).
    #[error("robots.txt is out of reach: {0}")]
    RobotsUnreachable(Box<Cause>),
    /// The name has no address.
    #[error("no such name: {0}")]
    NoSuchName(String),
    /// The name server did not answer in time or had trouble.
    #[error("name server trouble: {0}")]
    NameServer(String),
    /// No connection, or one that broke before the answer began.
    #[error("no connection: {0}")]
    Connection(String),
    /// No trustworthy encrypted connection.
    #[error("no trusted TLS connection: {0}")]
    Tls(String),
    /// A time limit passed.
    #[error("{0}")]
    Timeout(Limit),
    /// The head of the answer is over 64 KiB or 100 fields.
    #[error("the head of the answer is too large")]
    HeadTooLarge,
    /// A page is longer than the limit; half a page is none.
    #[error("the page is over {0} bytes")]
    TooLarge(usize),
    /// The answer ended before its end.
    #[error("the answer broke off: {0}")]
    Truncated(String),
    /// The answer is not HTTP, or contradicts itself about its length.
    #[error("not a valid HTTP answer: {0}")]
    Framing(String),
    /// The body is not what its content coding says.
    #[error("content coding: {0}")]
    Coding(String),
    /// A status that is no answer to our request.
    #[error("status {0} does not answer the request")]
    Status(u16),
    /// A redirect without an end, or to no address.
    #[error("redirect: {0}")]
    Redirect(String),
    /// The host asked us to slow down, or failed so often that we leave it alone.
    #[error("`{host}` is left alone until {until}{}", status.map(|code| format!(" (status {code})")).unwrap_or_default())]
    Paused {
        /// The host.
        host: String,
        /// When it may be asked again.
        until: Timestamp,
        /// The status that caused the pause, where this request met it.
        status: Option<u16>,
    },
    /// The host's requests for today are used up.
    #[error("the daily budget of `{host}` is used up until {until}")]
    Budget {
        /// The host.
        host: String,
        /// When the next day begins.
        until: Timestamp,
    },
}

/// Which time limit passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// Name, connection and TLS handshake.
    #[error("no connection within the time limit")]
    Connect,
    /// Up to the end of the head.
    #[error("no answer within the time limit")]
    FirstByte,
    /// Silence within the body.
    #[error("the body stopped coming")]
    Idle,
    /// The whole fetch.
    #[error("the answer took longer than one fetch may")]
    Total,
}

impl Cause {
    /// Whether asking again later may help: the network or the site had trouble, or told us to wait.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoSuchName(_)
            | Self::NameServer(_)
            | Self::Connection(_)
            | Self::Tls(_)
            | Self::Timeout(_)
            | Self::Truncated(_)
            | Self::RobotsUnreachable(_)
            | Self::Paused { .. }
            | Self::Budget { .. } => true,
            Self::Refused(_)
            | Self::OffSite { .. }
            | Self::Disallowed
            | Self::HeadTooLarge
            | Self::TooLarge(_)
            | Self::Framing(_)
            | Self::Coding(_)
            | Self::Status(_)
            | Self::Redirect(_) => false,
        }
    }

    /// Whether the host as a whole is out of reach, so that its other pages need not be tried now.
    pub fn concerns_host(&self) -> bool {
        matches!(
            self,
            Self::NoSuchName(_)
                | Self::NameServer(_)
                | Self::Tls(_)
                | Self::Timeout(Limit::Connect)
                | Self::RobotsUnreachable(_)
                | Self::Paused { .. }
                | Self::Budget { .. }
        )
    }

    /// When the host may be asked again, where that is known.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Paused { until, .. } | Self::Budget { until, .. } => Some(*until),
            Self::RobotsUnreachable(cause) => cause.retry_at(),
            _ => None,
        }
    }
}
