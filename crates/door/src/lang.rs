//! Which language a path or a browser asks for.
//!
//! Persian pages live at `/`, those of other languages under their code: `/en/`. The address decides, so that a
//! link always shows what the sender saw; the browser's wish only suggests a switch.

use http::{HeaderMap, header};
use language::Lang;

/// The language of a path and the path without it: `/en/requests` is English and `/requests`.
pub fn of_path(path: &str) -> (Lang, &str) {
    let first = path.strip_prefix('/').unwrap_or(path);
    for lang in Lang::ALL {
        if lang == Lang::default() {
            continue;
        }
        if let Some(rest) = first.strip_prefix(lang.code()) {
            match rest.chars().next() {
                None => return (lang, "/"),
                Some('/') => return (lang, rest),
                Some(_) => {}
            }
        }
    }
    (Lang::default(), path)
}

/// The address of a page in a language; `path` is without one.
pub fn path(lang: Lang, path: &str) -> String {
    if lang == Lang::default() { path.to_owned() } else { format!("/{}{path}", lang.code()) }
}

/// The language that the browser would rather read, if we speak it.
pub fn suggested(headers: &HeaderMap) -> Option<Lang> {
    let wishes = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Lang)> = None;
    // Nobody reads more than a few languages; a longer list is not from a browser.
    for wish in wishes.split(',').take(20) {
        let (code, rest) = wish.split_once(';').unwrap_or((wish, ""));
        let weight = match rest.trim().strip_prefix("q=") {
            Some(q) => q.trim().parse::<f32>().unwrap_or(0.0),
            None => 1.0,
        };
        let Some(lang) = Lang::from_code(code.trim()) else { continue };
        if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}
