//! Writes a `.pb` file. Ballots are sorted by what they say and numbered anew, so neither order nor number tells who
//! voted or when.

use std::io::{Result, Write};

use super::record::quoted;
use super::{File, VoteType, in_words};

/// Writes the whole file. The same election always gives the same bytes.
pub fn write(file: &File, into: &mut impl Write) -> Result<()> {
    let election = &file.election;
    let own = [
        ("num_projects", election.projects.len().to_string()),
        ("num_votes", election.ballots.cast().to_string()),
        ("budget", in_words(election.budget, file.decimals)),
        ("vote_type", file.vote_type.name().to_owned()),
    ];
    writeln!(into, "META\nkey;value")?;
    for (key, value) in &file.meta {
        let value = own.iter().find(|(name, _)| name == key).map_or(value, |(_, value)| value);
        writeln!(into, "{};{}", quoted(key), quoted(value))?;
    }
    for (key, value) in own.iter().filter(|(key, _)| file.meta(key).is_none()) {
        writeln!(into, "{key};{value}")?;
    }
    write!(into, "PROJECTS\nproject_id;cost")?;
    file.columns.iter().try_for_each(|name| write!(into, ";{}", quoted(name)))?;
    writeln!(into)?;
    for (at, project) in election.projects.iter().enumerate() {
        write!(into, "{};{}", quoted(&project.id), in_words(project.cost, file.decimals))?;
        let details = file.details.get(at);
        for column in 0..file.columns.len() {
            let text = details.and_then(|all| all.get(column)).map_or("", String::as_str);
            write!(into, ";{}", quoted(text))?;
        }
        writeln!(into)?;
    }
    let has_points = matches!(file.vote_type, VoteType::Cumulative | VoteType::Scoring);
    writeln!(into, "VOTES\nvoter_id;vote{}", if has_points { ";points" } else { "" })?;
    let mut groups: Vec<(Vec<(u32, u32)>, u32)> = (0..election.ballots.groups())
        .map(|group| (election.ballots.choice(group).collect(), election.ballots.times(group)))
        .collect();
    for (choice, _) in &mut groups {
        if file.vote_type == VoteType::Ordinal {
            choice.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
        }
    }
    groups.sort();
    let named: u64 = groups.iter().map(|(_, times)| u64::from(*times)).sum();
    let mut number = 0u64;
    let mut line = |vote: &str, points: &str| {
        number += 1;
        if has_points {
            writeln!(into, "{number};{vote};{points}")
        } else {
            writeln!(into, "{number};{vote}")
        }
    };
    for _ in named..election.ballots.cast() {
        line("", "")?;
    }
    for (choice, times) in groups {
        let join = |of: &dyn Fn(&(u32, u32)) -> String| choice.iter().map(of).collect::<Vec<_>>().join(",");
        let vote = quoted(&join(&|(at, _)| election.projects[*at as usize].id.clone()));
        let points = join(&|(_, points)| points.to_string());
        for _ in 0..times {
            line(&vote, &points)?;
        }
    }
    Ok(())
}
