//! UTF-16 and UTF-32: known by their mark, or by the zero bytes between ASCII letters.

use encoding_rs::{UTF_16BE, UTF_16LE};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// Text, name of the encoding and number of broken characters, when the bytes are UTF-16 or UTF-32.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, &'static str, usize)> {
    let (width, order) = by_mark(bytes).or_else(|| by_zeros(bytes))?;
    let (text, name) = match (width, order) {
        (2, Order::Little) => (UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(), "UTF-16LE"),
        (2, Order::Big) => (UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(), "UTF-16BE"),
        (_, Order::Little) => (utf32(bytes, u32::from_le_bytes), "UTF-32LE"),
        (_, Order::Big) => (utf32(bytes, u32::from_be_bytes), "UTF-32BE"),
    };
    let broken = text.matches('\u{fffd}').count();
    Some((text, name, broken))
}

fn by_mark(bytes: &[u8]) -> Option<(u8, Order)> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some((4, Order::Little)),
        [0, 0, 0xfe, 0xff, ..] => Some((4, Order::Big)),
        [0xff, 0xfe, ..] => Some((2, Order::Little)),
        [0xfe, 0xff, ..] => Some((2, Order::Big)),
        _ => None,
    }
}

/// Markup starts with ASCII, so the zero bytes of the first two characters tell width and order.
fn by_zeros(bytes: &[u8]) -> Option<(u8, Order)> {
    let head: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
    match head.map(|byte| byte != 0) {
        [true, false, true, false, true, false, true, false] => Some((2, Order::Little)),
        [false, true, false, true, false, true, false, true] => Some((2, Order::Big)),
        [true, false, false, false, true, false, false, false] => Some((4, Order::Little)),
        [false, false, false, true, false, false, false, true] => Some((4, Order::Big)),
        _ => None,
    }
}

fn utf32(bytes: &[u8], value: fn([u8; 4]) -> u32) -> String {
    let (characters, rest) = bytes.as_chunks::<4>();
    let mut text: String = characters.iter().map(|four| char::from_u32(value(*four)).unwrap_or('\u{fffd}')).collect();
    if !rest.is_empty() {
        text.push('\u{fffd}');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn mark_or_zeros_tell_width_and_order() {
        let text = "<?xml?>é";
        let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let utf32 = |order: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| order(c as u32)).collect::<Vec<u8>>();
        for (bytes, name) in [
            (utf16(u16::to_le_bytes), "UTF-16LE"),
            (utf16(u16::to_be_bytes), "UTF-16BE"),
            (utf32(u32::to_le_bytes), "UTF-32LE"),
            (utf32(u32::to_be_bytes), "UTF-32BE"),
        ] {
            assert_eq!(decode(&bytes), Some((text.to_owned(), name, 0)));
            assert_eq!(decode(&bytes[..bytes.len() - 1]).unwrap().2, 1, "{name} cut");
        }
        for plain in ["", "<", "<?xml?>", "a\0b\0c"] {
            assert_eq!(decode(plain.as_bytes()), None);
        }
        assert_eq!(
            decode(b"\xff\xfea\0"),
            Some(("\u{feff}a".to_owned(), "UTF-16LE", 0)),
            "the mark is dropped by the caller"
        );
    }
}
