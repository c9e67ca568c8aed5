//! The form of a round: read from what was typed, and filled in from what is.

use calendar::{Day, TimeOfDay, Timestamp, Zone, words as dates};
use door::Form;
use language::{Lang, digits};
use projects::rounds::{Draft, NewPot};
use projects::rules::{AllocationRule, BallotRule};
use projects::{BallotKind, HomeRule, IdentityRule, Phase, Round, Rules, Timetable, Topic};
use requests::service::Both;
use territory::{Atlas, Level};
use words::Words;

use super::fields::Field;
use super::said;
use crate::wrong::Wrongs;

/// What was typed, by the name of its field.
#[derive(Clone, Default)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    pub fn of(form: &Form) -> Typed {
        Typed(form.pairs().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect())
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str, usual: i64) -> i64 {
        match self.text(name) {
            "" => usual,
            typed => digits::parse_i64(typed).unwrap_or(-1),
        }
    }

    /// The form of a round as it is.
    pub fn from(draft: &Draft, lang: Lang, zone: &Zone, atlas: &Atlas) -> Typed {
        let n = |number: i64| digits::plain(number, lang);
        let rules = &draft.rules;
        let mut all = vec![
            ("code", draft.code.clone()),
            ("name_fa", draft.name.fa.clone()),
            ("name_en", draft.name.en.clone()),
            ("about_fa", draft.about.fa.clone()),
            ("about_en", draft.about.en.clone()),
            ("is_public", if draft.is_public { "yes".into() } else { String::new() }),
            ("kind", rules.ballot.kind.code().into()),
            ("most", n(rules.ballot.most)),
            ("least", n(rules.ballot.least)),
            ("points", n(rules.ballot.points)),
            ("identity", rules.identity.code().into()),
            ("home_rule", rules.home.code().into()),
            ("least_age", n(rules.least_age)),
            ("most_of_phone", n(rules.most_of_phone)),
            ("minimum_support", n(rules.minimum_support)),
            ("supporters", n(rules.supporters)),
            ("allocation", rules.allocation.rule.clone()),
            ("completion", rules.allocation.completion.clone()),
            ("topics", rules.topics.iter().map(written_topic).collect::<Vec<_>>().join("\n")),
            (
                "pots",
                draft.pots.iter().map(|pot| written_pot(pot, atlas, lang)).collect::<Vec<_>>().join("\n"),
            ),
            ("ends", written_time(draft.times.ends_at, lang, zone)),
        ];
        for (phase, at) in &draft.times.begins {
            all.push((phase_field(*phase), written_time(*at, lang, zone)));
        }
        Typed(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// What it says; a date that is none is a mistake of its own.
    pub fn draft(&self, zone: &Zone, atlas: &Atlas) -> Result<Draft, &'static str> {
        let mut begins = Vec::new();
        for phase in Phase::ALL {
            let typed = self.text(phase_field(*phase));
            if !typed.is_empty() {
                begins.push((*phase, time(typed, zone).ok_or("dates-order")?));
            }
        }
        let ends_at = match self.text("ends") {
            "" => begins.last().map_or(Timestamp(0), |(_, at)| at.plus_millis(365 * 86_400_000)),
            typed => time(typed, zone).ok_or("dates-order")?,
        };
        let both = |fa: &str, en: &str| Both::new(self.text(fa), self.text(en));
        Ok(Draft {
            code: self.text("code").to_owned(),
            name: both("name_fa", "name_en"),
            about: both("about_fa", "about_en"),
            rules: Rules {
                ballot: BallotRule {
                    kind: BallotKind::parse(self.text("kind")).unwrap_or(BallotKind::Approval),
                    least: self.number("least", 1),
                    most: self.number("most", 5),
                    points: self.number("points", 10),
                },
                identity: IdentityRule::parse(self.text("identity")).unwrap_or(IdentityRule::Mobile),
                home: HomeRule::parse(self.text("home_rule")).unwrap_or(HomeRule::Chosen),
                least_age: self.number("least_age", 0),
                most_of_phone: self.number("most_of_phone", 4),
                minimum_support: self.number("minimum_support", 0),
                supporters: self.number("supporters", 0),
                allocation: AllocationRule {
                    rule: self.text("allocation").to_owned(),
                    completion: self.text("completion").to_owned(),
                    ..AllocationRule::default()
                },
                topics: lines(self.text("topics")).map(read_topic).collect(),
            },
            times: Timetable { begins, ends_at },
            pots: lines(self.text("pots")).map(|line| read_pot(line, atlas)).collect(),
            is_public: self.text("is_public") == "yes",
            reason: self.text("reason").to_owned(),
        })
    }

    pub fn fields(&self, w: Words, wrong: &Wrongs, has_begun: bool) -> Vec<(&'static str, Vec<Field>)> {
        let line = |id: &'static str, label: &'static str| Field::line(id, label, self.text(id), wrong);
        let area = |id: &'static str, label: &'static str| Field::area(id, label, self.text(id), wrong);
        let choice = |id: &'static str, label: &'static str, options: Vec<(&str, &'static str)>| {
            let options = options.into_iter().map(|(value, name)| (value.to_owned(), name.to_owned()));
            Field::choice(id, label, self.text(id), wrong, options)
        };
        let about = vec![
            line("code", w.projects_field_code()).ltr().hint(w.projects_field_code_hint()),
            line("name_fa", w.projects_field_name_fa()),
            line("name_en", w.projects_field_name_en()).ltr(),
            area("about_fa", w.projects_field_about_fa()).optional(),
            area("about_en", w.projects_field_about_en()).ltr().optional(),
            Field::tick("is_public", w.projects_field_public(), self.text("is_public") == "yes"),
        ];
        let mut dates: Vec<Field> = Phase::ALL
            .iter()
            .map(|phase| line(phase_field(*phase), said::phase(w, *phase)).ltr().optional())
            .collect();
        dates.push(line("ends", w.projects_field_ends()).ltr());
        if has_begun {
            dates.push(
                line("reason", w.projects_field_reason()).hint(w.projects_field_reason_hint()).optional(),
            );
        }
        let rules = vec![
            choice(
                "kind",
                w.projects_field_kind(),
                vec![
                    ("approval", w.projects_kind_approval()),
                    ("knapsack", w.projects_kind_knapsack()),
                    ("points", w.projects_kind_points()),
                    ("ranked", w.projects_kind_ranked()),
                ],
            ),
            line("most", w.projects_field_most()).ltr(),
            line("least", w.projects_field_least()).ltr(),
            line("points", w.projects_field_points()).ltr(),
            choice(
                "identity",
                w.projects_field_identity(),
                vec![("mobile", w.projects_identity_mobile()), ("registry", w.projects_identity_registry())],
            ),
            line("least_age", w.projects_field_least_age()).ltr(),
            line("most_of_phone", w.projects_field_most_of_phone()).ltr(),
            choice(
                "home_rule",
                w.projects_field_home(),
                vec![
                    ("chosen", w.projects_home_chosen()),
                    ("proven", w.projects_home_proven()),
                    ("none", w.projects_home_none()),
                ],
            ),
            line("minimum_support", w.projects_field_minimum_support()).ltr(),
            line("supporters", w.projects_field_supporters()).ltr(),
            choice(
                "allocation",
                w.projects_field_allocation(),
                vec![
                    ("mes", w.projects_allocation_mes()),
                    ("greedy", w.projects_allocation_greedy()),
                    ("greedy-no-skip", w.projects_allocation_greedy_no_skip()),
                    ("phragmen", w.projects_allocation_phragmen()),
                ],
            ),
            choice(
                "completion",
                w.projects_field_completion(),
                vec![
                    ("add1", w.projects_completion_add1()),
                    ("add1-exhaustive", w.projects_completion_add1_exhaustive()),
                    ("greedy", w.projects_completion_greedy()),
                    ("none", w.projects_completion_none()),
                ],
            ),
        ];
        let lists = vec![
            area("pots", w.projects_pots()).hint(w.projects_field_pots_hint()),
            area("topics", w.projects_field_topics()).hint(w.projects_field_topics_hint()),
        ];
        vec![
            (w.projects_part_about(), about),
            (w.projects_part_dates(), dates),
            (w.projects_rules(), rules),
            (w.projects_part_lists(), lists),
        ]
    }
}

/// A round as a draft of itself.
pub fn draft_of(round: &Round) -> Draft {
    Draft {
        code: round.code.clone(),
        name: round.name.clone(),
        about: round.about.clone(),
        rules: round.rules.clone(),
        times: round.times.clone(),
        pots: round
            .pots
            .iter()
            .map(|pot| NewPot {
                number: pot.number,
                name: pot.name.clone(),
                division: pot.division,
                budget: pot.budget,
            })
            .collect(),
        is_public: round.is_public,
        reason: String::new(),
    }
}

fn phase_field(phase: Phase) -> &'static str {
    match phase {
        Phase::Collect => "phase-collect",
        Phase::Discuss => "phase-discuss",
        Phase::Feasibility => "phase-feasibility",
        Phase::Pricing => "phase-pricing",
        Phase::Publication => "phase-publication",
        Phase::Voting => "phase-voting",
        Phase::Tally => "phase-tally",
        Phase::Objection => "phase-objection",
        Phase::Execution => "phase-execution",
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A day, or a day and a time: `1405/08/23 18:00`.
fn time(typed: &str, zone: &Zone) -> Option<Timestamp> {
    let ascii = digits::to_ascii(typed);
    let mut parts = ascii.split_whitespace();
    let day = Day::parse(parts.next()?).ok()?;
    let minute = match parts.next() {
        Some(time) => time.parse::<TimeOfDay>().ok()?.minute(),
        None => 0,
    };
    Some(zone.at(day, minute))
}

fn written_time(at: Timestamp, lang: Lang, zone: &Zone) -> String {
    let minute = at.minute_of_day(zone);
    let day = dates::numeric_date(lang, at.day(zone));
    match TimeOfDay::at_minute(minute).filter(|_| minute > 0) {
        Some(time) => format!("{day} {}", digits::shown(&time.to_string(), lang)),
        None => day,
    }
}

/// `parks | پارک | Parks | tree`
fn read_topic(line: &str) -> Topic {
    let mut parts = line.split('|').map(str::trim);
    let mut next = || parts.next().unwrap_or("").to_owned();
    let (code, fa, en, icon) = (next(), next(), next(), next());
    Topic { code, name: Both::new(fa, en), icon }
}

fn written_topic(topic: &Topic) -> String {
    format!("{} | {} | {} | {}", topic.code, topic.name.fa, topic.name.en, topic.icon)
}

/// `1 | neighbourhood 0601 | 2500 | نام | Name`: number, part of the city, millions of toman, a name of its own. The
/// whole city is `city`. What cannot be read is a pot that the verb refuses.
fn read_pot(line: &str, atlas: &Atlas) -> NewPot {
    let mut parts = line.split('|').map(str::trim);
    let mut next = || parts.next().unwrap_or("");
    let number = digits::parse_i64(next()).unwrap_or(-1);
    let place = digits::to_ascii(next());
    let budget = said::typed_money(next()).unwrap_or(-1);
    let name = Both::new(next(), next());
    let mut words = place.split_whitespace();
    let level = words.next().and_then(Level::parse);
    let code = words.next().unwrap_or("");
    let division = level.and_then(|level| atlas.by_code(level, code)).map(|division| division.id);
    NewPot { number, name, division, budget }
}

fn written_pot(pot: &NewPot, atlas: &Atlas, lang: Lang) -> String {
    let place = match pot.division.and_then(|id| atlas.division(id)) {
        Some(division) => format!("{} {}", division.level.code(), division.code),
        None => "city".into(),
    };
    let budget = said::money_field(pot.budget, lang);
    let line = format!("{} | {place} | {budget}", digits::plain(pot.number, lang));
    if pot.name.is_empty() { line } else { format!("{line} | {} | {}", pot.name.fa, pot.name.en) }
}
