//! The count: opened ballots become winners, by the rule that was published before the vote.
//!
//! Three steps, because a large city takes seconds: [`boxes`] reads the opened ballots, [`decide`] counts them without a
//! database, [`keep`] writes the result once. Each pot of money is an election of its own; a ballot takes part in every
//! pot of which it names a project.

mod bundle; // what anybody needs to count again
mod keep; // the result, once
mod oc4ids; // projects in the language of infrastructure transparency
mod reasons; // why one won or lost
mod rule; // the rule of a round, as the engine spells it

use std::collections::HashMap;
use std::sync::Arc;

use allocation::{Ballots, Election, Outcome, Refusal, Rule};
use storage::Tx;

use crate::ballots::Choice;
use crate::book::{Offer, book};
use crate::refusal::{ProjectError, no};
use crate::rounds::{Pot, PotId, Round, RoundId};

pub use bundle::{Bundle, Cover, Covered, bundle, covered};
pub use keep::{Result, keep, results, story_of};
pub use oc4ids::oc4ids;
pub use reasons::{Reason, Story};

/// The opened ballots of a round, pot by pot.
#[derive(Debug, Clone)]
pub struct Boxes {
    pub round: Arc<Round>,
    pub pots: Vec<PotBox>,
}

/// One pot as an election. The projects of the election are `offers` in the same order.
#[derive(Debug, Clone)]
pub struct PotBox {
    pub pot: Pot,
    pub election: Election,
    pub offers: Vec<Offer>,
    /// Had too few votes for the rule, with their votes: taken off before the count.
    pub below: Vec<(usize, u64)>,
}

/// What a count said of one pot.
#[derive(Debug, Clone)]
pub struct Decided {
    pub pot: PotId,
    pub rule: Rule,
    pub outcome: Outcome,
    pub stories: Vec<(i64, Story)>,
    pub votes: Vec<u64>,
    pub(crate) voters: u64,
    pub covered: Covered,
}

/// Reads the opened ballots. Refused before the box is open.
pub fn boxes(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> std::result::Result<Boxes, ProjectError> {
    let book = book(tx, jurisdiction)?;
    let round = book.round(round).ok_or(ProjectError::NotFound)?;
    if round.opened_at.is_none() {
        return Err(no("box-closed", ""));
    }
    let offers: Vec<Offer> = book.offers(round.id).into_iter().filter(|offer| !offer.is_withdrawn).collect();
    let mut pots: Vec<PotBox> = round.pots.iter().map(|pot| PotBox::of(pot, &offers)).collect();
    // Where each number on the ballot stands: its pot and its place there.
    let mut place: HashMap<i64, (usize, u32)> = HashMap::new();
    for (at, pot) in pots.iter().enumerate() {
        for (project, offer) in pot.offers.iter().enumerate() {
            place.insert(offer.number, (at, project as u32));
        }
    }
    let kind = &round.rules.ballot;
    let mut chosen: Vec<Vec<(u32, u32)>> = vec![Vec::new(); pots.len()];
    crate::ballots::opened(tx, jurisdiction, round.id, |_, ballot| {
        for choice in &ballot.choices {
            if let Some((pot, project)) = place.get(&choice.number)
                && let Some(own) = chosen.get_mut(*pot)
            {
                own.push((*project, rule::points(kind, choice)));
            }
        }
        for (own, pot) in chosen.iter_mut().zip(&mut pots) {
            if !own.is_empty() {
                pot.election.ballots.put(own, 1).map_err(storage::Error::corrupt)?;
                own.clear();
            }
        }
        Ok(())
    })?;
    for pot in &mut pots {
        pot.ask_for_support(round.rules.minimum_support)?;
    }
    Ok(Boxes { round: Arc::new(round.clone()), pots })
}

impl PotBox {
    fn of(pot: &Pot, offers: &[Offer]) -> PotBox {
        let offers: Vec<Offer> = offers.iter().filter(|offer| offer.pot == pot.id).copied().collect();
        let projects =
            offers.iter().map(|offer| allocation::Project { id: offer.number.to_string(), cost: offer.cost });
        let election = Election { budget: pot.budget, projects: projects.collect(), ..Election::default() };
        PotBox { pot: pot.clone(), election, offers, below: Vec::new() }
    }

    /// Takes off what has too few votes. The engine asks for a score; of points and ranks that would be another thing.
    fn ask_for_support(&mut self, least: i64) -> storage::Result<()> {
        let least = u64::try_from(least).unwrap_or(0);
        let votes = self.election.votes();
        self.below =
            votes.iter().copied().enumerate().filter(|(_, votes)| *votes > 0 && *votes < least).collect();
        if self.below.is_empty() {
            return Ok(());
        }
        let mut ballots = Ballots::default();
        for group in 0..self.election.ballots.groups() {
            let choice = self.election.ballots.choice(group);
            let mut stays: Vec<(u32, u32)> = choice
                .filter(|(at, _)| votes.get(*at as usize).is_some_and(|votes| *votes >= least))
                .collect();
            ballots.put(&mut stays, self.election.ballots.times(group)).map_err(storage::Error::corrupt)?;
        }
        self.election.ballots = ballots;
        Ok(())
    }
}

/// Counts every pot. Nothing is read or written; a large city takes seconds.
pub fn decide(boxes: &Boxes) -> std::result::Result<Vec<Decided>, Refusal> {
    let effort = reasons::EFFORT / boxes.pots.len().max(1) as u64;
    let one = |pot: &PotBox| {
        let rule = rule::of(&boxes.round, pot);
        let outcome = allocation::count(&pot.election, &rule)?;
        let stories = reasons::stories(pot, &rule, &outcome, boxes.round.rules.minimum_support, effort)?;
        let covered = covered(&boxes.round, pot, &rule, &outcome)?;
        let mut votes = pot.election.votes();
        for (project, had) in &pot.below {
            if let Some(votes) = votes.get_mut(*project) {
                *votes = *had;
            }
        }
        Ok(Decided {
            pot: pot.pot.id,
            rule,
            outcome,
            stories,
            votes,
            voters: pot.election.ballots.cast(),
            covered,
        })
    };
    boxes.pots.iter().map(one).collect()
}

/// The rules that a council compares on the ballots of a round, with their names as `peyvand tally` knows them.
pub const COMPARED: &[&str] = &["greedy", "mes", "mes-cardinality", "phragmen"];

/// One line of the council's report.
#[derive(Debug, Clone)]
pub struct Compared {
    /// One of [`COMPARED`]; empty for the rule of the round.
    pub rule: &'static str,
    pub winners: usize,
    /// Rial.
    pub spent: i64,
    pub voters: u64,
    /// Ballots in some pot of which nothing was chosen there.
    pub without_winner: u64,
    /// Winners that the rule of the round does not choose.
    pub others: usize,
}

/// The same ballots by several rules, all pots together. Rules that cannot count these ballots are left out.
pub fn compare(boxes: &Boxes) -> std::result::Result<Vec<Compared>, Refusal> {
    let own: Vec<Vec<usize>> = boxes
        .pots
        .iter()
        .map(|pot| Ok(allocation::count(&pot.election, &rule::of(&boxes.round, pot))?.winners))
        .collect::<std::result::Result<_, Refusal>>()?;
    let mut lines = Vec::new();
    for name in std::iter::once(&"").chain(COMPARED) {
        let mut line = Compared { rule: name, winners: 0, spent: 0, voters: 0, without_winner: 0, others: 0 };
        let mut counts = true;
        for (pot, own) in boxes.pots.iter().zip(&own) {
            let rule = if name.is_empty() {
                rule::of(&boxes.round, pot)
            } else {
                rule::named(&boxes.round, pot, name)
            };
            match allocation::count(&pot.election, &rule) {
                Ok(outcome) => {
                    let measures = allocation::measures::measure(&pot.election, &outcome);
                    line.winners += outcome.winners.len();
                    line.spent = line.spent.saturating_add(outcome.spent);
                    line.voters += measures.voters;
                    line.without_winner += measures.without_winner;
                    line.others += outcome.winners.iter().filter(|at| !own.contains(at)).count();
                }
                Err(Refusal::NeedsApproval) => counts = false,
                Err(other) => return Err(other),
            }
        }
        if counts {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// What a choice is worth, for tests of other crates.
pub fn points(round: &Round, choice: &Choice) -> u32 {
    rule::points(&round.rules.ballot, choice)
}
