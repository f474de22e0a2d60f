//! Holds the reading against the corpus and against other line ends.
//!
//! `score/` counts right and wrong answers, and `cargo run --example score` prints them, with
//! `-- --misses` every wrong one. `form.rs` and `schema.rs` take bodies apart, `parts.rs` holds other single parts of the
//! reading, `phrases.rs` single sentences, `secrets.rs` what should not be public, `properties.rs`
//! what holds for any text.

mod answers;
mod form;
mod parts;
mod phrases;
mod properties;
mod schema;
mod score;
mod secrets;

use keydesk::reading::form::Form;
use keydesk::reading::{AuthorRole, read_comment, read_request};
use score::rows::{Kind, corpus, invented};
use score::tally::{Count, Tally};
use score::{FIGURES, score};
use serde_json::{Value, from_value, to_value};

/// What a figure may not fall below, on the corpus and on the invented rows.
const FLOORS: &[(&str, f64, f64)] = &[
    ("form", 0.99, 0.99),
    ("username", 0.985, 0.975),
    ("checkboxes", 1.0, 1.0),
    ("is_account_recovery", 0.985, 0.98),
    ("language", 0.985, 0.98),
    ("email_access", 0.96, 0.84),
    ("password_known", 0.955, 0.91),
    ("recovery_codes", 0.965, 0.935),
    ("reasons", 0.955, 0.885),
    ("reasons exact", 0.915, 0.81),
    ("sensitive", 0.98, 0.975),
    ("comment intent", 0.92, 0.89),
    ("comment next_turn", 0.94, 0.94),
    ("comment branch_url", 0.98, 0.99),
];

/// The wrong answers of one figure, as lines.
fn misses(tally: &Tally, figure: &str) -> String {
    let about = tally.misses.iter().filter(|miss| figure.starts_with(miss.figure));
    let lines = about.map(|miss| {
        let because = miss.because.join("; ");
        format!("{}: {} and not {}; {because}\n", miss.row, miss.got, miss.wanted)
    });
    lines.collect()
}

fn value(tally: &Tally, figure: &str) -> f64 {
    let value = tally.count(figure).and_then(Count::value);
    value.unwrap_or_else(|| panic!("nothing is counted under {figure}"))
}

#[test]
fn the_score_stays_up() {
    let (corpus, invented) = (score(&corpus()), score(&invented()));
    for &(figure, of_corpus, of_invented) in FLOORS {
        for (tally, floor) in [(&corpus, of_corpus), (&invented, of_invented)] {
            let value = value(tally, figure);
            assert!(value >= floor, "{figure} fell to {value:.3}:\n{}", misses(tally, figure));
        }
    }
    for figure in FIGURES {
        let Some(goal) = figure.goal else { continue };
        let value = value(&corpus, figure.name);
        let misses = misses(&corpus, figure.name);
        assert!(value >= goal, "{} fell below its goal to {value:.3}:\n{misses}", figure.name);
    }
}

/// A doubt is worth a person's look only where the reader is more often wrong than elsewhere.
#[test]
fn doubted_reasons_are_wrong_more_often() {
    let tally = score(corpus().iter().chain(&invented()));
    let [doubted, others] = tally.doubts["reasons"].map(|count| count.value().expect("some"));
    assert!(doubted + 0.1 < others, "{doubted:.3} with a doubt, {others:.3} without");
}

/// What a reading says, without where it says so.
fn said(reading: &impl serde::Serialize) -> Value {
    let mut said = to_value(reading).expect("a reading is JSON");
    for list in ["evidence", "other_fields"] {
        for item in said[list].as_array_mut().into_iter().flatten() {
            item["places"] = Value::Null;
        }
    }
    said
}

#[test]
fn line_ends_and_trailing_blanks_change_no_reading() {
    let form = Form::built_in();
    for row in corpus().into_iter().chain(invented()) {
        let (title, body) = (&row.title, &row.body);
        let windows = body.replace('\n', "\r\n");
        let longer = format!("{body}\n\n  \n");
        let read = |body: &str| match row.kind {
            Kind::Request | Kind::Reason => said(&read_request(&form, title, body)),
            Kind::Comment => {
                let role: AuthorRole =
                    from_value(row.wanted["author_role"].clone()).expect("a role");
                said(&read_comment(role, body))
            }
        };
        assert_eq!(read(body), read(&windows), "{body}");
        assert_eq!(read(body), read(&longer), "{body}");
    }
}
