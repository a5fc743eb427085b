//! What the page says to machines: schema.org values as JSON-LD.

use super::{Door, frame::Frame, release::is_web};
use crate::model::{Member, Release, ReleaseId, Theme};
use serde_json::{Value, json};

/// JSON that may stand in a script element: nothing in it can end the element or start a comment.
pub(super) fn script(value: &Value) -> String {
    let mut text = value.to_string();
    for (from, to) in
        [("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029")]
    {
        text = text.replace(from, to);
    }
    text
}

/// The newsroom with its search, for the home page.
pub(super) fn site(frame: &Frame) -> String {
    let template = frame.published("/search?q={words}");
    script(&json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": frame.site,
        "url": frame.canonical(),
        "inLanguage": frame.lang().as_str(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": template },
            "query-input": "required name=words",
        },
    }))
}

/// A page of the kind `page_type` (`CollectionPage`, `WebPage`) without more to say.
pub(super) fn page(frame: &Frame, page_type: &str) -> String {
    script(&json!({
        "@context": "https://schema.org",
        "@type": page_type,
        "name": frame.title,
        "url": frame.canonical(),
        "inLanguage": frame.lang().as_str(),
        "isPartOf": { "@type": "WebSite", "name": frame.site },
    }))
}

/// A list of releases: title and id of each.
pub(super) fn results(frame: &Frame, items: &[(&str, &ReleaseId)]) -> String {
    let home = frame.published("/");
    let items: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(at, (title, id))| json!({ "@type": "ListItem", "position": at + 1, "name": title, "url": format!("{home}r/{id}") }))
        .collect();
    script(&json!({
        "@context": "https://schema.org",
        "@type": "SearchResultsPage",
        "name": frame.title,
        "url": frame.canonical(),
        "inLanguage": frame.lang().as_str(),
        "mainEntity": { "@type": "ItemList", "itemListElement": items },
    }))
}

/// A release as a `NewsArticle`.
pub(super) fn article(door: &Door, release: &Release, url: &str) -> Value {
    let organisation = |member: &crate::model::MemberRef| {
        let home = door.member(member.id.as_str()).map(|member| member.home.clone());
        json!({ "@type": "Organization", "name": member.name, "url": home })
    };
    let members: Vec<Value> = release.members.iter().map(organisation).collect();
    let newsroom =
        json!({ "@type": "Organization", "name": door.config.settings.server.title, "url": door.base_url.as_ref() });
    let publisher = members.first().cloned().unwrap_or_else(|| newsroom.clone());
    let about: Vec<Value> = release
        .themes
        .iter()
        .filter_map(|tag| Some((door.theme_name(release.lang, &tag.id)?, door.url(&format!("themes/{}", tag.id)))))
        .map(|(name, id)| json!({ "@type": "DefinedTerm", "@id": id, "name": name }))
        .collect();
    let l = crate::labels::Labels::get(release.lang);
    let places: Vec<Value> = release
        .countries
        .iter()
        .filter_map(|place| l.country(&place.id))
        .map(|name| json!({ "@type": "Country", "name": name }))
        .collect();
    // The summary is that of the lead, and of no use under the title of a translation.
    let own_words = release.publications.first().is_none_or(|lead| lead.lang == release.lang);
    let same: Vec<&str> =
        release.publications.iter().map(|publication| publication.url.as_str()).filter(|url| is_web(url)).collect();
    json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": door.url(&format!("r/{}", release.id)),
        "mainEntityOfPage": url,
        "headline": release.title,
        "description": own_words.then_some(release.summary.as_str()),
        "inLanguage": release.lang.as_str(),
        "datePublished": release.published.map(|date| date.to_string()),
        "dateModified": release.updated.to_string(),
        "author": if members.is_empty() { vec![newsroom] } else { members },
        "publisher": publisher,
        "about": about,
        "spatialCoverage": places,
        "sameAs": same,
        "image": release.image.as_ref().map(|image| image.url.as_str()),
        "isAccessibleForFree": true,
    })
}

/// A member as an organisation.
pub(super) fn member(member: &Member) -> String {
    let former: Vec<&str> = member.names.iter().rev().skip(1).map(|name| name.name.as_str()).collect();
    script(&json!({
        "@context": "https://schema.org",
        "@type": "NGO",
        "name": member.name(),
        "alternateName": former,
        "url": member.home,
    }))
}

/// A theme as a term of the vocabulary.
pub(super) fn theme(door: &Door, frame: &Frame, theme: &Theme) -> String {
    script(&json!({
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": door.theme_iri(theme),
        "name": theme.label(frame.lang()),
        "description": theme.note(frame.lang()),
        "url": frame.canonical(),
        "inDefinedTermSet": door.url("themes.ttl"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_can_end_its_element() {
        let text = script(&json!({ "a": "</script><!--<script>&\u{2028}" }));
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["a"], "</script><!--<script>&\u{2028}");
    }
}
