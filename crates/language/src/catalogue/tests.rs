//! The catalogue refuses what would surprise a reader in one of the languages.

use super::rust_of;

fn built(persian: &str, english: &str) -> Result<String, Vec<String>> {
    let file = |text: &str| vec![("common.ftl".to_owned(), text.to_owned())];
    rust_of(&file(persian), &file(english)).map_err(|error| error.findings)
}

fn refused(persian: &str, english: &str, why: &str) {
    let findings = built(persian, english).unwrap_err();
    assert!(findings.iter().any(|finding| finding.contains(why)), "{findings:?} does not say {why}");
}

#[test]
fn a_message_that_one_language_lacks_stops_the_build() {
    refused("title = عنوان\nmore = بیشتر", "title = Title", "`more` of common.ftl is missing in locales/en");
    refused("title = عنوان", "title = Title\nless = Less", "`less` of common.ftl is missing in locales/fa");
}

#[test]
fn a_variable_that_one_language_lacks_stops_the_build() {
    refused(
        "hello = سلام { $name }",
        "hello = Hello",
        "uses { $name } in one language only; it is missing in locales/en",
    );
}

#[test]
fn mistakes_are_named_with_their_place() {
    refused("a = ب\n= c", "a = b", "common.ftl:2:");
    refused("a = ب\na = پ", "a = b", "written twice");
    refused("a = شهرداري", "a = City", "Arabic ي or ك");
    refused("a-b = ب\na_b = پ", "a-b = b\na_b = c", "share the Rust name");
    refused("a = { b }", "a = { b }", "`b`, which it refers to, does not exist");
    refused("a = { a }", "a = { a }", "refers to itself");
    refused(
        "a = { $n ->\n [few] ب\n *[other] پ\n }",
        "a = { $n ->\n [one] b\n *[other] c\n }",
        "know only [one]",
    );
}

#[test]
fn messages_become_functions() {
    let rust = built(
        "-name = پیوند\ntitle = به { -name } خوش آمدید\nfound = { $count ->\n [0] چیزی نبود\n *[other] { $count } درخواست در { $place }\n }",
        "-name = Peyvand\ntitle = Welcome to { -name }\nfound = { $count ->\n [0] Nothing\n [one] { $count } request in { $place }\n *[other] { $count } requests in { $place }\n }",
    )
    .unwrap();
    assert!(rust.contains("pub const fn r#title(self) -> &'static str"), "{rust}");
    assert!(rust.contains("\"به پیوند خوش آمدید\""));
    assert!(rust.contains("pub fn r#found(self, r#count: i64, r#place: &str) -> String"));
    assert!(rust.contains("pub fn r#found_plain(self, r#count: i64, r#place: &str) -> String"));
}

#[test]
fn a_latin_name_does_not_turn_the_persian_words_around_it() {
    let shown = |isolate| {
        let mut out = String::from("از ");
        super::push_text(&mut out, "Ali", isolate);
        out
    };
    assert_eq!(shown(true), "از \u{2068}Ali\u{2069}");
    assert_eq!(shown(false), "از Ali");
}
