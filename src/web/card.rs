//! One release in a list: title, date, kind, members, languages, a passage or the summary, themes.

use super::{Door, frame::Frame};
use crate::{
    model::{Lang, Release},
    search::Hit,
};

/// What a list shows of a release. Texts that end in `html` are escaped and hold no markup but `<mark>`.
#[derive(Debug)]
pub(super) struct Card {
    /// Link to the release page.
    pub href: String,
    /// Title, escaped, with marks.
    pub title_html: String,
    /// Language of title and text where it is not that of the page.
    pub lang: Option<Lang>,
    /// Machine-readable and written date.
    pub date: Option<(String, String)>,
    /// Name of the kind.
    pub kind: String,
    /// Whether it is a press release, the kind that needs no badge.
    pub plain_kind: bool,
    /// Names of the members.
    pub members: Vec<String>,
    /// Whether title and text were translated by a machine.
    pub machine_translated: bool,
    /// Names of the languages it can be read in, when there are several.
    pub languages: Vec<String>,
    /// Passages with marks; empty without words to mark.
    pub passages_html: Vec<String>,
    /// Summary, shown without passages.
    pub summary: String,
    /// Themes: link and label, at most three.
    pub themes: Vec<(String, String)>,
}

impl Card {
    /// The card of a hit, with its marks.
    pub fn of_hit(door: &Door, frame: &Frame, hit: &Hit) -> Card {
        let mut card = Card::of(door, frame, &hit.release);
        if let Some(title) = &hit.title_mark {
            card.title_html = only_marks(title);
        }
        card.passages_html = hit.text_marks.iter().map(|passage| only_marks(passage)).collect();
        card
    }

    /// The card of a release, in the language that was put forward.
    pub fn of(door: &Door, frame: &Frame, release: &Release) -> Card {
        let zone = door.zone(release.members.iter().map(|member| &member.id));
        let mut languages: Vec<Lang> = Vec::new();
        for publication in &release.publications {
            if !languages.contains(&publication.lang) {
                languages.push(publication.lang);
            }
        }
        let shown = release.in_lang(release.lang).map(|at| &release.publications[at]);
        let several = languages.len() > 1 || languages.iter().any(|lang| *lang != frame.lang());
        Card {
            href: frame.link(&format!("/r/{}", release.id)),
            title_html: escape(&release.title),
            lang: (release.lang != frame.lang()).then_some(release.lang),
            date: release.published.map(|date| (machine_date(&date), frame.l.date(&date, &zone))),
            kind: frame.l.kind(release.kind).into_owned(),
            plain_kind: release.kind == crate::model::Kind::Release,
            members: release.members.iter().map(|member| member.name.clone()).collect(),
            languages: if several {
                languages.into_iter().map(|lang| frame.l.language(lang)).collect()
            } else {
                vec![]
            },
            machine_translated: shown.is_some_and(|page| page.machine_translated),
            passages_html: Vec::new(),
            summary: summary(door, release),
            themes: themes(door, frame, release).into_iter().take(3).collect(),
        }
    }
}

/// The summary in the language that was put forward: the stored one is that of the lead, for another publication it is
/// the beginning of its text.
fn summary(door: &Door, release: &Release) -> String {
    if release.publications.first().is_none_or(|lead| lead.lang == release.lang) {
        return release.summary.clone();
    }
    let text = door.reader.text_in(&release.id, release.lang).ok().flatten();
    text.map_or_else(|| release.summary.clone(), |text| beginning(&text.text))
}

/// The first words of a text, at most about 260 characters, cut between words.
pub(super) fn beginning(text: &str) -> String {
    let mut begin = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        length += word.chars().count() + 1;
        if length > 260 && !begin.is_empty() {
            begin.push('…');
            break;
        }
        if !begin.is_empty() {
            begin.push(' ');
        }
        begin.push_str(word);
    }
    begin
}

/// Links and labels of a release's themes, strongest first; themes that the vocabulary no longer has are left out.
pub(super) fn themes(door: &Door, frame: &Frame, release: &Release) -> Vec<(String, String)> {
    let named = release.themes.iter().filter_map(|tag| Some((tag, door.theme_name(frame.lang(), &tag.id)?)));
    named.map(|(tag, label)| (frame.link(&format!("/themes/{}", tag.id)), label)).collect()
}

/// A date as `<time datetime>` and JSON-LD take it: a local time without offset keeps its form.
pub(super) fn machine_date(date: &crate::model::DateValue) -> String {
    date.to_string()
}

/// `text` as it stands in HTML, in text and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text that is escaped already except for marks: any other `<` becomes text, and marks are closed. A second lock on
/// the door; the first one is where the marks are made.
pub(super) fn only_marks(marked: &str) -> String {
    let mut safe = String::with_capacity(marked.len());
    let mut rest = marked;
    let mut open = false;
    while let Some(at) = rest.find('<') {
        safe.push_str(&rest[..at]);
        rest = &rest[at..];
        let tag = if open { "</mark>" } else { "<mark>" };
        match rest.strip_prefix(tag) {
            Some(after) => {
                safe.push_str(tag);
                open = !open;
                rest = after;
            }
            None => {
                safe.push_str("&lt;");
                rest = &rest[1..];
            }
        }
    }
    safe.push_str(rest);
    if open {
        safe.push_str("</mark>");
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_marks_survives() {
        for (marked, safe) in [
            ("l’<mark>école</mark> &amp; co", "l’<mark>école</mark> &amp; co"),
            ("<script>x</script>", "&lt;script>x&lt;/script>"),
            ("<mark onclick=x>a", "&lt;mark onclick=x>a"),
            ("<mark>a<mark>b</mark>", "<mark>a&lt;mark>b</mark>"),
            ("<mark>a", "<mark>a</mark>"),
            ("a</mark>", "a&lt;/mark>"),
        ] {
            assert_eq!(only_marks(marked), safe, "{marked}");
        }
    }
}
