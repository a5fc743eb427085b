//! Which network addresses does a name stand for? Asked once a connection; the answer is judged whole, and exactly
//! these addresses are connected to, so a name that changes its mind in between changes nothing.

use super::guard::{Guard, Refusal, is_localhost};
use std::{future::Future, io, net::IpAddr, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

/// A question to a name server.
pub type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who is asked for names: the system, or a test's own table.
pub type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;

/// The system's resolver.
pub fn system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Why a name led to no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// One of its addresses is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such name, or it has no address.
    #[error("{0}")]
    NotFound(String),
    /// The name server failed or kept silent.
    #[error("{0}")]
    Trouble(String),
}

/// The resolver of one connection: looks up, judges, and hands the same addresses on.
pub struct GuardedResolver {
    /// Who is asked.
    pub lookup: Lookup,
    /// Who judges.
    pub guard: Arc<Guard>,
    /// The port that will be connected to.
    pub port: u16,
    /// Whether that port is 80, 443 or named by the member file.
    pub port_named: bool,
    /// How long the name server may take.
    pub patience: Duration,
}

impl GuardedResolver {
    /// All addresses of `name`, judged.
    async fn addresses(&self, name: String) -> Result<Vec<IpAddr>, NameError> {
        let found = if is_localhost(&name) { self.guard.loopback() } else { self.ask(name).await? };
        self.guard.judge_all(&found, self.port, self.port_named)?;
        Ok(found)
    }

    async fn ask(&self, name: String) -> Result<Vec<IpAddr>, NameError> {
        let answer = tokio::time::timeout(self.patience, (self.lookup)(name))
            .await
            .map_err(|_| NameError::Trouble("the name server did not answer".to_owned()))?;
        match answer {
            Ok(found) if found.is_empty() => Err(NameError::NotFound("the name has no address".to_owned())),
            Ok(found) => Ok(found),
            Err(error) => Err(name_error(&error)),
        }
    }
}

/// The system tells "try again" (EAI_AGAIN, as after SERVFAIL) from "no such name" in its words only.
fn name_error(error: &io::Error) -> NameError {
    let words = error.to_string();
    match words.contains("Temporary failure") || words.contains("try again") {
        true => NameError::Trouble(words),
        false => NameError::NotFound(words),
    }
}

impl reqwest::dns::Resolve for GuardedResolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let own = Self { lookup: self.lookup.clone(), guard: self.guard.clone(), ..*self };
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found = own.addresses(name).await?;
            let sockets: Vec<SocketAddr> = found.into_iter().map(|address| SocketAddr::new(address, 0)).collect();
            Ok(Box::new(sockets.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn resolver(open: &[&str], lookup: Lookup) -> GuardedResolver {
        let open: Vec<ipnet::IpNet> = open.iter().map(|net| net.parse().unwrap()).collect();
        let guard = Arc::new(Guard::new(&open, true));
        GuardedResolver { lookup, guard, port: 80, port_named: true, patience: Duration::from_millis(50) }
    }

    fn answers(sets: &'static [&'static [&'static str]]) -> (Lookup, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        let lookup: Lookup = Arc::new(move |_| {
            let set = sets[counter.fetch_add(1, Ordering::SeqCst).min(sets.len() - 1)];
            Box::pin(async move { Ok(set.iter().map(|text| text.parse().unwrap()).collect()) })
        });
        (lookup, asked)
    }

    #[tokio::test]
    async fn a_public_name_with_a_private_address_is_refused() {
        const SETS: &[&[&[&str]]] = &[&[&["127.8.8.8"]], &[&["1.1.1.1", "10.0.0.1"]], &[&["::ffff:127.0.0.1"]]];
        for set in SETS {
            let (lookup, _) = answers(set);
            let verdict = resolver(&[], lookup).addresses("h.example".into()).await;
            assert!(matches!(verdict, Err(NameError::Refused(_))), "{verdict:?}");
        }
    }

    #[tokio::test]
    async fn a_name_is_asked_once_and_that_answer_is_connected() {
        let (lookup, asked) = answers(&[&["1.1.1.1"], &["127.8.8.8"]]);
        let found = resolver(&[], lookup).addresses("flip.example".into()).await.unwrap();
        assert_eq!((found, asked.load(Ordering::SeqCst)), (vec!["1.1.1.1".parse().unwrap()], 1));
    }

    #[tokio::test]
    async fn localhost_never_reaches_a_name_server() {
        let (lookup, asked) = answers(&[&["1.1.1.1"]]);
        let found = resolver(&["127.0.0.0/8"], lookup).addresses("site.localhost".into()).await.unwrap();
        assert_eq!((found, asked.load(Ordering::SeqCst)), (vec!["127.0.0.1".parse().unwrap()], 0));
    }

    #[tokio::test]
    async fn no_name_no_answer_and_trouble_are_told_apart() {
        let failing = |words: &'static str| -> Lookup {
            Arc::new(move |_| Box::pin(async move { Err(io::Error::other(words)) }))
        };
        let missing = resolver(&[], failing("Name or service not known")).addresses("a.example".into()).await;
        assert!(matches!(missing, Err(NameError::NotFound(_))), "{missing:?}");
        let trouble =
            resolver(&[], failing("Temporary failure in name resolution")).addresses("a.example".into()).await;
        assert!(matches!(trouble, Err(NameError::Trouble(_))), "{trouble:?}");
        let silent: Lookup = Arc::new(|_| Box::pin(std::future::pending()));
        assert!(matches!(resolver(&[], silent).addresses("a.example".into()).await, Err(NameError::Trouble(_))));
        let (empty, _) = answers(&[&[]]);
        assert!(matches!(resolver(&[], empty).addresses("a.example".into()).await, Err(NameError::NotFound(_))));
    }
}
