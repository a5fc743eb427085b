//! From a search to a feed.

use super::entry::{Channel, Entry, Source};
use super::{Door, Format, logo, title, xml};
use crate::labels::{Labels, Value};
use crate::model::{Attachment, Image, Lang, Member, MemberId, MemberRef, Release, ReleaseText, ThemeId};
use crate::normalise::text::fold;
use crate::publish;
use crate::search::{DEFAULT_LIMIT, Query, Results, SearchError, Sort};
use crate::store::{StoreError, Tick};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// At least so many entries, where there are: a reader that was away for a weekend misses nothing.
const LEAST_ENTRIES: usize = 50;
/// At most so many entries, however chatty a source is.
const MOST_ENTRIES: usize = 200;
/// Between the two: those that were added within this time of the newest one. Counted from the newest entry, not from
/// now, so that the same store gives the same feed.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows of a table without `limit=`.
const TABLE_ROWS: usize = 1_000;

/// Why a feed cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The record failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The query that a format asks for: feeds have the order of the stored rank, and nothing is counted or marked.
pub fn query_for(format: &Format, query: Query) -> Query {
    let sort = if format.is_table { query.sort } else { Some(Sort::Added) };
    Query { sort, highlight: false, facets: Vec::new(), ..query }
}

/// The feed of a query. `limited` tells whether the reader set `limit=`; `own` is the path and query of the feed.
pub fn channel(
    door: &Door,
    format: &Format,
    lang: Lang,
    query: &Query,
    limited: bool,
    own: &str,
    tick: Tick,
) -> Result<Channel, BuildError> {
    let results = results(door, format, query, limited)?;
    let (path, _) = own.split_once('?').unwrap_or((own, ""));
    let next = results.next.as_ref().map(|cursor| {
        let next = Query { cursor: Some(cursor.clone()), offset: 0, ..query.clone() };
        with_query(format!("{}{path}", door.base_url), &address(&next, limited))
    });
    let authority = door.reader.authority()?;
    let scene = Scene { door, l: Labels::get(lang), authority: &authority, at: tick.at };
    let mut entries = Vec::with_capacity(results.hits.len());
    for hit in &results.hits {
        entries.push(scene.entry(&hit.release)?);
    }
    Ok(Channel { next, entries, ..empty(door, lang, query, own, tick)? })
}

/// The feed of a query before its entries.
pub fn empty(door: &Door, lang: Lang, query: &Query, own: &str, tick: Tick) -> Result<Channel, StoreError> {
    let l = Labels::get(lang);
    let authority = door.reader.authority()?;
    let site = door.config.settings.server.title.as_str();
    let meaning = public(&Query { cursor: None, offset: 0, limit: DEFAULT_LIMIT, ..query.clone() });
    Ok(Channel {
        id: format!("tag:{authority}:feed/{lang}/{meaning}"),
        title: xml::title(&title::title(door, query, l)),
        description: xml::line(&l.with("footer-about", &[("site", Value::from(site))])),
        lang,
        own: format!("{}{own}", door.base_url),
        page: with_query(format!("{}{lang}/search", door.base_url), &meaning),
        next: None,
        updated: tick.at,
        publisher: xml::title(site),
        home: door.base_url.to_string(),
        logo: format!("{}{}", door.base_url, logo::PATH),
        rights: l.text("feed-rights").into_owned(),
        kinds: format!("tag:{authority}:kind"),
        entries: Vec::new(),
    })
}

/// A query as it stands in the address of a feed. The canonical form leaves the default page size out; in a feed that
/// means something else than none.
pub fn address(query: &Query, limited: bool) -> String {
    let parameters = public(&Query { limit: if limited { query.limit } else { DEFAULT_LIMIT }, ..query.clone() });
    if !limited || query.limit != DEFAULT_LIMIT {
        return parameters;
    }
    let before = if parameters.is_empty() { "" } else { "&" };
    format!("{parameters}{before}limit={DEFAULT_LIMIT}")
}

/// A path with a query string, where there is one.
pub fn with_query(path: String, query: &str) -> String {
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// What of a query is said to readers: what the format decides itself is left out.
fn public(query: &Query) -> String {
    let sort = if query.sort == Some(Sort::Added) { None } else { query.sort };
    let open = Query { sort, highlight: true, ..query.clone() };
    open.canonical()
}

fn results(door: &Door, format: &Format, query: &Query, limited: bool) -> Result<Results, SearchError> {
    let most = match (limited, format.is_table) {
        (true, _) => query.limit,
        (false, true) => TABLE_ROWS,
        (false, false) => MOST_ENTRIES,
    };
    let mut results = door.engine.search(&Query { limit: most, ..query.clone() })?;
    let ranks: Vec<i64> = results.hits.iter().map(|hit| hit.release.rank).collect();
    let kept = kept(&ranks);
    if !limited && !format.is_table && kept < results.hits.len() {
        // Asked again for the shorter page, so that `next` goes on where this one ends.
        results = door.engine.search(&Query { limit: kept, ..query.clone() })?;
    }
    results.hits.retain(|hit| !hit.partial);
    Ok(results)
}

/// How many of the newest releases are shown, given their ranks in microseconds, the newest first.
fn kept(ranks: &[i64]) -> usize {
    let Some(newest) = ranks.first() else { return 0 };
    let since = newest - i64::try_from(RECENT.as_micros()).unwrap_or(i64::MAX);
    let recent = ranks.iter().take_while(|rank| **rank >= since).count();
    recent.max(LEAST_ENTRIES).min(ranks.len())
}

/// What all entries of a feed are made from.
struct Scene<'a> {
    door: &'a Door,
    l: &'static Labels,
    authority: &'a str,
    at: Timestamp,
}

impl Scene<'_> {
    fn entry(&self, release: &Release) -> Result<Entry, StoreError> {
        let (door, l) = (self.door, self.l);
        let text = self.text(release)?;
        let lead = release.members.first().and_then(|member| of(door, &member.id));
        let zone = lead.map_or_else(paris, |member| member.timezone.clone());
        // Nothing can have gone out after we saw it: a later date is a mistake of the page, or still to come.
        let seen = release.first_seen.min(self.at);
        let published = release.published.map_or(seen, |date| date.timestamp(&zone).min(seen));
        let page = format!("{}r/{}", door.base_url, release.id);
        let link = Some(xml::address(&release.url)).filter(|url| !url.is_empty()).unwrap_or_else(|| page.clone());
        let title = Some(xml::title(&release.title)).filter(|title| !title.is_empty());
        let versions = release.publications.iter().map(|p| (xml::address(&p.url), p.lang, xml::title(&p.title)));
        let files: Vec<Attachment> = release.attachments.iter().filter_map(file).collect();
        Ok(Entry {
            id: format!("tag:{}:release/{}", self.authority, release.id),
            title: title.unwrap_or_else(|| release.id.to_string()),
            lang: release.lang,
            versions: versions.filter(|(url, _, _)| !url.is_empty() && *url != link).collect(),
            link,
            page,
            published,
            updated: release.updated.min(self.at).max(published),
            day: release.published.map(|date| date.to_string()).unwrap_or_default(),
            authors: authors(door, release),
            source: self.source(lead),
            summary: summary(release, &text),
            html: body(&text, &files, Labels::get(release.lang)),
            kind: (release.kind, l.kind(release.kind).into_owned()),
            themes: release.themes.iter().map(|tag| self.theme(&tag.id)).collect(),
            countries: release.countries.iter().map(|at| l.country(&at.id).unwrap_or(&at.id).to_owned()).collect(),
            image: release.image.as_ref().and_then(picture),
            attachments: files,
            zone,
        })
    }

    /// The text in the language that is shown: `prefer` puts another publication forward than the lead.
    fn text(&self, release: &Release) -> Result<ReleaseText, StoreError> {
        Ok(self.door.reader.text_in(&release.id, release.lang)?.unwrap_or_default())
    }

    fn source(&self, lead: Option<&Member>) -> Source {
        let (door, authority) = (self.door, self.authority);
        let Some(member) = lead else {
            return Source {
                id: format!("tag:{authority}:feed"),
                title: xml::title(&door.config.settings.server.title),
                feed: format!("{}feed.atom", door.base_url),
                home: door.base_url.to_string(),
            };
        };
        let own = member.feeds.iter().map(|feed| xml::address(feed)).find(|feed| !feed.is_empty());
        let ours = || format!("{}{}/search.atom?member={}", door.base_url, self.l.lang(), member.id);
        Source {
            id: format!("tag:{authority}:member/{}", member.id),
            title: xml::title(member.name()),
            feed: own.unwrap_or_else(ours),
            home: xml::address(&member.home),
        }
    }

    fn theme(&self, id: &ThemeId) -> (String, String) {
        let ours = format!("{}themes/{id}", self.door.base_url);
        match self.door.config.vocabulary.get(id) {
            Some(theme) if theme.iri.contains(':') => (theme.iri.clone(), xml::line(theme.label(self.l.lang()))),
            Some(theme) => (ours, xml::line(theme.label(self.l.lang()))),
            None => (ours, id.to_string()),
        }
    }
}

fn of<'a>(door: &'a Door, id: &MemberId) -> Option<&'a Member> {
    door.config.members.iter().find(|member| member.id == *id)
}

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// Members first, then the issuers that are no members.
fn authors(door: &Door, release: &Release) -> Vec<(String, String)> {
    let member = |member: &MemberRef| {
        let home = of(door, &member.id).map(|member| xml::address(&member.home));
        (xml::title(&member.name), home.unwrap_or_default())
    };
    let mut authors: Vec<(String, String)> = release.members.iter().map(member).collect();
    for issuer in release.issuers.iter().filter(|issuer| issuer.member.is_none() && !issuer.signatory) {
        let name = xml::title(&issuer.name);
        if !name.is_empty() && authors.iter().all(|(known, _)| *known != name) {
            authors.push((name, String::new()));
        }
    }
    if authors.is_empty() {
        authors.push((xml::title(&door.config.settings.server.title), door.base_url.to_string()));
    }
    authors
}

/// The summary of the lead publication, or the beginning of the text where another one is put forward.
fn summary(release: &Release, text: &ReleaseText) -> String {
    match release.publications.first() {
        Some(lead) if lead.url != release.url => xml::title(&publish::beginning(&text.text)),
        _ => xml::title(&release.summary),
    }
}

/// The text with what a page of ours shows beside it: press contacts, and files that it does not link itself.
fn body(text: &ReleaseText, files: &[Attachment], l: &'static Labels) -> String {
    let mut html = xml::clean(&text.html).into_owned();
    for file in files {
        let href = xml::escaped(&file.url);
        if !html.contains(&href) {
            let name = if file.title.is_empty() { &file.url } else { &file.title };
            html.push_str(&format!("<p><a href=\"{href}\">{}</a></p>", xml::escaped(name)));
        }
    }
    let contacts: Vec<String> =
        text.contacts.lines().map(xml::line).filter(|line| !line.is_empty()).map(|line| xml::escaped(&line)).collect();
    if let Some(first) = contacts.first() {
        // Most have a heading of their own.
        let is_headed = fold(first).trim_start().starts_with("contact") || fold(first).contains("press");
        let heading = if is_headed { String::new() } else { format!("<strong>{}</strong><br>", l.text("contacts")) };
        html.push_str(&format!("<p>{heading}{}</p>", contacts.join("<br>")));
    }
    html
}

fn picture(image: &Image) -> Option<Image> {
    let url = Some(xml::address(&image.url)).filter(|url| !url.is_empty())?;
    Some(Image { url, alt: xml::title(&image.alt), credit: xml::title(&image.credit), size: image.size })
}

fn file(file: &Attachment) -> Option<Attachment> {
    let url = Some(xml::address(&file.url)).filter(|url| !url.is_empty())?;
    let known = Some(xml::line(&file.media_type)).filter(|media_type| is_media_type(media_type));
    let media_type = known.unwrap_or_else(|| "application/octet-stream".to_owned());
    Some(Attachment { url, title: xml::title(&file.title), media_type, bytes: file.bytes })
}

/// `type/subtype` of RFC 6838.
fn is_media_type(text: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    text.split_once('/').is_some_and(|(one, two)| is_name(one) && is_name(two))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_chatty_source_is_bounded_and_a_quiet_one_is_not_cut(gaps in proptest::collection::vec(0i64..40_000, 0..200)) {
            let mut at = 1_700_000_000_000_000;
            let mut ranks = Vec::new();
            for seconds in gaps {
                at -= seconds * 1_000_000;
                ranks.push(at);
            }
            let kept = kept(&ranks);
            prop_assert!(kept <= ranks.len() && kept >= ranks.len().min(LEAST_ENTRIES));
            let week = |rank: &i64| ranks[0] - rank <= 7 * 24 * 3600 * 1_000_000;
            prop_assert!(ranks[kept..].iter().all(|rank| !week(rank)), "something of the last week is left out");
            prop_assert!(kept <= LEAST_ENTRIES || ranks[..kept].iter().all(week), "more than the week calls for");
        }
    }
}
