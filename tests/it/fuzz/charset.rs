//! The reader of letters: pages in many encodings, rightly and wrongly declared, changed in some places.

use super::{Dice, Target, Until, long as for_long, run};
use communique::normalise::charset;

fn target() -> Target {
    let text = "<html><head><meta charset=\"utf-8\"><title>École – œuvre</title></head><body><p>« Où est-il né ? » Привет, 学校 №5 €";
    let utf16 = |swap: bool| -> Vec<u8> {
        let unit = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(unit).collect()
    };
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let twice: String = text.bytes().map(char::from).collect();
    let mixed = [text.as_bytes(), &latin].concat();
    let inputs = vec![
        text.as_bytes().to_vec(),
        utf16(true),
        utf16(false),
        latin,
        twice.into_bytes(),
        mixed,
        b"\x1b$B3X9;\x1b(B".to_vec(),
    ];
    Target { name: "charset", inputs, snippets: SNIPPETS, run: read }
}

fn read(bytes: &[u8], dice: &mut Dice) {
    const TYPES: [Option<&str>; 6] = [
        None,
        Some("text/html; charset=utf-8"),
        Some("text/html; charset=iso-8859-1"),
        Some("text/html; charset=\"utf-16le\""),
        Some("text/html; charset=utf-7"),
        Some("text/html; charset=shift_jis; charset="),
    ];
    let content_type = TYPES[dice.roll(TYPES.len())];
    let decoded = charset::decode(bytes, content_type);
    assert!(decoded.text.len() <= 8 * bytes.len() + 16, "{} bytes of {}", decoded.text.len(), bytes.len());
    let again = charset::decode(decoded.text.as_bytes(), Some("text/html; charset=utf-8"));
    assert!(bytes.is_empty() || !decoded.text.is_empty() || again.text.is_empty());
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

const SNIPPETS: &[&[u8]] = &[
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\0",
    b"\xc3\xa9",
    b"\xe9",
    b"\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"<meta charset=\"windows-1251\">",
    b"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=euc-jp\">",
    b"<?xml version=\"1.0\" encoding=\"iso-8859-15\"?>",
    b"\x1b$B",
    b"+AGE-",
    b"\xc3\x83\xc2\xa9",
];
