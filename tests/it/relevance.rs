//! Questions with judged answers, asked of the demo newsroom: what search finds may get better, not worse.

use crate::support::Newsroom;
use std::collections::HashSet;

/// The questions, and which releases answer them.
const JUDGED: &str = include_str!("../fixtures/search/judged.txt");

/// Mean nDCG@10 that must hold; .01 below what was measured when it was set.
const LEAST: f64 = 0.885;

struct Judged {
    question: &'static str,
    /// Gain, and a part of the address that names the release.
    gains: Vec<(u8, &'static str)>,
}

fn judged() -> Vec<Judged> {
    let lines = JUDGED.lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let (question, gains) = line.split_once(" | ").unwrap_or_else(|| panic!("no gains: {line}"));
        let gain = |pair: &'static str| {
            let (gain, name) = pair.split_once(':').unwrap_or_else(|| panic!("no gain: {line}"));
            (gain.parse().unwrap_or_else(|_| panic!("no number: {line}")), name)
        };
        Judged { question, gains: gains.split(' ').map(gain).collect() }
    };
    lines.map(read).collect()
}

fn dcg(gains: impl Iterator<Item = u8>) -> f64 {
    gains.take(10).enumerate().map(|(at, gain)| (f64::from(gain).exp2() - 1.0) / (at as f64 + 2.0).log2()).sum()
}

/// Asks every question of the newsroom, which holds the demo sites.
pub async fn holds(newsroom: &Newsroom) {
    let mut scores = Vec::new();
    for Judged { question, gains } in judged() {
        let words: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
        let answer = newsroom.get(&format!("/api/v1/releases?limit=10&highlight=0&q={words}")).await.json();
        let mut used = HashSet::new();
        let mut found = Vec::new();
        for item in answer["items"].as_array().unwrap() {
            let urls: Vec<&str> =
                item["publications"].as_array().unwrap().iter().map(|p| p["url"].as_str().unwrap()).collect();
            let names = gains.iter().filter(|(_, name)| urls.iter().any(|url| url.contains(name)));
            let best = names.filter(|(_, name)| !used.contains(name)).max_by_key(|(_, name)| name.len());
            found.push(best.map_or(0, |(gain, name)| {
                used.insert(*name);
                *gain
            }));
        }
        let mut ideal: Vec<u8> = gains.iter().map(|(gain, _)| *gain).collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        scores.push((dcg(found.into_iter()) / dcg(ideal.into_iter()), question));
    }
    assert!(scores.len() >= 60, "only {} questions", scores.len());
    let mean = scores.iter().map(|(score, _)| score).sum::<f64>() / scores.len() as f64;
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let worst: Vec<String> = scores.iter().take(12).map(|(score, question)| format!("{score:.3} {question}")).collect();
    assert!(mean >= LEAST, "mean nDCG@10 is {mean:.4}, the worst are\n{}", worst.join("\n"));
}
