//! `/escalate`: a step of the ladder now, and back down.

use super::{Call, Command, Refusal, Who};
use crate::policy::EscalationStep;
use crate::triage::draft::Draft;
use crate::triage::escalation;
use crate::triage::ticket::Turn;

/// Takes the next step, or the one that is named.
pub const ESCALATE: Command = Command {
    name: "escalate",
    arguments: "[step]",
    summary: "Take the next step of the escalation ladder now, or the one you name.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    if !draft.ticket.is_open {
        return Err(Refusal::closed());
    }
    let step = find_step(draft, call.arguments())?;
    if draft.ticket.turn != Turn::Maintainers {
        draft.ticket.unpin_turn_labels(draft.case.policy);
        draft.give_turn(Turn::Maintainers, "What is escalated is the desk's turn.");
    }
    if draft.ticket.turn != Turn::Maintainers || draft.is_of_earlier_turn() {
        let why = "More was said after this, and the turn it was about is over.";
        return Err(Refusal::new(why, ""));
    }
    escalation::take(draft, &step, "A maintainer escalated it.");
    Ok(())
}

fn find_step(draft: &Draft, name: &str) -> Result<EscalationStep, Refusal> {
    let steps = &draft.case.policy.escalation;
    if steps.is_empty() {
        return Err(Refusal::new("The policy has no escalation steps.", ""));
    }
    if name.is_empty() {
        let next = steps.iter().find(|step| !draft.ticket.climbed.contains(&step.name));
        return next
            .cloned()
            .ok_or_else(|| Refusal::new("Every step was taken already in this turn.", ""));
    }
    let wanted = name.trim_matches(['"', '\'', '`']);
    let found = steps.iter().find(|step| step.name.eq_ignore_ascii_case(wanted));
    found.cloned().ok_or_else(|| {
        let nearest =
            steps.iter().min_by_key(|step| strsim::damerau_levenshtein(wanted, &step.name));
        let nearest = nearest.map(|step| format!("/escalate {}", step.name)).unwrap_or_default();
        Refusal::new("The policy has no step of that name.", nearest)
    })
}
