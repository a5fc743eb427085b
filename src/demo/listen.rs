//! Binds the two sites to 127.0.0.1 and serves them until told to stop.

use super::{DemoError, Ports, content, sites};
use std::{io, net::SocketAddr};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// The two sites while they are served. Dropping it ends them at once, [`stop`](Listeners::stop) lets answers finish.
#[derive(Debug)]
pub struct Listeners {
    /// The ports in use, also where 0 was asked for.
    pub ports: Ports,
    stop: watch::Sender<bool>,
    tasks: JoinSet<io::Result<()>>,
}

/// Serves both sites in the background; port 0 picks a free one. Needs a running tokio runtime.
pub async fn listen(ports: Ports) -> Result<Listeners, DemoError> {
    let (first, action_education) = bind(content::ACTION_EDUCATION, ports.action_education).await?;
    let (second, solidarite_laique) = bind(content::SOLIDARITE_LAIQUE, ports.solidarite_laique).await?;
    let ports = Ports { action_education, solidarite_laique };
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for (listener, site) in [first, second].into_iter().zip(sites(ports)?) {
        let mut stopped = stopped.clone();
        tasks.spawn(async move {
            let ended = async move {
                let _ = stopped.wait_for(|stopped| *stopped).await;
            };
            axum::serve(listener, site.router).with_graceful_shutdown(ended).await
        });
    }
    Ok(Listeners { ports, stop, tasks })
}

impl Listeners {
    /// Takes no further connection, lets open answers finish and returns.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn bind(host: &'static str, port: u16) -> Result<(TcpListener, u16), DemoError> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => DemoError::Taken { host, address },
        _ => DemoError::Listen { host, address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}
