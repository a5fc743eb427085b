//! The public listener: the doors side by side, and what holds for all of their answers.

use super::{ServeOptions, metrics::Metrics};
use crate::{api, feed, web};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};

/// Largest request body; nothing here reads one.
const BODY: usize = 64 << 10;

/// Longest time to make an answer.
const ANSWER: Duration = Duration::from_secs(30);

/// Pages load nothing but our own files, run no script within the page and are never framed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer, unless its door has set one of its own.
const SECURITY: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Everything that readers and their programs may ask.
pub(super) fn router(options: &ServeOptions, base_url: &Arc<str>, metrics: Metrics) -> Router {
    let door = web::Door {
        engine: options.engine.clone(),
        reader: options.store.reader(),
        config: options.config.clone(),
        base_url: base_url.clone(),
        clock: options.clock.clone(),
    };
    let api = api::Door {
        engine: options.engine.clone(),
        reader: options.store.reader(),
        config: options.config.clone(),
        base_url: base_url.clone(),
    };
    let feed = feed::Door {
        engine: options.engine.clone(),
        reader: options.store.reader(),
        config: options.config.clone(),
        base_url: base_url.clone(),
    };
    let (lost, crashed) = (door.clone(), door.clone());
    let nowhere =
        move |method: Method, uri: Uri, headers: HeaderMap| async move { nowhere(&lost, &method, &uri, &headers) };
    let sorry = CatchPanicLayer::custom(move |_| web::internal_error(&crashed, &HeaderMap::new()));
    let (feeds, at_once) = feed::router(feed);
    let doors = web::router(door)
        .layer(sorry)
        .merge(api::router(api))
        .merge(feeds)
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(metrics.clone(), observe));
    // Around the router and not layers of it: the router clones and boxes each of its layers for every request, which
    // costs more than a feed that is ready.
    let slowly = ServiceBuilder::new()
        .map_response(dressed)
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(CatchPanicLayer::custom(|_| crash()))
        .layer(RequestBodyLimitLayer::new(BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
        .service(doors);
    let front = Front { at_once, metrics, slowly };
    Router::new().fallback_service(tower::service_fn(move |request: Request| front.clone().answer(request)))
}

/// Answers feeds that lie ready; everything else goes through the doors.
#[derive(Clone)]
struct Front<S> {
    at_once: feed::AtOnce,
    metrics: Metrics,
    slowly: S,
}

impl<S, B> Front<S>
where
    S: Service<Request, Response = Response<B>, Error = Infallible>,
    Response<B>: IntoResponse,
{
    async fn answer(self, request: Request) -> Result<Response, Infallible> {
        let begun = Instant::now();
        if is_well_formed(&request)
            && let Some(response) = self.at_once.answer(&request)
        {
            self.metrics.count(request.uri().path(), response.status().as_u16(), begun.elapsed());
            return Ok(dressed(response));
        }
        Ok(Box::pin(self.slowly.oneshot(request)).await?.into_response())
    }
}

/// The answer to a program when a part of ours crashed; the reason is in the log.
fn crash() -> Response {
    let problem = "{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500}\n";
    let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::INTERNAL_SERVER_ERROR, headers, problem).into_response()
}

/// An address that no door knows.
fn nowhere(door: &web::Door, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    match *method {
        Method::GET | Method::HEAD => web::not_found(door, uri, headers),
        _ => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response(),
    }
}

/// Whether a request can be read in one way only (RFC 9112, sections 3.2 and 6.3): it has one `Host`, and no chunked
/// body, which nothing here takes and beside which a `Content-Length` would go unseen.
fn is_well_formed(request: &Request) -> bool {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    let chunked = headers.contains_key(header::TRANSFER_ENCODING);
    request.version() != Version::HTTP_11 || (hosts == 1 && !chunked)
}

/// Counts and logs each answer, by the pattern of its address.
async fn observe(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let asked =
        tracing::enabled!(tracing::Level::DEBUG).then(|| (request.method().clone(), request.uri().path().to_owned()));
    let response = match is_well_formed(&request) {
        true => next.run(request).await,
        false => (StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")]).into_response(),
    };
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    metrics.count(route.as_ref().map_or("other", MatchedPath::as_str), status, took);
    if let Some((method, path)) = asked {
        tracing::debug!(%method, path, status, duration_ms = took.as_secs_f64() * 1e3, "answered {path} with {status}");
    }
    response
}

/// What every answer has.
fn dressed<B>(response: Response<B>) -> Response<B> {
    weak_when_encoded(with_headers(response))
}

fn with_headers<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// One validator may not stand for two sequences of bytes: a compressed answer has a weak one (RFC 9110, 8.8.3.3).
fn weak_when_encoded<B>(mut response: Response<B>) -> Response<B> {
    if response.headers().contains_key(header::CONTENT_ENCODING)
        && let Some(tag) = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok())
        && !tag.starts_with("W/")
        && let Ok(weak) = HeaderValue::from_str(&format!("W/{tag}"))
    {
        response.headers_mut().insert(header::ETAG, weak);
    }
    response
}

/// For answers that are true only now.
pub(super) async fn not_stored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
