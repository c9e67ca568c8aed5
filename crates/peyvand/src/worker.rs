//! What happens between requests: followers read the journal, and jobs that are due are done.
//!
//! Everything here may run on several machines at once. A follower's cursor moves in the same transaction as its
//! effects, and a job is leased, so nothing is done twice; whoever comes second simply tries again later.

use std::time::Duration;

use calendar::Timestamp;
use door::Door;
use people::{Act, Actor, Chore};
use storage::followers::{self, Follower};
use storage::{Result, jobs};

use crate::studies::{self, studies};
use crate::{replan, sweep};

/// Everyone who follows the journal, crate by crate from the ground up.
const FOLLOWERS: &[&[Follower]] =
    &[requests::FOLLOWERS, dispatch::FOLLOWERS, projects::FOLLOWERS, notices::FOLLOWERS];

/// Those that must keep up when everybody reports at once.
const PROMPT: &[&[Follower]] = &[requests::PROMPT_FOLLOWERS];

/// Everything that is done again and again.
const CHORES: &[&[Chore]] =
    &[people::CHORES, requests::CHORES, dispatch::CHORES, projects::CHORES, notices::CHORES];

fn followers() -> impl Iterator<Item = Follower> {
    FOLLOWERS.iter().copied().flatten().copied()
}

fn prompt() -> impl Iterator<Item = Follower> {
    PROMPT.iter().copied().flatten().copied()
}

fn chores() -> impl Iterator<Item = Chore> {
    CHORES.iter().copied().flatten().copied()
}

/// The longest that a follower waits although nobody told it of news: other machines may write too.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
const BETWEEN_JOBS: Duration = Duration::from_secs(5);
/// How long a worker may take for one job before another takes over, in milliseconds.
const LEASE: i64 = 60_000;
/// When a chore that failed is tried again, in milliseconds.
const TRY_AGAIN: i64 = 60_000;

/// Works until the door is closed.
pub async fn run(door: Door) {
    if let Err(error) = schedule(&door).await {
        tracing::error!(%error, "jobs could not be scheduled");
    }
    let following = tokio::spawn(follow(door.clone()));
    let keeping_up = tokio::spawn(keep_up(door.clone()));
    let sweeping = tokio::spawn(sweep::run(door.clone()));
    let planning = tokio::spawn(replan::run(door.clone()));
    let working = tokio::spawn(work(door));
    let _ = tokio::join!(following, keeping_up, working, sweeping, planning);
}

async fn cities(door: &Door) -> Result<Vec<i64>> {
    door.db.read(|tx| Ok(territory::jurisdictions(tx)?.iter().map(|city| city.id).collect())).await
}

async fn follow(door: Door) {
    let mut news = door.db.news();
    loop {
        news.mark_unchanged();
        if let Err(error) = follow_all(&door).await {
            // Another machine took the same facts, or the queue is full; both pass.
            if !error.is_passing() {
                tracing::error!(%error, "a follower stopped; it tries again");
            }
        }
        tokio::select! {
            () = door.closed() => return,
            _ = news.changed() => tokio::time::sleep(Duration::from_millis(100)).await,
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn follow_all(door: &Door) -> Result<()> {
    for jurisdiction in cities(door).await? {
        for follower in followers() {
            while !door.is_closing() && followers::step(&door.db, follower, jurisdiction).await? > 0 {
                give_way(door, RUSH).await;
            }
        }
    }
    Ok(())
}

/// Incidents are of use while the storm lasts, so these give way to a flood only; what came meanwhile is taken in one
/// handful.
async fn keep_up(door: Door) {
    const GATHER: Duration = Duration::from_millis(200);
    let mut news = door.db.news();
    loop {
        news.mark_unchanged();
        if let Err(error) = keep_up_once(&door).await
            && !error.is_passing()
        {
            tracing::error!(%error, "incidents are not kept; it is tried again");
        }
        tokio::select! {
            () = door.closed() => return,
            _ = news.changed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn keep_up_once(door: &Door) -> Result<()> {
    for jurisdiction in cities(door).await? {
        for follower in prompt().collect::<Vec<_>>() {
            // A handful that was not full was all there is; what follows from it is taken with what comes next.
            let full = follower.at_once as usize;
            while !door.is_closing() {
                give_way(door, FLOOD).await;
                if followers::step(&door.db, follower, jurisdiction).await? < full {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Writes in a moment that figures and search wait for. Five hundred a second is forty times the worst day that a city
/// of nine million has seen.
const RUSH: u64 = 25;
/// Writes in a moment that incidents wait for too: three thousand a second, six times the worst storm we try.
const FLOOD: u64 = 150;

/// People who report come before what is made of reports: in a rush the followers wait, but never longer than this for
/// each handful.
async fn give_way(door: &Door, rush: u64) {
    const PATIENCE: Duration = Duration::from_secs(5);
    const MOMENT: Duration = Duration::from_millis(50);
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < PATIENCE && !door.is_closing() {
        let before = door.db.written();
        tokio::time::sleep(MOMENT).await;
        if door.db.written() - before < rush {
            return;
        }
    }
}

/// Puts what repeats on the list; what is there already only becomes due.
async fn schedule(door: &Door) -> Result<()> {
    for jurisdiction in cities(door).await? {
        let act = act(door);
        door.db
            .write(move |tx| {
                let chores = chores().map(|chore| (chore.name, act.at.0));
                let studies = studies().map(|study| (study.name, act.at.0 + studies::FIRST_AFTER));
                chores.chain(studies).try_for_each(|(name, at)| {
                    jobs::schedule(tx, jurisdiction, act.new_id(), name, "again", at, "{}")
                })
            })
            .await?;
    }
    Ok(())
}

async fn work(door: Door) {
    let mut known = 0;
    loop {
        tokio::select! {
            () = door.closed() => return,
            () = tokio::time::sleep(BETWEEN_JOBS) => {}
        }
        let outcome = async {
            // A city that was loaded meanwhile has promises too.
            let count = cities(&door).await?.len();
            if count != known {
                schedule(&door).await?;
                known = count;
            }
            work_once(&door).await
        };
        if let Err(error) = outcome.await
            && !error.is_passing()
        {
            tracing::error!(%error, "jobs could not be done; they are tried again");
        }
    }
}

async fn work_once(door: &Door) -> Result<()> {
    let now = door.now();
    let due = door.db.write(move |tx| jobs::claim(tx, now.0, now.0 + LEASE, 16)).await?;
    for job in due {
        // A chore of an earlier edition of the program is nobody's any more.
        let (chore, study) =
            (chores().find(|chore| chore.name == job.kind), studies().find(|study| study.name == job.kind));
        let (outcome, every) = match (chore, study) {
            (Some(chore), _) => (round(door, chore, job.jurisdiction).await, chore.every),
            (None, Some(study)) => {
                (studies::round(door, act(door), study, job.jurisdiction).await, study.every)
            }
            (None, None) => {
                door.db.write(move |tx| jobs::finish(tx, &job, None)).await?;
                continue;
            }
        };
        let then = door.now();
        match outcome {
            Ok(()) => door.db.write(move |tx| jobs::finish(tx, &job, Some(then.0 + every))).await?,
            Err(error) => {
                tracing::warn!(%error, chore = job.kind, "a chore failed");
                let words = error.to_string();
                // A bad hour must not end a chore for good: before it would be put aside it begins to count anew.
                let anew = job.attempts + 1 >= jobs::MOST_ATTEMPTS;
                door.db
                    .write(move |tx| match anew {
                        true => jobs::finish(tx, &job, Some(then.0 + 10 * TRY_AGAIN)),
                        false => jobs::fail(tx, &job, then.0 + TRY_AGAIN, &words),
                    })
                    .await?;
            }
        }
    }
    Ok(())
}

/// One round of a chore: handful after handful until the last is not full.
async fn round(door: &Door, chore: Chore, jurisdiction: i64) -> Result<()> {
    loop {
        let act = act(door);
        let done = door.db.write(move |tx| (chore.run)(tx, &act, jurisdiction, chore.at_once)).await?;
        if done < chore.at_once as usize || door.is_closing() {
            return Ok(());
        }
    }
}

fn act(door: &Door) -> Act {
    Act { at: Timestamp(door.now().0), ..door.act(Actor::System("worker")) }
}

/// Follows everything there is, notes what is overdue and learns, for commands that end with a finished city. The other
/// chores can wait until the city is open.
pub fn settle(db: &storage::Db, act: &Act) -> Result<()> {
    const AT_ONCE: u32 = 2_000;
    for jurisdiction in db.read_blocking(territory::jurisdictions)?.iter().map(|city| city.id) {
        loop {
            let act = act.clone();
            let noted =
                db.write_blocking(move |tx| requests::overdue::note(tx, &act, jurisdiction, AT_ONCE))?;
            if noted < AT_ONCE as usize {
                break;
            }
        }
    }
    for follower in followers().chain(prompt()) {
        followers::catch_up_blocking(db, follower)?;
    }
    studies::all(db, act)
}
