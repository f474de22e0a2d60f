//! `/calm`: back down the ladder.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Takes the escalation back.
pub const CALM: Command = Command {
    name: "calm",
    arguments: "",
    summary: "Take the escalation back and start the clock of this turn anew.",
    who: Who::Staff,
    run,
};

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    if !draft.ticket.is_open {
        return Err(Refusal::closed());
    }
    if draft.is_of_earlier_turn() {
        draft.because("The turn this was about is over, and its steps with it.");
        return Ok(());
    }
    for step in &draft.case.policy.escalation {
        if draft.ticket.climbed.contains(&step.name) {
            for label in &step.labels {
                draft.ticket.release_label(label);
            }
        }
    }
    draft.ticket.forget_steps();
    draft.ticket.restart_clock(draft.case.event.stamp());
    Ok(())
}
