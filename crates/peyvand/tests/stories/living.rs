//! Cities: made from nothing, loaded from a pack, served, and left in order.

use crate::peyvand::{Place, run, shown};

#[test]
fn a_small_demo_is_built_checked_and_found_again() {
    let place = Place::new();
    let said = place.fine(&["demo", "--small", "--no-serve"]);
    assert!(said.contains("generated") && said.contains("Real records"), "{said}");
    let checked = place.fine(&["check"]);
    assert!(checked.lines().all(|line| line.starts_with("ok ")), "{checked}");
    assert!(place.fine(&["demo", "--small", "--no-serve"]).contains("there already"));

    let table = place.fine(&["export", "requests", "-j", "tehran.ir", "--format", "jsonl", "--private"]);
    assert!((1900..2300).contains(&table.lines().count()), "{}", table.lines().count());
    assert!(table.lines().all(|line| line.contains("\"source\":\"generated\"")));
    for status in ["received", "assigned", "in-progress", "answered", "closed", "declined", "duplicate"] {
        assert!(table.contains(&format!("\"status\":\"{status}\"")), "{status}");
    }
    assert!(!table.contains('{') || !table.contains("{street}"), "every slot is filled");
    let real = place.fine(&["export", "requests", "-j", "chicago", "--format", "jsonl"]);
    assert!(real.lines().count() >= 500 && !real.contains("\"source\":\"generated\""));
}

#[test]
fn a_demo_that_was_interrupted_is_built_anew_and_a_real_city_is_left_alone() {
    let place = Place::with_city("shiraz");
    let refused = place.run(&["demo", "--small", "--no-serve"]);
    assert!(refused.code == 2 && refused.err.contains("no demo"), "{refused:?}");
    // The mark that a demo under way leaves.
    place.write("data/demo-unfinished", "");
    place.fine(&["demo", "--small", "--no-serve"]);
    assert!(!place.path("data/demo-unfinished").exists());
    place.fine(&["check"]);
}

#[test]
fn the_same_seed_makes_the_same_words() {
    let words = |seed: &str| {
        let place = Place::new();
        place.fine(&["demo", "--small", "--no-serve", "--seed", seed]);
        let table = place.fine(&["export", "requests", "-j", "tehran.ir", "--format", "jsonl"]);
        let mut words: Vec<String> = table
            .lines()
            .filter_map(|l| Some(l.split_once("\"words\":")?.1.split_once(",\"status_note\"")?.0.to_owned()))
            .collect();
        words.sort();
        words
    };
    let (first, other) = (words("7"), words("8"));
    assert_ne!(first, other);
    // The year ends now, so a message or two of the last minutes may differ between runs.
    let again = words("7");
    let common = again.iter().filter(|text| first.binary_search(text).is_ok()).count();
    assert!(common + 20 >= first.len(), "{common} of {}", first.len());
}

#[test]
fn a_pack_is_loaded_from_a_folder_or_from_inside_the_program() {
    let place = Place::new();
    assert!(place.fine(&["city", "list"]).contains("No city is loaded"));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cities/shiraz");
    assert!(place.fine(&["city", "load", folder]).contains("11 districts"));
    assert!(place.fine(&["city", "load", "tehran"]).contains("375 neighbourhoods"));
    let list = place.fine(&["city", "list"]);
    assert!(list.contains("shiraz.ir") && list.contains("tehran.ir"), "{list}");

    let empty = place.path("empty");
    std::fs::create_dir(&empty).unwrap();
    for (name, word) in [(shown(&empty), "no city.toml"), ("atlantis".to_owned(), "no folder atlantis")] {
        let said = place.run(&["city", "load", &name]);
        assert!(said.code == 2 && said.err.contains(word), "{said:?}");
    }
    // A pack with a slip: its file and the reason are said, and nothing of it is kept.
    for file in ["city.toml", "districts.toml", "holidays.toml", "services.toml", "units.toml"] {
        let text = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
        place.write(&format!("pack/{file}"), text.replace("shiraz.ir", "slip.ir"));
    }
    let units = place.text("pack/units.toml");
    place.write(
        "pack/units.toml",
        format!("{units}\n[[rule]]\nservice = \"no-such-service\"\nunit = \"x\"\n"),
    );
    let said = place.run(&["city", "load", &shown(&place.path("pack"))]);
    assert!(
        said.code == 2 && said.err.contains("units.toml") && said.err.contains("no-such-service"),
        "{said:?}"
    );
    assert!(!place.fine(&["city", "list"]).contains("slip.ir"));
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let place = Place::with_city("shiraz");
    let key = place.fine(&["key", "make", "--name", "Apps of a friend"]);
    assert!(key.trim().starts_with("pvd_") && key.lines().count() == 1, "{key}");
    let list = place.fine(&["key", "list"]);
    assert!(
        list.contains("sender\tall\t-\tin force\tApps of a friend") && !list.contains(key.trim()),
        "{list}"
    );
    let id = list.split('\t').next().unwrap().to_owned();
    place.fine(&["key", "revoke", &id]);
    place.fine(&[
        "key",
        "make",
        "--name",
        "exchange",
        "--role",
        "operator",
        "--scopes",
        "calls",
        "--per-minute",
        "600",
    ]);
    assert!(place.fine(&["key", "list"]).contains("operator\tcalls\t600/min\tin force\texchange"));
    assert!(place.fine(&["key", "list"]).contains("revoked"));
    for (words, word) in [
        (&["key", "revoke", "1"][..], "no key 1"),
        (&["key", "make", "--name", "x", "--role", "king"], "king"),
        (&["key", "make", "--name", "x", "--role", "system"], "one of"),
        (&["key", "make", "--name", "x", "--role", "unit-member"], "--unit"),
        (&["key", "make", "--name", "x", "-j", "atlantis"], "atlantis"),
        (&["key", "make", "--name", "x", "--scopes", "requests,moon"], "moon"),
        (&["key", "make", "--name", "x", "--per-minute", "0"], "from 1"),
    ] {
        let said = place.run(words);
        assert!(said.code == 2 && said.err.contains(word), "{words:?}: {said:?}");
    }
}

#[test]
fn a_city_opens_and_leaves_in_order() {
    let place = Place::with_city("shiraz");
    let serving = place.serve(&["serve"]);
    assert_eq!(serving.status("/livez"), 200);
    assert_eq!(serving.status("/readyz"), 200);
    let taken = serving.base.trim_start_matches("http://").to_owned();
    let second = place.run(&["serve", "--listen", &taken, "--metrics-listen", "off"]);
    assert!(second.code == 2 && second.err.contains(&taken), "{second:?}");
    assert_eq!(serving.leave(), Some(0));
    place.fine(&["check"]);
}

#[test]
fn help_says_what_to_do_first() {
    let help = run(&["--help"]);
    for word in ["demo", "serve", "city", "backup", "First steps"] {
        assert!(help.out.contains(word), "{word}");
    }
    assert_eq!(run(&["sing"]).code, 2);
}
