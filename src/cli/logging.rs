//! Logs: on stderr, for people on a terminal, as JSON lines with `--json`.

use super::Global;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging for the process. `RUST_LOG` wins over the flags.
pub fn start(global: &Global) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (false, 0) => "warn,communique=info",
        (false, 1) => "info,communique=debug",
        (false, _) => "debug,communique=trace",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let logs = fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    match global.json {
        true => logs.json().init(),
        false => logs.with_target(false).compact().init(),
    }
}
