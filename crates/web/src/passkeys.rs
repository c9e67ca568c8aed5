//! The two ceremonies of a passkey: making one, and proving that one has it.
//!
//! The rules of WebAuthn are those of the `webauthn_rp` library; here they meet our pages and our table. Every key
//! must verify its user (finger, face, PIN), so that one passkey is two factors. What a ceremony must remember
//! travels through [`people::sign_ins`] and never through the browser.

use door::Door;
use http::{HeaderMap, header};
use people::passkeys::Passkey;
use webauthn_rp::AuthenticatedCredential;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::DiscoverableCredentialRequestOptions as Asked;
use webauthn_rp::request::auth::{AuthenticationVerificationOptions, DiscoverableAuthenticationServerState};
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationServerState,
    RegistrationVerificationOptions, UserHandle,
};
use webauthn_rp::request::{AsciiDomain, PublicKeyCredentialDescriptor, RpId};
use webauthn_rp::response::auth::DiscoverableAuthentication;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, Registration, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};

/// Bytes of what an authenticator calls its user: the number of the account, which says nothing about a person.
const HANDLE: usize = 8;

/// A public key as the library writes it down: Ed25519, P-256, P-384 or RSA.
type PublicKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// For whom keys are made: the host of the city and the origin of its pages.
pub struct Party {
    id: RpId,
    origin: String,
}

impl Party {
    /// From the address that people know. Without one only `localhost` has passkeys: browsers make none for an
    /// address in numbers, and a `Host` header alone is anybody's claim.
    pub fn of(door: &Door, headers: &HeaderMap) -> Option<Party> {
        let (host, origin) = match door.settings.public_url.as_deref() {
            Some(url) => {
                let (scheme, rest) = url.split_once("://")?;
                let authority = rest.split('/').next()?;
                (authority.split(':').next()?.to_owned(), format!("{scheme}://{authority}"))
            }
            None => {
                let authority = headers.get(header::HOST)?.to_str().ok()?;
                let host = authority.split(':').next()?;
                (host == "localhost").then(|| (host.to_owned(), format!("http://{authority}")))?
            }
        };
        Some(Party { id: RpId::Domain(AsciiDomain::try_from(host).ok()?), origin })
    }
}

/// What the browser is asked, as JSON, and what must be remembered until it answers.
pub struct Begun {
    pub options: String,
    pub state: String,
}

/// A key that was made.
pub struct Made {
    pub credential: String,
    pub public_key: String,
    pub state: String,
}

/// Asks a browser to make a key for an account. Those it has already are named, so that none is made twice.
pub fn begin_making(party: &Party, account: i64, name: &str, known: &[Passkey]) -> Option<Begun> {
    let handle = UserHandle::<HANDLE>::decode(account.to_be_bytes()).ok()?;
    let user = PublicKeyCredentialUserEntity { name: name.try_into().ok()?, id: &handle, display_name: None };
    let known = known.iter().filter_map(|key| {
        let id = CredentialId::<Vec<u8>>::decode(unhex(&key.credential)?).ok()?;
        Some(PublicKeyCredentialDescriptor { id, transports: AuthTransports::decode(0).ok()? })
    });
    let mut options = PublicKeyCredentialCreationOptions::passkey(&party.id, user, known.collect());
    // An old key that knows no protection of its own is still a second factor.
    options.extensions.cred_protect = CredProtect::None;
    let (server, client) = options.start_ceremony().ok()?;
    Some(Begun { options: serde_json::to_string(&client).ok()?, state: hex(&server.encode().ok()?) })
}

/// Judges a new key. None when anything about it is not as it must be.
pub fn finish_making(party: &Party, account: i64, state: &str, answer: &[u8]) -> Option<Made> {
    let state = unhex(state)?;
    let server = RegistrationServerState::<HANDLE>::decode(state.as_slice()).ok()?;
    let registration = Registration::from_json_custom(answer).ok()?;
    let origins = [party.origin.as_str()];
    let options = RegistrationVerificationOptions::<'_, '_, &str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let made = server.verify(&party.id, &registration, &options).inspect_err(refused).ok()?;
    // The ceremony was begun for this account and for no other.
    if made.user_id().encode().ok()?.as_slice() != account.to_be_bytes() {
        return None;
    }
    Some(Made {
        credential: hex(made.id().as_ref()),
        public_key: hex(&made.static_state().encode().ok()?),
        state: hex(&made.dynamic_state().encode().ok()?),
    })
}

/// Asks a browser to prove that it has a key of this city, whoever it belongs to.
pub fn begin_proving(party: &Party) -> Option<Begun> {
    let (server, client) = Asked::passkey(&party.id).start_ceremony().ok()?;
    Some(Begun { options: serde_json::to_string(&client).ok()?, state: hex(&server.encode().ok()?) })
}

/// Which key an answer speaks of, not yet judged.
pub fn credential_of(answer: &[u8]) -> Option<String> {
    let answer = DiscoverableAuthentication::<HANDLE>::from_json_custom(answer).ok()?;
    Some(hex(answer.raw_id().as_ref()))
}

/// Judges the proof of a key that we know. What changed in the key is returned to be kept; None is no proof.
pub fn finish_proving(party: &Party, state: &str, answer: &[u8], key: &Passkey) -> Option<String> {
    let server_state = unhex(state)?;
    let server = DiscoverableAuthenticationServerState::decode(server_state.as_slice()).ok()?;
    let answer = DiscoverableAuthentication::<HANDLE>::from_json_custom(answer).ok()?;
    let handle = UserHandle::<HANDLE>::decode(key.account.to_be_bytes()).ok()?;
    let (credential, fixed) = (unhex(&key.credential)?, unhex(&key.public_key)?);
    let fixed = StaticState::<PublicKey>::decode(fixed.as_slice()).ok()?;
    let changing: [u8; 7] = unhex(&key.state)?.try_into().ok()?;
    let changing = DynamicState::decode(changing).ok()?;
    let id = CredentialId::<&[u8]>::decode(credential.as_slice()).ok()?;
    let mut known = AuthenticatedCredential::new(id, &handle, fixed, changing).ok()?;
    let origins = [party.origin.as_str()];
    let options = AuthenticationVerificationOptions::<'_, '_, &str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    server.verify(&party.id, &answer, &mut known, &options).inspect_err(refused).ok()?;
    Some(hex(&known.dynamic_state().encode().ok()?))
}

/// People are told only that it was not accepted; whoever looks after the machine may want to know why.
fn refused(error: &impl std::fmt::Display) {
    tracing::info!(%error, "a passkey was not accepted");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
