//! Money against figures worked out by hand, and against an oracle that never divides.

use proptest::prelude::*;

use super::super::money::{self, Account, Entries, Rates, line, parse_decimal, parse_thousandths, share};
use super::super::penalties::{Served, of_failed_check, of_order};
use super::super::rows::RowKind;
use super::super::terms::{Class, Terms};
use super::super::{draw, measure};

const ONE: i64 = money::COEFFICIENT;

#[test]
fn a_line_is_price_times_quantity_times_coefficient_rounded_once() {
    for (price, quantity, coefficient, rial) in [
        // 1,250,000 × 2.5
        (1_250_000, 2_500, ONE, 3_125_000),
        // 333 × 0.001 = 0.333; 499 thousandths go down, 500 up.
        (333, 1, ONE, 0),
        (499, 1, ONE, 0),
        (500, 1, ONE, 1),
        (1, 1_499, ONE, 1),
        (1, 1_500, ONE, 2),
        // 1,000,001 × 1.0735 = 1,073,501.0735
        (1_000_001, 1_000, 10_735, 1_073_501),
        // 987,654 × 12.345 × 1.125 = 13,716,662.20875
        (987_654, 12_345, 11_250, 13_716_662),
        // 2,450,000 × 7.333 × 0.95 = 17,067,557.5: half a rial goes up.
        (2_450_000, 7_333, 9_500, 17_067_558),
        (0, 5_000, ONE, 0),
    ] {
        assert_eq!(line(price, quantity, coefficient), Some(rial), "{price} × {quantity} × {coefficient}");
    }
    // The largest that is allowed fits; what does not fit is none and never a wrong number.
    let most = line(money::MOST_PRICE, money::MOST_QUANTITY, money::MOST_COEFFICIENT);
    assert_eq!(most, Some(1_000_000_000_000_000_000));
    assert_eq!(line(i64::MAX, i64::MAX, ONE), None);
}

#[test]
fn a_share_is_rounded_half_away_from_zero() {
    for (amount, hundredths, rial) in [
        (12_345_678, 1_000, 1_234_568),
        (5, 1_000, 1),
        (4, 1_000, 0),
        (-5, 1_000, -1),
        (-4, 1_000, 0),
        (1_000, 333, 33),
        (100, 10_000, 100),
        (100, 0, 0),
    ] {
        assert_eq!(share(amount, hundredths), Some(rial), "{hundredths} of {amount}");
    }
}

#[test]
fn an_account_is_reckoned_as_by_hand() {
    let rates = Rates { ceiling: 1_000_000_000, retention: 1_000, penalty_most: 2_000 };
    // 900 million were paid, 125 million are new, and the contract pays one thousand million in all: 100 are left.
    // Retention 10 million; penalties of 27 million stop at a fifth of 100 million.
    let entries = Entries {
        previous: 900_000_000,
        work: vec![80_000_000, 45_000_000],
        corrections: vec![],
        penalties: vec![15_000_000, 12_000_000],
        carried_in: -5_000_000,
    };
    let expected = Account {
        to_date: 1_025_000_000,
        previous: 900_000_000,
        over_ceiling: 25_000_000,
        gross: 100_000_000,
        corrections: 0,
        penalties_full: 27_000_000,
        penalties: 20_000_000,
        retention: 10_000_000,
        carried_in: -5_000_000,
        payable: 65_000_000,
        carried_out: 0,
    };
    assert_eq!(money::account(&entries, rates), Some(expected));
    // More is taken back than was done: nothing to fine, a tenth of the retention comes back, the rest is carried on.
    let rates = Rates { ceiling: 0, ..rates };
    let entries = Entries {
        previous: 50_000_000,
        work: vec![-30_000_000],
        corrections: vec![2_000_000],
        penalties: vec![1_000_000],
        carried_in: 0,
    };
    let account = money::account(&entries, rates).unwrap();
    assert_eq!((account.gross, account.retention, account.penalties), (-30_000_000, -2_800_000, 0));
    assert_eq!((account.payable, account.carried_out), (0, -25_200_000));
    // Nothing happened.
    assert_eq!(money::account(&Entries::default(), rates), Some(Account::default()));
    let huge = Entries { work: vec![i64::MAX, 1], ..Entries::default() };
    assert_eq!(money::account(&huge, rates), None);
}

#[test]
fn numbers_are_read_as_people_type_them() {
    for (typed, number) in [
        ("2.5", Some(2_500)),
        ("۲٫۵", Some(2_500)),
        ("12", Some(12_000)),
        ("1,250.125", Some(1_250_125)),
        ("۱٬۲۵۰", Some(1_250_000)),
        ("0.001", Some(1)),
        ("0.0001", None),
        ("-1", None),
        ("", None),
        ("یک", None),
        ("1.2.3", None),
        ("9223372036854775807", None),
    ] {
        assert_eq!(parse_thousandths(typed), number, "{typed}");
    }
    assert_eq!(parse_decimal("1.0735", 4), Some(10_735));
    assert_eq!(parse_decimal("7", 0), Some(7));
}

fn terms() -> Terms {
    let mut terms =
        Terms { no_show: 7_000_000, failed_check: 3_000_000, missing_proof: 500_000, ..Terms::default() };
    terms.class[0] =
        Class { respond: 45, finish: 240, by_day: false, late_arrival: 1_000_000, late_finish: 400_000 };
    terms.class[2] =
        Class { respond: 0, finish: 1_440, by_day: true, late_arrival: 9, late_finish: 2_000_000 };
    terms
}

#[test]
fn lateness_costs_each_begun_hour_or_day() {
    let minute = |n: i64| n * 60_000;
    let served = |class, arrived: i64, ended: i64| Served {
        class,
        accepted_at: minute(1_000),
        arrived_at: Some(minute(1_000 + arrived)),
        ended_at: Some(minute(1_000 + ended)),
        ..Served::default()
    };
    for (class, arrived, ended, fines) in [
        // To the minute in time.
        (0, 45, 240, vec![]),
        // One minute late is one hour; sixty minutes are one hour; sixty-one are two.
        (0, 46, 240, vec![(RowKind::LateArrival, 1_000_000)]),
        (0, 105, 240, vec![(RowKind::LateArrival, 1_000_000)]),
        (0, 106, 240, vec![(RowKind::LateArrival, 2_000_000)]),
        (0, 45, 241, vec![(RowKind::LateFinish, 400_000)]),
        (0, 166, 600, vec![(RowKind::LateArrival, 3_000_000), (RowKind::LateFinish, 2_400_000)]),
        // By the day; nothing is asked about being there.
        (2, 5_000, 1_441, vec![(RowKind::LateFinish, 2_000_000)]),
        (2, 10, 2 * 1_440, vec![(RowKind::LateFinish, 2_000_000)]),
        (2, 10, 2 * 1_440 + 1, vec![(RowKind::LateFinish, 4_000_000)]),
        // The second class costs nothing when late.
        (1, 10_000, 10_000, vec![]),
    ] {
        let found: Vec<_> = of_order(&terms(), &served(class, arrived, ended))
            .into_iter()
            .map(|p| (p.kind, p.amount))
            .collect();
        assert_eq!(found, fines, "class {class}, there after {arrived}, done after {ended}");
    }
    let late = of_order(&terms(), &served(0, 46, 60)).remove(0);
    let times = [("accepted", minute(1_000)), ("due", minute(1_045)), ("arrived", minute(1_046))];
    assert_eq!(late.events, times, "every penalty carries the times it was computed from");
}

#[test]
fn who_did_not_come_is_fined_and_who_had_time_left_is_not() {
    let minute = |n: i64| n * 60_000;
    let served = Served {
        class: 0,
        accepted_at: 0,
        arrive_by: Some(minute(30)),
        taken_back_at: Some(minute(31)),
        ..Served::default()
    };
    let fines = of_order(&terms(), &served);
    assert_eq!(fines.iter().map(|p| (p.kind, p.amount)).collect::<Vec<_>>(), [(RowKind::NoShow, 7_000_000)]);
    let early = Served { taken_back_at: Some(minute(29)), ..served };
    assert!(of_order(&terms(), &early).is_empty());
    let bare = Served { class: 1, ended_at: Some(minute(9)), lacks_proof: true, ..Served::default() };
    assert_eq!(of_order(&terms(), &bare)[0].kind, RowKind::MissingProof);
    assert_eq!(of_failed_check(&terms(), None, 5).unwrap().amount, 3_000_000);
    assert_eq!(of_failed_check(&Terms::default(), None, 5), None);
}

#[test]
fn the_sample_can_be_drawn_again() {
    let seed = draw::month_seed(42, 20_000);
    assert_eq!(seed.len(), 16);
    assert_eq!(seed, draw::month_seed(42, 20_000));
    assert_ne!(seed, draw::month_seed(42, 20_031));
    let drawn = (0..10_000).filter(|n| draw::is_drawn(&seed, &format!("1405-{n:05}"), 20)).count();
    assert!((1_800..2_200).contains(&drawn), "{drawn}");
    assert!((0..100).all(|n| draw::is_drawn(&seed, &n.to_string(), 100)));
    assert!((0..100).all(|n| !draw::is_drawn(&seed, &n.to_string(), 0)));
}

#[test]
fn an_outlier_needs_something_to_stand_out_from() {
    assert!(!measure::is_outlier(1_000_000, &[]));
    assert!(!measure::is_outlier(1_000_000, &[1, 1, 1, 1]));
    assert!(!measure::is_outlier(3_000, &[1_000, 900, 1_100, 1_000, 1_000]));
    assert!(measure::is_outlier(3_001, &[1_000, 900, 1_100, 1_000, 1_000]));
}

proptest! {
    /// The oracle multiplies back: no whole rial is nearer to the exact product, and a tie goes away from zero.
    #[test]
    fn no_whole_rial_is_nearer(price in 0..money::MOST_PRICE, quantity in 0..money::MOST_QUANTITY, coefficient in 1..money::MOST_COEFFICIENT) {
        let rial = line(price, quantity, coefficient).unwrap();
        let exact = i128::from(price) * i128::from(quantity) * i128::from(coefficient);
        let twice_off = 2 * (i128::from(rial) * 10_000_000 - exact);
        prop_assert!(-10_000_000 < twice_off && twice_off <= 10_000_000);
        // A correction of the same is exactly what was paid.
        prop_assert_eq!(line(-price, quantity, coefficient).unwrap(), -rial);
    }

    /// Whatever months bring: what is paid, kept back, fined and carried on is exactly what was done; and all months
    /// together have paid for what is certified, up to the ceiling.
    #[test]
    fn months_add_up(
        months in prop::collection::vec((prop::collection::vec(-5_000_000_000_i64..50_000_000_000, 0..8), prop::collection::vec(0_i64..2_000_000_000, 0..5), -1_000_000_000_i64..1_000_000_000), 1..14),
        ceiling in prop_oneof![Just(0_i64), 1_i64..200_000_000_000],
        retention in 0_i64..2_000,
        penalty_most in 0_i64..5_000,
    ) {
        let rates = Rates { ceiling, retention, penalty_most };
        let (mut previous, mut carried_in, mut gross, mut paid, mut kept, mut fined, mut corrected) = (0, 0, 0_i64, 0_i64, 0, 0, 0);
        for (work, penalties, correction) in months {
            let entries = Entries { previous, work: work.clone(), corrections: vec![correction], penalties: penalties.clone(), carried_in };
            let account = money::account(&entries, rates).unwrap();
            prop_assert_eq!(account.payable + account.carried_out, account.gross + correction - account.retention - account.penalties + carried_in);
            prop_assert!(account.payable >= 0 && account.carried_out <= 0);
            prop_assert!(account.payable == 0 || account.carried_out == 0);
            prop_assert!(account.penalties <= penalties.iter().sum::<i64>() && account.penalties >= 0);
            prop_assert_eq!(account.to_date, previous + work.iter().sum::<i64>());
            (previous, carried_in) = (account.to_date, account.carried_out);
            gross += account.gross;
            paid += account.payable;
            kept += account.retention;
            fined += account.penalties;
            corrected += correction;
        }
        let capped = if ceiling > 0 { previous.min(ceiling) } else { previous };
        prop_assert_eq!(gross, capped);
        prop_assert_eq!(paid + kept + fined + carried_in, capped + corrected);
    }
}
