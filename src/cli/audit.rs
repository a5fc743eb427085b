//! `communique audit [MEMBER…]`: is anything missing?

use super::bars::Bars;
use super::crawl::chosen;
use super::house::{configuration, of_store, store};
use super::{Failure, Global, interrupt};
use crate::config::Config;
use crate::crawl::{self, Audit as Audited, Claim};
use crate::fetch::Fetcher;
use crate::model::Member;
use crate::store::{Store, StoreError};
use clap::Args;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Ask each member's site what it has, and compare: coverage in per cent, each missing page with its reason
///
/// Asks what a first round asks (home page, API, sitemaps, feeds, listings), by the same rules and at the same pace, and
/// no page. Nothing is written. Coverage is held of held and missing: pages that the site names and that are no items
/// (standing pages, behind a password, gone …) are listed with their reason and do not count. Exit code 75: a site could
/// not be reached, or is being crawled right now.
#[derive(Debug, Args)]
pub struct Audit {
    /// Ids of the members to audit [default: all]
    #[arg(value_name = "MEMBER")]
    members: Vec<String>,
}

/// Runs the command.
pub fn run(command: &Audit, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let members = chosen(&config.members, &command.members)?;
    let store = store(&config)?;
    for member in &members {
        refuse_while_crawled(&store, member)?;
    }
    let audits = super::runtime()?.block_on(audits(&config, &store, members, global))?;
    for audit in &audits {
        match global.json {
            true => println!("{}", serde_json::to_string(audit).map_err(Failure::new)?),
            false => print!("{}", text(audit, global.quiet)),
        }
    }
    match audits.iter().filter(|audit| audit.unreachable.is_some()).count() {
        0 => Ok(()),
        failed => Err(Failure::try_later(format!("{failed} of {} sites could not be reached", audits.len()))),
    }
}

/// One connection a host: a site that another process reads at this moment is left to it.
fn refuse_while_crawled(store: &Store, member: &Member) -> Result<(), Failure> {
    let state = store.member(&member.id).map_err(of_store)?;
    if state.round == 0 || state.ended.is_some() {
        return Ok(());
    }
    match store.hold("audit") {
        // Free: the round was killed. Given back at once.
        Ok(_) => Ok(()),
        Err(StoreError::Held { pid, .. }) => {
            Err(Failure::try_later(format!("{} is being crawled by process {pid}: one connection a host", member.id)))
        }
        Err(error) => Err(of_store(error)),
    }
}

async fn audits(
    config: &Config,
    store: &Store,
    members: Vec<Member>,
    global: &Global,
) -> Result<Vec<Audited>, Failure> {
    let bars = Arc::new(Bars::new(global));
    let stop = Arc::new(AtomicBool::new(false));
    interrupt::sets(stop.clone());
    let fetcher = Fetcher::new(&config.settings.fetch, store.clock().clone()).map_err(Failure::new)?;
    let mut tasks = Vec::new();
    for member in members {
        let (store, fetcher, bars, stop) = (store.clone(), fetcher.clone(), bars.clone(), stop.clone());
        tasks.push(tokio::spawn(async move {
            crawl::audit(&store, &fetcher, &member, &|progress| bars.show(progress), &stop).await
        }));
    }
    let mut audits = Vec::new();
    for task in tasks {
        audits.push(task.await.map_err(Failure::new)?.map_err(Failure::new)?);
    }
    bars.finish();
    Ok(audits)
}

fn text(audit: &Audited, quiet: bool) -> String {
    let member = &audit.member;
    if let Some(why) = &audit.unreachable {
        return format!("{member}: the site cannot be reached: {why}\n");
    }
    let coverage = audit.coverage.map_or("nothing to cover".to_owned(), |coverage| format!("{coverage} % covered"));
    let mut text = format!(
        "{member}: {coverage}: {} held, {} missing; the site names {} pages ({} requests)\n",
        audit.held, audit.gaps, audit.named, audit.requests
    );
    if quiet {
        return text;
    }
    text.push_str(&format!("  system    {}\n", audit.system.trim_end_matches(": ")));
    for claim in &audit.claims {
        text.push_str(&of_claim(claim));
    }
    if !audit.kept_out.is_empty() {
        let reasons: Vec<String> = audit.kept_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        text.push_str(&format!("  kept out  {}\n", reasons.join(", ")));
    }
    if audit.unnamed > 0 {
        text.push_str(&format!("  unnamed   {} items are held that these sources do not name\n", audit.unnamed));
    }
    if audit.cut {
        text.push_str("  cut       stopped, or the site has more listings than an audit asks for\n");
    }
    for page in &audit.absent {
        let mark = if page.verdict.is_gap() { "MISSING" } else { "-" };
        text.push_str(&format!("  {mark:<8}  {}: {}: {}\n", page.verdict.as_str(), page.url, page.why));
    }
    text
}

fn of_claim(claim: &Claim) -> String {
    let says = claim.says.map(|says| format!("says {says}, ")).unwrap_or_default();
    let failed = claim.failed.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
    let url = if claim.url.is_empty() { "home and archives" } else { &claim.url };
    let missing = if claim.gaps > 0 { format!(", {} missing", claim.gaps) } else { String::new() };
    format!("  {:<8}  {says}lists {}: {} held{missing}{failed} ({url})\n", claim.source, claim.lists, claim.held)
}
