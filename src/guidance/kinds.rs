//! The texts of other kinds of requests, tried with the facts of their kind.

use std::collections::BTreeMap;

use super::problem::{TemplateProblem, nearest};
use super::{Guidance, not_there, samples};
use crate::policy::{Policy, RequestKind};
use crate::triage::text::{Facts, MissingField};

/// So many samples of a text are tried with each state of a kind's fields.
const SAMPLES_MAX: usize = 40;

impl Guidance {
    /// What the kinds of a policy name that there is no text for, each with its cure.
    pub(super) fn missing_for_kinds(&self, policy: &Policy) -> Vec<String> {
        let named = policy.kinds.iter().flat_map(|kind| {
            kind.answer.texts.iter().map(move |(instead_of, text)| (kind, instead_of, text))
        });
        let mut missing = Vec::new();
        for (kind, instead_of, text) in named {
            let who = format!("the kind `{}`", kind.name);
            if !self.has(instead_of) {
                let near = nearest(instead_of, self.names().into_iter());
                let near = near.map_or_else(
                    || "templates/comments/ holds all texts that are said".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let what = "says a text in the place of";
                missing.push(format!(
                    "{who} {what} `{instead_of}`, which is never said\nhelp: {near}"
                ));
            }
            if !self.has(text) {
                missing.push(not_there(&who, text));
            }
        }
        missing
    }

    /// Renders the texts of all kinds with their own fields, and tells what does not work.
    pub fn check_kinds(&self, policy: &Policy) -> Vec<TemplateProblem> {
        let mut problems: Vec<TemplateProblem> = Vec::new();
        for kind in &policy.kinds {
            let texts = kind.answer.texts.iter().filter(|(_, text)| self.has(text));
            for (instead_of, text) in texts {
                let tried = kind_samples(kind, instead_of);
                let found = tried.iter().find_map(|facts| {
                    let file = format!("{text}.md");
                    let error = self.render_file(&file, facts, "").err()?;
                    let problem = TemplateProblem::from_error(&file, &error);
                    Some(with_nearest_field(problem, kind))
                });
                problems.extend(found.filter(|problem| !problems.contains(problem)));
            }
        }
        problems
    }
}

/// Names the field that was probably meant, where a text uses one that the kind does not have.
fn with_nearest_field(problem: TemplateProblem, kind: &RequestKind) -> TemplateProblem {
    let names: Vec<String> =
        kind.fields.iter().map(|field| format!("fields.{}", field.name)).collect();
    let wrong = problem.what.split('`').nth(1).filter(|wrong| wrong.starts_with("fields."));
    let near = wrong.and_then(|wrong| nearest(wrong, names.iter().map(String::as_str)));
    match near.map(|near| format!("did you mean `{near}`?")) {
        Some(cure) => TemplateProblem { cure, ..problem },
        None => problem,
    }
}

/// Facts to try a text of this kind with: all fields there, none there, and every one missing.
pub fn kind_samples(kind: &RequestKind, instead_of: &str) -> Vec<Facts> {
    let value = |field: &str| format!("an example of {field}");
    let filled: BTreeMap<String, String> =
        kind.fields.iter().map(|field| (field.name.clone(), value(&field.name))).collect();
    let empty = filled.keys().map(|name| (name.clone(), String::new())).collect();
    let missing = kind.fields.iter().filter_map(|field| {
        Some(MissingField {
            name: field.name.clone(),
            heading: field.headings.first()?.clone(),
            asks: field.asks.clone()?,
        })
    });
    let missing: Vec<MissingField> = missing.collect();
    let states = [(filled.clone(), Vec::new()), (filled, missing.clone()), (empty, missing)];
    let samples = samples(instead_of).into_iter().take(SAMPLES_MAX);
    let with = |facts: Facts| {
        states.clone().map(|(fields, missing_fields)| Facts {
            kind: kind.name.clone(),
            fields,
            missing_fields,
            reasons: Vec::new(),
            missing: Vec::new(),
            ..facts.clone()
        })
    };
    samples.flat_map(with).collect()
}
