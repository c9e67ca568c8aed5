//! Many projects: filters by pot, place, topic, cost and words; and some of them side by side.

use language::fold;
use storage::{Param, Result, Tx, params, sql};

use crate::project::{Project, from_row, project_columns};
use crate::rounds::{PotId, RoundId};

/// What is looked for. Nothing said means everything that is shown to everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub pot: Option<PotId>,
    /// A district or a neighbourhood.
    pub division: Option<i64>,
    pub topic: Option<String>,
    /// Rial, both ends included.
    pub cost_from: Option<i64>,
    pub cost_to: Option<i64>,
    pub words: String,
    /// Only what won.
    pub won: bool,
    /// Also drafts, for those who make them.
    pub drafts_too: bool,
    pub order: Order,
    /// The last number of the page before.
    pub after: i64,
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// As on the ballot.
    #[default]
    Number,
    /// Cheapest first; no further pages.
    Cost,
    /// Winners by their place, then the most votes; no further pages.
    Votes,
}

pub const MOST: u32 = 500;

/// Projects of a round.
pub fn list(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId, filter: &Filter) -> Result<Vec<Project>> {
    let mut conditions = storage::Filter::new();
    let terms = fold::query(&filter.words).terms;
    let likes: Vec<String> = terms.iter().map(|term| format!("%{}%", escape(term))).collect();
    conditions.and("jurisdiction_id = {}", [jurisdiction]).and("round_id = {}", [round.0]);
    if !filter.drafts_too {
        conditions.and::<i64>("state <> 'draft'", []);
    }
    if filter.won {
        conditions.and::<i64>("state = 'won'", []);
    }
    if let Some(pot) = filter.pot {
        conditions.and("pot_id = {}", [pot.0]);
    }
    if let Some(division) = filter.division {
        conditions.and("(district_id = {} OR neighbourhood_id = {})", [division, division]);
    }
    if let Some(topic) = &filter.topic {
        conditions.and("topic = {}", [topic.as_str()]);
    }
    if let Some(from) = filter.cost_from {
        conditions.and("cost >= {}", [from]);
    }
    if let Some(to) = filter.cost_to {
        conditions.and("cost <= {}", [to]);
    }
    for like in &likes {
        conditions.and("folded LIKE {} ESCAPE '\\'", [like.as_str()]);
    }
    conditions.and("number > {}", [filter.after]);
    let order = match filter.order {
        Order::Number => "ORDER BY number",
        Order::Cost => "ORDER BY cost, number",
        Order::Votes => "ORDER BY COALESCE(NULLIF(place, 0), 1000000), COALESCE(votes, -1) DESC, number",
    };
    let limit = if filter.limit == 0 { MOST } else { filter.limit.min(MOST) };
    let (sql, values) = conditions.finish(
        concat!("SELECT ", project_columns!(), " FROM projects WHERE"),
        &format!("{order} LIMIT {limit}"),
    );
    tx.query(&sql, &values, from_row)
}

fn escape(term: &str) -> String {
    term.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// How many are shown to everybody, and what they cost together.
pub fn sums(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<(i64, i64)> {
    let found = tx.query_opt(
        sql!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(cost), 0) AS BIGINT) FROM projects
             WHERE jurisdiction_id = $1 AND round_id = $2 AND state <> 'draft'"
        ),
        &params![jurisdiction, round.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or((0, 0)))
}

/// Projects by their numbers on the ballot, in the order of numbers.
pub fn numbered(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId, numbers: &[i64]) -> Result<Vec<Project>> {
    let mut conditions = storage::Filter::new();
    conditions.and("jurisdiction_id = {}", [jurisdiction]).and("round_id = {}", [round.0]);
    conditions.within("number", numbers.iter().map(|number| Param::Int(*number)));
    conditions.and::<i64>("state <> 'draft'", []);
    let (sql, values) = conditions.finish(
        concat!("SELECT ", project_columns!(), " FROM projects WHERE"),
        &format!("ORDER BY number LIMIT {MOST}"),
    );
    tx.query(&sql, &values, from_row)
}
