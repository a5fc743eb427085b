//! Which publications does a change concern? Those that are one release with it now, and those that may become so.

use crate::{
    config::Config,
    model::{Member, MemberId},
    reconcile::{Facts, KeyKind, Print, Relation, TOLD_LEAST, Verdicts},
    store::{Piece, PublicationId, Settling, StoreError},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};
use url::Url;

/// A publication with its print; none when it is no item and never was part of a release.
pub struct Known {
    pub piece: Piece,
    pub print: Option<Print>,
}

/// Publications looked at in one settle, each read once.
pub struct Neighbourhood<'c> {
    config: &'c Config,
    verdicts: Verdicts,
    same: Vec<(PublicationId, PublicationId)>,
    known: HashMap<PublicationId, Rc<Known>>,
}

impl<'c> Neighbourhood<'c> {
    pub fn new(config: &'c Config, settling: &Settling<'_>) -> Result<Self, StoreError> {
        let (mut verdicts, mut same) = (Verdicts::default(), Vec::new());
        for (word, a, b) in settling.verdicts()? {
            if word == "same" {
                verdicts.say_same(a.0, b.0);
                same.push((a, b));
            } else {
                verdicts.say_different(a.0, b.0);
            }
        }
        Ok(Self { config, verdicts, same, known: HashMap::new() })
    }

    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// Gives a publication that changed its new keys, so that others find it.
    pub fn announce(&mut self, settling: &mut Settling<'_>, id: PublicationId) -> Result<(), StoreError> {
        let known = self.get(settling, id)?;
        settling.put_keys(id, &known.print.as_ref().map(Print::keys).unwrap_or_default())
    }

    /// Forgets what was read when it is more than `limit` publications.
    pub fn keep_below(&mut self, limit: usize) {
        if self.known.len() > limit {
            self.known.clear();
        }
    }

    /// How many publications are kept in memory.
    pub fn held(&self) -> usize {
        self.known.len()
    }

    /// The publication, read once.
    pub fn get(&mut self, settling: &Settling<'_>, id: PublicationId) -> Result<Rc<Known>, StoreError> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let piece = settling.piece(id)?;
        let takes_part = piece.known.item || piece.release.is_some();
        let print = takes_part.then(|| print(self.config, &piece));
        let known = Rc::new(Known { piece, print });
        self.known.insert(id, known.clone());
        Ok(known)
    }

    /// Everything that `start` is or may be one release with, directly or over others; in order of birth. A set that no
    /// likeness leaves: grouping it alone gives what grouping everything would.
    pub fn around(&mut self, settling: &Settling<'_>, start: PublicationId) -> Result<Vec<Rc<Known>>, StoreError> {
        let mut found = BTreeMap::new();
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            if found.contains_key(&id) {
                continue;
            }
            let known = self.get(settling, id)?;
            if let Some(release) = &known.piece.release {
                open.extend(settling.members_of(release)?);
            }
            for other in self.candidates(settling, &known)? {
                if found.contains_key(&other) {
                    continue;
                }
                let theirs = self.get(settling, other)?;
                if let (Some(a), Some(b)) = (&known.print, &theirs.print)
                    && self.verdicts.relation(a, b).joins()
                {
                    open.push(other);
                }
            }
            found.insert(id, known);
        }
        Ok(found.into_values().collect())
    }

    /// Pages that are something to this one: their addresses and what they are.
    pub fn like(&mut self, settling: &Settling<'_>, id: PublicationId) -> Result<Vec<(String, Relation)>, StoreError> {
        let known = self.get(settling, id)?;
        let mut like = Vec::new();
        for other in self.candidates(settling, &known)? {
            let theirs = self.get(settling, other)?;
            if let (Some(a), Some(b)) = (&known.print, &theirs.print) {
                let relation = self.verdicts.relation(a, b);
                if relation != Relation::None {
                    like.push((theirs.piece.known.url.clone(), relation));
                }
            }
        }
        Ok(like)
    }

    /// Publications worth comparing: they share words, names or addresses with this one, or somebody said so.
    fn candidates(&self, settling: &Settling<'_>, known: &Known) -> Result<BTreeSet<PublicationId>, StoreError> {
        let id = known.piece.known.publication;
        let Some(print) = &known.print else { return Ok(BTreeSet::new()) };
        let mut found: BTreeSet<PublicationId> = settling.moved_with(id)?.into_iter().collect();
        found.extend(self.same.iter().filter_map(|&(a, b)| match id {
            _ if a == id => Some(b),
            _ if b == id => Some(a),
            _ => None,
        }));
        let mut told: BTreeMap<PublicationId, usize> = BTreeMap::new();
        for (kind, value) in print.keys() {
            match kind {
                KeyKind::Text => found.extend(settling.with_key(kind, value, id)?),
                KeyKind::Told => {
                    for other in settling.with_key(kind, value, id)? {
                        *told.entry(other).or_default() += 1;
                    }
                }
                KeyKind::Own => found.extend(settling.with_key(KeyKind::Link, value, id)?),
                KeyKind::Link => found.extend(settling.with_key(KeyKind::Own, value, id)?),
            }
        }
        found.extend(told.into_iter().filter(|(_, bands)| *bands >= TOLD_LEAST).map(|(other, _)| other));
        Ok(found)
    }
}

fn print(config: &Config, piece: &Piece) -> Print {
    let member = member(config, &piece.known.member);
    let machine = is_machine_translated(config, piece);
    let facts = Facts {
        publication: piece.known.publication.0,
        member: &piece.known.member,
        url: &piece.known.url,
        aliases: &piece.aliases,
        moved_to: piece.moved_to.map(|to| to.0),
        live: piece.is_live(),
        machine,
        native: member.and_then(|member| member.language_of("/")).map(|prefix| prefix.lang),
    };
    let names = member.map(|member| member.names.iter().map(|name| name.name.clone()).collect::<Vec<_>>());
    Print::new(&facts, &piece.draft, &names.unwrap_or_default())
}

/// Whether the page is a machine translation: it says so, or its place on the site does.
pub fn is_machine_translated(config: &Config, piece: &Piece) -> bool {
    let path = Url::parse(&piece.known.url).map(|url| url.path().to_owned()).unwrap_or_default();
    let by_place = member(config, &piece.known.member).and_then(|member| member.language_of(&path));
    piece.draft.machine_translated.is_some() || by_place.is_some_and(|prefix| prefix.machine_translated)
}

/// The member as configured now; `None` when it has left.
pub fn member<'c>(config: &'c Config, id: &MemberId) -> Option<&'c Member> {
    config.members.iter().find(|member| member.id == *id)
}
