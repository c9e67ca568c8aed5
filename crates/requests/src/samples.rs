//! Example requests: for tests, page previews and the design page. They show the hard cases on purpose: half-spaces,
//! a Latin name inside Persian words, a promise that has passed, a private service.

use calendar::{Clock, Target, Timestamp};
use language::{Lang, TrackingCode};
use people::Role;
use territory::Point;

use crate::find::Knot;
use crate::{Channel, Kind, Priority, RequestId, ServiceRequest, Status};

/// A moment to stand at: Saturday 23 Aban 1405, 10:00 in Tehran.
pub const NOW: Timestamp = Timestamp(1_794_637_800_000);
const HOUR: i64 = 3_600_000;

/// A request in a given state, reported a day before [`NOW`].
pub fn request(status: Status, language: Lang) -> ServiceRequest {
    let requested_at = NOW.plus_millis(-26 * HOUR);
    let clock = Clock::start(requested_at, Target::hours(24));
    let words = match language {
        Lang::Fa => {
            "درخت بزرگی جلوی پلاک ۱۲ افتاده و راه کوچه را بسته است.\nکنار سوپرمارکت «Arian»؛ عابران از وسط خیابان می‌روند."
        }
        Lang::En => {
            "A large tree has fallen in front of number 12 and blocks the alley.\nNext to the “Arian” shop; people walk in the road."
        }
    };
    let address = match language {
        Lang::Fa => "خیابان ولی‌عصر، کوچهٔ یاس، پلاک ۱۲",
        Lang::En => "12 Yas Alley, Valiasr Street",
    };
    ServiceRequest {
        jurisdiction: 1,
        id: RequestId(1_794_000_000_000_000),
        code: TrackingCode::from_random(1_234_567),
        kind: Kind::Request,
        service: 1,
        status,
        is_public: true,
        priority: Priority::Urgent,
        channel: Channel::Web,
        language,
        words: words.into(),
        answers: Vec::new(),
        address: address.into(),
        district: None,
        neighbourhood: None,
        point: Point::new(35.7219, 51.4056),
        unit: None,
        requested_at,
        updated_at: NOW.plus_millis(-2 * HOUR),
        due_at: Some(requested_at.plus_millis(24 * HOUR)),
        closed_at: (!status.is_open()).then(|| NOW.plus_millis(-2 * HOUR)),
        clock: Some(clock),
        status_note: String::new(),
        duplicate_of: None,
        followers: 3,
        photos: 0,
        source: String::new(),
        external_id: None,
        version: 1,
        with_inspector: false,
        owner: None,
    }
}

/// A thread from the first word to an answer.
pub fn thread(language: Lang) -> Vec<Knot> {
    let said = |fa: &str, en: &str| if language == Lang::Fa { fa.to_owned() } else { en.to_owned() };
    let knot = |seq, hours: i64, by, fact: &str, status, text: String| Knot {
        seq,
        at: NOW.plus_millis(-hours * HOUR),
        by,
        fact: fact.into(),
        status,
        unit: None,
        text,
        is_internal: false,
    };
    vec![
        knot(1, 26, Role::Citizen, "submitted", Some(Status::Received), String::new()),
        knot(2, 25, Role::Operator, "confirmed", Some(Status::Confirmed), String::new()),
        knot(3, 24, Role::Operator, "assigned", Some(Status::Assigned), String::new()),
        knot(4, 6, Role::UnitMember, "started", Some(Status::InProgress), String::new()),
        knot(5, 2, Role::System, "overdue", None, String::new()),
        knot(
            6,
            2,
            Role::UnitMember,
            "answered",
            Some(Status::Answered),
            said(
                "تنهٔ درخت بریده و کوچه باز شد. شاخه‌ها تا فردا صبح جمع می‌شود.",
                "The trunk was cut and the alley is open. The branches will be collected by tomorrow morning.",
            ),
        ),
    ]
}
