//! # Which number stands for `theme=health`?
//!
//! Facet values are numbered once for the life of the program, so that rows of all segments speak of the same ones and
//! counting is adding to an array.

use std::collections::HashMap;

/// Number of a facet value.
pub type ValueId = u32;

/// Place of `theme` among the facets.
pub const FACET_THEME: usize = 0;
/// Place of `country` among the facets.
pub const FACET_COUNTRY: usize = 2;
/// Place of `lang` among the facets.
pub const FACET_LANG: usize = 3;
/// Place of `kind` among the facets.
pub const FACET_KIND: usize = 4;
/// Place of `year` among the facets.
pub const FACET_YEAR: usize = 6;
/// Place of `month` among the facets.
pub const FACET_MONTH: usize = 7;

/// A facet value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Place of its facet.
    pub facet: usize,
    /// As it stands in the parameter.
    pub name: String,
    /// As written in the releases, where that is another text.
    pub label: Option<String>,
}

/// All facet values seen.
#[derive(Debug, Clone, Default)]
pub struct Values {
    all: Vec<Value>,
    numbers: Vec<HashMap<String, ValueId>>,
}

impl Values {
    /// The number of a value, a new one if it was never seen.
    pub fn number(&mut self, facet: usize, name: &str, label: Option<&str>) -> ValueId {
        if let Some(known) = self.find(facet, name) {
            return known;
        }
        let number = self.all.len() as ValueId;
        self.all.push(Value { facet, name: name.to_owned(), label: label.map(str::to_owned) });
        if self.numbers.len() <= facet {
            self.numbers.resize(facet + 1, HashMap::new());
        }
        self.numbers[facet].insert(name.to_owned(), number);
        number
    }

    /// The number of a value, when some release had it.
    pub fn find(&self, facet: usize, name: &str) -> Option<ValueId> {
        self.numbers.get(facet)?.get(name).copied()
    }

    /// Every value; the place is the number.
    pub fn all(&self) -> &[Value] {
        &self.all
    }
}
