//! Learning from examples: a linear model of many services at once (multinomial logistic regression).
//!
//! Each word gets a weight for each service. They are found by going over the examples several times and moving the
//! weights of the words of each one a little towards its service, in smaller steps for words met often (AdaGrad). The
//! order is mixed from a fixed seed: the same history gives the same model on every machine. Time and memory are
//! bounded by the limits below, not by the size of the city.

use std::collections::HashMap;

use super::model::Model;
use super::words::{features, words};

/// Different things that examples may be made of while they are gathered, and that a model keeps.
const MOST_GATHERED: usize = 200_000;
pub(super) const MOST_KEPT: usize = 12_000;
/// Services that a model tells apart, the most frequent ones.
pub(super) const MOST_SERVICES: usize = 256;
/// What only one or two wrote says little, and may be a name.
const LEAST_TEXTS: u32 = 3;
/// A service with fewer examples is left to its name.
const LEAST_EXAMPLES: usize = 3;
/// Times over the examples, and how many small steps all together may take.
const ROUNDS: std::ops::RangeInclusive<usize> = 4..=20;
const MOST_STEPS: usize = 300_000_000;
/// The length of a step.
const STEP: f32 = 2.0;
/// The pull of every weight towards nothing, shared by the texts that have the word: a word met seldom is believed less.
const PULL: f32 = 0.2;

/// Gathers examples; [`Lesson::learn`] makes a model of them.
#[derive(Debug, Default)]
pub struct Lesson {
    names: HashMap<String, u32>,
    /// In how many texts each was met.
    texts: Vec<u32>,
    examples: Vec<(i64, Vec<u32>)>,
}

/// One example: which service, and what it is made of with how much each counts.
type Row = (usize, Vec<(u32, f32)>);

impl Lesson {
    pub fn new() -> Self {
        Self::default()
    }

    /// Somebody wrote these words and it was this service.
    pub fn add(&mut self, service: i64, text: &str) {
        self.take(service, text, 1);
    }

    /// The city calls this service so: one example whose words are never too rare.
    pub fn add_name(&mut self, service: i64, text: &str) {
        self.take(service, text, LEAST_TEXTS);
    }

    fn take(&mut self, service: i64, text: &str, counts: u32) {
        let mut of_text: Vec<u32> = Vec::new();
        for feature in features(&words(text)) {
            let next = self.texts.len() as u32;
            let id = match self.names.get(&feature.name) {
                Some(id) => *id,
                None if self.texts.len() < MOST_GATHERED => {
                    self.names.insert(feature.name, next);
                    self.texts.push(0);
                    next
                }
                None => continue,
            };
            of_text.push(id);
        }
        of_text.sort_unstable();
        of_text.dedup();
        for id in &of_text {
            if let Some(count) = self.texts.get_mut(*id as usize) {
                *count += counts;
            }
        }
        if !of_text.is_empty() {
            self.examples.push((service, of_text));
        }
    }

    pub fn len(&self) -> usize {
        self.examples.len()
    }

    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// A model of what was gathered; `None` when there are not two services to tell apart.
    pub fn learn(self) -> Option<Model> {
        let services = self.services();
        if services.len() < 2 {
            return None;
        }
        let (mut kept, new_id) = self.kept();
        let column: HashMap<i64, usize> = services.iter().enumerate().map(|(n, id)| (*id, n)).collect();
        let mut rows: Vec<Row> = Vec::with_capacity(self.examples.len());
        for (service, ids) in &self.examples {
            let Some(column) = column.get(service) else { continue };
            let here = ids.iter().filter_map(|id| *new_id.get(*id as usize)?);
            let mut row: Vec<(u32, f32)> =
                here.filter_map(|id| Some((id, kept.get(id as usize)?.rarity))).collect();
            super::model::to_length_one(&mut row);
            rows.push((*column, row));
        }
        drop(self);
        let weights = weights(&rows, kept.len(), services.len());
        let (bias, weights) = weights.split_at(services.len());
        Some(Model::new(services, bias, kept.drain(..).map(|k| (k.name, k.rarity)), weights))
    }

    /// The services that can be told apart, the most frequent first.
    fn services(&self) -> Vec<i64> {
        let mut counts: HashMap<i64, usize> = HashMap::new();
        for (service, _) in &self.examples {
            *counts.entry(*service).or_default() += 1;
        }
        let mut services: Vec<(usize, i64)> =
            counts.into_iter().filter(|(_, n)| *n >= LEAST_EXAMPLES).map(|(id, n)| (n, id)).collect();
        services.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        services.truncate(MOST_SERVICES);
        services.into_iter().map(|(_, id)| id).collect()
    }

    /// What the model keeps, and the new number of each thing that was gathered.
    fn kept(&self) -> (Vec<Kept>, Vec<Option<u32>>) {
        let mut wanted: Vec<(u32, &str, u32)> = self
            .names
            .iter()
            .filter_map(|(name, id)| Some((*self.texts.get(*id as usize)?, name.as_str(), *id)))
            .filter(|(texts, _, _)| *texts >= LEAST_TEXTS)
            .collect();
        wanted.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        wanted.truncate(MOST_KEPT);
        let all = self.examples.len() as f32;
        let mut new_id = vec![None; self.texts.len()];
        let kept = wanted
            .into_iter()
            .enumerate()
            .map(|(n, (texts, name, id))| {
                if let Some(slot) = new_id.get_mut(id as usize) {
                    *slot = Some(n as u32);
                }
                Kept { name: name.to_owned(), rarity: ((1.0 + all) / (1.0 + texts as f32)).ln() + 1.0 }
            })
            .collect();
        (kept, new_id)
    }
}

/// Something that the model keeps. What is met seldom counts more.
struct Kept {
    name: String,
    rarity: f32,
}

/// The weights, row by row: first what speaks for each service without any word, then the weights of each word.
fn weights(rows: &[Row], words: usize, services: usize) -> Vec<f32> {
    let mut weights = vec![0f32; (words + 1) * services];
    let mut walked = vec![1e-3f32; words + 1];
    let pull = pulls(rows, words);
    let steps: usize = rows.iter().map(|(_, row)| row.len() + 1).sum::<usize>() * services;
    let rounds = (MOST_STEPS / steps.max(1)).clamp(*ROUNDS.start(), *ROUNDS.end());
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut chance = 137u64;
    let mut wrong = vec![0f32; services];
    for _ in 0..rounds {
        mix(&mut order, &mut chance);
        for (service, row) in order.iter().filter_map(|n| rows.get(*n)) {
            shares(&weights, row, &mut wrong);
            if let Some(right) = wrong.get_mut(*service) {
                *right -= 1.0;
            }
            let size: f32 = wrong.iter().map(|w| w * w).sum();
            // The first row of weights is met by every text.
            for (word, much) in row.iter().map(|(w, much)| (*w as usize + 1, *much)).chain([(0, 1.0)]) {
                let (Some(mine), Some(far)) =
                    (weights.get_mut(word * services..(word + 1) * services), walked.get_mut(word))
                else {
                    continue;
                };
                *far += size * much * much;
                let step = STEP / far.sqrt();
                let keep = (1.0 - step * pull.get(word).copied().unwrap_or(0.0)).max(0.0);
                for (weight, wrong) in mine.iter_mut().zip(&wrong) {
                    *weight = *weight * keep - step * much * wrong;
                }
            }
        }
    }
    weights
}

/// How strongly each row of weights is pulled at each meeting; what every text meets is not pulled.
fn pulls(rows: &[Row], words: usize) -> Vec<f32> {
    let mut texts = vec![0f32; words + 1];
    for (word, _) in rows.iter().flat_map(|(_, row)| row) {
        if let Some(count) = texts.get_mut(*word as usize + 1) {
            *count += 1.0;
        }
    }
    texts.into_iter().map(|count| if count > 0.0 { PULL / count } else { 0.0 }).collect()
}

/// How likely each service is for a row, as the weights stand now.
fn shares(weights: &[f32], row: &[(u32, f32)], out: &mut [f32]) {
    let services = out.len();
    out.copy_from_slice(weights.get(..services).unwrap_or_default());
    for (word, much) in row {
        let at = (*word as usize + 1) * services;
        for (sum, weight) in out.iter_mut().zip(weights.get(at..at + services).unwrap_or_default()) {
            *sum += much * weight;
        }
    }
    super::model::to_shares(out);
}

/// Another order, the same on every machine.
fn mix(order: &mut [usize], chance: &mut u64) {
    for n in (1..order.len()).rev() {
        *chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(n, ((*chance >> 33) % (n as u64 + 1)) as usize);
    }
}
