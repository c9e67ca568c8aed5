//! A day's plan from a file.

use crate::peyvand::run;

const SOLOMON: &str = "TINY\n\nVEHICLE\nNUMBER     CAPACITY\n  2         10\n\nCUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME
    0      0         0          0          0        100          0
    1      3         4          5          0        100         10
    2      6         8          5          0        100         10
    3      0         2         10          0         50         10\n";

fn file(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn a_benchmark_file_is_planned_and_the_same_seed_says_the_same() {
    let (_folder, path) = file("tiny.txt", SOLOMON);
    let ask = ["plan", &path, "--seconds", "0.2", "--seed", "3"];
    let said = run(&ask);
    assert_eq!(said.code, 0, "{}", said.err);
    // There and back twice: ten out on one way, two out on the other.
    assert!(said.out.starts_with("cost 24.0\ntravel 24.0, vehicles 2"), "{}", said.out);
    let document = run(&["plan", &path, "--seconds", "0.2", "--json"]).out;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["cost"], 24.0);
    assert_eq!(document["routes"].as_array().unwrap().len(), 2);
}

#[test]
fn what_a_fleet_cannot_serve_is_refused() {
    let (_folder, path) = file("tight.txt", &SOLOMON.replace("  2         10", "  1         10"));
    let said = run(&["plan", &path, "--seconds", "0.2"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("customers cannot be served"), "{}", said.err);
}

#[test]
fn a_file_that_is_no_plan_is_refused_with_its_line() {
    for (text, reason) in [
        ("", "no number and capacity"),
        ("VEHICLE\n 2 10\n 0 1 2\n", "line 3: a customer has seven numbers"),
        ("VEHICLE\n 2 10\n 0 0 0 0 9 1 0\n", "impossible numbers"),
        ("{\"jobs\": []}", "missing field"),
        (
            r#"{"jobs":[{"id":1,"place":7}],"crews":[],"travel":{"size":1,"time":[0]}}"#,
            "place 7, which is not in the matrix",
        ),
    ] {
        let (_folder, path) = file("odd", text);
        let said = run(&["plan", &path, "--seconds", "0.1"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{text}");
        assert!(said.err.contains(reason), "{text}: {}", said.err);
    }
}
