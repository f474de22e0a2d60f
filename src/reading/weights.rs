//! A linear classifier beside the rules: everything a text offers votes for each answer, with
//! weights learned from the corpus.
//!
//! The rules' own findings vote too, so the weights say how far each rule can be trusted, and words
//! no table knows still count for something. The tables of weights are made by
//! `cargo run --release --example train`; a person can read them, and never writes them.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::span::Span;
use super::words::feature::Feature;

/// Weights are written in hundredths.
const SCALE: f32 = 100.0;

/// The most answers one table can weigh.
pub const ANSWERS_MAX: usize = 16;

/// Places given as evidence for a vote.
const PLACES_MAX: usize = 3;

/// The votes for each answer, in the order of the table.
pub type Votes = [f32; ANSWERS_MAX];

/// One table of weights.
#[derive(Debug)]
pub struct Weights {
    /// The answers, in the order of the table's columns.
    pub answers: Vec<&'static str>,
    rows: Vec<Row>,
    row_of: FxHashMap<Feature, usize>,
    bias: Row,
}

/// One weight for each answer.
type Row = [i16; ANSWERS_MAX];

/// A feature in a text, and where it stands: nowhere for what the rules concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The feature.
    pub feature: Feature,
    /// Its place.
    pub span: Option<Span>,
}

/// Votes on requests.
pub static REQUESTS: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_str!("weights/requests.tsv")));

/// Votes on comments of requesters and bystanders.
pub static REQUESTERS: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_str!("weights/requesters.tsv")));

/// Votes on comments of maintainers.
pub static MAINTAINERS: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_str!("weights/maintainers.tsv")));

impl Weights {
    /// Reads a table: a line with the answers, one with the bias, one for each feature.
    pub fn parse(table: &'static str) -> Self {
        let mut lines = table.lines();
        let answers = lines.next().unwrap_or_default().split('\t').skip(1).collect();
        let bias = lines.next().map_or([0; ANSWERS_MAX], |line| row_of(line).1);
        let (names, rows): (Vec<&str>, Vec<Row>) = lines.map(row_of).unzip();
        let numbered = names.into_iter().enumerate();
        let row_of = numbered.map(|(number, name)| (Feature::named(name), number)).collect();
        Self { answers, rows, row_of, bias }
    }

    /// How strongly everything offered speaks for each answer; above 0 it is more likely than not.
    /// What is offered twice counts once.
    pub fn votes(&self, offers: &[Offer]) -> Votes {
        let mut sums = self.bias.map(i32::from);
        let mut has_voted = vec![false; self.rows.len()];
        for offer in offers {
            let Some(&number) = self.row_of.get(&offer.feature) else { continue };
            if std::mem::replace(&mut has_voted[number], true) {
                continue;
            }
            for (sum, &weight) in sums.iter_mut().zip(&self.rows[number]) {
                *sum += i32::from(weight);
            }
        }
        sums.map(|sum| sum as f32 / SCALE)
    }

    /// The places that speak most for an answer.
    pub fn places_for(&self, answer: usize, offers: &[Offer]) -> Vec<Span> {
        let mut places: Vec<(i16, Span)> = offers
            .iter()
            .filter_map(|offer| {
                let number = *self.row_of.get(&offer.feature)?;
                Some((self.rows[number][answer], offer.span?))
            })
            .filter(|(weight, _)| *weight > 0)
            .collect();
        places.sort_by_key(|&(weight, span)| (-weight, span.start, span.end));
        places.dedup_by_key(|(_, span)| *span);
        places.into_iter().take(PLACES_MAX).map(|(_, span)| span).collect()
    }

    /// The answer most is offered for among some, with its votes.
    pub fn strongest(&self, votes: &Votes) -> Option<(&'static str, usize, f32)> {
        let all = self.answers.iter().zip(votes).enumerate();
        let strongest = all.max_by(|(_, (_, one)), (_, (_, other))| one.total_cmp(other));
        strongest.map(|(number, (&answer, &votes))| (answer, number, votes))
    }
}

fn row_of(line: &str) -> (&str, Row) {
    let mut cells = line.split('\t');
    let name = cells.next().unwrap_or_default();
    let mut row = [0; ANSWERS_MAX];
    for (weight, cell) in row.iter_mut().zip(cells) {
        *weight = cell.parse().unwrap_or_default();
    }
    (name, row)
}
