//! `/wake`: the rest is over.

use super::{Call, Command, Refusal, Who};
use crate::triage::draft::Draft;

/// Ends the rest.
pub const WAKE: Command =
    Command { name: "wake", arguments: "", summary: "End the snooze now.", who: Who::Staff, run };

fn run(draft: &mut Draft, _call: &Call) -> Result<(), Refusal> {
    if !draft.ticket.wake_up(draft.case.event.at) {
        return Err(Refusal::new("This request is not snoozed.", "/snooze 3 days"));
    }
    Ok(())
}
