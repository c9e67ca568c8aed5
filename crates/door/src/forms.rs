//! What people and programs send, read with patience and limits.
//!
//! One ordered list of names and values, whether it came as `application/x-www-form-urlencoded`, as
//! `multipart/form-data` or in the address. Open311 senders repeat names and write `attribute[WHAT][]`, so names are
//! kept as they came and none hides another. Text that is not UTF-8 is refused: half of it would be lost silently.

use std::sync::Arc;

use axum::RequestExt;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRef, FromRequest, Multipart, Request};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use percent_encoding::percent_decode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Door;
use crate::failure::{Failure, Refusal};

/// Names and values in one form.
pub const FIELDS: usize = 500;
/// All names and values of a form together, in bytes.
pub const TEXT: usize = 256 * 1024;
/// Files that are read; more are counted and left out.
pub const FILES: usize = 5;
/// One file, in bytes; a larger one is noted and left out, so that what was typed beside it is not lost.
pub const FILE: usize = 25 * 1024 * 1024;

/// A form as it was sent.
#[derive(Debug, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    files: Vec<File>,
    files_left_out: usize,
}

/// A file in a form.
#[derive(Debug)]
pub struct File {
    /// The name of its field.
    pub field: String,
    /// What the sender calls it. A claim, for showing only.
    pub name: String,
    /// Its content; empty when it was too large.
    pub bytes: Bytes,
    pub is_too_large: bool,
    /// Its share of the room for files, given back when the form is gone.
    _room: Vec<OwnedSemaphorePermit>,
}

impl Form {
    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a name, or nothing written.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or("")
    }

    /// Every value of a name and of the same name with `[]`, in order.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.pairs
            .iter()
            .filter(move |(n, _)| n.strip_suffix("[]").unwrap_or(n) == name)
            .map(|(_, value)| value.as_str())
    }

    /// Everything, in the order it was sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What stands in the brackets of `prefix[HERE]` or `prefix[HERE][]`, with its values in order.
    pub fn bracketed<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.pairs.iter().filter_map(move |(name, value)| {
            let inside = name.strip_suffix("[]").unwrap_or(name).strip_prefix(prefix)?;
            Some((inside.strip_prefix('[')?.strip_suffix(']')?, value.as_str()))
        })
    }

    /// The files of a field that hold something. Browsers send an empty one when none was chosen.
    pub fn files<'f>(&'f self, field: &'f str) -> impl Iterator<Item = &'f File> {
        self.files.iter().filter(move |file| file.field.strip_suffix("[]").unwrap_or(&file.field) == field)
    }

    /// How many files came after the fifth.
    pub fn files_left_out(&self) -> usize {
        self.files_left_out
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.files.is_empty()
    }

    /// Reads the part of an address after `?`.
    pub fn from_query(query: Option<&str>) -> Result<Self, Refusal> {
        Self::from_urlencoded(query.unwrap_or("").as_bytes())
    }

    /// Reads `name=value&name=value`. A `%` that begins no code stands for itself.
    pub fn from_urlencoded(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut form = Form::default();
        let mut text = 0;
        for pair in bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            let cut = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(cut);
            let (name, value) = (decoded(name)?, decoded(value.get(1..).unwrap_or(&[]))?);
            form.push(name, value, &mut text)?;
        }
        Ok(form)
    }

    fn push(&mut self, name: String, value: String, text: &mut usize) -> Result<(), Refusal> {
        *text += name.len() + value.len();
        if *text > TEXT || self.pairs.len() >= FIELDS {
            return Err(Refusal::TooLarge);
        }
        self.pairs.push((name, value));
        Ok(())
    }

    async fn from_multipart(mut parts: Multipart, room: &Arc<Semaphore>) -> Result<Self, NoForm> {
        let mut form = Form::default();
        let mut text = 0;
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(multipart)? {
            count += 1;
            if count > FIELDS {
                return Err(Refusal::TooLarge.into());
            }
            let field = part.name().unwrap_or("").to_owned();
            let file_name = part.file_name().map(|name| name.chars().take(200).collect::<String>());
            match file_name {
                Some(name) => form.take_file(part, field, name, room).await?,
                None => {
                    let value = read_text(part, TEXT - text.min(TEXT)).await?;
                    form.push(field, value, &mut text)?;
                }
            }
        }
        Ok(form)
    }

    async fn take_file(
        &mut self,
        mut part: axum::extract::multipart::Field<'_>,
        field: String,
        name: String,
        room: &Arc<Semaphore>,
    ) -> Result<(), NoForm> {
        let is_wanted = self.files.len() < FILES;
        let mut bytes = BytesMut::new();
        let mut length = 0;
        let mut held: Vec<OwnedSemaphorePermit> = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(multipart)? {
            length += chunk.len();
            if !is_wanted || length > FILE {
                // The rest is read and forgotten: the fields behind it are worth having.
                bytes = BytesMut::new();
                held.clear();
                continue;
            }
            while held.len() * 1024 * 1024 < length {
                let Ok(permit) = room.clone().try_acquire_owned() else {
                    return Err(Failure::passing("too many files are being sent at once").into());
                };
                held.push(permit);
            }
            bytes.extend_from_slice(&chunk);
        }
        if length == 0 && name.is_empty() {
            return Ok(());
        }
        if !is_wanted {
            self.files_left_out += 1;
            return Ok(());
        }
        let is_too_large = length > FILE;
        self.files.push(File { field, name, bytes: bytes.freeze(), is_too_large, _room: held });
        Ok(())
    }
}

/// Why there is no form.
#[derive(Debug)]
pub enum NoForm {
    Refused(Refusal),
    Failed(Failure),
}

impl From<Refusal> for NoForm {
    fn from(refusal: Refusal) -> Self {
        NoForm::Refused(refusal)
    }
}

impl From<Failure> for NoForm {
    fn from(failure: Failure) -> Self {
        NoForm::Failed(failure)
    }
}

impl axum::response::IntoResponse for NoForm {
    fn into_response(self) -> axum::response::Response {
        match self {
            NoForm::Refused(refusal) => refusal.into_response(),
            NoForm::Failed(failure) => failure.into_response(),
        }
    }
}

impl<S> FromRequest<S> for Form
where
    S: Send + Sync,
    Door: FromRef<S>,
{
    type Rejection = NoForm;

    /// Reads the body within the limit of the route. Without a body the form is empty; a body of no named type is
    /// taken for a plain form, as old senders send it.
    async fn from_request(request: Request, state: &S) -> Result<Self, NoForm> {
        match kind(request.headers()).as_str() {
            "multipart/form-data" => {
                let parts = Multipart::from_request(request, state)
                    .await
                    .map_err(|_| Refusal::Malformed("multipart without a boundary"))?;
                Form::from_multipart(parts, &Door::from_ref(state).upload_room).await
            }
            "" | "application/x-www-form-urlencoded" => {
                let body = request.into_limited_body().collect().await.map_err(|e| why(&e))?.to_bytes();
                Ok(Form::from_urlencoded(&body)?)
            }
            _ => Err(Refusal::UnsupportedType.into()),
        }
    }
}

/// The media type of a body in small letters, without its parameters.
pub fn kind(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Reads a whole body within the limit of its route, for formats that are not forms (JSON, XML).
pub async fn body(request: Request) -> Result<Bytes, Refusal> {
    Ok(request.into_limited_body().collect().await.map_err(|e| why(&e))?.to_bytes())
}

async fn read_text(mut part: axum::extract::multipart::Field<'_>, most: usize) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(multipart)? {
        if bytes.len() + chunk.len() > most {
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    readable(bytes)
}

fn decoded(bytes: &[u8]) -> Result<String, Refusal> {
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let plain: Vec<u8> = percent_decode(&spaced).collect();
    readable(plain)
}

/// PostgreSQL keeps no NUL in a text and nobody types one, so it is refused here and not deep inside.
fn readable(bytes: Vec<u8>) -> Result<String, Refusal> {
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(Refusal::Malformed("a NUL in the text")),
        Ok(text) => Ok(text),
        Err(_) => Err(Refusal::Malformed("not UTF-8")),
    }
}

fn multipart(error: MultipartError) -> Refusal {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE { Refusal::TooLarge } else { why(&error) }
}

/// The refusal inside an error of a body: too large, too slow, or broken off.
fn why(error: &(dyn std::error::Error + 'static)) -> Refusal {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return *refusal;
        }
        if error.is::<http_body_util::LengthLimitError>() {
            return Refusal::TooLarge;
        }
        next = error.source();
    }
    Refusal::Malformed("the body is broken")
}
