//! How long a service remembers people.

use calendar::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ServiceRequest;
use crate::catalogue::Catalogue;

const DAY: i64 = 86_400_000;

/// How many days after the end of the work something is remembered; `retention` of a service in the city pack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Name, number and address of the reporter and of those who follow.
    pub contact_days: Option<i64>,
    /// The words of the request and of its notes, its answers and its address.
    pub words_days: Option<i64>,
}

/// What holds where a service says nothing: people for two years, words for five.
pub const DEFAULT: Retention = Retention { contact_days: Some(730), words_days: Some(1_825) };

/// The rule of a service, with the default where it is silent. A service that the catalogue forgot has the default.
pub(crate) fn rule(catalogue: &Catalogue, service: i64) -> Retention {
    let own = catalogue.service(service).map(|s| s.about.retention).unwrap_or_default();
    Retention {
        contact_days: own.contact_days.or(DEFAULT.contact_days),
        words_days: own.words_days.or(DEFAULT.words_days),
    }
}

/// What of a request has been remembered long enough: the reporter, the words.
pub(crate) fn is_over(catalogue: &Catalogue, request: &ServiceRequest, at: Timestamp) -> (bool, bool) {
    let Some(ended) = request.closed_at.filter(|_| !request.status.is_open()) else {
        return (false, false);
    };
    let rule = rule(catalogue, request.service);
    let passed = |days: Option<i64>| {
        days.is_some_and(|days| at.0.saturating_sub(ended.0) > days.max(0).saturating_mul(DAY))
    };
    (passed(rule.contact_days), passed(rule.words_days))
}

/// The shortest time that any service remembers anything: nothing that came later can be over.
pub(crate) fn shortest(catalogue: &Catalogue) -> i64 {
    let days = |r: Retention| [r.contact_days, r.words_days].into_iter().flatten().min();
    let own = catalogue.services.iter().filter_map(|s| days(rule(catalogue, s.id))).min();
    own.or(days(DEFAULT)).unwrap_or(0).max(0).saturating_mul(DAY)
}
