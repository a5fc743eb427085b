//! Is anything missing? What a site itself names, against what we hold.

use super::page::absence_words;
use super::round::Notes;
use super::survey::{Named, Survey, Surveyed, survey};
use super::{CrawlError, Progress};
use crate::cms::Purpose;
use crate::fetch::{Cause, Fetcher};
use crate::model::{Member, MemberId, PageState, SourceKind};
use crate::normalise::url as address;
use crate::store::{Holding, Standing, Store, StoreError};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::AtomicBool;

/// What became of a page that the site names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Not read yet: named since our last round, or its turn has not come.
    NotYetRead,
    /// It could not be fetched; the reason says why.
    Error,
    /// robots.txt forbids it.
    Robots,
    /// Readers see it.
    Held,
    /// Another address of a page that is counted under its own.
    Duplicate,
    /// The staff hides it.
    Hidden,
    /// The staff purged it.
    Purged,
    /// Read, and no release, news or tribune.
    NotAnItem,
    /// Behind a password.
    Password,
    /// Asks not to be indexed.
    Noindex,
    /// Named, but no longer there.
    Gone,
    /// There, but without text.
    Empty,
    /// It leads to another page or site.
    Elsewhere,
    /// No page of text: a file, a picture.
    NotAPage,
    /// The member file keeps it out.
    Excluded,
}

impl Verdict {
    /// Whether readers may miss something there.
    pub fn is_gap(self) -> bool {
        matches!(self, Verdict::NotYetRead | Verdict::Error | Verdict::Robots)
    }

    /// The verdict in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::NotYetRead => "not yet read",
            Verdict::Error => "error",
            Verdict::Robots => "robots.txt",
            Verdict::Held => "held",
            Verdict::Duplicate => "duplicate",
            Verdict::Hidden => "hidden",
            Verdict::Purged => "purged",
            Verdict::NotAnItem => "not an item",
            Verdict::Password => "password",
            Verdict::Noindex => "noindex",
            Verdict::Gone => "gone",
            Verdict::Empty => "empty",
            Verdict::Elsewhere => "elsewhere",
            Verdict::NotAPage => "not a page",
            Verdict::Excluded => "excluded",
        }
    }
}

/// One page that the site names and that readers do not see as an item of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Absentee {
    /// Its address.
    pub url: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in words.
    pub why: String,
    /// Kinds of sources that name it.
    pub named_by: Vec<SourceKind>,
}

/// What one source of the site says, against what we hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// `api`, `sitemap`, `feed`, `listings`.
    pub source: &'static str,
    /// Its address, without the number of its page.
    pub url: String,
    /// How many entries the site says it has, where it says so (`X-WP-Total`).
    pub says: Option<u64>,
    /// Pages that it lists.
    pub lists: u64,
    /// How many of them readers see.
    pub held: u64,
    /// How many are missing without a reason of the site's own.
    pub gaps: u64,
    /// Why it could not be read, where it could not.
    pub failed: Option<String>,
}

/// The audit of one member.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// Whose site.
    pub member: MemberId,
    /// The site's system, as detected.
    pub system: String,
    /// Held of held and missing, per cent, cut to one decimal; `None` when the site names nothing that could be held.
    pub coverage: Option<f64>,
    /// Pages that the site names.
    pub named: u64,
    /// Pages that readers see.
    pub held: u64,
    /// Pages that may be missing: not yet read, failed, forbidden by robots.txt.
    pub gaps: u64,
    /// Pages kept out for a reason, counted by it.
    pub kept_out: BTreeMap<&'static str, u64>,
    /// What each source says.
    pub claims: Vec<Claim>,
    /// Every page that is named and not held, gaps first.
    pub absent: Vec<Absentee>,
    /// Items that readers see and that no document of the site names any more.
    pub unnamed: u64,
    /// Requests sent.
    pub requests: u64,
    /// The site has more documents than an audit asks for.
    pub cut: bool,
    /// Why the site could not be reached at all.
    pub unreachable: Option<String>,
}

/// Asks the site of `member` what it has, and compares. Nothing is written; a pause that the site asked for holds.
pub async fn audit(
    store: &Store,
    fetcher: &Fetcher,
    member: &Member,
    tell: &(dyn Fn(&Progress<'_>) + Send + Sync),
    stop: &AtomicBool,
) -> Result<Audit, CrawlError> {
    let now = store.clock().now();
    for (url, until) in Notes::parse(&store.member(&member.id)?.memory).paused {
        if until > now {
            fetcher.leave_alone(&url, until).await;
        }
    }
    let survey = survey(fetcher, member, tell, stop).await;
    let mut audit = tokio::task::block_in_place(|| compare(store, member, &survey))?;
    audit.requests = member.hosts.iter().map(|host| fetcher.requests(&host_url(&host.name, host.port))).sum();
    Ok(audit)
}

fn host_url(name: &str, port: Option<u16>) -> String {
    port.map_or_else(|| format!("https://{name}/"), |port| format!("http://{name}:{port}/"))
}

fn compare(store: &Store, member: &Member, survey: &Survey) -> Result<Audit, StoreError> {
    let rejected = store.rejected(&member.id)?;
    let judge = Judge {
        store,
        member,
        rejected: rejected.iter().map(|page| (address::same_page(&page.url), page.reason.as_str())).collect(),
    };
    let (mut verdicts, mut absent) = (HashMap::new(), Vec::new());
    let mut kept_out: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (key, named) in &survey.pages {
        let (verdict, why) = judge.verdict(named)?;
        verdicts.insert(key.as_str(), verdict);
        if verdict == Verdict::Held {
            continue;
        }
        if !verdict.is_gap() {
            *kept_out.entry(verdict.as_str()).or_default() += 1;
        }
        let mut named_by: Vec<SourceKind> = named.said.iter().map(|candidate| candidate.source).collect();
        named_by.sort();
        named_by.dedup();
        absent.push(Absentee { url: named.url.clone(), verdict, why, named_by });
    }
    absent.sort_by(|a, b| (!a.verdict.is_gap(), a.verdict, &a.url).cmp(&(!b.verdict.is_gap(), b.verdict, &b.url)));
    let count = |wanted: fn(Verdict) -> bool| verdicts.values().filter(|verdict| wanted(**verdict)).count() as u64;
    let (held, gaps) = (count(|verdict| verdict == Verdict::Held), count(Verdict::is_gap));
    Ok(Audit {
        member: member.id.clone(),
        system: [survey.memory.planner.as_str(), survey.memory.evidence.as_str()].join(": "),
        coverage: coverage(held, gaps),
        named: survey.pages.len() as u64,
        held,
        gaps,
        kept_out,
        claims: claims(&survey.documents, &verdicts),
        absent,
        unnamed: unnamed(store, member, survey)?,
        requests: 0,
        cut: survey.cut,
        unreachable: survey.unreachable.clone(),
    })
}

/// Per cent, cut to one decimal: only what is complete reads 100.
fn coverage(held: u64, gaps: u64) -> Option<f64> {
    let all = held + gaps;
    (all > 0).then(|| (held * 1_000 / all) as f64 / 10.0)
}

/// Items that we show and the site names nowhere.
fn unnamed(store: &Store, member: &Member, survey: &Survey) -> Result<u64, StoreError> {
    let mut count = 0;
    for page in store.known(&member.id)?.into_iter().filter(|page| page.item && page.standing == Standing::Live) {
        let is_named = survey.pages.contains_key(&address::same_page(&page.url))
            || store.page(&page.url)?.is_some_and(|found| {
                found.aliases.iter().any(|alias| survey.pages.contains_key(&address::same_page(alias)))
            });
        count += u64::from(!is_named);
    }
    Ok(count)
}

/// What each source says: pages of one collection, feed or archive are one source.
pub(super) fn claims(documents: &[Surveyed], verdicts: &HashMap<&str, Verdict>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    // A page stands on many listings, and counts once for each source.
    let mut counted: HashSet<(usize, &str)> = HashSet::new();
    for document in documents {
        let source = match document.purpose {
            Purpose::Inventory => "api",
            Purpose::Sitemap => "sitemap",
            Purpose::Feed => "feed",
            Purpose::Home | Purpose::Listing => "listings",
            Purpose::Names | Purpose::Page => continue,
        };
        let url = if source == "listings" { String::new() } else { without_page(&document.url) };
        let at = match claims.iter().position(|claim| claim.source == source && claim.url == url) {
            Some(at) => at,
            // A document tried on suspicion that is not there says nothing.
            None if document.names.is_empty() && matches!(document.answer, Ok(status) if status != 403) => continue,
            None => {
                let claim = Claim { source, url, says: document.total, lists: 0, held: 0, gaps: 0, failed: None };
                claims.push(claim);
                claims.len() - 1
            }
        };
        let claim = &mut claims[at];
        for key in document.names.iter().filter(|key| counted.insert((at, key.as_str()))) {
            let verdict = verdicts.get(key.as_str());
            claim.lists += 1;
            claim.held += u64::from(verdict == Some(&Verdict::Held));
            claim.gaps += u64::from(verdict.is_some_and(|verdict| verdict.is_gap()));
        }
        match &document.answer {
            Ok(403) => claim.failed = Some("status 403".to_owned()),
            Err(why) => claim.failed = Some(why.clone()),
            Ok(_) => {}
        }
    }
    claims
}

/// The address of a collection without the parameters that count its pages or choose its fields.
fn without_page(address: &str) -> String {
    let Ok(mut url) = url::Url::parse(address) else { return address.to_owned() };
    let counts = |name: &str| matches!(name, "page" | "paged" | "per_page" | "_fields");
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !counts(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url.into()
}

struct Judge<'a> {
    store: &'a Store,
    member: &'a Member,
    /// Reasons for pages kept out, by key.
    rejected: HashMap<String, &'a str>,
}

impl Judge<'_> {
    fn verdict(&self, named: &Named) -> Result<(Verdict, String), StoreError> {
        let url = &named.url;
        if let Some(holding) = self.store.holding(url)? {
            return Ok(of_page(url, &holding));
        }
        if self.store.is_buried(url)? {
            return Ok((Verdict::Purged, "the staff took it out for good".to_owned()));
        }
        if let Some(reason) = self.rejected.get(&address::same_page(url)) {
            return Ok((of_reason(reason), (*reason).to_owned()));
        }
        let path = url::Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
        if let Some(prefix) = self.member.exclude.iter().find(|prefix| path.starts_with(prefix.as_str())) {
            return Ok((Verdict::Excluded, format!("`exclude` of the member file names {prefix}")));
        }
        Ok(match self.store.waiting(&self.member.id, url)? {
            Some(waiting) if waiting.failures > 0 => {
                let why = waiting.error.unwrap_or_default();
                (Verdict::Error, format!("{why} (failed {} times, tried again {})", waiting.failures, waiting.due))
            }
            Some(_) => (Verdict::NotYetRead, "its turn has not come".to_owned()),
            None => (Verdict::NotYetRead, "not named in our last round".to_owned()),
        })
    }
}

fn of_page(url: &str, holding: &Holding) -> (Verdict, String) {
    let known = &holding.known;
    if address::same_page(&known.url) != address::same_page(url) {
        return (Verdict::Duplicate, format!("another address of {}", known.url));
    }
    if let Some(to) = &holding.moved_to {
        return (Verdict::Duplicate, format!("now at {to}"));
    }
    if let (Standing::Withdrawn, Some(missing)) = (known.standing, &holding.missing) {
        let verdict = match missing.why.as_str() {
            "password" => Verdict::Password,
            "noindex" => Verdict::Noindex,
            "empty" => Verdict::Empty,
            "forbidden" => Verdict::Error,
            _ => Verdict::Gone,
        };
        return (verdict, format!("{} since {}", missing.why, missing.since));
    }
    let (state, kind) = (&holding.draft.state, &holding.draft.kind);
    let verdict = match state {
        PageState::Password => Verdict::Password,
        PageState::NoIndex => Verdict::Noindex,
        PageState::SoftGone => Verdict::Gone,
        PageState::Empty => Verdict::Empty,
        PageState::Attachment { .. } => Verdict::Duplicate,
        PageState::Live if !known.item => {
            return (Verdict::NotAnItem, format!("{}: {}", kind.kind, kind.reason));
        }
        PageState::Live => return of_release(holding),
    };
    (verdict, absence_words(state).to_owned())
}

fn of_release(holding: &Holding) -> (Verdict, String) {
    match &holding.release {
        Some(release) if release.hidden => (Verdict::Hidden, format!("release {}", release.id)),
        Some(release) if release.shown => (Verdict::Held, String::new()),
        _ => (Verdict::NotYetRead, "read, not yet published".to_owned()),
    }
}

/// The verdict behind the words with which a round kept a page out.
fn of_reason(reason: &str) -> Verdict {
    let says = |state: &PageState| reason == absence_words(state);
    if reason == Cause::Disallowed.to_string() || reason.starts_with("robots.txt") {
        Verdict::Robots
    } else if reason.starts_with("gone ") || says(&PageState::SoftGone) {
        Verdict::Gone
    } else if says(&PageState::Password) {
        Verdict::Password
    } else if says(&PageState::NoIndex) {
        Verdict::Noindex
    } else if says(&PageState::Empty) {
        Verdict::Empty
    } else if reason.starts_with("attachment page") {
        Verdict::Duplicate
    } else if reason.starts_with("leads to ") {
        Verdict::Elsewhere
    } else if reason.starts_with("no page but ") {
        Verdict::NotAPage
    } else {
        Verdict::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_complete_reads_a_hundred() {
        assert_eq!(coverage(0, 0), None);
        assert_eq!(coverage(332, 0), Some(100.0));
        assert_eq!(coverage(9_999, 1), Some(99.9));
        assert_eq!(coverage(0, 3), Some(0.0));
    }

    #[test]
    fn pages_of_a_collection_are_one_source() {
        let first = "https://h.example/wp-json/wp/v2/posts?_fields=id&per_page=100&page=1";
        assert_eq!(without_page(first), "https://h.example/wp-json/wp/v2/posts");
        let plain = "https://h.example/?rest_route=%2Fwp%2Fv2%2Fposts&_fields=id&per_page=100&page=2";
        assert_eq!(without_page(plain), "https://h.example/?rest_route=%2Fwp%2Fv2%2Fposts");
    }

    #[test]
    fn reasons_of_rounds_have_their_verdicts() {
        let cases = [
            ("robots.txt disallows it", Verdict::Robots),
            ("robots.txt is out of reach: status 500 does not answer the request", Verdict::Robots),
            ("gone (status 404)", Verdict::Gone),
            ("behind a password", Verdict::Password),
            ("asks not to be indexed", Verdict::Noindex),
            ("no text", Verdict::Empty),
            ("leads to the home page", Verdict::Elsewhere),
            ("no page but application/pdf", Verdict::NotAPage),
            ("status 403", Verdict::Error),
            ("the page is over 16777216 bytes", Verdict::Error),
        ];
        for (reason, verdict) in cases {
            assert_eq!(of_reason(reason), verdict, "{reason}");
        }
    }
}
