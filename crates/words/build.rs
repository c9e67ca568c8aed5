//! Turns `locales/{fa,en}/*.ftl` into Rust and stops the build when one language says less than the other.

use std::path::Path;

fn main() {
    let out_folder = std::env::var("OUT_DIR").unwrap_or_default();
    let locales = Path::new("../../locales");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", locales.display());
    match language::catalogue::generate(locales, &Path::new(&out_folder).join("words.rs")) {
        Ok(read) => read.iter().for_each(|path| println!("cargo::rerun-if-changed={}", path.display())),
        Err(error) => {
            error.findings.iter().for_each(|finding| println!("cargo::error={finding}"));
            std::process::exit(1);
        }
    }
}
