//! The example of the standard, and what may be called.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

use super::*;

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// RFC 8291, section 5.
#[test]
fn the_example_of_the_standard() {
    let browser = Browser {
        endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV".into(),
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .into(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
    };
    let ours = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
    let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
    let body =
        encrypt::encrypt(&browser, &ours, &salt, b"When I grow up, I want to be a watermelon").unwrap();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(body),
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    );
    // Anything else than keys is refused before it reaches the curve.
    for (p256dh, auth) in
        [("", "BTBZMqHH6r4Tts7J_aSIgg"), (&browser.p256dh, "AAAA"), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg")]
    {
        let wrong = Browser { p256dh: p256dh.into(), auth: auth.into(), ..browser.clone() };
        assert!(encrypt::encrypt(&wrong, &ours, &salt, b"x").is_none());
    }
    let point_off_the_curve = Browser { p256dh: URL_SAFE_NO_PAD.encode([4; 65]), ..browser.clone() };
    assert!(encrypt::encrypt(&point_off_the_curve, &ours, &salt, b"x").is_none());
    assert!(encrypt::encrypt(&browser, &ours, &salt, &[b'x'; 3_001]).is_none());
}

#[test]
fn who_sends_is_signed() {
    let secret = SecretKey::from_slice(&[7; 32]).unwrap();
    let at = calendar::Timestamp(1_794_637_800_000);
    let header =
        vapid::header(&secret, "https://push.example.net/push/abc", "mailto:137@example.ir", at).unwrap();
    let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
    let signature = Signature::from_slice(&bytes(signature)).unwrap();
    assert!(key.verify(signed.as_bytes(), &signature).is_ok());
    let claims: serde_json::Value =
        serde_json::from_slice(&bytes(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["aud"], "https://push.example.net");
    assert_eq!(claims["exp"], 1_794_637_800 + 43_200);
    assert_eq!(claims["sub"], "mailto:137@example.ir");
}

#[test]
fn only_push_services_are_called() {
    let settings = Settings::default();
    for good in [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
    ] {
        assert!(settings.may_call(good), "{good}");
    }
    for wrong in [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://fcm.googleapis.com@evil.example/",
        "https://fcm.googleapis.com:8080/",
        "https://fcm.googleapis.com.evil.example/",
        "https://.push.apple.com/",
        "https://push.apple.com/",
        "https://evilpush.apple.com.example/",
        "",
    ] {
        assert!(!settings.may_call(wrong), "{wrong}");
    }
}

#[test]
fn the_same_message_is_the_same_and_two_never_share_a_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("push.key"), "07".repeat(32)).unwrap();
    let settings = Settings { contact: "mailto:137@example.ir".into(), ..Settings::default() };
    let push = Push::open(&settings, folder.path()).unwrap();
    assert_eq!(settings.public_key(folder.path()).unwrap().len(), 87);
    let browser = Browser {
        endpoint: "https://fcm.googleapis.com/fcm/send/abc".into(),
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .into(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
    };
    let message = |key: &str| Message {
        key: key.into(),
        channel: crate::gateway::Channel::Push,
        to: serde_json::to_string(&browser).unwrap(),
        subject: "پیام ۱۲".into(),
        text: "رسیدگی شد.\n/requests/12".into(),
        template: "answered".into(),
        lang: language::Lang::Fa,
        at: calendar::Timestamp(0),
    };
    let letter = |key: &str| push.letter(&browser, &message(key)).unwrap();
    assert_eq!(letter("a"), letter("a"));
    let (a, b) = (letter("a"), letter("b"));
    assert_ne!(a[..16], b[..16]);
    assert_ne!(a[21..86], b[21..86]);
    assert!(Push::open(&Settings::default(), folder.path()).is_err(), "without a contact");
    std::fs::write(folder.path().join("push.key"), "x").unwrap();
    assert!(Push::open(&settings, folder.path()).is_err(), "without a key");
}
