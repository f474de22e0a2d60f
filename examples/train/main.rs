//! Learns the weights of `src/reading/weights/` from the corpus:
//! `cargo run --release --example train` writes them, with `-- --check` it only prints how well they
//! do on rows they have not seen.

mod learner;
mod rows;

use std::fmt::Write as _;
use std::fs;

use keydesk::reading::AuthorRole;
use learner::{Example, Table, train};
use rows::{comments, requests};

/// The rows are dealt to this many parts; each part is judged by weights learned from the others.
const FOLDS: usize = 5;

fn main() -> std::io::Result<()> {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let is_maintainer = |role: AuthorRole| role == AuthorRole::Maintainer;
    for (name, rows) in [
        ("requests", requests()?),
        ("requesters", comments(|role| role == AuthorRole::Requester)?),
        ("maintainers", comments(is_maintainer)?),
    ] {
        println!("{name}: {} rows, {} answers", rows.examples.len(), rows.answers.len());
        println!("  {:36} rules   weighed (F1, each row by weights that never saw it)", "");
        let mut all = [[0; 3]; 2];
        for (answer, scores) in cross_validated(&rows) {
            println!("  {answer:36} {:.3}   {:.3}", f1(scores[0]), f1(scores[1]));
            for (sum, score) in all.iter_mut().flatten().zip(scores.iter().flatten()) {
                *sum += score;
            }
        }
        println!("  {:36} {:.3}   {:.3}", "all", f1(all[0]), f1(all[1]));
        if !is_check {
            let table = train(&rows.examples, rows.answers.len());
            let path = format!("src/reading/weights/{name}.tsv");
            let text = written(&rows.answers, &table);
            println!("  {path}: {} features, {} bytes", table.weights.len(), text.len());
            fs::write(path, text)?;
        }
    }
    Ok(())
}

/// Right, superfluous and missing answers.
type Score = [usize; 3];

fn f1([hits, extra, missed]: Score) -> f64 {
    2.0 * hits as f64 / (2 * hits + extra + missed).max(1) as f64
}

/// How the rules alone do, and how the weights do on rows they never saw.
fn cross_validated(rows: &rows::Rows) -> Vec<(String, [Score; 2])> {
    let mut scores: Vec<(String, [Score; 2])> =
        rows.answers.iter().map(|answer| (answer.clone(), [[0; 3]; 2])).collect();
    for fold in 0..FOLDS {
        let is_held_out = |number: usize| number % FOLDS == fold;
        let numbered = || rows.examples.iter().enumerate();
        let seen: Vec<Example> = numbered()
            .filter(|(number, _)| !is_held_out(*number))
            .map(|(_, example)| example.clone())
            .collect();
        let table = train(&seen, rows.answers.len());
        for (_, example) in numbered().filter(|(number, _)| is_held_out(*number)) {
            let votes = table.votes(example);
            let chosen = rows.chosen(&votes);
            for (answer, (_, score)) in scores.iter_mut().enumerate() {
                let Some(is_so) = example.targets[answer] else { continue };
                for (score, is_chosen) in
                    score.iter_mut().zip([example.by_rule[answer], chosen.contains(&answer)])
                {
                    match (is_chosen, is_so) {
                        (true, true) => score[0] += 1,
                        (true, false) => score[1] += 1,
                        (false, true) => score[2] += 1,
                        (false, false) => {}
                    }
                }
            }
        }
    }
    scores
}

/// The table as the reader wants it: answers, bias, then a line for each feature, in order.
fn written(answers: &[String], table: &Table) -> String {
    let cells = |row: &[f32]| {
        let hundredths = row.iter().map(|weight| (weight * 100.0).round() as i32);
        hundredths.map(|weight| weight.to_string()).collect::<Vec<_>>().join("\t")
    };
    let mut text = format!("feature\t{}\n", answers.join("\t"));
    let _ = writeln!(text, "bias\t{}", cells(&table.bias));
    for (feature, row) in &table.weights {
        if row.iter().any(|weight| weight.abs() >= 0.01) {
            let _ = writeln!(text, "{feature}\t{}", cells(row));
        }
    }
    text
}
