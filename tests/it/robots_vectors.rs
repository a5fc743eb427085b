//! robots.txt against the vectors of the bench (`data/robots/vectors.jsonl`, described in its README): each line is a
//! file, a product token, an address and a verdict. Started by `tests/real/run`; plain `cargo test` leaves it out.

use communique::fetch::robots::Robots;
use serde_json::Value;
use std::{env, fs, path::Path, time::Duration, time::Instant};

/// A verdict on one address may take this long in a debug build on a busy machine; a release build takes a fortieth.
const PATIENCE: Duration = Duration::from_secs(2);

#[test]
#[ignore = "needs COMMUNIQUE_BENCH; tests/real/run starts it"]
fn every_vector_is_right() {
    let bench = env::var("COMMUNIQUE_BENCH").expect("COMMUNIQUE_BENCH names the folder that holds bench/ and data/");
    let text = fs::read_to_string(Path::new(&bench).join("data/robots/vectors.jsonl")).unwrap();
    let vectors: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wrong: Vec<String> = vectors.iter().filter_map(fault).collect();
    println!("{} of {} vectors right", vectors.len() - wrong.len(), vectors.len());
    assert!(vectors.len() > 300, "only {} vectors", vectors.len());
    assert!(wrong.is_empty(), "wrong:\n{}", wrong.join("\n"));
}

/// What is wrong about one vector.
fn fault(vector: &Value) -> Option<String> {
    let text = |key: &str| vector[key].as_str().unwrap_or_else(|| panic!("no {key} in {vector}"));
    let robots = Robots::parse(&body(vector), text("agent"));
    let url = url::Url::parse(text("url")).unwrap();
    let started = Instant::now();
    let allowed = robots.allows(&url);
    let took = started.elapsed();
    let told = |what: String| Some(format!("{} ({}, {}): {what}", text("id"), text("class"), text("source")));
    if allowed != vector["allowed"].as_bool().unwrap() {
        return told(format!("{} is said to be {}", url, if allowed { "allowed" } else { "disallowed" }));
    }
    if took > PATIENCE {
        return told(format!("took {took:?}"));
    }
    if let Some(expected) = vector.get("crawl_delay")
        && expected.as_f64() != robots.crawl_delay
    {
        return told(format!("crawl delay {:?} in place of {expected}", robots.crawl_delay));
    }
    let sitemaps = vector.get("sitemaps")?;
    let expected: Vec<&str> = sitemaps.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
    if expected == robots.sitemaps { None } else { told(format!("sitemaps {:?}", robots.sitemaps)) }
}

/// The file of a vector: as text, in base64 where it is not UTF-8, or in parts that repeat.
fn body(vector: &Value) -> Vec<u8> {
    if let Some(text) = vector["robots"].as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(text) = vector["robots_base64"].as_str() {
        return base64(text);
    }
    let Some(parts) = vector["robots_parts"].as_array() else { return Vec::new() };
    let repeated = |part: &Value| part[0].as_str().unwrap().repeat(usize::try_from(part[1].as_u64().unwrap()).unwrap());
    parts.iter().map(repeated).collect::<String>().into_bytes()
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0u32;
    let mut out = Vec::new();
    for (number, digit) in text.trim_end_matches('=').chars().enumerate() {
        bits = bits << 6 | u32::try_from(DIGITS.find(digit).unwrap()).unwrap();
        if number % 4 > 0 {
            out.push(u8::try_from(bits >> (6 - 2 * (number % 4)) & 255).unwrap());
        }
    }
    out
}
