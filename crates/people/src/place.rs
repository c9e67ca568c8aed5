//! Where the thing is that someone wants to act on.

/// A place in the sense of rights: the city, the unit that answers, the district, the neighbourhood, the account
/// that owns it. What is not said is not anybody's: a right that reaches over one district does not open a thing
/// whose district is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Where {
    pub jurisdiction: i64,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    /// The account whose thing it is.
    pub owner: Option<i64>,
}

impl Where {
    /// The city as a whole: services, accounts, storms.
    pub fn city(jurisdiction: i64) -> Self {
        Where { jurisdiction, unit: None, district: None, neighbourhood: None, owner: None }
    }

    pub fn unit(jurisdiction: i64, unit: Option<i64>) -> Self {
        Where { unit, ..Where::city(jurisdiction) }
    }

    pub fn in_district(self, district: Option<i64>) -> Self {
        Where { district, ..self }
    }

    pub fn in_neighbourhood(self, neighbourhood: Option<i64>) -> Self {
        Where { neighbourhood, ..self }
    }

    pub fn owned_by(self, owner: Option<i64>) -> Self {
        Where { owner, ..self }
    }
}
