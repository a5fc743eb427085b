//! # Which dates does the page show?
//!
//! `time` elements, elements that themes name as dates, and short lines near the title. What stands in cards, sidebars,
//! comments or the foot is never looked at. Words before a date tell its role: "Posté le", "Updated", "du … au …".

use super::{dates::Clue, dom::Tree, marks::Marks, survey::Survey, tag::Tag, text};
use crate::{
    model::{DateRole, DateSource, DateValue, Lang, Precision},
    normalise::{
        date::{self, Partial},
        text::fold,
    },
};

/// The part of the page that is looked at.
pub struct Scene<'p> {
    /// The page.
    pub tree: &'p Tree<'p>,
    /// Its measures.
    pub survey: &'p Survey,
    /// Nodes in cards, sidebars, comments, menus.
    pub outside: &'p [bool],
    /// Where the title stands.
    pub heading: Option<usize>,
    /// Root of the text.
    pub root: usize,
    /// Language that decides ambiguous dates; none for British pages.
    pub lang: Option<Lang>,
}

/// Longest line that can be a line about the post, in characters that are not blank.
const LONGEST: u32 = 140;
/// Lines before and after the title that may show the day.
const NEAR: usize = 14;

/// Every date the page shows, with its trust.
pub fn clues(scene: &Scene<'_>) -> Vec<Clue> {
    let lines = line_numbers(scene);
    let title = lines[scene.heading.unwrap_or(scene.root)];
    let text_start = lines[first_sentence(scene)];
    let text_end = lines[scene.tree.end(scene.root) - 1];
    let mut clues = Vec::new();
    let mut at = 0;
    while at < scene.tree.len() {
        let tree = scene.tree;
        let tag = tree.tag(at);
        // Dates are often in elements that only machines see.
        let hidden = scene.survey.unseen[at]
            && !matches!(tag, Tag::Time | Tag::Script)
            && !scene.survey.marks[at].any(Marks::DATE);
        // What an author quotes or shows has dates of its own.
        if tag == Tag::Blockquote || scene.survey.marks[at].any(Marks::EMBED) {
            at = tree.end(at);
            continue;
        }
        if tag == Tag::Text || scene.outside[at] || (hidden && tag.is_unseen() && at > 0) {
            at += 1;
            continue;
        }
        let place = Place { line: lines[at], title, text_start, text_end, shown: scene.heading.is_some() };
        let found = match () {
            () if matches!(tag, Tag::Time | Tag::Abbr) => time_element(scene, at, &place),
            () if tag == Tag::Script && place.is_near() => written_by_script(scene, at),
            () if scene.survey.marks[at].any(Marks::DATE | Marks::META) && scene.survey.chars[at] <= 4 * LONGEST => {
                marked(scene, at, &place)
            }
            () if tag.is_block() && scene.survey.own[at] > 0 && scene.survey.chars[at] <= 4 * LONGEST => {
                line(scene, at, &place)
            }
            () => Vec::new(),
        };
        at = if found.is_empty() { at + 1 } else { tree.end(at) };
        clues.extend(found);
    }
    clues
}

/// Number of the text that each node stands at.
fn line_numbers(scene: &Scene<'_>) -> Vec<usize> {
    let mut count = 0;
    (0..scene.tree.len())
        .map(|at| {
            count += usize::from(scene.tree.text(at).is_some() && scene.survey.chars[at] > 0 && !scene.outside[at]);
            count
        })
        .collect()
}

fn first_sentence(scene: &Scene<'_>) -> usize {
    let start = scene.heading.map_or(scene.root, |heading| heading.max(scene.root));
    (start..scene.tree.end(scene.root))
        .find(|&at| scene.tree.tag(at).is_block() && scene.survey.own[at] >= 120)
        .unwrap_or(start)
}

/// Where a node stands, in texts counted from the top.
struct Place {
    line: usize,
    title: usize,
    text_start: usize,
    text_end: usize,
    shown: bool,
}

impl Place {
    /// How much the place speaks for the day of publication: 0 to 18.
    fn worth(&self) -> u8 {
        let below = self.line.saturating_sub(self.title);
        let above = self.title.saturating_sub(self.line);
        match () {
            () if self.line >= self.title && (below <= NEAR || self.line <= self.text_start) => {
                18 - (below.min(8) as u8) / 2
            }
            () if self.line < self.title && above <= 3 && self.shown => 12,
            () if self.line < self.title && above <= NEAR && self.shown => 6,
            () if self.line > self.text_end && self.line - self.text_end <= NEAR => 8,
            () if self.line > self.text_start && self.line <= self.text_end => 4,
            () => 0,
        }
    }

    fn is_near(&self) -> bool {
        self.worth() >= 6
    }
}

fn time_element(scene: &Scene<'_>, at: usize, place: &Place) -> Vec<Clue> {
    let tree = scene.tree;
    let inside = tree.raw_text(at);
    let stated = tree
        .attr(at, "datetime")
        .or_else(|| tree.attr(at, "content"))
        .or_else(|| tree.attr(at, "data-utime"))
        .or_else(|| tree.attr(at, "title"));
    let value = stated.as_deref().and_then(|raw| date::parse(raw, scene.lang));
    let shown = date::find(&inside, scene.lang).into_iter().next().map(|found| found.value);
    let Some(value) = value.or(shown) else { return Vec::new() };
    let class = tree.attr(at, "class").unwrap_or_default().to_lowercase();
    let itemprop = tree.attr(at, "itemprop").unwrap_or_default().to_lowercase();
    let says_changed = role_of_class(scene, at) == DateRole::Modified;
    let role = match () {
        () if itemprop.contains("modified") || says_changed => DateRole::Modified,
        () if itemprop.contains("published") || class.contains("published") || tree.attr(at, "pubdate").is_some() => {
            DateRole::Published
        }
        () if itemprop.contains("startdate") || itemprop.contains("enddate") => DateRole::Event,
        () => role_of_words(&before(scene, at)).unwrap_or(DateRole::Published),
    };
    let base = if itemprop.contains("datepublished") { 66 } else { 58 };
    let raw = stated.as_deref().unwrap_or(&inside);
    let mut clues = vec![Clue::new(value, role, DateSource::TimeElement, raw, base + place.worth())];
    // The day that readers see, where the attribute says another: words that call it the day of publication win.
    if let Some(shown) = shown.filter(|shown| shown.date() != value.date()) {
        let labelled = role_of_words(&fold(&inside)) == Some(DateRole::Published);
        let trust = if labelled { base + place.worth() + 2 } else { base + place.worth() - 2 };
        clues.push(Clue::new(shown, role, DateSource::Visible, &inside, trust));
    }
    clues
}

/// The words before the element on its line.
fn before(scene: &Scene<'_>, at: usize) -> String {
    let block = scene.survey.block[at];
    let start = block.max(at.saturating_sub(12));
    let words: String = (start..at).filter_map(|at| scene.tree.text(at)).collect();
    fold(words.get(words.len().saturating_sub(120)..).unwrap_or(&words))
}

/// An element that is named as a date or as the line about the post.
fn marked(scene: &Scene<'_>, at: usize, place: &Place) -> Vec<Clue> {
    let itemprop = scene.tree.attr(at, "itemprop").unwrap_or_default();
    let stated = itemprop
        .starts_with("date")
        .then(|| scene.tree.attr(at, "content").or_else(|| scene.tree.attr(at, "datetime")))
        .flatten();
    if let Some(value) = stated.as_deref().and_then(|raw| date::parse(raw, scene.lang)) {
        let role = if itemprop.eq_ignore_ascii_case("dateModified") { DateRole::Modified } else { DateRole::Published };
        return vec![Clue::new(
            value,
            role,
            DateSource::StructuredData,
            stated.as_deref().unwrap_or_default(),
            70 + place.worth() / 2,
        )];
    }
    // Only the element itself: what holds time elements is looked at piece by piece.
    let holds_time = (at + 1..scene.tree.end(at)).any(|inner| scene.tree.tag(inner) == Tag::Time);
    if holds_time || !has_digits(scene, at) {
        return Vec::new();
    }
    let is_date = scene.survey.marks[at].any(Marks::DATE);
    let (words, changed) = words_and_changes(scene, at, place);
    if !changed.is_empty() {
        let mut clues = dated_words(scene, text::cut(&words, 200), if is_date { 54 } else { 50 }, place);
        clues.extend(changed);
        return clues;
    }
    let words = text::cut(&words, 200);
    if is_date && let Some(value) = whole(words, scene.lang).or_else(|| whole(&spaced(scene, at), scene.lang)) {
        let role = role_of_words(&before(scene, at)).unwrap_or_else(|| role_of_class(scene, at));
        return vec![Clue::new(value, role, DateSource::Visible, words, 60 + place.worth())];
    }
    let clues = dated_words(scene, words, if is_date { 54 } else { 50 }, place);
    if !clues.is_empty() || !is_date {
        return clues;
    }
    // "30.10.23": only where the element says that it is a date.
    let short = date::find_partial(words, scene.lang).into_iter().find_map(|found| match found.value {
        Partial::ShortYear(value) => Some(value),
        _ => None,
    });
    short
        .map(|value| Clue::new(value, DateRole::Published, DateSource::Visible, words, 52 + place.worth()))
        .into_iter()
        .collect()
}

/// The words of a line about the post, and the days of change that elements within it name; their words are left out.
fn words_and_changes(scene: &Scene<'_>, at: usize, place: &Place) -> (String, Vec<Clue>) {
    let (mut rest, mut changed) = (String::new(), Vec::new());
    let mut inner = at + 1;
    while inner < scene.tree.end(at) {
        let raw = || scene.tree.raw_text(inner);
        if scene.tree.attrs(inner).is_some()
            && role_of_class(scene, inner) == DateRole::Modified
            && let Some(value) = whole(raw().trim(), scene.lang)
        {
            changed.push(Clue::new(value, DateRole::Modified, DateSource::Visible, &raw(), 54 + place.worth()));
            inner = scene.tree.end(inner);
            continue;
        }
        if let Some(text) = scene.tree.text(inner) {
            rest.push_str(text);
            rest.push(' ');
        }
        inner += 1;
    }
    if changed.is_empty() {
        rest = text::of(scene.tree, at, &[]).replace('\n', " ");
    }
    (rest, changed)
}

/// The texts of an element, a blank between each: day, month and year of a calendar leaf.
fn spaced(scene: &Scene<'_>, at: usize) -> String {
    let texts: Vec<&str> = (at..scene.tree.end(at)).filter_map(|inner| scene.tree.text(inner)).collect();
    texts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the classes of an element say of its date.
fn role_of_class(scene: &Scene<'_>, at: usize) -> DateRole {
    let class = scene.tree.attr(at, "class").unwrap_or_default().to_lowercase();
    let says_changed = (class.contains("updated") || class.contains("modified")) && !class.contains("published");
    if says_changed { DateRole::Modified } else { DateRole::Published }
}

/// A day that is the whole of `words`.
fn whole(words: &str, lang: Option<Lang>) -> Option<DateValue> {
    date::parse(words, lang).filter(|value| value.precision() >= Precision::Day)
}

/// A short line near the title.
fn line(scene: &Scene<'_>, at: usize, place: &Place) -> Vec<Clue> {
    let tree = scene.tree;
    let is_leaf = (at + 1..tree.end(at)).all(|inner| !tree.tag(inner).is_block() && tree.tag(inner) != Tag::Time);
    if !place.is_near() || !is_leaf || !has_digits(scene, at) {
        return Vec::new();
    }
    let words = text::of(scene.tree, at, &[]).replace('\n', " ");
    if scene.survey.chars[at] <= LONGEST {
        return dated_words(scene, &words, 44, place);
    }
    // "Posté le 27 octobre 2023 dans", and then a dozen categories.
    let start = text::cut(&words, 60);
    let mut clues = dated_words(scene, start, 44, place);
    clues.retain(|_| role_of_words(&fold(text::cut(start, 25))).is_some());
    clues
}

/// A day that a short script writes into the page.
fn written_by_script(scene: &Scene<'_>, at: usize) -> Vec<Clue> {
    let script = scene.tree.raw_text(at);
    if script.len() > 200 {
        return Vec::new();
    }
    match date::find(&script, scene.lang).as_slice() {
        [only] => vec![Clue::new(only.value, DateRole::Published, DateSource::Visible, &script, 45)],
        _ => Vec::new(),
    }
}

fn has_digits(scene: &Scene<'_>, at: usize) -> bool {
    let texts = (at..scene.tree.end(at)).filter_map(|inner| scene.tree.text(inner));
    texts.map(|text| text.bytes().filter(u8::is_ascii_digit).count()).sum::<usize>() >= 3
        || !scene.tree.raw_text(at).is_ascii()
}

/// The dates in a line, with the role that the words before each give it.
fn dated_words(scene: &Scene<'_>, words: &str, base: u8, place: &Place) -> Vec<Clue> {
    let found = date::find(words, scene.lang);
    let mut clues = Vec::new();
    let mut from = 0;
    for (number, date) in found.iter().enumerate() {
        let before = fold(&words[from..date.range.start]);
        from = date.range.end;
        let after = fold(words.get(date.range.end..).unwrap_or_default());
        // German and Turkish put the verb behind the date.
        let role = role_of_words(&before).or_else(|| {
            let behind = role_of_words(&after).filter(|role| *role == DateRole::Published);
            behind.filter(|_| found.len() == 1)
        });
        let labelled = role.is_some();
        let is_range = (is_span(&after) && found.len() > number + 1) || (number > 0 && is_joint(&before));
        let role = if is_range { DateRole::Event } else { role.unwrap_or(DateRole::Published) };
        // A sentence with a date in it is no line about the post.
        let share = date.range.len() * 100 / words.len().max(1);
        let form = match () {
            () if labelled => 12,
            () if share >= 60 => 10,
            () if share >= 25 => 4,
            () => 0,
        };
        if form > 0 || base > 44 {
            clues.push(Clue::new(date.value, role, DateSource::Visible, words, (base + form + place.worth()).min(82)));
        }
    }
    clues
}

/// "du 17 mars 2023 au …"
fn is_span(after: &str) -> bool {
    ["au ", "- ", "to ", "until ", "bis ", "jusqu'au "].iter().any(|word| after.trim_start().starts_with(word))
}

fn is_joint(before: &str) -> bool {
    matches!(before.trim(), "au" | "-" | "to" | "until" | "et le" | "bis" | "jusqu'au")
}

/// The role that words before a date give it; `None` when they say nothing.
pub fn role_of_words(before: &str) -> Option<DateRole> {
    const CHANGED: &[&str] = &[
        "updated",
        "mis a jour",
        "mise a jour",
        "modifie",
        "modified",
        "last edit",
        "last update",
        "last change",
        "aktualisiert",
        "actualizado",
        "aggiornato",
        "atualizado",
        "revised",
        "stand:",
        "edited",
        "geandert",
        "bijgewerkt",
        "opdateret",
        "oppdatert",
        "uppdaterad",
        "senast",
        "paivitetty",
        "guncelle",
        "aktualizov",
        "zaktualizowan",
        "frissitve",
        "modificat",
        "modificad",
        "ultima modifica",
        "обновлен",
        "изменен",
        "оновлен",
        "ενημερωση",
        "עודכן",
        "تحديث",
        "به روز",
        "به\u{200c}روز",
        "بروزرسانی",
        "更新",
        "수정",
        "cap nhat",
        "diperbarui",
    ];
    const EVENT: &[&str] =
        &["jusqu'au", "until", "deadline", "date limite", "avant le", "a partir du", "evenement", "event", "expire"];
    const OUT: &[&str] = &[
        "publi",
        "post",
        "pubblicat",
        "veroffentlicht",
        "erstellt",
        "mis en ligne",
        "written",
        "ecrit",
        "date:",
        "date :",
        "released",
        "created",
        "redige",
        "first published",
        "on:",
        "paru",
        "opublikowan",
        "geplaatst",
        "gepubliceerd",
        "udgivet",
        "julkaistu",
        "yayin",
        "yayım",
        "objavljen",
        "zverejnen",
        "vydan",
        "megjelen",
        "kozzet",
        "dodano",
        "data publikacji",
        "опубликован",
        "публикаци",
        "размещен",
        "опублік",
        "публікаці",
        "публикуван",
        "δημοσι",
        "פורסם",
        "פרסום",
        "نشر",
        "انتشار",
        "منتشر",
        "发布",
        "發布",
        "发表",
        "發表",
        "公開",
        "公开",
        "掲載",
        "投稿",
        "配信",
        "등록",
        "입력",
        "게시",
        "작성",
        "ngay dang",
        "dang ngay",
        "diterbitkan",
        "dipublikasikan",
        "प्रकाशित",
        "প্রকাশ",
        "เผยแพร่",
    ];
    let has = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let (changed, event, out) = (has(CHANGED), has(EVENT), has(OUT));
    let all = [(changed, DateRole::Modified), (event, DateRole::Event), (out, DateRole::Published)];
    let last = all.into_iter().filter_map(|(at, role)| Some((at?, role))).max_by_key(|(at, _)| *at);
    last.map(|(_, role)| role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::survey;

    fn read(html: &str) -> Vec<(String, DateRole)> {
        let tree = Tree::parse(html, &mut Vec::new());
        let survey = survey::of(&tree);
        let heading = (0..tree.len()).find(|&at| tree.tag(at) == Tag::H1);
        let root = (0..tree.len()).find(|&at| tree.tag(at) == Tag::Article).unwrap_or(0);
        let outside = vec![false; tree.len()];
        let scene = Scene { tree: &tree, survey: &survey, outside: &outside, heading, root, lang: Some(Lang::FR) };
        clues(&scene).into_iter().map(|clue| (clue.evidence.value.to_string(), clue.evidence.role)).collect()
    }

    #[test]
    fn roles_come_from_the_words() {
        for (line, value, role) in [
            ("Posté le 27 octobre 2023 dans accueil", "2023-10-27", DateRole::Published),
            ("14/11/2022", "2022-11-14", DateRole::Published),
            ("Mis à jour le 2 mars 2022", "2022-03-02", DateRole::Modified),
            ("Inscriptions jusqu'au 2 mars 2022", "2022-03-02", DateRole::Event),
        ] {
            assert_eq!(read(&format!("<h1>Titre</h1><p>{line}</p>")), [(value.to_owned(), role)], "{line}");
        }
    }

    #[test]
    fn spans_are_events() {
        let both = read("<h1>Titre</h1><p>Du 17 mars 2023 au 26 mars 2023</p>");
        assert!(both.iter().all(|(_, role)| *role == DateRole::Event), "{both:?}");
    }

    #[test]
    fn the_day_readers_see_stands_beside_the_instant() {
        let both = read("<h1>T</h1><time datetime='2022-03-02T23:30:00Z'>3 mars 2022</time>");
        assert_eq!(both[0].0, "2022-03-02T23:30:00Z");
        assert_eq!(both[1].0, "2022-03-03");
    }
}
