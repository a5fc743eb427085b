//! Queries that mean harm: an answer or a clear 400 at once, never a panic, never a long wait.

use crate::support::{House, Newsroom};
use std::time::{Duration, Instant};

/// Far above what any of them takes, even in a build without optimisation on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(5);

async fn newsroom() -> Newsroom {
    let mut house = House::new();
    for n in 0..12 {
        let words: String =
            (0..40).map(|word| format!("mot{} école{} filles niger paix ", (n * 7 + word) % 50, word % 9)).collect();
        let html = format!(
            "<html lang=\"fr\"><head><meta property=\"og:type\" content=\"article\"></head><body><main><article>\
             <h1>Communiqué : les classes de Zinder, volet {n}</h1><p>{words}</p></article></main></body></html>"
        );
        house = house.page("ecoliers", &format!("/classes-{n}/"), &html);
    }
    house.published().served().await
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn queries_that_are_too_much_are_refused_or_answered_at_once() {
    let newsroom = newsroom().await;
    let clauses = |one: &str| one.repeat(3_900 / one.len());
    for (name, query, status) in [
        ("longer than the limit", "a".repeat(4_001), 400),
        ("at the limit", "é".repeat(4_000), 200),
        ("two thousand words", clauses("é "), 200),
        ("a thousand alternatives", clauses("a OR ") + "b", 200),
        ("a thousand exclusions", clauses("-a "), 200),
        ("a thousand prefixes", clauses("e* "), 200),
        ("a thousand brackets", "(".repeat(1_000) + &")".repeat(1_000), 200),
        ("nested exclusions of brackets", clauses("-(a "), 200),
        ("everything", "*:*".to_owned(), 200),
        ("leading stars", clauses("*mot "), 200),
        ("stars within", clauses("m*o*t "), 200),
        ("fuzzy on everything", clauses("mot~9 "), 200),
        ("open quotes", clauses("\"a "), 200),
        ("a phrase of two thousand words", format!("\"{}\"", clauses("a ")), 200),
        ("fields of fields", clauses("title:theme:"), 200),
        ("fields that do not exist", clauses("x:y "), 200),
        ("ranges and boosts", "[* TO *] {a TO b} mot^1000000 /.*/".to_owned(), 200),
        ("combining marks", "e".to_owned() + &"\u{301}".repeat(3_000), 200),
        ("hyphens", clauses("a-"), 200),
        ("elisions", clauses("l'"), 200),
        ("direction overrides", "\u{202e}\u{2066}mot\u{2069}".to_owned(), 200),
        ("digits", "1 ".repeat(1_900), 200),
        ("one long number", "9".repeat(3_999), 200),
    ] {
        for path in ["/api/v1/releases?facets=*&q=", "/fr/search?q=", "/fr/search.atom?q="] {
            let begun = Instant::now();
            let answer = newsroom.get(&format!("{path}{}", encoded(&query))).await;
            let took = begun.elapsed();
            let expected = if path.starts_with("/api") { status } else { answer.status };
            assert_eq!(answer.status, expected, "{name}: {path}: {answer:?}");
            assert!(matches!(answer.status, 200 | 301 | 302 | 303 | 308 | 400 | 414), "{name}: {path}: {answer:?}");
            assert!(took < AT_ONCE, "{name}: {path} took {took:?}");
        }
    }
    let megabyte = newsroom.get(&format!("/api/v1/releases?q={}", "a".repeat(1 << 20))).await;
    assert!(matches!(megabyte.status, 0 | 400 | 414 | 431), "{megabyte:?}");
    assert_eq!(newsroom.get("/api/v1/releases?q=filles").await.json()["total"], 12);
}

#[tokio::test]
async fn broken_values_are_refused_by_the_name_of_their_parameter() {
    let newsroom = newsroom().await;
    for (query, parameter) in [
        ("offset=1000000000000000000", "offset"),
        ("offset=-1", "offset"),
        ("limit=-1", "limit"),
        ("limit=1000000", "limit"),
        ("limit=", "limit"),
        ("limit=1e2", "limit"),
        ("cursor=n1.00000000", "cursor"),
        ("cursor=%ff", "cursor"),
        ("q=%", "q"),
        ("q=%e9cole", "q"),
        ("q=a%00b", "q"),
        ("q=a%1bb", "q"),
        ("q=%ed%a0%80", "q"),
        ("theme=%00", "theme"),
        ("theme=%0d%0aSet-Cookie:x", "theme"),
        ("country=%f0%9f%87%ab", "country"),
        ("also=2", "also"),
        ("from=9999999999-01-01", "from"),
        ("to=2021-02-30", "to"),
    ] {
        let answer = newsroom.get(&format!("/api/v1/releases?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
        assert_eq!(answer.json()["errors"][0]["parameter"], parameter, "{query}: {answer:?}");
        assert!(!answer.head.to_lowercase().contains("set-cookie"), "{query}: {answer:?}");
    }
}
