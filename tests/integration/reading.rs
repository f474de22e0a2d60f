//! Holds the reading against the corpus and against other line ends.
//!
//! `cargo test --test integration reading::score -- --nocapture` prints the score table with every
//! miss. `form.rs` and `schema.rs` take bodies apart, `parts.rs` holds other single parts of the
//! reading, `phrases.rs` single sentences, `secrets.rs` what should not be public, `properties.rs`
//! what holds for any text.

mod form;
mod parts;
mod phrases;
mod properties;
mod schema;
mod secrets;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use keydesk::reading::form::Form;
use keydesk::reading::{AuthorRole, read_comment, read_request};
use serde_json::{Value, to_value};

const REQUESTS: &str = include_str!("../corpus/requests.jsonl");
const COMMENTS: &str = include_str!("../corpus/comments.jsonl");

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Right and wrong answers per field, and for lists what was found too much or too little.
#[derive(Default)]
struct Score {
    fields: BTreeMap<String, (usize, usize)>,
    lists: BTreeMap<String, [usize; 3]>,
    misses: String,
}

impl Score {
    fn field(&mut self, name: &str, is_right: bool) {
        let (right, all) = self.fields.entry(name.to_owned()).or_default();
        *right += usize::from(is_right);
        *all += 1;
    }

    fn list(&mut self, name: &str, wanted: &Value, got: &Value) {
        let wanted: Vec<&str> =
            wanted.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let got: Vec<&str> =
            got.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for item in wanted.iter().chain(got.iter().filter(|item| !wanted.contains(item))) {
            let place = match (wanted.contains(item), got.contains(item)) {
                (true, true) => 0,
                (false, _) => 1,
                (true, false) => 2,
            };
            self.lists.entry(name.to_owned()).or_default()[place] += 1;
            self.lists.entry(format!("{name}/{item}")).or_default()[place] += 1;
        }
    }

    fn share(&self, name: &str) -> f64 {
        let (right, all) = self.fields[name];
        right as f64 / all as f64
    }

    fn f1(&self, name: &str) -> f64 {
        let [hits, extra, missed] = self.lists[name];
        2.0 * hits as f64 / (2 * hits + extra + missed) as f64
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for (name, (right, all)) in &self.fields {
            let _ = writeln!(table, "{name:32} {:.3}  {right} of {all}", self.share(name));
        }
        for (name, [hits, extra, missed]) in &self.lists {
            let _ = writeln!(
                table,
                "{name:32} {:.3}  F1, {hits} hits, {extra} too much, {missed} missed",
                self.f1(name)
            );
        }
        table
    }
}

fn score_requests() -> Score {
    let form = Form::built_in();
    let mut score = Score::default();
    for (number, row) in rows(REQUESTS).iter().enumerate() {
        let got = to_value(read_request(&form, text(row, "title"), text(row, "body")))
            .expect("a reading is JSON");
        let mut wrong = Vec::new();
        for key in [
            "form",
            "username",
            "email_access",
            "password_known",
            "recovery_codes",
            "checkboxes",
            "language",
            "is_account_recovery",
        ] {
            score.field(key, got[key] == row[key]);
            if got[key] != row[key] {
                wrong.push(format!("{key}: {} and not {}", got[key], row[key]));
            }
        }
        for key in ["reasons", "sensitive"] {
            score.list(key, &row[key], &got[key]);
            let sorted = |value: &Value| {
                let mut items: Vec<String> =
                    value.as_array().into_iter().flatten().map(Value::to_string).collect();
                items.sort();
                items
            };
            score.field(&format!("{key} exact"), sorted(&row[key]) == sorted(&got[key]));
            if sorted(&row[key]) != sorted(&got[key]) {
                wrong.push(format!("{key}: {} and not {}", got[key], row[key]));
            }
        }
        if !wrong.is_empty() {
            let _ =
                writeln!(score.misses, "request {number} (#{}): {}", row["src"], wrong.join("; "));
        }
    }
    score
}

fn score_comments() -> Score {
    let mut score = Score::default();
    for (number, row) in rows(COMMENTS).iter().enumerate() {
        let role: AuthorRole = serde_json::from_value(row["author_role"].clone()).expect("a role");
        let got = to_value(read_comment(role, text(row, "body"))).expect("a reading is JSON");
        let is_open =
            matches!(text(row, "intent"), "thanks" | "other") && got["next_turn"] == "unchanged";
        let turn_is_right = is_open || got["next_turn"] == row["next_turn"];
        score.field("comment intent", got["intent"] == row["intent"]);
        score.field("comment turn", turn_is_right);
        score.field("comment branch", got["branch_url"] == row["branch_url"]);
        score.list("comment sensitive", &row["sensitive"], &got["sensitive"]);
        if got["intent"] != row["intent"]
            || !turn_is_right
            || got["branch_url"] != row["branch_url"]
            || got["sensitive"] != row["sensitive"]
        {
            let _ = writeln!(
                score.misses,
                "comment {number}: {} {} {} and not {} {} {}",
                got["intent"],
                got["next_turn"],
                got["sensitive"],
                row["intent"],
                row["next_turn"],
                row["sensitive"]
            );
        }
    }
    score
}

#[test]
fn score_of_the_requests_stays_up() {
    let score = score_requests();
    println!("{}\n{}", score.misses, score.table());
    for (field, floor) in [
        ("form", 0.99),
        ("username", 0.985),
        ("checkboxes", 1.0),
        ("email_access", 0.94),
        ("password_known", 0.94),
        ("recovery_codes", 0.96),
        ("language", 0.985),
        ("is_account_recovery", 0.985),
    ] {
        let share = score.share(field);
        assert!(share >= floor, "{field} fell to {share:.3}");
    }
    for (list, floor) in [("reasons", 0.95), ("sensitive", 0.98)] {
        let f1 = score.f1(list);
        assert!(f1 >= floor, "{list} fell to {f1:.3}");
    }
}

#[test]
fn score_of_the_comments_stays_up() {
    let score = score_comments();
    println!("{}\n{}", score.misses, score.table());
    assert!(score.share("comment intent") >= 0.91);
    assert!(score.share("comment turn") >= 0.93);
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
    for row in rows(REQUESTS) {
        let (title, body) = (text(&row, "title"), text(&row, "body"));
        let plain = said(&read_request(&form, title, body));
        let windows = body.replace('\n', "\r\n");
        assert_eq!(plain, said(&read_request(&form, title, &windows)), "{body}");
        let longer = format!("{body}\n\n  \n");
        assert_eq!(plain, said(&read_request(&form, title, &longer)), "{body}");
    }
    for row in rows(COMMENTS) {
        let role: AuthorRole = serde_json::from_value(row["author_role"].clone()).expect("a role");
        let body = text(&row, "body");
        let windows = body.replace('\n', "\r\n");
        assert_eq!(said(&read_comment(role, body)), said(&read_comment(role, &windows)), "{body}");
    }
}
