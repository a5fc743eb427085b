//! `communique.toml` as values with their defaults.

use ipnet::IpNet;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// `communique.toml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// `[server]`.
    pub server: ServerSettings,
    /// `[fetch]`.
    pub fetch: FetchSettings,
    /// `[crawl]`.
    pub crawl: CrawlSettings,
}

/// `[server]`: what the newsroom calls itself and where it listens.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerSettings {
    /// Public address with a final slash; `None` means the address it listens on.
    pub base_url: Option<String>,
    /// Name of the newsroom, in titles of pages and feeds.
    pub title: String,
    /// Public listener.
    pub listen: SocketAddr,
    /// Listener for health, metrics and staff.
    pub admin: SocketAddr,
    /// Folder of the database.
    pub data: PathBuf,
    /// Folder of the derived index.
    pub index: PathBuf,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            base_url: None,
            title: "Communiqué".to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin: SocketAddr::from(([127, 0, 0, 1], 8081)),
            data: PathBuf::from("data"),
            index: PathBuf::from("index"),
        }
    }
}

/// `[fetch]`: how members' sites are asked.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchSettings {
    /// `mailto:` or `https:` address that goes into the user agent; empty is refused outside loopback.
    pub contact: String,
    /// Time between two requests to one host; zero (tests, demo) switches all pacing off, `Crawl-delay` and the daily
    /// budget included: one connection stays, and a pause that the host asks for.
    pub delay: Duration,
    /// Networks that may be fetched although they are not public.
    pub open_networks: Vec<IpNet>,
    /// Requests to one host in a day.
    pub daily_budget: u32,
    /// Largest decoded page, bytes.
    pub page_bytes: u64,
    /// Largest decoded feed or sitemap, bytes.
    pub feed_bytes: u64,
    /// Time to connect.
    pub connect: Duration,
    /// Time to the end of the response head.
    pub first_byte: Duration,
    /// Silence within a body.
    pub idle: Duration,
    /// Time for one fetch, whatever trickles.
    pub total: Duration,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            delay: Duration::from_millis(1000),
            open_networks: Vec::new(),
            daily_budget: 5_000,
            page_bytes: 16 << 20,
            feed_bytes: 64 << 20,
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(20),
            idle: Duration::from_secs(15),
            total: Duration::from_secs(60),
        }
    }
}

/// `[crawl]`: how often members are visited.
#[derive(Debug, Clone, PartialEq)]
pub struct CrawlSettings {
    /// Shortest time between two rounds of one member.
    pub every_min: Duration,
    /// Longest time between two rounds of one member.
    pub every_max: Duration,
    /// How often found pages become visible during a first crawl.
    pub commit_every: Duration,
    /// How long captures of superseded versions are kept.
    pub keep_captures: Duration,
}

impl Default for CrawlSettings {
    fn default() -> Self {
        Self {
            every_min: Duration::from_secs(15 * 60),
            every_max: Duration::from_secs(24 * 3600),
            commit_every: Duration::from_secs(30),
            keep_captures: Duration::from_secs(400 * 24 * 3600),
        }
    }
}
