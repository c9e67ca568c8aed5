//! By score from the top: what most cities do.
//!
//! Described as the standard procedure by H. Aziz and N. Shah, "Participatory Budgeting: Models and Approaches"
//! (2020, arXiv 2003.00606). It is also what fills money that another rule left.

use crate::election::Election;
use crate::limits::Limits;
use crate::outcome::{How, Loss, Outcome, Step, Why};

/// Counts. `kept` has won already; with `stop` the first that does not fit ends it.
pub(crate) fn count(
    election: &Election,
    scores: &[u64],
    ranks: &[u32],
    least: u64,
    stop: bool,
    kept: Option<&Outcome>,
) -> Outcome {
    let mut limits = Limits::of(election);
    let mut outcome = kept.cloned().unwrap_or_else(|| Outcome::empty(1));
    outcome.winners.iter().for_each(|project| limits.take(*project));
    let is_in: Vec<bool> = marks(election, &outcome.winners);
    outcome.losses.retain(|loss| loss.why == Why::Unwanted);
    let known: Vec<bool> = marks(election, outcome.losses.iter().map(|loss| &loss.project));

    let mut order: Vec<usize> =
        (0..election.projects.len()).filter(|at| !is_in[*at] && !known[*at]).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(scores[*at]), ranks[*at]));
    let mut ended = None;
    for (place, &project) in order.iter().enumerate() {
        let (cost, score) = (election.projects[project].cost, scores[project]);
        let left = election.budget - outcome.spent;
        let why = match limits.refuse(project) {
            _ if score < least => Some(Why::BelowLeast { score, least }),
            _ if ended.is_some() => ended.map(|by| Why::Ended { by }),
            Some(why) => Some(why),
            None if cost > election.budget => Some(Why::AboveBudget),
            None if cost > left => Some(Why::DidNotFit { left }),
            None => None,
        };
        if let Some(why) = why {
            // What could never be paid for, or was withdrawn, was not on the list and ends nothing.
            if stop && matches!(why, Why::DidNotFit { .. }) {
                ended = Some(project);
            }
            outcome.losses.push(Loss { project, why, after: outcome.winners.len() });
            continue;
        }
        limits.take(project);
        let tied = order[place + 1..].iter().take_while(|other| scores[**other] == score).count() as u32;
        outcome.steps.push(Step { project, how: How::Score { score, left }, tied });
        outcome.winners.push(project);
        outcome.spent += cost;
    }
    // Whoever was short of money before is told so: that is why it came to the end of the list at all.
    for loss in &mut outcome.losses {
        if let Some(before) =
            kept.and_then(|kept| kept.losses.iter().find(|held| held.project == loss.project))
        {
            *loss = *before;
        }
    }
    outcome.losses.sort_by_key(|loss| loss.project);
    outcome
}

fn marks<'a>(election: &Election, projects: impl IntoIterator<Item = &'a usize>) -> Vec<bool> {
    let mut marks = vec![false; election.projects.len()];
    projects.into_iter().for_each(|project| marks[*project] = true);
    marks
}
