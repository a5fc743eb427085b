//! Names and encrypted connections.

use super::*;

#[tokio::test]
async fn names_are_judged_by_what_they_stand_for() {
    let origin = Origin::start(|path, _| if path == "/robots.txt" { none() } else { ok("page") }).await;
    let port = origin.port;
    let fetcher = with(
        &settings(),
        &[("home.example", "127.0.0.1"), ("inner.example", "127.8.8.8"), ("flip.example", "1.1.1.1")],
    );
    let get = async |host: &str| {
        let outcome = fetcher.get(Request::page(format!("http://{host}:{port}/page"))).await;
        outcome.map(|response| response.status).map_err(|error| error.cause)
    };
    assert_eq!(get("home.example").await, Ok(200));
    assert_eq!(get("site.localhost").await, Ok(200));
    assert_eq!(get("LOCALHOST.").await, Ok(200));
    assert!(matches!(get("inner.example").await, Err(Cause::Refused(guard::Refusal::Address { .. }))));
    assert_eq!(get("flip.example").await, Err(Cause::Refused(guard::Refusal::Port(port))));
    assert!(
        matches!(get("nowhere.example").await, Err(Cause::RobotsUnreachable(cause)) if matches!(*cause, Cause::NoSuchName(_)))
    );
}

/// A TLS server that shows one of the certificates of `testdata` and answers every request with the same.
fn tls_origin(certificate: &'static [u8], answer: &str) -> u16 {
    let answer = answer.to_owned();
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let key = PrivateKeyDer::try_from(&include_bytes!("../testdata/site.key.der")[..]).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(tls, stream.unwrap());
            let mut head = [0; 4096];
            if std::io::Read::read(&mut stream, &mut head).is_ok() {
                let _ = std::io::Write::write_all(&mut stream, answer.as_bytes());
            }
        }
    });
    port
}

#[tokio::test]
async fn of_two_addresses_the_living_one_answers() {
    let origin = Origin::start(|path, _| if path == "/robots.txt" { none() } else { ok("page") }).await;
    let mut wide = settings();
    wide.open_networks = vec!["127.0.0.0/8".parse().unwrap()];
    let fetcher = with(&wide, &[("two.example", "127.0.0.77 127.0.0.1")]);
    let response = fetcher.get(Request::page(format!("http://two.example:{}/page", origin.port))).await.unwrap();
    assert_eq!(response.status, 200);
}

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret";

/// A fetcher that trusts the root of `testdata` and nobody else.
fn trusting() -> Fetcher {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from(&include_bytes!("../testdata/root.der")[..])).unwrap();
    Fetcher::assemble(&settings(), clock(), resolve::system(), roots, [Duration::from_millis(1); 2]).unwrap()
}

#[tokio::test]
async fn a_way_from_https_to_http_is_followed_and_recorded() {
    let plain = Origin::start(|path, _| if path == "/robots.txt" { none() } else { ok("page") }).await;
    let location = format!("http://localhost:{}/page", plain.port);
    let answer =
        format!("HTTP/1.1 301 Moved\r\nLocation: {location}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    let port = tls_origin(include_bytes!("../testdata/good.der"), &answer);
    let response = trusting().get(Request::page(format!("https://localhost:{port}/page"))).await.unwrap();
    assert_eq!((response.url.as_str(), response.redirects), (location.as_str(), vec![(301, location.clone())]));
}

#[tokio::test]
async fn tls_is_trusted_or_not_used() {
    let trusting = trusting();
    let get = async |fetcher: &Fetcher, port: u16| {
        let outcome = fetcher.get(Request::page(format!("https://localhost:{port}/"))).await;
        match outcome.map(|response| response.status).map_err(|error| error.cause) {
            Err(Cause::RobotsUnreachable(cause)) => Err(*cause),
            other => other,
        }
    };
    let good = tls_origin(include_bytes!("../testdata/good.der"), PAGE);
    // the server calls its robots.txt "secret", which is no rule
    assert_eq!(get(&trusting, good).await, Ok(200));
    let expired = tls_origin(include_bytes!("../testdata/expired.der"), PAGE);
    let other = tls_origin(include_bytes!("../testdata/other-name.der"), PAGE);
    for (name, fetcher, port, word) in [
        ("of an unknown signer", &fetcher(), good, "UnknownIssuer"),
        ("expired", &trusting, expired, "expired"),
        ("of another name", &trusting, other, "not valid for name"),
    ] {
        let refused = get(fetcher, port).await;
        assert!(matches!(&refused, Err(Cause::Tls(words)) if words.contains(word)), "{name}: {refused:?}");
    }
    let plain = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = plain.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            let _ = std::io::Write::write_all(&mut stream.unwrap(), b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let refused = get(&trusting, port).await;
    assert!(matches!(refused, Err(Cause::Tls(_))), "{refused:?}");
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    assert_eq!(get(&trusting, silent.local_addr().unwrap().port()).await, Err(Cause::Timeout(Limit::Connect)));
}

#[test]
fn one_look_needs_no_event_loop() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/page", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage";
            let _ = std::io::Write::write_all(&mut stream, answer);
        }
    });
    let response = look(&settings(), clock(), Request::page(url)).unwrap().unwrap();
    assert_eq!(&response.body[..], b"page");
}
