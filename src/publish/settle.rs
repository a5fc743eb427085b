//! The settle: what changed is grouped anew, written, and told, in one transaction under one tick.

use super::{
    PublishError, Settled,
    label::Labeller,
    near::{Known, Neighbourhood},
    present::note_labelling,
    render::published_at,
    write::write,
};
use crate::{
    config::Config,
    model::ReleaseId,
    reconcile::{Group, Print, group},
    store::{Piece, PublicationId, Settling, Store, StoreError},
};
use std::{
    collections::{BTreeMap, HashSet},
    rc::Rc,
};

/// Publications held in memory in one settle.
const HELD: usize = 400;

/// Makes visible what changed in the store since the last settle: one writer transaction, one tick at most. Run it
/// after a member's round, and every `commit_every` during a first crawl; then bring the index up with
/// [`catch_up`](super::catch_up).
pub fn settle(store: &Store, config: &Config) -> Result<Settled, PublishError> {
    settle_holding(store, config, HELD)
}

/// The same with about `held` publications in memory: what is held is written before more is read.
fn settle_holding(store: &Store, config: &Config, held: usize) -> Result<Settled, PublishError> {
    let (mut settled, tick) = store.settle::<_, StoreError>("crawl", |settling| {
        let pending = settling.pending()?;
        if !pending.is_empty() {
            note_labelling(settling, config)?;
        }
        let labeller = Labeller::new(config);
        let mut around = Neighbourhood::new(config, settling)?;
        // All keys first: publications that are new together must find each other.
        for &id in &pending {
            around.announce(settling, id)?;
            around.keep_below(held);
        }
        let mut settled = Settled::default();
        let mut batch = Batch::default();
        let mut done = HashSet::new();
        for &id in &pending {
            if done.contains(&id) {
                continue;
            }
            let concerned = around.around(settling, id)?;
            done.extend(concerned.iter().map(|known| known.piece.known.publication));
            batch.add(concerned);
            if around.held() > held {
                std::mem::take(&mut batch).write(settling, &around, &labeller, &mut settled)?;
                around.keep_below(held);
            }
        }
        batch.write(settling, &around, &labeller, &mut settled)?;
        Ok(settled)
    })?;
    settled.tick = tick;
    Ok(settled)
}

/// One group of a settle: its publications in order of precedence, each with what joined it.
pub struct Grouped {
    pieces: Vec<(Rc<Known>, &'static str)>,
    anchor: PublicationId,
}

impl Grouped {
    fn new(group: &Group, known: &BTreeMap<i64, Rc<Known>>) -> Self {
        let found = group.publications.iter();
        let pieces = found.filter_map(|(id, why)| Some((known.get(id)?.clone(), why.as_str()))).collect();
        Self { pieces, anchor: PublicationId(group.anchor()) }
    }

    /// Its publications, those that readers can see first, with the reasons.
    pub fn pieces(&self) -> impl Iterator<Item = (&Piece, &'static str)> {
        self.pieces.iter().map(|(known, why)| (&known.piece, *why))
    }

    /// Those whose words count for themselves beside those of the lead.
    pub fn voices(&self) -> impl Iterator<Item = &Piece> {
        let lead =
            self.pieces.iter().find(|(known, _)| known.piece.is_live()).and_then(|(known, _)| known.print.as_ref());
        let speaks = move |known: &Known| Some(known.print.as_ref()?.speaks_for_itself(lead?));
        self.pieces.iter().filter(move |(known, _)| speaks(known).unwrap_or(true)).map(|(known, _)| &known.piece)
    }

    /// Those that readers can see, the lead first.
    pub fn live(&self) -> Vec<&Piece> {
        self.pieces().map(|(piece, _)| piece).filter(|piece| piece.is_live()).collect()
    }

    /// The publication born first.
    pub fn anchor(&self) -> Option<&Piece> {
        self.pieces().map(|(piece, _)| piece).find(|piece| piece.known.publication == self.anchor)
    }

    /// The id that the release carries: that of its anchor.
    pub fn id(&self) -> Option<&ReleaseId> {
        self.anchor().map(|anchor| &anchor.birth)
    }
}

/// Publications of a settle in sets that no likeness leaves.
#[derive(Default)]
struct Batch {
    sets: Vec<BTreeMap<i64, Rc<Known>>>,
    held: HashSet<PublicationId>,
}

impl Batch {
    /// Adds a set, joined with those that it meets: a crowded bucket may show a likeness from one side only.
    fn add(&mut self, concerned: Vec<Rc<Known>>) {
        let meets = concerned.iter().any(|known| self.held.contains(&known.piece.known.publication));
        self.held.extend(concerned.iter().map(|known| known.piece.known.publication));
        let mut set: BTreeMap<i64, Rc<Known>> =
            concerned.into_iter().map(|known| (known.piece.known.publication.0, known)).collect();
        if meets {
            let (met, apart): (Vec<_>, Vec<_>) = std::mem::take(&mut self.sets)
                .into_iter()
                .partition(|other: &BTreeMap<i64, Rc<Known>>| other.keys().any(|id| set.contains_key(id)));
            self.sets = apart;
            set.extend(met.into_iter().flatten());
        }
        self.sets.push(set);
    }

    /// Groups each set, and writes the groups in the order of their dates, so that ranks given together keep it.
    fn write(
        self,
        settling: &mut Settling<'_>,
        around: &Neighbourhood<'_>,
        labeller: &Labeller<'_>,
        settled: &mut Settled,
    ) -> Result<(), StoreError> {
        let mut groups = Vec::new();
        for set in &self.sets {
            let prints: Vec<&Print> = set.values().filter_map(|known| known.print.as_ref()).collect();
            groups.extend(group(&prints, around.verdicts()).iter().map(|group| Grouped::new(group, set)));
        }
        let date = |group: &Grouped| group.live().first().and_then(|lead| published_at(labeller.config(), lead));
        groups.sort_by_cached_key(|group| (date(group), std::cmp::Reverse(group.anchor)));
        for group in &groups {
            write(settling, labeller, group, settled)?;
        }
        // Met again in another set of this settle, they have nothing new to tell.
        for id in self.held {
            settling.settled(id)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{Site, moving_store};

    #[test]
    fn a_settle_in_parts_tells_everything_once() {
        let (_dir, store, time) = moving_store();
        let site = Site::new(&store);
        let config = Config { members: vec![site.member.clone()], ..Config::default() };
        let text = |n: usize| (0..40).map(|word| format!("mot{word}texte{n}")).collect::<Vec<_>>().join(" ");
        // Every text stands at two addresses, which are far apart in order of birth.
        for n in 0..24 {
            site.read(&format!("https://example.org/{n}"), &format!("Titre {n}"), &text(n % 12));
        }
        time.forward(60);
        let settled = settle_holding(&store, &config, 3).unwrap();
        assert_eq!((settled.new, settled.changed, settled.dressed, settled.merged), (12, 0, 0, 0));
        assert_eq!(settle_holding(&store, &config, 3).unwrap(), Settled::default());
    }
}
