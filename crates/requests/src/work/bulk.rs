//! The same step for many requests, each under its own check.
//!
//! What one request refuses does not stop the others; the report says what was done and what was refused and why. A
//! failure of the machine undoes all of it, so that nothing is done by half.

use people::Act;
use storage::Tx;

use super::step::{self, WorkError};
use crate::moves::{MoveError, Step};
use crate::request::{RequestId, ServiceRequest};

/// As many requests are moved at once at most.
pub const MOST: usize = 200;

/// What became of one of them.
#[derive(Debug)]
pub struct Moved {
    pub id: RequestId,
    pub outcome: Result<(), WorkError>,
}

/// Does the same to several requests, in the order they were named; the same one twice is one. `deed` asks for its
/// rights itself.
pub fn each(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    ids: &[RequestId],
    deed: impl Fn(&mut Tx<'_>, &ServiceRequest) -> Result<(), WorkError>,
) -> Result<Vec<Moved>, WorkError> {
    if ids.len() > MOST {
        return Err(WorkError::TooMany { most: MOST });
    }
    let mut report: Vec<Moved> = Vec::with_capacity(ids.len());
    for id in ids {
        if report.iter().any(|moved| moved.id == *id) {
            continue;
        }
        let opened = step::open(tx, act, jurisdiction, *id, None);
        let outcome = opened.and_then(|request| deed(tx, &request));
        match outcome {
            Err(WorkError::Failure(failure) | WorkError::Move(MoveError::Failure(failure))) => {
                return Err(WorkError::Failure(failure));
            }
            outcome => report.push(Moved { id: *id, outcome }),
        }
    }
    Ok(report)
}

/// Makes one step for several requests.
pub fn make(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    ids: &[RequestId],
    step: &Step,
) -> Result<Vec<Moved>, WorkError> {
    each(tx, act, jurisdiction, ids, |tx, request| {
        step::make(tx, act, jurisdiction, request.id, request.version, step).map(|_| ())
    })
}
