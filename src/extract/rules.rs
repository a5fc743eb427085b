//! # What do the selectors of the member file say?
//!
//! A member may name where title, date and text stand in a layout of its site, valid between two days. They win over
//! everything the reader finds by itself. Selectors are matched by `scraper` on the tree as it was read, written out
//! again within its bounds.

use super::dom::{Tree, What};
use crate::model::{Rules, Warning};
use jiff::civil::Date;
use scraper::{Html, Selector};

/// Attributes of an element that selectors can see.
const ATTRIBUTES: usize = 64;

/// What the selectors found; empty where they found nothing.
#[derive(Debug, Default, PartialEq)]
pub struct Selected {
    /// Words of the title.
    pub title: String,
    /// Words or machine form of the date.
    pub date: String,
    /// HTML of the text, with what is to be removed taken out.
    pub html: String,
}

/// The rules of the layout that was in use on `day`; the newest when no day is known.
pub fn in_use(rules: &[Rules], day: Option<Date>) -> Option<&Rules> {
    let Some(day) = day else { return rules.first() };
    rules.iter().find(|rule| rule.since.is_none_or(|since| since <= day) && rule.until.is_none_or(|until| day <= until))
}

/// Applies the rules. A selector that cannot be read is a warning.
pub fn apply(tree: &Tree<'_>, rules: &Rules, warnings: &mut Vec<Warning>) -> Selected {
    let mut page = Html::parse_document(&written(tree));
    let mut selector = |raw: &str| {
        let parsed = Selector::parse(raw);
        if parsed.is_err() {
            warnings.push(Warning::new("selector-unreadable", raw.to_owned()));
        }
        parsed.ok()
    };
    let title = rules.title.as_deref().and_then(&mut selector);
    let date = rules.date.as_deref().and_then(&mut selector);
    let content = rules.content.as_deref().and_then(&mut selector);
    let remove: Vec<Selector> = rules.remove.iter().filter_map(|raw| selector(raw)).collect();
    let words = |selector: &Selector| page.select(selector).next().map(|found| found.text().collect::<String>());
    let mut selected = Selected { title: title.as_ref().and_then(words).unwrap_or_default(), ..Selected::default() };
    if let Some(found) = date.as_ref().and_then(|selector| page.select(selector).next()) {
        let machine = ["datetime", "content"].iter().find_map(|name| found.attr(name));
        selected.date = machine.map_or_else(|| found.text().collect(), str::to_owned);
    }
    let removed: Vec<_> =
        remove.iter().flat_map(|selector| page.select(selector).map(|found| found.id()).collect::<Vec<_>>()).collect();
    for id in removed {
        if let Some(mut node) = page.tree.get_mut(id) {
            node.detach();
        }
    }
    if let Some(content) = &content {
        let pieces: Vec<String> = outermost(&page, content);
        selected.html = pieces.concat();
    }
    selected
}

/// The elements that a selector matches, those within others left out.
fn outermost(page: &Html, selector: &Selector) -> Vec<String> {
    let all: Vec<_> = page.select(selector).collect();
    let inside =
        |element: &scraper::ElementRef<'_>| element.ancestors().any(|up| all.iter().any(|other| other.id() == up.id()));
    all.iter().filter(|element| !inside(element)).map(scraper::ElementRef::html).collect()
}

/// The tree as HTML.
fn written(tree: &Tree<'_>) -> String {
    let mut out = String::new();
    let mut open: Vec<usize> = Vec::new();
    for at in 0..tree.len() {
        while let Some(&top) = open.last()
            && tree.end(top) <= at
        {
            open.pop();
            end_tag(&mut out, tree, top);
        }
        match &tree.nodes()[at].what {
            What::Text(text) if tree.tag(tree.parent(at)).is_raw() => out.push_str(text),
            What::Text(text) => push_escaped(&mut out, text),
            What::Element(element) => {
                out.push('<');
                out.push_str(element.name);
                for (name, value) in element.attrs.iter().take(ATTRIBUTES) {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    push_escaped(&mut out, &value.decoded());
                    out.push('"');
                }
                out.push('>');
                open.push(at);
            }
        }
    }
    while let Some(top) = open.pop() {
        end_tag(&mut out, tree, top);
    }
    out
}

fn end_tag(out: &mut String, tree: &Tree<'_>, at: usize) {
    if let What::Element(element) = &tree.nodes()[at].what
        && !element.tag.is_void()
    {
        out.push_str("</");
        out.push_str(element.name);
        out.push('>');
    }
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<h1>Site</h1><div class=head><h2>Le titre</h2><span class=day>3 mars 2021</span></div>\
        <div class=body><p>Un.</p><div class=ad>Pub</div><p>Deux.</p></div>";

    fn rules() -> Rules {
        Rules {
            title: Some(".head h2".to_owned()),
            date: Some(".day".to_owned()),
            content: Some(".body".to_owned()),
            remove: vec![".ad".to_owned()],
            ..Rules::default()
        }
    }

    #[test]
    fn selectors_choose_and_remove() {
        let tree = Tree::parse(PAGE, &mut Vec::new());
        let found = apply(&tree, &rules(), &mut Vec::new());
        assert_eq!((found.title.as_str(), found.date.as_str()), ("Le titre", "3 mars 2021"));
        assert_eq!(found.html, r#"<div class="body"><p>Un.</p><p>Deux.</p></div>"#);
    }

    #[test]
    fn a_bad_selector_is_a_warning() {
        let tree = Tree::parse(PAGE, &mut Vec::new());
        let mut warnings = Vec::new();
        let bad = Rules { title: Some("h2[".to_owned()), ..Rules::default() };
        assert_eq!(apply(&tree, &bad, &mut warnings), Selected::default());
        assert_eq!(warnings[0].code, "selector-unreadable");
    }

    #[test]
    fn layouts_follow_the_days() {
        let old = Rules { until: Some(jiff::civil::date(2020, 1, 31)), ..rules() };
        let new = Rules { since: Some(jiff::civil::date(2020, 2, 1)), ..Rules::default() };
        let all = [new, old];
        assert_eq!(in_use(&all, Some(jiff::civil::date(2019, 5, 5))), Some(&all[1]));
        assert_eq!(in_use(&all, Some(jiff::civil::date(2024, 5, 5))), Some(&all[0]));
        assert_eq!(in_use(&all, None), Some(&all[0]));
    }
}
