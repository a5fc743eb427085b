//! What we publish stays clean and says the same everywhere, whatever members publish and however the newsroom came to
//! be what it is.
//!
//! | law of merging | held by |
//! |---|---|
//! | M1 old items of a new source do not flood | `store::order`, `store` (a back-catalogue) |
//! | M2 touched dates leave the same bytes | `store::history` (`Stamp`), here |
//! | M3 edits do not move | `store::history`, `syndication` (an edit) |
//! | M4 undated: first seen, once; in a first crawl between its neighbours, else at the bottom | `store::order` |
//! | M5 a date in the future counts as first seen | `store::order` |
//! | M6 one release, one entry; never on the title alone | `store::history` (`Namesake`), `reconcile::cases` |
//! | M7 the id survives https, domain, slug and CMS | `store::history` (`Move`, `Rebuild`) |
//! | M8 two texts under one guid are two | `feeds` (fixture `ids-repeated`) |
//! | M9 all authors are kept | `store::history` |
//! | M10 references resolve | here, `discover::feed::html` (essence) |
//! | M11 chatty sources are bounded | `feed::build`, here |
//! | M12 a source that fails is silent | `store::history` (`Fail`) |
//! | M13 a source that is emptied deletes nothing | `store::history` (`Emptied`), `feeds` (`items-all-empty`) |
//! | M14 what was withdrawn stays gone, clocks advance | `store::history` |
//! | M15 member ⊆ combined, pages = the search | here |
//! | M16 after the first crawl, rank is first seen | `store::order` |
//! | M17 rebuilt: the same bytes | here, `syndication` |
//! | M18 our own feeds are not taken in | `feed_loop` |
//! | M19 hostile text in, valid feeds out | here |
//! | M20 languages are kept, translations linked | `syndication` (a reader who prefers), here |

use crate::{
    feeds::{URL, fixtures},
    support::{House, Newsroom, rules},
};
use bytes::Bytes;
use communique::{
    discover::feed,
    extract::{self, Context, Page},
    model::{Kind, Member, PageState},
    publish,
    store::{Capture, Reading},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 27)) % below
    }
}

/// A feed with the type and the address under which it was sent.
struct Sent {
    name: String,
    bytes: Vec<u8>,
    content_type: Option<String>,
    url: String,
}

/// Takes every entry of a feed in as a crawl does: the entry as evidence beside a page whose text is the feed itself,
/// with all that is wrong with it.
fn take_in(house: &House, member: &Member, sent: &Sent) -> usize {
    let Ok(read) = feed::read(&sent.bytes, sent.content_type.as_deref(), &sent.url) else { return 0 };
    let candidates = feed::candidates(&read, &sent.url);
    for (n, candidate) in candidates.iter().take(20).enumerate() {
        // Every page has an address and words of its own, or most would be copies of each other.
        let (name, title) = (format!("{}-{n}", sent.name), &candidate.title);
        let mut url = url::Url::parse(&candidate.url).unwrap();
        url.set_path(&format!("{}/{name}", url.path()));
        let url = String::from(url);
        let from = (n * 1_500).min(sent.bytes.len());
        let raw = String::from_utf8_lossy(&sent.bytes[from..(from + 4_000).min(sent.bytes.len())]).into_owned();
        let mut dice = Dice(name.bytes().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte)));
        let words: Vec<String> = (0..60).map(|_| format!("mot{:x}", dice.roll(1 << 40))).collect();
        let own = format!("<p>Communiqué de presse de l’association : {}.</p>", words.join(" "));
        let body = format!(
            "<!DOCTYPE html><html lang=\"fr\"><head><title>{title}</title></head><body><main><article>\
             <h1>{title}</h1>{own}{raw}</article></main></body></html>"
        );
        let page = Page { url: &url, content_type: None, robots_tag: None, body: body.as_bytes() };
        let now = house.store.clock().now();
        let context = Context {
            member: Some(member),
            candidates: std::slice::from_ref(candidate),
            now: Some(now),
            ..Context::default()
        };
        let mut draft = extract::page(&page, &context);
        // A page full of broken markup is rarely taken for a release; here everything has to come through.
        draft.kind.kind = Kind::Release;
        draft.state = PageState::Live;
        draft.title.clone_from(title);
        draft.summary.clone_from(&candidate.summary);
        draft.attachments.extend(candidate.attachments.iter().cloned());
        draft.image = draft.image.or(candidate.image.clone());
        if !candidate.html.is_empty() && n % 2 == 0 {
            draft.html = format!("{}{own}", candidate.html);
        }
        let capture = Capture {
            member: member.id.clone(),
            requested: url.clone(),
            url: url.clone(),
            status: 200,
            headers: Vec::new(),
            body: Bytes::from(body.clone().into_bytes()),
            at: now,
        };
        let reading = Reading {
            member,
            url: &url,
            aliases: &[],
            capture: house.store.put_capture(&capture).unwrap(),
            reader: 1,
            draft: &draft,
            found_by: None,
            token: "",
            etag: None,
            last_modified: None,
        };
        house.store.record(&reading).unwrap();
    }
    candidates.len()
}

/// Every page of a feed, by its next links: the ids of all entries in their order.
async fn walked(newsroom: &Newsroom, form: &str, path: &str) -> Vec<String> {
    let (mut path, mut all) = (path.to_owned(), Vec::new());
    loop {
        let page = newsroom.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {page:?}");
        all.extend(rules::listed(form, &page.body));
        let next = page.header("link").and_then(|link| link.split_once('>')).map(|(link, _)| link.to_owned());
        match next {
            Some(next) => path = next.split_once(&newsroom.public.to_string()).unwrap().1.to_owned(),
            None => return all,
        }
    }
}

/// All feeds of all forms keep the rules and list the same.
async fn check_all(newsroom: &Newsroom) -> Vec<String> {
    let mut lists = Vec::new();
    for form in ["atom", "rss", "json"] {
        lists.push(walked(newsroom, form, &format!("/feed.{form}")).await);
        for query in ["member=ecoliers", "q=%C3%A9cole+-paix", "limit=1", "prefer=en,fr", "theme=peace", "lang=en"] {
            let path = format!("/en/search.{form}?{query}");
            let feed = newsroom.get(&path).await;
            assert_eq!(feed.status, 200, "{path}: {feed:?}");
            rules::listed(form, &feed.body);
        }
    }
    assert!(lists.iter().all(|list| *list == lists[0]), "the forms list different entries");
    let distinct: BTreeSet<&String> = lists[0].iter().collect();
    assert_eq!(distinct.len(), lists[0].len(), "an entry stands twice");
    lists.swap_remove(0)
}

async fn hostile_in_clean_out(feeds: &[Sent]) -> usize {
    let house = House::new();
    let members = house.config.members.clone();
    let mut taken = 0;
    for (n, sent) in feeds.iter().enumerate() {
        taken += take_in(&house, &members[n % members.len()], sent);
        publish::settle(&house.store, &house.config).unwrap_or_else(|error| panic!("{}: {error}", sent.name));
    }
    let newsroom = house.published().served().await;
    let listed = check_all(&newsroom).await;
    println!("{taken} entries of {} feeds became {} entries of ours", feeds.len(), listed.len());
    listed.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_member_sends_we_publish_clean_feeds() {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let sent = fixtures().into_iter().map(|(path, expected)| {
        let expected: Value =
            fs::read_to_string(&expected).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Sent {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: fs::read(&path).unwrap(),
            content_type: text(&expected["content_type"]),
            url: text(&expected["url"]).unwrap_or(URL.to_owned()),
        }
    });
    let sent: Vec<Sent> = sent.collect();
    assert!(hostile_in_clean_out(&sent).await > 40);
}

/// The same over the edge cases of the bench, for `tests/real/run feeds-hostile`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs COMMUNIQUE_BENCH"]
async fn whatever_the_edge_cases_send_we_publish_clean_feeds() {
    let bench =
        std::env::var("COMMUNIQUE_BENCH").expect("COMMUNIQUE_BENCH names the folder that holds bench/ and data/");
    let folder = Path::new(&bench).join("data/feeds/edge-dev");
    let mut sent = Vec::new();
    for line in fs::read_to_string(folder.join("truth.jsonl")).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["file"].as_str().or(case["path"].as_str()).expect("a case names its file").to_owned();
        let bytes = fs::read(folder.join(&name)).unwrap();
        let content_type = case["content_type"].as_str().map(str::to_owned);
        let url = case["url"].as_str().unwrap_or(URL).to_owned();
        sent.push(Sent { name, bytes, content_type, url });
    }
    assert!(sent.len() >= 100, "only {} edge cases were found", sent.len());
    assert!(hostile_in_clean_out(&sent).await > 100);
}

/// A release of some member or of two, on some day, in some language.
fn release(n: u64, dice: &mut Dice) -> Value {
    let members: &[&str] = [&["ecoliers"][..], &["savoirs"], &["ecoliers", "savoirs"], &[]][dice.roll(4) as usize];
    let members: Vec<Value> = members.iter().map(|id| json!({"id": id, "name": id})).collect();
    let (word, lang) = [("paix", "fr"), ("école", "fr"), ("peace", "en")][dice.roll(3) as usize];
    let mut release = json!({
        "id": format!("g{n}"), "lang": lang, "title": format!("{word} {n}"), "members": members,
        "text": format!("Texte {n} : {word}."), "url": format!("https://ecoliers.example/{n}"),
    });
    match dice.roll(4) {
        0 => {}
        1 => release["published"] = json!("2031-01-01"),
        _ => release["published"] = json!(format!("20{:02}-{:02}-11", 10 + dice.roll(16), 1 + dice.roll(12))),
    }
    release
}

fn import(house: &House, releases: &[Value]) {
    let lines = releases.iter().enumerate().map(|(n, one)| (n + 1, serde_json::from_value(one.clone()).unwrap()));
    publish::Importer::new(&house.store, &house.config).import(lines.collect()).unwrap();
    publish::catch_up(&house.store, &house.index).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_feed_is_the_combined_feed_of_that_member_however_the_newsroom_came_to_be() {
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let house = House::new();
        let mut all: Vec<Value> = Vec::new();
        for n in 0..[0, 1, 12, 60, 130, 240][seed as usize] {
            all.push(release(n, &mut dice));
            if dice.roll(40) == 0 {
                import(&house, &all);
            }
        }
        import(&house, &all);
        let newsroom = house.served().await;
        let combined = check_all(&newsroom).await;
        assert_eq!(combined.len(), all.len());
        for id in ["ecoliers", "savoirs"] {
            let of_member = |tag: &&String| {
                let release =
                    all.iter().find(|one| tag.ends_with(&format!("/{}", one["id"].as_str().unwrap()))).unwrap();
                release["members"].as_array().unwrap().iter().any(|member| member["id"] == *id)
            };
            let wanted: Vec<String> = combined.iter().filter(of_member).cloned().collect();
            for limit in ["", "&limit=7"] {
                let path = format!("/fr/search.atom?member={id}{limit}");
                assert_eq!(walked(&newsroom, "atom", &path).await, wanted, "seed {seed}: {path}");
            }
            let api = newsroom.get(&format!("/api/v1/releases?member={id}&sort=-added&limit=100")).await.json();
            let ids = api["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
            let short = wanted.iter().take(100).map(|tag| tag.rsplit('/').next().unwrap().to_owned());
            assert!(ids.eq(short), "seed {seed}: the API lists other releases of {id}");
        }
        let first = newsroom.get("/feed.atom").await;
        let count = rules::listed("atom", &first.body).len();
        assert!(count >= all.len().min(50) && count <= 200, "{count} entries of {}", all.len());
        publish::rebuild(&newsroom.house.store, &newsroom.house.index, &mut |_, _| ()).unwrap();
        assert_eq!(newsroom.get("/feed.atom").await.body, first.body, "seed {seed}: rebuilt, the same bytes");
    }
}
