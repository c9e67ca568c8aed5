//! Requests and incidents become orders, once.

use people::Role;
use requests::incidents;
use requests::{Priority, Status};

use super::{City, in_the_city};
use crate::{OrderStatus, Origin, Urgency, orders};

#[test]
fn a_request_becomes_one_order_when_it_is_confirmed() {
    in_the_city(|city| {
        let request = city.report("blocked-drain", Priority::Normal);
        city.follow();
        assert!(city.orders_of(request.id).is_empty(), "nobody has looked at it yet");
        city.move_to(request.id, Status::Confirmed, 1);
        city.follow();
        city.move_to(request.id, Status::Assigned, 2);
        city.follow();
        city.follow();
        let orders = city.orders_of(request.id);
        assert_eq!(orders.len(), 1, "{}", city.engine);
        let order = &orders[0];
        assert_eq!((order.origin, order.job_type.as_str()), (Origin::Request, "drain"));
        assert_eq!((order.unit, order.district), (request.unit, request.district));
        assert_eq!(order.words, request.words);
    });
}

#[test]
fn an_emergency_waits_for_no_clerk() {
    in_the_city(|city| {
        let request = city.report("street-flood", Priority::Emergency);
        city.follow();
        let orders = city.orders_of(request.id);
        assert_eq!(orders.len(), 1);
        assert_eq!((orders[0].urgency, orders[0].danger), (Urgency::Immediate, 2));
    });
}

#[test]
fn what_needs_no_crew_or_is_done_by_others_makes_no_order() {
    in_the_city(|city| {
        for service in ["suggestion", "street-light", "water-leak"] {
            let request = city.report(service, Priority::Normal);
            city.move_to(request.id, Status::Confirmed, 1);
            city.follow();
            assert!(city.orders_of(request.id).is_empty(), "{service}");
        }
    });
}

#[test]
fn what_ends_a_request_ends_its_order() {
    in_the_city(|city| {
        for end in [Status::Cancelled, Status::Declined, Status::Answered] {
            let request = city.report("blocked-drain", Priority::Normal);
            city.move_to(request.id, Status::Confirmed, 1);
            city.follow();
            city.move_to(request.id, end, 2);
            city.follow();
            let orders = city.orders_of(request.id);
            assert_eq!(orders[0].status, OrderStatus::Cancelled, "{end:?}");
            assert_eq!(orders[0].reason, format!("request-{}", end.code()));
        }
    });
}

#[test]
fn a_duplicate_hands_its_order_on() {
    in_the_city(|city| {
        let (one, other) =
            (city.report("bulky-waste", Priority::Normal), city.report("bulky-waste", Priority::Normal));
        city.move_to(one.id, Status::Confirmed, 1);
        city.follow();
        let act = city.staff(Role::Operator, None, 2);
        let mut step = requests::moves::Step::to(Status::Duplicate);
        step.same_as = Some(other.id);
        city.write(move |tx, j| requests::moves::make(tx, &act, j, one.id, &step)).unwrap();
        city.follow();
        let orders = city.orders_of(other.id);
        assert_eq!(orders.len(), 1);
        assert!(orders[0].is_open());
        // The other one is confirmed later, and nobody is sent twice.
        city.move_to(other.id, Status::Confirmed, 3);
        city.follow();
        assert_eq!(city.orders_of(other.id).len(), 1);
    });
}

fn all_open(city: &City) -> Vec<crate::WorkOrder> {
    let j = city.jurisdiction;
    city.db.read_blocking(move |tx| orders::open(tx, j, &orders::Wanted::default())).unwrap()
}

#[test]
fn many_reports_of_one_flood_are_one_order() {
    in_the_city(|city| {
        let all: Vec<_> = (0..5).map(|_| city.report("street-flood", Priority::Emergency)).collect();
        city.follow();
        let open = all_open(&city);
        assert_eq!(open.len(), 1, "{}: {open:?}", city.engine);
        let incident = open[0].incident.expect("the order is the incident's");
        // More reports, and a person who confirms the incident, send nobody again.
        city.report("street-flood", Priority::Emergency);
        let act = city.staff(Role::Operator, None, 3);
        city.write(move |tx, j| incidents::confirm(tx, &act, j, incident)).unwrap();
        city.follow();
        assert_eq!(all_open(&city).len(), 1);
        // One of them takes it back; the others still wait.
        city.move_to(all[0].id, Status::Cancelled, 4);
        city.follow();
        assert_eq!(all_open(&city).len(), 1);
        let act = city.staff(Role::Operator, None, 5);
        city.write(move |tx, j| incidents::close(tx, &act, j, incident)).unwrap();
        city.follow();
        assert!(all_open(&city).is_empty());
    });
}

#[test]
fn following_again_from_the_beginning_makes_nothing_twice() {
    in_the_city(|city| {
        let request = city.report("blocked-drain", Priority::Normal);
        city.move_to(request.id, Status::Confirmed, 1);
        city.follow();
        let again = storage::followers::Follower { name: "again", ..crate::follow::FOLLOWER };
        storage::followers::catch_up_blocking(&city.db, again).unwrap();
        assert_eq!(city.orders_of(request.id).len(), 1);
    });
}
