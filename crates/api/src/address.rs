//! Absolute addresses for answers that are read away from our pages.
//!
//! The operator's `public_url` rules. Without it the address is the one the client itself used, so that a city that
//! was started a minute ago already gives links that work.

use door::Door;
use http::uri::Authority;
use http::{HeaderMap, header};

/// A path with scheme and host in front.
pub(crate) fn absolute(door: &Door, headers: &HeaderMap, path: &str) -> String {
    if door.settings.public_url.is_some() {
        return door.address(path);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    match host {
        Some(host) => format!("http://{host}{path}"),
        None => format!("http://{}{path}", door.settings.listen),
    }
}

/// A plain name or number of a machine, with a port or without; nothing that could begin another address.
fn is_host(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let is_name = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')),
    };
    // What is left after the name is a port, or it is no host at all.
    let port = host.strip_prefix(name).unwrap_or("?");
    let is_port = port.is_empty() || (port.starts_with(':') && authority.port_u16().is_some());
    !name.is_empty() && name.len() <= 253 && is_name && is_port
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn only_a_plain_host_is_repeated() {
        for good in ["city.test", "137.example.ir:8137", "127.0.0.1", "[::1]:8137", "my_pc:80"] {
            assert!(is_host(good), "{good}");
        }
        for bad in [
            "",
            ":",
            "a:b",
            "a:",
            "a:99999",
            "a:1:2",
            "user@host",
            "[zz]",
            "[::1]x",
            "a/b",
            "a b",
            "a?x",
            "evil.example#",
            "سایت",
            "[]",
        ] {
            assert!(!is_host(bad), "{bad}");
        }
        assert!(!is_host(&"a".repeat(300)));
    }
}
