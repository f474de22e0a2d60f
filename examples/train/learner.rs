//! Logistic regression, one answer at a time, by the follow-the-regularised-leader rule: what does
//! not help gets no weight at all.

use std::collections::BTreeMap;

fn env(name:&str,d:f32)->f32{std::env::var(name).ok().and_then(|v|v.parse().ok()).unwrap_or(d)}
use std::sync::LazyLock;
static RATEL: LazyLock<f32>=LazyLock::new(||env("RATE",0.3));
static SPL: LazyLock<f32>=LazyLock::new(||env("SP",0.25));
static SML: LazyLock<f32>=LazyLock::new(||env("SM",1.0));
static PAL: LazyLock<f32>=LazyLock::new(||env("PASSES",40.0));
static PRL: LazyLock<f32>=LazyLock::new(||env("PRIOR",2.0));

/// A feature must stand in this many rows.
const ROWS_MIN: usize = 2;

/// One row: what it offers, and for each answer whether it is right; `None` where nobody says.
#[derive(Clone)]
pub struct Example {
    /// Names of features, each once.
    pub features: Vec<String>,
    /// Whether each answer is right.
    pub targets: Vec<Option<bool>>,
    /// Whether the rules alone give each answer: the learning starts from there.
    pub by_rule: Vec<bool>,
}

/// What was learned.
pub struct Table {
    /// Weights by feature, one for each answer.
    pub weights: BTreeMap<String, Vec<f32>>,
    /// What speaks for an answer before anything is offered.
    pub bias: Vec<f32>,
}

impl Table {
    /// The votes for each answer.
    pub fn votes(&self, example: &Example) -> Vec<f32> {
        let mut votes = self.bias.clone();
        for (vote, &by_rule) in votes.iter_mut().zip(&example.by_rule) { *vote += if by_rule { *PRL } else { -*PRL }; }
        for row in example.features.iter().filter_map(|feature| self.weights.get(feature)) {
            votes.iter_mut().zip(row).for_each(|(vote, weight)| *vote += weight);
        }
        votes
    }
}

/// Learns one table for all answers.
pub fn train(examples: &[Example], answers: usize) -> Table {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in examples.iter().flat_map(|example| &example.features) {
        *counts.entry(feature).or_default() += 1;
    }
    let names: Vec<&str> =
        counts.iter().filter(|(_, count)| **count >= ROWS_MIN).map(|(name, _)| *name).collect();
    let number_of: BTreeMap<&str, usize> =
        names.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let rows: Vec<Vec<usize>> = examples
        .iter()
        .map(|example| {
            let known = |name: &String| number_of.get(name.as_str()).copied();
            example.features.iter().filter_map(known).collect()
        })
        .collect();
    let mut table = Table { weights: BTreeMap::new(), bias: Vec::new() };
    for answer in 0..answers {
        let mut model = Model::new(names.len() + 1);
        for pass in 0..(*PAL as usize) {
            for at in 0..examples.len() {
                // A fixed order, another one in each pass.
                let number = (at * 7919 + pass * 104_729) % examples.len();
                if let Some(is_so) = examples[number].targets[answer] {
                    model.learn(&rows[number], is_so, if examples[number].by_rule[answer] { *PRL } else { -*PRL });
                }
            }
        }
        table.bias.push(model.weight(names.len()));
        for (number, name) in names.iter().enumerate() {
            let weight = model.weight(number);
            if weight != 0.0 {
                table.weights.entry((*name).to_owned()).or_insert_with(|| vec![0.0; answers])
                    [answer] = weight;
            }
        }
    }
    table
}

/// The weights of one answer while they are learned; the last is the bias.
struct Model {
    drawn: Vec<f32>,
    squares: Vec<f32>,
}

impl Model {
    fn new(features: usize) -> Self {
        Self { drawn: vec![0.0; features], squares: vec![0.0; features] }
    }

    fn weight(&self, number: usize) -> f32 {
        let is_bias = number + 1 == self.drawn.len();
        let sparseness = if is_bias { 0.0 } else { *SPL };
        let drawn = self.drawn[number];
        if drawn.abs() <= sparseness {
            return 0.0;
        }
        let pull = (1.0 + self.squares[number].sqrt()) / (*RATEL) + *SML;
        -(drawn - drawn.signum() * sparseness) / pull
    }

    fn learn(&mut self, row: &[usize], is_so: bool, prior: f32) {
        let bias = self.drawn.len() - 1;
        let numbers = || row.iter().copied().chain([bias]);
        let vote: f32 = numbers().map(|number| self.weight(number)).sum::<f32>() + prior;
        let error = 1.0 / (1.0 + (-vote).exp()) - if is_so { 1.0 } else { 0.0 };
        let square = error * error;
        for number in row.iter().copied().chain([bias]) {
            let weight = self.weight(number);
            let squares = self.squares[number];
            let step = ((squares + square).sqrt() - squares.sqrt()) / (*RATEL);
            self.drawn[number] += error - step * weight;
            self.squares[number] = squares + square;
        }
    }
}
