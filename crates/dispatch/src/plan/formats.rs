//! Plans from files: Solomon and Gehring-Homberger text, VRPLIB text, and our own JSON.
//!
//! Benchmark files know one depot, one kind of vehicle and hard windows; distances are rounded as their community
//! does: Solomon and Homberger with one decimal, cut off (DIMACS), VRPLIB to whole numbers unless it says otherwise.

use crate::plan::problem::{LOADS, Matrix};
use crate::plan::{Crew, Job, Problem, Weights};

/// The file does not say what such a file says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct FormatError {
    pub line: usize,
    pub what: &'static str,
}

/// A problem and by how much its numbers were multiplied to be whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromFile {
    pub problem: Problem,
    pub scale: i64,
}

struct Node {
    x: f64,
    y: f64,
    demand: i64,
    ready: i64,
    due: i64,
    service: i64,
}

/// The most places a file may have: its matrix would fill a gigabyte.
const MOST_PLACES: usize = 16_000;

/// `VEHICLE` with number and capacity, `CUSTOMER` with number, x, y, demand, ready, due, service; the first is the
/// depot. The format of Solomon (1987) and of Gehring and Homberger (1999).
pub fn solomon(text: &str) -> Result<FromFile, FormatError> {
    const SCALE: i64 = 10;
    let mut rows = numbers(text);
    let (line, fleet) = rows
        .find(|(_, row)| row.len() == 2)
        .ok_or(FormatError { line: 1, what: "no number and capacity of vehicles" })?;
    let (vehicles, capacity) = (fleet[0], fleet[1]);
    if !(1.0..=100_000.0).contains(&vehicles) || !(0.0..=1e9).contains(&capacity) {
        return Err(FormatError { line, what: "no such fleet" });
    }
    let mut nodes = Vec::new();
    for (line, row) in rows {
        let [_, x, y, demand, ready, due, service] = row[..] else {
            return Err(FormatError { line, what: "a customer has seven numbers" });
        };
        if row.iter().any(|n| n.abs() > 1e9) || demand < 0.0 || service < 0.0 || due < ready {
            return Err(FormatError { line, what: "a customer with impossible numbers" });
        }
        let scaled = |n: f64| (n * SCALE as f64) as i64;
        nodes.push(Node {
            x,
            y,
            demand: demand as i64,
            ready: scaled(ready),
            due: scaled(due),
            service: scaled(service),
        });
        if nodes.len() > MOST_PLACES {
            return Err(FormatError { line, what: "too many customers" });
        }
    }
    // The fleet is given as an upper bound; more vehicles than customers are never of use.
    let vehicles = (vehicles as usize).min(nodes.len());
    let distance = |a: &Node, b: &Node| ((a.x - b.x).hypot(a.y - b.y) * SCALE as f64) as i32;
    Ok(FromFile { problem: depot_problem(&nodes, vehicles, capacity as i64, distance)?, scale: SCALE })
}

/// `CVRP` and `VRPTW` of the VRPLIB dialect with coordinates: sections `NODE_COORD_SECTION`, `DEMAND_SECTION`,
/// `TIME_WINDOW_SECTION`, `SERVICE_TIME`, `VEHICLES`, `CAPACITY`.
pub fn vrplib(text: &str) -> Result<FromFile, FormatError> {
    let mut nodes: Vec<Node> = Vec::new();
    let (mut capacity, mut vehicles, mut service) = (crate::plan::problem::NEVER, None, 0);
    let mut section = "";
    for (at, line) in text.lines().enumerate() {
        let wrong = |what| FormatError { line: at + 1, what };
        let line = line.trim();
        if let Some((name, value)) = line.split_once(':') {
            let number = || value.trim().parse::<f64>().ok().filter(|n| (0.0..=1e9).contains(n));
            match name.trim() {
                "CAPACITY" => capacity = number().ok_or(wrong("no capacity"))? as i64,
                "VEHICLES" => vehicles = Some(number().ok_or(wrong("no number of vehicles"))? as usize),
                "SERVICE_TIME" => service = number().ok_or(wrong("no service time"))? as i64,
                "EDGE_WEIGHT_TYPE" if value.trim() != "EUC_2D" => {
                    return Err(wrong("only EUC_2D distances are known"));
                }
                _ => {}
            }
            continue;
        }
        if line.ends_with("_SECTION") || line == "EOF" {
            section = line;
            continue;
        }
        let row: Vec<f64> = line.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        if row.iter().any(|n| !n.is_finite() || n.abs() > 1e9) {
            return Err(wrong("a number that is none"));
        }
        let node = |row: &[f64]| row.first().map(|n| (*n as usize).wrapping_sub(1));
        match (section, row.as_slice()) {
            ("NODE_COORD_SECTION", [n, x, y]) => {
                if *n as usize != nodes.len() + 1 || nodes.len() >= MOST_PLACES {
                    return Err(wrong("nodes are counted from 1 without gaps"));
                }
                let due = crate::plan::problem::NEVER;
                nodes.push(Node { x: *x, y: *y, demand: 0, ready: 0, due, service });
            }
            ("DEMAND_SECTION", row @ [_, demand]) if *demand >= 0.0 => {
                nodes.get_mut(node(row).unwrap_or(usize::MAX)).ok_or(wrong("no such node"))?.demand =
                    *demand as i64;
            }
            ("TIME_WINDOW_SECTION", row @ [_, ready, due]) if ready <= due => {
                let node = nodes.get_mut(node(row).unwrap_or(usize::MAX)).ok_or(wrong("no such node"))?;
                (node.ready, node.due) = (*ready as i64, *due as i64);
            }
            ("SERVICE_TIME_SECTION", row @ [_, service]) if *service >= 0.0 => {
                nodes.get_mut(node(row).unwrap_or(usize::MAX)).ok_or(wrong("no such node"))?.service =
                    *service as i64;
            }
            ("DEPOT_SECTION", [depot]) if *depot == 1.0 || *depot == -1.0 => {}
            ("DEPOT_SECTION", _) => return Err(wrong("one depot, the first node")),
            ("", _) | (_, []) => {}
            _ => return Err(wrong("a line that does not belong to its section")),
        }
    }
    if let Some(depot) = nodes.first_mut() {
        depot.service = 0;
    }
    let vehicles = vehicles.unwrap_or(nodes.len()).clamp(1, nodes.len().max(1));
    let distance = |a: &Node, b: &Node| (a.x - b.x).hypot(a.y - b.y).round() as i32;
    Ok(FromFile { problem: depot_problem(&nodes, vehicles, capacity, distance)?, scale: 1 })
}

fn depot_problem(
    nodes: &[Node],
    vehicles: usize,
    capacity: i64,
    distance: impl Fn(&Node, &Node) -> i32,
) -> Result<Problem, FormatError> {
    let Some((depot, customers)) = nodes.split_first() else {
        return Err(FormatError { line: 1, what: "no depot" });
    };
    let only = |n| {
        let mut load = [0; LOADS];
        load[0] = n;
        load
    };
    let time = nodes.iter().flat_map(|a| nodes.iter().map(|b| distance(a, b)).collect::<Vec<_>>()).collect();
    let jobs = customers.iter().enumerate().map(|(index, node)| Job {
        id: index as i64 + 1,
        place: index + 1,
        service: node.service,
        earliest: node.ready,
        latest: node.due,
        due: crate::plan::problem::NEVER,
        late_weight: 0,
        worth: 1 << 40,
        load: only(node.demand),
        skills: 0,
        equipment: 0,
        after: None,
        only: None,
        held_by: None,
    });
    let crews = (0..vehicles).map(|index| Crew {
        id: index as i64 + 1,
        start: 0,
        end: Some(0),
        from: depot.ready,
        until: depot.due,
        overtime_until: None,
        rest: None,
        capacity: only(capacity),
        skills: 0,
        equipment: 0,
        locked: Vec::new(),
    });
    Ok(Problem {
        jobs: jobs.collect(),
        crews: crews.collect(),
        travel: Matrix { size: nodes.len(), time, cost: None },
        weights: Weights { travel: 1, overtime: 0, change: 0 },
    })
}

/// Lines that are nothing but numbers, with their place in the file.
fn numbers(text: &str) -> impl Iterator<Item = (usize, Vec<f64>)> + '_ {
    text.lines().enumerate().filter_map(|(at, line)| {
        let row: Option<Vec<f64>> =
            line.split_whitespace().map(|n| n.parse().ok().filter(|n: &f64| n.is_finite())).collect();
        row.filter(|row| !row.is_empty()).map(|row| (at + 1, row))
    })
}
