//! Ctrl-C and SIGTERM: stop after what is in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sets `stop` on the first Ctrl-C or SIGTERM. A second Ctrl-C ends the process as it would without us.
pub fn sets(stop: Arc<AtomicBool>) {
    tokio::spawn(async move {
        wait().await;
        stop.store(true, Ordering::Relaxed);
        wait().await;
        std::process::exit(130);
    });
}

/// Ends when the process is asked to end.
pub async fn wait() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
