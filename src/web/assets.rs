//! Files that pages load: their names carry a fingerprint of the content, so a browser may keep them for good.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A file of this build.
pub(super) struct Asset {
    stem: &'static str,
    suffix: &'static str,
    media_type: &'static str,
    content: &'static str,
}

/// The words of the style sheet.
pub const STYLE_SHEET: &str = include_str!("static/site.css");

/// The style sheet.
pub(super) static STYLE: Asset =
    Asset { stem: "site", suffix: "css", media_type: "text/css; charset=utf-8", content: STYLE_SHEET };

/// The icon.
pub(super) static ICON: Asset =
    Asset { stem: "icon", suffix: "svg", media_type: "image/svg+xml", content: include_str!("static/icon.svg") };

/// Completions below the search box, for browsers that run scripts.
pub(super) static SUGGEST: Asset = Asset {
    stem: "suggest",
    suffix: "js",
    media_type: "text/javascript; charset=utf-8",
    content: include_str!("static/suggest.js"),
};

/// Buttons that copy the address of a feed, for browsers that run scripts.
pub(super) static COPY: Asset = Asset {
    stem: "copy",
    suffix: "js",
    media_type: "text/javascript; charset=utf-8",
    content: include_str!("static/copy.js"),
};

/// Every file; a new one is one more line.
static ALL: LazyLock<Vec<(String, &'static Asset)>> =
    LazyLock::new(|| [&STYLE, &ICON, &SUGGEST, &COPY].into_iter().map(|asset| (asset.name(), asset)).collect());

impl Asset {
    fn name(&self) -> String {
        let digest = Sha256::digest(self.content.as_bytes());
        let mark: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{mark}.{}", self.stem, self.suffix)
    }

    /// Path without leading slash.
    pub fn path(&'static self) -> String {
        let named = ALL.iter().find(|(_, asset)| std::ptr::eq(*asset, self));
        format!("static/{}", named.map_or_else(|| self.name(), |(name, _)| name.clone()))
    }
}

/// `/static/{name}`: a file of this build, or 404.
pub(super) async fn serve(Path(name): Path<String>) -> Response {
    match ALL.iter().find(|(known, _)| *known == name) {
        Some((_, asset)) => (
            [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")],
            asset.content,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
