//! `communique export`: everything readers can see, as JSON lines; `--warc`: everything received, as WARC.

use super::house::{configuration, store};
use super::{Failure, Global};
use crate::{
    config::Config,
    publish::Line,
    store::{Capture, Store},
};
use clap::Args;
use jiff::Unit;
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};

/// Releases read at a time.
const PAGE: usize = 500;

/// Print every visible release with its text, one JSON object a line, for `import`
#[derive(Debug, Args)]
pub struct Export {
    /// Print every stored response instead, as WARC/1.1
    #[arg(long)]
    warc: bool,
}

/// Runs the command.
pub fn run(command: &Export, global: &Global) -> Result<(), Failure> {
    let config = configuration(global)?;
    let store = store(&config)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let done = match command.warc {
        true => captures(&store, &mut out),
        false => releases(&config, &store, &mut out),
    };
    match done.and_then(|()| Ok(out.flush()?)) {
        // A reader that went away is no failure of ours.
        Err(ExportError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::new),
    }
}

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    #[error("cannot write the lines: {0}")]
    Output(#[from] io::Error),
    #[error("cannot write the lines: {0}")]
    Json(#[from] serde_json::Error),
}

/// In order of rank, so that an import gives undated releases the same order again.
fn releases(config: &Config, store: &Store, out: &mut impl Write) -> Result<(), ExportError> {
    let reader = store.reader();
    let mut rank = i64::MIN;
    loop {
        let page = reader.indexed_after(rank, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        rank = last.release.rank;
        for found in page {
            // Hidden in the meantime: not for export any more.
            let Some(text) = reader.text(&found.release.id)? else { continue };
            serde_json::to_writer(&mut *out, &Line::new(found.release, text, config))?;
            out.write_all(b"\n")?;
        }
    }
}

fn captures(store: &Store, out: &mut impl Write) -> Result<(), ExportError> {
    let about = format!("software: communique/{}\r\nformat: WARC File Format 1.1\r\n", env!("CARGO_PKG_VERSION"));
    let now = store.clock().now();
    let record = Record { kind: "warcinfo", content: "application/warc-fields", url: None, at: now };
    record.write(about.as_bytes(), &[], out)?;
    for id in store.captures()? {
        if let Some(capture) = store.capture(id)? {
            let record = Record {
                kind: "response",
                content: "application/http;msgtype=response",
                url: Some(&capture.url),
                at: capture.at,
            };
            record.write(&head(&capture), &capture.body, out)?;
        }
    }
    Ok(())
}

/// The response head as received, but for the coding and length of the body, which is stored decoded: the originals
/// stand under names of their own.
fn head(capture: &Capture) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} \r\n", capture.status);
    for (name, value) in &capture.headers {
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let original = match name.as_str() {
            "content-encoding" | "transfer-encoding" | "content-length" => "x-original-",
            _ => "",
        };
        head.push_str(&format!("{original}{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", capture.body.len()));
    head.into_bytes()
}

/// The head of a WARC record (ISO 28500:2017).
struct Record<'a> {
    kind: &'static str,
    content: &'static str,
    url: Option<&'a str>,
    at: jiff::Timestamp,
}

impl Record<'_> {
    fn write(&self, head: &[u8], body: &[u8], out: &mut impl Write) -> Result<(), ExportError> {
        let mut hash = Sha256::new();
        for part in
            [self.kind.as_bytes(), self.url.unwrap_or_default().as_bytes(), self.at.to_string().as_bytes(), head, body]
        {
            hash.update(part);
        }
        let at = self.at.round(Unit::Second).unwrap_or(self.at);
        write!(
            out,
            "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: <{}>\r\nWARC-Date: {at}\r\n",
            self.kind,
            uuid(&hash.finalize())
        )?;
        if let Some(url) = self.url {
            write!(out, "WARC-Target-URI: {url}\r\nWARC-Payload-Digest: sha-256:{}\r\n", hex(&Sha256::digest(body)))?;
        }
        write!(out, "Content-Type: {}\r\nContent-Length: {}\r\n\r\n", self.content, head.len() + body.len())?;
        out.write_all(head)?;
        out.write_all(body)?;
        out.write_all(b"\r\n\r\n")?;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A UUID of version 8 (RFC 9562) from a hash: the same record always has the same.
fn uuid(hash: &[u8]) -> String {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex(&bytes);
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
