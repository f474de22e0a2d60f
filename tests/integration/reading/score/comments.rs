//! Scores comments.

use keydesk::reading::{AuthorRole, read_comment};
use serde_json::to_value;

use super::rows::Row;
use super::tally::{Miss, Tally, because, items};

/// Reads one comment and counts its fields.
pub fn score(row: &Row, tally: &mut Tally) {
    let wanted = &row.wanted;
    let role: AuthorRole = serde_json::from_value(wanted["author_role"].clone()).expect("a role");
    let reading = read_comment(role, &row.body);
    let got = to_value(&reading).expect("a reading is JSON");
    let role = wanted["author_role"].as_str().expect("a role is text");
    // After thanks and the like the turn may as well stay where it is.
    let may_stay = matches!(wanted["intent"].as_str(), Some("thanks" | "other"));
    let turn_is_right =
        wanted["next_turn"] == got["next_turn"] || may_stay && got["next_turn"] == "unchanged";
    let intent_is_right = wanted["intent"] == got["intent"];
    tally.answer("comment intent", intent_is_right);
    tally.answer(&format!("comment intent: {role}"), intent_is_right);
    tally.answer("comment next_turn", turn_is_right);
    // Not every row says what it links or gives away.
    let says = |field: &str| wanted.get(field).is_some();
    let branch_is_right = wanted["branch_url"] == got["branch_url"] || !says("branch_url");
    let sensitive_is_right =
        items(&wanted["sensitive"]) == items(&got["sensitive"]) || !says("sensitive");
    if says("branch_url") {
        tally.answer("comment branch_url", branch_is_right);
    }
    if says("sensitive") {
        tally.list("comment sensitive", &wanted["sensitive"], &got["sensitive"]);
    }
    for (figure, field, is_right) in [
        ("comment intent", "intent", intent_is_right),
        ("comment next_turn", "next_turn", turn_is_right),
        ("comment branch_url", "branch_url", branch_is_right),
        ("comment sensitive", "sensitive", sensitive_is_right),
    ] {
        if !is_right {
            // The turn follows from the intent.
            let because_of = if field == "next_turn" { "intent" } else { field };
            tally.misses.push(Miss {
                row: format!("{} ({role})", row.name()),
                figure,
                wanted: wanted[field].to_string(),
                got: got[field].to_string(),
                because: because(row, &reading.evidence, because_of),
            });
        }
    }
}
