//! Pictures from before and after the work that come without a move.

use people::{Act, Permission};
use storage::{Tx, params, sql};

use super::step::{self, WorkError};
use crate::reply::{self, Stage};
use crate::request::{RequestId, ServiceRequest};
use crate::{PhotoRef, SUBJECT, find};

/// All pictures that one request may have.
pub const MOST: usize = 30;

/// Adds pictures that were already made safe and kept as files. They are public as the request is.
pub fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: RequestId,
    stage: Stage,
    photos: &[PhotoRef],
) -> Result<(), WorkError> {
    let request = step::open(tx, act, jurisdiction, id, None)?;
    act.require(Permission::Work, request.place())?;
    keep(tx, act, &request, stage, photos)
}

/// [`add`] where the right to it was asked for already.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
    stage: Stage,
    photos: &[PhotoRef],
) -> Result<(), WorkError> {
    if photos.is_empty() {
        return Ok(());
    }
    if usize::try_from(request.photos).unwrap_or(MOST) + photos.len() > MOST {
        return Err(WorkError::TooMany { most: MOST });
    }
    let staged: Vec<(Stage, PhotoRef)> = photos.iter().map(|photo| (stage, photo.clone())).collect();
    reply::keep_photos(tx, act, request, &staged)?;
    tx.execute_one(
        sql!(
            "UPDATE service_requests SET photos = photos + $4, updated_at = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![request.jurisdiction, request.id.0, request.version, photos.len() as i64, act.at.0],
    )?;
    let payload = format!("{{\"stage\":\"{}\",\"count\":{}}}", stage.code(), photos.len());
    act.record(tx, request.jurisdiction, SUBJECT, request.id.0, "photographed", payload);
    Ok(())
}

/// Every picture of a request with its file, its small copy and when it was taken, for colleagues who may see the
/// request: also those that the public may not.
pub fn all(tx: &mut Tx<'_>, request: &ServiceRequest) -> storage::Result<Vec<find::Photo>> {
    tx.query(
        sql!(
            "SELECT file, thumbnail, width, height, at, stage FROM request_photos
             WHERE jurisdiction_id = $1 AND request_id = $2 ORDER BY position LIMIT 100"
        ),
        &params![request.jurisdiction, request.id.0],
        |row| {
            Ok(find::Photo {
                file: row.get(0)?,
                thumbnail: row.get(1)?,
                width: row.get(2)?,
                height: row.get(3)?,
                at: calendar::Timestamp(row.get(4)?),
                stage: row.get(5)?,
            })
        },
    )
}
