//! A text as the things that are compared: letters without their dress, words, runs of three words.

use crate::normalise::text::fold;

/// The folded letters and digits of `text` and nothing else, every one of `names` written `§`: equal for two texts that
/// differ only in punctuation, spacing, accents, case, or one name of the organisation for another.
pub fn squash(text: &str, names: &[String]) -> String {
    let mut squashed = letters(text);
    let mut names: Vec<String> = names.iter().map(|name| letters(name)).filter(|name| name.len() >= 4).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        if squashed.contains(&name) {
            squashed = squashed.replace(&name, "§");
        }
    }
    squashed
}

fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The folded words of `text`. A number is one word, however its thousands are parted: `2 600`, `2,600`, `5'000`.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let chars: Vec<char> = folded.chars().collect();
    let mut words = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_alphanumeric() {
            at += 1;
            continue;
        }
        let (word, next) = if chars[at].is_ascii_digit() { number(&chars, at) } else { plain(&chars, at) };
        words.push(word);
        at = next;
    }
    words
}

/// What a translator leaves as it is, in order: numbers and proper names of each line, as hashes. A name is a word with a
/// capital that does not begin a sentence; names of months and days are left out, for only English writes them so. Lines
/// that are lists of names (signatories) are left out too: two appeals may have the same ones.
pub fn anchors(text: &str) -> Vec<u64> {
    let mut anchors = Vec::new();
    for line in text.lines() {
        let chars: Vec<char> = line.chars().collect();
        let (mut at, mut begins, mut count, from) = (0, true, 0, anchors.len());
        while at < chars.len() {
            if !chars[at].is_alphanumeric() {
                begins |= matches!(chars[at], '.' | '!' | '?' | ':' | '«' | '»' | '"' | '“' | '”' | '…');
                at += 1;
                continue;
            }
            count += 1;
            let (word, next) = if chars[at].is_ascii_digit() { number(&chars, at) } else { plain(&chars, at) };
            if chars[at].is_ascii_digit() {
                anchors.push(hash(&word));
            } else if !begins && chars[at].is_uppercase() && next - at >= 3 {
                let folded = fold(&word);
                if !CALENDAR.contains(&folded.as_str()) {
                    anchors.push(hash(&folded.chars().take(6).collect::<String>()));
                }
            }
            (at, begins) = (next, false);
        }
        if count >= 8 && (anchors.len() - from) * 2 > count {
            anchors.truncate(from);
        }
    }
    anchors
}

const CALENDAR: [&str; 38] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The first five letters of every longer word, in order, as hashes: `éducation` and `education`, `solidarité` and
/// `solidarity` are equal, so translations between related languages show in the order they keep.
pub fn stems(words: &[String]) -> Vec<u64> {
    let beginning = |word: &String| {
        let (fifth, letter) = word.char_indices().nth(4)?;
        Some(hash(&word[..fifth + letter.len_utf8()]))
    };
    words.iter().filter_map(beginning).collect()
}

/// A run of letters; digits end it ("Paris12" is two words).
fn plain(chars: &[char], from: usize) -> (String, usize) {
    let mut at = from;
    while at < chars.len() && chars[at].is_alphanumeric() && !chars[at].is_ascii_digit() {
        at += 1;
    }
    (chars[from..at].iter().collect(), at)
}

/// A run of digits; after one to three of them, the groups of three that follow.
fn number(chars: &[char], from: usize) -> (String, usize) {
    let digits = |at: usize| chars.get(at..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).count();
    let first = digits(from);
    let mut at = from + first;
    let mut number: String = chars[from..at].iter().collect();
    let parted =
        |at: usize| chars.get(at).is_some_and(|c| matches!(c, ' ' | ',' | '.' | '\'' | '’' | '\u{a0}' | '\u{202f}'));
    while first <= 3 && parted(at) && digits(at + 1) == 3 {
        number.extend(&chars[at + 1..at + 4]);
        at += 4;
    }
    (number, at)
}

/// A stable 64-bit hash (FNV-1a): kept in the store, so it never changes with the compiler.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Mixes two hashes into one.
pub fn mix(a: u64, b: u64) -> u64 {
    let mut mixed = a.rotate_left(23) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 32;
    mixed.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Runs of three words as hashes, sorted, each once.
pub fn shingles(words: &[String]) -> Vec<u64> {
    let hashes: Vec<u64> = words.iter().map(|word| hash(word)).collect();
    let mut runs: Vec<u64> = hashes.windows(3).map(|run| mix(mix(run[0], run[1]), run[2])).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// How many values two sorted lists have in common.
pub fn common(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, count) = (i + 1, j + 1, count + 1),
        }
    }
    count
}

/// Length of the longest sequence that stands in both lists in this order.
pub fn longest_common(a: &[u64], b: &[u64]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut now = vec![0; b.len() + 1];
    for x in a {
        for (place, y) in b.iter().enumerate() {
            now[place + 1] = if x == y { before[place] + 1 } else { before[place + 1].max(now[place]) };
        }
        std::mem::swap(&mut before, &mut now);
    }
    before[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dress_does_not_count() {
        let names = ["Aide et Action".to_owned(), "Action Éducation".to_owned()];
        let same = |a: &str, b: &str| assert_eq!(squash(a, &names), squash(b, &names));
        same("L'appel d'Aide et Action.", "L’appel d’Action Éducation !");
        same("the right of education", "the right ofeducation");
        same("2 600 enfants", "2600 enfants");
        assert_ne!(squash("2 600 enfants", &names), squash("2 700 enfants", &names));
    }

    #[test]
    fn numbers_are_one_word() {
        assert_eq!(words("2,600 children; 5'000 pupils"), ["2600", "children", "5000", "pupils"]);
        assert_eq!(words("In 2021, 200 schools"), ["in", "2021", "200", "schools"]);
        assert_eq!(words("Paris12 January"), ["paris", "12", "january"]);
        assert_eq!(words("1 200 300,5"), ["1200300", "5"]);
    }
}
