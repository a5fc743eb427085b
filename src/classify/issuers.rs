//! Which organisations issued a text together, and which signed it? Those that are only spoken of are neither.
//!
//! Two places say so: the line that calls the text a joint one ("Communiqué conjoint de …", "Joint statement by …"),
//! and the list behind a heading such as "Signataires :" or "Signed by". Every name comes with that line as evidence.
//!
//! To know a further wording: [`JOINT`], [`SIGNED`], [`ENDS`] and [`ROLES`], in folded form.

use crate::normalise::text::fold;

/// What a text issued by several calls itself.
const JOINT: &[&str] = &[
    "communique de presse conjoint",
    "communique conjoint",
    "communique de presse commun",
    "communique commun",
    "communique interassociatif",
    "communique inter-associatif",
    "communique intersyndical",
    "declaration conjointe",
    "declaration commune",
    "tribune commune",
    "tribune collective",
    "appel commun",
    "joint press release",
    "joint press statement",
    "joint statement",
    "joint communique",
    "joint declaration",
    "joint appeal",
    "joint release",
];

/// How a list of signatories begins.
const SIGNED: &[&str] = &[
    "signataires",
    "les signataires",
    "liste des signataires",
    "liste complete des signataires",
    "organisations signataires",
    "les organisations signataires",
    "associations signataires",
    "les associations signataires",
    "liste des organisations signataires",
    "premiers signataires",
    "premieres signataires",
    "cosignataires",
    "co-signataires",
    "signe par",
    "signee par",
    "tribune signee par",
    "communique signe par",
    "signatories",
    "the signatories",
    "list of signatories",
    "full list of signatories",
    "signatory organisations",
    "signatory organizations",
    "signing organisations",
    "signing organizations",
    "first signatories",
    "co-signatories",
    "cosignatories",
    "signed by",
    "co-signed by",
    "cosigned by",
];

/// How the line after a list begins.
const ENDS: &[&str] = &[
    "contact",
    "press contact",
    "media contact",
    "a propos",
    "about",
    "note",
    "pour en savoir plus",
    "for more information",
    "lire aussi",
    "read also",
    "partager",
    "share",
    "retrouvez",
    "telecharger",
    "download",
];

/// What people are in organisations: a line "Ada Diallo, présidente de la Ligue" is signed by the League.
const ROLES: &[&str] = &[
    "president",
    "presidente",
    "copresident",
    "copresidente",
    "vice-president",
    "vice-presidente",
    "directeur",
    "directrice",
    "secretaire",
    "delegue",
    "deleguee",
    "responsable",
    "porte-parole",
    "coordinateur",
    "coordinatrice",
    "chair",
    "chairperson",
    "chairman",
    "chairwoman",
    "director",
    "secretary",
    "head",
    "spokesperson",
    "coordinator",
    "ceo",
];

/// Words behind which a sentence about the subject begins, in a line that names the issuers.
const SUBJECTS: &[&str] = &[
    " sur ",
    " suite ",
    " a l'occasion ",
    " a propos ",
    " concernant ",
    " face ",
    " contre ",
    " apres ",
    " on ",
    " about ",
    " regarding ",
    " following ",
    " against ",
    " ahead ",
    " after ",
];

/// Lines at the top among which a text says that it is a joint one.
const TOP: usize = 6;
/// Signatories beyond this are not listed.
const MOST: usize = 200;
/// A longer line is no name, a longer heading no heading (characters).
const LONGEST_NAME: usize = 100;
const LONGEST_HEADING: usize = 90;
/// A joint text says so within so many characters of a line.
const LONGEST_LINE: usize = 300;

/// An organisation behind a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its name as written, without article and acronym in brackets.
    pub name: String,
    /// Signatory of a list rather than issuer.
    pub signatory: bool,
    /// The line that says so.
    pub evidence: String,
}

/// Issuers and signatories of a text, in order. `known` names stay whole ("Aide et Action" is one).
pub fn issuers(title: &str, text: &str, known: &[String]) -> Vec<Signed> {
    let known: Vec<String> = known.iter().map(|name| fold(name)).collect();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut found: Vec<Signed> = Vec::new();
    let mut add = |name: String, signatory: bool, evidence: &str| {
        if found.len() < MOST && !found.iter().any(|other| fold(&other.name) == fold(&name)) {
            found.push(Signed { name, signatory, evidence: evidence.to_owned() });
        }
    };
    let top: Vec<&str> = std::iter::once(title).chain(lines.iter().copied().take(TOP)).collect();
    for (at, line) in top.iter().enumerate() {
        let Some(rest) = after_any(line, JOINT) else { continue };
        let mut names = of_joint(rest, &known);
        if names.is_empty() && rest.trim_matches(is_between).is_empty() {
            names = top.get(at + 1).map(|next| of_joint(next, &known)).filter(|n| n.len() > 1).unwrap_or_default();
        }
        names.into_iter().for_each(|name| add(name, false, line));
    }
    for (at, line) in lines.iter().enumerate() {
        if let Some(rest) = heading(line) {
            of_list(rest, &lines[at + 1..], &known).into_iter().for_each(|name| add(name, true, line));
        }
    }
    found
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '|' | '/' | '.' | '•' | '*' | '·')
}

/// What stands behind the first of `phrases` in a line.
fn after_any<'a>(line: &'a str, phrases: &[&str]) -> Option<&'a str> {
    let line = beginning(line, LONGEST_LINE);
    let folded = fold(line);
    if !phrases.iter().any(|phrase| folded.contains(phrase)) {
        return None;
    }
    let letters: Vec<(usize, char)> = line.char_indices().collect();
    let starts = letters
        .iter()
        .enumerate()
        .filter(|(n, (_, c))| c.is_alphabetic() && (*n == 0 || !letters[n - 1].1.is_alphanumeric()));
    for (_, (start, _)) in starts {
        if let Some(rest) = phrases.iter().find_map(|phrase| strip(&line[*start..], phrase)) {
            return Some(rest);
        }
    }
    None
}

/// At most `most` characters.
fn beginning(line: &str, most: usize) -> &str {
    line.char_indices().nth(most).map_or(line, |(end, _)| &line[..end])
}

/// What stands behind `phrase` (folded) at the start of `text`, where a word ends there.
fn strip<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let length = phrase.chars().count();
    // Folding opens ligatures only; the phrases have none, so the characters correspond.
    let end = text.char_indices().nth(length).map_or(text.len(), |(end, _)| end);
    let begins = fold(&text[..end]) == phrase && !text[end..].starts_with(char::is_alphanumeric);
    begins.then(|| &text[end..])
}

/// Names in a line that says who issued a text together.
fn of_joint(rest: &str, known: &[String]) -> Vec<String> {
    let mut rest = rest.trim();
    let folded = fold(rest);
    if folded.chars().count() == rest.chars().count()
        && let Some(cut) = SUBJECTS.iter().filter_map(|word| folded.find(word)).min()
    {
        let letters = folded[..cut].chars().count();
        rest = rest.char_indices().nth(letters).map_or(rest, |(end, _)| &rest[..end]);
    }
    let parts = rest.split([',', ';', '|', '•', '·', ':']).flat_map(|part| part.split(" / ").flat_map(dashes));
    let names: Vec<Option<String>> = parts
        .filter(|part| !part.trim_matches(is_between).is_empty())
        .flat_map(|part| joined(part, known))
        .map(|part| name(&part))
        .collect();
    // One part that is no name, and the line is a sentence.
    names.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn dashes(part: &str) -> impl Iterator<Item = &str> {
    part.split(" – ").flat_map(|part| part.split(" — ")).flat_map(|part| part.split(" - "))
}

/// The halves of "A et B", unless the whole is one known name or a half is no name.
fn joined(part: &str, known: &[String]) -> Vec<String> {
    let whole = name(part);
    if whole.as_ref().is_some_and(|name| known.contains(&fold(name))) {
        return vec![part.to_owned()];
    }
    for word in [" et ", " and ", " & "] {
        for (at, _) in part.match_indices(word) {
            let (first, second) = (&part[..at], &part[at + word.len()..]);
            if name(first).is_some() && name(second).is_some() {
                let mut halves = joined(first, known);
                halves.extend(joined(second, known));
                return halves;
            }
        }
    }
    vec![part.to_owned()]
}

/// What stands behind a heading of signatories: empty when the list follows below.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(is_between);
    let folded = fold(beginning(line, LONGEST_HEADING));
    if !SIGNED.iter().any(|phrase| folded.starts_with(phrase)) {
        return None;
    }
    let rest = SIGNED.iter().filter_map(|phrase| strip(line, phrase)).min_by_key(|rest| rest.len())?;
    match rest.find(':') {
        Some(colon) if rest[..colon].chars().count() <= LONGEST_HEADING => Some(&rest[colon + 1..]),
        _ if rest.trim_matches(is_between).is_empty() => Some(""),
        // "Signed by A, B and C" needs no colon.
        _ if strip(line, "signed by").or_else(|| strip(line, "signe par")).is_some() => Some(rest),
        _ => None,
    }
}

/// Names of a list: on the line of its heading, else on the lines below it.
fn of_list(rest: &str, below: &[&str], known: &[String]) -> Vec<String> {
    if !rest.trim_matches(is_between).is_empty() {
        return of_line(rest, known);
    }
    let mut names = Vec::new();
    for line in below {
        let folded = fold(line.trim_start_matches(is_between));
        let is_end = ENDS.iter().any(|end| folded.starts_with(end)) || line.contains(['@', '?', '!']);
        let of_line = if is_end { Vec::new() } else { of_line(line, known) };
        if of_line.is_empty() {
            break;
        }
        names.extend(of_line);
    }
    names
}

/// Names in one line of a list; none when it is a sentence.
fn of_line(line: &str, known: &[String]) -> Vec<String> {
    let line = line.trim_matches(is_between);
    if let Some(of) = organisation_of(line) {
        return name(of).into_iter().collect();
    }
    let parts: Vec<&str> = line.split([',', ';', '•', '·', '|']).filter(|part| !part.trim().is_empty()).collect();
    let last = parts.len().saturating_sub(1);
    let mut names = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let halves = if at == last && last > 0 { joined(part, known) } else { vec![(*part).to_owned()] };
        for half in halves {
            match name(&half) {
                Some(name) => names.push(name),
                // "La Ligue, fédération de Paris": what follows tells more about the first one.
                None if at > 0 => {}
                None => return Vec::new(),
            }
        }
    }
    names
}

/// "Ada Diallo, présidente de la Ligue": the League.
fn organisation_of(line: &str) -> Option<&str> {
    let (_, role) = line.split_once([',', '('])?;
    let role = role.trim_end_matches(')');
    let mut after = 0;
    let is_role = role.split(' ').take(3).any(|word| {
        after += word.len() + 1;
        let word = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        ROLES.contains(&word.split('·').next().unwrap_or_default())
    });
    let behind = role.get(after..).filter(|_| is_role)?;
    let of = behind.find(char::is_uppercase)?;
    Some(&behind[of..])
}

/// A name of an organisation: begins with a capital or a digit once articles are gone, is short, and no sentence.
fn name(part: &str) -> Option<String> {
    let mut part = part.trim_matches(|c: char| is_between(c) || matches!(c, '«' | '»' | '"' | '“' | '”' | ','));
    loop {
        let before = part;
        for article in [
            "de la ", "de l'", "de l’", "des ", "du ", "de ", "d'", "d’", "la ", "le ", "les ", "l'", "l’", "et ",
            "and ", "by ", "from ", "of ", "the ", "par ", "avec ", "with ", "between ", "entre ",
        ] {
            part = part.strip_prefix(article).unwrap_or(part).trim_start();
        }
        if part == before {
            break;
        }
    }
    if let (Some(open), true) = (part.find(" ("), part.ends_with(')')) {
        part = &part[..open];
    }
    let words = part.split_whitespace().count();
    let begins = part.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let letters = part.chars().filter(|c| c.is_alphabetic()).count();
    let is_name = begins && (1..=14).contains(&words) && letters >= 2 && part.chars().count() <= LONGEST_NAME;
    let is_sentence = part.contains(". ") || part.contains("http") || part.contains('@');
    (is_name && !is_sentence).then(|| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(title: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let known = ["Aide et Action".to_owned(), "Solidarité Laïque".to_owned()];
        let all = issuers(title, text, &known);
        let of = |signatory| all.iter().filter(|one| one.signatory == signatory).map(|one| one.name.clone()).collect();
        (of(false), of(true))
    }

    #[test]
    fn issuers_of_joint_texts() {
        for (title, text, expected) in [
            (
                "Communiqué conjoint de Solidarité Laïque et Aide et Action",
                "",
                vec!["Solidarité Laïque", "Aide et Action"],
            ),
            (
                "Appel",
                "Communiqué de presse commun\nAide et Action – Solidarité Laïque – FCPE\nTexte.",
                vec!["Aide et Action", "Solidarité Laïque", "FCPE"],
            ),
            (
                "Joint statement by the Education Coalition, Plan and Oxfam on school fees",
                "",
                vec!["Education Coalition", "Plan", "Oxfam"],
            ),
            (
                "Communiqué inter-associatif : la Ligue de l'enseignement, les Ceméa",
                "",
                vec!["Ligue de l'enseignement", "Ceméa"],
            ),
            ("Un communiqué commun a été adopté", "", vec![]),
            (
                "Rencontre",
                "La Ligue et la FCPE se sont réunies. Elles préparent un communiqué commun pour la rentrée.",
                vec![],
            ),
            ("Aide et Action rencontre l'Unicef", "L'Unesco et l'Unicef saluent.", vec![]),
        ] {
            assert_eq!(found(title, text).0, expected, "{title}");
        }
    }

    #[test]
    fn signatories_of_lists() {
        for (text, expected) in [
            (
                "Fin du texte.\nSignataires : CFDT, CGT, la Ligue de l'enseignement et Solidarité Laïque.",
                vec!["CFDT", "CGT", "Ligue de l'enseignement", "Solidarité Laïque"],
            ),
            (
                "Les organisations signataires de cet appel :\n• Aide et Action\n• Terre et Humanisme\n• FCPE (Fédération des conseils de parents d’élèves)\nContact presse\nAda Diallo",
                vec!["Aide et Action", "Terre et Humanisme", "FCPE"],
            ),
            (
                "Signed by:\nAda Diallo, Chair of the Education Coalition\nJean Petit, director, Oxfam France\nOxfam\nThe text goes on with a sentence that is far too long to be the name of any organisation in the world, really.",
                vec!["Education Coalition", "Oxfam France", "Oxfam"],
            ),
            ("Les signataires demandent au gouvernement : plus de moyens.", vec![]),
            ("Les signataires demandent plus de moyens au gouvernement, à l'Unicef et à l'Unesco.", vec![]),
            ("Signataires", vec![]),
        ] {
            assert_eq!(found("Titre", text).1, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(title in ".{0,60}", text in "(?s)(?:.{0,12}|Signataires|signed by|:|, |\n|Œ|communiqué conjoint ){0,20}") {
            for one in issuers(&title, &text, &[]) {
                proptest::prop_assert!(!one.name.is_empty() && !one.evidence.is_empty());
            }
        }
    }
}
