//! Absolute addresses for answers that are read away from our pages.
//!
//! The operator's `public_url` rules. Without it the address is the one the client itself used, so that a city that
//! was started a minute ago already gives links that work.

use door::Door;
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

/// Letters, digits and what stands in host names and ports; nothing that could begin another address.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 255
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_'))
}
