use super::*;
use std::net::Ipv4Addr;

#[tokio::test]
async fn a_taken_port_is_said() {
    let first = bind((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
    let address = first.local_addr().unwrap();
    let said = bind(address).await.unwrap_err().to_string();
    assert!(said.contains(&address.to_string()) && said.contains("taken"), "{said}");
}

#[test]
fn the_newsroom_calls_itself_by_its_configured_address() {
    let mut config = Config::default();
    let listening: SocketAddr = "127.0.0.1:8080".parse().unwrap();
    assert_eq!(base_url(&config, listening), "http://127.0.0.1:8080/");
    assert_eq!(base_url(&config, "0.0.0.0:80".parse().unwrap()), "http://localhost:80/");
    config.settings.server.base_url = Some("https://news.example.org".to_owned());
    assert_eq!(base_url(&config, listening), "https://news.example.org/");
}
