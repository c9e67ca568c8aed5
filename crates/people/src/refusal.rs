//! What accounts and memberships are refused, with the codes that pages turn into words.

use calendar::Timestamp;
use language::mobile::MobileRefusal;

use crate::Denied;
use crate::passwords::WeakPassword;

/// A verb about accounts or memberships was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such account")]
    NotFound,
    #[error("an account without a name")]
    NameMissing,
    #[error("a name has at most {most} characters")]
    NameTooLong { most: usize },
    /// 3 to 40 Latin letters, digits, dots, dashes and low lines.
    #[error("this cannot be a sign-in name")]
    SignNameWrong,
    #[error("somebody else has this sign-in name")]
    SignNameTaken,
    #[error(transparent)]
    Mobile(#[from] MobileRefusal),
    #[error("somebody else has this mobile number")]
    MobileTaken,
    #[error("this is no e-mail address")]
    EmailWrong,
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// The role is not one that people are given.
    #[error("people are not given this role")]
    RoleNotGiven,
    #[error("nobody gives or takes a role above their own")]
    RoleTooHigh,
    /// The scope needs a unit, district or neighbourhood that was not said.
    #[error("say the place that the role is for")]
    PlaceMissing,
    #[error("the account has this role already")]
    RoleGiven,
    /// Such as accepting what was not offered.
    #[error("the membership does not stand so that this could follow")]
    StateWrong,
    #[error("the last administrator stays")]
    LastAdministrator,
    #[error("the code is wrong, or was used before")]
    CodeWrong,
    #[error("no second proof was begun")]
    NotBegun,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl Refusal {
    /// A stable code for message keys, `people-refusal-<code>`; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Refusal::NotFound => "account-unknown",
            Refusal::NameMissing => "name-missing",
            Refusal::NameTooLong { .. } => "name-too-long",
            Refusal::SignNameWrong => "sign-name-wrong",
            Refusal::SignNameTaken => "sign-name-taken",
            Refusal::Mobile(_) => "mobile-wrong",
            Refusal::MobileTaken => "mobile-taken",
            Refusal::EmailWrong => "email-wrong",
            Refusal::Password(weak) => weak.code(),
            Refusal::RoleNotGiven => "role-not-given",
            Refusal::RoleTooHigh => "role-too-high",
            Refusal::PlaceMissing => "place-missing",
            Refusal::RoleGiven => "role-given",
            Refusal::StateWrong => "state-wrong",
            Refusal::LastAdministrator => "last-administrator",
            Refusal::CodeWrong => "code-wrong",
            Refusal::NotBegun => "not-begun",
            Refusal::Denied(_) => "denied",
            Refusal::Failure(_) => return None,
        })
    }
}

/// Why nobody was signed in. It never says whether a name or number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSignedIn {
    /// Name, password or code do not fit, or the account is suspended: all the same to whoever asks.
    #[error("this does not fit")]
    Wrong,
    /// Too many attempts; the next is looked at from this moment on.
    #[error("too many attempts")]
    Wait { until: Timestamp },
    /// The code is over: its time has passed, or it was tried too often or used. A new one may be asked for.
    #[error("the code is over")]
    Over,
    /// The first password is too old. An administrator gives a new one.
    #[error("the first password is over")]
    PasswordOver,
}

impl NotSignedIn {
    /// For message keys, `sign-in-refusal-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            NotSignedIn::Wrong => "wrong",
            NotSignedIn::Wait { .. } => "wait",
            NotSignedIn::Over => "over",
            NotSignedIn::PasswordOver => "password-over",
        }
    }
}
