//! `/opml`: the list of feeds (OPML 2.0), for readers that subscribe to many at once.

use super::{Door, answer, xml};
use crate::labels::{Labels, Value};
use crate::model::Lang;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use quick_xml::escape::escape;

/// The combined feed, then one folder for members and one for themes.
pub async fn show(State(door): State<Door>, uri: Uri, headers: HeaderMap) -> Response {
    answer::document(&door, "opml", "text/x-opml; charset=utf-8", &uri, &headers, |door, tick| {
        let l = Labels::get(Lang::FR);
        let site = door.config.settings.server.title.as_str();
        let base = &door.base_url;
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head>");
        let changed = super::atom::fixed(tick.at).to_rfc2822();
        out.push_str(&format!("<title>{}</title><dateModified>{changed}</dateModified></head>\n<body>\n", text(site)));
        let all = l.with("feed-of-all", &[("site", Value::from(site))]);
        out.push_str(&outline(&all, &format!("{base}feed.atom"), base));
        out.push_str(&format!("<outline text=\"{}\">\n", text(&l.text("filter-member"))));
        for member in &door.config.members {
            let name = l.with("feed-of-member", &[("member", Value::from(member.name()))]);
            out.push_str(&outline(
                &name,
                &format!("{base}fr/search.atom?member={}", member.id),
                &format!("{base}fr/members/{}", member.id),
            ));
        }
        out.push_str(&format!("</outline>\n<outline text=\"{}\">\n", text(&l.text("filter-theme"))));
        for theme in door.config.vocabulary.themes() {
            let name = l.with("feed-of-theme", &[("theme", Value::from(theme.label(Lang::FR)))]);
            out.push_str(&outline(
                &name,
                &format!("{base}fr/search.atom?theme={}", theme.id),
                &format!("{base}fr/themes/{}", theme.id),
            ));
        }
        out.push_str("</outline>\n</body>\n</opml>\n");
        Ok(out)
    })
    .await
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
