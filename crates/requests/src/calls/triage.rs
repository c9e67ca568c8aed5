//! How urgent something is, by questions with weights instead of a check box.
//!
//! Whoever asks "is it an emergency?" is told yes. So a service has questions that somebody at the telephone can
//! answer, each with a weight; the sum says how urgent it is, the same from every operator. A service of the pack
//! without questions of its own has the city's, when it promises something for emergencies.

use crate::Priority;
use crate::service::{Service, TriageQuestion};

/// The sum from which it is an emergency.
pub const EMERGENCY: i64 = 3;
/// The sum from which it is urgent.
pub const URGENT: i64 = 1;

/// How urgent a service is when these questions are answered with yes. Codes that the service does not ask weigh
/// nothing, and what a service makes no promise for it cannot be.
pub fn weigh<'c>(service: &Service, yes: impl IntoIterator<Item = &'c str>) -> Priority {
    let mut counted: Vec<&TriageQuestion> = Vec::new();
    for code in yes {
        let question = service.about.triage.iter().find(|question| question.code == code);
        counted.extend(question.filter(|q| counted.iter().all(|known| known.code != q.code)));
    }
    let sum: i64 = counted.iter().map(|question| question.weight).sum();
    let target = &service.about.target;
    match sum {
        EMERGENCY.. if target.emergency.is_some() => Priority::Emergency,
        URGENT.. if target.urgent.is_some() || target.emergency.is_some() => Priority::Urgent,
        _ => Priority::Normal,
    }
}

/// What is wrong with the questions of a service, if anything.
pub(crate) fn check(questions: &[TriageQuestion]) -> Result<(), String> {
    for (n, question) in questions.iter().enumerate() {
        if question.code.is_empty() || question.name.is_empty() {
            return Err("a triage question needs a code and a name".into());
        }
        if !(1..=EMERGENCY).contains(&question.weight) {
            return Err(format!("triage question {}: a weight is 1 to {EMERGENCY}", question.code));
        }
        if questions.iter().skip(n + 1).any(|other| other.code == question.code) {
            return Err(format!("triage question {} stands twice", question.code));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use calendar::Target;

    use super::*;
    use crate::service::{Both, Definition, Targets};

    fn service(target: Targets) -> Service {
        let question =
            |code: &str, weight| TriageQuestion { code: code.into(), name: Both::new("؟", "?"), weight };
        Service {
            id: 1,
            code: "tree".into(),
            group: 1,
            is_open: true,
            about: Definition {
                target,
                triage: vec![
                    question("hurt", 3),
                    question("blocked", 1),
                    question("worse", 1),
                    question("dark", 2),
                ],
                ..Definition::default()
            },
        }
    }

    #[test]
    fn the_sum_of_the_answers_says_how_urgent_it_is() {
        let hours = |h| Some(Target::hours(h));
        let all = service(Targets {
            normal: hours(12),
            urgent: hours(6),
            emergency: hours(2),
            ..Targets::default()
        });
        let check = |service: &Service, yes: &[&str], is| {
            assert_eq!(weigh(service, yes.iter().copied()), is, "{yes:?}");
        };
        check(&all, &[], Priority::Normal);
        check(&all, &["blocked"], Priority::Urgent);
        check(&all, &["blocked", "worse"], Priority::Urgent);
        check(&all, &["blocked", "dark"], Priority::Emergency);
        check(&all, &["hurt"], Priority::Emergency);
        check(&all, &["blocked", "blocked", "blocked"], Priority::Urgent);
        check(&all, &["not-asked", ""], Priority::Normal);
        let no_emergency = service(Targets { normal: hours(12), urgent: hours(6), ..Targets::default() });
        check(&no_emergency, &["hurt"], Priority::Urgent);
        let one_target = service(Targets { normal: hours(12), ..Targets::default() });
        check(&one_target, &["hurt"], Priority::Normal);
    }

    #[test]
    fn a_pack_with_a_crooked_question_is_refused() {
        let question =
            |code: &str, weight| TriageQuestion { code: code.into(), name: Both::new("؟", "?"), weight };
        assert!(super::check(&[question("a", 1), question("b", 3)]).is_ok());
        for crooked in [
            vec![question("a", 0)],
            vec![question("a", 4)],
            vec![question("", 1)],
            vec![question("a", 1), question("a", 2)],
        ] {
            assert!(super::check(&crooked).is_err());
        }
    }
}
