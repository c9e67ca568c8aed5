//! Photos of a report: made safe and kept at once, so that a mistake elsewhere on the form loses none.

use door::{Budget, Door, Failure, Form, Refusal};
use requests::photos::{self, PhotoRefusal};
use requests::{MOST_PHOTOS, PhotoRef};
use storage::files::FileId;

use super::Wrong;
use super::state::State;
use crate::ask::Ask;
use crate::refusals;

/// Takes the photos that came with the form into the state and says what was wrong with the others. Those that
/// were taken before must still be there. The outer refusal is the threshold's: too many at once.
pub async fn take(
    door: &Door,
    ask: &Ask,
    form: &Form,
    state: &mut State,
) -> Result<Result<Vec<Wrong>, Refusal>, Failure> {
    let files = door.files.clone();
    let kept = state.photos.clone();
    state.photos = door
        .blocking(move || {
            let is_there = |name: &str| FileId::parse(name).is_some_and(|id| files.path(id).exists());
            kept.into_iter().filter(|p| is_there(&p.file) && is_there(&p.thumbnail)).collect()
        })
        .await?;
    let mut wrong = Vec::new();
    let mut refuse = |sentence: String| wrong.push(Wrong { id: "media".into(), sentence });
    let w = ask.words();
    let mut too_many = form.files_left_out() > 0;
    for file in form.files("media") {
        if file.bytes.is_empty() && file.name.is_empty() {
            continue;
        }
        if let Err(refusal) = door.limits.check(Budget::Photo, ask.client) {
            return Ok(Err(refusal));
        }
        if state.photos.len() >= MOST_PHOTOS {
            too_many = true;
            break;
        }
        if file.is_too_large {
            refuse(refusals::photo(w, &PhotoRefusal::TooLarge { bytes: door::forms::FILE }, &file.name));
            continue;
        }
        let (bytes, files) = (file.bytes.clone(), door.files.clone());
        let kept = door
            .photo(move || -> Result<Result<PhotoRef, PhotoRefusal>, storage::Error> {
                let prepared = match photos::prepare(&bytes) {
                    Ok(prepared) => prepared,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                Ok(Ok(PhotoRef {
                    file: files.put(&prepared.photo)?.to_string(),
                    thumbnail: files.put(&prepared.thumbnail)?.to_string(),
                    width: prepared.width,
                    height: prepared.height,
                }))
            })
            .await??;
        match kept {
            // The same picture twice is one picture.
            Ok(photo) if state.photos.contains(&photo) => {}
            Ok(photo) => state.photos.push(photo),
            Err(refusal) => refuse(refusals::photo(w, &refusal, &file.name)),
        }
    }
    if too_many {
        refuse(w.report_refusal_too_many_photos(i64::try_from(MOST_PHOTOS).unwrap_or(i64::MAX)));
    }
    Ok(Ok(wrong))
}
