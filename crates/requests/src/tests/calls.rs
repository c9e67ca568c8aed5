//! An operator takes calls, on both databases.

use std::sync::Arc;

use calendar::Timestamp;
use people::keys::{KeyScope, KeyScopes};
use people::{Act, Actor, Member, MemberState, Membership, Role, Scope};
use storage::journal;

use super::{City, SATURDAY, in_the_city};
use crate::calls::{self, CallError, CallRefusal, CallState, Event, Happened, WrapUp};
use crate::{Channel, Contact, Draft, Priority};

const MOBILE: &str = "09121234567";

impl City {
    fn operator(&self, account: i64, seconds: i64) -> Act {
        let membership = Membership {
            id: account,
            role: Role::Operator,
            scope: Scope::City,
            unit: None,
            district: None,
            neighbourhood: None,
            state: MemberState::Active,
        };
        let member = Member {
            jurisdiction: self.jurisdiction,
            account,
            name: "اپراتور".into(),
            memberships: vec![membership],
        };
        self.act(Actor::Member(Arc::new(member)), SATURDAY.plus_millis(seconds * 1000))
    }

    fn exchange(&self, seconds: i64) -> Act {
        let by = Actor::Key {
            jurisdiction: self.jurisdiction,
            id: 9,
            name: "exchange".into(),
            role: Role::Operator,
            unit: None,
            scopes: KeyScopes::of(&[KeyScope::Calls]),
        };
        self.act(by, SATURDAY.plus_millis(seconds * 1000))
    }

    fn hear(
        &self,
        call: &str,
        happened: Happened,
        caller: &str,
        extension: &str,
        seconds: i64,
    ) -> calls::Heard {
        let (act, jurisdiction) = (self.exchange(seconds), self.jurisdiction);
        let event = Event {
            call: call.into(),
            happened,
            at: Some(act.at),
            caller: caller.into(),
            extension: extension.into(),
        };
        self.db.write_blocking(move |tx| calls::hear(tx, &act, jurisdiction, &event)).unwrap()
    }

    fn do_call<T: Send + 'static>(
        &self,
        work: impl Fn(&mut storage::Tx<'_>, i64) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        let jurisdiction = self.jurisdiction;
        self.db.write_blocking(move |tx| work(tx, jurisdiction))
    }

    fn call(&self, id: calls::CallId) -> calls::Call {
        let jurisdiction = self.jurisdiction;
        self.db.read_blocking(move |tx| calls::by_id(tx, jurisdiction, id)).unwrap().unwrap()
    }

    fn phone_draft(&self, words: &str) -> Draft {
        Draft {
            channel: Channel::Phone,
            contact: Contact { mobile: MOBILE.into(), name: "مینا".into(), ..Contact::default() },
            idempotency_key: Some(format!("desk-{words}")),
            ..self.draft("street-sweeping", words)
        }
    }

    fn register(&self, by: i64, id: calls::CallId, draft: Draft, seconds: i64) -> crate::Submitted {
        let (act, jurisdiction) = (self.operator(by, seconds), self.jurisdiction);
        self.db.write_blocking(move |tx| calls::register(tx, &act, jurisdiction, id, &draft)).unwrap()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let jurisdiction = self.jurisdiction;
        let entries = self.db.read_blocking(move |tx| journal::after(tx, jurisdiction, 0, 5000)).unwrap();
        entries
            .into_iter()
            .filter(|e| e.subject_kind == calls::SUBJECT)
            .map(|e| (e.fact, e.payload))
            .collect()
    }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, CallError>) -> CallRefusal {
    match outcome {
        Err(CallError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, not {other:?}"),
    }
}

#[test]
fn every_order_of_events_ends_in_the_same_call() {
    use Happened::{Answered, Ended, Ringing};
    in_the_city("tehran", |city| {
        let orders = [
            [Ringing, Answered, Ended],
            [Ringing, Ended, Answered],
            [Answered, Ringing, Ended],
            [Answered, Ended, Ringing],
            [Ended, Ringing, Answered],
            [Ended, Answered, Ringing],
        ];
        for (n, order) in orders.iter().enumerate() {
            let name = format!("exchange-{n}");
            let mut last = None;
            // Each event twice, as a gateway that saw no answer sends it.
            for happened in order.iter().flat_map(|h| [*h, *h]) {
                let (caller, seconds) = match happened {
                    Ringing => (MOBILE, 10),
                    Answered => ("", 15),
                    Ended => ("", 90),
                };
                let heard = city.hear(&name, happened, caller, "204", seconds);
                assert!(last.is_none_or(|l| l == heard.id), "{}: one call", city.engine);
                last = Some(heard.id);
            }
            let call = city.call(last.unwrap());
            assert_eq!(call.state, CallState::Ended, "{}: {order:?}", city.engine);
            assert_eq!(call.caller, "+989121234567");
            assert_eq!(call.extension, "204");
            let times = [Some(call.began_at), call.answered_at, call.ended_at];
            assert_eq!(times, [10, 15, 90].map(|s| Some(SATURDAY.plus_millis(s * 1000))), "{order:?}");
        }
        assert!(!city.hear("exchange-0", Ended, "", "204", 95).changed, "{}: said before", city.engine);
    });
}

#[test]
fn a_number_is_never_in_the_journal() {
    in_the_city("tehran", |city| {
        city.do_call({
            let act = city.operator(7, 0);
            move |tx, j| calls::sit(tx, &act, j, "۲۰۴")
        })
        .unwrap();
        let heard = city.hear("a-1", Happened::Ringing, MOBILE, "204", 1);
        city.hear("a-1", Happened::Answered, MOBILE, "204", 2);
        city.register(7, heard.id, city.phone_draft("کوچه کثیف است"), 60);
        city.hear("a-2", Happened::Ringing, MOBILE, "204", 100);
        let act = city.operator(7, 101);
        let seen = city.do_call(move |tx, j| calls::caller(tx, &act, j, None, MOBILE)).unwrap();
        assert_eq!((seen.total, seen.name.as_str()), (1, "مینا"), "{}", city.engine);
        let facts = city.facts();
        for expected in ["sat-down", "rang", "picked-up", "wrapped-up", "caller-seen"] {
            assert!(
                facts.iter().any(|(fact, _)| fact == expected),
                "{}: {expected} in {facts:?}",
                city.engine
            );
        }
        for (fact, payload) in &facts {
            assert!(!payload.contains("912123") && !payload.contains("مینا"), "{fact}: {payload}");
        }
        // Facts name the desk, so that the right screen hears of them.
        assert!(
            facts.iter().filter(|(f, _)| f == "rang").all(|(_, p)| p.contains("\"204\"") && p.contains('7'))
        );
    });
}

#[test]
fn a_call_belongs_to_whoever_sits_where_it_was_answered() {
    in_the_city("tehran", |city| {
        for (account, extension) in [(7, "204"), (8, "205")] {
            let act = city.operator(account, 0);
            city.do_call(move |tx, j| calls::sit(tx, &act, j, extension)).unwrap();
        }
        let heard = city.hear("b", Happened::Ringing, MOBILE, "204", 5);
        assert_eq!(city.call(heard.id).account, Some(7));
        city.hear("b", Happened::Answered, MOBILE, "205", 8);
        assert_eq!(city.call(heard.id).account, Some(8), "{}", city.engine);
        let (mine, theirs) = (city.operator(8, 9), city.operator(7, 9));
        assert_eq!(city.do_call(move |tx, j| calls::mine(tx, &mine, j)).unwrap().len(), 1);
        assert!(city.do_call(move |tx, j| calls::mine(tx, &theirs, j)).unwrap().is_empty());
        // Nobody writes into a colleague's call.
        let act = city.operator(7, 10);
        assert_eq!(
            refusal(city.do_call(move |tx, j| calls::keep_draft(tx, &act, j, heard.id, "{}"))),
            CallRefusal::NotFound
        );
        let act = city.operator(7, 10);
        assert_eq!(
            refusal(city.do_call(move |tx, j| calls::wrap_up(tx, &act, j, heard.id, WrapUp::Silent))),
            CallRefusal::NotFound
        );
        // Two people at one telephone: the later one sits there.
        let act = city.operator(7, 11);
        city.do_call(move |tx, j| calls::sit(tx, &act, j, "205")).unwrap();
        let left = city.do_call(|tx, j| Ok(calls::extension_of(tx, j, 8)?)).unwrap();
        assert_eq!(left, None, "{}", city.engine);
    });
}

#[test]
fn what_was_typed_survives_a_second_call() {
    in_the_city("tehran", |city| {
        let act = city.operator(7, 0);
        city.do_call(move |tx, j| calls::sit(tx, &act, j, "204")).unwrap();
        let first = city.hear("one", Happened::Answered, MOBILE, "204", 5).id;
        let act = city.operator(7, 6);
        city.do_call(move |tx, j| calls::keep_draft(tx, &act, j, first, "{\"words\":\"نیمه\"}")).unwrap();
        city.hear("one", Happened::Ended, "", "204", 20);
        city.hear("two", Happened::Ringing, "02188776655", "204", 21);
        let act = city.operator(7, 22);
        let open = city.do_call(move |tx, j| calls::mine(tx, &act, j)).unwrap();
        assert_eq!(open.len(), 2, "{}", city.engine);
        assert_eq!(open[1].draft, "{\"words\":\"نیمه\"}");
        let act = city.operator(7, 30);
        let wrapped = city.do_call(move |tx, j| calls::wrap_up(tx, &act, j, first, WrapUp::CutOff)).unwrap();
        assert_eq!(
            (wrapped.draft.as_str(), wrapped.handling_millis()),
            ("", Some(25_000)),
            "{}",
            city.engine
        );
        let act = city.operator(7, 31);
        assert_eq!(
            refusal(city.do_call(move |tx, j| calls::keep_draft(tx, &act, j, first, "{}"))),
            CallRefusal::NotFound
        );
        // A wrong code is corrected, and the call is not taken for longer by that.
        let act = city.operator(7, 60);
        let mended = city.do_call(move |tx, j| calls::wrap_up(tx, &act, j, first, WrapUp::Silent)).unwrap();
        assert_eq!((mended.wrap_up, mended.handling_millis()), (Some(WrapUp::Silent), Some(25_000)));
    });
}

#[test]
fn one_call_is_one_request_and_a_second_one_joins_it() {
    in_the_city("tehran", |city| {
        let (one, two) = {
            let begin = |account: i64, caller: &'static str| {
                let act = city.operator(account, 0);
                city.do_call(move |tx, j| calls::begin(tx, &act, j, caller)).unwrap().id
            };
            (begin(7, MOBILE), begin(8, "09350000000"))
        };
        let draft = city.phone_draft("کوچه کثیف است");
        let sent = city.register(7, one, draft.clone(), 40);
        let again = city.register(7, one, draft, 41);
        assert!(again.repeated && again.code == sent.code, "{}", city.engine);
        let call = city.call(one);
        assert_eq!((call.request, call.wrap_up), (Some(sent.id), Some(WrapUp::Registered)));
        let request = city.show(sent.id);
        assert_eq!((request.channel, request.priority), (Channel::Phone, Priority::Normal));
        // The call is over: another request needs another call.
        let (act, j, other) = (city.operator(7, 50), city.jurisdiction, city.phone_draft("چیز دیگر"));
        let refused = city.db.write_blocking(move |tx| calls::register(tx, &act, j, one, &other));
        assert!(matches!(refused, Err(calls::RegisterError::Call(CallRefusal::Wrapped))), "{refused:?}");

        let act = city.operator(8, 60);
        let joined = city
            .do_call(move |tx, j| calls::join(tx, &act, j, two, sent.id, "09350000000", "جلوی ما هم"))
            .unwrap();
        assert_eq!((joined.wrap_up, joined.request), (Some(WrapUp::Joined), Some(sent.id)));
        assert_eq!(city.show(sent.id).followers, 1, "{}", city.engine);
        // The second caller's history has it from now on, as something they joined.
        let act = city.operator(8, 61);
        let seen = city.do_call(move |tx, j| calls::caller(tx, &act, j, None, "09350000000")).unwrap();
        assert_eq!(seen.requests.len(), 1, "{}", city.engine);
        assert!(!seen.requests[0].is_own && seen.open_one().is_none());
    });
}

#[test]
fn a_caller_adds_to_what_they_reported() {
    in_the_city("tehran", |city| {
        let act = city.operator(7, 0);
        let one = city.do_call(move |tx, j| calls::begin(tx, &act, j, MOBILE)).unwrap().id;
        let sent = city.register(7, one, city.phone_draft("کوچه کثیف است"), 10);
        let act = city.operator(7, 100);
        let two = city.do_call(move |tx, j| calls::begin(tx, &act, j, MOBILE)).unwrap().id;
        let act = city.operator(7, 105);
        let nothing = city.do_call(move |tx, j| calls::add(tx, &act, j, two, sent.id, "  "));
        assert_eq!(refusal(nothing), CallRefusal::NothingSaid);
        let act = city.operator(7, 110);
        let added =
            city.do_call(move |tx, j| calls::add(tx, &act, j, two, sent.id, "هنوز نیامده‌اند")).unwrap();
        assert_eq!(added.wrap_up, Some(WrapUp::Added));
        let request = city.show(sent.id);
        let thread = city.db.read_blocking(move |tx| crate::find::thread(tx, &request, false)).unwrap();
        assert!(thread.iter().any(|knot| knot.text == "هنوز نیامده‌اند"), "{}", city.engine);
        let act = city.operator(7, 130);
        let counters = city.do_call(move |tx, j| calls::counters(tx, &act, j)).unwrap();
        assert_eq!((counters.calls, counters.registered, counters.median_millis), (2, 1, Some(10_000)));
    });
}

#[test]
fn nobody_who_called_in_vain_is_forgotten() {
    in_the_city("tehran", |city| {
        for (call, caller) in [("m1", MOBILE), ("m2", MOBILE), ("m3", "02188776655"), ("m4", "anonymous")] {
            city.hear(call, Happened::Ringing, caller, "", 5);
            city.hear(call, Happened::Ended, caller, "", 45);
        }
        let missed = |account| {
            let act = city.operator(account, 100);
            city.do_call(move |tx, j| calls::missed(tx, &act, j)).unwrap()
        };
        let list = missed(7);
        assert_eq!(list.len(), 2, "{}: one line for each person: {list:?}", city.engine);
        let id = list[0].id;
        let act = city.operator(7, 101);
        let call = city.do_call(move |tx, j| calls::call_back(tx, &act, j, id)).unwrap();
        assert_eq!((call.caller.clone(), call.account), (list[0].caller.clone(), Some(7)));
        let act = city.operator(8, 102);
        assert_eq!(
            refusal(city.do_call(move |tx, j| calls::call_back(tx, &act, j, id))),
            CallRefusal::NotFound
        );
        assert_eq!(missed(8).len(), 1, "{}", city.engine);
        // The last one calls again and gets through.
        let rest = missed(8)[0].caller.clone();
        city.hear("m5", Happened::Answered, &rest, "204", 120);
        assert!(missed(8).is_empty(), "{}", city.engine);
    });
}

#[test]
fn numbers_of_old_calls_are_forgotten() {
    in_the_city("tehran", |city| {
        let heard = city.hear("old", Happened::Answered, MOBILE, "204", 0);
        let days = calls::FORGOTTEN_AFTER_DAYS;
        for (after, kept) in [(days - 1, "+989121234567"), (days + 1, "")] {
            let act = city.act(Actor::System("test"), Timestamp(SATURDAY.0 + after * 86_400_000));
            let jurisdiction = city.jurisdiction;
            city.db.write_blocking(move |tx| (calls::CHORE.run)(tx, &act, jurisdiction, 100)).unwrap();
            assert_eq!(city.call(heard.id).caller, kept, "{}: after {after} days", city.engine);
        }
    });
}

#[test]
fn strangers_and_programs_without_the_scope_say_nothing_about_calls() {
    in_the_city("tehran", |city| {
        let event = Event {
            call: "x".into(),
            happened: Happened::Ringing,
            at: None,
            caller: MOBILE.into(),
            extension: "204".into(),
        };
        let key = |role, scopes| Actor::Key {
            jurisdiction: city.jurisdiction,
            id: 1,
            name: "k".into(),
            role,
            unit: None,
            scopes,
        };
        let nobody = [
            Actor::Citizen,
            key(Role::Sender, KeyScopes::ALL),
            key(Role::Operator, KeyScopes::of(&[KeyScope::Requests])),
            key(Role::UnitMember, KeyScopes::ALL),
        ];
        for by in nobody {
            let (act, event) = (city.act(by, SATURDAY), event.clone());
            let outcome = city.do_call(move |tx, j| calls::hear(tx, &act, j, &event));
            assert!(matches!(outcome, Err(CallError::Denied(_))), "{}", city.engine);
        }
        for (call, extension) in [("", "204"), (&*"x".repeat(101), "204"), ("a\u{7}", "204")] {
            let event = Event { call: call.into(), extension: extension.into(), ..event.clone() };
            let act = city.exchange(0);
            assert_eq!(
                refusal(city.do_call(move |tx, j| calls::hear(tx, &act, j, &event))),
                CallRefusal::ExchangeIdWrong
            );
        }
        let (act, event) = (city.exchange(0), Event { extension: "204; DROP".into(), ..event });
        assert_eq!(
            refusal(city.do_call(move |tx, j| calls::hear(tx, &act, j, &event))),
            CallRefusal::ExtensionWrong
        );
        // A key has no hands: it cannot take a call.
        let act = city.exchange(0);
        assert!(matches!(
            city.do_call(move |tx, j| calls::begin(tx, &act, j, "")),
            Err(CallError::Denied(_))
        ));
    });
}

#[test]
fn what_is_not_ours_ends_without_a_request() {
    in_the_city("tehran", |city| {
        let act = city.operator(7, 0);
        let id = city.do_call(move |tx, j| calls::begin(tx, &act, j, MOBILE)).unwrap().id;
        let found = city
            .do_call(|tx, j| {
                let answers = calls::other_doors(tx, j)?;
                Ok(answers.for_words("قبض برق خانه ما زیاد آمده", 3).first().map(|a| a.code.clone()))
            })
            .unwrap();
        assert_eq!(found.as_deref(), Some("power"), "{}", city.engine);
        let act = city.operator(7, 5);
        assert_eq!(
            refusal(city.do_call(move |tx, j| calls::told_elsewhere(tx, &act, j, id, "nothing-like-it"))),
            CallRefusal::DoorUnknown
        );
        let act = city.operator(7, 6);
        let call = city.do_call(move |tx, j| calls::told_elsewhere(tx, &act, j, id, "power")).unwrap();
        assert_eq!((call.wrap_up, call.request), (Some(WrapUp::ToldElsewhere), None));
        assert_eq!(call.handling_millis(), Some(6_000));
    });
}

#[test]
fn the_line_is_counted() {
    in_the_city("tehran", |city| {
        let act = city.exchange(0);
        city.do_call(move |tx, j| {
            calls::hear_queue(tx, &act, j, calls::QueueLength { waiting: 12, seconds: 40 })
        })
        .unwrap();
        city.submit(city.draft("street-sweeping", "یک")).unwrap();
        let at = |minutes: i64| {
            let now = SATURDAY.plus_millis(minutes * 60_000);
            city.do_call(move |tx, j| Ok(calls::line(tx, j, now)?)).unwrap()
        };
        let now = at(1);
        assert_eq!((now.waiting, now.open_today, now.per_minute), (Some(12), 1, 0.2), "{}", city.engine);
        // An exchange that fell silent is not believed for ever.
        assert_eq!((at(10).waiting, at(10).per_minute), (None, 0.0), "{}", city.engine);
    });
}

#[test]
fn a_city_pack_brings_questions_of_urgency() {
    in_the_city("tehran", |city| {
        let weigh = |service: &'static str, yes: &'static [&'static str]| {
            city.do_call(move |tx, j| {
                let catalogue = crate::catalogue(tx, j)?;
                let service = catalogue.by_code(service).unwrap();
                Ok(calls::triage::weigh(service, yes.iter().copied()))
            })
            .unwrap()
        };
        assert_eq!(weigh("fallen-tree", &["hurt"]), Priority::Emergency, "the city's own questions");
        assert_eq!(weigh("fallen-tree", &["blocked"]), Priority::Urgent);
        assert_eq!(weigh("gas-leak", &["inside"]), Priority::Emergency, "questions of the service");
        assert_eq!(weigh("gas-leak", &["blocked"]), Priority::Normal, "not asked for this service");
        assert_eq!(weigh("tree-planting", &["hurt"]), Priority::Normal, "nothing is promised for it");
    });
}
