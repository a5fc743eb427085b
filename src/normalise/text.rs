//! Are these two strings the same to a reader?
//!
//! Three strengths: [`clean`] keeps what a reader sees, [`line()`] also mends the spacing, [`fold`] keeps only what
//! two spellings of the same words share. A further unification is one line of [`unified`].

use unicode_normalization::{
    IsNormalized, UnicodeNormalization,
    char::{decompose_compatible, is_combining_mark},
    is_nfc_quick,
};

/// Combining marks that may follow one letter; more are a way to draw over the neighbours.
const MARKS_IN_A_ROW: usize = 8;

/// Folds for comparison and search: NFKD without the marks of alphabets (vowel signs of Indic and Thai scripts stay,
/// they are letters to a reader), lower case, ligatures opened (œ → oe), apostrophes, quotes, dashes and spaces of
/// every width unified, runs of spaces collapsed, ends trimmed. Idempotent.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.chars().all(stands_alone) {
        for c in text.chars() {
            match c.is_ascii_alphanumeric() {
                true => folded.push(c.to_ascii_lowercase()),
                false => decompose_compatible(c, |part| push_part(&mut folded, part)),
            }
        }
    } else {
        text.nfkd().for_each(|part| push_part(&mut folded, part));
    }
    folded.truncate(folded.trim_end_matches(' ').len());
    folded
}

/// Characters of Latin texts: none of them is a mark that could change places with another one, so each is decomposed
/// by itself, which is several times quicker.
fn stands_alone(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{2010}'..='\u{203a}' | '€')
}

fn push_part(folded: &mut String, part: char) {
    if !is_foldable_mark(part) {
        for lower in part.to_lowercase().filter(|c| !is_foldable_mark(*c)) {
            push_folded(folded, lower);
        }
    }
}

fn push_folded(folded: &mut String, c: char) {
    match unified(c) {
        Unified::Same if c.is_whitespace() || c == ' ' => {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        Unified::Same => folded.push(c),
        Unified::As(text) => folded.push_str(text),
    }
}

/// What a lower-case character without marks becomes in a fold.
enum Unified {
    Same,
    As(&'static str),
}

fn unified(c: char) -> Unified {
    Unified::As(match c {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        'ς' => "σ",
        '’' | '‘' | '‚' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '`' | '´' => "'",
        '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '″' | '〝' | '〞' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '⁃' => "-",
        '⁄' | '∕' => "/",
        '\t' | '\n' | '\r' => return Unified::Same,
        _ if c.is_control() || is_invisible(c) || is_joiner(c) || is_noncharacter(c) => "",
        _ => return Unified::Same,
    })
}

/// Marks that a reader of an alphabet drops when typing: accents, niqqud, harakat.
fn is_foldable_mark(c: char) -> bool {
    matches!(c as u32,
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x05BF..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F
        | 0x0670 | 0x06D6..=0x06ED | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE00..=0xFE0F
        | 0xFE20..=0xFE2F)
}

/// Clean Unicode for storing and display: NFC, no control or non-characters, no bidi overrides or zero-width
/// characters outside scripts that need them, at most eight combining marks in a row. Line ends become `\n`, tabs
/// stay. Idempotent.
pub fn clean(text: &str) -> String {
    let Some(first) = text.char_indices().find(|(_, c)| !is_clean(*c)).map(|(at, _)| at) else {
        return text.to_owned();
    };
    let mut cleaned = String::with_capacity(text.len());
    let (mut from, mut at) = (0, first);
    while at < text.len() {
        // A mark may belong to the character before it: that one is looked at again.
        let start = text[from..at].char_indices().next_back().map_or(at, |(last, _)| from + last);
        cleaned.push_str(&text[from..start]);
        let end = text[at..].find(is_clean).map_or(text.len(), |len| at + len);
        let run = &text[start..end];
        let run = if text[end..].starts_with('\n') { run.strip_suffix('\r').unwrap_or(run) } else { run };
        cleaned.push_str(&cleaned_whole(run));
        from = end;
        at = text[end..].find(|c| !is_clean(c)).map_or(text.len(), |len| end + len);
    }
    cleaned.push_str(&text[from..]);
    cleaned
}

fn cleaned_whole(text: &str) -> String {
    let kept = without_invisible(text);
    let composed = match is_nfc_quick(kept.chars()) {
        IsNormalized::Yes => kept,
        _ => kept.nfc().collect(),
    };
    with_bounded_marks(composed)
}

/// Characters that [`clean`] leaves as they are whatever clean ones stand beside them: most texts have no others.
/// None of them composes with the one before it (Unicode, NFC quick check).
fn is_clean(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\n' | '\t' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{2010}'..='\u{2027}'
        | '\u{202f}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{391}'..='\u{3a1}' | '\u{3ac}'..='\u{3ce}'
        | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{3001}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}')
}

/// Drops what has no place in stored text. A joiner stays only between two characters of which it changes the shape.
fn without_invisible(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    let mut joiner: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => '\n',
            '\n' | '\t' => c,
            _ if is_joiner(c) => {
                joiner = last.is_some_and(|last| needs_joiners(last, c)).then_some(c).or(joiner);
                continue;
            }
            _ if c.is_control() || is_invisible(c) || is_noncharacter(c) => continue,
            _ => c,
        };
        if let Some(joiner) = joiner.take()
            && needs_joiners(c, joiner)
        {
            kept.push(joiner);
        }
        kept.push(c);
        last = Some(c);
    }
    kept
}

/// Zero-width joiner and non-joiner, the zero-width space, and the two direction marks.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{61c}')
}

/// Whether `joiner` beside `c` can change what a reader sees.
fn needs_joiners(c: char, joiner: char) -> bool {
    let n = c as u32;
    let right_to_left = matches!(n, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE);
    let indic = matches!(n, 0x0900..=0x0DFF | 0x1000..=0x109F | 0x1780..=0x18AF | 0xA840..=0xABFF);
    match joiner {
        '\u{200c}' => right_to_left || indic,
        '\u{200d}' => right_to_left || indic || matches!(n, 0x2190..=0x2BFF | 0xFE0F | 0x1F000..=0x1FAFF),
        '\u{200b}' => matches!(n, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1950..=0x19DF),
        _ => right_to_left,
    }
}

/// Format characters without a shape of their own: soft hyphen, BOM, bidi overrides and isolates, tags, fillers.
fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0x00AD | 0x034F | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180E | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164
        | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF)
}

fn is_noncharacter(c: char) -> bool {
    matches!(c as u32, 0xFDD0..=0xFDEF) || (c as u32) & 0xFFFE == 0xFFFE
}

fn with_bounded_marks(text: String) -> String {
    let mut marks = 0;
    let mut over = |c: char| {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        marks > MARKS_IN_A_ROW
    };
    if !text.chars().any(&mut over) {
        return text;
    }
    let mut marks = 0;
    text.chars()
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= MARKS_IN_A_ROW
        })
        .collect()
}

/// `clean`, with runs of white space collapsed to one and the ends trimmed: for titles and lines. A run becomes a
/// space, or the no-break space that stands in it ("Quoi\u{a0}?" stays as set). Idempotent.
pub fn line(text: &str) -> String {
    let cleaned = clean(text);
    let mut line = String::with_capacity(cleaned.len());
    let mut gap: Option<char> = None;
    for c in cleaned.chars() {
        if c.is_whitespace() {
            let no_break = matches!(c, '\u{a0}' | '\u{202f}').then_some(c);
            gap = match gap {
                Some(before @ ('\u{a0}' | '\u{202f}')) => Some(before),
                _ => Some(no_break.unwrap_or(' ')),
            };
            continue;
        }
        if let Some(space) = gap.take()
            && !line.is_empty()
        {
            line.push(space);
        }
        line.push(c);
    }
    line
}

/// At most `bytes` of `text`, cut between characters.
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The words of a folded text, in order: runs of letters and digits. Inclusive writing stays one word
/// (`migrant.e.s`), an elision ends one (`l'`, `ecole`).
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    folded.split(move |c: char| !is_word(c) && c != '.' && c != '·').flat_map(move |chunk| {
        let chunk = chunk.trim_matches(['.', '·']);
        let whole = is_inclusive(chunk);
        chunk.split(move |c| !whole && (c == '.' || c == '·')).filter(|word| !word.is_empty())
    })
}

/// Whether `chunk` is a word with the endings of inclusive writing: `migrant.e.s`, `tou.te.s`, `ukrainien·ne·s`.
fn is_inclusive(chunk: &str) -> bool {
    let mut parts = chunk.split(['.', '·']);
    let stem = parts.next().unwrap_or_default();
    let mut endings = 0;
    stem.chars().count() >= 3
        && parts.all(|part| {
            endings += 1;
            matches!(
                part,
                "e" | "s"
                    | "es"
                    | "ne"
                    | "nes"
                    | "te"
                    | "tes"
                    | "le"
                    | "les"
                    | "rice"
                    | "rices"
                    | "se"
                    | "euse"
                    | "euses"
                    | "ere"
                    | "eres"
                    | "ve"
                    | "ves"
            )
        })
        && endings > 0
}

/// The words of a title alone, one space between: two titles with equal bare words are the same to a reader,
/// whatever the punctuation, quotes, accents and case.
pub fn bare(text: &str) -> String {
    let folded = fold(text);
    let mut bare = String::with_capacity(folded.len());
    for word in words(&folded) {
        if !bare.is_empty() {
            bare.push(' ');
        }
        bare.push_str(word);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_fold_alike_in_latin_and_in_mixed_texts() {
        for c in ('\0'..='\u{ffff}').filter(|c| stands_alone(*c)) {
            let alone = fold(&format!("a{c}b"));
            let beside_another_script = fold(&format!("a{c}b\u{905}"));
            assert_eq!(format!("{alone}\u{905}"), beside_another_script, "{:x}", c as u32);
        }
    }

    #[test]
    fn variants_of_one_spelling_fold_to_the_same() {
        for (left, right) in [
            ("Replaçons l’humain au cœur", "REPLACONS L'HUMAIN AU COEUR"),
            ("Quoi\u{a0}?", "quoi ?"),
            ("à  l'\u{2009}école\n", "a l' ecole"),
            ("«\u{202f}Oui\u{202f}»", "“ oui ”"),
            ("2020–2021", "2020-2021"),
            ("Solidarite\u{301} Lai\u{308}que", "Solidarité Laïque"),
            ("Stra\u{df}e, \u{1e9e}", "strasse, ss"),
            ("ﬁn de l’ANNÉE", "fin de l'annee"),
            ("Łódź Ørsted İstanbul ISTANBUL", "lodz orsted istanbul istanbul"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"),
            ("co\u{ad}opé\u{200b}ration", "cooperation"),
            ("٣ مُحَمَّد", "٣ محمد"),
        ] {
            assert_eq!(fold(left), fold(right), "{left:?} {right:?}");
        }
        assert_eq!(fold("हिन्दी"), "हिन्दी".nfkd().collect::<String>(), "vowel signs are letters");
    }

    #[test]
    fn clean_drops_what_no_reader_sees() {
        for (raw, wanted) in [
            ("plain\ttext\n", "plain\ttext\n"),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
            ("nul\0 esc\u{1b}[31m del\u{7f}", "nul esc[31m del"),
            ("e\u{301}", "é"),
            ("\u{feff}abc\u{200b}def\u{2060}", "abcdef"),
            ("safe\u{202e}gpj.exe\u{202c}", "safegpj.exe"),
            ("\u{fdd0}x\u{ffff}\u{1fffe}", "x"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("a\u{200c}b", "ab"),
            ("👩\u{200d}🏫", "👩\u{200d}🏫"),
            ("Quoi\u{a0}?", "Quoi\u{a0}?"),
        ] {
            assert_eq!(clean(raw), wanted, "{raw:?}");
        }
        let zalgo = format!("z{}!", "\u{336}".repeat(1000));
        assert_eq!(clean(&zalgo), format!("z{}!", "\u{336}".repeat(8)));
    }

    #[test]
    fn a_line_keeps_its_no_break_spaces() {
        for (raw, wanted) in [
            ("  Un \n titre\t long ", "Un titre long"),
            ("Quoi\u{a0}?", "Quoi\u{a0}?"),
            ("«\u{202f} Oui \u{202f}»", "«\u{202f}Oui\u{202f}»"),
            ("\u{a0}\u{a0}bord\u{a0}", "bord"),
            ("", ""),
        ] {
            assert_eq!(line(raw), wanted, "{raw:?}");
        }
    }

    #[test]
    fn words_of_titles() {
        let of = |text: &str| words(&fold(text)).map(str::to_owned).collect::<Vec<_>>().join("|");
        assert_eq!(of("L'école, pour tou.te.s !"), "l|ecole|pour|tou.te.s");
        assert_eq!(of("migrant.e.s et ukrainien·ne·s."), "migrant.e.s|et|ukrainien·ne·s");
        assert_eq!(of("Fin.Début www.example.org 5.000"), "fin|debut|www|example|org|5|000");
        assert_eq!(
            bare("« Sans éducation, il n'y a pas de développement ! »"),
            bare("Sans education il n’y a pas de developpement")
        );
    }

    proptest! {
        #[test]
        fn cleaning_in_runs_is_cleaning_whole(text in "([a-zé \\n]|[\r\u{301}\u{200d}\u{200c}\u{ad}\u{2028}\u{0}]|\\PC){0,40}") {
            prop_assert_eq!(clean(&text), cleaned_whole(&text));
        }
        #[test]
        fn folding_cleaning_and_lines_change_nothing_the_second_time(text in "\\PC{0,60}|[\\x00-\\x{10ffff}]{0,40}|[a-zé\u{200c}\u{200d}\u{301}می\u{200b}\u{feff} \u{a0}]{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            let cleaned = clean(&text);
            prop_assert_eq!(clean(&cleaned), cleaned.clone());
            let one_line = line(&text);
            prop_assert_eq!(line(&one_line), one_line.clone());
        }
    }
}
