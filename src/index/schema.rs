//! # What does the index hold of a release?
//!
//! | field | holds | for |
//! |---|---|---|
//! | `id` | the id | replacing, removing |
//! | `stem` | stems of title (twice) and text, with positions | matching, phrases, most of the score |
//! | `exact` | folded and accented words of the same, no stop words | exact forms first, prefixes, spelling |
//! | `title` | stems and folded words of the titles, with positions | `title:`, completions |
//! | `theme` … `issuer` | one column each | filters and facets |
//! | `when`, `rank` | one column each | orders and dates |
//! | `line` | the release as JSON, without text | what lists show |
//!
//! A change here, or in how words are read, needs a new [`VERSION`]: the old index is then left aside and rebuilt.

use super::tokens::{Part, WordTokenizer};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

/// Version of schema and analysis, part of the folder's name.
pub const VERSION: u32 = 3;

/// Facets that are columns of their own; years and months come from `when`.
pub const COLUMNS: [&str; 6] = ["theme", "member", "country", "lang", "kind", "issuer"];

/// The fields by name.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Tantivy's schema.
    pub schema: Schema,
    /// Permanent id.
    pub id: Field,
    /// Stems.
    pub stem: Field,
    /// Folded and accented words.
    pub exact: Field,
    /// Words of the titles.
    pub title: Field,
    /// In the order of [`COLUMNS`].
    pub columns: [Field; 6],
    /// Seconds of the civil date.
    pub when: Field,
    /// Stored rank.
    pub rank: Field,
    /// The release as JSON.
    pub line: Field,
}

/// The schema.
pub fn fields() -> Fields {
    let mut builder = Schema::builder();
    let words = |part: Part, record| {
        let indexing = TextFieldIndexing::default().set_tokenizer(part.name()).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    let column = || TextOptions::default().set_fast("raw");
    let id = builder.add_text_field("id", STRING);
    let stem = builder.add_text_field("stem", words(Part::Stem, IndexRecordOption::WithFreqsAndPositions));
    let exact = builder.add_text_field("exact", words(Part::Exact, IndexRecordOption::WithFreqs));
    let title = builder.add_text_field("title", words(Part::Title, IndexRecordOption::WithFreqsAndPositions));
    let columns = COLUMNS.map(|name| builder.add_text_field(name, column()));
    let when = builder.add_i64_field("when", FAST);
    let rank = builder.add_i64_field("rank", FAST);
    let line = builder.add_bytes_field("line", STORED);
    Fields { schema: builder.build(), id, stem, exact, title, columns, when, rank, line }
}

/// The tokenizers that the schema names.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for part in Part::ALL {
        manager.register(part.name(), TextAnalyzer::from(WordTokenizer::new(part)));
    }
    manager
}
