//! The two languages say the same things: every message in both, with the same variables.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, name, none, read};

#[test]
fn every_message_is_there_in_both_languages_with_the_same_variables() {
    let mut places = Vec::new();
    let names = |language: &str| -> BTreeSet<String> {
        let folder = format!("locales/{language}");
        let ends = files(&folder, &[".ftl"]);
        ends.iter().map(|path| name(path).trim_start_matches(&folder).to_string()).collect()
    };
    for file in names("fa").union(&names("en")) {
        let [fa, en] = ["fa", "en"].map(|language| messages(&format!("locales/{language}{file}")));
        for key in fa.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
            match (fa.get(key), en.get(key)) {
                (Some(a), Some(b)) if a == b => {}
                (Some(a), Some(b)) => places.push(format!("{file} {key}: fa uses {a:?}, en uses {b:?}")),
                (None, _) => places.push(format!("{file} {key}: not in fa")),
                (_, None) => places.push(format!("{file} {key}: not in en")),
            }
        }
    }
    none("Both languages must say everything:", places);
}

#[test]
fn persian_is_written_with_persian_letters_and_digits() {
    let mut places = Vec::new();
    for path in files("locales/fa", &[".ftl"]) {
        for (number, line) in read(&path).lines().enumerate() {
            let mut say = |what: &str| places.push(format!("{}:{}: {what}", name(&path), number + 1));
            if line.trim_start().starts_with('#') {
                continue;
            }
            if line.contains('ي') || line.contains('ك') {
                say("an Arabic ye or kaf");
            }
            if line.chars().any(|c| ('٠'..='٩').contains(&c)) {
                say("an Arabic digit");
            }
        }
    }
    none("Persian must be written in Persian letters:", places);
}

/// Messages of a Fluent file, each with the variables that it uses.
fn messages(path: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(crate::step::root().join(path)).unwrap_or_default();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let starts = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        if let Some((key, _)) = line.split_once('=').filter(|_| starts) {
            current = Some(key.trim().to_string());
        }
        let Some(key) = &current else { continue };
        let variables = found.entry(key.clone()).or_default();
        for after in line.split('$').skip(1) {
            let word: String =
                after.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
            variables.insert(word);
        }
    }
    found
}
