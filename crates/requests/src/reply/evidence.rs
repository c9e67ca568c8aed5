//! What an answer has to show: a photo of the work done, words about it, or nothing.

use people::Act;
use storage::{Result, Tx, params, sql};

use crate::kinds::coded;
use crate::request::ServiceRequest;
use crate::{PhotoRef, Status};

coded! {
    /// What a unit shows with its answer; `evidence` of a service in the city pack.
    Evidence {
        /// A photo taken after the work, with words.
        Photo = "photo",
        /// Words that say what was done.
        Text = "text",
        /// Nothing: thanks and opinions are answered without proof.
        None = "none",
    }
}

// `Default` is derived here because `coded!` knows nothing of defaults.
#[allow(clippy::derivable_impls)]
impl Default for Evidence {
    fn default() -> Self {
        Evidence::Text
    }
}

coded! {
    /// When a photo of work was taken.
    Stage { Before = "before", After = "after" }
}

/// Whether a move to `to` still owes the photo that its service asks for.
pub(crate) fn is_owed(evidence: Evidence, to: Status, photos: &[(Stage, PhotoRef)]) -> bool {
    evidence == Evidence::Photo
        && to == Status::Answered
        && !photos.iter().any(|(stage, _)| *stage == Stage::After)
}

/// Keeps the photos that came with a move. They are as public as their request. The caller writes how many the request
/// has in the same update that moves it.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    request: &ServiceRequest,
    photos: &[(Stage, PhotoRef)],
) -> Result<()> {
    if photos.is_empty() {
        return Ok(());
    }
    let first: i64 = tx
        .value(
            sql!(
                "SELECT CAST(COALESCE(MAX(position), -1) + 1 AS BIGINT) FROM request_photos
                 WHERE jurisdiction_id = $1 AND request_id = $2"
            ),
            &params![request.jurisdiction, request.id.0],
        )?
        .unwrap_or(0);
    for ((stage, photo), position) in photos.iter().zip(first..) {
        tx.execute(
            sql!(
                "INSERT INTO request_photos (jurisdiction_id, request_id, position, at, file, thumbnail, width, height, stage, is_public)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            ),
            &params![
                request.jurisdiction, request.id.0, position, act.at.0, &photo.file, &photo.thumbnail, photo.width,
                photo.height, stage.code(), request.is_public
            ],
        )?;
    }
    Ok(())
}
