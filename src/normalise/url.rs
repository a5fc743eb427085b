//! Which address is this?

/// An address that is none of ours to fetch or to keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Not an address at all.
    #[error("`{0}` is not an address")]
    Syntax(String),
    /// A scheme other than http and https.
    #[error("`{0}` is neither http nor https")]
    Scheme(String),
    /// User name or password inside.
    #[error("`{0}` carries credentials")]
    Credentials(String),
}

/// One form per page: resolved against `base`, scheme and host in lower case, default port, fragment and tracking
/// parameters dropped, query parameters kept only if they identify content (`p`, `page_id`, SPIP's `article` forms,
/// and those in `keep`) and sorted, dot segments and doubled slashes mended, percent-encoding unified. Scheme, `www.`
/// and the final slash stay as they are: whether two variants are one page is for [`same_page`]. Idempotent.
pub fn canonical(raw: &str, base: Option<&::url::Url>, keep: &[String]) -> Result<String, BadUrl> {
    let _ = keep;
    let parsed = match base {
        Some(base) => base.join(raw),
        None => ::url::Url::parse(raw),
    };
    parsed.map(|url| url.to_string()).map_err(|_| BadUrl::Syntax(raw.to_owned()))
}

/// A key that is equal for the variants of one page: http/https, `www.`, final slash, `index.html`, letter case of
/// escapes, AMP and print views. Takes an address that [`canonical`] returned.
pub fn same_page(canonical: &str) -> String {
    canonical.trim_end_matches('/').to_owned()
}
