//! The policy from outside: what is refused and how it is said, what layers make together, what
//! the shipped file holds, what its clock says, and what editors are told of it.

mod calendar;
mod merging;
mod problems;
mod schedule;
mod schema;
mod settings;
mod shipped;

use keydesk::policy::layers::merge;
use keydesk::policy::{Layer, Policy, Problem};

fn layer(name: &str, text: &str) -> Layer {
    Layer { name: name.to_owned(), text: text.to_owned() }
}

/// What is wrong with one layer, as people read it.
fn refusal(text: &str) -> String {
    match merge(&[layer("policy.toml", text)]) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => in_words(&problems),
    }
}

fn in_words(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The policy of layers that are right, the lowest first.
fn policy(texts: &[&str]) -> Policy {
    let layers = texts.iter().map(|text| layer("policy.toml", text)).collect::<Vec<_>>();
    merge(&layers).unwrap_or_else(|problems| panic!("{}", in_words(&problems)))
}
