//! Where to go after signing in: only to a page of our own.
//!
//! `next=` stands in an address that anybody can write and send to somebody, so it is believed only when it cannot
//! lead away: one slash and then no second, nothing a browser would mend into one.

use http::Uri;

/// Longer than any address of ours.
const LONGEST: usize = 2_000;

/// The path if it is one of ours, or nothing. Pages of the sign-in itself are left out, which would lead in circles.
pub fn own_path(next: &str) -> &str {
    let bytes = next.as_bytes();
    let is_plain = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && next.len() <= LONGEST
        // Browsers take a backslash for a slash and drop tabs and line ends.
        && bytes.iter().all(|b| b.is_ascii_graphic() && *b != b'\\');
    if !is_plain {
        return "";
    }
    let Ok(uri) = next.parse::<Uri>() else { return "" };
    let (_, path) = door::lang::of_path(uri.path());
    let is_circle = path.starts_with("/sign-in") || path.starts_with("/sign-out");
    if uri.scheme().is_some() || uri.authority().is_some() || is_circle { "" } else { next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_followed() {
        for ours in ["/", "/me", "/en/desk?x=1#y", "/requests/1234567890?city=a.ir", "/work?q=%D8%AF"] {
            assert_eq!(own_path(ours), ours);
        }
        for theirs in [
            "",
            "me",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "https:/evil.example",
            "/me\r\nSet-Cookie: a=b",
            "/%5c\\evil",
            " /me",
            "/sign-in",
            "/en/sign-in/staff",
            "/sign-out",
        ] {
            assert_eq!(own_path(theirs), "", "{theirs:?}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(3000))), "");
    }
}
