//! What a citizen may send, what is taken out of it, and what is refused.

use super::*;

use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ImageEncoder, Rgb, Rgba, RgbaImage};

/// A red left half and a blue right half.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(
        width,
        height,
        |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) },
    )
}

fn as_jpeg(picture: &RgbImage) -> Vec<u8> {
    jpeg(picture, 90).unwrap()
}

fn as_png(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgba8)
        .unwrap();
    bytes
}

fn as_webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    WebPEncoder::new_lossless(&mut bytes)
        .encode(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// An EXIF block with an orientation and the words GPS, as a telephone writes them.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    // GPSProcessingMethod's neighbour in spirit: an ASCII field that spells the place out.
    tiff.extend([0x0e, 0x01, 2, 0, 18, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS 35.7219 51.40\0");
    tiff
}

fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut block = b"Exif\0\0".to_vec();
    block.extend(exif(orientation));
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((block.len() as u16 + 2).to_be_bytes());
    bytes.extend(block);
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude</x:xmpmeta>";
    bytes.extend([0xff, 0xe1]);
    bytes.extend((xmp.len() as u16 + 2).to_be_bytes());
    bytes.extend(xmp);
    bytes.extend(&jpeg[2..]);
    bytes
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

fn read_back(bytes: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap().into_rgb8()
}

fn is_red(pixel: &Rgb<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}

#[test]
fn every_format_becomes_an_upright_jpeg_of_modest_size() {
    let picture = halves(4096, 256);
    let rgba = DynamicImage::ImageRgb8(picture.clone()).into_rgba8();
    for (name, bytes) in [("jpeg", as_jpeg(&picture)), ("png", as_png(&rgba)), ("webp", as_webp(&picture))] {
        let prepared = prepare(&bytes).unwrap();
        assert_eq!((prepared.width, prepared.height), (2048, 128), "{name}");
        let photo = read_back(&prepared.photo);
        assert_eq!(photo.dimensions(), (2048, 128), "{name}");
        assert!(is_red(photo.get_pixel(10, 60)) && !is_red(photo.get_pixel(2000, 60)), "{name}");
        assert_eq!(read_back(&prepared.thumbnail).dimensions(), (320, 20), "{name}");
    }
}

#[test]
fn a_small_picture_keeps_its_size_and_a_thin_one_keeps_a_pixel() {
    assert_eq!(prepare(&as_jpeg(&halves(40, 30))).map(|p| (p.width, p.height)), Ok((40, 30)));
    assert_eq!(prepare(&as_webp(&halves(9000, 1))).map(|p| (p.width, p.height)), Ok((2048, 1)));
}

#[test]
fn grey_pictures_and_sixteen_bits_are_read_too() {
    let mut bytes = Vec::new();
    let deep = vec![0x80u8; 20 * 10 * 8];
    PngEncoder::new(&mut bytes).write_image(&deep, 20, 10, ExtendedColorType::Rgba16).unwrap();
    assert!(prepare(&bytes).is_ok());
    bytes.clear();
    JpegEncoder::new(&mut bytes).encode(&[77; 200], 20, 10, ExtendedColorType::L8).unwrap();
    assert!(prepare(&bytes).is_ok());
}

#[test]
fn where_and_when_a_picture_was_taken_is_gone() {
    let sent = with_exif(&as_jpeg(&halves(200, 100)), 1);
    assert!(holds(&sent, b"Exif") && holds(&sent, b"GPS") && holds(&sent, b"xmpmeta"));
    let prepared = prepare(&sent).unwrap();
    for kept in [&prepared.photo, &prepared.thumbnail] {
        for words in [&b"Exif"[..], b"GPS", b"xmpmeta", b"http://", b"ICC_PROFILE", b"35.7219"] {
            assert!(!holds(kept, words), "{}", String::from_utf8_lossy(words));
        }
    }
    // What was appended to the file does not come along either.
    let mut tail = as_jpeg(&halves(50, 50));
    tail.extend(b"<script>alert(1)</script>");
    assert!(!holds(&prepare(&tail).unwrap().photo, b"script"));
}

#[test]
fn a_telephone_held_upright_gives_an_upright_picture() {
    // Orientation 6: the left of what is stored is the top of what was seen.
    let prepared = prepare(&with_exif(&as_jpeg(&halves(400, 200)), 6)).unwrap();
    assert_eq!((prepared.width, prepared.height), (200, 400));
    let photo = read_back(&prepared.photo);
    assert!(is_red(photo.get_pixel(100, 20)) && !is_red(photo.get_pixel(100, 380)));
}

#[test]
fn what_is_see_through_becomes_white() {
    let prepared = prepare(&as_png(&RgbaImage::from_pixel(30, 30, Rgba([0, 0, 0, 0])))).unwrap();
    assert!(read_back(&prepared.photo).pixels().all(|pixel| pixel.0.iter().all(|channel| *channel > 250)));
}

/// A PNG that claims a size and holds nothing of it.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, 0]);
    for chunk in [chunk, [&b"IDAT"[..], &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]].concat(), b"IEND".to_vec()] {
        bytes.extend((chunk.len() as u32 - 4).to_be_bytes());
        bytes.extend(&chunk);
        bytes.extend(crc(&chunk).to_be_bytes());
    }
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn bombs_are_refused_by_their_header() {
    for (width, height) in [(60_000, 60_000), (20_001, 1), (8_000, 7_000), (1, 40_000)] {
        assert_eq!(prepare(&png_claiming(width, height)), Err(PhotoRefusal::TooManyPixels { width, height }));
    }
    // So wide that one row would fill the memory: refused before its size is even known.
    assert!(prepare(&png_claiming(i32::MAX as u32, 1)).is_err());
    let mut huge = as_jpeg(&halves(16, 16));
    // The frame header of a JPEG: ff c0, length, precision, height, width.
    let at = huge.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    huge[at + 5..at + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(prepare(&huge), Err(PhotoRefusal::TooManyPixels { width: 65_535, height: 65_535 }));
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let heic = [&[0, 0, 0, 24][..], b"ftypheic\0\0\0\0mif1heic"].concat();
    let avif = [&[0, 0, 0, 24][..], b"ftypavif\0\0\0\0mif1avif"].concat();
    let table: [(&[u8], PhotoRefusal); 8] = [
        (b"", PhotoRefusal::Empty),
        (&heic, PhotoRefusal::Heic),
        (&avif, PhotoRefusal::UnknownType),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", PhotoRefusal::UnknownType),
        (b"%PDF-1.7 photo.jpg", PhotoRefusal::UnknownType),
        (b"GIF89a\x01\0\x01\0", PhotoRefusal::UnknownType),
        (b"PK\x03\x04", PhotoRefusal::UnknownType),
        (&[0; 64], PhotoRefusal::UnknownType),
    ];
    for (bytes, refusal) in table {
        assert_eq!(prepare(bytes), Err(refusal), "{}", String::from_utf8_lossy(bytes));
    }
    let heavy = vec![0xff; MOST_BYTES + 1];
    assert_eq!(prepare(&heavy), Err(PhotoRefusal::TooLarge { bytes: MOST_BYTES + 1 }));
}

#[test]
fn half_a_picture_is_refused() {
    let picture = halves(300, 200);
    let rgba = DynamicImage::ImageRgb8(picture.clone()).into_rgba8();
    for bytes in [with_exif(&as_jpeg(&picture), 1), as_png(&rgba), as_webp(&picture)] {
        for part in [12, bytes.len() / 4, bytes.len() / 2, bytes.len() * 9 / 10] {
            assert_eq!(prepare(&bytes[..part]), Err(PhotoRefusal::Damaged), "{part} of {}", bytes.len());
        }
    }
}

#[test]
fn no_damage_makes_the_program_stop() {
    let picture = halves(64, 48);
    let rgba = DynamicImage::ImageRgb8(picture.clone()).into_rgba8();
    let originals = [with_exif(&as_jpeg(&picture), 6), as_png(&rgba), as_webp(&picture)];
    // A small generator with a fixed seed: the same damage in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut draw = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut read = 0;
    for n in 0..2_000 {
        let mut bytes = originals[n % 3].clone();
        for _ in 0..=draw(4) {
            let at = draw(bytes.len());
            match draw(4) {
                0 => bytes[at] = draw(256) as u8,
                1 => bytes[at] ^= 1 << draw(8),
                2 => bytes.truncate(at.max(1)),
                _ => {
                    let more = bytes[..at.min(64)].to_vec();
                    bytes.splice(at..at, more);
                }
            }
        }
        if let Ok(prepared) = prepare(&bytes) {
            assert!(!prepared.photo.is_empty() && prepared.width > 0 && prepared.height > 0);
            read += 1;
        }
    }
    // Enough of the damage got past the first look and into the decoders.
    assert!(read > 100, "{read}");
}
