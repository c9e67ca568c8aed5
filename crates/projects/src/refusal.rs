//! The city says no, with a code for the words and the field that they stand beside.

use people::Denied;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error("there is no such thing")]
    NotFound,
    /// Somebody was faster; what was read is not so any more.
    #[error("somebody was faster")]
    Changed,
    /// `projects-refusal-<code>` says it in words; `field` is empty when it is about the whole.
    #[error("refused: {code}")]
    Refused { code: &'static str, field: &'static str },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Every code of [`ProjectError::Refused`]; a test of the pages looks for the words of each.
pub const REFUSALS: &[&str] = &[
    "phase",
    "code-wrong",
    "code-taken",
    "name-missing",
    "too-long",
    "dates-missing",
    "dates-order",
    "dates-past",
    "reason-missing",
    "rules-published",
    "rules-wrong",
    "pots-missing",
    "pot-unknown",
    "budget-wrong",
    "title-missing",
    "title-too-long",
    "words-missing",
    "words-too-long",
    "topic-unknown",
    "place-missing",
    "place-outside",
    "own-idea",
    "idea-closed",
    "merge-self",
    "merge-not-asked",
    "cost-wrong",
    "unit-missing",
    "pot-missing",
    "project-state",
    "side-missing",
    "too-many-arguments",
    "not-yours",
    "appeal-once",
    "own-judge",
    "voting-not-open",
    "voting-closed",
    "identity-mobile",
    "identity-number",
    "identity-birth",
    "identity-unknown",
    "identity-young",
    "home-missing",
    "home-unknown",
    "home-not-yours",
    "ballot-empty",
    "choice-unknown",
    "choice-foreign",
    "choice-withdrawn",
    "choice-twice",
    "too-few",
    "too-many",
    "over-budget",
    "points-wrong",
    "ranks-wrong",
    "phone-used",
    "voted-already",
    "box-closed",
    "box-opened",
    "counted-already",
    "key-lost",
    "registry-wrong",
    "sheet-wrong",
    "sheet-same-person",
    "sheet-done",
    "batch-closed",
];

/// A refusal about a field.
pub(crate) fn no(code: &'static str, field: &'static str) -> ProjectError {
    debug_assert!(REFUSALS.contains(&code), "{code} has no words");
    ProjectError::Refused { code, field }
}
