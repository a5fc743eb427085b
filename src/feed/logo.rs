//! `/logo.png`: the newsroom's sign as feed readers want it, a square picture of points.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Width and height in pixels, the most that RSS allows.
pub const SIDE: u32 = 144;
/// Its address, without leading slash.
pub const PATH: &str = "logo.png";

const PICTURE: &[u8] = include_bytes!("logo.png");

/// The picture.
pub async fn show() -> Response {
    ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=86400")], PICTURE).into_response()
}
