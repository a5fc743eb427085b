//! The page of one release: text, sources, files, themes with the words that decided, and what is akin.

use super::{
    Door, address,
    answer::{self, Failure, Visit, html},
    article,
    card::{Card, beginning, machine_date},
    frame::{Frame, Section},
    json_ld,
    language::by_language,
    vocabulary::{Form, wanted},
};
use crate::{
    labels::{LANGS, Labels, Value},
    model::{Attachment, Image, Issuer, Lang, PublicationRef, Release, ReleaseId, ReleaseText, TagBy},
    normalise::text::fold,
    search::{Filter, Query},
    store::Lookup,
};
use askama::Template;
use axum::response::Response;

/// Related releases shown.
const RELATED: usize = 5;
/// Characters of a line of evidence that are shown.
const LONGEST_EVIDENCE: usize = 120;

/// One publication among the sources.
#[derive(Debug)]
struct Source {
    member: String,
    member_href: Option<String>,
    title: String,
    lang: Lang,
    language: String,
    date: Option<(String, String)>,
    url: String,
    machine_translated: bool,
}

/// An organisation behind the release.
#[derive(Debug)]
struct IssuerLine<'a> {
    href: String,
    name: &'a str,
    why: String,
}

/// A theme with its evidence.
#[derive(Debug)]
struct ThemeLine {
    href: String,
    label: String,
    why: String,
}

#[derive(Template)]
#[template(path = "release.html")]
struct ReleasePage<'a> {
    frame: &'a Frame,
    release: &'a Release,
    kind: String,
    text_lang: Option<Lang>,
    date: Option<(String, String)>,
    first_seen: String,
    updated: Option<(String, String)>,
    members: Vec<(String, String)>,
    body_html: String,
    machine_translated: bool,
    /// Language, its name and link of the original, where a machine translation is shown.
    original: Option<(Lang, String, String)>,
    contacts: Vec<&'a str>,
    sources: Vec<Source>,
    /// Address and label of the lead picture, which is linked, not loaded.
    picture: Option<(&'a str, String)>,
    files: Vec<(&'a Attachment, String)>,
    themes: Vec<ThemeLine>,
    countries: Vec<(String, String)>,
    issuers: Vec<IssuerLine<'a>>,
    signatories: Vec<IssuerLine<'a>>,
    signatories_label: String,
    related: Vec<Card>,
    permanent: String,
}

/// The release that an address names, or where it went.
fn found(door: &Door, visit: &Visit, moved: impl Fn(&ReleaseId) -> String) -> Result<Release, Failure> {
    let id = ReleaseId::new(visit.id.as_str()).map_err(|_| Failure::NotFound)?;
    match door.reader.release(&id)? {
        Lookup::Found(release) => Ok(*release),
        Lookup::Moved(to) => Err(Failure::Elsewhere(moved(&to), true)),
        Lookup::Gone(since) => Err(Failure::Gone(since)),
        Lookup::Unknown => Err(Failure::NotFound),
    }
}

/// `/r/{id}`: JSON-LD for machines that ask for it, else to the page in the reader's language.
pub(super) fn redirect(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let release = found(door, visit, |to| door.root(&format!("r/{to}")))?;
    let page = format!("{}/r/{}", visit.lang, release.id);
    if wanted(&visit.headers) == Form::JsonLd {
        let article = json_ld::article(door, &release, &door.url(&page));
        return Ok(by_language(answer::document("application/ld+json", format!("{article:#}\n"))));
    }
    Ok(by_language(answer::redirect(&door.root(&page), false)))
}

/// `/{lang}/r/{id}`: in the language of the page where it can be read in that, else in its own.
pub(super) fn show(door: &Door, visit: &Visit) -> Result<Response, Failure> {
    let mut release = found(door, visit, |to| door.root(&format!("{}/r/{to}", visit.lang)))?;
    address::none(door, visit)?;
    release.put_forward(&[visit.lang]);
    let text = door.reader.text_in(&release.id, release.lang)?.unwrap_or_default();
    // A release that the index does not hold yet has no relatives; that is no reason to hide its page.
    let mut related = door.engine.related(&release.id, RELATED).unwrap_or_default();
    for other in &mut related {
        other.put_forward(&[visit.lang]);
    }
    let frame = framed(door, visit.lang, &release, &text);
    html(&frame, &page(door, &frame, &release, &text, &related))
}

fn framed(door: &Door, lang: Lang, release: &Release, text: &ReleaseText) -> Frame {
    let mut frame = Frame::new(door, lang, Section::Home, format!("/r/{}", release.id));
    let own_words = release.publications.first().is_none_or(|lead| lead.lang == release.lang);
    let summary = if own_words { release.summary.clone() } else { beginning(&text.text) };
    frame.title = release.title.clone();
    frame.description = if summary.is_empty() { release.title.clone() } else { summary };
    frame.data = vec![json_ld::script(&json_ld::article(door, release, &frame.canonical()))];
    frame
}

/// The page as text, for tests that bring their own release.
#[cfg(test)]
pub(super) fn rendered(door: &Door, lang: Lang, release: &Release, text: &ReleaseText, related: &[Release]) -> String {
    let frame = framed(door, lang, release, text);
    page(door, &frame, release, text, related).render().unwrap()
}

fn page<'a>(
    door: &Door,
    frame: &'a Frame,
    release: &'a Release,
    text: &'a ReleaseText,
    related: &[Release],
) -> ReleasePage<'a> {
    let zone = door.zone(release.members.iter().map(|member| &member.id));
    let written = |date: &crate::model::DateValue| (machine_date(date), frame.l.date(date, &zone));
    let shown = release.in_lang(release.lang).map(|at| &release.publications[at]);
    let edited = release.updated.duration_since(release.first_seen).as_secs() > 0;
    let moment = |at: jiff::Timestamp| (at.to_string(), frame.l.moment(at, &zone));
    let signatory = |which: bool| {
        let issuers = release.issuers.iter().filter(move |issuer| issuer.signatory == which);
        issuers.map(|issuer| issuer_line(frame, issuer)).collect::<Vec<_>>()
    };
    let member_link =
        |member: &crate::model::MemberRef| (frame.link(&format!("/members/{}", member.id)), member.name.clone());
    ReleasePage {
        frame,
        release,
        kind: frame.l.kind(release.kind).into_owned(),
        text_lang: (release.lang != frame.lang()).then_some(release.lang),
        date: release.published.as_ref().map(written),
        first_seen: frame.l.moment(release.first_seen, &zone),
        updated: edited.then(|| moment(release.updated)),
        members: release.members.iter().map(member_link).collect(),
        body_html: article::body(frame.l, text),
        machine_translated: shown.is_some_and(|page| page.machine_translated),
        original: shown.filter(|page| page.machine_translated).and_then(|_| original(door, release)),
        contacts: text.contacts.lines().filter(|line| !line.trim().is_empty()).collect(),
        sources: release.publications.iter().map(|publication| source(door, frame, publication)).collect(),
        picture: release.image.as_ref().filter(|image| is_web(&image.url)).map(|image| picture(frame, image)),
        files: release
            .attachments
            .iter()
            .filter(|file| is_web(&file.url))
            .map(|file| (file, size(frame, file)))
            .collect(),
        themes: themes(door, frame, release),
        countries: countries(frame, release),
        issuers: signatory(false),
        signatories: signatory(true),
        signatories_label: frame.l.count("signatories", signatory(true).len() as u64),
        related: related.iter().map(|release| Card::of(door, frame, release)).collect(),
        permanent: door.url(&format!("r/{}", release.id)),
    }
}

/// A link to everything of the organisation, and the line that names it here.
fn issuer_line<'a>(frame: &Frame, issuer: &'a Issuer) -> IssuerLine<'a> {
    let query = Query { issuer: Filter { any: vec![fold(&issuer.name)], not: vec![] }, ..Query::default() };
    let why = match issuer.evidence.is_empty() {
        true => String::new(),
        false => frame.l.with("quoted", &[("words", cut(&issuer.evidence).into())]),
    };
    IssuerLine { href: frame.search(&query), name: &issuer.name, why }
}

/// A line of evidence, short enough to stand beside a name.
fn cut(words: &str) -> String {
    match words.char_indices().nth(LONGEST_EVIDENCE) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.to_owned(),
    }
}

/// Where the original can be read: on our page in that language, where we have pages in it, else on the member's site.
fn original(door: &Door, release: &Release) -> Option<(Lang, String, String)> {
    let page = release.publications.iter().find(|page| !page.machine_translated)?;
    let ours = LANGS.contains(&page.lang);
    let link = if ours { door.root(&format!("{}/r/{}", page.lang, release.id)) } else { page.url.clone() };
    (ours || is_web(&link)).then(|| (page.lang, Labels::get(page.lang).language(page.lang), link))
}

/// Only addresses of the web become links: a `javascript:` address stays text.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn source(door: &Door, frame: &Frame, publication: &PublicationRef) -> Source {
    let member = door.member(publication.member.as_str());
    let zone = door.zone([&publication.member]);
    Source {
        member: member.map_or_else(|| publication.member.to_string(), |member| member.name().to_owned()),
        member_href: member.map(|member| frame.link(&format!("/members/{}", member.id))),
        title: publication.title.clone(),
        lang: publication.lang,
        language: frame.l.language(publication.lang),
        date: publication.published.map(|date| (machine_date(&date), frame.l.date(&date, &zone))),
        url: if is_web(&publication.url) { publication.url.clone() } else { String::new() },
        machine_translated: publication.machine_translated,
    }
}

/// The lead picture as a link: what it shows and who took it, as far as the page said.
fn picture<'a>(frame: &Frame, image: &'a Image) -> (&'a str, String) {
    let mut label = match image.alt.is_empty() {
        true => frame.l.text("lead-picture").into_owned(),
        false => frame.l.with("picture", &[("alt", image.alt.as_str().into())]),
    };
    if !image.credit.is_empty() {
        label.push_str(&frame.l.with("picture-credit", &[("credit", image.credit.as_str().into())]));
    }
    (&image.url, label)
}

/// What a file is: "PDF, 240 ko".
fn size(frame: &Frame, file: &Attachment) -> String {
    let name = file.media_type.rsplit(['/', '.', '+']).next().unwrap_or_default().to_uppercase();
    match file.bytes {
        Some(bytes) if bytes >= 1_000_000 => {
            let tenths = bytes.div_ceil(100_000);
            let comma = frame.l.text("decimal-separator");
            let megabytes = format!("{}{comma}{}", tenths / 10, tenths % 10);
            frame.l.with("file-megabytes", &[("type", name.into()), ("size", megabytes.into())])
        }
        Some(bytes) => {
            let kilobytes = frame.l.number(bytes.div_ceil(1000));
            frame.l.with("file-kilobytes", &[("type", name.into()), ("size", kilobytes.into())])
        }
        None => name,
    }
}

fn themes(door: &Door, frame: &Frame, release: &Release) -> Vec<ThemeLine> {
    let mut lines = Vec::new();
    for tag in &release.themes {
        let Some(label) = door.theme_name(frame.lang(), &tag.id) else { continue };
        let words: Vec<String> =
            tag.evidence.iter().map(|words| frame.l.with("quoted", &[("words", words.as_str().into())])).collect();
        let words = words.join(", ");
        let why = match tag.by {
            TagBy::Staff => frame.l.text("theme-by-staff").into_owned(),
            TagBy::Category if words.is_empty() => frame.l.text("theme-by-category").into_owned(),
            TagBy::Category => frame.l.with("theme-by-category-named", &[("words", Value::from(words))]),
            TagBy::Label if words.is_empty() => String::new(),
            TagBy::Label => frame.l.with("theme-by-words", &[("words", Value::from(words))]),
        };
        lines.push(ThemeLine { href: frame.link(&format!("/themes/{}", tag.id)), label, why });
    }
    lines
}

fn countries(frame: &Frame, release: &Release) -> Vec<(String, String)> {
    let mut links = Vec::new();
    for place in &release.countries {
        let query = Query { country: Filter { any: vec![place.id.clone()], not: vec![] }, ..Query::default() };
        let name = frame.l.country(&place.id).map_or_else(|| place.id.to_uppercase(), str::to_owned);
        links.push((frame.search(&query), name));
    }
    links
}
