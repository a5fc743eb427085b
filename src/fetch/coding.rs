//! A body as it comes, decoded as it comes, and never more of it than allowed.
//!
//! At most one layer of gzip, deflate or br. A new coding is one variant of [`Coding`] and one of [`Decoder`].

use crate::model::Warning;
use brotli_decompressor::DecompressorWriter;
use flate2::{Decompress, FlushDecompress, Status, write::GzDecoder};
use std::io::{self, Write};

/// What is sent as `Accept-Encoding`.
pub const ACCEPTED: &str = "gzip, deflate, br";

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 1950, or RFC 1951 bare as some servers send it.
    Deflate,
    /// RFC 7932.
    Brotli,
}

/// Reads `Content-Encoding` (all values of it). The error says what is wrong.
pub fn coding<'a>(values: impl Iterator<Item = &'a str>) -> Result<Coding, String> {
    let names: Vec<String> =
        values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect();
    let mut found = names.iter().filter(|name| !is_no_coding(name));
    let Some(first) = found.next() else { return Ok(Coding::Identity) };
    if found.next().is_some() {
        return Err(format!("more than one layer: {}", names.join(", ")));
    }
    match first.as_str() {
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        "deflate" => Ok(Coding::Deflate),
        "br" => Ok(Coding::Brotli),
        other => Err(format!("`{other}` was not asked for")),
    }
}

/// `identity`, nothing, or the name of a charset, which some sites put there by mistake.
fn is_no_coding(name: &str) -> bool {
    matches!(name, "" | "identity" | "none" | "binary" | "8bit")
        || encoding_rs::Encoding::for_label(name.as_bytes()).is_some()
}

/// A body that grows chunk by chunk up to a limit.
pub struct Body {
    decoder: Decoder,
    /// Bytes received, before decoding.
    received: usize,
    limit: usize,
}

/// Whether more may come.
#[derive(Debug, PartialEq, Eq)]
pub enum Room {
    /// Yes.
    Left,
    /// The limit is reached: what there is, is the body.
    None,
}

enum Decoder {
    Identity(Sink),
    Gzip(Box<GzDecoder<Sink>>),
    Deflate(Box<Inflater>),
    Brotli(Box<DecompressorWriter<Sink>>),
    /// The coded stream has ended; what follows is dropped.
    Ended(Sink),
}

impl Body {
    /// An empty body of at most `limit` decoded bytes.
    pub fn new(coding: Coding, limit: usize) -> Self {
        let sink = Sink { data: Vec::new(), limit, full: false, dropped: false };
        let decoder = match coding {
            Coding::Identity => Decoder::Identity(sink),
            Coding::Gzip => Decoder::Gzip(Box::new(GzDecoder::new(sink))),
            Coding::Deflate => {
                Decoder::Deflate(Box::new(Inflater { inflate: None, first: Vec::new(), ended: false, sink }))
            }
            Coding::Brotli => Decoder::Brotli(Box::new(DecompressorWriter::new(sink, 32 << 10))),
        };
        Self { decoder, received: 0, limit }
    }

    /// Takes the next bytes of the answer. Packed data that unpacks to nothing is bounded too.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Room, String> {
        self.received += chunk.len();
        let result = self.decoder.write(chunk);
        let full = self.decoder.sink().full || self.received > self.limit.saturating_add(1 << 20);
        match result {
            _ if full => Ok(Room::None),
            Ok(()) => Ok(Room::Left),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The decoded body, after the last byte. A coded stream that has not ended is an error; one that ended before
    /// the answer did is a remark.
    pub fn finish(mut self) -> Result<(Vec<u8>, Option<Warning>), String> {
        if self.received > 0 {
            self.decoder.end().map_err(|error| format!("the packed data is cut short or damaged: {error}"))?;
        }
        let sink = self.decoder.sink();
        let warning = sink.dropped.then(|| Warning::new("bytes-after-packed-data-dropped", ""));
        Ok((std::mem::take(&mut sink.data), warning))
    }

    /// What there is, whether or not it has ended.
    pub fn cut(mut self) -> Vec<u8> {
        std::mem::take(&mut self.decoder.sink().data)
    }
}

impl Decoder {
    fn sink(&mut self) -> &mut Sink {
        match self {
            Self::Identity(sink) | Self::Ended(sink) => sink,
            Self::Deflate(inflater) => &mut inflater.sink,
            Self::Gzip(gzip) => gzip.get_mut(),
            Self::Brotli(brotli) => brotli.get_mut(),
        }
    }

    fn write(&mut self, mut chunk: &[u8]) -> io::Result<()> {
        while !chunk.is_empty() {
            let taken = match self {
                Self::Identity(sink) => sink.write(chunk)?,
                Self::Gzip(gzip) => gzip.write(chunk)?,
                Self::Brotli(brotli) => brotli.write(chunk)?,
                Self::Deflate(inflater) => return inflater.write(chunk),
                Self::Ended(sink) => {
                    sink.dropped = true;
                    return Ok(());
                }
            };
            if taken == 0 {
                self.next_member(chunk)?;
            }
            chunk = &chunk[taken..];
        }
        Ok(())
    }

    /// The stream has ended and bytes are left: another gzip member (which begins with 1F), or nothing of interest.
    fn next_member(&mut self, rest: &[u8]) -> io::Result<()> {
        self.end()?;
        let sink = std::mem::replace(self.sink(), Sink::EMPTY);
        let another = matches!(self, Self::Gzip(_)) && rest[0] == 0x1f;
        *self = if another { Self::Gzip(Box::new(GzDecoder::new(sink))) } else { Self::Ended(sink) };
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(gzip) => gzip.try_finish(),
            Self::Brotli(brotli) => brotli.close(),
            Self::Deflate(inflater) if !inflater.ended => Err(io::ErrorKind::UnexpectedEof.into()),
            Self::Identity(_) | Self::Ended(_) | Self::Deflate(_) => Ok(()),
        }
    }
}

/// Inflates with a zlib wrapper or bare, whichever the first two bytes show.
struct Inflater {
    inflate: Option<Decompress>,
    first: Vec<u8>,
    ended: bool,
    sink: Sink,
}

impl Inflater {
    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        if self.inflate.is_some() {
            return self.unpack(chunk);
        }
        self.first.extend_from_slice(chunk);
        let [method, check, ..] = self.first[..] else { return Ok(()) };
        // RFC 1950, 2.2: method 8, and both bytes together a multiple of 31
        let wrapped = method & 15 == 8 && (u16::from(method) << 8 | u16::from(check)) % 31 == 0;
        self.inflate = Some(Decompress::new(wrapped));
        let start = std::mem::take(&mut self.first);
        self.unpack(&start)
    }

    fn unpack(&mut self, mut rest: &[u8]) -> io::Result<()> {
        let Some(inflate) = &mut self.inflate else { return Ok(()) };
        let mut buffer = [0; 16 << 10];
        while !self.ended {
            let (read_before, written_before) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(rest, &mut buffer, FlushDecompress::None).map_err(io::Error::other)?;
            let read = usize::try_from(inflate.total_in() - read_before).unwrap_or(rest.len());
            let written = usize::try_from(inflate.total_out() - written_before).unwrap_or(buffer.len());
            self.sink.write_all(&buffer[..written])?;
            rest = &rest[read..];
            self.ended = status == Status::StreamEnd;
            if read == 0 && written == 0 {
                return Ok(());
            }
        }
        self.sink.dropped |= !rest.is_empty();
        Ok(())
    }
}

/// Where decoded bytes gather. Refuses the byte after the limit, which stops the decoder in mid-stream.
struct Sink {
    data: Vec<u8>,
    limit: usize,
    full: bool,
    dropped: bool,
}

impl Sink {
    const EMPTY: Self = Self { data: Vec::new(), limit: 0, full: false, dropped: false };
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.limit - self.data.len();
        self.data.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            self.full = true;
            return Err(io::Error::other("the size limit is reached"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder, write::GzEncoder, write::ZlibEncoder};

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn bare(data: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    /// A brotli stream of one uncompressed block (RFC 7932, 9.2): window 16, one stored block, an empty last block.
    fn brotli(data: &[u8]) -> Vec<u8> {
        assert!((1..=65_536).contains(&data.len()));
        // bits, lowest first: WBITS=0 (16), ISLAST=0, MNIBBLES=00 (4), MLEN-1 in 16, ISUNCOMPRESSED=1, then to the byte
        let head = (u32::try_from(data.len()).unwrap() - 1) << 4 | 1 << 20;
        let mut out = head.to_le_bytes()[..3].to_vec();
        out.extend_from_slice(data);
        out.push(0b11);
        out
    }

    fn decode(coding: Coding, wire: &[u8], step: usize, limit: usize) -> Result<(Vec<u8>, bool), String> {
        let mut body = Body::new(coding, limit);
        for chunk in wire.chunks(step) {
            if body.push(chunk)? == Room::None {
                return Ok((body.cut(), true));
            }
        }
        body.finish().map(|(data, _)| (data, false))
    }

    #[test]
    fn every_coding_in_every_cut_of_chunks() {
        let text = "Communiqué de presse. ".repeat(400).into_bytes();
        let cases = [
            (Coding::Identity, text.clone()),
            (Coding::Gzip, gzip(&text)),
            (Coding::Gzip, [gzip(&text[..100]), gzip(&text[100..])].concat()),
            (Coding::Gzip, [gzip(&text), b"\n<!-- cached -->".to_vec()].concat()),
            (Coding::Deflate, zlib(&text)),
            (Coding::Deflate, bare(&text)),
            (Coding::Deflate, [bare(&text), b"extra".to_vec()].concat()),
            (Coding::Brotli, brotli(&text)),
            (Coding::Brotli, [brotli(&text), b"extra".to_vec()].concat()),
        ];
        for (number, (coding, wire)) in cases.iter().enumerate() {
            for step in [1, 2, 3, 7, 1000, 1 << 20] {
                let decoded = decode(*coding, wire, step, 1 << 20).map(|(data, cut)| (data == text, cut));
                assert_eq!(decoded, Ok((true, false)), "case {number}, step {step}");
            }
            let (data, cut) = decode(*coding, wire, 64, 1000).unwrap();
            assert!(cut && data == text[..1000], "case {number}");
        }
    }

    #[test]
    fn what_is_cut_or_mislabelled_fails() {
        let text = "Communiqué de presse. ".repeat(40).into_bytes();
        for (coding, wire) in [
            (Coding::Gzip, gzip(&text)),
            (Coding::Deflate, zlib(&text)),
            (Coding::Deflate, bare(&text)),
            (Coding::Brotli, brotli(&text)),
        ] {
            for lost in [1, 4, wire.len() / 2, wire.len() - 1] {
                assert!(decode(coding, &wire[..wire.len() - lost], 50, 1 << 20).is_err(), "{coding:?} less {lost}");
            }
            assert!(decode(coding, b"<!doctype html><p>plain text under a label", 50, 1 << 20).is_err(), "{coding:?}");
            assert_eq!(decode(coding, b"", 1, 10), Ok((vec![], false)), "an empty body needs no stream");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let (data, cut) = decode(Coding::Gzip, &bomb, 8192, 1 << 20).unwrap();
        assert!(cut && data.len() == 1 << 20);
        let (data, cut) = decode(Coding::Deflate, &zlib(&vec![0; 64 << 20]), 8192, 1 << 20).unwrap();
        assert!(cut && data.len() == 1 << 20);
    }

    #[test]
    fn the_label_is_read_once() {
        for (value, expected) in [
            ("gzip", Ok(Coding::Gzip)),
            ("X-GZip", Ok(Coding::Gzip)),
            ("br", Ok(Coding::Brotli)),
            ("deflate", Ok(Coding::Deflate)),
            ("", Ok(Coding::Identity)),
            ("identity, gzip", Ok(Coding::Gzip)),
            ("UTF-8", Ok(Coding::Identity)),
            ("gzip, gzip, gzip", Err(())),
            ("zstd", Err(())),
            ("x-unknown", Err(())),
        ] {
            assert_eq!(coding([value].into_iter()).map_err(drop), expected, "{value}");
        }
        assert!(coding(["gzip", "gzip"].into_iter()).is_err());
    }
}
