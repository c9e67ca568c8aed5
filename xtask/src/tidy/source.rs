//! Rust files: short enough to read, free of city names, SQL only where the table lives.

use std::collections::BTreeMap;
use std::path::Path;

use super::{files, name, none, read};

/// A file longer than this holds more than one idea.
const LINES_AT_MOST: usize = 500;

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let mut places = Vec::new();
    for folder in ["crates", "xtask", "benches", "assets", "templates"] {
        for path in files(folder, &[".rs", ".css", ".js", ".mjs", ".py", ".html"]) {
            let lines = read(&path).lines().count();
            if lines > LINES_AT_MOST {
                places.push(format!("{}: {lines} lines", name(&path)));
            }
        }
    }
    none(&format!("A file has at most {LINES_AT_MOST} lines:"), places);
}

#[test]
fn no_city_is_named_in_the_program() {
    // What stands in `cities/` is data; a rule that needs a city's name belongs there too.
    let mut cities: Vec<String> =
        vec!["new_york".into(), "newyork".into(), "nyc".into(), "sanfrancisco".into()];
    for city in std::fs::read_dir(crate::step::root().join("cities")).into_iter().flatten().flatten() {
        if city.path().join("city.toml").is_file() {
            cities.push(city.file_name().to_string_lossy().into_owned());
        }
    }
    cities.extend(["تهران", "شیراز", "مشهد", "اصفهان", "تبریز"].map(String::from));
    let mut places = Vec::new();
    for (path, number, line) in lines_of_the_program() {
        // Time zones are named after cities by their own register.
        let line = line.replace("Asia/Tehran", "").to_lowercase();
        if let Some(city) = cities.iter().find(|city| line.contains(city.as_str())) {
            places.push(format!("{path}:{number}: {city}"));
        }
    }
    none("A city is data, not code:", places);
}

#[test]
fn doors_hold_no_sql_and_each_crate_writes_only_its_own_tables() {
    let owners = owners_of_tables();
    let mut places = Vec::new();
    for (path, number, line) in lines_of_the_program() {
        let owner = path.split('/').nth(1).unwrap_or_default().to_string();
        let is_door =
            ["door", "web", "api", "peyvand", "words", "language", "calendar"].contains(&owner.as_str());
        if is_door && ["SELECT ", "INSERT INTO ", "DELETE FROM "].iter().any(|sql| line.contains(sql)) {
            places.push(format!("{path}:{number}: SQL in a crate without tables"));
        }
        for verb in ["INSERT INTO ", "DELETE FROM ", "UPDATE "] {
            for after in line.split(verb).skip(1) {
                let table: String =
                    after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                match owners.get(&table) {
                    Some(real) if *real != owner => {
                        places.push(format!(
                            "{path}:{number}: {owner} writes {table}, which belongs to {real}"
                        ));
                    }
                    _ => {}
                }
            }
        }
    }
    none("Only the owner of a table writes it:", places);
}

#[test]
fn no_page_is_added_without_saying_what_it_needs() {
    // `door::Routes` asks for session and permission; a bare route would be open to everybody.
    const BARE: &[&str] = &[".route(", ".route_service(", ".nest(", ".nest_service(", "Router::new("];
    let mut places = Vec::new();
    for (path, number, line) in lines_of_the_program() {
        let is_page = path.starts_with("crates/web/src/");
        if is_page && BARE.iter().any(|bare| line.contains(bare)) {
            places.push(format!("{path}:{number}: add it through door::Routes"));
        }
    }
    none("Every page says what it needs:", places);
}

#[test]
fn no_character_hides_what_the_source_says() {
    // Bidirectional controls can make code read differently from what the compiler sees.
    let hidden = |c: char| ('\u{202A}'..='\u{202E}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    let mut places = Vec::new();
    for folder in ["crates", "xtask", "templates", "locales", "migrations", "assets/css", "assets/script"] {
        for path in files(folder, &[".rs", ".html", ".ftl", ".sql", ".css", ".js", ".mjs"]) {
            for (number, line) in read(&path).lines().enumerate() {
                if line.contains(hidden) {
                    places.push(format!("{}:{}: write it as an escape", name(&path), number + 1));
                }
            }
        }
    }
    none("No hidden direction marks:", places);
}

/// Which crate's migration makes which table: `0002-requests.sql` belongs to `requests`.
fn owners_of_tables() -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for path in files("migrations", &[".sql"]) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let word = file.split(['-', '.']).nth(1).unwrap_or_default().to_string();
        for line in read(&path).lines() {
            let line = line.trim().replace("IF NOT EXISTS ", "").replace("VIRTUAL ", "");
            if let Some(after) = line.strip_prefix("CREATE TABLE ") {
                let table = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                owners.insert(table, word.clone());
            }
        }
    }
    owners
}

/// Lines of code that end up in the program: no comments, no tests, no developer tools.
fn lines_of_the_program() -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    for path in files("crates", &[".rs"]) {
        let file = name(&path);
        if file.starts_with("crates/journeys") || is_test_file(&path) {
            continue;
        }
        for (at, line) in read(&path).lines().enumerate() {
            // Tests close a file, so everything below their mark belongs to them.
            if line.trim() == "#[cfg(test)]"
                && read(&path).lines().nth(at + 1).is_some_and(|next| next.contains('{'))
            {
                break;
            }
            let code = if line.trim_start().starts_with("//") { "" } else { line };
            let code = code.split(" // ").next().unwrap_or_default();
            found.push((file.clone(), at + 1, code.to_string()));
        }
    }
    found
}

fn is_test_file(path: &Path) -> bool {
    let file = name(path);
    file.contains("/tests/")
        || file.ends_with("/tests.rs")
        || file.ends_with("_tests.rs")
        || file.contains("/benches/")
}
