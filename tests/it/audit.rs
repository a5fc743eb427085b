//! Is anything missing? The bundled sites, asked what they have.

use crate::support::House;
use communique::{
    crawl::{self, Audit, Verdict},
    demo::{self, Ports},
};
use std::{fs, net::TcpListener, process::Command, sync::atomic::AtomicBool};
use tempfile::TempDir;

async fn audits(house: &House) -> Vec<Audit> {
    let crawler = house.crawler();
    let mut audits = Vec::new();
    for member in &house.config.members {
        let stop = AtomicBool::new(false);
        audits.push(crawl::audit(&house.store, &crawler.fetcher, member, &|_| {}, &stop).await.unwrap());
    }
    audits
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_covered_after_its_first_round_and_every_gap_has_a_reason() {
    let sites = demo::listen(Ports { action_education: 0, solidarite_laique: 0 }).await.unwrap();
    let dir = TempDir::new().unwrap();
    demo::write_config(&dir.path().join("config"), sites.ports).unwrap();
    let house = House::over(dir);
    for audit in audits(&house).await {
        assert_eq!((audit.held, audit.coverage), (0, Some(0.0)), "{}", audit.member);
        assert!(audit.gaps > 10 && audit.absent.iter().all(|page| page.verdict == Verdict::NotYetRead));
    }
    house.rounds().await;
    let tick = house.store.reader().tick().unwrap();
    let captures = house.store.captures().unwrap().len();
    for audit in audits(&house).await {
        assert_eq!((audit.coverage, audit.gaps), (Some(100.0), 0), "{:#?}", audit.absent);
        assert!(audit.held > 10 && audit.requests > 0 && audit.unreachable.is_none(), "{audit:#?}");
        let kept_out: u64 = audit.kept_out.values().sum();
        assert_eq!(audit.named, audit.held + kept_out, "each page has its reason");
        assert!(audit.absent.iter().all(|page| !page.why.is_empty()), "{:#?}", audit.absent);
    }
    let wordpress = &audits(&house).await[0];
    let api = wordpress.claims.iter().find(|claim| claim.source == "api").unwrap();
    assert_eq!(api.says, Some(api.lists), "{api:?}");
    assert_eq!((house.store.reader().tick().unwrap(), house.store.captures().unwrap().len()), (tick, captures));
    sites.stop().await;
}

#[test]
fn a_site_out_of_reach_is_no_gap_but_try_again_later() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dir = TempDir::new().unwrap();
    let folder = dir.path();
    fs::create_dir_all(folder.join("config/members")).unwrap();
    let fetch = "[fetch]\ndelay_ms = 0\nopen_networks = [\"127.0.0.0/8\"]\n";
    fs::write(folder.join("config/communique.toml"), fetch).unwrap();
    let member = format!("name = \"Closed\"\nhome = \"http://{closed}/\"\nlang = \"fr\"\n");
    fs::write(folder.join("config/members/closed.toml"), member).unwrap();
    let audit = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_communique"))
            .current_dir(folder)
            .arg("audit")
            .args(arguments)
            .output()
            .unwrap()
    };
    let output = audit(&["--json"]);
    assert_eq!(output.status.code(), Some(75), "{}", String::from_utf8_lossy(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((said["member"].as_str(), said["coverage"].is_null()), (Some("closed"), true), "{said}");
    assert!(said["unreachable"].is_string(), "{said}");
    assert_eq!(audit(&["nobody"]).status.code(), Some(2));
}
