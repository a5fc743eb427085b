//! # Guard: may this address be asked at all?
//!
//! Every address and every redirect is judged before a connection is made: scheme, credentials, port, and each network
//! address that the name stands for. Public unicast addresses pass; everything else needs its network in
//! `open_networks`. A new special range is one line of a table below.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Longest address that is asked, bytes.
const MAX_URL: usize = 8_000;

/// Why an address is never asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an absolute address.
    #[error("not an address")]
    Syntax,
    /// Longer than 8,000 bytes.
    #[error("an address of {0} bytes is too long")]
    TooLong(usize),
    /// A scheme other than http and https.
    #[error("`{0}:` is neither http nor https")]
    Scheme(String),
    /// User name or password inside.
    #[error("the address carries credentials")]
    Credentials,
    /// A port that the member file does not name.
    #[error("port {0} is named in no member file")]
    Port(u16),
    /// A network address that is not public.
    #[error("{address} is {kind}, and not in open_networks")]
    Address {
        /// The network address.
        address: IpAddr,
        /// What it is for.
        kind: &'static str,
    },
    /// The configuration does not say whom a site's owner can write to.
    #[error("no contact: set `contact` under [fetch] in communique.toml")]
    NoContact,
}

/// Special IPv4 ranges (IANA IPv4 Special-Purpose Address Registry, RFC 6890 and later).
const SPECIAL_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by carriers"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved for protocols"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "a test network"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "a benchmark network"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "a test network"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "a test network"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// Special ranges within 2000::/3 (IANA IPv6 Special-Purpose Address Registry); all outside 2000::/3 is refused anyway.
const SPECIAL_V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "reserved for protocols"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "a documentation network"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "a documentation network"),
];

/// Addresses at which clouds tell their machines secrets. Only a network of exactly one address opens them.
const METADATA: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// The judge of addresses, as the configuration sets it.
#[derive(Debug, Clone)]
pub struct Guard {
    open: Vec<IpNet>,
    has_contact: bool,
}

impl Guard {
    /// A guard that opens the networks of `open` besides the public ones; public ones only with a contact.
    pub fn new(open: &[IpNet], has_contact: bool) -> Self {
        Self { open: open.to_vec(), has_contact }
    }

    /// Reads an address once, as browsers do (WHATWG URL), so that parser and connector agree. The fragment goes.
    pub fn parse(&self, raw: &str) -> Result<Url, Refusal> {
        check(Url::parse(raw).map_err(|_| Refusal::Syntax)?)
    }

    /// Reads the target of a redirect, relative to the page that gave it.
    pub fn join(&self, base: &Url, raw: &str) -> Result<Url, Refusal> {
        check(base.join(raw).map_err(|_| Refusal::Syntax)?)
    }

    /// Judges an address whose host is written as a number; names are judged when they are resolved.
    pub fn judge_literal(&self, url: &Url, port_named: bool) -> Result<(), Refusal> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(()),
        };
        self.judge(address, url.port_or_known_default().unwrap_or(0), port_named)
    }

    /// Judges one network address. `port_named`: the port is 80 or 443, or the member file names it.
    pub fn judge(&self, address: IpAddr, port: u16, port_named: bool) -> Result<(), Refusal> {
        if METADATA.contains(&address) {
            let alone = self.open.iter().any(|net| net.prefix_len() == net.max_prefix_len() && net.addr() == address);
            return if alone { Ok(()) } else { Err(Refusal::Address { address, kind: "a metadata service" }) };
        }
        if self.open.iter().any(|net| net.contains(&address)) {
            return Ok(());
        }
        if let Some(kind) = special(address) {
            return Err(Refusal::Address { address, kind });
        }
        if !port_named {
            return Err(Refusal::Port(port));
        }
        if !self.has_contact {
            return Err(Refusal::NoContact);
        }
        Ok(())
    }

    /// Judges all addresses of a name: one that is refused refuses the name.
    pub fn judge_all(&self, addresses: &[IpAddr], port: u16, port_named: bool) -> Result<(), Refusal> {
        addresses.iter().try_for_each(|address| self.judge(*address, port, port_named))
    }

    /// What `localhost` and `*.localhost` stand for (RFC 6761, 6.3), without asking anyone: those of the two
    /// loopback addresses that are open, or both when none is.
    pub fn loopback(&self) -> Vec<IpAddr> {
        let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let open: Vec<IpAddr> = both.into_iter().filter(|address| self.judge(*address, 80, true).is_ok()).collect();
        if open.is_empty() { both.to_vec() } else { open }
    }
}

/// Whether a name means this machine, whatever a name server says.
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name.len() > 10 && name.as_bytes()[name.len() - 10..].eq_ignore_ascii_case(b".localhost")
}

fn check(mut url: Url) -> Result<Url, Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    url.set_fragment(None);
    match url.as_str().len() {
        0..=MAX_URL => Ok(url),
        length => Err(Refusal::TooLong(length)),
    }
}

/// What a network address is for, unless it is public unicast.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => SPECIAL_V4.iter().find(|(net, length, _)| same_v4(*net, v4, *length)).map(|(.., kind)| *kind),
        IpAddr::V6(v6) if v6.segments()[0] & 0xe000 != 0x2000 => Some(match v6 {
            Ipv6Addr::LOCALHOST => "loopback",
            _ => "not public unicast",
        }),
        IpAddr::V6(v6) => SPECIAL_V6.iter().find(|(net, length, _)| same_v6(*net, v6, *length)).map(|(.., kind)| *kind),
    }
}

fn same_v4(net: Ipv4Addr, address: Ipv4Addr, length: u8) -> bool {
    (net.to_bits() ^ address.to_bits()) >> (32 - length) == 0
}

fn same_v6(net: Ipv6Addr, address: Ipv6Addr, length: u8) -> bool {
    (net.to_bits() ^ address.to_bits()) >> (128 - length) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(open: &[&str]) -> Guard {
        Guard::new(&open.iter().map(|net| net.parse().unwrap()).collect::<Vec<_>>(), true)
    }

    fn verdict(guard: &Guard, raw: &str) -> Result<(), Refusal> {
        let url = guard.parse(raw)?;
        guard.judge_literal(&url, matches!(url.port_or_known_default(), Some(80 | 443)))
    }

    #[test]
    fn every_spelling_of_an_inner_address_is_refused() {
        for host in [
            "127.0.0.1",
            "127.8.8.8.",
            "2131232776",
            "0x7f.0x8.0x8.0x8",
            "0177.010.010.010",
            "0x7f.8.8.8",
            "127.526344",
            "１２７.８.８.８",
            "%31%32%37.8.8.8",
            "127。8。8。8",
            "10.0.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.19.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "169.254.169.254",
            "168.63.129.16",
            "0.0.0.0",
            "0",
            "224.0.0.1",
            "239.255.255.255",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.8.8.8]",
            "[::127.8.8.8]",
            "[64:ff9b::7f08:808]",
            "[2002:7f08:808::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[ff02::1]",
            "[5f00::1]",
        ] {
            let verdict = verdict(&guard(&[]), &format!("http://{host}/"));
            assert!(matches!(verdict, Err(Refusal::Address { .. })), "{host}: {verdict:?}");
        }
    }

    #[test]
    fn public_addresses_pass_on_their_usual_ports() {
        for host in ["1.1.1.1", "172.32.0.1", "192.0.1.1", "100.128.0.1", "[2606:4700::1111]", "[2001:4860:4860::8888]"]
        {
            assert_eq!(verdict(&guard(&[]), &format!("https://{host}/")), Ok(()), "{host}");
            assert_eq!(verdict(&guard(&[]), &format!("https://{host}:8443/")), Err(Refusal::Port(8443)), "{host}");
        }
        assert_eq!(Guard::new(&[], false).judge("1.1.1.1".parse().unwrap(), 80, true), Err(Refusal::NoContact));
    }

    #[test]
    fn only_the_listed_networks_open_and_metadata_never_by_accident() {
        let wide = guard(&["127.0.0.1/32", "169.254.0.0/16", "fd00::/8"]);
        assert_eq!(verdict(&wide, "http://127.0.0.1:9999/"), Ok(()));
        assert!(verdict(&wide, "http://127.8.8.8/").is_err());
        assert!(verdict(&wide, "http://[::ffff:127.0.0.1]/").is_err());
        assert_eq!(verdict(&wide, "http://169.254.1.1/"), Ok(()));
        assert!(verdict(&wide, "http://169.254.169.254/").is_err());
        assert!(verdict(&wide, "http://[fd00:ec2::254]/").is_err());
        assert_eq!(verdict(&guard(&["169.254.169.254/32"]), "http://169.254.169.254/"), Ok(()));
    }

    #[test]
    fn one_private_member_refuses_the_whole_name() {
        let addresses = ["1.1.1.1".parse().unwrap(), "127.8.8.8".parse().unwrap()];
        assert!(guard(&[]).judge_all(&addresses, 80, true).is_err());
        assert_eq!(guard(&[]).judge_all(&addresses[..1], 80, true), Ok(()));
    }

    #[test]
    fn localhost_is_the_open_loopback_address() {
        for (name, expected) in [
            ("localhost", true),
            ("LOCALHOST.", true),
            ("a.b.localhost", true),
            (".localhost", false),
            ("xlocalhost", false),
        ] {
            assert_eq!(is_localhost(name), expected, "{name}");
        }
        assert_eq!(guard(&["127.0.0.0/8"]).loopback(), [IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        assert_eq!(guard(&["::1/128"]).loopback(), [IpAddr::V6(Ipv6Addr::LOCALHOST)]);
        assert!(guard(&[]).judge_all(&guard(&[]).loopback(), 80, true).is_err());
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        let guard = guard(&["0.0.0.0/0"]);
        for (raw, expected) in [
            ("ftp://h.example/", Refusal::Scheme("ftp".into())),
            ("file:///etc/passwd", Refusal::Scheme("file".into())),
            ("gopher://127.8.8.8:8149/_GET", Refusal::Scheme("gopher".into())),
            ("data:text/html,x", Refusal::Scheme("data".into())),
            ("view-source:http://h.example/", Refusal::Scheme("view-source".into())),
            ("http://good@bad.example/", Refusal::Credentials),
            ("http://:secret@bad.example/", Refusal::Credentials),
            ("/only/a/path", Refusal::Syntax),
            ("http://", Refusal::Syntax),
        ] {
            assert_eq!(guard.parse(raw), Err(expected), "{raw}");
        }
        let long = format!("http://h.example/{}", "a".repeat(MAX_URL));
        assert!(matches!(guard.parse(&long), Err(Refusal::TooLong(_))));
        let url = guard.parse("http://good.example\\@bad.example/a#b").unwrap();
        assert_eq!((url.host_str(), url.fragment()), (Some("good.example"), None));
        assert_eq!(guard.join(&url, "file:///etc/passwd"), Err(Refusal::Scheme("file".into())));
        assert_eq!(guard.join(&url, "//u:p@good.example/"), Err(Refusal::Credentials));
    }
}
