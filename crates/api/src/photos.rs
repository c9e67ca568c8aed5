//! Pictures that programs send: as files of a form, or as `data:` addresses. Nothing is ever fetched from elsewhere.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use bytes::Bytes;
use door::{Client, Door, Form};
use percent_encoding::percent_decode_str;
use requests::PhotoRef;
use requests::photos::{PhotoRefusal, prepare};

use crate::problem::No;

/// The fields in which senders put pictures.
const FIELDS: [&str; 9] =
    ["media", "media_url", "photo", "photos", "photo1", "photo2", "photo3", "photo4", "photo5"];

/// What was found in a form.
#[derive(Default)]
pub(crate) struct Sent {
    pub pictures: Vec<Bytes>,
    /// Addresses of pictures elsewhere, which nobody fetches.
    pub elsewhere: usize,
    /// Pictures after the fifth.
    pub left_out: usize,
}

/// Collects the pictures of a form, or says which one cannot be read.
pub(crate) fn of_form(form: &Form) -> Result<Sent, PhotoRefusal> {
    let mut sent = Sent { left_out: form.files_left_out(), ..Sent::default() };
    for field in FIELDS {
        for file in form.files(field) {
            if file.is_too_large {
                return Err(PhotoRefusal::TooLarge { bytes: door::forms::FILE + 1 });
            }
            sent.pictures.push(file.bytes.clone());
        }
    }
    for address in
        form.all("media_url").chain(form.all("media")).map(str::trim).filter(|text| !text.is_empty())
    {
        match address.strip_prefix("data:") {
            Some(data) => sent.pictures.push(inline(data)?),
            None => sent.elsewhere += 1,
        }
    }
    if sent.pictures.len() > requests_most() {
        sent.left_out += sent.pictures.len() - requests_most();
        sent.pictures.truncate(requests_most());
    }
    Ok(sent)
}

/// As many as a request may have.
const fn requests_most() -> usize {
    5
}

/// The pictures of some `data:` addresses, as JSON carries them; other addresses are refused, since nobody fetches them.
pub(crate) fn of_addresses(addresses: &[String]) -> Result<Vec<Bytes>, PhotoRefusal> {
    addresses
        .iter()
        .map(|address| inline(address.trim().strip_prefix("data:").ok_or(PhotoRefusal::UnknownType)?))
        .collect()
}

/// The bytes of a `data:` address (RFC 2397), whose beginning is already taken away.
fn inline(data: &str) -> Result<Bytes, PhotoRefusal> {
    let (about, body) = data.split_once(',').ok_or(PhotoRefusal::UnknownType)?;
    if !about.to_ascii_lowercase().ends_with(";base64") {
        return Ok(percent_decode_str(body).collect::<Vec<u8>>().into());
    }
    // In a form an unescaped `+` arrives as a space.
    let plain: String =
        percent_decode_str(body).decode_utf8_lossy().replace(' ', "+").trim_end_matches('=').to_owned();
    STANDARD_NO_PAD
        .decode(&plain)
        .or_else(|_| STANDARD.decode(&plain))
        .map(Bytes::from)
        .map_err(|_| PhotoRefusal::Damaged)
}

/// Why pictures were not kept.
pub(crate) enum NotKept {
    Refused(PhotoRefusal),
    No(No),
}

/// Makes pictures safe and keeps them. It may be done again: the same bytes are the same file.
pub(crate) async fn keep(
    door: &Door,
    client: Client,
    pictures: Vec<Bytes>,
) -> Result<Vec<PhotoRef>, NotKept> {
    let mut kept = Vec::with_capacity(pictures.len());
    for picture in pictures {
        door.limits.check(door::Budget::Photo, client).map_err(|refusal| NotKept::No(refusal.into()))?;
        let prepared =
            door.photo(move || prepare(&picture)).await.map_err(|failure| NotKept::No(failure.into()))?;
        let prepared = prepared.map_err(NotKept::Refused)?;
        let files = door.files.clone();
        let stored = door
            .blocking(move || {
                let photo = files.put(&prepared.photo)?;
                let thumbnail = files.put(&prepared.thumbnail)?;
                let (file, thumbnail) = (photo.to_string(), thumbnail.to_string());
                Ok::<_, storage::Error>(PhotoRef {
                    file,
                    thumbnail,
                    width: prepared.width,
                    height: prepared.height,
                })
            })
            .await
            .map_err(|failure| NotKept::No(failure.into()))?;
        kept.push(stored.map_err(|error| NotKept::No(error.into()))?);
    }
    Ok(kept)
}

/// The stable code of a refused picture.
pub(crate) fn code(refusal: PhotoRefusal) -> &'static str {
    match refusal {
        PhotoRefusal::Empty => "photo-empty",
        PhotoRefusal::TooLarge { .. } => "photo-too-large",
        PhotoRefusal::TooManyPixels { .. } => "photo-too-many-pixels",
        PhotoRefusal::UnknownType => "photo-unknown-type",
        PhotoRefusal::Heic => "photo-heic",
        PhotoRefusal::Damaged => "photo-damaged",
    }
}
