//! Voluntary application server identification (RFC 8292): a signed word about who sends, good for half a day.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calendar::Timestamp;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;

const GOOD_FOR_SECONDS: i64 = 12 * 3600;

/// The public key as browsers and push services read it.
pub fn public_key(secret: &SecretKey) -> String {
    URL_SAFE_NO_PAD.encode(secret.public_key().to_sec1_point(false).as_bytes())
}

/// The value of `Authorization` for a push service.
pub fn header(secret: &SecretKey, endpoint: &str, contact: &str, at: Timestamp) -> Option<String> {
    let host = endpoint.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let claims = serde_json::json!({
        "aud": format!("https://{host}"), "exp": at.0.div_euclid(1000) + GOOD_FOR_SECONDS, "sub": contact
    });
    let head = URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"ES256"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature: Signature = SigningKey::from(secret).sign(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
    Some(format!("vapid t={signed}.{signature}, k={}", public_key(secret)))
}
