//! Does whoever calls back belong to the gateway?

use calendar::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{Proof, Shown, WITHIN};

impl Proof {
    /// Whether anything is asked for. Without it nothing is believed.
    pub fn is_set(&self) -> bool {
        !self.secret.0.is_empty() || !self.hmac.0.is_empty()
    }

    /// Whether a call that shows this of itself is believed now.
    pub fn believes(&self, shown: &Shown<'_>, now: Timestamp) -> bool {
        if self.time.is_empty() || self.hmac.0.is_empty() {
            return self.holds(shown.proof, shown.body);
        }
        let Ok(seconds) = shown.time.trim().parse::<i64>() else { return false };
        let apart = (now.0 / 1000).saturating_sub(seconds).saturating_abs();
        let signed = [shown.time.trim().as_bytes(), b".", shown.body].concat();
        apart <= self.within.unwrap_or(WITHIN) && self.holds(shown.proof, &signed)
    }

    /// Whether a caller proved itself by `sent` (the value of [`Proof::header`], or of the parameter `secret` of the
    /// address) over a body. Where both a secret and an HMAC are set, the HMAC is what counts. No comparison here
    /// takes longer for a better guess.
    pub fn holds(&self, sent: &str, body: &[u8]) -> bool {
        if !self.hmac.0.is_empty() {
            let Some(hex) = sent.trim().strip_prefix(self.prefix.as_str()) else { return false };
            let (Some(tag), Ok(mut mac)) =
                (unhex(hex), Hmac::<Sha256>::new_from_slice(self.hmac.0.as_bytes()))
            else {
                return false;
            };
            mac.update(body);
            return mac.verify_slice(&tag).is_ok();
        }
        !self.secret.0.is_empty() && is_same(sent.as_bytes(), self.secret.0.as_bytes())
    }
}

/// Compares by hashes, so that neither length nor content shows in the time it takes.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (Sha256::digest(a), Sha256::digest(b));
    a.iter().zip(b.iter()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..32).map(|n| u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Secret;

    fn proof(secret: &str, hmac: &str, prefix: &str) -> Proof {
        Proof {
            header: "x-signature".into(),
            secret: Secret(secret.into()),
            hmac: Secret(hmac.into()),
            prefix: prefix.into(),
            ..Proof::default()
        }
    }

    #[test]
    fn a_signed_time_is_believed_for_some_minutes_only() {
        let proof = Proof { time: "x-time".into(), ..proof("", "Jefe", "sha256=") };
        let now = Timestamp(1_794_637_800_000);
        // The same as `printf '1794637800.{}' | openssl dgst -sha256 -hmac Jefe`.
        let sign = |text: &[u8]| {
            let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
            mac.update(text);
            let tag: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
            format!("sha256={tag}")
        };
        let check = |time: &str, signed: &[u8], is: bool| {
            let shown = Shown { proof: &sign(signed), time, body: b"{}" };
            assert_eq!(proof.believes(&shown, now), is, "{time}");
        };
        check("1794637800", b"1794637800.{}", true);
        check("1794637500", b"1794637500.{}", true);
        check("1794638100", b"1794638100.{}", true);
        check("1794637499", b"1794637499.{}", false);
        check("1794638101", b"1794638101.{}", false);
        // The time belongs to what was signed, and nothing that is no time is one.
        check("1794637800", b"1794637500.{}", false);
        check("1794637800", b"{}", false);
        for time in ["", "now", "-9223372036854775808", "9223372036854775807", "99999999999999999999"] {
            check(time, format!("{time}.{{}}").as_bytes(), false);
        }
    }

    #[test]
    fn without_a_secret_nothing_is_believed() {
        assert!(!proof("", "", "").is_set());
        assert!(!proof("", "", "").holds("", b"body"));
    }

    #[test]
    fn a_secret_must_be_the_same() {
        let proof = proof("long enough", "", "");
        assert!(proof.holds("long enough", b"any body"));
        for sent in ["", "long", "long enough ", "Long enough"] {
            assert!(!proof.holds(sent, b"any body"), "{sent:?}");
        }
    }

    #[test]
    fn a_signature_is_over_the_body() {
        // RFC 4231, test case 2.
        let proof = proof("", "Jefe", "sha256=");
        let tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let body = b"what do ya want for nothing?";
        assert!(proof.holds(&format!("sha256={tag}"), body));
        assert!(proof.holds(&format!("sha256={}", tag.to_uppercase()), body));
        for (sent, body) in [
            (tag.to_owned(), &body[..]),
            (format!("sha256={}", tag.replace("5b", "5c")), &body[..]),
            (format!("sha256={tag}"), &b"what do ya want for nothing!"[..]),
            ("sha256=".into(), &body[..]),
            (format!("sha256={}", "é".repeat(32)), &body[..]),
        ] {
            assert!(!proof.holds(&sent, body), "{sent}");
        }
        // With a signature asked for, the secret alone is not enough.
        let both = self::proof("secret", "Jefe", "");
        assert!(!both.holds("secret", body));
    }
}
