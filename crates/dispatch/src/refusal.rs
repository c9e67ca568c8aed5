//! The city says no, with a code that has words in every language.

use people::Denied;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such thing")]
    NotFound,
    /// Somebody was faster.
    #[error("somebody else changed it first")]
    Changed,
    /// The message `dispatch-refusal-<code>` says why.
    #[error("refused: {0}")]
    Refused(&'static str),
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl DispatchError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            DispatchError::Denied(_) => "denied",
            DispatchError::NotFound => "not-found",
            DispatchError::Changed => "changed",
            DispatchError::Refused(code) => code,
            DispatchError::Storage(_) => return None,
        })
    }
}

/// A guarded update that met no row: somebody else was there between reading and writing.
pub(crate) fn guarded(changed: u64) -> Result<(), DispatchError> {
    if changed == 1 { Ok(()) } else { Err(DispatchError::Changed) }
}
