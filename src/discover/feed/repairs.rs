//! What had to be mended, counted by name.

use crate::model::Warning;

/// The repairs of one feed. Each name is kept once, with its first place and how often it was needed.
#[derive(Default)]
pub(super) struct Repairs {
    found: Vec<Repair>,
}

struct Repair {
    code: &'static str,
    first: String,
    times: usize,
}

/// The detail of a repair, at most this many characters.
const DETAIL: usize = 120;

impl Repairs {
    /// Counts a repair; `detail` says what was found where.
    pub(super) fn note(&mut self, code: &'static str, detail: &str) {
        match self.found.iter_mut().find(|repair| repair.code == code) {
            Some(repair) => repair.times += 1,
            None => self.found.push(Repair { code, first: detail.chars().take(DETAIL).collect(), times: 1 }),
        }
    }

    /// All of them in the order of their first place, after `before`.
    pub(super) fn into_warnings(self, mut before: Vec<Warning>) -> Vec<Warning> {
        before.extend(self.found.into_iter().map(|Repair { code, first, times }| match times {
            1 => Warning::new(code, first),
            _ if first.is_empty() => Warning::new(code, format!("{times} times")),
            _ => Warning::new(code, format!("{first}, and {} more", times - 1)),
        }));
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repair_is_named_once_and_counted() {
        let mut repairs = Repairs::default();
        repairs.note("a", "x");
        repairs.note("b", "");
        repairs.note("a", "y");
        repairs.note("b", "");
        let said: Vec<String> = repairs.into_warnings(Vec::new()).iter().map(Warning::to_string).collect();
        assert_eq!(said, ["a: x, and 1 more", "b: 2 times"]);
    }
}
