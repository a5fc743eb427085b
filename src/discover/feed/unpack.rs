//! Feeds that are packed though nobody said so, and feeds that are too large.

use super::repairs::Repairs;
use flate2::read::MultiGzDecoder;
use std::{borrow::Cow, io::Read};

/// What is read of a feed, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// The bytes of the document itself, at most 64 MiB.
pub(super) fn plain<'a>(bytes: &'a [u8], repairs: &mut Repairs) -> Cow<'a, [u8]> {
    let plain = match bytes {
        [0x1f, 0x8b, ..] => {
            repairs.note("feed-gzip", "packed, though no header says so");
            let mut plain = Vec::new();
            let limit = MOST_BYTES as u64 + 1;
            if let Err(problem) = MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut plain) {
                repairs.note("feed-gzip-broken", &problem.to_string());
            }
            Cow::Owned(plain)
        }
        _ => Cow::Borrowed(bytes),
    };
    if plain.len() <= MOST_BYTES {
        return plain;
    }
    repairs.note("feed-cut", &format!("{MOST_BYTES} bytes read"));
    match plain {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..MOST_BYTES]),
        Cow::Owned(mut bytes) => {
            bytes.truncate(MOST_BYTES);
            Cow::Owned(bytes)
        }
    }
}
