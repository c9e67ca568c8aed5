//! The quickest ways from one crossing to all others, or from all others to it (Dijkstra 1959). At the size of a city
//! this takes some ten milliseconds, so nothing has to be prepared and a closed street is simply passed by.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{Graph, MOST_KMH, Side};
use super::straight::Bands;

/// No way.
pub(super) const NONE: u32 = u32::MAX;

/// What an hour of the day makes of the speeds of empty streets: microseconds for a decimetre, by kilometres an hour.
///
/// Traffic slows large streets most. At 50 kilometres an hour and more the whole slowness of the hour counts, at 20 and
/// less none of it, in between a share.
pub(super) struct Pace(Vec<u32>);

impl Pace {
    pub fn new(bands: &Bands, hour: u8) -> Pace {
        let flow = bands.flow(hour);
        let of = |kmh: u8| {
            let share = ((f64::from(kmh) - 20.0) / 30.0).clamp(0.0, 1.0);
            let kmh = f64::from(kmh.max(1)) * (1.0 - (1.0 - flow) * share);
            (0.1 / (kmh / 3.6) * 1e6).round() as u32
        };
        Pace((0..=MOST_KMH).map(of).collect())
    }

    /// Milliseconds.
    pub fn over(&self, length: u32, kmh: u8) -> u32 {
        let micros = u64::from(length) * u64::from(self.0[usize::from(kmh.min(MOST_KMH))]);
        u32::try_from(micros / 1000).unwrap_or(NONE)
    }
}

/// Which way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Towards {
    /// From the one to all.
    All,
    /// From all to the one.
    One,
}

/// Milliseconds between `one` and each of `wanted`, [`NONE`] where there is no way. `is_closed` says it of an arc.
pub(super) fn times(
    graph: &Graph,
    pace: &Pace,
    one: u32,
    wanted: &[u32],
    towards: Towards,
    is_closed: impl Fn(u32) -> bool,
) -> Vec<u32> {
    let side: &Side = if towards == Towards::All { &graph.out } else { &graph.into };
    let mut time = vec![NONE; graph.nodes.len()];
    let mut is_wanted = vec![false; graph.nodes.len()];
    let mut missing = 0;
    for node in wanted {
        let known = std::mem::replace(&mut is_wanted[*node as usize], true);
        missing += usize::from(!known);
    }
    let mut heap = BinaryHeap::new();
    time[one as usize] = 0;
    heap.push(Reverse((0, one)));
    while let Some(Reverse((at, node))) = heap.pop() {
        if at > time[node as usize] {
            continue;
        }
        if std::mem::replace(&mut is_wanted[node as usize], false) {
            missing -= 1;
            if missing == 0 {
                break;
            }
        }
        for &(other, index) in side.of(node) {
            let arc = &graph.arcs[index as usize];
            let then = at.saturating_add(pace.over(arc.length, arc.kmh));
            if then < time[other as usize] && !is_closed(index) {
                time[other as usize] = then;
                heap.push(Reverse((then, other)));
            }
        }
    }
    wanted.iter().map(|node| time[*node as usize]).collect()
}
