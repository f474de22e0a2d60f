//! The rows of the corpus as examples to learn from.

use std::collections::BTreeSet;
use std::fs;

use keydesk::reading::form::Form;
use keydesk::reading::{AuthorRole, Intent, Reason, offers_of_comment, offers_of_request};
use serde_json::Value;

use crate::learner::Example;

/// Files of requests and of comments; the first was met, the others are made up.
const REQUESTS: &[&str] =
    &["tests/corpus/requests.jsonl", "tests/corpus/invented/requests.jsonl", "tests/corpus/invented/reasons.jsonl"];
const COMMENTS: &[&str] = &["tests/corpus/comments.jsonl", "tests/corpus/invented/comments.jsonl"];

/// Examples for one table.
pub struct Rows {
    /// The answers there are.
    pub answers: Vec<String>,
    /// The rows.
    pub examples: Vec<Example>,
    /// Whether exactly one answer is right.
    is_single: bool,
}

impl Rows {
    /// The answers that have enough votes.
    pub fn chosen(&self, votes: &[f32]) -> Vec<usize> {
        if self.is_single {
            let numbered = votes.iter().enumerate();
            let most = numbered.max_by(|one, other| one.1.total_cmp(other.1));
            return most.map(|(number, _)| number).into_iter().collect();
        }
        (0..votes.len()).filter(|&answer| votes[answer] > 0.0).collect()
    }
}

fn lines(files: &[&str]) -> std::io::Result<Vec<Value>> {
    let mut rows = Vec::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        let parsed = text.lines().map(serde_json::from_str::<Value>);
        rows.extend(parsed.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(rows)
}

/// Requests: several answers can be right at once.
pub fn requests() -> std::io::Result<Rows> {
    let form = Form::built_in();
    let mut answers: Vec<String> =
        Reason::ALL.iter().map(|reason| format!("reasons={}", reason.name())).collect();
    for (field, values) in [
        ("email_access", &["yes", "no"][..]),
        ("password_known", &["yes", "no"]),
        ("recovery_codes", &["lost", "rejected", "has"]),
    ] {
        answers.extend(values.iter().map(|value| format!("{field}={value}")));
    }
    let rows = lines(REQUESTS)?;
    let examples = rows.iter().map(|row| {
        let title = row["title"].as_str().unwrap_or("Account recovery request");
        let prose = row["text"].as_str();
        let body = prose.map(|prose| format!("### Reason for request\n\n{prose}\n"));
        let body = body.as_deref().or(row["body"].as_str()).unwrap_or_default();
        let features = each_once(offers_of_request(&form, title, body));
        let rule = |answer: &String| features.contains(&format!(">{answer}"));
        Example {
            by_rule: answers.iter().map(rule).collect(),
            targets: answers.iter().map(|answer| is_right(row, answer)).collect(),
            features,
        }
    });
    Ok(Rows { examples: examples.collect(), is_single: false, answers })
}

/// Whether an answer of a request is right; a ticked box may be all that says that codes are lost.
fn is_right(row: &Value, answer: &str) -> Option<bool> {
    let (field, value) = answer.split_once('=')?;
    match field {
        "reasons" => Some(row[field].as_array()?.iter().any(|reason| reason == value)),
        "recovery_codes" => {
            let is_by_box =
                row[field] == "lost" && row["checkboxes"]["recovery_codes"] == true;
            (!is_by_box).then(|| row[field] == value)
        }
        _ => Some(row[field] == value),
    }
}

/// Comments of some roles: exactly one answer is right.
pub fn comments(is_wanted: impl Fn(AuthorRole) -> bool) -> std::io::Result<Rows> {
    let mut rows: Vec<(Intent, Vec<String>)> = Vec::new();
    for row in lines(COMMENTS)? {
        let role: AuthorRole = serde_json::from_value(row["author_role"].clone())?;
        if is_wanted(role) {
            let intent: Intent = serde_json::from_value(row["intent"].clone())?;
            let body = row["body"].as_str().unwrap_or_default();
            rows.push((intent, each_once(offers_of_comment(role, body))));
        }
    }
    let intents: Vec<Intent> =
        Intent::ALL.into_iter().filter(|wanted| rows.iter().any(|(of, _)| of == wanted)).collect();
    let rule = |features: &[String], intent: Intent| {
        features.contains(&format!(">intent={}", intent.name()))
    };
    let examples = rows.into_iter().map(|(intent, features)| Example {
        by_rule: intents.iter().map(|&one| rule(&features, one)).collect(),
        targets: intents.iter().map(|&one| Some(one == intent)).collect(),
        features,
    });
    let answers = intents.iter().map(|intent| intent.name().to_owned()).collect();
    Ok(Rows { examples: examples.collect(), is_single: true, answers })
}

fn each_once(names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}
