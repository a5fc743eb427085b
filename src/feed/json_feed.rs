//! JSON Feed 1.1.

use super::entry::{Channel, Entry};
use super::{WriteError, atom::fixed_in};
use crate::model::Attachment;
use serde_json::{Map, Value, json};

/// Writes the document.
pub fn write(channel: &Channel) -> Result<String, WriteError> {
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.own,
        "description": channel.description,
        "language": channel.lang.to_string(),
        "icon": channel.logo,
        "authors": [{"name": channel.publisher, "url": channel.home}],
        "items": channel.entries.iter().map(|entry| item(entry, channel)).collect::<Vec<_>>(),
    });
    if let (Some(next), Some(map)) = (&channel.next, feed.as_object_mut()) {
        map.insert("next_url".to_owned(), json!(next));
    }
    serde_json::to_string(&feed).map_err(|error| WriteError(error.to_string()))
}

fn item(entry: &Entry, channel: &Channel) -> Value {
    let author = |(name, home): &(String, String)| match home.is_empty() {
        true => json!({"name": name}),
        false => json!({"name": name, "url": home}),
    };
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        item.insert(key.to_owned(), value);
    };
    put("id", json!(entry.id));
    put("url", json!(entry.link));
    put("title", json!(entry.title));
    match entry.html.is_empty() {
        // An item must have content: the summary is all there is.
        true => put("content_text", json!(if entry.summary.is_empty() { &entry.title } else { &entry.summary })),
        false => put("content_html", json!(entry.html)),
    }
    if !entry.summary.is_empty() {
        put("summary", json!(entry.summary));
    }
    if let Some(image) = entry.image.as_ref().filter(|image| !image.url.is_empty()) {
        put("image", json!(image.url));
    }
    put("date_published", json!(fixed_in(entry.published, entry).to_rfc3339()));
    put("date_modified", json!(fixed_in(entry.updated, entry).to_rfc3339()));
    put("authors", json!(entry.authors.iter().map(author).collect::<Vec<_>>()));
    let tags = std::iter::once(&entry.kind.1).chain(entry.themes.iter().map(|(_, label)| label));
    put("tags", json!(tags.collect::<Vec<_>>()));
    put("language", json!(entry.lang.to_string()));
    // Readers tell the size before they load a file; those of unknown size are linked in the content alone.
    let files: Vec<Value> = entry.attachments.iter().filter_map(attachment).collect();
    if !files.is_empty() {
        put("attachments", json!(files));
    }
    put(
        "_communique",
        json!({
            "about": format!("{}api", channel.home),
            "kind": entry.kind.0.to_string(),
            "page": entry.page,
            "versions": entry.versions.iter().map(|(url, lang, title)| json!({"url": url, "language": lang.to_string(), "title": title})).collect::<Vec<_>>(),
        }),
    );
    Value::Object(item)
}

fn attachment(file: &Attachment) -> Option<Value> {
    let mut attachment = Map::new();
    attachment.insert("url".to_owned(), json!(file.url));
    attachment.insert("mime_type".to_owned(), json!(file.media_type));
    if !file.title.is_empty() {
        attachment.insert("title".to_owned(), json!(file.title));
    }
    attachment.insert("size_in_bytes".to_owned(), json!(file.bytes?));
    Some(Value::Object(attachment))
}
