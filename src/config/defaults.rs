//! What holds where the files say nothing? The text of `check --defaults`.

use super::{Settings, member::DEFAULT_TIMEZONE, values::show_duration, values::show_size};

/// Every setting with its default, as a `communique.toml` that changes nothing, with a word on each; then what a
/// member file may hold.
pub fn defaults() -> String {
    let Settings { server, fetch, crawl } = Settings::default();
    format!(
        r#"# communique.toml: every setting with its default.

[server]
# What feeds and pages call the newsroom; without it, the address it listens on.
# base_url = "https://news.example.org/"
title = "{title}"                   # name in titles of pages and feeds
listen = "{listen}"             # public address
admin = "{admin}"              # health, metrics and staff; keep it private
data = "{data}"                           # folder of the database: the only thing to back up
index = "{index}"                         # folder of the search index: may be deleted at any time

[fetch]
contact = "{contact}"                            # mailto: or https: address in the user agent; without one, only open_networks are asked
delay_ms = {delay}                       # between two requests to one host; 0 also switches off adaptive delay and daily budget
open_networks = []                    # private networks that may be asked, for example ["127.0.0.0/8"] in tests
daily_budget = {budget}                   # requests to one host in a day
page_bytes = {page}                  # largest page, unpacked
feed_bytes = {feed}                  # largest feed or sitemap, unpacked
connect = "{connect}"                       # time to connect
first_byte = "{first_byte}"                    # time to the end of the response head
idle = "{idle}"                          # silence within a response
total = "{total}"                         # one fetch, whatever trickles

[crawl]
every_min = "{every_min}"                     # shortest time between two visits of one member
every_max = "{every_max}"                     # longest
commit_every = "{commit_every}"                  # how often found pages become visible during a first crawl
keep_captures = "{keep}"                # how long pages as received are kept once a newer version is there

# members/<id>.toml: only these are needed; the name of the file is the id.
#
#   name = "Example association"        # or [[names]]: name, since, until
#   home = "https://example.org/"       # any other host of the member: [[hosts]]: name, since, until
#   lang = "fr"                         # or [languages] by path prefix: "/en/" = "en",
#                                       #   "/en/" = {{ lang = "en", machine_translated = true }}
#
# And if wanted:
#
#   cms = "wordpress"                   # or "plain"; without it, detected
#   timezone = "{timezone}"           # of dates without a zone
#   feeds = [], sitemaps = [], listings = []    # addresses or paths that the site does not announce itself
#   parameters = []                     # query parameters that choose a page
#   exclude = []                        # path prefixes that are never asked
#   protected_names = []                # names that no translation may change; the member's own are always among them
#   [[rules]]                           # CSS selectors of one layout: since, until, title, date, content, remove = []
#   [[categories]]                      # the site's own category: name, and its kind, theme or country here
"#,
        title = server.title,
        listen = server.listen,
        admin = server.admin,
        data = server.data.display(),
        index = server.index.display(),
        contact = fetch.contact,
        delay = fetch.delay.as_millis(),
        budget = fetch.daily_budget,
        page = show_size(fetch.page_bytes),
        feed = show_size(fetch.feed_bytes),
        connect = show_duration(fetch.connect),
        first_byte = show_duration(fetch.first_byte),
        idle = show_duration(fetch.idle),
        total = show_duration(fetch.total),
        every_min = show_duration(crawl.every_min),
        every_max = show_duration(crawl.every_max),
        commit_every = show_duration(crawl.commit_every),
        keep = show_duration(crawl.keep_captures),
        timezone = DEFAULT_TIMEZONE,
    )
}
