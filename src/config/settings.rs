//! `communique.toml` as values with their defaults.
//!
//! A further setting is a field, its default, a line below `read` and one in `defaults`; a test holds them
//! together.

use super::{
    mistake::{File, Report},
    section::Section,
    values,
};
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
    /// Requests a minute to the API from one address; `None`: no limit.
    pub rate_limit: Option<u32>,
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
            rate_limit: None,
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

/// Reads the file; what is missing or wrong keeps its default, and the report says what is wrong.
pub(super) fn read(file: &File, report: &Report, table: &toml_edit::Table) -> Settings {
    let mut settings = Settings::default();
    let root = Section::top(file, report, table, &["server", "fetch", "crawl"]);
    if let Some(section) = root.table("server") {
        read_server(&section, &mut settings.server);
        section.finish();
    }
    if let Some(section) = root.table("fetch") {
        read_fetch(&section, &mut settings.fetch);
        section.finish();
    }
    if let Some(section) = root.table("crawl") {
        read_crawl(&section, &mut settings.crawl);
        section.finish();
    }
    root.finish();
    settings
}

fn read_server(section: &Section<'_>, server: &mut ServerSettings) {
    section.set(&mut server.base_url, "base_url", values::base_url);
    section.set(&mut server.title, "title", values::text);
    section.set(&mut server.listen, "listen", values::listener);
    section.set(&mut server.admin, "admin", values::listener);
    section.set(&mut server.data, "data", values::folder);
    section.set(&mut server.index, "index", values::folder);
    server.rate_limit = section.get("rate_limit", values::count);
    if server.listen == server.admin && server.listen.port() != 0 {
        section.wrong("admin", format!("`admin` is the public address {} too: give it another port", server.listen));
    }
    if server.data == server.index {
        section.wrong("index", "`index` is the folder of `data` too: the index may be deleted, the data never");
    }
}

fn read_fetch(section: &Section<'_>, fetch: &mut FetchSettings) {
    section.set(&mut fetch.contact, "contact", values::contact);
    section.set(&mut fetch.delay, "delay_ms", values::milliseconds);
    fetch.open_networks = section.list("open_networks", values::network).into_iter().map(|(net, _)| net).collect();
    section.set(&mut fetch.daily_budget, "daily_budget", values::count);
    section.set(&mut fetch.page_bytes, "page_bytes", values::size);
    section.set(&mut fetch.feed_bytes, "feed_bytes", values::size);
    section.set(&mut fetch.connect, "connect", values::duration);
    section.set(&mut fetch.first_byte, "first_byte", values::duration);
    section.set(&mut fetch.idle, "idle", values::duration);
    section.set(&mut fetch.total, "total", values::duration);
}

fn read_crawl(section: &Section<'_>, crawl: &mut CrawlSettings) {
    section.set(&mut crawl.every_min, "every_min", values::duration);
    section.set(&mut crawl.every_max, "every_max", values::duration);
    section.set(&mut crawl.commit_every, "commit_every", values::duration);
    section.set(&mut crawl.keep_captures, "keep_captures", values::duration);
    if crawl.every_max < crawl.every_min {
        let (min, max) = (values::show_duration(crawl.every_min), values::show_duration(crawl.every_max));
        section.wrong("every_max", format!("`every_max` ({max}) is shorter than `every_min` ({min})"));
    }
}
