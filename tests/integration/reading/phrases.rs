//! Sentences people use, invented for these tables, and what a careful reader takes from each.
//!
//! `sentences.txt` and `comments.txt` beside this file hold one case a line: add yours there.

use keydesk::reading::form::Form;
use keydesk::reading::{AuthorRole, read_comment, read_request};
use serde_json::{Value, to_value};

const SENTENCES: &str = include_str!("sentences.txt");
const COMMENTS: &str = include_str!("comments.txt");

fn cases(table: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut parts = line.splitn(3, " | ");
        std::array::from_fn(|_| parts.next().expect("three parts"))
    })
}

fn body(reason: &str) -> String {
    format!(
        "### PyPI Username\n\nalpha\n\n### Reason for request\n\n{reason}\n\n### Recovery Codes\n\n\
         - [x] I never generated or have lost access to the recovery codes for my account\n\n\
         ### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct\n"
    )
}

fn sorted<'a>(items: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut items: Vec<&str> = items.collect();
    items.sort_unstable();
    items
}

#[test]
fn sentences_are_understood() {
    let form = Form::built_in();
    let mut wrong = Vec::new();
    for [reasons, possessions, text] in cases(SENTENCES) {
        let reading = read_request(&form, "Account recovery request", &body(text));
        let got = to_value(reading).expect("a reading is JSON");
        let wanted = sorted(reasons.split(','));
        let given =
            sorted(got["reasons"].as_array().into_iter().flatten().filter_map(Value::as_str));
        let still_has = ["email_access", "password_known", "recovery_codes"]
            .map(|key| got[key].as_str().unwrap_or("-"))
            .join(" ");
        if given != wanted || still_has != possessions {
            wrong.push(format!("{text}\n   {given:?} {still_has}\n   {wanted:?} {possessions}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn comments_are_understood() {
    let mut wrong = Vec::new();
    for [role, intent, text] in cases(COMMENTS) {
        let role: AuthorRole = serde_json::from_value(Value::from(role)).expect("a role");
        let got = to_value(read_comment(role, text)).expect("a reading is JSON");
        if got["intent"] != intent {
            wrong.push(format!("{text}\n   {} and not {intent}", got["intent"]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
