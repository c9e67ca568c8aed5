//! Puts the city packs of `cities/` inside the program, so that one file works anywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let cities = here.join("../../cities");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", cities.display());
    let mut files = Vec::new();
    if let Err(error) = walk(&cities, &mut files) {
        println!("cargo::error={}: {error}", cities.display());
        std::process::exit(1);
    }
    files.sort();
    let mut code =
        String::from("/// Path below `cities/`, and content.\npub static FILES: &[(&str, &[u8])] = &[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&cities).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.to_string_lossy());
    }
    code.push_str("];\n");
    let out = Path::new(&std::env::var("OUT_DIR").unwrap_or_default()).join("cities.rs");
    if let Err(error) = std::fs::write(&out, code) {
        println!("cargo::error={}: {error}", out.display());
        std::process::exit(1);
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
