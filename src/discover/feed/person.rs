//! Who is meant by an author element?

use super::{fields::Field, region::Region, value::Desk};

/// The name of a person: Atom has it in an element, RSS as `address (name)` or `name <address>`.
pub(super) fn author<'a>(field: &Field<'a>, desk: &mut Desk<'_, 'a>) -> String {
    let person = Region::inside(field);
    let mut fields = person.fields();
    let (mut name, mut address) = (String::new(), String::new());
    while let Some(inner) = fields.next(desk.scope, desk.repairs) {
        let (_, local, _) = desk.scope.resolve(&inner.tag);
        match local.to_ascii_lowercase().as_str() {
            "name" => name = desk.text(&inner).into_owned(),
            "email" => address = desk.text(&inner).into_owned(),
            _ => {}
        }
    }
    let stated = [name, address].into_iter().find(|text| !text.trim().is_empty());
    person_name(&stated.unwrap_or_else(|| desk.text(field).into_owned()))
}

/// The name in `mail@example.org (Name)`, `Name <mail@example.org>` or `Name, mail@example.org`; the address when there
/// is no name.
fn person_name(text: &str) -> String {
    let text = text.trim().trim_start_matches("mailto:");
    if !text.contains('@') {
        return text.to_owned();
    }
    let is_edge = |letter: char| letter.is_whitespace() || "()<>[],;:\"".contains(letter);
    let words = text.split(|letter: char| letter.is_whitespace() || "()<>[]".contains(letter));
    let address = words.into_iter().find(|word| word.contains('@')).unwrap_or(text);
    let name = text.replacen(address, "", 1);
    let name = name.replace("()", "").replace("<>", "");
    match name.trim_matches(is_edge) {
        "" => address.trim_matches(is_edge).to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_names() {
        for (text, expected) in [
            ("contact@a.example (Rédaction)", "Rédaction"),
            ("contact@a.example\u{a0}(Rédaction)", "Rédaction"),
            ("Anne Petit <anne@a.example>", "Anne Petit"),
            ("Anne Petit", "Anne Petit"),
            ("anne@a.example", "anne@a.example"),
            ("mailto:anne@a.example", "anne@a.example"),
            ("\u{a0}anne@a.example", "anne@a.example"),
            ("@anne", "@anne"),
            ("", ""),
        ] {
            assert_eq!(person_name(text), expected, "{text:?}");
        }
    }
}
