//! # Which words does inclusive writing stand for?
//!
//! `migrant·e·s`, `ukrainien.ne.s`, `directeur-rice-s`, `inscrit(e)s`: the masculine as written, and the feminine made
//! from it. What is no known ending is left alone (`fin.Les migrants` is two words).

use super::pieces::{Joint, Piece};

/// End of the masculine, ending as written, end of the feminine. Longest masculine first.
const ENDINGS: [(&str, &str, &str); 24] = [
    ("teur", "trice", "trice"),
    ("eur", "rice", "rice"),
    ("eur", "euse", "euse"),
    ("eur", "eresse", "eresse"),
    ("eur", "eure", "eure"),
    ("eur", "se", "euse"),
    ("ier", "iere", "iere"),
    ("er", "ere", "ere"),
    ("eux", "euse", "euse"),
    ("eux", "se", "euse"),
    ("aux", "ales", "ales"),
    ("ou", "te", "oute"),
    ("ien", "ienne", "ienne"),
    ("on", "onne", "onne"),
    ("el", "elle", "elle"),
    ("f", "ve", "ve"),
    ("x", "se", "se"),
    ("n", "ne", "nne"),
    ("l", "le", "lle"),
    ("t", "te", "tte"),
    ("s", "se", "sse"),
    ("e", "esse", "esse"),
    ("e", "sse", "esse"),
    ("", "e", "e"),
];

/// Longest ending, with its plural.
const LONGEST: usize = 8;

/// Reads inclusive writing at the start of `pieces`: how many pieces it takes, and the feminine.
pub fn read(text: &str, pieces: &[Piece]) -> Option<(usize, String)> {
    let base = &text[pieces[0].range.clone()];
    let joint = pieces[0].joint;
    if !can_join(joint) || pieces.len() < 2 || base.len() < 2 || !base.chars().all(char::is_alphabetic) {
        return None;
    }
    let written = &text[pieces[1].range.clone()];
    let feminine = feminine(base, written)?;
    let mut taken = 2;
    if let Some(plural) = pieces.get(2)
        && pieces[1].joint == joint
        && matches!(&text[plural.range.clone()], "s" | "S" | "x" | "X")
    {
        taken = 3;
    }
    let closed = pieces[taken - 1].joint != joint;
    // hyphens join much else (`dis-le`, `a-t-elle`): there the ending has to be a long one, or followed by its plural
    let clear = joint != Joint::Hyphen || taken == 3 || written.len() > 2 || written.eq_ignore_ascii_case("ve");
    (closed && clear).then_some((taken, feminine))
}

fn can_join(joint: Joint) -> bool {
    matches!(joint, Joint::Dot | Joint::Middot | Joint::Hyphen | Joint::Bracket)
}

/// The feminine of `base` with the ending as written (accents, case and plural aside).
fn feminine(base: &str, written: &str) -> Option<String> {
    if written.len() > LONGEST || !written.chars().all(char::is_alphabetic) {
        return None;
    }
    let shouted = base.chars().all(char::is_uppercase);
    if !shouted && written.chars().any(char::is_uppercase) {
        return None;
    }
    let base = base.to_lowercase();
    let written = written.to_lowercase().replace(['è', 'é'], "e");
    let singular = written.strip_suffix('s').unwrap_or(&written);
    let base = base.strip_suffix('s').filter(|stem| !stem.is_empty() && singular != "se").unwrap_or(&base);
    let (masculine, _, feminine) =
        ENDINGS.iter().find(|(masculine, ending, _)| *ending == singular && base.ends_with(masculine))?;
    Some(format!("{}{feminine}", &base[..base.len() - masculine.len()]))
}
