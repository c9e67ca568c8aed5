//! An example round: for tests, previews of pages and the demo city.

use calendar::Timestamp;
use requests::service::Both;

use crate::phases::{Phase, Timetable};
use crate::rounds::{Draft, NewPot};
use crate::rules::{Rules, Topic};

const DAY: i64 = 86_400_000;

/// The topics that recur in the rounds of large cities.
pub fn topics() -> Vec<Topic> {
    let topic = |code: &str, fa: &str, en: &str, icon: &str| Topic {
        code: code.into(),
        name: Both::new(fa, en),
        icon: icon.into(),
    };
    vec![
        topic("civil-works", "عمران", "Civil works", "road"),
        topic("urban-services", "خدمات شهری", "Urban services", "waste"),
        topic("transport", "حمل‌ونقل و ترافیک", "Transport and traffic", "traffic"),
        topic("culture-sports", "فرهنگ و ورزش", "Culture and sports", "people"),
        topic("environment", "محیط زیست", "Environment", "tree"),
        topic("planning", "شهرسازی", "Urban planning", "building"),
        topic("social", "امور اجتماعی", "Social affairs", "person"),
    ]
}

/// Phases laid out so that `phase` began a week before `now`. Each lasts three weeks.
pub fn times(phase: Phase, now: Timestamp) -> Timetable {
    // Whole hours, as people set them.
    let now = Timestamp(now.0 - now.0.rem_euclid(3_600_000));
    let place = |of: Phase| Phase::ALL.iter().position(|p| *p == of).unwrap_or(0) as i64;
    let begins = Phase::ALL
        .iter()
        .map(|of| (*of, now.plus_millis(-7 * DAY + (place(*of) - place(phase)) * 21 * DAY)))
        .collect();
    let ends_at = now.plus_millis(-7 * DAY + (place(Phase::Execution) - place(phase)) * 21 * DAY + 700 * DAY);
    Timetable { begins, ends_at }
}

/// A public round at a phase, with a pot for each of these parts of the city and one of its own.
pub fn draft(code: &str, phase: Phase, now: Timestamp, parts: &[(i64, Both, i64)]) -> Draft {
    let mut pots = vec![NewPot {
        number: 0,
        name: Both::new("سراسر شهر", "The whole city"),
        division: None,
        budget: 2_000_000_000_000,
    }];
    pots.extend(parts.iter().zip(1..).map(|((division, name, budget), number)| NewPot {
        number,
        name: name.clone(),
        division: Some(*division),
        budget: *budget,
    }));
    Draft {
        code: code.into(),
        name: Both::new("من شهردارم", "I am the mayor"),
        about: Both::new(
            "شما ایده می‌دهید، کارشناسان می‌سنجند، همه رأی می‌دهند و برنده‌ها در بودجهٔ سال آینده می‌آیند.",
            "You bring ideas, experts weigh them, everybody votes, and the winners go into next year’s budget.",
        ),
        rules: Rules { topics: topics(), ..Rules::default() },
        times: times(phase, now),
        pots,
        is_public: true,
        reason: String::new(),
    }
}
