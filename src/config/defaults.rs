//! What holds where the files say nothing? The text of `check --defaults`.

use super::{Settings, member::DEFAULT_TIMEZONE, values::show_duration, values::show_size};
use std::{fmt::Write, time::Duration};

/// The members' part: no defaults to read back, so all of it is a comment.
const MEMBER: &str = r#"
# members/<id>.toml: only these are needed; the name of the file is the id.
#
#   name = "Example association"    # or [[names]]: name, since, until
#   home = "https://example.org/"   # any other host of the member: [[hosts]]: name, since, until
#   lang = "fr"                     # or [languages] by path prefix: "/en/" = "en",
#                                   #   "/en/" = { lang = "en", machine_translated = true }
#
# And if wanted:
#
#   cms = "wordpress"               # or "plain"; without it, detected
#   timezone = "{timezone}"       # of dates without a zone
#   feeds = []                      # addresses or paths of feeds that the site does not announce
#   sitemaps = []                   # of sitemaps that robots.txt does not name
#   listings = []                   # of pages that list others
#   parameters = []                 # query parameters that choose a page
#   exclude = []                    # path prefixes that are never asked
#   protected_names = []            # names that no translation may change; the member's own are among them
#   [[rules]]                       # CSS selectors of one layout: since, until, title, date, content, remove = []
#   [[categories]]                  # the site's own category: name, and its kind, theme or country here
"#;

/// Every setting with its default, as a `communique.toml` that changes nothing, with a word on each; then what a
/// member file may hold.
pub fn defaults() -> String {
    let Settings { server, fetch, crawl } = Settings::default();
    let quoted = |text: &dyn std::fmt::Display| format!("\"{text}\"");
    let time = |duration: Duration| format!("\"{}\"", show_duration(duration));
    let mut text = String::from("# communique.toml: every setting with its default.\n");
    section(
        &mut text,
        "server",
        &[
            (
                "# base_url",
                quoted(&"https://news.example.org/"),
                "what feeds and pages call themselves; without it, the address it listens on",
            ),
            ("title", quoted(&server.title), "name in titles of pages and feeds"),
            ("listen", quoted(&server.listen), "public address"),
            ("admin", quoted(&server.admin), "health, metrics and staff; keep it private"),
            ("data", quoted(&server.data.display()), "folder of the database: the only thing to back up"),
            ("index", quoted(&server.index.display()), "folder of the search index: may be deleted at any time"),
            ("# rate_limit", "600".to_owned(), "requests a minute to the API from one address; without it, no limit"),
        ],
    );
    section(
        &mut text,
        "fetch",
        &[
            (
                "contact",
                quoted(&fetch.contact),
                "mailto: or https: address in the user agent; without one, no public site is asked",
            ),
            (
                "delay_ms",
                fetch.delay.as_millis().to_string(),
                "between two requests to one host; 0 also switches off adaptive delay and daily budget",
            ),
            (
                "open_networks",
                "[]".to_owned(),
                "private networks that may be asked, for example [\"127.0.0.0/8\"] in tests",
            ),
            ("daily_budget", fetch.daily_budget.to_string(), "requests to one host in a day"),
            ("page_bytes", show_size(fetch.page_bytes), "largest page, unpacked"),
            ("feed_bytes", show_size(fetch.feed_bytes), "largest feed or sitemap, unpacked"),
            ("connect", time(fetch.connect), "time to connect"),
            ("first_byte", time(fetch.first_byte), "time to the end of the response head"),
            ("idle", time(fetch.idle), "silence within a response"),
            ("total", time(fetch.total), "one fetch, whatever trickles"),
        ],
    );
    section(
        &mut text,
        "crawl",
        &[
            ("every_min", time(crawl.every_min), "shortest time between two visits of one member"),
            ("every_max", time(crawl.every_max), "longest"),
            ("commit_every", time(crawl.commit_every), "how often found pages become visible during a first crawl"),
            (
                "keep_captures",
                time(crawl.keep_captures),
                "how long pages as received are kept once a newer version is there",
            ),
        ],
    );
    text.push_str(&MEMBER.replace("{timezone}", DEFAULT_TIMEZONE));
    text
}

/// One table: key, value as TOML, and a word on it.
fn section(text: &mut String, name: &str, rows: &[(&str, String, &str)]) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "\n[{name}]");
    for (key, value, note) in rows {
        let _ = writeln!(text, "{:<40} # {note}", format!("{key} = {value}"));
    }
}
