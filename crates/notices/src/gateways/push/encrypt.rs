//! Message encryption for web push (RFC 8291): one record of `aes128gcm` (RFC 8188).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey, ecdh};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;

use crate::browsers::Browser;

/// The record size that the header names; our records are far smaller.
const RECORD: u32 = 4096;
/// What fits into one record beside its mark and its tag.
const MOST: usize = 3_000;

/// The body that only this browser can read. None when the subscription holds no keys, or the text is too long.
pub fn encrypt(browser: &Browser, ours: &SecretKey, salt: &[u8; 16], text: &[u8]) -> Option<Vec<u8>> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let (theirs, auth) = (decode(&browser.p256dh)?, decode(&browser.auth)?);
    if text.len() > MOST || theirs.len() != 65 || auth.len() != 16 {
        return None;
    }
    let their_key = PublicKey::from_sec1_bytes(&theirs).ok()?;
    let shared = ecdh::diffie_hellman(ours.to_nonzero_scalar(), their_key.as_affine());
    let our_public = ours.public_key().to_sec1_point(false);
    let our_public = our_public.as_bytes();

    let prk = hmac(&auth, &[shared.raw_secret_bytes().as_slice()])?;
    let ikm = hmac(&prk, &[b"WebPush: info\0", &theirs, our_public, &[1]])?;
    let prk = hmac(salt, &[&ikm])?;
    let key = hmac(&prk, &[b"Content-Encoding: aes128gcm\0", &[1]])?;
    let nonce = hmac(&prk, &[b"Content-Encoding: nonce\0", &[1]])?;

    let mut sealed = text.to_vec();
    // The mark of the last record.
    sealed.push(2);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key.get(..16)?).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(nonce.get(..12)?).ok()?;
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed).ok()?;

    let mut body = Vec::with_capacity(86 + sealed.len());
    body.extend_from_slice(salt);
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(our_public.len()).ok()?);
    body.extend_from_slice(our_public);
    body.extend_from_slice(&sealed);
    Some(body)
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    Some(mac.finalize().into_bytes().into())
}
