//! From a search to a feed.

use super::entry::{Channel, Entry, Source};
use super::{Door, Format, title, xml};
use crate::labels::Labels;
use crate::model::{Image, Lang, Member, Release};
use crate::search::{Query, Results, SearchError, Sort};
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
    let l = Labels::get(lang);
    let authority = door.reader.authority()?;
    let (path, _) = own.split_once('?').unwrap_or((own, ""));
    let meaning = query.identity();
    let with = |path: String, query: &str| if query.is_empty() { path } else { format!("{path}?{query}") };
    let next = results.next.as_ref().map(|cursor| {
        let next = Query { cursor: Some(cursor.clone()), offset: 0, limit: results.hits.len(), ..query.clone() };
        let next = if limited { next } else { Query { limit: crate::search::DEFAULT_LIMIT, ..next } };
        with(format!("{}{path}", door.base_url), &public(&next))
    });
    let mut entries = Vec::with_capacity(results.hits.len());
    for hit in &results.hits {
        let text = door.reader.text(&hit.release.id)?.unwrap_or_default();
        entries.push(entry(door, l, &authority, &hit.release, &text.html, tick.at));
    }
    let site = &door.config.settings.server.title;
    Ok(Channel {
        id: format!(
            "tag:{authority}:feed/{lang}/{}",
            xml::clean(&with(String::new(), &meaning)).trim_start_matches('?')
        ),
        title: xml::clean(&title::title(door, query, l)).into_owned(),
        description: xml::clean(&l.with("footer-about", &[("site", crate::labels::Value::from(site.as_str()))]))
            .into_owned(),
        lang,
        own: format!("{}{own}", door.base_url),
        page: with(format!("{}{lang}/search", door.base_url), &meaning),
        next,
        updated: tick.at,
        publisher: xml::clean(site).into_owned(),
        home: door.base_url.to_string(),
        logo: format!("{}static/logo.png", door.base_url),
        rights: l.text("feed-rights").into_owned(),
        entries,
    })
}

/// A query as it stands in the address of a feed: what the format decides itself is left out.
pub fn public(query: &Query) -> String {
    let sort = if query.sort == Some(Sort::Added) { None } else { query.sort };
    let open = Query { sort, highlight: true, ..query.clone() };
    open.canonical()
}

fn results(door: &Door, format: &Format, query: &Query, limited: bool) -> Result<Results, SearchError> {
    if limited {
        return door.engine.search(query);
    }
    let most = if format.is_table { TABLE_ROWS } else { MOST_ENTRIES };
    let results = door.engine.search(&Query { limit: most, ..query.clone() })?;
    if format.is_table {
        return Ok(results);
    }
    let kept = kept(&results);
    match kept < results.hits.len() {
        // Asked again for the shorter page, so that `next` goes on where this one ends.
        true => door.engine.search(&Query { limit: kept, ..query.clone() }),
        false => Ok(results),
    }
}

fn kept(results: &Results) -> usize {
    let Some(newest) = results.hits.first().map(|hit| hit.release.rank) else { return 0 };
    let since = newest - i64::try_from(RECENT.as_micros()).unwrap_or(i64::MAX);
    let recent = results.hits.iter().take_while(|hit| hit.release.rank >= since).count();
    recent.max(LEAST_ENTRIES).min(results.hits.len())
}

fn entry(door: &Door, l: &'static Labels, authority: &str, release: &Release, html: &str, at: Timestamp) -> Entry {
    let of = |id: &crate::model::MemberId| door.config.members.iter().find(|member| member.id == *id);
    let lead = release.members.first().and_then(|member| of(&member.id));
    let zone = lead.map_or_else(paris, |member| member.timezone.clone());
    // A date that lies ahead of everything we know is not believed.
    let dated = release.published.map(|date| date.timestamp(&zone)).filter(|date| *date <= at);
    let published = dated.unwrap_or(release.first_seen).min(at);
    let page = format!("{}r/{}", door.base_url, release.id);
    let link = Some(xml::address(&release.url)).filter(|url| !url.is_empty()).unwrap_or_else(|| page.clone());
    let versions = release.publications.iter().skip(1).map(|p| (xml::address(&p.url), p.lang, clean(&p.title)));
    Entry {
        id: format!("tag:{authority}:release/{}", release.id),
        title: Some(clean(&release.title)).filter(|title| !title.is_empty()).unwrap_or_else(|| release.id.to_string()),
        lang: release.lang,
        versions: versions.filter(|(url, _, _)| !url.is_empty() && *url != link).collect(),
        link,
        page,
        published,
        updated: release.updated.max(published).min(at.max(published)),
        day: release.published.map(|date| date.to_string()).unwrap_or_default(),
        authors: authors(door, release),
        source: source(door, l, authority, lead),
        summary: clean(&release.summary),
        html: xml::clean(html).into_owned(),
        kind: (release.kind, l.kind(release.kind).into_owned()),
        themes: release.themes.iter().map(|tag| theme(door, l, &tag.id)).collect(),
        countries: release.countries.iter().map(|place| l.country(&place.id).unwrap_or(&place.id).to_owned()).collect(),
        image: release.image.clone().map(|image| Image {
            url: xml::address(&image.url),
            alt: clean(&image.alt),
            ..image
        }),
        attachments: release.attachments.iter().filter(|file| !xml::address(&file.url).is_empty()).cloned().collect(),
        zone,
    }
}

fn clean(text: &str) -> String {
    xml::clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

fn authors(door: &Door, release: &Release) -> Vec<(String, String)> {
    let home = |id| door.config.members.iter().find(|member| member.id == id).map(|member| xml::address(&member.home));
    let mut authors: Vec<(String, String)> = release
        .members
        .iter()
        .map(|member| (clean(&member.name), home(member.id.clone()).unwrap_or_default()))
        .collect();
    if authors.is_empty() {
        authors.push((clean(&door.config.settings.server.title), door.base_url.to_string()));
    }
    authors
}

fn source(door: &Door, l: &'static Labels, authority: &str, lead: Option<&Member>) -> Source {
    let Some(member) = lead else {
        return Source {
            id: format!("tag:{authority}:feed"),
            title: clean(&door.config.settings.server.title),
            feed: format!("{}feed.atom", door.base_url),
            home: door.base_url.to_string(),
        };
    };
    let ours = format!("{}{}/search.atom?member={}", door.base_url, l.lang(), member.id);
    Source {
        id: format!("tag:{authority}:member/{}", member.id),
        title: clean(member.name()),
        feed: member.feeds.first().map(|feed| xml::address(feed)).filter(|feed| !feed.is_empty()).unwrap_or(ours),
        home: xml::address(&member.home),
    }
}

fn theme(door: &Door, l: &'static Labels, id: &crate::model::ThemeId) -> (String, String) {
    let Some(theme) = door.config.vocabulary.get(id) else {
        return (format!("{}themes/{id}", door.base_url), id.to_string());
    };
    let iri = if theme.iri.contains(':') { theme.iri.clone() } else { format!("{}themes/{id}", door.base_url) };
    (iri, clean(theme.label(l.lang())))
}
