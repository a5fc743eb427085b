//! # robots.txt: what does the site allow us? (RFC 9309)
//!
//! Pure: bytes in, rules out. [`Robots::parse`] reads the groups that concern one product token, [`Robots::allows`]
//! judges an address in time linear in rule and address. Where the RFC is silent we follow Google's parser
//! (google/robotstxt) or the more careful reading. A new kind of line is one arm of `Reader::line`.

mod pattern;
mod reader;

use pattern::{Pattern, normal_path};
use reader::Reader;
use url::Url;

/// What is read of a robots.txt, bytes (RFC 9309, 2.5 asks for at least 500 KiB).
pub const MAX_BYTES: usize = 512_000;

/// Sitemap lines kept.
const MAX_SITEMAPS: usize = 1_000;

/// The rules of one site for one product token.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    /// Longest pattern first, allow before disallow: the first that matches decides.
    rules: Vec<Rule>,
    /// `Crawl-delay` in seconds as written, where it is a number.
    pub crawl_delay: Option<f64>,
    /// `Sitemap` lines as written, in order.
    pub sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    pattern: Pattern,
}

impl Robots {
    /// Reads the first 512,000 bytes of `body` for `agent`. What is no rule is no error.
    pub fn parse(body: &[u8], agent: &str) -> Self {
        let body = &body[..body.len().min(MAX_BYTES)];
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let mut reader = Reader::new(agent);
        for line in body.split(|byte| matches!(byte, b'\n' | b'\r')) {
            reader.line(line);
        }
        reader.finish()
    }

    /// Whether the site allows us to fetch `url`.
    pub fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        let path = normal_path(url);
        self.rules.iter().find(|rule| rule.pattern.matches(&path)).is_none_or(|rule| rule.allow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn allowed(robots: &str, address: &str) -> bool {
        let url = Url::parse(&format!("https://site.example{address}")).unwrap();
        Robots::parse(robots.as_bytes(), "Communique").allows(&url)
    }

    #[test]
    fn a_rule_is_read_however_it_is_written() {
        for text in [
            "user-agent: communique\ndisallow: /private\n",
            "User-Agent:Communique\r\nDISALLOW :\t/private \r\n",
            "User-agent: Communique/9\rDisallow: /private # not for robots\r",
            "\u{feff}User-agent: COMMUNIQUE\n\n\n  Disallow: /private",
            "User-agent: x\nUser-agent: Communique\nCrawl-delay: 2\nDisallow: /private",
            "User-agent: Communique\nSitemap: https://site.example/m.xml\nUser-agent: y\nDisallow: /private",
            "User agent Communique\nuseragent: Communique\nDissallow: /private",
            "user-agent Communique\ndisallow /private",
            "User-agent: *\nAllow: /\nUser-agent: Communique\nDisallow: /private",
            "User-agent: * everyone\nDisallow: /private",
        ] {
            assert!(!allowed(text, "/private/page"), "{text}");
            assert!(allowed(text, "/public"), "{text}");
        }
    }

    #[test]
    fn what_is_no_rule_for_us_forbids_nothing() {
        for text in [
            "",
            "\u{feff}",
            "<!doctype html><p>Disallow: /</p>",
            "Disallow: /",
            "User-agent: CommuniqueBot\nDisallow: /",
            "User-agent: *unique\nDisallow: /",
            "User-agent:\nDisallow: /",
            "User-agent: Communique\nDisallow:\n",
            "User-agent: Communique\nDisallow\n",
            "User-agent: Communique\n# Disallow: /\n",
            "User-agent: *\nDisallow: /\n\nUser-agent: Communique\nAllow:\n",
        ] {
            assert!(allowed(text, "/page"), "{text}");
        }
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let rules = "User-agent: *\nDisallow: /docs\nAllow: /docs/open\nDisallow: /docs/open/draft*.html$\nDisallow: /tie\nAllow: /tie\n";
        for (address, expected) in [
            ("/docs", false),
            ("/docs/open/a", true),
            ("/docs/open/draft-1.html", false),
            ("/docs/open/draft-1.html?x", true),
            ("/tie/x", true),
            ("/other", true),
        ] {
            assert_eq!(allowed(rules, address), expected, "{address}");
        }
    }

    #[test]
    fn wildcards_anchors_and_escapes() {
        for (rule, address, expected) in [
            ("/*.pdf$", "/a/b.pdf", false),
            ("/*.pdf$", "/a/b.pdf?x=1", true),
            ("/a*b*c", "/a1b2c3", false),
            ("/a*b*c$", "/abcabcd", true),
            ("/a*b*c$", "/abcabc", false),
            ("*.php", "/x.php", false),
            ("/a$b", "/a$b", false),
            ("/a$b", "/a", true),
            ("/100%2A", "/100*", false),
            ("/100%2A", "/100x", true),
            ("/%65cole", "/ecole", false),
            ("/école", "/%c3%a9cole", false),
            ("/a%2fb", "/a%2Fb", false),
            ("/a%2fb", "/a/b", true),
            ("/a b", "/a%20b", false),
            ("/100%", "/100%25", false),
            ("/x?q=*&s=", "/x?q=1&s=2", false),
            ("/robots", "/robots.txt", true),
        ] {
            assert_eq!(allowed(&format!("User-agent: *\nDisallow: {rule}\n"), address), expected, "{rule} {address}");
        }
        assert!(allowed("User-agent: *\nDisallow: /\nAllow: /news/index.html\n", "/news/"));
        assert!(!allowed("User-agent: *\nDisallow: /\nAllow: /news/index.html\n", "/news/a"));
    }

    #[test]
    fn delay_and_sitemaps() {
        let delay = |lines: &str| Robots::parse(format!("User-agent: *\n{lines}").as_bytes(), "Communique").crawl_delay;
        for (lines, expected) in [
            ("Crawl-delay: 2.5", Some(2.5)),
            ("crawl-delay: 7 # seconds", Some(7.0)),
            ("Crawl-delay: 1e9\nCrawl-delay: 3", Some(1e9)),
            ("Crawl-delay: -3\nCrawl-delay: NaN\nCrawl-delay: inf\nCrawl-delay: soon", None),
            ("User-agent: Communique\nDisallow: /x\nUser-agent: z\nCrawl-delay: 9", None),
        ] {
            assert_eq!(delay(lines), expected, "{lines}");
        }
        let robots =
            Robots::parse(b"Sitemap: https://a.example/1.xml\nUser-agent: x\nsite-map: /2.xml.gz\n", "Communique");
        assert_eq!(robots.sitemaps, ["https://a.example/1.xml", "/2.xml.gz"]);
    }

    #[test]
    fn a_huge_file_is_cut_and_judged_quickly() {
        let late = format!("User-agent: *\nDisallow: /early\n{}Disallow: /\n", "# filling\n".repeat(60_000));
        assert!(!allowed(&late, "/early") && allowed(&late, "/late"));
        let slow = [
            format!("User-agent: *\nDisallow: /{}$\n", "*a".repeat(4_000)),
            format!("User-agent: *\n{}", "Disallow: /*aaaaaaab*c\nAllow: /e/\n".repeat(15_000)),
            format!("User-agent: *\nDisallow: /{}b\n", "*".repeat(400_000)),
        ];
        let url = Url::parse(&format!("https://site.example/{}", "a".repeat(7_900))).unwrap();
        for text in slow {
            let robots = Robots::parse(text.as_bytes(), "Communique");
            let started = Instant::now();
            robots.allows(&url);
            // a release build takes 12 ms at most; what is not linear takes minutes even there
            assert!(started.elapsed() < Duration::from_secs(60), "{:?} for {}…", started.elapsed(), &text[..40]);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(body: Vec<u8>, path in "/\\PC{0,40}") {
            let robots = Robots::parse(&body, "Communique");
            if let Ok(url) = Url::parse(&format!("https://site.example{path}")) {
                robots.allows(&url);
            }
        }

        #[test]
        fn a_disallowed_path_stays_disallowed_below(path in "/[a-zé$*;]{0,12}", tail in "[a-z/]{0,8}") {
            let url = Url::parse(&format!("https://site.example{path}{tail}")).unwrap();
            let rule = path.replace('*', "%2A").replace('$', "%24");
            let robots = Robots::parse(format!("User-agent: *\nDisallow: {rule}").as_bytes(), "Communique");
            proptest::prop_assert!(!robots.allows(&url));
        }
    }
}
