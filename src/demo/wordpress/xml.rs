//! Feeds (`feed/`, `?paged=N`, 404 after the last page) and sitemaps (`wp-sitemap.xml`).

use super::{BLOGS, Blog, PER_PAGE, Post, Wordpress};
use crate::demo::{
    content::instant,
    markup::escaped,
    reply::{Reply, Request},
};

impl Wordpress {
    /// The feed or sitemap at a path below the blog's, if there is one.
    pub(super) fn xml(&self, blog: &Blog, rest: &str, request: &Request) -> Option<Reply> {
        match rest.trim_end_matches('/') {
            "feed" => Some(self.feed(blog, request)),
            "comments/feed" => Some(Reply::ok(RSS, self.channel(blog, ""))),
            "wp-sitemap.xml" if blog.of.is_none() => Some(self.sitemap_index(blog)),
            "wp-sitemap-posts-post-1.xml" if blog.of.is_none() => Some(self.sitemap(blog, true)),
            "wp-sitemap-posts-page-1.xml" if blog.of.is_none() => Some(self.sitemap(blog, false)),
            _ => None,
        }
    }

    fn feed(&self, blog: &Blog, request: &Request) -> Reply {
        let newest = self.posts.iter().map(|post| instant(post.modified())).max().unwrap_or_default();
        let etag = format!("\"{:x}\"", newest.as_second());
        let posts: Vec<&Post> = self.listed(blog).collect();
        let page = request.parameter("paged").and_then(|text| text.parse().ok()).unwrap_or(1usize).max(1);
        if page > posts.len().div_ceil(PER_PAGE).max(1) {
            return self.not_found(blog).with("etag", etag);
        }
        if request.if_none_match == etag {
            return Reply::ok(RSS, "").status(304).with("etag", etag);
        }
        let items: String =
            posts.into_iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).map(|post| self.item(post)).collect();
        let changed = newest.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        Reply::ok(RSS, self.channel(blog, &items)).with("etag", etag).with("last-modified", changed)
    }

    fn channel(&self, blog: &Blog, items: &str) -> String {
        let (name, url, locale) = (blog.name, self.url(blog.path), blog.locale);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"\n\
             \txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\
             \txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\
             \txmlns:atom=\"http://www.w3.org/2005/Atom\"\n\
             \txmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">\n<channel>\n\t<title>{name}</title>\n\
             \t<atom:link href=\"{url}feed/\" rel=\"self\" type=\"application/rss+xml\" />\n\t<link>{url}</link>\n\
             \t<description></description>\n\t<language>{locale}</language>\n\
             \t<sy:updatePeriod>hourly</sy:updatePeriod>\n\t<sy:updateFrequency>1</sy:updateFrequency>\n\
             \t<generator>https://wordpress.org/?v=6.6.2</generator>\n{items}</channel>\n</rss>\n"
        )
    }

    fn item(&self, post: &Post) -> String {
        let categories: String = self
            .terms(post, "category")
            .chain(self.terms(post, "post_tag"))
            .map(|term| format!("\t\t<category><![CDATA[{}]]></category>\n", term.name(post.blog)))
            .collect();
        format!(
            "<item>\n\t\t<title>{}</title>\n\t\t<link>{}</link>\n\t\t<dc:creator><![CDATA[Rédaction]]></dc:creator>\n\
             \t\t<pubDate>{}</pubDate>\n{categories}\t\t<guid isPermaLink=\"false\">{}/?p={}</guid>\n\
             \t\t<description><![CDATA[{}]]></description>\n\
             \t\t<content:encoded><![CDATA[{}]]></content:encoded>\n\t</item>\n",
            post.title.replace("&nbsp;", "&#160;"),
            self.url(&post.path),
            instant(post.date()).strftime("%a, %d %b %Y %H:%M:%S +0000"),
            self.homes.action_education,
            post.id(),
            self.excerpt(post),
            post.content,
        )
    }

    fn sitemap_index(&self, blog: &Blog) -> Reply {
        let lines: String = ["post", "page"]
            .iter()
            .map(|kind| format!("<sitemap><loc>{}wp-sitemap-posts-{kind}-1.xml</loc></sitemap>", self.url(blog.path)))
            .collect();
        sitemap_reply(&format!("<sitemapindex xmlns=\"{SITEMAP}\">{lines}</sitemapindex>"))
    }

    /// Posts or pages of a blog and of its translations.
    fn sitemap(&self, blog: &Blog, posts: bool) -> Reply {
        let family = |post: &&Post| post.blog.folder == blog.folder || post.blog.of == Some(blog.folder);
        let mut lines = String::new();
        if !posts {
            let homes = BLOGS.iter().filter(|known| known.folder == blog.folder || known.of == Some(blog.folder));
            lines.extend(homes.map(|blog| format!("<url><loc>{}</loc></url>", self.url(blog.path))));
        }
        for post in self.posts.iter().filter(family).filter(|post| post.is_post() == posts && post.is_listed()) {
            let (url, changed) = (escaped(&self.url(&post.path)), instant(post.modified()));
            let changed = changed.strftime("%Y-%m-%dT%H:%M:%S+00:00");
            lines.push_str(&format!("<url><loc>{url}</loc><lastmod>{changed}</lastmod></url>"));
        }
        sitemap_reply(&format!("<urlset xmlns=\"{SITEMAP}\">{lines}</urlset>"))
    }
}

const RSS: &str = "application/rss+xml; charset=UTF-8";
const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn sitemap_reply(xml: &str) -> Reply {
    Reply::ok("application/xml; charset=UTF-8", format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}"))
}
