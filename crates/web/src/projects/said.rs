//! Rounds, projects, money and phases in words.

use calendar::{Timestamp, words as dates};
use language::{Lang, digits};
use projects::{Phase, Pot, Project, Round, Rules, Stage, State};
use territory::Atlas;
use words::Words;

use crate::requests::divisions;

/// Money as people say it, in toman; it is kept in rial.
pub fn money(w: Words, rial: i64) -> String {
    let toman = rial / 10;
    let part = |unit: i64| {
        let value = toman as f64 / unit as f64;
        // A nought behind the sign says nothing.
        let tenths = (value * 10.0).round() as i64;
        let whole = tenths % 10 == 0 || value >= 100.0;
        digits::decimal(value, usize::from(!whole), w.lang())
    };
    if toman >= 1_000_000_000 {
        w.projects_money_billion_plain(&part(1_000_000_000))
    } else if toman >= 1_000_000 {
        w.projects_money_million_plain(&part(1_000_000))
    } else {
        w.projects_money_plain(&digits::grouped(toman, w.lang()))
    }
}

/// What was typed as millions of toman, in rial.
pub fn typed_money(typed: &str) -> Option<i64> {
    let text = digits::to_ascii(typed).replace([',', '٬', '،', ' '], "").replace('٫', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole: i64 = whole.parse().ok()?;
    if part.len() > 6 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    whole.checked_mul(10_000_000)?.checked_add(part * 10)
}

/// Rial as millions of toman, for a field.
pub fn money_field(rial: i64, lang: Lang) -> String {
    if rial % 10_000_000 == 0 {
        digits::plain(rial / 10_000_000, lang)
    } else {
        digits::decimal(rial as f64 / 10_000_000.0, 6, lang)
    }
}

pub fn phase(w: Words, phase: Phase) -> &'static str {
    w.by_key(&format!("projects-phase-{}", phase.code())).unwrap_or("")
}

/// What one can do in a phase, or what happens in it.
pub fn phase_does(w: Words, phase: Phase) -> &'static str {
    w.by_key(&format!("projects-phase-{}-does", phase.code())).unwrap_or("")
}

pub fn stage(w: Words, stage: Stage) -> &'static str {
    match stage {
        Stage::Ahead => w.projects_stage_ahead(),
        Stage::In(one) => phase(w, one),
        Stage::Over => w.projects_stage_over(),
    }
}

pub fn state(w: Words, state: State) -> &'static str {
    match state {
        State::Draft => w.projects_state_draft(),
        State::Published => w.projects_state_published(),
        State::Withdrawn => w.projects_state_withdrawn(),
        State::Won => w.projects_state_won(),
        State::Lost => w.projects_state_lost(),
    }
}

/// The name of a pot; a part of the city by its name of the map when it has none of its own.
pub fn pot(pot: &Pot, atlas: &Atlas, w: Words) -> String {
    if !pot.name.is_empty() {
        return digits::shown(pot.name.get(w.lang()), w.lang());
    }
    match pot.division.and_then(|id| atlas.division(id)) {
        Some(division) => {
            let place = atlas.place_of(division.id);
            divisions(atlas, place.district, place.neighbourhood, w.lang())
        }
        None => w.projects_whole_city().into(),
    }
}

/// One knot of the thread of a round.
pub struct Knot {
    pub name: &'static str,
    pub does: &'static str,
    pub when: String,
    pub is_now: bool,
    pub is_ahead: bool,
}

/// The phases of a round on the thread.
pub fn thread(round: &Round, w: Words, zone: &calendar::Zone, now: Timestamp) -> Vec<Knot> {
    let stage = round.stage(now);
    let begins = round.times.begins.iter();
    begins
        .map(|(phase, at)| {
            let ends = round.times.ends_of(*phase).unwrap_or(*at);
            // The last day is the one before the next phase begins.
            let last = ends.plus_millis(-1);
            let day = |at: Timestamp| dates::short_date(w.lang(), at.day(zone));
            Knot {
                name: self::phase(w, *phase),
                does: phase_does(w, *phase),
                when: w.projects_from_to(&day(*at), &day(last)),
                is_now: stage == Stage::In(*phase),
                is_ahead: *at > now,
            }
        })
        .collect()
}

/// How the rules of a round read.
pub fn rules(w: Words, rules: &Rules) -> Vec<String> {
    use projects::{BallotKind, HomeRule, IdentityRule};
    let n = |number: i64| digits::grouped(number, w.lang());
    let mut said = vec![match rules.ballot.kind {
        BallotKind::Approval => w.projects_rule_approval(&n(rules.ballot.most)),
        BallotKind::Knapsack => w.projects_rule_knapsack().into(),
        BallotKind::Points => w.projects_rule_points(&n(rules.ballot.most), &n(rules.ballot.points)),
        BallotKind::Ranked => w.projects_rule_ranked(&n(rules.ballot.most)),
    }];
    if rules.ballot.least > 1 {
        said.push(w.projects_rule_least(&n(rules.ballot.least)));
    }
    said.push(match rules.identity {
        IdentityRule::Mobile => w.projects_rule_mobile().into(),
        IdentityRule::Registry => w.projects_rule_registry().into(),
    });
    said.push(match rules.home {
        HomeRule::None => w.projects_rule_home_none().into(),
        HomeRule::Chosen => w.projects_rule_home_chosen().into(),
        HomeRule::Proven => w.projects_rule_home_proven().into(),
    });
    if rules.least_age > 0 {
        said.push(w.projects_rule_age(&n(rules.least_age)));
    }
    if rules.minimum_support > 0 {
        said.push(w.projects_rule_support(&n(rules.minimum_support)));
    }
    said.push(allocation(w, rules).into());
    said
}

/// How votes become winners, in a sentence.
pub fn allocation(w: Words, rules: &Rules) -> &'static str {
    w.by_key(&format!("projects-allocation-{}", rules.allocation.rule))
        .unwrap_or(w.projects_allocation_other())
}

/// A project in a list.
pub struct Card {
    pub path: String,
    pub number: String,
    pub plain_number: i64,
    pub title: String,
    pub place: String,
    pub topic: String,
    pub icon: String,
    pub cost: String,
    pub state: &'static str,
    pub mark: &'static str,
    pub votes: Option<String>,
}

impl Card {
    /// The code at the end of its address.
    pub fn code(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }
}

pub fn card(project: &Project, round: &Round, atlas: &Atlas, w: Words) -> Card {
    let lang = w.lang();
    let topic = round.rules.topic(&project.topic);
    let place = divisions(atlas, project.district, project.neighbourhood, lang);
    Card {
        path: format!("/projects/{}", project.code),
        number: digits::plain(project.number, lang),
        plain_number: project.number,
        title: digits::shown(project.title.get(lang), lang),
        place: if place.is_empty() { w.projects_whole_city().into() } else { place },
        topic: topic.map_or(String::new(), |topic| topic.name.get(lang).to_owned()),
        icon: topic.map(|topic| topic.icon.clone()).filter(|icon| !icon.is_empty()).unwrap_or("other".into()),
        cost: money(w, project.cost),
        state: state(w, project.state),
        mark: mark(project.state),
        votes: project.votes.map(|votes| w.projects_votes_plain(&digits::grouped(votes, lang))),
    }
}

/// The shape and colour of a state.
pub fn mark(state: State) -> &'static str {
    match state {
        State::Draft => "received",
        State::Published => "assigned",
        State::Withdrawn => "cancelled",
        State::Won => "answered",
        State::Lost => "declined",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_typed_in_millions_and_said_in_words() {
        for (typed, rial) in
            [("۱۲", 120_000_000), ("1,200", 12_000_000_000), ("۲٫۵", 25_000_000), ("0.000001", 10)]
        {
            assert_eq!(typed_money(typed), Some(rial), "{typed}");
        }
        for wrong in ["", "x", "1.2345678", "99999999999999999999", "-"] {
            assert_eq!(typed_money(wrong), None, "{wrong}");
        }
        assert_eq!(money(Words(Lang::En), 25_000_000_000), "2.5 billion toman");
        assert_eq!(money(Words(Lang::Fa), 120_000_000), "۱۲ میلیون تومان");
        assert_eq!(money(Words(Lang::En), 5_000_000), "500,000 toman");
    }
}
