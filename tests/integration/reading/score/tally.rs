//! Counts right and wrong answers, and keeps the wrong ones with their evidence.

use std::collections::BTreeMap;

use keydesk::reading::Evidence;
use keydesk::reading::span::Part;
use serde_json::Value;

use super::rows::Row;

/// What was counted under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Right answers among all.
    Share {
        /// How many are right.
        right: usize,
        /// How many there are.
        all: usize,
    },
    /// Items of lists.
    Items {
        /// Found, and rightly.
        hits: usize,
        /// Found, and not there.
        too_much: usize,
        /// There, and not found.
        missed: usize,
    },
}

/// A wrong answer.
#[derive(Debug)]
pub struct Miss {
    /// The row's file, line and title.
    pub row: String,
    /// The figure it counts against.
    pub figure: &'static str,
    /// What is right.
    pub wanted: String,
    /// What was read.
    pub got: String,
    /// The rules that led there, each with the words it rests on.
    pub because: Vec<String>,
}

/// All counts.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<String, Count>,
    /// Every wrong answer, in the order of the rows.
    pub misses: Vec<Miss>,
    /// Answers by field, those with a doubt and those without.
    pub doubts: BTreeMap<&'static str, [Count; 2]>,
}

impl Count {
    const NO_SHARE: Self = Self::Share { right: 0, all: 0 };

    /// The share of right answers, or the F1 of lists; nothing where nothing was counted.
    pub fn value(self) -> Option<f64> {
        let (part, whole) = match self {
            Self::Share { right, all } => (right, all),
            Self::Items { hits, too_much, missed } => (2 * hits, 2 * hits + too_much + missed),
        };
        (whole > 0).then(|| part as f64 / whole as f64)
    }

    fn add_answer(&mut self, is_right: bool) {
        if let Self::Share { right, all } = self {
            *right += usize::from(is_right);
            *all += 1;
        }
    }

    fn add_item(&mut self, is_wanted: bool, is_found: bool) {
        if let Self::Items { hits, too_much, missed } = self {
            match (is_wanted, is_found) {
                (true, true) => *hits += 1,
                (true, false) => *missed += 1,
                (false, _) => *too_much += 1,
            }
        }
    }
}

impl Tally {
    /// What was counted under a name.
    pub fn count(&self, name: &str) -> Option<Count> {
        self.counts.get(name).copied()
    }

    /// One answer under a name.
    pub fn answer(&mut self, name: &str, is_right: bool) {
        let count = self.counts.entry(name.to_owned()).or_insert(Count::NO_SHARE);
        count.add_answer(is_right);
    }

    /// One list under a name, and each of its items under "name: item".
    pub fn list(&mut self, name: &str, wanted: &Value, got: &Value) {
        let (wanted, got) = (items(wanted), items(got));
        let none = Count::Items { hits: 0, too_much: 0, missed: 0 };
        self.counts.entry(name.to_owned()).or_insert(none);
        for item in wanted.iter().chain(got.iter().filter(|item| !wanted.contains(item))) {
            let (is_wanted, is_found) = (wanted.contains(item), got.contains(item));
            for name in [name.to_owned(), format!("{name}: {item}")] {
                self.counts.entry(name).or_insert(none).add_item(is_wanted, is_found);
            }
        }
    }

    /// One answer of a field that can be doubted.
    pub fn doubted(&mut self, field: &'static str, is_doubted: bool, is_right: bool) {
        let counts = self.doubts.entry(field).or_insert([Count::NO_SHARE; 2]);
        counts[usize::from(!is_doubted)].add_answer(is_right);
    }
}

/// The texts of a list, in order.
pub fn items(list: &Value) -> Vec<&str> {
    let mut items: Vec<&str> =
        list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    items.sort_unstable();
    items
}

/// The rules that led to a field's value, each with the words it rests on.
pub fn because(row: &Row, evidence: &[Evidence], field: &str) -> Vec<String> {
    let about = evidence.iter().filter(|evidence| evidence.field == field);
    let said = |evidence: &Evidence| {
        let quoted = evidence.places.iter().map(|place| {
            let text = match place.of {
                Part::Title => &row.title,
                Part::Body => &row.body,
            };
            let words = text.get(place.start as usize..place.end as usize).unwrap_or_default();
            format!(" “{}”", words.replace('\n', " "))
        });
        format!("{}: {}{}", evidence.value, evidence.rule, quoted.collect::<String>())
    };
    about.map(said).collect()
}
