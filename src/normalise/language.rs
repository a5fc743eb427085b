//! Which language is this text?
//!
//! French and English, the languages of the newsroom, are recognised by their small words, which works from a
//! sentence on and costs little; everything else goes by tell-tale letters and letter triples (`whatlang`), which need more text. Too
//! little text is no ground for a guess.

use crate::model::Lang;
use std::{collections::HashMap, sync::LazyLock};

/// How much of a text is looked at, in bytes. More does not change the answer.
const SAMPLE: usize = 4_000;
/// Shortest text, in letters, from which triples decide alone; half of it when a hint agrees.
const ENOUGH_LETTERS: usize = 80;

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "les", "des", "du", "une", "et", "est", "dans", "pour", "qui", "sur", "au", "aux", "avec", "par", "plus",
    "ce", "cette", "ces", "sont", "nous", "vous", "ont", "leur", "leurs", "à", "où", "mais", "pas", "ses",
    "être", "été", "il", "elle", "ils", "elles", "l", "d", "qu", "n", "c", "j", "le", "la", "de", "en", "un",
    "que", "ne", "se", "son", "sa", "tous", "toutes", "tout", "comme", "chez", "notre", "votre", "nos", "vos",
    "entre", "sans", "je", "fait", "aussi", "peut", "même", "depuis", "afin", "ainsi", "donc", "très", "lors",
    "sous", "après", "avant",
];
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "the", "and", "of", "to", "in", "is", "for", "that", "with", "are", "was", "this", "from", "by", "have",
    "has", "their", "they", "which", "be", "not", "it", "on", "as", "at", "or", "an", "our", "we", "will",
    "who", "more", "been", "its", "you", "were", "but", "his", "her", "she", "he", "had", "can", "there",
    "these", "would", "about", "than", "into", "also", "when", "what", "all", "your", "how", "them", "i", "my",
    "out", "up", "one", "should",
];
/// Small words that French and English share with their neighbours: they count for neither where those are possible.
#[rustfmt::skip]
const SHARED_WITH_OTHERS: &[&str] = &[
    "la", "de", "en", "un", "que", "se", "l", "d", "il", "sa", "ne", "le", "son", "tout", "par", "in", "is",
    "an", "on", "i", "my", "me", "by", "all", "plus", "c", "j", "n",
];

#[derive(Default)]
struct Votes {
    words: usize,
    letters: usize,
    french: usize,
    english: usize,
    /// Of these, words that no neighbour language has.
    own_french: usize,
    own_english: usize,
}

/// The language of `text`, by its words; `None` when there is too little to tell. `hints` are declared languages
/// (html lang, path, header): they decide only where the words leave a doubt.
pub fn detect(text: &str, hints: &[Lang]) -> Option<Lang> {
    let sample = sample(text);
    let votes = count(sample);
    if let Some(lang) = by_small_words(&votes) {
        return Some(lang);
    }
    let found = by_letters(sample).or_else(|| by_triples(sample, &votes, hints));
    found.or_else(|| hints.first().copied())
}

/// The middle of a long text: beginnings and ends are menus and addresses more often.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE {
        return text;
    }
    let boundary = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = boundary((text.len() - SAMPLE) / 2);
    &text[start..boundary(start + SAMPLE)]
}

/// What a small word speaks for.
#[derive(Default, Clone, Copy)]
struct SmallWord {
    french: bool,
    english: bool,
    shared: bool,
}

static SMALL_WORDS: LazyLock<HashMap<&str, SmallWord>> = LazyLock::new(|| {
    let mut words: HashMap<&str, SmallWord> = HashMap::new();
    FRENCH.iter().for_each(|word| words.entry(word).or_default().french = true);
    ENGLISH.iter().for_each(|word| words.entry(word).or_default().english = true);
    SHARED_WITH_OTHERS.iter().for_each(|word| words.entry(word).or_default().shared = true);
    words
});

fn count(text: &str) -> Votes {
    let mut votes = Votes::default();
    let mut lower = String::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        votes.words += 1;
        votes.letters += word.chars().count();
        if word.len() > 10 {
            continue;
        }
        lower.clear();
        lower.extend(word.chars().flat_map(char::to_lowercase));
        let Some(small) = SMALL_WORDS.get(lower.as_str()) else { continue };
        votes.french += usize::from(small.french);
        votes.english += usize::from(small.english);
        votes.own_french += usize::from(small.french && !small.shared);
        votes.own_english += usize::from(small.english && !small.shared);
    }
    votes
}

/// French or English, when the small words leave no doubt.
fn by_small_words(votes: &Votes) -> Option<Lang> {
    let (lang, all, own, other) = if votes.own_french > votes.own_english {
        (Lang::FR, votes.french, votes.own_french, votes.own_english)
    } else {
        (Lang::EN, votes.english, votes.own_english, votes.own_french)
    };
    let share = |part: usize| part as f64 / votes.words.max(1) as f64;
    let sure = match votes.words {
        0..4 => false,
        4..20 => (own >= 2 && other == 0 || own >= 4 && own >= 3 * other) && share(all) >= 0.3,
        _ => own >= 4 && own >= 3 * other && share(all) >= 0.2 && share(own) >= 0.1,
    };
    sure.then_some(lang)
}

/// Letters that tell languages of one script apart, where triples go wrong; the first language whose letters are
/// frequent enough is taken.
const LETTERS: &[(&str, &str)] =
    &[("be", "ў"), ("uk", "іїєґ"), ("mk", "ѓќѕ"), ("sr", "ђћјљњ"), ("ru", "ыэё"), ("ur", "ٹڈڑےں"), ("fa", "پچژگی")];

/// The language by letters that only one language of its script has.
fn by_letters(sample: &str) -> Option<Lang> {
    let letters = sample.chars().filter(|c| matches!(c, 'Ѐ'..='ӿ' | 'ؠ'..='ۿ')).count();
    if letters < 30 || letters * 2 < sample.chars().filter(|c| c.is_alphabetic()).count() {
        return None;
    }
    let often = |own: &str| sample.chars().filter(|c| own.contains(*c)).count() * 100 >= letters;
    LETTERS.iter().find(|(_, own)| often(own)).and_then(|(lang, _)| lang.parse().ok())
}

fn by_triples(sample: &str, votes: &Votes, hints: &[Lang]) -> Option<Lang> {
    let info = whatlang::detect(sample)?;
    let lang = subtag(info.lang())?;
    let hinted = hints.contains(&lang);
    let enough = if hinted { ENOUGH_LETTERS / 2 } else { ENOUGH_LETTERS };
    // A script of one language needs few letters; Chinese and Japanese have few in a sentence.
    let own_script = info.script().langs().len() == 1;
    let letters = if own_script { votes.letters * 12 } else { votes.letters };
    let sure = info.is_reliable() || hinted || votes.letters >= 4 * ENOUGH_LETTERS && info.confidence() >= 0.3;
    (letters >= enough && sure).then_some(lang)
}

/// The primary subtag of BCP 47 for whatlang's ISO 639-3 code.
fn subtag(lang: whatlang::Lang) -> Option<Lang> {
    #[rustfmt::skip]
    const TWO: &[(&str, &str)] = &[
        ("eng", "en"), ("rus", "ru"), ("cmn", "zh"), ("spa", "es"), ("por", "pt"), ("ita", "it"), ("ben", "bn"),
        ("fra", "fr"), ("deu", "de"), ("ukr", "uk"), ("kat", "ka"), ("ara", "ar"), ("hin", "hi"), ("jpn", "ja"),
        ("heb", "he"), ("yid", "yi"), ("pol", "pl"), ("amh", "am"), ("jav", "jv"), ("kor", "ko"), ("nob", "no"),
        ("dan", "da"), ("swe", "sv"), ("fin", "fi"), ("tur", "tr"), ("nld", "nl"), ("hun", "hu"), ("ces", "cs"),
        ("ell", "el"), ("bul", "bg"), ("bel", "be"), ("mar", "mr"), ("kan", "kn"), ("ron", "ro"), ("slv", "sl"),
        ("hrv", "hr"), ("srp", "sr"), ("mkd", "mk"), ("lit", "lt"), ("lav", "lv"), ("est", "et"), ("tam", "ta"),
        ("vie", "vi"), ("urd", "ur"), ("tha", "th"), ("guj", "gu"), ("uzb", "uz"), ("pan", "pa"), ("aze", "az"),
        ("ind", "id"), ("tel", "te"), ("pes", "fa"), ("mal", "ml"), ("ori", "or"), ("mya", "my"), ("nep", "ne"),
        ("sin", "si"), ("khm", "km"), ("tuk", "tk"), ("aka", "ak"), ("zul", "zu"), ("sna", "sn"), ("afr", "af"),
        ("lat", "la"), ("slk", "sk"), ("cat", "ca"), ("tgl", "tl"), ("hye", "hy"), ("epo", "eo"), ("cym", "cy"),
    ];
    let code = lang.code();
    TWO.iter().find(|(three, _)| *three == code).map_or(code, |(_, two)| two).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        detect(text, &[]).map(|lang| lang.to_string())
    }

    #[test]
    fn sentences_of_many_languages() {
        for (text, wanted) in [
            ("L'école est fermée depuis deux mois et les enfants ne savent pas où aller.", "fr"),
            ("Schools have been closed for two months and the children do not know where to go.", "en"),
            (
                "Aide et Action and Solidarité Laïque create the \"Education Alliance\" for all of the world's children",
                "en",
            ),
            ("Aide et Action et Solidarité Laïque créent l'Alliance pour l'éducation dans le monde", "fr"),
            (
                "Las escuelas llevan dos meses cerradas y los niños no saben a dónde ir. El gobierno no ha dicho cuándo volverán a abrir, y las familias tampoco lo saben.",
                "es",
            ),
            (
                "Die Schulen sind seit zwei Monaten geschlossen, und die Kinder wissen nicht, wohin sie gehen sollen. Auch die Eltern haben keine Antwort erhalten.",
                "de",
            ),
            (
                "Le scuole sono chiuse da due mesi e i bambini non sanno dove andare. Il governo non ha detto quando riapriranno, e le famiglie aspettano una risposta.",
                "it",
            ),
            (
                "De scholen zijn al twee maanden gesloten en de kinderen weten niet waar ze heen moeten. De regering heeft niet gezegd wanneer ze weer opengaan.",
                "nl",
            ),
            (
                "As escolas estão fechadas há dois meses e as crianças não sabem para onde ir. O governo não disse quando é que vão reabrir, nem o que fazer.",
                "pt",
            ),
            (
                "Sekolah-sekolah telah ditutup selama dua bulan dan anak-anak tidak tahu harus pergi ke mana. Pemerintah belum mengatakan kapan akan dibuka kembali.",
                "id",
            ),
            (
                "Школы закрыты уже два месяца, и дети не знают, куда идти. Правительство не сказало, когда они снова откроются.",
                "ru",
            ),
            (
                "Школи зачинені вже два місяці, і діти не знають, куди йти. Уряд не сказав, коли вони знову відкриються.",
                "uk",
            ),
            (
                "مدارس دو ماه است که بسته شده‌اند و کودکان نمی‌دانند به کجا بروند. دولت نگفته است چه زمانی باز می‌شوند.",
                "fa",
            ),
            ("学校已经关闭了两个月，孩子们不知道该去哪里。", "zh"),
            ("学校は二か月も閉まっていて、子どもたちはどこへ行けばいいのかわかりません。", "ja"),
            (
                "المدارس مغلقة منذ شهرين والأطفال لا يعرفون إلى أين يذهبون. ولم تقل الحكومة متى ستفتح من جديد، ولا أحد يعرف الجواب.",
                "ar",
            ),
        ] {
            assert_eq!(of(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn too_little_text_is_no_guess() {
        for text in [
            "",
            "…",
            "2020 : 12",
            "Education now",
            "Alliance éducation",
            "Mali",
            "Les enfants",
            "Haiti earthquake appeal",
            "Rencontres 2021 – Dakar",
        ] {
            assert_eq!(detect(text, &[]), None, "{text}");
            assert_eq!(detect(text, &[Lang::EN, Lang::FR]), Some(Lang::EN), "{text}");
        }
    }

    #[test]
    fn words_overrule_a_false_declaration() {
        let french =
            "Les élèves des écoles du Burkina Faso ont été déplacés par les violences, et ils ne peuvent pas étudier.";
        assert_eq!(detect(french, &[Lang::EN]), Some(Lang::FR));
    }
}
