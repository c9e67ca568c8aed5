//! How a verb ends badly: one sentence for a person, and a number for a script.

use std::fmt;
use std::process::ExitCode;

/// Part of what was brought was refused.
pub const PARTLY: u8 = 3;

/// What was asked for cannot be; the person can mend it.
#[derive(Debug)]
pub struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// `wrong!("there is no city {code}")`
macro_rules! wrong {
    ($($words:tt)*) => { anyhow::Error::new($crate::end::wrong_of(format!($($words)*))) };
}
pub(crate) use wrong;

/// `say!("{count} requests")`: a line for whoever reads our output. When nobody does any more, that is their choice.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}
pub(crate) use say;

pub fn wrong_of(words: String) -> Wrong {
    Wrong(words)
}

/// Says what happened and chooses the exit code.
pub fn badly(error: &anyhow::Error) -> ExitCode {
    // Whoever reads our output has gone; there is nobody to tell.
    let is_gone = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
    if error.chain().any(|e| e.downcast_ref::<std::io::Error>().is_some_and(is_gone)) {
        return ExitCode::SUCCESS;
    }
    // A cause that already says what its effect says is said once.
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !said.iter().any(|earlier| earlier.contains(&cause)) {
            said.push(cause);
        }
    }
    eprintln!("peyvand: {}", said.join(": "));
    let is_wrong = error
        .chain()
        .any(|e| e.is::<Wrong>() || matches!(e.downcast_ref(), Some(storage::Error::Settings(_))));
    ExitCode::from(if is_wrong { 2 } else { 1 })
}
