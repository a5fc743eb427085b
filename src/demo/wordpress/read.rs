//! Content files become posts: text as this WordPress prints it, media, terms.

use super::{Blog, FOLDER, Medium, Post, Term};
use crate::demo::{
    DemoError, bundle,
    content::{Homes, Page},
    markup,
};

/// Reads one content file of a blog.
pub(super) fn read_post(
    homes: &Homes,
    blog: &'static Blog,
    path: &'static str,
    text: &'static str,
) -> Result<Post, DemoError> {
    let page = Page::read(path, text)?;
    let original = match blog.of {
        Some(folder) => {
            let path = path.replace(&format!("/{}/", blog.folder), &format!("/{folder}/"));
            let files = bundle::texts(&path)?;
            files.first().map(|(path, text)| Page::read(path, text)).transpose()?
        }
        None => None,
    };
    let address = format!("{}{}/", blog.path, page.get("slug"));
    let mut post =
        Post { page, original, blog, path: address, title: String::new(), content: String::new(), media: Vec::new() };
    let protected =
        if post.is("protected") { ["Protégé : ", "Protected: "][usize::from(blog.lang() == "en")] } else { "" };
    post.title = styled(blog, &markup::escaped(&format!("{protected}{}", post.page.get("title"))));
    post.content = content(homes, &post)?;
    post.media = media(&post);
    Ok(post)
}

/// A text as this WordPress would print it in this language.
fn styled(blog: &Blog, html: &str) -> String {
    let spaced = if blog.lang() == "fr" { markup::french(html) } else { html.to_owned() };
    markup::texturised(&spaced)
}

fn content(homes: &Homes, post: &Post) -> Result<String, DemoError> {
    let blocks = format!("{FOLDER}/blocks/{}/", post.blog.lang());
    if post.is("protected") {
        let form = bundle::text(&format!("{blocks}password.html"))?;
        return Ok(homes.fill(form));
    }
    let mut text = post.page.body.to_owned();
    for (path, block) in bundle::texts(&blocks)? {
        let name = path.trim_start_matches(&blocks).rsplit_once('.').map_or(path, |(name, _)| name);
        text = text.replace(&format!("{{{{{name}}}}}"), block.trim());
    }
    let html = styled(post.blog, &markup::html(&homes.fill(&text)));
    Ok(format!(
        "<div class=\"et_pb_section et_pb_section_0 et_section_regular\"><div class=\"et_pb_row et_pb_row_0\">\
         <div class=\"et_pb_column et_pb_column_4_4 et_pb_column_0 et-last-child\">\
         <div class=\"et_pb_module et_pb_text et_pb_text_0 et_pb_text_align_left\"><div class=\"et_pb_text_inner\">\n\
         {html}</div></div></div></div></div>"
    ))
}

fn media(post: &Post) -> Vec<Medium> {
    let mut media = Vec::new();
    for (offset, key) in [(1, "image"), (2, "pdf")] {
        let (file, label) = post.get(key).split_once(" | ").unwrap_or((post.get(key), ""));
        if !file.is_empty() {
            let slug = file.rsplit_once('.').map_or(file, |(name, _)| name).to_lowercase();
            media.push(Medium { id: post.id() + offset, slug, file, label });
        }
    }
    media
}

/// `terms.txt`: taxonomy, slug, French name, English name, with ` | ` between them.
pub(super) fn read_terms() -> Result<Vec<Term>, DemoError> {
    let lines = bundle::text(&format!("{FOLDER}/terms.txt"))?.lines().enumerate();
    let mut terms = Vec::new();
    for (number, line) in lines {
        let parts: Vec<&'static str> = line.split(" | ").collect();
        let [taxonomy, slug, fr, en] = parts[..] else { continue };
        terms.push(Term { id: number as u64 + 2, taxonomy, slug, fr, en });
    }
    Ok(terms)
}
