//! Scores the reading against labelled rows: what was right, what was wrong, and why it was said.
//!
//! The tests hold floors with it, and `examples/score` prints it as a table. Every figure and its
//! goal stands in [`FIGURES`].

pub mod rows;
pub mod tally;

mod comments;
mod requests;

use keydesk::reading::form::Form;
use rows::{Kind, Row};
use tally::Tally;

/// One figure of the score.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// What is counted; a part of another figure has that one's name before its colon.
    pub name: &'static str,
    /// What it should reach.
    pub goal: Option<f64>,
}

const fn goal(name: &'static str, goal: f64) -> Figure {
    Figure { name, goal: Some(goal) }
}

const fn open(name: &'static str) -> Figure {
    Figure { name, goal: None }
}

/// Every figure in the order of the table.
pub const FIGURES: &[Figure] = &[
    goal("form", 0.97),
    goal("username", 0.97),
    goal("checkboxes", 1.0),
    goal("is_account_recovery", 0.98),
    goal("language", 0.97),
    goal("email_access", 0.93),
    goal("password_known", 0.92),
    goal("recovery_codes", 0.96),
    goal("reasons", 0.92),
    open("reasons exact"),
    goal("reasons: lost_2fa", 0.8),
    goal("reasons: lost_email", 0.8),
    goal("reasons: unverified_email", 0.8),
    goal("reasons: recovery_codes_rejected", 0.8),
    goal("reasons: forgot_password", 0.8),
    goal("reasons: forgot_username", 0.8),
    goal("reasons: compromised", 0.8),
    goal("reasons: other", 0.8),
    goal("sensitive", 0.95),
    open("sensitive: email_address"),
    open("sensitive: recovery_code"),
    open("sensitive: api_token"),
    open("sensitive: password"),
    open("sensitive: phone"),
    open("sensitive: id_document"),
    goal("comment intent", 0.8),
    open("comment intent: requester"),
    open("comment intent: maintainer"),
    open("comment intent: bystander"),
    goal("comment next_turn", 0.9),
    open("comment branch_url"),
    open("comment sensitive"),
];

/// Reads every row and counts.
pub fn score<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Tally {
    let form = Form::built_in();
    let mut tally = Tally::default();
    for row in rows {
        match row.kind {
            Kind::Request | Kind::Reason => requests::score(&form, row, &mut tally),
            Kind::Comment => comments::score(row, &mut tally),
        }
    }
    tally
}
