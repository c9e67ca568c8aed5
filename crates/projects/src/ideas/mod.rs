//! Ideas: what citizens want their city to do.
//!
//! An idea is sent with a place and a topic, after its sender saw what is like it. It can be co-signed, and merged into
//! another when its author agrees. Experts judge it in [`crate::feasibility`]; it is never deleted.

mod merge; // two ideas that are one
mod send; // a citizen says what they want
mod sign;
mod similar; // what is alike // "I want this too"

pub use merge::{Merge, MergeState, answer as answer_merge, asked_of, propose as propose_merge};
pub use send::{NewIdea, send};
pub use sign::{has_signed, sign};
pub use similar::{Alike, similar};

use calendar::Timestamp;
use language::{Lang, TrackingCode, fold};
use storage::{Result, Row, Tx, params, sql};
use territory::Point;

use crate::coded::{coded, known};
use crate::rounds::RoundId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdeaId(pub i64);

coded! {
    /// How an idea stands.
    IdeaState {
        Open = "open",
        /// It goes on as part of another.
        Merged = "merged",
        /// Experts say that it can be done; it has become a project.
        Feasible = "feasible",
        /// Experts say that it cannot, and why.
        NotFeasible = "not-feasible",
        /// Hidden by a moderator.
        Hidden = "hidden",
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Idea {
    pub id: IdeaId,
    pub code: TrackingCode,
    pub round: RoundId,
    pub state: IdeaState,
    pub topic: String,
    pub title: String,
    pub words: String,
    pub language: Lang,
    pub address: String,
    pub point: Option<Point>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    /// Who sent it; never shown to others.
    pub account: Option<i64>,
    /// The unit that is asked whether it can be done.
    pub unit: Option<i64>,
    /// Co-signers besides its author.
    pub supporters: i64,
    pub merged_into: Option<IdeaId>,
    pub made_at: Timestamp,
    pub version: i64,
}

macro_rules! idea_columns {
    () => {
        "id, code, round_id, state, topic, title, words, language, address, lat, long, district_id, neighbourhood_id, account_id, \
         unit_id, supporters, merged_into, made_at, version"
    };
}
pub(crate) use idea_columns;

pub(crate) fn from_row(row: &Row<'_>) -> Result<Idea> {
    let code = u64::try_from(row.get::<i64>(1)?).ok().and_then(TrackingCode::from_number);
    let point = match (row.get::<Option<f64>>(9)?, row.get::<Option<f64>>(10)?) {
        (Some(lat), Some(long)) => Point::new(lat, long),
        _ => None,
    };
    Ok(Idea {
        id: IdeaId(row.get(0)?),
        code: known(code, "code of an idea")?,
        round: RoundId(row.get(2)?),
        state: known(IdeaState::parse(&row.get::<String>(3)?), "state of an idea")?,
        topic: row.get(4)?,
        title: row.get(5)?,
        words: row.get(6)?,
        language: Lang::from_code(&row.get::<String>(7)?).unwrap_or(Lang::Fa),
        address: row.get(8)?,
        point,
        district: row.get(11)?,
        neighbourhood: row.get(12)?,
        account: row.get(13)?,
        unit: row.get(14)?,
        supporters: row.get(15)?,
        merged_into: row.get::<Option<i64>>(16)?.map(IdeaId),
        made_at: Timestamp(row.get(17)?),
        version: row.get(18)?,
    })
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: IdeaId) -> Result<Option<Idea>> {
    tx.query_opt(
        sql!(concat!("SELECT ", idea_columns!(), " FROM ideas WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        from_row,
    )
}

pub fn by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: TrackingCode) -> Result<Option<Idea>> {
    tx.query_opt(
        sql!(concat!("SELECT ", idea_columns!(), " FROM ideas WHERE jurisdiction_id = $1 AND code = $2")),
        &params![jurisdiction, code.number() as i64],
        from_row,
    )
}

/// What is looked for among the ideas of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<IdeaState>,
    pub topic: Option<String>,
    /// A district or a neighbourhood.
    pub division: Option<i64>,
    pub words: String,
    /// The id of the last one on the page before.
    pub before: Option<i64>,
    pub limit: u32,
}

/// Ideas of a round, the newest first. Hidden ones are in no list.
pub fn list(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId, filter: &Filter) -> Result<Vec<Idea>> {
    let mut conditions = storage::Filter::new();
    let terms = fold::query(&filter.words).terms;
    let likes: Vec<String> =
        terms.iter().map(|t| format!("%{}%", t.replace('%', "").replace('_', ""))).collect();
    conditions.and("jurisdiction_id = {}", [jurisdiction]).and("round_id = {}", [round.0]);
    match filter.state {
        Some(state) => conditions.and("state = {}", [state.code()]),
        None => conditions.and::<i64>("state <> 'hidden'", []),
    };
    if let Some(topic) = &filter.topic {
        conditions.and("topic = {}", [topic.as_str()]);
    }
    if let Some(division) = filter.division {
        conditions.and("(district_id = {} OR neighbourhood_id = {})", [division, division]);
    }
    for like in &likes {
        conditions.and("folded LIKE {}", [like.as_str()]);
    }
    if let Some(before) = filter.before {
        conditions.and("id < {}", [before]);
    }
    let limit = filter.limit.clamp(1, 200);
    let (sql, values) = conditions.finish(
        concat!("SELECT ", idea_columns!(), " FROM ideas WHERE"),
        &format!("ORDER BY id DESC LIMIT {limit}"),
    );
    tx.query(&sql, &values, from_row)
}

/// How many ideas of a round stand in each state.
pub fn counts(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Vec<(IdeaState, i64)>> {
    tx.query(
        sql!(
            "SELECT state, COUNT(*) FROM ideas WHERE jurisdiction_id = $1 AND round_id = $2
             GROUP BY state ORDER BY state LIMIT 20"
        ),
        &params![jurisdiction, round.0],
        |row| Ok((known(IdeaState::parse(&row.get::<String>(0)?), "state of an idea")?, row.get(1)?)),
    )
}
