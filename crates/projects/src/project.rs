//! A project: what is on the ballot, for how much, in which pot; and following it.

use calendar::Timestamp;
use language::{TrackingCode, display, fold};
use people::{Act, Permission, Where};
use requests::service::Both;
use serde_json::json;
use storage::{Result, Row, Tx, params, sql};
use territory::Point;

use crate::book::{self, book};
use crate::coded::{coded, known};
use crate::phases::Right;
use crate::refusal::{ProjectError, no};
use crate::rounds::{PotId, RoundId, hash_of};
use crate::{PROJECT, ROUND};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectId(pub i64);

coded! {
    /// How a project stands.
    State {
        /// Feasible and priced, and not shown to everybody yet.
        Draft = "draft",
        /// On the ballot.
        Published = "published",
        /// Taken back, with a reason that everybody reads.
        Withdrawn = "withdrawn",
        /// It won.
        Won = "won",
        /// It did not.
        Lost = "lost",
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    pub id: ProjectId,
    pub code: TrackingCode,
    pub round: RoundId,
    pub pot: PotId,
    /// On the ballot.
    pub number: i64,
    pub idea: Option<i64>,
    pub state: State,
    pub topic: String,
    pub title: Both,
    pub words: Both,
    pub address: String,
    pub point: Option<Point>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub unit: Option<i64>,
    /// Rial.
    pub cost: i64,
    pub cost_least: i64,
    pub cost_most: i64,
    pub withdrawn: String,
    pub votes: Option<i64>,
    /// Among the winners, from 1; 0 when it did not win.
    pub place: Option<i64>,
    pub followers: i64,
    pub updated_at: Timestamp,
    pub version: i64,
}

macro_rules! project_columns {
    () => {
        "id, code, round_id, pot_id, number, idea_id, state, topic, title_fa, title_en, words_fa, words_en, address, lat, long, \
         district_id, neighbourhood_id, unit_id, cost, cost_least, cost_most, withdrawn, votes, place, followers, updated_at, version"
    };
}
pub(crate) use project_columns;

pub(crate) fn from_row(row: &Row<'_>) -> Result<Project> {
    let code = u64::try_from(row.get::<i64>(1)?).ok().and_then(TrackingCode::from_number);
    let point = match (row.get::<Option<f64>>(13)?, row.get::<Option<f64>>(14)?) {
        (Some(lat), Some(long)) => Point::new(lat, long),
        _ => None,
    };
    Ok(Project {
        id: ProjectId(row.get(0)?),
        code: known(code, "code of a project")?,
        round: RoundId(row.get(2)?),
        pot: PotId(row.get(3)?),
        number: row.get(4)?,
        idea: row.get(5)?,
        state: known(State::parse(&row.get::<String>(6)?), "state of a project")?,
        topic: row.get(7)?,
        title: Both::new(row.get::<String>(8)?, row.get::<String>(9)?),
        words: Both::new(row.get::<String>(10)?, row.get::<String>(11)?),
        address: row.get(12)?,
        point,
        district: row.get(15)?,
        neighbourhood: row.get(16)?,
        unit: row.get(17)?,
        cost: row.get(18)?,
        cost_least: row.get(19)?,
        cost_most: row.get(20)?,
        withdrawn: row.get(21)?,
        votes: row.get(22)?,
        place: row.get(23)?,
        followers: row.get(24)?,
        updated_at: Timestamp(row.get(25)?),
        version: row.get(26)?,
    })
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: ProjectId) -> Result<Option<Project>> {
    tx.query_opt(
        sql!(concat!("SELECT ", project_columns!(), " FROM projects WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id.0],
        from_row,
    )
}

pub fn by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: TrackingCode) -> Result<Option<Project>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            project_columns!(),
            " FROM projects WHERE jurisdiction_id = $1 AND code = $2"
        )),
        &params![jurisdiction, code.number() as i64],
        from_row,
    )
}

/// The project that came of an idea.
pub fn of_idea(tx: &mut Tx<'_>, jurisdiction: i64, idea: i64) -> Result<Option<Project>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            project_columns!(),
            " FROM projects WHERE jurisdiction_id = $1 AND idea_id = $2 ORDER BY id LIMIT 1"
        )),
        &params![jurisdiction, idea],
        from_row,
    )
}

/// What is said of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewProject {
    pub pot: Option<PotId>,
    pub idea: Option<i64>,
    pub topic: String,
    pub title: Both,
    pub words: Both,
    pub address: String,
    pub point: Option<Point>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub unit: Option<i64>,
    pub cost: i64,
    pub cost_least: i64,
    pub cost_most: i64,
}

pub(crate) const MOST_TITLE: usize = 120;
pub(crate) const MOST_WORDS: usize = 4000;

/// Puts a project on the list of a round, not shown to everybody yet. Feasibility does so by itself.
pub fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    new: &NewProject,
) -> std::result::Result<ProjectId, ProjectError> {
    act.require(Permission::JudgeFeasibility, Where::unit(jurisdiction, new.unit))?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(round).ok_or(ProjectError::NotFound)?;
    if !round.allows(Right::Judge, act.at) && !round.allows(Right::Price, act.at) {
        return Err(no("phase", ""));
    }
    admit(tx, act, jurisdiction, round.id, new)
}

/// [`add`] for whoever was asked already.
pub(crate) fn admit(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    new: &NewProject,
) -> std::result::Result<ProjectId, ProjectError> {
    store(tx, act, jurisdiction, round, &cleaned(new)?)
}

fn cleaned(new: &NewProject) -> std::result::Result<NewProject, ProjectError> {
    let title = Both::new(display::clean_line(&new.title.fa), display::clean_line(&new.title.en));
    if title.is_empty() {
        return Err(no("title-missing", "title_fa"));
    }
    if title.fa.chars().count() > MOST_TITLE || title.en.chars().count() > MOST_TITLE {
        return Err(no("title-too-long", "title_fa"));
    }
    let words = Both::new(display::clean_text(&new.words.fa), display::clean_text(&new.words.en));
    if words.fa.chars().count() > MOST_WORDS || words.en.chars().count() > MOST_WORDS {
        return Err(no("words-too-long", "words_fa"));
    }
    if new.pot.is_none() {
        return Err(no("pot-missing", "pot"));
    }
    // Nothing costs nothing, and nothing pays to be built.
    let in_order = 0 < new.cost_least && new.cost_least <= new.cost && new.cost <= new.cost_most;
    if !in_order || new.cost_most > 1_000_000_000_000_000 {
        return Err(no("cost-wrong", "cost_least"));
    }
    Ok(NewProject { title, words, address: display::clean_line(&new.address), ..new.clone() })
}

fn store(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    new: &NewProject,
) -> std::result::Result<ProjectId, ProjectError> {
    let id = act.new_id();
    // Numbers on the ballot are given by the round's row, so that two at once get two.
    let number: i64 = tx
        .value(
            sql!("SELECT COALESCE(MAX(number), 0) + 1 FROM projects WHERE jurisdiction_id = $1 AND round_id = $2"),
            &params![jurisdiction, round.0],
        )?
        .unwrap_or(1);
    let folded =
        fold::search_text(&format!("{} {} {} {}", new.title.fa, new.title.en, new.words.fa, new.words.en));
    let mut code = TrackingCode::from_random(act.dice.number());
    while by_code(tx, jurisdiction, code)?.is_some() {
        code = TrackingCode::from_random(act.dice.number());
    }
    tx.execute_one(
        sql!(
            "INSERT INTO projects (jurisdiction_id, id, code, round_id, pot_id, number, idea_id, state, topic, title_fa, title_en,
                 words_fa, words_en, folded, address, lat, long, district_id, neighbourhood_id, unit_id, cost, cost_least, cost_most,
                 made_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23)"
        ),
        &params![
            jurisdiction, id, code.number() as i64, round.0, new.pot.map(|pot| pot.0), number, new.idea, &new.topic,
            &new.title.fa, &new.title.en, &new.words.fa, &new.words.en, &folded, &new.address,
            new.point.map(|p| p.lat), new.point.map(|p| p.long), new.district, new.neighbourhood, new.unit, new.cost,
            new.cost_least, new.cost_most, act.at.0
        ],
    )?;
    let payload = json!({ "round": round.0, "number": number, "cost": new.cost });
    act.record(tx, jurisdiction, PROJECT, id, "made", payload.to_string());
    Ok(ProjectId(id))
}

/// Changes what is said of a project that is not on the ballot yet: its title in the other language, its price, its pot.
pub fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: ProjectId,
    version: i64,
    new: &NewProject,
) -> std::result::Result<(), ProjectError> {
    let old = by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    act.require(Permission::JudgeFeasibility, Where::unit(jurisdiction, old.unit))?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(old.round).ok_or(ProjectError::NotFound)?;
    if !round.allows(Right::Judge, act.at) && !round.allows(Right::Price, act.at) {
        return Err(no("phase", ""));
    }
    rewrite(tx, act, jurisdiction, &old, version, new)
}

/// [`change`] for whoever was asked already.
pub(crate) fn rewrite(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    old: &Project,
    version: i64,
    new: &NewProject,
) -> std::result::Result<(), ProjectError> {
    if old.state != State::Draft && old.state != State::Published {
        return Err(no("project-state", ""));
    }
    let id = old.id;
    let new = cleaned(new)?;
    let folded =
        fold::search_text(&format!("{} {} {} {}", new.title.fa, new.title.en, new.words.fa, new.words.en));
    let changed = tx.execute(
        sql!(
            "UPDATE projects SET pot_id = $4, title_fa = $5, title_en = $6, words_fa = $7, words_en = $8, folded = $9, cost = $10,
                 cost_least = $11, cost_most = $12, updated_at = $13, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![
            jurisdiction, id.0, version, new.pot.map(|pot| pot.0), &new.title.fa, &new.title.en, &new.words.fa,
            &new.words.en, &folded, new.cost, new.cost_least, new.cost_most, act.at.0
        ],
    )?;
    if changed != 1 {
        return Err(ProjectError::Changed);
    }
    book::touch(tx, act, jurisdiction)?;
    act.record(tx, jurisdiction, PROJECT, id.0, "changed", json!({ "cost": new.cost }).to_string());
    Ok(())
}

/// Shows every draft of a round to everybody and puts it on the ballot. Says how many there were.
pub fn publish_all(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
) -> std::result::Result<u64, ProjectError> {
    act.require(Permission::ManageRounds, Where::city(jurisdiction))?;
    let book = book(tx, jurisdiction)?;
    let found = book.round(round).ok_or(ProjectError::NotFound)?;
    found.require(Right::Price, act.at)?;
    let shown = tx.execute(
        sql!(
            "UPDATE projects SET state = 'published', updated_at = $3, version = version + 1
             WHERE jurisdiction_id = $1 AND round_id = $2 AND state = 'draft'"
        ),
        &params![jurisdiction, round.0, act.at.0],
    )?;
    book::touch(tx, act, jurisdiction)?;
    if shown > 0 {
        act.record(
            tx,
            jurisdiction,
            ROUND,
            round.0,
            "projects-published",
            json!({ "count": shown }).to_string(),
        );
    }
    Ok(shown)
}

/// Takes a project back, also while people vote. Ballots that chose it stay good; the choice of it falls away, and
/// whoever wants to choose another votes anew.
pub fn withdraw(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: ProjectId,
    reason: &str,
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::ManageRounds, Where::city(jurisdiction))?;
    let reason = display::clean_text(reason);
    if reason.is_empty() {
        return Err(no("reason-missing", "reason"));
    }
    if reason.chars().count() > MOST_WORDS {
        return Err(no("words-too-long", "reason"));
    }
    let project = by_id(tx, jurisdiction, id)?.ok_or(ProjectError::NotFound)?;
    let gone = tx.execute(
        sql!(
            "UPDATE projects SET state = 'withdrawn', withdrawn = $3, updated_at = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND state IN ('draft', 'published')"
        ),
        &params![jurisdiction, id.0, &reason, act.at.0],
    )?;
    if gone != 1 {
        return Err(no("project-state", ""));
    }
    book::touch(tx, act, jurisdiction)?;
    let payload = json!({ "round": project.round.0, "reason": hash_of(&reason) });
    act.record(tx, jurisdiction, PROJECT, id.0, "withdrawn", payload.to_string());
    Ok(())
}

/// Stays informed. Doing it twice is doing it once.
pub fn follow(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: ProjectId,
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    if by_id(tx, jurisdiction, id)?.is_none_or(|project| project.state == State::Draft) {
        return Err(ProjectError::NotFound);
    }
    let added = tx.execute(
        sql!(
            "INSERT INTO project_followers (jurisdiction_id, project_id, account_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id, project_id, account_id) DO NOTHING"
        ),
        &params![jurisdiction, id.0, account, act.at.0],
    )?;
    count_followers(tx, jurisdiction, id, added as i64)?;
    Ok(())
}

pub fn unfollow(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: ProjectId,
) -> std::result::Result<(), ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    let account = act.by.account().ok_or(ProjectError::NotFound)?;
    let gone = tx.execute(
        sql!(
            "DELETE FROM project_followers WHERE jurisdiction_id = $1 AND project_id = $2 AND account_id = $3"
        ),
        &params![jurisdiction, id.0, account],
    )?;
    count_followers(tx, jurisdiction, id, -(gone as i64))?;
    Ok(())
}

fn count_followers(tx: &mut Tx<'_>, jurisdiction: i64, id: ProjectId, more: i64) -> Result<()> {
    if more != 0 {
        tx.execute(
            sql!("UPDATE projects SET followers = followers + $3 WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, id.0, more],
        )?;
    }
    Ok(())
}

/// Whether an account follows a project.
pub fn following(tx: &mut Tx<'_>, jurisdiction: i64, id: ProjectId, account: i64) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM project_followers WHERE jurisdiction_id = $1 AND project_id = $2 AND account_id = $3"),
        &params![jurisdiction, id.0, account],
    )?;
    Ok(found.is_some())
}
