//! `communique crawl [MEMBER…]`: one round, then a report.

use super::bars::Bars;
use super::house::{House, configuration, of_store};
use super::{Failure, Global, interrupt};
use crate::crawl::{self, Crawler};
use crate::fetch::Fetcher;
use crate::model::{Member, MemberId};
use clap::Args;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Visit members once, make what was found visible, and print a report.
#[derive(Debug, Args)]
pub struct Crawl {
    /// Ids of the members to visit [default: all]
    #[arg(value_name = "MEMBER")]
    members: Vec<String>,
}

/// Runs the command.
pub fn run(command: &Crawl, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let members = chosen(&config.members, &command.members)?;
    let house = House::open(config, Some("crawl"))?;
    let runtime = super::runtime()?;
    runtime.block_on(rounds(&house, members, global))
}

/// The members called `names`, all without one.
pub fn chosen(all: &[Member], names: &[String]) -> Result<Vec<Member>, Failure> {
    if all.is_empty() {
        return Err(Failure::wrong_use("the configuration names no member: add one under members/"));
    }
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let find = |name: &String| {
        let found = MemberId::new(name.as_str()).ok().and_then(|id| all.iter().find(|member| member.id == id));
        found.cloned().ok_or_else(|| {
            let ids: Vec<&str> = all.iter().map(|member| member.id.as_str()).collect();
            Failure::wrong_use(format!("there is no member `{name}`: the configuration has {}", ids.join(", ")))
        })
    };
    names.iter().map(find).collect()
}

async fn rounds(house: &House, members: Vec<Member>, global: &Global) -> Result<(), Failure> {
    let bars = Arc::new(Bars::new(global));
    let stop = Arc::new(AtomicBool::new(false));
    interrupt::sets(stop.clone());
    let fetcher = Fetcher::new(&house.config.settings.fetch, house.store.clock().clone()).map_err(Failure::new)?;
    let shown = bars.clone();
    let crawler = Crawler {
        store: house.store.clone(),
        fetcher,
        index: house.index.clone(),
        config: house.config.clone(),
        progress: Arc::new(move |progress| shown.show(progress)),
        stop,
    };
    crate::publish::catch_up(&house.store, &house.index).map_err(Failure::new)?;
    let mut rounds = Vec::new();
    for member in members {
        let crawler = crawler.clone();
        rounds.push(tokio::spawn(async move { crawl::once(&crawler, &member).await }));
    }
    let mut unreachable = 0;
    let mut reports = Vec::new();
    for round in rounds {
        let report = round.await.map_err(Failure::new)?.map_err(Failure::new)?;
        unreachable += usize::from(report.unreachable.is_some());
        reports.push(report);
    }
    bars.finish();
    for report in &reports {
        match global.json {
            true => println!("{}", serde_json::to_string(report).map_err(Failure::new)?),
            false => say(report),
        }
    }
    house.store.reader().tick().map_err(of_store)?;
    match unreachable {
        0 => Ok(()),
        _ if unreachable == reports.len() => Err(Failure::try_later("no site could be reached")),
        _ => Err(Failure::try_later(format!("{unreachable} of {} sites could not be reached", reports.len()))),
    }
}

fn say(report: &crate::crawl::Report) {
    println!("{report}");
    for (url, cause) in report.failed.iter().take(20) {
        println!("  failed {url}: {cause}");
    }
}
