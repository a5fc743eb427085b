//! The second site: made by hand, without API, feed or sitemap. Clean addresses; the same page answers with and
//! without final slash, with and without `www.`, and the home page answers whatever the query says.
//!
//! Where a page shows its day stands in `dated` of its file: `listing`, `published` (a line below the title), `footer`
//! (a line below the text), any of them, or none. A dateline is part of the text.

use super::{
    DemoError, bundle,
    content::{Homes, Page, french_day, lead},
    markup,
    reply::{Reply, Request},
    template::{Values, fill},
};
use std::collections::HashMap;

const FOLDER: &str = "sites/solidarite-laique";
const PER_PAGE: usize = 8;
const SECTIONS: [(&str, &str); 3] =
    [("informe", "Je m’informe"), ("je-milite", "Je milite"), ("pro/actualite", "Espace pro : actualité")];

struct Article {
    page: Page,
    /// Path without slashes at the ends.
    path: String,
    content: String,
}

impl Article {
    fn is_listed(&self) -> bool {
        !self.page.get("date").is_empty() && !self.page.is("unlisted")
    }

    /// The day, where the file says that it is shown there.
    fn day(&self, place: &str) -> String {
        if !self.page.list("dated").any(|known| known == place) {
            return String::new();
        }
        french_day(self.page.date())
    }
}

/// The site, read once.
pub(super) struct Plain {
    homes: Homes,
    /// Newest first.
    articles: Vec<Article>,
    by_path: HashMap<String, usize>,
}

impl Plain {
    /// Reads all files of the site.
    pub fn read(homes: &Homes) -> Result<Self, DemoError> {
        let blocks_path = format!("{FOLDER}/blocks/");
        let blocks = bundle::texts(&blocks_path)?;
        let mut articles = Vec::new();
        for (path, text) in bundle::texts(&format!("{FOLDER}/pages/"))? {
            let page = Page::read(path, text)?;
            let mut text = page.body.to_owned();
            for (path, block) in &blocks {
                let name = path.trim_start_matches(&blocks_path).trim_end_matches(".md");
                text = text.replace(&format!("{{{{{name}}}}}"), block.trim());
            }
            let content = markup::french(&markup::html(&homes.fill(&text)));
            let path = format!("{}/{}", page.get("section"), page.get("slug")).trim_matches('/').to_owned();
            articles.push(Article { page, path, content });
        }
        articles.sort_by_key(|article| std::cmp::Reverse(article.page.date()));
        let by_path = articles.iter().enumerate().map(|(at, article)| (article.path.clone(), at)).collect();
        Ok(Self { homes: homes.clone(), articles, by_path })
    }

    /// Answers one request.
    pub fn answer(&self, request: &Request) -> Reply {
        let path = request.path.trim_matches('/');
        match path {
            "robots.txt" => return Reply::ok("text/plain", "User-agent: *\nDisallow: /recherche\n"),
            "" => return self.short_link(request).unwrap_or_else(|| self.home()),
            "recherche" => return self.listing_page("Recherche", "recherche", &[], 1, 1),
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("je-minforme") {
            return Reply::moved(format!("{}/informe{rest}", self.homes.solidarite_laique));
        }
        if let Some(file) = path.strip_prefix("fichiers/") {
            return self.file(file);
        }
        if let Some(&at) = self.by_path.get(path) {
            return self.article(&self.articles[at]);
        }
        self.listing(path).unwrap_or_else(|| self.not_found())
    }

    /// `?p=N`: some of the old numbers are redirected, others answer with the page itself.
    fn short_link(&self, request: &Request) -> Option<Reply> {
        let number = request.parameter("p")?;
        let article = self.articles.iter().find(|article| article.page.get("short") == number)?;
        if article.page.is("short-answers") {
            return Some(self.article(article));
        }
        Some(Reply::moved(self.url(&article.path)))
    }

    fn article(&self, article: &Article) -> Reply {
        let mut values = self.values();
        let title = markup::french(&markup::escaped(article.page.get("title")));
        values.insert("head_title", format!("{title} | Solidarité Laïque"));
        values.insert("title", title);
        if !article.page.is("no-canonical") {
            values.insert("meta", format!("<link rel=\"canonical\" href=\"{}\">", self.url(&article.path)));
        }
        if article.page.is("noindex") {
            values.insert("meta", "<meta name=\"robots\" content=\"noindex\">".to_owned());
        }
        let line = |place: &str, before: &str, class: &str| match article.day(place) {
            day if day.is_empty() => String::new(),
            day => format!("<p class=\"{class}\">{before} {day}</p>"),
        };
        values.insert("published", line("published", "Publié le", "article__date"));
        values.insert("foot", line("footer", "Article mis en ligne par la rédaction le", "article__pied"));
        values.insert("lead", optional("<p class=\"article__chapo\">", &markup::french(article.page.get("lead"))));
        values.insert("figure", self.figure(article));
        values.insert("content", format!("{}{}", article.content, self.download(article)));
        let tags = article.page.list("tags").map(|tag| format!("<a href=\"/tag/{tag}\">{tag}</a>"));
        values.insert("tags", tags.collect::<Vec<_>>().join(" "));
        values.insert("section", self.section(article));
        values.insert("also", self.cards(&self.neighbours(article)));
        values.insert("main", filled(if article.is_listed() { "article" } else { "page" }, &values));
        Reply::html(filled("layout", &values))
    }

    fn section(&self, article: &Article) -> String {
        let slug = article.page.get("section");
        let name = SECTIONS.iter().find(|(known, _)| *known == slug).map_or("", |(_, name)| name);
        if name.is_empty() { String::new() } else { format!("<a href=\"/{slug}\">{name}</a>") }
    }

    /// The newest articles of the same section, whatever their age.
    fn neighbours<'a>(&'a self, article: &Article) -> Vec<&'a Article> {
        let same = |other: &&Article| {
            other.is_listed() && other.path != article.path && other.page.get("section") == article.page.get("section")
        };
        self.articles.iter().filter(same).take(2).collect()
    }

    fn home(&self) -> Reply {
        let newest: Vec<&Article> = self.articles.iter().filter(|article| article.is_listed()).take(6).collect();
        let mut values = self.values();
        values.insert("head_title", "Solidarité Laïque : agir pour l’éducation".to_owned());
        values.insert("cards", self.cards(&newest));
        values.insert("main", filled("home", &values));
        Reply::html(filled("layout", &values))
    }

    /// `informe`, `tag/france`, with `/page/N`.
    fn listing(&self, path: &str) -> Option<Reply> {
        let (base, number) = match path.split_once("/page/") {
            Some((base, number)) => (base, number.parse::<usize>().ok().filter(|&number| number > 0)?),
            None => (path, 1),
        };
        let listed = self.articles.iter().filter(|article| article.is_listed());
        let (title, found): (String, Vec<&Article>) = match base.strip_prefix("tag/") {
            Some(tag) => {
                (format!("Mot-clé : {tag}"), listed.filter(|a| a.page.list("tags").any(|known| known == tag)).collect())
            }
            None => {
                let (slug, name) = SECTIONS.iter().find(|(slug, _)| *slug == base)?;
                // Pages of the first scheme lie at the root; the section that replaced it still lists them.
                let section = |a: &&Article| match a.page.get("section") {
                    "" => *slug == "informe",
                    section => section == *slug,
                };
                ((*name).to_owned(), listed.filter(section).collect())
            }
        };
        let pages = found.len().div_ceil(PER_PAGE);
        if number > pages {
            return None;
        }
        let first = (number - 1) * PER_PAGE;
        Some(self.listing_page(&title, base, &found[first..found.len().min(first + PER_PAGE)], number, pages))
    }

    fn listing_page(&self, title: &str, base: &str, shown: &[&Article], number: usize, pages: usize) -> Reply {
        let mut values = self.values();
        values.insert("head_title", format!("{title} | Solidarité Laïque"));
        values.insert("title", title.to_owned());
        values.insert("cards", self.cards(shown));
        let link = |number: usize| match number {
            1 => format!("<a href=\"/{base}\">1</a>"),
            _ => format!("<a href=\"/{base}/page/{number}\">{number}</a>"),
        };
        let entry = |n: usize| if n == number { format!("<span>{n}</span>") } else { link(n) };
        values.insert("pager", (1..=pages).map(entry).collect::<Vec<_>>().join(" "));
        values.insert("main", filled("listing", &values));
        Reply::html(filled("layout", &values))
    }

    fn not_found(&self) -> Reply {
        let mut values = self.values();
        values.insert("head_title", "Page introuvable | Solidarité Laïque".to_owned());
        values.insert("main", filled("not-found", &values));
        Reply::html(filled("layout", &values)).status(404)
    }

    fn cards(&self, articles: &[&Article]) -> String {
        let mut out = String::new();
        for article in articles {
            let mut values = Values::new();
            values.insert("title", markup::french(&markup::escaped(article.page.get("title"))));
            values.insert("link", self.card_link(article));
            values.insert("day", optional("<span class=\"carte__date\">", &article.day("listing")));
            values.insert("lead", lead(&article.content, 45));
            out.push_str(&filled("card", &values));
        }
        out
    }

    /// Lists write addresses as their editors did: some with `www.` and a final slash.
    fn card_link(&self, article: &Article) -> String {
        if article.page.is("www") {
            return format!("{}/{}/", self.homes.solidarite_laique_www, article.path);
        }
        format!("/{}", article.path)
    }

    fn figure(&self, article: &Article) -> String {
        let (file, label) = article.page.get("image").split_once(" | ").unwrap_or((article.page.get("image"), ""));
        if file.is_empty() {
            return String::new();
        }
        let label = markup::escaped(label);
        format!("<figure><img src=\"/fichiers/{file}\" alt=\"\"><figcaption>{label}</figcaption></figure>")
    }

    fn download(&self, article: &Article) -> String {
        let Some((file, label)) = article.page.get("pdf").split_once(" | ") else { return String::new() };
        format!("<p class=\"telecharger\"><a href=\"/fichiers/{file}\">{label}</a></p>")
    }

    fn file(&self, name: &str) -> Reply {
        let exact = bundle::bytes(&format!("{FOLDER}/files/{name}"));
        let kind = if name.ends_with(".css") { "text/css" } else { "application/pdf" };
        if let Some(bytes) = exact {
            return Reply::ok(kind, bytes);
        }
        let known = self.articles.iter().any(|a| a.page.get("image").split(" | ").next() == Some(name));
        let number = name.bytes().map(usize::from).sum::<usize>() % 6 + 1;
        match bundle::bytes(&format!("sites/pictures/{number}.jpg")) {
            Some(picture) if known && name.ends_with(".jpg") => Reply::ok("image/jpeg", picture),
            _ => self.not_found(),
        }
    }

    fn values(&self) -> Values {
        Values::from([("meta", String::new()), ("home", self.homes.solidarite_laique.clone())])
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.homes.solidarite_laique)
    }
}

fn optional(tag: &str, inside: &str) -> String {
    let name = tag.trim_start_matches('<').split([' ', '>']).next().unwrap_or_default();
    if inside.is_empty() { String::new() } else { format!("{tag}{inside}</{name}>") }
}

fn filled(template: &str, values: &Values) -> String {
    fill(bundle::text(&format!("{FOLDER}/templates/{template}.html")).unwrap_or_default(), values)
}

#[cfg(test)]
impl Plain {
    /// Every article's path, with its first slash, for the walk of the tests.
    pub(super) fn paths(&self) -> Vec<String> {
        self.articles.iter().map(|article| format!("/{}", article.path)).collect()
    }
}
