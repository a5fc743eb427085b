//! `communique serve` (also without a command): crawls on schedule, indexes, serves.

use super::bars::Bars;
use super::house::{House, configuration};
use super::{Failure, Global};
use crate::config::Config;
use crate::crawl::{self, Crawler};
use crate::fetch::Fetcher;
use crate::model::{Lang, ReleaseId};
use crate::publish;
use crate::search::{Engine, Texts};
use crate::server::{self, ServeOptions};
use crate::store::Reader;
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often the index follows what short commands (`hide`, `import`) wrote.
const FOLLOW: Duration = Duration::from_millis(500);

/// Crawl on schedule, index, and serve the newsroom.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Public listener; port 0 picks one [default: as configured, else 127.0.0.1:8080]
    #[arg(long, env = "COMMUNIQUE_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Listener for health, metrics and staff [default: as configured, else 127.0.0.1:8081]
    #[arg(long, env = "COMMUNIQUE_ADMIN", value_name = "ADDR:PORT")]
    pub admin: Option<SocketAddr>,
}

/// Runs the command.
pub fn run(command: &Serve, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    super::runtime()?.block_on(newsroom(config, command, global))
}

/// The newsroom of a configuration, until it is asked to end.
pub async fn newsroom(mut config: Config, command: &Serve, global: &Global) -> Result<(), Failure> {
    let addresses = &mut config.settings.server;
    addresses.listen = command.listen.unwrap_or(addresses.listen);
    addresses.admin = command.admin.unwrap_or(addresses.admin);
    let public = server::bind(addresses.listen).await.map_err(Failure::new)?;
    let admin = server::bind(addresses.admin).await.map_err(Failure::new)?;
    let listening = public.local_addr().map_err(Failure::new)?;
    // What is written into tags and links is decided once, by the address in use.
    config.settings.server.base_url = Some(server::base_url(&config, listening));
    let house = House::open(config, Some("serve"))?;
    publish::present(&house.store, &house.config, env!("CARGO_PKG_VERSION")).map_err(Failure::new)?;
    // Who does not read the addresses gets a newsroom all the same.
    let told = format!("http://{listening}/\nhttp://{}/\n", admin.local_addr().map_err(Failure::new)?);
    let _ = std::io::stdout().write_all(told.as_bytes());
    let stop = Arc::new(AtomicBool::new(false));
    let engine = engine(&house)?;
    let follower = tokio::spawn(follow(house.clone(), stop.clone()));
    let crawler = tokio::spawn(crawl::run(crawler(&house, global, stop.clone())?));
    let options = ServeOptions {
        public,
        admin,
        engine,
        store: house.store.clone(),
        config: house.config.clone(),
        clock: house.store.clock().clone(),
    };
    let served = server::run(options, server::stop_signal()).await;
    stop.store(true, Ordering::Relaxed);
    // What is in flight ends within its own limits; the store is safe at any moment, so we do not wait for all of it.
    let _ = tokio::time::timeout(Duration::from_secs(4), async { tokio::join!(crawler, follower) }).await;
    served.map_err(Failure::new)
}

/// What answers searches of a house.
pub fn engine(house: &House) -> Result<Engine, Failure> {
    let vocabulary = Arc::new(house.config.vocabulary.clone());
    let members = Arc::new(house.config.members.clone());
    Engine::new(house.index.clone(), vocabulary, members, texts(house.store.reader())).map_err(Failure::new)
}

/// What highlights are cut from.
fn texts(reader: Reader) -> Arc<Texts> {
    Arc::new(move |id: &ReleaseId, lang: Lang| reader.text_in(id, lang).ok().flatten().map(|text| text.text))
}

fn crawler(house: &House, global: &Global, stop: Arc<AtomicBool>) -> Result<Crawler, Failure> {
    let bars = Bars::new(global);
    Ok(Crawler {
        store: house.store.clone(),
        fetcher: Fetcher::new(&house.config.settings.fetch, house.store.clock().clone()).map_err(Failure::new)?,
        index: house.index.clone(),
        config: house.config.clone(),
        progress: Arc::new(move |progress| bars.show(progress)),
        stop,
    })
}

/// Brings the index up at start, and after short commands of other processes.
async fn follow(house: House, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        let (store, index) = (house.store.clone(), house.index.clone());
        let followed = tokio::task::spawn_blocking(move || publish::catch_up(&store, &index)).await;
        match followed {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!("the index cannot follow the store: {error}"),
            Err(error) => tracing::error!("the index cannot follow the store: {error}"),
        }
        tokio::time::sleep(FOLLOW).await;
    }
}
