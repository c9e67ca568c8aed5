//! A contractor's month, from the contract to the closed statement.

use calendar::Timestamp;
use people::units::UnitKind;
use people::{Act, Role};
use territory::Point;

use super::super::{
    self as contracts, Contract, ContractError, Draft, Hand, Item, LineState, NewLine, RowKind, State, Terms,
    Verdict,
};
use crate::orders;
use crate::tests::{City, SATURDAY, SIX, in_the_city, point};
use crate::{OrderStatus, Seen, Urgency};

/// Minutes of a day.
pub const DAY: i64 = 24 * 60;

/// A city with a contractor, and a contract of a million and something.
pub struct Site {
    pub city: City,
    pub contractor: i64,
    pub other: i64,
    pub contract: Contract,
}

pub fn item(code: &str, price: i64, usual_most: Option<i64>) -> Item {
    Item {
        code: code.into(),
        name_fa: format!("کار {code}"),
        name_en: String::new(),
        unit: "متر مکعب".into(),
        price,
        usual_most,
    }
}

/// 1 Aban 1405, in days since 1970: SATURDAY is the 23rd.
pub fn first_of_month() -> i64 {
    SATURDAY.0 / 86_400_000 - 22
}

pub fn terms() -> Terms {
    let mut terms = Terms {
        check_percent: 0,
        missing_proof: 500_000,
        failed_check: 300_000,
        no_show: 900_000,
        ..Terms::default()
    };
    for class in &mut terms.class {
        class.late_arrival = 1_000_000;
        class.late_finish = 400_000;
    }
    terms
}

impl Site {
    pub fn new(city: City, terms: Terms) -> Site {
        let jurisdiction = city.jurisdiction;
        let units = city.db.read_blocking(move |tx| people::units::all(tx, jurisdiction)).unwrap();
        let mut external =
            units.into_iter().filter(|unit| unit.kind == UnitKind::External).map(|unit| unit.id);
        let (contractor, other) = (external.next().unwrap(), external.next().unwrap());
        let act = city.staff(Role::Supervisor, None, -22 * DAY);
        let draft = Draft {
            code: "1405-12".into(),
            title_fa: "خدمات شهری منطقهٔ ۶".into(),
            title_en: String::new(),
            contractor: Some(contractor),
            starts_on: Some(first_of_month()),
            ends_on: Some(first_of_month() + 120),
            terms,
        };
        let contract = city
            .write(move |tx, j| -> contracts::Done<Contract> {
                let made = contracts::make(tx, &act, j, &draft)?;
                let items = [item("0101", 2_450_000, Some(12_000)), item("0102", 333_333, None)];
                contracts::put_prices(tx, &act, j, made.id, made.starts_on, &items)?;
                contracts::set_state(tx, &act, j, made.id, made.version, State::InForce)?;
                Ok(contracts::by_id(tx, j, made.id)?.unwrap())
            })
            .unwrap();
        Site { city, contractor, other, contract }
    }

    pub fn speaker(&self, minutes: i64) -> Act {
        self.city.staff(Role::Contractor, Some(self.contractor), minutes)
    }

    pub fn supervisor(&self, minutes: i64) -> Act {
        self.city.staff(Role::Supervisor, None, minutes)
    }

    pub fn order(&self, urgency: Urgency, place: Point, minutes: i64) -> crate::WorkOrder {
        let act = self.city.dispatcher(minutes);
        let draft = orders::Draft { urgency: Some(urgency), ..orders::Draft::at("tree-fallen", place) };
        self.city.write(move |tx, j| orders::make(tx, &act, j, draft)).unwrap()
    }

    pub fn give(&self, order: &crate::WorkOrder, minutes: i64) -> contracts::Done<contracts::Offer> {
        let (act, contract, id, seen) =
            (self.city.dispatcher(minutes), self.contract.id, order.id, Seen(order.version));
        self.city.write(move |tx, j| contracts::give(tx, &act, j, id, contract, seen))
    }

    /// Everything from the order to the signature: accepted at once, there and done after so many minutes.
    pub fn work(
        &self,
        urgency: Urgency,
        place: Point,
        minutes: i64,
        there: i64,
        done: i64,
        lines: &[(&str, i64, Option<&str>)],
    ) -> i64 {
        let order = self.order(urgency, place, minutes);
        let offer = self.give(&order, minutes).unwrap().id;
        let accept = self.speaker(minutes);
        let (arrive, finish) = (self.speaker(minutes + there), self.speaker(minutes + done));
        let lines: Vec<_> = lines
            .iter()
            .map(|(item, quantity, photo)| ((*item).to_owned(), *quantity, photo.map(str::to_owned)))
            .collect();
        let day = (SATURDAY.0 + (minutes + done) * 60_000 + 12_600_000) / 86_400_000;
        self.city
            .write(move |tx, j| -> contracts::Done<()> {
                contracts::accept(tx, &accept, j, offer, accept.at.plus_minutes(20), Hand::Account)?;
                contracts::arrive(tx, &arrive, j, offer, Hand::Account)?;
                contracts::finish(tx, &finish, j, offer, Hand::Account)?;
                for (item, quantity, photo) in &lines {
                    let line = NewLine {
                        item: item.clone(),
                        quantity: Some(*quantity),
                        measured_on: Some(day),
                        measured_by: "کریمی".into(),
                        note: String::new(),
                        photo: photo.clone().map(|photo| (photo.clone(), photo)),
                    };
                    contracts::add_line(tx, &finish, j, offer, &line, Hand::Account)?;
                }
                contracts::sign(tx, &finish, j, offer, "رضا کریمی", Hand::Account)
            })
            .unwrap();
        offer
    }

    pub fn lines(&self, offer: i64) -> Vec<contracts::Line> {
        let now = Timestamp(SATURDAY.0 + 90 * 86_400_000);
        self.city.write(move |tx, j| contracts::sheet(tx, j, offer, now)).unwrap().unwrap().lines
    }

    pub fn check(&self, line: &contracts::Line, minutes: i64, verdict: Verdict) -> contracts::Done<()> {
        let (act, id, seen) = (self.city.staff(Role::Inspector, None, minutes), line.id, line.version);
        self.city.write(move |tx, j| contracts::check(tx, &act, j, id, seen, &verdict))
    }

    pub fn present(&self, minutes: i64, day: i64) -> contracts::Done<i64> {
        let (act, contract) = (self.supervisor(minutes), self.contract.id);
        self.city.write(move |tx, j| contracts::present(tx, &act, j, contract, day))
    }

    pub fn statement(&self, id: i64) -> (contracts::Statement, Vec<contracts::Row>) {
        self.city.write(move |tx, j| contracts::statement_by_id(tx, j, id)).unwrap().unwrap()
    }

    pub fn close(&self, id: i64, minutes: i64) -> contracts::Done<()> {
        let (act, seen) = (self.supervisor(minutes), self.statement(id).0.version);
        self.city.write(move |tx, j| contracts::close(tx, &act, j, id, seen))
    }
}

pub fn code<T: std::fmt::Debug>(done: contracts::Done<T>) -> String {
    match done.unwrap_err() {
        ContractError::Refused(code) => code.to_owned(),
        ContractError::Wrong { field, code } => format!("{field}-{code}"),
        ContractError::NotFound => "not-found".into(),
        ContractError::Denied(_) => "denied".into(),
        ContractError::Changed => "changed".into(),
        ContractError::Storage(error) => panic!("{error}"),
    }
}

/// Some way north.
fn north(metres: f64) -> Point {
    point((SIX.0 + metres / 111_320.0, SIX.1))
}

#[test]
fn a_month_is_worked_checked_stated_disputed_and_closed() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let engine = site.city.engine;
        // An immediate one in time with a photo, an ordinary one that is three hours late without a photo.
        let first = site.work(
            Urgency::Immediate,
            north(0.0),
            0,
            30,
            100,
            &[("0101", 2_500, Some("aa")), ("0102", 1_500, Some("bb"))],
        );
        let second = site.work(Urgency::TwoHours, north(500.0), 60, 250, 300, &[("0101", 4_000, None)]);
        let third = site.work(Urgency::Day, north(900.0), 120, 60, 90, &[("0101", 1_000, Some("cc"))]);
        // Everybody looks at what is immediate and at what is odd; the third is certified by itself.
        let looked: Vec<Vec<LineState>> =
            [first, second, third].map(|offer| site.lines(offer).iter().map(|l| l.state).collect()).into();
        assert_eq!(
            looked,
            [
                vec![LineState::Submitted, LineState::Submitted],
                vec![LineState::Submitted],
                vec![LineState::Certified]
            ],
            "{engine}"
        );
        assert_eq!(site.lines(second)[0].flags, ["no-photo"]);
        let waiting = {
            let act = site.city.staff(Role::Inspector, None, 500);
            site.city.write(move |tx, j| contracts::to_check(tx, &act, j, 50)).unwrap()
        };
        assert_eq!(waiting.iter().map(|w| w.offer.id).collect::<Vec<_>>(), [first, second], "{engine}");
        let lines = site.lines(first);
        site.check(&lines[0], 500, Verdict::Certify).unwrap();
        assert_eq!(
            code(site.check(&lines[1], 501, Verdict::Partly { quantity: 1_500, words: "کم".into() })),
            "quantity-not-less"
        );
        site.check(&lines[1], 501, Verdict::Partly { quantity: 1_000, words: "یک متر دیده شد".into() })
            .unwrap();
        assert_eq!(code(site.check(&lines[1], 502, Verdict::Certify)), "line-decided", "{engine}");
        site.check(&site.lines(second)[0], 503, Verdict::Reject { words: "انجام نشده".into() }).unwrap();

        // The month is not over before its last day is.
        assert_eq!(code(site.present(600, first_of_month())), "month-not-over");
        let later = 9 * DAY;
        let id = site.present(later, first_of_month()).unwrap();
        let (statement, rows) = site.statement(id);
        let of = |kind: RowKind| rows.iter().filter(|r| r.kind == kind).map(|r| r.amount).collect::<Vec<_>>();
        // 2.5 × 2,450,000 and 1 × 333,333 and 1 × 2,450,000.
        assert_eq!(of(RowKind::Work), [6_125_000, 333_333, 2_450_000], "{engine}");
        // 250 minutes for 120: three begun hours. 300 minutes for 480: in time.
        assert_eq!(of(RowKind::LateArrival), [3_000_000]);
        assert_eq!(of(RowKind::LateFinish), [0_i64; 0]);
        assert_eq!(of(RowKind::MissingProof), [500_000]);
        // One rejected, one partly.
        assert_eq!(of(RowKind::FailedCheck), [300_000, 300_000]);
        let account = statement.account;
        assert_eq!((account.to_date, account.gross), (8_908_333, 8_908_333));
        // 8,908,333 / 10 = 890,833.3; fines of 4,100,000 stop at a fifth: 1,781,666.6 is 1,781,667.
        assert_eq!(
            (account.retention, account.penalties_full, account.penalties),
            (890_833, 4_100_000, 1_781_667)
        );
        assert_eq!(account.payable, 8_908_333 - 890_833 - 1_781_667, "{engine}");
        assert_eq!(code(site.present(later, first_of_month() + 31)), "month-not-over");

        // The contractor objects to the lateness and to the metre; the city halves one and turns the other down.
        let number = |kind: RowKind| rows.iter().find(|r| r.kind == kind).unwrap().number;
        let (late, metre) = (number(RowKind::LateArrival), rows[1].number);
        for row in [late, metre] {
            let act = site.speaker(later + 10);
            site.city
                .write(move |tx, j| contracts::dispute(tx, &act, j, id, row, "خیابان بسته بود"))
                .unwrap();
        }
        let twice = site.speaker(later + 11);
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::dispute(tx, &twice, j, id, late, "باز"))),
            "dispute-known"
        );
        assert_eq!(code(site.close(id, later + 20)), "dispute-open");
        let act = site.supervisor(later + 30);
        let more = act.clone();
        assert_eq!(
            code(site.city.write(move |tx, j| contracts::answer(
                tx,
                &more,
                j,
                id,
                late,
                Some(3_000_001),
                "نه"
            ))),
            "upheld-wrong",
            "an objection never makes a fine larger"
        );
        site.city
            .write(move |tx, j| -> contracts::Done<()> {
                contracts::answer(tx, &act, j, id, late, Some(1_000_000), "دو ساعت بسته بود")?;
                contracts::answer(tx, &act, j, id, metre, None, "در عکس یک متر است")
            })
            .unwrap();
        let (statement, rows) = site.statement(id);
        assert_eq!(statement.account.penalties_full, 2_100_000);
        assert_eq!(rows[usize::try_from(late - 1).unwrap()].amount_before, Some(3_000_000));
        // Nobody closes before the term is over, unless the contractor agrees.
        assert_eq!(code(site.close(id, later + 40)), "dispute-term");
        let act = site.speaker(later + 50);
        site.city.write(move |tx, j| contracts::agree(tx, &act, j, id)).unwrap();
        site.close(id, later + 60).unwrap();
        let (closed, closed_rows) = site.statement(id);

        // Afterwards: the paid immediate line is reopened, a correction is made. Neither touches the closed statement.
        assert_eq!(code(site.close(id, later + 70)), "statement-closed");
        let paid = site.lines(first).remove(0);
        assert_eq!((paid.billed, paid.billed_in, paid.certified), (6_125_000, Some(id), 2_500));
        let (act, seen) = (site.city.staff(Role::Inspector, None, later + 80), paid.version);
        let supervisor = site.supervisor(later + 90);
        site.city
            .write(move |tx, j| -> contracts::Done<()> {
                contracts::reopen(tx, &act, j, paid.id, seen, "دوباره شکسته است")?;
                contracts::correct(tx, &supervisor, j, id, 125_000, "بهای تابلو جا مانده بود")
            })
            .unwrap();
        assert_eq!(site.statement(id), (closed.clone(), closed_rows), "{engine}: closed for ever");
        let next = site.present(39 * DAY, first_of_month() + 31).unwrap();
        let (second_one, rows) = site.statement(next);
        let found: Vec<_> = rows.iter().map(|r| (r.kind, r.amount)).collect();
        assert_eq!(found, [(RowKind::Work, -6_125_000), (RowKind::Correction, 125_000)], "{engine}");
        let account = second_one.account;
        assert_eq!((second_one.number, account.previous, account.to_date), (2, 8_908_333, 2_783_333));
        // −6,000,000 and a tenth of it given back.
        assert_eq!((account.retention, account.payable, account.carried_out), (-600_000, 0, -5_400_000));

        // Every step is in the journal.
        let jurisdiction = site.city.jurisdiction;
        let facts = site
            .city
            .db
            .read_blocking(move |tx| storage::journal::after(tx, jurisdiction, 0, 10_000))
            .unwrap();
        for fact in [
            "in-force",
            "offered",
            "accepted",
            "signed",
            "certified",
            "partly",
            "rejected",
            "presented",
            "disputed",
            "upheld",
            "turned-down",
            "agreed",
            "closed",
            "reopened",
            "corrected",
        ] {
            assert!(facts.iter().any(|f| f.fact == fact), "{engine}: {fact}");
        }
    });
}

#[test]
fn a_price_list_of_the_middle_of_the_month_counts_from_its_day() {
    in_the_city(|city| {
        let site = Site::new(city, terms());
        let before = site.work(Urgency::Day, north(0.0), 0, 5, 10, &[("0101", 1_000, Some("aa"))]);
        let after = site.work(Urgency::Day, north(500.0), 3 * DAY, 5, 10, &[("0101", 1_000, Some("bb"))]);
        let (act, contract) = (site.supervisor(4 * DAY), site.contract.id);
        // Two days after the first and one before the second, put in later than both.
        let from = first_of_month() + 24;
        let items = [item("0101", 3_000_000, None), item("0102", 1, None)];
        site.city.write(move |tx, j| contracts::put_prices(tx, &act, j, contract, from, &items)).unwrap();
        let id = site.present(9 * DAY, first_of_month()).unwrap();
        let amounts: Vec<_> = site.statement(id).1.iter().map(|r| (r.price, r.amount)).collect();
        assert_eq!(amounts, [(2_450_000, 2_450_000), (3_000_000, 3_000_000)], "{}", site.city.engine);
        assert_eq!((site.lines(before).len(), site.lines(after).len()), (1, 1));
        // What was told is told: no list begins in a month that has its statement.
        let (act, items) = (site.supervisor(9 * DAY), [item("0101", 9, None)]);
        let refused =
            site.city.write(move |tx, j| contracts::put_prices(tx, &act, j, contract, from, &items));
        assert_eq!(code(refused), "valid_from-already-billed");
        // Taken back before it is closed, the statement can be presented anew, and says the same.
        let (act, seen) = (site.supervisor(9 * DAY + 5), site.statement(id).0.version);
        site.city.write(move |tx, j| contracts::withdraw(tx, &act, j, id, seen)).unwrap();
        let again = site.present(9 * DAY + 6, first_of_month()).unwrap();
        assert_eq!(site.statement(again).1.len(), 2, "{}", site.city.engine);
        let work = site.city.db.read_blocking({
            let j = site.city.jurisdiction;
            move |tx| contracts::offers(tx, j, None, Some(contract), false, 10)
        });
        assert!(work.unwrap().iter().all(|(_, work)| work.status == OrderStatus::Done));
    });
}
