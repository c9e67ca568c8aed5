//! From a wish to the ballot.

use people::Role;

use super::{City, DAY, NOW, in_the_city, refused};
use crate::arguments::{self, Shown, Side};
use crate::feasibility::{self, Verdict};
use crate::ideas::{self, IdeaState, MergeState};
use crate::moderation::{self, Deed, Reason};
use crate::{Phase, State, list};

#[test]
fn an_idea_goes_the_whole_way_to_the_ballot() {
    in_the_city(|city| {
        let round = city.round(Phase::Collect, |_| {});
        let (id, act) = (city.id, city.citizen(1));
        let new = city.idea("روشنایی برای بوستان محله", "بوستان ما شب‌ها تاریک است و نیمکت ندارد.");
        let sent = city.write(move |tx| ideas::send(tx, &act, id, round, &new)).unwrap();
        assert!(
            sent.unit.is_some() && sent.district.is_some() && sent.neighbourhood.is_some(),
            "{}",
            city.engine
        );
        // Somebody writes the same in another spelling, and is shown the first.
        let alike = city
            .write(move |tx| {
                let words = "نيمكت و روشنايي براي بوستان";
                Ok(ideas::similar(tx, id, round, "environment", Some(City::here()), words, 3)?)
            })
            .unwrap();
        assert_eq!(alike.first().map(|a| a.idea.id), Some(sent.id), "{}", city.engine);
        for account in [2, 3, 2] {
            let act = city.citizen(account);
            city.write(move |tx| ideas::sign(tx, &act, id, sent.id)).unwrap();
        }
        let own = city.citizen(1);
        assert_eq!(refused(city.write(move |tx| ideas::sign(tx, &own, id, sent.id))), "own-idea");
        let idea = city.write(move |tx| Ok(ideas::by_id(tx, id, sent.id)?)).unwrap().unwrap();
        assert_eq!(idea.supporters, 2, "{}: each person once", city.engine);

        // Experts owe a reason in both directions, and a yes owes a cost and a unit.
        let expert = city.member(9, Some(Role::RoundManager), NOW);
        let yes = Verdict {
            is_feasible: true,
            reason: "جای چراغ و برق هست.".into(),
            cost_least: 10_000_000_000,
            cost_most: 20_000_000_000,
            unit: idea.unit,
            title_other: "Lights for the park".into(),
            ..Verdict::default()
        };
        let wrongs = [
            (Verdict { reason: " ".into(), ..yes.clone() }, "reason-missing"),
            (Verdict { is_feasible: false, reason: String::new(), ..yes.clone() }, "reason-missing"),
            (Verdict { cost_least: 0, ..yes.clone() }, "cost-wrong"),
            (Verdict { cost_least: -5, cost_most: -1, ..yes.clone() }, "cost-wrong"),
            (Verdict { cost_least: 30_000_000_000, ..yes.clone() }, "cost-wrong"),
            (Verdict { unit: None, ..yes.clone() }, "unit-missing"),
        ];
        for (verdict, code) in wrongs {
            let act = expert.clone();
            let said =
                city.write(move |tx| feasibility::judge(tx, &act, id, sent.id, idea.version, &verdict));
            assert_eq!(refused(said), code, "{}", city.engine);
        }
        let (act, verdict) = (expert.clone(), yes.clone());
        let made =
            city.write(move |tx| feasibility::judge(tx, &act, id, sent.id, idea.version, &verdict)).unwrap();
        let made = made.unwrap();
        let act = expert.clone();
        let late = city.write(move |tx| feasibility::judge(tx, &act, id, sent.id, idea.version, &yes));
        assert_eq!(refused(late), "changed", "{}: two at once, one refusal", city.engine);
        let project = city.write(move |tx| Ok(crate::by_id(tx, id, made)?)).unwrap().unwrap();
        assert_eq!((project.state, project.cost, project.number), (State::Draft, 20_000_000_000, 1));
        assert_eq!(project.pot, city.pot(round, 1), "{}: the pot of its place", city.engine);
        let hidden = city.write(move |tx| Ok(list::list(tx, id, round, &list::Filter::default())?)).unwrap();
        assert!(hidden.is_empty(), "{}: a draft is not shown", city.engine);
        // In its phase everything goes on the ballot at once; not before.
        let early = city.house(NOW);
        assert_eq!(refused(city.write(move |tx| crate::publish_all(tx, &early, id, round))), "phase");
        let act = city.house(NOW.plus_millis(60 * DAY));
        city.write(move |tx| crate::publish_all(tx, &act, id, round)).unwrap();
        let filter = list::Filter { words: "چراغ روشنايي".into(), ..list::Filter::default() };
        let none = city.write(move |tx| Ok(list::list(tx, id, round, &filter)?)).unwrap();
        assert!(none.is_empty(), "every word has to be there");
        let filter = list::Filter { words: "روشنايي بوستان".into(), ..list::Filter::default() };
        let shown = city.write(move |tx| Ok(list::list(tx, id, round, &filter)?)).unwrap();
        assert_eq!(shown.first().map(|p| p.id), Some(made), "{}", city.engine);
        assert_eq!(city.facts("idea", "judged").len(), 1);
    });
}

#[test]
fn two_ideas_become_one_only_when_the_author_agrees() {
    in_the_city(|city| {
        let round = city.round(Phase::Collect, |_| {});
        let id = city.id;
        let mut sent = Vec::new();
        for account in [1, 2] {
            let (act, new) = (city.citizen(account), city.idea("زمین بازی", "زمین بازی برای کودکان محله"));
            sent.push(city.write(move |tx| ideas::send(tx, &act, id, round, &new)).unwrap().id);
        }
        let (first, second) = (sent[0], sent[1]);
        for account in [3, 4] {
            let act = city.citizen(account);
            city.write(move |tx| ideas::sign(tx, &act, id, second)).unwrap();
        }
        let act = city.citizen(3);
        city.write(move |tx| ideas::sign(tx, &act, id, first)).unwrap();
        let act = city.citizen(3);
        let asked = city.write(move |tx| ideas::propose_merge(tx, &act, id, second, first)).unwrap();
        assert_eq!(asked, MergeState::Asked);
        for (account, code) in [(1, "not-yours"), (3, "not-yours")] {
            let act = city.citizen(account);
            let said = city.write(move |tx| ideas::answer_merge(tx, &act, id, second, first, true));
            assert_eq!(refused(said), code, "{}", city.engine);
        }
        let act = city.citizen(2);
        city.write(move |tx| ideas::answer_merge(tx, &act, id, second, first, true)).unwrap();
        let both = city
            .write(move |tx| {
                Ok((ideas::by_id(tx, id, first)?.unwrap(), ideas::by_id(tx, id, second)?.unwrap()))
            })
            .unwrap();
        // Its two co-signers, one of whom signed both, and its author.
        assert_eq!(both.0.supporters, 3, "{}", city.engine);
        assert_eq!((both.1.state, both.1.merged_into), (IdeaState::Merged, Some(first)));
        let act = city.citizen(1);
        let same = city.write(move |tx| ideas::propose_merge(tx, &act, id, first, first));
        assert_eq!(refused(same), "merge-self");
    });
}

#[test]
fn what_is_hidden_is_hidden_in_public_and_can_be_appealed_once() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        let (id, project) = (city.id, city.projects(round)[0]);
        let act = city.citizen(1);
        let words = "این پروژه <script>alert(1)</script> لازم نیست.";
        let argued = city
            .write(move |tx| arguments::argue(tx, &act, id, project, Some(Side::Against), words))
            .unwrap();
        let read = |reader: Option<i64>| {
            city.write(move |tx| Ok(arguments::of_project(tx, id, project, reader)?)).unwrap().len()
        };
        assert_eq!(
            (read(None), read(Some(2)), read(Some(1))),
            (0, 0, 1),
            "{}: waits for a look",
            city.engine
        );
        let moderator = city.member(8, Some(Role::RoundManager), NOW);
        let version = |city: &City| {
            city.write(move |tx| Ok(arguments::by_id(tx, id, argued)?)).unwrap().unwrap().version
        };
        let decide = |act: &people::Act, deed, reason| {
            let (act, version) = (act.clone(), version(city));
            city.write(move |tx| moderation::decide(tx, &act, id, argued, version, deed, reason, ""))
        };
        assert_eq!(refused(decide(&moderator, Deed::Hidden, None)), "reason-missing");
        assert_eq!(refused(decide(&city.citizen(2), Deed::Hidden, Some(Reason::Insult))), "denied");
        decide(&moderator, Deed::Hidden, Some(Reason::OffTopic)).unwrap();
        // Its author alone appeals, once; and not whoever hid it decides.
        let stranger = city.citizen(2);
        assert_eq!(
            refused(city.write(move |tx| arguments::appeal(tx, &stranger, id, argued, "x"))),
            "not-found"
        );
        for (n, code) in [(0, ""), (1, "appeal-once")] {
            let act = city.citizen(1);
            let said = city.write(move |tx| arguments::appeal(tx, &act, id, argued, "به پروژه مربوط است."));
            if n == 0 {
                said.unwrap()
            } else {
                assert_eq!(refused(said), code, "{}", city.engine);
                continue;
            };
        }
        assert_eq!(refused(decide(&moderator, Deed::Shown, None)), "denied", "{}", city.engine);
        decide(&city.member(7, Some(Role::RoundManager), NOW), Deed::Shown, None).unwrap();
        assert_eq!(read(None), 1, "{}", city.engine);
        // Three readers bring it back; it stays shown meanwhile. One reader counts once.
        for account in [4, 4, 5, 6] {
            let act = city.citizen(account);
            city.write(move |tx| arguments::flag(tx, &act, id, argued)).unwrap();
        }
        let state = city.write(move |tx| Ok(arguments::by_id(tx, id, argued)?)).unwrap().unwrap().state;
        assert_eq!((state, read(None)), (Shown::Flagged, 1), "{}", city.engine);
        let log = city.write(move |tx| Ok(moderation::log(tx, id, round, None, 10)?)).unwrap();
        let told: Vec<_> = log.iter().map(|e| (e.deed, e.reason, e.after_appeal)).collect();
        assert_eq!(told, [(Deed::Shown, None, true), (Deed::Hidden, Some(Reason::OffTopic), false)]);
        assert!(city.facts("moderation", "hidden").iter().all(|e| !e.payload.contains("script")));
    });
}

#[test]
fn dates_and_rules_hold_what_people_were_told() {
    in_the_city(|city| {
        let round = city.round(Phase::Publication, |_| {});
        let (id, seal) = (city.id, city.seal.clone());
        let act = city.house(NOW);
        city.write(move |tx| Ok(crate::rounds::announce(tx, &act, id, 10)?)).unwrap();
        assert_eq!(city.facts("round", "phase-began").len(), 1, "{}", city.engine);
        assert_eq!(city.facts("round", "rules-published").len(), 1, "{}", city.engine);
        let shown = city.show(round);
        assert_eq!(shown.rules_hash, shown.rules.hash().unwrap());
        let draft = |change: &dyn Fn(&mut crate::rounds::Draft)| {
            let mut draft = crate::rounds::Draft {
                code: shown.code.clone(),
                name: shown.name.clone(),
                about: shown.about.clone(),
                rules: shown.rules.clone(),
                times: shown.times.clone(),
                pots: shown
                    .pots
                    .iter()
                    .map(|p| crate::rounds::NewPot {
                        number: p.number,
                        name: p.name.clone(),
                        division: p.division,
                        budget: p.budget,
                    })
                    .collect(),
                is_public: true,
                reason: String::new(),
            };
            change(&mut draft);
            draft
        };
        let later = |draft: &mut crate::rounds::Draft| {
            for (phase, at) in &mut draft.times.begins {
                if *phase >= Phase::Tally {
                    *at = at.plus_millis(7 * DAY);
                }
            }
        };
        let put = |draft: crate::rounds::Draft| {
            let (act, seal) = (city.member(9, Some(Role::RoundManager), NOW), seal.clone());
            city.write(move |tx| crate::rounds::put(tx, &act, &seal, id, Some(round), &draft))
        };
        assert_eq!(refused(put(draft(&|d| d.rules.minimum_support = 5))), "rules-published");
        assert_eq!(refused(put(draft(&|d| d.pots[1].budget += 1))), "rules-published");
        assert_eq!(refused(put(draft(&later))), "reason-missing");
        assert_eq!(refused(put(draft(&|d| d.code = "Manage!".into()))), "code-wrong");
        put(draft(&|d| {
            later(d);
            d.reason = "به درخواست شورا".into();
        }))
        .unwrap();
        let denied = {
            let (act, seal, draft) = (city.citizen(1), seal.clone(), draft(&|_| {}));
            city.write(move |tx| crate::rounds::put(tx, &act, &seal, id, Some(round), &draft))
        };
        assert_eq!(refused(denied), "denied");
        assert_eq!(city.facts("round", "dates-changed").len(), 1, "{}", city.engine);
    });
}
