//! The loop closes: done, proved, answered; an objection sends somebody again.

use people::{Actor, Role};
use requests::incidents::{self, State};
use requests::reply::{self, Decision, How};
use requests::{Priority, RequestId, Status};

use super::{City, in_the_city};
use crate::{OrderStatus, Origin, WorkOrder, orders};

fn confirmed(city: &City, service: &str) -> (RequestId, WorkOrder) {
    let request = city.report(service, Priority::Normal);
    city.move_to(request.id, Status::Confirmed, 0);
    city.follow();
    (request.id, city.orders_of(request.id).remove(0))
}

#[test]
fn the_citizen_is_answered_with_words_and_photos_when_the_crew_is_done() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let (id, order) = confirmed(&city, "blocked-drain");
        city.assign(order.id, crew.id).unwrap();
        let act = city.dispatcher(5);
        city.write(move |tx, j| orders::on_the_way(tx, &act, j, order.id)).unwrap();
        city.follow();
        assert_eq!(city.request(id).status, Status::InProgress, "somebody is on the way");
        city.arrive(order.id, 10);
        city.prove(order.id, 20);
        city.finish(order.id, 40).unwrap();
        city.follow();
        let answered = city.request(id);
        assert_eq!(answered.status, Status::Answered);
        assert_eq!(answered.status_note, "دهانهٔ آب باز شد.\nآب روان شد");
        let photos = city.db.read_blocking(move |tx| requests::find::photos(tx, &answered)).unwrap();
        assert_eq!(photos.len(), 2);
        // Answered by the order: the order stays done.
        assert_eq!(city.show(order.id).status, OrderStatus::Done);
    });
}

#[test]
fn an_objection_that_is_right_sends_the_same_people_again_unpaid() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let (id, order) = confirmed(&city, "blocked-drain");
        city.do_it(order.id, crew.id);
        city.follow();
        let act = city.act(Actor::Citizen, 100);
        city.write(move |tx, j| reply::object(tx, &act, j, id, "هنوز بسته است", How::Web)).unwrap();
        city.follow();
        assert_eq!(city.orders_of(id).len(), 1, "the inspector decides first");
        let act = city.staff(Role::Inspector, None, 200);
        let give_back = Decision::GiveBack { unit: None };
        city.write(move |tx, j| reply::decide(tx, &act, j, id, give_back, "حق با شماست")).unwrap();
        city.follow();
        city.follow();
        let all = city.orders_of(id);
        assert_eq!(all.len(), 2, "{}", city.engine);
        let visit = &all[1];
        assert_eq!((visit.origin, visit.visit, visit.is_paid), (Origin::Objection, 2, false));
        assert_eq!(visit.earlier_visit, Some(order.id));
        assert_eq!(visit.contractor, order.contractor);
        city.assign(visit.id, crew.id).unwrap();
        city.arrive(visit.id, 210);
        city.prove(visit.id, 220);
        city.finish(visit.id, 230).unwrap();
        city.follow();
        assert_eq!(city.request(id).status, Status::Answered);
    });
}

#[test]
fn what_was_not_done_is_told_to_colleagues_and_not_answered() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let (id, order) = confirmed(&city, "blocked-drain");
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 5);
        let act = city.dispatcher(9);
        city.write(move |tx, j| orders::not_done(tx, &act, j, order.id, "no-access", "خودرو پارک است"))
            .unwrap();
        city.follow();
        let request = city.request(id);
        assert!(request.status.is_open());
        let thread = city.db.read_blocking(move |tx| requests::find::thread(tx, &request, true)).unwrap();
        assert!(thread.iter().any(|knot| knot.is_internal && knot.text.contains("راه رسیدن بسته بود")));
    });
}

#[test]
fn photos_that_come_later_answer_later() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let (id, order) = confirmed(&city, "dead-animal");
        let wish = crate::crews::Wish::of(&city.show_crew(crew.id));
        assert!(wish.skills.contains(&"clean".to_owned()));
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 5);
        let act = city.dispatcher(6);
        city.write(move |tx, j| {
            crate::evidence::add(tx, &act, j, order.id, &crate::evidence::Brought::tick("ppe"))?;
            let outcome = orders::Outcome { photos_follow: true, ..Default::default() };
            orders::done(tx, &act, j, order.id, &outcome)
        })
        .unwrap();
        city.follow();
        assert_eq!(city.request(id).status, Status::InProgress);
        city.prove(order.id, 60);
        city.follow();
        assert_eq!(city.request(id).status, Status::Answered);
    });
}

#[test]
fn everybody_in_an_incident_is_answered() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let all: Vec<_> = (0..4).map(|_| city.report("blocked-drain", Priority::Emergency).id).collect();
        city.follow();
        let order = city.orders_of(all[0]).into_iter().chain(city.orders_of(all[3])).next();
        let j = city.jurisdiction;
        let open = city.db.read_blocking(move |tx| orders::open(tx, j, &orders::Wanted::default())).unwrap();
        assert_eq!(open.len(), 1);
        assert!(order.is_none_or(|order| order.id == open[0].id));
        let incident = open[0].incident.unwrap();
        city.do_it(open[0].id, crew.id);
        city.follow();
        let known =
            city.db.read_blocking(move |tx| incidents::read::by_id(tx, j, incident)).unwrap().unwrap();
        assert_eq!(known.state, State::Answered);
        assert!(known.answer.fa.contains("دهانهٔ آب باز شد"));
    });
}

#[test]
fn a_mistake_of_the_past_does_not_answer_twice() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let (id, order) = confirmed(&city, "blocked-drain");
        city.assign(order.id, crew.id).unwrap();
        city.arrive(order.id, 5);
        // The unit answers by hand while the crew is there: the order is over, and what the crew says is refused.
        city.move_to(id, Status::Answered, 8);
        city.follow();
        assert_eq!(city.show(order.id).status, OrderStatus::Cancelled);
        assert!(city.finish(order.id, 9).is_err());
        assert_eq!(city.show_crew(crew.id).order, None);
    });
}
