//! Chance that repeats: the same seed makes the same year.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough for sentences and street corners.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub fn share(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A whole number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        if to <= from {
            return from;
        }
        from + (self.number() % (to - from + 1) as u64) as i64
    }

    /// One of a list; none of an empty one.
    pub fn one<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() {
            return None;
        }
        list.get((self.number() % list.len() as u64) as usize)
    }

    pub fn one_text<'a>(&mut self, list: &'a [String]) -> &'a str {
        self.one(list).map_or("", String::as_str)
    }
}

/// Things with weights, drawn in proportion.
#[derive(Debug, Clone)]
pub struct Weighted<T> {
    things: Vec<T>,
    /// The sum of all weights up to each thing.
    sums: Vec<f64>,
}

impl<T> Weighted<T> {
    pub fn new(all: impl IntoIterator<Item = (T, f64)>) -> Weighted<T> {
        let (mut things, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (thing, weight) in all {
            sum += weight.max(0.0);
            things.push(thing);
            sums.push(sum);
        }
        Weighted { things, sums }
    }

    pub fn draw(&self, chance: &mut Chance) -> Option<&T> {
        let wish = chance.share() * self.sums.last().copied().unwrap_or(0.0);
        let at = self.sums.partition_point(|sum| *sum <= wish);
        self.things.get(at).or_else(|| self.things.last())
    }

    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }
}
