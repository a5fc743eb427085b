//! Kinds of member sites that no system makes, and what happens to their pages between two rounds.

use crate::support::{House, Reply, Site};
use communique::{
    crawl::Report,
    model::{Clock, Release},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;

/// A newsroom of one member, by a clock that moves between rounds.
struct Room {
    house: House,
    hours: Arc<AtomicI64>,
}

impl Room {
    fn of(site: &Site, more: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let config = dir.path().join("config");
        fs::create_dir_all(config.join("members")).unwrap();
        let fetch = "[fetch]\ncontact = \"mailto:t@example.org\"\ndelay_ms = 0\nopen_networks = [\"127.0.0.0/8\"]\n";
        fs::write(config.join("communique.toml"), fetch).unwrap();
        let home = &site.home;
        let member = format!("id = \"site\"\nname = \"Site\"\nhome = \"{home}\"\nlang = \"fr\"\n{more}");
        fs::write(config.join("members/site.toml"), member).unwrap();
        let (start, hours): (Timestamp, _) = ("2026-11-24T12:00:00Z".parse().unwrap(), Arc::new(AtomicI64::new(0)));
        let passed = hours.clone();
        let clock = Clock::new(move || start + SignedDuration::from_hours(passed.load(Ordering::Relaxed)));
        Self { house: House::by(dir, clock), hours }
    }

    /// One round, six hours after the one before.
    async fn round(&self) -> Report {
        self.hours.fetch_add(6, Ordering::Relaxed);
        self.house.rounds().await.remove(0)
    }

    /// What readers see.
    fn shown(&self) -> Vec<Release> {
        self.house.store.reader().visible_after(i64::MIN, 1_000).unwrap()
    }

    /// Title and day of all that readers see, by title.
    fn days(&self) -> Vec<(String, String)> {
        let day = |release: &Release| release.published.map(|date| date.date().to_string()).unwrap_or_default();
        let mut days: Vec<_> = self.shown().iter().map(|release| (release.title.clone(), day(release))).collect();
        days.sort();
        days
    }
}

/// A text that shares no sentence with that of another number.
fn text(number: usize) -> String {
    const WHO: &[&str] = &["marraines", "délégués", "lycéennes", "bénévoles", "enseignants", "parents", "élus"];
    const WHAT: &[&str] = &["la cantine", "le transport", "la bibliothèque", "le préau", "la lecture"];
    const WHERE: &[&str] = &["Roubaix", "Dakar", "Lomé", "Quito", "Niamey", "Tunis", "Bamako", "Cotonou", "Marseille"];
    let sentence = |turn: usize| {
        let at = number * 31 + turn * 17;
        let (who, what, place) = (WHO[at % 7], WHAT[(at / 7) % 5], WHERE[(at / 3) % 9]);
        format!("À {place}, {} {who} ont ouvert {what} numéro {at} pour {} familles voisines.", at + 3, at * 2 + 11)
    };
    (0..5).map(|turn| format!("<p>{}</p>", sentence(turn))).collect()
}

fn title(number: usize) -> String {
    const WORDS: &[&str] = &["rentrée", "bourses", "lecture", "cantines", "formation", "accueil", "climat"];
    format!("Notre action {} pour les {} écoles", WORDS[number % 7], number + 20)
}

fn day(number: usize) -> String {
    format!("20{:02}-{:02}-{:02}", 10 + number / 12, number % 12 + 1, number % 27 + 1)
}

fn page(head: &str, number: usize) -> String {
    let (title, text) = (title(number), text(number));
    format!(
        "<html lang=fr><head><title>{title}</title>{head}</head><body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    )
}

fn sitemap(home: &str, entries: impl Iterator<Item = (String, String)>) -> Reply {
    let urls: String = entries
        .map(|(path, lastmod)| format!("<url><loc>{home}{path}</loc><lastmod>{lastmod}</lastmod></url>"))
        .collect();
    Reply::new(200, "Content-Type: application/xml\r\n", format!("<urlset>{urls}</urlset>"))
}

fn robots(site: &Site) {
    let text = format!("User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n", site.home);
    site.put("/robots.txt", Reply::new(200, "Content-Type: text/plain\r\n", text));
}

/// As static generators make them: a sitemap of everything, no date on a page, dated cards in a paged list.
#[tokio::test(flavor = "multi_thread")]
async fn days_that_no_page_shows_come_from_the_list() {
    let site = Site::new();
    robots(&site);
    site.put(
        "/",
        Reply::page("<html lang=fr><body><h1>Site</h1><nav><a href='/posts/'>Articles</a></nav></body></html>"),
    );
    let posts = 34;
    for number in 0..posts {
        site.put(&format!("/posts/{number}/"), Reply::page(page("", number)));
    }
    for list in 0..4 {
        let card = |number: usize| {
            let (title, day) = (title(number), day(number));
            format!(
                "<article class=card><h2><a href='/posts/{number}/'>{title}</a></h2><time datetime='{day}'>le {day}</time></article>"
            )
        };
        let cards: String = (list * 10..posts.min(list * 10 + 10)).map(card).collect();
        let next =
            if list < 3 { format!("<a class=next href='/posts/page/{}/'>Suite</a>", list + 2) } else { String::new() };
        let path = if list == 0 { "/posts/".to_owned() } else { format!("/posts/page/{}/", list + 1) };
        site.put(&path, Reply::page(format!("<html lang=fr><body><h1>Articles</h1>{cards}{next}</body></html>")));
    }
    let paths = (0..posts).map(|number| format!("posts/{number}/")).chain(["posts/".to_owned()]);
    site.put("/sitemap.xml", sitemap(&site.home, paths.map(|path| (path, String::new()))));
    let room = Room::of(&site, "");
    let first = room.round().await;
    let mut expected: Vec<_> = (0..posts).map(|number| (title(number), day(number))).collect();
    expected.sort();
    assert_eq!(room.days(), expected, "{first:?}");
    assert!(first.requests <= 34 + 20, "{:?}", site.asked());
    site.asked();
    let second = room.round().await;
    assert!(second.requests <= 5, "{:?}", site.asked());
}

/// As hand-made sites are: windows-1252 under other labels, blanks and accents in addresses, sentences as dates.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_site_is_read_in_spite_of_its_labels() {
    let site = Site::new();
    let old = |html: &str| encoding_rs::WINDOWS_1252.encode(html).0.into_owned();
    let count = 24;
    let name = |number: usize| format!("communiqué n°{number}");
    let line =
        |number: usize| format!("<li><a href=\"archives/{}.htm\">{} – 5 €</a></li>", name(number), title(number));
    let list: String = (0..count).map(line).collect();
    let home =
        format!("<html><head><title>Accueil</title></head><body><h1>L’association</h1><ul>{list}</ul></body></html>");
    site.put("/", Reply::new(200, "Content-Type: text/html; charset=iso-8859-1\r\n", old(&home)));
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    for number in 0..count {
        let (title, text, month) = (title(number), text(number), MONTHS[number % 12]);
        let said = format!("Lyon, le {} {month} {}", number % 27 + 1, 2010 + number / 12);
        let html = format!(
            "<html><head><title>{title} – 5 €</title></head><body><h1>{title} – 5 €</h1><p>{said}</p>{text}</body></html>"
        );
        let label = if number % 2 == 0 { "iso-8859-1" } else { "utf-8" };
        let path = format!("/archives/communiqu%C3%A9%20n%C2%B0{number}.htm");
        site.put(&path, Reply::new(200, &format!("Content-Type: text/html; charset={label}\r\n"), old(&html)));
    }
    let room = Room::of(&site, "");
    let first = room.round().await;
    let mut expected: Vec<_> = (0..count).map(|number| (format!("{} – 5 €", title(number)), day(number))).collect();
    expected.sort();
    assert_eq!(room.days(), expected, "{first:?} {:?}", site.asked());
}

const POST: &str =
    "<meta property='og:type' content='article'><meta property='article:published_time' content='2024-03-01'>";

/// A page that cannot be had any more is shown until a second round confirms it, whatever the way in which it went.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_in_any_way_needs_two_looks() {
    let site = Site::new();
    robots(&site);
    site.put("/", Reply::page("<html lang=fr><body><h1>Site</h1></body></html>"));
    let all = 40;
    for number in 0..all {
        site.put(&format!("/{number}/"), Reply::page(page(POST, number)));
    }
    let entry = |number: usize| (format!("{number}/"), "2024-03-02".to_owned());
    site.put("/sitemap.xml", sitemap(&site.home, (0..all).map(entry)));
    let room = Room::of(&site, "");
    room.round().await;
    assert_eq!(room.shown().len(), all);
    let empty = format!("<html lang=fr><head><title>{}</title></head><body></body></html>", title(2));
    let form = "<form class='post-password-form' action='/wp-login.php?action=postpass'><input type=password></form>";
    site.drop("/0/");
    site.put("/1/", Reply::new(410, "", ""));
    site.put("/2/", Reply::page(empty));
    site.put(
        "/3/",
        Reply::page(
            "<html lang=fr><head><title>Page introuvable</title></head><body><h1>Page introuvable</h1></body></html>",
        ),
    );
    site.put("/4/", Reply::moved(&site.home));
    site.put(
        "/5/",
        Reply::page(format!("<html lang=fr><head>{POST}</head><body><h1>Protégé</h1>{form}</body></html>")),
    );
    site.put("/6/", Reply::page(page(&format!("{POST}<meta name=robots content=noindex>"), 6)));
    site.put("/sitemap.xml", sitemap(&site.home, (7..all).map(entry)));
    let look = room.round().await;
    assert_eq!(room.shown().len(), all, "one look is not enough: {look:?}");
    let look = room.round().await;
    let mut left: Vec<String> = room.shown().into_iter().map(|release| release.title).collect();
    let mut expected: Vec<String> = (7..all).map(title).collect();
    left.sort();
    expected.sort();
    assert_eq!(left, expected, "{look:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_that_calls_everything_changed_is_not_believed_for_long() {
    let site = Site::new();
    robots(&site);
    site.put("/", Reply::page("<html lang=fr><body><h1>Site</h1></body></html>"));
    let all = 60;
    for number in 0..all {
        site.put(&format!("/{number}/"), Reply::page(page(POST, number)));
    }
    let room = Room::of(&site, "");
    let mut costs = Vec::new();
    for round in 0..3 {
        let lie = |number: usize| (format!("{number}/"), format!("2026-11-2{round}T0{}:00:00Z", number % 10));
        site.put("/sitemap.xml", sitemap(&site.home, (0..all).map(lie)));
        costs.push(room.round().await.requests);
    }
    assert!(costs[1] <= 30 && costs[2] <= 5, "{costs:?}");
}

/// A changed host with redirects moves the identity of pages and announces nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_moves_to_another_host_stays_the_same_to_readers() {
    let (old, new) = (Site::new(), Site::new());
    robots(&old);
    let all = 12;
    let entry = |number: usize| (format!("{number}/"), "2024-03-02".to_owned());
    for site in [&old, &new] {
        site.put("/", Reply::page("<html lang=fr><body><h1>Site</h1></body></html>"));
        site.put("/sitemap.xml", sitemap(&site.home, (0..all).map(entry)));
        (0..all).for_each(|number| site.put(&format!("/{number}/"), Reply::page(page(POST, number))));
    }
    let host = new.home.trim_start_matches("http://").trim_end_matches('/');
    let room = Room::of(&old, &format!("[[hosts]]\nname = \"{host}\"\n"));
    room.round().await;
    let before = room.shown();
    assert_eq!(before.len(), all);
    for path in ["", "sitemap.xml"].into_iter().map(str::to_owned).chain((0..all).map(|number| format!("{number}/"))) {
        old.put(&format!("/{path}"), Reply::moved(&format!("{}{path}", new.home)));
    }
    for _ in 0..2 {
        room.round().await;
    }
    let after = room.shown();
    let seen = |releases: &[Release]| -> Vec<_> {
        releases
            .iter()
            .map(|release| (release.id.clone(), release.rank, release.updated, release.title.clone()))
            .collect()
    };
    assert_eq!(seen(&after), seen(&before));
    assert!(after.iter().all(|release| release.url.starts_with(&new.home)), "{after:#?}");
}

/// `/?p=N`, met first in a list, ends at the address that the page and the sitemap give.
#[tokio::test(flavor = "multi_thread")]
async fn short_addresses_end_at_the_canonical_one() {
    let site = Site::new();
    robots(&site);
    let card = |number: usize| {
        format!("<li class=card><a href='/?p={number}'>{}</a> <time datetime='2024-03-01'></time></li>", title(number))
    };
    let cards: String = (0..4).map(card).collect();
    site.put("/", Reply::page(format!("<html lang=fr><body><h1>Site</h1><ul>{cards}</ul></body></html>")));
    for number in 0..4 {
        let head = format!("<link rel=canonical href='{}n{number}/'>", site.home);
        for path in [format!("/?p={number}"), format!("/n{number}/")] {
            site.put(&path, Reply::page(page(&head, number)));
        }
    }
    site.put(
        "/sitemap.xml",
        sitemap(&site.home, (0..4).map(|number| (format!("n{number}/"), "2024-03-02".to_owned()))),
    );
    let room = Room::of(&site, "");
    let first = room.round().await;
    let shown = room.shown();
    let mut urls: Vec<&str> = shown.iter().map(|release| release.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(urls, (0..4).map(|number| format!("{}n{number}/", site.home)).collect::<Vec<_>>(), "{first:?}");
    assert!(shown.iter().all(|release| release.publications.len() == 1 && release.published.is_some()), "{shown:#?}");
}

/// A sitemap that shrinks overnight deletes nothing: each page is looked at, and is still there.
#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_that_shrinks_deletes_nothing() {
    let site = Site::new();
    robots(&site);
    site.put("/", Reply::page("<html lang=fr><body><h1>Site</h1></body></html>"));
    let all = 40;
    let entry = |number: usize| (format!("{number}/"), "2024-03-02".to_owned());
    (0..all).for_each(|number| site.put(&format!("/{number}/"), Reply::page(page(POST, number))));
    site.put("/sitemap.xml", sitemap(&site.home, (0..all).map(entry)));
    let room = Room::of(&site, "");
    room.round().await;
    site.put("/sitemap.xml", sitemap(&site.home, (0..3).map(entry)));
    site.asked();
    for _ in 0..3 {
        room.round().await;
        assert_eq!(room.shown().len(), all);
    }
    assert!(site.asked().iter().filter(|path| *path == "/20/").count() == 1, "confirmed once is enough");
}

/// Sitemaps that name themselves, or name others without end, cost no more than their bounds.
#[tokio::test(flavor = "multi_thread")]
async fn sitemaps_without_end_end() {
    let site = Site::new();
    let index = |names: Vec<String>| {
        let maps: String = names.iter().map(|name| format!("<sitemap><loc>/{name}</loc></sitemap>")).collect();
        Reply::new(200, "Content-Type: application/xml\r\n", format!("<sitemapindex>{maps}</sitemapindex>"))
    };
    robots(&site);
    site.put("/", Reply::page("<html lang=fr><body><h1>Site</h1></body></html>"));
    site.put("/sitemap.xml", index(vec!["sitemap.xml".to_owned(), "d1.xml".to_owned()]));
    (1..9).for_each(|depth| site.put(&format!("/d{depth}.xml"), index(vec![format!("d{}.xml", depth + 1)])));
    let room = Room::of(&site, "");
    let report = room.round().await;
    let asked = site.asked();
    let maps: Vec<&String> = asked.iter().filter(|path| path.ends_with(".xml")).collect();
    assert_eq!(maps, ["/sitemap.xml", "/d1.xml", "/d2.xml"], "{report:?}");
    for wide in 0..30 {
        site.put(&format!("/w{wide}.xml"), index((0..30).map(|leaf| format!("w{wide}-{leaf}.xml")).collect()));
    }
    site.put("/sitemap.xml", index((0..30).map(|wide| format!("w{wide}.xml")).collect()));
    let report = room.round().await;
    let maps = site.asked().iter().filter(|path| path.ends_with(".xml")).count();
    assert!(maps <= 500, "{maps}");
    assert!(report.failed.iter().any(|(_, why)| why.contains("more than 500 sitemaps")), "{report:?}");
}
