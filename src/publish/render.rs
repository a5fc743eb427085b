//! What does a release look like? Its publications as one value, ready-made for doors and index.

use super::{
    label::Labeller,
    near::{is_machine_translated, member},
};
use crate::{
    config::Config,
    model::{Draft, Lang, MemberRef, PublicationRef, Release, ReleaseId},
    store::Piece,
};
use jiff::{Timestamp, civil, tz::TimeZone};

/// Longest summary, characters.
const SUMMARY: usize = 300;

/// The clocks and the place of a release; they do not follow from its publications.
pub struct Clocks {
    pub updated: Timestamp,
    pub first_seen: Timestamp,
    pub rank: i64,
}

/// The release of `live` publications, the lead first.
pub fn release(labeller: &Labeller<'_>, id: ReleaseId, live: &[&Piece], clocks: Clocks) -> Release {
    let (config, lead) = (labeller.config(), live[0]);
    let labels = labeller.of_pieces(live);
    Release {
        id,
        kind: lead.draft.kind.kind,
        title: lead.draft.title.clone(),
        lang: lang(config, lead),
        published: lead.draft.published.as_ref().map(|date| date.value),
        updated: clocks.updated,
        first_seen: clocks.first_seen,
        rank: clocks.rank,
        url: lead.known.url.clone(),
        members: members(config, live),
        publications: live.iter().map(|piece| publication(config, piece)).collect(),
        authors: distinct(live.iter().flat_map(|piece| piece.draft.authors.iter().cloned())),
        issuers: labels.issuers,
        themes: labels.themes,
        countries: labels.countries,
        summary: summary(&lead.draft),
        image: live.iter().find_map(|piece| piece.draft.image.clone()),
        attachments: distinct_by(live.iter().flat_map(|piece| piece.draft.attachments.iter().cloned()), |file| {
            file.url.clone()
        }),
    }
}

fn publication(config: &Config, piece: &Piece) -> PublicationRef {
    PublicationRef {
        url: piece.known.url.clone(),
        member: piece.known.member.clone(),
        lang: lang(config, piece),
        title: piece.draft.title.clone(),
        published: piece.draft.published.as_ref().map(|date| date.value),
        machine_translated: is_machine_translated(config, piece),
    }
}

/// The language of a text; one too short to tell is in the member's own.
pub fn lang(config: &Config, piece: &Piece) -> Lang {
    let native = || member(config, &piece.known.member)?.language_of("/").map(|prefix| prefix.lang);
    piece.draft.lang.or_else(native).unwrap_or(Lang::FR)
}

/// Members in the order in which they published.
fn members(config: &Config, live: &[&Piece]) -> Vec<MemberRef> {
    let mut order: Vec<&&Piece> = live.iter().collect();
    let day = |piece: &Piece| piece.draft.published.as_ref().map_or(civil::Date::MAX, |date| date.value.date());
    order.sort_by_key(|piece| (day(piece), piece.known.publication));
    let refs = order.into_iter().map(|piece| MemberRef {
        id: piece.known.member.clone(),
        name: member(config, &piece.known.member).map_or(piece.known.member.as_str(), |m| m.name()).to_owned(),
    });
    distinct_by(refs, |member| member.id.clone())
}

/// The instant of publication, in the zone of the member.
pub fn published_at(config: &Config, piece: &Piece) -> Option<Timestamp> {
    let zone = member(config, &piece.known.member).map_or(TimeZone::UTC, |member| member.timezone.clone());
    piece.draft.published.as_ref().map(|date| date.value.timestamp(&zone))
}

/// The page's own description, else the beginning of the text.
fn summary(draft: &Draft) -> String {
    if draft.summary.trim().is_empty() { beginning(&draft.text) } else { cut(&one_line(&draft.summary)) }
}

/// The beginning of a text as one paragraph, cut between sentences or words.
pub fn beginning(text: &str) -> String {
    cut(&one_line(&first_lines(text)))
}

/// The first blocks of a text that together are long enough to say something.
fn first_lines(text: &str) -> String {
    let mut taken = String::new();
    for line in text.lines() {
        if !taken.is_empty() {
            taken.push(' ');
        }
        taken.push_str(line);
        if taken.chars().count() >= SUMMARY {
            break;
        }
    }
    taken
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most [`SUMMARY`] characters: whole sentences when they fill half of that, else whole words and an ellipsis.
fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(SUMMARY) else { return text.to_owned() };
    let kept = &text[..end];
    if let Some(stop) = kept.rfind(['.', '!', '?', '…']).filter(|stop| *stop >= end / 2) {
        let after = kept[stop..].chars().next().map_or(0, char::len_utf8);
        if text[stop + after..].starts_with(' ') {
            return text[..stop + after].to_owned();
        }
    }
    let words = kept.char_indices().nth(SUMMARY - 1).map_or(kept, |(last, _)| &kept[..last]);
    let words = words.rfind(' ').map_or(words, |space| &words[..space]);
    format!("{}…", words.trim_end_matches([',', ';', ':', ' ']))
}

fn distinct(items: impl Iterator<Item = String>) -> Vec<String> {
    distinct_by(items, String::clone)
}

fn distinct_by<T, K: PartialEq>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        if !kept.iter().any(|known| key(known) == key(&item)) {
            kept.push(item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_ends_between_sentences_or_words() {
        assert_eq!(cut("Court."), "Court.");
        let sentence = format!("{} fin. {}", "mot ".repeat(50).trim(), "suite ".repeat(50));
        assert!(cut(&sentence).ends_with("fin."), "{}", cut(&sentence));
        let endless = "éternité ".repeat(60);
        let cut_off = cut(endless.trim());
        assert!(cut_off.ends_with("éternité…") && cut_off.chars().count() <= 300, "{cut_off}");
        assert!(cut(&"x".repeat(400)).chars().count() <= 300);
    }
}
