//! The reader of dates: lines as people write them, changed in some places.

use super::{Dice, Target, Until, long as for_long, run};
use communique::{model::Lang, normalise::date};

fn target() -> Target {
    let inputs = LINES.iter().map(|line| line.as_bytes().to_vec()).collect();
    Target { name: "date", inputs, snippets: SNIPPETS, run: read }
}

fn read(bytes: &[u8], dice: &mut Dice) {
    let text = String::from_utf8_lossy(bytes);
    let lang: Option<Lang> =
        [None, "fr".parse().ok(), "en".parse().ok(), "fa".parse().ok(), "hu".parse().ok()][dice.roll(5)];
    let mut end = 0;
    for found in date::find(&text, lang) {
        assert!(found.range.start >= end && found.range.end <= text.len(), "{:?}", found.range);
        assert!(text.get(found.range.clone()).is_some_and(|words| !words.is_empty()), "{:?}", found.range);
        end = found.range.end;
    }
    for found in date::find_partial(&text, lang) {
        assert!(text.get(found.range.clone()).is_some(), "{:?}", found.range);
    }
    if let Some(value) = date::parse(&text, lang) {
        let again = date::parse(&value.to_string(), None);
        assert_eq!(again, Some(value), "what is written is read again");
    }
}

#[test]
fn short() {
    run(&target(), 0, &Until::Rounds(5000), 2);
}

#[test]
#[ignore = "takes the time that COMMUNIQUE_FUZZ_SECONDS says"]
fn long() {
    for_long(&target());
}

const LINES: &[&str] = &[
    "Paris, le 1er décembre 2021 – L’association",
    "Publié le 14/11/2022 à 10h30",
    "Wed, 01 Dec 2021 10:10:10 +0100",
    "2021-12-01T10:10:10.123456789+01:00[Europe/Paris]",
    "March 2–4, 2022",
    "du 17 au 26 mars 2023",
    "۲۳ آبان ۱۴۰۱",
    "2022年11月14日 10:30",
    "2022. november 14., hétfő",
    "14 พฤศจิกายน 2565",
    "Thứ hai, ngày 14 tháng 11 năm 2022",
    "نيسان / أبريل 14 2022",
    "1638353410123",
    "30.10.23, 9 Uhr",
    "le lundi 3 mars",
    "ParisMarch 2, 2022 v2.1.2020 +33 1 02.03.2020",
];

const SNIPPETS: &[&[u8]] = &[
    b"0",
    b"9",
    b"2021",
    b"99999999999999999999",
    b"-",
    b"/",
    b".",
    b":",
    b" ",
    b"\xc2\xa0",
    b"T",
    b"Z",
    b"+14:00",
    b"-99:99",
    b"mars",
    b"Feb",
    b"30",
    b"29",
    b"\xdb\xb1",
    b"\xe5\xb9\xb4",
    b"\xff",
    b"1er",
    b"24:00",
    b"23:59:60",
];
