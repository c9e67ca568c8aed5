//! File, then environment, then flags; and no silent slips.

use crate::peyvand::{Place, Said, command};

fn settings(place: &Place, environment: &[(&str, &str)], words: &[&str]) -> Said {
    let mut command = command();
    command
        .envs(environment.iter().copied())
        .arg("settings")
        .arg("--data")
        .arg(place.path("data"))
        .args(words);
    command.output().unwrap().into()
}

#[test]
fn a_flag_counts_more_than_the_environment_and_that_more_than_the_file() {
    let place = Place::new();
    let none = settings(&place, &[], &[]).out;
    assert!(none.contains("listen = \"127.0.0.1:8137\" # default"), "{none}");
    place.write(
        "data/peyvand.toml",
        "listen = \"127.0.0.1:1\"\nrate_limits = false\ntrusted_proxies = [\"10.0.0.0/8\"]\n",
    );
    let file = settings(&place, &[], &[]).out;
    assert!(file.contains("listen = \"127.0.0.1:1\" # file"), "{file}");
    assert!(file.contains("rate_limits = \"off\" # file"), "{file}");
    let environment = settings(&place, &[("PEYVAND_LISTEN", "127.0.0.1:2")], &[]).out;
    assert!(environment.contains("listen = \"127.0.0.1:2\" # environment"), "{environment}");
    let flag = settings(&place, &[("PEYVAND_LISTEN", "127.0.0.1:2")], &["--listen", "127.0.0.1:3"]).out;
    assert!(flag.contains("listen = \"127.0.0.1:3\" # command line"), "{flag}");
    assert!(flag.contains("trusted_proxies = \"10.0.0.0/8\" # file"), "{flag}");
}

#[test]
fn a_password_is_masked() {
    let place = Place::new();
    let said = settings(&place, &[("PEYVAND_DATABASE", "postgres://city:secret@localhost/line")], &[]);
    assert!(said.out.contains("postgres://city:***@localhost/line"), "{said:?}");
    assert!(!format!("{said:?}").contains("secret"));
}

#[test]
fn a_misspelt_setting_is_refused_with_its_line() {
    let place = Place::new();
    for (text, expected) in [
        ("listen = \"127.0.0.1:1\"\n\nrate_limit = false\n", "line 3"),
        ("listen = \n", "line 1"),
        ("connections = \"many\"\n", "line 1"),
    ] {
        place.write("data/peyvand.toml", text);
        let said = settings(&place, &[], &[]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(expected) && said.err.contains("peyvand.toml"), "{said:?}");
    }
    place.write("data/peyvand.toml", "");
    for (flags, word) in [
        (["--rate-limits", "perhaps"], "on or off"),
        (["--trusted-proxies", "10.0.0.0/99"], "10.0.0.0/99"),
        (["--database", "mysql://x"], "sqlite:PATH"),
        (["--public-url", "example.ir"], "https://"),
        (["--log-format", "xml"], "text or json"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
    ] {
        let said = settings(&place, &[], &flags);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(word), "{said:?}");
    }
    let said = settings(&place, &[("PEYVAND_LISTNE", "x")], &[]);
    assert!(said.code == 0 && said.err.contains("PEYVAND_LISTNE"), "{said:?}");
}
