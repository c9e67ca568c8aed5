//! A crisis from its first hour to its end: who is called, who refuses, who helps, what waits, who is cut off.

use people::Role;
use requests::service::Both;
use requests::storm;

use super::*;
use crate::crisis::{self, Answer, Call, Crisis, Helpers, Rules};
use crate::shifts::ShiftState;
use crate::{CrewStatus, Urgency};

fn supervisor(city: &City, minutes: i64) -> Act {
    city.staff(Role::Supervisor, None, minutes)
}

fn begin(city: &City, district: Option<i64>, rules: Option<Rules>) -> Result<Crisis, DispatchError> {
    let act = supervisor(city, 0);
    city.write(move |tx, j| crisis::begin(tx, &act, j, district, rules.clone()))
}

fn call_all(city: &City, of: &Crisis) -> usize {
    let (act, id, seen) = (supervisor(city, 1), of.id, Seen(of.version));
    city.write(move |tx, j| crisis::call_all(tx, &act, j, id, seen)).unwrap()
}

fn calls(city: &City, of: &Crisis) -> Vec<Call> {
    let (j, id) = (city.jurisdiction, of.id);
    city.db.read_blocking(move |tx| crisis::calls(tx, j, id)).unwrap()
}

fn call_of(city: &City, of: &Crisis, crew: CrewId) -> Call {
    calls(city, of).into_iter().find(|call| call.crew == crew).unwrap()
}

fn say(
    city: &City,
    of: &Crisis,
    crew: CrewId,
    answer: Answer,
    reason: &'static str,
) -> Result<Call, DispatchError> {
    let (act, id, seen) = (city.dispatcher(2), of.id, Seen(call_of(city, of, crew).version));
    city.write(move |tx, j| crisis::answer(tx, &act, j, id, crew, answer, reason, seen))
}

fn end(city: &City, of: &Crisis) -> Result<Crisis, DispatchError> {
    let (act, id, seen) = (supervisor(city, 300), of.id, Seen(of.version));
    city.write(move |tx, j| crisis::end(tx, &act, j, id, seen))
}

fn shifts_of(city: &City, crew: CrewId) -> Vec<shifts::Shift> {
    let j = city.jurisdiction;
    city.db.read_blocking(move |tx| shifts::of_crew(tx, j, crew, at(-600))).unwrap()
}

#[test]
fn everybody_off_duty_is_called_once_and_a_refusal_is_written_down() {
    in_the_city(|city| {
        let (at_home, other, at_work) = (city.crew("a1"), city.crew("a2"), city.working("a3"));
        let lasting = begin(&city, None, None).unwrap();
        assert_eq!(call_all(&city, &lasting), 2, "{}", city.engine);
        assert_eq!(call_all(&city, &lasting), 0, "nobody is called twice");
        let all = calls(&city, &lasting);
        assert!(all.iter().all(|call| call.answer == Answer::Called && call.crew != at_work.id));
        let made = &shifts_of(&city, at_home.id)[0];
        assert_eq!((made.starts_at, made.ends_at, made.state), (at(1), at(1 + 12 * 60), ShiftState::Planned));
        assert!(made.rest.is_some());

        assert_eq!(refused(say(&city, &lasting, other.id, Answer::Refused, " ")), "crisis-reason-missing");
        let said = say(&city, &lasting, other.id, Answer::Refused, "دو نفر بیمارند").unwrap();
        assert_eq!(
            (said.answer, said.reason.as_str(), said.shift),
            (Answer::Refused, "دو نفر بیمارند", None)
        );
        assert_eq!(shifts_of(&city, other.id)[0].state, ShiftState::Cancelled);
        // They come after all.
        let said = say(&city, &lasting, other.id, Answer::Coming, "").unwrap();
        assert!(said.shift.is_some() && said.reason.is_empty());
        assert_eq!(say(&city, &lasting, at_home.id, Answer::Coming, "").unwrap().answer, Answer::Coming);
        let (act, id) = (city.dispatcher(3), at_home.id);
        city.write(move |tx, j| shifts::begin(tx, &act, j, id, false)).unwrap();

        let over = end(&city, &lasting).unwrap();
        assert!(!over.is_begun());
        assert_eq!(shifts_of(&city, at_home.id)[0].state, ShiftState::Begun, "who came goes on");
        let states: Vec<ShiftState> = shifts_of(&city, other.id).iter().map(|shift| shift.state).collect();
        assert_eq!(states, [ShiftState::Cancelled, ShiftState::Cancelled]);
        assert_eq!(refused(say(&city, &lasting, other.id, Answer::Coming, "")), "crisis-over");
        assert_eq!(refused(end(&city, &over)), "crisis-over");
    });
}

#[test]
fn a_crew_whose_own_shift_is_near_is_called_to_that_one() {
    in_the_city(|city| {
        let (soon, later) = (city.crew("a1"), city.crew("a2"));
        for (crew, from) in [(soon.id, 30), (later.id, 240)] {
            let act = city.dispatcher(0);
            city.write(move |tx, j| {
                let wish = shifts::Wish {
                    crew,
                    starts_at: at(from),
                    ends_at: at(from + 400),
                    overtime_until: None,
                    rest: None,
                };
                shifts::plan(tx, &act, j, &wish)
            })
            .unwrap();
        }
        let lasting = begin(&city, None, None).unwrap();
        assert_eq!(call_all(&city, &lasting), 2);
        assert_eq!(call_of(&city, &lasting, soon.id).shift, None);
        assert_eq!(
            shifts_of(&city, later.id)[0].ends_at,
            at(240),
            "the new shift ends where their own begins"
        );
    });
}

#[test]
fn only_the_district_of_a_crisis_is_called_and_only_who_may_leads_it() {
    in_the_city(|city| {
        let here = city.crew("a1");
        let mut wish = city.wish("b1");
        (wish.district, wish.base) = (Some(city.district("3")), point(THREE));
        let act = city.dispatcher(0);
        let there = city.write(move |tx, j| crews::add(tx, &act, j, &wish)).unwrap();
        let six = city.district("6");
        let lasting = begin(&city, Some(six), None).unwrap();
        assert_eq!(call_all(&city, &lasting), 1);
        assert!(calls(&city, &lasting).iter().all(|call| call.crew == here.id && call.crew != there.id));
        assert_eq!(refused(begin(&city, Some(six), None)), "crisis-begun");
        begin(&city, None, None).unwrap();
        let j = city.jurisdiction;
        let now = city.db.read_blocking(move |tx| crisis::current(tx, j)).unwrap();
        assert_eq!(now.over(Some(six)).map(|c| c.id), Some(lasting.id), "its own before the city's");
        let act = city.dispatcher(1);
        let denied = city.write(move |tx, j| crisis::begin(tx, &act, j, None, None));
        assert_eq!(refused(denied), "denied");
        assert_eq!(refused(begin(&city, Some(77), None)), "crisis-district-unknown");
        let (act, id) = (supervisor(&city, 3), lasting.id);
        let old = city.write(move |tx, j| crisis::call_all(tx, &act, j, id, Seen(9)));
        assert_eq!(refused(old), "changed");
    });
}

#[test]
fn people_read_of_it_through_the_storm_that_it_begins_and_ends() {
    in_the_city(|city| {
        let j = city.jurisdiction;
        let storms = || city.db.read_blocking(move |tx| storm::current(tx, j)).unwrap();
        let message = Both::new("فقط برای خطر جانی تماس بگیرید.", "Call only when life is in danger.");
        let lasting =
            begin(&city, None, Some(Rules { message: message.clone(), ..Rules::default() })).unwrap();
        assert_eq!(storms().all[0].mode.message, message);
        let quiet = Rules { message: Both::new("آب وصل شد.", ""), ..lasting.rules.clone() };
        let (act, id, seen, rules) = (supervisor(&city, 5), lasting.id, Seen(lasting.version), quiet.clone());
        let lasting = city.write(move |tx, j| crisis::change(tx, &act, j, id, rules.clone(), seen)).unwrap();
        assert_eq!(storms().all[0].mode.message.fa, "آب وصل شد.");
        end(&city, &lasting).unwrap();
        assert!(storms().is_empty());

        // A storm that was there before stays, with its own words.
        let act = supervisor(&city, 400);
        city.db.write_blocking(move |tx| storm::begin(tx, &act, j, None, None)).unwrap();
        let again = begin(&city, None, Some(quiet)).unwrap();
        assert_eq!(again.storm, None);
        end(&city, &again).unwrap();
        assert_eq!(storms().all.len(), 1);
    });
}

#[test]
fn volunteers_help_with_what_is_theirs_and_go_home_with_the_crisis() {
    in_the_city(|city| {
        let lasting = begin(&city, None, None).unwrap();
        let (j, of) = (city.jurisdiction, lasting.clone());
        let allowed = city.db.read_blocking(move |tx| crisis::volunteer_skills(tx, &of)).unwrap();
        assert!(!allowed.is_empty() && !allowed.contains(&"electric".to_owned()), "{allowed:?}");
        let six = city.district("6");
        let muster = |skills: Vec<String>| {
            let helpers = Helpers {
                name: "دوام محلهٔ یوسف‌آباد".into(),
                people: 7,
                district: Some(six),
                base: point(SIX),
                skills,
                equipment: Vec::new(),
            };
            let (act, id, seen) = (supervisor(&city, 2), lasting.id, Seen(lasting.version));
            city.write(move |tx, j| crisis::muster(tx, &act, j, id, &helpers, seen))
        };
        assert_eq!(refused(muster(vec!["electric".into()])), "crisis-skill-not-theirs");
        let crew = muster(allowed[..1].to_vec()).unwrap();
        assert_eq!((crew.kind, crew.people), (crews::CrewKind::Volunteer, 7));
        assert!(call_of(&city, &lasting, crew.id).is_volunteer);
        let second = muster(Vec::new()).unwrap();
        assert_ne!(second.code, crew.code);
        let (act, id) = (city.dispatcher(3), crew.id);
        city.write(move |tx, j| shifts::begin(tx, &act, j, id, false)).unwrap();
        end(&city, &lasting).unwrap();
        assert!(!city.show_crew(crew.id).is_active && !city.show_crew(second.id).is_active);
        let kept = city.db.read_blocking(move |tx| crisis::past(tx, j, 5)).unwrap();
        assert_eq!(kept[0].id, lasting.id);
    });
}

#[test]
fn volunteers_who_are_at_work_when_it_ends_finish_first() {
    in_the_city(|city| {
        let rules = Rules { volunteer_skills: vec!["green".into()], ..Rules::default() };
        let lasting = begin(&city, None, Some(rules)).unwrap();
        let helpers = Helpers {
            name: "دوام".into(),
            people: 9,
            district: Some(city.district("6")),
            base: point(SIX),
            skills: vec!["green".into()],
            equipment: vec!["pickup".into()],
        };
        let (act, id, seen) = (supervisor(&city, 1), lasting.id, Seen(lasting.version));
        let crew = city.write(move |tx, j| crisis::muster(tx, &act, j, id, &helpers, seen)).unwrap();
        let (act, id) = (city.dispatcher(2), crew.id);
        city.write(move |tx, j| shifts::begin(tx, &act, j, id, false)).unwrap();
        let order = city.make(Draft::at("park", point(SIX))).unwrap();
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 3);
        end(&city, &lasting).unwrap();
        let now = city.show_crew(crew.id);
        assert_eq!((now.is_active, now.status), (true, CrewStatus::OnSite));
    });
}

#[test]
fn a_district_that_is_cut_off_is_known_and_so_are_silent_crews() {
    in_the_city(|city| {
        let six = city.district("6");
        let lasting = begin(&city, None, None).unwrap();
        let (act, id, seen) = (supervisor(&city, 1), lasting.id, Seen(lasting.version));
        let rules = Rules { cut_off: vec![six, six], ..lasting.rules.clone() };
        let changed = city.write(move |tx, j| crisis::change(tx, &act, j, id, rules.clone(), seen)).unwrap();
        assert_eq!(changed.rules.cut_off, [six]);
        let j = city.jurisdiction;
        let now = city.db.read_blocking(move |tx| crisis::current(tx, j)).unwrap();
        assert!(
            now.is_cut_off(Some(six)) && !now.is_cut_off(Some(city.district("3"))) && !now.is_cut_off(None)
        );
        let (act, id, seen) = (supervisor(&city, 2), lasting.id, Seen(changed.version));
        let nowhere = Rules { cut_off: vec![5], ..changed.rules.clone() };
        let wrong = city.write(move |tx, j| crisis::change(tx, &act, j, id, nowhere.clone(), seen));
        assert_eq!(refused(wrong), "crisis-district-unknown");

        let (crew, _off_duty) = (city.working("a1"), city.crew("a2"));
        let heard = |since| city.db.read_blocking(move |tx| crisis::silent(tx, j, since)).unwrap();
        assert_eq!(heard(at(-5)), []);
        assert_eq!(heard(at(30)), [(crew.id, at(0))]);
    });
}

#[test]
fn rules_that_cannot_be_are_refused_and_danger_decides_what_counts() {
    let wrong = |change: &dyn Fn(&mut Rules)| {
        let mut rules = Rules::default();
        change(&mut rules);
        rules.wrong()
    };
    assert_eq!(wrong(&|_| {}), None);
    assert_eq!(wrong(&|r| r.weights = [5, 3, 20, 100]), Some("crisis-weights-wrong"));
    assert_eq!(wrong(&|r| r.weights[0] = 0), Some("crisis-weights-wrong"));
    assert_eq!(wrong(&|r| r.shift_hours = 25), Some("crisis-hours-wrong"));
    assert_eq!(wrong(&|r| r.silent_minutes = 0), Some("crisis-silence-wrong"));
    assert_eq!(wrong(&|r| r.message.fa = "آ".repeat(501)), Some("words-too-long"));
    let rules = Rules::default();
    let table = [
        (0, Urgency::Immediate, Some(1)),
        (3, Urgency::Day, Some(100)),
        (0, Urgency::Planned, None),
        (1, Urgency::Planned, Some(3)),
        (9, Urgency::Day, Some(100)),
        (-1, Urgency::Day, Some(1)),
    ];
    for (danger, urgency, expected) in table {
        assert_eq!(rules.counts(danger, urgency), expected, "{danger} {urgency:?}");
    }
    let open = Rules { planned_waits: false, ..rules };
    assert_eq!(open.counts(0, Urgency::Planned), Some(1));
}

fn posed(city: &City, minutes: i64) -> crate::day::Posed {
    let (j, six) = (city.jurisdiction, city.district("6"));
    let day = city.db.read_blocking(move |tx| crate::day::Day::read(tx, j, Some(six), at(minutes))).unwrap();
    crate::day::pose(&day, &crate::roads::Straight::default())
}

#[test]
fn in_a_crisis_danger_counts_what_is_planned_waits_and_afterwards_all_is_as_before() {
    in_the_city(|city| {
        city.working("a1");
        let drain = city.order();
        let planned = city
            .make(Draft {
                urgency: Some(Urgency::Planned),
                danger: Some(0),
                ..Draft::at("drain", point(SIX))
            })
            .unwrap();
        let deadly = city.make(Draft { danger: Some(3), ..Draft::at("drain", point(SIX)) }).unwrap();
        let worth = |of: &crate::day::Posed, id: OrderId| of.index(id).map(|n| of.problem.jobs[n].worth);
        let calm = posed(&city, 2);
        let lasting = begin(&city, None, None).unwrap();
        let crisis = posed(&city, 2);
        assert_eq!(worth(&crisis, planned.id).is_some(), planned.danger > 0);
        if planned.danger == 0 {
            assert!(crisis.aside.contains(&(planned.id, "crisis-waits".to_owned())), "{}", city.engine);
        }
        let more = |id: OrderId| worth(&crisis, id).unwrap() / worth(&calm, id).unwrap();
        assert!(more(deadly.id) > 20 && more(deadly.id) > more(drain.id), "{}", more(deadly.id));
        end(&city, &lasting).unwrap();
        assert_eq!(worth(&posed(&city, 2), deadly.id), worth(&calm, deadly.id));
        assert!(posed(&city, 2).aside.is_empty());
    });
}

#[test]
fn crews_that_nobody_can_reach_keep_their_stops_and_get_no_new_ones() {
    in_the_city(|city| {
        let crew = city.working("a1");
        let held: Vec<WorkOrder> = (0..3).map(|_| city.order()).collect();
        for order in &held {
            city.assign(order.id, crew.id).unwrap();
        }
        let open = city.order();
        let rules = Rules { cut_off: vec![city.district("6")], ..Rules::default() };
        begin(&city, None, Some(rules)).unwrap();
        let cut_off = posed(&city, 3);
        assert_eq!(cut_off.problem.crews[0].locked.len(), 3);
        assert_eq!(cut_off.aside, [(open.id, "district-cut-off".to_owned())]);
        let effort = crate::day::Effort { seed: 1, steps: 200 };
        let found = crate::day::search(&cut_off, effort).unwrap();
        assert_eq!(found.plan.routes, cut_off.held.routes);

        // Another district's crew that gives no sign: its stops stay, and nothing new comes to it.
        let city_wide = city.db.read_blocking({
            let j = city.jurisdiction;
            move |tx| crisis::current(tx, j)
        });
        let lasting = city_wide.unwrap().all[0].clone();
        let (act, id, seen) = (supervisor(&city, 4), lasting.id, Seen(lasting.version));
        let rules = Rules { cut_off: Vec::new(), ..lasting.rules.clone() };
        city.write(move |tx, j| crisis::change(tx, &act, j, id, rules.clone(), seen)).unwrap();
        assert_eq!(posed(&city, 5).problem.crews[0].locked.len(), 0, "heard of five minutes ago");
        let silent = posed(&city, 40);
        assert_eq!(silent.problem.crews[0].locked.len(), 3);
        let found = crate::day::search(&silent, effort).unwrap();
        assert_eq!(found.plan.left_over.len(), 1);
    });
}
