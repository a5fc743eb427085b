//! # Labels: every word a reader sees
//!
//! The words of pages, feeds and messages stand in `fr.ftl` and `en.ftl` (Fluent), never in code, so that a translator
//! can work without a compiler. The three doors and `classify` ask here.
//!
//! ```
//! use communique::{labels::Labels, model::Lang};
//! let french = Labels::get(Lang::FR);
//! assert_eq!(french.count("releases", 2600), "2\u{202f}600 communiqués");
//! ```
//!
//! To add a label: one line in each file. A test fails when a file lacks a key, when code asks for a key that does not
//! exist, and when a key is no longer used. A further language is one more file and one more entry in [`LANGS`].

mod countries;
mod dates;

pub use countries::COUNTRIES;

use crate::model::{Kind, Lang};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::{borrow::Cow, sync::LazyLock};
use unic_langid::LanguageIdentifier;

/// Languages of the newsroom's own words, the one for readers who state none first.
pub const LANGS: [Lang; 2] = [Lang::FR, Lang::EN];

/// A value that is put into a label: text or a number.
pub type Value<'a> = FluentValue<'a>;

/// All words in one language.
pub struct Labels {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

static FRENCH: LazyLock<Labels> = LazyLock::new(|| Labels::read(Lang::FR, include_str!("fr.ftl")));
static ENGLISH: LazyLock<Labels> = LazyLock::new(|| Labels::read(Lang::EN, include_str!("en.ftl")));

impl Labels {
    /// The words in `lang`; English for a language that has none.
    pub fn get(lang: Lang) -> &'static Labels {
        if lang == Lang::FR { &FRENCH } else { &ENGLISH }
    }

    fn read(lang: Lang, source: &str) -> Labels {
        let locale: LanguageIdentifier = lang.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(if lang == Lang::FR { french_number } else { english_number }));
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Labels { lang, bundle }
    }

    /// The language of these words.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The label `key`; the key itself when there is none (a test sees to it that there is).
    pub fn text(&'static self, key: &'static str) -> Cow<'static, str> {
        self.format(key, None).unwrap_or(Cow::Borrowed(key))
    }

    /// The label `key` with named values put in.
    pub fn with(&'static self, key: &'static str, values: &[(&'static str, Value<'_>)]) -> String {
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(key, Some(&args)).map_or_else(|| key.to_owned(), Cow::into_owned)
    }

    /// The label `key` about `n` things: its `$n` chooses the plural form and is written with groups of three digits.
    pub fn count(&'static self, key: &'static str, n: u64) -> String {
        self.with(key, &[("n", n.into())])
    }

    /// `n` with groups of three digits: `12 345` in French (narrow no-break space), `12,345` in English.
    pub fn number(&self, n: u64) -> String {
        grouped(n, if self.lang == Lang::FR { '\u{202f}' } else { ',' })
    }

    /// Name of a kind, for one release ("communiqué").
    pub fn kind(&'static self, kind: Kind) -> Cow<'static, str> {
        self.text(match kind {
            Kind::Release => "kind-release",
            Kind::News => "kind-news",
            Kind::Tribune => "kind-tribune",
            Kind::PressReview => "kind-press-review",
            Kind::Page => "kind-page",
            Kind::Listing => "kind-listing",
        })
    }

    /// Name of a language in this language ("anglais"); the code itself for a language without a label.
    pub fn language(&'static self, lang: Lang) -> String {
        let key = format!("lang-{lang}");
        self.format(&key, None).map_or_else(|| lang.to_string(), Cow::into_owned)
    }

    fn format<'a>(&'static self, key: &str, args: Option<&'a FluentArgs<'_>>) -> Option<Cow<'static, str>>
    where
        'static: 'a,
    {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        match args {
            None => Some(self.bundle.format_pattern(pattern, None, &mut errors)),
            Some(args) => {
                let mut written = String::new();
                self.bundle.write_pattern(&mut written, pattern, Some(args), &mut errors).ok()?;
                Some(Cow::Owned(written))
            }
        }
    }
}

impl std::fmt::Debug for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Labels({})", self.lang)
    }
}

fn french_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    whole(value).map(|n| grouped(n, '\u{202f}'))
}

fn english_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    whole(value).map(|n| grouped(n, ','))
}

fn whole(value: &FluentValue<'_>) -> Option<u64> {
    match value {
        FluentValue::Number(number) if number.value >= 0.0 => Some(number.value as u64),
        _ => None,
    }
}

fn grouped(n: u64, separator: char) -> String {
    let digits = n.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(separator);
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests;
