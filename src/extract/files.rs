//! # Which files and which picture does the release carry?

use super::{
    clean::image_source, content::Content, dom::Tree, meta::Meta, structured::Thing, survey::Survey, tag::Tag, text,
};
use crate::{
    model::{Attachment, Candidate, Image},
    normalise::text::line,
};

/// Files listed.
const MOST: usize = 50;

/// Ends of addresses that are files to take home, with their media types.
const TYPES: &[(&str, &str)] = &[
    ("pdf", "application/pdf"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("rtf", "application/rtf"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("csv", "text/csv"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("zip", "application/zip"),
    ("epub", "application/epub+zip"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
];

/// The files that the text and the post around it link to, each once, and those that the sources name.
pub fn attachments(
    tree: &Tree<'_>,
    survey: &Survey,
    content: &Content,
    meta: &Meta,
    candidates: &[Candidate],
) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = candidates.iter().flat_map(|candidate| candidate.attachments.clone()).collect();
    let post = post(tree, survey, content.root);
    let mut at = post;
    while at < tree.end(post) && found.len() < MOST {
        let is_cut = content.cut[at] && tree.holds(content.root, at) && !lists_files(tree, at);
        if is_cut || content.outside[at] || survey.unseen[at] {
            at = tree.end(at);
            continue;
        }
        if tree.tag(at) == Tag::A
            && let Some(url) = tree.attr(at, "href").and_then(|href| meta.absolute(&href))
            && let Some(media_type) = media_type(&url).or_else(|| stated_type(tree, at))
        {
            let title = line(&text::of(tree, at, &[]).replace('\n', " "));
            let bytes = size(&title).or_else(|| size(&words_after(tree, survey, at)));
            match found.iter_mut().find(|known| known.url == url) {
                Some(known) if known.title.is_empty() => known.title = title,
                Some(_) => {}
                None => found.push(Attachment { url, title, media_type: media_type.to_owned(), bytes }),
            }
        }
        at += 1;
    }
    found
}

/// The post that the text stands in: its documents are often listed below the text.
fn post(tree: &Tree<'_>, survey: &Survey, root: usize) -> usize {
    let is_post = |up: &usize| survey.is_post[*up] || tree.tag(*up) == Tag::Main;
    let holds_little_else = |up: &usize| survey.prose[*up] <= survey.prose[root] * 3 / 2 + 300;
    tree.ancestors(root).find(is_post).filter(holds_little_else).unwrap_or(root)
}

/// Whether a block that was left out of the text is a list of files.
fn lists_files(tree: &Tree<'_>, at: usize) -> bool {
    const WORDS: &[&str] = &["document", "attachment", "piece", "fichier", "download", "file"];
    tree.attr(at, "class").is_some_and(|class| WORDS.iter().any(|word| class.contains(word)))
}

/// The media type that a link states itself.
fn stated_type(tree: &Tree<'_>, at: usize) -> Option<&'static str> {
    let stated = tree.attr(at, "type")?;
    TYPES.iter().find(|(_, known)| stated.trim().eq_ignore_ascii_case(known)).map(|(_, known)| *known)
}

/// What stands behind a link, up to the next one: "(PDF, 240 ko)".
fn words_after(tree: &Tree<'_>, survey: &Survey, at: usize) -> String {
    let rest = tree.end(at)..tree.end(survey.block[at]);
    let words: String =
        rest.take_while(|&next| tree.tag(next) != Tag::A).take(8).filter_map(|next| tree.text(next)).collect();
    text::cut(&words, 60).to_owned()
}

/// The media type that the end of an address names.
fn media_type(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next()?;
    let (_, end) = path.rsplit('/').next()?.rsplit_once('.')?;
    TYPES.iter().find(|(known, _)| end.eq_ignore_ascii_case(known)).map(|(_, media_type)| *media_type)
}

/// The size that the words of a link state: "Rapport (PDF, 1,2 Mo)".
fn size(words: &str) -> Option<u64> {
    let spaced = words.replace(['\u{a0}', '\u{202f}', '(', ')', '[', ']'], " ");
    let parts: Vec<&str> = spaced.split_whitespace().collect();
    let unit = |word: &str| {
        Some(match word.trim_end_matches(['.', ',', ';']).to_ascii_lowercase().as_str() {
            "ko" | "kb" | "kib" => 1_000.0,
            "mo" | "mb" | "mib" => 1_000_000.0,
            "go" | "gb" | "gib" => 1_000_000_000.0,
            _ => return None,
        })
    };
    let glued = parts.iter().filter_map(|part| {
        let split = part.find(|c: char| c.is_ascii_alphabetic())?;
        Some((part.get(..split)?, unit(part.get(split..)?)?))
    });
    let apart = parts.windows(2).filter_map(|pair| Some((pair[0], unit(pair[1])?)));
    let (number, unit) = apart.chain(glued).next()?;
    let number: f64 = number.replace(',', ".").parse().ok()?;
    (0.0..1_000_000.0).contains(&number).then_some((number * unit) as u64)
}

/// The lead image: what the page declares, unless that is a logo and the text has a picture; with the words and the
/// credit that the text gives it.
pub fn image(tree: &Tree<'_>, content: &Content, meta: &Meta, thing: Option<&Thing>, credit: &str) -> Option<Image> {
    let declared = [
        meta.first("og:image:secure_url"),
        meta.first("og:image"),
        meta.first("twitter:image"),
        meta.first("twitter:image:src"),
        thing.map_or("", |thing| thing.image.as_str()),
    ];
    let declared = declared.into_iter().filter(|raw| !raw.is_empty()).find_map(|raw| meta.absolute(raw));
    let shown = (content.root..tree.end(content.root)).filter(|&at| tree.tag(at) == Tag::Img && is_picture(tree, at));
    let shown: Vec<(usize, String)> = shown.filter_map(|at| Some((at, image_source(tree, at, meta)?))).collect();
    let url = match declared {
        Some(url) if !is_logo(&url) || shown.is_empty() => url,
        _ => shown.first().map(|(_, url)| url.clone())?,
    };
    let same = shown.iter().find(|(_, of)| stem(of) == stem(&url)).map(|(at, _)| *at);
    let alt = same.and_then(|at| tree.attr(at, "alt")).unwrap_or_default();
    let alt = if alt.trim().is_empty() { meta.first("og:image:alt").to_owned() } else { alt.into_owned() };
    let number = |name: &str| meta.first(name).parse::<u32>().ok();
    let stated = number("og:image:width").zip(number("og:image:height"));
    let size = if meta.absolute(meta.first("og:image")).as_deref() == Some(url.as_str()) { stated } else { None };
    Some(Image { alt: words_of_alt(&alt), credit: credit.to_owned(), size, url })
}

/// Icons, smileys and counters are no pictures.
fn is_picture(tree: &Tree<'_>, at: usize) -> bool {
    let small = |name: &str| {
        tree.attr(at, name).and_then(|n| n.trim_end_matches("px").parse::<u32>().ok()).is_some_and(|n| n < 100)
    };
    !small("width")
        && !small("height")
        && !tree.attr(at, "class").is_some_and(|class| class.contains("emoji") || class.contains("icon"))
}

fn is_logo(url: &str) -> bool {
    let name = url.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["logo", "default", "placeholder", "avatar", "favicon", "share-image", "fallback"]
        .iter()
        .any(|word| name.contains(word))
}

/// The name of an image without its size: `photo-1024x768.jpg` and `photo-scaled.jpg` are one picture.
fn stem(url: &str) -> &str {
    let name = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let name = name.strip_suffix("-scaled").unwrap_or(name);
    match name.rsplit_once('-') {
        Some((stem, size))
            if size.split_once('x').is_some_and(|(a, b)| a.parse::<u16>().is_ok() && b.parse::<u16>().is_ok()) =>
        {
            stem
        }
        _ => name,
    }
}

/// A text alternative that is only the name of a file says nothing.
fn words_of_alt(alt: &str) -> String {
    let alt = line(alt);
    let lower = alt.to_lowercase();
    let is_file_name = [".jpg", ".jpeg", ".png", ".webp", "img_", "img ", "dsc", "capture d", "screenshot"]
        .iter()
        .any(|part| lower.starts_with(part) || lower.ends_with(part))
        || lower.ends_with("scaled")
        || alt.bytes().filter(u8::is_ascii_digit).count() >= 9
        || (!alt.contains(' ') && alt.contains(['_', '-']));
    if is_file_name { String::new() } else { alt }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_words() {
        for (words, bytes) in [
            ("Rapport annuel (PDF, 1,2 Mo)", Some(1_200_000)),
            ("Report [350kB]", Some(350_000)),
            ("2 GB of data", Some(2_000_000_000)),
            ("Télécharger le rapport 2021", None),
            ("Mo Farah", None),
        ] {
            assert_eq!(size(words), bytes, "{words}");
        }
    }

    #[test]
    fn file_names_are_no_words() {
        for alt in ["IMG_8119", "IMG 8119", "photo-ecole-scaled", "16409618765432109", "capture d'écran 2021"] {
            assert_eq!(words_of_alt(alt), "", "{alt}");
        }
        assert_eq!(words_of_alt("Une classe à Dakar"), "Une classe à Dakar");
        assert_eq!(stem("https://a.example/x/photo-1024x768.jpg?v=1"), "photo");
    }
}
