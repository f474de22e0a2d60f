//! Scores requests, and reasons alone.

use keydesk::reading::form::Form;
use keydesk::reading::{Reading, read_request};
use serde_json::{Value, to_value};

use super::rows::{Kind, Row};
use super::tally::{Miss, Tally, because, items};

/// Fields with one answer that only a whole request has.
const OF_REQUESTS: &[&str] = &["form", "username", "checkboxes", "is_account_recovery", "language"];

/// Fields with one answer that the prose alone gives.
const OF_PROSE: &[&str] = &["email_access", "password_known", "recovery_codes"];

/// Fields a doubt can be about and a row has a label for.
const DOUBTED: &[&str] =
    &["username", "email_access", "password_known", "recovery_codes", "reasons"];

/// Reads one row and counts its fields.
pub fn score(form: &Form, row: &Row, tally: &mut Tally) {
    let reading = read_request(form, &row.title, &row.body);
    let got = to_value(&reading).expect("a reading is JSON");
    let (fields, lists): (Vec<&'static str>, &[&'static str]) = match row.kind {
        Kind::Reason => (OF_PROSE.to_vec(), &["reasons"]),
        Kind::Request | Kind::Comment => {
            ([OF_REQUESTS, OF_PROSE].concat(), &["reasons", "sensitive"])
        }
    };
    for &field in &fields {
        tally.answer(field, row.wanted[field] == got[field]);
    }
    for &field in lists {
        tally.list(field, &row.wanted[field], &got[field]);
    }
    tally.answer("reasons exact", is_right("reasons", row, &got));
    for field in fields.into_iter().chain(lists.iter().copied()) {
        let is_right = is_right(field, row, &got);
        if DOUBTED.contains(&field) {
            let is_doubted = reading.doubts.iter().any(|doubt| doubt.field == field);
            tally.doubted(field, is_doubted, is_right);
        }
        if !is_right {
            tally.misses.push(miss(field, row, &reading));
        }
    }
}

/// Lists are right in any order.
fn is_right(field: &str, row: &Row, got: &Value) -> bool {
    let (wanted, got) = (&row.wanted[field], &got[field]);
    if wanted.is_array() { items(wanted) == items(got) } else { wanted == got }
}

fn miss(field: &'static str, row: &Row, reading: &Reading) -> Miss {
    let got = to_value(reading).expect("a reading is JSON");
    Miss {
        row: row.name(),
        figure: field,
        wanted: row.wanted[field].to_string(),
        got: got[field].to_string(),
        because: because(row, &reading.evidence, field),
    }
}
