//! Puts everything under `assets/` into the program: the files themselves, the same bytes packed with gzip, and
//! one edition number for the whole set, so that a page and its files always belong together.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

/// Smaller texts gain nothing that is worth a header.
const WORTH_PACKING: usize = 860;

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let folder = here.join("../../assets").canonicalize()?;
    println!("cargo:rerun-if-changed={}", folder.display());

    let mut paths = Vec::new();
    collect(&folder, &mut paths)?;
    paths.sort();

    // `app.css` is every stylesheet of our own in the order of its name, but for those from 70 to 85: they are the
    // workplaces' (`staff.css`), and a citizen on a slow line has no use for them.
    let (mut app, mut staff) = (String::new(), String::new());
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for path in paths {
        println!("cargo:rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&folder).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&path)?;
        if let Some(sheet) = name.strip_prefix("css/").filter(|sheet| sheet.ends_with(".css")) {
            let is_staff = sheet.get(..2).is_some_and(|number| ("70".."86").contains(&number));
            let css = if is_staff { &mut staff } else { &mut app };
            css.push_str(&String::from_utf8(bytes).map_err(io::Error::other)?);
            css.push('\n');
        } else {
            files.push((name, bytes));
        }
    }
    for (name, mut css) in [("app.css", app), ("staff.css", staff)] {
        // Addresses inside the sheet become relative to it, so that they carry the edition without naming it.
        for quote in ["", "\"", "'"] {
            css = css.replace(&format!("url({quote}/assets/"), &format!("url({quote}"));
        }
        files.push((name.into(), slim(&css).into_bytes()));
    }
    files.sort();

    let mut sha = Sha256::new();
    for (name, bytes) in &files {
        sha.update((name.len() as u64).to_be_bytes());
        sha.update(name.as_bytes());
        sha.update((bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    }
    let edition: String = sha.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();

    let mut code = format!("pub const EDITION: &str = {edition:?};\n\nstatic FILES: &[Asset] = &[\n");
    for (n, (name, bytes)) in files.iter().enumerate() {
        let plain = out.join(format!("asset-{n}"));
        fs::write(&plain, bytes)?;
        let kind = kind(name);
        let packed = if is_text(kind) && bytes.len() >= WORTH_PACKING {
            let path = out.join(format!("asset-{n}.gz"));
            fs::write(&path, pack(bytes)?)?;
            format!("Some(include_bytes!({:?}))", path.display().to_string())
        } else {
            "None".into()
        };
        let _ = writeln!(
            code,
            "    Asset {{ name: {name:?}, url: \"/assets/{edition}/{name}\", kind: {kind:?}, bytes: include_bytes!({:?}), packed: {packed} }},",
            plain.display().to_string(),
        );
    }
    code.push_str("];\n");
    fs::write(out.join("assets.rs"), code)
}

/// A stylesheet without its comments and indents: they are for us, and a sixth of what goes over a slow line. None of
/// our strings has the mark of a comment inside.
fn slim(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // Notes to developers, tools and editors' leavings are not for visitors.
        let name = name.to_string_lossy();
        if name.starts_with('.')
            || name.ends_with('~')
            || name.ends_with(".sh")
            || name.ends_with(".md")
            || name.ends_with(".toml")
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), found)?;
        } else {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || kind.contains("json") || kind.contains("svg")
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
    gzip.write_all(bytes)?;
    gzip.finish()
}
