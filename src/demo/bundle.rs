//! The bundled files: `build.rs` lists everything below `src/demo/sites` and `src/demo/config`.

use super::DemoError;

static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/demo_files.rs"));

/// The file at `path` below `src/demo/`.
pub(super) fn bytes(path: &str) -> Option<&'static [u8]> {
    FILES.binary_search_by_key(&path, |(name, _)| name).ok().map(|at| FILES[at].1)
}

/// The text at `path` below `src/demo/`.
pub(super) fn text(path: &str) -> Result<&'static str, DemoError> {
    let bytes = bytes(path).ok_or_else(|| DemoError::Missing(path.to_owned()))?;
    std::str::from_utf8(bytes).map_err(|_| DemoError::Missing(format!("{path} as UTF-8")))
}

/// Paths and texts of all files whose path begins with `prefix`, in the order of their paths.
pub(super) fn texts(prefix: &str) -> Result<Vec<(&'static str, &'static str)>, DemoError> {
    FILES.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(name, _)| Ok((*name, text(name)?))).collect()
}
