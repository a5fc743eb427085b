//! Lines into rules: groups, agents, and what belongs to no group.

use super::{MAX_SITEMAPS, Pattern, Robots, Rule};

/// Reads line by line, keeping what concerns one agent and what concerns everyone.
pub struct Reader<'a> {
    agent: &'a str,
    own: Group,
    everyone: Group,
    /// The group being read is for us.
    for_us: bool,
    /// The group being read is for everyone.
    for_everyone: bool,
    /// A rule has been read, so the next agent line opens a new group.
    rules_began: bool,
    sitemaps: Vec<String>,
}

#[derive(Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<f64>,
}

impl<'a> Reader<'a> {
    /// A reader for one product token.
    pub fn new(agent: &'a str) -> Self {
        let (own, everyone) = (Group::default(), Group::default());
        Self { agent, own, everyone, for_us: false, for_everyone: false, rules_began: false, sitemaps: Vec::new() }
    }

    /// Takes one line; names are matched without case, and common slips are forgiven as Google's parser does.
    pub fn line(&mut self, line: &[u8]) {
        let Some((name, value)) = split(line) else { return };
        match name.to_ascii_lowercase().as_slice() {
            b"user-agent" | b"useragent" | b"user agent" => self.agent_line(value),
            b"allow" => self.rule(true, value),
            b"disallow" | b"dissallow" | b"dissalow" | b"disalow" | b"diasllow" | b"disallaw" => {
                self.rule(false, value)
            }
            b"crawl-delay" => self.crawl_delay(value),
            b"sitemap" | b"site-map" if self.sitemaps.len() < MAX_SITEMAPS => {
                self.sitemaps.push(String::from_utf8_lossy(value).into_owned());
            }
            _ => {}
        }
    }

    /// Our own group where one names us, else everyone's (RFC 9309, 2.2.1).
    pub fn finish(self) -> Robots {
        let group = if self.own.named { self.own } else { self.everyone };
        let mut rules = group.rules;
        rules.sort_by_key(|rule| std::cmp::Reverse((rule.pattern.octets, rule.allow)));
        Robots { rules, crawl_delay: group.crawl_delay, sitemaps: self.sitemaps }
    }

    fn agent_line(&mut self, value: &[u8]) {
        if self.rules_began {
            (self.for_us, self.for_everyone, self.rules_began) = (false, false, false);
        }
        if value.first() == Some(&b'*') && value.get(1).is_none_or(u8::is_ascii_whitespace) {
            self.for_everyone = true;
        } else if product_token(value).eq_ignore_ascii_case(self.agent.as_bytes()) {
            self.for_us = true;
            self.own.named = true;
        }
    }

    fn rule(&mut self, allow: bool, value: &[u8]) {
        self.rules_began = true;
        if value.is_empty() {
            return;
        }
        self.add(Rule { allow, pattern: Pattern::new(value) });
        if allow && let Some(folder) = folder_of_index(value) {
            self.add(Rule { allow, pattern: Pattern::new(&[folder, b"$"].concat()) });
        }
    }

    fn add(&mut self, rule: Rule) {
        match (self.for_us, self.for_everyone) {
            (true, true) => {
                self.own.rules.push(rule.clone());
                self.everyone.rules.push(rule);
            }
            (true, false) => self.own.rules.push(rule),
            (false, true) => self.everyone.rules.push(rule),
            (false, false) => {}
        }
    }

    /// The longest delay of a group counts; it ends no list of agents.
    fn crawl_delay(&mut self, value: &[u8]) {
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
        let Some(seconds) = number.filter(|seconds| seconds.is_finite() && *seconds >= 0.0) else { return };
        let longest = |known: Option<f64>| Some(known.map_or(seconds, |known| known.max(seconds)));
        if self.for_us {
            self.own.crawl_delay = longest(self.own.crawl_delay);
        }
        if self.for_everyone {
            self.everyone.crawl_delay = longest(self.everyone.crawl_delay);
        }
    }
}

/// Name and value of a line: at the colon, or at the blank where there are exactly two words and no colon.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.split(|byte| *byte == b'#').next()?.trim_ascii();
    if let Some(colon) = memchr::memchr(b':', line) {
        return Some((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()));
    }
    let blank = line.iter().position(u8::is_ascii_whitespace)?;
    let value = line[blank..].trim_ascii();
    (!value.iter().any(u8::is_ascii_whitespace)).then_some((&line[..blank], value))
}

/// `Communique/2.1 (…)` names `Communique`.
fn product_token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !(byte.is_ascii_alphabetic() || b"-_".contains(byte)));
    &value[..end.unwrap_or(value.len())]
}

/// `/news/` of `/news/index.html`: who allows the one allows the other (as Google's parser).
fn folder_of_index(value: &[u8]) -> Option<&[u8]> {
    let slash = memchr::memrchr(b'/', value)?;
    value[slash..].starts_with(b"/index.htm").then(|| &value[..=slash])
}
