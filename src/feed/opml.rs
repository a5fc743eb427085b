//! `/opml`: the list of feeds (OPML 2.0), for readers that subscribe to many at once.

use super::build::BuildError;
use super::{Desk, Door, answer, xml};
use crate::labels::{Labels, Value};
use crate::model::{Kind, Lang};
use crate::search::Query;
use crate::store::Tick;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use quick_xml::escape::escape;
use std::sync::Arc;

/// The combined feed and that of corrections, then one folder for each filter that has a list.
pub async fn show(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap) -> Response {
    answer::document(&desk, "opml", "text/x-opml; charset=utf-8", &uri, &headers, |door, tick| {
        Ok(answer::Document { body: list(door, tick)?, next: None })
    })
    .await
}

fn list(door: &Door, tick: Tick) -> Result<String, BuildError> {
    let l = Labels::get(Lang::FR);
    let site = door.config.settings.server.title.as_str();
    let base = &door.base_url;
    let changed = super::atom::fixed(tick.at).to_rfc2822();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n\
         <head><title>{}</title><dateModified>{changed}</dateModified></head>\n<body>\n",
        text(site)
    );
    let all = l.with("feed-of-all", &[("site", Value::from(site))]);
    out.push_str(&outline(&all, &format!("{base}feed.atom"), &format!("{base}fr/")));
    let corrections = format!("{site} – {}", l.text("footer-corrections"));
    out.push_str(&outline(&corrections, &format!("{base}corrections.atom"), &format!("{base}fr/feeds")));
    for (filter, values) in folders(door, l)? {
        out.push_str(&format!("<outline text=\"{}\">\n", text(&l.text(filter.1))));
        for (value, name) in values {
            let query = format!("{}={value}", filter.0);
            let (feed, page) = (format!("{base}fr/search.atom?{query}"), format!("{base}fr/search?{query}"));
            out.push_str(&outline(&format!("{site} – {name}"), &feed, &page));
        }
        out.push_str("</outline>\n");
    }
    out.push_str("</body>\n</opml>\n");
    Ok(out)
}

/// Parameter and label of a filter, and each of its values with its name.
type Folder = ((&'static str, &'static str), Vec<(String, String)>);

/// Members and themes as configured; countries and languages that releases are about or in.
fn folders(door: &Door, l: &'static Labels) -> Result<[Folder; 5], BuildError> {
    let counted = Query { limit: 0, facets: vec!["country", "lang"], highlight: false, ..Query::default() };
    let facets = door.engine.search(&counted)?.facets;
    let values = |name: &str| {
        let found = facets.iter().find(|facet| facet.name == name);
        let mut values: Vec<String> =
            found.iter().flat_map(|facet| &facet.values).map(|value| value.value.clone()).collect();
        values.sort_unstable();
        values
    };
    let members = door.config.members.iter().map(|member| (member.id.to_string(), member.name().to_owned()));
    let themes = door.config.vocabulary.themes().iter();
    let themes = themes.map(|theme| (theme.id.to_string(), theme.label(Lang::FR).to_owned()));
    let country = |id: String| (id.clone(), l.country(&id).unwrap_or(&id).to_owned());
    let language = |id: String| (id.clone(), id.parse().map_or(id, |lang| l.language(lang)));
    let kinds = Kind::ITEMS.iter().map(|kind| (kind.to_string(), l.kind(*kind).into_owned()));
    Ok([
        (("member", "filter-member"), members.collect()),
        (("theme", "filter-theme"), themes.collect()),
        (("country", "filter-country"), values("country").into_iter().map(country).collect()),
        (("lang", "filter-lang"), values("lang").into_iter().map(language).collect()),
        (("kind", "filter-kind"), kinds.collect()),
    ])
}

fn text(words: &str) -> String {
    escape(xml::clean(words).as_ref()).into_owned()
}

fn outline(name: &str, feed: &str, page: &str) -> String {
    let name = text(name);
    format!(
        "<outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{}\" htmlUrl=\"{}\"/>\n",
        text(feed),
        text(page)
    )
}
