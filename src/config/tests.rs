use super::*;
use crate::model::{Cms, Kind, Lang};
use std::time::Duration;

fn file(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.to_owned() }
}

fn files(settings: &str, members: &[(&str, &str)]) -> Files {
    Files {
        settings: file("communique.toml", settings),
        members: members.iter().map(|(id, text)| file(&format!("members/{id}.toml"), text)).collect(),
        themes: None,
    }
}

fn mistakes(files: &Files) -> String {
    let mistakes = parse(files).expect_err("mistakes are wanted");
    mistakes.iter().map(|mistake| format!("{mistake}\n")).collect()
}

const LEAST: &str = "name = \"Example association\"\nhome = \"https://www.example.org/\"\nlang = \"fr\"\n";

#[test]
fn the_least_configuration_works() {
    let config = parse(&files("", &[("example", LEAST)])).unwrap();
    assert_eq!(config.settings, Settings::default());
    let member = &config.members[0];
    assert_eq!((member.id.as_str(), member.name()), ("example", "Example association"));
    assert!(member.owns_host("www.example.org", None) && member.owns_host("example.org", None));
    assert_eq!(member.language_of("/x").map(|entry| entry.lang), Some(Lang::FR));
    assert_eq!(member.timezone.iana_name(), Some("Europe/Paris"));
    assert_eq!(member.protected_names, ["Example association"]);
    assert!(parse(&files("", &[])).unwrap().members.is_empty(), "a configuration without members is allowed");
}

#[test]
fn the_printed_defaults_change_nothing_and_name_every_setting() {
    let printed = defaults();
    let config = parse(&files(&printed, &[])).unwrap();
    assert_eq!(config.settings, Settings::default());
    // What the reader knows, it lists when it meets an unknown key: each must stand in the printed text.
    let asked =
        mistakes(&files("[server]\nqqqqqq = 1\n[fetch]\nqqqqqq = 1\n[crawl]\nqqqqqq = 1\n", &[("x", "qqqqqq = 1\n")]));
    let known: Vec<&str> = asked.lines().filter_map(|line| line.split("here may stand: ").nth(1)).collect();
    assert_eq!(known.len(), 4, "{asked}");
    assert_eq!(known[3].split(", ").collect::<Vec<_>>(), member::TOP, "keys of the top");
    for key in known.iter().flat_map(|list| list.split(", ")).filter(|key| *key != "id") {
        assert!(printed.contains(&format!("{key} = ")) || printed.contains(&format!("[{key}]")), "{key}");
    }
}

#[test]
fn every_setting_is_read() {
    let text = r#"
        [server]
        base_url = "https://news.example.org/sub"
        title = "Salle de presse"
        listen = "0.0.0.0:80"
        admin = "[::1]:8081"
        data = "/var/lib/communique"
        index = "/var/cache/communique"
        [fetch]
        contact = "mailto:web@example.org"
        delay_ms = 0
        open_networks = ["127.0.0.0/8", "10.1.2.3"]
        daily_budget = 7
        page_bytes = "1MiB"
        feed_bytes = 2048
        connect = "1s"
        first_byte = "2s"
        idle = "3s"
        total = "4s"
        [crawl]
        every_min = "1m"
        every_max = "2h"
        commit_every = "500ms"
        keep_captures = "30d"
    "#;
    let read = parse(&files(text, &[])).unwrap().settings;
    let seconds = Duration::from_secs;
    assert_eq!(read.server.base_url.as_deref(), Some("https://news.example.org/sub/"));
    assert_eq!(read.server.title, "Salle de presse");
    assert_eq!(
        (read.server.listen.to_string(), read.server.admin.to_string()),
        ("0.0.0.0:80".into(), "[::1]:8081".into())
    );
    assert_eq!(
        (read.server.data.to_str(), read.server.index.to_str()),
        (Some("/var/lib/communique"), Some("/var/cache/communique"))
    );
    let fetch = FetchSettings {
        contact: "mailto:web@example.org".into(),
        delay: Duration::ZERO,
        open_networks: vec!["127.0.0.0/8".parse().unwrap(), "10.1.2.3/32".parse().unwrap()],
        daily_budget: 7,
        page_bytes: 1 << 20,
        feed_bytes: 2048,
        connect: seconds(1),
        first_byte: seconds(2),
        idle: seconds(3),
        total: seconds(4),
    };
    assert_eq!(read.fetch, fetch);
    let crawl = CrawlSettings {
        every_min: seconds(60),
        every_max: seconds(7200),
        commit_every: Duration::from_millis(500),
        keep_captures: seconds(30 * 86_400),
    };
    assert_eq!(read.crawl, crawl);
}

#[test]
fn every_key_of_a_member_is_read() {
    let text = r#"
        id = "example"
        home = "https://www.example.org/accueil"
        cms = "plain"
        timezone = "Africa/Dakar"
        feeds = ["/flux.xml", "https://old.example.org/feed"]
        sitemaps = ["/plan.xml"]
        listings = ["/presse/"]
        parameters = ["episode"]
        exclude = ["/boutique/"]
        protected_names = ["Éducation pour tous"]
        names = [{ name = "New name", since = "2022-07" }, { name = "Old name", until = 2022-06-30 }]
        [languages]
        "/" = "fr"
        "/en/" = { lang = "en", machine_translated = true }
        "/ch/en/" = "en"
        [[hosts]]
        name = "old.example.org"
        until = "2021"
        [[rules]]
        until = 2024-03-01
        title = "h1.entry-title"
        date = "time[datetime]"
        [[rules]]
        since = 2024-03-02
        content = "main > article"
        remove = [".share", "aside"]
        [[categories]]
        name = "Communiqués"
        kind = "release"
        [[categories]]
        name = "Sénégal"
        country = "SN"
        theme = "girls-education"
    "#;
    let member = parse(&files("", &[("example", text)])).unwrap().members.remove(0);
    assert_eq!(member.name(), "New name");
    assert_eq!(member.names[1].since, Some(jiff::civil::date(2022, 7, 1)));
    let hosts: Vec<_> = member.hosts.iter().map(|host| (host.name.as_str(), host.until)).collect();
    assert_eq!(hosts, [("example.org", None), ("old.example.org", Some(jiff::civil::date(2021, 12, 31)))]);
    assert_eq!(member.feeds, ["https://www.example.org/flux.xml", "https://old.example.org/feed"]);
    assert_eq!((member.sitemaps.len(), member.listings.len()), (1, 1));
    assert_eq!((member.cms, member.timezone.iana_name()), (Some(Cms::Plain), Some("Africa/Dakar")));
    assert_eq!((member.parameters[0].as_str(), member.exclude[0].as_str()), ("episode", "/boutique/"));
    let language = |path| member.language_of(path).map(|entry| (entry.lang, entry.machine_translated));
    assert_eq!(language("/en/x"), Some((Lang::EN, true)));
    assert_eq!(language("/ch/en"), Some((Lang::EN, false)));
    assert_eq!(language("/ch/x"), Some((Lang::FR, false)));
    assert_eq!(member.rules[0].content.as_deref(), Some("main > article"), "newest first");
    assert_eq!((member.rules[0].remove.len(), member.rules[1].date.as_deref()), (2, Some("time[datetime]")));
    assert_eq!(member.categories[0].kind, Some(Kind::Release));
    assert_eq!(member.categories[1].country.as_deref(), Some("sn"));
    assert_eq!(member.categories[1].theme.as_ref().map(ThemeId::as_str), Some("girls-education"));
    assert_eq!(member.protected_names, ["Éducation pour tous", "Old name", "New name"]);
}

#[test]
fn all_mistakes_of_all_files_at_once() {
    let settings = r#"
[serve]
title = "x"
[server]
base_url = "news.example.org"
admin = "127.0.0.1:8080"
listen = 8080
tittle = "Communiqué"
data = ""
[fetch]
contact = "webmaster"
delay_ms = "1s"
open_networks = ["10.0.0.0/4", "10.0.0.300"]
page_bytes = "16 MB"
connect = 10
[crawl]
every_min = "2h"
every_max = "1h"
commit_every_ms = 1000
keep_captures = "a year"
"#;
    let first = r#"id = "frist"
home = "ftp://example.org/"
lang = "français"
cms = "drupal"
timezone = "Paris"
exclude = ["admin"]
feeds = "feed"
[languages]
"/" = "fr"
"en" = "en"
"/de/" = { lang = "de", machine_translate = true }
[[names]]
name = "Old"
until = "2022-02-30"
protected_names = ["x"]
"#;
    let second = r#"name = "Second"
nmae = "Second"
home = "https://www.shared.example/"
lang = "fr"
feeds = ["https://elsewhere.example/feed", 3]
[[names]]
name = "First name"
since = 2022-07-01
until = 2021-01-01
[[hosts]]
name = "https://old.example/"
[[hosts]]
name = "old.example"
[[hosts]]
name = "www.old.example"
since = "July 2022"
[[rules]]
title = "h1..x"
[[rules]]
since = 2020-01-01
[[categories]]
name = "News"
[[categories]]
kind = "press"
theme = "Girls Education"
country = "uk"
"#;
    let third =
        "name = \"Third\"\nhome = \"https://shared.example/\"\nlang = \"fr\"\n[[hosts]]\nname = \"old.example\"\n";
    let broken = "home = 3\nname = \"Broken\n";
    let all = mistakes(&files(
        settings,
        &[("first", first), ("second", second), ("third", third), ("broken", broken), ("Not_a_slug", LEAST)],
    ));
    insta::assert_snapshot!(all);
}

#[test]
fn a_folder_that_is_none_says_so() {
    let nowhere = Path::new("nowhere/at/all");
    let said = read(nowhere).unwrap_err();
    assert_eq!(said[0].to_string(), "nowhere/at/all: there is no such folder: name the configuration with --config");
    let folder = tempfile::tempdir().unwrap();
    let said = read(folder.path()).unwrap_err();
    assert!(
        said[0]
            .to_string()
            .ends_with("communique.toml: there is no such file: a configuration needs it, it may be empty")
    );
    fs::write(folder.path().join("communique.toml"), b"[server]\ntitle = \"\xe9\"\n").unwrap();
    fs::create_dir(folder.path().join("members")).unwrap();
    fs::write(folder.path().join("members/a.toml"), "\u{feff}name = 3\n").unwrap();
    fs::write(folder.path().join("members/notes.txt"), "not read").unwrap();
    fs::write(folder.path().join("members/.a.toml"), "not read").unwrap();
    let said = read(folder.path()).unwrap_err();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].line, Some(2));
    fs::write(folder.path().join("communique.toml"), "").unwrap();
    assert_eq!(read(folder.path()).unwrap_err().len(), 3);
}

#[test]
fn the_shipped_configuration_reads_without_mistake() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let config = read(&shipped).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let ids: Vec<&str> = config.members.iter().map(|member| member.id.as_str()).collect();
    assert_eq!(ids, ["action-education", "solidarite-laique"]);
    assert!(config.settings.fetch.open_networks.is_empty());
}
