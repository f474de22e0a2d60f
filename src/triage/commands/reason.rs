//! `/reason`: what staff correct of what was read.

use super::arguments::nearest;
use super::{Call, Command, Refusal, Who};
use crate::reading::{Answers, Reason};
use crate::triage::draft::Draft;

/// Sets what is wrong.
pub const REASON: Command = Command {
    name: "reason",
    arguments: "<reasons>",
    summary: "Correct the reasons, such as /reason lost_2fa, lost_email; labels and card follow.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let words = call.arguments().split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    let mut reasons = Vec::new();
    for word in words {
        let name = word.to_lowercase().replace('-', "_");
        match Reason::ALL.iter().find(|reason| reason.name() == name) {
            Some(reason) if reasons.contains(reason) => {}
            Some(reason) => reasons.push(*reason),
            None => return Err(refuse(&name)),
        }
    }
    if reasons.is_empty() {
        return Err(refuse(""));
    }
    draft.correct(Answers { reasons, ..Answers::default() });
    Ok(())
}

fn refuse(word: &str) -> Refusal {
    let names: Vec<&str> = Reason::ALL.iter().map(|reason| reason.name()).collect();
    let near = nearest(word, names.iter().copied()).unwrap_or("lost_2fa");
    Refusal::new(format!("The reasons are: {}.", names.join(", ")), format!("/reason {near}"))
}
