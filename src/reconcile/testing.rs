//! Drafts for tests: a news page with this title and text.

use crate::model::{Draft, Kind, KindGuess, Lang, PageState};

/// A French news page without date, picture or links.
pub fn draft(title: &str, text: &str) -> Draft {
    Draft {
        url: "https://example.org/a".to_owned(),
        canonical: String::new(),
        title: title.to_owned(),
        lang: Some(Lang::FR),
        machine_translated: None,
        kind: KindGuess { kind: Kind::News, reason: String::new() },
        state: PageState::Live,
        published: None,
        modified: None,
        dates: Vec::new(),
        authors: Vec::new(),
        image: None,
        html: format!("<p><a href=\"https://example.org/a\">{text}</a></p>"),
        text: text.to_owned(),
        summary: String::new(),
        place: String::new(),
        contacts: String::new(),
        embargo: None,
        about: String::new(),
        attachments: Vec::new(),
        translations: Vec::new(),
        categories: Vec::new(),
        warnings: Vec::new(),
    }
}
