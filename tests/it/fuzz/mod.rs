//! # Fuzz: does any change of bytes make a reader fall over?
//!
//! A stable-Rust mutation fuzzer: it takes saved inputs, changes some places of each, and hands them to a target, which
//! panics where something does not hold. The same seed gives the same inputs, so a finding is named by its number alone;
//! its bytes are kept in a file. Each target has a short run in every test, and a long one, ignored, that
//! `tests/real/run fuzz` (half a minute each) and `fuzz-long` (an hour each) start with a time and a seed:
//!
//! ```text
//! COMMUNIQUE_FUZZ_SECONDS=30 COMMUNIQUE_FUZZ_SEED=1 cargo test --release --test it -- --ignored --exact fuzz::feed::long
//! ```
//!
//! To add a target: a file with its inputs, its snippets and its laws, and one line here.

mod charset;
mod date;
mod feed;
mod page;

use std::{
    fs,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// An input that takes this long hangs. How quick a reader is, the benches say.
const HANG: Duration = Duration::from_secs(60);

/// Numbers that look random and are the same every time (splitmix64).
pub struct Dice(u64);

impl Dice {
    /// The dice of one round of a run.
    fn of(seed: u64, round: u64) -> Self {
        let mut dice = Self(seed);
        let mixed = dice.next();
        Self(mixed ^ round.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `below`.
    pub fn roll(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % below.max(1) as u64).unwrap()
    }
}

/// What is fuzzed.
pub struct Target {
    /// Its name, for messages.
    pub name: &'static str,
    /// Inputs that are changed.
    pub inputs: Vec<Vec<u8>>,
    /// Pieces that are put in.
    pub snippets: &'static [&'static [u8]],
    /// Reads an input and panics where a law does not hold. The dice choose what else belongs to it, for example the
    /// type under which it was sent.
    pub run: fn(&[u8], &mut Dice),
}

/// When a run ends.
pub enum Until {
    Rounds(u64),
    Time(Duration),
}

/// Runs a target on as many threads as given; panics with the number and the file of the first finding.
pub fn run(target: &Target, seed: u64, until: &Until, threads: usize) {
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let finding: Mutex<Option<(u64, String)>> = Mutex::new(None);
    let busy: Vec<Mutex<Option<(u64, Instant)>>> = (0..threads).map(|_| Mutex::new(None)).collect();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for busy in &busy {
            let (next, stop, finding) = (&next, &stop, &finding);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let round = next.fetch_add(1, Ordering::Relaxed);
                    let is_over = match until {
                        Until::Rounds(rounds) => round >= *rounds,
                        Until::Time(time) => begun.elapsed() >= *time,
                    };
                    if is_over {
                        break;
                    }
                    *busy.lock().unwrap() = Some((round, Instant::now()));
                    if let Err(panic) = std::panic::catch_unwind(|| one(target, seed, round)) {
                        let said = panic.downcast_ref::<String>().cloned();
                        let said = said.or(panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
                        finding.lock().unwrap().get_or_insert((round, said.unwrap_or_default()));
                        stop.store(true, Ordering::Relaxed);
                    }
                    *busy.lock().unwrap() = None;
                }
                *busy.lock().unwrap() = None;
            });
        }
        watch(target, seed, &busy, &next);
    });
    let (rounds, seconds) = (next.load(Ordering::Relaxed), begun.elapsed().as_secs_f64());
    println!("{}: {rounds} inputs in {seconds:.0} s, {:.0} a second", target.name, rounds as f64 / seconds);
    if let Some((round, said)) = finding.into_inner().unwrap() {
        panic!(
            "{} falls over (seed {seed}, round {round}, {}): {said}",
            target.name,
            kept(target, seed, round).display()
        );
    }
}

/// Ends the process when an input hangs, since no thread can be stopped from outside.
fn watch(target: &Target, seed: u64, busy: &[Mutex<Option<(u64, Instant)>>], next: &AtomicU64) {
    let mut before = u64::MAX;
    loop {
        std::thread::sleep(Duration::from_millis(20));
        let now: Vec<(u64, Instant)> = busy.iter().filter_map(|busy| *busy.lock().unwrap()).collect();
        let taken = next.load(Ordering::Relaxed);
        if now.is_empty() && taken == before {
            return;
        }
        before = taken;
        for (round, since) in now {
            if since.elapsed() > HANG {
                let file = kept(target, seed, round);
                eprintln!("{} hangs (seed {seed}, round {round}, {})", target.name, file.display());
                std::process::exit(101);
            }
        }
    }
}

/// One changed input and what follows from it.
fn one(target: &Target, seed: u64, round: u64) {
    let mut dice = Dice::of(seed, round);
    let input = changed(target, &mut dice);
    (target.run)(&input, &mut dice);
}

/// Writes the input of a round to a file.
fn kept(target: &Target, seed: u64, round: u64) -> PathBuf {
    let path = std::env::temp_dir().join(format!("communique-fuzz-{}-{seed}-{round}", target.name));
    // The numbers in the message name the input as well as the file does.
    let _ = fs::write(&path, changed(target, &mut Dice::of(seed, round)));
    path
}

/// An input with some places changed; another one lends pieces.
fn changed(target: &Target, dice: &mut Dice) -> Vec<u8> {
    let (one, other) = (dice.roll(target.inputs.len()), dice.roll(target.inputs.len()));
    let (mut out, other) = (target.inputs[one].clone(), &target.inputs[other]);
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(out.len() + 1);
        let reach = 1 << dice.roll(10);
        let end = (at + dice.roll(reach)).min(out.len());
        match dice.roll(8) {
            0 if at < out.len() => out[at] = u8::try_from(dice.roll(256)).unwrap(),
            1 => drop(out.drain(at..end)),
            2 => {
                let piece = out[at..end].to_vec();
                let to = dice.roll(out.len() + 1);
                out.splice(to..to, piece);
            }
            3 => out.truncate(end),
            4 => {
                let from = dice.roll(other.len() + 1);
                let to = (from + dice.roll(400)).min(other.len());
                out.splice(at..end, other[from..to].iter().copied());
            }
            5 if at < out.len() => out[at] ^= 1 << dice.roll(8),
            _ => {
                let snippet = target.snippets[dice.roll(target.snippets.len())];
                out.splice(at..at, snippet.iter().copied());
            }
        }
    }
    out
}

/// A whole number of the environment.
fn given(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => otherwise,
    }
}

/// The long run of a target, as the environment says: COMMUNIQUE_FUZZ_SECONDS (30), COMMUNIQUE_FUZZ_SEED (1),
/// COMMUNIQUE_FUZZ_THREADS (2).
pub fn long(target: &Target) {
    let time = Duration::from_secs(given("COMMUNIQUE_FUZZ_SECONDS", 30));
    let threads = usize::try_from(given("COMMUNIQUE_FUZZ_THREADS", 2)).unwrap();
    run(target, given("COMMUNIQUE_FUZZ_SEED", 1), &Until::Time(time), threads);
}

/// The folder of the bench, where the environment names one.
pub fn bench() -> Option<PathBuf> {
    std::env::var_os("COMMUNIQUE_BENCH").map(PathBuf::from)
}
