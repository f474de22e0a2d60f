//! Prints how well the reading does: `cargo run --release --example score`.
//!
//! The corpus stands first, beside it the rows made up by people who had not seen the reader, and
//! both together. `-- --misses` adds every wrong answer with its evidence, `-- --folds 5` the spread
//! over parts, `-- --page docs/READING.md` puts the table into a page. Ends with an error where the
//! corpus misses a goal.

#[path = "../../tests/integration/reading/score/mod.rs"]
mod score;

mod page;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use score::rows::{Row, corpus, invented};
use score::tally::{Miss, Tally};

/// Score the reading against the labelled rows.
#[derive(Parser)]
struct Wishes {
    /// Print every wrong answer with the rules and words that led to it
    #[arg(long)]
    misses: bool,
    /// Print the lowest and highest of each figure over this many parts of the rows
    #[arg(long, value_name = "PARTS", value_parser = clap::value_parser!(u8).range(2..=50))]
    folds: Option<u8>,
    /// Put the table into a page, between its two comments
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

fn main() -> ExitCode {
    let wishes = Wishes::parse();
    let (corpus, invented) = (corpus(), invented());
    let both = || corpus.iter().chain(&invented);
    let tallies = [score::score(&corpus), score::score(&invented), score::score(both())];
    let table = table::score_table(&tallies);
    println!("{table}");
    if wishes.misses {
        print_misses(&tallies[2].misses);
    }
    if let Some(parts) = wishes.folds {
        let parts = usize::from(parts);
        let columns =
            [folds(corpus.iter(), parts), folds(invented.iter(), parts), folds(both(), parts)];
        println!("{}", table::spread_table(&columns));
    }
    if let Some(path) = &wishes.page
        && let Err(error) = page::put(path, &table)
    {
        eprintln!("error: {}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    let below = table::missed_goals(&tallies[0]);
    if below.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("error: the corpus misses its goal at {}", below.join(", "));
    eprintln!("help: `--misses` shows each wrong answer with the rule that gave it");
    ExitCode::FAILURE
}

fn print_misses(misses: &[Miss]) {
    for miss in misses {
        println!("{}", miss.row);
        println!("  {}: {} wanted, {} read", miss.figure, miss.wanted, miss.got);
        for because in &miss.because {
            println!("    because {because}");
        }
        if miss.because.is_empty() {
            println!("    because no rule found anything");
        }
    }
    println!("{} wrong answers\n", misses.len());
}

/// The rows dealt by number, one tally a part.
fn folds<'a>(rows: impl Iterator<Item = &'a Row>, parts: usize) -> Vec<Tally> {
    let rows: Vec<&Row> = rows.collect();
    let part = |number: usize| rows.iter().skip(number).step_by(parts).copied();
    (0..parts).map(|number| score::score(part(number))).collect()
}
