//! What was learned: which words speak for which service, and how strongly.
//!
//! Weights are kept as whole numbers of one byte with one scale for each word. That is a quarter of the room, and costs
//! no right answer that could be measured; see docs/reference/suggestions.md.

use std::collections::HashMap;

use storage::{Error, Result};

use super::lesson::{MOST_KEPT, MOST_SERVICES};
use super::words::{Feature, features, words};

/// The first bytes of a stored model. Another number means another shape, and the city learns anew.
const MARK: &[u8; 4] = b"PSM1";

#[derive(Debug)]
pub struct Model {
    services: Vec<i64>,
    bias: Vec<f32>,
    names: HashMap<String, u32>,
    /// For each word how much it counts, and what one whole number of its weights is worth.
    rarity: Vec<f32>,
    scale: Vec<f32>,
    /// Row by row, one byte for each service.
    weights: Vec<i8>,
}

/// A service with how sure the model is, and how strongly each word of the text spoke for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub service: i64,
    pub share: f64,
    /// Folded words of the text, in its order.
    pub spoke: Vec<(String, f32)>,
}

impl Model {
    pub(super) fn new(
        services: Vec<i64>,
        bias: &[f32],
        words: impl Iterator<Item = (String, f32)>,
        weights: &[f32],
    ) -> Self {
        let mut model = Model {
            bias: bias.to_vec(),
            names: HashMap::new(),
            rarity: Vec::new(),
            scale: Vec::new(),
            weights: Vec::with_capacity(weights.len()),
            services,
        };
        for ((name, rarity), row) in words.zip(weights.chunks(model.services.len().max(1))) {
            let largest = row.iter().fold(0f32, |most, w| most.max(w.abs()));
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            model.names.insert(name, model.scale.len() as u32);
            model.rarity.push(rarity);
            model.scale.push(scale);
            model.weights.extend(row.iter().map(|w| (w / scale).round() as i8));
        }
        model
    }

    /// How many services it tells apart.
    pub fn services(&self) -> usize {
        self.services.len()
    }

    /// The likeliest services for a text, at most `most`; nothing when it knows none of the words.
    pub fn judge(&self, text: &str, most: usize) -> Vec<Judged> {
        let words = words(text);
        let features = features(&words);
        let row = self.row(&features);
        if row.is_empty() {
            return Vec::new();
        }
        let mut shares = self.bias.clone();
        for (id, much) in &row {
            let (scale, weights) = self.weights_of(*id);
            for (sum, weight) in shares.iter_mut().zip(weights) {
                *sum += much * scale * f32::from(*weight);
            }
        }
        to_shares(&mut shares);
        let mut order: Vec<usize> = (0..shares.len()).collect();
        let share = |n: &usize| shares.get(*n).copied().unwrap_or(0.0);
        order.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.cmp(b)));
        order
            .into_iter()
            .take(most)
            .filter_map(|n| {
                Some(Judged {
                    service: *self.services.get(n)?,
                    share: f64::from(*shares.get(n)?),
                    spoke: self.spoke(&words, &features, &row, n),
                })
            })
            .collect()
    }

    /// What of a text the model knows, with how much each counts.
    fn row(&self, features: &[Feature]) -> Vec<(u32, f32)> {
        let mut ids: Vec<u32> = features.iter().filter_map(|f| self.names.get(&f.name).copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut row: Vec<(u32, f32)> =
            ids.into_iter().filter_map(|id| Some((id, *self.rarity.get(id as usize)?))).collect();
        to_length_one(&mut row);
        row
    }

    /// How strongly each word spoke for a service more than for the others.
    fn spoke(
        &self,
        words: &[String],
        features: &[Feature],
        row: &[(u32, f32)],
        service: usize,
    ) -> Vec<(String, f32)> {
        let mut by_word: Vec<(String, f32)> = words.iter().map(|w| (w.clone(), 0.0)).collect();
        for feature in features {
            let Some(id) = self.names.get(&feature.name) else { continue };
            let Ok(at) = row.binary_search_by_key(id, |(id, _)| *id) else { continue };
            let much = row.get(at).map_or(0.0, |(_, much)| *much);
            let (scale, weights) = self.weights_of(*id);
            let sum: f32 = weights.iter().map(|w| f32::from(*w)).sum();
            let own = weights.get(service).map_or(0.0, |w| f32::from(*w));
            let more = much * scale * (own - sum / weights.len().max(1) as f32);
            if let Some((_, strength)) = by_word.get_mut(feature.at) {
                *strength += more;
            }
        }
        by_word
    }

    fn weights_of(&self, id: u32) -> (f32, &[i8]) {
        let (id, services) = (id as usize, self.services.len());
        let weights = self.weights.get(id * services..(id + 1) * services).unwrap_or_default();
        (self.scale.get(id).copied().unwrap_or(0.0), weights)
    }

    /// The bytes that [`Model::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        let mut names: Vec<(&str, u32)> = self.names.iter().map(|(name, id)| (name.as_str(), *id)).collect();
        names.sort_unstable_by_key(|(_, id)| *id);
        let mut out = MARK.to_vec();
        out.extend((self.services.len() as u32).to_le_bytes());
        out.extend((names.len() as u32).to_le_bytes());
        out.extend(self.services.iter().flat_map(|id| id.to_le_bytes()));
        out.extend(self.bias.iter().flat_map(|b| b.to_le_bytes()));
        for (name, id) in names {
            let (scale, weights) = self.weights_of(id);
            out.extend((name.len() as u16).to_le_bytes());
            out.extend(name.as_bytes());
            out.extend(self.rarity.get(id as usize).copied().unwrap_or(0.0).to_le_bytes());
            out.extend(scale.to_le_bytes());
            out.extend(weights.iter().map(|w| w.cast_unsigned()));
        }
        out
    }

    /// Reads what [`Model::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let broken = || Error::corrupt("a model of suggestions that cannot be read");
        let mut bytes = Bytes(bytes);
        if bytes.take(4) != Some(MARK) {
            return Err(broken());
        }
        let services = bytes.u32().ok_or_else(broken)? as usize;
        let words = bytes.u32().ok_or_else(broken)? as usize;
        if !(2..=MOST_SERVICES).contains(&services) || words > MOST_KEPT {
            return Err(broken());
        }
        let mut model = Model {
            services: Vec::with_capacity(services),
            bias: Vec::with_capacity(services),
            names: HashMap::with_capacity(words),
            rarity: Vec::with_capacity(words),
            scale: Vec::with_capacity(words),
            weights: Vec::with_capacity(words * services),
        };
        for _ in 0..services {
            model.services.push(bytes.array().map(i64::from_le_bytes).ok_or_else(broken)?);
        }
        for _ in 0..services {
            model.bias.push(bytes.f32().ok_or_else(broken)?);
        }
        for id in 0..words as u32 {
            let length = bytes.array().map(u16::from_le_bytes).ok_or_else(broken)?;
            let name = bytes.take(usize::from(length)).ok_or_else(broken)?;
            let name = std::str::from_utf8(name).map_err(|_| broken())?;
            model.names.insert(name.to_owned(), id);
            model.rarity.push(bytes.f32().ok_or_else(broken)?);
            model.scale.push(bytes.f32().ok_or_else(broken)?);
            model.weights.extend(bytes.take(services).ok_or_else(broken)?.iter().map(|b| b.cast_signed()));
        }
        if bytes.0.is_empty() { Ok(model) } else { Err(broken()) }
    }
}

/// Long texts do not count more than short ones.
pub(super) fn to_length_one(row: &mut [(u32, f32)]) {
    let length = row.iter().map(|(_, much)| much * much).sum::<f32>().sqrt();
    if length > 0.0 {
        row.iter_mut().for_each(|(_, much)| *much /= length);
    }
}

/// Turns what speaks for each service into shares of one.
pub(super) fn to_shares(sums: &mut [f32]) {
    let most = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut all = 0.0;
    for sum in sums.iter_mut() {
        *sum = (*sum - most).exp();
        all += *sum;
    }
    sums.iter_mut().for_each(|sum| *sum /= all);
}

/// What is left to read.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (now, later) = self.0.split_at_checked(count)?;
        self.0 = later;
        Some(now)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.array().map(f32::from_le_bytes).filter(|v| v.is_finite())
    }
}
