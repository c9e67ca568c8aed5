//! Writes extracts as the PBF format says (wiki.openstreetmap.org/wiki/PBF_Format): a header, then blocks of nodes and
//! ways, each in a blob of its own, packed with zlib or not. Only what the tests need.

use std::io::Write;

/// One node or way with its tags.
pub struct Node {
    pub id: i64,
    pub lat: f64,
    pub long: f64,
    pub tags: Vec<(&'static str, &'static str)>,
}

pub struct Way {
    pub id: i64,
    pub refs: Vec<i64>,
    pub tags: Vec<(&'static str, &'static str)>,
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

fn number(out: &mut Vec<u8>, field: u64, n: u64) {
    varint(out, field << 3);
    varint(out, n);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend(content);
}

fn packed(out: &mut Vec<u8>, field: u64, list: impl Iterator<Item = u64>) {
    let mut content = Vec::new();
    list.for_each(|n| varint(&mut content, n));
    bytes(out, field, &content);
}

/// Differences, as the format wants them.
fn steps(list: impl Iterator<Item = i64>) -> impl Iterator<Item = u64> {
    let mut before = 0;
    list.map(move |n| zigzag(n - std::mem::replace(&mut before, n)))
}

#[derive(Default)]
struct Strings(Vec<String>);

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        let found = self.0.iter().position(|known| known == text);
        found.unwrap_or_else(|| {
            self.0.push(text.into());
            self.0.len() - 1
        }) as u64
    }
}

fn blob(kind: &str, content: &[u8], pack: bool) -> Vec<u8> {
    let mut blob = Vec::new();
    if pack {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(content).unwrap();
        number(&mut blob, 2, content.len() as u64);
        bytes(&mut blob, 3, &zlib.finish().unwrap());
    } else {
        bytes(&mut blob, 1, content);
    }
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, blob.len() as u64);
    let mut out = (header.len() as u32).to_be_bytes().to_vec();
    out.extend(header);
    out.extend(blob);
    out
}

fn block(strings: &Strings, group: &[u8]) -> Vec<u8> {
    let mut table = Vec::new();
    strings.0.iter().for_each(|text| bytes(&mut table, 1, text.as_bytes()));
    let mut block = Vec::new();
    bytes(&mut block, 1, &table);
    bytes(&mut block, 2, group);
    block
}

/// A whole file; nodes dense or one by one, as older programs write them.
pub fn file(nodes: &[Node], ways: &[Way], dense: bool, pack: bool) -> Vec<u8> {
    let nano = |degrees: f64| (degrees * 1e7).round() as i64;
    let mut header = Vec::new();
    bytes(&mut header, 4, b"OsmSchema-V0.6");
    if dense {
        bytes(&mut header, 4, b"DenseNodes");
    }
    let mut out = blob("OSMHeader", &header, pack);
    let mut strings = Strings(vec![String::new()]);
    let mut group = Vec::new();
    if dense {
        let mut list = Vec::new();
        packed(&mut list, 1, steps(nodes.iter().map(|node| node.id)));
        packed(&mut list, 8, steps(nodes.iter().map(|node| nano(node.lat))));
        packed(&mut list, 9, steps(nodes.iter().map(|node| nano(node.long))));
        let mut tags = Vec::new();
        for node in nodes {
            for (key, value) in &node.tags {
                tags.extend([strings.number(key), strings.number(value)]);
            }
            tags.push(0);
        }
        packed(&mut list, 10, tags.into_iter());
        bytes(&mut group, 2, &list);
    } else {
        for node in nodes {
            let mut one = Vec::new();
            number(&mut one, 1, zigzag(node.id));
            packed(&mut one, 2, node.tags.iter().map(|(key, _)| strings.number(key)));
            packed(&mut one, 3, node.tags.iter().map(|(_, value)| strings.number(value)));
            number(&mut one, 8, zigzag(nano(node.lat)));
            number(&mut one, 9, zigzag(nano(node.long)));
            bytes(&mut group, 1, &one);
        }
    }
    out.extend(blob("OSMData", &block(&strings, &group), pack));
    let mut strings = Strings(vec![String::new()]);
    let mut group = Vec::new();
    for way in ways {
        let mut one = Vec::new();
        number(&mut one, 1, way.id as u64);
        packed(&mut one, 2, way.tags.iter().map(|(key, _)| strings.number(key)));
        packed(&mut one, 3, way.tags.iter().map(|(_, value)| strings.number(value)));
        packed(&mut one, 8, steps(way.refs.iter().copied()));
        bytes(&mut group, 3, &one);
    }
    out.extend(blob("OSMData", &block(&strings, &group), pack));
    out
}
