//! Pictures made safe to keep and to show.
//!
//! Whatever is sent is read by its content, never by the name or type the sender claims, and only its picture is
//! kept: decoded, turned upright, laid on white, made smaller and written anew as JPEG. Place, time, camera, colour
//! profile, hidden second pictures and anything appended to the file do not survive that. Size is judged from the
//! header before a single pixel is unpacked.
//!
//! A picture of the largest size allowed takes up to 400 MB and some seconds of one core while it is open, so the
//! caller keeps few open at a time and runs this where it may block (`door::Door::photo` does both).

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
};

/// The most that one picture may weigh, in bytes as sent: 20 MB.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The most pixels: 50 megapixels, more than the cameras of most telephones.
pub const MOST_PIXELS: u64 = 50_000_000;
/// The longest side, in pixels.
pub const LONGEST_SIDE: u32 = 20_000;
/// The longest side of what is kept.
pub const KEPT_SIDE: u32 = 2_048;
/// The longest side of the small copy for lists.
pub const THUMBNAIL_SIDE: u32 = 320;

/// Memory that unpacking may ask for: 50 megapixels of four channels, and some room. Of 16 bits for each channel,
/// which no telephone writes, that is half as many pixels.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 82;
const THUMBNAIL_QUALITY: u8 = 75;

/// A picture that may be kept and shown. Both are JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub photo: Vec<u8>,
    pub thumbnail: Vec<u8>,
    /// Pixels of `photo`.
    pub width: u32,
    pub height: u32,
}

/// Why a picture was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoRefusal {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes")]
    TooLarge { bytes: usize },
    #[error("the picture has {width} by {height} pixels")]
    TooManyPixels { width: u32, height: u32 },
    /// Neither JPEG, PNG nor WebP, whatever its name says.
    #[error("no picture of a known kind")]
    UnknownType,
    /// An iPhone's own format. Every free library that reads it comes with a licence this program cannot carry
    /// (AGPL), so the person is told how to send a JPEG instead.
    #[error("a HEIC picture")]
    Heic,
    #[error("the picture is damaged or not complete")]
    Damaged,
}

/// Reads a picture and writes it anew. Of an animation the first frame is kept.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoRefusal> {
    if bytes.is_empty() {
        return Err(PhotoRefusal::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(PhotoRefusal::TooLarge { bytes: bytes.len() });
    }
    let format = recognise(bytes)?;
    // The decoders are fuzzed by their authors, but they read what strangers send: a panic in one of them is a
    // damaged picture and no more.
    catch_unwind(AssertUnwindSafe(|| decode(bytes, format).and_then(encode)))
        .unwrap_or(Err(PhotoRefusal::Damaged))
}

/// What the first bytes say it is.
fn recognise(bytes: &[u8]) -> Result<ImageFormat, PhotoRefusal> {
    if is_heic(bytes) {
        return Err(PhotoRefusal::Heic);
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) if !has_jpeg_end(bytes) => Err(PhotoRefusal::Damaged),
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        _ => Err(PhotoRefusal::UnknownType),
    }
}

/// The `ftyp` box of ISO 14496-12 with a brand of ISO 23008-12 (HEIF).
fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 10] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// Whether the picture data of a JPEG come to an end. The decoder fills what is missing with grey, which would be
/// kept as if it had been seen. The markers before the data are walked over, since the small preview inside them
/// has an end of its own.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let Some([0xff, marker]) = bytes.get(at..at + 2) else { return false };
        match marker {
            0xff => at += 1,
            0xda => break,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let Some([high, low]) = bytes.get(at + 2..at + 4) else { return false };
                at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2);
            }
        }
    }
    bytes.get(at..).is_some_and(|data| data.windows(2).any(|pair| pair == [0xff, 0xd9]))
}

/// The upright picture on white, at most [`KEPT_SIDE`] on its longest side.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<RgbImage, PhotoRefusal> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PhotoRefusal::Damaged)?;

    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PhotoRefusal::Damaged);
    }
    let too_many = PhotoRefusal::TooManyPixels { width, height };
    let is_too_long = width.max(height) > LONGEST_SIDE;
    if is_too_long
        || u64::from(width) * u64::from(height) > MOST_PIXELS
        || decoder.total_bytes() > MOST_MEMORY
    {
        return Err(too_many);
    }
    // What cannot be read as an orientation is no reason to refuse the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| match error {
        ImageError::Limits(_) => too_many,
        _ => PhotoRefusal::Damaged,
    })?;

    // Made smaller first, so that turning it costs little.
    let mut small = DynamicImage::ImageRgb8(fit(on_white(picture), KEPT_SIDE)?);
    small.apply_orientation(orientation);
    Ok(small.into_rgb8())
}

/// JPEG knows no transparency; what was see-through becomes white, as on a page.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let (width, height) = picture.dimensions();
    let mut plain = RgbImage::new(width, height);
    for (to, from) in plain.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        to.0 = [red, green, blue].map(|channel| ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
    }
    plain
}

/// The picture with its longest side no longer than `side`, in its own proportions.
fn fit(picture: RgbImage, side: u32) -> Result<RgbImage, PhotoRefusal> {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= side {
        return Ok(picture);
    }
    let scaled = |length: u32| ((u64::from(length) * u64::from(side) / u64::from(longest)) as u32).max(1);
    let mut small = Image::new(scaled(width), scaled(height), PixelType::U8x3);
    let from =
        ImageRef::new(width, height, picture.as_raw(), PixelType::U8x3).map_err(|_| PhotoRefusal::Damaged)?;
    Resizer::new().resize(&from, &mut small, None).map_err(|_| PhotoRefusal::Damaged)?;
    let (width, height) = (small.width(), small.height());
    RgbImage::from_raw(width, height, small.into_vec()).ok_or(PhotoRefusal::Damaged)
}

fn encode(picture: RgbImage) -> Result<Prepared, PhotoRefusal> {
    let (width, height) = picture.dimensions();
    let photo = jpeg(&picture, QUALITY)?;
    let thumbnail = jpeg(&fit(picture, THUMBNAIL_SIDE)?, THUMBNAIL_QUALITY)?;
    Ok(Prepared { photo, thumbnail, width, height })
}

fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|_| PhotoRefusal::Damaged)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
