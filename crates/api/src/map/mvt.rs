//! The encoding of a vector tile (Mapbox Vector Tile 2.1): protocol buffers with three kinds of message.
//!
//! A tile is layers, a layer is features and two tables, of names and of values; a feature points into the tables and
//! draws its geometry with MoveTo, LineTo and ClosePath. No library is used: the whole format is this file.

use std::collections::HashMap;

/// Units along the side of a tile.
pub const EXTENT: u32 = 4096;

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    Whole(u64),
}

/// One layer of a tile.
pub struct Layer {
    name: &'static str,
    features: Vec<u8>,
    keys: Vec<&'static str>,
    values: Vec<Value>,
    known: HashMap<Value, u32>,
}

const POINT: u64 = 1;
const POLYGON: u64 = 3;
const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

impl Layer {
    pub fn new(name: &'static str) -> Self {
        Layer { name, features: Vec::new(), keys: Vec::new(), values: Vec::new(), known: HashMap::new() }
    }

    /// A point, in units of the tile from its north-west corner.
    pub fn point(&mut self, id: Option<u64>, at: (i32, i32), properties: &[(&'static str, Value)]) {
        let mut geometry = Vec::with_capacity(8);
        varint(&mut geometry, u64::from(command(MOVE_TO, 1)));
        delta(&mut geometry, at.0);
        delta(&mut geometry, at.1);
        self.feature(id, POINT, &geometry, properties);
    }

    /// A polygon of rings. Each is closed by itself: the first point is not repeated. Outer rings turn clockwise as
    /// seen on the screen, holes the other way, and a hole follows its outer ring.
    pub fn polygon(
        &mut self,
        id: Option<u64>,
        rings: &[Vec<(i32, i32)>],
        properties: &[(&'static str, Value)],
    ) {
        let mut geometry = Vec::new();
        let mut pen = (0, 0);
        for ring in rings {
            let Some((first, rest)) = ring.split_first() else { continue };
            if rest.len() < 2 {
                continue;
            }
            varint(&mut geometry, u64::from(command(MOVE_TO, 1)));
            draw(&mut geometry, &mut pen, *first);
            varint(&mut geometry, u64::from(command(LINE_TO, rest.len() as u32)));
            for point in rest {
                draw(&mut geometry, &mut pen, *point);
            }
            varint(&mut geometry, u64::from(command(CLOSE_PATH, 1)));
        }
        if !geometry.is_empty() {
            self.feature(id, POLYGON, &geometry, properties);
        }
    }

    fn feature(&mut self, id: Option<u64>, kind: u64, geometry: &[u8], properties: &[(&'static str, Value)]) {
        let mut tags = Vec::with_capacity(properties.len() * 2);
        for (key, value) in properties {
            let key = self.key(key);
            varint(&mut tags, u64::from(key));
            let value = self.value(value);
            varint(&mut tags, u64::from(value));
        }
        let mut message = Vec::with_capacity(geometry.len() + tags.len() + 16);
        if let Some(id) = id {
            field(&mut message, 1, 0);
            varint(&mut message, id);
        }
        bytes(&mut message, 2, &tags);
        field(&mut message, 3, 0);
        varint(&mut message, kind);
        bytes(&mut message, 4, geometry);
        bytes(&mut self.features, 2, &message);
    }

    fn key(&mut self, key: &'static str) -> u32 {
        // There are ten at most, so looking through them is faster than any table.
        if let Some(n) = self.keys.iter().position(|known| *known == key) {
            return n as u32;
        }
        self.keys.push(key);
        self.keys.len() as u32 - 1
    }

    fn value(&mut self, value: &Value) -> u32 {
        if let Some(n) = self.known.get(value) {
            return *n;
        }
        let n = self.values.len() as u32;
        self.values.push(value.clone());
        self.known.insert(value.clone(), n);
        n
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Appends the layer to a tile. A layer without features is left out.
    pub fn write(self, tile: &mut Vec<u8>) {
        if self.is_empty() {
            return;
        }
        let mut message = Vec::with_capacity(self.features.len() + 1024);
        field(&mut message, 15, 0);
        varint(&mut message, 2);
        bytes(&mut message, 1, self.name.as_bytes());
        message.extend_from_slice(&self.features);
        for key in &self.keys {
            bytes(&mut message, 3, key.as_bytes());
        }
        for value in &self.values {
            let mut one = Vec::new();
            match value {
                Value::Text(text) => bytes(&mut one, 1, text.as_bytes()),
                Value::Whole(number) => {
                    field(&mut one, 5, 0);
                    varint(&mut one, *number);
                }
            }
            bytes(&mut message, 4, &one);
        }
        field(&mut message, 5, 0);
        varint(&mut message, u64::from(EXTENT));
        bytes(tile, 3, &message);
    }
}

fn command(kind: u32, count: u32) -> u32 {
    kind | (count << 3)
}

fn draw(out: &mut Vec<u8>, pen: &mut (i32, i32), to: (i32, i32)) {
    delta(out, to.0 - pen.0);
    delta(out, to.1 - pen.1);
    *pen = to;
}

/// Zigzag: small numbers of either sign stay short.
fn delta(out: &mut Vec<u8>, number: i32) {
    varint(out, u64::from(((number << 1) ^ (number >> 31)) as u32));
}

/// The number and the wire type of the field that follows.
fn field(out: &mut Vec<u8>, number: u32, wire: u32) {
    varint(out, u64::from(number << 3 | wire));
}

fn bytes(out: &mut Vec<u8>, number: u32, content: &[u8]) {
    field(out, number, 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification_come_out_byte_by_byte() {
        let mut layer = Layer::new("l");
        // Section 4.3.5.1: a point at (25, 17) is [9 50 34].
        layer.point(None, (25, 17), &[]);
        assert!(layer.features.ends_with(&[0x18, 1, 0x22, 3, 9, 50, 34]), "{:?}", layer.features);
        // Section 4.3.5.5: a polygon (3,6) (8,12) (20,34) is [9 6 12 18 10 12 24 44 15].
        layer.polygon(None, &[vec![(3, 6), (8, 12), (20, 34)]], &[]);
        assert!(layer.features.ends_with(&[0x18, 3, 0x22, 9, 9, 6, 12, 18, 10, 12, 24, 44, 15]));
    }

    #[test]
    fn equal_values_are_kept_once() {
        let mut layer = Layer::new("l");
        for n in 0..3 {
            layer.point(Some(n), (1, 1), &[("kind", Value::Text("x".into())), ("n", Value::Whole(7))]);
        }
        assert_eq!((layer.keys.len(), layer.values.len()), (2, 2));
    }

    #[test]
    fn an_empty_layer_is_left_out() {
        let mut tile = Vec::new();
        Layer::new("l").write(&mut tile);
        assert!(tile.is_empty());
    }
}
