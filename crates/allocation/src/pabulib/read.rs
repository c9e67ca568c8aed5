//! Reads a `.pb` file line by line. What is not right is refused with its line; nothing is guessed or left out.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use thiserror::Error;

use super::record::fields;
use super::{Amount, File, VoteType};
use crate::election::{Ballots, Election, MOST_MONEY, MOST_POINTS, MOST_PROJECTS, Project};

/// The longest line that is read, in bytes.
pub const LONGEST_LINE: u64 = 4 << 20;
const MOST_META: usize = 1_000;
/// So many lines one quoted field may go over.
const MOST_LINES: usize = 1_000;

/// What is wrong, and where.
#[derive(Debug, Error)]
#[error("line {line}: {what}")]
pub struct Fault {
    pub line: u64,
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Meta,
    Projects,
    Votes,
}

struct Lines<R> {
    from: R,
    line: u64,
}

impl<R: BufRead> Lines<R> {
    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault { line: self.line, what: what.into() }
    }

    /// The next line without its end; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<String>, Fault> {
        let mut bytes = Vec::new();
        self.line += 1;
        let read = self.from.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut bytes);
        read.map_err(|e| self.fault(e.to_string()))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.len() as u64 > LONGEST_LINE {
            return Err(self.fault(format!("is longer than {LONGEST_LINE} bytes")));
        }
        while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            bytes.pop();
        }
        let text = String::from_utf8(bytes).map_err(|_| self.fault("is not UTF-8"))?;
        Ok(Some(if self.line == 1 { text.trim_start_matches('\u{feff}').to_owned() } else { text }))
    }

    /// The fields of the next line that is not empty; a quoted field may go over several lines.
    fn record(&mut self) -> Result<Option<Vec<String>>, Fault> {
        loop {
            let Some(mut text) = self.next()? else { return Ok(None) };
            if text.trim().is_empty() {
                continue;
            }
            let from = self.line;
            for _ in 0..MOST_LINES {
                if let Some(fields) = fields(&text) {
                    return Ok(Some(fields.iter().map(|field| field.trim().to_owned()).collect()));
                }
                let Some(more) = self.next()? else { break };
                text.push('\n');
                text.push_str(&more);
                if text.len() as u64 > LONGEST_LINE {
                    break;
                }
            }
            return Err(Fault { line: from, what: "a quoted field has no end".into() });
        }
    }

    fn header(&mut self, needed: &[&str]) -> Result<Vec<String>, Fault> {
        let header =
            self.record()?.ok_or_else(|| self.fault("the file ends before the names of the columns"))?;
        match needed.iter().find(|name| !header.iter().any(|column| column == *name)) {
            Some(name) => Err(self.fault(format!("no column is called {name}"))),
            None => Ok(header),
        }
    }
}

/// Reads a file.
pub fn read(from: impl BufRead) -> Result<File, Fault> {
    let mut lines = Lines { from, line: 0 };
    let mut file = File {
        meta: Vec::new(),
        vote_type: VoteType::Approval,
        decimals: 0,
        election: Election::default(),
        columns: Vec::new(),
        details: Vec::new(),
        repeated: 0,
    };
    let mut part = None;
    let mut header = Vec::new();
    let mut costs: Vec<(Amount, u64)> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut votes: Option<Votes> = None;
    while let Some(record) = lines.record()? {
        let name = record.first().map(|first| first.to_lowercase()).unwrap_or_default();
        let next = match name.as_str() {
            "meta" if part.is_none() => Some((Part::Meta, &["key", "value"][..])),
            "projects" if part == Some(Part::Meta) => Some((Part::Projects, &["project_id", "cost"][..])),
            "votes" if part == Some(Part::Projects) => Some((Part::Votes, &["vote"][..])),
            _ => None,
        };
        if let Some((next, needed)) = next {
            part = Some(next);
            header = lines.header(needed)?;
            match next {
                Part::Meta => {}
                Part::Projects => file.columns = without(&header, &["project_id", "cost"]),
                Part::Votes => {
                    settle(&mut file, &costs, &lines)?;
                    votes = Some(Votes::of(&file, &header, &lines)?);
                }
            }
            continue;
        }
        match part {
            None => return Err(lines.fault("a file begins with META")),
            Some(Part::Meta) => {
                let [key, value, ..] = &record[..] else {
                    return Err(lines.fault("a line of META is a key, a semicolon and a value"));
                };
                if file.meta.len() >= MOST_META || file.meta(key).is_some() {
                    return Err(lines.fault(format!("{key:?} is too much here or stands twice")));
                }
                match key.as_str() {
                    "budget" if Amount::read(value).is_none_or(|amount| amount.units < 0) => {
                        return Err(
                            lines.fault(format!("the budget {value:?} is no amount that can be spent"))
                        );
                    }
                    "vote_type" => file.vote_type = vote_type(value).map_err(|what| lines.fault(what))?,
                    _ => {}
                }
                file.meta.push((key.clone(), value.clone()));
            }
            Some(Part::Projects) => {
                project(&mut file, &header, record, &mut costs, &mut numbers, &lines)?;
            }
            Some(Part::Votes) => {
                if let Some(votes) = &mut votes {
                    votes.put(&record, &numbers, &lines)?;
                }
            }
        }
    }
    let Some(votes) = votes else { return Err(lines.fault("the file ends before VOTES")) };
    file.repeated = votes.repeated;
    file.election.ballots = votes.ballots;
    // A file that was cut off is not counted as if it were whole.
    for (key, have) in
        [("num_projects", file.election.projects.len() as u64), ("num_votes", file.election.ballots.cast())]
    {
        if file.meta(key).is_some_and(|said| said.parse() != Ok(have)) {
            let said = file.meta(key).unwrap_or_default();
            return Err(lines.fault(format!("{key} is {said}, but there are {have}")));
        }
    }
    Ok(file)
}

fn without(header: &[String], known: &[&str]) -> Vec<String> {
    let columns = header.iter().filter(|name| !known.contains(&name.as_str()));
    // Renamed in the collection in 2026.
    columns.map(|name| if name == "target" { "beneficiaries".into() } else { name.clone() }).collect()
}

fn project<R: BufRead>(
    file: &mut File,
    header: &[String],
    record: Vec<String>,
    costs: &mut Vec<(Amount, u64)>,
    numbers: &mut HashMap<String, u32>,
    lines: &Lines<R>,
) -> Result<(), Fault> {
    if record.len() > header.len() {
        return Err(lines.fault(format!("{} fields under {} columns", record.len(), header.len())));
    }
    if costs.len() >= MOST_PROJECTS {
        return Err(lines.fault(format!("more than {MOST_PROJECTS} projects")));
    }
    let mut id = String::new();
    let mut cost = None;
    let mut details = Vec::with_capacity(header.len());
    for (at, name) in header.iter().enumerate() {
        let text = record.get(at).cloned().unwrap_or_default();
        match name.as_str() {
            "project_id" => id = text,
            "cost" => cost = Some(text),
            _ => details.push(if text.eq_ignore_ascii_case("none") { String::new() } else { text }),
        }
    }
    let cost = cost.unwrap_or_default();
    let amount = Amount::read(&cost).ok_or_else(|| lines.fault(format!("the cost {cost:?} is no amount")))?;
    if amount.units < 0 {
        return Err(lines.fault(format!("project {id} has the negative cost {cost}")));
    }
    if id.is_empty() || id.contains(',') {
        return Err(lines.fault(format!("{id:?} cannot be the id of a project")));
    }
    if let Some(selected) = header.iter().position(|name| name == "selected").and_then(|at| record.get(at))
        && !["", "0", "1", "2", "3"].contains(&selected.as_str())
        && !selected.eq_ignore_ascii_case("none")
    {
        return Err(lines.fault(format!("selected is {selected:?}, but is 0, 1, 2 or 3")));
    }
    if numbers.insert(id.clone(), costs.len() as u32).is_some() {
        return Err(lines.fault(format!("two projects are called {id}")));
    }
    costs.push((amount, lines.line));
    file.election.projects.push(Project { id, cost: 0 });
    file.details.push(details);
    Ok(())
}

/// Brings all amounts to the same number of decimals, once they are known.
fn settle<R: BufRead>(file: &mut File, costs: &[(Amount, u64)], lines: &Lines<R>) -> Result<(), Fault> {
    let text = file.meta("budget").ok_or_else(|| lines.fault("META names no budget"))?;
    let budget =
        Amount::read(text).ok_or_else(|| lines.fault(format!("the budget {text:?} is no amount")))?;
    file.decimals = costs.iter().map(|(cost, _)| cost.decimals).chain([budget.decimals]).max().unwrap_or(0);
    let large = |line| Fault { line, what: format!("is more than {MOST_MONEY} of the smallest unit") };
    file.election.budget = budget.at(file.decimals).ok_or_else(|| large(lines.line))?;
    for (project, (cost, line)) in file.election.projects.iter_mut().zip(costs) {
        project.cost = cost.at(file.decimals).ok_or_else(|| large(*line))?;
    }
    file.meta("vote_type").map(|_| ()).ok_or_else(|| lines.fault("META names no vote_type"))
}

fn vote_type(kind: &str) -> Result<VoteType, String> {
    let known = VoteType::ALL.iter().find(|(_, name)| *name == kind);
    known.map(|(kind, _)| *kind).ok_or_else(|| format!("{kind:?} is no vote_type that we know"))
}

/// The ballots, as they come in.
struct Votes {
    kind: VoteType,
    vote: usize,
    points: Option<usize>,
    /// What the first of an ordinal ballot gets.
    longest: u32,
    ballots: Ballots,
    choice: Vec<(u32, u32)>,
    repeated: u64,
}

impl Votes {
    fn of<R: BufRead>(file: &File, header: &[String], lines: &Lines<R>) -> Result<Votes, Fault> {
        let place = |name: &str| header.iter().position(|column| column == name);
        let points = place("points");
        let needs = matches!(file.vote_type, VoteType::Cumulative | VoteType::Scoring);
        if needs && points.is_none() {
            return Err(lines.fault("no column is called points"));
        }
        let all = file.election.projects.len().min(MOST_POINTS as usize) as u32;
        let longest =
            file.meta("max_length").and_then(|text| text.parse().ok()).unwrap_or(all).clamp(1, all.max(1));
        Ok(Votes {
            kind: file.vote_type,
            vote: place("vote").unwrap_or_default(),
            points: points.filter(|_| needs),
            longest,
            ballots: Ballots::default(),
            choice: Vec::new(),
            repeated: 0,
        })
    }

    fn put<R: BufRead>(
        &mut self,
        record: &[String],
        numbers: &HashMap<String, u32>,
        lines: &Lines<R>,
    ) -> Result<(), Fault> {
        let text = record.get(self.vote).map_or("", String::as_str);
        let mut points = self.points.and_then(|at| record.get(at)).map(|all| all.split(','));
        self.choice.clear();
        for (place, id) in text.split(',').map(str::trim).filter(|id| !id.is_empty()).enumerate() {
            let number = *numbers
                .get(id)
                .ok_or_else(|| lines.fault(format!("the ballot names {id:?}, which is no project")))?;
            let given = match self.kind {
                VoteType::Approval | VoteType::ChooseOne => 1,
                VoteType::Ordinal => u32::try_from(place)
                    .ok()
                    .and_then(|place| self.longest.checked_sub(place))
                    .filter(|points| *points > 0)
                    .ok_or_else(|| {
                        lines.fault(format!("the ballot ranks more than {} projects", self.longest))
                    })?,
                VoteType::Cumulative | VoteType::Scoring => {
                    let text = points.as_mut().and_then(Iterator::next).map_or("", str::trim);
                    let amount = Amount::read(text)
                        .and_then(|amount| amount.at(0))
                        .and_then(|it| u32::try_from(it).ok());
                    amount
                        .filter(|points| *points <= MOST_POINTS)
                        .ok_or_else(|| lines.fault(format!("{text:?} are no points for {id}")))?
                }
            };
            if given > 0 {
                self.choice.push((number, given));
            }
        }
        if points.is_some_and(|mut rest| rest.any(|text| !text.trim().is_empty())) {
            return Err(lines.fault("there are more points than projects"));
        }
        self.join();
        if self.kind == VoteType::ChooseOne && self.choice.len() > 1 {
            return Err(lines.fault("the ballot names more than one project"));
        }
        self.ballots.put(&mut self.choice, 1).map_err(|refusal| lines.fault(refusal.to_string()))
    }

    /// Makes one of what is named twice.
    fn join(&mut self) {
        let before = self.choice.len();
        let adds = matches!(self.kind, VoteType::Cumulative | VoteType::Scoring);
        // Stable: of two ranks the better one stays.
        self.choice.sort_by_key(|(project, _)| *project);
        self.choice.dedup_by(|next, held| {
            let is_same = next.0 == held.0;
            if is_same && adds {
                held.1 = held.1.saturating_add(next.1);
            }
            is_same
        });
        self.repeated += u64::from(self.choice.len() < before);
    }
}
