//! Files: what is read is what was written, and what is wrong is named with its line.

use crate::pabulib::{self, VoteType};
use crate::{Increase, Method, Rule, count};

const SMALL: &str = include_str!("files/quarter.pb");
const POINTS: &str = include_str!("files/points.pb");
const RANKED: &str = include_str!("files/ranked.pb");

fn read(text: &str) -> Result<pabulib::File, String> {
    pabulib::read(text.as_bytes()).map_err(|fault| fault.to_string())
}

#[test]
fn a_quarter_is_read_and_counted() {
    let file = read(SMALL).unwrap();
    assert_eq!((file.election.projects.len(), file.election.ballots.cast(), file.decimals), (5, 9, 1));
    assert_eq!((file.election.budget, file.election.projects[0].cost), (1_000_005, 400_000));
    assert_eq!(file.detail(1, "name"), Some("Trees; \"shade\""));
    assert_eq!(file.detail(0, "beneficiaries"), Some("children,seniors"));
    assert_eq!(file.selected(), Some(vec![1, 0, 3, 2, 0]));
    assert!(file.is_withdrawn(4) && !file.is_withdrawn(0));
    assert_eq!(
        (file.least_score(), file.unit(), file.caps()[1].members.as_slice()),
        (Some(2), 10, &[1, 2][..])
    );
    assert_eq!(file.caps()[0].limit, 500_000);
    let outcome = count(&file.election, &Rule { least_score: 2, ..Rule::of(Method::Greedy) }).unwrap();
    assert_eq!(outcome.ids(&file.election).collect::<Vec<_>>(), ["12", "7"]);
}

#[test]
fn points_and_ranks_are_read() {
    let file = read(POINTS).unwrap();
    assert_eq!((file.vote_type, file.election.scores()), (VoteType::Cumulative, vec![9, 7, 4]));
    assert_eq!(file.election.votes(), [2, 3, 1]);
    let file = read(RANKED).unwrap();
    assert_eq!((file.vote_type, file.election.scores()), (VoteType::Ordinal, vec![7, 4, 3]));
    for method in [Method::Greedy, Method::SharesByNumber, Method::SharesByCost] {
        let completion =
            crate::Completion { increase: Increase::UntilOverspent { step: 1 }, fill: true, compare: true };
        count(&file.election, &Rule { completion, ..Rule::of(method) }).unwrap();
    }
}

#[test]
fn what_is_written_is_read_again() {
    for text in [SMALL, POINTS, RANKED] {
        let file = read(text).unwrap();
        let mut once = Vec::new();
        pabulib::write(&file, &mut once).unwrap();
        let again = read(std::str::from_utf8(&once).unwrap()).unwrap();
        assert_eq!(
            (again.meta.len(), &again.columns, &again.details),
            (file.meta.len(), &file.columns, &file.details)
        );
        assert_eq!(again.election.projects, file.election.projects);
        assert_eq!(again.election.scores(), file.election.scores());
        assert_eq!(again.election.ballots.cast(), file.election.ballots.cast());
        let mut twice = Vec::new();
        pabulib::write(&again, &mut twice).unwrap();
        assert_eq!(once, twice);
    }
}

#[test]
fn one_person_has_one_vote() {
    let file = read(&SMALL.replacen("\n3;12,7", "\n3;12,7,12", 1)).unwrap();
    assert_eq!((file.repeated, file.election.votes()), (1, read(SMALL).unwrap().election.votes()));
    let file = read(&POINTS.replacen("b,c;2,4", "b,b,c;2,1,4", 1)).unwrap();
    assert_eq!((file.repeated, file.election.scores()), (1, vec![9, 8, 4]));
    let file = read(&RANKED.replacen("a,b", "a,b,a", 1)).unwrap();
    assert_eq!((file.repeated, file.election.scores()), (1, vec![7, 4, 3]));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_no_letters() {
    let text = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    assert_eq!(read(&text).unwrap().election.projects, read(SMALL).unwrap().election.projects);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let check = |from: &str, to: &str, fault: &str| {
        assert!(SMALL.contains(from), "{from}");
        let said = read(&SMALL.replacen(from, to, 1)).err().unwrap_or_else(|| panic!("{to} was taken"));
        assert!(said.contains(fault), "{said} instead of {fault}");
    };
    check("META", "SOMETHING", "line 1: a file begins with META");
    check("key;value", "name;value", "line 2: no column is called key");
    check("budget;100000,5", "budget;much", "line 9: the budget \"much\" is no amount");
    check("budget;100000,5", "budget;-1", "line 9: the budget \"-1\" is no amount");
    check("budget;100000,5", "budget;99999999999999999999", "is no amount");
    check("budget;100000,5", "budget;9000000000000000000", "line 23: is more than");
    check("vote_type;approval", "vote_type;shouting", "is no vote_type that we know");
    check("12;40000", "12;-40000", "line 17: project 12 has the negative cost");
    check("12;40000", "12;1e9", "line 17: the cost \"1e9\" is no amount");
    check("7;60000", "12;60000", "line 18: two projects are called 12");
    check("7;60000", ";60000", "line 18: \"\" cannot be the id");
    check("\"Trees; \"\"shade\"\"\"", "\"Trees", "a quoted field has no end");
    check("\n3;12,7", "\n3;12,99", "line 26: the ballot names \"99\", which is no project");
    check("num_votes;9", "num_votes;10", "num_votes is 10, but there are 9");
    check("num_projects;5", "num_projects;6", "num_projects is 6, but there are 5");
    check("children,seniors\";1", "children,seniors\";8", "line 17: selected is \"8\"");
    check("VOTES", "BALLOTS", "line 22");
    assert!(read("").unwrap_err().contains("the file ends before VOTES"));
    assert!(read(SMALL.split("VOTES").next().unwrap()).unwrap_err().contains("ends before VOTES"));
    assert!(read(&POINTS.replacen("5,3", "5", 1)).unwrap_err().contains("are no points"));
    assert!(read(&POINTS.replacen("5,3", "5,3,1", 1)).unwrap_err().contains("more points than projects"));
    assert!(read(&POINTS.replacen("5,3", "5,-3", 1)).unwrap_err().contains("are no points"));
    let latin = [&b"META\nkey;value\ncity;\xff"[..], b"\n"].concat();
    assert_eq!(pabulib::read(latin.as_slice()).unwrap_err().to_string(), "line 3: is not UTF-8");
}

#[test]
fn a_line_without_end_is_not_read_to_its_end() {
    struct Endless;
    impl std::io::Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            into.fill(b'x');
            Ok(into.len())
        }
    }
    let fault = pabulib::read(std::io::BufReader::new(Endless)).unwrap_err();
    assert_eq!(fault.line, 1);
}

#[test]
fn nothing_that_can_be_typed_panics() {
    let mut random = fastrand::Rng::with_seed(2);
    for _ in 0..3_000 {
        let mut bytes = [SMALL, POINTS, RANKED][random.usize(0..3)].as_bytes().to_vec();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(0..bytes.len());
            match random.u8(0..3) {
                0 => bytes[at] = b"0;,\"-9\n\xff1"[random.usize(0..9)],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"0;,\"-9\n.1"[random.usize(0..9)]),
            }
        }
        if let Ok(file) = pabulib::read(bytes.as_slice()) {
            for method in [Method::Greedy, Method::SharesByCost] {
                let _ = count(&file.election, &Rule::of(method));
            }
        }
    }
}
