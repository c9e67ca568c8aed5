//! The first administrator, colleagues and their roles, and the table of rights.

use crate::peyvand::{Place, run, run_with_input, shown};

fn refused(place: &Place, words: &[&str], says: &str) {
    let said = place.run(words);
    assert!(said.code == 2 && said.err.contains(says), "{words:?}: {said:?}");
}

#[test]
fn people_come_and_go_from_the_command_line() {
    let place = Place::with_city("shiraz");
    let first =
        place.fine(&["user", "add", "K.Bahrami", "--name", "کیوان بهرامی", "--role", "administrator"]);
    let password = first.lines().last().unwrap().to_owned();
    assert!(password.len() == 19 && password.split('-').count() == 4, "{first}");
    let list = place.fine(&["user", "list"]);
    assert!(list.contains("k.bahrami\tfirst password\t-\tکیوان بهرامی"), "{list}");
    assert!(list.contains("administrator\tcity\tactive") && !list.contains(&password), "{list}");

    let again = place.fine(&["user", "password", "k.bahrami"]);
    assert_ne!(again.trim(), password);
    refused(&place, &["user", "suspend", "k.bahrami"], "last administrator");
    refused(&place, &["user", "add", "k.bahrami", "--name", "x", "--role", "operator"], "somebody else");
    refused(&place, &["user", "add", "s.rad", "--name", "x", "--role", "king"], "a role is one of");
    refused(&place, &["user", "add", "s.rad", "--name", "x", "--role", "unit-member"], "the place");
    refused(&place, &["user", "add", "سارا", "--name", "x", "--role", "operator"], "sign-in name");
    refused(&place, &["user", "password", "nobody"], "nobody");
    // Whoever knows the words of the shell finds no place for a password there.
    refused(&place, &["user", "password", "k.bahrami", "--password", "x"], "unexpected argument");

    let data = shown(&place.path("data"));
    let with = |password: &str| {
        let words =
            ["user", "add", "s.rad", "--name", "سارا راد", "--role", "operator", "--stdin", "--data", &data];
        run_with_input(&words, password.as_bytes())
    };
    for (weak, says) in
        [("short\n", "at least 8"), ("Shiraz1404\n", "first that anybody"), ("s.rad-137\n", "name")]
    {
        let said = with(weak);
        assert!(said.code == 2 && said.err.contains(says), "{weak}: {said:?}");
    }
    let said = with("nine purple elevators\n");
    assert!(said.code == 0 && !said.out.contains("elevators"), "{said:?}");

    place.fine(&["user", "role", "give", "s.rad", "--role", "inspector", "--district", "6"]);
    let list = place.fine(&["user", "list"]);
    let line = list.lines().find(|line| line.contains("inspector")).unwrap();
    assert!(line.contains("inspector\tdistrict 6\tactive"), "{line}");
    let id = line.trim().split('\t').next().unwrap();
    place.fine(&["user", "role", "suspend", "s.rad", id]);
    refused(&place, &["user", "role", "end", "k.bahrami", id], "no such");
    place.fine(&["user", "role", "restore", "s.rad", id]);
    place.fine(&["user", "role", "end", "s.rad", id]);
    refused(&place, &["user", "role", "restore", "s.rad", id], "could follow");
    place.fine(&["user", "suspend", "s.rad"]);
    assert!(place.fine(&["user", "list"]).contains("s.rad\tsuspended"));
    place.fine(&["user", "restore", "s.rad"]);
    assert_eq!(place.fine(&["user", "sessions", "s.rad"]), "");
    assert!(place.fine(&["user", "sessions", "s.rad", "--end-all"]).starts_with('0'));
    place.fine(&["user", "forget-second", "s.rad"]);
    place.fine(&["check"]);
}

#[test]
fn the_table_of_rights_needs_no_city() {
    let said = run(&["check", "permissions"]);
    assert_eq!(said.code, 0, "{said:?}");
    for word in ["| unit-manager ", "مدیر واحد", "| see-contact ", "| POST | /sign-in ", "# Pages"] {
        assert!(said.out.contains(word), "{word}");
    }
    assert!(run(&["check", "everything"]).code == 2);
}
