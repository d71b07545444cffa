//! Which client a request comes from, for rate limits: the peer, or behind trusted proxies whom they saw.

use std::net::{IpAddr, SocketAddr};

use app::ssr::ClientAddress;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::router::Shared;

/// Notes it for server functions.
pub async fn note(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    mut request: Request,
    next: Next,
) -> Response {
    let client = client(peer.ip(), &headers, &shared.config.0.trusted_proxies);
    request
        .extensions_mut()
        .insert(ClientAddress(client.to_string().into()));
    next.run(request).await
}

/// Each proxy adds at the end whom it saw, some with the port: what stands before an address that is not trusted, or before
/// something that is no address, may be made up.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
    let lines = headers.get_all("x-forwarded-for").iter();
    let seen: Vec<Option<IpAddr>> = lines
        .flat_map(|line| line.to_str().unwrap_or_default().split(',').map(address))
        .collect();
    let mut client = peer;
    for address in seen.into_iter().rev() {
        let (true, Some(address)) = (is_trusted(client), address) else {
            break;
        };
        client = address;
    }
    client.to_canonical()
}

/// `192.0.2.1`, `192.0.2.1:4433`, `2001:db8::1`, `[2001:db8::1]:4433`
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, lines: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().expect("a header"));
        }
        let trusted = [
            "127.0.0.0/8".parse().expect("a network"),
            "10.0.0.0/8".parse().expect("a network"),
        ];
        client(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn a_peer_that_is_no_proxy_of_ours_says_nothing_about_others() {
        assert_eq!(of("192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(of("192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
    }

    #[test]
    fn behind_trusted_proxies_it_is_whom_the_first_of_them_saw() {
        assert_eq!(of("127.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("::ffff:127.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("127.0.0.1", &["192.0.2.1, 10.1.1.1"]), "192.0.2.1");
        assert_eq!(of("127.0.0.1", &["made up, 203.0.113.9, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(
            of("127.0.0.1", &["203.0.113.9", "192.0.2.1"]),
            "192.0.2.1",
            "a line of the client's own"
        );
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn a_port_does_not_make_it_somebody_else_and_what_is_no_address_ends_the_list() {
        assert_eq!(of("127.0.0.1", &["203.0.113.9, 192.0.2.1:4433"]), "192.0.2.1");
        assert_eq!(of("127.0.0.1", &["[2001:db8::1]:4433"]), "2001:db8::1");
        assert_eq!(of("127.0.0.1", &["203.0.113.9, unknown"]), "127.0.0.1");
    }
}
