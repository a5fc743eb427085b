//! One request and its answer, within limits of time and size: what the rest of the room builds on.

use super::coding::{self, Body, Coding, Room};
use super::error::{Cause, Limit};
use super::resolve::{GuardedResolver, NameError};
use crate::{config::FetchSettings, model::Warning};
use http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use std::{error::Error, io, sync::Arc, time::Duration};
use tokio::time::{Instant, timeout};
use url::Url;

/// The head of an answer, bytes.
const MAX_HEAD: usize = 64 << 10;

/// Fields in the head of an answer.
const MAX_FIELDS: usize = 100;

/// What is read of the body of a redirect, which nobody will see: enough to keep the connection.
const MAX_REDIRECT_BODY: usize = 64 << 10;

/// Encrypted connections with the roots that browsers trust, compiled in, so that no CA files are needed.
pub fn tls(roots: rustls::RootCertStore) -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// A client for one host: one idle connection, no cookies, no proxy, no redirects or retries of its own.
pub fn build(
    settings: &FetchSettings,
    agent: &HeaderValue,
    tls: rustls::ClientConfig,
    resolver: GuardedResolver,
) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(agent.clone())
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(resolver))
        .no_proxy()
        .referer(false)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .http1_only()
        .http1_max_headers(MAX_FIELDS)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .connect_timeout(settings.connect)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(30))
        .build()
}

/// Limits of one request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Up to the end of the head, connecting included.
    pub first_byte: Duration,
    /// Silence within the body.
    pub idle: Duration,
    /// For the whole of it.
    pub total: Duration,
    /// Decoded body, bytes.
    pub body: usize,
}

/// An answer, complete or cut at the size limit.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Fields in the order received.
    pub headers: Vec<(String, String)>,
    /// Decoded body.
    pub body: Vec<u8>,
    /// The body was longer than allowed; what there is, is its beginning.
    pub cut: bool,
    /// The connection may be used again.
    pub reusable: bool,
    /// Time to the end of the head.
    pub head_time: Duration,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

impl Answer {
    /// First value of a field, name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where the answer sends us; `None` unless it is a redirect. An absent or empty `Location` is an empty text.
    pub fn location(&self) -> Option<&str> {
        is_redirect(self.status).then(|| self.header("location").unwrap_or_default().trim())
    }
}

/// A request that brought no answer.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub cause: Cause,
    /// The connection broke: asking again soon may help.
    pub retry: bool,
    /// It broke before a single byte of the answer: an idle connection may have been closed as we used it.
    pub before_answer: bool,
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, retry: false, before_answer: false }
    }
}

/// Sends one GET and reads the answer.
pub async fn exchange(
    client: &reqwest::Client,
    url: Url,
    headers: HeaderMap,
    limits: Limits,
) -> Result<Answer, Failure> {
    let started = Instant::now();
    let sending = client.get(url).headers(headers).send();
    let mut response = match timeout(limits.first_byte.min(limits.total), sending).await {
        Err(_) if limits.total < limits.first_byte => return Err(Cause::Timeout(Limit::Total).into()),
        Err(_) => return Err(Cause::Timeout(Limit::FirstByte).into()),
        Ok(Err(error)) => return Err(head_failure(&error)),
        Ok(Ok(response)) => response,
    };
    let (mut answer, coding) = read_head(&response, started.elapsed())?;
    let redirect = is_redirect(answer.status);
    let limit = if redirect { MAX_REDIRECT_BODY.min(limits.body) } else { limits.body };
    match read_body(&mut response, Body::new(coding, limit), started + limits.total, limits.idle).await {
        Ok((bytes, warning)) => {
            answer.body = bytes;
            answer.warnings.extend(warning);
        }
        Err(BodyEnd::Cut(bytes)) => (answer.body, answer.cut, answer.reusable) = (bytes, true, false),
        // where a redirect leads is known, whatever becomes of its body
        Err(BodyEnd::Failed(_)) if redirect => answer.reusable = false,
        Err(BodyEnd::Failed(failure)) => return Err(failure),
    }
    Ok(answer)
}

/// The answer without its body, and how the body is packed.
fn read_head(response: &reqwest::Response, head_time: Duration) -> Result<(Answer, Coding), Cause> {
    let (status, fields) = (response.status().as_u16(), response.headers());
    if fields.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>() > MAX_HEAD {
        return Err(Cause::HeadTooLarge);
    }
    let coding = match is_redirect(status) {
        true => Coding::Identity,
        false => body_coding(fields).map_err(Cause::Coding)?,
    };
    // RFC 9112, 6.3: the chunks count, and what follows on such a connection is not trusted
    let two_lengths = fields.contains_key(TRANSFER_ENCODING) && fields.contains_key(CONTENT_LENGTH);
    let closing = fields.get_all(CONNECTION).iter().any(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
    let answer = Answer {
        status,
        headers: fields.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: Vec::new(),
        cut: false,
        reusable: !two_lengths && !closing,
        head_time,
        warnings: two_lengths.then(|| Warning::new("length-stated-twice", "")).into_iter().collect(),
    };
    Ok((answer, coding))
}

enum BodyEnd {
    Cut(Vec<u8>),
    Failed(Failure),
}

async fn read_body(
    response: &mut reqwest::Response,
    mut body: Body,
    deadline: Instant,
    idle: Duration,
) -> Result<(Vec<u8>, Option<Warning>), BodyEnd> {
    let failed = |cause: Cause| BodyEnd::Failed(cause.into());
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let chunk = match timeout(left.min(idle), response.chunk()).await {
            Err(_) if left <= idle => return Err(failed(Cause::Timeout(Limit::Total))),
            Err(_) => return Err(failed(Cause::Timeout(Limit::Idle))),
            Ok(Err(error)) => return Err(BodyEnd::Failed(body_failure(&error))),
            Ok(Ok(chunk)) => chunk,
        };
        let Some(chunk) = chunk else { return body.finish().map_err(|words| failed(Cause::Coding(words))) };
        match body.push(&chunk) {
            Ok(Room::Left) => {}
            Ok(Room::None) => return Err(BodyEnd::Cut(body.cut())),
            Err(words) => return Err(failed(Cause::Coding(words))),
        }
        if Instant::now() >= deadline {
            return Err(failed(Cause::Timeout(Limit::Total)));
        }
    }
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

fn body_coding(fields: &HeaderMap) -> Result<Coding, String> {
    let values: Vec<String> = fields.get_all(CONTENT_ENCODING).iter().map(text).collect();
    coding::coding(values.iter().map(String::as_str))
}

/// A field as text: UTF-8 where it is, else Latin-1 (RFC 9110, 5.5 leaves it open).
fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// What kept us from the head of the answer.
fn head_failure(error: &reqwest::Error) -> Failure {
    if let Some(name) = find::<NameError>(error) {
        return name_cause(name).into();
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return Cause::Tls(tls.to_string()).into();
    }
    if error.is_connect() {
        return match error.is_timeout() {
            true => Cause::Timeout(Limit::Connect).into(),
            false => Failure { cause: Cause::Connection(innermost(error)), retry: true, before_answer: false },
        };
    }
    match find::<hyper::Error>(error) {
        Some(hyper) if hyper.is_parse_too_large() => Cause::HeadTooLarge.into(),
        Some(hyper) if hyper.is_parse() => Cause::Framing(innermost(error)).into(),
        _ => Failure { cause: Cause::Connection(innermost(error)), retry: true, before_answer: true },
    }
}

fn name_cause(name: &NameError) -> Cause {
    match name {
        NameError::Refused(refusal) => Cause::Refused(refusal.clone()),
        NameError::NotFound(words) => Cause::NoSuchName(words.clone()),
        NameError::Trouble(words) => Cause::NameServer(words.clone()),
    }
}

/// What kept us from the end of the body.
fn body_failure(error: &reqwest::Error) -> Failure {
    let words = innermost(error);
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => Cause::Framing(words).into(),
        Some(io::ErrorKind::UnexpectedEof) | None => Cause::Truncated(words).into(),
        Some(_) => Failure { cause: Cause::Truncated(words), retry: true, before_answer: false },
    }
}

/// An error and its causes, outermost first. An [`io::Error`] hides the error it was made from; here it does not.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let current = next?;
        let made_from = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match made_from {
            Some(inner) => Some(inner),
            None => current.source(),
        };
        Some(current)
    })
}

/// The first error of type `T` among an error and its causes.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|error| error.downcast_ref())
}

/// The words of the last cause, which says most.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
