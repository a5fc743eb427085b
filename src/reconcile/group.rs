//! Which publications are one release?
//!
//! Explicit links bind pages to units (a page, its translations, its attachment pages), then units with the same text
//! become one group. Everything is compared with the lead text of the group, never along a chain of likenesses, and
//! always in one order that depends on the publications alone: the same set gives the same groups, however it was found.

use super::{
    print::Print,
    relation::{Relation, relation},
};
use std::collections::HashSet;

/// The staff's word on pairs of publications, by birth number, the lesser first. It beats every rule.
#[derive(Debug, Clone, Default)]
pub struct Verdicts {
    same: HashSet<(i64, i64)>,
    different: HashSet<(i64, i64)>,
}

impl Verdicts {
    /// The two are one release, whatever the rules say.
    pub fn say_same(&mut self, a: i64, b: i64) {
        self.same.insert(ordered(a, b));
    }

    /// The two are two releases (or issues of a series), whatever the rules say.
    pub fn say_different(&mut self, a: i64, b: i64) {
        self.different.insert(ordered(a, b));
    }

    /// What the two are to each other, the staff's word included.
    pub fn relation(&self, a: &Print, b: &Print) -> Relation {
        let pair = ordered(a.publication, b.publication);
        if self.different.contains(&pair) {
            Relation::None
        } else if self.same.contains(&pair) {
            Relation::Moved
        } else {
            relation(a, b)
        }
    }

    fn forbids(&self, print: &Print, group: &[(&Print, Relation)]) -> bool {
        !self.different.is_empty()
            && group.iter().any(|(other, _)| self.different.contains(&ordered(print.publication, other.publication)))
    }
}

fn ordered(a: i64, b: i64) -> (i64, i64) {
    (a.min(b), a.max(b))
}

/// One release: its publications, the lead first, each with what it is to the lead's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Birth numbers with the relation that joined them; that of the lead is `None`.
    pub publications: Vec<(i64, Relation)>,
}

impl Group {
    /// Birth number of the publication born first: the release carries its id.
    pub fn anchor(&self) -> i64 {
        self.publications.iter().map(|(publication, _)| *publication).min().unwrap_or_default()
    }
}

/// Pages bound by explicit links; the lead first.
type Unit<'a> = Vec<(&'a Print, Relation)>;

/// Groups publications. The answer depends on the set alone, not on its order.
pub fn group(prints: &[&Print], verdicts: &Verdicts) -> Vec<Group> {
    let mut sorted = prints.to_vec();
    sorted.sort_by(|a, b| precedence(a).cmp(&precedence(b)));
    let mut groups: Vec<Vec<Unit<'_>>> = Vec::new();
    for unit in units(&sorted, verdicts) {
        let fits = |group: &Vec<Unit<'_>>| joins(group, &unit, verdicts);
        match groups.iter().position(|group| fits(group).is_some()) {
            Some(place) => {
                let why = fits(&groups[place]).unwrap_or(Relation::Copy);
                let mut unit = unit;
                unit[0].1 = why;
                groups[place].push(unit);
            }
            None => groups.push(vec![unit]),
        }
    }
    groups.into_iter().map(finished).collect()
}

/// The order in which publications may lead: those that readers can see, posts before attachment pages, originals before
/// machine translations, the member's own language first, then by date; the address settles what is left.
fn precedence(print: &Print) -> impl Ord + '_ {
    let day = print.day.unwrap_or(jiff::civil::Date::MAX);
    (!print.live, print.attachment, print.machine, !print.native, day, &print.url, print.publication)
}

fn units<'a>(sorted: &[&'a Print], verdicts: &Verdicts) -> Vec<Unit<'a>> {
    let mut units: Vec<Unit<'a>> = Vec::new();
    for &print in sorted {
        let bound = units.iter_mut().find_map(|unit| {
            let relation = verdicts.relation(unit[0].0, print);
            (relation.is_explicit() && !verdicts.forbids(print, unit)).then_some((unit, relation))
        });
        match bound {
            Some((unit, relation)) => unit.push((print, relation)),
            None => units.push(vec![(print, Relation::None)]),
        }
    }
    units
}

/// Why `unit` belongs to `group`: its lead, or one of its pages, against those of the group's leading unit. One step of
/// likeness, never a chain.
fn joins(group: &[Unit<'_>], unit: &Unit<'_>, verdicts: &Verdicts) -> Option<Relation> {
    let leading = group.first()?;
    if group.iter().any(|other| unit.iter().any(|(print, _)| verdicts.forbids(print, other))) {
        return None;
    }
    for (at, (ours, _)) in leading.iter().enumerate() {
        for (place, (theirs, _)) in unit.iter().enumerate() {
            let leads = at == 0 && place == 0;
            let relation = verdicts.relation(ours, theirs);
            if relation.joins() && (leads || relation == Relation::Copy) {
                return Some(relation);
            }
            // Issues of a series stay apart, although their translations may look alike.
            if leads && relation == Relation::Series {
                return None;
            }
        }
    }
    None
}

fn finished(group: Vec<Unit<'_>>) -> Group {
    let mut publications: Vec<(&Print, Relation)> = group.into_iter().flatten().collect();
    publications.sort_by(|(a, _), (b, _)| precedence(a).cmp(&precedence(b)));
    Group { publications: publications.into_iter().map(|(print, why)| (print.publication, why)).collect() }
}
