//! The tables as text.

use std::fmt::Write as _;

use crate::score::tally::{Count, Tally};
use crate::score::{FIGURES, Figure};

/// Letters of one column.
const COLUMN: usize = 22;

/// The figures of the corpus, of the invented rows and of both, then what doubts are worth.
pub fn score_table(tallies: &[Tally; 3]) -> String {
    let mut table = heading("figure", "goal");
    for figure in FIGURES {
        let cells = tallies.each_ref().map(|tally| cell(figure, tally.count(figure.name)));
        line(&mut table, figure, &cells);
    }
    table.push_str(
        "\nright/all; of lists F1, hits +too much -missed; ! is below the goal, - is not there\n\n",
    );
    table.push_str(&doubt_table(tallies));
    table
}

/// The lowest and highest of each figure over the parts of each column.
pub fn spread_table(columns: &[Vec<Tally>; 3]) -> String {
    let parts = columns[0].len();
    let mut table = heading(&format!("over {parts} parts"), "goal");
    for figure in FIGURES {
        let cells = columns.each_ref().map(|tallies| spread(figure, tallies));
        line(&mut table, figure, &cells);
    }
    table.push_str(
        "\nRows are dealt by number, and nothing is trained: the spread tells how far a figure swings\n\
         by the choice of rows. The rules were written with the corpus in view, so the honest figure\n\
         is that of rows never seen before: docs/READING.md has those.\n",
    );
    table
}

/// The names of the goals that are missed.
pub fn missed_goals(tally: &Tally) -> Vec<&'static str> {
    let is_missed = |figure: &&Figure| {
        let value = tally.count(figure.name).and_then(Count::value);
        figure.goal.zip(value).is_none_or(|(goal, value)| value < goal)
    };
    FIGURES
        .iter()
        .filter(|figure| figure.goal.is_some())
        .filter(is_missed)
        .map(|figure| figure.name)
        .collect()
}

fn heading(first: &str, second: &str) -> String {
    let [corpus, invented, both] = ["corpus", "invented", "both"].map(column);
    let head = format!("{first:34} {second:4}  {corpus}{invented}{both}");
    format!("{}\n", head.trim_end())
}

fn line(table: &mut String, figure: &Figure, cells: &[String; 3]) {
    let name = match figure.name.split_once(": ") {
        Some((_, part)) => format!("  {part}"),
        None => figure.name.to_owned(),
    };
    let goal = figure.goal.map_or_else(String::new, |goal| format!("{goal:.2}"));
    let cells: String = cells.iter().map(|cell| column(cell)).collect();
    let text = format!("{name:34} {goal:4}  {cells}");
    let _ = writeln!(table, "{}", text.trim_end());
}

fn column(cell: &str) -> String {
    format!("{cell:COLUMN$}")
}

fn cell(figure: &Figure, count: Option<Count>) -> String {
    let Some((count, value)) = count.and_then(|count| Some((count, count.value()?))) else {
        return "-".to_owned();
    };
    let mark = marked(figure, value);
    match count {
        Count::Share { right, all } => format!("{value:.3}{mark} {right}/{all}"),
        Count::Items { hits, too_much, missed } => {
            format!("{value:.3}{mark} {hits} +{too_much} -{missed}")
        }
    }
}

fn marked(figure: &Figure, value: f64) -> char {
    if figure.goal.is_some_and(|goal| value < goal) { '!' } else { ' ' }
}

fn spread(figure: &Figure, tallies: &[Tally]) -> String {
    let values = tallies.iter().filter_map(|tally| tally.count(figure.name)?.value());
    let bounds = values.fold(None, |bounds: Option<(f64, f64)>, value| {
        let (lowest, highest) = bounds.unwrap_or((value, value));
        Some((lowest.min(value), highest.max(value)))
    });
    bounds.map_or_else(
        || "-".to_owned(),
        |(lowest, highest)| format!("{lowest:.3}{} to {highest:.3}", marked(figure, lowest)),
    )
}

fn doubt_table(tallies: &[Tally; 3]) -> String {
    let mut table = heading("doubted answers; the others", "");
    let all = tallies.each_ref().map(|tally| {
        let add = |sum: [(usize, usize); 2], counts: &[Count; 2]| {
            [0, 1].map(|place| {
                let (right, all) = share(counts[place]);
                (sum[place].0 + right, sum[place].1 + all)
            })
        };
        doubt_cell(tally.doubts.values().fold([(0, 0); 2], add))
    });
    let fields: Vec<&str> = tallies[2].doubts.keys().copied().collect();
    for field in fields {
        let cells = tallies.each_ref().map(|tally| {
            tally.doubts.get(field).map_or_else(|| "-".to_owned(), |two| doubt_cell(two.map(share)))
        });
        line(&mut table, &Figure { name: field, goal: None }, &cells);
    }
    line(&mut table, &Figure { name: "all", goal: None }, &all);
    table.push_str(
        "\nhow many carry a doubt: how often those are right; how often the others are right\n",
    );
    table
}

fn share(count: Count) -> (usize, usize) {
    match count {
        Count::Share { right, all } => (right, all),
        Count::Items { hits, too_much, missed } => (hits, hits + too_much + missed),
    }
}

fn doubt_cell([doubted, others]: [(usize, usize); 2]) -> String {
    let value = |(right, all): (usize, usize)| match all {
        0 => "-".to_owned(),
        _ => format!("{:.3}", right as f64 / all as f64),
    };
    format!("{}: {}; {}", doubted.1, value(doubted), value(others))
}
