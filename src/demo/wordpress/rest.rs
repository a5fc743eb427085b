//! `/wp-json/`: the REST interface, read only. Collections are lists of JSON values, and every parameter works on them.

use super::{Blog, Medium, Post, Wordpress};
use crate::demo::{
    content::instant,
    reply::{Reply, Request},
};
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

impl Wordpress {
    /// Answers `route`, for example `wp/v2/posts/12`, of a blog.
    pub(super) fn rest(&self, blog: &Blog, route: &str, request: &Request) -> Reply {
        let parts: Vec<&str> = route.split('/').collect();
        let items = match parts[..] {
            [""] => return json_reply(&self.index(blog)),
            ["wp", "v2", name, ..] if parts.len() <= 4 => self.collection(blog, name),
            _ => None,
        };
        let Some(items) = items else {
            return error(
                404,
                "rest_no_route",
                "Aucune route correspondant à l’URL et à la méthode de requête n’a été trouvée.",
            );
        };
        match parts.get(3) {
            None => list(items, request),
            Some(id) => match items.into_iter().find(|item| is_number(&item["id"], id)) {
                Some(item) => json_reply(&chosen(item, request)),
                None => error(404, "rest_post_invalid_id", "ID de publication non valide."),
            },
        }
    }

    fn index(&self, blog: &Blog) -> Value {
        json!({"name": blog.name, "description": "", "url": self.url(blog.path).trim_end_matches('/'),
               "home": self.url(blog.path).trim_end_matches('/'), "gmt_offset": "1", "timezone_string": "Europe/Paris",
               "namespaces": ["oembed/1.0", "wp/v2"], "authentication": []})
    }

    fn collection(&self, blog: &Blog, name: &str) -> Option<Vec<Value>> {
        let own = || self.posts.iter().filter(|post| post.blog.folder == blog.folder && post.is_listed());
        Some(match name {
            "posts" => own().filter(|post| post.is_post()).map(|post| self.post_value(post)).collect(),
            "pages" => own().filter(|post| !post.is_post()).map(|post| self.post_value(post)).collect(),
            "media" => {
                let own = self.posts.iter().filter(|post| post.blog.folder == blog.folder);
                own.flat_map(|post| post.media.iter().map(|medium| self.medium_value(post, medium))).collect()
            }
            "categories" => self.term_values(blog, "category"),
            "tags" => self.term_values(blog, "post_tag"),
            "users" => vec![json!({"id": 1, "name": "Rédaction", "url": "", "description": "", "slug": "redaction",
                "link": self.url("/author/redaction/")})],
            _ => return None,
        })
    }

    fn post_value(&self, post: &Post) -> Value {
        let kind = if post.is_post() { "post" } else { "page" };
        let ids = |taxonomy| self.terms(post, taxonomy).map(|term| term.id).collect::<Vec<_>>();
        let (protected, api) = (post.is("protected"), format!("{}wp-json/wp/v2/{kind}s", self.url(post.blog.path)));
        let mut value = json!({
            "id": post.id(),
            "date": local(post.date()), "date_gmt": gmt(post.date()),
            "guid": {"rendered": format!("{}/?p={}", self.homes.action_education, post.id())},
            "modified": local(post.modified()), "modified_gmt": gmt(post.modified()),
            "slug": post.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
            "status": "publish", "type": kind, "link": self.url(&post.path),
            "title": {"rendered": post.title},
            "content": {"rendered": if protected { "" } else { &post.content }, "protected": protected},
            "excerpt": {"rendered": if protected { String::new() } else { format!("<p>{}</p>\n", self.excerpt(post)) },
                        "protected": protected},
            "author": 1,
            "featured_media": post.media.first().filter(|medium| medium.mime() == "image/jpeg").map_or(0, |m| m.id),
            "comment_status": "closed", "ping_status": "closed", "template": "", "meta": {"_et_pb_use_builder": "on"},
            "_links": {"self": [{"href": format!("{api}/{}", post.id())}], "collection": [{"href": api}]},
        });
        if post.is_post() {
            value["sticky"] = json!(false);
            value["format"] = json!("standard");
            value["categories"] = json!(ids("category"));
            value["tags"] = json!(ids("post_tag"));
        }
        value
    }

    fn medium_value(&self, post: &Post, medium: &Medium) -> Value {
        json!({
            "id": medium.id, "date": local(post.date()), "date_gmt": gmt(post.date()),
            "modified": local(post.date()), "modified_gmt": gmt(post.date()),
            "slug": medium.slug, "status": "inherit", "type": "attachment",
            "link": self.url(&format!("{}{}/", post.path, medium.slug)),
            "title": {"rendered": medium.slug}, "author": 1, "post": post.id(),
            "caption": {"rendered": ""}, "alt_text": medium.label,
            "media_type": if medium.mime() == "image/jpeg" { "image" } else { "file" },
            "mime_type": medium.mime(), "source_url": self.file_url(post, medium),
        })
    }

    fn term_values(&self, blog: &Blog, taxonomy: &str) -> Vec<Value> {
        let terms = self.terms.iter().filter(|term| term.taxonomy == taxonomy);
        let value = |term: &super::Term| {
            let count = self.listed(blog).filter(|post| self.terms(post, taxonomy).any(|known| known.id == term.id));
            json!({"id": term.id, "count": count.count(), "description": "", "link": self.url(&term.path(blog)),
                   "name": term.name(blog), "slug": term.slug, "taxonomy": term.taxonomy, "parent": 0})
        };
        terms.map(value).collect()
    }
}

/// One page of a collection, as the parameters ask.
fn list(mut items: Vec<Value>, request: &Request) -> Reply {
    let number = |name: &str, default: usize| request.parameter(name).map_or(Some(default), |text| text.parse().ok());
    let (Some(per_page @ 1..=100), Some(page @ 1..)) = (number("per_page", 10), number("page", 1)) else {
        return error(400, "rest_invalid_param", "Paramètre(s) non valide(s) : per_page, page");
    };
    for (name, key, later) in [
        ("after", "date", true),
        ("before", "date", false),
        ("modified_after", "modified", true),
        ("modified_before", "modified", false),
    ] {
        if let Some(limit) = request.parameter(name) {
            items.retain(|item| is_beyond(item, key, limit, later));
        }
    }
    for name in ["slug", "include", "categories", "tags", "post", "parent"] {
        if let Some(wanted) = request.parameter(name) {
            let key = if name == "include" { "id" } else { name };
            items.retain(|item| wanted.split(',').any(|wanted| holds(&item[key], wanted)));
        }
    }
    let key = request.parameter("orderby").filter(|key| ["id", "modified", "slug"].contains(key)).unwrap_or("date");
    if request.parameter("orderby").is_some() {
        items.sort_by_key(|item| std::cmp::Reverse((item[key].as_u64(), item[key].as_str().map(str::to_owned))));
    }
    if request.parameter("order") == Some("asc") {
        items.reverse();
    }
    let (total, pages) = (items.len(), items.len().div_ceil(per_page));
    if page > pages.max(1) {
        return error(
            400,
            "rest_post_invalid_page_number",
            "Le numéro de page demandé est supérieur au nombre de pages disponibles.",
        );
    }
    let shown = items.into_iter().skip((page - 1) * per_page).take(per_page);
    json_reply(&Value::Array(shown.map(|item| chosen(item, request)).collect()))
        .with("x-wp-total", total.to_string())
        .with("x-wp-totalpages", pages.to_string())
}

/// Whether a date of an item lies on the asked side of a limit; a limit without zone is local time.
fn is_beyond(item: &Value, key: &str, limit: &str, later: bool) -> bool {
    let zoned = limit.parse::<jiff::Timestamp>().map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    let (value, limit) = match zoned {
        Ok(at) => (item[format!("{key}_gmt")].as_str().unwrap_or_default(), at),
        Err(_) => (item[key].as_str().unwrap_or_default(), limit.to_owned()),
    };
    if later { value > limit.as_str() } else { value < limit.as_str() }
}

fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Array(values) => values.iter().any(|value| is_number(value, wanted)),
        Value::String(text) => text == wanted,
        other => is_number(other, wanted),
    }
}

fn is_number(value: &Value, text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|number| value.as_u64() == Some(number))
}

/// An item cut down to `_fields`, where given; `title.rendered` asks for one part.
fn chosen(item: Value, request: &Request) -> Value {
    let Some(fields) = request.parameter("_fields") else { return item };
    let mut out = Map::new();
    for field in fields.split(',').map(str::trim) {
        match field.split_once('.') {
            Some((outer, inner)) if !item[outer][inner].is_null() => {
                let into = out.entry(outer).or_insert_with(|| json!({}));
                into[inner] = item[outer][inner].clone();
            }
            None if !item[field].is_null() => {
                out.insert(field.to_owned(), item[field].clone());
            }
            _ => {}
        }
    }
    Value::Object(out)
}

fn json_reply(value: &Value) -> Reply {
    Reply::ok("application/json; charset=UTF-8", value.to_string())
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    json_reply(&json!({"code": code, "message": message, "data": {"status": status}})).status(status)
}

fn local(date: DateTime) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn gmt(date: DateTime) -> String {
    instant(date).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
