//! Pages: post, attachment, home, archives.

use super::{Blog, FOLDER, Medium, PER_PAGE, Post, Wordpress};
use crate::demo::{
    bundle,
    content::{french_day, instant, lead},
    markup::escaped,
    reply::Reply,
    template::{Values, fill},
};
use jiff::civil::DateTime;

impl Wordpress {
    /// The page at a path with a final slash.
    pub(super) fn page_at(&self, blog: &Blog, path: &str) -> Option<Reply> {
        if let Some(&at) = self.by_path.get(path) {
            return Some(self.post(&self.posts[at], None));
        }
        if path == blog.path && blog.folder != "sea" && blog.folder != "sa" {
            return Some(self.home(blog));
        }
        let (parent, slug) = path.trim_end_matches('/').rsplit_once('/')?;
        if let Some(&at) = self.by_path.get(&format!("{parent}/")) {
            let post = &self.posts[at];
            if let Some(medium) = post.media.iter().find(|medium| medium.slug == slug) {
                return Some(self.post(post, Some(medium)));
            }
        }
        self.archive(blog, path)
    }

    /// A post or page; with a medium, the attachment page that repeats it.
    fn post(&self, post: &Post, medium: Option<&Medium>) -> Reply {
        let mut values = self.values(post.blog);
        let path = medium.map_or(post.path.clone(), |medium| format!("{}{}/", post.path, medium.slug));
        self.head(&mut values, post, &path, medium);
        values.insert("title", post.title.clone());
        values.insert("date", shown_date(post.blog, post.date()));
        values.insert("terms", self.term_links(post));
        values.insert("figure", self.figure(post, medium));
        values.insert("content", format!("{}{}", post.content, self.download(post)));
        values.insert("related", if post.is_post() { self.related(post) } else { String::new() });
        values.insert("link", self.url(&path));
        let template = if post.is_post() { "post" } else { "page" };
        values.insert("main", filled(template, &values));
        let api = if post.is_post() { "posts" } else { "pages" };
        let api = format!("{}wp-json/wp/v2/{api}/{}", self.url(post.blog.path), post.id());
        self.page(post.blog, &values)
            .with("link", format!("<{api}>; rel=\"alternate\"; title=\"JSON\"; type=\"application/json\""))
            .with("link", format!("<{}?p={}>; rel=shortlink", self.url(post.blog.path), post.id()))
    }

    fn home(&self, blog: &Blog) -> Reply {
        let mut values = self.values(blog);
        values.insert("head_title", blog.name.to_owned());
        values.insert("canonical", self.url(blog.path));
        values.insert("body_class", "home page-template-default page".to_owned());
        if let Some(other) = blog.other() {
            self.languages(&mut values, (blog, blog.path), (other, other.path));
        }
        let newest: Vec<&Post> = self.listed(blog).take(6).collect();
        values.insert("cards", self.cards(&newest));
        values.insert("main", filled("home", &values));
        self.page(blog, &values)
    }

    /// News, category, tag, year and month archives, with `page/N/`.
    fn archive(&self, blog: &Blog, path: &str) -> Option<Reply> {
        let rest = path.strip_prefix(blog.path)?;
        let (base, number) = match rest.split_once("page/") {
            Some((base, number)) => (base, number.trim_end_matches('/').parse::<usize>().ok().filter(|&n| n > 1)?),
            None => (rest, 1),
        };
        let (title, posts) = self.archived(blog, base.trim_end_matches('/'))?;
        let pages = posts.len().div_ceil(PER_PAGE);
        if number > pages.max(1) {
            return None;
        }
        let first = (number - 1) * PER_PAGE;
        let mut values = self.values(blog);
        values.insert("head_title", format!("{title} – {}", blog.name));
        values.insert("title", title);
        values.insert("canonical", self.url(path));
        values.insert("body_class", "archive blog et_pb_pagebuilder_layout".to_owned());
        values.insert("cards", self.cards(&posts[first..posts.len().min(first + PER_PAGE)]));
        values.insert("pager", self.pager(blog, base, number, pages));
        values.insert("main", filled("archive", &values));
        Some(self.page(blog, &values))
    }

    fn archived<'a>(&'a self, blog: &'a Blog, base: &str) -> Option<(String, Vec<&'a Post>)> {
        let label = |name: &str| self.labels[blog.lang()].get(name).cloned().unwrap_or_default();
        let parts: Vec<&str> = base.split('/').collect();
        let (title, posts): (String, Vec<&Post>) = match parts[..] {
            [""] => (blog.name.to_owned(), self.listed(blog).collect()),
            [news] if news == label("t_news_slug") => (label("t_news"), self.listed(blog).collect()),
            ["category" | "tag", slug] => {
                let taxonomy = if parts[0] == "tag" { "post_tag" } else { "category" };
                let term = self.terms.iter().find(|term| term.taxonomy == taxonomy && term.slug == slug)?;
                let has = |post: &&Post| self.terms(post, taxonomy).any(|known| known.id == term.id);
                (term.name(blog).to_owned(), self.listed(blog).filter(has).collect())
            }
            [year] | [year, _] => {
                let month: Option<i8> = parts.get(1).map(|month| month.parse()).transpose().ok()?;
                let year: i16 = year.parse().ok()?;
                let inside =
                    |post: &&Post| post.date().year() == year && month.is_none_or(|month| post.date().month() == month);
                (format!("Archives : {base}"), self.listed(blog).filter(inside).collect())
            }
            _ => return None,
        };
        let exists = !posts.is_empty() || matches!(parts[..], ["category" | "tag", _]);
        exists.then_some((title, posts))
    }

    fn pager(&self, blog: &Blog, base: &str, number: usize, pages: usize) -> String {
        let link = |number: usize, class: &str, text: &str| {
            let tail = if number == 1 { String::new() } else { format!("page/{number}/") };
            format!("<a class=\"{class}\" href=\"{}{base}{tail}\">{text}</a>", self.url(blog.path))
        };
        let labels = &self.labels[blog.lang()];
        let older = if number < pages { link(number + 1, "older", &labels["t_older"]) } else { String::new() };
        let newer = if number > 1 { link(number - 1, "newer", &labels["t_newer"]) } else { String::new() };
        format!("{older}{newer}")
    }

    pub(super) fn not_found(&self, blog: &Blog) -> Reply {
        let mut values = self.values(blog);
        values.insert("head_title", format!("404 – {}", blog.name));
        values.insert("robots", "noindex, follow".to_owned());
        values.insert("canonical", self.url(blog.path));
        values.insert("body_class", "error404".to_owned());
        values.insert("main", filled("not-found", &values));
        self.page(blog, &values).status(404)
    }

    /// Values that every page of a blog has.
    fn values(&self, blog: &Blog) -> Values {
        let mut values = self.labels[blog.lang()].clone();
        let empty = ["alternates", "meta", "switcher"];
        values.extend(empty.map(|name| (name, String::new())));
        values.insert("robots", "index, follow, max-image-preview:large".to_owned());
        values.insert("locale", blog.locale.to_owned());
        values.insert("site_name", blog.name.to_owned());
        values.insert("home", self.homes.action_education.clone());
        values.insert("blog", self.url(blog.path));
        let part = |name: &str| bundle::text(&format!("{FOLDER}/templates/{name}.{}.html", blog.lang()));
        values.insert("menu", self.homes.fill(part("menu").unwrap_or_default()));
        values.insert("footer", self.homes.fill(part("footer").unwrap_or_default()));
        values
    }

    /// Title, robots, canonical, languages, Open Graph and structured data of a post.
    fn head(&self, values: &mut Values, post: &Post, path: &str, medium: Option<&Medium>) {
        let (published, modified) = (instant(post.date()).to_string(), instant(post.modified()).to_string());
        values.insert("head_title", format!("{} – {}", post.title, post.blog.name));
        values.insert("canonical", self.url(path));
        if post.is("noindex") {
            values.insert("robots", "noindex, nofollow".to_owned());
        }
        let class = match (medium, post.is_post()) {
            (Some(medium), _) => format!("attachment attachmentid-{} single-attachment", medium.id),
            (None, true) => format!("post-template-default single single-post postid-{}", post.id()),
            (None, false) => format!("page-template-default page page-id-{}", post.id()),
        };
        values.insert("body_class", format!("{class} translatepress-{}", post.blog.locale.replace('-', "_")));
        if let Some(other) = self.translation(post).filter(|other| other.is_listed() || !post.is_listed()) {
            self.languages(values, (post.blog, &post.path), (other.blog, &other.path));
        }
        let mut meta = format!(
            "<meta property=\"og:type\" content=\"article\" />\n<meta property=\"og:title\" content=\"{}\" />\n\
             <meta property=\"og:url\" content=\"{}\" />\n",
            post.title,
            self.url(path)
        );
        if let Some(image) = post.media.iter().find(|medium| medium.mime() == "image/jpeg") {
            meta.push_str(&format!("<meta property=\"og:image\" content=\"{}\" />\n", self.file_url(post, image)));
        }
        if post.is_post() {
            meta.push_str(&format!(
                "<meta property=\"article:published_time\" content=\"{published}\" />\n\
                 <meta property=\"article:modified_time\" content=\"{modified}\" />\n"
            ));
            let graph = serde_json::json!({"@context": "https://schema.org", "@graph": [
                {"@type": "Article", "@id": format!("{}#article", self.url(path)), "headline": post.page.get("title"),
                 "datePublished": published, "dateModified": modified, "inLanguage": post.blog.locale},
                {"@type": "WebSite", "@id": format!("{}#website", self.url("/")), "name": post.blog.name}]});
            meta.push_str(&format!(
                "<script type=\"application/ld+json\" class=\"yoast-schema-graph\">{graph}</script>\n"
            ));
        }
        values.insert("meta", meta);
    }

    /// `hreflang` of a page and its translation, and the switcher between them.
    fn languages(&self, values: &mut Values, own: (&Blog, &str), other: (&Blog, &str)) {
        let line = |(blog, path): (&Blog, &str)| {
            format!("<link rel=\"alternate\" hreflang=\"{}\" href=\"{}\"/>\n", blog.locale, self.url(path))
        };
        values.insert("alternates", format!("{}{}", line(own), line(other)));
        let label = if other.0.lang() == "fr" { "Français" } else { "English" };
        let link = self.url(other.1);
        values.insert("switcher", format!("<a class=\"trp-ls-shortcode-language\" href=\"{link}\">{label}</a>"));
    }

    fn page(&self, blog: &Blog, values: &Values) -> Reply {
        let api = format!("<{}wp-json/>; rel=\"https://api.w.org/\"", self.url(blog.path));
        Reply::html(filled("layout", values)).with("link", api)
    }

    /// The picture above the text. Where the author chose so, it links to its attachment page.
    fn figure(&self, post: &Post, medium: Option<&Medium>) -> String {
        let image = medium.or(post.media.first()).filter(|medium| medium.mime() == "image/jpeg");
        let Some(image) = image else { return String::new() };
        let picture = format!(
            "<img decoding=\"async\" width=\"1080\" height=\"607\" src=\"{}\" alt=\"{}\" class=\"wp-image-{}\" />",
            self.file_url(post, image),
            escaped(image.label),
            image.id
        );
        if post.is("linked-image") && medium.is_none() {
            return format!("<a href=\"{}{}/\">{picture}</a>", self.url(&post.path), image.slug);
        }
        picture
    }

    fn download(&self, post: &Post) -> String {
        let Some(pdf) = post.media.iter().find(|medium| medium.mime() == "application/pdf") else {
            return String::new();
        };
        let (url, label) = (self.file_url(post, pdf), escaped(pdf.label));
        format!("<div class=\"et_pb_button_module_wrapper\"><a class=\"et_pb_button\" href=\"{url}\">{label}</a></div>")
    }

    fn term_links(&self, post: &Post) -> String {
        let links: Vec<String> = self
            .terms(post, "category")
            .map(|term| {
                let (url, name) = (self.url(&term.path(post.blog)), escaped(term.name(post.blog)));
                format!("<a href=\"{url}\" rel=\"category tag\">{name}</a>")
            })
            .collect();
        links.join(", ")
    }

    /// The newest three posts that share a category, whatever their age: so an old page changes with every new one.
    fn related(&self, post: &Post) -> String {
        let shares = |other: &&Post| {
            other.path != post.path
                && self
                    .terms(other, "category")
                    .any(|term| term.slug != "actualites" && self.terms(post, "category").any(|own| own.id == term.id))
        };
        let others: Vec<&Post> = self.listed(post.blog).filter(shares).take(3).collect();
        if others.is_empty() {
            return String::new();
        }
        let mut values = self.values(post.blog);
        values.insert("cards", self.cards(&others));
        filled("related", &values)
    }

    fn cards(&self, posts: &[&Post]) -> String {
        let mut out = String::new();
        for post in posts {
            let mut values = self.values(post.blog);
            values.insert("title", post.title.clone());
            values.insert("link", self.url(&post.path));
            values.insert("id", post.id().to_string());
            values.insert("date", shown_date(post.blog, post.date()));
            values.insert("terms", self.term_links(post));
            values.insert("figure", self.figure(post, None));
            values.insert("excerpt", self.excerpt(post));
            out.push_str(&filled("card", &values));
        }
        out
    }

    pub(super) fn excerpt(&self, post: &Post) -> String {
        if post.is("protected") {
            return self.labels[post.blog.lang()]["t_no_excerpt"].clone();
        }
        lead(&post.content, 55)
    }
}

fn filled(template: &str, values: &Values) -> String {
    fill(bundle::text(&format!("{FOLDER}/templates/{template}.html")).unwrap_or_default(), values)
}

/// The day as the theme prints it. The South-East Asian blog was set up by a French administrator.
fn shown_date(blog: &Blog, date: DateTime) -> String {
    if blog.lang() == "fr" || blog.folder == "sea" {
        return french_day(date);
    }
    date.strftime("%-d %B %Y").to_string()
}
