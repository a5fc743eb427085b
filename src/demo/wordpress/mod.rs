//! The first site: WordPress with Divi and a translation layer, as far as a crawler can tell.
//!
//! `sites/action-education/<blog>/*.md` are its posts and pages. A file of a translated blog (`en`) has the name of
//! its original and takes from it what it does not say itself: id, dates, terms, pictures.

mod html;
mod read;
mod rest;
mod xml;

use super::{
    DemoError, bundle,
    content::{Homes, Page},
    reply::{Reply, Request},
    template::{self, Values},
};
use jiff::civil::DateTime;
use std::collections::HashMap;

const FOLDER: &str = "sites/action-education";
const PER_PAGE: usize = 10;

/// A blog of the network: its folder, its path, and whose translation it is.
struct Blog {
    folder: &'static str,
    path: &'static str,
    locale: &'static str,
    of: Option<&'static str>,
    name: &'static str,
}

/// Every blog; the longest path comes first, so that the first match is the right one.
const BLOGS: &[Blog] = &[
    Blog { folder: "ch-en", path: "/ch/en/", locale: "en-US", of: Some("ch"), name: "Action Education Suisse" },
    Blog { folder: "ch", path: "/ch/", locale: "fr-FR", of: None, name: "Action Education Suisse" },
    Blog { folder: "sea", path: "/sea/", locale: "en-US", of: None, name: "Action Education South East Asia" },
    Blog { folder: "sa", path: "/sa/", locale: "en-US", of: None, name: "Action Education South Asia" },
    Blog { folder: "en", path: "/en/", locale: "en-US", of: Some("fr"), name: "Action Education" },
    Blog { folder: "fr", path: "/", locale: "fr-FR", of: None, name: "Action Education" },
];

impl Blog {
    fn lang(&self) -> &'static str {
        &self.locale[..2]
    }

    /// The same blog in the other language.
    fn other(&self) -> Option<&'static Blog> {
        BLOGS.iter().find(|blog| Some(blog.folder) == self.of || blog.of == Some(self.folder))
    }
}

/// A category or tag.
struct Term {
    id: u64,
    taxonomy: &'static str,
    slug: &'static str,
    fr: &'static str,
    en: &'static str,
}

impl Term {
    fn name(&self, blog: &Blog) -> &'static str {
        if blog.lang() == "fr" { self.fr } else { self.en }
    }

    fn path(&self, blog: &Blog) -> String {
        let base = if self.taxonomy == "category" { "category" } else { "tag" };
        format!("{}{base}/{}/", blog.path, self.slug)
    }
}

/// A file of the media library; its page lies below the post that it belongs to.
struct Medium {
    id: u64,
    slug: String,
    file: &'static str,
    label: &'static str,
}

impl Medium {
    fn mime(&self) -> &'static str {
        if self.file.ends_with(".pdf") { "application/pdf" } else { "image/jpeg" }
    }
}

/// A post or page in one language.
struct Post {
    page: Page,
    original: Option<Page>,
    blog: &'static Blog,
    path: String,
    /// Title, as HTML.
    title: String,
    /// Text, as HTML.
    content: String,
    media: Vec<Medium>,
}

impl Post {
    fn get(&self, key: &str) -> &'static str {
        let own = self.page.get(key);
        self.original.as_ref().filter(|_| own.is_empty()).map_or(own, |original| original.get(key))
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &'static str> {
        self.get(key).split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    fn id(&self) -> u64 {
        self.get("id").parse().unwrap_or_default()
    }

    fn date(&self) -> DateTime {
        self.original.as_ref().filter(|_| self.page.get("date").is_empty()).unwrap_or(&self.page).date()
    }

    fn modified(&self) -> DateTime {
        let newest = self.original.as_ref().map_or(self.page.modified(), |original| original.modified());
        newest.max(self.page.modified()).max(self.date())
    }

    fn is_post(&self) -> bool {
        self.get("type") != "page"
    }

    fn is(&self, flag: &str) -> bool {
        self.page.is(flag)
    }

    /// Whether feeds, sitemaps, archives and REST name it; an address that nothing names still answers.
    fn is_listed(&self) -> bool {
        !self.is("unlisted")
    }
}

/// The site, read once.
pub(super) struct Wordpress {
    homes: Homes,
    /// Newest first.
    posts: Vec<Post>,
    by_path: HashMap<String, usize>,
    terms: Vec<Term>,
    labels: HashMap<&'static str, Values>,
}

impl Wordpress {
    /// Reads all files of the site.
    pub fn read(homes: &Homes) -> Result<Self, DemoError> {
        let labels = HashMap::from([
            ("fr", template::labels(bundle::text(&format!("{FOLDER}/labels/fr.txt"))?)),
            ("en", template::labels(bundle::text(&format!("{FOLDER}/labels/en.txt"))?)),
        ]);
        let mut posts = Vec::new();
        for blog in BLOGS {
            for (path, text) in bundle::texts(&format!("{FOLDER}/{}/", blog.folder))? {
                posts.push(read::read_post(homes, blog, path, text)?);
            }
        }
        posts.sort_by_key(|post| std::cmp::Reverse((post.date(), post.id())));
        let by_path = posts.iter().enumerate().map(|(at, post)| (post.path.clone(), at)).collect();
        Ok(Self { homes: homes.clone(), posts, by_path, terms: read::read_terms()?, labels })
    }

    /// Answers one request.
    pub fn answer(&self, request: &Request) -> Reply {
        if request.host.starts_with("france.aide-et-action.") {
            return self.old_host(&request.path);
        }
        let path = request.path.as_str();
        if let Some(file) = path.strip_prefix("/wp-content/") {
            return self.file(file);
        }
        if path == "/robots.txt" {
            return Reply::ok("text/plain; charset=utf-8", self.homes.fill(ROBOTS));
        }
        let slashed = format!("{path}/");
        let Some(blog) = BLOGS.iter().find(|blog| path.starts_with(blog.path) || slashed == blog.path) else {
            return Reply::ok("text/plain", "").status(400);
        };
        if let Some(moved) = self.short_link(blog, request) {
            return moved;
        }
        let rest = path.strip_prefix(blog.path).unwrap_or_default();
        let asked = request.parameter("rest_route").filter(|_| rest.is_empty());
        if let Some(route) = asked.or_else(|| rest.strip_prefix("wp-json")) {
            return self.rest(blog, route.trim_matches('/'), request);
        }
        if let Some(reply) = self.xml(blog, rest, request) {
            return reply;
        }
        if !path.ends_with('/') {
            return match self.page_at(blog, &slashed) {
                Some(_) => Reply::moved(format!("{}{slashed}", self.homes.action_education)),
                None => self.not_found(blog),
            };
        }
        self.page_at(blog, path).unwrap_or_else(|| self.not_found(blog))
    }

    /// Addresses of the time before the organisation took its new name.
    fn old_host(&self, path: &str) -> Reply {
        let slug = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let now = match slug {
            "alliance-education" => "communique-aide-et-action-et-solidarite-laique-creent-l-alliance-education/",
            _ => "",
        };
        Reply::moved(format!("{}/{now}", self.homes.action_education))
    }

    /// `?p=N` and `?page_id=N`.
    fn short_link(&self, blog: &Blog, request: &Request) -> Option<Reply> {
        if request.path != blog.path {
            return None;
        }
        let id: u64 = request.parameter("p").or_else(|| request.parameter("page_id"))?.parse().ok()?;
        let found = self.posts.iter().find(|post| post.id() == id && post.blog.folder == blog.folder);
        Some(match found {
            Some(post) => Reply::moved(format!("{}{}", self.homes.action_education, post.path)),
            None => self.not_found(blog),
        })
    }

    fn file(&self, path: &str) -> Reply {
        let name = path.rsplit('/').next().unwrap_or_default();
        let exact = bundle::bytes(&format!("{FOLDER}/files/{name}"));
        if name.ends_with(".css") {
            return exact.map_or(Reply::ok("text/plain", "").status(404), |bytes| Reply::ok("text/css", bytes));
        }
        let known = self.posts.iter().flat_map(|post| &post.media).any(|medium| medium.file == name);
        if let Some(bytes) = exact.filter(|_| name.ends_with(".pdf")) {
            return Reply::ok("application/pdf", bytes);
        }
        let number = name.bytes().map(usize::from).sum::<usize>() % 6 + 1;
        match bundle::bytes(&format!("sites/pictures/{number}.jpg")) {
            Some(picture) if known => Reply::ok("image/jpeg", picture),
            _ => Reply::ok("text/plain", "").status(404),
        }
    }

    /// Posts of a blog that lists name, newest first.
    fn listed<'a>(&'a self, blog: &'a Blog) -> impl Iterator<Item = &'a Post> {
        self.posts.iter().filter(|post| post.blog.folder == blog.folder && post.is_post() && post.is_listed())
    }

    /// The same post in the other language.
    fn translation(&self, post: &Post) -> Option<&Post> {
        let other = post.blog.other()?;
        self.posts.iter().find(|known| known.blog.folder == other.folder && known.page.stem == post.page.stem)
    }

    fn terms<'a>(&'a self, post: &'a Post, taxonomy: &'a str) -> impl Iterator<Item = &'a Term> {
        let key = if taxonomy == "category" { "categories" } else { "tags" };
        post.list(key)
            .filter_map(move |slug| self.terms.iter().find(|term| term.taxonomy == taxonomy && term.slug == slug))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.homes.action_education)
    }

    fn file_url(&self, post: &Post, medium: &Medium) -> String {
        let date = post.date();
        self.url(&format!("/wp-content/uploads/{}/{:02}/{}", date.year(), date.month(), medium.file))
    }
}

const ROBOTS: &str =
    "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {{ae}}/wp-sitemap.xml\n";

/// Every path that the site answers with a page of its own, for the walk of the tests.
#[cfg(test)]
impl Wordpress {
    pub(in crate::demo) fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = BLOGS.iter().map(|blog| blog.path.to_owned()).collect();
        for post in &self.posts {
            paths.push(post.path.clone());
            paths.extend(post.media.iter().map(|medium| format!("{}{}/", post.path, medium.slug)));
        }
        paths
    }
}
