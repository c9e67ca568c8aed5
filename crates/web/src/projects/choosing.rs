//! What is ticked, pointed or ranked on a ballot: read from the form, and drawn again as it was.

use std::collections::BTreeMap;

use door::Form;
use language::digits;
use projects::ballots::Choice;
use projects::{BallotKind, Round};

/// What somebody put on a ballot, by number; what was typed stays as it was typed.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Chosen(pub BTreeMap<i64, String>);

impl Chosen {
    /// `choice=12` for what is ticked, `weight-12=5` for points and places.
    pub fn of(form: &Form, kind: BallotKind) -> Chosen {
        let mut chosen = BTreeMap::new();
        match kind {
            BallotKind::Approval | BallotKind::Knapsack => {
                for number in form.all("choice").filter_map(|number| number.parse().ok()) {
                    chosen.insert(number, "1".to_owned());
                }
            }
            BallotKind::Points | BallotKind::Ranked => {
                for (name, value) in form.pairs() {
                    let number = name.strip_prefix("weight-").and_then(|number| number.parse().ok());
                    if let (Some(number), false) = (number, value.trim().is_empty()) {
                        chosen.insert(number, value.trim().to_owned());
                    }
                }
            }
        }
        Chosen(chosen)
    }

    /// As the city reads it; what is no number is nothing that could be meant.
    pub fn choices(&self) -> Vec<Choice> {
        let weight = |typed: &str| digits::parse_i64(typed).unwrap_or(-1);
        // A zero is how people write "none".
        let choices = self.0.iter().map(|(number, typed)| Choice { number: *number, weight: weight(typed) });
        choices.filter(|choice| choice.weight != 0).collect()
    }

    pub fn has(&self, number: &i64) -> bool {
        self.0.contains_key(number)
    }

    pub fn typed(&self, number: &i64) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }

    /// Names and values of hidden fields that say the same.
    pub fn hidden(&self, round: &Round) -> Vec<(String, String)> {
        let ticked = matches!(round.rules.ballot.kind, BallotKind::Approval | BallotKind::Knapsack);
        let pair = |(number, typed): (&i64, &String)| {
            if ticked {
                ("choice".to_owned(), number.to_string())
            } else {
                (format!("weight-{number}"), typed.clone())
            }
        };
        self.0.iter().map(pair).collect()
    }
}
