//! A graph as a file of our own, so that starting the program does not read a map: `PYVROADS`, a version, the counts, the
//! nodes, the arcs, and a check sum of all of it. Little endian.

use std::io::{self, Read, Write};

use super::graph::{Arc, Graph, GraphError, MOST_NODES, Node};

const MAGIC: [u8; 8] = *b"PYVROADS";
const VERSION: u32 = 1;
const NODE: usize = 8;
const ARC: usize = 13;

/// The file is not one of ours, or not whole.
#[derive(Debug, thiserror::Error)]
pub enum CompactError {
    #[error("this is no file of streets")]
    NotOurs,
    #[error("it was written by another version ({0}); import the map again")]
    Version(u32),
    #[error("the file is damaged; import the map again")]
    Damaged,
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Fowler, Noll and Vo's, of 64 bits: enough to notice a file that is cut or was written over.
fn sum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

impl Graph {
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(24 + self.nodes.len() * NODE + self.arcs.len() * ARC);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((self.nodes.len() as u32).to_le_bytes());
        bytes.extend((self.arcs.len() as u32).to_le_bytes());
        for node in &self.nodes {
            bytes.extend(node.lat.to_le_bytes());
            bytes.extend(node.long.to_le_bytes());
        }
        for arc in &self.arcs {
            bytes.extend(arc.from.to_le_bytes());
            bytes.extend(arc.to.to_le_bytes());
            bytes.extend(arc.length.to_le_bytes());
            bytes.push(arc.kmh);
        }
        bytes.extend(sum(&bytes).to_le_bytes());
        out.write_all(&bytes)
    }

    pub fn read(input: &mut dyn Read) -> Result<Graph, CompactError> {
        let mut bytes = Vec::new();
        // The largest graph there may be, and one byte more to notice a larger one.
        let most = (20 + MOST_NODES * (NODE + 4 * ARC) + 8) as u64;
        input.take(most + 1).read_to_end(&mut bytes)?;
        if !bytes.starts_with(&MAGIC) {
            return Err(CompactError::NotOurs);
        }
        let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        let (version, nodes, arcs) = (word(8), word(12), word(16));
        let (Some(version), Some(nodes), Some(arcs)) = (version, nodes, arcs) else {
            return Err(CompactError::Damaged);
        };
        if version != VERSION {
            return Err(CompactError::Version(version));
        }
        let (nodes, arcs) = (nodes as usize, arcs as usize);
        let wanted = nodes.checked_mul(NODE).zip(arcs.checked_mul(ARC)).and_then(|(n, a)| n.checked_add(a));
        if wanted.and_then(|wanted| wanted.checked_add(28)) != Some(bytes.len()) {
            return Err(CompactError::Damaged);
        }
        let (body, check) = bytes.split_at(bytes.len() - 8);
        if check != sum(body).to_le_bytes() {
            return Err(CompactError::Damaged);
        }
        let (node_bytes, arc_bytes) = body[20..].split_at(nodes * NODE);
        let int = |bytes: &[u8], at: usize| {
            let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
            four.map_or(0, u32::from_le_bytes)
        };
        let nodes = node_bytes
            .chunks_exact(NODE)
            .map(|b| Node { lat: int(b, 0) as i32, long: int(b, 4) as i32 })
            .collect();
        let arcs = arc_bytes
            .chunks_exact(ARC)
            .map(|b| Arc { from: int(b, 0), to: int(b, 4), length: int(b, 8), kmh: b[12] })
            .collect();
        Ok(Graph::new(nodes, arcs)?)
    }
}
