//! The largest part of a graph in which everything reaches everything (Tarjan 1972, without recursion): what a map cut
//! at its edge, a gate or a drawing mistake leaves over would otherwise be islands that nobody can leave.

use super::graph::{Arc, Node};

/// Nodes and arcs of the largest part, numbered anew in the order they had.
pub(super) fn largest(nodes: Vec<Node>, arcs: Vec<Arc>) -> (Vec<Node>, Vec<Arc>) {
    let part = parts(nodes.len(), &arcs);
    let mut sizes = vec![0u32; nodes.len()];
    part.iter().for_each(|part| sizes[*part as usize] += 1);
    // Of parts of one size the first, so that the same map is the same graph.
    let Some(kept) = (0..nodes.len()).max_by_key(|part| (sizes[*part], std::cmp::Reverse(*part))) else {
        return (nodes, arcs);
    };
    let mut number = vec![u32::MAX; nodes.len()];
    let mut left = Vec::with_capacity(sizes[kept] as usize);
    for (index, node) in nodes.into_iter().enumerate() {
        if part[index] as usize == kept {
            number[index] = left.len() as u32;
            left.push(node);
        }
    }
    let inside = |arc: &Arc| number[arc.from as usize] != u32::MAX && number[arc.to as usize] != u32::MAX;
    let renumbered = |arc: Arc| Arc { from: number[arc.from as usize], to: number[arc.to as usize], ..arc };
    (left, arcs.into_iter().filter(inside).map(renumbered).collect())
}

/// The number of the part that each node belongs to.
fn parts(nodes: usize, arcs: &[Arc]) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    let mut first = vec![0usize; nodes + 1];
    arcs.iter().for_each(|arc| first[arc.from as usize + 1] += 1);
    (0..nodes).for_each(|node| first[node + 1] += first[node]);
    let mut next = first.clone();
    let mut ends = vec![0u32; arcs.len()];
    for arc in arcs {
        ends[next[arc.from as usize]] = arc.to;
        next[arc.from as usize] += 1;
    }
    let mut next = first.clone();
    let mut seen = vec![UNSEEN; nodes];
    let mut low = vec![0u32; nodes];
    let mut part = vec![UNSEEN; nodes];
    let (mut open, mut way) = (Vec::new(), Vec::new());
    let (mut count, mut count_parts) = (0, 0);
    for root in 0..nodes {
        if seen[root] != UNSEEN {
            continue;
        }
        way.push(root);
        while let Some(&node) = way.last() {
            if seen[node] == UNSEEN {
                (seen[node], low[node]) = (count, count);
                count += 1;
                open.push(node);
            }
            if next[node] < first[node + 1] {
                let other = ends[next[node]] as usize;
                next[node] += 1;
                if seen[other] == UNSEEN {
                    way.push(other);
                } else if part[other] == UNSEEN {
                    low[node] = low[node].min(seen[other]);
                }
                continue;
            }
            way.pop();
            if let Some(&before) = way.last() {
                low[before] = low[before].min(low[node]);
            }
            if low[node] == seen[node] {
                while let Some(other) = open.pop() {
                    part[other] = count_parts;
                    if other == node {
                        break;
                    }
                }
                count_parts += 1;
            }
        }
    }
    part
}
